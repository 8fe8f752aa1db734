/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_SKB_OPS_H
#define BW_NET_SKB_OPS_H

/*
 * Operations on sk_buffs and their queues; see <net/skbuff.h>. Any context unless said otherwise.
 * The caller holds the queue's lock for the __skb_* and skb_queue_* functions here.
 */
#include <net/skbuff.h>

struct iov_iter;

void skb_init(void);
/* Linear skb with `size` bytes of room, one reference; NULL when out of memory. */
struct sk_buff *alloc_skb(u32 size, gfp_t gfp);
/* Same, from a pair allocation whose second half serves the first skb_clone() (TCP's sends). */
struct sk_buff *alloc_skb_fclone(u32 size, gfp_t gfp);
/* Around an existing page block: head = addr, room = size - SKB_SHINFO_SIZE. Takes the page
 * reference. */
struct sk_buff *build_skb_page(void *addr, u32 size, gfp_t gfp);
/* Receive buffer with NET_IP_ALIGN and MAX_HEADER headroom, skb->dev set. */
struct sk_buff *netdev_alloc_skb(struct net_device *dev, u32 size);

void __kfree_skb(struct sk_buff *skb);
/* Drop a reference; the last one frees and counts the reason. NULL is fine. */
void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason);
/* Drop a reference to a packet that was used. NULL is fine. */
void consume_skb(struct sk_buff *skb);
#define kfree_skb(skb) kfree_skb_reason(skb, SKB_DROP_REASON_NOT_SPECIFIED)
unsigned long skb_drop_count(enum skb_drop_reason reason);

/* Second sk_buff on the same data. */
struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t gfp);
/* Has the clone of a pair, sent by sk, not been freed yet? */
bool skb_fclone_busy(const struct sock *sk, const struct sk_buff *skb);
/* Own head, shared fragments. */
struct sk_buff *pskb_copy(struct sk_buff *skb, u32 headroom, gfp_t gfp);
/* Own everything, linear. */
struct sk_buff *skb_copy(const struct sk_buff *skb, gfp_t gfp);
/* Replace a shared head by an own one with that much more room in front and behind. 0 or -ENOMEM.
 */
int pskb_expand_head(struct sk_buff *skb, u32 nhead, u32 ntail, gfp_t gfp);
/* Make the head writable with `headroom` bytes in front. */
int skb_cow_head(struct sk_buff *skb, u32 headroom);
/* If shared by reference count, replace by a clone; consumes the given reference. */
struct sk_buff *skb_share_check(struct sk_buff *skb, gfp_t gfp);

/* Move `delta` bytes from fragments to the head; the slow half of pskb_may_pull. NULL when it
 * cannot. */
void *__pskb_pull_tail(struct sk_buff *skb, u32 delta);
static inline bool pskb_may_pull(struct sk_buff *skb, u32 len)
{
	if (likely(len <= skb_headlen(skb)))
		return true;
	if (unlikely(len > skb->len))
		return false;
	return __pskb_pull_tail(skb, len - skb_headlen(skb)) != NULL;
}
/* All bytes linear; 0 or -ENOMEM. */
int skb_linearize(struct sk_buff *skb);
/* Cut at the front, from head and fragments alike (data and len; headers stay where they are). */
void *__skb_pull_any(struct sk_buff *skb, u32 len);
/* Cut to len bytes; frees what is behind. 0 or -ENOMEM. */
int pskb_trim(struct sk_buff *skb, u32 len);
/* Linux's pskb_trim_rcsum: also keeps a CHECKSUM_COMPLETE sum right. */
int pskb_trim_rcsum(struct sk_buff *skb, u32 len);
/* Move bytes from `len` on to skb1 (fresh, empty, enough linear room for the head's tail). */
void skb_split(struct sk_buff *skb, struct sk_buff *skb1, u32 len);
/* Move up to shiftlen fragment bytes from the front of skb to the end of tgt; bytes moved or 0. */
int skb_shift(struct sk_buff *tgt, struct sk_buff *skb, int shiftlen);
/* Append from's data to to without copying, if possible; then `from` may be freed (see fragstolen).
 */
bool skb_try_coalesce(struct sk_buff *to, struct sk_buff *from, bool *fragstolen,
		      int *delta_truesize);
void kfree_skb_partial(struct sk_buff *skb, bool head_stolen);

/* Copies between a packet's bytes and memory/programs; offset counts from skb->data. 0 or -EFAULT.
 */
int skb_copy_bits(const struct sk_buff *skb, u32 offset, void *to, u32 len);
int skb_store_bits(struct sk_buff *skb, u32 offset, const void *from, u32 len);
int skb_copy_datagram_iter(const struct sk_buff *skb, u32 offset, struct iov_iter *to, u32 len);
int skb_copy_datagram_from_iter(struct sk_buff *skb, u32 offset, struct iov_iter *from, u32 len);
/* The packet turns round into a receiver (loopback, veth): it must not lead to a program's pages
 * (MSG_ZEROCOPY). 0 or -ENOMEM. */
int skb_orphan_frags_rx(struct sk_buff *skb, gfp_t gfp);
/* Drop what keeps a program waiting for its pages. */
void skb_zcopy_clear(struct sk_buff *skb);
/* n has fragments of skb: it keeps the program waiting too. */
void skb_zerocopy_clone(struct sk_buff *n, const struct sk_buff *skb);
/* Pointer to len bytes at offset: in place if linear there, else copied to buffer; NULL if too
 * short. */
void *skb_header_pointer(const struct sk_buff *skb, u32 offset, u32 len, void *buffer);

/* Checksum of len bytes from offset (from skb->data), through fragments and frag_list. */
wsum skb_checksum(const struct sk_buff *skb, u32 offset, u32 len, wsum csum);
/* Verify a transport checksum over the whole packet with pseudo-header sum; true when right. */
bool skb_checksum_complete(struct sk_buff *skb, wsum pseudo);
/* Resolve CHECKSUM_PARTIAL in software. 0 or -errno. */
int skb_checksum_help(struct sk_buff *skb);
/* Cut a GSO packet into wire segments (a list by ->next); NULL if none needed, ERR_PTR. Keeps skb.
 */
struct sk_buff *skb_gso_segment(struct sk_buff *skb);

/* Give the sender its memory back now: the packet goes on without it. */
static inline void skb_orphan(struct sk_buff *skb)
{
	if (skb->destructor) {
		skb->destructor(skb);
		skb->destructor = NULL;
	}
	skb->sk = NULL;
}

static inline void skb_fill_page_desc(struct sk_buff *skb, int i, struct page *page, u32 off,
				      u32 size)
{
	skb_shinfo(skb)->frags[i] = (skb_frag_t){page, off, size};
	skb_shinfo(skb)->nr_frags = (u8)(i + 1);
}
static inline void *skb_frag_address(const skb_frag_t *f)
{
	return (u8 *)page_address(f->page) + f->offset;
}

/* Room for `need` bytes at pf's cursor; false when out of memory. */
bool skb_page_frag_refill(u32 need, struct page_frag *pf, gfp_t gfp);

static inline void skb_queue_head_init(struct sk_buff_head *q)
{
	q->next = q->prev = (struct sk_buff *)q;
	q->qlen = 0;
}
static inline bool skb_queue_empty(const struct sk_buff_head *q)
{
	return q->next == (const struct sk_buff *)q;
}
static inline struct sk_buff *skb_peek(const struct sk_buff_head *q)
{
	return skb_queue_empty(q) ? NULL : q->next;
}
static inline struct sk_buff *skb_peek_tail(const struct sk_buff_head *q)
{
	return skb_queue_empty(q) ? NULL : q->prev;
}
static inline struct sk_buff *skb_queue_next(const struct sk_buff_head *q,
					     const struct sk_buff *skb)
{
	return skb->next == (const struct sk_buff *)q ? NULL : skb->next;
}
static inline void __skb_insert(struct sk_buff *n, struct sk_buff *prev, struct sk_buff *next,
				struct sk_buff_head *q)
{
	n->next = next;
	n->prev = prev;
	/* Either neighbour may be the queue's head, which is only as long as the two pointers. */
	((struct sk_buff_head *)next)->prev = n;
	((struct sk_buff_head *)prev)->next = n;
	q->qlen++;
}
static inline void __skb_queue_tail(struct sk_buff_head *q, struct sk_buff *n)
{
	__skb_insert(n, q->prev, (struct sk_buff *)q, q);
}
static inline void __skb_queue_head(struct sk_buff_head *q, struct sk_buff *n)
{
	__skb_insert(n, (struct sk_buff *)q, q->next, q);
}
static inline void __skb_queue_after(struct sk_buff_head *q, struct sk_buff *prev,
				     struct sk_buff *n)
{
	__skb_insert(n, prev, prev->next, q);
}
static inline void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *q)
{
	q->qlen--;
	((struct sk_buff_head *)skb->next)->prev = skb->prev;
	((struct sk_buff_head *)skb->prev)->next = skb->next;
	skb->next = skb->prev = NULL;
}
static inline struct sk_buff *__skb_dequeue(struct sk_buff_head *q)
{
	struct sk_buff *skb = skb_peek(q);

	if (skb)
		__skb_unlink(skb, q);
	return skb;
}
void __skb_queue_purge(struct sk_buff_head *q, enum skb_drop_reason reason);
#define skb_queue_walk(q, skb) for (skb = (q)->next; skb != (struct sk_buff *)(q); skb = skb->next)
#define skb_queue_walk_safe(q, skb, tmp)                                     \
	for (skb = (q)->next, tmp = skb->next; skb != (struct sk_buff *)(q); \
	     skb = tmp, tmp = skb->next)
#define rb_to_skb(rb) container_of(rb, struct sk_buff, rbnode)
#define skb_rb_first(root)                           \
	({                                           \
		struct rb_node *_n = rb_first(root); \
		_n ? rb_to_skb(_n) : NULL;           \
	})
#define skb_rb_last(root)                           \
	({                                          \
		struct rb_node *_n = rb_last(root); \
		_n ? rb_to_skb(_n) : NULL;          \
	})
#define skb_rb_next(skb)                                      \
	({                                                    \
		struct rb_node *_n = rb_next(&(skb)->rbnode); \
		_n ? rb_to_skb(_n) : NULL;                    \
	})
#define skb_rb_prev(skb)                                      \
	({                                                    \
		struct rb_node *_n = rb_prev(&(skb)->rbnode); \
		_n ? rb_to_skb(_n) : NULL;                    \
	})

#endif /* BW_NET_SKB_OPS_H */
