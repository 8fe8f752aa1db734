// SPDX-License-Identifier: BSD-2-Clause
/*
 * Devices changed by rtnetlink: RTM_NEWLINK (change one, or make one of a kind that registered:
 * "ip link add type veth"), RTM_SETLINK, RTM_DELLINK. The order of the changes is Linux's: address,
 * MTU, group, name, broadcast, flags, queue length; the first that fails ends the request, and what
 * was done before it stays done.
 *
 * Thread context; opening and closing a device may sleep. A namespace may be named by a pid alone
 * (the program's own), as no file stands for one. Left out: masters, aliases, moving a device.
 */
#include <errno.h>
#include <kernel/sys.h>
#include <linux/veth.h>
#include <net/netdevice.h>
#include <net/rtnetlink.h>
#include <string.h>

static const struct nla_policy ifla_policy[IFLA_MAX + 1] = {
	[IFLA_IFNAME] = {NLA_STRING, IFNAMSIZ - 1},
	[IFLA_ADDRESS] = {NLA_BINARY, 32},
	[IFLA_BROADCAST] = {NLA_BINARY, 32},
	[IFLA_MTU] = {NLA_U32, 0},
	[IFLA_LINK] = {NLA_U32, 0},
	[IFLA_MASTER] = {NLA_U32, 0},
	[IFLA_TXQLEN] = {NLA_U32, 0},
	[IFLA_OPERSTATE] = {NLA_U8, 0},
	[IFLA_LINKMODE] = {NLA_U8, 0},
	[IFLA_LINKINFO] = {NLA_NESTED, 0},
	[IFLA_NET_NS_PID] = {NLA_U32, 0},
	[IFLA_NET_NS_FD] = {NLA_U32, 0},
	[IFLA_GROUP] = {NLA_U32, 0},
	[IFLA_ALT_IFNAME] = {NLA_STRING, 127},
};
static const struct nla_schema ifla_schema = {ifla_policy, IFLA_MAX, false};

/* The namespace that the attributes name. ERR_PTR: -EINVAL (no such file), -ESRCH (no such pid). */
static struct net *rtnl_link_get_net(struct net *net, struct nlattr **tb)
{
	if (tb[IFLA_NET_NS_FD] || tb[IFLA_TARGET_NETNSID])
		return ERR_PTR(-EINVAL);
	if (tb[IFLA_NET_NS_PID] && (long)nla_get_u32(tb[IFLA_NET_NS_PID]) != sys_getpid())
		return ERR_PTR(-ESRCH);
	return net;
}

/* ---- changes ---- */

static int set_address(struct net_device *dev, const struct nlattr *nla)
{
	return nla_len(nla) < dev->addr_len ? -EINVAL : dev_set_mac_address(dev, nla_data(nla));
}

static int set_broadcast(struct net_device *dev, const struct nlattr *nla)
{
	if (nla_len(nla) < dev->addr_len)
		return -EINVAL;
	memcpy(dev->broadcast, nla_data(nla), dev->addr_len);
	call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
	return 0;
}

static int set_mtu(struct net_device *dev, const struct nlattr *nla)
{
	u32 mtu = nla_get_u32(nla);

	return mtu > INT32_MAX ? -EINVAL : dev_set_mtu(dev, (int)mtu);
}

static int set_group(struct net_device *dev, const struct nlattr *nla)
{
	dev->group = nla_get_u32(nla);
	return 0;
}

static int set_name(struct net_device *dev, const struct nlattr *nla)
{
	char name[IFNAMSIZ];

	nla_strscpy(name, nla, sizeof(name));
	return name[0] ? dev_change_name(dev, name) : 0;
}

static int set_txqlen(struct net_device *dev, const struct nlattr *nla)
{
	if (nla_get_u32(nla) > INT32_MAX)
		return -ERANGE;
	dev->tx_queue_len = nla_get_u32(nla);
	call_netdevice_notifiers(NETDEV_CHANGE, dev);
	return 0;
}

static int set_master(struct net_device *dev, const struct nlattr *nla)
{
	return nla_get_u32(nla) ? -EOPNOTSUPP : 0;
}

static int set_never(struct net_device *dev, const struct nlattr *nla)
{
	return -EOPNOTSUPP;
}

static const struct {
	u16 type;
	bool late; /* after the flags */
	int (*set)(struct net_device *dev, const struct nlattr *nla);
} changes[] = {
	{IFLA_MAP, false, set_never},	  {IFLA_ADDRESS, false, set_address},
	{IFLA_MTU, false, set_mtu},	  {IFLA_GROUP, false, set_group},
	{IFLA_IFNAME, false, set_name},	  {IFLA_IFALIAS, false, set_never},
	{IFLA_BROADCAST, false, set_broadcast}, {IFLA_MASTER, false, set_master},
	{IFLA_CARRIER, true, set_never},  {IFLA_TXQLEN, true, set_txqlen},
	{IFLA_VF_PORTS, true, set_never}, {IFLA_XDP, true, set_never},
};

static int apply_changes(struct net_device *dev, struct nlattr **tb, bool late)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		if (changes[i].late != late || !tb[changes[i].type])
			continue;
		err = changes[i].set(dev, tb[changes[i].type]);
		if (err)
			return err;
	}
	return 0;
}

/* Flags that the request speaks of; all when it does not say which. */
static int apply_flags(struct net_device *dev, const struct ifinfomsg *ifm)
{
	u32 flags = ifm->ifi_flags;

	if (!ifm->ifi_flags && !ifm->ifi_change)
		return 0;
	if (ifm->ifi_change)
		flags = (flags & ifm->ifi_change) | (dev->flags & ~ifm->ifi_change);
	return dev_change_flags(dev, flags);
}

static int do_setlink(struct net_device *dev, const struct ifinfomsg *ifm, struct nlattr **tb,
		      struct netlink_ext_ack *extack)
{
	struct net *net = rtnl_link_get_net(dev_net(dev), tb);
	int err;

	if (IS_ERR(net)) {
		NL_SET_ERR_MSG(extack, "No such network namespace");
		return (int)PTR_ERR(net);
	}
	dev_hold(dev); /* opening may sleep */
	err = apply_changes(dev, tb, false);
	if (!err)
		err = apply_flags(dev, ifm);
	if (!err)
		err = apply_changes(dev, tb, true);
	dev_put(dev);
	return err;
}

/* ---- which device ---- */

/* By index, or else by name. NULL: none is named or it is not there. */
static struct net_device *rtnl_dev_get(struct net *net, const struct ifinfomsg *ifm,
				       struct nlattr **tb)
{
	struct nlattr *nla = tb[IFLA_IFNAME] ? tb[IFLA_IFNAME] : tb[IFLA_ALT_IFNAME];
	char name[IFNAMSIZ];

	if (ifm->ifi_index > 0)
		return __dev_get_by_index(net, ifm->ifi_index);
	if (!nla || !nla_strscpy(name, nla, sizeof(name)))
		return NULL;
	return __dev_get_by_name(net, name);
}

static int rtnl_setlink(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	const struct ifinfomsg *ifm = nlmsg_data(nlh);
	struct nlattr *tb[IFLA_MAX + 1];
	struct net_device *dev;
	int err = nlmsg_parse(&ifla_schema, tb, nlh, sizeof(*ifm), extack);

	if (err)
		return err;
	if (ifm->ifi_index <= 0 && !tb[IFLA_IFNAME] && !tb[IFLA_ALT_IFNAME])
		return -EINVAL;
	dev = rtnl_dev_get(rtnl_net(skb), ifm, tb);
	return dev ? do_setlink(dev, ifm, tb, extack) : -ENODEV;
}

/* A pair goes together, so that no next device is sure to be there: always from the start. */
static struct net_device *rtnl_first_of_group(struct net *net, u32 group)
{
	struct net_device *dev;

	for_each_netdev(net, dev) {
		if (dev->group == group && dev->rtnl_link_ops)
			return dev;
	}
	return NULL;
}

/* All devices of a group, but none that is hardware's; with one such nothing is done. */
static int rtnl_group_dellink(struct net *net, u32 group)
{
	struct net_device *dev;
	bool found = false;

	for_each_netdev(net, dev) {
		if (dev->group != group)
			continue;
		found = true;
		if (!dev->rtnl_link_ops)
			return -EOPNOTSUPP;
	}
	if (!found)
		return -ENODEV;
	while ((dev = rtnl_first_of_group(net, group)))
		dev->rtnl_link_ops->dellink(dev);
	return 0;
}

static int rtnl_dellink(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	const struct ifinfomsg *ifm = nlmsg_data(nlh);
	struct nlattr *tb[IFLA_MAX + 1];
	struct net_device *dev;
	int err = nlmsg_parse(&ifla_schema, tb, nlh, sizeof(*ifm), extack);

	if (err)
		return err;
	if (ifm->ifi_index <= 0 && !tb[IFLA_IFNAME] && !tb[IFLA_ALT_IFNAME])
		return tb[IFLA_GROUP]
			       ? rtnl_group_dellink(rtnl_net(skb), nla_get_u32(tb[IFLA_GROUP]))
			       : -EINVAL;
	dev = rtnl_dev_get(rtnl_net(skb), ifm, tb);
	if (!dev)
		return -ENODEV;
	if (!dev->rtnl_link_ops)
		return -EOPNOTSUPP;
	dev->rtnl_link_ops->dellink(dev);
	return 0;
}

/* ---- new devices ---- */

struct newlink {
	struct net *net;
	const struct ifinfomsg *ifm;
	struct nlattr **tb;
	char name[IFNAMSIZ];
};

static int newlink_name(struct newlink *n, const char *kind)
{
	if (n->tb[IFLA_IFNAME] && nla_strscpy(n->name, n->tb[IFLA_IFNAME], IFNAMSIZ))
		return strchr(n->name, '%') ? -EINVAL : 0;
	strlcpy(n->name, kind, sizeof(n->name) - 2);
	strcat(n->name, "%d");
	return 0;
}

/* The other end, out of VETH_INFO_PEER; nothing said: a device like the first. */
static int newlink_peer(struct newlink *peer, struct nlattr *data, struct netlink_ext_ack *extack)
{
	static const struct nla_policy policy[VETH_INFO_PEER + 1] = {
		[VETH_INFO_PEER] = {NLA_MIN_LEN, sizeof(struct ifinfomsg)}};
	static const struct nla_schema schema = {policy, VETH_INFO_PEER, false};
	struct nlattr *tb[VETH_INFO_PEER + 1];
	int err = nla_parse(&schema, tb, nla_data(data), nla_len(data), extack);

	if (err || !tb[VETH_INFO_PEER])
		return err;
	peer->ifm = nla_data(tb[VETH_INFO_PEER]);
	err = nla_parse(&ifla_schema, peer->tb, (const struct nlattr *)(peer->ifm + 1),
			nla_len(tb[VETH_INFO_PEER]) - (int)sizeof(*peer->ifm), extack);
	if (err)
		return err;
	peer->net = rtnl_link_get_net(peer->net, peer->tb);
	return IS_ERR(peer->net) ? (int)PTR_ERR(peer->net) : 0;
}

/* The fresh device becomes what the request says besides its name. */
static int newlink_configure(struct net_device *dev, struct newlink *n)
{
	struct nlattr *name = n->tb[IFLA_IFNAME];
	int err;

	n->tb[IFLA_IFNAME] = NULL;
	err = do_setlink(dev, n->ifm, n->tb, NULL);
	n->tb[IFLA_IFNAME] = name;
	return err;
}

static int rtnl_newlink_create(struct newlink *n, const struct rtnl_link_ops *ops,
			       struct nlattr *data, struct netlink_ext_ack *extack)
{
	struct nlattr *peer_tb[IFLA_MAX + 1] = {0};
	struct ifinfomsg none = {0};
	struct newlink peer = {.net = n->net, .ifm = &none, .tb = peer_tb};
	struct net_device *dev;
	int err;

	err = data ? newlink_peer(&peer, data, extack) : 0;
	if (!err)
		err = newlink_name(n, ops->kind);
	if (!err)
		err = newlink_name(&peer, ops->kind);
	if (err)
		return err;
	dev = ops->newlink(n->net, n->name, peer.net, peer.name);
	if (IS_ERR(dev))
		return (int)PTR_ERR(dev);
	dev_hold(dev);
	err = newlink_configure(dev, n);
	if (!err && ops->get_peer(dev))
		err = newlink_configure(ops->get_peer(dev), &peer);
	if (err && dev->registered)
		ops->dellink(dev);
	dev_put(dev);
	return err;
}

static int rtnl_newlink(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	static const struct nla_policy info_policy[] = {
		[IFLA_INFO_KIND] = {NLA_STRING, 0}, [IFLA_INFO_DATA] = {NLA_NESTED, 0},
		[IFLA_INFO_XSTATS] = {0, 0}};
	static const struct nla_schema info_schema = {info_policy, IFLA_INFO_XSTATS, false};
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_XSTATS + 1] = {0};
	struct newlink n = {.net = rtnl_net(skb), .ifm = nlmsg_data(nlh), .tb = tb};
	const struct rtnl_link_ops *ops = NULL;
	struct net_device *dev;
	char kind[16] = "";
	int err = nlmsg_parse(&ifla_schema, tb, nlh, sizeof(*n.ifm), extack);

	if (!err && tb[IFLA_LINKINFO])
		err = nla_parse(&info_schema, info, nla_data(tb[IFLA_LINKINFO]),
				nla_len(tb[IFLA_LINKINFO]), extack);
	if (err)
		return err;
	dev = rtnl_dev_get(n.net, n.ifm, tb);
	if (info[IFLA_INFO_KIND] && nla_strscpy(kind, info[IFLA_INFO_KIND], sizeof(kind)))
		ops = rtnl_link_ops_get(kind);
	if (dev) {
		if (nlh->nlmsg_flags & NLM_F_EXCL)
			return -EEXIST;
		if (nlh->nlmsg_flags & NLM_F_REPLACE || (kind[0] && ops != dev->rtnl_link_ops))
			return -EOPNOTSUPP;
		return do_setlink(dev, n.ifm, tb, extack);
	}
	if (!(nlh->nlmsg_flags & NLM_F_CREATE) || n.ifm->ifi_index > 0)
		return -ENODEV;
	if (!ops) {
		NL_SET_ERR_MSG(extack, "Unknown device type");
		return -EOPNOTSUPP;
	}
	return rtnl_newlink_create(&n, ops, info[IFLA_INFO_DATA], extack);
}

void rtnl_setlink_init(void)
{
	rtnl_register(AF_UNSPEC, RTM_NEWLINK, rtnl_newlink, NULL);
	rtnl_register(AF_UNSPEC, RTM_SETLINK, rtnl_setlink, NULL);
	rtnl_register(AF_UNSPEC, RTM_DELLINK, rtnl_dellink, NULL);
}
