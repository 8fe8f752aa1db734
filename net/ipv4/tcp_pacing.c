// SPDX-License-Identifier: BSD-2-Clause
/*
 * Internal pacing: instead of a window at once a paced sock sends its segments at sk_pacing_rate.
 * The model is Linux's earliest departure time: tcp_wstamp_ns is when the next segment may leave;
 * each sending moves it by the segment's length over the rate, and a sender that came late may
 * catch up by half a segment. A high-resolution timer sends when the time has come.
 *
 * A sock is paced (sk_pacing_status) when its congestion module asks for it (BBR) or the program
 * set SO_MAX_PACING_RATE. The rate itself is tcp_update_pacing_rate's (tcp_cwnd.c) or the module's.
 * The queued timer holds a reference on the sock. Called by tcp_output.c, tcp_retransmit.c and
 * tcp_xmit.c with the sock locked; the timer in softirq.
 */
#include <net/tcp_data.h>
#include <net/tcp_pacing.h>

/* The first segments of a connection are not paced: they are the initial window. */
#define TCP_UNPACED_SEGS 10

void tcp_update_skb_after_send(struct sock *sk, struct sk_buff *skb, u64 prior_wstamp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned long rate = sk->sk_pacing_rate;

	if (unlikely(sk->sk_pacing_status != SK_PACING_NONE) && rate && rate != ~0UL &&
	    tp->data_segs_out >= TCP_UNPACED_SEGS) {
		u64 len_ns = (u64)skb->len * NSEC_PER_SEC / rate;
		u64 credit = tp->tcp_wstamp_ns - prior_wstamp;

		tp->tcp_wstamp_ns += len_ns - min(len_ns / 2, credit);
	}
	list_move_tail(&skb->tcp_tsorted_anchor, &tp->tsorted_sent_queue);
}

/* The sock is paced: is it too early to send? Then the timer is set. */
bool __tcp_pacing_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->tcp_wstamp_ns <= tp->tcp_clock_cache)
		return false;
	if (!hrtimer_active(&tp->pacing_timer)) {
		hrtimer_start(&tp->pacing_timer, tp->tcp_wstamp_ns);
		sock_hold(sk);
	}
	return true;
}

static void tcp_pace_kick(struct hrtimer *timer)
{
	struct tcp_sock *tp = container_of(timer, struct tcp_sock, pacing_timer);
	struct sock *sk = (struct sock *)tp;

	tcp_tsq_handler(sk);
	sock_put(sk);
}

void tcp_pacing_init(struct sock *sk)
{
	hrtimer_setup(&tcp_sk(sk)->pacing_timer, tcp_pace_kick);
}

void tcp_pacing_cancel(struct sock *sk)
{
	if (hrtimer_cancel(&tcp_sk(sk)->pacing_timer))
		sock_put(sk);
}
