// SPDX-License-Identifier: BSD-2-Clause
/*
 * IPv4 addresses in rtnetlink messages: RTM_GETADDR (a dump, of one device if it says so),
 * RTM_NEWADDR and RTM_DELADDR by command, and news to RTNLGRP_IPV4_IFADDR whenever an address comes
 * or goes, whoever brought it. Rules and errors are Linux's.
 *
 * Requests in thread context; news with softirqs off. Lifetimes that come with an address
 * (IFA_CACHEINFO) are taken and not kept: every address is permanent until it is deleted.
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/inetdevice.h>
#include <net/rtnetlink.h>
#include <string.h>

#define IFA_MSG_SIZE	  192
#define INFINITY_LIFETIME 0xffffffffu
#define USER_HZ		  100u

static int inet_fill_ifaddr(struct sk_buff *skb, const struct in_ifaddr *ifa,
			    const struct nlmsg_to *to)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, to, sizeof(struct ifaddrmsg));
	u32 flags = ifa->ifa_flags | IFA_F_PERMANENT;
	struct ifa_cacheinfo ci = {.ifa_prefered = INFINITY_LIFETIME,
				   .ifa_valid = INFINITY_LIFETIME,
				   .cstamp = ifa->ifa_cstamp,
				   .tstamp = ifa->ifa_cstamp};

	if (!nlh)
		return -EMSGSIZE;
	*(struct ifaddrmsg *)nlmsg_data(nlh) =
		(struct ifaddrmsg){.ifa_family = AF_INET,
				   .ifa_prefixlen = ifa->ifa_prefixlen,
				   .ifa_flags = (u8)flags,
				   .ifa_scope = ifa->ifa_scope,
				   .ifa_index = (u32)ifa->ifa_dev->dev->ifindex};
	if ((ifa->ifa_address && nla_put_u32(skb, IFA_ADDRESS, ifa->ifa_address)) ||
	    (ifa->ifa_local && nla_put_u32(skb, IFA_LOCAL, ifa->ifa_local)) ||
	    (ifa->ifa_broadcast && nla_put_u32(skb, IFA_BROADCAST, ifa->ifa_broadcast)) ||
	    (ifa->ifa_label[0] && nla_put_string(skb, IFA_LABEL, ifa->ifa_label)) ||
	    nla_put_u32(skb, IFA_FLAGS, flags) ||
	    (ifa->ifa_rt_priority && nla_put_u32(skb, IFA_RT_PRIORITY, ifa->ifa_rt_priority)) ||
	    nla_put(skb, IFA_CACHEINFO, sizeof(ci), &ci)) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

void rtmsg_ifa(u16 type, const struct in_ifaddr *ifa)
{
	struct net *net = dev_net(ifa->ifa_dev->dev);
	struct nlmsg_to to = {.type = type};
	struct sk_buff *skb;

	net->ipv4.addr_genid++;
	if (!rtnl_listeners(net, RTNLGRP_IPV4_IFADDR))
		return;
	skb = nlmsg_new(IFA_MSG_SIZE, GFP_ATOMIC);
	if (skb && inet_fill_ifaddr(skb, ifa, &to)) {
		kfree_skb(skb);
		skb = NULL;
	}
	rtnl_notify(net, skb, RTNLGRP_IPV4_IFADDR);
}

/* ---- dump ---- */

static const struct nla_policy ifa_policy[IFA_MAX + 1] = {
	[IFA_LOCAL] = {NLA_U32, 0},
	[IFA_ADDRESS] = {NLA_U32, 0},
	[IFA_BROADCAST] = {NLA_U32, 0},
	[IFA_LABEL] = {NLA_STRING, IFNAMSIZ - 1},
	[IFA_CACHEINFO] = {NLA_MIN_LEN, sizeof(struct ifa_cacheinfo)},
	[IFA_FLAGS] = {NLA_U32, 0},
	[IFA_RT_PRIORITY] = {NLA_U32, 0},
	[IFA_TARGET_NETNSID] = {NLA_U32, 0},
	[IFA_PROTO] = {NLA_U8, 0},
};

/* The device that a strict request asks for, 0: all. */
static int inet_dump_check(struct netlink_callback *cb, int *ifindex)
{
	const struct nla_schema schema = {ifa_policy, IFA_MAX, true};
	const struct ifaddrmsg *ifm = nlmsg_data(cb->nlh);
	struct nlattr *tb[IFA_MAX + 1];
	int err, i;

	*ifindex = 0;
	if (!cb->strict_check)
		return 0;
	if (nlmsg_len(cb->nlh) < (int)sizeof(*ifm)) {
		NL_SET_ERR_MSG(cb->extack, "ipv4: Invalid header for address dump request");
		return -EINVAL;
	}
	if (ifm->ifa_prefixlen || ifm->ifa_flags || ifm->ifa_scope) {
		NL_SET_ERR_MSG(cb->extack,
			       "ipv4: Invalid values in header for address dump request");
		return -EINVAL;
	}
	err = nlmsg_parse(&schema, tb, cb->nlh, sizeof(*ifm), cb->extack);
	for (i = 1; !err && i <= IFA_MAX; i++) {
		if (tb[i])
			err = -EINVAL;
	}
	*ifindex = (int)ifm->ifa_index;
	if (*ifindex) {
		cb->answer_flags |= NLM_F_DUMP_FILTERED;
		if (!err && !__dev_get_by_index(rtnl_net(cb->skb), *ifindex))
			err = -ENODEV;
	}
	return err;
}

/* args[0]: the device to go on from, args[1]: how many of its addresses are done. */
static int inet_dump_dev(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct in_device *in_dev)
{
	struct nlmsg_to to = {NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, RTM_NEWADDR,
			      (u16)(NLM_F_MULTI | cb->answer_flags)};
	const struct in_ifaddr *ifa;
	long n = 0;

	for (ifa = in_dev->ifa_list; ifa; ifa = ifa->ifa_next) {
		void *at = skb->tail;

		if (n++ < cb->args[1])
			continue;
		if (inet_fill_ifaddr(skb, ifa, &to))
			return -EMSGSIZE;
		nl_dump_check_consistent(cb, at);
		cb->args[1] = n;
	}
	return 0;
}

static int inet_dump_ifaddr(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct net *net = rtnl_net(cb->skb);
	struct net_device *dev;
	int ifindex, err = inet_dump_check(cb, &ifindex);

	if (err)
		return err;
	cb->seq = net->ipv4.addr_genid + net->dev_base_seq;
	local_bh_disable();
	for_each_netdev(net, dev) {
		if (dev->ifindex < cb->args[0] || (ifindex && dev->ifindex != ifindex))
			continue;
		if (dev->ifindex > cb->args[0])
			cb->args[1] = 0;
		cb->args[0] = dev->ifindex;
		if (__in_dev_get(dev))
			err = inet_dump_dev(skb, cb, __in_dev_get(dev));
		if (err)
			break;
		cb->args[0]++;
		cb->args[1] = 0;
	}
	local_bh_enable();
	if (!err)
		return 0;
	return skb->len ? (int)skb->len : err;
}

/* ---- changes ---- */

static be32 attr_addr(const struct nlattr *nla)
{
	return nla ? nla_get_u32(nla) : 0;
}

static int rtm_to_ifaddr(struct sk_buff *skb, const struct nlmsghdr *nlh,
			 struct inet_ifa_config *cfg, struct net_device **dev,
			 struct netlink_ext_ack *extack)
{
	static const struct nla_schema schema = {ifa_policy, IFA_MAX, false};
	const struct ifaddrmsg *ifm = nlmsg_data(nlh);
	struct nlattr *tb[IFA_MAX + 1];
	int err = nlmsg_parse(&schema, tb, nlh, sizeof(*ifm), extack);

	if (err)
		return err;
	if (ifm->ifa_prefixlen > 32) {
		NL_SET_ERR_MSG(extack, "ipv4: Invalid prefix length");
		return -EINVAL;
	}
	if (!tb[IFA_LOCAL]) {
		NL_SET_ERR_MSG(extack, "ipv4: Local address is not supplied");
		return -EINVAL;
	}
	*dev = __dev_get_by_index(rtnl_net(skb), (int)ifm->ifa_index);
	if (!*dev) {
		NL_SET_ERR_MSG(extack, "ipv4: Device not found");
		return -ENODEV;
	}
	*cfg = (struct inet_ifa_config){
		.local = attr_addr(tb[IFA_LOCAL]),
		.address = attr_addr(tb[tb[IFA_ADDRESS] ? IFA_ADDRESS : IFA_LOCAL]),
		.broadcast = attr_addr(tb[IFA_BROADCAST]),
		.prefixlen = ifm->ifa_prefixlen,
		.scope = ifm->ifa_scope,
		.flags = tb[IFA_FLAGS] ? nla_get_u32(tb[IFA_FLAGS]) : ifm->ifa_flags,
		.rt_priority = tb[IFA_RT_PRIORITY] ? nla_get_u32(tb[IFA_RT_PRIORITY]) : 0,
	};
	if (tb[IFA_LABEL])
		nla_strscpy(cfg->label, tb[IFA_LABEL], sizeof(cfg->label));
	if (tb[IFA_CACHEINFO]) {
		const struct ifa_cacheinfo *ci = nla_data(tb[IFA_CACHEINFO]);

		if (!ci->ifa_valid || ci->ifa_prefered > ci->ifa_valid) {
			NL_SET_ERR_MSG(extack, "ipv4: address lifetime invalid");
			return -EINVAL;
		}
	}
	return 0;
}

static int inet_rtm_newaddr(struct sk_buff *skb, struct nlmsghdr *nlh,
			    struct netlink_ext_ack *extack)
{
	struct inet_ifa_config cfg;
	struct net_device *dev;
	int err = rtm_to_ifaddr(skb, nlh, &cfg, &dev, extack);

	if (err)
		return err;
	err = inet_addr_insert(dev, &cfg);
	if (err != -EEXIST)
		return err;
	if (nlh->nlmsg_flags & NLM_F_EXCL || !(nlh->nlmsg_flags & NLM_F_REPLACE)) {
		NL_SET_ERR_MSG(extack, "ipv4: Address already assigned");
		return err;
	}
	return 0; /* the same address with another lifetime, of which we keep none */
}

static int inet_rtm_deladdr(struct sk_buff *skb, struct nlmsghdr *nlh,
			    struct netlink_ext_ack *extack)
{
	static const struct nla_schema schema = {ifa_policy, IFA_MAX, false};
	const struct ifaddrmsg *ifm = nlmsg_data(nlh);
	struct nlattr *tb[IFA_MAX + 1];
	struct net_device *dev;
	struct in_ifaddr *ifa;
	char label[IFNAMSIZ] = "";
	int err = nlmsg_parse(&schema, tb, nlh, sizeof(*ifm), extack);

	if (err)
		return err;
	dev = __dev_get_by_index(rtnl_net(skb), (int)ifm->ifa_index);
	if (!dev || !__in_dev_get(dev)) {
		NL_SET_ERR_MSG(extack, "ipv4: Device not found");
		return -ENODEV;
	}
	if (tb[IFA_LABEL])
		nla_strscpy(label, tb[IFA_LABEL], sizeof(label));
	for (ifa = __in_dev_get(dev)->ifa_list; ifa; ifa = ifa->ifa_next) {
		if (tb[IFA_LOCAL] && ifa->ifa_local != attr_addr(tb[IFA_LOCAL]))
			continue;
		if (tb[IFA_LABEL] && strcmp(ifa->ifa_label, label))
			continue;
		if (tb[IFA_ADDRESS] && (ifm->ifa_prefixlen != ifa->ifa_prefixlen ||
					!inet_ifa_match(attr_addr(tb[IFA_ADDRESS]), ifa)))
			continue;
		inet_ifa_del(ifa);
		return 0;
	}
	NL_SET_ERR_MSG(extack, "ipv4: Address not found");
	return -EADDRNOTAVAIL;
}

void devinet_netlink_init(void)
{
	rtnl_register(AF_INET, RTM_NEWADDR, inet_rtm_newaddr, NULL);
	rtnl_register(AF_INET, RTM_DELADDR, inet_rtm_deladdr, NULL);
	rtnl_register(AF_INET, RTM_GETADDR, NULL, inet_dump_ifaddr);
}
