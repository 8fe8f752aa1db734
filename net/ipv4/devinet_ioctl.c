// SPDX-License-Identifier: BSD-2-Clause
/*
 * The address ioctls of netdevice(7): SIOCGIFADDR, SIOCSIFADDR and their kind for broadcast
 * address, netmask and peer, SIOCSIFFLAGS on an alias, and SIOCGIFCONF. They see one address a
 * name: "eth0" its first, "eth0:1" the one with that label (SIOCSIFADDR makes it).
 *
 * Called by inet_ioctl() in thread context with the program's pointers. A new address gets the
 * netmask and broadcast of its class (RFC 791), as ifconfig expects, until they are set.
 */
#include <errno.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <net/inetdevice.h>
#include <net/ip_fib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>

/* Prefix length that the address's class gives; -1 for groups and the reserved rest. */
static int inet_abc_len(be32 addr)
{
	u32 a = be32_to_cpu(addr);

	if (ipv4_is_zeronet(addr))
		return 0;
	if (IN_CLASSA(a))
		return 8;
	if (IN_CLASSB(a))
		return 16;
	return IN_CLASSC(a) ? 24 : -1;
}

static struct in_ifaddr *ifa_by_label(struct in_device *in_dev, const char *label)
{
	struct in_ifaddr *ifa;

	for (ifa = in_dev->ifa_list; ifa; ifa = ifa->ifa_next) {
		if (!strcmp(ifa->ifa_label, label))
			return ifa;
	}
	return NULL;
}

static void ifr_put(struct ifreq *ifr, be32 addr)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = addr};

	memcpy(&ifr->ifr_addr, &sin, sizeof(ifr->ifr_addr));
}

static be32 ifr_get(const struct ifreq *ifr)
{
	struct sockaddr_in sin;

	memcpy(&sin, &ifr->ifr_addr, sizeof(sin));
	return sin.sin_addr.s_addr;
}

static int devinet_get(unsigned int cmd, struct ifreq *ifr, const struct in_ifaddr *ifa)
{
	if (!ifa)
		return -EADDRNOTAVAIL;
	switch (cmd) {
	case SIOCGIFADDR:
		ifr_put(ifr, ifa->ifa_local);
		return 0;
	case SIOCGIFBRDADDR:
		ifr_put(ifr, ifa->ifa_broadcast);
		return 0;
	case SIOCGIFDSTADDR:
		ifr_put(ifr, ifa->ifa_address);
		return 0;
	case SIOCGIFNETMASK:
		ifr_put(ifr, ifa->ifa_mask);
		return 0;
	}
	return -EINVAL;
}

static be32 ifa_default_broadcast(const struct net_device *dev, be32 addr, int prefixlen)
{
	if (!(dev->flags & IFF_BROADCAST) || prefixlen >= 31)
		return 0;
	return addr | ~inet_make_mask(prefixlen);
}

/* What is left of ifa is taken away and comes back with another value. */
static int ifa_replace(struct net_device *dev, const struct in_ifaddr *ifa, be32 addr,
		       int prefixlen, be32 broadcast)
{
	struct in_ifaddr old = *ifa;
	struct in_ifaddr *now;
	int err;

	inet_addr_del(dev, old.ifa_local, old.ifa_prefixlen);
	if (!addr)
		return 0; /* 0.0.0.0: only remove */
	err = inet_addr_add(dev, addr, (u8)prefixlen, broadcast);
	if (err)
		return err;
	now = inet_lookup_ifaddr(dev_net(dev), addr);
	if (now)
		memcpy(now->ifa_label, old.ifa_label, sizeof(now->ifa_label));
	return 0;
}

static int devinet_set_addr(struct net_device *dev, const struct in_ifaddr *ifa, const char *label,
			    be32 addr)
{
	int prefixlen = dev->flags & IFF_POINTOPOINT ? 32 : inet_abc_len(addr);
	struct in_ifaddr fresh = {0};

	if (prefixlen < 0)
		return -EINVAL;
	if (ifa && ifa->ifa_local == addr)
		return 0;
	if (ifa)
		fresh = *ifa;
	strlcpy(fresh.ifa_label, label, sizeof(fresh.ifa_label));
	return ifa_replace(dev, &fresh, addr, prefixlen,
			   ifa_default_broadcast(dev, addr, prefixlen));
}

static int devinet_set_netmask(struct net_device *dev, const struct in_ifaddr *ifa, be32 mask)
{
	int prefixlen = inet_mask_len(mask);
	be32 broadcast = ifa->ifa_broadcast;

	if (prefixlen < 0)
		return -EINVAL;
	if (prefixlen == ifa->ifa_prefixlen)
		return 0;
	/* A broadcast address that belonged to the old mask follows the new one. */
	if (broadcast == (ifa->ifa_local | ~ifa->ifa_mask))
		broadcast = ifa_default_broadcast(dev, ifa->ifa_local, prefixlen);
	return ifa_replace(dev, ifa, ifa->ifa_local, prefixlen, broadcast);
}

static int devinet_set(unsigned int cmd, const struct ifreq *ifr, const char *label,
		       struct net_device *dev, const struct in_ifaddr *ifa)
{
	const char *colon = strchr(label, ':');
	be32 addr = ifr_get(ifr);

	if (cmd == SIOCSIFFLAGS) {
		if (!colon)
			return dev_change_flags(dev, (u16)ifr->ifr_flags | (dev->flags & ~0xffffu));
		if (!ifa)
			return -EADDRNOTAVAIL;
		/* An alias that goes down is gone. */
		return ifr->ifr_flags & IFF_UP
			       ? 0
			       : inet_addr_del(dev, ifa->ifa_local, ifa->ifa_prefixlen);
	}
	if (ifr->ifr_addr.sa_family != AF_INET)
		return -EINVAL;
	if (cmd == SIOCSIFADDR)
		return devinet_set_addr(dev, ifa, label, addr);
	if (!ifa)
		return -EADDRNOTAVAIL;
	switch (cmd) {
	case SIOCSIFBRDADDR:
		return ifa_replace(dev, ifa, ifa->ifa_local, ifa->ifa_prefixlen, addr);
	case SIOCSIFNETMASK:
		return devinet_set_netmask(dev, ifa, addr);
	case SIOCSIFDSTADDR: /* only point-to-point devices have one, and none is here */
		return -EOPNOTSUPP;
	}
	return -EINVAL;
}

int devinet_ioctl(struct net *net, unsigned int cmd, struct ifreq *arg)
{
	char label[IFNAMSIZ], name[IFNAMSIZ];
	struct in_ifaddr *ifa;
	struct net_device *dev;
	struct ifreq ifr;
	int err;

	if (copy_from_user(&ifr, arg, sizeof(ifr)))
		return -EFAULT;
	ifr.ifr_name[IFNAMSIZ - 1] = '\0';
	strcpy(label, ifr.ifr_name);
	strcpy(name, label);
	name[strcspn(name, ":")] = '\0';
	dev = __dev_get_by_name(net, name);
	if (!dev)
		return -ENODEV;
	if (!__in_dev_get(dev))
		return cmd == SIOCSIFFLAGS ? -ENODEV : -EADDRNOTAVAIL;
	ifa = ifa_by_label(__in_dev_get(dev), label);
	switch (cmd) {
	case SIOCGIFADDR:
	case SIOCGIFBRDADDR:
	case SIOCGIFDSTADDR:
	case SIOCGIFNETMASK:
		err = devinet_get(cmd, &ifr, ifa);
		return err ? err : copy_to_user(arg, &ifr, sizeof(ifr));
	}
	return devinet_set(cmd, &ifr, label, dev, ifa);
}

int inet_gifconf(struct net *net, void *arg)
{
	struct ifconf ifc;
	struct net_device *dev;
	int done = 0;

	if (copy_from_user(&ifc, arg, sizeof(ifc)))
		return -EFAULT;
	for_each_netdev(net, dev) {
		const struct in_device *in_dev = __in_dev_get(dev);
		const struct in_ifaddr *ifa = in_dev ? in_dev->ifa_list : NULL;

		for (; ifa; ifa = ifa->ifa_next) {
			struct ifreq ifr;

			if (ifc.ifc_buf) {
				if (ifc.ifc_len < done + (int)sizeof(ifr))
					goto out;
				memset(&ifr, 0, sizeof(ifr));
				strlcpy(ifr.ifr_name, ifa->ifa_label, sizeof(ifr.ifr_name));
				ifr_put(&ifr, ifa->ifa_local);
				if (copy_to_user(ifc.ifc_buf + done, &ifr, sizeof(ifr)))
					return -EFAULT;
			}
			done += (int)sizeof(ifr);
		}
	}
out:
	ifc.ifc_len = done;
	return copy_to_user(arg, &ifc, sizeof(ifc));
}
