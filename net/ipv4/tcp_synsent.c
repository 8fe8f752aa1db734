// SPDX-License-Identifier: BSD-2-Clause
/*
 * Segment arrives in SYN-SENT: RFC 9293 section 3.10.7.3, in its order: ACK, RST, (security,) SYN.
 *
 * A SYN-ACK completes the active open; a SYN alone is a simultaneous open (figure 8), answered with
 * a SYN-ACK in SYN-RECEIVED. Options are parsed here for the first time: what the peer did not
 * offer is off for the connection (RFC 7323 section 2.2).
 *
 * Called by tcp_rcv_state_process(), sock locked, tcp_mstamp fresh. Left out: Fast Open.
 */
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>
#include <net/tcp_fastopen.h>
#include <signal.h>

/* Something came that changes nothing: forget its options. */
static void tcp_synsent_undo(struct tcp_sock *tp, u16 mss_clamp)
{
	tcp_clear_options(&tp->rx_opt);
	tp->rx_opt.mss_clamp = mss_clamp;
}

/* The SYN-ACK echoes the first SYN, not the retransmitted one: the timeout was spurious (RFC 6298
 * section 5.7 would shrink the window otherwise). */
void tcp_try_undo_spurious_syn(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->undo_marker && tp->retrans_stamp && tp->rx_opt.saw_tstamp &&
	    tp->retrans_stamp == tp->rx_opt.rcv_tsecr)
		tp->undo_marker = 0;
}

/* Use timestamps if the SYN had them; the header of each segment is then longer. */
static void tcp_synsent_timestamps(struct tcp_sock *tp)
{
	tp->tcp_header_len = sizeof(struct tcphdr);
	if (!tp->rx_opt.saw_tstamp)
		return;
	tp->rx_opt.tstamp_ok = 1;
	tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
	tp->rx_opt.ts_recent_stamp = (int)(tp->tcp_mstamp / USEC_PER_SEC);
}

/* ESTABLISHED by active open. */
void tcp_finish_connect(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_set_state(sk, TCP_ESTABLISHED);
	inet_csk(sk)->icsk_ack.lrcvtime = tcp_event_jiffies32(tp);
	tcp_init_transfer(sk, skb);
	tp->lsndtime = tcp_event_jiffies32(tp); /* the first data is not sent after idleness */
	if (sock_flag(sk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(sk, (unsigned long)keepalive_time_when(tp));
	if (!tp->rx_opt.snd_wscale)
		__tcp_fast_path_on(tp, tp->snd_wnd);
	else
		tp->pred_flags = 0; /* the SYN-ACK's window was not scaled */
}

/* Our SYN is acknowledged and there is one of the peer. True: the data that went with it was not,
 * and has been sent again with the ACK. */
static bool tcp_synsent_established(struct sock *sk, struct sk_buff *skb)
{
	bool fastopen_fail;
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_ecn_rcv_synack(tp, tcp_hdr(skb));
	tcp_init_wl(tp, cb->seq);
	tcp_try_undo_spurious_syn(sk);
	tcp_ack(sk, skb, FLAG_SLOWPATH);
	tp->rcv_nxt = cb->seq + 1; /* the peer's SYN; text on it is not taken */
	tp->rcv_wup = cb->seq + 1;
	tp->snd_wnd = cb->rx.window; /* never scaled on a SYN */
	if (!tp->rx_opt.wscale_ok) {
		tp->rx_opt.snd_wscale = tp->rx_opt.rcv_wscale = 0;
		tp->window_clamp = min(tp->window_clamp, 65535u);
	}
	tcp_synsent_timestamps(tp);
	if (tp->rx_opt.tstamp_ok)
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);
	tp->copied_seq = tp->rcv_nxt; /* before the state changes: poll does not lock */
	tcp_finish_connect(sk, skb);
	fastopen_fail = (tp->syn_fastopen || tp->syn_data) && tcp_rcv_fastopen_synack(sk, skb);
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		sk_wake_async(sk, POLL_OUT);
	}
	return fastopen_fail;
}

/* A SYN without ACK: both sides open at once. */
static void tcp_synsent_simultaneous(struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_set_state(sk, TCP_SYN_RECV);
	tcp_synsent_timestamps(tp);
	tp->rcv_nxt = cb->seq + 1;
	tp->copied_seq = tp->rcv_nxt;
	tp->rcv_wup = tp->rcv_nxt;
	tp->snd_wnd = cb->rx.window;
	tp->max_window = tp->snd_wnd;
	tcp_init_wl(tp, cb->seq);
	if (!tp->rx_opt.wscale_ok) {
		tp->rx_opt.snd_wscale = tp->rx_opt.rcv_wscale = 0;
		tp->window_clamp = min(tp->window_clamp, 65535u);
	}
	tcp_ecn_rcv_syn(tp, tcp_hdr(skb));
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);
	tcp_send_synack(sk);
}

/* The ACK bit is set: is it for our SYN? False: reset (an RST in reply to an RST is not sent). */
static bool tcp_synsent_ack_ok(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ack = TCP_SKB_CB(skb)->ack_seq;

	if (!after(ack, tp->snd_una) || after(ack, tp->snd_nxt)) {
		/* Perhaps of an old connection whose end our reset will bring: try again soon. */
		if (!inet_csk(sk)->icsk_retransmits)
			inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, TCP_TIMEOUT_MIN,
						  TCP_RTO_MAX);
		return false;
	}
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr &&
	    !between(tp->rx_opt.rcv_tsecr, tp->retrans_stamp, tcp_time_stamp(tp))) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWSACTIVE);
		return false;
	}
	return true;
}

/* With an acceptable ACK. Returns as tcp_rcv_synsent_state_process. */
static int tcp_synsent_acked(struct sock *sk, struct sk_buff *skb, u16 mss_clamp)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct inet_connection_sock *icsk = inet_csk(sk);

	/* Second, check the RST bit. */
	if (th->rst) {
		tcp_reset(sk, skb);
		consume_skb(skb);
		return 0;
	}
	/* Fourth, check the SYN bit; fifth, neither SYN nor RST: drop. */
	if (!th->syn) {
		tcp_synsent_undo(tcp_sk(sk), mss_clamp);
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return 0;
	}
	if (tcp_synsent_established(sk, skb))
		return -1;
	if (sk->sk_write_pending || icsk->icsk_accept_queue.rskq_defer_accept ||
	    inet_csk_in_pingpong_mode(sk)) {
		/* Somebody waits to write: his data will carry the ACK. */
		inet_csk_schedule_ack(sk);
		tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, TCP_DELACK_MAX, TCP_RTO_MAX);
		consume_skb(skb);
		return 0;
	}
	tcp_send_ack(sk);
	return -1;
}

int tcp_rcv_synsent_state_process(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u16 mss_clamp = tp->rx_opt.mss_clamp;

	tcp_parse_options(sock_net(sk), skb, &tp->rx_opt, false);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	/* First, check the ACK bit. */
	if (th->ack) {
		if (tcp_synsent_ack_ok(sk, skb))
			return tcp_synsent_acked(sk, skb, mss_clamp);
		tcp_synsent_undo(tp, mss_clamp);
		return 1;
	}
	/* Second, an RST without ACK cannot be for us; PAWS against an old incarnation. */
	if (th->rst ||
	    (tp->rx_opt.ts_recent_stamp && tp->rx_opt.saw_tstamp &&
	     tcp_paws_reject(&tp->rx_opt, 0)) ||
	    !th->syn) {
		tcp_synsent_undo(tp, mss_clamp);
		kfree_skb_reason(skb,
				 th->rst ? SKB_DROP_REASON_TCP_RESET : SKB_DROP_REASON_TCP_FLAGS);
		return 0;
	}
	/* Fourth, the SYN bit alone. */
	tcp_synsent_simultaneous(sk, skb);
	consume_skb(skb);
	return 0;
}
