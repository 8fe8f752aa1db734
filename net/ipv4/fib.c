// SPDX-License-Identifier: BSD-2-Clause
/*
 * The routing table. A namespace has two, looked up in this order: `local` (our own addresses and
 * broadcasts) and `main` (everything else), as Linux does by its default rules. Each is a hash
 * table per prefix length; a lookup visits the lengths in use from the longest on, so it takes as
 * many probes as there are lengths, two or three on a host. Within one prefix routes lie in order
 * of TOS and metric (RFC 1812 section 5.2.4.3: longest match, then TOS, then metric).
 *
 * Lookups come from route.c with softirqs off; changes from fib_frontend.c in thread context. Any
 * change bumps rt_genid, which makes every cached route be looked up again. Multipath, policy rules
 * and more tables are left out.
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <net/inetdevice.h>
#include <net/ip_fib.h>

#define FIB_MIN_BUCKETS 8u
#define FIB_MAX_ROUTES	65536 /* a table; a program's mistake shall not eat the memory */

struct fib_prefix {
	struct hlist_node node;
	be32 key;
	u8 plen;
	struct list_head routes;
};

struct fib_level { /* the prefixes of one length */
	struct hlist_head *buckets;
	u32 mask, count;
};

struct fib_hashes {
	u64 lengths; /* bit n: there are prefixes of length n */
	struct fib_level level[33];
	struct list_head all; /* fib_route.all */
	int count;
};

struct fib_table {
	struct fib_hashes local, main;
};

static struct fib_hashes *fib_hashes_of(struct net *net, u8 table)
{
	return table == RT_TABLE_LOCAL ? &net->ipv4.fib->local : &net->ipv4.fib->main;
}

static u32 fib_bucket(const struct fib_level *l, be32 key)
{
	return hash_32(be32_to_cpu(key), 32) & l->mask;
}

static struct fib_prefix *fib_find_prefix(const struct fib_level *l, be32 key)
{
	struct fib_prefix *p;

	if (!l->count)
		return NULL;
	hlist_for_each_entry(p, &l->buckets[fib_bucket(l, key)], node) {
		if (p->key == key)
			return p;
	}
	return NULL;
}

/* What a route's type means for a packet: deliver or send it (0), or refuse it with this error. */
static int fib_type_error(u8 type)
{
	switch (type) {
	case RTN_BLACKHOLE:
		return -EINVAL;
	case RTN_UNREACHABLE:
		return -EHOSTUNREACH;
	case RTN_PROHIBIT:
		return -EACCES;
	}
	return 0;
}

static bool fib_route_fits(const struct fib_route *r, const struct flowi4 *fl4)
{
	if (r->tos && r->tos != (fl4->flowi4_tos & 0x1c))
		return false;
	if (r->scope < fl4->flowi4_scope)
		return false;
	if (!r->dev)
		return true;
	return !fl4->flowi4_oif || r->dev->ifindex == fl4->flowi4_oif;
}

/* 1: no route here, look on. */
static int fib_table_lookup(const struct fib_hashes *t, const struct flowi4 *fl4,
			    struct fib_result *res)
{
	u64 lengths = t->lengths;

	while (lengths) {
		int plen = ilog2(lengths);
		const struct fib_prefix *p =
			fib_find_prefix(&t->level[plen], fl4->daddr & inet_make_mask(plen));
		const struct fib_route *r;

		lengths &= ~BIT(plen);
		if (!p)
			continue;
		list_for_each_entry(r, &p->routes, list) {
			if (!fib_route_fits(r, fl4))
				continue;
			*res = (struct fib_result){.route = r,
						   .type = r->type,
						   .prefixlen = (u8)plen,
						   .scope = r->scope,
						   .table = r->table};
			return fib_type_error(r->type);
		}
	}
	return 1;
}

int fib_lookup(struct net *net, const struct flowi4 *fl4, struct fib_result *res)
{
	int err = fib_table_lookup(&net->ipv4.fib->local, fl4, res);

	if (err > 0)
		err = fib_table_lookup(&net->ipv4.fib->main, fl4, res);
	return err > 0 ? -ENETUNREACH : err;
}

unsigned int inet_dev_addr_type(struct net *net, const struct net_device *dev, be32 addr)
{
	struct flowi4 fl4 = {.daddr = addr};
	struct fib_result res;

	if (ipv4_is_zeronet(addr) || ipv4_is_lbcast(addr))
		return RTN_BROADCAST;
	if (ipv4_is_multicast(addr))
		return RTN_MULTICAST;
	if (!net->ipv4.fib || fib_table_lookup(&net->ipv4.fib->local, &fl4, &res))
		return RTN_UNICAST;
	return !dev || dev == res.route->dev ? res.type : RTN_UNICAST;
}

unsigned int inet_addr_type(struct net *net, be32 addr)
{
	return inet_dev_addr_type(net, NULL, addr);
}

be32 fib_result_prefsrc(struct net *net, const struct fib_result *res, be32 daddr)
{
	const struct fib_route *r = res->route;

	(void)net;
	if (r->prefsrc)
		return r->prefsrc;
	return r->dev ? inet_select_addr(r->dev, r->gw ? r->gw : daddr, r->scope) : 0;
}

/* Room for one more prefix of this length. */
static int fib_level_reserve(struct fib_level *l)
{
	u32 size = l->buckets ? l->mask + 1 : 0, i;
	struct hlist_head *old = l->buckets, *buckets;
	struct hlist_node *next;
	struct fib_prefix *p;

	if (l->count < size)
		return 0;
	buckets = kcalloc(size ? 2ul * size : FIB_MIN_BUCKETS, sizeof(*buckets), GFP_ATOMIC);
	if (!buckets)
		return size ? 0 : -ENOMEM; /* longer chains will do */
	l->buckets = buckets;
	l->mask = (size ? 2 * size : FIB_MIN_BUCKETS) - 1;
	for (i = 0; i < size; i++) {
		hlist_for_each_entry_safe(p, next, &old[i], node) {
			hlist_del_init(&p->node);
			hlist_add_head(&p->node, &buckets[fib_bucket(l, p->key)]);
		}
	}
	kfree(old);
	return 0;
}

static struct fib_prefix *fib_get_prefix(struct fib_hashes *t, be32 key, u8 plen)
{
	struct fib_level *l = &t->level[plen];
	struct fib_prefix *p = fib_find_prefix(l, key);

	if (p)
		return p;
	if (fib_level_reserve(l))
		return NULL;
	p = kzalloc(sizeof(*p), GFP_ATOMIC);
	if (!p) {
		if (!l->count) { /* the buckets were made for it alone */
			kfree(l->buckets);
			l->buckets = NULL;
		}
		return NULL;
	}
	p->key = key;
	p->plen = plen;
	INIT_LIST_HEAD(&p->routes);
	hlist_add_head(&p->node, &l->buckets[fib_bucket(l, key)]);
	l->count++;
	t->lengths |= BIT(plen);
	return p;
}

static void fib_put_prefix(struct fib_hashes *t, struct fib_prefix *p)
{
	struct fib_level *l = &t->level[p->plen];

	if (!list_empty(&p->routes))
		return;
	hlist_del_init(&p->node);
	if (--l->count == 0) {
		t->lengths &= ~BIT(p->plen);
		kfree(l->buckets);
		l->buckets = NULL;
	}
	kfree(p);
}

static void fib_free_route(struct net *net, struct fib_hashes *t, struct fib_route *r)
{
	struct fib_prefix *p = r->prefix;

	list_del(&r->list);
	list_del(&r->all);
	t->count--;
	fib_put_prefix(t, p);
	if (r->rth)
		dst_release(&r->rth->dst);
	if (r->dev)
		dev_put(r->dev);
	kfree(r);
	rt_genid_bump(net);
}

/* Into its prefix: higher TOS first, then lower metric; before its equals, or behind them. */
static void fib_link_route(struct fib_hashes *t, struct fib_prefix *p, struct fib_route *r,
			   bool append)
{
	struct fib_route *pos;

	list_for_each_entry(pos, &p->routes, list) {
		if (r->tos > pos->tos || (r->tos == pos->tos &&
					    (append ? r->metric < pos->metric
						    : r->metric <= pos->metric)))
			break;
	}
	list_add_tail(&r->list, &pos->list);
	list_for_each_entry(pos, &t->all, all) {
		if (be32_to_cpu(r->dst) < be32_to_cpu(pos->dst) ||
		    (r->dst == pos->dst && r->prefixlen < pos->prefixlen) ||
		    (r->dst == pos->dst && r->prefixlen == pos->prefixlen &&
		     r->metric < pos->metric))
			break;
	}
	list_add_tail(&r->all, &pos->all);
	r->prefix = p;
	t->count++;
}

static u8 fib_table_of(const struct fib_config *cfg)
{
	if (cfg->table)
		return cfg->table;
	return cfg->type == RTN_LOCAL || cfg->type == RTN_BROADCAST ? RT_TABLE_LOCAL
								    : RT_TABLE_MAIN;
}

/* The gateway must be a neighbour: found by a route that needs no gateway itself. Gives its device.
 */
static int fib_check_gw(struct net *net, struct fib_config *cfg)
{
	struct flowi4 fl4 = {.daddr = cfg->gw,
			     .flowi4_scope = RT_SCOPE_LINK,
			     .flowi4_oif = cfg->dev ? cfg->dev->ifindex : 0};
	struct fib_result res;

	if (cfg->scope >= RT_SCOPE_LINK || inet_addr_type(net, cfg->gw) != RTN_UNICAST)
		return -EINVAL;
	if (fib_lookup(net, &fl4, &res))
		return -ENETUNREACH;
	if (res.type != RTN_UNICAST || !res.route->dev)
		return -EINVAL;
	cfg->dev = res.route->dev;
	return netif_running(cfg->dev) ? 0 : -ENETDOWN;
}

/* Complete and check what is to be a route. */
static int fib_check_config(struct net *net, struct fib_config *cfg)
{
	if (cfg->prefixlen > 32 || (cfg->dst & ~inet_make_mask(cfg->prefixlen)))
		return -EINVAL;
	if (cfg->type == RTN_UNSPEC)
		cfg->type = RTN_UNICAST;
	if (fib_type_error(cfg->type)) {
		cfg->dev = NULL;
		return cfg->gw ? -EINVAL : 0;
	}
	if (cfg->type != RTN_UNICAST && cfg->type != RTN_LOCAL && cfg->type != RTN_BROADCAST)
		return -EINVAL;
	if (cfg->prefsrc && inet_addr_type(net, cfg->prefsrc) != RTN_LOCAL &&
	    cfg->type != RTN_LOCAL)
		return -EINVAL;
	if (cfg->gw)
		return fib_check_gw(net, cfg);
	if (!cfg->dev)
		return -ENODEV;
	if (cfg->type == RTN_LOCAL)
		cfg->scope = RT_SCOPE_HOST;
	else if (cfg->scope == RT_SCOPE_UNIVERSE)
		cfg->scope = RT_SCOPE_LINK;
	return netif_running(cfg->dev) || cfg->type == RTN_LOCAL ? 0 : -ENETDOWN;
}

static bool fib_route_same(const struct fib_route *r, const struct fib_config *cfg)
{
	return r->tos == cfg->tos && r->metric == cfg->metric && r->type == cfg->type &&
	       r->scope == cfg->scope && r->gw == cfg->gw && r->dev == cfg->dev;
}

/*
 * What the command's flags say of the routes that are there with the same TOS and metric. 0: go on;
 * *old: the one to take the place of, or NULL.
 */
static int fib_insert_check(const struct fib_prefix *p, const struct fib_config *cfg,
			    struct fib_route **old)
{
	bool replace = cfg->nlflags & NLM_F_REPLACE, same = false;
	struct fib_route *r, *first = NULL;

	*old = NULL;
	list_for_each_entry(r, &p->routes, list) {
		if (r->tos != cfg->tos || r->metric != cfg->metric)
			continue;
		if (!first)
			first = r;
		same = same || fib_route_same(r, cfg);
	}
	if (first && cfg->nlflags & NLM_F_EXCL)
		return -EEXIST;
	if (same && !(replace && fib_route_same(first, cfg)))
		return -EEXIST;
	if (first && replace)
		*old = first;
	if (!first && cfg->nlflags && !(cfg->nlflags & NLM_F_CREATE))
		return -ENOENT;
	return 0;
}

static int fib_insert(struct net *net, const struct fib_config *cfg)
{
	u8 table = fib_table_of(cfg);
	struct fib_hashes *t = fib_hashes_of(net, table);
	struct fib_route *r, *old;
	struct fib_prefix *p;
	int err;

	if (t->count >= FIB_MAX_ROUTES)
		return -ENOBUFS;
	p = fib_get_prefix(t, cfg->dst, cfg->prefixlen);
	if (!p)
		return -ENOMEM;
	err = fib_insert_check(p, cfg, &old);
	r = err ? NULL : kzalloc(sizeof(*r), GFP_ATOMIC);
	if (!r) {
		fib_put_prefix(t, p);
		return err ? err : -ENOMEM;
	}
	*r = (struct fib_route){.dst = cfg->dst,
				.gw = cfg->gw,
				.prefsrc = cfg->prefsrc,
				.prefixlen = cfg->prefixlen,
				.type = cfg->type,
				.scope = cfg->scope,
				.tos = cfg->tos,
				.metric = cfg->metric,
				.protocol = cfg->protocol,
				.table = table,
				.mtu = cfg->mtu};
	r->dev = cfg->dev ? dev_hold(cfg->dev) : NULL;
	fib_link_route(t, p, r, cfg->nlflags & NLM_F_APPEND);
	if (old)
		fib_free_route(net, t, old);
	rt_genid_bump(net);
	rtmsg_fib(net, RTM_NEWROUTE, r, old ? NLM_F_REPLACE : NLM_F_CREATE);
	return 0;
}

int fib_add_route(struct net *net, const struct fib_config *cfg)
{
	struct fib_config full = *cfg;
	int err;

	if (!net->ipv4.fib)
		return -ENETUNREACH;
	local_bh_disable();
	err = fib_check_config(net, &full);
	if (!err)
		err = fib_insert(net, &full);
	local_bh_enable();
	return err;
}

/* Zero fields of cfg match anything. */
static bool fib_route_matches(const struct fib_route *r, const struct fib_config *cfg)
{
	return (!cfg->tos || r->tos == cfg->tos) && (!cfg->type || r->type == cfg->type) &&
	       (!cfg->gw || r->gw == cfg->gw) && (!cfg->dev || r->dev == cfg->dev) &&
	       (!cfg->metric || r->metric == cfg->metric) &&
	       (!cfg->prefsrc || r->prefsrc == cfg->prefsrc) &&
	       (!cfg->protocol || r->protocol == cfg->protocol);
}

int fib_del_route(struct net *net, const struct fib_config *cfg)
{
	struct fib_hashes *t;
	struct fib_prefix *p;
	struct fib_route *r;
	int err = -ESRCH;

	if (!net->ipv4.fib || cfg->prefixlen > 32)
		return -ESRCH;
	local_bh_disable();
	t = fib_hashes_of(net, fib_table_of(cfg));
	p = fib_find_prefix(&t->level[cfg->prefixlen], cfg->dst);
	if (p) {
		list_for_each_entry(r, &p->routes, list) {
			if (!fib_route_matches(r, cfg))
				continue;
			rtmsg_fib(net, RTM_DELROUTE, r, 0);
			fib_free_route(net, t, r);
			err = 0;
			break;
		}
	}
	local_bh_enable();
	return err;
}

/* Remove what `gone` says. */
static void fib_flush(struct net *net, bool (*gone)(const struct fib_route *r, const void *arg),
		      const void *arg)
{
	static const u8 tables[] = {RT_TABLE_LOCAL, RT_TABLE_MAIN};
	struct fib_route *r, *next;
	size_t i;

	if (!net->ipv4.fib)
		return;
	local_bh_disable();
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		struct fib_hashes *t = fib_hashes_of(net, tables[i]);

		list_for_each_entry_safe(r, next, &t->all, all) {
			if (gone(r, arg))
				fib_free_route(net, t, r);
		}
	}
	local_bh_enable();
}

static bool gone_dev(const struct fib_route *r, const void *dev)
{
	return r->dev == dev;
}

static bool gone_dev_down(const struct fib_route *r, const void *dev)
{
	return r->dev == dev && r->type != RTN_LOCAL;
}

static bool gone_prefsrc(const struct fib_route *r, const void *addr)
{
	return r->prefsrc == *(const be32 *)addr;
}

static bool gone_any(const struct fib_route *r, const void *arg)
{
	(void)arg;
	return r != NULL;
}

void fib_flush_dev(struct net *net, struct net_device *dev, bool all)
{
	fib_flush(net, all ? gone_dev : gone_dev_down, dev);
}

void fib_flush_prefsrc(struct net *net, be32 addr)
{
	fib_flush(net, gone_prefsrc, &addr);
}

void fib_for_each(struct net *net, u8 table, void (*fn)(const struct fib_route *r, void *arg),
		  void *arg)
{
	struct fib_hashes *t = fib_hashes_of(net, table);
	struct fib_route *r;

	local_bh_disable();
	list_for_each_entry(r, &t->all, all)
		fn(r, arg);
	local_bh_enable();
}

int fib_init_net(struct net *net)
{
	struct fib_table *fib = kzalloc(sizeof(*fib), GFP_KERNEL);

	if (!fib)
		return -ENOMEM;
	INIT_LIST_HEAD(&fib->local.all);
	INIT_LIST_HEAD(&fib->main.all);
	net->ipv4.fib = fib;
	return 0;
}

void fib_exit_net(struct net *net)
{
	fib_flush(net, gone_any, NULL);
	kfree(net->ipv4.fib);
	net->ipv4.fib = NULL;
}
