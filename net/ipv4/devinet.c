// SPDX-License-Identifier: BSD-2-Clause
/*
 * IPv4 on a device: an in_device for each registered device, its list of addresses (primaries
 * first; an address on a subnet that has one already is a secondary and goes with its primary
 * unless promote_secondaries says otherwise), and which of them is the source for a destination.
 *
 * An address brings its routes (fib_frontend.c) and is announced by gratuitous ARP when the device
 * is up and arp_notify is set. Addresses are found by value in net->ipv4.inet_addr_lst. Changes in
 * thread context, reads with softirqs off; device events come through the notifier chain. The
 * ioctls are in devinet_ioctl.c. Address lifetimes are left out (DHCP keeps its own).
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/arp.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/ipv4/route_cache.h>
#include <netinet/in.h>
#include <string.h>

#define INET_MAX_ADDRS 1024 /* a device; a program's mistake shall not eat the memory */

static struct hlist_head *inet_addr_bucket(struct net *net, be32 addr)
{
	static_assert(INET_ADDR_HSIZE == 64, "bits of the hash");
	return &net->ipv4.inet_addr_lst[hash_32(be32_to_cpu(addr), 6)];
}

struct in_ifaddr *inet_lookup_ifaddr(struct net *net, be32 addr)
{
	struct in_ifaddr *ifa;

	hlist_for_each_entry(ifa, inet_addr_bucket(net, addr), hash) {
		if (ifa->ifa_local == addr)
			return ifa;
	}
	return NULL;
}

struct net_device *ip_dev_find(struct net *net, be32 addr)
{
	struct in_ifaddr *ifa = inet_lookup_ifaddr(net, addr);
	struct flowi4 fl4 = {.daddr = addr};
	struct fib_result res;

	if (ifa)
		return ifa->ifa_dev->dev;
	/* An address inside a local prefix (127.0.0.0/8) is ours too. */
	if (ipv4_is_zeronet(addr) || !net->ipv4.fib || fib_lookup(net, &fl4, &res) ||
	    res.type != RTN_LOCAL)
		return NULL;
	return res.route->dev;
}

int inet_mask_len(be32 mask)
{
	u32 m = be32_to_cpu(mask);

	if (~m & (~m + 1))
		return -1;
	return m ? 32 - __builtin_ctz(m) : 0;
}

bool inet_addr_onlink(const struct in_device *in_dev, be32 a, be32 b)
{
	const struct in_ifaddr *ifa;

	for (ifa = in_dev->ifa_list; ifa; ifa = ifa->ifa_next) {
		if (inet_ifa_match(a, ifa) && (!b || inet_ifa_match(b, ifa)))
			return true;
	}
	return false;
}

static be32 in_dev_select_addr(const struct in_device *in_dev, be32 dst, int scope)
{
	const struct in_ifaddr *ifa;
	be32 first = 0;

	for (ifa = in_dev->ifa_list; ifa; ifa = ifa->ifa_next) {
		if (ifa->ifa_flags & IFA_F_SECONDARY || ifa->ifa_scope > scope)
			continue;
		if (!dst || inet_ifa_match(dst, ifa))
			return ifa->ifa_local;
		if (!first)
			first = ifa->ifa_local;
	}
	return first;
}

be32 inet_select_addr(const struct net_device *dev, be32 dst, int scope)
{
	const struct in_device *in_dev = __in_dev_get(dev);
	struct net_device *other;
	be32 addr = in_dev ? in_dev_select_addr(in_dev, dst, scope) : 0;

	if (addr || scope == RT_SCOPE_LINK)
		return addr;
	/* A device without an address of its own borrows one that is known outside. */
	for_each_netdev(dev_net(dev), other) {
		const struct in_device *o = __in_dev_get(other);

		if (!o || other == dev)
			continue;
		addr = in_dev_select_addr(o, 0, min(scope, (int)RT_SCOPE_SITE));
		if (addr)
			return addr;
	}
	return 0;
}

/* Secondaries behind all primaries, each kind in order of coming. Softirqs off. */
static void ifa_link(struct in_device *in_dev, struct in_ifaddr *ifa)
{
	struct in_ifaddr **pos = &in_dev->ifa_list;

	while (*pos && (ifa->ifa_flags & IFA_F_SECONDARY || !((*pos)->ifa_flags & IFA_F_SECONDARY)))
		pos = &(*pos)->ifa_next;
	ifa->ifa_next = *pos;
	*pos = ifa;
	hlist_add_head(&ifa->hash, inet_addr_bucket(dev_net(in_dev->dev), ifa->ifa_local));
}

static void ifa_unlink(struct in_device *in_dev, struct in_ifaddr *ifa)
{
	struct in_ifaddr **pos = &in_dev->ifa_list;

	while (*pos != ifa)
		pos = &(*pos)->ifa_next;
	*pos = ifa->ifa_next;
	hlist_del_init(&ifa->hash);
}

static bool ifa_same_subnet(const struct in_ifaddr *a, const struct in_ifaddr *b)
{
	return a->ifa_mask == b->ifa_mask && inet_ifa_match(a->ifa_address, b);
}

static int ifa_insert(struct in_device *in_dev, struct in_ifaddr *ifa)
{
	struct in_ifaddr *pos;
	int count = 0;

	for (pos = in_dev->ifa_list; pos; pos = pos->ifa_next) {
		if (ifa_same_subnet(ifa, pos)) {
			if (pos->ifa_local == ifa->ifa_local)
				return -EEXIST;
			ifa->ifa_flags |= IFA_F_SECONDARY;
		}
		count++;
	}
	if (count >= INET_MAX_ADDRS)
		return -ENOBUFS;
	ifa_link(in_dev, ifa);
	fib_add_ifaddr(ifa);
	rtmsg_ifa(RTM_NEWADDR, ifa);
	rt_genid_bump(dev_net(in_dev->dev));
	return 0;
}

static void ifa_remove(struct in_device *in_dev, struct in_ifaddr *ifa)
{
	ifa_unlink(in_dev, ifa);
	rtmsg_ifa(RTM_DELADDR, ifa);
	fib_del_ifaddr(ifa);
	rt_genid_bump(dev_net(in_dev->dev));
	kfree(ifa);
}

/* The secondaries of a primary that goes: the first takes its place, or all go too. */
static void ifa_remove_secondaries(struct in_device *in_dev, const struct in_ifaddr *primary)
{
	bool promote = IN_DEV_ORCONF(in_dev, promote_secondaries);
	struct in_ifaddr *ifa, *next;

	for (ifa = in_dev->ifa_list; ifa; ifa = next) {
		next = ifa->ifa_next;
		if (ifa == primary || !(ifa->ifa_flags & IFA_F_SECONDARY) ||
		    !ifa_same_subnet(ifa, primary))
			continue;
		if (!promote) {
			ifa_remove(in_dev, ifa);
			continue;
		}
		ifa_unlink(in_dev, ifa);
		ifa->ifa_flags &= ~(u32)IFA_F_SECONDARY;
		ifa_link(in_dev, ifa);
		return; /* its routes come when the primary's have gone */
	}
}

static void ifa_delete(struct in_device *in_dev, struct in_ifaddr *ifa)
{
	if (!(ifa->ifa_flags & IFA_F_SECONDARY))
		ifa_remove_secondaries(in_dev, ifa);
	ifa_remove(in_dev, ifa);
}

int inet_addr_insert(struct net_device *dev, const struct inet_ifa_config *cfg)
{
	be32 addr = cfg->local;
	struct in_device *in_dev = __in_dev_get(dev);
	struct in_ifaddr *ifa;
	int err;

	if (!in_dev)
		return -ENOBUFS;
	if (cfg->prefixlen > 32 || ipv4_is_multicast(addr) || ipv4_is_lbcast(addr) ||
	    ipv4_is_zeronet(addr))
		return -EINVAL;
	ifa = kzalloc(sizeof(*ifa), GFP_KERNEL);
	if (!ifa)
		return -ENOMEM;
	ifa->ifa_dev = in_dev;
	ifa->ifa_local = addr;
	ifa->ifa_address = cfg->address;
	ifa->ifa_prefixlen = cfg->prefixlen;
	ifa->ifa_mask = inet_make_mask(cfg->prefixlen);
	ifa->ifa_broadcast = cfg->broadcast;
	ifa->ifa_scope = cfg->scope;
	ifa->ifa_flags = cfg->flags & ~(u32)(IFA_F_SECONDARY | IFA_F_PERMANENT);
	ifa->ifa_rt_priority = cfg->rt_priority;
	ifa->ifa_cstamp = (u32)(get_jiffies() / (HZ / 100));
	strlcpy(ifa->ifa_label, cfg->label[0] ? cfg->label : dev->name, sizeof(ifa->ifa_label));
	local_bh_disable();
	err = ifa_insert(in_dev, ifa);
	if (!err && netif_running(dev) && IN_DEV_MAXCONF(in_dev, arp_notify))
		arp_announce(dev, addr);
	local_bh_enable();
	if (err)
		kfree(ifa);
	return err;
}

int inet_addr_add(struct net_device *dev, be32 addr, u8 prefixlen, be32 broadcast)
{
	struct inet_ifa_config cfg = {
		.local = addr,
		.address = addr,
		.broadcast = broadcast,
		.prefixlen = prefixlen,
		.scope = ipv4_is_loopback(addr) ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE,
	};

	return inet_addr_insert(dev, &cfg);
}

void inet_ifa_del(struct in_ifaddr *ifa)
{
	local_bh_disable();
	ifa_delete(ifa->ifa_dev, ifa);
	local_bh_enable();
}

int inet_addr_del(struct net_device *dev, be32 addr, u8 prefixlen)
{
	struct in_device *in_dev = __in_dev_get(dev);
	struct in_ifaddr *ifa = NULL;

	local_bh_disable();
	for (ifa = in_dev ? in_dev->ifa_list : NULL; ifa; ifa = ifa->ifa_next) {
		if (ifa->ifa_local == addr && ifa->ifa_prefixlen == prefixlen)
			break;
	}
	if (ifa)
		ifa_delete(in_dev, ifa);
	local_bh_enable();
	return ifa ? 0 : -EADDRNOTAVAIL;
}

static void inetdev_init(struct net_device *dev)
{
	struct net *net = dev_net(dev);
	struct in_device *in_dev = kzalloc(sizeof(*in_dev), GFP_ATOMIC);

	if (!in_dev)
		return; /* a device without IPv4 */
	in_dev->dev = dev_hold(dev);
	in_dev->cnf = net->ipv4.devconf_dflt;
	in_dev->arp_parms = neigh_parms_alloc(net->ipv4.arp_tbl, dev);
	if (!in_dev->arp_parms) {
		kfree(in_dev);
		dev_put(dev);
		return;
	}
	dev->ip_ptr = in_dev;
	ip_mc_init_dev(in_dev);
	devinet_sysctl_register(in_dev);
	if (netif_running(dev))
		ip_mc_up(in_dev);
}

static void inetdev_destroy(struct in_device *in_dev)
{
	struct net_device *dev = in_dev->dev;
	struct net *net = dev_net(dev);
	int i;

	devinet_sysctl_unregister(in_dev);
	ip_mc_destroy_dev(in_dev);
	while (in_dev->ifa_list)
		ifa_remove(in_dev, in_dev->ifa_list);
	fib_flush_dev(net, dev, true);
	rt_cache_flush_dev(net, dev);
	for (i = 0; i < NR_RT_INPUT; i++) {
		if (in_dev->rt_input[i])
			dst_release(&in_dev->rt_input[i]->dst);
	}
	dev->ip_ptr = NULL;
	if (net->ipv4.arp_tbl)
		neigh_parms_release(net->ipv4.arp_tbl, in_dev->arp_parms);
	kfree(in_dev);
	dev_put(dev);
}

static void inetdev_up(struct in_device *in_dev)
{
	struct in_ifaddr *ifa;

	if ((in_dev->dev->flags & IFF_LOOPBACK) && !in_dev->ifa_list)
		inet_addr_add(in_dev->dev, cpu_to_be32(INADDR_LOOPBACK), 8, 0);
	for (ifa = in_dev->ifa_list; ifa; ifa = ifa->ifa_next)
		fib_add_ifaddr(ifa);
	ip_mc_up(in_dev);
	rt_genid_bump(dev_net(in_dev->dev));
}

static void inetdev_down(struct in_device *in_dev)
{
	struct net *net = dev_net(in_dev->dev);

	ip_mc_down(in_dev);
	fib_flush_dev(net, in_dev->dev, false);
	rt_cache_flush_dev(net, in_dev->dev);
	rt_genid_bump(net);
}

static void inetdev_event(struct notifier_block *nb, enum netdev_event ev, struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get(dev);

	(void)nb;
	if (!in_dev) {
		/* Devices older than IPv4's tables: inetdev_net_init(). */
		if (ev == NETDEV_REGISTER && dev_net(dev)->ipv4.rt_cache)
			inetdev_init(dev);
		return;
	}
	switch (ev) {
	case NETDEV_UP:
		inetdev_up(in_dev);
		break;
	case NETDEV_DOWN:
		inetdev_down(in_dev);
		break;
	case NETDEV_CHANGEMTU:
		rt_genid_bump(dev_net(dev));
		break;
	case NETDEV_UNREGISTER:
		inetdev_destroy(in_dev);
		break;
	default:
		break;
	}
}

static struct notifier_block inetdev_notifier = {.call = inetdev_event};

static int inetdev_net_init(struct net *net)
{
	struct net_device *dev;

	local_bh_disable();
	for_each_netdev(net, dev) {
		if (__in_dev_get(dev))
			continue;
		inetdev_init(dev);
		if (netif_running(dev) && __in_dev_get(dev))
			inetdev_up(__in_dev_get(dev));
	}
	local_bh_enable();
	return 0;
}

/* Before the tables go, so that nothing refers to them. */
static void inetdev_net_exit(struct net *net)
{
	struct net_device *dev;

	local_bh_disable();
	for_each_netdev(net, dev) {
		if (__in_dev_get(dev))
			inetdev_destroy(__in_dev_get(dev));
	}
	local_bh_enable();
}

static struct pernet_operations inetdev_net_ops = {
	.name = "inetdev",
	.init = inetdev_net_init,
	.exit = inetdev_net_exit,
};

void devinet_init(void)
{
	int err;

	devinet_sysctl_init();
	devinet_netlink_init();
	register_gifconf(inet_gifconf);
	register_netdevice_notifier(&inetdev_notifier);
	err = register_pernet_subsys(&inetdev_net_ops);
	BUG_ON(err);
}
