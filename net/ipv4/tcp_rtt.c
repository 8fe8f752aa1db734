// SPDX-License-Identifier: BSD-2-Clause
/*
 * Round trip time: samples from ACKs, the smoothed estimate and the retransmission timeout
 * (RFC 6298), and the windowed minimum that RACK, pacing and TSO sizing ask for.
 *
 * RTO = SRTT + max(4 x RTTVAR, 200 ms), at most 120 s: the floor is under the variance, not under
 * the sum, as in Linux. The variance takes the largest deviation of a round trip and decays once a
 * round trip, so that a sudden drop of the RTT does not raise the timeout.
 *
 * Samples come from the times at which segments were sent (never from retransmitted ones, Karn);
 * else from the echoed timestamp (RFC 7323 section 4). Called from tcp_ack.c with the sock locked.
 */
#include <net/tcp_data.h>

static u32 tcp_rto_min_us(const struct sock *sk)
{
	return inet_csk(sk)->icsk_rto_min * (u32)USEC_PER_MSEC;
}

/* Deviation part of the estimator; m is the error of the last estimate, us. */
static void tcp_rtt_deviation(struct sock *sk, long m)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* A sample below the estimate weighs an eighth: a shrinking RTT must not raise the RTO. */
	if (m < 0) {
		m = -m - (long)(tp->mdev_us >> 2);
		if (m > 0)
			m >>= 3;
	} else {
		m -= (long)(tp->mdev_us >> 2);
	}
	tp->mdev_us = (u32)((long)tp->mdev_us + m);
	if (tp->mdev_us > tp->mdev_max_us) {
		tp->mdev_max_us = tp->mdev_us;
		if (tp->mdev_max_us > tp->rttvar_us)
			tp->rttvar_us = tp->mdev_max_us;
	}
	if (after(tp->snd_una, tp->rtt_seq)) { /* a round trip is over */
		if (tp->mdev_max_us < tp->rttvar_us)
			tp->rttvar_us -= (tp->rttvar_us - tp->mdev_max_us) >> 2;
		tp->rtt_seq = tp->snd_nxt;
		tp->mdev_max_us = tcp_rto_min_us(sk);
	}
}

/* Take one sample, us (RFC 6298 section 2). srtt_us holds 8 x SRTT, mdev_us 4 x the deviation. */
void tcp_rtt_estimator(struct sock *sk, long mrtt_us)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 srtt = tp->srtt_us;

	BUG_ON(mrtt_us < 0);
	if (likely(srtt)) {
		long m = mrtt_us - (long)(srtt >> 3);

		srtt = (u32)((long)srtt + m);
		tcp_rtt_deviation(sk, m);
	} else {
		srtt = (u32)mrtt_us << 3;
		tp->mdev_us = (u32)mrtt_us << 1;
		tp->rttvar_us = max(tp->mdev_us, tcp_rto_min_us(sk));
		tp->mdev_max_us = tp->rttvar_us;
		tp->rtt_seq = tp->snd_nxt;
	}
	tp->srtt_us = max(srtt, 1u);
}

void tcp_set_rto(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 rto = usecs_to_ms((u64)(tp->srtt_us >> 3) + tp->rttvar_us);

	inet_csk(sk)->icsk_rto = min(rto, TCP_RTO_MAX);
}

/* Smallest RTT seen in the last tcp_min_rtt_wlen seconds, us; ~0 before the first sample. */
u32 tcp_min_rtt(const struct tcp_sock *tp)
{
	return minmax_get(&tp->rtt_min);
}

static void tcp_update_rtt_min(struct sock *sk, u32 rtt_us, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 wlen_ms = (u32)sock_net(sk)->ipv4.sysctl_tcp_min_rtt_wlen * (u32)MSEC_PER_SEC;

	/* The receiver may have waited before it acknowledged: not a better minimum. */
	if (flag & FLAG_ACK_MAYBE_DELAYED && rtt_us > tcp_min_rtt(tp))
		return;
	minmax_running_min(&tp->rtt_min, wlen_ms, tcp_event_jiffies32(tp),
			   rtt_us ? rtt_us : (u32)USEC_PER_MSEC);
}

/*
 * RTT samples of one ACK, us, negative when there is none: seq_rtt_us from the oldest data newly
 * acknowledged, sack_rtt_us from newly SACKed data; rs->rtt_us from the youngest, for congestion
 * control. True when the RTO was set anew.
 */
bool tcp_ack_update_rtt(struct sock *sk, int flag, long seq_rtt_us, long sack_rtt_us,
			struct rate_sample *rs)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (seq_rtt_us < 0)
		seq_rtt_us = sack_rtt_us;
	if (seq_rtt_us < 0 && tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr && flag & FLAG_ACKED) {
		u32 delta_ms = tcp_time_stamp(tp) - tp->rx_opt.rcv_tsecr;

		if (delta_ms < INT32_MAX / USEC_PER_MSEC) {
			seq_rtt_us = max(delta_ms, 1u) * (long)USEC_PER_MSEC;
			rs->rtt_us = seq_rtt_us;
		}
	}
	if (seq_rtt_us < 0)
		return false;
	if (rs->rtt_us >= 0)
		tcp_update_rtt_min(sk, (u32)rs->rtt_us, flag);
	tcp_rtt_estimator(sk, seq_rtt_us);
	tcp_set_rto(sk);
	inet_csk(sk)->icsk_backoff = 0; /* RFC 6298 section 5: the next timeout starts afresh */
	return true;
}

/* The SYN-ACK's own round trip, when it was sent once (passive open; ACK of the SYN-ACK came). */
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req)
{
	struct rate_sample rs = {.rtt_us = -1};
	long rtt_us = -1;

	if (req && !req->num_retrans && tcp_rsk(req)->snt_synack) {
		rtt_us = tcp_stamp_us_delta(tcp_clock_us(), tcp_rsk(req)->snt_synack);
		rs.rtt_us = rtt_us;
	}
	tcp_ack_update_rtt(sk, FLAG_SYN_ACKED, rtt_us, -1, &rs);
}

/* Read the clock: once an event, before anything is stamped or measured. */
void tcp_mstamp_refresh(struct tcp_sock *tp)
{
	u64 now_ns = ktime_get_ns();

	tp->tcp_clock_cache = now_ns;
	tp->tcp_mstamp = now_ns / NSEC_PER_USEC;
}
