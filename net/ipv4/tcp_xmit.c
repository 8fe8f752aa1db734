// SPDX-License-Identifier: BSD-2-Clause
/*
 * Build one segment and hand it to IP: every segment of a connection passes __tcp_transmit_skb(),
 * data and SYNs from the queues as clones, pure ACKs, probes and RSTs as they are. Header fields of
 * RFC 9293 section 3.1; what may be sent when is decided elsewhere (tcp_output.c, tcp_retransmit.c,
 * tcp_delack.c).
 *
 * Also here: the segments without data: ACK, FIN, RST, window probes (RFC 9293 section 3.8.6.1) and
 * keepalives. Sock locked; thread or softirq.
 */
#include <net/ip.h>
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>
#include <net/tcp_pacing.h>

/* An ACK went out: nothing is owed any more, one quick ACK is used up. */
static void tcp_event_ack_sent(struct sock *sk, u32 rcv_nxt)
{
	if (unlikely(tcp_sk(sk)->compressed_ack))
		tcp_sack_compress_done(sk);
	if (unlikely(rcv_nxt != tcp_sk(sk)->rcv_nxt)) /* it acknowledged older data only */
		return;
	tcp_dec_quickack_mode(sk);
	inet_csk_clear_xmit_timer(sk, ICSK_TIME_DACK);
}

static void tcp_event_data_sent(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 now = tcp_event_jiffies32(tp);

	if (tcp_packets_in_flight(tp) == 0)
		tcp_ca_event(sk, CA_EVENT_TX_START);
	tp->lsndtime = now;
	/* An answer soon after a question: ACKs can ride on answers. */
	if (now - icsk->icsk_ack.lrcvtime < icsk->icsk_ack.ato)
		inet_csk_enter_pingpong_mode(sk);
}

/* SND.UP: an offset from SEG.SEQ, as far as 16 bits reach. */
static void tcp_write_urgent(const struct tcp_sock *tp, const struct tcp_skb_cb *cb,
			     struct tcphdr *th)
{
	if (before(tp->snd_up, cb->seq + 0x10000)) {
		th->urg_ptr = cpu_to_be16((u16)(tp->snd_up - cb->seq));
		th->urg = 1;
	} else if (after(cb->seq + 0xffff, tp->snd_nxt)) {
		th->urg_ptr = cpu_to_be16(0xffff);
		th->urg = 1;
	}
}

/* Header and options in front of skb->data, which is at the payload. */
static void tcp_write_header(struct sock *sk, struct sk_buff *skb, u32 rcv_nxt)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_out_options opts;
	unsigned int hdrlen;
	struct tcphdr *th;
	u16 window;

	if (unlikely(cb->tcp_flags & TCPHDR_SYN)) {
		hdrlen = tcp_syn_options(sk, skb, &opts);
		window = (u16)min(tp->rcv_wnd, 65535u); /* never scaled */
	} else {
		opts.mss = 0;
		hdrlen = tcp_established_options(sk, skb, &opts);
		/* The receiver's GRO need not wait for what follows. */
		if (tcp_skb_pcount(skb) > 1)
			TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
		window = tcp_select_window(sk);
		/* An ACK of older data (DCTCP): the right edge stays where it is. */
		if (unlikely(rcv_nxt != tp->rcv_nxt))
			window = (u16)min(65535u, window + ((tp->rcv_nxt - rcv_nxt) >>
							    tp->rx_opt.rcv_wscale));
	}
	hdrlen += (unsigned int)sizeof(*th);
	th = skb_push(skb, hdrlen);
	skb_reset_transport_header(skb);
	th->source = inet->inet_sport;
	th->dest = inet->inet_dport;
	th->seq = cpu_to_be32(cb->seq);
	th->ack_seq = cpu_to_be32(rcv_nxt);
	put_be16((u8 *)th + 12, (u16)(hdrlen << 10 | cb->tcp_flags));
	th->window = cpu_to_be16(window);
	th->check = 0;
	th->urg_ptr = 0;
	if (likely(!(cb->tcp_flags & TCPHDR_SYN)))
		tcp_ecn_send(sk, skb, th, hdrlen);
	if (unlikely(tp->snd_una != tp->snd_up && before(cb->seq, tp->snd_up)))
		tcp_write_urgent(tp, cb, th);
	tcp_options_write(th, tp, &opts);
}

static void tcp_count_sent(struct sock *sk, struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 hdrlen = __tcp_hdrlen(tcp_hdr(skb)), segs = (u32)tcp_skb_pcount(skb);

	if (skb->len != hdrlen) {
		tcp_event_data_sent(sk);
		tp->data_segs_out += segs;
		tp->bytes_sent += skb->len - hdrlen;
	}
	if (after(cb->end_seq, tp->snd_nxt) || cb->seq == cb->end_seq)
		TCP_ADD_STATS(sock_net(sk), TCP_MIB_OUTSEGS, segs);
	tp->segs_out += segs;
	if (segs > 1) {
		skb_shinfo(skb)->gso_segs = (u16)segs;
		skb_shinfo(skb)->gso_size = (u16)tcp_skb_mss(skb);
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
		if (unlikely(tcp_hdr(skb)->cwr))
			skb_shinfo(skb)->gso_type |= SKB_GSO_TCP_ECN;
	} else {
		skb_shinfo(skb)->gso_segs = 1;
		skb_shinfo(skb)->gso_size = 0;
		skb_shinfo(skb)->gso_type = 0;
	}
}

/*
 * Send skb. clone_it: skb is on a queue and stays there, a clone goes down; else skb is consumed.
 * rcv_nxt: what to acknowledge. 0 or -errno: then nothing was sent (-ENOBUFS: our device is full).
 */
int __tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp, u32 rcv_nxt)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u64 prior_wstamp = tp->tcp_wstamp_ns;
	struct sk_buff *orig = NULL;
	int err;

	BUG_ON(!tcp_skb_pcount(skb));
	tp->tcp_wstamp_ns = max(prior_wstamp, tp->tcp_clock_cache);
	skb->tstamp = tp->tcp_wstamp_ns;
	if (clone_it) {
		orig = skb;
		/* An earlier clone may be under way still: its header must not be overwritten. And
		 * after an odd number of bytes was trimmed, headers would lie askew. */
		if (unlikely(skb_cloned(orig) || (unsigned long)orig->data & 3))
			skb = pskb_copy(orig, MAX_TCP_HEADER, gfp);
		else
			skb = skb_clone(orig, gfp);
		if (unlikely(!skb))
			return -ENOBUFS;
	}
	tcp_write_header(sk, skb, rcv_nxt);
	skb_set_owner_w(skb, sk);
	skb->destructor = tcp_wfree;
	skb->hash = sk->sk_txhash;
	skb->l4_hash = 1;
	skb->dst_pending_confirm = sk->sk_dst_pending_confirm;
	sk->sk_dst_pending_confirm = 0;
	icsk->icsk_af_ops->send_check(sk, skb);
	if (likely(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_ACK))
		tcp_event_ack_sent(sk, rcv_nxt);
	tcp_count_sent(sk, skb);
	memset(skb->cb, 0, sizeof(struct inet_skb_parm));
	err = icsk->icsk_af_ops->queue_xmit(sk, skb, NULL);
	if (unlikely(err == -ENOBUFS))
		tcp_enter_cwr(sk);
	if (likely(!err) && orig) {
		tcp_update_skb_after_send(sk, orig, prior_wstamp);
		tcp_rate_skb_sent(sk, orig);
	}
	return err;
}

int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp)
{
	return __tcp_transmit_skb(sk, skb, clone_it, gfp, tcp_sk(sk)->rcv_nxt);
}

/* ---- segments without data ---- */

/* SND.NXT, or the edge of the window if the peer has shrunk it: a segment it will take. */
static u32 tcp_acceptable_seq(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 end = tcp_wnd_end(tp);

	if (!before(end, tp->snd_nxt) ||
	    (tp->rx_opt.wscale_ok && tp->snd_nxt - end < 1u << tp->rx_opt.rcv_wscale))
		return tp->snd_nxt;
	return end;
}

static struct sk_buff *tcp_alloc_nondata(u32 seq, u8 flags)
{
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER, GFP_ATOMIC);

	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, MAX_TCP_HEADER);
	tcp_init_nondata_skb(skb, seq, flags);
	return skb;
}

void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	skb->ip_summed = CHECKSUM_PARTIAL;
	cb->tcp_flags = flags;
	tcp_skb_pcount_set(skb, 1);
	cb->seq = seq;
	cb->end_seq = seq + (flags & (TCPHDR_SYN | TCPHDR_FIN) ? 1 : 0);
}

/* No memory for an ACK: try again a little later, later each time. */
static void tcp_ack_retry(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 delay = TCP_DELACK_MAX << min_t(int, icsk->icsk_ack.retry, 9);

	if (delay < TCP_RTO_MAX)
		icsk->icsk_ack.retry++;
	inet_csk_schedule_ack(sk);
	icsk->icsk_ack.ato = TCP_ATO_MIN;
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, delay, TCP_RTO_MAX);
}

/* A pure ACK now; rcv_nxt: what it acknowledges. */
void __tcp_send_ack(struct sock *sk, u32 rcv_nxt)
{
	struct sk_buff *skb;

	if (sk->sk_state == TCP_CLOSE)
		return;
	skb = tcp_alloc_nondata(tcp_acceptable_seq(sk), TCPHDR_ACK);
	if (unlikely(!skb)) {
		tcp_ack_retry(sk);
		return;
	}
	skb->truesize = 2; /* an ACK under way must not hold back data (tcp_tsq.c) */
	__tcp_transmit_skb(sk, skb, 0, GFP_ATOMIC, rcv_nxt);
}

void tcp_send_ack(struct sock *sk)
{
	__tcp_send_ack(sk, tcp_sk(sk)->rcv_nxt);
}

/*
 * A segment that makes the peer answer with its state: one byte below the window, without data.
 * urgent: at SND.UNA itself, so that the urgent pointer gets through.
 */
static int tcp_xmit_probe_skb(struct sock *sk, bool urgent, int mib)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_alloc_nondata(tp->snd_una - !urgent, TCPHDR_ACK);

	if (!skb)
		return -ENOBUFS;
	NET_INC_STATS(sock_net(sk), mib);
	return tcp_transmit_skb(sk, skb, 0, GFP_ATOMIC);
}

/*
 * Window probe or keepalive: waiting data if the window has any room, else an empty segment. 0
 * sent, negative not. mib: the counter of empty ones.
 */
int tcp_write_wakeup(struct sock *sk, int mib)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_send_head(sk);
	u32 mss, room;
	int err;

	if (sk->sk_state == TCP_CLOSE)
		return -EPIPE;
	if (!skb || !before(TCP_SKB_CB(skb)->seq, tcp_wnd_end(tp))) {
		if (between(tp->snd_up, tp->snd_una + 1, tp->snd_una + 0xffff))
			tcp_xmit_probe_skb(sk, true, mib);
		return tcp_xmit_probe_skb(sk, false, mib);
	}
	mss = tcp_current_mss(sk);
	room = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	if (before(tp->pushed_seq, TCP_SKB_CB(skb)->end_seq))
		tp->pushed_seq = TCP_SKB_CB(skb)->end_seq;
	/* The window is open, but not far: silly window avoidance held us back. */
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	if (room < TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq || skb->len > mss) {
		room = min(room, mss);
		if (tcp_fragment(sk, skb, room, mss, GFP_ATOMIC))
			return -ENOMEM;
	} else if (!tcp_skb_pcount(skb)) {
		tcp_set_skb_tso_segs(skb, mss);
	}
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	err = tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
	if (!err)
		tcp_event_new_data_sent(sk, skb);
	return err;
}

/* The probe timer ran out: probe, and set it anew with backoff. */
void tcp_send_probe0(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int err = tcp_write_wakeup(sk, LINUX_MIB_TCPWINPROBE);
	unsigned long timeout;

	if (tp->packets_out || skb_queue_empty(&sk->sk_write_queue)) {
		icsk->icsk_probes_out = 0;
		icsk->icsk_backoff = 0;
		icsk->icsk_probes_tstamp = 0;
		return;
	}
	icsk->icsk_probes_out++;
	if (err != -ENOBUFS) {
		if (icsk->icsk_backoff < sock_net(sk)->ipv4.sysctl_tcp_retries2)
			icsk->icsk_backoff++;
		timeout = tcp_probe0_when(sk, TCP_RTO_MAX);
	} else {
		/* Our own device is full: the peer is not to blame, no backoff. */
		timeout = TCP_RESOURCE_PROBE_INTERVAL;
	}
	timeout = tcp_clamp_probe0_to_user_timeout(sk, (u32)timeout);
	tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, timeout, TCP_RTO_MAX);
}

/* RST to a peer that must forget the connection (close with unread data, abort). */
void tcp_send_active_reset(struct sock *sk, gfp_t gfp)
{
	struct sk_buff *skb;

	TCP_INC_STATS(sock_net(sk), TCP_MIB_OUTRSTS);
	skb = tcp_alloc_nondata(tcp_acceptable_seq(sk), TCPHDR_ACK | TCPHDR_RST);
	if (!skb) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTFAILED);
		return;
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	if (tcp_transmit_skb(sk, skb, 0, gfp))
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTFAILED);
}

/*
 * FIN: on the last segment that waits to be sent, else on one of its own. Without memory for that
 * it goes on the last one that was sent, as if it had been there then, or waits for the probe
 * timer.
 */
void tcp_send_fin(struct sock *sk)
{
	struct sk_buff *skb = tcp_write_queue_tail(sk), *last = skb;
	struct tcp_sock *tp = tcp_sk(sk);

	tp->fin_unsent = 0;
	if (!last && tcp_under_memory_pressure(sk))
		last = tcp_rtx_queue_tail(sk);
	if (!last) {
		skb = tcp_stream_alloc_skb(sk, 0, GFP_ATOMIC, true);
		if (likely(skb)) {
			tcp_init_nondata_skb(skb, tp->write_seq, TCPHDR_ACK | TCPHDR_FIN);
			tcp_queue_skb(sk, skb);
		} else {
			last = tcp_rtx_queue_tail(sk);
		}
	}
	if (last) {
		TCP_SKB_CB(last)->tcp_flags |= TCPHDR_FIN;
		TCP_SKB_CB(last)->end_seq++;
		tp->write_seq++;
		if (!skb) {
			tp->snd_nxt++;
			return;
		}
	} else if (!skb) {
		tp->fin_unsent = 1;
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, TCP_RESOURCE_PROBE_INTERVAL,
					  TCP_RTO_MAX);
		return;
	}
	tcp_mstamp_refresh(tp);
	__tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
}
