// SPDX-License-Identifier: BSD-2-Clause
/*
 * The ARP cache as programs see it: the SIOCSARP, SIOCGARP and SIOCDARP ioctls (arp(7)),
 * /proc/net/arp and /proc/net/stat/arp_cache in Linux's formats; and the address conflict probe of
 * RFC 5227 section 2.1.1 that the DHCP client uses before it keeps an address.
 *
 * Thread context; arp_probe_heard() is called by arp_rcv in softirq. Published entries (proxy ARP,
 * ATF_PUBL) are refused.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/lock.h>
#include <kernel/time/clock.h>
#include <net/arp.h>
#include <net/if_arp.h>
#include <net/inet_fmt.h>
#include <net/inetdevice.h>
#include <net/route.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

/* One who waits in arp_probe_conflict(); on its stack, in the namespace's list. */
struct arp_probe {
	struct arp_probe *next;
	const struct net_device *dev;
	be32 addr;
	bool heard;
	struct thread *waiter;
};

void arp_probe_heard(const struct net_device *dev, be32 sender_ip, const u8 *sender_hw)
{
	struct arp_probe *p;

	for (p = dev_net(dev)->ipv4.arp_probes; p; p = p->next) {
		if (p->dev != dev || p->addr != sender_ip ||
		    !memcmp(sender_hw, dev->dev_addr, dev->addr_len))
			continue;
		p->heard = true;
		wake_up_thread(p->waiter);
	}
}

bool arp_probe_conflict(struct net_device *dev, be32 addr, int probes, unsigned int wait_ms)
{
	struct arp_fields f = {.op = ARPOP_REQUEST, .target_ip = addr};
	struct arp_probe **list = &dev_net(dev)->ipv4.arp_probes, **pos;
	struct arp_probe p = {.dev = dev, .addr = addr, .waiter = get_current()};
	int i;

	local_bh_disable();
	p.next = *list;
	*list = &p;
	local_bh_enable();
	for (i = 0; i < probes && !p.heard; i++) {
		long left = (long)msecs_to_jiffies(wait_ms);

		local_bh_disable();
		arp_send(dev, &f, NULL);
		local_bh_enable();
		while (left > 0 && !p.heard && !signal_pending(current)) {
			set_current_state(TASK_INTERRUPTIBLE);
			left = schedule_timeout(left);
		}
	}
	local_bh_disable();
	for (pos = list; *pos != &p; pos = &(*pos)->next)
		;
	*pos = p.next;
	local_bh_enable();
	return p.heard;
}

static struct net_device *arp_req_dev(struct net *net, const struct arpreq *r, be32 ip)
{
	struct flowi4 fl4 = {.daddr = ip};
	struct net_device *dev;
	struct rtable *rt;

	if (r->arp_dev[0]) {
		dev = __dev_get_by_name(net, r->arp_dev);
		return dev ? dev : ERR_PTR(-ENODEV);
	}
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		return (void *)rt;
	dev = rt->dst.dev;
	dst_release(&rt->dst);
	return dev;
}

static int arp_req_set(struct net *net, const struct arpreq *r, be32 ip)
{
	struct net_device *dev = arp_req_dev(net, r, ip);
	struct neighbour *n;
	int err;

	if (IS_ERR(dev))
		return (int)PTR_ERR(dev);
	if (r->arp_flags & ATF_PUBL)
		return -EOPNOTSUPP;
	if (r->arp_ha.sa_family != dev->type)
		return -EINVAL;
	n = neigh_lookup_create(net, ip, dev);
	if (IS_ERR(n))
		return (int)PTR_ERR(n);
	err = neigh_update(n, (const u8 *)r->arp_ha.sa_data,
			   r->arp_flags & ATF_PERM ? NUD_PERMANENT : NUD_STALE,
			   NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN);
	neigh_release(n);
	return err;
}

static int arp_req_delete(struct net *net, const struct arpreq *r, be32 ip)
{
	struct net_device *dev = arp_req_dev(net, r, ip);
	struct neighbour *n;

	if (IS_ERR(dev))
		return (int)PTR_ERR(dev);
	n = neigh_lookup(net, ip, dev);
	if (!n)
		return -ENXIO;
	neigh_remove(n);
	neigh_release(n);
	return 0;
}

static int arp_state_to_flags(const struct neighbour *n)
{
	if (n->nud_state & NUD_PERMANENT)
		return ATF_PERM | ATF_COM;
	return n->nud_state & NUD_VALID ? ATF_COM : 0;
}

static int arp_req_get(struct net *net, struct arpreq *r, be32 ip)
{
	struct net_device *dev = arp_req_dev(net, r, ip);
	struct neighbour *n;

	if (IS_ERR(dev))
		return (int)PTR_ERR(dev);
	n = neigh_lookup(net, ip, dev);
	if (!n)
		return -ENXIO;
	if (n->nud_state & NUD_NOARP) {
		neigh_release(n);
		return -ENXIO;
	}
	memset(&r->arp_ha, 0, sizeof(r->arp_ha));
	r->arp_ha.sa_family = dev->type;
	memcpy(r->arp_ha.sa_data, n->ha, dev->addr_len);
	r->arp_flags = arp_state_to_flags(n);
	strlcpy(r->arp_dev, dev->name, sizeof(r->arp_dev));
	neigh_release(n);
	return 0;
}

int arp_ioctl(struct net *net, unsigned int cmd, struct arpreq *arg)
{
	struct sockaddr_in sin;
	struct arpreq r;
	be32 ip;
	int err;

	if (copy_from_user(&r, arg, sizeof(r)))
		return -EFAULT;
	r.arp_dev[sizeof(r.arp_dev) - 1] = '\0';
	memcpy(&sin, &r.arp_pa, sizeof(sin));
	if (sin.sin_family != AF_INET)
		return -EPFNOSUPPORT;
	ip = sin.sin_addr.s_addr;
	if (r.arp_flags & ATF_NETMASK)
		return -EINVAL;
	local_bh_disable();
	switch (cmd) {
	case SIOCSARP:
		err = arp_req_set(net, &r, ip);
		break;
	case SIOCDARP:
		err = arp_req_delete(net, &r, ip);
		break;
	case SIOCGARP:
		err = arp_req_get(net, &r, ip);
		break;
	default:
		err = -EINVAL;
	}
	local_bh_enable();
	if (!err && cmd == SIOCGARP)
		err = copy_to_user(arg, &r, sizeof(r));
	return err;
}

static void arp_show_one(struct neighbour *n, void *arg)
{
	struct seq_file *m = arg;
	char ip[16], mac[3 * MAX_ADDR_LEN];

	if (n->nud_state & NUD_NOARP)
		return;
	snprintf(ip, sizeof(ip), IPV4_FMT, IPV4_ARG(n->primary_key));
	snprintf(mac, sizeof(mac), MAC_FMT, MAC_ARG(n->ha));
	seq_printf(m, "%-16s 0x%-10x0x%-10x%-17s     *        %s\n", ip, n->dev->type,
		   arp_state_to_flags(n), mac, n->dev->name);
}

static int arp_seq_show(struct seq_file *m)
{
	seq_puts(m, "IP address       HW type     Flags       "
		    "HW address            Mask     Device\n");
	local_bh_disable();
	neigh_for_each(m->net->ipv4.arp_tbl, arp_show_one, m);
	local_bh_enable();
	return 0;
}

static const char *nud_name(const struct neighbour *n)
{
	static const struct {
		u8 state;
		const char *name;
	} names[] = {
		{NUD_PERMANENT, "PERMANENT"}, {NUD_REACHABLE, "REACHABLE"}, {NUD_STALE, "STALE"},
		{NUD_DELAY, "DELAY"},	      {NUD_PROBE, "PROBE"},	    {NUD_FAILED, "FAILED"},
		{NUD_INCOMPLETE, "INCOMPLETE"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (n->nud_state & names[i].state)
			return names[i].name;
	}
	return "NONE";
}

static void neigh_show_one(struct neighbour *n, void *arg)
{
	struct seq_file *m = arg;

	if (n->nud_state & NUD_NOARP)
		return;
	seq_printf(m, IPV4_FMT " %s ", IPV4_ARG(n->primary_key), n->dev->name);
	if (n->nud_state & NUD_VALID)
		seq_printf(m, MAC_FMT, MAC_ARG(n->ha));
	else
		seq_puts(m, "-");
	seq_printf(m, " %s\n", nud_name(n));
}

/* Our own: the states, for which Linux has only netlink. "ADDRESS DEVICE MAC STATE" lines. */
static int neigh_seq_show(struct seq_file *m)
{
	local_bh_disable();
	neigh_for_each(m->net->ipv4.arp_tbl, neigh_show_one, m);
	local_bh_enable();
	return 0;
}

static int arp_stat_show(struct seq_file *m)
{
	const struct neigh_table *tbl = m->net->ipv4.arp_tbl;
	const struct neigh_stats *s = &tbl->stats;

	seq_puts(m, "entries  allocs   destroys hash_grows lookups  hits     res_failed "
		    "rcv_probes_mcast rcv_probes_ucast periodic_gc_runs forced_gc_runs "
		    "unresolved_discards table_fulls\n");
	seq_printf(m,
		   "%08x %08x %08x %08x   %08x %08x %08x   %08x         %08x         "
		   "%08x         %08x       %08x            %08x\n",
		   (u32)tbl->entries, s->allocs, s->destroys, s->hash_grows, s->lookups, s->hits,
		   s->res_failed, 0u, 0u, s->periodic_gc_runs, s->forced_gc_runs, s->unres_discards,
		   s->table_fulls);
	return 0;
}

void arp_cache_init(void)
{
	static const struct proc_ops arp_ops = {.show = arp_seq_show};
	static const struct proc_ops neigh_ops = {.show = neigh_seq_show};
	static const struct proc_ops stat_ops = {.show = arp_stat_show};

	WARN_ON(proc_create("net/arp", 0444, &arp_ops, NULL));
	WARN_ON(proc_create("net/neigh", 0444, &neigh_ops, NULL));
	WARN_ON(proc_create("net/stat/arp_cache", 0444, &stat_ops, NULL));
}
