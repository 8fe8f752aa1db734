// SPDX-License-Identifier: BSD-2-Clause
/*
 * Timewait socks: the small object that stands in the tables for a closed connection until late
 * segments have died out (RFC 9293 section 3.6.1), and for an orphan that waits in FIN-WAIT-2.
 * Their number is bounded by tcp_max_tw_buckets. References: one for the hash tables, one for the
 * running timer.
 *
 * Softirq, or thread context with softirqs off. What it answers: tcp_minisocks.c.
 */
#include <kernel/time/clock.h>
#include <net/inet_timewait_sock.h>
#include <net/tcp_ops.h>
#include <netinet/tcp.h>

static void inet_twsk_free(struct inet_timewait_sock *tw)
{
	struct kmem_cache *slab = tw->__tw_common.skc_prot->twsk_prot->twsk_slab;

	tw->tw_net->ipv4.tw_count--;
	kmem_cache_free(slab, tw);
}

void inet_twsk_put(struct inet_timewait_sock *tw)
{
	if (refcount_dec_and_test(&tw->tw_refcnt))
		inet_twsk_free(tw);
}

/* Out of every table; the caller holds a reference. */
static void inet_twsk_kill(struct inet_timewait_sock *tw)
{
	if (hlist_unhashed(&tw->__tw_common.skc_node))
		return;
	hlist_del_init(&tw->__tw_common.skc_node);
	inet_twsk_bind_unhash(tw);
	inet_twsk_put(tw);
}

static void tw_timer_handler(struct timer_list *t)
{
	struct inet_timewait_sock *tw = from_timer(tw, t, tw_timer);

	NET_INC_STATS(tw->tw_net, tw->tw_kill ? LINUX_MIB_TWKILLED : LINUX_MIB_TW);
	inet_twsk_kill(tw);
	inet_twsk_put(tw); /* the timer's */
}

struct inet_timewait_sock *inet_twsk_alloc(const struct sock *sk, int state)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct inet_timewait_sock *tw;

	if (net->ipv4.tw_count >= net->ipv4.sysctl_max_tw_buckets)
		return NULL;
	tw = kmem_cache_zalloc(sk->sk_prot->twsk_prot->twsk_slab, GFP_ATOMIC);
	if (!tw)
		return NULL;
	net->ipv4.tw_count++;
	tw->__tw_common = sk->__sk_common;
	tw->__tw_common.skc_state = TCP_TIME_WAIT;
	INIT_HLIST_NODE(&tw->__tw_common.skc_node);
	INIT_HLIST_NODE(&tw->__tw_common.skc_bind_node);
	refcount_set(&tw->tw_refcnt, 1); /* the caller's */
	tw->tw_substate = (u8)state;
	tw->tw_sport = inet->inet_sport;
	tw->tw_num = inet->inet_num;
	tw->tw_tos = inet->tos;
	tw->tw_mark = sk->sk_mark;
	timer_setup(&tw->tw_timer, tw_timer_handler, 0);
	return tw;
}

void inet_twsk_hashdance(struct inet_timewait_sock *tw, struct sock *sk)
{
	struct inet_hashinfo *h = tw->tw_net->ipv4.tcp_hashinfo;

	WARN_ON(!inet_csk(sk)->icsk_bind_hash);
	if (inet_csk(sk)->icsk_bind_hash)
		inet_twsk_bind(tw, inet_csk(sk)->icsk_bind_hash);
	refcount_inc(&tw->tw_refcnt); /* the tables' */
	hlist_add_head(&tw->__tw_common.skc_node,
		       &h->ehash[tw->__tw_common.skc_hash & h->ehash_mask].chain);
	hlist_del_init(&sk->sk_node);
}

void inet_twsk_schedule(struct inet_timewait_sock *tw, unsigned long timeo)
{
	tw->tw_kill = timeo <= 4 * HZ;
	if (!mod_timer(&tw->tw_timer, get_jiffies() + timeo))
		refcount_inc(&tw->tw_refcnt);
}

/* End it now; drops the caller's reference. */
void inet_twsk_deschedule_put(struct inet_timewait_sock *tw)
{
	if (del_timer(&tw->tw_timer))
		inet_twsk_put(tw);
	inet_twsk_kill(tw);
	inet_twsk_put(tw);
}

void inet_twsk_purge(struct net *net)
{
	struct inet_hashinfo *h = net->ipv4.tcp_hashinfo;
	u32 i;

	local_bh_disable();
	for (i = 0; i <= h->ehash_mask; i++) {
		struct hlist_node *next;
		struct sock *sk;

		hlist_for_each_entry_safe(sk, next, &h->ehash[i].chain, sk_node) {
			if (sk->sk_state != TCP_TIME_WAIT)
				continue;
			refcount_inc(&inet_twsk(sk)->tw_refcnt);
			inet_twsk_deschedule_put(inet_twsk(sk));
		}
	}
	local_bh_enable();
}
