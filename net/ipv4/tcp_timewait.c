// SPDX-License-Identifier: BSD-2-Clause
/*
 * TIME-WAIT, and FIN-WAIT-2 of an orphan: the connection lives on as a tcp_timewait_sock that
 * answers late segments (RFC 9293 section 3.10.7.4), may be reopened by a SYN above its sequence
 * numbers or timestamps (section 3.6.1, RFC 6191), and is not assassinated by a reset when
 * tcp_rfc1337 is set.
 *
 * Called by tcp_ipv4.c for segments, by the close path and the keepalive timer for tcp_time_wait.
 * Softirqs off.
 */
#include <net/inet_hashtables.h>
#include <net/tcp_inline.h>
#include <net/tcp_metrics.h>
#include <string.h>

/* Outside the window: an ACK that says where we are, limited in rate. */
static enum tcp_tw_status tcp_tw_out_of_window(struct inet_timewait_sock *tw,
					       const struct sk_buff *skb, int mib)
{
	struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);

	if (tcp_oow_rate_limited(tw->tw_net, skb, mib, &tcptw->tw_last_oow_ack_time))
		return TCP_TW_SUCCESS;
	return TCP_TW_ACK;
}

/* The peer's FIN has not come yet: data resets, a FIN moves on to TIME-WAIT. */
static enum tcp_tw_status tcp_tw_fin_wait2(struct inet_timewait_sock *tw, struct sk_buff *skb,
					   const struct tcp_options_received *opt, bool paws_reject)
{
	struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);
	const struct tcphdr *th = tcp_hdr(skb);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;

	if (paws_reject ||
	    !tcp_in_window(seq, end_seq, tcptw->tw_rcv_nxt, tcptw->tw_rcv_nxt + tcptw->tw_rcv_wnd))
		return tcp_tw_out_of_window(tw, skb, LINUX_MIB_TCPACKSKIPPEDFINWAIT2);
	if (th->rst) {
		refcount_inc(&tw->tw_refcnt); /* the caller keeps its reference */
		inet_twsk_deschedule_put(tw);
		return TCP_TW_SUCCESS;
	}
	if (th->syn && !before(seq, tcptw->tw_rcv_nxt))
		return TCP_TW_RST;
	if (!th->ack || !after(end_seq, tcptw->tw_rcv_nxt) || end_seq == seq)
		return TCP_TW_SUCCESS;
	if (!th->fin || end_seq != tcptw->tw_rcv_nxt + 1)
		return TCP_TW_RST; /* data for a program that is gone */
	tw->tw_substate = TCP_TIME_WAIT;
	tcptw->tw_rcv_nxt = end_seq;
	if (opt->saw_tstamp) {
		tcptw->tw_ts_recent_stamp = tcp_seconds();
		tcptw->tw_ts_recent = opt->rcv_tsval;
	}
	inet_twsk_schedule(tw, TCP_TIMEWAIT_LEN);
	return TCP_TW_ACK;
}

/* A SYN above everything the old connection used may open a new one at once. */
static bool tcp_tw_syn_acceptable(const struct tcp_timewait_sock *tcptw, const struct sk_buff *skb,
				  const struct tcp_options_received *opt, bool paws_reject)
{
	const struct tcphdr *th = tcp_hdr(skb);

	if (!th->syn || th->rst || th->ack || paws_reject)
		return false;
	return after(TCP_SKB_CB(skb)->seq, tcptw->tw_rcv_nxt) ||
	       (opt->saw_tstamp && (s32)(tcptw->tw_ts_recent - opt->rcv_tsval) < 0);
}

/* What to do with a segment for tw; skb and the caller's reference stay the caller's. */
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw, struct sk_buff *skb)
{
	struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_options_received opt;
	bool paws_reject = false;

	memset(&opt, 0, sizeof(opt));
	if (th->doff > sizeof(*th) / 4 && tcptw->tw_ts_recent_stamp) {
		tcp_parse_options(tw->tw_net, skb, &opt, false);
		if (opt.saw_tstamp) {
			if (opt.rcv_tsecr)
				opt.rcv_tsecr -= tcptw->tw_ts_offset;
			opt.ts_recent = tcptw->tw_ts_recent;
			opt.ts_recent_stamp = tcptw->tw_ts_recent_stamp;
			paws_reject = tcp_paws_reject(&opt, th->rst);
		}
	}
	if (tw->tw_substate == TCP_FIN_WAIT2)
		return tcp_tw_fin_wait2(tw, skb, &opt, paws_reject);

	/* A pure ACK or RST exactly where we are: nothing to say. */
	if (!paws_reject && TCP_SKB_CB(skb)->seq == tcptw->tw_rcv_nxt &&
	    (TCP_SKB_CB(skb)->seq == TCP_SKB_CB(skb)->end_seq || th->rst)) {
		if (th->rst && !tw->tw_net->ipv4.sysctl_tcp_rfc1337) {
			refcount_inc(&tw->tw_refcnt);
			inet_twsk_deschedule_put(tw);
			return TCP_TW_SUCCESS;
		}
		if (!th->rst)
			inet_twsk_schedule(tw, TCP_TIMEWAIT_LEN);
		if (opt.saw_tstamp) {
			tcptw->tw_ts_recent = opt.rcv_tsval;
			tcptw->tw_ts_recent_stamp = tcp_seconds();
		}
		return TCP_TW_SUCCESS;
	}
	if (tcp_tw_syn_acceptable(tcptw, skb, &opt, paws_reject)) {
		u32 isn = tcptw->tw_snd_nxt + 65535 + 2;

		TCP_SKB_CB(skb)->tcp_tw_isn = isn ? isn : 1;
		return TCP_TW_SYN;
	}
	if (paws_reject)
		NET_INC_STATS(tw->tw_net, LINUX_MIB_PAWSESTAB);
	if (th->rst)
		return TCP_TW_SUCCESS;
	/* A retransmitted FIN starts the 2 MSL anew (RFC 9293 3.10.7.4, eighth). */
	if (paws_reject || th->ack)
		inet_twsk_schedule(tw, TCP_TIMEWAIT_LEN);
	return tcp_tw_out_of_window(tw, skb, LINUX_MIB_TCPACKSKIPPEDTIMEWAIT);
}

/*
 * A paced sock stamps its segments with the time at which they may leave, some of it still to come;
 * what TIME-WAIT answers by the clock must not be older (RFC 7323 section 5.4).
 */
static u32 tcp_tw_ts_offset(const struct tcp_sock *tp)
{
	s32 ahead = (s32)((u32)(tp->tcp_wstamp_ns / NSEC_PER_MSEC) - tcp_time_stamp_raw());

	return tp->tsoffset + (u32)max(ahead, 0);
}

/* sk becomes a timewait sock for timeo ms (FIN_WAIT2 or TIME_WAIT), or simply ends when there is no
 * room. */
void tcp_time_wait(struct sock *sk, int state, int timeo)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	struct inet_timewait_sock *tw;
	int rto = (int)((icsk->icsk_rto << 2) - (icsk->icsk_rto >> 1));

	local_bh_disable();
	tw = inet_twsk_alloc(sk, state);
	if (tw) {
		struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);

		tw->tw_rcv_wscale = tp->rx_opt.rcv_wscale;
		tcptw->tw_rcv_nxt = tp->rcv_nxt;
		tcptw->tw_snd_nxt = tp->snd_nxt;
		/* No more than a segment can tell: rcv_wnd may be beyond it. */
		tcptw->tw_rcv_wnd =
			min(tcp_receive_window(tp), 65535u << tp->rx_opt.rcv_wscale);
		tcptw->tw_ts_recent = tp->rx_opt.ts_recent;
		tcptw->tw_ts_recent_stamp = tp->rx_opt.ts_recent_stamp;
		tcptw->tw_ts_offset = tcp_tw_ts_offset(tp);
		/* Long enough for the peer to send its FIN again (3.5 RTO), short for a plain
		 * TIME-WAIT. */
		timeo = max(timeo, rto);
		if (state == TCP_TIME_WAIT)
			timeo = TCP_TIMEWAIT_LEN;
		inet_twsk_schedule(tw, (unsigned long)timeo);
		inet_twsk_hashdance(tw, sk);
		inet_twsk_put(tw);
	} else {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPTIMEWAITOVERFLOW);
	}
	tcp_update_metrics(sk);
	tcp_done(sk);
	local_bh_enable();
}

/*
 * tcp_tw_reuse: 1 any peer, 2 loopback only; safe by timestamps, a second old at least (RFC 6191).
 * A program that asked for the very port gets it anyway, if there are timestamps.
 */
bool tcp_twsk_unique(struct sock *sk, struct sock *sktw, bool bound)
{
	const struct tcp_timewait_sock *tcptw = tcp_twsk(sktw);
	struct tcp_sock *tp = tcp_sk(sk);
	int reuse = sock_net(sk)->ipv4.sysctl_tcp_tw_reuse;
	bool loopback = (be32_to_cpu(sk->sk_daddr) >> 24) == 127;

	if (!tcptw->tw_ts_recent_stamp || inet_twsk(sktw)->tw_substate != TCP_TIME_WAIT)
		return false;
	if (!bound && (!reuse || (reuse == 2 && !loopback) ||
		       tcp_seconds() - tcptw->tw_ts_recent_stamp < 1))
		return false;
	tp->write_seq = tcptw->tw_snd_nxt + 65535 + 2;
	if (!tp->write_seq)
		tp->write_seq = 1;
	tp->rx_opt.ts_recent = tcptw->tw_ts_recent;
	tp->rx_opt.ts_recent_stamp = tcptw->tw_ts_recent_stamp;
	return true;
}
