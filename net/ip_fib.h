/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_IP_FIB_H
#define BW_NET_IP_FIB_H

/*
 * The routing table from inside: what fib.c keeps and route.c looks up. Others use <net/route.h>.
 * Softirqs off.
 */
#include <net/route.h>

struct fib_prefix;
struct fib_route {
	struct list_head list; /* of its prefix, best first */
	struct list_head all;  /* of its table, in order of address */
	struct fib_prefix *prefix;
	struct net_device *dev; /* held; NULL for RTN_BLACKHOLE and its like */
	be32 dst, gw, prefsrc;
	u8 prefixlen, type, scope, tos, protocol, table;
	u32 metric, mtu;
	struct rtable *rth; /* shared by every destination behind gw; counted */
};
struct fib_result {
	const struct fib_route *route;
	u8 type, prefixlen, scope, table;
};

/* Best route for fl4's daddr, tos and device (flowi4_oif): 0, or the errno that its type stands
 * for. */
int fib_lookup(struct net *net, const struct flowi4 *fl4, struct fib_result *res);
/* Source address for a destination reached by this route. */
be32 fib_result_prefsrc(struct net *net, const struct fib_result *res, be32 daddr);
/* Every route of a table (RT_TABLE_*) in order. */
void fib_for_each(struct net *net, u8 table, void (*fn)(const struct fib_route *r, void *arg),
		  void *arg);
/* RTM_NEWROUTE, RTM_DELROUTE to those who listen (fib_netlink.c). Softirqs off. */
void rtmsg_fib(struct net *net, u16 type, const struct fib_route *r, u16 nlflags);
void fib_netlink_init(void);
struct netlink_ext_ack;
struct nlmsg_to;
struct nlmsghdr;
/* One table entry as a message. 0 or -EMSGSIZE. */
int fib_dump_info(struct sk_buff *skb, const struct fib_route *r, const struct nlmsg_to *to);
/* The route of one destination (route_netlink.c). */
int inet_rtm_getroute(struct sk_buff *skb, struct nlmsghdr *nlh, struct netlink_ext_ack *extack);
int fib_init_net(struct net *net);
void fib_exit_net(struct net *net);
void fib_proc_init(void);
/* The routes an address brings, and takes away. */
struct in_ifaddr;
void fib_add_ifaddr(struct in_ifaddr *ifa);
void fib_del_ifaddr(struct in_ifaddr *ifa);

#endif /* BW_NET_IP_FIB_H */
