// SPDX-License-Identifier: BSD-2-Clause
/*
 * Devices in rtnetlink messages: RTM_NEWLINK as the answer to RTM_GETLINK (one device, or a dump of
 * all) and as news to RTNLGRP_LINK whenever a device comes, changes or goes. The attributes are
 * those of Linux 6.1 that say something here: names, addresses, MTU and its bounds, operational
 * state (RFC 2863), counters in 32 and 64 bits, kind and other end of a veth.
 *
 * Dumps and answers in thread context, news in any; a message is built without sleeping. Left out:
 * AF_SPEC, aliases and alternative names, virtual functions.
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/netdevice.h>
#include <net/rtnetlink.h>
#include <string.h>

/* Enough for one device with everything. */
#define IFINFO_SIZE 1024

const char *rtnl_qdisc_name(const struct net_device *dev)
{
	if (dev->flags & IFF_LOOPBACK || dev->rtnl_link_ops)
		return "noqueue";
	return netif_running(dev) ? "pfifo_fast" : "noop";
}

static struct net_device *rtnl_peer(const struct net_device *dev)
{
	const struct rtnl_link_ops *ops = dev->rtnl_link_ops;

	return ops && ops->get_peer ? ops->get_peer(dev) : NULL;
}

static u8 rtnl_operstate(const struct net_device *dev)
{
	if (!netif_running(dev))
		return IF_OPER_DOWN;
	if (dev->flags & IFF_LOOPBACK)
		return IF_OPER_UNKNOWN;
	if (netif_carrier_ok(dev))
		return IF_OPER_UP;
	return rtnl_peer(dev) ? IF_OPER_LOWERLAYERDOWN : IF_OPER_DOWN;
}

static struct rtnl_link_stats64 rtnl_stats64(const struct net_device *dev)
{
	const struct net_device_stats *s = &dev->stats;

	return (struct rtnl_link_stats64){
		.rx_packets = s->rx_packets,
		.tx_packets = s->tx_packets,
		.rx_bytes = s->rx_bytes,
		.tx_bytes = s->tx_bytes,
		.rx_errors = s->rx_errors,
		.tx_errors = s->tx_errors,
		.rx_dropped = s->rx_dropped,
		.tx_dropped = s->tx_dropped,
		.multicast = s->multicast,
		.collisions = s->collisions,
		.rx_frame_errors = s->rx_frame_errors,
		.rx_fifo_errors = s->rx_fifo_errors,
		.tx_carrier_errors = s->tx_carrier_errors,
		.tx_fifo_errors = s->tx_fifo_errors,
	};
}

static int rtnl_put_stats(struct sk_buff *skb, const struct net_device *dev)
{
	struct rtnl_link_stats64 wide = rtnl_stats64(dev);
	struct rtnl_link_stats narrow;
	const u64 *from = (const u64 *)&wide;
	u32 *to = (u32 *)&narrow;
	size_t i;

	for (i = 0; i < sizeof(narrow) / sizeof(*to); i++)
		to[i] = (u32)from[i];
	if (nla_put(skb, IFLA_STATS64, sizeof(wide), &wide) ||
	    nla_put(skb, IFLA_STATS, sizeof(narrow), &narrow))
		return -EMSGSIZE;
	return 0;
}

static int rtnl_put_linkinfo(struct sk_buff *skb, const struct net_device *dev)
{
	const struct net_device *peer = rtnl_peer(dev);
	struct nlattr *info;

	if (!dev->rtnl_link_ops)
		return 0;
	info = nla_nest_start(skb, IFLA_LINKINFO);
	if (!info || nla_put_string(skb, IFLA_INFO_KIND, dev->rtnl_link_ops->kind))
		return -EMSGSIZE;
	nla_nest_end(skb, info);
	if (!peer)
		return 0;
	if (nla_put_u32(skb, IFLA_LINK, (u32)peer->ifindex))
		return -EMSGSIZE;
	return net_eq(dev_net(peer), dev_net(dev))
		       ? 0
		       : nla_put_u32(skb, IFLA_LINK_NETNSID, dev_net(peer)->ns_id);
}

static int rtnl_put_limits(struct sk_buff *skb, const struct net_device *dev)
{
	if (nla_put_u32(skb, IFLA_MTU, dev->mtu) || nla_put_u32(skb, IFLA_MIN_MTU, dev->min_mtu) ||
	    nla_put_u32(skb, IFLA_MAX_MTU, dev->max_mtu) ||
	    nla_put_u32(skb, IFLA_GROUP, dev->group) ||
	    nla_put_u32(skb, IFLA_PROMISCUITY,
			(u32)dev->promiscuity + (dev->flags & IFF_PROMISC && !dev->promiscuity)) ||
	    nla_put_u32(skb, IFLA_ALLMULTI, (u32)dev->allmulti) ||
	    nla_put_u32(skb, IFLA_NUM_TX_QUEUES, 1) ||
	    nla_put_u32(skb, IFLA_GSO_MAX_SEGS, dev->gso_max_segs) ||
	    nla_put_u32(skb, IFLA_GSO_MAX_SIZE, dev->gso_max_size) ||
	    nla_put_u32(skb, IFLA_GRO_MAX_SIZE, dev->gso_max_size) ||
	    nla_put_u32(skb, IFLA_TSO_MAX_SIZE, dev->gso_max_size) ||
	    nla_put_u32(skb, IFLA_TSO_MAX_SEGS, dev->gso_max_segs) ||
	    nla_put_u32(skb, IFLA_NUM_RX_QUEUES, 1))
		return -EMSGSIZE;
	return 0;
}

static int rtnl_put_link(struct sk_buff *skb, const struct net_device *dev)
{
	struct rtnl_link_ifmap map = {0};

	if (nla_put_string(skb, IFLA_IFNAME, dev->name) ||
	    nla_put_u32(skb, IFLA_TXQLEN, dev->tx_queue_len) ||
	    nla_put_u8(skb, IFLA_OPERSTATE, rtnl_operstate(dev)) ||
	    nla_put_u8(skb, IFLA_LINKMODE, 0) || rtnl_put_limits(skb, dev) ||
	    nla_put_u8(skb, IFLA_CARRIER, netif_carrier_ok(dev)) ||
	    nla_put_string(skb, IFLA_QDISC, rtnl_qdisc_name(dev)) ||
	    nla_put_u32(skb, IFLA_CARRIER_CHANGES, dev->carrier_up + dev->carrier_down) ||
	    nla_put_u32(skb, IFLA_CARRIER_UP_COUNT, dev->carrier_up) ||
	    nla_put_u32(skb, IFLA_CARRIER_DOWN_COUNT, dev->carrier_down) ||
	    nla_put_u8(skb, IFLA_PROTO_DOWN, 0) || nla_put(skb, IFLA_MAP, sizeof(map), &map))
		return -EMSGSIZE;
	if (dev->addr_len && (nla_put(skb, IFLA_ADDRESS, dev->addr_len, dev->dev_addr) ||
			      nla_put(skb, IFLA_BROADCAST, dev->addr_len, dev->broadcast)))
		return -EMSGSIZE;
	return 0;
}

/* The whole message, or nothing and -EMSGSIZE. */
static int rtnl_fill_ifinfo(struct sk_buff *skb, const struct net_device *dev,
			    const struct nlmsg_to *to, u32 change, u32 ext_mask)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, to, sizeof(struct ifinfomsg));
	struct ifinfomsg *ifm;

	if (!nlh)
		return -EMSGSIZE;
	ifm = nlmsg_data(nlh);
	*ifm = (struct ifinfomsg){.ifi_type = dev->type,
				  .ifi_index = dev->ifindex,
				  .ifi_flags = dev_get_flags(dev),
				  .ifi_change = change};
	if (rtnl_put_link(skb, dev) ||
	    (!(ext_mask & RTEXT_FILTER_SKIP_STATS) && rtnl_put_stats(skb, dev)) ||
	    rtnl_put_linkinfo(skb, dev)) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

/* ---- requests ---- */

static const struct nla_policy getlink_policy[IFLA_MAX + 1] = {
	[IFLA_IFNAME] = {NLA_STRING, IFNAMSIZ - 1}, [IFLA_ALT_IFNAME] = {NLA_STRING, 127},
	[IFLA_EXT_MASK] = {NLA_U32, 0},		    [IFLA_MASTER] = {NLA_U32, 0},
	[IFLA_TARGET_NETNSID] = {NLA_U32, 0},	    [IFLA_LINKINFO] = {NLA_NESTED, 0},
};

static int rtnl_getlink(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	static const struct nla_schema schema = {getlink_policy, IFLA_MAX, false};
	struct nlmsg_to to = rtnl_reply_to(skb, nlh, RTM_NEWLINK);
	const struct ifinfomsg *ifm = nlmsg_data(nlh);
	struct nlattr *tb[IFLA_MAX + 1], *name;
	struct net_device *dev = NULL;
	char ifname[IFNAMSIZ];
	struct sk_buff *rep;
	int err = nlmsg_parse(&schema, tb, nlh, sizeof(*ifm), extack);

	if (err)
		return err;
	if (tb[IFLA_TARGET_NETNSID])
		return -EINVAL;
	name = tb[IFLA_IFNAME] ? tb[IFLA_IFNAME] : tb[IFLA_ALT_IFNAME];
	if (ifm->ifi_index > 0) {
		dev = __dev_get_by_index(rtnl_net(skb), ifm->ifi_index);
	} else if (name) {
		if (nla_strscpy(ifname, name, sizeof(ifname)))
			dev = __dev_get_by_name(rtnl_net(skb), ifname);
	} else {
		return -EINVAL;
	}
	if (!dev)
		return -ENODEV;
	rep = nlmsg_new(IFINFO_SIZE, GFP_KERNEL);
	if (!rep)
		return -ENOBUFS;
	err = rtnl_fill_ifinfo(rep, dev, &to, 0,
			       tb[IFLA_EXT_MASK] ? nla_get_u32(tb[IFLA_EXT_MASK]) : 0);
	if (err) {
		kfree_skb(rep);
		return err;
	}
	return rtnl_unicast(rep, skb);
}

/* What is asked for: of a kind, of a master (there are none), with what in it. */
struct link_filter {
	u32 ext_mask;
	bool none;
	char kind[16];
};

static bool link_header_clean(const struct ifinfomsg *ifm)
{
	return !ifm->__ifi_pad && !ifm->ifi_type && !ifm->ifi_flags && !ifm->ifi_change;
}

static int link_filter_parse(struct link_filter *f, struct netlink_callback *cb)
{
	const struct nla_schema schema = {getlink_policy, IFLA_MAX, cb->strict_check};
	static const struct nla_policy info_policy[] = {
		[IFLA_INFO_KIND] = {NLA_STRING, 0}, [IFLA_INFO_XSTATS] = {0, 0}};
	static const struct nla_schema info = {info_policy, IFLA_INFO_XSTATS, false};
	struct nlattr *tb[IFLA_MAX + 1], *kind[IFLA_INFO_XSTATS + 1];
	const struct ifinfomsg *ifm = nlmsg_data(cb->nlh);
	int err = 0, hdrlen = sizeof(*ifm);

	*f = (struct link_filter){0};
	if (cb->strict_check && (nlmsg_len(cb->nlh) < hdrlen || !link_header_clean(ifm))) {
		NL_SET_ERR_MSG(cb->extack, "Invalid values in header for link dump request");
		return -EINVAL;
	}
	/* Programs of old send no more than a struct rtgenmsg. */
	if (!cb->strict_check && nlmsg_len(cb->nlh) < hdrlen)
		return 0;
	if (cb->strict_check && ifm->ifi_index) {
		NL_SET_ERR_MSG(cb->extack, "Filter by device index not supported for link dumps");
		return -EINVAL;
	}
	err = nlmsg_parse(&schema, tb, cb->nlh, hdrlen, cb->extack);
	if (err)
		return cb->strict_check ? err : 0;
	if (tb[IFLA_EXT_MASK])
		f->ext_mask = nla_get_u32(tb[IFLA_EXT_MASK]);
	f->none = tb[IFLA_MASTER] && nla_get_u32(tb[IFLA_MASTER]);
	if (tb[IFLA_LINKINFO] && !nla_parse(&info, kind, nla_data(tb[IFLA_LINKINFO]),
					    nla_len(tb[IFLA_LINKINFO]), NULL) &&
	    kind[IFLA_INFO_KIND])
		nla_strscpy(f->kind, kind[IFLA_INFO_KIND], sizeof(f->kind));
	return 0;
}

static bool link_filter_fits(const struct link_filter *f, const struct net_device *dev)
{
	if (f->none)
		return false;
	return !f->kind[0] || (dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, f->kind));
}

/* args[0]: the index to go on from; the list is in order of index. */
static int rtnl_dump_ifinfo(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlmsg_to to = {NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, RTM_NEWLINK,
			      NLM_F_MULTI};
	const struct rtgenmsg *gen = nlmsg_data(cb->nlh);
	struct net *net = rtnl_net(cb->skb);
	struct net_device *dev;
	struct link_filter f;
	int err = link_filter_parse(&f, cb);

	if (err)
		return err;
	if (gen->rtgen_family == AF_BRIDGE) /* ports of bridges, of which there are none */
		return 0;
	cb->seq = net->dev_base_seq;
	for_each_netdev(net, dev) {
		void *at = skb->tail;

		if (dev->ifindex < cb->args[0] || !link_filter_fits(&f, dev))
			continue;
		cb->args[0] = dev->ifindex;
		if (rtnl_fill_ifinfo(skb, dev, &to, 0, f.ext_mask))
			return skb->len ? (int)skb->len : -EMSGSIZE;
		nl_dump_check_consistent(cb, at);
		cb->args[0]++;
	}
	return 0;
}

/* ---- news ---- */

void rtmsg_ifinfo(u16 type, struct net_device *dev, u32 change)
{
	struct nlmsg_to to = {.type = type};
	struct sk_buff *skb;

	if (!rtnl_listeners(dev_net(dev), RTNLGRP_LINK))
		return;
	skb = nlmsg_new(IFINFO_SIZE, GFP_ATOMIC);
	if (skb && rtnl_fill_ifinfo(skb, dev, &to, change, 0)) {
		kfree_skb(skb);
		skb = NULL;
	}
	rtnl_notify(dev_net(dev), skb, RTNLGRP_LINK);
}

static void rtnetlink_event(struct notifier_block *nb, enum netdev_event ev,
			    struct net_device *dev)
{
	(void)nb;
	if (ev == NETDEV_REGISTER || ev == NETDEV_UNREGISTER)
		dev_net(dev)->dev_base_seq++;
	if (dev->renaming || ev == NETDEV_NOTIFY_PEERS)
		return;
	if (ev == NETDEV_UNREGISTER)
		rtmsg_ifinfo(RTM_DELLINK, dev, ~0u);
	else if (ev == NETDEV_REGISTER)
		rtmsg_ifinfo(RTM_NEWLINK, dev, ~0u);
	else
		rtmsg_ifinfo(RTM_NEWLINK, dev, ev == NETDEV_UP || ev == NETDEV_DOWN ? IFF_UP : 0);
}

static struct notifier_block rtnetlink_dev_notifier = {.call = rtnetlink_event};

void rtnl_link_init(void)
{
	rtnl_register(AF_UNSPEC, RTM_GETLINK, rtnl_getlink, rtnl_dump_ifinfo);
	register_netdevice_notifier(&rtnetlink_dev_notifier);
}
