// SPDX-License-Identifier: BSD-2-Clause
/*
 * rtable: one answer of the routing table as packets and sockets carry it, and the bounded cache of
 * answers for single destinations. There live the neighbours on our subnets (so that the next
 * packet finds the neighbour without a search) and what was learned about destinations behind a
 * gateway: path MTUs (RFC 1191, expiring after mtu_expires) and redirects (RFC 1122 3.2.2.2).
 * All other destinations behind a gateway share the route's own rtable.
 *
 * A chain holds at most four entries and forgets its oldest; the hash is keyed, so nobody outside
 * can aim at a chain. Softirqs off throughout. An answer is good while its genid is the
 * namespace's: any change of routes or addresses bumps that.
 */
#include <kernel/lib/hash.h>
#include <kernel/mm/slab.h>
#include <kernel/time/clock.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/ipv4/route_cache.h>

#define RT_CACHE_DEPTH	 4
#define RT_CACHE_MIN	 64u
#define RT_CACHE_MAX	 4096u
#define IP_MAX_MTU	 0xffffu
#define RT_MIN_ADVMSS	 256u
#define RT_REDIRECT_LIFE (300 * HZ)

struct rt_cache {
	struct hlist_head *slots;
	u32 mask;
};

static struct kmem_cache *ip_dst_cache;

static struct dst_entry *ipv4_dst_check(struct dst_entry *dst, u32 cookie)
{
	(void)cookie;
	return rt_is_valid(dev_net(dst->dev), (struct rtable *)dst) ? dst : NULL;
}

static void ipv4_dst_destroy(struct dst_entry *dst)
{
	BUG_ON(!hlist_unhashed(&((struct rtable *)dst)->rt_hash));
	kmem_cache_free(ip_dst_cache, dst);
}

static u32 ipv4_mtu(const struct dst_entry *dst)
{
	struct rtable *rt = (struct rtable *)dst;
	u32 mtu;

	if (unlikely(rt->rt_pmtu)) {
		if (time_before(jiffies, dst->expires))
			return min(rt->rt_pmtu, dst->dev->mtu);
		rt->rt_pmtu = 0;
		rt->rt_mtu_locked = false;
	}
	mtu = rt->rt_route_mtu ? rt->rt_route_mtu : dst->dev->mtu;
	return min(mtu, IP_MAX_MTU);
}

static u32 ipv4_default_advmss(const struct dst_entry *dst)
{
	const u32 headers = sizeof(struct iphdr) + 20; /* TCP's without options */
	u32 mtu = dst_mtu(dst); /* what was learnt of the path holds for both directions */

	return mtu > headers + RT_MIN_ADVMSS ? mtu - headers : RT_MIN_ADVMSS;
}

/* A copy of rt for daddr alone, into the cache. rt itself is not to be used any more. */
static struct rtable *rt_single_out(struct rtable *rt, be32 daddr)
{
	struct net *net = dev_net(rt->dst.dev);
	struct rtable *one = rt_dst_alloc(rt->dst.dev, rt->rt_flags, (u8)rt->rt_type);

	if (!one)
		return NULL;
	one->rt_uses_gateway = rt->rt_uses_gateway;
	one->rt_gateway = rt->rt_gateway;
	one->rt_src = rt->rt_src;
	one->rt_pmtu = rt->rt_pmtu;
	one->rt_route_mtu = rt->rt_route_mtu;
	one->rt_mtu_locked = rt->rt_mtu_locked;
	one->rt_redirect = rt->rt_redirect;
	one->dst.expires = rt->dst.expires;
	one->dst.input = rt->dst.input;
	one->dst.output = rt->dst.output;
	one->rt_dst = daddr;
	one->rt_oif = rt->rt_oif;
	rt_cache_insert(net, one);
	/* Sockets that hold it look again and find the copy. */
	rt->dst.obsolete = true;
	rt->dst.genid = net->ipv4.rt_genid - 1;
	dst_release(&one->dst); /* the cache has its own */
	return one;
}

static void rt_update_pmtu(struct rtable *rt, be32 daddr, u32 mtu)
{
	struct net *net = dev_net(rt->dst.dev);
	bool locked = false;

	if (ipv4_mtu(&rt->dst) <= mtu || rt->dst.dev->flags & IFF_LOOPBACK)
		return; /* a path MTU goes down only; it expires to go up */
	if (mtu < (u32)net->ipv4.sysctl_min_pmtu) {
		/* Nobody has such links: take the least we believe and let routers fragment. */
		locked = true;
		mtu = min_t(u32, (u32)net->ipv4.sysctl_min_pmtu, ipv4_mtu(&rt->dst));
	}
	if (!rt->rt_dst)
		rt = rt_single_out(rt, daddr);
	if (!rt)
		return;
	rt->rt_pmtu = mtu;
	rt->rt_mtu_locked = locked;
	rt->dst.expires = jiffies + msecs_to_jiffies(net->ipv4.sysctl_mtu_expires_ms);
}

static void ip_rt_update_pmtu(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu)
{
	struct rtable *rt = (struct rtable *)dst;
	be32 daddr = rt->rt_dst;

	if (!daddr && sk)
		daddr = sk->sk_daddr;
	if (!daddr && skb)
		daddr = ip_hdr(skb)->daddr;
	if (daddr)
		rt_update_pmtu(rt, daddr, mtu);
}

void ipv4_update_pmtu(struct net *net, be32 daddr, u32 mtu, int oif, u8 protocol)
{
	struct flowi4 fl4 = {.daddr = daddr, .flowi4_oif = oif, .flowi4_proto = protocol};
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (IS_ERR(rt))
		return;
	rt_update_pmtu(rt, daddr, mtu);
	dst_release(&rt->dst);
}

/* RFC 1122 section 3.2.2.2: only from the gateway in use, only to a neighbour of ours. */
void ipv4_redirect(struct net *net, be32 old_gw, be32 new_gw, be32 daddr, struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get(dev);
	struct flowi4 fl4 = {.daddr = daddr};
	struct rtable *rt;

	if (!in_dev || new_gw == old_gw || !IN_DEV_RX_REDIRECTS(in_dev) ||
	    ipv4_is_multicast(new_gw) || ipv4_is_lbcast(new_gw) || ipv4_is_zeronet(new_gw) ||
	    inet_addr_type(net, new_gw) != RTN_UNICAST || !inet_addr_onlink(in_dev, new_gw, old_gw))
		return;
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		return;
	if (rt->dst.dev == dev && rt->rt_gateway == old_gw) {
		struct rtable *one = rt_single_out(rt, daddr);

		if (one) {
			one->rt_gateway = one->rt_redirect = new_gw;
			one->dst.expires = jiffies + RT_REDIRECT_LIFE;
		}
	}
	dst_release(&rt->dst);
}

struct rtable *rt_dst_alloc(struct net_device *dev, u32 flags, u8 type)
{
	struct rtable *rt = kmem_cache_zalloc(ip_dst_cache, GFP_ATOMIC);

	if (!rt)
		return NULL;
	refcount_set(&rt->dst.refs, 1);
	rt->dst.dev = dev_hold(dev);
	rt->dst.check = ipv4_dst_check;
	rt->dst.destroy = ipv4_dst_destroy;
	rt->dst.update_pmtu = ip_rt_update_pmtu;
	rt->dst.mtu = ipv4_mtu;
	rt->dst.advmss = ipv4_default_advmss;
	rt->dst.genid = dev_net(dev)->ipv4.rt_genid;
	rt->dst.output = ip_output;
	rt->rt_flags = flags;
	rt->rt_type = type;
	return rt;
}

static struct hlist_head *rt_slot(struct net *net, be32 daddr, int oif)
{
	struct rt_cache *c = net->ipv4.rt_cache;

	return &c->slots[hash_keyed((__force u32)daddr, (u32)oif, net->hash_key.key) & c->mask];
}

struct rtable *rt_cache_find(struct net *net, be32 daddr, int oif)
{
	struct rtable *rt;

	hlist_for_each_entry(rt, rt_slot(net, daddr, oif), rt_hash) {
		if (rt->rt_dst == daddr && rt->rt_oif == oif)
			return rt;
	}
	return NULL;
}

static void rt_cache_remove(struct rtable *rt)
{
	hlist_del_init(&rt->rt_hash);
	dst_release(&rt->dst);
}

void rt_cache_insert(struct net *net, struct rtable *rt)
{
	struct hlist_head *slot = rt_slot(net, rt->rt_dst, rt->rt_oif);
	struct rtable *pos, *last = NULL, *old = rt_cache_find(net, rt->rt_dst, rt->rt_oif);
	int depth = 0;

	BUG_ON(!rt->rt_dst);
	if (old)
		rt_cache_remove(old);
	hlist_for_each_entry(pos, slot, rt_hash) {
		last = pos;
		depth++;
	}
	if (depth >= RT_CACHE_DEPTH)
		rt_cache_remove(last);
	dst_hold(&rt->dst);
	hlist_add_head(&rt->rt_hash, slot);
}

void rt_cache_flush_dev(struct net *net, const struct net_device *dev)
{
	struct rt_cache *c = net->ipv4.rt_cache;
	struct hlist_node *next;
	struct rtable *rt;
	u32 i;

	if (!c)
		return;
	for (i = 0; i <= c->mask; i++) {
		hlist_for_each_entry_safe(rt, next, &c->slots[i], rt_hash) {
			if (!dev || rt->dst.dev == dev)
				rt_cache_remove(rt);
		}
	}
}

int rt_cache_init_net(struct net *net)
{
	/* An entry for every 64 KiB of memory, with the depth of a chain in mind. */
	u64 want = roundup_pow_of_two(totalram_pages() / 16 / RT_CACHE_DEPTH);
	u32 slots = (u32)clamp_t(u64, want, RT_CACHE_MIN, RT_CACHE_MAX);
	struct rt_cache *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return -1;
	c->slots = kcalloc(slots, sizeof(*c->slots), GFP_KERNEL);
	if (!c->slots) {
		kfree(c);
		return -1;
	}
	c->mask = slots - 1;
	net->ipv4.rt_cache = c;
	return 0;
}

void rt_cache_exit_net(struct net *net)
{
	struct rt_cache *c = net->ipv4.rt_cache;

	rt_cache_flush_dev(net, NULL);
	net->ipv4.rt_cache = NULL;
	kfree(c->slots);
	kfree(c);
}

void rt_cache_init(void)
{
	ip_dst_cache = kmem_cache_create("ip_dst_cache", sizeof(struct rtable), 0,
					 SLAB_NO_LEAK_REPORT); /* a cache: outlives its users */
	BUG_ON(!ip_dst_cache);
}
