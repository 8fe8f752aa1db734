// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who changes the routing table and who reads it as text: the routes that an address brings with it
 * (local, broadcast, the subnet's prefix), the SIOCADDRT and SIOCDELRT ioctls (route(8)), and
 * /proc/net/route in Linux's format (the main table, addresses as host-order words of wire bytes).
 *
 * Called by devinet.c when addresses come and go and by inet_ioctl(), thread context with softirqs
 * on or off. Metrics other than MTU of the ioctls (window, irtt) are ignored as Linux ignores irtt.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <linux/route.h>
#include <net/inetdevice.h>
#include <net/ip_fib.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

/* One route that belongs to an address. */
static struct fib_config ifa_route(const struct in_ifaddr *ifa, u8 type, be32 dst, u8 prefixlen)
{
	return (struct fib_config){
		.type = type,
		.dst = dst,
		.prefixlen = prefixlen,
		.scope = type == RTN_LOCAL ? RT_SCOPE_HOST : RT_SCOPE_LINK,
		.prefsrc = ifa->ifa_local,
		.protocol = RTPROT_KERNEL,
		.dev = ifa->ifa_dev->dev,
	};
}

/* The prefix of ifa's subnet, unless the address is the whole of it. */
static bool ifa_has_prefix_route(const struct in_ifaddr *ifa)
{
	be32 prefix = ifa->ifa_address & ifa->ifa_mask;

	return !ipv4_is_zeronet(prefix) &&
	       !(ifa->ifa_flags & (IFA_F_SECONDARY | IFA_F_NOPREFIXROUTE)) &&
	       (prefix != ifa->ifa_local || ifa->ifa_prefixlen < 32);
}

static struct fib_config ifa_prefix_route(const struct in_ifaddr *ifa)
{
	bool lo = ifa->ifa_dev->dev->flags & IFF_LOOPBACK;

	struct fib_config cfg = ifa_route(ifa, lo ? RTN_LOCAL : RTN_UNICAST,
					  ifa->ifa_address & ifa->ifa_mask, ifa->ifa_prefixlen);

	cfg.metric = ifa->ifa_rt_priority;
	return cfg;
}

static bool ifa_has_broadcast(const struct in_ifaddr *ifa)
{
	return ifa->ifa_broadcast && !ipv4_is_lbcast(ifa->ifa_broadcast);
}

void fib_add_ifaddr(struct in_ifaddr *ifa)
{
	struct net_device *dev = ifa->ifa_dev->dev;
	struct net *net = dev_net(dev);
	struct fib_config cfg = ifa_route(ifa, RTN_LOCAL, ifa->ifa_local, 32);

	fib_add_route(net, &cfg); /* -EEXIST: another entry of the same address brought it */
	if (!netif_running(dev))
		return;
	if (ifa_has_broadcast(ifa)) {
		cfg = ifa_route(ifa, RTN_BROADCAST, ifa->ifa_broadcast, 32);
		fib_add_route(net, &cfg);
	}
	if (!ifa_has_prefix_route(ifa))
		return;
	cfg = ifa_prefix_route(ifa);
	fib_add_route(net, &cfg);
	/* The highest address of the subnet is its broadcast, said or not (RFC 1122 3.3.6). */
	if (ifa->ifa_prefixlen < 31) {
		cfg = ifa_route(ifa, RTN_BROADCAST,
				(ifa->ifa_address & ifa->ifa_mask) | ~ifa->ifa_mask, 32);
		fib_add_route(net, &cfg);
	}
}

/* ifa is off its device's list already; what other entries brought too is brought again. */
void fib_del_ifaddr(struct in_ifaddr *ifa)
{
	struct net_device *dev = ifa->ifa_dev->dev;
	struct net *net = dev_net(dev);
	struct fib_config cfg = ifa_route(ifa, RTN_LOCAL, ifa->ifa_local, 32);
	struct in_ifaddr *other;

	fib_del_route(net, &cfg);
	if (ifa_has_broadcast(ifa)) {
		cfg = ifa_route(ifa, RTN_BROADCAST, ifa->ifa_broadcast, 32);
		fib_del_route(net, &cfg);
	}
	if (ifa_has_prefix_route(ifa)) {
		cfg = ifa_prefix_route(ifa);
		fib_del_route(net, &cfg);
		cfg = ifa_route(ifa, RTN_BROADCAST,
				(ifa->ifa_address & ifa->ifa_mask) | ~ifa->ifa_mask, 32);
		fib_del_route(net, &cfg);
	}
	if (inet_addr_type(net, ifa->ifa_local) != RTN_LOCAL)
		fib_flush_prefsrc(net, ifa->ifa_local);
	for (other = ifa->ifa_dev->ifa_list; other; other = other->ifa_next)
		fib_add_ifaddr(other);
}

static be32 sockaddr_ip(const struct sockaddr *sa)
{
	struct sockaddr_in sin;

	memcpy(&sin, sa, sizeof(sin));
	return sin.sin_addr.s_addr;
}

static int rtentry_prefix(const struct rtentry *rt, struct fib_config *cfg)
{
	be32 mask = sockaddr_ip(&rt->rt_genmask);
	int plen;

	if (rt->rt_dst.sa_family != AF_INET)
		return -EAFNOSUPPORT;
	cfg->dst = sockaddr_ip(&rt->rt_dst);
	cfg->prefixlen = 32;
	if (rt->rt_flags & RTF_HOST)
		return 0;
	if (rt->rt_genmask.sa_family != AF_INET && (mask || rt->rt_genmask.sa_family))
		return -EAFNOSUPPORT;
	plen = inet_mask_len(mask);
	if (plen < 0 || (cfg->dst & ~mask))
		return -EINVAL;
	cfg->prefixlen = (u8)plen;
	return 0;
}

static int rtentry_dev(struct net *net, const struct rtentry *rt, struct fib_config *cfg)
{
	char name[IFNAMSIZ];

	if (!rt->rt_dev)
		return 0;
	if (strncpy_from_user(name, rt->rt_dev, sizeof(name) - 1) < 0)
		return -EFAULT;
	name[sizeof(name) - 1] = '\0';
	name[strcspn(name, ":")] = '\0';
	cfg->dev = __dev_get_by_name(net, name);
	return cfg->dev ? 0 : -ENODEV;
}

static int rtentry_to_config(struct net *net, unsigned int cmd, const struct rtentry *rt,
			     struct fib_config *cfg)
{
	int err = rtentry_prefix(rt, cfg);

	if (err)
		return err;
	cfg->protocol = cmd == SIOCADDRT ? RTPROT_BOOT : 0;
	cfg->metric = rt->rt_metric > 0 ? (u32)rt->rt_metric - 1 : 0;
	if (rt->rt_flags & RTF_REJECT) {
		cfg->type = RTN_UNREACHABLE;
		cfg->scope = RT_SCOPE_HOST;
		return 0;
	}
	err = rtentry_dev(net, rt, cfg);
	if (err)
		return err;
	if (rt->rt_gateway.sa_family == AF_INET)
		cfg->gw = sockaddr_ip(&rt->rt_gateway);
	if (cmd == SIOCDELRT)
		return 0;
	cfg->type = RTN_UNICAST;
	if ((rt->rt_flags & RTF_GATEWAY) && !cfg->gw)
		return -EINVAL;
	if (rt->rt_flags & RTF_MTU)
		cfg->mtu = (u32)rt->rt_mtu;
	cfg->scope = cfg->gw ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	return 0;
}

int ip_rt_ioctl(struct net *net, unsigned int cmd, struct rtentry *arg)
{
	struct fib_config cfg = {0};
	struct rtentry rt;
	int err;

	if (cmd != SIOCADDRT && cmd != SIOCDELRT)
		return -EINVAL;
	if (copy_from_user(&rt, arg, sizeof(rt)))
		return -EFAULT;
	err = rtentry_to_config(net, cmd, &rt, &cfg);
	if (err)
		return err;
	return cmd == SIOCADDRT ? fib_add_route(net, &cfg) : fib_del_route(net, &cfg);
}

static u32 fib_route_flags(const struct fib_route *r)
{
	u32 flags = RTF_UP;

	if (r->type == RTN_UNREACHABLE || r->type == RTN_PROHIBIT)
		flags = RTF_UP | RTF_REJECT;
	if (r->gw)
		flags |= RTF_GATEWAY;
	if (r->prefixlen == 32)
		flags |= RTF_HOST;
	return flags;
}

static void fib_show_one(const struct fib_route *r, void *arg)
{
	char line[128];

	if (r->type == RTN_BROADCAST || r->type == RTN_MULTICAST)
		return;
	snprintf(line, sizeof(line), "%s\t%08X\t%08X\t%04X\t%d\t%u\t%u\t%08X\t%d\t%u\t%u",
		 r->dev ? r->dev->name : "*", r->dst, r->gw, fib_route_flags(r), 0, 0, r->metric,
		 inet_make_mask(r->prefixlen), (int)r->mtu, 0, 0);
	seq_printf((struct seq_file *)arg, "%-127s\n", line);
}

static int fib_route_seq_show(struct seq_file *m)
{
	seq_printf(m, "%-127s\n",
		   "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU"
		   "\tWindow\tIRTT");
	fib_for_each(m->net, RT_TABLE_MAIN, fib_show_one, m);
	return 0;
}

void fib_proc_init(void)
{
	static const struct proc_ops ops = {.show = fib_route_seq_show};

	WARN_ON(proc_create("net/route", 0444, &ops, NULL));
	fib_netlink_init();
}
