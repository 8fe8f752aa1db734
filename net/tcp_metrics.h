/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_METRICS_H
#define BW_NET_TCP_METRICS_H

/*
 * What a namespace remembers of its peers between connections: round trip, thresholds, reordering,
 * Fast Open cookies. net/ipv4/tcp_metrics.c. Softirqs off inside.
 */
#include <net/tcp_fastopen.h>

enum {
	TCP_METRIC_RTT,	   /* us, 8 x, as srtt_us */
	TCP_METRIC_RTTVAR, /* us, 4 x, as mdev_us */
	TCP_METRIC_SSTHRESH,
	TCP_METRIC_CWND,
	TCP_METRIC_REORDERING,
	TCP_METRIC_MAX
};

struct tcp_metrics_block {
	struct tcp_metrics_block *next;
	be32 saddr, daddr;
	unsigned long stamp; /* jiffies: last written */
	u32 vals[TCP_METRIC_MAX];
	u16 fo_mss, fo_syn_loss : 10, fo_try_exp : 2;
	unsigned long fo_last_syn_loss;
	struct tcp_fastopen_cookie fo_cookie;
};

/* ESTABLISHED: seed threshold, reordering and the first RTO. */
void tcp_init_metrics(struct sock *sk);
/* An orderly end: remember. */
void tcp_update_metrics(struct sock *sk);
/* Have we measured a round trip with this peer lately? */
bool tcp_peer_is_proven(const struct request_sock *req);

/* *mss and *cookie stay as they are when nothing is known. */
void tcp_fastopen_cache_get(const struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie);
struct tcp_fastopen_news {
	u16 mss;				  /* 0: unknown */
	const struct tcp_fastopen_cookie *cookie; /* len <= 0: none came */
	bool syn_lost;				  /* the SYN with data did not get through */
	u8 try_exp; /* 1: the experimental option next time, 2: not any more */
};
void tcp_fastopen_cache_set(const struct sock *sk, const struct tcp_fastopen_news *news);

/* Each entry that is not too old; fn must not sleep. */
void tcp_metrics_for_each(struct net *net,
			  void (*fn)(const struct tcp_metrics_block *tm, void *arg), void *arg);
/* Forget all (daddr 0) or one peer; how many. */
int tcp_metrics_flush(struct net *net, be32 daddr);
void tcp_metrics_init(void);

#endif /* BW_NET_TCP_METRICS_H */
