/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_ROUTE_H
#define BW_NET_ROUTE_H

/*
 * IPv4 routes: the routing table of a namespace (longest prefix, then metric) and rtable, the
 * answer for one flow. net/ipv4/fib.c, net/ipv4/route.c. Lookups in any context with softirqs off
 * or in softirq; changes in thread context.
 */
#include <linux/rtnetlink.h> /* RTN_*, RT_SCOPE_*, RT_TABLE_*, RTPROT_* */
#include <net/dst.h>
#include <net/flow.h>

struct rtentry;
struct seq_file;

#define RTCF_BROADCAST 0x10000000
#define RTCF_MULTICAST 0x20000000
#define RTCF_LOCAL     0x80000000

struct rtable {
	struct dst_entry dst; /* first */
	u32 rt_flags;	      /* RTCF_* */
	u16 rt_type;	      /* RTN_* */
	u8 rt_is_input, rt_uses_gateway;
	int rt_iif;
	be32 rt_gateway;  /* 0: the destination itself */
	be32 rt_src;	  /* preferred source */
	be32 rt_dst;	  /* destination this was looked up for; 0: any behind rt_gateway */
	u32 rt_pmtu;	  /* learned, 0 = none; until dst.expires */
	u32 rt_route_mtu; /* of the route, 0: the device's */
	bool rt_mtu_locked;
	int rt_oif;		   /* asked for, key in the route cache beside rt_dst */
	struct hlist_node rt_hash; /* route cache */
	be32 rt_redirect;	   /* gateway learned by an ICMP redirect, 0 = none */
};
static inline struct rtable *skb_rtable(const struct sk_buff *skb)
{
	return (struct rtable *)skb_dst(skb);
}
static inline be32 rt_nexthop(const struct rtable *rt, be32 daddr)
{
	return rt->rt_gateway ? rt->rt_gateway : daddr;
}

/* One route, as the table keeps it and `ip route` writes it. */
struct fib_config {
	be32 dst, gw, prefsrc;
	u8 prefixlen, type, scope, tos, protocol;
	u8 table;    /* RT_TABLE_*; 0: the one that the type belongs to */
	u16 nlflags; /* NLM_F_* of a command; 0: a new one before its equals */
	u32 metric, mtu;
	struct net_device *dev;
};
int fib_add_route(struct net *net,
		  const struct fib_config *cfg); /* 0, -EEXIST, -ENETUNREACH, -EINVAL */
int fib_del_route(struct net *net, const struct fib_config *cfg); /* 0, -ESRCH */
/* All routes over dev go (down: local addresses stay reachable; `all`: those too). */
void fib_flush_dev(struct net *net, struct net_device *dev, bool all);
void fib_flush_prefsrc(struct net *net, be32 addr);
/* SIOCADDRT / SIOCDELRT; rt is the program's memory. */
int ip_rt_ioctl(struct net *net, unsigned int cmd, struct rtentry *rt);

/* Route for an outgoing flow, with a reference; fills fl4->saddr when 0. ERR_PTR(-ENETUNREACH...).
 */
struct rtable *ip_route_output_key(struct net *net, struct flowi4 *fl4);
struct rtable *ip_route_output_flow(struct net *net, struct flowi4 *fl4, const struct sock *sk);
/*
 * For connect(): the caller has set daddr (0 becomes loopback's), saddr (0: chosen), flowi4_oif,
 * flowi4_proto and what is known of the ports; later ip_route_newports() when they are.
 */
struct rtable *ip_route_connect(struct flowi4 *fl4, struct sock *sk);
struct rtable *ip_route_newports(struct flowi4 *fl4, struct rtable *rt, be16 sport, be16 dport,
				 struct sock *sk);
/* Sets skb's dst (without a reference) for a received packet: deliver, forward or error. 0 or
 * -errno. */
int ip_route_input_noref(struct sk_buff *skb, be32 daddr, be32 saddr, u8 tos,
			 struct net_device *dev);
/* RTN_* of an address as seen from the namespace / from a device. */
unsigned int inet_addr_type(struct net *net, be32 addr);
unsigned int inet_dev_addr_type(struct net *net, const struct net_device *dev, be32 addr);
/* PMTU news for flows to daddr (ICMP fragmentation needed, RFC 1191). */
void ipv4_update_pmtu(struct net *net, be32 daddr, u32 mtu, int oif, u8 protocol);
void ipv4_redirect(struct net *net, be32 old_gw, be32 new_gw, be32 daddr, struct net_device *dev);
/* Everything cached is looked up again. */
static inline void rt_genid_bump(struct net *net)
{
	net->ipv4.rt_genid++;
}
void ip_rt_init(void);

#endif /* BW_NET_ROUTE_H */
