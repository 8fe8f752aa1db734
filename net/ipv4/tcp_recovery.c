// SPDX-License-Identifier: BSD-2-Clause
/*
 * Loss and recovery: the congestion states and what each ACK does to them.
 *
 *   Open      nothing unusual
 *   Disorder  duplicate ACKs or SACKs came; nothing judged lost yet
 *   CWR       the window is being reduced, nothing is lost (ECN, local congestion)
 *   Recovery  something is lost and retransmitted, guided by ACKs (RFC 5681, 6582, 6675, 6937)
 *   Loss      the retransmission timer ran out (RFC 6298 section 5.4, F-RTO of RFC 5682)
 *
 * tcp_ack.c calls tcp_fastretrans_alert() for every ACK that is not plain; the timer calls
 * tcp_enter_loss(); ICMP "too big" calls tcp_simple_retransmit(). Sock locked. What is lost is
 * judged by RACK (tcp_rack.c) with SACK, by duplicate ACKs without; tcp_undo.c takes back what was
 * judged wrongly; tcp_cwnd.c sets the window; tcp_retransmit.c sends.
 */
#include <net/tcp_mtu_probe.h>
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>

void tcp_set_ca_state(struct sock *sk, u8 ca_state)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->set_state)
		icsk->icsk_ca_ops->set_state(sk, ca_state);
	icsk->icsk_ca_state = ca_state & 31;
}

static void tcp_verify_left_out(const struct tcp_sock *tp)
{
	BUG_ON(tcp_left_out(tp) > tp->packets_out);
}

/* Is any segment below high_seq, or at all, a retransmission that is not acknowledged? */
bool tcp_any_retrans_done(const struct sock *sk)
{
	const struct sk_buff *head;

	if (tcp_sk(sk)->retrans_out)
		return true;
	head = tcp_rtx_queue_head(sk);
	return head && TCP_SKB_CB(head)->sacked & TCPCB_EVER_RETRANS;
}

void tcp_retrans_stamp_cleanup(struct sock *sk)
{
	if (!tcp_any_retrans_done(sk))
		tcp_sk(sk)->retrans_stamp = 0;
}

/* ---- connections without SACK: count duplicate ACKs (RFC 5681 section 3.2) ---- */

/* One hole at least is there: not everything can have arrived. True when sacked_out was too large.
 */
static bool tcp_limit_reno_sacked(struct tcp_sock *tp)
{
	u32 holes = max(tp->lost_out, 1u);

	holes = min(holes, tp->packets_out);
	if (tp->sacked_out + holes <= tp->packets_out)
		return false;
	tp->sacked_out = tp->packets_out - holes;
	return true;
}

/* More duplicates than there can be holes for: the network reorders. */
void tcp_check_reno_reordering(struct sock *sk, int addend)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_limit_reno_sacked(tp))
		return;
	tp->reordering = min_t(u32, tp->packets_out + (u32)addend,
			       (u32)sock_net(sk)->ipv4.sysctl_tcp_max_reordering);
	tp->reord_seen++;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPRENOREORDER);
}

static void tcp_add_reno_sack(struct sock *sk, int num_dupack, bool ece_ack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior = tp->sacked_out;

	if (!num_dupack)
		return;
	tp->sacked_out += (u32)num_dupack;
	tcp_check_reno_reordering(sk, 0);
	if (tp->sacked_out > prior)
		tcp_count_delivered(tp, tp->sacked_out - prior, ece_ack);
	tcp_verify_left_out(tp);
}

/* `acked` segments were acknowledged cumulatively: one filled the hole, the rest were counted. */
void tcp_remove_reno_sacks(struct sock *sk, int acked, bool ece_ack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int counted = (int)tp->sacked_out;

	if (acked > 0) {
		tcp_count_delivered(tp, (u32)max(acked - counted, 1), ece_ack);
		tp->sacked_out = acked - 1 >= counted ? 0 : (u32)(counted - (acked - 1));
	}
	tcp_check_reno_reordering(sk, acked);
	tcp_verify_left_out(tp);
}

static void tcp_reset_reno_sack(struct tcp_sock *tp)
{
	tp->sacked_out = 0;
}

/* ---- marking ---- */

/* skb needs retransmission; if its retransmission was under way, that one was lost, too. */
void tcp_mark_skb_lost(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 n = (u32)tcp_skb_pcount(skb);

	if (cb->sacked & TCPCB_SACKED_ACKED)
		return;
	if ((!tp->retransmit_skb_hint && tp->retrans_out >= tp->lost_out) ||
	    (tp->retransmit_skb_hint && before(cb->seq, TCP_SKB_CB(tp->retransmit_skb_hint)->seq)))
		tp->retransmit_skb_hint = skb;
	if (cb->sacked & TCPCB_LOST) {
		if (!(cb->sacked & TCPCB_SACKED_RETRANS))
			return;
		cb->sacked &= (u8)~TCPCB_SACKED_RETRANS;
		BUG_ON(tp->retrans_out < n);
		tp->retrans_out -= n;
		NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPLOSTRETRANSMIT, n);
	} else {
		tp->lost_out += n;
		cb->sacked |= TCPCB_LOST;
	}
	tp->lost += n;
}

/*
 * RFC 6675's rule, for tcp_recovery without RACK: lost is what has more than `packets` SACKed
 * segments above it; head_only marks the first segment alone.
 */
static void tcp_mark_head_lost(struct sock *sk, int packets, bool head_only)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 loss_high = tcp_highest_sack_seq(tp);
	struct sk_buff *skb;
	int sacked = 0;

	for (skb = tcp_rtx_queue_head(sk); skb; skb = skb_rb_next(skb)) {
		if (after(TCP_SKB_CB(skb)->end_seq, loss_high))
			break;
		if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)
			sacked += tcp_skb_pcount(skb);
		if (sacked > packets)
			break;
		if (!(TCP_SKB_CB(skb)->sacked & TCPCB_LOST))
			tcp_mark_skb_lost(sk, skb);
		if (head_only)
			break;
	}
	tcp_verify_left_out(tp);
}

/* fast_rexmit: recovery begins, so the head is lost whatever the count says. */
static void tcp_update_scoreboard(struct sock *sk, bool fast_rexmit)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int sacked_upto = (int)tp->sacked_out - (int)tp->reordering;

	if (!tcp_is_sack(tp))
		return;
	if (sacked_upto >= 0)
		tcp_mark_head_lost(sk, sacked_upto, false);
	else if (fast_rexmit)
		tcp_mark_head_lost(sk, 1, true);
}

/* SACKed far beyond the reordering that we know: do not wait for more. */
bool tcp_force_fast_retransmit(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return after(tcp_highest_sack_seq(tp), tp->snd_una + tp->reordering * tp->mss_cache);
}

static void tcp_identify_packet_loss(struct sock *sk, int *ack_flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_rtx_queue_empty(sk))
		return;
	if (tcp_is_reno(tp)) {
		tcp_newreno_mark_lost(sk, *ack_flag & FLAG_SND_UNA_ADVANCED);
	} else if (tcp_is_rack(sk)) {
		u32 prior_retrans = tp->retrans_out;

		if (tcp_rack_mark_lost(sk)) /* it has set its timer */
			*ack_flag &= ~FLAG_SET_XMIT_TIMER;
		if (prior_retrans > tp->retrans_out)
			*ack_flag |= FLAG_LOST_RETRANS;
	}
}

/* ---- the states ---- */

static bool tcp_time_to_recover(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->lost_out)
		return true;
	return !tcp_is_rack(sk) && tp->sacked_out + 1 > tp->reordering;
}

/* Neither recovering nor in loss: Open, or Disorder while something is out of the ordinary. */
void tcp_try_keep_open(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 state = TCP_CA_Open;

	if (tcp_left_out(tp) || tcp_any_retrans_done(sk))
		state = TCP_CA_Disorder;
	if (inet_csk(sk)->icsk_ca_state != state) {
		tcp_set_ca_state(sk, state);
		tp->high_seq = tp->snd_nxt;
	}
}

static void tcp_try_to_open(struct sock *sk, int flag)
{
	tcp_verify_left_out(tcp_sk(sk));
	tcp_retrans_stamp_cleanup(sk);
	if (flag & FLAG_ECE)
		tcp_enter_cwr(sk);
	if (inet_csk(sk)->icsk_ca_state != TCP_CA_CWR)
		tcp_try_keep_open(sk);
}

/* Remember where we are, so that the reduction can be undone. */
void tcp_init_undo(struct tcp_sock *tp)
{
	tp->undo_marker = tp->snd_una;
	tp->undo_retrans = (int)tp->retrans_out;
	if (tp->tlp_high_seq && tp->tlp_retrans)
		tp->undo_retrans++;
	if (!tp->undo_retrans) /* 0 would mean: all retransmissions were duplicates */
		tp->undo_retrans = -1;
}

void tcp_enter_recovery(struct sock *sk, bool ece_ack)
{
	struct tcp_sock *tp = tcp_sk(sk);

	NET_INC_STATS(sock_net(sk),
		      tcp_is_reno(tp) ? LINUX_MIB_TCPRENORECOVERY : LINUX_MIB_TCPSACKRECOVERY);
	tp->prior_ssthresh = 0;
	tcp_init_undo(tp);
	if (!tcp_in_cwnd_reduction(sk)) {
		if (!ece_ack)
			tp->prior_ssthresh = tcp_current_ssthresh(sk);
		tcp_init_cwnd_reduction(sk);
	}
	tcp_set_ca_state(sk, TCP_CA_Recovery);
}

/* Start afresh for a timeout: forget counters, not marks. */
void tcp_clear_retrans(struct tcp_sock *tp)
{
	tp->retrans_out = 0;
	tp->lost_out = 0;
	tp->undo_marker = 0;
	tp->undo_retrans = -1;
	tp->sacked_out = 0;
	tp->rack.advanced = 0;
}

/*
 * The timer ran out. The first segment is lost, and all that were sent longer than a round trip
 * ago. If the first one had been SACKed the receiver has thrown its data away (reneging): believe
 * none of its SACKs.
 */
static void tcp_timeout_mark_lost(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *head = tcp_rtx_queue_head(sk);
	bool reneg = head && TCP_SKB_CB(head)->sacked & TCPCB_SACKED_ACKED;

	if (reneg) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKRENEGING);
		tp->sacked_out = 0;
		tp->is_sack_reneg = 1;
	} else if (tcp_is_reno(tp)) {
		tcp_reset_reno_sack(tp);
	}
	for (skb = head; skb; skb = skb_rb_next(skb)) {
		u32 age = tcp_stamp_us_delta(tp->tcp_mstamp, tcp_skb_timestamp_us(skb));

		if (reneg)
			TCP_SKB_CB(skb)->sacked &= (u8)~TCPCB_SACKED_ACKED;
		else if (tcp_is_rack(sk) && skb != head && tp->rack.rtt_us > age)
			continue;
		tcp_mark_skb_lost(sk, skb);
	}
	tcp_verify_left_out(tp);
	tcp_clear_all_retrans_hints(tp);
}

/* From the retransmission timer, before it retransmits the first segment. */
void tcp_enter_loss(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct net *net = sock_net(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool new_recovery = icsk->icsk_ca_state < TCP_CA_Recovery;
	u32 reordering = (u32)net->ipv4.sysctl_tcp_reordering;

	tcp_timeout_mark_lost(sk);
	tcp_cwnd_enter_loss(sk);
	/* A timeout after so many SACKs: the reordering we assumed kept us from recovering. */
	if (icsk->icsk_ca_state <= TCP_CA_Disorder && tp->sacked_out >= reordering)
		tp->reordering = min(tp->reordering, reordering);
	tcp_set_ca_state(sk, TCP_CA_Loss);
	tp->high_seq = tp->snd_nxt;
	tp->tlp_high_seq = 0; /* the timeout has dealt with what the probe was to find out */
	tcp_ecn_queue_cwr(tp);
	/* F-RTO, RFC 5682 section 2: the first timeout may be spurious, and so may repeated ones of
	 * the same segment; a new one during recovery is not. */
	tp->frto = net->ipv4.sysctl_tcp_frto && (new_recovery || icsk->icsk_retransmits) &&
		   !icsk->icsk_mtup.probe_size;
}

/* Segments are marked lost for reasons that have nothing to do with congestion: send them again. */
void tcp_non_congestion_loss_retransmit(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_state != TCP_CA_Loss) {
		tp->high_seq = tp->snd_nxt;
		tcp_cwnd_keep(sk);
		tp->prior_ssthresh = 0;
		tp->undo_marker = 0;
		tcp_set_ca_state(sk, TCP_CA_Loss);
	}
	tcp_xmit_retransmit_queue(sk);
}

/* The path's MTU shrank: what does not fit any more is lost, without any blame for congestion. */
void tcp_simple_retransmit(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	/* The data of a Fast Open SYN stands in a segment of its own: both were lost. */
	bool all = tp->syn_data && sk->sk_state == TCP_SYN_SENT;
	unsigned int mss = tcp_current_mss(sk);
	struct sk_buff *skb;

	for (skb = tcp_rtx_queue_head(sk); skb; skb = skb_rb_next(skb)) {
		u32 seglen = tcp_skb_pcount(skb) == 1 ? skb->len : (u32)tcp_skb_mss(skb);

		if (all || seglen > mss)
			tcp_mark_skb_lost(sk, skb);
	}
	tcp_clear_all_retrans_hints(tp);
	if (!tp->lost_out)
		return;
	if (tcp_is_reno(tp))
		tcp_limit_reno_sacked(tp);
	tcp_verify_left_out(tp);
	tcp_non_congestion_loss_retransmit(sk);
}

/*
 * One step of F-RTO after a timeout (RFC 5682): send new data instead of retransmissions and see
 * whether the original segments get acknowledged. True when the ACK is dealt with.
 */
static bool tcp_frto_step(struct sock *sk, int flag, int num_dupack, enum tcp_rexmit *rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* Step 3.b: something sent before the timeout and never retransmitted was (S)ACKed. */
	if (flag & FLAG_ORIG_SACK_ACKED && tcp_try_undo_loss(sk, true))
		return true;
	if (after(tp->snd_nxt, tp->high_seq)) {
		if (flag & FLAG_DATA_SACKED || num_dupack)
			tp->frto = 0; /* step 3.a: a real loss */
	} else if (flag & FLAG_SND_UNA_ADVANCED && before(tp->snd_una, tp->high_seq)) {
		tp->high_seq = tp->snd_nxt;
		/* Step 2.b: if there is new data and room for it. */
		if (tcp_send_head(sk) && after(tcp_wnd_end(tp), tp->snd_nxt)) {
			*rexmit = REXMIT_NEW;
			return true;
		}
		tp->frto = 0;
	}
	return false;
}

static void tcp_process_loss(struct sock *sk, int flag, int num_dupack, enum tcp_rexmit *rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool recovered = !before(tp->snd_una, tp->high_seq);

	if ((flag & FLAG_SND_UNA_ADVANCED || tp->fastopen_rsk) && tcp_try_undo_loss(sk, false))
		return;
	if (tp->frto && tcp_frto_step(sk, flag, num_dupack, rexmit))
		return;
	if (recovered) {
		tcp_try_undo_recovery(sk);
		return;
	}
	if (tcp_is_reno(tp)) {
		/* Duplicates of new data count; those of the retransmissions are expected. */
		if (after(tp->snd_nxt, tp->high_seq) && num_dupack)
			tcp_add_reno_sack(sk, num_dupack, flag & FLAG_ECE);
		else if (flag & FLAG_SND_UNA_ADVANCED)
			tcp_reset_reno_sack(tp);
	}
	*rexmit = REXMIT_LOST;
}

/* The first segment was SACKed and is not acknowledged: wait a little before calling it reneging.
 */
static bool tcp_check_sack_reneging(struct sock *sk, int *ack_flag)
{
	if (!(*ack_flag & FLAG_SACK_RENEGING) || !(*ack_flag & FLAG_SND_UNA_ADVANCED))
		return false;
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS,
				  max(usecs_to_ms(tcp_sk(sk)->srtt_us >> 4), 10u), TCP_RTO_MAX);
	*ack_flag &= ~FLAG_SET_XMIT_TIMER;
	return true;
}

/* All that was out when trouble began is acknowledged: leave CWR or Recovery. True: ACK dealt with.
 */
static bool tcp_try_leave_state(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (inet_csk(sk)->icsk_ca_state) {
	case TCP_CA_CWR:
		/* Some data beyond high_seq must be acknowledged, or a single CE mark reduces
		 * twice. */
		if (tp->snd_una != tp->high_seq) {
			tcp_end_cwnd_reduction(sk);
			tcp_set_ca_state(sk, TCP_CA_Open);
		}
		break;
	case TCP_CA_Recovery:
		if (tcp_is_reno(tp))
			tcp_reset_reno_sack(tp);
		if (tcp_try_undo_recovery(sk))
			return true;
		tcp_end_cwnd_reduction(sk);
		break;
	}
	return false;
}

/* In Recovery. True when the ACK is dealt with. */
static bool tcp_process_recovery(struct sock *sk, u32 prior_una, int num_dupack, int *ack_flag,
				 bool *do_lost)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(*ack_flag & FLAG_SND_UNA_ADVANCED)) {
		if (tcp_is_reno(tp))
			tcp_add_reno_sack(sk, num_dupack, *ack_flag & FLAG_ECE);
	} else if (tcp_try_undo_partial(sk, prior_una, do_lost)) {
		return true;
	}
	if (tcp_try_undo_dsack(sk))
		tcp_try_to_open(sk, *ack_flag);
	tcp_identify_packet_loss(sk, ack_flag);
	if (inet_csk(sk)->icsk_ca_state != TCP_CA_Recovery) {
		if (!tcp_time_to_recover(sk))
			return true;
		tcp_enter_recovery(sk, *ack_flag & FLAG_ECE);
	}
	return false;
}

/* In Open, Disorder or CWR. True when there is nothing to recover. */
static bool tcp_process_open(struct sock *sk, int num_dupack, int *ack_flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_is_reno(tp)) {
		if (*ack_flag & FLAG_SND_UNA_ADVANCED)
			tcp_reset_reno_sack(tp);
		tcp_add_reno_sack(sk, num_dupack, *ack_flag & FLAG_ECE);
	}
	if (inet_csk(sk)->icsk_ca_state <= TCP_CA_Disorder)
		tcp_try_undo_dsack(sk);
	tcp_identify_packet_loss(sk, ack_flag);
	if (!tcp_time_to_recover(sk)) {
		tcp_try_to_open(sk, *ack_flag);
		return true;
	}
	if (inet_csk(sk)->icsk_ca_state < TCP_CA_CWR && unlikely(tcp_mtup_probe_lost(sk))) {
		/* RFC 4821 section 7.6.2: too large, which is no sign of congestion. */
		tcp_mtup_probe_failed(sk);
		tcp_simple_retransmit(sk);
		return true;
	}
	tcp_enter_recovery(sk, *ack_flag & FLAG_ECE);
	return false;
}

/*
 * An ACK that is a duplicate, carries SACKs or an ECN echo, or arrives outside Open. num_dupack:
 * how many duplicates it stands for. Says in *rexmit what to send when the window has been set.
 */
void tcp_fastretrans_alert(struct sock *sk, u32 prior_una, int num_dupack, int *ack_flag,
			   enum tcp_rexmit *rexmit)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool do_lost =
		num_dupack || (*ack_flag & FLAG_DATA_SACKED && tcp_force_fast_retransmit(sk));
	bool fast_rexmit = false;

	if (!tp->packets_out && tp->sacked_out)
		tp->sacked_out = 0;
	if (*ack_flag & FLAG_ECE)
		tp->prior_ssthresh = 0;
	if (tcp_check_sack_reneging(sk, ack_flag))
		return;
	tcp_verify_left_out(tp);
	if (icsk->icsk_ca_state == TCP_CA_Open) {
		WARN_ON_ONCE(tp->retrans_out != 0 && !tp->syn_data && !tp->tlp_high_seq);
		tp->retrans_stamp = 0;
	} else if (!before(tp->snd_una, tp->high_seq) && tcp_try_leave_state(sk)) {
		return;
	}

	switch (icsk->icsk_ca_state) {
	case TCP_CA_Recovery:
		if (tcp_process_recovery(sk, prior_una, num_dupack, ack_flag, &do_lost))
			return;
		break;
	case TCP_CA_Loss:
		tcp_process_loss(sk, *ack_flag, num_dupack, rexmit);
		tcp_identify_packet_loss(sk, ack_flag);
		if (icsk->icsk_ca_state != TCP_CA_Open && !(*ack_flag & FLAG_LOST_RETRANS))
			return;
		/* The timeout is undone, or retransmissions were lost: judge as in Open. */
		__attribute__((fallthrough));
	default:
		if (tcp_process_open(sk, num_dupack, ack_flag))
			return;
		fast_rexmit = true;
	}
	if (!tcp_is_rack(sk) && do_lost)
		tcp_update_scoreboard(sk, fast_rexmit);
	*rexmit = REXMIT_LOST;
}

/* Send what tcp_fastretrans_alert asked for. */
void tcp_xmit_recovery(struct sock *sk, enum tcp_rexmit rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (rexmit == REXMIT_NONE || sk->sk_state == TCP_SYN_SENT)
		return;
	if (rexmit == REXMIT_NEW) {
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
		if (after(tp->snd_nxt, tp->high_seq))
			return;
		tp->frto = 0; /* nothing could be sent: retransmit in the usual way */
	}
	tcp_xmit_retransmit_queue(sk);
}
