/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_UDP_H
#define BW_NET_UDP_H

/* UDP (RFC 768), raw sockets and ICMP datagram sockets. udp.c, raw.c, ping.c. */
#include <net/ip.h>
#include <netinet/udp.h>

struct udp_sock {
	struct inet_sock inet; /* first */
	bool pending_corked;
	u8 no_check6_unused;
	u32 sk_udp_hash;
	struct hlist_node udp_addr_node; /* two-address hash */
};
static inline struct udp_sock *udp_sk(const struct sock *sk)
{
	return (struct udp_sock *)sk;
}
int udp_rcv(struct sk_buff *skb);
int udp_err(struct sk_buff *skb, u32 info);
void udp_init(void);
/* Every sock of the namespace, for /proc/net/udp. */
void udp_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg);

/* Give a copy of skb to each raw socket that wants it; true if any did. Keeps skb. Softirq. */
bool raw_local_deliver(struct sk_buff *skb, int protocol);
void raw_icmp_error(struct sk_buff *skb, int protocol, u32 info);
void raw_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg);
void raw_init(void);

/* Echo reply or ICMP error for ICMP datagram sockets. ping_rcv keeps skb; true when a sock took it.
 */
bool ping_rcv(struct sk_buff *skb);
void ping_err(struct sk_buff *skb, int offset, u32 info);
void ping_init(void);

#endif /* BW_NET_UDP_H */
