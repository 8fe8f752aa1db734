// SPDX-License-Identifier: BSD-2-Clause
/*
 * The congestion window, what all modules share: proportional rate reduction (RFC 6937) while in
 * recovery, the fall to one segment at a timeout and its undo, validation while the program does
 * not use the window (RFC 7661's aim, Linux's way), restart after idle (RFC 5681 section 4.1), the
 * pacing rate that TSO sizing uses, and the dispatch to the module for each ACK.
 *
 * Other half of tcp_cong.c. Called from tcp_ack.c, tcp_recovery.c, tcp_output.c and tcp_sendmsg.c
 * with the sock locked. Left out: the cache of metrics per destination.
 */
#include <net/dst.h>
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>

void tcp_snd_cwnd_set(struct tcp_sock *tp, u32 val)
{
	BUG_ON(val == 0 || (s32)val < 0);
	tp->snd_cwnd = val;
}

/* Initial window (RFC 6928). */
u32 tcp_init_cwnd(const struct tcp_sock *tp)
{
	return min_t(u32, TCP_INIT_CWND, tp->snd_cwnd_clamp);
}

/* A sock before its connection: nothing known, slow start from the initial window. */
void tcp_cwnd_init_sock(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->snd_cwnd_clamp = ~0U;
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->snd_cwnd_cnt = tp->prior_cwnd = tp->prr_delivered = tp->prr_out = 0;
	tcp_snd_cwnd_set(tp, TCP_INIT_CWND);
	tp->is_cwnd_limited = false;
	tp->max_packets_out = 0;
	inet_csk(sk)->icsk_ca_state = TCP_CA_Open;
}

/* ESTABLISHED: RFC 6298 section 5.7 and RFC 5681 section 3.1 want one segment after a lost SYN. */
void tcp_cwnd_init_transfer(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_snd_cwnd_set(tp, tp->total_retrans > 1 && tp->undo_marker ? 1 : tcp_init_cwnd(tp));
	tp->snd_cwnd_stamp = tcp_jiffies32;
}

/* ---- reduction ---- */

/* Start of CWR or Recovery: aim at the module's threshold in one round trip. */
void tcp_init_cwnd_reduction(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->high_seq = tp->snd_nxt;
	tp->tlp_high_seq = 0;
	tp->snd_cwnd_cnt = 0;
	tp->prior_cwnd = tp->snd_cwnd;
	tp->prr_delivered = 0;
	tp->prr_out = 0;
	tp->snd_ssthresh = inet_csk(sk)->icsk_ca_ops->ssthresh(sk);
	tcp_ecn_queue_cwr(tp);
}

/*
 * PRR: send ssthresh / prior_cwnd segments for each delivered one; below the threshold slow start
 * while the retransmissions get through (PRR-SSRB), else as many as left the network (PRR-CRB).
 */
void tcp_cwnd_reduction(struct sock *sk, int acked_sacked, int lost, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int in_flight = (int)tcp_packets_in_flight(tp);
	int delta = (int)tp->snd_ssthresh - in_flight, sndcnt;

	if (acked_sacked <= 0 || WARN_ON_ONCE(!tp->prior_cwnd))
		return;
	tp->prr_delivered += (u32)acked_sacked;
	if (delta < 0) {
		u64 share = (u64)tp->snd_ssthresh * tp->prr_delivered + tp->prior_cwnd - 1;

		sndcnt = (int)(share / tp->prior_cwnd) - (int)tp->prr_out;
	} else {
		sndcnt = max((int)(tp->prr_delivered - tp->prr_out), acked_sacked);
		if (flag & FLAG_SND_UNA_ADVANCED && !lost)
			sndcnt++;
		sndcnt = min(delta, sndcnt);
	}
	/* The first retransmission goes out whatever the sums say. */
	sndcnt = max(sndcnt, tp->prr_out ? 0 : 1);
	tcp_snd_cwnd_set(tp, (u32)max(in_flight + sndcnt, 1));
}

void tcp_end_cwnd_reduction(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 state = inet_csk(sk)->icsk_ca_state;

	if (inet_csk(sk)->icsk_ca_ops->cong_control)
		return;
	/* Undone reductions have put the threshold back up already: leave the window. */
	if (tp->snd_ssthresh < TCP_INFINITE_SSTHRESH && (state == TCP_CA_CWR || tp->undo_marker)) {
		tcp_snd_cwnd_set(tp, tp->snd_ssthresh);
		tp->snd_cwnd_stamp = tcp_jiffies32;
	}
	tcp_ca_event(sk, CA_EVENT_COMPLETE_CWR);
}

/* Congestion without loss: ECN's echo, or our own device was full. */
void tcp_enter_cwr(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->prior_ssthresh = 0;
	if (inet_csk(sk)->icsk_ca_state < TCP_CA_CWR) {
		tp->undo_marker = 0;
		tcp_init_cwnd_reduction(sk);
		tcp_set_ca_state(sk, TCP_CA_CWR);
	}
}

/* Retransmission timeout: one segment (RFC 5681 section 3.1); the threshold once per window of
 * data. */
void tcp_cwnd_enter_loss(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (icsk->icsk_ca_state <= TCP_CA_Disorder || !after(tp->high_seq, tp->snd_una) ||
	    (icsk->icsk_ca_state == TCP_CA_Loss && !icsk->icsk_retransmits)) {
		tp->prior_ssthresh = tcp_current_ssthresh(sk);
		tp->prior_cwnd = tp->snd_cwnd;
		tp->snd_ssthresh = icsk->icsk_ca_ops->ssthresh(sk);
		tcp_ca_event(sk, CA_EVENT_LOSS);
		tcp_init_undo(tp);
	}
	tcp_snd_cwnd_set(tp, tcp_packets_in_flight(tp) + 1);
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_stamp = tcp_jiffies32;
}

/* The loss was none: back to what was. */
void tcp_cwnd_undo(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->prior_ssthresh) {
		tcp_snd_cwnd_set(tp, inet_csk(sk)->icsk_ca_ops->undo_cwnd(sk));
		if (tp->prior_ssthresh > tp->snd_ssthresh) {
			tp->snd_ssthresh = tp->prior_ssthresh;
			tcp_ecn_withdraw_cwr(tp);
		}
	}
	tp->snd_cwnd_stamp = tcp_jiffies32;
}

/* Losses without congestion: keep the window, forget about growing quickly. */
void tcp_cwnd_keep(struct sock *sk)
{
	tcp_sk(sk)->snd_ssthresh = tcp_current_ssthresh(sk);
}

/* ---- validation and restart ---- */

/* Did the window, not the program, limit the flight? Then it may grow. */
bool tcp_is_cwnd_limited(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->is_cwnd_limited)
		return true;
	/* In slow start up to twice the use, so that growth can begin before it is full. */
	return tcp_in_slow_start(tp) && tp->snd_cwnd < 2 * tp->max_packets_out;
}

/* The program has used less than the window for an RTO: meet it half way. */
static void tcp_cwnd_application_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_state == TCP_CA_Open && sk->sk_socket &&
	    !(sk->sk_socket->flags & SOCK_FLAG_NOSPACE)) {
		u32 win_used = max(tp->snd_cwnd_used, tcp_init_cwnd(tp));

		if (win_used < tp->snd_cwnd) {
			tp->snd_ssthresh = tcp_current_ssthresh(sk);
			tcp_snd_cwnd_set(tp, (tp->snd_cwnd + win_used) >> 1);
		}
		tp->snd_cwnd_used = 0;
	}
	tp->snd_cwnd_stamp = tcp_jiffies32;
}

/* After sending: remember how much of the window was used, over one window of data. */
void tcp_cwnd_validate(struct sock *sk, bool is_cwnd_limited)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;
	struct tcp_sock *tp = tcp_sk(sk);
	u32 now = tcp_event_jiffies32(tp);

	if (!before(tp->snd_una, tp->cwnd_usage_seq) || is_cwnd_limited ||
	    (!tp->is_cwnd_limited && tp->packets_out > tp->max_packets_out)) {
		tp->is_cwnd_limited = is_cwnd_limited;
		tp->max_packets_out = tp->packets_out;
		tp->cwnd_usage_seq = tp->snd_nxt;
	}
	if (tcp_is_cwnd_limited(sk)) {
		tp->snd_cwnd_used = 0;
		tp->snd_cwnd_stamp = now;
		return;
	}
	tp->snd_cwnd_used = max(tp->snd_cwnd_used, tp->packets_out);
	if (sock_net(sk)->ipv4.sysctl_tcp_slow_start_after_idle && !ca->cong_control &&
	    (s32)(now - tp->snd_cwnd_stamp) >= (s32)inet_csk(sk)->icsk_rto)
		tcp_cwnd_application_limited(sk);
	if (skb_queue_empty(&sk->sk_write_queue) && sk->sk_socket &&
	    sk->sk_socket->flags & SOCK_FLAG_NOSPACE &&
	    TCPF(sk->sk_state) & (TCPF(TCP_ESTABLISHED) | TCPF(TCP_CLOSE_WAIT)))
		tcp_chrono_start(sk, TCP_CHRONO_SNDBUF_LIMITED);
}

/* Nothing was sent for `delta` ms: halve the window for every RTO that passed. */
void tcp_cwnd_restart(struct sock *sk, s32 delta)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 cwnd = tp->snd_cwnd, floor = min(tcp_init_cwnd(tp), cwnd);
	s32 rto = (s32)inet_csk(sk)->icsk_rto;

	BUG_ON(rto <= 0);
	tcp_ca_event(sk, CA_EVENT_CWND_RESTART);
	tp->snd_ssthresh = tcp_current_ssthresh(sk);
	for (delta -= rto; delta > 0 && cwnd > floor; delta -= rto)
		cwnd >>= 1;
	tcp_snd_cwnd_set(tp, max(cwnd, floor));
	tp->snd_cwnd_stamp = tcp_jiffies32;
	tp->snd_cwnd_used = 0;
}

/* Before new data joins an empty flight. */
void tcp_slow_start_after_idle_check(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	s32 idle;

	if (tp->packets_out || !sock_net(sk)->ipv4.sysctl_tcp_slow_start_after_idle ||
	    inet_csk(sk)->icsk_ca_ops->cong_control)
		return;
	idle = (s32)(tcp_jiffies32 - tp->lsndtime);
	if (idle > (s32)inet_csk(sk)->icsk_rto)
		tcp_cwnd_restart(sk, idle);
}

/* ---- each ACK ---- */

/* Bytes per second: the window over the RTT, twice that in slow start, 1.2 times afterwards. */
void tcp_update_pacing_rate(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct net *net = sock_net(sk);
	u64 rate = (u64)tp->mss_cache * ((USEC_PER_SEC / 100) << 3);

	rate *= (u64)(tp->snd_cwnd < tp->snd_ssthresh / 2 ? net->ipv4.sysctl_tcp_pacing_ss_ratio
							  : net->ipv4.sysctl_tcp_pacing_ca_ratio);
	rate *= max(tp->snd_cwnd, tp->packets_out);
	if (likely(tp->srtt_us))
		rate /= tp->srtt_us;
	sk->sk_pacing_rate = min((unsigned long)rate, sk->sk_max_pacing_rate);
}

/* May this ACK raise the window? With known reordering SACKs count too, else new ACKs only. */
static bool tcp_may_raise_cwnd(const struct sock *sk, int flag)
{
	if (tcp_sk(sk)->reordering > (u32)sock_net(sk)->ipv4.sysctl_tcp_reordering)
		return flag & FLAG_FORWARD_PROGRESS;
	return flag & FLAG_DATA_ACKED;
}

/* acked_sacked: segments that this ACK reports as newly delivered. */
void tcp_cong_control(struct sock *sk, u32 ack, u32 acked_sacked, int flag,
		      const struct rate_sample *rs)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;

	if (ca->cong_control) {
		ca->cong_control(sk, rs);
		return;
	}
	if (tcp_in_cwnd_reduction(sk)) {
		tcp_cwnd_reduction(sk, (int)acked_sacked, rs->losses, flag);
	} else if (tcp_may_raise_cwnd(sk, flag)) {
		ca->cong_avoid(sk, ack, acked_sacked);
		tcp_sk(sk)->snd_cwnd_stamp = tcp_event_jiffies32(tcp_sk(sk));
	}
	tcp_update_pacing_rate(sk);
}
