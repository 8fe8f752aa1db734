/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_IPV4_ROUTE_CACHE_H
#define BW_NET_IPV4_ROUTE_CACHE_H

/* Between route.c (finding routes) and route_cache.c (keeping them). Softirqs off. */
#include <net/ip_fib.h>

/* A fresh rtable over dev with one reference; NULL when out of memory. */
struct rtable *rt_dst_alloc(struct net_device *dev, u32 flags, u8 type);
/* The kept route to daddr asked for with oif, whether still good or not; no reference. */
struct rtable *rt_cache_find(struct net *net, be32 daddr, int oif);
/* Keep rt under its rt_dst and rt_oif, in place of an older one; takes a reference of its own. */
void rt_cache_insert(struct net *net, struct rtable *rt);
/* A device goes: let go of it. */
void rt_cache_flush_dev(struct net *net, const struct net_device *dev);
static inline bool rt_is_valid(const struct net *net, const struct rtable *rt)
{
	return rt->dst.genid == net->ipv4.rt_genid && !rt->dst.obsolete;
}
int rt_cache_init_net(struct net *net);
void rt_cache_exit_net(struct net *net);
void rt_cache_init(void);

#endif /* BW_NET_IPV4_ROUTE_CACHE_H */
