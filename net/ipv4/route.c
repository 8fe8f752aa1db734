// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finding the way: for a packet that a program sends (ip_route_output_key, with the choice of the
 * source address, RFC 1122 section 3.3.4.3) and for one that a device received
 * (ip_route_input_noref: deliver here, forward, or refuse; martian addresses by RFC 1812 section
 * 5.3.7, reverse path by RFC 3704).
 *
 * Output answers are shared through route_cache.c; an input answer for a packet to us is one of
 * three rtables of the receiving device, found through a small cache of address pairs that were
 * found good, so a received packet allocates nothing. Called by transports, icmp.c, ip_input.c;
 * softirqs off or softirq. Policy rules and multipath are left out.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/inet_fmt.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/ipv4/route_cache.h>

/* What ip_route_output_slow() found out before it makes the rtable. */
struct rt_choice {
	struct net_device *dev;
	const struct fib_route *route; /* NULL: none was asked */
	u8 type;
	bool by_source; /* the device was chosen by the source address: not to be kept */
	int oif;	/* as asked for */
};

/* The sender named a source: it must be ours, and for groups it tells the device. */
static int rt_check_source(struct net *net, const struct flowi4 *fl4, struct rt_choice *c)
{
	struct net_device *dev;

	if (ipv4_is_multicast(fl4->saddr) || ipv4_is_lbcast(fl4->saddr) ||
	    ipv4_is_zeronet(fl4->saddr))
		return -EINVAL;
	dev = ip_dev_find(net, fl4->saddr);
	if (!dev)
		return fl4->flowi4_flags & FLOWI_FLAG_ANYSRC ? 0 : -EINVAL;
	if (!fl4->flowi4_oif && (ipv4_is_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr))) {
		c->dev = dev;
		c->by_source = true;
	}
	return 0;
}

static int rt_check_oif(struct net *net, int oif, struct rt_choice *c)
{
	c->dev = __dev_get_by_index(net, oif);
	if (!c->dev)
		return -ENODEV;
	return netif_running(c->dev) && __in_dev_get(c->dev) ? 0 : -ENETUNREACH;
}

static u8 rt_type_of(be32 daddr, u8 found)
{
	if (ipv4_is_lbcast(daddr))
		return RTN_BROADCAST;
	return ipv4_is_multicast(daddr) ? RTN_MULTICAST : found;
}

/* Groups on this link need no route: the device was named. */
static bool rt_is_link_group(const struct flowi4 *fl4)
{
	return ipv4_is_local_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr) ||
	       (ipv4_is_multicast(fl4->daddr) && fl4->flowi4_proto == IPPROTO_IGMP);
}

/* Ask the table. Without a route a named device is believed to have the destination on its link. */
static int rt_ask_table(struct net *net, const struct flowi4 *fl4, struct rt_choice *c)
{
	struct fib_result res;
	int err = fib_lookup(net, fl4, &res);

	if (err) {
		c->type = rt_type_of(fl4->daddr, RTN_UNICAST);
		return c->dev ? 0 : err;
	}
	c->type = rt_type_of(fl4->daddr, res.type);
	c->route = res.route;
	c->dev = res.type == RTN_LOCAL ? net->loopback_dev : res.route->dev;
	return c->dev && netif_running(c->dev) ? 0 : -ENETUNREACH;
}

/* Where to and by what; fills in a destination of 0. */
static int rt_choose(struct net *net, struct flowi4 *fl4, struct rt_choice *c)
{
	int err;

	if (fl4->saddr) {
		err = rt_check_source(net, fl4, c);
		if (err)
			return err;
	}
	if (fl4->flowi4_oif) {
		err = rt_check_oif(net, fl4->flowi4_oif, c);
		if (err)
			return err;
	}
	if (!fl4->daddr) { /* this host */
		if (!fl4->saddr && c->dev)
			fl4->saddr = inet_select_addr(c->dev, 0, RT_SCOPE_HOST);
		fl4->daddr = fl4->saddr ? fl4->saddr : cpu_to_be32(INADDR_LOOPBACK);
		c->type = RTN_LOCAL;
		c->dev = net->loopback_dev;
		return c->dev ? 0 : -ENETUNREACH;
	}
	if (ipv4_is_zeronet(fl4->daddr))
		return -EINVAL;
	if (c->dev && rt_is_link_group(fl4)) {
		c->type = rt_type_of(fl4->daddr, RTN_UNICAST);
		return 0;
	}
	return rt_ask_table(net, fl4, c);
}

/* The source for a sender that names none. */
static be32 rt_default_source(struct net *net, const struct flowi4 *fl4, const struct rt_choice *c)
{
	struct fib_result res = {.route = c->route, .type = c->type};

	if (c->type == RTN_LOCAL)
		return c->route && c->route->prefsrc ? c->route->prefsrc : fl4->daddr;
	if (c->route)
		return fib_result_prefsrc(net, &res, fl4->daddr);
	return inet_select_addr(c->dev, 0, RT_SCOPE_LINK);
}

static u32 rt_flags_of(const struct flowi4 *fl4, const struct rt_choice *c)
{
	switch (c->type) {
	case RTN_LOCAL:
		return RTCF_LOCAL;
	case RTN_BROADCAST:
		return RTCF_BROADCAST | RTCF_LOCAL;
	case RTN_MULTICAST:
		if (ip_check_mc(__in_dev_get(c->dev), fl4->daddr))
			return RTCF_MULTICAST | RTCF_LOCAL;
		return RTCF_MULTICAST;
	}
	return 0;
}

/* What an older answer for the same destination had learned is still true. */
static void rt_inherit(struct rtable *rt, const struct rtable *old)
{
	if (!old || !time_before(jiffies, old->dst.expires))
		return;
	rt->rt_pmtu = old->rt_pmtu;
	rt->rt_mtu_locked = old->rt_mtu_locked;
	rt->dst.expires = old->dst.expires;
	if (old->rt_redirect && rt->rt_gateway) {
		rt->rt_redirect = old->rt_redirect;
		rt->rt_gateway = old->rt_redirect;
	}
}

static struct rtable *rt_make_output(struct net *net, const struct flowi4 *fl4,
				     const struct rt_choice *c)
{
	be32 gw = c->route && c->type == RTN_UNICAST ? c->route->gw : 0;
	struct rtable *old = rt_cache_find(net, fl4->daddr, c->oif), *rt;
	struct fib_route *route = (struct fib_route *)c->route;
	bool shared = gw && !c->oif && (!old || !(old->rt_pmtu || old->rt_redirect));

	if (old && rt_is_valid(net, old) && !c->by_source)
		return (struct rtable *)dst_hold(&old->dst);
	if (shared && route->rth && rt_is_valid(net, route->rth))
		return (struct rtable *)dst_hold(&route->rth->dst);
	rt = rt_dst_alloc(c->dev, rt_flags_of(fl4, c), c->type);
	if (!rt)
		return ERR_PTR(-ENOBUFS);
	rt->rt_gateway = gw;
	rt->rt_uses_gateway = gw != 0;
	rt->rt_src = rt_default_source(net, fl4, c);
	rt->rt_route_mtu = c->route ? c->route->mtu : 0;
	rt->rt_oif = c->oif;
	if (rt->rt_flags & RTCF_LOCAL) {
		rt->dst.input = ip_local_deliver;
		if (c->type != RTN_LOCAL && !(c->dev->flags & IFF_LOOPBACK))
			rt->dst.output = ip_mc_output;
	}
	if (shared) {
		if (route->rth)
			dst_release(&route->rth->dst);
		route->rth = (struct rtable *)dst_hold(&rt->dst);
		return rt;
	}
	rt->rt_dst = fl4->daddr;
	rt_inherit(rt, old);
	if (!c->by_source)
		rt_cache_insert(net, rt);
	return rt;
}

static struct rtable *ip_route_output_slow(struct net *net, struct flowi4 *fl4)
{
	struct rt_choice c = {.oif = fl4->flowi4_oif};
	struct rtable *rt;
	int err = rt_choose(net, fl4, &c);

	if (!err && !__in_dev_get(c.dev))
		err = -ENETUNREACH;
	if (err) {
		IP_INC_STATS(net, IPSTATS_MIB_OUTNOROUTES);
		return ERR_PTR(err);
	}
	if (ipv4_is_loopback(fl4->saddr) && !(c.dev->flags & IFF_LOOPBACK) &&
	    !IN_DEV_ORCONF(__in_dev_get(c.dev), route_localnet))
		return ERR_PTR(-EINVAL);
	rt = rt_make_output(net, fl4, &c);
	if (!IS_ERR(rt) && !fl4->saddr)
		fl4->saddr = rt->rt_src;
	return rt;
}

struct rtable *ip_route_output_key(struct net *net, struct flowi4 *fl4)
{
	struct rtable *rt;

	local_bh_disable();
	rt = fl4->saddr || !fl4->daddr ? NULL : rt_cache_find(net, fl4->daddr, fl4->flowi4_oif);
	if (rt && rt_is_valid(net, rt)) {
		dst_hold(&rt->dst);
		fl4->saddr = rt->rt_src;
	} else {
		rt = ip_route_output_slow(net, fl4);
	}
	local_bh_enable();
	return rt;
}

struct rtable *ip_route_output_flow(struct net *net, struct flowi4 *fl4, const struct sock *sk)
{
	if (sk && sk->sk_family == PF_INET && (inet_sk(sk)->transparent || inet_sk(sk)->hdrincl))
		fl4->flowi4_flags |= FLOWI_FLAG_ANYSRC;
	return ip_route_output_key(net, fl4);
}

struct rtable *ip_route_connect(struct flowi4 *fl4, struct sock *sk)
{
	return ip_route_output_flow(sock_net(sk), fl4, sk);
}

struct rtable *ip_route_newports(struct flowi4 *fl4, struct rtable *rt, be16 sport, be16 dport,
				 struct sock *sk)
{
	(void)sk;
	/* No rule of ours looks at ports: the way stays the same. */
	fl4->fl4_sport = sport;
	fl4->fl4_dport = dport;
	return rt;
}

static void ip_handle_martian(struct in_device *in_dev, be32 daddr, be32 saddr, const char *what)
{
	if (IN_DEV_ORCONF(in_dev, log_martians))
		pr_warn_ratelimited("martian %s " IPV4_FMT " from " IPV4_FMT ", on dev %s\n", what,
				    IPV4_ARG(daddr), IPV4_ARG(saddr), in_dev->dev->name);
}

/*
 * May a packet from saddr come in here? -EXDEV: not by this device (RFC 3704; rp_filter 1 strict,
 * 2 loose), -EINVAL: not at all.
 */
static int fib_validate_source(struct net *net, struct in_device *in_dev, be32 saddr)
{
	int rpf = IN_DEV_MAXCONF(in_dev, rp_filter);
	bool local_ok = IN_DEV_ORCONF(in_dev, accept_local) || (in_dev->dev->flags & IFF_LOOPBACK);
	struct flowi4 fl4 = {.daddr = saddr};
	struct fib_result res;

	if (!rpf)
		return local_ok || !inet_lookup_ifaddr(net, saddr) ? 0 : -EINVAL;
	if (fib_lookup(net, &fl4, &res))
		return in_dev->ifa_list ? -EXDEV : 0;
	if (res.type != RTN_UNICAST && (res.type != RTN_LOCAL || !local_ok))
		return -EINVAL;
	if (res.type == RTN_LOCAL || res.route->dev == in_dev->dev || rpf == 2)
		return 0;
	return in_dev->ifa_list ? -EXDEV : 0;
}

/* One of the device's three rtables for packets that stay here. */
static struct rtable *rt_input_of(struct in_device *in_dev, int which)
{
	static const u32 flags[NR_RT_INPUT] = {RTCF_LOCAL, RTCF_LOCAL | RTCF_BROADCAST,
					       RTCF_LOCAL | RTCF_MULTICAST};
	static const u8 types[NR_RT_INPUT] = {RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST};
	struct rtable *rt = in_dev->rt_input[which];

	if (likely(rt)) {
		rt->dst.genid = dev_net(in_dev->dev)->ipv4.rt_genid;
		return rt;
	}
	rt = rt_dst_alloc(in_dev->dev, flags[which], types[which]);
	if (!rt)
		return NULL;
	rt->dst.input = ip_local_deliver;
	rt->rt_is_input = 1;
	rt->rt_iif = in_dev->dev->ifindex;
	in_dev->rt_input[which] = rt;
	return rt;
}

static struct in_dev_rx *rx_slot(struct in_device *in_dev, be32 daddr, be32 saddr)
{
	u32 h = ((__force u32)saddr ^ (__force u32)daddr) * 0x9E3779B1u;

	return &in_dev->rx_cache[h >> 28 & (IN_DEV_RX_CACHE - 1)];
}

static int rt_deliver_here(struct sk_buff *skb, struct in_device *in_dev, be32 daddr, be32 saddr,
			   int which)
{
	struct rtable *rt = rt_input_of(in_dev, which);

	if (!rt)
		return -ENOBUFS;
	*rx_slot(in_dev, daddr, saddr) =
		(struct in_dev_rx){.saddr = saddr,
				   .daddr = daddr,
				   .rt = rt,
				   .genid = dev_net(in_dev->dev)->ipv4.rt_genid};
	skb_dst_set_noref(skb, &rt->dst);
	return 0;
}

static int ip_route_input_mc(struct sk_buff *skb, struct in_device *in_dev, be32 daddr, be32 saddr)
{
	if (ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr) ||
	    (ipv4_is_loopback(saddr) && !(in_dev->dev->flags & IFF_LOOPBACK)))
		return -EINVAL;
	if (ipv4_is_zeronet(saddr)) {
		if (!ipv4_is_local_multicast(daddr) && ip_hdr(skb)->protocol != IPPROTO_IGMP)
			return -EINVAL;
	} else {
		int err = fib_validate_source(dev_net(in_dev->dev), in_dev, saddr);

		if (err)
			return err;
	}
	if (!ip_check_mc(in_dev, daddr))
		return -EINVAL; /* not a group of ours */
	return rt_deliver_here(skb, in_dev, daddr, saddr, RT_INPUT_MULTICAST);
}

/* On its way through us: an output route whose input is ip_forward. Never one that the cache gives
 * to local senders, so it is made for each packet's flow under a negative oif. */
static int ip_mkroute_forward(struct sk_buff *skb, struct in_device *in_dev,
			      const struct fib_result *res, be32 daddr)
{
	struct net *net = dev_net(in_dev->dev);
	int key = -1 - in_dev->dev->ifindex;
	struct rtable *rt = rt_cache_find(net, daddr, key);

	if (rt && rt_is_valid(net, rt)) {
		dst_hold(&rt->dst);
	} else {
		rt = rt_dst_alloc(res->route->dev, 0, RTN_UNICAST);
		if (!rt)
			return -ENOBUFS;
		rt->dst.input = ip_forward;
		rt->rt_is_input = 1;
		rt->rt_iif = in_dev->dev->ifindex;
		rt->rt_gateway = res->route->gw;
		rt->rt_uses_gateway = res->route->gw != 0;
		rt->rt_route_mtu = res->route->mtu;
		rt->rt_dst = daddr;
		rt->rt_oif = key;
		rt_cache_insert(net, rt);
	}
	/* Out the way it came: a neighbour could have sent it there itself. */
	if (rt->dst.dev == in_dev->dev && IN_DEV_ORCONF(in_dev, send_redirects) &&
	    inet_addr_onlink(in_dev, ip_hdr(skb)->saddr, rt_nexthop(rt, daddr)))
		IPCB(skb)->flags |= IPSKB_DOREDIRECT;
	skb_dst_set(skb, &rt->dst);
	return 0;
}

static int ip_route_input_unicast(struct sk_buff *skb, struct in_device *in_dev, be32 daddr,
				  be32 saddr, u8 tos)
{
	struct net *net = dev_net(in_dev->dev);
	struct flowi4 fl4 = {.daddr = daddr,
			     .saddr = saddr,
			     .flowi4_tos = tos,
			     .flowi4_iif = in_dev->dev->ifindex};
	struct fib_result res;
	int err = fib_lookup(net, &fl4, &res);

	if (err)
		return IN_DEV_FORWARD(in_dev) ? err : -EHOSTUNREACH;
	if (res.type != RTN_LOCAL && res.type != RTN_BROADCAST && !IN_DEV_FORWARD(in_dev))
		return -EHOSTUNREACH;
	err = fib_validate_source(net, in_dev, saddr);
	if (err) {
		ip_handle_martian(in_dev, daddr, saddr, "source");
		return err;
	}
	switch (res.type) {
	case RTN_LOCAL:
		return rt_deliver_here(skb, in_dev, daddr, saddr, RT_INPUT_LOCAL);
	case RTN_BROADCAST:
		return rt_deliver_here(skb, in_dev, daddr, saddr, RT_INPUT_BROADCAST);
	case RTN_UNICAST:
		return ip_mkroute_forward(skb, in_dev, &res, daddr);
	}
	return -EINVAL;
}

static int ip_route_input_slow(struct sk_buff *skb, struct in_device *in_dev, be32 daddr,
			       be32 saddr, u8 tos)
{
	bool lo = in_dev->dev->flags & IFF_LOOPBACK;

	if (ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr))
		goto martian_source;
	if (ipv4_is_lbcast(daddr) || (!saddr && !daddr)) {
		int err = ipv4_is_zeronet(saddr)
				  ? 0
				  : fib_validate_source(dev_net(in_dev->dev), in_dev, saddr);

		return err ? err : rt_deliver_here(skb, in_dev, daddr, saddr, RT_INPUT_BROADCAST);
	}
	if (ipv4_is_zeronet(saddr))
		goto martian_source;
	if (ipv4_is_zeronet(daddr) ||
	    (ipv4_is_loopback(daddr) && !lo && !IN_DEV_ORCONF(in_dev, route_localnet))) {
		ip_handle_martian(in_dev, daddr, saddr, "destination");
		return -EINVAL;
	}
	if (ipv4_is_loopback(saddr) && !lo && !IN_DEV_ORCONF(in_dev, route_localnet))
		goto martian_source;
	return ip_route_input_unicast(skb, in_dev, daddr, saddr, tos);
martian_source:
	ip_handle_martian(in_dev, daddr, saddr, "source");
	return -EINVAL;
}

int ip_route_input_noref(struct sk_buff *skb, be32 daddr, be32 saddr, u8 tos,
			 struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get(dev);
	const struct in_dev_rx *rx;

	if (unlikely(!in_dev))
		return -EINVAL;
	rx = rx_slot(in_dev, daddr, saddr);
	if (likely(rx->rt && rx->saddr == saddr && rx->daddr == daddr &&
		   rx->genid == dev_net(dev)->ipv4.rt_genid)) {
		skb_dst_set_noref(skb, &rx->rt->dst);
		return 0;
	}
	if (ipv4_is_multicast(daddr))
		return ip_route_input_mc(skb, in_dev, daddr, saddr);
	return ip_route_input_slow(skb, in_dev, daddr, saddr, tos);
}

static int rt_net_init(struct net *net)
{
	if (fib_init_net(net))
		return -ENOMEM;
	if (!rt_cache_init_net(net))
		return 0;
	fib_exit_net(net);
	return -ENOMEM;
}

static void rt_net_exit(struct net *net)
{
	rt_cache_exit_net(net);
	fib_exit_net(net);
}

static struct pernet_operations rt_net_ops = {
	.name = "route",
	.init = rt_net_init,
	.exit = rt_net_exit,
};

void ip_rt_init(void)
{
	int err;

	rt_cache_init();
	err = register_pernet_subsys(&rt_net_ops);
	BUG_ON(err);
	fib_proc_init();
}
