/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_UDP_H
#define BW_NET_UDP_H

/* UDP (RFC 768), raw sockets and ICMP datagram sockets. udp.c, raw.c, ping.c. */
#include <net/ip.h>
#include <net/ping.h>
#include <net/protocol.h>
#include <netinet/udp.h>

struct udp_sock {
	struct inet_sock inet; /* first */
	bool corkflag;	       /* UDP_CORK [s] */
	u8 *pending;	       /* corked bytes, one datagram's [s] */
	u32 pending_len;
	struct sockaddr_in cork_dst; /* where they go */
	struct ipcm_cookie cork_ipc;
};
static inline struct udp_sock *udp_sk(const struct sock *sk)
{
	return (struct udp_sock *)sk;
}
/* datagram.c: what UDP, raw and ICMP socks share. Thread context. */
struct ip4_recv {
	size_t size; /* of the program's buffer */
	int flags;   /* MSG_* */
	be16 sport;
	int *addr_len;
};
int ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len);
int ip4_datagram_dest(struct sock *sk, struct msghdr *msg, struct sockaddr_in *dst,
		      struct ipcm_cookie *ipc);
struct rtable *ip4_datagram_route(struct sock *sk, const struct sockaddr_in *dst,
				  const struct ipcm_cookie *ipc, u32 flags, struct flowi4 *fl4);
int ip4_datagram_recv(struct sock *sk, struct msghdr *msg, struct sk_buff *skb, u32 offset,
		      const struct ip4_recv *r);

int udp_rcv(struct sk_buff *skb);
int udp_err(struct sk_buff *skb, u32 info);
void udp_init(void);
/* Every sock of the namespace, for /proc/net/udp. */
void udp_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg);

void raw_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg);
void raw_init(void);

#endif /* BW_NET_UDP_H */
