/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_NEIGHBOUR_H
#define BW_NET_NEIGHBOUR_H

/*
 * Neighbour cache (RFC 4861's states, used for ARP as Linux does). One table a namespace and
 * address family; the family gives it the functions that know its packets.
 * net/core/neighbour.c, net/ipv4/arp.c. Any context with softirqs off.
 */
#include <linux/neighbour.h> /* NUD_* */
#include <net/netdevice.h>

#define NUD_VALID                                                                                  \
	(NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)
#define NUD_CONNECTED (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE)
#define NUD_IN_TIMER  (NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | NUD_PROBE)

/* Times and limits of the neighbours of one device (net.ipv4.neigh.DEV.*). */
struct neigh_parms {
	struct list_head list;	/* in tbl->parms_list */
	struct net_device *dev; /* [I] */
	struct neigh_sysctl s;
	unsigned long reachable_time; /* drawn anew around s.base_reachable_time_ms */
};

struct neighbour {
	struct hlist_node node; /* in the table's bucket; unhashed once dead */
	struct neigh_table *tbl;
	struct neigh_parms *parms; /* not to be used once dead */
	struct net_device *dev;	   /* held */
	be32 primary_key;
	refcount_t refcnt;
	u8 nud_state, dead, probes, type; /* type: RTN_* of the address */
	u8 ha[MAX_ADDR_LEN];
	u8 hh_data[16]; /* two bytes of padding and the ready Ethernet header */
	bool hh_valid;	/* nothing to ask first: hh_data is what to send */
	unsigned long confirmed, updated, used; /* jiffies */
	struct timer_list timer;
	struct sk_buff_head arp_queue; /* waits for the address; bounded by unres_qlen_bytes */
	u32 arp_queue_len_bytes;
	int (*output)(struct neighbour *n,
		      struct sk_buff *skb); /* by state: resolve or connected */
};

struct neigh_stats {
	u32 allocs, destroys, hash_grows, lookups, hits, res_failed, periodic_gc_runs,
		forced_gc_runs, unres_discards, table_fulls;
};
struct neigh_table {
	const char *id; /* "arp_cache" */
	struct net *net;
	u16 protocol;		     /* ETH_P_* of the packets it sends: cached headers */
	struct neigh_sysctl *limits; /* gc_thresh1..3 and defaults for new devices */
	/* Set type and, where no question is asked, ha and NUD_NOARP. 0 or -errno. */
	int (*constructor)(struct neighbour *n);
	/* Ask for n's address on behalf of skb (may be NULL). */
	void (*solicit)(struct neighbour *n, struct sk_buff *skb);
	/* No answer: tell the sender of skb. Consumes skb. */
	void (*error_report)(struct neighbour *n, struct sk_buff *skb);
	struct hlist_head *buckets;
	u32 mask;
	int entries;
	struct list_head parms_list;
	struct timer_list gc_timer;
	unsigned long last_flush, last_rand;
	struct neigh_stats stats;
};

/* 0 or -ENOMEM. The caller has set id, net, limits and the functions. */
int neigh_table_init(struct neigh_table *tbl);
void neigh_table_clear(struct neigh_table *tbl);
/* A device joins with the table's defaults, leaves with all its neighbours. */
struct neigh_parms *neigh_parms_alloc(struct neigh_table *tbl, struct net_device *dev);
void neigh_parms_release(struct neigh_table *tbl, struct neigh_parms *p);
/* base_reachable_time was set: draw from it at once. */
void neigh_parms_changed(struct neigh_parms *p);

/* The entry for (key, dev), made when missing, with a reference; ERR_PTR(-ENOBUFS) when full. */
struct neighbour *neigh_create(struct neigh_table *tbl, be32 key, struct net_device *dev);
struct neighbour *neigh_find(struct neigh_table *tbl, be32 key, struct net_device *dev);
/* The same in the namespace's ARP table (arp.c). */
struct neighbour *neigh_lookup_create(struct net *net, be32 key, struct net_device *dev);
struct neighbour *neigh_lookup(struct net *net, be32 key, struct net_device *dev);
static inline struct neighbour *neigh_hold(struct neighbour *n)
{
	refcount_inc(&n->refcnt);
	return n;
}
void neigh_release(struct neighbour *n);

#define NEIGH_UPDATE_F_OVERRIDE 1u
#define NEIGH_UPDATE_F_ADMIN	2u
/* News about an address: learned (ARP) or administrative. 0 or -errno. */
int neigh_update(struct neighbour *n, const u8 *lladdr, u8 new_state, u32 flags);
/* Take it out of the table: it is dead for those who still hold it. */
void neigh_remove(struct neighbour *n);
int neigh_resolve_output(struct neighbour *n, struct sk_buff *skb);
int neigh_connected_output(struct neighbour *n, struct sk_buff *skb);
/* Send by this neighbour: cached header if it may be used, else n->output. Consumes skb. */
int neigh_output(struct neighbour *n, struct sk_buff *skb);
/* A reply came from there (TCP made progress): confirms reachability. */
static inline void neigh_confirm(struct neighbour *n, unsigned long now)
{
	n->confirmed = now;
}
void neigh_table_ifdown(struct neigh_table *tbl, const struct net_device *dev);
void neigh_table_changeaddr(struct neigh_table *tbl, const struct net_device *dev);
void neigh_for_each(struct neigh_table *tbl, void (*fn)(struct neighbour *n, void *arg), void *arg);
/* The slab cache; from net_dev_init(). */
void neigh_init(void);

#endif /* BW_NET_NEIGHBOUR_H */
