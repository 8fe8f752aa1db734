/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_NEIGHBOUR_H
#define BW_NET_NEIGHBOUR_H

/*
 * Neighbour cache (RFC 4861's states used for ARP as Linux does). One table a namespace.
 * net/core/neighbour.c, net/ipv4/arp.c. Any context with softirqs off.
 */
#include <net/netdevice.h>

enum { NUD_NONE = 0, NUD_INCOMPLETE = 0x01, NUD_REACHABLE = 0x02, NUD_STALE = 0x04, NUD_DELAY = 0x08,
       NUD_PROBE = 0x10, NUD_FAILED = 0x20, NUD_NOARP = 0x40, NUD_PERMANENT = 0x80 };
#define NUD_VALID (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)
#define NUD_CONNECTED (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE)
#define NUD_IN_TIMER (NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | NUD_PROBE)

struct neigh_table;
struct neighbour {
	struct hlist_node node;
	struct neigh_table *tbl;
	struct net_device *dev;
	be32 primary_key;
	refcount_t refcnt;
	u8 nud_state, dead, probes, type;
	u8 ha[MAX_ADDR_LEN];
	u8 hh_data[16]; /* ready Ethernet header, valid while nud_state is NUD_CONNECTED */
	bool hh_valid;
	unsigned long confirmed, updated, used; /* jiffies */
	struct timer_list timer;
	struct sk_buff_head arp_queue; /* waits for the address; bounded by unres_qlen_bytes */
	u32 arp_queue_len_bytes;
	int (*output)(struct neighbour *n, struct sk_buff *skb); /* by state: resolve or connected */
};

/* The entry for (key, dev), made when missing, with a reference; ERR_PTR(-ENOBUFS) when the table is full. */
struct neighbour *neigh_lookup_create(struct net *net, be32 key, struct net_device *dev);
struct neighbour *neigh_lookup(struct net *net, be32 key, struct net_device *dev);
void neigh_release(struct neighbour *n);
#define NEIGH_UPDATE_F_OVERRIDE 1u
#define NEIGH_UPDATE_F_ADMIN 2u
/* News about an address: learned (ARP) or administrative. 0 or -errno. */
int neigh_update(struct neighbour *n, const u8 *lladdr, u8 new_state, u32 flags);
int neigh_resolve_output(struct neighbour *n, struct sk_buff *skb);
int neigh_connected_output(struct neighbour *n, struct sk_buff *skb);
/* Send by this neighbour: cached header if it may be used, else through n->output. Consumes skb. */
int neigh_output(struct neighbour *n, struct sk_buff *skb);
/* A reply came from there (TCP made progress): confirms reachability. */
static inline void neigh_confirm(struct neighbour *n, unsigned long now)
{
	n->confirmed = now;
}
void neigh_ifdown(struct net *net, struct net_device *dev);
void neigh_changeaddr(struct net *net, struct net_device *dev);
void neigh_init(void);

#endif /* BW_NET_NEIGHBOUR_H */
