/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_PING_H
#define BW_NET_PING_H

/* ICMP datagram sockets: what icmp.c tells them. net/ipv4/ping.c. Softirqs off. */
#include <net/skbuff.h>

struct net;
struct sock;
/* An echo reply, ICMP header at skb->data. Keeps skb; true when a sock took a copy. */
bool ping_rcv(struct sk_buff *skb);
/* An ICMP error; embedded IP header at skb->data, ICMP header `offset` bytes behind. Keeps skb. */
void ping_err(struct sk_buff *skb, int offset, u32 info);
void ping_for_each(struct net *net, void (*fn)(struct sock *sk, void *arg), void *arg);
void ping_init(void);

#endif /* BW_NET_PING_H */
