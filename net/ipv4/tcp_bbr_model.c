// SPDX-License-Identifier: BSD-2-Clause
/*
 * BBR's model of the path (tcp_bbr.c): round trips, BtlBw as a windowed maximum of the delivery
 * rate samples, whether the pipe is full, how much receivers acknowledge in lumps, and the rate of
 * a token bucket policer, which shows itself by heavy loss at a constant rate over long intervals.
 *
 * draft-cardwell-iccrg-bbr-congestion-control-00 section 4.1 and Linux 6.1, whose policer detection
 * and ACK aggregation are not in the draft. Called for each ACK with the sock locked.
 */
#include <net/tcp_bbr.h>

#define BBR_BW_RTTS	     (BBR_CYCLE_LEN + 2) /* window of the maximum */
#define BBR_FULL_BW_THRESH   (BBR_UNIT * 5 / 4)
#define BBR_FULL_BW_CNT	     3
#define BBR_LT_INTVL_MIN     4 /* round trips */
#define BBR_LT_INTVL_MAX     (4 * BBR_LT_INTVL_MIN)
#define BBR_LT_LOSS_THRESH   50		    /* lost of 256 delivered: 20 % */
#define BBR_LT_BW_RATIO	     (BBR_UNIT / 8) /* two intervals are alike within 1/8 ... */
#define BBR_LT_BW_DIFF	     (4000 / 8)	    /* ... or 4 kbit/s */
#define BBR_LT_BW_MAX_RTTS   48		    /* then look whether the policer is gone */
#define BBR_EXTRA_ACKED_RTTS 5
#define BBR_ACKED_RESET	     (1U << 20)

/* ---- policers ---- */

static void bbr_reset_lt_bw_sampling_interval(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	bbr->lt_last_stamp = (u32)(tp->delivered_mstamp / USEC_PER_MSEC);
	bbr->lt_last_delivered = tp->delivered;
	bbr->lt_last_lost = tp->lost;
	bbr->lt_rtt_cnt = 0;
}

void bbr_reset_lt_bw_sampling(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	bbr->lt_bw = 0;
	bbr->lt_use_bw = 0;
	bbr->lt_is_sampling = 0;
	bbr_reset_lt_bw_sampling_interval(sk);
}

/* An interval full of losses delivered at `bw`; twice the same means a policer. */
static void bbr_lt_bw_interval_done(struct sock *sk, u32 bw)
{
	struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->lt_bw) {
		u32 diff = bw > bbr->lt_bw ? bw - bbr->lt_bw : bbr->lt_bw - bw;

		if ((u64)diff * BBR_UNIT <= (u64)BBR_LT_BW_RATIO * bbr->lt_bw ||
		    bbr_rate_bytes_per_sec(sk, diff, BBR_UNIT) <= BBR_LT_BW_DIFF) {
			bbr->lt_bw = (u32)(((u64)bw + bbr->lt_bw) >> 1);
			bbr->lt_use_bw = 1;
			bbr->pacing_gain = BBR_UNIT & 0x3ff; /* do not probe: it is lost */
			bbr->lt_rtt_cnt = 0;
			return;
		}
	}
	bbr->lt_bw = bw;
	bbr_reset_lt_bw_sampling_interval(sk);
}

/* The rate of the interval that ends here with a loss, if it was long and lossy enough. */
static void bbr_lt_bw_measure(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u32 lost = tp->lost - bbr->lt_last_lost, delivered = tp->delivered - bbr->lt_last_delivered;
	u32 ms = (u32)(tp->delivered_mstamp / USEC_PER_MSEC) - bbr->lt_last_stamp;

	if (!delivered || (u64)lost << BBR_SCALE < (u64)BBR_LT_LOSS_THRESH * delivered)
		return;
	if ((s32)ms < 1) /* not yet measurable */
		return;
	if (ms >= ~0U / USEC_PER_MSEC) {
		bbr_reset_lt_bw_sampling(sk);
		return;
	}
	bbr_lt_bw_interval_done(sk, (u32)((u64)delivered * BW_UNIT / (ms * USEC_PER_MSEC)));
}

void bbr_lt_bw_sampling(struct sock *sk, const struct rate_sample *rs)
{
	struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->lt_use_bw) {
		if (bbr->mode == BBR_PROBE_BW && bbr->round_start) {
			bbr->lt_rtt_cnt = (bbr->lt_rtt_cnt + 1) & 127;
			if (bbr->lt_rtt_cnt >= BBR_LT_BW_MAX_RTTS) {
				bbr_reset_lt_bw_sampling(sk);
				bbr_reset_probe_bw_mode(sk);
			}
		}
		return;
	}
	/* Begin with a loss: the bucket is empty then. */
	if (!bbr->lt_is_sampling) {
		if (!rs->losses)
			return;
		bbr_reset_lt_bw_sampling_interval(sk);
		bbr->lt_is_sampling = 1;
	}
	if (rs->is_app_limited) { /* tokens pile up meanwhile */
		bbr_reset_lt_bw_sampling(sk);
		return;
	}
	if (bbr->round_start)
		bbr->lt_rtt_cnt = (bbr->lt_rtt_cnt + 1) & 127;
	if (bbr->lt_rtt_cnt < BBR_LT_INTVL_MIN)
		return;
	if (bbr->lt_rtt_cnt > BBR_LT_INTVL_MAX)
		bbr_reset_lt_bw_sampling(sk); /* too long without one */
	else if (rs->losses)		      /* and end with a loss */
		bbr_lt_bw_measure(sk);
}

/* ---- bandwidth ---- */

/* Round trips, and BtlBw from this ACK's delivery rate. */
void bbr_update_bw(struct sock *sk, const struct rate_sample *rs)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u32 bw;

	bbr->round_start = 0;
	if (rs->delivered < 0 || rs->interval_us <= 0)
		return;
	/* The segment was sent after the last round ended, so another one is over. */
	if (!before(rs->prior_delivered, bbr->next_rtt_delivered)) {
		bbr->next_rtt_delivered = tp->delivered;
		bbr->rtt_cnt++;
		bbr->round_start = 1;
		bbr->packet_conservation = 0;
	}
	bbr_lt_bw_sampling(sk, rs);
	bw = (u32)((u64)(u32)rs->delivered * BW_UNIT / (u64)rs->interval_us);
	/* What the program limited is a lower bound: worth something only if it is more. */
	if (!rs->is_app_limited || bw >= bbr_max_bw(bbr))
		minmax_running_max(&bbr->bw, BBR_BW_RTTS, bbr->rtt_cnt, bw);
}

/* STARTUP's end: three rounds without a quarter more. */
void bbr_check_full_bw_reached(struct sock *sk, const struct rate_sample *rs)
{
	struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->full_bw_reached || !bbr->round_start || rs->is_app_limited)
		return;
	if (bbr_max_bw(bbr) >= (u64)bbr->full_bw * BBR_FULL_BW_THRESH >> BBR_SCALE) {
		bbr->full_bw = bbr_max_bw(bbr);
		bbr->full_bw_cnt = 0;
		return;
	}
	bbr->full_bw_cnt = (bbr->full_bw_cnt + 1) & 3;
	bbr->full_bw_reached = bbr->full_bw_cnt >= BBR_FULL_BW_CNT;
}

/* ---- aggregation ---- */

/*
 * ACKs come in lumps (wireless, offloads): the window must hold what is delivered and not yet told.
 * Measured as the most that was acknowledged beyond bandwidth times time, in an epoch that begins
 * whenever the ACKs do not keep ahead of the bandwidth.
 */
void bbr_update_ack_aggregation(struct sock *sk, const struct rate_sample *rs)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u32 epoch_us, expected, extra;

	if (!rs->acked_sacked || rs->delivered < 0 || rs->interval_us <= 0)
		return;
	if (bbr->round_start) {
		bbr->extra_acked_win_rtts = min(0x1fu, bbr->extra_acked_win_rtts + 1u) & 0x1f;
		if (bbr->extra_acked_win_rtts >= BBR_EXTRA_ACKED_RTTS) {
			bbr->extra_acked_win_rtts = 0;
			bbr->extra_acked_win_idx = !bbr->extra_acked_win_idx;
			bbr->extra_acked[bbr->extra_acked_win_idx] = 0;
		}
	}
	epoch_us = tcp_stamp_us_delta(tp->delivered_mstamp, bbr->ack_epoch_mstamp);
	expected = (u32)((u64)bbr_bw(bbr) * epoch_us / BW_UNIT);
	if (bbr->ack_epoch_acked <= expected ||
	    bbr->ack_epoch_acked + rs->acked_sacked >= BBR_ACKED_RESET) {
		bbr->ack_epoch_acked = 0;
		bbr->ack_epoch_mstamp = tp->delivered_mstamp;
		expected = 0;
	}
	bbr->ack_epoch_acked = min(0xfffffu, bbr->ack_epoch_acked + rs->acked_sacked) & 0xfffff;
	extra = min(bbr->ack_epoch_acked - expected, tp->snd_cwnd);
	if (extra > bbr->extra_acked[bbr->extra_acked_win_idx])
		bbr->extra_acked[bbr->extra_acked_win_idx] = (u16)min(extra, 0xffffu);
}
