// SPDX-License-Identifier: BSD-2-Clause
/*
 * What to send again: single segments for the timer and the probes, and in recovery everything that
 * is marked lost, oldest first, as far as the congestion window goes (RFC 6675 section 5, rule 1 of
 * NextSeg; new data after that is tcp_output.c's).
 *
 * Called by tcp_timer.c, tcp_recovery.c, tcp_rack.c and tcp_tlp.c, sock locked. A retransmission is
 * cut to the present MSS and to the peer's window; a window shut in our face gets one segment as a
 * probe. Small neighbours are joined into one segment (tcp_retrans_collapse).
 */
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>
#include <net/tcp_pacing.h>

/* ---- joining small segments ---- */

/* Could skb, as it is, be a part of a joined segment? */
static bool tcp_can_collapse(const struct sk_buff *skb)
{
	return tcp_skb_pcount(skb) == 1 && !skb_cloned(skb) &&
	       !(TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED);
}

/* Append the segment behind skb to it. False when that is not possible without copying much. */
static bool tcp_collapse_retrans(struct sock *sk, struct sk_buff *skb, struct page_frag *pf)
{
	struct sk_buff *next = skb_rb_next(skb);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb), *gone = TCP_SKB_CB(next);
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_skb_unlinear(sk, next, pf) ||
	    (next->len && !skb_shift(skb, next, (int)next->len)))
		return false;
	if (tp->highest_sack == next)
		tp->highest_sack = skb;
	if (tp->retransmit_skb_hint == next)
		tp->retransmit_skb_hint = skb;
	cb->end_seq = gone->end_seq;
	cb->tcp_flags |= gone->tcp_flags;
	cb->sacked |= gone->sacked & TCPCB_EVER_RETRANS;
	cb->eor = gone->eor;
	tcp_adjust_pcount(sk, next, tcp_skb_pcount(next));
	tcp_rtx_queue_unlink_and_free(sk, next);
	return true;
}

/* Fill skb up to `space` bytes with what follows it. */
static void tcp_retrans_try_collapse(struct sock *sk, struct sk_buff *skb, u32 space)
{
	struct page_frag pf = {NULL, 0, 0};
	struct sk_buff *next;

	if (!sock_net(sk)->ipv4.sysctl_tcp_retrans_collapse ||
	    TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN || !tcp_can_collapse(skb))
		return;
	while (!TCP_SKB_CB(skb)->eor && (next = skb_rb_next(skb))) {
		if (!tcp_can_collapse(next) || skb->len + next->len > space ||
		    after(TCP_SKB_CB(next)->end_seq, tcp_wnd_end(tcp_sk(sk))) ||
		    !tcp_collapse_retrans(sk, skb, &pf))
			break;
	}
	if (pf.page)
		put_page(pf.page);
}

/* ---- one segment ---- */

/* Cut skb to at most segs wire segments and to the window. 0, -EAGAIN (beyond the window), -ENOMEM.
 */
static int tcp_retransmit_fit(struct sock *sk, struct sk_buff *skb, int segs)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 mss = tcp_current_mss(sk), len = mss * (u32)segs;
	s32 window = (s32)(tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq);
	int diff;

	if (window <= 0) {
		if (TCP_SKB_CB(skb)->seq != tp->snd_una)
			return -EAGAIN;
		window = (s32)mss;
	}
	if (len > (u32)window) {
		len = (u32)window / mss * mss;
		if (!len)
			len = (u32)window;
	}
	if (skb->len > len)
		return tcp_fragment(sk, skb, len, mss, GFP_ATOMIC) ? -ENOMEM : 0;
	if (skb_unclone(skb, GFP_ATOMIC))
		return -ENOMEM;
	diff = tcp_skb_pcount(skb);
	tcp_set_skb_tso_segs(skb, mss);
	diff -= tcp_skb_pcount(skb);
	if (diff)
		tcp_adjust_pcount(sk, skb, diff);
	if (skb->len < min((u32)window, mss))
		tcp_retrans_try_collapse(sk, skb, min((u32)window, mss));
	return 0;
}

/* Send the first `segs` wire segments of skb again, without marking them. 0 or -errno. */
int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	int err;

	inet_csk(sk)->icsk_mtup.probe_size = 0; /* an MTU probe has become inconclusive */
	if (tcp_skb_still_in_host_queue(sk, skb))
		return -EBUSY;
	if (before(cb->seq, tp->snd_una)) {
		BUG_ON(before(cb->end_seq, tp->snd_una));
		if (tcp_trim_head(sk, skb, tp->snd_una - cb->seq))
			return -ENOMEM;
	}
	if (inet_csk(sk)->icsk_af_ops->rebuild_header(sk))
		return -EHOSTUNREACH;
	err = tcp_retransmit_fit(sk, skb, segs);
	if (err)
		return err;
	if ((cb->tcp_flags & TCPHDR_SYN_ECN) == TCPHDR_SYN_ECN)
		tcp_ecn_clear_syn(sk, skb);
	segs = tcp_skb_pcount(skb);
	TCP_ADD_STATS(sock_net(sk), TCP_MIB_RETRANSSEGS, segs);
	if (cb->tcp_flags & TCPHDR_SYN)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSYNRETRANS);
	tp->total_retrans += (u32)segs;
	tp->bytes_retrans += skb->len;
	err = tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
	/* Even if it failed: its time of sending is no good for RTT samples any more. */
	cb->sacked |= TCPCB_EVER_RETRANS;
	if (err)
		NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPRETRANSFAIL, segs);
	return err;
}

int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	int err = __tcp_retransmit_skb(sk, skb, segs);

	if (!err) {
		if (!(cb->sacked & TCPCB_SACKED_RETRANS))
			tp->retrans_out += (u32)tcp_skb_pcount(skb);
		cb->sacked |= TCPCB_RETRANS;
	}
	if (!tp->retrans_stamp)
		tp->retrans_stamp = tcp_skb_timestamp(skb);
	if (tp->undo_retrans < 0)
		tp->undo_retrans = 0;
	tp->undo_retrans += tcp_skb_pcount(skb);
	return err;
}

static void tcp_count_retransmit(struct sock *sk, const struct sk_buff *skb)
{
	int mib = inet_csk(sk)->icsk_ca_state == TCP_CA_Loss ? LINUX_MIB_TCPSLOWSTARTRETRANS
							     : LINUX_MIB_TCPFASTRETRANS;

	NET_ADD_STATS(sock_net(sk), mib, tcp_skb_pcount(skb));
	if (tcp_in_cwnd_reduction(sk))
		tcp_sk(sk)->prr_out += (u32)tcp_skb_pcount(skb);
}

/* Retransmit what is lost, within the congestion window. */
void tcp_xmit_retransmit_queue(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *head = tcp_rtx_queue_head(sk);
	bool hole = false, rearm_timer = false;
	int max_segs;

	if (!tp->packets_out)
		return;
	/* SACKed segments that were joined may be larger than a device takes at once. */
	max_segs = (int)tcp_tso_segs(sk, tcp_current_mss(sk));
	for (skb = tp->retransmit_skb_hint ? tp->retransmit_skb_hint : head; skb;
	     skb = skb_rb_next(skb)) {
		u8 sacked = TCP_SKB_CB(skb)->sacked;
		int segs = (int)tp->snd_cwnd - (int)tcp_packets_in_flight(tp);

		if (tcp_pacing_check(sk))
			break;
		/* Everything before the first unmarked segment is dealt with. */
		if (!hole)
			tp->retransmit_skb_hint = skb;
		if (segs <= 0 || tp->retrans_out >= tp->lost_out)
			break;
		if (!(sacked & TCPCB_LOST)) {
			if (!(sacked & (TCPCB_SACKED_RETRANS | TCPCB_SACKED_ACKED)))
				hole = true;
			continue;
		}
		if (sacked & (TCPCB_SACKED_ACKED | TCPCB_SACKED_RETRANS))
			continue;
		if (tcp_small_queue_check(sk, skb, 1) ||
		    tcp_retransmit_skb(sk, skb, min(segs, max_segs)))
			break;
		tcp_count_retransmit(sk, skb);
		if (skb == head && icsk->icsk_pending != ICSK_TIME_REO_TIMEOUT)
			rearm_timer = true;
	}
	if (rearm_timer)
		tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, icsk->icsk_rto, TCP_RTO_MAX);
}
