// SPDX-License-Identifier: BSD-2-Clause
/*
 * CUBIC (RFC 9438), the default: the window follows W(t) = C (t - K)^3 + Wmax, where t is the time
 * since the last reduction and K the time it takes to come back to Wmax. So growth does not depend
 * on the round trip time: quick after a loss, slow near the window that lost, quick beyond it.
 * Where Reno would be faster (short paths) it does as Reno (section 4.3).
 *
 * Slow start ends by HyStart before it overshoots: when ACKs of one train span half the minimum
 * RTT, or when the RTT of a round begins to grow (Ha, Rhee: Taming the Elephants, 2011).
 *
 * Parameters and scaled integers as in Linux 6.1: C = 0.4, beta = 717/1024 (RFC: 0.7), time in
 * 1/1024 s, so that the cube of it fits 64 bits. Differs from Linux in the cube root, which is
 * exact here and up to 0.2 % off there, in epochs over five minutes, whose cube wraps there, and in
 * bictcp_update().
 * Registered in tcp_cong.c; all called from tcp_ack.c with the sock locked. Left out: the module
 * parameters.
 */
#include <net/tcp_data.h>

#define BETA_SCALE 1024
#define BETA	   717
#define TIME_SHIFT 10	  /* K and t are in 1/1024 s */
#define RTT_SCALE  410	  /* C = 0.4 as 410 / 1024 */
#define OFFS_MAX   300000 /* 1/1024 s: RTT_SCALE times its cube still fits 64 bits */
/* Reno's share: 3 (1 - beta) / (1 + beta) segments a round, inverted, times 8 (section 4.3). */
#define RENO_SCALE	     (8 * (BETA_SCALE + BETA) / 3 / (BETA_SCALE - BETA))

#define HYSTART_LOW_WINDOW   16	  /* segments: below this slow start may run */
#define HYSTART_ACK_DELTA_US 2000 /* ACKs closer than this are one train */
#define HYSTART_MIN_SAMPLES  8	  /* RTTs of a round before it is judged */
#define HYSTART_DELAY_MIN_US 4000 /* bounds of the growth that ends slow start */
#define HYSTART_DELAY_MAX_US 16000

struct bictcp {
	u32 cnt;		  /* ACKed segments that raise the window by one */
	u32 last_max_cwnd;	  /* Wmax: window before the last reduction */
	u32 last_cwnd, last_time; /* when cnt was last worked out, ms, and for which window */
	u32 origin_point;	  /* the plateau of the curve */
	u32 k;			  /* time to the plateau, 1/1024 s */
	u32 delay_min;		  /* us */
	u32 epoch_start;	  /* ms; 0 = at the next ACK */
	u32 ack_cnt;		  /* ACKed segments not yet in tcp_cwnd */
	u32 tcp_cwnd;		  /* what Reno would have */
	/* HyStart: this round trip */
	u32 round_start, last_ack; /* us */
	u32 end_seq;		   /* the round ends when this is acknowledged */
	u32 curr_rtt;		   /* us, its minimum */
	u8 sample_cnt, found;
};
static_assert(sizeof(struct bictcp) <= ICSK_CA_PRIV_SIZE, "module state");

static u32 clock_us(const struct sock *sk)
{
	return (u32)tcp_sk(sk)->tcp_mstamp;
}

static void hystart_reset(struct sock *sk)
{
	struct bictcp *ca = inet_csk_ca(sk);

	ca->round_start = ca->last_ack = clock_us(sk);
	ca->end_seq = tcp_sk(sk)->snd_nxt;
	ca->curr_rtt = ~0U;
	ca->sample_cnt = 0;
}

static void cubictcp_init(struct sock *sk)
{
	struct bictcp *ca = inet_csk_ca(sk);

	memset(ca, 0, sizeof(*ca));
	hystart_reset(sk);
}

/* Sending begins again: the time without data is no time to grow in (section 5.8). */
static void cubictcp_cwnd_event(struct sock *sk, enum tcp_ca_event event)
{
	struct bictcp *ca = inet_csk_ca(sk);
	u32 now;
	s32 idle;

	if (event != CA_EVENT_TX_START || !ca->epoch_start)
		return;
	now = tcp_event_jiffies32(tcp_sk(sk));
	idle = (s32)(now - tcp_sk(sk)->lsndtime);
	if (idle <= 0)
		return;
	ca->epoch_start += (u32)idle;
	if (after(ca->epoch_start, now))
		ca->epoch_start = now;
}

/* Largest x with x^3 <= a, bit by bit. Once an epoch. */
static u32 cubic_root(u64 a)
{
	u64 x = 0;
	int shift;

	for (shift = 63; shift >= 0; shift -= 3) {
		u64 step;

		x <<= 1;
		step = 3 * x * (x + 1) + 1; /* (x + 1)^3 - x^3 */
		if (a >> shift >= step) {
			a -= step << shift;
			x++;
		}
	}
	return (u32)x;
}

/* A new epoch: the curve through the window of now that is flat at Wmax. */
static void cubic_start_epoch(struct bictcp *ca, u32 cwnd, u32 acked)
{
	ca->epoch_start = tcp_jiffies32;
	ca->ack_cnt = acked;
	ca->tcp_cwnd = cwnd;
	if (ca->last_max_cwnd <= cwnd) {
		ca->k = 0;
		ca->origin_point = cwnd;
	} else {
		ca->k = cubic_root((1ULL << (10 + 3 * TIME_SHIFT)) / RTT_SCALE *
				   (ca->last_max_cwnd - cwnd));
		ca->origin_point = ca->last_max_cwnd;
	}
}

/* W(t), a round trip from now: what the window should be when this ACK's data is acknowledged. */
static u32 cubic_target(const struct bictcp *ca)
{
	u64 t = (u32)(tcp_jiffies32 - ca->epoch_start) + usecs_to_ms(ca->delay_min), offs;
	u32 delta;

	t = (t << TIME_SHIFT) / MSEC_PER_SEC;
	offs = min_t(u64, t < ca->k ? ca->k - t : t - ca->k, OFFS_MAX);
	delta = (u32)(RTT_SCALE * offs * offs * offs >> (10 + 3 * TIME_SHIFT));
	return t < ca->k ? ca->origin_point - delta : ca->origin_point + delta;
}

/* Not slower than Reno with the same reduction would be (section 4.3). */
static void cubic_tcp_friendliness(struct bictcp *ca, u32 cwnd)
{
	u32 per_segment = cwnd * RENO_SCALE >> 3, grown = 0;

	if (ca->ack_cnt > per_segment)
		grown = (ca->ack_cnt - 1) / per_segment;
	ca->ack_cnt -= grown * per_segment;
	ca->tcp_cwnd += grown;
	if (ca->tcp_cwnd > cwnd)
		ca->cnt = min(ca->cnt, cwnd / (ca->tcp_cwnd - cwnd));
}

/*
 * Work out cnt: while the window stands once a round trip, at most every 1/32 s. (Linux 6.1 has
 * only the latter, so that on paths of a few ms the window stands for many round trips and CUBIC
 * stays far below Reno, which section 4.3 forbids; later Linuxes do as we do. See
 * docs/tcp-goodput.md.)
 */
static void bictcp_update(struct bictcp *ca, u32 cwnd, u32 acked)
{
	u32 now = tcp_jiffies32, target;

	ca->ack_cnt += acked;
	if (ca->last_cwnd == cwnd &&
	    now - ca->last_time <= min((u32)MSEC_PER_SEC / 32, usecs_to_ms(ca->delay_min)))
		return;
	if (!ca->epoch_start || now != ca->last_time) {
		ca->last_cwnd = cwnd;
		ca->last_time = now;
		if (!ca->epoch_start)
			cubic_start_epoch(ca, cwnd, acked);
		target = cubic_target(ca);
		ca->cnt = target > cwnd ? cwnd / (target - cwnd) : 100 * cwnd;
		/* Nothing known about the path: 5 % a round at least. */
		if (!ca->last_max_cwnd && ca->cnt > 20)
			ca->cnt = 20;
	}
	cubic_tcp_friendliness(ca, cwnd);
	ca->cnt = max(ca->cnt, 2u); /* 1.5 times a round at most */
}

static void cubictcp_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);

	(void)ack;
	if (!tcp_is_cwnd_limited(sk))
		return;
	if (tcp_in_slow_start(tp)) {
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	bictcp_update(ca, tp->snd_cwnd, acked);
	tcp_cong_avoid_ai(tp, ca->cnt, acked);
}

/* Multiplicative decrease (section 4.6) and fast convergence (4.7): a flow that lost before it
 * reached its old Wmax makes room for others. */
static u32 cubictcp_recalc_ssthresh(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);

	ca->epoch_start = 0;
	if (tp->snd_cwnd < ca->last_max_cwnd)
		ca->last_max_cwnd = tp->snd_cwnd * (BETA_SCALE + BETA) / (2 * BETA_SCALE);
	else
		ca->last_max_cwnd = tp->snd_cwnd;
	return max(tp->snd_cwnd * BETA / BETA_SCALE, 2u);
}

/* A timeout: what was known of the path may be wrong. */
static void cubictcp_state(struct sock *sk, u8 new_state)
{
	if (new_state == TCP_CA_Loss)
		cubictcp_init(sk);
}

/* ---- HyStart ---- */

/* What the ACK train may be longer than without congestion: four of our largest bursts, 1 ms. */
static u32 hystart_ack_delay(const struct sock *sk)
{
	unsigned long rate = sk->sk_pacing_rate;

	if (!rate)
		return 0;
	return (u32)min_t(u64, USEC_PER_MSEC, (u64)sk->sk_gso_max_size * 4 * USEC_PER_SEC / rate);
}

static void hystart_found(struct sock *sk, int mib_detect, int mib_cwnd)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);

	ca->found = 1;
	NET_INC_STATS(sock_net(sk), mib_detect);
	NET_ADD_STATS(sock_net(sk), mib_cwnd, tp->snd_cwnd);
	tp->snd_ssthresh = tp->snd_cwnd;
}

/* ACKs that follow each other closely for as long as the path is: the pipe is full. */
static void hystart_ack_train(struct sock *sk)
{
	struct bictcp *ca = inet_csk_ca(sk);
	u32 now = clock_us(sk), threshold;

	if ((s32)(now - ca->last_ack) > HYSTART_ACK_DELTA_US)
		return;
	ca->last_ack = now;
	threshold = ca->delay_min + hystart_ack_delay(sk);
	/* Paced, a round's segments take the whole round trip anyway; in a burst half of it says
	 * as much. */
	if (sk->sk_pacing_status == SK_PACING_NONE)
		threshold >>= 1;
	if ((s32)(now - ca->round_start) > (s32)threshold)
		hystart_found(sk, LINUX_MIB_TCPHYSTARTTRAINDETECT, LINUX_MIB_TCPHYSTARTTRAINCWND);
}

/* The round's smallest RTT exceeds the path's: a queue builds up. */
static void hystart_delay(struct sock *sk, u32 delay)
{
	struct bictcp *ca = inet_csk_ca(sk);
	u32 margin = clamp_t(u32, ca->delay_min >> 3, HYSTART_DELAY_MIN_US, HYSTART_DELAY_MAX_US);

	ca->curr_rtt = min(ca->curr_rtt, delay);
	if (ca->sample_cnt < HYSTART_MIN_SAMPLES)
		ca->sample_cnt++;
	else if (ca->curr_rtt > ca->delay_min + margin)
		hystart_found(sk, LINUX_MIB_TCPHYSTARTDELAYDETECT, LINUX_MIB_TCPHYSTARTDELAYCWND);
}

static void cubictcp_acked(struct sock *sk, const struct ack_sample *sample)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);
	u32 delay;

	if (sample->rtt_us < 0)
		return;
	/* The queue that the loss left behind drains first. */
	if (ca->epoch_start && (s32)(tcp_event_jiffies32(tp) - ca->epoch_start) < (s32)MSEC_PER_SEC)
		return;
	delay = max((u32)sample->rtt_us, 1u);
	if (!ca->delay_min || ca->delay_min > delay)
		ca->delay_min = delay;
	if (ca->found || !tcp_in_slow_start(tp) || tp->snd_cwnd < HYSTART_LOW_WINDOW)
		return;
	if (after(tp->snd_una, ca->end_seq))
		hystart_reset(sk);
	hystart_ack_train(sk);
	hystart_delay(sk, delay);
}

struct tcp_congestion_ops tcp_cubic = {
	.name = "cubic",
	.init = cubictcp_init,
	.ssthresh = cubictcp_recalc_ssthresh,
	.cong_avoid = cubictcp_cong_avoid,
	.set_state = cubictcp_state,
	.undo_cwnd = tcp_reno_undo_cwnd,
	.cwnd_event = cubictcp_cwnd_event,
	.pkts_acked = cubictcp_acked,
};
