// SPDX-License-Identifier: BSD-2-Clause
/*
 * The rtnetlink messages that have a fixed answer here: routing rules (the three that Linux has by
 * default: tables local, main, default), queueing disciplines (one a device, by name), traffic
 * classes and filters (none), numbers of namespaces.
 *
 * Thread context. Left out: changing any of these (-EOPNOTSUPP).
 */
#include <errno.h>
#include <kernel/sys.h>
#include <linux/fib_rules.h>
#include <linux/net_namespace.h>
#include <net/netdevice.h>
#include <net/rtnetlink.h>
#include <string.h>

/* ---- rules ---- */

static const struct {
	u32 priority;
	u8 table;
} default_rules[] = {{0, RT_TABLE_LOCAL}, {32766, RT_TABLE_MAIN}, {32767, RT_TABLE_DEFAULT}};

static int fill_rule(struct sk_buff *skb, struct netlink_callback *cb, size_t i)
{
	struct nlmsghdr *nlh =
		nlmsg_put_answer(skb, cb, RTM_NEWRULE, sizeof(struct fib_rule_hdr));
	struct fib_rule_hdr *frh;

	if (!nlh)
		return -EMSGSIZE;
	frh = nlmsg_data(nlh);
	frh->family = AF_INET;
	frh->table = default_rules[i].table;
	frh->action = FR_ACT_TO_TBL;
	if (nla_put_u32(skb, FRA_TABLE, default_rules[i].table) ||
	    nla_put_u32(skb, FRA_SUPPRESS_PREFIXLEN, ~0u) ||
	    nla_put_u8(skb, FRA_PROTOCOL, RTPROT_KERNEL) ||
	    (default_rules[i].priority &&
	     nla_put_u32(skb, FRA_PRIORITY, default_rules[i].priority))) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

static int rule_request_check(const struct netlink_callback *cb)
{
	const struct fib_rule_hdr *frh = nlmsg_data(cb->nlh);

	if (!cb->strict_check)
		return 0;
	if (nlmsg_len(cb->nlh) < (int)sizeof(*frh)) {
		NL_SET_ERR_MSG(cb->extack, "Invalid header for fib rule dump request");
		return -EINVAL;
	}
	if (frh->dst_len || frh->src_len || frh->tos || frh->table || frh->res1 || frh->res2 ||
	    frh->action || frh->flags) {
		NL_SET_ERR_MSG(cb->extack, "Invalid values in header for fib rule dump request");
		return -EINVAL;
	}
	if (nlmsg_len(cb->nlh) > (int)sizeof(*frh)) {
		NL_SET_ERR_MSG(cb->extack, "Invalid data after header in fib rule dump request");
		return -EINVAL;
	}
	return 0;
}

static int rtnl_dump_rule(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct rtgenmsg *gen = nlmsg_data(cb->nlh);
	int err = rule_request_check(cb);

	if (err)
		return err;
	if (gen->rtgen_family != AF_UNSPEC && gen->rtgen_family != AF_INET)
		return -EAFNOSUPPORT;
	for (; cb->args[0] < (long)ARRAY_SIZE(default_rules); cb->args[0]++) {
		if (fill_rule(skb, cb, (size_t)cb->args[0]))
			return skb->len ? (int)skb->len : -EMSGSIZE;
	}
	return 0;
}

/* ---- traffic control ---- */

/* args[0]: the device's index to go on from. */
static int tc_dump_qdisc(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct tcmsg *asked = nlmsg_data(cb->nlh);
	int only = nlmsg_len(cb->nlh) >= (int)sizeof(*asked) ? asked->tcm_ifindex : 0;
	struct net_device *dev;

	for_each_netdev(rtnl_net(cb->skb), dev) {
		struct nlmsghdr *nlh;
		struct tcmsg *tcm;

		if (dev->ifindex < cb->args[0] || (only && dev->ifindex != only) ||
		    !netif_running(dev))
			continue;
		cb->args[0] = dev->ifindex;
		nlh = nlmsg_put_answer(skb, cb, RTM_NEWQDISC, sizeof(*tcm));
		if (!nlh)
			return skb->len ? (int)skb->len : -EMSGSIZE;
		tcm = nlmsg_data(nlh);
		tcm->tcm_ifindex = dev->ifindex;
		tcm->tcm_parent = TC_H_ROOT;
		tcm->tcm_info = 2;
		if (nla_put_string(skb, TCA_KIND, rtnl_qdisc_name(dev))) {
			nlmsg_trim(skb, nlh);
			return skb->len ? (int)skb->len : -EMSGSIZE;
		}
		nlmsg_end(skb, nlh);
		cb->args[0]++;
	}
	return 0;
}

static int dump_nothing(struct sk_buff *skb, struct netlink_callback *cb)
{
	return 0;
}

/* ---- numbers of namespaces: none has been given one ---- */

static int rtnl_net_getid(struct sk_buff *skb, struct nlmsghdr *nlh,
			  struct netlink_ext_ack *extack)
{
	static const struct nla_policy policy[NETNSA_CURRENT_NSID + 1] = {
		[NETNSA_NSID] = {NLA_U32, 0},
		[NETNSA_PID] = {NLA_U32, 0},
		[NETNSA_FD] = {NLA_U32, 0},
		[NETNSA_TARGET_NSID] = {NLA_U32, 0},
	};
	static const struct nla_schema schema = {policy, NETNSA_CURRENT_NSID, false};
	struct nlmsg_to to = rtnl_reply_to(skb, nlh, RTM_NEWNSID);
	struct nlattr *tb[NETNSA_CURRENT_NSID + 1];
	struct nlmsghdr *out;
	struct sk_buff *rep;
	int err = nlmsg_parse(&schema, tb, nlh, sizeof(struct rtgenmsg), extack);

	if (err)
		return err;
	if (tb[NETNSA_PID] && (long)nla_get_u32(tb[NETNSA_PID]) != sys_getpid()) {
		NL_SET_ERR_MSG(extack, "Peer netns reference is invalid");
		return -ESRCH;
	}
	if (!tb[NETNSA_PID]) {
		NL_SET_ERR_MSG(extack, tb[NETNSA_FD] || tb[NETNSA_NSID]
					       ? "Peer netns reference is invalid"
					       : "Peer netns reference is missing");
		return tb[NETNSA_NSID] ? -ENOENT : -EINVAL;
	}
	rep = nlmsg_new(64, GFP_KERNEL);
	if (!rep)
		return -ENOMEM;
	out = nlmsg_put(rep, &to, sizeof(struct rtgenmsg));
	if (nla_put_u32(rep, NETNSA_NSID, (u32)NETNSA_NSID_NOT_ASSIGNED)) {
		kfree_skb(rep);
		return -EMSGSIZE;
	}
	nlmsg_end(rep, out);
	return rtnl_unicast(rep, skb);
}

void rtnl_misc_init(void)
{
	rtnl_register(AF_UNSPEC, RTM_GETRULE, NULL, rtnl_dump_rule);
	rtnl_register(AF_UNSPEC, RTM_GETQDISC, NULL, tc_dump_qdisc);
	rtnl_register(AF_UNSPEC, RTM_GETTCLASS, NULL, dump_nothing);
	rtnl_register(AF_UNSPEC, RTM_GETTFILTER, NULL, dump_nothing);
	rtnl_register(AF_UNSPEC, RTM_GETNSID, rtnl_net_getid, dump_nothing);
	rtnl_register(AF_UNSPEC, RTM_GETADDR, NULL, rtnl_dump_all);
	rtnl_register(AF_UNSPEC, RTM_GETROUTE, NULL, rtnl_dump_all);
}
