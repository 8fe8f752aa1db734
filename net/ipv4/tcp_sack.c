// SPDX-License-Identifier: BSD-2-Clause
/*
 * The SACK scoreboard: what the peer's SACK blocks say about our retransmission queue (RFC 2018,
 * RFC 2883, RFC 6675 section 4).
 *
 * Each segment carries its tags (TCPCB_SACKED_ACKED, _LOST, _SACKED_RETRANS) and the tcp_sock their
 * sums. Blocks are checked, sorted, and walked over the queue; what the ACK before already said is
 * skipped (recv_sack_cache), so that the work for an ACK is what it brings. Segments that hold
 * several wire segments are cut at block borders, at multiples of the MSS. D-SACKs report
 * duplicates: they feed undo and RACK's window. Late segments below the highest SACKed one are
 * reordering, measured here.
 *
 * SACKed neighbours are joined to save memory and walks (tcp_sack_shift.c).
 *
 * Called by tcp_ack.c, sock locked.
 */
#include <net/tcp_data.h>
#include <net/tcp_sack.h>

static void tcp_mib(const struct sock *sk, int mib)
{
	NET_INC_STATS(sock_net(sk), mib);
}

/* low_seq arrived although data above it had been SACKed before. ts: a timestamp proved it. */
void tcp_check_sack_reordering(struct sock *sk, u32 low_seq, bool ts)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 fack = tcp_highest_sack_seq(tp), metric;

	if (!before(low_seq, fack))
		return;
	metric = fack - low_seq;
	if (metric > tp->reordering * tp->mss_cache)
		tp->reordering = min_t(u32, DIV_ROUND_UP(metric, tp->mss_cache),
				       (u32)sock_net(sk)->ipv4.sysctl_tcp_max_reordering);
	tp->reord_seen++;
	tcp_mib(sk, ts ? LINUX_MIB_TCPTSREORDER : LINUX_MIB_TCPSACKREORDER);
}

/* ---- which blocks to believe ---- */

/* A block must lie in what is in flight; a D-SACK may also lie below, but not before the last undo
 * point and not further back than the peer's window ever reached. */
static bool tcp_is_sackblock_valid(const struct tcp_sock *tp, bool is_dsack, u32 start, u32 end)
{
	if (after(end, tp->snd_nxt) || !before(start, end) || !before(start, tp->snd_nxt))
		return false;
	if (after(start, tp->snd_una))
		return true;
	if (!is_dsack || !tp->undo_marker || after(end, tp->snd_una))
		return false;
	if (!before(start, tp->undo_marker))
		return true;
	if (!after(end, tp->undo_marker))
		return false;
	return !before(start, end - tp->max_window);
}

/* Account a D-SACK; returns how many segments it reports, 0 if it is not to be believed. */
static u32 tcp_dsack_seen(struct tcp_sock *tp, u32 start, u32 end, struct tcp_sacktag_state *state)
{
	u32 len = end - start, segs = 1;

	if (!before(start, end) || len > tp->max_window)
		return 0;
	if (len > tp->mss_cache)
		segs = DIV_ROUND_UP(len, tp->mss_cache);
	else if (tp->tlp_high_seq && tp->tlp_high_seq == end)
		state->flag |= FLAG_DSACK_TLP;
	tp->dsack_dups += segs;
	/* More duplicates than we ever sent: the network made them, they teach nothing. */
	if (tp->dsack_dups > tp->total_retrans)
		return 0;
	tp->rx_opt.sack_ok |= TCP_DSACK_SEEN;
	if (tp->reord_seen && !(state->flag & FLAG_DSACK_TLP))
		tp->rack.dsack_seen = 1;
	state->flag |= FLAG_DSACKING_ACK;
	state->sack_delivered += segs;
	return segs;
}

/* Is the first block a D-SACK (RFC 2883 section 4: below the ACK or inside the second block)? */
static bool tcp_check_dsack(struct sock *sk, u32 ack, const struct tcp_sack_block *sp, int num,
			    struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 segs;

	if (before(sp[0].start_seq, ack)) {
		tcp_mib(sk, LINUX_MIB_TCPDSACKRECV);
	} else if (num > 1 && !after(sp[0].end_seq, sp[1].end_seq) &&
		   !before(sp[0].start_seq, sp[1].start_seq)) {
		tcp_mib(sk, LINUX_MIB_TCPDSACKOFORECV);
	} else {
		return false;
	}
	segs = tcp_dsack_seen(tp, sp[0].start_seq, sp[0].end_seq, state);
	if (!segs) {
		tcp_mib(sk, LINUX_MIB_TCPDSACKIGNOREDDUBIOUS);
		return false;
	}
	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPDSACKRECVSEGS, segs);
	return true;
}

/* A D-SACK for data that has left the queue already still counts against our retransmissions. */
static void tcp_dsack_forgotten(struct tcp_sock *tp, u32 end, u32 prior_una, u32 segs)
{
	if (tp->undo_marker && tp->undo_retrans > 0 && !after(end, prior_una) &&
	    after(end, tp->undo_marker))
		tp->undo_retrans = max(0, tp->undo_retrans - (int)segs);
}

/* ---- tagging ---- */

/* Move the sums for a piece of the queue that a block covers; returns the tags it has then. */
u8 tcp_sacktag_one(struct sock *sk, struct tcp_sacktag_state *state,
		   const struct tcp_sack_piece *p, bool dup_sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 sacked = p->sacked;

	if (dup_sack && sacked & TCPCB_RETRANS) {
		if (tp->undo_marker && tp->undo_retrans > 0 && after(p->end_seq, tp->undo_marker))
			tp->undo_retrans = max(0, tp->undo_retrans - (int)p->segs);
		if (sacked & TCPCB_SACKED_ACKED && before(p->seq, state->reord))
			state->reord = p->seq;
	}
	if (!after(p->end_seq, tp->snd_una))
		return sacked;
	if (!(sacked & TCPCB_SACKED_ACKED)) {
		bool lost = sacked & TCPCB_LOST;

		tcp_rack_advance(tp, sacked, p->end_seq, p->sent_us);
		if (sacked & TCPCB_SACKED_RETRANS) {
			/* Not lost: the retransmission is believed to be under way still. */
			if (lost) {
				sacked &= (u8)~TCPCB_SACKED_RETRANS;
				tp->retrans_out -= p->segs;
			}
		} else if (!(sacked & TCPCB_RETRANS)) {
			/* It filled a hole without our doing: it came late. */
			if (before(p->seq, tcp_highest_sack_seq(tp)) &&
			    before(p->seq, state->reord))
				state->reord = p->seq;
			if (!after(p->end_seq, tp->high_seq))
				state->flag |= FLAG_ORIG_SACK_ACKED;
			if (!state->first_sackt)
				state->first_sackt = p->sent_us;
			state->last_sackt = p->sent_us;
		}
		if (lost) {
			sacked &= (u8)~TCPCB_LOST;
			tp->lost_out -= p->segs;
		}
		sacked |= TCPCB_SACKED_ACKED;
		state->flag |= FLAG_DATA_SACKED;
		state->sack_delivered += p->segs;
		tp->sacked_out += p->segs;
	}
	if (dup_sack && sacked & TCPCB_SACKED_RETRANS) {
		sacked &= (u8)~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= p->segs;
	}
	return sacked;
}

/*
 * Is skb inside the block? If only a part of its wire segments is, cut it. 1 inside, 0 not (perhaps
 * the rest behind the cut is), negative: no memory to cut, or less than a wire segment is covered.
 */
static int tcp_match_skb_to_sack(struct sock *sk, struct sk_buff *skb,
				 const struct tcp_sack_block *sp)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u32 mss = (u32)tcp_skb_mss(skb), len;
	bool front = !after(sp->start_seq, cb->seq); /* the block covers the beginning */
	int err;

	if (front && !before(sp->end_seq, cb->end_seq))
		return 1;
	if (tcp_skb_pcount(skb) == 1 || !after(cb->end_seq, sp->start_seq))
		return 0;
	if (front)
		len = (sp->end_seq - cb->seq) / mss * mss;
	else
		len = DIV_ROUND_UP(sp->start_seq - cb->seq, mss) * mss;
	if (!len || len >= skb->len)
		return 0;
	err = tcp_fragment(sk, skb, len, mss, GFP_ATOMIC);
	return err < 0 ? err : front;
}

/* The first segment of the queue that ends after seq. */
static struct sk_buff *tcp_sacktag_seek(const struct sock *sk, u32 seq)
{
	struct rb_node *n = sk->tcp_rtx_queue.rb_node;
	struct sk_buff *found = NULL;

	while (n) {
		struct sk_buff *skb = rb_to_skb(n);

		if (after(TCP_SKB_CB(skb)->end_seq, seq)) {
			found = skb;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return found;
}

/* The whole of skb is covered: tag it. */
static void tcp_sacktag_skb(struct sock *sk, struct tcp_sacktag_state *state, struct sk_buff *skb,
			    bool dup_sack)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_sack_piece piece = {.seq = cb->seq,
					     .end_seq = cb->end_seq,
					     .segs = (u32)tcp_skb_pcount(skb),
					     .sacked = cb->sacked,
					     .sent_us = tcp_skb_timestamp_us(skb)};

	cb->sacked = tcp_sacktag_one(sk, state, &piece, dup_sack);
	if (!(cb->sacked & TCPCB_SACKED_ACKED))
		return;
	tcp_rate_skb_delivered(sk, skb, state->rate);
	if (skb->tcp_tsorted_anchor.next)
		list_del_init(&skb->tcp_tsorted_anchor);
	if (!before(cb->seq, tcp_highest_sack_seq(tp)))
		tp->highest_sack = skb_rb_next(skb);
}

/* Tag the segments of `part` as block sp says, and join them to a SACKed neighbour in front. */
static void tcp_sacktag_walk(struct sock *sk, struct tcp_sacktag_state *state,
			     const struct tcp_sack_block *sp, const struct tcp_sack_block *part,
			     bool dup_sack)
{
	struct sk_buff *skb, *kept;

	for (skb = tcp_sacktag_seek(sk, part->start_seq); skb; skb = skb_rb_next(skb)) {
		int in_sack;

		if (!before(TCP_SKB_CB(skb)->seq, part->end_seq))
			break;
		kept = tcp_shift_skb_data(sk, skb, state, sp, dup_sack);
		if (kept) {
			skb = kept; /* its tags are right, and those of what it swallowed */
			continue;
		}
		in_sack = tcp_match_skb_to_sack(sk, skb, sp);
		if (in_sack < 0)
			break;
		if (in_sack)
			tcp_sacktag_skb(sk, state, skb, dup_sack);
	}
}

/* Walk what the cache (the blocks of the ACK before, sorted) does not cover of block sp. */
static void tcp_sacktag_news(struct sock *sk, struct tcp_sacktag_state *state,
			     const struct tcp_sack_block *sp)
{
	const struct tcp_sack_block *c = tcp_sk(sk)->recv_sack_cache;
	struct tcp_sack_block part = *sp;
	int i;

	for (i = 0; i < TCP_NUM_SACKS; i++, c++) {
		if (!before(c->start_seq, c->end_seq) || !after(c->end_seq, part.start_seq))
			continue;
		if (!before(c->start_seq, sp->end_seq))
			break;
		if (before(part.start_seq, c->start_seq)) {
			part.end_seq = c->start_seq;
			tcp_sacktag_walk(sk, state, sp, &part, false);
		}
		part.start_seq = c->end_seq;
	}
	part.end_seq = sp->end_seq;
	if (before(part.start_seq, part.end_seq))
		tcp_sacktag_walk(sk, state, sp, &part, false);
}

/* ---- the option ---- */

/* Read the blocks of the option into sp; returns their number. */
static int tcp_sack_read(const struct sk_buff *skb, struct tcp_sack_block *sp)
{
	const u8 *p = (const u8 *)tcp_hdr(skb) + TCP_SKB_CB(skb)->sacked;
	int i, num = min(TCP_NUM_SACKS, (p[1] - TCPOLEN_SACK_BASE) / TCPOLEN_SACK_PERBLOCK);

	for (i = 0; i < num; i++) {
		sp[i].start_seq = get_be32(p + 2 + 8 * i);
		sp[i].end_seq = get_be32(p + 6 + 8 * i);
	}
	return num;
}

/* The ACK that brought the blocks, and SND.UNA before it. */
struct sack_bounds {
	u32 ack, prior_una;
};

static void tcp_count_bad_block(const struct sock *sk, const struct tcp_sack_block *sp, bool dsack,
				u32 ack)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (dsack)
		tcp_mib(sk, tp->undo_marker ? LINUX_MIB_TCPDSACKIGNOREDOLD
					    : LINUX_MIB_TCPDSACKIGNOREDNOUNDO);
	else if (ack == tp->snd_una || after(sp->end_seq, tp->snd_una)) /* not merely a late ACK */
		tcp_mib(sk, LINUX_MIB_TCPSACKDISCARD);
}

/*
 * Keep the blocks of sp that are valid and say something new since prior_una; returns how many. A
 * D-SACK may lie in what this very ACK acknowledges: that is in the queue still. *dsack: whether
 * the first that is kept is the duplicate report; in: whether sp[0] is one.
 */
static int tcp_sack_filter(const struct sock *sk, struct tcp_sack_block *sp, int num,
			   const struct sack_bounds *b, bool *dsack)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	bool first_is_dsack = *dsack;
	int i, used = 0;

	*dsack = false;
	for (i = 0; i < num; i++) {
		bool dup = i == 0 && first_is_dsack;

		if (!tcp_is_sackblock_valid(tp, dup, sp[i].start_seq, sp[i].end_seq)) {
			tcp_count_bad_block(sk, &sp[i], dup, b->ack);
			continue;
		}
		if (!after(sp[i].end_seq, b->prior_una))
			continue;
		*dsack |= dup;
		sp[used++] = sp[i];
	}
	return used;
}

static void tcp_sack_sort(struct tcp_sack_block *sp, int num)
{
	int i, j;

	for (i = num - 1; i > 0; i--) {
		for (j = 0; j < i; j++) {
			if (after(sp[j].start_seq, sp[j + 1].start_seq))
				swap(sp[j], sp[j + 1]);
		}
	}
}

/* Take in the SACK option of ack_skb (TCP_SKB_CB->sacked says where). Returns FLAG_*. */
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb, u32 prior_una,
			    struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sack_block sp[TCP_NUM_SACKS] = {{0, 0}};
	u32 ack = TCP_SKB_CB(ack_skb)->ack_seq, dups = state->sack_delivered;
	const struct sack_bounds bounds = {ack, prior_una};
	int i, num = tcp_sack_read(ack_skb, sp);
	bool dsack;

	state->reord = tp->snd_nxt;
	if (!tp->sacked_out) {
		tp->highest_sack = tcp_rtx_queue_head(sk);
		memset(tp->recv_sack_cache, 0, sizeof(tp->recv_sack_cache));
	}
	dsack = tcp_check_dsack(sk, ack, sp, num, state);
	if (dsack)
		tcp_dsack_forgotten(tp, sp[0].end_seq, prior_una, state->sack_delivered - dups);
	/* An ACK from before the window opened can only bring old blocks. */
	if (before(ack, prior_una - tp->max_window))
		return 0;
	if (!tp->packets_out)
		goto out;
	num = tcp_sack_filter(sk, sp, num, &bounds, &dsack);
	if (dsack)
		tcp_sacktag_walk(sk, state, &sp[0], &sp[0], true);
	tcp_sack_sort(sp, num);
	for (i = 0; i < num; i++)
		tcp_sacktag_news(sk, state, &sp[i]);
	memset(tp->recv_sack_cache, 0, sizeof(tp->recv_sack_cache));
	memcpy(tp->recv_sack_cache, sp, (size_t)num * sizeof(sp[0]));
	if (inet_csk(sk)->icsk_ca_state != TCP_CA_Loss || tp->undo_marker)
		tcp_check_sack_reordering(sk, state->reord, false);
out:
	BUG_ON(tcp_left_out(tp) > tp->packets_out);
	return state->flag;
}
