// SPDX-License-Identifier: BSD-2-Clause
/*
 * Joining SACKed segments: what a block newly covers moves into the SACKed segment in front of it,
 * fragments by reference, so that a long run of SACKed data is one sk_buff, and the walks over the
 * queue stay short however many ACKs the run came in.
 *
 * Only whole wire segments of one size are joined, because the joined sk_buff counts them by
 * gso_size; their marks and times of sending no longer matter, for they are delivered. What cannot
 * be joined is tagged by itself (tcp_sack.c), and counted (TCPSackShiftFallback).
 *
 * Called by tcp_sacktag_walk() in tcp_sack.c with the sock locked.
 */
#include <net/tcp_sack.h>

static u32 tcp_skb_seglen(const struct sk_buff *skb)
{
	return tcp_skb_pcount(skb) == 1 ? skb->len : (u32)tcp_skb_mss(skb);
}

/* All its bytes lie in fragments, which can change hands. */
static bool skb_can_shift(const struct sk_buff *skb)
{
	return !skb_headlen(skb) && skb_is_nonlinear(skb);
}

static bool tcp_pure_sacked(const struct sk_buff *skb)
{
	return (TCP_SKB_CB(skb)->sacked & TCPCB_TAGBITS) == TCPCB_SACKED_ACKED;
}

/* What moves from one segment to the one in front. */
struct sack_shift {
	u32 len, segs, mss;
	bool dup_sack;
};

static bool tcp_skb_shift(struct sk_buff *to, struct sk_buff *from, const struct sack_shift *m)
{
	/* tcp_gso_segs has 16 bits, and tcp_fragment must be able to count again at any size. */
	if (to->len + m->len >= 65535 * TCP_MIN_GSO_SIZE ||
	    (u32)tcp_skb_pcount(to) + m->segs > 65535)
		return false;
	return skb_shift(to, from, (int)m->len) != 0;
}

/* How much of skb does the block cover, in whole wire segments? 1 some, 0 none, negative: this is
 * no case for joining. */
static int tcp_shift_extent(const struct sk_buff *skb, const struct tcp_sack_block *sp,
			    struct sack_shift *m)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (!after(sp->start_seq, cb->seq) && !before(sp->end_seq, cb->end_seq)) {
		m->len = skb->len;
		m->segs = (u32)tcp_skb_pcount(skb);
		m->mss = tcp_skb_seglen(skb);
		return 1;
	}
	if (!after(cb->end_seq, sp->start_seq) || tcp_skb_pcount(skb) <= 1)
		return 0;
	if (after(sp->start_seq, cb->seq)) /* its end is covered, not its front */
		return -1;
	m->mss = (u32)tcp_skb_mss(skb);
	m->segs = (sp->end_seq - cb->seq) / m->mss;
	m->len = m->segs * m->mss;
	if (m->len == skb->len) /* only the FIN is left over: it is not SACKed */
		return -1;
	return m->segs ? 1 : 0;
}

/* All of skb was moved into prev: prev takes what skb was, skb goes. */
static void tcp_shifted_all(struct sock *sk, struct sk_buff *prev, struct sk_buff *skb)
{
	struct tcp_skb_cb *to = TCP_SKB_CB(prev);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	if (skb == tp->retransmit_skb_hint)
		tp->retransmit_skb_hint = prev;
	to->tcp_flags |= cb->tcp_flags;
	to->eor = cb->eor;
	if (cb->tcp_flags & TCPHDR_FIN)
		to->end_seq++;
	if (skb == tp->highest_sack)
		tp->highest_sack = skb_rb_next(skb);
	to->tx.delivered_mstamp = 0; /* no more rate samples from it */
	tcp_rtx_queue_unlink_and_free(sk, skb);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKMERGED);
}

/* The bytes have moved: now the tags, counts and sequence numbers. True when skb is gone. */
static bool tcp_shifted_skb(struct sock *sk, struct sk_buff *prev, struct sk_buff *skb,
			    struct tcp_sacktag_state *state, const struct sack_shift *m)
{
	struct tcp_skb_cb *to = TCP_SKB_CB(prev), *cb = TCP_SKB_CB(skb);
	const struct tcp_sack_piece piece = {.seq = cb->seq,
					     .end_seq = cb->seq + m->len,
					     .segs = m->segs,
					     .sacked = cb->sacked,
					     .sent_us = tcp_skb_timestamp_us(skb)};

	/* First the tags: the highest SACKed byte is found by highest_sack's seq, which moves. */
	tcp_sacktag_one(sk, state, &piece, m->dup_sack);
	tcp_rate_skb_delivered(sk, skb, state->rate);
	to->end_seq += m->len;
	cb->seq += m->len;
	BUG_ON((u32)tcp_skb_pcount(skb) < m->segs);
	to->tcp_gso_segs = (u16)(to->tcp_gso_segs + m->segs);
	cb->tcp_gso_segs = (u16)(cb->tcp_gso_segs - m->segs);
	if (!to->tcp_gso_size)
		to->tcp_gso_size = (u16)m->mss;
	if (cb->tcp_gso_segs <= 1)
		cb->tcp_gso_size = 0;
	to->sacked |= cb->sacked & TCPCB_EVER_RETRANS;
	if (skb->len) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKSHIFTED);
		return false;
	}
	tcp_shifted_all(sk, prev, skb);
	return true;
}

/* May bytes of skb move into prev at all? */
static bool tcp_may_shift(const struct sock *sk, const struct sk_buff *prev,
			  const struct sk_buff *skb, bool dup_sack)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	/* Retransmitted but not lost: the mark stays beside SACKED, so it is not purely SACKed. */
	if (!dup_sack &&
	    (cb->sacked & (TCPCB_LOST | TCPCB_SACKED_RETRANS)) == TCPCB_SACKED_RETRANS)
		return false;
	return prev && skb_can_shift(skb) && after(cb->end_seq, tcp_sk(sk)->snd_una) &&
	       tcp_pure_sacked(prev) && !TCP_SKB_CB(prev)->eor;
}

/* A hole was filled: what follows it may join, too. */
static void tcp_shift_next(struct sock *sk, struct sk_buff *prev, struct tcp_sacktag_state *state,
			   u32 mss)
{
	struct sk_buff *skb = skb_rb_next(prev);
	struct sack_shift m = {.mss = mss};

	if (!skb || !skb_can_shift(skb) || !tcp_pure_sacked(skb) || tcp_skb_seglen(skb) != mss ||
	    TCP_SKB_CB(prev)->eor)
		return;
	m.len = skb->len;
	m.segs = (u32)tcp_skb_pcount(skb);
	if (tcp_skb_shift(prev, skb, &m))
		tcp_shifted_skb(sk, prev, skb, state, &m);
}

struct sk_buff *tcp_shift_skb_data(struct sock *sk, struct sk_buff *skb,
				   struct tcp_sacktag_state *state,
				   const struct tcp_sack_block *sp, bool dup_sack)
{
	struct sk_buff *prev = skb_rb_prev(skb);
	struct sack_shift m = {.dup_sack = dup_sack};
	int covered;

	if (!tcp_may_shift(sk, prev, skb, dup_sack))
		goto fallback;
	covered = tcp_shift_extent(skb, sp, &m);
	if (!covered)
		return skb;
	/* Tags of what SND.UNA has passed are not moved any more. */
	if (covered < 0 || m.mss != tcp_skb_seglen(prev) ||
	    !after(TCP_SKB_CB(skb)->seq + m.len, tcp_sk(sk)->snd_una))
		goto fallback;
	if (!tcp_skb_shift(prev, skb, &m))
		goto fallback;
	if (tcp_shifted_skb(sk, prev, skb, state, &m))
		tcp_shift_next(sk, prev, state, m.mss);
	return prev;
fallback:
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKSHIFTFALLBACK);
	return NULL;
}
