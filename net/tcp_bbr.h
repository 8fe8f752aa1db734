/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_TCP_BBR_H
#define BW_NET_TCP_BBR_H

/*
 * BBR's state, shared by its two files: tcp_bbr.c (modes, rate, window) and tcp_bbr_model.c (what
 * the samples say about the path). Nobody else includes it. Sock lock.
 */
#include <linux/inet_diag.h>
#include <net/tcp_data.h>

#define BW_SCALE      24 /* bandwidth: segments per us << 24 */
#define BW_UNIT	      (1u << BW_SCALE)
#define BBR_SCALE     8 /* gains */
#define BBR_UNIT      (1u << BBR_SCALE)
#define BBR_CYCLE_LEN 8

enum { BBR_STARTUP, BBR_DRAIN, BBR_PROBE_BW, BBR_PROBE_RTT };

struct bbr {
	u32 min_rtt_us;		  /* RTprop */
	u32 min_rtt_stamp;	  /* ms: when it was seen */
	u32 probe_rtt_done_stamp; /* ms: end of PROBE_RTT; 0 = flight still too large */
	struct minmax bw;	  /* BtlBw, over round trips */
	u32 rtt_cnt;		  /* round trips */
	u32 next_rtt_delivered;	  /* a round ends when what was sent after this is delivered */
	u64 cycle_mstamp;	  /* us: when this phase of the gain cycle began */
	u32 mode : 3, prev_ca_state : 3, packet_conservation : 1, round_start : 1, idle_restart : 1,
		probe_rtt_round_done : 1, lt_is_sampling : 1, lt_rtt_cnt : 7, lt_use_bw : 1;
	/* long-term sampling: a policer's rate */
	u32 lt_bw, lt_last_delivered, lt_last_stamp, lt_last_lost;
	u32 pacing_gain : 10, cwnd_gain : 10, full_bw_reached : 1, full_bw_cnt : 2, cycle_idx : 3,
		has_seen_rtt : 1;
	u32 prior_cwnd; /* before recovery or PROBE_RTT */
	u32 full_bw;	/* the highest that still was 25 % more */
	/* aggregation of ACKs: delivered beyond what BtlBw explains, of the last 5 to 10 rounds */
	u64 ack_epoch_mstamp;
	u16 extra_acked[2];
	u32 ack_epoch_acked : 20, extra_acked_win_rtts : 5, extra_acked_win_idx : 1;
};
static_assert(sizeof(struct bbr) <= ICSK_CA_PRIV_SIZE, "module state");

static inline u32 bbr_max_bw(const struct bbr *bbr)
{
	return minmax_get(&bbr->bw);
}
static inline u32 bbr_bw(const struct bbr *bbr)
{
	return bbr->lt_use_bw ? bbr->lt_bw : bbr_max_bw(bbr);
}

/* tcp_bbr.c: bytes per second of a bandwidth with a gain. */
u64 bbr_rate_bytes_per_sec(const struct sock *sk, u64 rate, u32 gain);
void bbr_reset_probe_bw_mode(struct sock *sk);

/* tcp_bbr_model.c */
void bbr_update_bw(struct sock *sk, const struct rate_sample *rs);
void bbr_update_ack_aggregation(struct sock *sk, const struct rate_sample *rs);
void bbr_check_full_bw_reached(struct sock *sk, const struct rate_sample *rs);
void bbr_reset_lt_bw_sampling(struct sock *sk);
void bbr_lt_bw_sampling(struct sock *sk, const struct rate_sample *rs);

#endif /* BW_NET_TCP_BBR_H */
