// SPDX-License-Identifier: BSD-2-Clause
/*
 * sk_buff: life and death. Allocation of the descriptor and its head, build_skb_page around a
 * received page, clones (one head, two descriptors), and freeing with its reason.
 *
 * The descriptor comes from a slab cache; TCP's sends take a pair (fclone), because each is cloned
 * once on its way down. Heads of up to SKB_SMALL_HEAD bytes come from a cache of their own, larger
 * ones from kmalloc, received ones are the page that the device wrote.
 *
 * Called from everywhere, in any context; never sleeps. Copying and cutting: skb_copy.c; segmenting
 * and checksums: skb_gso.c.
 */
#pragma GCC optimize("no-tree-loop-distribute-patterns") /* keep loops over words as written */
#include <net/dst.h>
#include <net/skb_ops.h>
#include <net/sock_ops.h>
#include <net/zerocopy.h>
#include <string.h>

#define SKB_SMALL_HEAD 704U

struct sk_buff_fclones {
	struct sk_buff skb1, skb2;
	refcount_t fclone_ref; /* how many of the two live */
};

static struct kmem_cache *skbuff_cache, *skbuff_fclone_cache, *skb_small_head_cache;
static unsigned long drop_counts[SKB_DROP_REASON_MAX];

/* Make the caches. Once, before the first packet. */
void skb_init(void)
{
	if (skbuff_cache)
		return;
	skbuff_cache = kmem_cache_create("skbuff_head_cache", sizeof(struct sk_buff), 64, 0);
	skbuff_fclone_cache =
		kmem_cache_create("skbuff_fclone_cache", sizeof(struct sk_buff_fclones), 64, 0);
	skb_small_head_cache = kmem_cache_create("skbuff_small_head", SKB_SMALL_HEAD, 64, 0);
	BUG_ON(!skbuff_cache || !skbuff_fclone_cache || !skb_small_head_cache);
}

unsigned long skb_drop_count(enum skb_drop_reason reason)
{
	return drop_counts[reason];
}

/*
 * Descriptors are cleared and copied by straight moves: the loops that the compiler makes of
 * memset() and memcpy() take half as many instructions again.
 */
#define SKB_WORDS (sizeof(struct sk_buff) / sizeof(unsigned long))
static_assert(sizeof(struct sk_buff) % sizeof(unsigned long) == 0, "handled by words");

static inline void skb_clear(struct sk_buff *skb)
{
	unsigned long *word = (unsigned long *)skb;

#pragma GCC unroll 32
	for (size_t i = 0; i < SKB_WORDS; i++)
		word[i] = 0;
}

static inline void skb_copy_words(struct sk_buff *n, const struct sk_buff *skb)
{
	unsigned long *to = (unsigned long *)n;
	const unsigned long *from = (const unsigned long *)skb;

#pragma GCC unroll 32
	for (size_t i = 0; i < SKB_WORDS; i++)
		to[i] = from[i];
}

static void skb_set_head(struct sk_buff *skb, void *head, u32 size)
{
	struct skb_shared_info *sh;

	skb->head = skb->data = skb->tail = head;
	skb->end = (u8 *)head + size;
	skb->mac_header = skb->transport_header = 0xffff;
	skb->truesize = size + (u32)SKB_SHINFO_SIZE + (u32)sizeof(*skb);
	refcount_set(&skb->users, 1);
	sh = skb_shinfo(skb);
	memset(sh, 0, offsetof(struct skb_shared_info, frags));
	atomic_set(&sh->dataref, 1);
}

/* A head with at least *size bytes of room; *size becomes what there is. */
static void *skb_head_alloc(u32 *size, gfp_t gfp, bool *pooled)
{
	u32 want = (u32)(SKB_DATA_ALIGN(*size) + SKB_SHINFO_SIZE);
	void *head;

	*pooled = want <= SKB_SMALL_HEAD;
	head = *pooled ? kmem_cache_alloc(skb_small_head_cache, gfp) : kmalloc(want, gfp);
	*size = (*pooled ? SKB_SMALL_HEAD : want) - (u32)SKB_SHINFO_SIZE;
	return head;
}

static bool skb_attach_head(struct sk_buff *skb, u32 size, gfp_t gfp)
{
	bool pooled;
	void *head = skb_head_alloc(&size, gfp, &pooled);

	if (unlikely(!head))
		return false;
	skb_set_head(skb, head, size);
	skb_shinfo(skb)->head_pooled = pooled;
	return true;
}

struct sk_buff *alloc_skb(u32 size, gfp_t gfp)
{
	struct sk_buff *skb = kmem_cache_alloc(skbuff_cache, gfp);

	if (unlikely(!skb))
		return NULL;
	skb_clear(skb);
	if (likely(skb_attach_head(skb, size, gfp)))
		return skb;
	kmem_cache_free(skbuff_cache, skb);
	return NULL;
}

struct sk_buff *alloc_skb_fclone(u32 size, gfp_t gfp)
{
	struct sk_buff_fclones *f = kmem_cache_alloc(skbuff_fclone_cache, gfp);

	if (unlikely(!f))
		return NULL;
	skb_clear(&f->skb1);
	f->skb1.fclone = SKB_FCLONE_ORIG;
	f->skb2.fclone = SKB_FCLONE_CLONE;
	refcount_set(&f->fclone_ref, 1);
	if (likely(skb_attach_head(&f->skb1, size, gfp)))
		return &f->skb1;
	kmem_cache_free(skbuff_fclone_cache, f);
	return NULL;
}

struct sk_buff *build_skb_page(void *addr, u32 size, gfp_t gfp)
{
	struct sk_buff *skb = kmem_cache_alloc(skbuff_cache, gfp);

	if (unlikely(!skb))
		return NULL;
	skb_clear(skb);
	skb_set_head(skb, addr, size - (u32)SKB_SHINFO_SIZE);
	skb_shinfo(skb)->head_is_page = 1;
	return skb;
}

struct sk_buff *netdev_alloc_skb(struct net_device *dev, u32 size)
{
	struct sk_buff *skb = alloc_skb(size + MAX_HEADER + NET_IP_ALIGN, GFP_ATOMIC);

	if (skb) {
		skb_reserve(skb, MAX_HEADER + NET_IP_ALIGN);
		skb->dev = dev;
	}
	return skb;
}

void skb_zcopy_clear(struct sk_buff *skb)
{
	struct ubuf_info *uarg = skb_shinfo(skb)->destructor_arg;

	skb_shinfo(skb)->destructor_arg = NULL;
	if (uarg)
		net_zcopy_put(uarg, true);
}

void skb_zerocopy_clone(struct sk_buff *n, const struct sk_buff *skb)
{
	struct ubuf_info *uarg = skb_zcopy(skb);

	if (likely(!uarg) || skb_zcopy(n) == uarg)
		return;
	BUG_ON(skb_zcopy(n) != NULL);
	net_zcopy_get(uarg);
	skb_shinfo(n)->destructor_arg = uarg;
}

static void skb_free_head(u8 *head, const struct skb_shared_info *sh)
{
	if (sh->head_is_page)
		put_page(virt_to_page(head));
	else if (sh->head_pooled)
		kmem_cache_free(skb_small_head_cache, head);
	else
		kfree(head);
}

/* Drop this descriptor's share of the head and the fragments. */
static void skb_release_data(struct sk_buff *skb)
{
	struct skb_shared_info *sh = skb_shinfo(skb);
	struct sk_buff *frag, *next;
	int i;

	if (skb->cloned && atomic_sub_return(1, &sh->dataref) != 0)
		return;
	if (unlikely(sh->destructor_arg))
		skb_zcopy_clear(skb);
	for (i = 0; i < sh->nr_frags; i++)
		put_page(sh->frags[i].page);
	for (frag = sh->frag_list; frag; frag = next) {
		next = frag->next;
		frag->next = NULL;
		consume_skb(frag);
	}
	skb_free_head(skb->head, sh);
}

static void skb_release_head_state(struct sk_buff *skb)
{
	skb_dst_drop(skb);
	if (skb->destructor) {
		skb->destructor(skb);
		skb->destructor = NULL;
	}
}

static void kfree_skbmem(struct sk_buff *skb)
{
	struct sk_buff_fclones *f;

	switch (skb->fclone) {
	case SKB_FCLONE_UNAVAILABLE:
		kmem_cache_free(skbuff_cache, skb);
		return;
	case SKB_FCLONE_ORIG:
		f = container_of(skb, struct sk_buff_fclones, skb1);
		break;
	default:
		f = container_of(skb, struct sk_buff_fclones, skb2);
		break;
	}
	if (refcount_dec_and_test(&f->fclone_ref))
		kmem_cache_free(skbuff_fclone_cache, f);
}

/* Is a clone of skb, made of its pair, that sk sent, still somewhere below? */
bool skb_fclone_busy(const struct sock *sk, const struct sk_buff *skb)
{
	const struct sk_buff_fclones *f = container_of(skb, struct sk_buff_fclones, skb1);

	return skb->fclone == SKB_FCLONE_ORIG && refcount_read(&f->fclone_ref) > 1 &&
	       f->skb2.sk == sk;
}

/* Free without looking at the reference count: for the owner of the only reference. */
void __kfree_skb(struct sk_buff *skb)
{
	skb_release_head_state(skb);
	skb_release_data(skb);
	kfree_skbmem(skb);
}

void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (!skb || !refcount_dec_and_test(&skb->users))
		return;
	BUG_ON(reason >= SKB_DROP_REASON_MAX);
	drop_counts[reason]++;
	__kfree_skb(skb);
}

void consume_skb(struct sk_buff *skb)
{
	if (skb && refcount_dec_and_test(&skb->users))
		__kfree_skb(skb);
}

void __skb_queue_purge(struct sk_buff_head *q, enum skb_drop_reason reason)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(q)))
		kfree_skb_reason(skb, reason);
}

/* Descriptor copy for clones and copies: everything but ownership and queue links. */
static void skb_copy_header(struct sk_buff *n, const struct sk_buff *skb)
{
	u8 fclone = n->fclone;

	skb_copy_words(n, skb);
	n->fclone = fclone & 3;
	n->next = n->prev = NULL;
	n->sk = NULL;
	n->destructor = NULL;
	n->tcp_tsorted_anchor.next = n->tcp_tsorted_anchor.prev = NULL;
	refcount_set(&n->users, 1);
	if (skb_dst(skb))
		skb_dst_set(n, dst_hold(skb_dst(skb)));
}

struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff_fclones *f = container_of(skb, struct sk_buff_fclones, skb1);
	struct sk_buff *n;

	if (skb->fclone == SKB_FCLONE_ORIG && refcount_read(&f->fclone_ref) == 1) {
		n = &f->skb2;
		refcount_set(&f->fclone_ref, 2);
		n->fclone = SKB_FCLONE_CLONE;
	} else {
		n = kmem_cache_alloc(skbuff_cache, gfp);
		if (unlikely(!n))
			return NULL;
		n->fclone = SKB_FCLONE_UNAVAILABLE;
	}
	skb_copy_header(n, skb);
	skb->cloned = 1;
	n->cloned = 1;
	n->nohdr = 0;
	atomic_inc(&skb_shinfo(skb)->dataref);
	return n;
}

struct sk_buff *skb_share_check(struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff *n;

	if (likely(!skb_shared(skb)))
		return skb;
	n = skb_clone(skb, gfp);
	if (n)
		consume_skb(skb);
	else
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	return n;
}

/* References on every fragment and on the frag_list, for a second shared_info that names them. */
static void skb_frags_hold(const struct skb_shared_info *sh)
{
	struct sk_buff *frag;
	int i;

	for (i = 0; i < sh->nr_frags; i++)
		get_page(sh->frags[i].page);
	for (frag = sh->frag_list; frag; frag = frag->next)
		refcount_inc(&frag->users);
}

struct sk_buff *pskb_copy(struct sk_buff *skb, u32 headroom, gfp_t gfp)
{
	struct skb_shared_info *sh, old;
	struct sk_buff *n;
	u32 hlen = skb_headlen(skb);
	u8 *head, *data, *tail, *end;

	n = alloc_skb(headroom + hlen, gfp);
	if (!n)
		return NULL;
	skb_reserve(n, headroom);
	memcpy(n->data, skb->data, hlen);
	head = n->head, data = n->data, tail = n->data + hlen, end = n->end;
	old = *skb_shinfo(n);
	skb_copy_header(n, skb);
	n->head = head, n->data = data, n->tail = tail, n->end = end;
	n->cloned = 0;
	n->network_header = (u16)(skb->network_header + headroom - skb_headroom(skb));
	n->transport_header = (u16)(skb->transport_header + headroom - skb_headroom(skb));
	n->mac_header = (u16)(skb->mac_header + headroom - skb_headroom(skb));
	if (n->ip_summed == CHECKSUM_PARTIAL)
		n->csum_start = (u16)(n->csum_start + headroom - skb_headroom(skb));
	sh = skb_shinfo(n);
	*sh = *skb_shinfo(skb);
	atomic_set(&sh->dataref, 1);
	sh->head_is_page = 0;
	sh->head_pooled = old.head_pooled;
	sh->destructor_arg = NULL;
	skb_zerocopy_clone(n, skb);
	skb_frags_hold(sh);
	return n;
}

struct sk_buff *skb_copy(const struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff *n = pskb_copy((struct sk_buff *)skb, skb_headroom(skb), gfp);

	if (n && skb_linearize(n)) {
		kfree_skb_reason(n, SKB_DROP_REASON_NOMEM);
		return NULL;
	}
	return n;
}

int pskb_expand_head(struct sk_buff *skb, u32 nhead, u32 ntail, gfp_t gfp)
{
	u32 used = (u32)(skb->tail - skb->head), size;
	struct skb_shared_info *sh = skb_shinfo(skb), *nsh;
	bool pooled;
	u8 *head;
	long off;

	BUG_ON(skb_shared(skb));
	size = nhead + (u32)(skb->end - skb->head) + ntail;
	head = skb_head_alloc(&size, gfp, &pooled);
	if (!head)
		return -ENOMEM;
	memcpy(head + nhead, skb->head, used);
	nsh = (struct skb_shared_info *)(head + size);
	memcpy(nsh, sh, sizeof(*sh));
	if (skb_cloned(skb)) {
		skb_frags_hold(sh);
		if (unlikely(sh->destructor_arg))
			net_zcopy_get(sh->destructor_arg);
		skb_release_data(skb);
	} else {
		skb_free_head(skb->head, sh);
	}
	nsh->head_is_page = 0;
	nsh->head_pooled = pooled;
	atomic_set(&nsh->dataref, 1);
	off = head + nhead - skb->head;
	skb->head = head;
	skb->data += off;
	skb->tail += off;
	skb->end = head + size;
	skb->network_header = (u16)(skb->network_header + nhead);
	skb->transport_header = (u16)(skb->transport_header + nhead);
	skb->mac_header = (u16)(skb->mac_header + nhead);
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		skb->csum_start = (u16)(skb->csum_start + nhead);
	skb->cloned = 0;
	return 0;
}

int skb_cow_head(struct sk_buff *skb, u32 headroom)
{
	u32 have = skb_headroom(skb);

	if (likely(headroom <= have && (!skb_cloned(skb) || skb->nohdr)))
		return 0;
	return pskb_expand_head(skb, headroom > have ? headroom - have : 0, 0, GFP_ATOMIC);
}
