/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_RTNETLINK_H
#define BW_NET_RTNETLINK_H

/*
 * Devices that are made and removed by command ("ip link add ... type KIND"), and namespaces by
 * name ("ip netns"). net/core/rtnetlink.c.
 */
#include <kernel/lib/list.h>

struct net;
struct net_device;

struct rtnl_link_ops {
	const char *kind;
	/* Two ends, each with its namespace and name. 0 or -errno. */
	int (*newlink)(struct net *net, const char *name, struct net *peer_net, const char *peer);
	void (*dellink)(struct net_device *dev); /* with all that belongs to it */
	struct list_head node;
};
/* Thread context, at start. */
void rtnl_link_register(struct rtnl_link_ops *ops);

/* Namespaces that a command made; thread context. A reference for the caller, or NULL. */
struct net *get_net_ns_by_name(const char *name);
void rtnetlink_init(void);

#endif /* BW_NET_RTNETLINK_H */
