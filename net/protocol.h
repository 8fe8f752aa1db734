/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_PROTOCOL_H
#define BW_NET_PROTOCOL_H

/*
 * The two registries below the socket layer: inet_protos[] (IP protocol number -> receive handler)
 * and inetsw[] (socket type and protocol -> proto and proto_ops). net/ipv4/protocol.c, af_inet.c.
 */
#include <net/skbuff.h>
#include <sys/socket.h>

struct proto;
struct proto_ops;

#define MAX_INET_PROTOS 256
#define SOCK_MAX	(SOCK_PACKET + 1)

struct net_protocol {
	/* Transport header at skb->data and skb_transport_header. Consumes skb. Softirq. */
	int (*handler)(struct sk_buff *skb);
	/* An ICMP error about a packet we sent: skb->data is the embedded IP header. Keeps skb. 0
	 * or -errno. */
	int (*err_handler)(struct sk_buff *skb, u32 info);
	bool no_policy;
	bool icmp_strict_tag_validation;
};
extern const struct net_protocol *inet_protos[MAX_INET_PROTOS];
int inet_add_protocol(const struct net_protocol *prot, u8 protocol); /* 0 or -EEXIST */
int inet_del_protocol(const struct net_protocol *prot, u8 protocol); /* 0 or -ENOENT */

/*
 * Raw sockets see every packet and error of their protocol before inet_protos[] does. raw.c.
 * raw_local_deliver gives a copy of skb to each that wants it; true if any did. Both keep skb.
 */
bool raw_local_deliver(struct sk_buff *skb, int protocol);
void raw_icmp_error(struct sk_buff *skb, int protocol, u32 info);

#define INET_PROTOSW_REUSE     0x01 /* SO_REUSEADDR set from the start */
#define INET_PROTOSW_PERMANENT 0x02 /* cannot be overridden or removed */
#define INET_PROTOSW_ICSK      0x04 /* is an inet_connection_sock */
struct inet_protosw {
	struct list_head list;
	u16 type, protocol; /* SOCK_*, IPPROTO_* */
	struct proto *prot;
	const struct proto_ops *ops;
	u8 flags;
};
extern struct list_head inetsw[SOCK_MAX];
void inet_register_protosw(struct inet_protosw *p); /* complains when it may not */
void inet_unregister_protosw(struct inet_protosw *p);

#endif /* BW_NET_PROTOCOL_H */
