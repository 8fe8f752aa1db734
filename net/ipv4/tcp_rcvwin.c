// SPDX-License-Identifier: BSD-2-Clause
/*
 * How much window to offer, and how large the receive buffer should be.
 *
 * The window never shrinks (RFC 9293 section 3.8.6), is not opened in small steps (silly window
 * avoidance, section 3.8.6.2.2) and is scaled by RFC 7323. Of the buffer a part is kept for
 * overhead (tcp_adv_win_scale). rcv_ssthresh bounds the window by what the segments seen so far
 * cost in memory; the buffer grows when the program reads a window a round trip
 * (tcp_moderate_rcvbuf).
 *
 * Called by tcp_xmit.c for each segment sent, by tcp_delack.c and tcp_recvmsg.c to decide on
 * updates, at the beginning of a connection and for each read. Sock locked.
 */
#include <net/tcp_data.h>

/* Of `space` bytes of buffer, how many may hold payload? */
int tcp_win_from_space(const struct sock *sk, int space)
{
	int scale = sock_net(sk)->ipv4.sysctl_tcp_adv_win_scale;

	return scale <= 0 ? space >> -scale : space - (space >> scale);
}

int tcp_space(const struct sock *sk)
{
	return tcp_win_from_space(sk, sk->sk_rcvbuf - sk->sk_backlog.len -
					      atomic_read(&sk->sk_rmem_alloc));
}

int tcp_full_space(const struct sock *sk)
{
	return tcp_win_from_space(sk, sk->sk_rcvbuf);
}

/* What the peer may still send: RCV.WND as it was offered, counted from RCV.NXT. */
u32 tcp_receive_window(const struct tcp_sock *tp)
{
	s32 win = (s32)(tp->rcv_wup + tp->rcv_wnd - tp->rcv_nxt);

	return win < 0 ? 0 : (u32)win;
}

/* ---- the window of a segment ---- */

void tcp_adjust_rcv_ssthresh(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->rcv_ssthresh = min(tp->rcv_ssthresh, 4u * tp->advmss);
}

/* Without scaling: whole segments, and the present window while it is near enough. */
static u32 tcp_window_unscaled(const struct tcp_sock *tp, int free_space, int full_space, int mss)
{
	int window = (int)tp->rcv_wnd;

	if (window <= free_space - mss || window > free_space)
		return (u32)(free_space / mss * mss);
	if (mss == full_space && free_space > window + (full_space >> 1))
		return (u32)free_space;
	return (u32)window;
}

/* The window that the buffer allows now, bytes. */
u32 __tcp_select_window(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int mss = icsk->icsk_ack.rcv_mss, free_space = tcp_space(sk);
	int allowed = tcp_full_space(sk), full_space = min_t(int, (int)tp->window_clamp, allowed);
	int unit = 1 << tp->rx_opt.rcv_wscale;

	if (unlikely(mss > full_space)) {
		mss = full_space;
		if (mss <= 0)
			return 0;
	}
	if (free_space < full_space >> 1) {
		icsk->icsk_ack.quick = 0;
		if (tcp_under_memory_pressure(sk))
			tcp_adjust_rcv_ssthresh(sk);
		free_space = free_space < 0 ? 0 : free_space & ~(unit - 1);
		/* Nearly full: close the window rather than drop what it lets in. */
		if (free_space < allowed >> 4 || free_space < mss)
			return 0;
	}
	free_space = min(free_space, (int)tp->rcv_ssthresh);
	if (tp->rx_opt.rcv_wscale)
		return ALIGN_UP((u32)free_space, (u32)unit);
	return tcp_window_unscaled(tp, free_space, full_space, mss);
}

/* The window field of the segment that goes out now; from here on it is promised. */
u16 tcp_select_window(struct sock *sk)
{
	struct net *net = sock_net(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 old = tp->rcv_wnd, cur = tcp_receive_window(tp), win = __tcp_select_window(sk);
	u8 wscale = tp->rx_opt.rcv_wscale;

	if (win < cur) { /* what was offered stays offered */
		if (!win)
			NET_INC_STATS(net, LINUX_MIB_TCPWANTZEROWINDOWADV);
		win = ALIGN_UP(cur, 1u << wscale);
	}
	tp->rcv_wnd = win;
	tp->rcv_wup = tp->rcv_nxt;
	if (!wscale && net->ipv4.sysctl_tcp_workaround_signed_windows)
		win = min(win, MAX_TCP_WINDOW);
	else
		win = min(win, 65535u << wscale);
	win >>= wscale;
	if (unlikely(!win)) {
		tp->pred_flags = 0;
		if (old)
			NET_INC_STATS(net, LINUX_MIB_TCPTOZEROWINDOWADV);
	} else if (unlikely(!old)) {
		NET_INC_STATS(net, LINUX_MIB_TCPFROMZEROWINDOWADV);
	}
	return (u16)win;
}

/* ---- the beginning ---- */

/*
 * Window and scale for a SYN or SYN-ACK out of `space` bytes of buffer, with segments of mss bytes.
 * w->window_clamp is a wish (0: none) and becomes the bound.
 */
void tcp_select_initial_window(const struct sock *sk, int space, u32 mss, bool wscale_ok,
			       struct tcp_initial_window *w)
{
	const struct net *net = sock_net(sk);
	u32 room = space < 0 ? 0 : (u32)space;

	BUG_ON(!mss);
	if (!w->window_clamp)
		w->window_clamp = 65535u << TCP_MAX_WSCALE;
	room = min(w->window_clamp, room);
	if (room > mss)
		room = room / mss * mss;
	w->rcv_wnd =
		min(room, net->ipv4.sysctl_tcp_workaround_signed_windows ? MAX_TCP_WINDOW : 65535u);
	w->rcv_wscale = 0;
	if (wscale_ok) {
		/* Scale for the largest window that the buffer can ever grow to. */
		room = max(room, (u32)net->ipv4.sysctl_tcp_rmem[2]);
		room = max(room, net->core.rmem_max);
		room = min(room, w->window_clamp);
		w->rcv_wscale = (u8)clamp_t(int, ilog2(room | 1) - 15, 0, (int)TCP_MAX_WSCALE);
	}
	w->window_clamp = min(65535u << w->rcv_wscale, w->window_clamp);
}

/* A first guess at the peer's segment size, for delayed ACKs. */
void tcp_initialize_rcv_mss(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 hint = min_t(u32, tp->advmss, tp->mss_cache);

	hint = min(hint, tp->rcv_wnd / 2);
	hint = clamp_t(u32, hint, TCP_MIN_MSS, TCP_MSS_DEFAULT);
	inet_csk(sk)->icsk_ack.rcv_mss = (u16)hint;
}

/* The handshake is done: buffers and window for the data. */
void tcp_init_buffer_space(struct sock *sk)
{
	int app_win = sock_net(sk)->ipv4.sysctl_tcp_app_win;
	struct tcp_sock *tp = tcp_sk(sk);
	u32 maxwin = (u32)tcp_full_space(sk), space;

	if (!(sk->sk_userlocks & SOCK_SNDBUF_LOCK))
		tcp_sndbuf_expand(sk);
	tcp_mstamp_refresh(tp);
	tp->rcvq_space.time = tp->tcp_mstamp;
	tp->rcvq_space.seq = tp->copied_seq;
	if (tp->window_clamp >= maxwin) {
		tp->window_clamp = maxwin;
		if (app_win && maxwin > 4u * tp->advmss)
			tp->window_clamp = max(maxwin - (maxwin >> app_win), 4u * tp->advmss);
	}
	/* Keep room for one segment. */
	if (app_win && tp->window_clamp > 2u * tp->advmss && tp->window_clamp + tp->advmss > maxwin)
		tp->window_clamp = max(2u * tp->advmss, maxwin - tp->advmss);
	tp->rcv_ssthresh = min(tp->rcv_ssthresh, tp->window_clamp);
	tp->snd_cwnd_stamp = tcp_jiffies32;
	space = min(tp->rcv_ssthresh, tp->rcv_wnd);
	tp->rcvq_space.space = min(space, (u32)TCP_INIT_CWND * tp->advmss);
}

/* ---- learning from segments ---- */

/* The peer's segment size, for the rule "an ACK for every second full segment". */
void tcp_measure_rcv_mss(struct sock *sk, const struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	const u8 remnant = TCPHDR_FIN | TCPHDR_URG | TCPHDR_SYN | TCPHDR_PSH;
	u16 last = icsk->icsk_ack.last_seg_size;
	u32 len = skb_shinfo(skb)->gso_size ? skb_shinfo(skb)->gso_size : skb->len;

	icsk->icsk_ack.last_seg_size = 0;
	if (len >= icsk->icsk_ack.rcv_mss) {
		icsk->icsk_ack.rcv_mss = (u16)min_t(u32, len, tp->advmss);
		/* A full segment with PSH may be the end of what the peer has to say. */
		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_PSH)
			icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
		return;
	}
	/* Smaller than before: believe it when two segments in a row had that size, counted with
	 * header, for SACK blocks come and go. Without PSH a segment should be full. */
	len += TCP_SKB_CB(skb)->rx.doff;
	if (len >= TCP_MSS_DEFAULT + sizeof(struct tcphdr) ||
	    (len >= TCP_MIN_MSS + sizeof(struct tcphdr) &&
	     !(TCP_SKB_CB(skb)->tcp_flags & remnant))) {
		len -= tp->tcp_header_len;
		icsk->icsk_ack.last_seg_size = (u16)len;
		if (len == last) {
			icsk->icsk_ack.rcv_mss = (u16)len;
			return;
		}
	}
	if (icsk->icsk_ack.pending & ICSK_ACK_PUSHED)
		icsk->icsk_ack.pending |= ICSK_ACK_PUSHED2;
	icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
}

/* A segment that costs much more memory than payload: how far may the window still grow? */
static u32 tcp_grow_window_slow(const struct sock *sk, const struct sk_buff *skb, u32 truesize)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 cost = (u32)tcp_win_from_space(sk, (int)truesize) >> 1;
	u32 window = (u32)tcp_win_from_space(sk, sock_net(sk)->ipv4.sysctl_tcp_rmem[2]) >> 1;

	for (; tp->rcv_ssthresh <= window; cost >>= 1, window >>= 1) {
		if (cost <= skb->len)
			return 2u * inet_csk(sk)->icsk_ack.rcv_mss;
	}
	return 0;
}

/* Data came: let the window follow if segments of this kind fit the buffer. adjust: do not count
 * the descriptor of a segment that holds fragments only. */
void tcp_grow_window(struct sock *sk, const struct sk_buff *skb, bool adjust)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int room = min_t(int, (int)tp->window_clamp, tcp_space(sk)) - (int)tp->rcv_ssthresh;
	u32 truesize = skb->truesize, incr;

	if (room <= 0)
		return;
	if (tcp_under_memory_pressure(sk)) {
		tcp_adjust_rcv_ssthresh(sk);
		return;
	}
	if (adjust && !skb_headlen(skb))
		truesize -= min_t(u32, truesize, SKB_SHINFO_SIZE + sizeof(*skb));
	if (tcp_win_from_space(sk, (int)truesize) <= (int)skb->len)
		incr = 2u * tp->advmss;
	else
		incr = tcp_grow_window_slow(sk, skb, truesize);
	if (incr) {
		incr = max(incr, 2 * skb->len);
		tp->rcv_ssthresh += min((u32)room, incr);
		inet_csk(sk)->icsk_ack.quick |= 1;
	}
}

/* More memory is used than the buffer has: let it grow within tcp_rmem, or slow the peer down. */
void tcp_clamp_window(struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	int used = atomic_read(&sk->sk_rmem_alloc);
	struct tcp_sock *tp = tcp_sk(sk);

	inet_csk(sk)->icsk_ack.quick = 0;
	if (sk->sk_rcvbuf < ipv4->sysctl_tcp_rmem[2] && !(sk->sk_userlocks & SOCK_RCVBUF_LOCK) &&
	    !tcp_under_memory_pressure(sk) && ipv4->tcp_memory_allocated < ipv4->sysctl_tcp_mem[0])
		sk->sk_rcvbuf = min(used, ipv4->sysctl_tcp_rmem[2]);
	if (used > sk->sk_rcvbuf)
		tp->rcv_ssthresh = min(tp->window_clamp, 2u * tp->advmss);
}

/* ---- the receiver's round trip, and the buffer that follows from it ---- */

/* win_dep: the sample is the time that a window of data took, so an upper bound only. */
static void tcp_rcv_rtt_update(struct tcp_sock *tp, u32 sample_us, bool win_dep)
{
	u32 est = tp->rcv_rtt_est.rtt_us; /* 8 x smoothed */

	if (!est)
		est = sample_us << 3;
	else if (!win_dep)
		est += sample_us - (est >> 3);
	else
		est = min(est, sample_us << 3);
	tp->rcv_rtt_est.rtt_us = est;
}

/* Without timestamps: a window of data takes at least a round trip. */
void tcp_rcv_rtt_measure(struct tcp_sock *tp)
{
	if (tp->rcv_rtt_est.time) {
		if (before(tp->rcv_nxt, tp->rcv_rtt_est.seq))
			return;
		tcp_rcv_rtt_update(
			tp, max(tcp_stamp_us_delta(tp->tcp_mstamp, tp->rcv_rtt_est.time), 1u),
			true);
	}
	tp->rcv_rtt_est.seq = tp->rcv_nxt + tp->rcv_wnd;
	tp->rcv_rtt_est.time = tp->tcp_mstamp;
}

/* With timestamps: from when we sent what a full segment echoes. */
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 delta_ms;

	if (!tp->rx_opt.saw_tstamp || tp->rx_opt.rcv_tsecr == tp->rcv_rtt_last_tsecr)
		return;
	tp->rcv_rtt_last_tsecr = tp->rx_opt.rcv_tsecr;
	if (TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq < inet_csk(sk)->icsk_ack.rcv_mss)
		return;
	delta_ms = tcp_time_stamp(tp) - tp->rx_opt.rcv_tsecr;
	if (delta_ms < INT32_MAX / USEC_PER_MSEC)
		tcp_rcv_rtt_update(tp, max(delta_ms, 1u) * (u32)USEC_PER_MSEC, false);
}

/* The program read `copied` bytes within a round trip: room for twice that, and for growth. */
static void tcp_rcvbuf_grow(struct sock *sk, u32 copied)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 advmss = max_t(u32, tp->advmss, 1), rcvmem;
	u64 rcvwin = ((u64)copied << 1) + 16u * advmss, rcvbuf;

	if (tp->rcvq_space.space)
		rcvwin += 2 * (rcvwin * (copied - tp->rcvq_space.space) / tp->rcvq_space.space);
	rcvmem = advmss + MAX_TCP_HEADER + (u32)(SKB_SHINFO_SIZE + sizeof(struct sk_buff));
	while (tcp_win_from_space(sk, (int)rcvmem) < (int)advmss)
		rcvmem += 128;
	rcvbuf = min_t(u64, rcvwin / advmss * rcvmem, (u64)sock_net(sk)->ipv4.sysctl_tcp_rmem[2]);
	if (rcvbuf > (u64)sk->sk_rcvbuf) {
		sk->sk_rcvbuf = (int)rcvbuf;
		tp->window_clamp = (u32)tcp_win_from_space(sk, (int)rcvbuf);
	}
}

/* After each read. */
void tcp_rcv_space_adjust(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 copied;

	if (!tp->rcv_rtt_est.rtt_us)
		return;
	tcp_mstamp_refresh(tp);
	if (tcp_stamp_us_delta(tp->tcp_mstamp, tp->rcvq_space.time) < tp->rcv_rtt_est.rtt_us >> 3)
		return;
	copied = tp->copied_seq - tp->rcvq_space.seq;
	if (copied > tp->rcvq_space.space) {
		if (sock_net(sk)->ipv4.sysctl_tcp_moderate_rcvbuf &&
		    !(sk->sk_userlocks & SOCK_RCVBUF_LOCK))
			tcp_rcvbuf_grow(sk, copied);
		tp->rcvq_space.space = copied;
	}
	tp->rcvq_space.seq = tp->copied_seq;
	tp->rcvq_space.time = tp->tcp_mstamp;
}
