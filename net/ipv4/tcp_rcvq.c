// SPDX-License-Identifier: BSD-2-Clause
/*
 * The receive queues: RFC 9293 section 3.10.7.4, seventh step, segment text. In-order data goes to
 * sk_receive_queue, data behind a hole to the out-of-order tree, duplicates away; when a hole is
 * filled the tree drains into the queue. The only place that moves rcv_nxt forward.
 *
 * Overlaps have one result: a byte that is in order is never replaced; in the tree the segment that
 * begins first wins, and of two that begin alike the longer one. A segment never takes more memory
 * than sk_rcvbuf and tcp_mem allow: then queues are squeezed (tcp_collapse.c), then out-of-order
 * data is thrown away, last the segment itself.
 *
 * Called by tcp_input.c, sock locked; consumes the segments.
 */
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>

void tcp_rcv_nxt_update(struct tcp_sock *tp, u32 seq)
{
	tp->bytes_received += seq - tp->rcv_nxt;
	tp->rcv_nxt = seq;
}

/* ---- memory ---- */

/* Throw away out-of-order data from the top, an eighth of the buffer at a time, but not below
 * in_skb.
 */
bool tcp_prune_ofo_queue(struct sock *sk, const struct sk_buff *in_skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tp->ooo_last_skb;
	int goal = sk->sk_rcvbuf >> 3;
	bool pruned = false;

	if (RB_EMPTY_ROOT(&tp->out_of_order_queue))
		return false;
	while (skb && !after(TCP_SKB_CB(in_skb)->seq, TCP_SKB_CB(skb)->seq)) {
		struct sk_buff *prev = skb_rb_prev(skb);

		pruned = true;
		goal -= (int)skb->truesize;
		rb_erase(&skb->rbnode, &tp->out_of_order_queue);
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_OFO_QUEUE_PRUNE);
		tp->ooo_last_skb = skb = prev;
		if (goal <= 0) {
			if (atomic_read(&sk->sk_rmem_alloc) <= sk->sk_rcvbuf &&
			    !tcp_under_memory_pressure(sk))
				break;
			goal = sk->sk_rcvbuf >> 3;
		}
	}
	if (pruned) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_OFOPRUNED);
		/* What was reported is not there any more (RFC 2018 section 8 allows that). */
		tp->rx_opt.num_sacks = 0;
		tp->rx_opt.dsack = 0;
	}
	return pruned;
}

/* Make room; 0 when rmem_alloc is within the buffer again, else negative: drop the segment. */
int tcp_prune_queue(struct sock *sk, const struct sk_buff *in_skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	NET_INC_STATS(sock_net(sk), LINUX_MIB_PRUNECALLED);
	if (atomic_read(&sk->sk_rmem_alloc) >= sk->sk_rcvbuf)
		tcp_clamp_window(sk);
	else if (tcp_under_memory_pressure(sk))
		tcp_adjust_rcv_ssthresh(sk);
	if (atomic_read(&sk->sk_rmem_alloc) <= sk->sk_rcvbuf)
		return 0;
	tcp_collapse_queues(sk);
	if (atomic_read(&sk->sk_rmem_alloc) <= sk->sk_rcvbuf)
		return 0;
	tcp_prune_ofo_queue(sk, in_skb);
	if (atomic_read(&sk->sk_rmem_alloc) <= sk->sk_rcvbuf)
		return 0;
	/* The peer sends more than it was offered, or in absurdly small pieces. */
	NET_INC_STATS(sock_net(sk), LINUX_MIB_RCVPRUNED);
	tp->pred_flags = 0;
	return -ENOMEM;
}

/* May `size` bytes more be queued? Tries hard. */
bool tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb, unsigned int size)
{
	if (likely(atomic_read(&sk->sk_rmem_alloc) <= sk->sk_rcvbuf &&
		   sk_rmem_schedule(sk, (int)size)))
		return true;
	if (tcp_prune_queue(sk, skb) < 0)
		return false;
	while (!sk_rmem_schedule(sk, (int)size)) {
		if (!tcp_prune_ofo_queue(sk, skb))
			return false;
	}
	return true;
}

/* Drop all out-of-order data (the connection ends, or a FIN came before it). */
void tcp_ofo_purge(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	while ((skb = skb_rb_first(&tp->out_of_order_queue))) {
		rb_erase(&skb->rbnode, &tp->out_of_order_queue);
		kfree_skb_reason(skb, SKB_DROP_REASON_QUEUE_PURGE);
	}
	tp->ooo_last_skb = NULL;
	tp->rx_opt.num_sacks = 0;
	tp->rx_opt.dsack = 0;
}

/* ---- in order ---- */

/* Append from, which follows it directly, to `to`. True: free from by kfree_skb_partial. */
static bool tcp_try_coalesce(struct sock *sk, struct sk_buff *to, struct sk_buff *from,
			     bool *fragstolen)
{
	int delta;

	*fragstolen = false;
	if (TCP_SKB_CB(from)->seq != TCP_SKB_CB(to)->end_seq ||
	    !skb_try_coalesce(to, from, fragstolen, &delta))
		return false;
	atomic_add(delta, &sk->sk_rmem_alloc);
	sk_mem_charge(sk, delta);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPRCVCOALESCE);
	TCP_SKB_CB(to)->end_seq = TCP_SKB_CB(from)->end_seq;
	TCP_SKB_CB(to)->ack_seq = TCP_SKB_CB(from)->ack_seq;
	TCP_SKB_CB(to)->tcp_flags |= TCP_SKB_CB(from)->tcp_flags;
	if (unlikely(TCP_SKB_CB(from)->has_rxtstamp)) {
		TCP_SKB_CB(to)->has_rxtstamp = 1;
		to->tstamp = from->tstamp;
	}
	return true;
}

/*
 * Queue data that begins at or before rcv_nxt; skb->data is at the payload. Nonzero: it was joined
 * to the last segment, the caller frees it by kfree_skb_partial.
 */
int tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, bool *fragstolen)
{
	struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);
	bool eaten = tail && tcp_try_coalesce(sk, tail, skb, fragstolen);

	tcp_rcv_nxt_update(tcp_sk(sk), TCP_SKB_CB(skb)->end_seq);
	if (!eaten) {
		__skb_queue_tail(&sk->sk_receive_queue, skb);
		skb_set_owner_r(skb, sk);
	}
	return eaten;
}

/* Is there as much as the reader wants, or as much as there can be? */
bool tcp_epollin_ready(const struct sock *sk, int target)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int avail = (int)(tp->rcv_nxt - tp->copied_seq);

	if (avail <= 0)
		return false;
	return likely(avail >= target) || tcp_under_memory_pressure(sk) ||
	       atomic_read(&sk->sk_rmem_alloc) > sk->sk_rcvbuf - (sk->sk_rcvbuf >> 3) ||
	       tcp_receive_window(tp) <= inet_csk(sk)->icsk_ack.rcv_mss;
}

void tcp_data_ready(struct sock *sk)
{
	if (tcp_epollin_ready(sk, sk->sk_rcvlowat) || sock_flag(sk, SOCK_DONE))
		sk->sk_data_ready(sk);
}

/* SO_RCVLOWAT: the buffer must be able to hold so much, with its overhead. */
int tcp_set_rcvlowat(struct sock *sk, int val)
{
	bool locked = sk->sk_userlocks & SOCK_RCVBUF_LOCK;

	val = min(val, (locked ? sk->sk_rcvbuf : sock_net(sk)->ipv4.sysctl_tcp_rmem[2]) >> 1);
	sk->sk_rcvlowat = val ? val : 1;
	tcp_data_ready(sk);
	if (!locked && val << 1 > sk->sk_rcvbuf) {
		sk->sk_rcvbuf = val << 1;
		tcp_sk(sk)->window_clamp = (u32)tcp_win_from_space(sk, sk->sk_rcvbuf);
	}
	return 0;
}

/* ---- out of order ---- */

/* rcv_nxt moved: take over what is in order now. */
static void tcp_ofo_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 dsack_high = tp->rcv_nxt;
	struct sk_buff *skb;

	while ((skb = skb_rb_first(&tp->out_of_order_queue))) {
		struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);
		bool fin = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN, fragstolen;

		if (after(TCP_SKB_CB(skb)->seq, tp->rcv_nxt))
			break;
		if (before(TCP_SKB_CB(skb)->seq, dsack_high)) {
			/* RFC 2883: what came twice, and no more. */
			u32 dsack = dsack_high;

			if (before(TCP_SKB_CB(skb)->end_seq, dsack_high))
				dsack = TCP_SKB_CB(skb)->end_seq;
			tcp_dsack_extend(sk, TCP_SKB_CB(skb)->seq, dsack);
		}
		rb_erase(&skb->rbnode, &tp->out_of_order_queue);
		if (!after(TCP_SKB_CB(skb)->end_seq, tp->rcv_nxt)) {
			kfree_skb_reason(skb, SKB_DROP_REASON_TCP_OFO_DROP);
			continue;
		}
		if (tail && tcp_try_coalesce(sk, tail, skb, &fragstolen)) {
			tcp_rcv_nxt_update(tp, TCP_SKB_CB(skb)->end_seq);
			kfree_skb_partial(skb, fragstolen);
		} else {
			tcp_rcv_nxt_update(tp, TCP_SKB_CB(skb)->end_seq);
			__skb_queue_tail(&sk->sk_receive_queue, skb);
		}
		if (fin) { /* which drops the rest of the tree */
			tcp_fin(sk);
			return;
		}
	}
	if (RB_EMPTY_ROOT(&tp->out_of_order_queue))
		tp->ooo_last_skb = NULL;
}

static void tcp_ofo_drop(struct sock *sk, struct sk_buff *skb)
{
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOMERGE);
	kfree_skb_reason(skb, SKB_DROP_REASON_TCP_OFOMERGE);
}

/* Link skb by its sequence number. */
static void tcp_ofo_link(struct tcp_sock *tp, struct sk_buff *skb)
{
	struct rb_node **p = &tp->out_of_order_queue.rb_node, *parent = NULL;

	while (*p) {
		parent = *p;
		p = before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(rb_to_skb(parent))->seq)
			    ? &parent->rb_left
			    : &parent->rb_right;
	}
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, &tp->out_of_order_queue);
}

/* The last segment of the tree that begins at or before seq, or NULL. */
static struct sk_buff *tcp_ofo_before(const struct tcp_sock *tp, u32 seq)
{
	struct rb_node *n = tp->out_of_order_queue.rb_node;
	struct sk_buff *found = NULL;

	/* Mostly data comes behind all the rest. */
	if (tp->ooo_last_skb && !before(seq, TCP_SKB_CB(tp->ooo_last_skb)->seq))
		return tp->ooo_last_skb;
	while (n) {
		struct sk_buff *skb = rb_to_skb(n);

		if (before(seq, TCP_SKB_CB(skb)->seq)) {
			n = n->rb_left;
		} else {
			found = skb;
			n = n->rb_right;
		}
	}
	return found;
}

/* skb is in the tree: drop those behind it that it covers. */
static void tcp_ofo_merge_right(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 end_seq = TCP_SKB_CB(skb)->end_seq;
	struct sk_buff *next;

	while ((next = skb_rb_next(skb))) {
		struct tcp_skb_cb *cb = TCP_SKB_CB(next);

		if (!after(end_seq, cb->seq))
			return;
		if (before(end_seq, cb->end_seq)) {
			tcp_dsack_extend(sk, cb->seq, end_seq);
			return;
		}
		tcp_dsack_extend(sk, cb->seq, cb->end_seq);
		rb_erase(&next->rbnode, &tp->out_of_order_queue);
		tcp_ofo_drop(sk, next);
	}
	tp->ooo_last_skb = skb;
}

/* skb has grown: what it covers now goes, silently as in Linux. */
static void tcp_ofo_drop_covered(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *next;

	while ((next = skb_rb_next(skb))) {
		if (before(TCP_SKB_CB(skb)->end_seq, TCP_SKB_CB(next)->end_seq))
			return;
		rb_erase(&next->rbnode, &tp->out_of_order_queue);
		tcp_ofo_drop(sk, next);
	}
	tp->ooo_last_skb = skb;
}

/*
 * Put skb into the tree. Returns it when it is now a member, NULL when its data was there already
 * or joined a neighbour; then it is freed.
 */
static struct sk_buff *tcp_ofo_insert(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct sk_buff *prev = tcp_ofo_before(tp, seq);
	bool fragstolen;

	if (prev && before(seq, TCP_SKB_CB(prev)->end_seq)) {
		if (!after(end_seq, TCP_SKB_CB(prev)->end_seq)) {
			tcp_ofo_drop(sk, skb);
			tcp_dsack_set(sk, seq, end_seq);
			return NULL;
		}
		if (seq == TCP_SKB_CB(prev)->seq) { /* the longer one replaces it */
			tcp_dsack_extend(sk, seq, TCP_SKB_CB(prev)->end_seq);
			if (tp->ooo_last_skb == prev)
				tp->ooo_last_skb = skb;
			rb_erase(&prev->rbnode, &tp->out_of_order_queue);
			tcp_ofo_drop(sk, prev);
		} else {
			tcp_dsack_set(sk, seq, TCP_SKB_CB(prev)->end_seq);
		}
	} else if (prev && tcp_try_coalesce(sk, prev, skb, &fragstolen)) {
		/* Without SACK the window stays, so that our ACKs count as duplicates. */
		if (tcp_is_sack(tp))
			tcp_grow_window(sk, skb, true);
		kfree_skb_partial(skb, fragstolen);
		tcp_ofo_drop_covered(sk, prev);
		return NULL;
	}
	tcp_ofo_link(tp, skb);
	tcp_ofo_merge_right(sk, skb);
	return skb;
}

/* Data behind a hole. */
static void tcp_data_queue_ofo(struct sock *sk, struct sk_buff *skb)
{
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_ecn_check_ce(sk, skb);
	if (unlikely(!tcp_try_rmem_schedule(sk, skb, skb->truesize))) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFODROP);
		sk->sk_data_ready(sk);
		kfree_skb_reason(skb, SKB_DROP_REASON_PROTO_MEM);
		return;
	}
	tp->pred_flags = 0;
	inet_csk_schedule_ack(sk);
	tp->rcv_ooopack += max_t(u32, 1, skb_shinfo(skb)->gso_segs);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOQUEUE);
	skb = tcp_ofo_insert(sk, skb);
	if (tcp_is_sack(tp))
		tcp_sack_new_ofo_skb(sk, seq, end_seq);
	if (skb) {
		if (tcp_is_sack(tp))
			tcp_grow_window(sk, skb, false);
		skb_set_owner_r(skb, sk);
	}
}

/* ---- a segment with text ---- */

/* At least some of it is in order and in the window. */
static void tcp_data_queue_in_order(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool fragstolen = false;
	int eaten;

	if (skb_queue_empty(&sk->sk_receive_queue)) {
		sk_forced_mem_schedule(sk, (int)skb->truesize); /* one is always taken */
	} else if (!tcp_try_rmem_schedule(sk, skb, skb->truesize)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPRCVQDROP);
		sk->sk_data_ready(sk);
		kfree_skb_reason(skb, SKB_DROP_REASON_PROTO_MEM);
		return;
	}
	eaten = tcp_queue_rcv(sk, skb, &fragstolen);
	if (skb->len)
		tcp_event_data_recv(sk, skb);
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		tcp_fin(sk);
	if (!RB_EMPTY_ROOT(&tp->out_of_order_queue)) {
		tcp_ofo_queue(sk);
		/* A hole was filled: tell at once (RFC 5681 section 4.2). */
		if (RB_EMPTY_ROOT(&tp->out_of_order_queue))
			inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_NOW;
	}
	if (tp->rx_opt.num_sacks)
		tcp_sack_remove(tp);
	tcp_fast_path_check(sk);
	if (eaten)
		kfree_skb_partial(skb, fragstolen);
	if (!sock_flag(sk, SOCK_DEAD))
		tcp_data_ready(sk);
}

/* Nothing of it can be taken: drop it and answer soon, for the peer's view is wrong. */
static void tcp_data_unacceptable(struct sock *sk, struct sk_buff *skb, enum skb_drop_reason reason)
{
	tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
	inet_csk_schedule_ack(sk);
	kfree_skb_reason(skb, reason);
}

void tcp_data_queue(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	u32 window = tcp_receive_window(tp);

	sock_assert_locked(sk);
	if (seq == end_seq) {
		consume_skb(skb);
		return;
	}
	skb_dst_drop(skb);
	skb_pull(skb, TCP_SKB_CB(skb)->rx.doff);
	tp->rx_opt.dsack = 0;
	if (!after(end_seq, tp->rcv_nxt)) {
		/* All of it came before: our ACK was lost, or its copy late. */
		tcp_rcv_spurious_retrans(sk, seq);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKLOST);
		tcp_dsack_set(sk, seq, end_seq);
		tcp_data_unacceptable(sk, skb, SKB_DROP_REASON_TCP_OLD_DATA);
		return;
	}
	if (after(seq, tp->rcv_nxt)) {
		if (before(seq, tp->rcv_nxt + window))
			tcp_data_queue_ofo(sk, skb);
		else
			tcp_data_unacceptable(sk, skb, SKB_DROP_REASON_TCP_OVERWINDOW);
		return;
	}
	if (before(seq, tp->rcv_nxt))
		tcp_dsack_set(sk, seq, tp->rcv_nxt);
	if (!window) { /* a window probe, mostly */
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPZEROWINDOWDROP);
		tcp_data_unacceptable(sk, skb, SKB_DROP_REASON_TCP_ZEROWINDOW);
		return;
	}
	tcp_data_queue_in_order(sk, skb);
}
