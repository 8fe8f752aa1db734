// SPDX-License-Identifier: BSD-2-Clause
/*
 * Segment arrives: RFC 9293 section 3.10.7, in the RFC's order, with RFC 5961's tightening of RST,
 * SYN and ACK and RFC 7323's PAWS in front.
 *
 * tcp_rcv_established() is the way of nearly every segment: header prediction (Van Jacobson) sorts
 * out the next in-order data and the plain ACK; all else takes the slow way through the same steps.
 * tcp_rcv_state_process() serves the other states; SYN-SENT is tcp_synsent.c, a listener's SYN
 * tcp_conn_request.c, TIME-WAIT tcp_timewait.c. Steps: first to fourth tcp_validate_incoming, fifth
 * (ACK) tcp_ack.c, sixth (URG) here, seventh (text) tcp_rcvq.c, eighth (FIN) tcp_fin here.
 *
 * Called by tcp_v4_do_rcv with skb->data at the TCP header and TCP_SKB_CB filled; sock locked.
 */
#include <kernel/lib/random.h>
#include <net/inet_common.h>
#include <net/tcp_data.h>
#include <net/tcp_metrics.h>
#include <signal.h>

/* Word 4 of the header without PSH and reserved bits, as on the wire. */
#define TCP_HP_BITS cpu_to_be32(~(0x0f000000u | (u32)TCPHDR_PSH << 16))

static be32 tcp_flag_word(const struct tcphdr *th)
{
	return *(const be32 *)((const u8 *)th + 12);
}

/* ---- after the segment ---- */

static void tcp_data_snd_check(struct sock *sk)
{
	if (tcp_send_head(sk))
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), tcp_sk(sk)->nonagle);
	tcp_check_space(sk);
}

static void tcp_ack_snd_check(struct sock *sk)
{
	if (inet_csk_ack_scheduled(sk))
		__tcp_ack_snd_check(sk);
}

/* ---- challenge ACKs ---- */

/*
 * RFC 5961 section 7: may an ACK be sent that makes an honest peer send an exact RST? At most one
 * in tcp_invalid_ratelimit ms for the connection (*last), and tcp_challenge_ack_limit a second for
 * the host, whose count begins at random so that it tells an attacker nothing. Counts what it says.
 */
bool tcp_challenge_allowed(struct net *net, u32 *last)
{
	u32 limit = (u32)net->ipv4.sysctl_tcp_challenge_ack_limit, now = tcp_jiffies32;

	if (*last && now - *last < (u32)net->ipv4.sysctl_tcp_invalid_ratelimit) {
		NET_INC_STATS(net, LINUX_MIB_TCPACKSKIPPEDCHALLENGE);
		return false;
	}
	*last = now ? now : 1;
	if (limit != INT32_MAX) {
		now /= (u32)HZ;
		if (now != net->ipv4.tcp_challenge_timestamp) {
			net->ipv4.tcp_challenge_timestamp = now;
			net->ipv4.tcp_challenge_count =
				limit ? (limit + 1) / 2 + get_random_u32_below(limit) : 0;
		}
		if (!net->ipv4.tcp_challenge_count)
			return false;
		net->ipv4.tcp_challenge_count--;
	}
	NET_INC_STATS(net, LINUX_MIB_TCPCHALLENGEACK);
	return true;
}

void tcp_send_challenge_ack(struct sock *sk)
{
	if (tcp_challenge_allowed(sock_net(sk), &tcp_sk(sk)->last_oow_ack_time))
		tcp_send_ack(sk);
}

/* ---- first to fourth ---- */

/*
 * An old timestamp on a pure duplicate ACK of the present state, not older than an RTO: the network
 * reordered it behind data. It does no harm, so PAWS lets it pass.
 */
static bool tcp_disordered_ack(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	const struct tcp_sock *tp = tcp_sk(sk);
	/* It would open the window (tcp_ack_update_window). */
	bool news = after(cb->seq, tp->snd_wl1) ||
		    (cb->seq == tp->snd_wl1 &&
		     (u32)cb->rx.window << tp->rx_opt.snd_wscale > tp->snd_wnd);

	return cb->tcp_flags & TCPHDR_ACK && cb->seq == cb->end_seq && cb->seq == tp->rcv_nxt &&
	       cb->ack_seq == tp->snd_una && !news &&
	       (s32)(tp->rx_opt.ts_recent - tp->rx_opt.rcv_tsval) <=
		       (s32)(inet_csk(sk)->icsk_rto * 1024 / HZ);
}

/* Does the segment touch what we expect or have just acknowledged? RCV.NXT is taken as of the last
 * ACK we sent, for the peer may not know of later ones. */
static bool tcp_sequence(const struct tcp_sock *tp, u32 seq, u32 end_seq)
{
	return !before(end_seq, tp->rcv_wup) && !after(seq, tp->rcv_nxt + tcp_receive_window(tp));
}

/* Some hosts send the RST that follows their FIN with the FIN's number. */
static bool tcp_reset_check(const struct sock *sk, const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->seq == tcp_sk(sk)->rcv_nxt - 1 &&
	       TCPF(sk->sk_state) & (TCPF(TCP_CLOSE_WAIT) | TCPF(TCP_LAST_ACK) | TCPF(TCP_CLOSING));
}

/* RFC 5961 section 3.2: an RST counts at RCV.NXT, or where the peer may believe RCV.NXT to be
 * because of our SACKs. */
static bool tcp_rst_exact(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, max_sack;
	int i;

	if (seq == tp->rcv_nxt || tcp_reset_check(sk, skb))
		return true;
	if (!tcp_is_sack(tp) || !tp->rx_opt.num_sacks)
		return false;
	max_sack = tp->selective_acks[0].end_seq;
	for (i = 1; i < tp->rx_opt.num_sacks; i++) {
		if (after(tp->selective_acks[i].end_seq, max_sack))
			max_sack = tp->selective_acks[i].end_seq;
	}
	return seq == max_sack;
}

/* Not acceptable: answer with an ACK, unless that was done lately. mib counts the silent cases. */
static void tcp_answer_unacceptable(struct sock *sk, const struct sk_buff *skb, int mib)
{
	if (!tcp_oow_rate_limited(sock_net(sk), skb, mib, &tcp_sk(sk)->last_oow_ack_time))
		tcp_send_dupack(sk, skb);
}

static void tcp_syn_challenge(struct sock *sk, bool syn_inerr)
{
	if (syn_inerr)
		TCP_INC_STATS(sock_net(sk), TCP_MIB_INERRS);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSYNCHALLENGE);
	tcp_send_challenge_ack(sk);
}

/* SYNs may cross: RFC 9293 figure 7. The peer's SYN-ACK repeats the SYN that we
 * have, and its ACK is the one that SYN-RECEIVED waits for. */
static bool tcp_simultaneous_synack(const struct sock *sk, const struct tcphdr *th,
				    const struct tcp_skb_cb *cb)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return sk->sk_state == TCP_SYN_RECV && sk->sk_socket && th->ack &&
	       cb->seq + 1 == cb->end_seq && cb->seq + 1 == tp->rcv_nxt &&
	       cb->ack_seq == tp->snd_nxt;
}

/*
 * First to fourth: sequence number (with PAWS), RST, security (not used), SYN. True: go on. False:
 * the segment is consumed. syn_inerr: count a SYN as an error.
 */
bool tcp_validate_incoming(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th,
			   bool syn_inerr)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_TCP_INVALID_SEQUENCE;
	struct tcp_sock *tp = tcp_sk(sk);

	/* RFC 7323 section 5.3, R1. RSTs pass whatever their timestamp (section 5.2). */
	if (tcp_fast_parse_options(sock_net(sk), skb, th, tp) && tp->rx_opt.saw_tstamp &&
	    !tcp_paws_check(&tp->rx_opt, TCP_PAWS_WINDOW) && !tcp_disordered_ack(sk, skb) &&
	    !th->rst) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWSESTAB);
		tcp_answer_unacceptable(sk, skb, LINUX_MIB_TCPACKSKIPPEDPAWS);
		reason = SKB_DROP_REASON_TCP_RFC7323_PAWS;
		goto discard;
	}

	/* First, check the sequence number. */
	if (!tcp_sequence(tp, TCP_SKB_CB(skb)->seq, TCP_SKB_CB(skb)->end_seq)) {
		if (th->rst && tcp_reset_check(sk, skb))
			goto reset;
		if (th->rst)
			goto discard;
		if (th->syn)
			tcp_syn_challenge(sk, syn_inerr);
		else
			tcp_answer_unacceptable(sk, skb, LINUX_MIB_TCPACKSKIPPEDSEQ);
		goto discard;
	}

	/* Second, check the RST bit. */
	if (th->rst) {
		if (tcp_rst_exact(sk, skb))
			goto reset;
		tcp_send_challenge_ack(sk);
		reason = SKB_DROP_REASON_TCP_RESET;
		goto discard;
	}

	/* Fourth, check the SYN bit: RFC 5961 section 4.2. */
	if (th->syn && !tcp_simultaneous_synack(sk, th, TCP_SKB_CB(skb))) {
		tcp_syn_challenge(sk, syn_inerr);
		reason = SKB_DROP_REASON_TCP_INVALID_SYN;
		goto discard;
	}
	return true;

reset:
	tcp_reset(sk, skb);
	reason = SKB_DROP_REASON_TCP_RESET;
discard:
	kfree_skb_reason(skb, reason);
	return false;
}

/* ---- sixth: urgent data (RFC 9293 section 3.8.5, RFC 6093) ---- */

/* A new urgent pointer? It points at the last urgent byte, or behind it (tcp_stdurg: RFC 1122). */
static void tcp_check_urg(struct sock *sk, const struct tcp_skb_cb *cb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ptr = cb->rx.urg_ptr;

	if (ptr && !sock_net(sk)->ipv4.sysctl_tcp_stdurg)
		ptr--;
	ptr += cb->seq;
	/* Read already, received already, or older than the one we know. */
	if (after(tp->copied_seq, ptr) || before(ptr, tp->rcv_nxt) ||
	    (tp->urg_data && !after(ptr, tp->urg_seq)))
		return;
	/* The old urgent byte is the next to be read, out of line: skip it, or it would become
	 * ordinary data. */
	if (tp->urg_seq == tp->copied_seq && tp->urg_data && !sock_flag(sk, SOCK_URGINLINE) &&
	    tp->copied_seq != tp->rcv_nxt) {
		struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);

		tp->copied_seq++;
		if (skb && !before(tp->copied_seq, TCP_SKB_CB(skb)->end_seq)) {
			__skb_unlink(skb, &sk->sk_receive_queue);
			consume_skb(skb);
		}
	}
	sk_send_sigurg(sk);
	tp->urg_data = TCP_URG_NOTYET;
	tp->urg_seq = ptr;
	tp->pred_flags = 0;
}

/* skb->data still at the TCP header. */
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 offset;
	u8 byte;

	if (unlikely(th->urg))
		tcp_check_urg(sk, cb);
	if (likely(tp->urg_data != TCP_URG_NOTYET))
		return;
	/* Behind a hole that has the byte: Linux takes one of this segment's header instead. */
	if (unlikely(before(tp->urg_seq, cb->seq)))
		return;
	offset = tp->urg_seq - cb->seq + cb->rx.doff - th->syn;
	if (offset < skb->len) {
		BUG_ON(skb_copy_bits(skb, offset, &byte, 1));
		tp->urg_data = TCP_URG_VALID | byte;
		if (!sock_flag(sk, SOCK_DEAD))
			sk->sk_data_ready(sk);
	}
}

/* ---- eighth: FIN ---- */

/* The peer has sent all it will; rcv_nxt is behind its FIN. Called by the seventh step. */
void tcp_fin(struct sock *sk)
{
	inet_csk_schedule_ack(sk);
	sk->sk_shutdown |= RCV_SHUTDOWN;
	sock_set_flag(sk, SOCK_DONE);
	switch (sk->sk_state) {
	case TCP_SYN_RECV:
	case TCP_ESTABLISHED:
		tcp_set_state(sk, TCP_CLOSE_WAIT);
		inet_csk_enter_pingpong_mode(sk);
		break;
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		break; /* it came again */
	case TCP_FIN_WAIT1:
		/* FINs crossed. */
		tcp_send_ack(sk);
		tcp_set_state(sk, TCP_CLOSING);
		break;
	case TCP_FIN_WAIT2:
		tcp_send_ack(sk);
		tcp_time_wait(sk, TCP_TIME_WAIT, 0);
		break;
	default:
		pr_err("tcp: FIN in state %d\n", sk->sk_state);
		break;
	}
	/* Nothing can follow a FIN. */
	tcp_ofo_purge(sk);
	if (sock_flag(sk, SOCK_DEAD))
		return;
	sk->sk_state_change(sk);
	sk_wake_async(sk, sk->sk_shutdown == SHUTDOWN_MASK || sk->sk_state == TCP_CLOSE ? POLL_HUP :
											  POLL_IN);
}

/* ---- ESTABLISHED ---- */

/* Header prediction matched: is the timestamp, if there must be one, what we expect? */
static bool tcp_fast_timestamp(struct tcp_sock *tp, const struct tcphdr *th)
{
	const u8 *p = (const u8 *)(th + 1);

	if (tp->tcp_header_len != sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED)
		return true;
	if (get_be32(p) !=
	    (TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP))
		return false;
	tp->rx_opt.saw_tstamp = 1;
	tp->rx_opt.rcv_tsval = get_be32(p + 4);
	tp->rx_opt.rcv_tsecr = get_be32(p + 8);
	if (tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	/* Older than the last one: PAWS looks at it on the slow way. */
	return (s32)(tp->rx_opt.rcv_tsval - tp->rx_opt.ts_recent) >= 0;
}

static void tcp_fast_store_ts(struct tcp_sock *tp)
{
	/* seq == rcv_nxt, so RFC 7323's SEG.SEQ <= Last.ACK.sent is rcv_nxt == rcv_wup. */
	if (tp->rx_opt.saw_tstamp && tp->rcv_nxt == tp->rcv_wup) {
		tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
		tp->rx_opt.ts_recent_stamp = (int)(tp->tcp_mstamp / USEC_PER_SEC);
	}
}

/* The next data in order, nothing special about it. Consumes skb. */
static void tcp_fast_data(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool fragstolen = false;
	int eaten;

	tcp_fast_store_ts(tp);
	tcp_rcv_rtt_measure_ts(sk, skb);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPHPHITS);
	skb_dst_drop(skb);
	skb_pull(skb, tp->tcp_header_len);
	eaten = tcp_queue_rcv(sk, skb, &fragstolen);
	tcp_event_data_recv(sk, skb);
	if (TCP_SKB_CB(skb)->ack_seq != tp->snd_una) {
		tcp_ack(sk, skb, FLAG_DATA);
		tcp_data_snd_check(sk);
	} else {
		tcp_init_wl(tp, TCP_SKB_CB(skb)->seq);
	}
	tcp_ack_snd_check(sk);
	if (eaten)
		kfree_skb_partial(skb, fragstolen);
	tcp_data_ready(sk);
}

/* A plain ACK. Consumes skb. */
static void tcp_fast_ack(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_fast_store_ts(tp);
	tcp_ack(sk, skb, 0);
	consume_skb(skb);
	tcp_data_snd_check(sk);
	tp->rcv_rtt_last_tsecr = tp->rx_opt.rcv_tsecr;
}

/* Consumes skb. */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	int err;

	tcp_mstamp_refresh(tp);
	tp->rx_opt.saw_tstamp = 0;
	/* Unlike Linux an ACK below SND.UNA goes the slow way, where RFC 5961 section 5 is checked
	 * before its data is taken. */
	if (likely((tcp_flag_word(th) & TCP_HP_BITS) == tp->pred_flags && cb->seq == tp->rcv_nxt &&
		   between(cb->ack_seq, tp->snd_una, tp->snd_nxt) && tcp_fast_timestamp(tp, th))) {
		if (skb->len == tp->tcp_header_len) {
			tcp_fast_ack(sk, skb);
			return;
		}
		if (likely((int)skb->truesize <= sk->sk_forward_alloc)) {
			tcp_fast_data(sk, skb);
			return;
		}
	} else {
		if (!(cb->tcp_flags & (TCPHDR_ACK | TCPHDR_RST | TCPHDR_SYN))) {
			kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
			return;
		}
		if (!tcp_validate_incoming(sk, skb, th, true))
			return;
	}

	/* Fifth, check the ACK field. */
	err = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT);
	if (err < 0) {
		/* ACKs what was not sent: RFC 9293 asks for an ACK in reply; Linux drops silently,
		 * and answers below SND.UNA - MAX.SND.WND by tcp_ack (RFC 5961). We do as Linux. */
		kfree_skb_reason(skb, (enum skb_drop_reason) - err);
		return;
	}
	tcp_rcv_rtt_measure_ts(sk, skb);

	/* Sixth, check the URG bit; seventh, process the segment text; eighth is within. */
	tcp_urg(sk, skb, th);
	tcp_data_queue(sk, skb);
	tcp_data_snd_check(sk);
	tcp_ack_snd_check(sk);
}

/* ---- the other states ---- */

/* In LISTEN. Nonzero: reset; else skb is consumed. */
static int tcp_rcv_listen(struct sock *sk, struct sk_buff *skb)
{
	u8 flags = TCP_SKB_CB(skb)->tcp_flags;
	int reason;

	if (flags & TCPHDR_RST) { /* first, check for an RST */
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_RESET);
		return 0;
	}
	if (flags & TCPHDR_ACK) /* second, check for an ACK */
		return 1;
	if ((flags & (TCPHDR_SYN | TCPHDR_FIN)) !=
	    TCPHDR_SYN) { /* third, a SYN, and nothing else */
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return 0;
	}
	reason = inet_csk(sk)->icsk_af_ops->conn_request(sk, skb);
	if (reason)
		kfree_skb_reason(skb, (enum skb_drop_reason)reason);
	else
		consume_skb(skb);
	return 0;
}

/* Our SYN is acknowledged in SYN-RECEIVED: the connection is there. */
static void tcp_syn_recv_established(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct request_sock *req = tp->fastopen_rsk;

	tp->delivered++; /* the SYN-ACK */
	if (!tp->srtt_us)
		tcp_synack_rtt_meas(sk, req);
	if (unlikely(req)) {
		tcp_rcv_synrecv_state_fastopen(sk); /* the transfer has begun with the SYN */
	} else {
		tcp_try_undo_spurious_syn(sk);
		tp->retrans_stamp = 0;
		tcp_init_transfer(sk, skb);
		tp->copied_seq = tp->rcv_nxt;
	}
	tcp_set_state(sk, TCP_ESTABLISHED);
	sk->sk_state_change(sk);
	tp->snd_wnd = (u32)TCP_SKB_CB(skb)->rx.window << tp->rx_opt.snd_wscale;
	tp->max_window = max(tp->max_window, tp->snd_wnd);
	tcp_init_wl(tp, TCP_SKB_CB(skb)->seq);
	if (tp->rx_opt.tstamp_ok)
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
	if (!inet_csk(sk)->icsk_ca_ops->cong_control)
		tcp_update_pacing_rate(sk);
	tp->lsndtime = tcp_event_jiffies32(tp); /* the first data is not sent after idleness */
	tcp_initialize_rcv_mss(sk);
	tcp_fast_path_on(tp);
	/* shutdown() was called before: now the FIN can go. */
	if (sk->sk_shutdown & SEND_SHUTDOWN)
		tcp_shutdown(sk, SEND_SHUTDOWN);
}

/* Data after the program has closed: RFC 1122 section 4.2.2.13 asks for a reset. */
static bool tcp_data_after_close(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u32 text_end = cb->end_seq - (cb->tcp_flags & TCPHDR_FIN ? 1 : 0);

	return cb->end_seq != cb->seq && after(text_end, tcp_sk(sk)->rcv_nxt);
}

enum ack_result { ACK_GO_ON, ACK_CONSUME, ACK_RESET };

/* Our FIN is acknowledged in FIN-WAIT-1. */
static enum ack_result tcp_enter_fin_wait2(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int tmo;

	tcp_set_state(sk, TCP_FIN_WAIT2);
	sk->sk_shutdown |= SEND_SHUTDOWN;
	sk->sk_dst_pending_confirm = 1;
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk); /* a lingering close() waits for it */
		return ACK_GO_ON;
	}
	/* Nobody holds the socket any more. */
	if (tp->linger2 < 0 || tcp_data_after_close(sk, skb)) {
		if (tp->linger2 >= 0 && tp->syn_fastopen && TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
			tcp_fastopen_active_disable(sk); /* a FIN, but not what was before it */
		tcp_done(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
		return ACK_RESET;
	}
	tmo = tcp_fin_time(sk);
	if (tmo > (int)TCP_TIMEWAIT_LEN) {
		inet_csk_reset_keepalive_timer(sk, (unsigned long)tmo - TCP_TIMEWAIT_LEN);
	} else if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN || sock_owned_by_user(sk)) {
		/* The FIN is in this segment: a timewait sock now would lose it. */
		inet_csk_reset_keepalive_timer(sk, (unsigned long)tmo);
	} else {
		tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
		return ACK_CONSUME;
	}
	return ACK_GO_ON;
}

/* Fifth, what an acceptable ACK means for the state. */
static enum ack_result tcp_ack_state(struct sock *sk, struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	bool all_acked = tp->snd_una == tp->write_seq && !tp->fin_unsent;

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
		tcp_syn_recv_established(sk, skb);
		break;
	case TCP_FIN_WAIT1:
		if (unlikely(tp->fastopen_rsk)) /* closed before the handshake was over */
			tcp_rcv_synrecv_state_fastopen(sk);
		if (all_acked)
			return tcp_enter_fin_wait2(sk, skb);
		break;
	case TCP_CLOSING:
		if (all_acked) {
			tcp_time_wait(sk, TCP_TIME_WAIT, 0);
			return ACK_CONSUME;
		}
		break;
	case TCP_LAST_ACK:
		if (all_acked) {
			tcp_update_metrics(sk);
			tcp_done(sk);
			return ACK_CONSUME;
		}
		break;
	}
	return ACK_GO_ON;
}

/* Seventh, segment text, by state. Nonzero: reset, skb not consumed. */
static int tcp_text_state(struct sock *sk, struct sk_buff *skb)
{
	switch (sk->sk_state) {
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		/* Only what came before the FIN, again. */
		if (!before(TCP_SKB_CB(skb)->seq, tcp_sk(sk)->rcv_nxt))
			break;
		__attribute__((fallthrough));
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
		if (sk->sk_shutdown & RCV_SHUTDOWN && tcp_data_after_close(sk, skb)) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
			tcp_reset(sk, skb);
			return 1;
		}
		__attribute__((fallthrough));
	case TCP_ESTABLISHED:
		tcp_data_queue(sk, skb);
		return 0;
	}
	consume_skb(skb);
	return 0;
}

/* In SYN-SENT. Nonzero: reset, skb not consumed. */
static int tcp_rcv_syn_sent(struct sock *sk, struct sk_buff *skb)
{
	int ret;

	tcp_mstamp_refresh(tcp_sk(sk));
	tcp_sk(sk)->rx_opt.saw_tstamp = 0;
	ret = tcp_rcv_synsent_state_process(sk, skb);
	if (ret >= 0)
		return ret;
	/* Sixth, check the URG bit; data on a SYN-ACK has been taken if we use Fast Open. */
	tcp_urg(sk, skb, tcp_hdr(skb));
	consume_skb(skb);
	tcp_data_snd_check(sk);
	return 0;
}

/* A Fast Open child before its handshake is over is still its request, too. False: skb is consumed.
 */
static bool tcp_rcv_fastopen(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason;

	if (tcp_check_req(sk, skb, tcp_sk(sk)->fastopen_rsk, true, &reason))
		return true;
	kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FASTOPEN);
	return false;
}

/* Any state but ESTABLISHED. Nonzero: the caller answers with a reset, skb is not consumed. */
int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	int err;

	switch (sk->sk_state) {
	case TCP_CLOSE:
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_CLOSE);
		return 0;
	case TCP_LISTEN:
		return tcp_rcv_listen(sk, skb);
	case TCP_SYN_SENT:
		return tcp_rcv_syn_sent(sk, skb);
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	tcp_sk(sk)->rx_opt.saw_tstamp = 0;
	if (unlikely(tcp_sk(sk)->fastopen_rsk) && !tcp_rcv_fastopen(sk, skb))
		return 0;
	if (!th->ack && !th->rst && !th->syn) {
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return 0;
	}

	/* First to fourth: sequence number, RST, security, SYN. */
	if (!tcp_validate_incoming(sk, skb, th, false))
		return 0;

	/* Fifth, check the ACK field. */
	err = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT | FLAG_NO_CHALLENGE_ACK);
	if (err <= 0 && sk->sk_state == TCP_SYN_RECV)
		return 1;
	/* An old ACK does no harm, and its FIN may be new. */
	if (err < 0) {
		tcp_send_challenge_ack(sk);
		kfree_skb_reason(skb, (enum skb_drop_reason) - err);
		return 0;
	}
	switch (tcp_ack_state(sk, skb)) {
	case ACK_CONSUME:
		consume_skb(skb);
		return 0;
	case ACK_RESET:
		return 1;
	case ACK_GO_ON:
		break;
	}

	/* Sixth, check the URG bit. */
	tcp_urg(sk, skb, th);

	/* Seventh, process the segment text; eighth, check the FIN bit (tcp_fin, called from it).
	 */
	if (tcp_text_state(sk, skb))
		return 1;
	if (sk->sk_state != TCP_CLOSE) {
		tcp_data_snd_check(sk);
		tcp_ack_snd_check(sk);
	}
	return 0;
}
