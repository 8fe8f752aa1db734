// SPDX-License-Identifier: BSD-2-Clause
/*
 * IPv4 routes in rtnetlink messages: RTM_GETROUTE as a dump of the tables main and local (in this
 * order, filtered by what a strict request names), RTM_NEWROUTE and RTM_DELROUTE by command with
 * Linux's flags and errors, and news to RTNLGRP_IPV4_ROUTE. The route of one destination ("ip route
 * get") is route_netlink.c.
 *
 * Requests in thread context; news with softirqs off. Left out: multipath, encapsulation, next hop
 * objects (-EOPNOTSUPP), metrics other than the MTU (taken and not kept), tables of other numbers.
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/inetdevice.h>
#include <net/ip_fib.h>
#include <net/rtnetlink.h>
#include <string.h>

#define FIB_MSG_SIZE 192

static int fib_put_attrs(struct sk_buff *skb, const struct fib_route *r)
{
	struct nlattr *metrics;

	if (nla_put_u32(skb, RTA_TABLE, r->table) ||
	    (r->prefixlen && nla_put_u32(skb, RTA_DST, r->dst)) ||
	    (r->metric && nla_put_u32(skb, RTA_PRIORITY, r->metric)))
		return -EMSGSIZE;
	if (r->mtu) {
		metrics = nla_nest_start(skb, RTA_METRICS);
		if (!metrics || nla_put_u32(skb, RTAX_MTU, r->mtu))
			return -EMSGSIZE;
		nla_nest_end(skb, metrics);
	}
	if ((r->prefsrc && nla_put_u32(skb, RTA_PREFSRC, r->prefsrc)) ||
	    (r->gw && nla_put_u32(skb, RTA_GATEWAY, r->gw)) ||
	    (r->dev && nla_put_u32(skb, RTA_OIF, (u32)r->dev->ifindex)))
		return -EMSGSIZE;
	return 0;
}

int fib_dump_info(struct sk_buff *skb, const struct fib_route *r, const struct nlmsg_to *to)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, to, sizeof(struct rtmsg));

	if (!nlh)
		return -EMSGSIZE;
	*(struct rtmsg *)nlmsg_data(nlh) = (struct rtmsg){
		.rtm_family = AF_INET,
		.rtm_dst_len = r->prefixlen,
		.rtm_tos = r->tos,
		.rtm_table = r->table,
		.rtm_protocol = r->protocol,
		.rtm_scope = r->scope,
		.rtm_type = r->type,
		.rtm_flags = r->dev && !netif_carrier_ok(r->dev) ? RTNH_F_LINKDOWN : 0};
	if (fib_put_attrs(skb, r)) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

void rtmsg_fib(struct net *net, u16 type, const struct fib_route *r, u16 nlflags)
{
	struct nlmsg_to to = {.type = type, .flags = nlflags};
	struct sk_buff *skb;

	if (!rtnl_listeners(net, RTNLGRP_IPV4_ROUTE))
		return;
	skb = nlmsg_new(FIB_MSG_SIZE, GFP_ATOMIC);
	if (skb && fib_dump_info(skb, r, &to)) {
		kfree_skb(skb);
		skb = NULL;
	}
	rtnl_notify(net, skb, RTNLGRP_IPV4_ROUTE);
}

/* ---- dump ---- */

static const struct nla_policy rtm_ipv4_policy[RTA_MAX + 1] = {
	[RTA_DST] = {NLA_U32, 0},      [RTA_SRC] = {NLA_U32, 0},      [RTA_IIF] = {NLA_U32, 0},
	[RTA_OIF] = {NLA_U32, 0},      [RTA_GATEWAY] = {NLA_U32, 0},  [RTA_PRIORITY] = {NLA_U32, 0},
	[RTA_PREFSRC] = {NLA_U32, 0},  [RTA_METRICS] = {NLA_NESTED, 0}, [RTA_TABLE] = {NLA_U32, 0},
	[RTA_MARK] = {NLA_U32, 0},     [RTA_UID] = {NLA_U32, 0},
};

/* What a dump is to show; zero: anything. */
struct fib_dump {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	u32 table, oif;
	u8 type, protocol;
	bool cloned; /* routes of single destinations are not listed */
	long idx;
	bool full;
};

static int fib_dump_filter(struct fib_dump *d, struct netlink_callback *cb)
{
	const struct nla_schema schema = {rtm_ipv4_policy, RTA_MAX, true};
	const struct rtmsg *rtm = nlmsg_data(cb->nlh);
	struct nlattr *tb[RTA_MAX + 1];
	int err, i;

	if (nlmsg_len(cb->nlh) < (int)sizeof(*rtm)) {
		NL_SET_ERR_MSG(cb->extack, "Invalid header for FIB dump request");
		return cb->strict_check ? -EINVAL : 0;
	}
	d->cloned = rtm->rtm_flags & RTM_F_CLONED;
	if (!cb->strict_check)
		return 0;
	if (rtm->rtm_dst_len || rtm->rtm_src_len || rtm->rtm_tos || rtm->rtm_scope) {
		NL_SET_ERR_MSG(cb->extack, "Invalid values in header for FIB dump request");
		return -EINVAL;
	}
	if (rtm->rtm_flags & ~(unsigned int)(RTM_F_CLONED | RTM_F_PREFIX)) {
		NL_SET_ERR_MSG(cb->extack, "Invalid flags for FIB dump request");
		return -EINVAL;
	}
	err = nlmsg_parse(&schema, tb, cb->nlh, sizeof(*rtm), cb->extack);
	for (i = 1; !err && i <= RTA_MAX; i++) {
		if (tb[i] && i != RTA_TABLE && i != RTA_OIF) {
			NL_SET_ERR_MSG(cb->extack, "Unsupported attribute in dump request");
			err = -EINVAL;
		}
	}
	if (err)
		return err;
	d->table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : rtm->rtm_table;
	d->oif = tb[RTA_OIF] ? nla_get_u32(tb[RTA_OIF]) : 0;
	d->type = rtm->rtm_type;
	d->protocol = rtm->rtm_protocol;
	if (d->oif && !__dev_get_by_index(rtnl_net(cb->skb), (int)d->oif))
		return -ENODEV;
	if (d->table || d->oif || d->type || d->protocol)
		cb->answer_flags |= NLM_F_DUMP_FILTERED;
	return 0;
}

static void fib_dump_one(const struct fib_route *r, void *arg)
{
	struct fib_dump *d = arg;
	struct netlink_callback *cb = d->cb;
	struct nlmsg_to to = {NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, RTM_NEWROUTE,
			      (u16)(NLM_F_MULTI | cb->answer_flags)};
	void *at = d->skb->tail;

	if (d->full || d->idx++ < cb->args[1])
		return;
	if ((!d->type || d->type == r->type) && (!d->protocol || d->protocol == r->protocol) &&
	    (!d->oif || (r->dev && (u32)r->dev->ifindex == d->oif))) {
		if (fib_dump_info(d->skb, r, &to)) {
			d->full = true;
			return;
		}
		nl_dump_check_consistent(cb, at);
	}
	cb->args[1] = d->idx;
}

/* args[0]: the table, args[1]: how many of its routes are done. */
static int inet_dump_fib(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const u8 tables[] = {RT_TABLE_MAIN, RT_TABLE_LOCAL};
	struct fib_dump d = {.skb = skb, .cb = cb};
	struct net *net = rtnl_net(cb->skb);
	const struct rtgenmsg *gen = nlmsg_data(cb->nlh);
	int err = fib_dump_filter(&d, cb);

	if (err || d.cloned || !net->ipv4.fib)
		return err;
	if (d.table && d.table != RT_TABLE_MAIN && d.table != RT_TABLE_LOCAL) {
		if (gen->rtgen_family != AF_INET || d.table == RT_TABLE_DEFAULT)
			return 0;
		NL_SET_ERR_MSG(cb->extack, "ipv4: FIB table does not exist");
		return -ENOENT;
	}
	cb->seq = net->ipv4.rt_genid + 1;
	for (; cb->args[0] < (long)ARRAY_SIZE(tables); cb->args[0]++, cb->args[1] = 0) {
		d.idx = 0;
		if (!d.table || d.table == tables[cb->args[0]])
			fib_for_each(net, tables[cb->args[0]], fib_dump_one, &d);
		if (d.full)
			return skb->len ? (int)skb->len : -EMSGSIZE;
	}
	return 0;
}

/* ---- changes ---- */

static int rtm_table_of(const struct rtmsg *rtm, struct nlattr **tb, struct fib_config *cfg,
			struct netlink_ext_ack *extack)
{
	u32 table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : rtm->rtm_table;

	/* A program that names no table, or the default one, means main. */
	if (table == RT_TABLE_UNSPEC || table == RT_TABLE_COMPAT || table == RT_TABLE_DEFAULT)
		table = RT_TABLE_MAIN;
	if (table != RT_TABLE_MAIN && table != RT_TABLE_LOCAL) {
		NL_SET_ERR_MSG(extack, "ipv4: only the tables main and local are there");
		return -EOPNOTSUPP;
	}
	cfg->table = (u8)table;
	return 0;
}

static u32 rtm_mtu(const struct nlattr *metrics)
{
	static const struct nla_policy policy[RTAX_MAX + 1] = {[RTAX_MTU] = {NLA_U32, 0}};
	static const struct nla_schema schema = {policy, RTAX_MAX, false};
	struct nlattr *tb[RTAX_MAX + 1];

	if (nla_parse(&schema, tb, nla_data(metrics), nla_len(metrics), NULL) || !tb[RTAX_MTU])
		return 0;
	return nla_get_u32(tb[RTAX_MTU]);
}

static int rtm_attrs_to_config(struct net *net, struct nlattr **tb, struct fib_config *cfg,
			       struct netlink_ext_ack *extack)
{
	if (tb[RTA_MULTIPATH] || tb[RTA_ENCAP] || tb[RTA_ENCAP_TYPE] || tb[RTA_NH_ID] ||
	    tb[RTA_VIA]) {
		NL_SET_ERR_MSG(extack, "ipv4: multipath, encapsulation and next hop objects are not "
				       "there");
		return -EOPNOTSUPP;
	}
	cfg->dst = tb[RTA_DST] ? nla_get_u32(tb[RTA_DST]) : 0;
	cfg->gw = tb[RTA_GATEWAY] ? nla_get_u32(tb[RTA_GATEWAY]) : 0;
	cfg->prefsrc = tb[RTA_PREFSRC] ? nla_get_u32(tb[RTA_PREFSRC]) : 0;
	cfg->metric = tb[RTA_PRIORITY] ? nla_get_u32(tb[RTA_PRIORITY]) : 0;
	cfg->mtu = tb[RTA_METRICS] ? rtm_mtu(tb[RTA_METRICS]) : 0;
	if (tb[RTA_OIF] && nla_get_u32(tb[RTA_OIF])) {
		cfg->dev = __dev_get_by_index(net, (int)nla_get_u32(tb[RTA_OIF]));
		if (!cfg->dev) /* no way to the gateway, or no device */
			return cfg->gw ? -ENETUNREACH : -ENODEV;
	}
	return 0;
}

static int rtm_to_fib_config(struct sk_buff *skb, const struct nlmsghdr *nlh,
			     struct fib_config *cfg, struct netlink_ext_ack *extack)
{
	static const struct nla_schema schema = {rtm_ipv4_policy, RTA_MAX, false};
	const struct rtmsg *rtm = nlmsg_data(nlh);
	struct nlattr *tb[RTA_MAX + 1];
	int err = nlmsg_parse(&schema, tb, nlh, sizeof(*rtm), extack);

	if (err)
		return err;
	if (rtm->rtm_dst_len > 32) {
		NL_SET_ERR_MSG(extack, "Invalid prefix length");
		return -EINVAL;
	}
	if (rtm->rtm_type > RTN_MAX) {
		NL_SET_ERR_MSG(extack, "Invalid route type");
		return -EINVAL;
	}
	*cfg = (struct fib_config){.prefixlen = rtm->rtm_dst_len,
				   .tos = rtm->rtm_tos,
				   .protocol = rtm->rtm_protocol,
				   .scope = rtm->rtm_scope,
				   .type = rtm->rtm_type,
				   .nlflags = nlh->nlmsg_flags};
	err = rtm_table_of(rtm, tb, cfg, extack);
	return err ? err : rtm_attrs_to_config(rtnl_net(skb), tb, cfg, extack);
}

static int inet_rtm_newroute(struct sk_buff *skb, struct nlmsghdr *nlh,
			     struct netlink_ext_ack *extack)
{
	struct fib_config cfg;
	int err = rtm_to_fib_config(skb, nlh, &cfg, extack);

	if (err)
		return err;
	err = fib_add_route(rtnl_net(skb), &cfg);
	if (err == -ENETUNREACH && cfg.gw)
		NL_SET_ERR_MSG(extack, "Nexthop has invalid gateway");
	else if (err == -ENETDOWN)
		NL_SET_ERR_MSG(extack, "Device for nexthop is not up");
	else if (err == -EINVAL && cfg.dst & ~inet_make_mask(cfg.prefixlen))
		NL_SET_ERR_MSG(extack, "Invalid prefix for given prefix length");
	return err;
}

static int inet_rtm_delroute(struct sk_buff *skb, struct nlmsghdr *nlh,
			     struct netlink_ext_ack *extack)
{
	struct fib_config cfg;
	int err = rtm_to_fib_config(skb, nlh, &cfg, extack);

	if (!err && cfg.dst & ~inet_make_mask(cfg.prefixlen)) {
		NL_SET_ERR_MSG(extack, "Invalid prefix for given prefix length");
		err = -EINVAL;
	}
	return err ? err : fib_del_route(rtnl_net(skb), &cfg);
}

void fib_netlink_init(void)
{
	rtnl_register(AF_INET, RTM_NEWROUTE, inet_rtm_newroute, NULL);
	rtnl_register(AF_INET, RTM_DELROUTE, inet_rtm_delroute, NULL);
	rtnl_register(AF_INET, RTM_GETROUTE, inet_rtm_getroute, inet_dump_fib);
}
