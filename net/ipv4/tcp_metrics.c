// SPDX-License-Identifier: BSD-2-Clause
/*
 * The metrics cache: what connections leave behind for the next one between the same addresses
 * (RFC 9040 calls it temporal sharing; rules as in Linux). An orderly close writes, the
 * establishment of a connection reads: slow start threshold (unless tcp_no_ssthresh_metrics_save),
 * reordering, and the RTO until the first data is acknowledged. Fast Open keeps cookie and MSS
 * here.
 *
 * One hash table a namespace, sized by memory, made with its first entry; chains of at most five,
 * of which the oldest gives way. Entries not written for an hour count for nothing. Left out:
 * metrics of routes, which could lock or preset entries.
 *
 * Called by tcp.c, tcp_timewait.c, tcp_input.c, tcp_conn_request.c, tcp_fastopen_client.c and
 * procfs; softirq or thread context.
 */
#include <kernel/lib/hash.h>
#include <net/dst.h>
#include <net/tcp_data.h>
#include <net/tcp_metrics.h>
#include <string.h>

#define TCP_METRICS_DEPTH   5
#define TCP_METRICS_TIMEOUT (60 * 60 * HZ)
#define TCP_METRICS_MIN	    64U
#define TCP_METRICS_MAX	    16384U /* buckets */

static struct kmem_cache *metrics_cache;

struct tcp_metrics_table {
	u32 mask;
	u32 order; /* of its pages */
	struct tcp_metrics_block *bucket[];
};

static struct tcp_metrics_block **metrics_bucket(const struct net *net, be32 saddr, be32 daddr)
{
	struct tcp_metrics_table *t = net->ipv4.tcp_metrics;
	u32 hash = hash_keyed((__force u32)saddr, (__force u32)daddr, net->hash_key.key);

	return &t->bucket[hash & t->mask];
}

static struct tcp_metrics_block *metrics_find(const struct net *net, be32 saddr, be32 daddr)
{
	struct tcp_metrics_block *tm;

	if (!net->ipv4.tcp_metrics)
		return NULL;
	for (tm = *metrics_bucket(net, saddr, daddr); tm; tm = tm->next) {
		if (tm->saddr == saddr && tm->daddr == daddr)
			break;
	}
	return tm && !time_after(get_jiffies(), tm->stamp + TCP_METRICS_TIMEOUT) ? tm : NULL;
}

static bool metrics_table_alloc(struct net *net)
{
	struct tcp_metrics_table *t;
	u32 n = (u32)clamp_t(u64, roundup_pow_of_two(totalram_pages() / 64), TCP_METRICS_MIN,
			     TCP_METRICS_MAX);
	u32 order = 0;

	if (likely(net->ipv4.tcp_metrics))
		return true;
	while (PAGE_SIZE << order < sizeof(*t) + n * sizeof(t->bucket[0]))
		order++;
	t = page_alloc(GFP_ATOMIC | __GFP_ZERO | __GFP_NOWARN, order);
	if (!t)
		return false;
	t->mask = n - 1;
	t->order = order;
	net->ipv4.tcp_metrics = t;
	return true;
}

/* The entry of these addresses: empty if it is new, or in the place of an old one. NULL: no memory.
 */
static struct tcp_metrics_block *metrics_make(struct net *net, be32 saddr, be32 daddr)
{
	struct tcp_metrics_block *tm, *oldest = NULL, *next, **head;
	int depth = 0;

	if (!metrics_table_alloc(net))
		return NULL;
	head = metrics_bucket(net, saddr, daddr);
	for (tm = *head; tm; tm = tm->next, depth++) {
		if (!oldest || time_before(tm->stamp, oldest->stamp))
			oldest = tm;
		if (tm->saddr == saddr && tm->daddr == daddr)
			break;
	}
	if (tm && !time_after(get_jiffies(), tm->stamp + TCP_METRICS_TIMEOUT))
		return tm;
	if (!tm && depth >= TCP_METRICS_DEPTH)
		tm = oldest;
	if (!tm) {
		tm = kmem_cache_alloc(metrics_cache, GFP_ATOMIC | __GFP_NOWARN);
		if (!tm)
			return NULL;
		tm->next = *head;
		*head = tm;
	}
	next = tm->next;
	memset(tm, 0, sizeof(*tm));
	tm->next = next;
	tm->saddr = saddr;
	tm->daddr = daddr;
	tm->stamp = get_jiffies();
	return tm;
}

static struct tcp_metrics_block *metrics_of(const struct sock *sk, bool make)
{
	struct net *net = sock_net(sk);
	const struct inet_sock *inet = inet_sk(sk);

	return make ? metrics_make(net, inet->inet_saddr, inet->inet_daddr)
		    : metrics_find(net, inet->inet_saddr, inet->inet_daddr);
}

/* ---- writing ---- */

/* Round trips are better believed too long than too short: up at once, down by eighths. */
static void metrics_update_rtt(struct tcp_metrics_block *tm, const struct tcp_sock *tp)
{
	s32 m = (s32)(tm->vals[TCP_METRIC_RTT] - tp->srtt_us);
	u32 var = tm->vals[TCP_METRIC_RTTVAR], dev;

	if (m <= 0)
		tm->vals[TCP_METRIC_RTT] = tp->srtt_us;
	else
		tm->vals[TCP_METRIC_RTT] -= (u32)m >> 3;
	dev = max((u32)(m < 0 ? -m : m) >> 1, tp->mdev_us);
	tm->vals[TCP_METRIC_RTTVAR] = dev >= var ? dev : var - ((var - dev) >> 2);
}

static void metrics_update_window(struct tcp_metrics_block *tm, const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct netns_ipv4 *v4 = &sock_net(sk)->ipv4;
	u32 *ssthresh = &tm->vals[TCP_METRIC_SSTHRESH], *cwnd = &tm->vals[TCP_METRIC_CWND];
	bool save_ssthresh = !v4->sysctl_tcp_no_ssthresh_metrics_save;

	if (tcp_in_initial_slowstart(tp)) {
		/* Slow start did not end: the window can only have been larger. */
		if (save_ssthresh && *ssthresh && tp->snd_cwnd >> 1 > *ssthresh)
			*ssthresh = tp->snd_cwnd >> 1;
		*cwnd = max(*cwnd, tp->snd_cwnd);
		return;
	}
	if (!tcp_in_slow_start(tp) && inet_csk(sk)->icsk_ca_state == TCP_CA_Open) {
		/* Congestion avoidance: the window is to be believed. */
		if (save_ssthresh)
			*ssthresh = max(tp->snd_cwnd >> 1, tp->snd_ssthresh);
		*cwnd = (*cwnd + tp->snd_cwnd) >> 1;
		return;
	}
	/* In the middle of something: only the threshold means anything. */
	*cwnd = (*cwnd + tp->snd_ssthresh) >> 1;
	if (save_ssthresh && *ssthresh && tp->snd_ssthresh > *ssthresh)
		*ssthresh = tp->snd_ssthresh;
	if (tm->vals[TCP_METRIC_REORDERING] < tp->reordering &&
	    tp->reordering != (u32)v4->sysctl_tcp_reordering)
		tm->vals[TCP_METRIC_REORDERING] = tp->reordering;
}

void tcp_update_metrics(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_metrics_block *tm;
	bool failed = inet_csk(sk)->icsk_backoff || !tp->srtt_us;

	sk->sk_dst_pending_confirm = 1;
	if (sock_net(sk)->ipv4.sysctl_tcp_nometrics_save || !__sk_dst_get(sk))
		return;
	local_bh_disable();
	tm = metrics_of(sk, !failed);
	if (tm && failed) {
		tm->vals[TCP_METRIC_RTT] = 0; /* nothing came back in time: no idea any more */
	} else if (tm) {
		metrics_update_rtt(tm, tp);
		metrics_update_window(tm, sk);
		tm->stamp = get_jiffies();
	}
	local_bh_enable();
}

/* ---- reading ---- */

void tcp_init_metrics(struct sock *sk)
{
	const struct netns_ipv4 *v4 = &sock_net(sk)->ipv4;
	const struct tcp_metrics_block *tm;
	struct tcp_sock *tp = tcp_sk(sk);
	u32 crtt = 0, ssthresh;

	sk->sk_dst_pending_confirm = 1;
	/* A lost SYN says nothing about the path's capacity. */
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tm = __sk_dst_get(sk) ? metrics_of(sk, false) : NULL;
	if (tm) {
		ssthresh =
			v4->sysctl_tcp_no_ssthresh_metrics_save ? 0 : tm->vals[TCP_METRIC_SSTHRESH];
		if (ssthresh)
			tp->snd_ssthresh = min(ssthresh, tp->snd_cwnd_clamp);
		if (tm->vals[TCP_METRIC_REORDERING])
			tp->reordering = tm->vals[TCP_METRIC_REORDERING];
		crtt = tm->vals[TCP_METRIC_RTT];
	}
	if (crtt > tp->srtt_us) {
		/* SYNs are small and fast: until data is acknowledged the known round trip sets the
		 * RTO. The estimator itself starts fresh. */
		crtt /= 8 * (u32)USEC_PER_MSEC;
		inet_csk(sk)->icsk_rto = crtt + max(2 * crtt, inet_csk(sk)->icsk_rto_min);
	} else if (!tp->srtt_us) {
		/* RFC 6298 section 5.7: the SYN was retransmitted, so its round trip is unknown and
		 * perhaps long. */
		tp->rttvar_us = TCP_TIMEOUT_FALLBACK * (u32)USEC_PER_MSEC;
		tp->mdev_us = tp->mdev_max_us = tp->rttvar_us;
		inet_csk(sk)->icsk_rto = TCP_TIMEOUT_FALLBACK;
	}
}

bool tcp_peer_is_proven(const struct request_sock *req)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	const struct tcp_metrics_block *tm =
		metrics_find(req->__req_common.skc_net, ireq->ir_loc_addr, ireq->ir_rmt_addr);

	return tm && tm->vals[TCP_METRIC_RTT];
}

/* ---- Fast Open ---- */

void tcp_fastopen_cache_get(const struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie)
{
	const struct tcp_metrics_block *tm;

	local_bh_disable();
	tm = metrics_of(sk, false);
	if (tm) {
		if (tm->fo_mss)
			*mss = tm->fo_mss;
		*cookie = tm->fo_cookie;
		if (cookie->len <= 0 && tm->fo_try_exp == 1)
			cookie->exp = true;
	}
	local_bh_enable();
}

void tcp_fastopen_cache_set(const struct sock *sk, const struct tcp_fastopen_news *news)
{
	struct tcp_metrics_block *tm;

	if (!__sk_dst_get(sk))
		return;
	local_bh_disable();
	tm = metrics_of(sk, true);
	if (tm) {
		if (news->mss)
			tm->fo_mss = news->mss;
		if (news->cookie->len > 0)
			tm->fo_cookie = *news->cookie;
		else if (news->try_exp > tm->fo_try_exp && tm->fo_cookie.len <= 0 &&
			 !tm->fo_cookie.exp)
			tm->fo_try_exp = news->try_exp & 3;
		if (news->syn_lost) {
			tm->fo_syn_loss++;
			tm->fo_last_syn_loss = get_jiffies();
		} else {
			tm->fo_syn_loss = 0;
		}
	}
	local_bh_enable();
}

/* ---- seen from outside, and the end ---- */

void tcp_metrics_for_each(struct net *net,
			  void (*fn)(const struct tcp_metrics_block *tm, void *arg), void *arg)
{
	const struct tcp_metrics_table *t = net->ipv4.tcp_metrics;
	const struct tcp_metrics_block *tm;
	u32 i;

	local_bh_disable();
	for (i = 0; t && i <= t->mask; i++) {
		for (tm = t->bucket[i]; tm; tm = tm->next) {
			if (!time_after(get_jiffies(), tm->stamp + TCP_METRICS_TIMEOUT))
				fn(tm, arg);
		}
	}
	local_bh_enable();
}

int tcp_metrics_flush(struct net *net, be32 daddr)
{
	struct tcp_metrics_table *t = net->ipv4.tcp_metrics;
	struct tcp_metrics_block *tm, **at;
	int n = 0;
	u32 i;

	local_bh_disable();
	for (i = 0; t && i <= t->mask; i++) {
		for (at = &t->bucket[i]; (tm = *at);) {
			if (daddr && tm->daddr != daddr) {
				at = &tm->next;
				continue;
			}
			*at = tm->next;
			kmem_cache_free(metrics_cache, tm);
			n++;
		}
	}
	local_bh_enable();
	return n;
}

static void tcp_metrics_net_exit(struct net *net)
{
	struct tcp_metrics_table *t = net->ipv4.tcp_metrics;

	tcp_metrics_flush(net, 0);
	net->ipv4.tcp_metrics = NULL;
	if (t)
		page_free(t, t->order);
}

static struct pernet_operations tcp_metrics_net_ops = {
	.name = "tcp_metrics",
	.exit = tcp_metrics_net_exit,
};

void tcp_metrics_init(void)
{
	metrics_cache = kmem_cache_create("tcp_metrics", sizeof(struct tcp_metrics_block), 0,
					  SLAB_NO_LEAK_REPORT); /* a cache: outlives its users */
	if (!metrics_cache || register_pernet_subsys(&tcp_metrics_net_ops))
		panic("tcp: no room for the metrics cache");
}
