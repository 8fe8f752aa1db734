// SPDX-License-Identifier: BSD-2-Clause
/*
 * When to acknowledge: RFC 9293 section 3.8.6.3 and RFC 5681 section 4.2 ask for an ACK for every
 * second full segment and within half a second; within that, Linux's two modes. Quick mode: the
 * first segments of a connection or after a pause are acknowledged at once, so that the peer's slow
 * start is fed. Pingpong mode: the program answers, so the ACK waits 40 to 200 ms to ride on the
 * answer.
 *
 * icsk_ack.ato is the estimate of the time between data segments. tcp_event_data_recv() is called
 * for each segment with new data, __tcp_ack_snd_check() after it, tcp_delack_timer_handler() by the
 * timer. Sock locked, tcp_mstamp fresh.
 *
 * Compression: behind a hole every segment is owed a duplicate ACK at once; from the fourth on they
 * are held back for a twentieth of the round trip (tcp_comp_sack_*) and go as one, since its SACK
 * blocks say it all.
 */
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>

static void tcp_incr_quickack(struct sock *sk, unsigned int max_quickacks)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	unsigned int quickacks = 2;

	if (icsk->icsk_ack.rcv_mss)
		quickacks = tcp_sk(sk)->rcv_wnd / (2u * icsk->icsk_ack.rcv_mss);
	quickacks = min(quickacks ? quickacks : 2, max_quickacks);
	if (quickacks > icsk->icsk_ack.quick)
		icsk->icsk_ack.quick = (u8)quickacks;
}

/* The peer needs prompt ACKs: duplicates, holes, congestion marks. */
void tcp_enter_quickack_mode(struct sock *sk, unsigned int max_quickacks)
{
	tcp_incr_quickack(sk, max_quickacks);
	inet_csk_exit_pingpong_mode(sk);
	inet_csk(sk)->icsk_ack.ato = TCP_ATO_MIN;
}

static bool tcp_in_quickack_mode(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ack.quick && !inet_csk_in_pingpong_mode(sk);
}

/* An ACK went out: it used up a quick one if it was owed for new data. */
void tcp_dec_quickack_mode(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (!icsk->icsk_ack.quick || !inet_csk_ack_scheduled(sk))
		return;
	if (!--icsk->icsk_ack.quick)
		icsk->icsk_ack.ato = TCP_ATO_MIN; /* leaving quick mode: start from the bottom */
}

/* New data, in or out of order: an ACK is owed; learn MSS, RTT and rhythm of the peer. */
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 now = tcp_event_jiffies32(tp), gap;

	inet_csk_schedule_ack(sk);
	tcp_measure_rcv_mss(sk, skb);
	tcp_rcv_rtt_measure(tp);
	if (!icsk->icsk_ack.ato) {
		tcp_incr_quickack(sk, TCP_MAX_QUICKACKS);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
	} else {
		gap = now - icsk->icsk_ack.lrcvtime;
		if (gap <= TCP_ATO_MIN / 2) {
			icsk->icsk_ack.ato = (icsk->icsk_ack.ato >> 1) + TCP_ATO_MIN / 2;
		} else if (gap < icsk->icsk_ack.ato) {
			icsk->icsk_ack.ato = min((icsk->icsk_ack.ato >> 1) + gap, icsk->icsk_rto);
		} else if (gap > icsk->icsk_rto) {
			/* After a long pause the peer begins with slow start. */
			tcp_incr_quickack(sk, TCP_MAX_QUICKACKS);
			sk_mem_reclaim(sk);
		}
	}
	icsk->icsk_ack.lrcvtime = now;
	tcp_ecn_check_ce(sk, skb);
	if (skb->len >= 128)
		tcp_grow_window(sk, skb, true);
}

/* Arm the timer for a delayed ACK, or send at once if one has waited long enough. */
void tcp_send_delayed_ack(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	unsigned long timeout, now = ns_to_jiffies(tp->tcp_mstamp * NSEC_PER_USEC);
	u32 ato = icsk->icsk_ack.ato;

	if (ato > TCP_DELACK_MIN) {
		u32 max_ato = HZ / 2;

		if (inet_csk_in_pingpong_mode(sk) || icsk->icsk_ack.pending & ICSK_ACK_PUSHED)
			max_ato = TCP_DELACK_MAX;
		/* With a short RTT the peer notices sooner. */
		if (tp->srtt_us)
			max_ato = clamp_t(u32, usecs_to_ms(tp->srtt_us >> 3), TCP_DELACK_MIN,
					  max_ato);
		ato = min(ato, max_ato);
	}
	ato = min(ato, icsk->icsk_delack_max);
	timeout = now + ato;
	if (icsk->icsk_ack.pending & ICSK_ACK_TIMER) {
		/* About to fire: do it now and save the interrupt. */
		if (time_before_eq(icsk->icsk_ack.timeout, now + (ato >> 2))) {
			tcp_send_ack(sk);
			return;
		}
		if (!time_before(timeout, icsk->icsk_ack.timeout))
			timeout = icsk->icsk_ack.timeout;
	}
	icsk->icsk_ack.pending |= ICSK_ACK_SCHED | ICSK_ACK_TIMER;
	icsk->icsk_ack.timeout = timeout;
	/* A timer that fires earlier looks at icsk_ack.timeout and goes back to sleep. */
	if (!timer_pending(&icsk->icsk_delack_timer) ||
	    time_after(icsk->icsk_delack_timer.expires, timeout))
		sk_reset_timer(sk, &icsk->icsk_delack_timer, timeout);
}

/* ---- behind a hole ---- */

/* Send what is held back, in one ACK. */
void tcp_sack_compress_send_ack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->compressed_ack)
		return;
	if (hrtimer_cancel(&tp->compressed_ack_timer))
		sock_put(sk);
	/* One of them goes: only the others are saved. */
	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPACKCOMPRESSED, tp->compressed_ack - 1);
	tp->compressed_ack = 0;
	tcp_send_ack(sk);
}

/* Some ACK went out and says what those held back would have said. */
void tcp_sack_compress_done(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPACKCOMPRESSED, tp->compressed_ack);
	tp->compressed_ack = 0;
	if (hrtimer_cancel(&tp->compressed_ack_timer))
		sock_put(sk);
}

/* The timer holds the sock. Softirq. */
static void tcp_compressed_ack_kick(struct hrtimer *timer)
{
	struct tcp_sock *tp = container_of(timer, struct tcp_sock, compressed_ack_timer);
	struct sock *sk = &tp->inet_conn.icsk_inet.sk;

	bh_lock_sock(sk);
	if (sock_owned_by_user(sk)) {
		if (!(tp->tsq_flags & BIT(TCP_DELACK_TIMER_DEFERRED)))
			sock_hold(sk);
		tp->tsq_flags |= BIT(TCP_DELACK_TIMER_DEFERRED);
	} else if (tp->compressed_ack) {
		tp->compressed_ack--; /* see tcp_sack_compress_send_ack */
		tcp_mstamp_refresh(tp);
		tcp_send_ack(sk);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}

void tcp_sack_compress_init(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->compressed_ack = tp->dup_ack_counter = 0;
	hrtimer_setup(&tp->compressed_ack_timer, tcp_compressed_ack_kick);
}

/* At the end of the connection. */
void tcp_sack_compress_cancel(struct sock *sk)
{
	if (hrtimer_cancel(&tcp_sk(sk)->compressed_ack_timer))
		sock_put(sk);
}

/* Out-of-order data came. True: its ACK is held back. */
static bool tcp_compress_ack(struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);
	u32 rtt_us = tp->rcv_rtt_est.rtt_us;
	u64 delay;

	if (!tcp_is_sack(tp) || tp->compressed_ack >= ipv4->sysctl_tcp_comp_sack_nr)
		return false;
	if (tp->compressed_ack_rcv_nxt != tp->rcv_nxt) { /* another hole */
		tp->compressed_ack_rcv_nxt = tp->rcv_nxt;
		tp->dup_ack_counter = 0;
	}
	/* The first three may make the peer retransmit. */
	if (tp->dup_ack_counter < TCP_FASTRETRANS_THRESH) {
		tp->dup_ack_counter++;
		return false;
	}
	tp->compressed_ack++;
	if (hrtimer_active(&tp->compressed_ack_timer))
		return true;
	if (tp->srtt_us && tp->srtt_us < rtt_us)
		rtt_us = tp->srtt_us;
	delay = (u64)rtt_us * (NSEC_PER_USEC >> 3) / 20; /* rtt_us is 8 x the round trip */
	delay = min_t(u64, delay, ipv4->sysctl_tcp_comp_sack_delay_ns);
	sock_hold(sk);
	hrtimer_start(&tp->compressed_ack_timer, ktime_get_ns() + delay);
	return true;
}

/* ---- now or later ---- */

/* An ACK is owed. */
void __tcp_ack_snd_check(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	/* More than a segment, and it opens the window or the reader is slow to take it. */
	if ((tp->rcv_nxt - tp->rcv_wup > icsk->icsk_ack.rcv_mss &&
	     (tp->rcv_nxt - tp->copied_seq < (u32)sk->sk_rcvlowat ||
	      __tcp_select_window(sk) >= tp->rcv_wnd)) ||
	    tcp_in_quickack_mode(sk) || icsk->icsk_ack.pending & ICSK_ACK_NOW)
		tcp_send_ack(sk);
	else if (likely(RB_EMPTY_ROOT(&tp->out_of_order_queue)))
		tcp_send_delayed_ack(sk);
	else if (!tcp_compress_ack(sk)) /* the peer must learn of the hole */
		tcp_send_ack(sk);
}

/* The delayed ACK timer ran out; nobody owns the sock, or its owner is about to let go. */
void tcp_delack_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN)))
		return;
	if (unlikely(tcp_sk(sk)->compressed_ack)) {
		tcp_mstamp_refresh(tcp_sk(sk));
		tcp_sack_compress_send_ack(sk);
		return;
	}
	if (!(icsk->icsk_ack.pending & ICSK_ACK_TIMER))
		return;
	if (time_after(icsk->icsk_ack.timeout, jiffies)) {
		sk_reset_timer(sk, &icsk->icsk_delack_timer, icsk->icsk_ack.timeout);
		return;
	}
	icsk->icsk_ack.pending &= (u8)~ICSK_ACK_TIMER;
	if (!inet_csk_ack_scheduled(sk))
		return;
	if (!inet_csk_in_pingpong_mode(sk)) {
		/* No second segment came in time: wait longer next time. */
		icsk->icsk_ack.ato = min(icsk->icsk_ack.ato << 1, icsk->icsk_rto);
	} else {
		/* The program did not answer: it is no conversation after all. */
		inet_csk_exit_pingpong_mode(sk);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	tcp_send_ack(sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKS);
}
