// SPDX-License-Identifier: BSD-2-Clause
/*
 * RACK (RFC 8985): a segment is lost when one sent sufficiently later has been delivered. "Later"
 * is by time of sending, so retransmissions are judged like originals, and reordering is tolerated
 * for a time window instead of a count; and NewReno's marking for connections without SACK (RFC
 * 6582).
 *
 * tcp_sock.rack holds the most recently sent segment that was delivered and its RTT. Sent segments
 * stand on tsorted_sent_queue in order of sending; SACKed and lost ones are off it (empty anchor).
 *
 * tcp_rack_advance() is called for each delivered segment, tcp_rack_mark_lost() for each ACK that
 * tcp_recovery.c looks at, tcp_rack_reo_timeout() by the timer that waits out the reordering
 * window. Sock locked.
 */
#include <net/tcp_data.h>

static bool rack_sent_after(u64 t1, u64 t2, u32 seq1, u32 seq2)
{
	return t1 > t2 || (t1 == t2 && after(seq1, seq2));
}

/* RFC 8985 section 6.2 step 4: how much reordering to wait out, us. */
static u32 tcp_rack_reo_wnd(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->reord_seen) {
		/* No reordering known: be quick once in recovery or after three SACKs. */
		if (inet_csk(sk)->icsk_ca_state >= TCP_CA_Recovery)
			return 0;
		if (tp->sacked_out >= tp->reordering &&
		    !(sock_net(sk)->ipv4.sysctl_tcp_recovery & TCP_RACK_NO_DUPTHRESH))
			return 0;
	}
	return min((tcp_min_rtt(tp) >> 2) * tp->rack.reo_wnd_steps, tp->srtt_us >> 3);
}

/* Mark what is lost by now; returns how long until the next segment would be, us, 0 = none. */
static u32 tcp_rack_detect_loss(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 reo_wnd = tcp_rack_reo_wnd(sk), wait_us = 0;
	struct sk_buff *skb, *next;

	list_for_each_entry_safe(skb, next, &tp->tsorted_sent_queue, tcp_tsorted_anchor) {
		struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
		u64 sent_us = tcp_skb_timestamp_us(skb);
		s32 left;

		if (cb->sacked & TCPCB_LOST && !(cb->sacked & TCPCB_SACKED_RETRANS))
			continue;
		if (!rack_sent_after(tp->rack.mstamp, sent_us, tp->rack.end_seq, cb->end_seq))
			break;
		left = (s32)(tp->rack.rtt_us + reo_wnd -
			     tcp_stamp_us_delta(tp->tcp_mstamp, sent_us));
		if (left <= 0) {
			tcp_mark_skb_lost(sk, skb);
			list_del_init(&skb->tcp_tsorted_anchor);
		} else {
			wait_us = max(wait_us, (u32)left);
		}
	}
	return wait_us;
}

/* True when the reordering timer was set: the caller must leave the timer alone. */
bool tcp_rack_mark_lost(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 wait_us;

	if (!tp->rack.advanced)
		return false;
	tp->rack.advanced = 0;
	wait_us = tcp_rack_detect_loss(sk);
	if (wait_us)
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_REO_TIMEOUT,
					  usecs_to_ms(wait_us) + TCP_TIMEOUT_MIN,
					  inet_csk(sk)->icsk_rto);
	return wait_us != 0;
}

/* A segment sent at xmit_time (us) was delivered. */
void tcp_rack_advance(struct tcp_sock *tp, u8 sacked, u32 end_seq, u64 xmit_time)
{
	u32 rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, xmit_time);

	/* Faster than any round trip: the original arrived, not the retransmission. */
	if (rtt_us < tcp_min_rtt(tp) && sacked & TCPCB_RETRANS)
		return;
	tp->rack.advanced = 1;
	tp->rack.rtt_us = rtt_us;
	if (rack_sent_after(xmit_time, tp->rack.mstamp, end_seq, tp->rack.end_seq)) {
		tp->rack.mstamp = xmit_time;
		tp->rack.end_seq = end_seq;
	}
}

/* The reordering window is over: what has not arrived is lost. */
void tcp_rack_reo_timeout(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 in_flight = tcp_packets_in_flight(tp), lost = tp->lost;

	tcp_rack_detect_loss(sk);
	if (in_flight != tcp_packets_in_flight(tp)) {
		if (inet_csk(sk)->icsk_ca_state != TCP_CA_Recovery) {
			tcp_enter_recovery(sk, false);
			if (!inet_csk(sk)->icsk_ca_ops->cong_control)
				tcp_cwnd_reduction(sk, 1, (int)(tp->lost - lost), 0);
		}
		tcp_xmit_retransmit_queue(sk);
	}
	if (inet_csk(sk)->icsk_pending != ICSK_TIME_RETRANS)
		tcp_rearm_rto(sk);
}

/*
 * Adapt the window (RFC 8985 section 6.2 step 4): a quarter of the minimum RTT more for each round
 * trip that brings a D-SACK, held for 16 recoveries, then back to one quarter.
 */
void tcp_rack_update_reo_wnd(struct sock *sk, const struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (sock_net(sk)->ipv4.sysctl_tcp_recovery & TCP_RACK_STATIC_REO_WND ||
	    !rs->prior_delivered)
		return;
	/* Once a round trip: this D-SACK is about segments of the round that widened it already. */
	if (before(rs->prior_delivered, tp->rack.last_delivered))
		tp->rack.dsack_seen = 0;
	if (tp->rack.dsack_seen) {
		tp->rack.reo_wnd_steps = (u8)min(0xff, tp->rack.reo_wnd_steps + 1);
		tp->rack.dsack_seen = 0;
		tp->rack.last_delivered = tp->delivered;
		tp->rack.reo_wnd_persist = TCP_RACK_RECOVERY_THRESH;
	} else if (!tp->rack.reo_wnd_persist) {
		tp->rack.reo_wnd_steps = 1;
	}
}

/* A mark was taken back: onto the list again, where its time of sending belongs. */
void tcp_rack_requeue(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *pos;

	if (!list_empty(&skb->tcp_tsorted_anchor))
		return;
	list_for_each_entry(pos, &tp->tsorted_sent_queue, tcp_tsorted_anchor) {
		if (rack_sent_after(pos->tstamp, skb->tstamp, TCP_SKB_CB(pos)->seq,
				    TCP_SKB_CB(skb)->seq))
			break;
	}
	list_add_tail(&skb->tcp_tsorted_anchor, &pos->tcp_tsorted_anchor);
}

/*
 * Without SACK: the first segment is lost after `reordering` duplicates, and after each partial ACK
 * in recovery the next one is (RFC 6582 section 3.2).
 */
void tcp_newreno_mark_lost(struct sock *sk, bool snd_una_advanced)
{
	u8 state = inet_csk(sk)->icsk_ca_state;
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_rtx_queue_head(sk);
	u32 mss;

	if (!((state < TCP_CA_Recovery && tp->sacked_out >= tp->reordering) ||
	      (state == TCP_CA_Recovery && snd_una_advanced)))
		return;
	if (TCP_SKB_CB(skb)->sacked & TCPCB_LOST)
		return;
	mss = (u32)tcp_skb_mss(skb);
	if (tcp_skb_pcount(skb) > 1 && skb->len > mss)
		tcp_fragment(sk, skb, mss, mss, GFP_ATOMIC);
	tcp_mark_skb_lost(sk, skb);
	/* Without memory to cut it, it is several segments; duplicates may have counted some. */
	tp->sacked_out = min(tp->sacked_out, tp->packets_out - tp->lost_out);
}
