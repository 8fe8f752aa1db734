/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TSTAMP_H
#define BW_NET_TSTAMP_H

/*
 * When packets came and went: SO_TIMESTAMP(NS) and SO_TIMESTAMPING, software clocks only.
 * net/core/sock_tstamp.c. tx_flags of skb_shared_info say which events of a packet are asked for.
 */
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <net/sock_ops.h>

struct msghdr;

enum { SKBTX_SW_TSTAMP = 1, SKBTX_SCHED_TSTAMP = 2 };

/* Arriving packets get the time from now on, until sk is freed. */
void sock_enable_timestamp(struct sock *sk);
/* The control message that sk asked for, about a packet of that time (wall clock, ns). */
void sock_recv_timestamp(struct msghdr *msg, const struct sock *sk, u64 ns);
/* Report an event (SCM_TSTAMP_*) of a packet on sk's error queue. Any context. */
void __skb_tstamp_tx(struct sk_buff *skb, struct sock *sk, int event);

#endif /* BW_NET_TSTAMP_H */
