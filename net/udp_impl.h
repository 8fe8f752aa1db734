/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_UDP_IMPL_H
#define BW_NET_UDP_IMPL_H

/* Between udp.c (send, receive), udp_opt.c (options, corking) and udp_hash.c (which sock). */
#include <net/udp.h>

struct udp_table {
	struct hlist_head *hash; /* by local port [h] */
	u64 secret[2];
};

/* Addressing of a received datagram: s the sender's, d ours. */
struct udp_tuple {
	be32 saddr, daddr;
	be16 sport;
	u16 hnum;
	int dif;
};

int udp_table_init(struct net *net);
void udp_table_exit(struct net *net);
struct sock *__udp4_lib_lookup(struct net *net, const struct udp_tuple *t);
unsigned int udp_mcast_deliver(struct net *net, struct sk_buff *skb, const struct udp_tuple *t);
/* Consumes skb. */
int udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);
/* udp.c, udp_opt.c; thread context. */
int udp_send_one(struct sock *sk, struct msghdr *msg, u32 len, const struct sockaddr_in *dst,
		 const struct ipcm_cookie *ipc);
int udp_cork_sendmsg(struct sock *sk, struct msghdr *msg, u32 len);
int udp_setsockopt(struct sock *sk, int level, int name, const void *optval, int optlen);
int udp_getsockopt(struct sock *sk, int level, int name, void *optval, int *optlen);
int udp_v4_get_port(struct sock *sk, u16 snum);
int udp_lib_hash(struct sock *sk);
void udp_lib_unhash(struct sock *sk);

#endif /* BW_NET_UDP_IMPL_H */
