// SPDX-License-Identifier: BSD-2-Clause
/*
 * Squeezing the receive queues: segments whose buffers are much larger than their payload are
 * copied together into full ones, when a socket has used up its receive buffer. This is the one
 * place where received payload is copied inside the kernel; without it a peer could fill the buffer
 * with one-byte segments and stall the connection.
 *
 * Called by tcp_prune_queue() in tcp_rcvq.c, sock locked. SYN and FIN segments stay as they are;
 * holes stay holes.
 */
#include <net/tcp_data.h>

/* Payload of one collapsed buffer: it fits a page with its overhead. */
#define TCP_COLLAPSE_MAX ((u32)(PAGE_SIZE - SKB_SHINFO_SIZE))

/* One of the two queues: list set, or root. */
struct collapse_queue {
	struct sk_buff_head *list;
	struct rb_root *root;
};

static struct sk_buff *collapse_next(const struct collapse_queue *q, struct sk_buff *skb)
{
	return q->list ? skb_queue_next(q->list, skb) : skb_rb_next(skb);
}

/* Take skb, whose data was copied, out and free it; returns its successor. */
static struct sk_buff *collapse_one(struct sock *sk, const struct collapse_queue *q,
				    struct sk_buff *skb)
{
	struct sk_buff *next = collapse_next(q, skb);

	if (q->list)
		__skb_unlink(skb, q->list);
	else
		rb_erase(&skb->rbnode, q->root);
	consume_skb(skb);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPRCVCOLLAPSED);
	return next;
}

static void collapse_insert(const struct collapse_queue *q, struct sk_buff *skb)
{
	struct rb_node **p = &q->root->rb_node, *parent = NULL;

	while (*p) {
		parent = *p;
		p = before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(rb_to_skb(parent))->seq)
			    ? &parent->rb_left
			    : &parent->rb_right;
	}
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, q->root);
}

static bool collapse_special(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_SYN | TCPHDR_FIN);
}

/*
 * Copy from *pskb on what belongs to [start, start + nskb's room) into nskb; freed segments are
 * left behind, *pskb moves on. Returns where it stopped.
 */
static u32 collapse_fill(struct sock *sk, const struct collapse_queue *q, struct sk_buff *nskb,
			 struct sk_buff **pskb, u32 room)
{
	u32 seq = TCP_SKB_CB(nskb)->seq;
	struct sk_buff *skb = *pskb;

	while (skb && !collapse_special(skb) && !after(TCP_SKB_CB(skb)->seq, seq)) {
		u32 offset = seq - TCP_SKB_CB(skb)->seq, size;

		if (before(seq, TCP_SKB_CB(skb)->end_seq)) {
			size = min(room, TCP_SKB_CB(skb)->end_seq - seq);
			if (!size)
				break;
			BUG_ON(skb_copy_bits(skb, offset, skb_put(nskb, size), size));
			seq += size;
			room -= size;
		}
		if (before(seq, TCP_SKB_CB(skb)->end_seq))
			break;
		skb = collapse_one(sk, q, skb);
	}
	/* The last one was copied in part: what stays of it begins behind the copy. */
	if (skb && before(TCP_SKB_CB(skb)->seq, seq) &&
	    __skb_pull_any(skb, seq - TCP_SKB_CB(skb)->seq))
		TCP_SKB_CB(skb)->seq = seq;
	*pskb = skb;
	TCP_SKB_CB(nskb)->end_seq = seq;
	return seq;
}

/* Rewrite the segments from skb on that hold [start, end), which has no holes. False: no memory. */
static bool collapse_range(struct sock *sk, const struct collapse_queue *q, struct sk_buff *skb,
			   u32 start, u32 end)
{
	while (skb && before(start, end) && !collapse_special(skb)) {
		u32 room = min(TCP_COLLAPSE_MAX, end - start);
		struct sk_buff *nskb = alloc_skb(room, GFP_ATOMIC), *first = skb;

		if (!nskb)
			return false;
		memcpy(nskb->cb, skb->cb, sizeof(skb->cb));
		TCP_SKB_CB(nskb)->seq = start;
		/* A place in front of what is copied, before that disappears. */
		if (q->list)
			__skb_insert(nskb, first->prev, first, q->list);
		start = collapse_fill(sk, q, nskb, &skb, room);
		BUG_ON(!nskb->len);
		if (!q->list)
			collapse_insert(q, nskb);
		/* A segment copied in part still holds its share: the account must bear both. */
		sk_forced_mem_schedule(sk, (int)nskb->truesize);
		skb_set_owner_r(nskb, sk);
	}
	return true;
}

/* A buffer to which several segments were joined may hold much more memory than its payload. */
static bool collapse_saves(const struct sk_buff *skb)
{
	u32 pages = (skb->len + TCP_COLLAPSE_MAX - 1) / TCP_COLLAPSE_MAX;

	return skb->truesize > pages * (u32)(PAGE_SIZE + sizeof(struct sk_buff));
}

/* Is skb worth being copied? */
static bool collapse_bloated(const struct sock *sk, const struct sk_buff *skb)
{
	return !collapse_special(skb) && tcp_win_from_space(sk, (int)skb->truesize) > (int)skb->len;
}

/* Runs without holes, from a bloated segment on; single small segments are left alone. */
static void collapse_queue(struct sock *sk, const struct collapse_queue *q, struct sk_buff *skb,
			   u32 start)
{
	while (skb) {
		struct sk_buff *head = skb;
		u32 from = TCP_SKB_CB(skb)->seq, end = TCP_SKB_CB(skb)->end_seq;
		int segs = 1;

		if (!collapse_bloated(sk, skb)) {
			skb = collapse_next(q, skb);
			continue;
		}
		if (before(from, start))
			from = start;
		for (skb = collapse_next(q, skb); skb; skb = collapse_next(q, skb), segs++) {
			if (collapse_special(skb) || after(TCP_SKB_CB(skb)->seq, end))
				break;
			if (after(TCP_SKB_CB(skb)->end_seq, end))
				end = TCP_SKB_CB(skb)->end_seq;
		}
		if ((segs > 1 || collapse_saves(head)) && !collapse_range(sk, q, head, from, end))
			return;
	}
}

/* Both queues of the sock. */
void tcp_collapse_queues(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct collapse_queue ofo = {.root = &tp->out_of_order_queue};
	struct collapse_queue in_order = {.list = &sk->sk_receive_queue};

	collapse_queue(sk, &ofo, skb_rb_first(ofo.root), tp->rcv_nxt);
	tp->ooo_last_skb = skb_rb_last(ofo.root);
	collapse_queue(sk, &in_order, skb_peek(in_order.list), tp->copied_seq);
}
