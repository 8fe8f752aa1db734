/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_NET_NAMESPACE_H
#define BW_NET_NET_NAMESPACE_H

/*
 * struct net: a network namespace. Devices, routes, neighbours, hash tables, sysctls, counters and
 * sockets hang from it; nothing in net/ looks anything up without one. init_net is the first.
 */
#include <kernel/lib/atomic.h>
#include <kernel/lib/list.h>
#include <kernel/lib/siphash.h>
#include <kernel/sched/thread.h>
#include <kernel/sched/workqueue.h>
#include <net/netns_ipv4.h>
#include <net/netns_unix.h>
#include <net/snmp.h>

struct net_device;
struct netns_netlink;

/* Places in net.gen[]: state of families that struct net does not name. */
enum { NET_GEN_EXAMPLE, MAX_PERNET_IDS = 16 };

struct net {
	refcount_t count;
	char name[16];
	u32 ns_id;
	bool dead, named; /* named: found by name, which holds a reference */
	struct work_struct cleanup_work; /* put_net in a softirq */
	struct list_head list;		/* net_namespace_list */
	struct list_head dev_base_head; /* net_device.dev_list, by ifindex */
	int next_ifindex;
	u32 dev_base_seq; /* bumped when a device comes or goes */
	struct net_device *loopback_dev;
	siphash_key_t hash_key; /* tables that peers fill */
	siphash_key_t isn_key;	/* RFC 6528 */
	siphash_key_t ts_key;	/* timestamp offsets */
	siphash_key_t syncookie_key[2];
	struct net_mib mib;
	struct netns_core core;
	struct netns_ipv4 ipv4;
	struct hlist_head packet_sklist; /* packet sockets */
	struct netns_unix unx;
	struct netns_netlink *netlink; /* net/netlink/af_netlink.h */
	int sock_inuse;		   /* sockets alive */
	void *gen[MAX_PERNET_IDS]; /* for pernet_operations of later families */
};

extern struct net init_net;
extern struct list_head net_namespace_list;
#define for_each_net(n) list_for_each_entry(n, &net_namespace_list, list)

struct pernet_operations {
	const char *name;
	int (*init)(struct net *net);  /* in order of registration; 0 or -errno undoes the earlier
					  ones */
	void (*exit)(struct net *net); /* in reverse order */
	struct list_head list;
};
/* Runs init for every namespace there is and for each new one. */
int register_pernet_subsys(struct pernet_operations *ops);
void unregister_pernet_subsys(struct pernet_operations *ops);

/* A new namespace with loopback, one reference. ERR_PTR on failure. Thread context. */
struct net *net_create(const char *name);
static inline struct net *get_net(struct net *net)
{
	refcount_inc(&net->count);
	return net;
}
/* The last reference tears everything down: at once in thread context, else by the worker (the end
 * of an orphan comes in a softirq). Any context but hard interrupts. */
void put_net(struct net *net);
static inline bool net_eq(const struct net *a, const struct net *b)
{
	return a == b;
}
/* The caller's namespace. */
static inline struct net *current_net(void)
{
	struct thread *t = get_current();

	return t && t->net_ns ? t->net_ns : &init_net;
}
void net_ns_init(void);

#define NET_INC_STATS(net, f)	 ((net)->mib.net_statistics[f]++)
#define NET_ADD_STATS(net, f, n) ((net)->mib.net_statistics[f] += (unsigned long)(n))
#define IP_INC_STATS(net, f)	 ((net)->mib.ip_statistics[f]++)
#define IP_ADD_STATS(net, f, n)	 ((net)->mib.ip_statistics[f] += (unsigned long)(n))
#define TCP_INC_STATS(net, f)	 ((net)->mib.tcp_statistics[f]++)
#define TCP_DEC_STATS(net, f)	 ((net)->mib.tcp_statistics[f]--)
#define TCP_ADD_STATS(net, f, n) ((net)->mib.tcp_statistics[f] += (unsigned long)(n))
#define UDP_INC_STATS(net, f)	 ((net)->mib.udp_statistics[f]++)
#define ICMP_INC_STATS(net, f)	 ((net)->mib.icmp_statistics[f]++)

#endif /* BW_NET_NET_NAMESPACE_H */
