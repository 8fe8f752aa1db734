// SPDX-License-Identifier: BSD-2-Clause
/*
 * RTM_GETROUTE for one destination ("ip route get"): the route that a packet to it would take, sent
 * from here or, with RTA_IIF, received by that device. The answer is of the route itself, or with
 * RTM_F_FIB_MATCH of the table's entry that it comes from.
 *
 * Thread context, softirqs off while a route is held without being counted. Left out: keys that
 * take no part in the choice here (ports, user) are taken and shown, not used.
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/inetdevice.h>
#include <net/ip_fib.h>
#include <net/rtnetlink.h>
#include <net/sock_ops.h>

#define ROUTE_MSG_SIZE 256

static const struct nla_policy getroute_policy[RTA_MAX + 1] = {
	[RTA_DST] = {NLA_U32, 0}, [RTA_SRC] = {NLA_U32, 0},  [RTA_IIF] = {NLA_U32, 0},
	[RTA_OIF] = {NLA_U32, 0}, [RTA_MARK] = {NLA_U32, 0}, [RTA_UID] = {NLA_U32, 0},
	[RTA_IP_PROTO] = {NLA_U8, 0}, [RTA_SPORT] = {NLA_U16, 0}, [RTA_DPORT] = {NLA_U16, 0},
};

/* The question. */
struct rt_query {
	const struct rtmsg *rtm;
	struct flowi4 fl4;
	be32 src; /* asked for */
	struct net_device *iif;
};

static int rt_put_cacheinfo(struct sk_buff *skb, const struct rtable *rt)
{
	struct rta_cacheinfo ci = {0};

	if (rt->rt_pmtu && time_before(get_jiffies(), rt->dst.expires))
		ci.rta_expires = (int)((rt->dst.expires - get_jiffies()) / (HZ / 100));
	return nla_put(skb, RTA_CACHEINFO, sizeof(ci), &ci);
}

static int rt_put_mtu(struct sk_buff *skb, const struct rtable *rt)
{
	u32 mtu = rt->rt_pmtu ? rt->rt_pmtu : rt->rt_route_mtu;
	struct nlattr *metrics;

	if (!mtu)
		return 0;
	metrics = nla_nest_start(skb, RTA_METRICS);
	if (!metrics || nla_put_u32(skb, RTAX_MTU, mtu))
		return -EMSGSIZE;
	nla_nest_end(skb, metrics);
	return 0;
}

static int rt_put_attrs(struct sk_buff *skb, const struct rt_query *q, const struct rtable *rt)
{
	be32 src = q->iif ? rt->rt_src : q->fl4.saddr;

	if (nla_put_u32(skb, RTA_DST, q->fl4.daddr) || nla_put_u32(skb, RTA_TABLE, RT_TABLE_MAIN) ||
	    (q->src && nla_put_u32(skb, RTA_SRC, q->src)) ||
	    (rt->dst.dev && nla_put_u32(skb, RTA_OIF, (u32)rt->dst.dev->ifindex)) ||
	    (src && src != q->src && nla_put_u32(skb, RTA_PREFSRC, src)) ||
	    (rt->rt_uses_gateway && nla_put_u32(skb, RTA_GATEWAY, rt->rt_gateway)) ||
	    rt_put_mtu(skb, rt) ||
	    (q->fl4.flowi4_mark && nla_put_u32(skb, RTA_MARK, q->fl4.flowi4_mark)) ||
	    nla_put_u32(skb, RTA_UID, 0) ||
	    (q->iif && nla_put_u32(skb, RTA_IIF, (u32)q->iif->ifindex)))
		return -EMSGSIZE;
	return rt_put_cacheinfo(skb, rt);
}

static int rt_fill_info(struct sk_buff *skb, const struct nlmsg_to *to, const struct rt_query *q,
			const struct rtable *rt)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, to, sizeof(struct rtmsg));

	if (!nlh)
		return -EMSGSIZE;
	*(struct rtmsg *)nlmsg_data(nlh) = (struct rtmsg){
		.rtm_family = AF_INET,
		.rtm_dst_len = 32,
		.rtm_src_len = q->src ? 32 : 0,
		.rtm_tos = q->fl4.flowi4_tos,
		.rtm_table = RT_TABLE_MAIN, /* as Linux without rules of a program's */
		.rtm_type = (u8)rt->rt_type,
		.rtm_flags = (rt->rt_flags & ~0xffffu) | RTM_F_CLONED};
	if (rt_put_attrs(skb, q, rt))
		return -EMSGSIZE;
	return nlmsg_end(skb, nlh);
}

static int rt_query_parse(struct rt_query *q, struct sk_buff *skb, const struct nlmsghdr *nlh,
			  struct netlink_ext_ack *extack)
{
	static const struct nla_schema schema = {getroute_policy, RTA_MAX, false};
	struct nlattr *tb[RTA_MAX + 1];
	int err = nlmsg_parse(&schema, tb, nlh, sizeof(*q->rtm), extack);

	if (err)
		return err;
	q->rtm = nlmsg_data(nlh);
	q->src = tb[RTA_SRC] ? nla_get_u32(tb[RTA_SRC]) : 0;
	q->fl4 = (struct flowi4){
		.daddr = tb[RTA_DST] ? nla_get_u32(tb[RTA_DST]) : 0,
		.saddr = q->src,
		.flowi4_oif = tb[RTA_OIF] ? (int)nla_get_u32(tb[RTA_OIF]) : 0,
		.flowi4_mark = tb[RTA_MARK] ? nla_get_u32(tb[RTA_MARK]) : 0,
		.flowi4_tos = q->rtm->rtm_tos & 0x1c,
		.flowi4_proto = tb[RTA_IP_PROTO] ? nla_get_u8(tb[RTA_IP_PROTO]) : 0,
	};
	if (!tb[RTA_IIF] || !nla_get_u32(tb[RTA_IIF]))
		return 0;
	q->iif = __dev_get_by_index(rtnl_net(skb), (int)nla_get_u32(tb[RTA_IIF]));
	return q->iif && __in_dev_get(q->iif) ? 0 : -ENODEV;
}

/* As if a packet had come in by q->iif. The route with a reference, or ERR_PTR. Softirqs off. */
static struct rtable *rt_input_query(const struct rt_query *q)
{
	struct sk_buff *skb = alloc_skb(128, GFP_ATOMIC);
	struct rtable *rt = NULL;
	int err;

	if (!skb)
		return ERR_PTR(-ENOBUFS);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb->dev = q->iif;
	skb->protocol = cpu_to_be16(0x0800);
	err = ip_route_input_noref(skb, q->fl4.daddr, q->fl4.saddr, q->fl4.flowi4_tos, q->iif);
	if (!err && skb_rtable(skb))
		rt = (struct rtable *)dst_hold(&skb_rtable(skb)->dst);
	skb_dst_drop(skb);
	kfree_skb(skb);
	if (err)
		return ERR_PTR(err);
	return rt ? rt : ERR_PTR(-EHOSTUNREACH);
}

int inet_rtm_getroute(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	struct nlmsg_to to = rtnl_reply_to(skb, nlh, RTM_NEWROUTE);
	struct rt_query q = {0};
	struct fib_result res;
	struct sk_buff *rep;
	struct rtable *rt;
	int err = rt_query_parse(&q, skb, nlh, extack);

	if (err)
		return err;
	rep = nlmsg_new(ROUTE_MSG_SIZE, GFP_KERNEL);
	if (!rep)
		return -ENOBUFS;
	local_bh_disable();
	rt = q.iif ? rt_input_query(&q) : ip_route_output_key(rtnl_net(skb), &q.fl4);
	err = IS_ERR(rt) ? (int)PTR_ERR(rt) : 0;
	if (!err && q.rtm->rtm_flags & RTM_F_FIB_MATCH &&
	    !fib_lookup(rtnl_net(skb), &q.fl4, &res))
		err = fib_dump_info(rep, res.route, &to);
	if (!err && !rep->len)
		err = rt_fill_info(rep, &to, &q, rt);
	if (!IS_ERR(rt))
		dst_release(&rt->dst);
	local_bh_enable();
	if (!err)
		return rtnl_unicast(rep, skb);
	kfree_skb(rep);
	return err;
}
