/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_INET_TIMEWAIT_SOCK_H
#define BW_NET_INET_TIMEWAIT_SOCK_H

/*
 * inet_timewait_sock: what is left of a connection in TIME-WAIT (and of an orphan in FIN-WAIT-2):
 * enough to answer late segments, a seventh of a sock. net/ipv4/inet_timewait_sock.c.
 */
#include <net/inet_hashtables.h>

struct inet_timewait_sock {
	struct sock_common __tw_common; /* first */
#define tw_daddr     __tw_common.skc_daddr
#define tw_rcv_saddr __tw_common.skc_rcv_saddr
#define tw_dport     __tw_common.skc_dport
#define tw_num	     __tw_common.skc_num
#define tw_net	     __tw_common.skc_net
#define tw_refcnt    __tw_common.skc_refcnt
	volatile u8 tw_substate; /* TCP_TIME_WAIT or TCP_FIN_WAIT2 */
	u8 tw_rcv_wscale;
	be16 tw_sport;
	u8 tw_tos;
	bool tw_kill; /* its time is so short that its end counts as TWKilled */
	u32 tw_mark;
	struct timer_list tw_timer;
	struct inet_bind_bucket *tw_tb;
};
static inline struct inet_timewait_sock *inet_twsk(const struct sock *sk)
{
	return (struct inet_timewait_sock *)sk;
}
struct inet_timewait_sock *inet_twsk_alloc(const struct sock *sk, int state);
/* Take sk's place in the hashes. */
void inet_twsk_hashdance(struct inet_timewait_sock *tw, struct sock *sk);
/* (Re)arm the end in `timeo` ms. */
void inet_twsk_schedule(struct inet_timewait_sock *tw, unsigned long timeo);
void inet_twsk_deschedule_put(struct inet_timewait_sock *tw);
void inet_twsk_put(struct inet_timewait_sock *tw);
/* Ownership of the local port (inet_bind_hash.c). */
void inet_twsk_bind(struct inet_timewait_sock *tw, struct inet_bind_bucket *tb);
void inet_twsk_bind_unhash(struct inet_timewait_sock *tw);
/* All of a namespace that is going away. */
void inet_twsk_purge(struct net *net);

#endif /* BW_NET_INET_TIMEWAIT_SOCK_H */
