// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/sys/net/ipv4/conf/{all,default,DEV} and neigh/{default,DEV}: the settings of devices and
 * their neighbours with Linux's names and units (ip-sysctl.rst). `all` and `default` exist once a
 * namespace; a device's tables come and go with it, in its namespace only.
 *
 * Called by devinet.c in thread context. Only settings that have an effect here appear. arp_notify
 * is on by default, unlike Linux: an address that appears is announced (RFC 5227 section 2.3).
 */
#include <errno.h>
#include <kernel/fs/sysctl.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <limits.h>
#include <net/arp.h>
#include <net/inetdevice.h>
#include <net/route.h>
#include <stdio.h>
#include <string.h>

struct conf_row {
	const char *name;
	size_t offset; /* in struct ipv4_devconf */
	int max;
};
#define CONF(member, hi)                                                                           \
	{                                                                                          \
		#member, offsetof(struct ipv4_devconf, member), (hi)                               \
	}
static const struct conf_row conf_rows[] = {
	CONF(forwarding, 1),
	CONF(accept_redirects, 1),
	CONF(send_redirects, 1),
	CONF(accept_source_route, 1),
	CONF(accept_local, 1),
	CONF(route_localnet, 1),
	CONF(rp_filter, 2),
	CONF(log_martians, 1),
	CONF(arp_ignore, 8),
	CONF(arp_announce, 2),
	CONF(arp_notify, 1),
	CONF(arp_accept, 2),
	CONF(arp_filter, 1),
	CONF(drop_gratuitous_arp, 1),
	CONF(promote_secondaries, 1),
	CONF(force_igmp_version, 3),
};

struct neigh_row {
	const char *name;
	size_t offset; /* in struct neigh_sysctl */
	proc_handler handler;
	bool table_only; /* limits of the whole table: neigh/default alone */
};
static int proc_dointvec_userhz(const struct ctl_table *t, void *data, bool write, char *text,
				size_t size);
#define NEIGH(text, member, fn, only)                                                              \
	{                                                                                          \
		(text), offsetof(struct neigh_sysctl, member), (fn), (only)                        \
	}
static const struct neigh_row neigh_rows[] = {
	NEIGH("mcast_solicit", mcast_solicit, proc_dointvec_minmax, false),
	NEIGH("ucast_solicit", ucast_solicit, proc_dointvec_minmax, false),
	NEIGH("retrans_time_ms", retrans_time_ms, proc_dointvec_minmax, false),
	NEIGH("base_reachable_time", base_reachable_time_ms, proc_dointvec_jiffies, false),
	NEIGH("base_reachable_time_ms", base_reachable_time_ms, proc_dointvec_minmax, false),
	NEIGH("delay_first_probe_time", delay_first_probe_time_ms, proc_dointvec_jiffies, false),
	NEIGH("gc_stale_time", gc_stale_time_ms, proc_dointvec_jiffies, false),
	NEIGH("unres_qlen_bytes", unres_qlen_bytes, proc_dointvec_minmax, false),
	NEIGH("locktime", locktime_ms, proc_dointvec_userhz, false),
	NEIGH("gc_thresh1", gc_thresh1, proc_dointvec_minmax, true),
	NEIGH("gc_thresh2", gc_thresh2, proc_dointvec_minmax, true),
	NEIGH("gc_thresh3", gc_thresh3, proc_dointvec_minmax, true),
};

/* A device's two tables; in_dev->sysctl. */
struct dev_sysctl {
	struct ctl_table conf[ARRAY_SIZE(conf_rows)];
	struct ctl_table neigh[ARRAY_SIZE(neigh_rows)];
	char conf_path[32 + IFNAMSIZ], neigh_path[32 + IFNAMSIZ];
};
/* all, default; neigh/default: filled once at boot. */
static struct ctl_table conf_all[ARRAY_SIZE(conf_rows)], conf_default[ARRAY_SIZE(conf_rows)];
static struct ctl_table neigh_default[ARRAY_SIZE(neigh_rows)];

/* Hundredths of a second outside, milliseconds inside. */
static int proc_dointvec_userhz(const struct ctl_table *t, void *data, bool write, char *text,
				size_t size)
{
	int *ms = data, ticks = *ms / 10;
	int err = proc_dointvec_minmax(t, &ticks, write, text, size);

	if (!err && write)
		*ms = ticks > INT_MAX / 10 ? INT_MAX : ticks * 10;
	return err;
}

void inet_forward_change(struct net *net)
{
	int on = net->ipv4.sysctl_ip_forward;
	struct net_device *dev;

	net->ipv4.devconf_all.forwarding = on;
	net->ipv4.devconf_dflt.forwarding = on;
	local_bh_disable();
	for_each_netdev(net, dev) {
		struct in_device *in_dev = __in_dev_get(dev);

		if (in_dev)
			in_dev->cnf.forwarding = on;
	}
	rt_genid_bump(net);
	local_bh_enable();
}

/* What is cached was found with the old settings. */
static void conf_changed(struct net *net, const struct ctl_table *t)
{
	(void)t;
	rt_genid_bump(net);
}

static void conf_all_changed(struct net *net, const struct ctl_table *t)
{
	if (!strcmp(t->procname, "forwarding")) {
		net->ipv4.sysctl_ip_forward = net->ipv4.devconf_all.forwarding;
		inet_forward_change(net);
	}
	conf_changed(net, t);
}

static void neigh_changed(struct net *net, const struct ctl_table *t)
{
	struct neigh_parms *p;

	(void)t;
	local_bh_disable();
	list_for_each_entry(p, &net->ipv4.arp_tbl->parms_list, list)
		neigh_parms_changed(p);
	local_bh_enable();
}

/* base: an address, or an offset into struct net. */
static void fill_conf(struct ctl_table *t, size_t base, bool all)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(conf_rows); i++) {
		t[i] = (struct ctl_table){.procname = conf_rows[i].name,
					  .data = (void *)(base + conf_rows[i].offset),
					  .maxlen = sizeof(int),
					  .mode = 0644,
					  .handler = proc_dointvec_minmax,
					  .extra2 = conf_rows[i].max,
					  .changed = all ? conf_all_changed : conf_changed};
	}
}

/* The rows of a device are those before the table's. Number of rows. */
static size_t fill_neigh(struct ctl_table *t, size_t base, bool device)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(neigh_rows); i++) {
		if (device && neigh_rows[i].table_only)
			break;
		t[i] = (struct ctl_table){.procname = neigh_rows[i].name,
					  .data = (void *)(base + neigh_rows[i].offset),
					  .maxlen = sizeof(int),
					  .mode = 0644,
					  .handler = neigh_rows[i].handler,
					  .extra2 = INT_MAX,
					  .changed = neigh_changed};
	}
	return i;
}

int devinet_sysctl_register(struct in_device *in_dev)
{
	struct net *net = dev_net(in_dev->dev);
	struct dev_sysctl *s = kzalloc(sizeof(*s), GFP_KERNEL);
	size_t n;
	int err;

	if (!s)
		return -ENOMEM;
	snprintf(s->conf_path, sizeof(s->conf_path), "net/ipv4/conf/%s", in_dev->dev->name);
	snprintf(s->neigh_path, sizeof(s->neigh_path), "net/ipv4/neigh/%s", in_dev->dev->name);
	fill_conf(s->conf, (size_t)&in_dev->cnf, false);
	n = fill_neigh(s->neigh, (size_t)&in_dev->arp_parms->s, true);
	err = register_sysctl_in_net(net, s->conf_path, s->conf, ARRAY_SIZE(s->conf));
	if (!err) {
		err = register_sysctl_in_net(net, s->neigh_path, s->neigh, n);
		if (err)
			unregister_sysctl(s->conf_path, s->conf);
	}
	if (err)
		kfree(s); /* the device works, its settings stay as they are */
	else
		in_dev->sysctl = s;
	return err;
}

void devinet_sysctl_unregister(struct in_device *in_dev)
{
	struct dev_sysctl *s = in_dev->sysctl;

	if (!s)
		return;
	in_dev->sysctl = NULL;
	unregister_sysctl(s->conf_path, s->conf);
	unregister_sysctl(s->neigh_path, s->neigh);
	kfree(s);
}

static int devinet_net_init(struct net *net)
{
	struct ipv4_devconf *all = &net->ipv4.devconf_all;

	*all = (struct ipv4_devconf){.accept_redirects = 1,
				     .secure_redirects = 1,
				     .send_redirects = 1,
				     .shared_media = 1,
				     .arp_notify = 1};
	net->ipv4.devconf_dflt = *all;
	/* Both must say yes: `all` does not. */
	net->ipv4.devconf_dflt.accept_source_route = 1;
	return 0;
}

static struct pernet_operations devinet_net_ops = {.name = "devinet", .init = devinet_net_init};

void devinet_sysctl_init(void)
{
	int err = register_pernet_subsys(&devinet_net_ops);

	BUG_ON(err);
	fill_conf(conf_all, offsetof(struct net, ipv4.devconf_all), true);
	fill_conf(conf_default, offsetof(struct net, ipv4.devconf_dflt), false);
	fill_neigh(neigh_default, offsetof(struct net, ipv4.neigh), false);
	WARN_ON(register_net_sysctl("net/ipv4/conf/all", conf_all, ARRAY_SIZE(conf_all)));
	WARN_ON(register_net_sysctl("net/ipv4/conf/default", conf_default,
				    ARRAY_SIZE(conf_default)));
	WARN_ON(register_net_sysctl("net/ipv4/neigh/default", neigh_default,
				    ARRAY_SIZE(neigh_default)));
}
