// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cutting and counting segments of the send side. An sk_buff on the write or retransmission queue
 * may hold many wire segments (TSO); tcp_gso_segs counts them and tcp_gso_size is their payload
 * size. Here an sk_buff is cut in two (window, congestion window, SACK border, smaller MSS) or
 * loses its acknowledged front, and every sum in tcp_sock that counts segments is kept right.
 *
 * Called by tcp_output.c, tcp_retransmit.c, tcp_ack.c, tcp_sack.c; sock locked. Data is not copied
 * but for what lies in the linear part.
 */
#include <net/tcp_data.h>

void tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now)
{
	BUG_ON(!mss_now);
	if (skb->len <= mss_now) {
		TCP_SKB_CB(skb)->tcp_gso_segs = 1;
		TCP_SKB_CB(skb)->tcp_gso_size = 0;
	} else {
		TCP_SKB_CB(skb)->tcp_gso_segs = (u16)DIV_ROUND_UP(skb->len, mss_now);
		TCP_SKB_CB(skb)->tcp_gso_size = (u16)mss_now;
	}
}

/* Count if that was not done, or for another MSS; returns the number of wire segments. */
int tcp_init_tso_segs(struct sk_buff *skb, unsigned int mss_now)
{
	int segs = tcp_skb_pcount(skb);

	if (!segs || (segs > 1 && tcp_skb_mss(skb) != (int)mss_now)) {
		tcp_set_skb_tso_segs(skb, mss_now);
		segs = tcp_skb_pcount(skb);
	}
	return segs;
}

/* A sent skb holds `decr` wire segments fewer than was counted. */
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 sacked = TCP_SKB_CB(skb)->sacked;

	tp->packets_out -= (u32)decr;
	if (sacked & TCPCB_SACKED_ACKED)
		tp->sacked_out -= (u32)decr;
	if (sacked & TCPCB_SACKED_RETRANS)
		tp->retrans_out -= (u32)decr;
	if (sacked & TCPCB_LOST)
		tp->lost_out -= (u32)decr;
	/* Without SACK sacked_out counts duplicates of nobody in particular. */
	if (tcp_is_reno(tp) && decr > 0)
		tp->sacked_out -= min(tp->sacked_out, (u32)decr);
	BUG_ON((s32)tp->packets_out < 0 || (s32)tp->retrans_out < 0 || (s32)tp->lost_out < 0 ||
	       tcp_left_out(tp) > tp->packets_out);
}

/* An empty skb for the send queues, charged to the sock by the caller; NULL without memory. */
struct sk_buff *tcp_stream_alloc_skb(struct sock *sk, u32 size, gfp_t gfp, bool force)
{
	struct sk_buff *skb = alloc_skb_fclone(size + MAX_TCP_HEADER, gfp);

	if (unlikely(!skb)) {
		if (sk->sk_prot->enter_memory_pressure)
			sk->sk_prot->enter_memory_pressure(sk);
		sk_stream_moderate_sndbuf(sk);
		return NULL;
	}
	if (force) {
		sk_forced_mem_schedule(sk, (int)skb->truesize);
	} else if (!sk_wmem_schedule(sk, (int)skb->truesize)) {
		consume_skb(skb);
		return NULL;
	}
	skb_reserve(skb, MAX_TCP_HEADER);
	skb->ip_summed = CHECKSUM_PARTIAL;
	INIT_LIST_HEAD(&skb->tcp_tsorted_anchor);
	return skb;
}

/*
 * Move the bytes of skb's linear part to a page, as its first fragment, so that they can change
 * hands. *pf: the page that a series of such calls shares; the caller puts it. 0 or -ENOMEM.
 */
int tcp_skb_unlinear(struct sock *sk, struct sk_buff *skb, struct page_frag *pf)
{
	struct skb_shared_info *sh = skb_shinfo(skb);
	u32 hlen = skb_headlen(skb);

	if (!hlen)
		return 0;
	if (skb_cloned(skb) || sh->nr_frags == MAX_SKB_FRAGS || hlen > PAGE_SIZE)
		return -ENOMEM;
	if (pf->page && pf->offset + hlen > PAGE_SIZE) {
		put_page(pf->page);
		pf->page = NULL;
	}
	if (!pf->page) {
		pf->page = alloc_pages(GFP_ATOMIC | __GFP_NOWARN, 0);
		pf->offset = 0;
	}
	if (!pf->page)
		return -ENOMEM;
	memcpy((u8 *)page_address(pf->page) + pf->offset, skb->data, hlen);
	memmove(&sh->frags[1], &sh->frags[0], sh->nr_frags * sizeof(sh->frags[0]));
	sh->frags[0] = (skb_frag_t){pf->page, pf->offset, hlen};
	sh->nr_frags++;
	get_page(pf->page);
	pf->offset += hlen;
	skb->tail = skb->data;
	skb->data_len += hlen;
	skb->truesize += hlen;
	sk_forced_mem_schedule(sk, (int)hlen);
	sk_wmem_queued_add(sk, (int)hlen);
	sk_mem_charge(sk, (int)hlen);
	return 0;
}

/* Into the retransmission queue, by sequence number. */
void tcp_tx_queue_insert(struct sock *sk, struct sk_buff *skb)
{
	struct rb_node **p = &sk->tcp_rtx_queue.rb_node, *parent = NULL;

	while (*p) {
		parent = *p;
		p = before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(rb_to_skb(parent))->seq)
			    ? &parent->rb_left
			    : &parent->rb_right;
	}
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, &sk->tcp_rtx_queue);
}

void tcp_rtx_queue_unlink_and_free(struct sock *sk, struct sk_buff *skb)
{
	list_del(&skb->tcp_tsorted_anchor);
	rb_erase(&skb->rbnode, &sk->tcp_rtx_queue);
	tcp_wmem_free_skb(sk, skb);
}

/* Events to report (SO_TIMESTAMPING) go with the byte they are about. */
static void tcp_fragment_tstamp(struct sk_buff *skb, struct sk_buff *rest)
{
	struct skb_shared_info *a = skb_shinfo(skb), *b = skb_shinfo(rest);

	if (likely(!a->tx_flags && !TCP_SKB_CB(skb)->txstamp_ack) ||
	    before(a->tskey, TCP_SKB_CB(rest)->seq))
		return;
	b->tx_flags = a->tx_flags;
	b->tskey = a->tskey;
	a->tx_flags = 0;
	TCP_SKB_CB(rest)->txstamp_ack = TCP_SKB_CB(skb)->txstamp_ack;
	TCP_SKB_CB(skb)->txstamp_ack = 0;
}

/* Share flags, tags and times of skb with the rest cut off from it. */
static void tcp_split_cb(struct sk_buff *skb, struct sk_buff *rest, u32 len)
{
	struct tcp_skb_cb *a = TCP_SKB_CB(skb), *b = TCP_SKB_CB(rest);

	b->seq = a->seq + len;
	b->end_seq = a->end_seq;
	a->end_seq = b->seq;
	b->tcp_flags = a->tcp_flags;
	a->tcp_flags &= (u8) ~(TCPHDR_FIN | TCPHDR_PSH);
	b->sacked = a->sacked;
	b->eor = a->eor;
	a->eor = 0;
	b->tx = a->tx;
	rest->tstamp = skb->tstamp;
}

/*
 * Cut skb behind `len` payload bytes; the rest, at least a byte or a FIN, becomes a segment of its
 * own behind it, on the same queue. 0, -ENOMEM.
 */
int tcp_fragment(struct sock *sk, struct sk_buff *skb, u32 len, unsigned int mss_now, gfp_t gfp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool sent = before(TCP_SKB_CB(skb)->seq, tp->snd_nxt);
	u32 hlen = skb_headlen(skb), moved;
	int old_factor = tcp_skb_pcount(skb);
	struct sk_buff *rest;

	if (WARN_ON(!len || len > skb->len ||
		    TCP_SKB_CB(skb)->seq + len == TCP_SKB_CB(skb)->end_seq))
		return -EINVAL;
	/* A peer that asks for ever smaller pieces by SACK must not fill the memory with them. */
	if (unlikely((sk->sk_wmem_queued >> 1) > sk->sk_sndbuf + 2 * 65536) && sent &&
	    skb != tcp_rtx_queue_head(sk) && skb != tcp_rtx_queue_tail(sk)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPWQUEUETOOBIG);
		return -ENOMEM;
	}
	if (skb_unclone(skb, gfp))
		return -ENOMEM;
	rest = tcp_stream_alloc_skb(sk, hlen > len ? hlen - len : 0, gfp, true);
	if (!rest)
		return -ENOMEM;
	moved = skb->len - len;
	/* The head does not move, fragments do: their bytes are what truesize counts. */
	moved = min(moved, skb->data_len);
	sk_wmem_queued_add(sk, (int)rest->truesize);
	sk_mem_charge(sk, (int)rest->truesize);
	rest->truesize += moved;
	skb->truesize -= moved;
	tcp_split_cb(skb, rest, len);
	tcp_fragment_tstamp(skb, rest);
	skb_split(skb, rest, len);
	tcp_set_skb_tso_segs(skb, mss_now);
	tcp_set_skb_tso_segs(rest, mss_now);
	if (!sent) {
		__skb_queue_after(&sk->sk_write_queue, skb, rest);
		return 0;
	}
	old_factor -= tcp_skb_pcount(skb) + tcp_skb_pcount(rest);
	if (old_factor)
		tcp_adjust_pcount(sk, skb, old_factor);
	tcp_tx_queue_insert(sk, rest);
	if (!list_empty(&skb->tcp_tsorted_anchor))
		list_add(&rest->tcp_tsorted_anchor, &skb->tcp_tsorted_anchor);
	return 0;
}

/* Forget the first `len` payload bytes of a sent segment; 0 or -ENOMEM. The caller counts segments.
 */
int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len)
{
	u32 hlen = skb_headlen(skb), freed = len > hlen ? len - hlen : 0;

	BUG_ON(len > skb->len);
	if (!__skb_pull_any(skb, len))
		return -ENOMEM;
	TCP_SKB_CB(skb)->seq += len;
	skb->truesize -= freed;
	sk_wmem_queued_add(sk, -(int)freed);
	sk_mem_uncharge(sk, (int)freed);
	if (tcp_skb_pcount(skb) > 1)
		tcp_set_skb_tso_segs(skb, (unsigned int)tcp_skb_mss(skb));
	return 0;
}
