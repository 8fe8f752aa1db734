/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_RTNETLINK_H
#define BW_NET_RTNETLINK_H

/*
 * NETLINK_ROUTE: links, addresses, routes, neighbours by message. Each floor registers the handlers
 * of its own messages with rtnl_register(). Also devices that are made and removed by command, and
 * namespaces by name. net/core/rtnetlink.c, rtnl_link.c, netns_proc.c.
 */
#include <kernel/lib/list.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

struct net;
struct net_device;
struct neighbour;

struct rtnl_link_ops {
	const char *kind;
	/* Two ends, each with its namespace and name. The first, or ERR_PTR. */
	struct net_device *(*newlink)(struct net *net, const char *name, struct net *peer_net,
				      const char *peer);
	void (*dellink)(struct net_device *dev); /* with all that belongs to it */
	struct net_device *(*get_peer)(const struct net_device *dev); /* the other end, or NULL */
	struct list_head node;
};
/* Thread context, at start. */
void rtnl_link_register(struct rtnl_link_ops *ops);
const struct rtnl_link_ops *rtnl_link_ops_get(const char *kind); /* or NULL */

/* One request: 0 or -errno, which becomes the acknowledgement. Thread context. */
typedef int (*rtnl_doit_func)(struct sk_buff *skb, struct nlmsghdr *nlh,
			      struct netlink_ext_ack *extack);
typedef int (*rtnl_dumpit_func)(struct sk_buff *skb, struct netlink_callback *cb);
/* Who handles RTM_* of a family (AF_UNSPEC: of those that have none of their own). At start. */
void rtnl_register(int family, int msgtype, rtnl_doit_func doit, rtnl_dumpit_func dumpit);
/* dumpit of AF_UNSPEC where each family has its own part. */
int rtnl_dump_all(struct sk_buff *skb, struct netlink_callback *cb);

/* The namespace of a request's sock. */
struct net *rtnl_net(const struct sk_buff *skb);
static inline struct nlmsg_to rtnl_reply_to(const struct sk_buff *in, const struct nlmsghdr *nlh,
					    u16 type)
{
	return (struct nlmsg_to){NETLINK_CB(in).portid, nlh->nlmsg_seq, type, 0};
}
/* An answer to a request; consumes skb. 0 or -errno. */
int rtnl_unicast(struct sk_buff *skb, const struct sk_buff *in);
/* Is anybody interested in this news? Then build it and hand it to rtnl_notify(). Any context. */
bool rtnl_listeners(struct net *net, unsigned int group);
/* Consumes skb; NULL: it could not be built, and the listeners learn that. */
void rtnl_notify(struct net *net, struct sk_buff *skb, unsigned int group);

/* RTM_NEWLINK or RTM_DELLINK to those who listen; change: flags that are new. */
void rtmsg_ifinfo(u16 type, struct net_device *dev, u32 change);
/* The queueing discipline that a device is shown to have. */
const char *rtnl_qdisc_name(const struct net_device *dev);

/* rtnl_link.c, rtnl_setlink.c, rtnl_misc.c, neigh_netlink.c: their handlers. At start. */
void rtnl_link_init(void);
void rtnl_setlink_init(void);
void rtnl_misc_init(void);
void neigh_netlink_init(void);
/* RTM_NEWNEIGH or RTM_DELNEIGH to those who listen. Softirqs off. */
void neigh_notify(u16 type, const struct neighbour *n);

/* Namespaces that a command made; thread context. A reference for the caller, or NULL. */
struct net *get_net_ns_by_name(const char *name);
void netns_proc_init(void);
void rtnetlink_init(void);

#endif /* BW_NET_RTNETLINK_H */
