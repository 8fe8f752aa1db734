// SPDX-License-Identifier: BSD-2-Clause
/*
 * Sending from the program's pages (Linux's MSG_ZEROCOPY document): who still uses them, and the
 * report to the error queue, struct sock_extended_err with SO_EE_ORIGIN_ZEROCOPY and the numbers of
 * the sends that are done, ee_info to ee_data. Reports that follow each other become one.
 *
 * The ubuf_info lives in the cb of the sk_buff that will be the report, so that reporting needs no
 * memory. That is charged to the sock's option memory, bounded by optmem_max as in Linux: a program
 * that never reads its reports gets -ENOBUFS.
 *
 * Called by tcp_sendmsg.c in thread context and by the freeing of packets in any.
 */
#include <kernel/fs/iov_iter.h>
#include <net/errqueue.h>
#include <net/zerocopy.h>
#include <string.h>

static_assert(sizeof(struct ubuf_info) <= sizeof(((struct sk_buff *)0)->cb), "fits cb");

static struct sk_buff *skb_from_uarg(struct ubuf_info *uarg)
{
	return container_of((void *)uarg, struct sk_buff, cb);
}

static void sock_ofree(struct sk_buff *skb)
{
	atomic_sub((int)skb->truesize, &skb->sk->sk_omem_alloc);
}

static struct ubuf_info *msg_zerocopy_alloc(struct sock *sk, u32 size)
{
	struct ubuf_info *uarg;
	struct sk_buff *skb;

	if (atomic_read(&sk->sk_omem_alloc) > sock_net(sk)->core.optmem_max)
		return NULL;
	skb = alloc_skb(0, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb->sk = sk;
	skb->destructor = sock_ofree;
	atomic_add((int)skb->truesize, &sk->sk_omem_alloc);
	uarg = (struct ubuf_info *)skb->cb;
	*uarg = (struct ubuf_info){
		.sk = sk, .id = sk->sk_zckey++, .len = 1, .bytelen = size, .zerocopy = 1};
	refcount_set(&uarg->refcnt, 1);
	sock_hold(sk);
	return uarg;
}

struct ubuf_info *msg_zerocopy_realloc(struct sock *sk, u32 size, struct ubuf_info *uarg)
{
	const u32 byte_limit = 1u << 19; /* a few of the largest packets, so that reports flow */

	if (!uarg || uarg->len == 0xfffe || uarg->bytelen + size > byte_limit ||
	    uarg->id + uarg->len != sk->sk_zckey)
		return msg_zerocopy_alloc(sk, size);
	uarg->len++;
	uarg->bytelen += size;
	sk->sk_zckey++;
	net_zcopy_get(uarg);
	return uarg;
}

/* The report in front continues up to `lo`? */
static bool skb_zerocopy_notify_extend(struct sk_buff *tail, u32 lo, u16 len)
{
	struct sock_extended_err *ee = &SKB_EXT_ERR(tail)->ee;

	if (ee->ee_origin != SO_EE_ORIGIN_ZEROCOPY || lo != ee->ee_data + 1 ||
	    (u64)(ee->ee_data - ee->ee_info) + 1 + len >= 1ull << 32)
		return false;
	ee->ee_data += len;
	return true;
}

static void msg_zerocopy_report(struct ubuf_info *uarg)
{
	struct sk_buff *skb = skb_from_uarg(uarg), *tail;
	struct ubuf_info u = *uarg;
	struct sock *sk = u.sk;

	/* Nothing left of it: the one send was aborted. */
	if (u.len && !sock_flag(sk, SOCK_DEAD)) {
		memset(skb->cb, 0, sizeof(skb->cb));
		SKB_EXT_ERR(skb)->ee = (struct sock_extended_err){
			.ee_origin = SO_EE_ORIGIN_ZEROCOPY,
			.ee_code = u.zerocopy ? 0 : SO_EE_CODE_ZEROCOPY_COPIED,
			.ee_info = u.id,
			.ee_data = u.id + u.len - 1};
		local_bh_disable();
		tail = skb_peek_tail(&sk->sk_error_queue);
		if (!tail || !skb_zerocopy_notify_extend(tail, u.id, u.len)) {
			__skb_queue_tail(&sk->sk_error_queue, skb);
			skb = NULL;
		}
		local_bh_enable();
		sk_error_report(sk);
	}
	consume_skb(skb);
	sock_put(sk);
}

void net_zcopy_put(struct ubuf_info *uarg, bool success)
{
	uarg->zerocopy &= success;
	if (refcount_dec_and_test(&uarg->refcnt))
		msg_zerocopy_report(uarg);
}

void net_zcopy_put_abort(struct ubuf_info *uarg)
{
	uarg->sk->sk_zckey--;
	uarg->len--;
	net_zcopy_put(uarg, true);
}

int skb_zerocopy_iter_stream(struct sk_buff *skb, struct iov_iter *from, u32 len,
			     struct ubuf_info *uarg)
{
	struct skb_shared_info *sh = skb_shinfo(skb);
	u32 offset, copied = 0;
	struct page *page;

	if (sh->destructor_arg && sh->destructor_arg != uarg)
		return -EEXIST;
	while (copied < len) {
		size_t n;

		if (sh->nr_frags == MAX_SKB_FRAGS)
			break;
		n = iov_iter_get_page(from, len - copied, &page, &offset);
		if (!n)
			return (int)copied;
		skb_fill_page_desc(skb, sh->nr_frags, page, offset, (u32)n);
		iov_iter_advance(from, n);
		copied += (u32)n;
		skb->len += (u32)n;
		skb->data_len += (u32)n;
		skb->truesize += (u32)n;
		if (uarg && !sh->destructor_arg) {
			net_zcopy_get(uarg);
			sh->destructor_arg = uarg;
		}
	}
	return copied ? (int)copied : -EMSGSIZE;
}

int skb_orphan_frags_rx(struct sk_buff *skb, gfp_t gfp)
{
	struct ubuf_info *uarg = skb_zcopy(skb);
	struct skb_shared_info *sh;
	int i;

	if (likely(!uarg))
		return 0;
	/* The sender's queue keeps the pages: it may have to send them again. */
	if (skb_cloned(skb) && pskb_expand_head(skb, 0, 0, gfp))
		return -ENOMEM;
	sh = skb_shinfo(skb);
	for (i = 0; i < sh->nr_frags; i++) {
		skb_frag_t *f = &sh->frags[i];
		unsigned int order = 0;
		struct page *page;

		while ((PAGE_SIZE << order) < f->size)
			order++;
		page = alloc_pages(gfp, order);
		if (!page)
			return -ENOMEM; /* what was copied stays, the rest is still the program's */
		memcpy(page_address(page), skb_frag_address(f), f->size);
		put_page(f->page);
		*f = (skb_frag_t){page, 0, f->size};
	}
	sh->destructor_arg = NULL;
	net_zcopy_put(uarg, false);
	return 0;
}
