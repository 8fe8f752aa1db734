/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_PACING_H
#define BW_NET_TCP_PACING_H

/*
 * When a segment may leave: pacing by timer (tcp_pacing.c) and TCP small queues (tcp_tsq.c). For
 * TCP's own files; sock locked.
 */
#include <net/tcp_inline.h>

/* tcp_pacing.c */
void tcp_pacing_init(struct sock *sk);
void tcp_pacing_cancel(struct sock *sk);
bool __tcp_pacing_check(struct sock *sk);
/* skb was handed down at tcp_wstamp_ns; prior_wstamp: when the one before it was due. */
void tcp_update_skb_after_send(struct sock *sk, struct sk_buff *skb, u64 prior_wstamp);

/* True: the next segment is not due yet, a timer sends it. Nearly no sock is paced. */
static inline bool tcp_pacing_check(struct sock *sk)
{
	return unlikely(sk->sk_pacing_status == SK_PACING_NEEDED) && __tcp_pacing_check(sk);
}
/* How long what was just handed down waits for its turn, ms. */
static inline unsigned long tcp_pacing_delay(const struct sock *sk)
{
	s64 delay_ns = (s64)(tcp_sk(sk)->tcp_wstamp_ns - tcp_sk(sk)->tcp_clock_cache);

	return unlikely(delay_ns > 0) ? (unsigned long)delay_ns / NSEC_PER_MSEC : 0;
}
/* A timer that begins when what was sent is on its way. */
static inline void tcp_reset_xmit_timer(struct sock *sk, int what, unsigned long when,
					unsigned long max_when)
{
	inet_csk_reset_xmit_timer(sk, what, when + tcp_pacing_delay(sk), max_when);
}

/* tcp_timer.c: leave work to the thread that owns the sock. */
void tcp_defer(struct sock *sk, int bit);
/* tcp_tsq.c */
void tcp_wfree(struct sk_buff *skb); /* destructor of what TCP sends; any context */
bool __tcp_small_queue_check(struct sock *sk, const struct sk_buff *skb, unsigned int factor);
/* True: do not retransmit skb yet; its completion will wake the sock. */
bool tcp_skb_still_in_host_queue(struct sock *sk, const struct sk_buff *skb);
bool __tcp_autocork_wait(struct sock *sk, const struct sk_buff *skb);
/* At most one skb is unacknowledged: a completion that comes late must not stop us. */
static inline bool tcp_rtx_queue_empty_or_single_skb(const struct sock *sk)
{
	const struct rb_node *n = sk->tcp_rtx_queue.rb_node;

	return !n || (!n->rb_left && !n->rb_right);
}
/* True: enough is queued below; a completion sends on. factor: limit << factor (retransmission). */
static inline bool tcp_small_queue_check(struct sock *sk, const struct sk_buff *skb,
					 unsigned int factor)
{
	return !tcp_rtx_queue_empty_or_single_skb(sk) && __tcp_small_queue_check(sk, skb, factor);
}
/* True: skb, small, may wait for more data until a completion comes. */
static inline bool tcp_autocork_wait(struct sock *sk, const struct sk_buff *skb, int size_goal)
{
	return !tcp_rtx_queue_empty(sk) && (int)skb->len < size_goal &&
	       __tcp_autocork_wait(sk, skb);
}
void tcp_tsq_write(struct sock *sk);
void tcp_tsq_handler(struct sock *sk); /* softirq, sock not locked */
void tcp_tsq_init(void);

#endif /* BW_NET_TCP_PACING_H */
