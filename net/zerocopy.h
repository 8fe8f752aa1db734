/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_ZEROCOPY_H
#define BW_NET_ZEROCOPY_H

/*
 * MSG_ZEROCOPY: packets whose fragments are the program's own pages, and the report on the error
 * queue that says when it may write to them again. net/core/skb_zerocopy.c; sock locked where
 * nothing else is said.
 *
 * One ubuf_info stands for one or several sends in a row, numbered by sk_zckey. Each packet head
 * with such pages holds a reference (skb_shared_info.destructor_arg), shared by its clones; the
 * last one that goes queues the report.
 */
#include <net/sock_ops.h>

struct iov_iter;

struct ubuf_info {
	struct sock *sk; /* held */
	refcount_t refcnt;
	u32 id, bytelen; /* the first send's number; bytes of all */
	u16 len;	 /* sends */
	u8 zerocopy;	 /* nothing was copied */
};

static inline struct ubuf_info *skb_zcopy(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->destructor_arg;
}
static inline void net_zcopy_get(struct ubuf_info *uarg)
{
	refcount_inc(&uarg->refcnt);
}
/* Also from softirq; success: the pages were not copied. May queue the report. */
void net_zcopy_put(struct ubuf_info *uarg, bool success);
/* The send did not take place: its number is given back. Drops the caller's reference. */
void net_zcopy_put_abort(struct ubuf_info *uarg);
/* For a send of `size` bytes; uarg: of the last packet, which is continued if that can be. NULL:
 * -ENOBUFS. The caller gets a reference. */
struct ubuf_info *msg_zerocopy_realloc(struct sock *sk, u32 size, struct ubuf_info *uarg);
/* Append up to len bytes of the program's pages, 0 when they cannot be referenced; the packet then
 * has uarg. -EEXIST: it has another one, -EMSGSIZE: no fragment left: take a new packet. */
int skb_zerocopy_iter_stream(struct sk_buff *skb, struct iov_iter *from, u32 len,
			     struct ubuf_info *uarg);

#endif /* BW_NET_ZEROCOPY_H */
