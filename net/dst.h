/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_DST_H
#define BW_NET_DST_H

/*
 * dst_entry: where a packet goes next: input or output function, device, next hop's neighbour, MTU.
 * Reference counted; a packet may carry one without a reference (SKB_DST_NOREF) while it stays
 * inside one softirq. Cached in sockets and checked against the namespace's rt_genid.
 */
#include <net/netdevice.h>
#include <net/skb_ops.h>

struct neighbour;

struct dst_entry {
	refcount_t refs;
	struct net_device *dev;	     /* [I] held */
	struct neighbour *neighbour; /* next hop, looked up at the first packet; held */
	int (*input)(struct sk_buff *skb);
	int (*output)(struct net *net, struct sock *sk, struct sk_buff *skb);
	/* Still good for this namespace? NULL: look up again. */
	struct dst_entry *(*check)(struct dst_entry *dst, u32 cookie);
	void (*destroy)(struct dst_entry *dst);
	void (*update_pmtu)(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu);
	u32 (*mtu)(const struct dst_entry *dst);
	u32 (*advmss)(const struct dst_entry *dst);
	int error;
	bool obsolete;	       /* never valid again */
	u32 genid;	       /* rt_genid when made */
	unsigned long expires; /* jiffies, 0 = never (learned PMTU) */
};

#define SKB_DST_NOREF 1UL
static inline struct dst_entry *skb_dst(const struct sk_buff *skb)
{
	return (struct dst_entry *)(skb->_skb_refdst & ~SKB_DST_NOREF);
}
static inline void skb_dst_set(struct sk_buff *skb, struct dst_entry *dst)
{
	skb->_skb_refdst = (unsigned long)dst;
}
static inline void skb_dst_set_noref(struct sk_buff *skb, struct dst_entry *dst)
{
	skb->_skb_refdst = (unsigned long)dst | SKB_DST_NOREF;
}
static inline struct dst_entry *dst_hold(struct dst_entry *dst)
{
	refcount_inc(&dst->refs);
	return dst;
}
void __dst_free(struct dst_entry *dst);
static inline void dst_release(struct dst_entry *dst)
{
	if (dst && refcount_dec_and_test(&dst->refs))
		__dst_free(dst);
}
static inline void skb_dst_drop(struct sk_buff *skb)
{
	if (skb->_skb_refdst && !(skb->_skb_refdst & SKB_DST_NOREF))
		dst_release(skb_dst(skb));
	skb->_skb_refdst = 0;
}
/* Turn a borrowed reference into an own one (before a packet is queued). */
static inline void skb_dst_force(struct sk_buff *skb)
{
	if (skb->_skb_refdst & SKB_DST_NOREF)
		skb_dst_set(skb, dst_hold(skb_dst(skb)));
}
static inline u32 dst_mtu(const struct dst_entry *dst)
{
	return dst->mtu(dst);
}
static inline int dst_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return skb_dst(skb)->output(net, sk, skb);
}
static inline int dst_input(struct sk_buff *skb)
{
	return skb_dst(skb)->input(skb);
}

#endif /* BW_NET_DST_H */
