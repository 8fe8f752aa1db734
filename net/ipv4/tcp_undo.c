// SPDX-License-Identifier: BSD-2-Clause
/*
 * Taking back a reduction that was not deserved. Two witnesses: an echoed timestamp older than our
 * first retransmission proves that the original arrived (Eifel, RFC 3522, RFC 4015), and D-SACKs
 * for every retransmission prove that all were superfluous (RFC 3708). F-RTO (tcp_recovery.c) is a
 * third, for timeouts.
 *
 * undo_marker is snd_una at the beginning of the episode, 0 when there is nothing to undo;
 * undo_retrans counts retransmissions not yet reported as duplicates. Called from tcp_recovery.c,
 * sock locked.
 */
#include <net/tcp_data.h>

/* The echoed timestamp was sent before `when` (timestamp ticks). */
static bool tcp_tsopt_ecr_before(const struct tcp_sock *tp, u32 when)
{
	return tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr && before(tp->rx_opt.rcv_tsecr, when);
}

/* The originals were delayed, not lost: the peer has them, but has not heard of a retransmission.
 */
static bool tcp_packet_delayed(const struct tcp_sock *tp)
{
	if (tp->retrans_stamp)
		return tcp_tsopt_ecr_before(tp, tp->retrans_stamp);
	/* No retransmission has left yet (a full device, small queues), unless its time was
	 * forgotten: without SACK at high_seq, and when a SYN is acknowledged. */
	if (tcp_is_reno(tp) && !before(tp->snd_una, tp->high_seq))
		return false;
	return ((const struct sock *)tp)->sk_state != TCP_SYN_SENT;
}

static bool tcp_may_undo(const struct tcp_sock *tp)
{
	return tp->undo_marker && (!tp->undo_retrans || tcp_packet_delayed(tp));
}

/* Window and threshold as before; unmark_loss: and nothing is lost after all. */
void tcp_undo_cwnd_reduction(struct sock *sk, bool unmark_loss)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (unmark_loss) {
		for (skb = tcp_rtx_queue_head(sk); skb; skb = skb_rb_next(skb)) {
			if (!(TCP_SKB_CB(skb)->sacked & TCPCB_LOST))
				continue;
			TCP_SKB_CB(skb)->sacked &= (u8)~TCPCB_LOST;
			tcp_rack_requeue(sk, skb);
		}
		tp->lost_out = 0;
		tcp_clear_all_retrans_hints(tp);
	}
	tcp_cwnd_undo(sk);
	tp->undo_marker = 0;
	tp->rack.advanced = 1; /* judge the losses again */
}

/*
 * Without SACK, duplicates of segments below high_seq may still come: stay in the state until
 * something above it is acknowledged, or they would start a false fast retransmit (RFC 6582
 * section 4).
 */
static bool tcp_is_non_sack_preventing_reopen(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->snd_una != tp->high_seq || !tcp_is_reno(tp))
		return false;
	tcp_retrans_stamp_cleanup(sk);
	return true;
}

/* All that was lost is repaired. True: hold the state for now. */
bool tcp_try_undo_recovery(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_may_undo(tp)) {
		int mib = inet_csk(sk)->icsk_ca_state == TCP_CA_Loss ? LINUX_MIB_TCPLOSSUNDO
								     : LINUX_MIB_TCPFULLUNDO;

		tcp_undo_cwnd_reduction(sk, false);
		NET_INC_STATS(sock_net(sk), mib);
	} else if (tp->rack.reo_wnd_persist) {
		tp->rack.reo_wnd_persist--;
	}
	if (tcp_is_non_sack_preventing_reopen(sk))
		return true;
	tcp_set_ca_state(sk, TCP_CA_Open);
	tp->is_sack_reneg = 0;
	return false;
}

/* Every retransmission was reported as a duplicate. */
bool tcp_try_undo_dsack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->undo_marker || tp->undo_retrans)
		return false;
	tp->rack.reo_wnd_persist =
		(u8)min(TCP_RACK_RECOVERY_THRESH, tp->rack.reo_wnd_persist + 1) & 31;
	tcp_undo_cwnd_reduction(sk, false);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDSACKUNDO);
	return true;
}

/* In Loss, after SND.UNA moved or F-RTO found the timeout spurious. True when undone. */
bool tcp_try_undo_loss(struct sock *sk, bool frto_undo)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!frto_undo && !tcp_may_undo(tp))
		return false;
	tcp_undo_cwnd_reduction(sk, true);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPLOSSUNDO);
	if (frto_undo)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSPURIOUSRTOS);
	inet_csk(sk)->icsk_retransmits = 0;
	if (tcp_is_non_sack_preventing_reopen(sk))
		return true;
	if (frto_undo || tcp_is_sack(tp)) {
		tcp_set_ca_state(sk, TCP_CA_Open);
		tp->is_sack_reneg = 0;
	}
	return true;
}

/* In Recovery, on an ACK of a part: was the original only late? True when the ACK is dealt with. */
bool tcp_try_undo_partial(struct sock *sk, u32 prior_una, bool *do_lost)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->undo_marker || !tcp_packet_delayed(tp)) {
		*do_lost = tcp_force_fast_retransmit(sk);
		return false;
	}
	tcp_check_sack_reordering(sk, prior_una, true);
	/* Retransmissions are under way: judge when they are acknowledged, too. */
	if (tp->retrans_out)
		return true;
	tcp_retrans_stamp_cleanup(sk);
	tcp_undo_cwnd_reduction(sk, true);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPPARTIALUNDO);
	tcp_try_keep_open(sk);
	return false;
}
