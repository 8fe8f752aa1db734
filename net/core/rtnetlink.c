// SPDX-License-Identifier: BSD-2-Clause
/*
 * NETLINK_ROUTE (rtnetlink(7)): each message is handed to who registered for its family and type,
 * with AF_UNSPEC's handler for families that have none, as in Linux. The registry is written at
 * start only. IPv6 is not there: a dump of AF_INET6 is empty, as on a Linux without it.
 *
 * Requests come by rtnetlink_rcv() in the sender's sendmsg, thread context. What needs more than
 * one step (opening a device) sleeps in the handler; there is no rtnl lock, because a handler that
 * does not sleep is one step. News leave by rtnl_notify() from any context.
 */
#include <errno.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <net/rtnetlink.h>
#include <net/sock.h>
#include <string.h>

enum { RTNL_UNSPEC, RTNL_INET, RTNL_FAMILIES };
/* RTM_* come in fours: new, delete, get, set. */
#define RTNL_KIND_GET 2

static struct {
	rtnl_doit_func doit;
	rtnl_dumpit_func dumpit;
} handlers[RTNL_FAMILIES][RTM_NR_MSGTYPES];

static LIST_HEAD(link_ops);

void rtnl_link_register(struct rtnl_link_ops *ops)
{
	BUG_ON(!ops->newlink || !ops->dellink);
	list_add_tail(&ops->node, &link_ops);
}

const struct rtnl_link_ops *rtnl_link_ops_get(const char *kind)
{
	const struct rtnl_link_ops *ops;

	list_for_each_entry(ops, &link_ops, node) {
		if (!strcmp(ops->kind, kind))
			return ops;
	}
	return NULL;
}

void rtnl_register(int family, int msgtype, rtnl_doit_func doit, rtnl_dumpit_func dumpit)
{
	int which = family == AF_INET ? RTNL_INET : RTNL_UNSPEC, type = msgtype - RTM_BASE;

	BUG_ON(family != AF_INET && family != AF_UNSPEC);
	BUG_ON(type < 0 || type >= RTM_NR_MSGTYPES);
	handlers[which][type].doit = doit;
	handlers[which][type].dumpit = dumpit;
}

int rtnl_dump_all(struct sk_buff *skb, struct netlink_callback *cb)
{
	rtnl_dumpit_func dumpit = handlers[RTNL_INET][cb->nlh->nlmsg_type - RTM_BASE].dumpit;
	const struct rtgenmsg *gen = nlmsg_data(cb->nlh);

	if (!dumpit || gen->rtgen_family == AF_INET6)
		return 0;
	return dumpit(skb, cb);
}

static rtnl_dumpit_func rtnl_find_dumpit(int family, int type)
{
	if (family == AF_INET && handlers[RTNL_INET][type].dumpit)
		return handlers[RTNL_INET][type].dumpit;
	return handlers[RTNL_UNSPEC][type].dumpit;
}

static rtnl_doit_func rtnl_find_doit(int family, int type)
{
	if (family == AF_INET && handlers[RTNL_INET][type].doit)
		return handlers[RTNL_INET][type].doit;
	return handlers[RTNL_UNSPEC][type].doit;
}

static int rtnetlink_rcv_msg(struct sk_buff *skb, struct nlmsghdr *nlh,
			     struct netlink_ext_ack *extack)
{
	struct netlink_dump_control dump = {0};
	int type = nlh->nlmsg_type - RTM_BASE, family;
	rtnl_doit_func doit;

	if (nlh->nlmsg_type > RTM_MAX)
		return -EOPNOTSUPP;
	if (nlmsg_len(nlh) < (int)sizeof(struct rtgenmsg))
		return 0;
	family = ((struct rtgenmsg *)nlmsg_data(nlh))->rtgen_family;
	if ((type & 3) == RTNL_KIND_GET && nlh->nlmsg_flags & NLM_F_DUMP) {
		dump.dump = rtnl_find_dumpit(family, type);
		return dump.dump ? netlink_dump_start(NULL, skb, nlh, &dump) : -EOPNOTSUPP;
	}
	doit = rtnl_find_doit(family, type);
	return doit ? doit(skb, nlh, extack) : -EOPNOTSUPP;
}

static void rtnetlink_rcv(struct sk_buff *skb)
{
	netlink_rcv_skb(skb, rtnetlink_rcv_msg);
}

struct net *rtnl_net(const struct sk_buff *skb)
{
	return sock_net(NETLINK_CB(skb).sk);
}

int rtnl_unicast(struct sk_buff *skb, const struct sk_buff *in)
{
	struct sock *rtnl = netlink_kernel_sock(rtnl_net(in), NETLINK_ROUTE);
	int err = netlink_unicast(rtnl, skb, NETLINK_CB(in).portid, true);

	return min(err, 0);
}

bool rtnl_listeners(struct net *net, unsigned int group)
{
	return netlink_has_listeners(net, NETLINK_ROUTE, group);
}

void rtnl_notify(struct net *net, struct sk_buff *skb, unsigned int group)
{
	nlmsg_notify(net, NETLINK_ROUTE, skb, group);
}

static int rtnetlink_net_init(struct net *net)
{
	static const struct netlink_kernel_cfg cfg = {
		.groups = RTNLGRP_MAX,
		.input = rtnetlink_rcv,
	};

	return netlink_kernel_create(net, NETLINK_ROUTE, &cfg) ? 0 : -ENOMEM;
}

static void rtnetlink_net_exit(struct net *net)
{
	netlink_kernel_release(net, NETLINK_ROUTE);
}

static struct pernet_operations rtnetlink_net_ops = {
	.name = "rtnetlink",
	.init = rtnetlink_net_init,
	.exit = rtnetlink_net_exit,
};

/* After AF_NETLINK itself. */
void rtnetlink_init(void)
{
	if (register_pernet_subsys(&rtnetlink_net_ops))
		panic("net: cannot register NETLINK_ROUTE");
	rtnl_link_init();
	rtnl_setlink_init();
	rtnl_misc_init();
	neigh_netlink_init();
}
