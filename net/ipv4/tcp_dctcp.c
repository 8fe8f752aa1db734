// SPDX-License-Identifier: BSD-2-Clause
/*
 * DCTCP (RFC 8257), for data centres whose switches mark early: the window shrinks by how much of
 * the last round trip was marked, not by half for a single mark. alpha estimates that share:
 *
 *   alpha = (1 - 1/16) alpha + 1/16 (marked bytes / acknowledged bytes)    once a round trip
 *   cwnd  = (1 - alpha / 2) cwnd                                           where Reno halves
 *
 * As a receiver it echoes each mark exactly: an ACK at once whenever the marking changes, so that
 * the sender can count (section 3.2). Restricted, as in Linux, and it needs ECN: a connection whose
 * peer does not speak it falls back to Reno.
 *
 * The module that docs/adding-a-congestion-control.md walks through. Called with the sock locked,
 * from tcp_ack.c (alpha, window) and from where data is received (marks). Left out: the module
 * parameters.
 */
#include <linux/inet_diag.h>
#include <net/tcp_data.h>

#define DCTCP_MAX_ALPHA 1024U
#define DCTCP_SHIFT_G	4 /* g = 1/16 */

struct dctcp {
	u32 old_delivered, old_delivered_ce; /* when this round trip began */
	u32 prior_rcv_nxt;		     /* before the segment that is being received */
	u32 alpha;			     /* 1/1024 */
	u32 next_seq;			     /* the round trip ends when this is acknowledged */
	u32 ce_state;			     /* the last segment received was marked */
	u32 loss_cwnd;
};
static_assert(sizeof(struct dctcp) <= ICSK_CA_PRIV_SIZE, "module state");
static struct tcp_congestion_ops dctcp_reno;

static void dctcp_reset(const struct tcp_sock *tp, struct dctcp *ca)
{
	ca->next_seq = tp->snd_nxt;
	ca->old_delivered = tp->delivered;
	ca->old_delivered_ce = tp->delivered_ce;
}

/* Without ECN there is nothing to go by: Reno under another name, so that both can be seen. */
static void dctcp_init(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct dctcp *ca = inet_csk_ca(sk);

	if (!(tp->ecn_flags & TCP_ECN_OK) &&
	    !(TCPF(sk->sk_state) & (TCPF(TCP_LISTEN) | TCPF(TCP_CLOSE)))) {
		inet_csk(sk)->icsk_ca_ops = &dctcp_reno;
		return;
	}
	ca->prior_rcv_nxt = tp->rcv_nxt;
	ca->alpha = DCTCP_MAX_ALPHA; /* careful until something is known (section 4.2) */
	ca->loss_cwnd = 0;
	ca->ce_state = 0;
	dctcp_reset(tp, ca);
}

static u32 dctcp_ssthresh(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct dctcp *ca = inet_csk_ca(sk);

	ca->loss_cwnd = tp->snd_cwnd;
	return max(tp->snd_cwnd - (tp->snd_cwnd * ca->alpha >> 11), 2u);
}

/* Section 3.3: once a round trip. */
static void dctcp_update_alpha(struct sock *sk, u32 flags)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct dctcp *ca = inet_csk_ca(sk);
	u32 delivered, marked, decay;

	(void)flags;
	if (before(tp->snd_una, ca->next_seq))
		return;
	delivered = tp->delivered - ca->old_delivered;
	marked = tp->delivered_ce - ca->old_delivered_ce;
	decay = ca->alpha >> DCTCP_SHIFT_G;
	ca->alpha -= decay ? decay : ca->alpha; /* small ones would stay for ever */
	if (marked) {
		u64 share = ((u64)marked << (10 - DCTCP_SHIFT_G)) / max(delivered, 1u);

		ca->alpha = min_t(u32, ca->alpha + (u32)share, DCTCP_MAX_ALPHA);
	}
	dctcp_reset(tp, ca);
}

/* Loss is loss: halve (section 3.5). */
static void dctcp_react_to_loss(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct dctcp *ca = inet_csk_ca(sk);

	ca->loss_cwnd = tp->snd_cwnd;
	tp->snd_ssthresh = max(tp->snd_cwnd >> 1, 2u);
}

static void dctcp_state(struct sock *sk, u8 new_state)
{
	if (new_state == TCP_CA_Recovery && new_state != inet_csk(sk)->icsk_ca_state)
		dctcp_react_to_loss(sk);
}

/* ---- the receiver ---- */

static void dctcp_echo(struct tcp_sock *tp, bool ce)
{
	if (ce)
		tp->ecn_flags |= TCP_ECN_DEMAND_CWR;
	else
		tp->ecn_flags &= (u8)~TCP_ECN_DEMAND_CWR;
}

/* A segment with data is about to be received: marked or not? If that changes, what was received
 * before is acknowledged at once with the old echo. */
static void dctcp_ece_ack_update(struct sock *sk, bool ce)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct dctcp *ca = inet_csk_ca(sk);

	if (ca->ce_state != ce) {
		if (icsk->icsk_ack.pending & ICSK_ACK_TIMER) {
			dctcp_echo(tcp_sk(sk), ca->ce_state);
			__tcp_send_ack(sk, ca->prior_rcv_nxt);
		}
		icsk->icsk_ack.pending |= ICSK_ACK_NOW;
	}
	ca->prior_rcv_nxt = tcp_sk(sk)->rcv_nxt;
	ca->ce_state = ce;
	dctcp_echo(tcp_sk(sk), ce);
}

static void dctcp_cwnd_event(struct sock *sk, enum tcp_ca_event event)
{
	switch (event) {
	case CA_EVENT_ECN_IS_CE:
	case CA_EVENT_ECN_NO_CE:
		dctcp_ece_ack_update(sk, event == CA_EVENT_ECN_IS_CE);
		break;
	case CA_EVENT_LOSS:
		dctcp_react_to_loss(sk);
		break;
	default:
		break;
	}
}

static u32 dctcp_undo_cwnd(struct sock *sk)
{
	const struct dctcp *ca = inet_csk_ca(sk);

	return max(tcp_sk(sk)->snd_cwnd, ca->loss_cwnd);
}

static size_t dctcp_get_info(struct sock *sk, u32 ext, int *attr, void *out)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct dctcp *ca = inet_csk_ca(sk);
	struct tcp_dctcp_info *info = out;

	if (!(ext & (1 << (INET_DIAG_DCTCPINFO - 1) | 1 << (INET_DIAG_VEGASINFO - 1))))
		return 0;
	*info = (struct tcp_dctcp_info){0};
	if (inet_csk(sk)->icsk_ca_ops != &dctcp_reno) {
		info->dctcp_enabled = 1;
		info->dctcp_ce_state = (u16)ca->ce_state;
		info->dctcp_alpha = ca->alpha;
		info->dctcp_ab_ecn = tp->mss_cache * (tp->delivered_ce - ca->old_delivered_ce);
		info->dctcp_ab_tot = tp->mss_cache * (tp->delivered - ca->old_delivered);
	}
	*attr = INET_DIAG_DCTCPINFO;
	return sizeof(*info);
}

struct tcp_congestion_ops tcp_dctcp = {
	.name = "dctcp",
	.flags = TCP_CONG_NEEDS_ECN,
	.init = dctcp_init,
	.in_ack_event = dctcp_update_alpha,
	.cwnd_event = dctcp_cwnd_event,
	.ssthresh = dctcp_ssthresh,
	.cong_avoid = tcp_reno_cong_avoid,
	.undo_cwnd = dctcp_undo_cwnd,
	.set_state = dctcp_state,
	.get_info = dctcp_get_info,
};

static struct tcp_congestion_ops dctcp_reno = {
	.name = "dctcp-reno",
	.ssthresh = tcp_reno_ssthresh,
	.cong_avoid = tcp_reno_cong_avoid,
	.undo_cwnd = tcp_reno_undo_cwnd,
	.get_info = dctcp_get_info,
};
