// SPDX-License-Identifier: BSD-2-Clause
/*
 * The SACK blocks that we send: which parts of the out-of-order queue to report, and duplicates.
 *
 * RFC 2018 section 4: the block with the segment that came last is first, then the most recently
 * reported others; a block goes when rcv_nxt passes it. RFC 2883: data that came twice is reported
 * once, in front (D-SACK).
 *
 * Called by tcp_rcvq.c for each out-of-order or duplicate segment and by tcp_input.c for segments
 * outside the window, sock locked. tcp_options.c writes the blocks into the next segment.
 */
#include <net/tcp_data.h>

/* Widen the block if it touches the range. */
static bool tcp_sack_extend(struct tcp_sack_block *sp, u32 seq, u32 end_seq)
{
	if (after(seq, sp->end_seq) || after(sp->start_seq, end_seq))
		return false;
	if (before(seq, sp->start_seq))
		sp->start_seq = seq;
	if (after(end_seq, sp->end_seq))
		sp->end_seq = end_seq;
	return true;
}

/* seq to end_seq came twice: say so with the next ACK. */
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_is_sack(tp) || !sock_net(sk)->ipv4.sysctl_tcp_dsack)
		return;
	NET_INC_STATS(sock_net(sk), before(seq, tp->rcv_nxt) ? LINUX_MIB_TCPDSACKOLDSENT
							     : LINUX_MIB_TCPDSACKOFOSENT);
	tp->rx_opt.dsack = 1;
	tp->duplicate_sack[0].start_seq = seq;
	tp->duplicate_sack[0].end_seq = end_seq;
}

/* Same, joined with a duplicate that is waiting to be reported. False when it does not touch it. */
bool tcp_dsack_extend(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->rx_opt.dsack)
		return tcp_sack_extend(tp->duplicate_sack, seq, end_seq);
	tcp_dsack_set(sk, seq, end_seq);
	return true;
}

/* A segment came that we have, and the D-SACK of its last coming is known to the peer, or lost:
 * perhaps our ACKs take a path that loses them all, so try another. */
void tcp_rcv_spurious_retrans(struct sock *sk, u32 seq)
{
	if (seq == tcp_sk(sk)->duplicate_sack[0].start_seq && sk_rethink_txhash(sk))
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDUPLICATEDATAREHASH);
}

/* Answer a segment with nothing acceptable in it: an ACK at once, and what was duplicate about it.
 */
void tcp_send_dupack(struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	if (cb->end_seq != cb->seq && before(cb->seq, tp->rcv_nxt)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKLOST);
		tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
		if (tcp_is_sack(tp) && sock_net(sk)->ipv4.sysctl_tcp_dsack)
			tcp_rcv_spurious_retrans(sk, cb->seq);
		tcp_dsack_set(sk, cb->seq,
			      after(cb->end_seq, tp->rcv_nxt) ? tp->rcv_nxt : cb->end_seq);
	}
	tcp_send_ack(sk);
}

static void tcp_sack_delete(struct tcp_sock *tp, int i)
{
	struct tcp_sack_block *sp = tp->selective_acks;

	tp->rx_opt.num_sacks--;
	for (; i < tp->rx_opt.num_sacks; i++)
		sp[i] = sp[i + 1];
}

/* The first block grew: swallow those that it now touches. */
static void tcp_sack_maybe_coalesce(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = tp->selective_acks;
	int i = 1;

	while (i < tp->rx_opt.num_sacks) {
		if (tcp_sack_extend(&sp[0], sp[i].start_seq, sp[i].end_seq))
			tcp_sack_delete(tp, i);
		else
			i++;
	}
}

/* Blocks that are told in each ACK, since timestamps and a D-SACK leave no more room. */
#define TCP_SACK_BLOCKS_EXPECTED 2

/* New data seq to end_seq is in the out-of-order queue: its block becomes the first. */
void tcp_sack_new_ofo_skb(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sack_block *sp = tp->selective_acks, block = {seq, end_seq};
	int i, num = tp->rx_opt.num_sacks;

	BUG_ON(num > TCP_NUM_SACKS);
	for (i = 0; i < num; i++) {
		if (!tcp_sack_extend(&sp[i], seq, end_seq))
			continue;
		if (i >= TCP_SACK_BLOCKS_EXPECTED)
			tcp_sack_compress_send_ack(sk);
		block = sp[i];
		memmove(&sp[1], &sp[0], (size_t)i * sizeof(*sp));
		sp[0] = block;
		tcp_sack_maybe_coalesce(tp);
		return;
	}
	/* What is held back may not lose a block to this one. */
	if (num >= TCP_SACK_BLOCKS_EXPECTED)
		tcp_sack_compress_send_ack(sk);
	if (num == TCP_NUM_SACKS)
		num--; /* the oldest report is forgotten */
	memmove(&sp[1], &sp[0], (size_t)num * sizeof(*sp));
	sp[0] = block;
	tp->rx_opt.num_sacks = (u8)(num + 1);
}

/* rcv_nxt moved: forget blocks that are in order now. */
void tcp_sack_remove(struct tcp_sock *tp)
{
	const struct tcp_sack_block *sp = tp->selective_acks;
	int i = 0;

	if (RB_EMPTY_ROOT(&tp->out_of_order_queue)) {
		tp->rx_opt.num_sacks = 0;
		return;
	}
	while (i < tp->rx_opt.num_sacks) {
		if (before(tp->rcv_nxt, sp[i].start_seq)) {
			i++;
			continue;
		}
		/* A block is either above rcv_nxt or wholly below it. */
		WARN_ON(before(tp->rcv_nxt, sp[i].end_seq));
		tcp_sack_delete(tp, i);
	}
}
