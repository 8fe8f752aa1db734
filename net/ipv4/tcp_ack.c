// SPDX-License-Identifier: BSD-2-Clause
/*
 * What does this ACK mean? RFC 9293 section 3.10.7.4, fifth step: is SEG.ACK acceptable, does it
 * move SND.UNA, does it change the window; which segments leave the retransmission queue; what it
 * says about round trip time, delivery rate, loss and congestion.
 *
 * tcp_ack() is called once for each segment with ACK set, by tcp_rcv_established,
 * tcp_rcv_state_process and tcp_rcv_synsent_state_process, sock locked, tcp_mstamp fresh. It is the
 * only place that moves snd_una. It may transmit: retransmissions and, in recovery, new data. Blind
 * injection is answered as RFC 5961 section 5.2 says.
 *
 * Loss and recovery: tcp_recovery.c. SACK blocks: tcp_sack.c. Window growth: tcp_cwnd.c.
 */
#include <net/tcp_mtu_probe.h>
#include <net/tcp_data.h>
#include <net/tstamp.h>
#include <net/tcp_ecn.h>
#include <net/tcp_pacing.h>

/* ---- the send window ---- */

/* RFC 9293: take the window from newer segments only, so that old ones cannot shrink it; but a
 * receiver out of memory may shut it without anything new. */
static bool tcp_may_update_window(const struct tcp_sock *tp, u32 ack, u32 seq, u32 nwin)
{
	return after(ack, tp->snd_una) || after(seq, tp->snd_wl1) ||
	       (seq == tp->snd_wl1 && (nwin > tp->snd_wnd || !nwin));
}

static void tcp_snd_una_update(struct tcp_sock *tp, u32 ack)
{
	tp->bytes_acked += ack - tp->snd_una;
	tp->snd_una = ack;
}

static int tcp_ack_update_window(struct sock *sk, const struct sk_buff *skb, u32 ack)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 nwin = cb->rx.window;
	int flag = 0;

	if (likely(!(cb->tcp_flags & TCPHDR_SYN))) /* a SYN's window is never scaled */
		nwin <<= tp->rx_opt.snd_wscale;
	if (tcp_may_update_window(tp, ack, cb->seq, nwin)) {
		flag = FLAG_WIN_UPDATE;
		tcp_init_wl(tp, cb->seq);
		if (tp->snd_wnd != nwin) {
			tp->snd_wnd = nwin;
			tp->pred_flags = 0;
			tcp_fast_path_check(sk);
			if (!skb_queue_empty(&sk->sk_write_queue))
				tcp_slow_start_after_idle_check(sk);
			if (nwin > tp->max_window) {
				tp->max_window = nwin;
				tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
			}
		}
	}
	tcp_snd_una_update(tp, ack);
	return flag;
}

/* Nothing in flight, data waiting: did this ACK open a closed window? */
static void tcp_ack_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct sk_buff *head = tcp_send_head(sk);

	if (!head)
		return;
	if (!after(TCP_SKB_CB(head)->end_seq, tcp_wnd_end(tcp_sk(sk)))) {
		icsk->icsk_backoff = 0;
		icsk->icsk_probes_tstamp = 0;
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_PROBE0);
	} else {
		u32 when = (u32)tcp_probe0_when(sk, TCP_RTO_MAX);

		when = tcp_clamp_probe0_to_user_timeout(sk, when);
		tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, when, TCP_RTO_MAX);
	}
}

/* TS.Recent of RFC 7323 section 4.3: only from a segment that spans the last ACK we sent. */
void tcp_replace_ts_recent(struct tcp_sock *tp, u32 seq)
{
	if (!tp->rx_opt.saw_tstamp || after(seq, tp->rcv_wup) || !tcp_paws_check(&tp->rx_opt, 0))
		return;
	tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
	tp->rx_opt.ts_recent_stamp = tcp_event_seconds(tp);
}

/* ---- timers ---- */

/* RFC 6298 section 5.3: new data acknowledged, so the timer starts again; none left, it stops. */
void tcp_rearm_rto(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 rto = icsk->icsk_rto;

	if (unlikely(tp->fastopen_rsk)) /* the timer belongs to the SYN-ACK */
		return;
	if (!tp->packets_out) {
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_RETRANS);
		return;
	}
	/* A probe or reordering timer ran instead: count from when the oldest segment was sent. */
	if (icsk->icsk_pending == ICSK_TIME_REO_TIMEOUT ||
	    icsk->icsk_pending == ICSK_TIME_LOSS_PROBE) {
		const struct sk_buff *head = tcp_rtx_queue_head(sk);
		u64 due_us = tcp_skb_timestamp_us(head) + (u64)rto * USEC_PER_MSEC;

		rto = due_us > tp->tcp_mstamp ? max(usecs_to_ms(due_us - tp->tcp_mstamp), 1u) : 1;
	}
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, rto, TCP_RTO_MAX);
}

/* ---- the retransmission queue ---- */

/* What one pass over the acknowledged segments found. */
struct clean_result {
	u64 first_ackt, last_ackt; /* us: sending times, never retransmitted segments only */
	u32 reord;		   /* lowest such sequence number */
	u32 pkts_acked, acked_bytes;
	u32 prior_sacked; /* sacked_out before */
	int flag;
	bool fully_acked;
};

void tcp_count_delivered(struct tcp_sock *tp, u32 delivered, bool ece_ack)
{
	tp->delivered += delivered;
	if (ece_ack)
		tp->delivered_ce += delivered;
}

/* The ACK ends inside a segment that holds several: cut off its front; returns how many were cut.
 */
static u32 tcp_tso_acked(struct sock *sk, struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 packets = (u32)tcp_skb_pcount(skb);

	BUG_ON(!after(TCP_SKB_CB(skb)->end_seq, tp->snd_una));
	if (tcp_trim_head(sk, skb, tp->snd_una - TCP_SKB_CB(skb)->seq))
		return 0;
	packets -= (u32)tcp_skb_pcount(skb);
	if (packets)
		BUG_ON(tcp_skb_pcount(skb) == 0 ||
		       !before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(skb)->end_seq));
	return packets;
}

/*
 * The same segment as before, or the original of one that we retransmitted? A timestamp echo older
 * than the retransmission says the latter: RACK must not learn from it.
 */
static bool tcp_skb_spurious_retrans(const struct tcp_sock *tp, const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->sacked & TCPCB_RETRANS && tp->rx_opt.saw_tstamp &&
	       tp->rx_opt.rcv_tsecr && before(tp->rx_opt.rcv_tsecr, tcp_skb_timestamp(skb));
}

/* Account for `n` acknowledged wire segments of skb, which began at start_seq. */
static void tcp_clean_account(struct sock *sk, struct sk_buff *skb, u32 n, u32 start_seq,
			      struct clean_result *r)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u8 sacked = cb->sacked;

	if (unlikely(sacked & TCPCB_RETRANS)) {
		if (sacked & TCPCB_SACKED_RETRANS)
			tp->retrans_out -= n;
		r->flag |= FLAG_RETRANS_DATA_ACKED;
	} else if (!(sacked & TCPCB_SACKED_ACKED)) {
		r->last_ackt = tcp_skb_timestamp_us(skb);
		if (!r->first_ackt)
			r->first_ackt = r->last_ackt;
		if (before(start_seq, r->reord))
			r->reord = start_seq;
		if (!after(cb->end_seq, tp->high_seq))
			r->flag |= FLAG_ORIG_SACK_ACKED;
	}
	if (sacked & TCPCB_SACKED_ACKED) {
		tp->sacked_out -= n;
	} else if (tcp_is_sack(tp)) {
		tcp_count_delivered(tp, n, r->flag & FLAG_ECE);
		if (!tcp_skb_spurious_retrans(tp, skb))
			tcp_rack_advance(tp, sacked, cb->end_seq, tcp_skb_timestamp_us(skb));
	}
	if (sacked & TCPCB_LOST)
		tp->lost_out -= n;
	BUG_ON(tp->packets_out < n);
	tp->packets_out -= n;
	r->pkts_acked += n;
	if (likely(!(cb->tcp_flags & TCPHDR_SYN))) {
		r->flag |= FLAG_DATA_ACKED;
	} else {
		r->flag |= FLAG_SYN_ACKED;
		tp->retrans_stamp = 0;
	}
}

/* Take everything below snd_una off; returns the segment that is then the oldest, or NULL. */
static struct sk_buff *tcp_clean_walk(struct sock *sk, struct rate_sample *rs,
				      struct clean_result *r)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *next;

	for (skb = tcp_rtx_queue_head(sk); skb; skb = next) {
		const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
		u32 n = (u32)tcp_skb_pcount(skb), start_seq = cb->seq;

		if (after(cb->end_seq, tp->snd_una)) {
			if (n == 1 || !after(tp->snd_una, cb->seq))
				break;
			n = tcp_tso_acked(sk, skb);
			if (!n)
				break;
			r->fully_acked = false;
		}
		tcp_clean_account(sk, skb, n, start_seq, r);
		tcp_rate_skb_delivered(sk, skb, rs);
		if (!r->fully_acked)
			break;
		next = skb_rb_next(skb);
		if (unlikely(skb == tp->retransmit_skb_hint))
			tp->retransmit_skb_hint = NULL;
		if (unlikely(skb == tp->highest_sack))
			tp->highest_sack = next;
		if (unlikely(cb->txstamp_ack))
			__skb_tstamp_tx(skb, sk, SCM_TSTAMP_ACK);
		tcp_rtx_queue_unlink_and_free(sk, skb);
	}
	return skb;
}

/* RTT samples out of one pass; true when the RTO was set anew. */
static bool tcp_clean_rtt(struct sock *sk, struct tcp_sacktag_state *sack, struct clean_result *r,
			  long *sack_rtt_us)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct rate_sample *rs = sack->rate;
	long seq_rtt_us = -1;

	rs->rtt_us = -1;
	if (likely(r->first_ackt) && !(r->flag & FLAG_RETRANS_DATA_ACKED)) {
		seq_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, r->first_ackt);
		rs->rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, r->last_ackt);
		/* One small segment alone: the receiver may have delayed its ACK. */
		if (r->pkts_acked == 1 && r->fully_acked && !r->prior_sacked &&
		    r->acked_bytes < tp->mss_cache && rs->prior_delivered + 1 == tp->delivered &&
		    !(r->flag & (FLAG_CA_ALERT | FLAG_SYN_ACKED)))
			r->flag |= FLAG_ACK_MAYBE_DELAYED;
	}
	if (sack->first_sackt) {
		*sack_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, sack->first_sackt);
		rs->rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, sack->last_sackt);
	}
	return tcp_ack_update_rtt(sk, r->flag, seq_rtt_us, *sack_rtt_us, rs);
}

/* Returns flag with what was found added. */
static int tcp_clean_rtx_queue(struct sock *sk, u32 prior_una, struct tcp_sacktag_state *sack,
			       int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct clean_result r = {.reord = tp->snd_nxt,
				 .acked_bytes = tp->snd_una - prior_una,
				 .prior_sacked = tp->sacked_out,
				 .flag = flag,
				 .fully_acked = true};
	long sack_rtt_us = -1;
	struct sk_buff *skb;
	bool rtt_update;

	skb = tcp_clean_walk(sk, sack->rate, &r);
	if (!skb)
		tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	else if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)
		r.flag |= FLAG_SACK_RENEGING;
	if (likely(between(tp->snd_up, prior_una, tp->snd_una)))
		tp->snd_up = tp->snd_una;
	rtt_update = tcp_clean_rtt(sk, sack, &r, &sack_rtt_us);
	if (r.flag & FLAG_ACKED) {
		r.flag |= FLAG_SET_XMIT_TIMER;
		if (unlikely(inet_csk(sk)->icsk_mtup.probe_size &&
			     !after(tp->mtu_probe_end, tp->snd_una)))
			tcp_mtup_probe_success(sk);
		if (tcp_is_reno(tp)) {
			tcp_remove_reno_sacks(sk, (int)r.pkts_acked, flag & FLAG_ECE);
			/* Without SACK an ACK cannot tell original from retransmission (F-RTO). */
			if (r.flag & FLAG_RETRANS_DATA_ACKED)
				r.flag &= ~FLAG_ORIG_SACK_ACKED;
		} else if (before(r.reord, sack->prior_fack)) {
			tcp_check_sack_reordering(sk, r.reord, false);
		}
	} else if (skb && rtt_update && sack_rtt_us >= 0 &&
		   sack_rtt_us >
			   (long)tcp_stamp_us_delta(tp->tcp_mstamp, tcp_skb_timestamp_us(skb))) {
		/* The RTT grew and the oldest segment was sent late: its timer ran too short. */
		r.flag |= FLAG_SET_XMIT_TIMER;
	}
	if (inet_csk(sk)->icsk_ca_ops->pkts_acked) {
		struct ack_sample sample = {.pkts_acked = r.pkts_acked,
					    .rtt_us = (s32)sack->rate->rtt_us};

		/* Bytes delivered since the segment of the sample was sent. */
		sample.in_flight = tp->mss_cache * (tp->delivered - sack->rate->prior_delivered);
		inet_csk(sk)->icsk_ca_ops->pkts_acked(sk, &sample);
	}
	return r.flag;
}

/* ---- the ACK ---- */

static void tcp_in_ack_event(struct sock *sk, u32 flags)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;

	if (ca->in_ack_event)
		ca->in_ack_event(sk, flags);
}

/* Anything else than a plain advance in a calm connection? */
static bool tcp_ack_is_dubious(const struct sock *sk, int flag)
{
	return !(flag & FLAG_NOT_DUP) || flag & FLAG_CA_ALERT ||
	       inet_csk(sk)->icsk_ca_state != TCP_CA_Open;
}

static u32 tcp_newly_delivered(struct sock *sk, u32 prior, int flag)
{
	u32 delivered = tcp_sk(sk)->delivered - prior;

	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPDELIVERED, delivered);
	if (flag & FLAG_ECE)
		NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPDELIVEREDCE, delivered);
	return delivered;
}

/* SEG.ACK below SND.UNA: 0 = an old duplicate, negative = older than anything we may have sent. */
static int tcp_ack_below_una(struct sock *sk, const struct sk_buff *skb, int flag,
			     struct tcp_sacktag_state *sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 una = tp->snd_una, delivered = tp->delivered;
	u32 max_window = (u32)min_t(u64, tp->max_window, tp->bytes_acked);
	enum tcp_rexmit rexmit = REXMIT_NONE;

	if (before(TCP_SKB_CB(skb)->ack_seq, una - max_window)) {
		if (!(flag & FLAG_NO_CHALLENGE_ACK))
			tcp_send_challenge_ack(sk);
		return -SKB_DROP_REASON_TCP_TOO_OLD_ACK;
	}
	/* Its SACK blocks may still be news. */
	if (TCP_SKB_CB(skb)->sacked) {
		flag |= tcp_sacktag_write_queue(sk, skb, una, sack);
		tcp_count_delivered(tp, sack->sack_delivered, false);
		tcp_fastretrans_alert(sk, una, 0, &flag, &rexmit);
		tcp_newly_delivered(sk, delivered, flag);
		tcp_xmit_recovery(sk, rexmit);
	}
	return 0;
}

/* Window, SND.UNA, SACK blocks, congestion echo. Returns FLAG_* so far. */
static int tcp_ack_fields(struct sock *sk, const struct sk_buff *skb, int flag, u32 prior_una,
			  struct tcp_sacktag_state *sack)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 event = CA_ACK_SLOWPATH;

	if ((flag & (FLAG_SLOWPATH | FLAG_SND_UNA_ADVANCED)) == FLAG_SND_UNA_ADVANCED) {
		/* Header prediction has seen the same window and no options of interest. */
		tcp_init_wl(tp, cb->seq);
		tcp_snd_una_update(tp, cb->ack_seq);
		tcp_in_ack_event(sk, CA_ACK_WIN_UPDATE);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPHPACKS);
		return flag | FLAG_WIN_UPDATE;
	}
	if (cb->seq != cb->end_seq)
		flag |= FLAG_DATA;
	else
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPPUREACKS);
	flag |= tcp_ack_update_window(sk, skb, cb->ack_seq);
	if (cb->sacked)
		flag |= tcp_sacktag_write_queue(sk, skb, prior_una, sack);
	if (tcp_ecn_rcv_ecn_echo(tp, skb)) {
		flag |= FLAG_ECE;
		event |= CA_ACK_ECE;
	}
	if (sack->sack_delivered)
		tcp_count_delivered(tp, sack->sack_delivered, flag & FLAG_ECE);
	if (flag & FLAG_WIN_UPDATE)
		event |= CA_ACK_WIN_UPDATE;
	tcp_in_ack_event(sk, event);
	tcp_ecn_accept_cwr(sk, skb);
	return flag;
}

/* An ACK that neither moves SND.UNA nor brings anything new is a duplicate (RFC 5681 section 2). */
static int tcp_count_dupacks(const struct sk_buff *skb, int flag)
{
	if (flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DSACKING_ACK))
		return 0;
	if (flag & FLAG_DATA)
		return 1;
	return max_t(int, 1, skb_shinfo(skb)->gso_segs);
}

/* There was data in flight: clean up, judge loss, grow or shrink, retransmit. */
static void tcp_ack_in_flight(struct sock *sk, const struct sk_buff *skb, int flag, u32 prior_una,
			      struct tcp_sacktag_state *sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ack = TCP_SKB_CB(skb)->ack_seq, delivered = tp->delivered - sack->sack_delivered;
	u32 lost = tp->lost;
	bool reneg = tp->is_sack_reneg;
	enum tcp_rexmit rexmit = REXMIT_NONE;
	struct rate_sample *rs = sack->rate;

	flag = tcp_clean_rtx_queue(sk, prior_una, sack, flag);
	tcp_rack_update_reo_wnd(sk, rs);
	if (unlikely(tp->tlp_high_seq))
		tcp_process_tlp_ack(sk, ack, flag);
	if (tcp_ack_is_dubious(sk, flag))
		tcp_fastretrans_alert(sk, prior_una, tcp_count_dupacks(skb, flag), &flag, &rexmit);
	if (flag & FLAG_SET_XMIT_TIMER && !tcp_schedule_loss_probe(sk, true))
		tcp_rearm_rto(sk);
	if (flag & FLAG_FORWARD_PROGRESS || !(flag & FLAG_NOT_DUP))
		sk->sk_dst_pending_confirm = 1;
	delivered = tcp_newly_delivered(sk, delivered, flag);
	rs->is_ack_delayed = flag & FLAG_ACK_MAYBE_DELAYED;
	tcp_rate_gen(sk, delivered, tp->lost - lost, reneg, rs);
	tcp_cong_control(sk, ack, delivered, flag, rs);
	tcp_xmit_recovery(sk, rexmit);
}

int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct rate_sample rs = {.prior_delivered = 0};
	struct tcp_sacktag_state sack = {.rate = &rs};
	u32 prior_una = tp->snd_una, ack = TCP_SKB_CB(skb)->ack_seq;
	bool in_flight = tp->packets_out != 0;

	if (before(ack, prior_una))
		return tcp_ack_below_una(sk, skb, flag, &sack);
	/* Acknowledges what was never sent: the caller answers with an ACK (RFC 9293). */
	if (after(ack, tp->snd_nxt))
		return -SKB_DROP_REASON_TCP_ACK_UNSENT_DATA;
	if (after(ack, prior_una)) {
		flag |= FLAG_SND_UNA_ADVANCED;
		inet_csk(sk)->icsk_retransmits = 0;
	}
	sack.prior_fack = tcp_is_sack(tp) ? tcp_highest_sack_seq(tp) : tp->snd_una;
	rs.prior_in_flight = tcp_packets_in_flight(tp);
	if (flag & FLAG_UPDATE_TS_RECENT)
		tcp_replace_ts_recent(tp, TCP_SKB_CB(skb)->seq);
	flag = tcp_ack_fields(sk, skb, flag, prior_una, &sack);
	sk->sk_err_soft = 0;
	inet_csk(sk)->icsk_probes_out = 0;
	tp->rcv_tstamp = tcp_event_jiffies32(tp);
	if (in_flight) {
		tcp_ack_in_flight(sk, skb, flag, prior_una, &sack);
		return 1;
	}
	if (flag & FLAG_DSACKING_ACK) {
		enum tcp_rexmit rexmit = REXMIT_NONE;

		tcp_fastretrans_alert(sk, prior_una, 0, &flag, &rexmit);
		tcp_newly_delivered(sk, tp->delivered - sack.sack_delivered, flag);
	}
	tcp_ack_probe(sk);
	if (unlikely(tp->tlp_high_seq))
		tcp_process_tlp_ack(sk, ack, flag);
	return 1;
}
