// SPDX-License-Identifier: BSD-2-Clause
/*
 * The interface ioctls that need no protocol (netdevice(7)): flags, index and name, MTU, hardware
 * address, queue length, multicast addresses. A struct ifreq goes in and out by the program's
 * pointer. Addresses of a protocol (SIOCGIFADDR ...) are that family's business: inet_ioctl() takes
 * them before they come here; SIOCGIFCONF, which any sock may ask, it registers.
 *
 * Called by the socket layer for what no family took, thread context. SIOCSIFMAP and the private
 * requests of drivers are left out (-EOPNOTSUPP, as a device without them answers).
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <net/core/dev.h>
#include <string.h>
#include <sys/ioctl.h>

static int ifr_hwaddr_get(struct ifreq *ifr, const struct net_device *dev)
{
	memset(&ifr->ifr_hwaddr, 0, sizeof(ifr->ifr_hwaddr));
	ifr->ifr_hwaddr.sa_family = dev->type;
	memcpy(ifr->ifr_hwaddr.sa_data, dev->dev_addr, min_t(size_t, dev->addr_len, 14));
	return 0;
}

/* Requests that only read. -ENOTTY: not one of them. */
static int dev_ifsioc_get(struct ifreq *ifr, const struct net_device *dev, unsigned int cmd)
{
	switch (cmd) {
	case SIOCGIFFLAGS:
		ifr->ifr_flags = (short)dev_get_flags(dev);
		return 0;
	case SIOCGIFMETRIC:
		ifr->ifr_metric = 0;
		return 0;
	case SIOCGIFMTU:
		ifr->ifr_mtu = (int)dev->mtu;
		return 0;
	case SIOCGIFHWADDR:
		return ifr_hwaddr_get(ifr, dev);
	case SIOCGIFMAP:
		memset(&ifr->ifr_map, 0, sizeof(ifr->ifr_map));
		return 0;
	case SIOCGIFINDEX:
		ifr->ifr_ifindex = dev->ifindex;
		return 0;
	case SIOCGIFTXQLEN:
		ifr->ifr_qlen = (int)dev->tx_queue_len;
		return 0;
	}
	return -ENOTTY;
}

static int dev_set_hwaddr(struct net_device *dev, const struct sockaddr *sa)
{
	if (sa->sa_family != dev->type)
		return -EINVAL;
	return dev_set_mac_address(dev, (const u8 *)sa->sa_data);
}

static int dev_mc_request(struct net_device *dev, const struct sockaddr *sa, bool add)
{
	int err;

	if (!dev->netdev_ops->ndo_set_rx_mode || sa->sa_family != AF_UNSPEC)
		return -EINVAL;
	local_bh_disable();
	err = add ? dev_mc_add(dev, (const u8 *)sa->sa_data)
		  : dev_mc_del(dev, (const u8 *)sa->sa_data);
	local_bh_enable();
	return err;
}

static int dev_set_tx_queue_len(struct net_device *dev, int len)
{
	if (len < 0)
		return -EINVAL;
	dev->tx_queue_len = (u32)len;
	return 0;
}

static int dev_ifsioc_set(struct ifreq *ifr, struct net_device *dev, unsigned int cmd)
{
	switch (cmd) {
	case SIOCSIFFLAGS:
		return dev_change_flags(dev, (u16)ifr->ifr_flags | (dev->flags & ~0xffffu));
	case SIOCSIFMETRIC:
		return -EOPNOTSUPP;
	case SIOCSIFMTU:
		return dev_set_mtu(dev, ifr->ifr_mtu);
	case SIOCSIFHWADDR:
		return dev_set_hwaddr(dev, &ifr->ifr_hwaddr);
	case SIOCADDMULTI:
		return dev_mc_request(dev, &ifr->ifr_hwaddr, true);
	case SIOCDELMULTI:
		return dev_mc_request(dev, &ifr->ifr_hwaddr, false);
	case SIOCSIFTXQLEN:
		return dev_set_tx_queue_len(dev, ifr->ifr_qlen);
	case SIOCSIFNAME:
		ifr->ifr_newname[IFNAMSIZ - 1] = '\0';
		return dev_change_name(dev, ifr->ifr_newname);
	case SIOCSIFHWBROADCAST:
		if (ifr->ifr_hwaddr.sa_family != dev->type)
			return -EINVAL;
		memcpy(dev->broadcast, ifr->ifr_hwaddr.sa_data,
		       min_t(size_t, dev->addr_len, sizeof(dev->broadcast)));
		call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
		return 0;
	case SIOCETHTOOL:
		return dev_ethtool(dev, ifr->ifr_data);
	case SIOCSIFMAP:
		return -EOPNOTSUPP;
	}
	return -EOPNOTSUPP;
}

static int dev_ifname(struct net *net, struct ifreq *ifr)
{
	const struct net_device *dev = __dev_get_by_index(net, ifr->ifr_ifindex);

	if (!dev)
		return -ENODEV;
	strlcpy(ifr->ifr_name, dev->name, sizeof(ifr->ifr_name));
	return 0;
}

static int (*inet_gifconf_hook)(struct net *net, void *ifconf);

void register_gifconf(int (*gifconf)(struct net *net, void *ifconf))
{
	inet_gifconf_hook = gifconf;
}

/* Is it about a device at all? */
static bool dev_ioctl_known(unsigned int cmd)
{
	static const u16 known[] = {
		SIOCGIFNAME,  SIOCGIFFLAGS,  SIOCSIFFLAGS,  SIOCGIFMETRIC, SIOCSIFMETRIC,
		SIOCGIFMTU,   SIOCSIFMTU,    SIOCSIFNAME,   SIOCSIFHWADDR, SIOCGIFHWADDR,
		SIOCADDMULTI, SIOCDELMULTI,  SIOCGIFINDEX,  SIOCGIFTXQLEN, SIOCSIFTXQLEN,
		SIOCETHTOOL,  SIOCGIFMAP,    SIOCSIFMAP,    SIOCSIFHWBROADCAST,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (known[i] == cmd)
			return true;
	}
	return cmd >= SIOCDEVPRIVATE && cmd <= SIOCDEVPRIVATE + 15;
}

int dev_ioctl(struct net *net, unsigned int cmd, void *arg)
{
	struct net_device *dev;
	struct ifreq ifr;
	int err;

	if (cmd == SIOCGIFCONF)
		return inet_gifconf_hook ? inet_gifconf_hook(net, arg) : -ENOTTY;
	if (!dev_ioctl_known(cmd))
		return -ENOTTY;
	if (!arg || copy_from_user(&ifr, arg, sizeof(ifr)))
		return -EFAULT;
	if (cmd == SIOCGIFNAME) {
		err = dev_ifname(net, &ifr);
		return err ? err : copy_to_user(arg, &ifr, sizeof(ifr));
	}
	ifr.ifr_name[IFNAMSIZ - 1] = '\0';
	/* An alias ("eth0:1") is the same device. */
	ifr.ifr_name[strcspn(ifr.ifr_name, ":")] = '\0';
	dev = __dev_get_by_name(net, ifr.ifr_name);
	err = dev ? dev_ifsioc_get(&ifr, dev, cmd) : -ENODEV;
	if (!err)
		return copy_to_user(arg, &ifr, sizeof(ifr));
	if (err != -ENOTTY)
		return err;
	return dev_ifsioc_set(&ifr, dev, cmd);
}
