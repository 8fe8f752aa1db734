// SPDX-License-Identifier: BSD-2-Clause
/*
 * BBR version 1, as in Linux 6.1 (draft-cardwell-iccrg-bbr-congestion-control-00): a model of the
 * path instead of a reaction to loss. BtlBw is the largest delivery rate of the last ten round
 * trips, RTprop the smallest RTT of the last ten seconds; the window is a small multiple of their
 * product and segments leave at a multiple of BtlBw.
 *
 *   STARTUP    gain 2/ln 2: doubles the rate each round, until three rounds brought no 25 % more
 *   DRAIN      the inverse gain, until the queue that STARTUP built is gone
 *   PROBE_BW   cycles of eight RTprop: 5/4 to probe, 3/4 to drain, six times 1
 *   PROBE_RTT  four segments for 200 ms when RTprop has not been seen for ten seconds
 *
 * This file: the modes, rate and window. What the samples are made into: tcp_bbr_model.c. Called
 * from tcp_ack.c (cong_control, for each ACK) with the sock locked. Needs pacing: without
 * sk_pacing_status being honoured it only bounds bursts.
 */
#include <kernel/lib/random.h>
#include <net/tcp_bbr.h>

#define BBR_HIGH_GAIN	  (BBR_UNIT * 2885 / 1000 + 1) /* 2/ln 2 */
#define BBR_DRAIN_GAIN	  (BBR_UNIT * 1000 / 2885)
#define BBR_CWND_GAIN	  (BBR_UNIT * 2)
#define BBR_CYCLE_RAND	  7	  /* PROBE_BW begins anywhere but in the phase that drains */
#define BBR_MIN_TSO_RATE  1200000 /* bit/s: below this one segment at a time */
#define BBR_PACING_MARGIN 1	  /* per cent below the estimate, so that queues drain */
#define BBR_CWND_MIN	  4	  /* segments: delayed ACKs still clock */
#define BBR_PROBE_RTT_MS  200
#define BBR_MIN_RTT_WIN	  10 /* s */
#define BBR_AGGR_MAX_US	  100000

static const u32 bbr_pacing_gain[BBR_CYCLE_LEN] = {
	BBR_UNIT * 5 / 4, BBR_UNIT * 3 / 4, BBR_UNIT, BBR_UNIT,
	BBR_UNIT,	  BBR_UNIT,	    BBR_UNIT, BBR_UNIT,
};

/* ---- pacing rate ---- */

u64 bbr_rate_bytes_per_sec(const struct sock *sk, u64 rate, u32 gain)
{
	rate *= tcp_sk(sk)->mss_cache;
	rate *= gain;
	rate >>= BBR_SCALE;
	rate *= USEC_PER_SEC / 100 * (100 - BBR_PACING_MARGIN);
	return rate >> BW_SCALE;
}

static unsigned long bbr_bw_to_pacing_rate(const struct sock *sk, u32 bw, u32 gain)
{
	return min_t(u64, bbr_rate_bytes_per_sec(sk, bw, gain), sk->sk_max_pacing_rate);
}

/* Before there is a bandwidth sample: the initial window in one RTT, 1 ms if that is unknown. */
static void bbr_init_pacing_rate_from_rtt(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u32 rtt_us = USEC_PER_MSEC;

	if (tp->srtt_us) {
		rtt_us = max(tp->srtt_us >> 3, 1u);
		bbr->has_seen_rtt = 1;
	}
	sk->sk_pacing_rate = bbr_bw_to_pacing_rate(sk, (u32)((u64)tp->snd_cwnd * BW_UNIT / rtt_us),
						   BBR_HIGH_GAIN);
}

/* In STARTUP the rate never falls: early samples are low because the window is. */
static void bbr_set_pacing_rate(struct sock *sk, u32 bw, u32 gain)
{
	struct bbr *bbr = inet_csk_ca(sk);
	unsigned long rate = bbr_bw_to_pacing_rate(sk, bw, gain);

	if (unlikely(!bbr->has_seen_rtt && tcp_sk(sk)->srtt_us))
		bbr_init_pacing_rate_from_rtt(sk);
	if (bbr->full_bw_reached || rate > sk->sk_pacing_rate)
		sk->sk_pacing_rate = rate;
}

static u32 bbr_min_tso_segs(struct sock *sk)
{
	return sk->sk_pacing_rate < BBR_MIN_TSO_RATE >> 3 ? 1 : 2;
}

/* Segments of one sk_buff at the pacing rate. */
static u32 bbr_tso_segs_goal(struct sock *sk)
{
	unsigned long bytes = min_t(unsigned long, sk->sk_pacing_rate >> sk->sk_pacing_shift,
				    65536 - 1 - MAX_TCP_HEADER);
	u32 segs = (u32)(bytes / tcp_sk(sk)->mss_cache);

	segs = max(segs, bbr_min_tso_segs(sk));
	return min(segs, 0x7fu);
}

/* ---- how much in flight ---- */

/* gain times the bandwidth-delay product, segments, rounded up. */
static u32 bbr_bdp(const struct bbr *bbr, u32 bw, u32 gain)
{
	if (unlikely(bbr->min_rtt_us == ~0U)) /* no RTT yet: whatever the SYN cost */
		return TCP_INIT_CWND;
	return (u32)((((u64)bw * bbr->min_rtt_us * gain >> BBR_SCALE) + BW_UNIT - 1) / BW_UNIT);
}

/* Room for what is being cut up at the sender, handed down and put together at the receiver; even,
 * because delayed ACKs come for two. */
static u32 bbr_quantization_budget(struct sock *sk, u32 cwnd)
{
	const struct bbr *bbr = inet_csk_ca(sk);

	cwnd += 3 * bbr_tso_segs_goal(sk);
	cwnd = (cwnd + 1) & ~1U;
	if (bbr->mode == BBR_PROBE_BW && bbr->cycle_idx == 0)
		cwnd += 2; /* or a tiny window could not probe */
	return cwnd;
}

static u32 bbr_inflight(struct sock *sk, u32 bw, u32 gain)
{
	return bbr_quantization_budget(sk, bbr_bdp(inet_csk_ca(sk), bw, gain));
}

/* What will be in the network when the next paced segment leaves: later than now, so less. */
static u32 bbr_packets_in_net_at_edt(struct sock *sk, u32 inflight_now)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct bbr *bbr = inet_csk_ca(sk);
	u64 edt_ns = max(tp->tcp_wstamp_ns, tp->tcp_clock_cache);
	u32 interval_us = (u32)((edt_ns - tp->tcp_clock_cache) / NSEC_PER_USEC);
	u32 delivered = (u32)((u64)bbr_bw(bbr) * interval_us >> BW_SCALE), inflight = inflight_now;

	if (bbr->pacing_gain > BBR_UNIT)
		inflight += bbr_tso_segs_goal(sk);
	return delivered >= inflight ? 0 : inflight - delivered;
}

/* Beyond the BDP for receivers that acknowledge in lumps, 100 ms worth at most. */
static u32 bbr_ack_aggregation_cwnd(const struct bbr *bbr)
{
	u32 extra = max(bbr->extra_acked[0], bbr->extra_acked[1]);

	if (!bbr->full_bw_reached)
		return 0;
	return min(extra, (u32)((u64)bbr_bw(bbr) * BBR_AGGR_MAX_US / BW_UNIT));
}

/* ---- the window ---- */

/* Remember the window before recovery or PROBE_RTT, to come back to it. */
static void bbr_save_cwnd(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);
	u32 cwnd = tcp_sk(sk)->snd_cwnd;

	if (bbr->prev_ca_state < TCP_CA_Recovery && bbr->mode != BBR_PROBE_RTT)
		bbr->prior_cwnd = cwnd;
	else
		bbr->prior_cwnd = max(bbr->prior_cwnd, cwnd);
}

/*
 * First round of a recovery: packet conservation, one out for one delivered. Afterwards the window
 * of before. True when *new_cwnd is all there is to do.
 */
static bool bbr_set_cwnd_to_recover_or_restore(struct sock *sk, const struct rate_sample *rs,
					       u32 acked, u32 *new_cwnd)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u8 prev = bbr->prev_ca_state, state = inet_csk(sk)->icsk_ca_state;
	u32 cwnd = tp->snd_cwnd;

	if (rs->losses > 0)
		cwnd = (u32)max((s32)cwnd - rs->losses, 1);
	if (state == TCP_CA_Recovery && prev != TCP_CA_Recovery) {
		bbr->packet_conservation = 1;
		bbr->next_rtt_delivered = tp->delivered; /* the round begins now */
		cwnd = tcp_packets_in_flight(tp) + acked;
	} else if (prev >= TCP_CA_Recovery && state < TCP_CA_Recovery) {
		cwnd = max(cwnd, bbr->prior_cwnd);
		bbr->packet_conservation = 0;
	}
	bbr->prev_ca_state = state & 7;
	*new_cwnd = cwnd;
	if (bbr->packet_conservation)
		*new_cwnd = max(cwnd, tcp_packets_in_flight(tp) + acked);
	return bbr->packet_conservation;
}

/* Towards gain times the BDP, as fast as data is delivered. */
static u32 bbr_cwnd_to_target(struct sock *sk, u32 cwnd, u32 acked, u32 gain)
{
	const struct bbr *bbr = inet_csk_ca(sk);
	u32 target = bbr_bdp(bbr, bbr_bw(bbr), gain) + bbr_ack_aggregation_cwnd(bbr);

	target = bbr_quantization_budget(sk, target);
	if (bbr->full_bw_reached)
		cwnd = min(cwnd + acked, target);
	else if (cwnd < target || tcp_sk(sk)->delivered < TCP_INIT_CWND)
		cwnd += acked; /* do not shrink before the pipe was full */
	return max(cwnd, (u32)BBR_CWND_MIN);
}

static void bbr_set_cwnd(struct sock *sk, const struct rate_sample *rs, u32 gain)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct bbr *bbr = inet_csk_ca(sk);
	u32 acked = rs->acked_sacked, cwnd = tp->snd_cwnd;

	if (acked && !bbr_set_cwnd_to_recover_or_restore(sk, rs, acked, &cwnd))
		cwnd = bbr_cwnd_to_target(sk, cwnd, acked, gain);
	cwnd = min(cwnd, tp->snd_cwnd_clamp);
	if (bbr->mode == BBR_PROBE_RTT)
		cwnd = min(cwnd, (u32)BBR_CWND_MIN);
	tcp_snd_cwnd_set(tp, cwnd);
}

/* ---- modes ---- */

static void bbr_reset_startup_mode(struct bbr *bbr)
{
	bbr->mode = BBR_STARTUP;
}

static void bbr_advance_cycle_phase(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	bbr->cycle_idx = (bbr->cycle_idx + 1) & (BBR_CYCLE_LEN - 1);
	bbr->cycle_mstamp = tcp_sk(sk)->delivered_mstamp;
}

/* At random, so that flows do not probe in step. */
void bbr_reset_probe_bw_mode(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	bbr->mode = BBR_PROBE_BW;
	bbr->cycle_idx = (BBR_CYCLE_LEN - 1 - get_random_u32_below(BBR_CYCLE_RAND)) & 7;
	bbr_advance_cycle_phase(sk);
}

/* Is the phase of the gain cycle over? It takes RTprop: to probe, until the extra shows or is lost;
 * to drain, only until it is gone. */
static bool bbr_is_next_cycle_phase(struct sock *sk, const struct rate_sample *rs)
{
	const struct bbr *bbr = inet_csk_ca(sk);
	bool full = tcp_stamp_us_delta(tcp_sk(sk)->delivered_mstamp, bbr->cycle_mstamp) >
		    bbr->min_rtt_us;
	u32 inflight, bw = bbr_max_bw(bbr);

	if (bbr->pacing_gain == BBR_UNIT)
		return full;
	inflight = bbr_packets_in_net_at_edt(sk, rs->prior_in_flight);
	if (bbr->pacing_gain > BBR_UNIT)
		return full && (rs->losses || inflight >= bbr_inflight(sk, bw, bbr->pacing_gain));
	return full || inflight <= bbr_inflight(sk, bw, BBR_UNIT);
}

/* The pipe is full: leave STARTUP; the queue is gone: leave DRAIN. */
static void bbr_check_drain(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->mode == BBR_STARTUP && bbr->full_bw_reached) {
		bbr->mode = BBR_DRAIN;
		tp->snd_ssthresh = bbr_inflight(sk, bbr_max_bw(bbr), BBR_UNIT);
	}
	if (bbr->mode == BBR_DRAIN && bbr_packets_in_net_at_edt(sk, tcp_packets_in_flight(tp)) <=
					      bbr_inflight(sk, bbr_max_bw(bbr), BBR_UNIT))
		bbr_reset_probe_bw_mode(sk);
}

static void bbr_check_probe_rtt_done(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	if (!bbr->probe_rtt_done_stamp || !after(tcp_jiffies32, bbr->probe_rtt_done_stamp))
		return;
	bbr->min_rtt_stamp = tcp_jiffies32;
	tcp_snd_cwnd_set(tp, max(tp->snd_cwnd, bbr->prior_cwnd));
	if (bbr->full_bw_reached)
		bbr_reset_probe_bw_mode(sk);
	else
		bbr_reset_startup_mode(bbr);
}

/* In PROBE_RTT: 200 ms and a round trip from when only four segments were left in flight. */
static void bbr_probe_rtt(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	/* The low rate of now says nothing about the path. */
	tp->app_limited = max(tp->delivered + tcp_packets_in_flight(tp), 1u);
	if (!bbr->probe_rtt_done_stamp) {
		if (tcp_packets_in_flight(tp) > BBR_CWND_MIN)
			return;
		bbr->probe_rtt_done_stamp = tcp_jiffies32 + BBR_PROBE_RTT_MS;
		bbr->probe_rtt_round_done = 0;
		bbr->next_rtt_delivered = tp->delivered;
		return;
	}
	if (bbr->round_start)
		bbr->probe_rtt_round_done = 1;
	if (bbr->probe_rtt_round_done)
		bbr_check_probe_rtt_done(sk);
}

/* RTprop, and PROBE_RTT when it is stale. After idling the RTTs were unloaded ones anyway. */
static void bbr_update_min_rtt(struct sock *sk, const struct rate_sample *rs)
{
	struct bbr *bbr = inet_csk_ca(sk);
	u32 now = tcp_jiffies32;
	bool expired = after(now, bbr->min_rtt_stamp + BBR_MIN_RTT_WIN * (u32)MSEC_PER_SEC);

	if (rs->rtt_us >= 0 &&
	    (rs->rtt_us < (long)bbr->min_rtt_us || (expired && !rs->is_ack_delayed))) {
		bbr->min_rtt_us = (u32)rs->rtt_us;
		bbr->min_rtt_stamp = now;
	}
	if (expired && !bbr->idle_restart && bbr->mode != BBR_PROBE_RTT) {
		bbr->mode = BBR_PROBE_RTT;
		bbr_save_cwnd(sk);
		bbr->probe_rtt_done_stamp = 0;
	}
	if (bbr->mode == BBR_PROBE_RTT)
		bbr_probe_rtt(sk);
	if (rs->delivered > 0)
		bbr->idle_restart = 0;
}

static void bbr_update_gains(struct bbr *bbr)
{
	static const u16 pacing[] = {BBR_HIGH_GAIN, BBR_DRAIN_GAIN, 0, BBR_UNIT};
	static const u16 cwnd[] = {BBR_HIGH_GAIN, BBR_HIGH_GAIN, BBR_CWND_GAIN, BBR_UNIT};

	bbr->pacing_gain = pacing[bbr->mode] & 0x3ff;
	bbr->cwnd_gain = cwnd[bbr->mode] & 0x3ff;
	if (bbr->mode == BBR_PROBE_BW)
		bbr->pacing_gain =
			(bbr->lt_use_bw ? BBR_UNIT : bbr_pacing_gain[bbr->cycle_idx]) & 0x3ff;
}

/* ---- the module ---- */

static void bbr_main(struct sock *sk, const struct rate_sample *rs)
{
	struct bbr *bbr = inet_csk_ca(sk);

	bbr_update_bw(sk, rs);
	bbr_update_ack_aggregation(sk, rs);
	if (bbr->mode == BBR_PROBE_BW && bbr_is_next_cycle_phase(sk, rs))
		bbr_advance_cycle_phase(sk);
	bbr_check_full_bw_reached(sk, rs);
	bbr_check_drain(sk);
	bbr_update_min_rtt(sk, rs);
	bbr_update_gains(bbr);
	bbr_set_pacing_rate(sk, bbr_bw(bbr), bbr->pacing_gain);
	bbr_set_cwnd(sk, rs, bbr->cwnd_gain);
}

static void bbr_init(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	memset(bbr, 0, sizeof(*bbr));
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	bbr->next_rtt_delivered = tp->delivered;
	bbr->prev_ca_state = TCP_CA_Open;
	bbr->min_rtt_us = tcp_min_rtt(tp);
	bbr->min_rtt_stamp = tcp_jiffies32;
	bbr->ack_epoch_mstamp = tp->tcp_mstamp;
	bbr_init_pacing_rate_from_rtt(sk);
	bbr_reset_lt_bw_sampling(sk);
	bbr_reset_startup_mode(bbr);
	if (sk->sk_pacing_status == SK_PACING_NONE)
		sk->sk_pacing_status = SK_PACING_NEEDED;
}

/* Data again after the program was silent: the pipe is empty, do not burst into it. */
static void bbr_cwnd_event(struct sock *sk, enum tcp_ca_event event)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	if (event != CA_EVENT_TX_START || !tp->app_limited)
		return;
	bbr->idle_restart = 1;
	bbr->ack_epoch_mstamp = tp->tcp_mstamp;
	bbr->ack_epoch_acked = 0;
	if (bbr->mode == BBR_PROBE_BW)
		bbr_set_pacing_rate(sk, bbr_bw(bbr), BBR_UNIT);
	else if (bbr->mode == BBR_PROBE_RTT)
		bbr_check_probe_rtt_done(sk);
}

/* Loss alone does not change the model. */
static u32 bbr_ssthresh(struct sock *sk)
{
	bbr_save_cwnd(sk);
	return tcp_sk(sk)->snd_ssthresh;
}

/* The loss was none: nor were the plateau and the policer that it may have suggested. */
static u32 bbr_undo_cwnd(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	bbr->full_bw = 0;
	bbr->full_bw_cnt = 0;
	bbr_reset_lt_bw_sampling(sk);
	return tcp_sk(sk)->snd_cwnd;
}

static void bbr_set_state(struct sock *sk, u8 new_state)
{
	struct bbr *bbr = inet_csk_ca(sk);
	struct rate_sample rs = {.losses = 1};

	if (new_state != TCP_CA_Loss)
		return;
	bbr->prev_ca_state = TCP_CA_Loss;
	bbr->full_bw = 0;
	bbr->round_start = 1; /* treat the timeout like the end of a round */
	bbr_lt_bw_sampling(sk, &rs);
}

static u32 bbr_sndbuf_expand(struct sock *sk)
{
	(void)sk;
	return 3; /* two windows in flight and one being written */
}

static size_t bbr_get_info(struct sock *sk, u32 ext, int *attr, void *out)
{
	const struct bbr *bbr = inet_csk_ca(sk);
	struct tcp_bbr_info *info = out;
	u64 bw = bbr_bw(bbr);

	if (!(ext & (1 << (INET_DIAG_BBRINFO - 1) | 1 << (INET_DIAG_VEGASINFO - 1))))
		return 0;
	bw = bw * tcp_sk(sk)->mss_cache * USEC_PER_SEC >> BW_SCALE;
	*info = (struct tcp_bbr_info){.bbr_bw_lo = (u32)bw,
				      .bbr_bw_hi = (u32)(bw >> 32),
				      .bbr_min_rtt = bbr->min_rtt_us,
				      .bbr_pacing_gain = bbr->pacing_gain,
				      .bbr_cwnd_gain = bbr->cwnd_gain};
	*attr = INET_DIAG_BBRINFO;
	return sizeof(*info);
}

struct tcp_congestion_ops tcp_bbr = {
	.name = "bbr",
	.flags = TCP_CONG_NON_RESTRICTED,
	.init = bbr_init,
	.cong_control = bbr_main,
	.sndbuf_expand = bbr_sndbuf_expand,
	.undo_cwnd = bbr_undo_cwnd,
	.cwnd_event = bbr_cwnd_event,
	.ssthresh = bbr_ssthresh,
	.min_tso_segs = bbr_min_tso_segs,
	.get_info = bbr_get_info,
	.set_state = bbr_set_state,
};
