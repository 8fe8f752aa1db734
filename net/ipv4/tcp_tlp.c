// SPDX-License-Identifier: BSD-2-Clause
/*
 * Tail loss probe (RFC 8985 section 7): when the last segments of a flight are lost nothing comes
 * back that could tell. Two round trips after the last sending, earlier than the retransmission
 * timeout, one segment is sent, new if there is one, else the last one again; its ACK starts
 * recovery with SACKs instead of a timeout.
 *
 * tcp_schedule_loss_probe() is called when data is sent or acknowledged, tcp_send_loss_probe() by
 * the timer, tcp_process_tlp_ack() by tcp_ack(). Sock locked.
 */
#include <net/tcp_data.h>
#include <net/tcp_pacing.h>
#include <net/tcp_pacing.h>

/*
 * Arm the probe timer instead of the retransmission timer. advancing_rto: the latter would start
 * now. False when a probe is not wanted: then the caller sets the retransmission timer.
 */
bool tcp_schedule_loss_probe(struct sock *sk, bool advancing_rto)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	int early_retrans = sock_net(sk)->ipv4.sysctl_tcp_early_retrans;
	u32 timeout_ms = TCP_TIMEOUT_INIT, rto_ms = icsk->icsk_rto;

	/* Before a Fast Open child's handshake is over the timer is the SYN-ACK's. */
	if (unlikely(tp->fastopen_rsk))
		return false;
	if (!tp->packets_out || !tcp_is_sack(tp) || (early_retrans != 3 && early_retrans != 4) ||
	    (icsk->icsk_ca_state != TCP_CA_Open && icsk->icsk_ca_state != TCP_CA_CWR))
		return false;
	if (tp->srtt_us) {
		u32 pto_us = tp->srtt_us >> 2; /* 2 x SRTT */

		/* A lone segment's ACK may be delayed. */
		pto_us += (tp->packets_out == 1 ? icsk->icsk_rto_min : TCP_TIMEOUT_MIN) *
			  (u32)USEC_PER_MSEC;
		timeout_ms = usecs_to_ms(pto_us);
	}
	if (!advancing_rto) {
		u64 due_us = tcp_skb_timestamp_us(tcp_rtx_queue_head(sk)) + rto_ms * USEC_PER_MSEC;

		rto_ms = due_us > tp->tcp_mstamp ? usecs_to_ms(due_us - tp->tcp_mstamp) : 0;
	}
	if (rto_ms)
		timeout_ms = min(timeout_ms, rto_ms);
	tcp_reset_xmit_timer(sk, ICSK_TIME_LOSS_PROBE, timeout_ms, TCP_RTO_MAX);
	return true;
}

/* Send again the last wire segment of the queue. */
static bool tcp_tlp_retransmit(struct sock *sk, u32 mss)
{
	struct sk_buff *skb = tcp_rtx_queue_tail(sk);
	u32 pcount, len;

	if (!skb || tcp_skb_still_in_host_queue(sk, skb))
		return false;
	pcount = (u32)tcp_skb_pcount(skb);
	len = (pcount - 1) * mss;
	if (pcount > 1 && skb->len > len) {
		if (tcp_fragment(sk, skb, len, mss, GFP_ATOMIC))
			return false;
		skb = skb_rb_next(skb);
	}
	if (!skb || __tcp_retransmit_skb(sk, skb, 1))
		return false;
	tcp_sk(sk)->tlp_retrans = 1;
	return true;
}

static bool tcp_tlp_send_new(struct sock *sk, u32 mss)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 packets_out = tp->packets_out;

	tcp_write_xmit(sk, mss, TCP_NAGLE_OFF, 2, GFP_ATOMIC);
	return tp->packets_out > packets_out;
}

/* The probe timer ran out. */
void tcp_send_loss_probe(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 mss = tcp_current_mss(sk);
	const struct sk_buff *head;
	bool sent = false;

	/* One probe at a time. */
	if (!tp->tlp_high_seq) {
		tp->tlp_retrans = 0;
		head = tcp_send_head(sk);
		if (head && tcp_snd_wnd_test(tp, head, mss))
			sent = tcp_tlp_send_new(sk, mss);
		else
			sent = tcp_tlp_retransmit(sk, mss);
	}
	if (sent) {
		tp->tlp_high_seq = tp->snd_nxt;
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPLOSSPROBES);
		inet_csk(sk)->icsk_pending = 0; /* the timeout counts from now */
	}
	tcp_rearm_rto(sk);
}

/* Did the probe repair a loss that nobody else noticed? Then the window must come down. */
void tcp_process_tlp_ack(struct sock *sk, u32 ack, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (before(ack, tp->tlp_high_seq))
		return;
	if (!tp->tlp_retrans || flag & FLAG_DSACK_TLP) {
		/* New data was acknowledged, or both copies arrived. */
		tp->tlp_high_seq = 0;
	} else if (after(ack, tp->tlp_high_seq)) {
		/* Only one of the two arrived. */
		tcp_init_cwnd_reduction(sk);
		tcp_set_ca_state(sk, TCP_CA_CWR);
		tcp_end_cwnd_reduction(sk);
		tcp_try_keep_open(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPLOSSPROBERECOVERY);
	} else if (!(flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DATA_SACKED))) {
		/* A pure duplicate: the probe was superfluous. */
		tp->tlp_high_seq = 0;
	}
}
