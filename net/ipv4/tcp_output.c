// SPDX-License-Identifier: BSD-2-Clause
/*
 * What may be sent now? RFC 9293 section 3.8.6 (window, silly window avoidance), RFC 896 with
 * Minshall's change (Nagle), RFC 5681 (congestion window); and how much goes into one sk_buff for
 * the device to cut up (TSO).
 *
 * tcp_write_xmit() walks the write queue: called by tcp_push when the program has written, by
 * tcp_data_snd_check when an ACK came, by the loss probe. What it sends moves from sk_write_queue
 * to tcp_rtx_queue. Sock locked, thread or softirq. Segments are built in tcp_xmit.c.
 */
#include <net/tcp_mtu_probe.h>
#include <net/tcp_pacing.h>

static bool tcp_urg_mode(const struct tcp_sock *tp)
{
	return tp->snd_una != tp->snd_up;
}

/* ---- the conditions ---- */

/* How many segments the congestion window lets out. A lone FIN always may go. */
static u32 tcp_cwnd_test(const struct tcp_sock *tp, const struct sk_buff *skb)
{
	u32 in_flight, cwnd = tp->snd_cwnd;

	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN && tcp_skb_pcount(skb) == 1)
		return 1;
	in_flight = tcp_packets_in_flight(tp);
	if (in_flight >= cwnd)
		return 0;
	/* No burst of more than half a window at once. */
	return clamp_t(u32, cwnd >> 1, 1, cwnd - in_flight);
}

/* Does the first wire segment fit into the peer's window? */
bool tcp_snd_wnd_test(const struct tcp_sock *tp, const struct sk_buff *skb, unsigned int mss)
{
	u32 end = TCP_SKB_CB(skb)->end_seq;

	if (skb->len > mss)
		end = TCP_SKB_CB(skb)->seq + mss;
	return !after(end, tcp_wnd_end(tp));
}

/* Minshall: only a small segment that is still unacknowledged holds back another one. */
static bool tcp_minshall_check(const struct tcp_sock *tp)
{
	return after(tp->snd_sml, tp->snd_una) && !after(tp->snd_sml, tp->snd_nxt);
}

static void tcp_minshall_update(struct tcp_sock *tp, unsigned int mss, const struct sk_buff *skb)
{
	if (skb->len < (u32)tcp_skb_pcount(skb) * mss)
		tp->snd_sml = TCP_SKB_CB(skb)->end_seq;
}

/* True when a partial segment must wait: corked, or Nagle's rule. */
static bool tcp_nagle_check(bool partial, const struct tcp_sock *tp, int nonagle)
{
	return partial && (nonagle & TCP_NAGLE_CORK ||
			   (!nonagle && tp->packets_out && tcp_minshall_check(tp)));
}

static bool tcp_nagle_test(const struct tcp_sock *tp, const struct sk_buff *skb, unsigned int mss,
			   int nonagle)
{
	if (nonagle & TCP_NAGLE_PUSH)
		return true;
	if (tcp_urg_mode(tp) || TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		return true;
	return !tcp_nagle_check(skb->len < mss, tp, nonagle);
}

/* ---- how much at once ---- */

/* Wire segments for one sk_buff: about 1 ms at the pacing rate, more on short paths. */
u32 tcp_tso_segs(const struct sock *sk, unsigned int mss)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;
	const struct net *net = sock_net(sk);
	u32 gso_max = sk->sk_gso_max_size - 1 - MAX_TCP_HEADER, rtt_shift, segs;
	u32 min_segs = ca->min_tso_segs ? ca->min_tso_segs((struct sock *)sk)
					: (u32)net->ipv4.sysctl_tcp_min_tso_segs;
	unsigned long bytes = sk->sk_pacing_rate >> sk->sk_pacing_shift;

	if (sk->sk_gso_max_size <= MAX_TCP_HEADER + 1)
		return 1;
	rtt_shift = tcp_min_rtt(tcp_sk(sk)) >> net->ipv4.sysctl_tcp_tso_rtt_log;
	if (rtt_shift < 32)
		bytes += gso_max >> rtt_shift;
	segs = (u32)(min_t(unsigned long, bytes, gso_max) / mss);
	segs = max(segs, min_segs);
	return clamp_t(u32, segs, 1, sk->sk_gso_max_segs);
}

/* Payload bytes of skb to send as one: not beyond the window, no small tail that Nagle would hold.
 */
static unsigned int tcp_mss_split_point(const struct sock *sk, const struct sk_buff *skb,
					unsigned int mss, u32 max_segs, int nonagle)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 window = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq, max_len = mss * max_segs;
	u32 needed, partial;

	if (likely(max_len <= window && skb != tcp_write_queue_tail(sk)))
		return max_len;
	needed = min(skb->len, window);
	if (max_len <= needed)
		return max_len;
	partial = needed % mss;
	if (tcp_nagle_check(partial != 0, tp, nonagle))
		return needed - partial;
	return needed;
}

struct tso_limits {
	bool cwnd, rwnd; /* what stopped us */
	bool force;	 /* the congestion window does not count (tail loss probe) */
	u32 max_segs;	 /* wire segments of an sk_buff; 0 = not asked yet */
};

/* Everything that tcp_tso_should_defer can find at once. */
static bool tcp_tso_send_now(const struct sock *sk, const struct sk_buff *skb, u32 send_win,
			     u32 cong_win, u32 max_segs)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int divisor = sock_net(sk)->ipv4.sysctl_tcp_tso_win_divisor;
	u32 limit = min(send_win, cong_win);
	const struct sk_buff *head;

	/* Full size, or no more data would join it. */
	if (limit >= max_segs * tp->mss_cache ||
	    (skb != tcp_write_queue_tail(sk) && limit >= skb->len))
		return true;
	if (divisor > 0) {
		u32 chunk = min(tp->snd_wnd, tp->snd_cwnd * tp->mss_cache) / (u32)divisor;

		if (limit >= chunk)
			return true;
	} else if (limit > 3 * tp->mss_cache) {
		return true;
	}
	/* The next ACK, half a round trip after the oldest segment, must be near. */
	head = tcp_rtx_queue_head(sk);
	return !head ||
	       tp->tcp_clock_cache < head->tstamp + (u64)(tp->srtt_us >> 4) * NSEC_PER_USEC;
}

/* Wait for the next ACK, because then a larger piece may go? */
static bool tcp_tso_should_defer(const struct sock *sk, const struct sk_buff *skb,
				 struct tso_limits *lim)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 in_flight = tcp_packets_in_flight(tp), send_win, cong_win;

	if (inet_csk(sk)->icsk_ca_state >= TCP_CA_Recovery ||
	    tp->tcp_clock_cache > tp->tcp_wstamp_ns + NSEC_PER_MSEC)
		return false;
	BUG_ON(tcp_skb_pcount(skb) <= 1 || tp->snd_cwnd <= in_flight);
	send_win = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	cong_win = (tp->snd_cwnd - in_flight) * tp->mss_cache;
	if (tcp_tso_send_now(sk, skb, send_win, cong_win, lim->max_segs))
		return false;
	if (cong_win < send_win) {
		if (cong_win <= skb->len) {
			lim->cwnd = true;
			return true;
		}
	} else if (send_win <= skb->len) {
		lim->rwnd = true;
		return true;
	}
	return !(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN || TCP_SKB_CB(skb)->eor);
}

/* ---- sending ---- */

/* skb was sent for the first time: SND.NXT moves, it joins the unacknowledged ones. */
void tcp_event_new_data_sent(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior = tp->packets_out, segs = (u32)tcp_skb_pcount(skb);

	BUG_ON(TCP_SKB_CB(skb)->seq != tp->snd_nxt);
	tp->snd_nxt = TCP_SKB_CB(skb)->end_seq;
	__skb_unlink(skb, &sk->sk_write_queue);
	tcp_tx_queue_insert(sk, skb);
	if (!tp->highest_sack)
		tp->highest_sack = skb;
	tp->packets_out += segs;
	if (!prior || inet_csk(sk)->icsk_pending == ICSK_TIME_LOSS_PROBE)
		tcp_rearm_rto(sk);
	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPORIGDATASENT, segs);
	tcp_check_space(sk);
}

/* May skb, the head of the write queue, go now, and how many wire segments of it? 0: not now. */
static u32 tcp_send_quota(struct sock *sk, struct sk_buff *skb, unsigned int mss, int nonagle,
			  struct tso_limits *lim)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int segs = tcp_init_tso_segs(skb, mss);
	u32 quota = tcp_cwnd_test(tp, skb);

	if (!quota) {
		if (!lim->force)
			return 0;
		quota = 1;
	}
	if (unlikely(!tcp_snd_wnd_test(tp, skb, mss))) {
		lim->rwnd = true;
		return 0;
	}
	if (segs == 1) {
		bool last = tcp_write_queue_tail(sk) == skb;

		return tcp_nagle_test(tp, skb, mss, last ? nonagle : TCP_NAGLE_PUSH) ? 1 : 0;
	}
	return quota;
}

/* Send skb or as much of it as `quota` segments; false when that did not work. */
static bool tcp_write_one(struct sock *sk, struct sk_buff *skb, unsigned int mss,
			  unsigned int limit, gfp_t gfp)
{
	if (skb->len > limit && tcp_fragment(sk, skb, limit, mss, gfp))
		return false;
	if (tcp_small_queue_check(sk, skb, 0))
		return false;
	/* An empty one: a thread sleeps in sendmsg between making it and filling it. */
	if (TCP_SKB_CB(skb)->end_seq == TCP_SKB_CB(skb)->seq)
		return false;
	if (tcp_transmit_skb(sk, skb, 1, gfp))
		return false;
	tcp_event_new_data_sent(sk, skb);
	tcp_minshall_update(tcp_sk(sk), mss, skb);
	return true;
}

/* After a round of sending: who was the limit, and the timers that guard the tail. */
static void tcp_write_done(struct sock *sk, u32 sent, const struct tso_limits *lim, int push_one)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool cwnd_limited = lim->cwnd || tcp_packets_in_flight(tp) >= tp->snd_cwnd;

	if (lim->rwnd)
		tcp_chrono_start(sk, TCP_CHRONO_RWND_LIMITED);
	else if (tp->chrono_type == TCP_CHRONO_RWND_LIMITED)
		tcp_chrono_stop(sk, TCP_CHRONO_RWND_LIMITED);
	if (sent || cwnd_limited)
		tcp_cwnd_validate(sk, cwnd_limited);
	if (!sent)
		return;
	if (tcp_in_cwnd_reduction(sk))
		tp->prr_out += sent;
	if (push_one != 2)
		tcp_schedule_loss_probe(sk, false);
}

/*
 * Send what the windows allow. push_one: 1 = one sk_buff, 2 = one whatever the congestion window
 * says. True when data waits and nothing is in flight: the caller must set the probe timer.
 */
bool tcp_write_xmit(struct sock *sk, unsigned int mss_now, int nonagle, int push_one, gfp_t gfp)
{
	struct tso_limits lim = {.force = push_one == 2};
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	u32 sent = 0;

	sock_assert_locked(sk);
	tcp_mstamp_refresh(tp);
	if (unlikely(inet_csk(sk)->icsk_mtup.enabled) && !push_one) {
		int probed = tcp_mtu_probe(sk);

		if (!probed)
			return false;
		if (unlikely(probed > 0))
			sent = 1;
	}
	while ((skb = tcp_send_head(sk))) {
		unsigned int limit = mss_now;
		u32 quota;

		if (tcp_pacing_check(sk))
			break;
		quota = tcp_send_quota(sk, skb, mss_now, nonagle, &lim);
		if (!quota)
			break;
		if (tcp_skb_pcount(skb) > 1) {
			if (!lim.max_segs)
				lim.max_segs = tcp_tso_segs(sk, mss_now);
			if (!push_one && tcp_tso_should_defer(sk, skb, &lim))
				break;
			if (!tcp_urg_mode(tp))
				limit = tcp_mss_split_point(sk, skb, mss_now,
							    min(quota, lim.max_segs), nonagle);
		}
		if (!limit || !tcp_write_one(sk, skb, mss_now, limit, gfp))
			break;
		sent += (u32)tcp_skb_pcount(skb);
		if (push_one)
			break;
	}
	tcp_write_done(sk, sent, &lim, push_one);
	return !sent && !tp->packets_out && !skb_queue_empty(&sk->sk_write_queue);
}

void __tcp_push_pending_frames(struct sock *sk, unsigned int cur_mss, int nonagle)
{
	if (unlikely(sk->sk_state == TCP_CLOSE))
		return;
	if (tcp_write_xmit(sk, cur_mss, nonagle, 0, GFP_ATOMIC))
		tcp_check_probe_timer(sk);
}

/* Send the first segment, which the program has filled, without waiting for more. */
void tcp_push_one(struct sock *sk, unsigned int mss_now)
{
	const struct sk_buff *skb = tcp_send_head(sk);

	BUG_ON(!skb || skb->len < mss_now);
	tcp_write_xmit(sk, mss_now, TCP_NAGLE_PUSH, 1, GFP_ATOMIC);
}

/* ---- room for the program ---- */

static bool tcp_should_expand_sndbuf(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct net *net = sock_net(sk);

	return !(sk->sk_userlocks & SOCK_SNDBUF_LOCK) && !tcp_under_memory_pressure(sk) &&
	       net->ipv4.tcp_memory_allocated < net->ipv4.sysctl_tcp_mem[0] &&
	       tcp_packets_in_flight(tp) < tp->snd_cwnd;
}

/* Data left the write queue or was acknowledged, and a writer waits for room. */
void tcp_check_space(struct sock *sk)
{
	if (likely(!sk->sk_socket || !(sk->sk_socket->flags & SOCK_FLAG_NOSPACE)))
		return;
	if (tcp_should_expand_sndbuf(sk)) {
		tcp_sndbuf_expand(sk);
		tcp_sk(sk)->snd_cwnd_stamp = tcp_jiffies32;
	}
	sk->sk_write_space(sk);
	if (sk->sk_socket && !(sk->sk_socket->flags & SOCK_FLAG_NOSPACE))
		tcp_chrono_stop(sk, TCP_CHRONO_SNDBUF_LIMITED);
}
