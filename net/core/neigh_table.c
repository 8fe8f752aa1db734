// SPDX-License-Identifier: BSD-2-Clause
/*
 * The neighbour cache, part two: the table. Entries are found by address and device in a hash that
 * grows with them; gc_thresh1..3 bound their number as in Linux: below the first nothing is
 * collected, above the second entries that rest for 5 s may go, at the third a new one is refused
 * unless such a one is found.
 *
 * Called by arp.c and neighbour.c with softirqs off. An entry that is taken out while a route still
 * holds it is `dead`: the route's next packet looks it up again. So references never keep a table
 * full (Linux collects only what nobody holds; its routes do not hold).
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/core/neigh.h>
#include <string.h>

#define NEIGH_MIN_BUCKETS 64u
#define NEIGH_RAND_PERIOD (300 * HZ) /* how often reachable times are drawn anew */
#define NEIGH_REST_TIME	  (5 * HZ)   /* forced collection spares what changed since */

static struct kmem_cache *neigh_cache;

static struct hlist_head *neigh_bucket(const struct neigh_table *tbl, be32 key,
				       const struct net_device *dev)
{
	u64 id = (u64)(u32)dev->ifindex << 32 | (__force u32)key;

	return &tbl->buckets[hash_keyed(id, 0, tbl->net->hash_key.key) & tbl->mask];
}

/* Devices where every address is the same neighbour have one entry. */
static be32 neigh_key(be32 key, const struct net_device *dev)
{
	return dev->flags & (IFF_LOOPBACK | IFF_POINTOPOINT) ? 0 : key;
}

struct neighbour *neigh_find(struct neigh_table *tbl, be32 key, struct net_device *dev)
{
	struct neighbour *n;

	tbl->stats.lookups++;
	key = neigh_key(key, dev);
	hlist_for_each_entry(n, neigh_bucket(tbl, key, dev), node) {
		if (n->primary_key == key && n->dev == dev) {
			tbl->stats.hits++;
			return neigh_hold(n);
		}
	}
	return NULL;
}

void neigh_release(struct neighbour *n)
{
	if (!refcount_dec_and_test(&n->refcnt))
		return;
	BUG_ON(!n->dead || timer_pending(&n->timer));
	dev_put(n->dev);
	kmem_cache_free(neigh_cache, n);
}

void neigh_remove(struct neighbour *n)
{
	if (n->dead)
		return;
	neigh_notify(RTM_DELNEIGH, n);
	n->dead = 1;
	n->nud_state = NUD_NONE;
	n->hh_valid = false;
	n->output = neigh_resolve_output;
	hlist_del_init(&n->node);
	n->tbl->entries--;
	n->tbl->stats.destroys++;
	neigh_drop_queue(n, SKB_DROP_REASON_NEIGH_DEAD);
	neigh_del_timer(n);
	neigh_release(n);
}

/* Call fn for every entry; fn may remove that entry. */
void neigh_for_each(struct neigh_table *tbl, void (*fn)(struct neighbour *n, void *arg), void *arg)
{
	struct hlist_node *next;
	struct neighbour *n;
	u32 i;

	for (i = 0; i <= tbl->mask; i++) {
		hlist_for_each_entry_safe(n, next, &tbl->buckets[i], node)
			fn(n, arg);
	}
}

static void gc_one_forced(struct neighbour *n, void *arg)
{
	unsigned long now = *(unsigned long *)arg;

	if (n->nud_state & (NUD_PERMANENT | NUD_IN_TIMER))
		return;
	if (n->nud_state == NUD_FAILED || time_after(now, n->updated + NEIGH_REST_TIME))
		neigh_remove(n);
}

static void neigh_forced_gc(struct neigh_table *tbl)
{
	unsigned long now = jiffies;

	tbl->stats.forced_gc_runs++;
	neigh_for_each(tbl, gc_one_forced, &now);
	tbl->last_flush = now;
}

static bool neigh_may_grow(struct neigh_table *tbl)
{
	const struct neigh_sysctl *lim = tbl->limits;

	if (tbl->entries >= lim->gc_thresh3 ||
	    (tbl->entries >= lim->gc_thresh2 &&
	     time_after(jiffies, tbl->last_flush + NEIGH_REST_TIME)))
		neigh_forced_gc(tbl);
	if (tbl->entries < lim->gc_thresh3)
		return true;
	tbl->stats.table_fulls++;
	pr_warn_ratelimited("%s: neighbor table overflow!\n", tbl->id);
	return false;
}

static void gc_one_periodic(struct neighbour *n, void *arg)
{
	unsigned long now = *(unsigned long *)arg;

	if (n->nud_state & (NUD_PERMANENT | NUD_IN_TIMER))
		return;
	if (time_before(n->used, n->confirmed))
		n->used = n->confirmed;
	if (n->nud_state == NUD_FAILED ||
	    time_after(now, n->used + msecs_to_jiffies(n->parms->s.gc_stale_time_ms)))
		neigh_remove(n);
}

static void neigh_periodic_gc(struct timer_list *t)
{
	struct neigh_table *tbl = from_timer(tbl, t, gc_timer);
	unsigned long now = jiffies;
	struct neigh_parms *p;

	tbl->stats.periodic_gc_runs++;
	if (time_after(now, tbl->last_rand + NEIGH_RAND_PERIOD)) {
		tbl->last_rand = now;
		list_for_each_entry(p, &tbl->parms_list, list)
			neigh_parms_changed(p);
	}
	if (tbl->entries >= tbl->limits->gc_thresh1)
		neigh_for_each(tbl, gc_one_periodic, &now);
	mod_timer(&tbl->gc_timer,
		  now + max_t(unsigned long,
			      msecs_to_jiffies(tbl->limits->base_reachable_time_ms) / 2, HZ));
}

/* Twice the buckets; without memory the chains just get longer. */
static void neigh_hash_grow(struct neigh_table *tbl)
{
	u32 i, old_size = tbl->mask + 1;
	struct hlist_head *old = tbl->buckets, *buckets;
	struct hlist_node *next;
	struct neighbour *n;

	buckets = kcalloc(2ul * old_size, sizeof(*buckets), GFP_ATOMIC | __GFP_NOWARN);
	if (!buckets)
		return;
	tbl->buckets = buckets;
	tbl->mask = 2 * old_size - 1;
	for (i = 0; i < old_size; i++) {
		hlist_for_each_entry_safe(n, next, &old[i], node) {
			hlist_del_init(&n->node);
			hlist_add_head(&n->node, neigh_bucket(tbl, n->primary_key, n->dev));
		}
	}
	tbl->stats.hash_grows++;
	kfree(old);
}

static struct neigh_parms *find_parms(struct neigh_table *tbl, const struct net_device *dev)
{
	struct neigh_parms *p;

	list_for_each_entry(p, &tbl->parms_list, list) {
		if (p->dev == dev)
			return p;
	}
	return NULL;
}

static struct neighbour *neigh_alloc(struct neigh_table *tbl, be32 key, struct net_device *dev)
{
	struct neigh_parms *parms = find_parms(tbl, dev);
	struct neighbour *n;

	if (!parms || !neigh_may_grow(tbl))
		return NULL;
	n = kmem_cache_zalloc(neigh_cache, GFP_ATOMIC);
	if (!n)
		return NULL;
	n->tbl = tbl;
	n->parms = parms;
	n->dev = dev_hold(dev);
	n->primary_key = key;
	refcount_set(&n->refcnt, 1);
	n->updated = n->used = jiffies;
	n->confirmed = n->used - 2 * msecs_to_jiffies(parms->s.base_reachable_time_ms);
	skb_queue_head_init(&n->arp_queue);
	timer_setup(&n->timer, neigh_timer_handler, 0);
	return n;
}

struct neighbour *neigh_create(struct neigh_table *tbl, be32 key, struct net_device *dev)
{
	struct neighbour *n = neigh_find(tbl, key, dev);
	int err;

	if (n)
		return n;
	if (!netif_running(dev))
		return ERR_PTR(-ENETDOWN);
	n = neigh_alloc(tbl, neigh_key(key, dev), dev);
	if (!n)
		return ERR_PTR(-ENOBUFS);
	err = tbl->constructor(n);
	if (err) {
		n->dead = 1;
		neigh_release(n);
		return ERR_PTR(err);
	}
	neigh_set_output(n);
	if (tbl->entries > (int)tbl->mask)
		neigh_hash_grow(tbl);
	hlist_add_head(&n->node, neigh_bucket(tbl, n->primary_key, dev));
	tbl->entries++;
	tbl->stats.allocs++;
	return neigh_hold(n); /* one for the table */
}

static void remove_of_dev(struct neighbour *n, void *arg)
{
	if (n->dev == arg)
		neigh_remove(n);
}

void neigh_table_ifdown(struct neigh_table *tbl, const struct net_device *dev)
{
	neigh_for_each(tbl, remove_of_dev, (void *)dev);
}

/* Learned entries are asked for again; permanent ones keep their address behind the new header. */
static void changeaddr_of_dev(struct neighbour *n, void *arg)
{
	if (n->dev != arg)
		return;
	if (n->nud_state & NUD_PERMANENT)
		neigh_set_output(n);
	else
		neigh_remove(n);
}

void neigh_table_changeaddr(struct neigh_table *tbl, const struct net_device *dev)
{
	neigh_for_each(tbl, changeaddr_of_dev, (void *)dev);
}

void neigh_parms_changed(struct neigh_parms *p)
{
	p->reachable_time = neigh_rand_reach_time(msecs_to_jiffies(p->s.base_reachable_time_ms));
}

struct neigh_parms *neigh_parms_alloc(struct neigh_table *tbl, struct net_device *dev)
{
	struct neigh_parms *p = kzalloc(sizeof(*p), GFP_ATOMIC);

	if (!p)
		return NULL;
	p->dev = dev;
	p->s = *tbl->limits;
	neigh_parms_changed(p);
	list_add_tail(&p->list, &tbl->parms_list);
	return p;
}

void neigh_parms_release(struct neigh_table *tbl, struct neigh_parms *p)
{
	neigh_table_ifdown(tbl, p->dev);
	list_del(&p->list);
	kfree(p);
}

int neigh_table_init(struct neigh_table *tbl)
{
	tbl->buckets = kcalloc(NEIGH_MIN_BUCKETS, sizeof(*tbl->buckets), GFP_KERNEL);
	if (!tbl->buckets)
		return -ENOMEM;
	tbl->mask = NEIGH_MIN_BUCKETS - 1;
	tbl->last_flush = tbl->last_rand = jiffies;
	INIT_LIST_HEAD(&tbl->parms_list);
	timer_setup(&tbl->gc_timer, neigh_periodic_gc, 0);
	mod_timer(&tbl->gc_timer, jiffies + msecs_to_jiffies(tbl->limits->base_reachable_time_ms));
	return 0;
}

void neigh_table_clear(struct neigh_table *tbl)
{
	struct neigh_parms *p, *next;

	del_timer_sync(&tbl->gc_timer);
	local_bh_disable();
	list_for_each_entry_safe(p, next, &tbl->parms_list, list)
		neigh_parms_release(tbl, p);
	local_bh_enable();
	WARN_ON(tbl->entries);
	kfree(tbl->buckets);
}

void neigh_init(void)
{
	neigh_cache = kmem_cache_create("neighbour", sizeof(struct neighbour), 0,
					SLAB_NO_LEAK_REPORT); /* a cache: outlives its users */
	BUG_ON(!neigh_cache);
}
