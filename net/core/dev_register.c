// SPDX-License-Identifier: BSD-2-Clause
/*
 * The life of a network device: alloc_netdev, register_netdev (name, index, notifiers), open and
 * close, flags, MTU, address, multicast list, carrier, unregister_netdev. Who wants to know hears
 * it through the notifier chain.
 *
 * Called by drivers and by the interface ioctls in thread context; carrier changes also from
 * softirq. Lists of a namespace's devices change with softirqs off. A device's memory lives until
 * its last reference (routes and neighbours hold one) is gone.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/softirq.h>
#include <net/core/dev.h>
#include <net/ethernet.h>
#include <net/rtnetlink.h>
#include <net/skb_ops.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEVICES_OF_NAME 1024 /* "eth%d": highest number tried */

struct net_device *alloc_netdev(size_t priv_size, const char *name,
				void (*setup)(struct net_device *))
{
	size_t size = ALIGN_UP(sizeof(struct net_device), 64);
	struct net_device *dev = kzalloc(size + priv_size, GFP_KERNEL);

	if (!dev)
		return NULL;
	refcount_set(&dev->refs, 1);
	dev->priv = priv_size ? (u8 *)dev + size : NULL;
	INIT_LIST_HEAD(&dev->dev_list);
	INIT_LIST_HEAD(&dev->napi_list);
	INIT_LIST_HEAD(&dev->mc);
	INIT_LIST_HEAD(&dev->tx_link);
	skb_queue_head_init(&dev->tx_queue);
	dev->nd_net = &init_net;
	dev->tx_queue_len = 1000;
	dev->gso_max_size = 65536;
	dev->gso_max_segs = 65535;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_DATA_LEN;
	dev->carrier = true;
	strlcpy(dev->name, name, sizeof(dev->name));
	if (setup)
		setup(dev);
	return dev;
}

void dev_put(struct net_device *dev)
{
	if (!refcount_dec_and_test(&dev->refs))
		return;
	BUG_ON(dev->registered || dev->ip_ptr);
	if (dev->destructor)
		dev->destructor(dev);
	kfree(dev);
}

struct net_device *__dev_get_by_name(struct net *net, const char *name)
{
	struct net_device *dev;

	for_each_netdev(net, dev) {
		if (!strncmp(dev->name, name, IFNAMSIZ))
			return dev;
	}
	return NULL;
}

struct net_device *__dev_get_by_index(struct net *net, int ifindex)
{
	struct net_device *dev;

	for_each_netdev(net, dev) {
		if (dev->ifindex == ifindex)
			return dev;
	}
	return NULL;
}

static bool dev_valid_name(const char *name)
{
	size_t len = strnlen(name, IFNAMSIZ);

	if (len == 0 || len >= IFNAMSIZ || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (; *name; name++) {
		if (*name == '/' || *name == ':' || *name <= ' ' || *name == 0x7f)
			return false;
	}
	return true;
}

/* Fill in the number of a name like "eth%d"; other names must be free. */
static int dev_get_valid_name(struct net *net, const char *want, char *name)
{
	const char *percent = strchr(want, '%');
	char trial[IFNAMSIZ + 8];
	int i;

	if (!dev_valid_name(want))
		return -EINVAL;
	if (!percent) {
		if (__dev_get_by_name(net, want))
			return -EEXIST;
		memmove(name, want, strlen(want) + 1);
		return 0;
	}
	if (strcmp(percent, "%d"))
		return -EINVAL;
	for (i = 0; i < MAX_DEVICES_OF_NAME; i++) {
		snprintf(trial, sizeof(trial), "%.*s%d", (int)(percent - want), want, i);
		if (strlen(trial) >= IFNAMSIZ)
			break;
		if (!__dev_get_by_name(net, trial)) {
			strcpy(name, trial);
			return 0;
		}
	}
	return -ENFILE;
}

/* A free index, the next one unless the device asks for its own. Kept in order of index. */
static int dev_list_insert(struct net *net, struct net_device *dev)
{
	struct net_device *pos;

	if (!dev->ifindex) {
		while (__dev_get_by_index(net, net->next_ifindex))
			net->next_ifindex++;
		dev->ifindex = net->next_ifindex++;
	} else if (__dev_get_by_index(net, dev->ifindex)) {
		return -EBUSY;
	}
	for_each_netdev(net, pos) {
		if (pos->ifindex > dev->ifindex)
			break;
	}
	list_add_tail(&dev->dev_list, &pos->dev_list);
	return 0;
}

int register_netdev(struct net_device *dev)
{
	struct net *net = dev_net(dev);
	char name[IFNAMSIZ];
	int err;

	BUG_ON(dev->registered || !dev->netdev_ops || !dev->netdev_ops->ndo_start_xmit);
	err = dev_get_valid_name(net, dev->name, name);
	if (err)
		return err;
	strcpy(dev->name, name);
	/* Segmentation works on scattered packets whose checksum the device completes. */
	if (!(dev->features & NETIF_F_SG) || !(dev->features & NETIF_F_HW_CSUM))
		dev->features &= ~(u32)(NETIF_F_TSO | NETIF_F_TSO_ECN | NETIF_F_TSO6);
	dev->features |= NETIF_F_GRO;
	local_bh_disable();
	err = dev_list_insert(net, dev);
	if (!err) {
		dev->registered = true;
		call_netdevice_notifiers(NETDEV_REGISTER, dev);
	}
	local_bh_enable();
	return err;
}

static void dev_mc_flush(struct net_device *dev)
{
	struct netdev_hw_addr *ha, *next;

	list_for_each_entry_safe(ha, next, &dev->mc, list) {
		list_del(&ha->list);
		kfree(ha);
	}
}

void unregister_netdev(struct net_device *dev)
{
	BUG_ON(!dev->registered);
	dev_close(dev);
	local_bh_disable();
	call_netdevice_notifiers(NETDEV_UNREGISTER, dev);
	list_del_init(&dev->dev_list);
	dev->registered = false;
	dev_flush_backlog(dev);
	dev_flush_tx(dev);
	dev_mc_flush(dev);
	if (dev_net(dev)->loopback_dev == dev)
		dev_net(dev)->loopback_dev = NULL;
	local_bh_enable();
	dev_put(dev);
}

u32 dev_get_flags(const struct net_device *dev)
{
	u32 flags = dev->flags & ~(u32)(IFF_RUNNING | IFF_LOWER_UP);

	if (netif_running(dev) && netif_carrier_ok(dev))
		flags |= IFF_RUNNING | IFF_LOWER_UP;
	return flags;
}

static void dev_set_rx_mode(struct net_device *dev)
{
	if (netif_running(dev) && dev->netdev_ops->ndo_set_rx_mode)
		dev->netdev_ops->ndo_set_rx_mode(dev);
}

int dev_open(struct net_device *dev)
{
	int err = 0;

	if (netif_running(dev))
		return 0;
	if (!dev->registered)
		return -ENODEV;
	if (dev->netdev_ops->ndo_open)
		err = dev->netdev_ops->ndo_open(dev);
	if (err)
		return err;
	dev->flags |= IFF_UP;
	dev_set_rx_mode(dev);
	call_netdevice_notifiers(NETDEV_UP, dev);
	return 0;
}

int dev_close(struct net_device *dev)
{
	if (!netif_running(dev))
		return 0;
	dev->flags &= ~(u32)IFF_UP;
	if (dev->netdev_ops->ndo_stop)
		dev->netdev_ops->ndo_stop(dev);
	local_bh_disable();
	dev_flush_tx(dev);
	local_bh_enable();
	call_netdevice_notifiers(NETDEV_DOWN, dev);
	return 0;
}

int dev_change_flags(struct net_device *dev, u32 flags)
{
	u32 settable = IFF_DEBUG | IFF_NOTRAILERS | IFF_NOARP | IFF_DYNAMIC | IFF_MULTICAST |
		       IFF_PORTSEL | IFF_AUTOMEDIA;
	u32 old = dev->flags;
	int err = 0;

	dev->flags = (flags & settable) | (old & ~settable);
	if ((flags ^ old) & IFF_UP)
		err = flags & IFF_UP ? dev_open(dev) : dev_close(dev);
	if ((flags ^ old) & IFF_PROMISC) {
		dev->flags ^= IFF_PROMISC;
		dev_set_rx_mode(dev);
	}
	if ((flags ^ old) & IFF_ALLMULTI) {
		dev->flags ^= IFF_ALLMULTI;
		dev_set_rx_mode(dev);
	}
	return err;
}

/* The flag shows while somebody counts on it. */
static void dev_count_flag(struct net_device *dev, int *users, int inc, u32 flag)
{
	BUG_ON(*users + inc < 0);
	*users += inc;
	if (*users)
		dev->flags |= flag;
	else
		dev->flags &= ~flag;
	dev_set_rx_mode(dev);
}

void dev_set_promiscuity(struct net_device *dev, int inc)
{
	dev_count_flag(dev, &dev->promiscuity, inc, IFF_PROMISC);
}

void dev_set_allmulti(struct net_device *dev, int inc)
{
	dev_count_flag(dev, &dev->allmulti, inc, IFF_ALLMULTI);
}

int dev_change_name(struct net_device *dev, const char *want)
{
	char name[IFNAMSIZ];
	int err;

	if (netif_running(dev))
		return -EBUSY;
	if (!strncmp(want, dev->name, IFNAMSIZ))
		return 0;
	err = dev_get_valid_name(dev_net(dev), want, name);
	if (err)
		return err;
	/* Those who keep something under the device's name see it go and come. */
	dev->renaming = true;
	call_netdevice_notifiers(NETDEV_UNREGISTER, dev);
	strcpy(dev->name, name);
	call_netdevice_notifiers(NETDEV_REGISTER, dev);
	dev->renaming = false;
	call_netdevice_notifiers(NETDEV_CHANGENAME, dev);
	return 0;
}

int dev_set_mtu(struct net_device *dev, int mtu)
{
	int err = 0;

	if (mtu < 0 || (u32)mtu < dev->min_mtu || (u32)mtu > dev->max_mtu)
		return -EINVAL;
	if ((u32)mtu == dev->mtu)
		return 0;
	if (dev->netdev_ops->ndo_change_mtu)
		err = dev->netdev_ops->ndo_change_mtu(dev, mtu);
	if (err)
		return err;
	dev->mtu = (u32)mtu;
	call_netdevice_notifiers(NETDEV_CHANGEMTU, dev);
	return 0;
}

int dev_set_mac_address(struct net_device *dev, const u8 *addr)
{
	int err;

	if (!dev->netdev_ops->ndo_set_mac_address)
		return -EOPNOTSUPP;
	if (addr[0] & 1 || !(addr[0] | addr[1] | addr[2] | addr[3] | addr[4] | addr[5]))
		return -EADDRNOTAVAIL;
	err = dev->netdev_ops->ndo_set_mac_address(dev, addr);
	if (err)
		return err;
	memcpy(dev->dev_addr, addr, dev->addr_len);
	call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
	return 0;
}

static struct netdev_hw_addr *mc_find(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha;

	list_for_each_entry(ha, &dev->mc, list) {
		if (!memcmp(ha->addr, addr, dev->addr_len))
			return ha;
	}
	return NULL;
}

int dev_mc_add(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha = mc_find(dev, addr);

	if (ha) {
		ha->refs++;
		return 0;
	}
	ha = kzalloc(sizeof(*ha), GFP_ATOMIC);
	if (!ha)
		return -ENOMEM;
	memcpy(ha->addr, addr, dev->addr_len);
	ha->refs = 1;
	list_add_tail(&ha->list, &dev->mc);
	dev_set_rx_mode(dev);
	return 0;
}

int dev_mc_del(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha = mc_find(dev, addr);

	if (!ha)
		return -ENOENT;
	if (--ha->refs)
		return 0;
	list_del(&ha->list);
	kfree(ha);
	dev_set_rx_mode(dev);
	return 0;
}

void netif_carrier_on(struct net_device *dev)
{
	if (dev->carrier)
		return;
	dev->carrier = true;
	dev->carrier_up++;
	if (!dev->registered)
		return;
	pr_info("%s: link up\n", dev->name);
	call_netdevice_notifiers(NETDEV_CHANGE, dev);
	if (netif_running(dev))
		call_netdevice_notifiers(NETDEV_NOTIFY_PEERS, dev);
}

void netif_carrier_off(struct net_device *dev)
{
	if (!dev->carrier)
		return;
	dev->carrier = false;
	dev->carrier_down++;
	if (!dev->registered)
		return;
	pr_info("%s: link down\n", dev->name);
	call_netdevice_notifiers(NETDEV_CHANGE, dev);
}

static int netdev_net_init(struct net *net)
{
	INIT_LIST_HEAD(&net->dev_base_head);
	if (!net->next_ifindex)
		net->next_ifindex = 1;
	net->dev_base_seq = 1;
	return 0;
}

/* What was made by command goes with its other end. */
static void netdev_net_exit(struct net *net)
{
	while (!list_empty(&net->dev_base_head)) {
		struct net_device *dev =
			list_last_entry(&net->dev_base_head, struct net_device, dev_list);

		if (dev->rtnl_link_ops)
			dev->rtnl_link_ops->dellink(dev);
		else
			unregister_netdev(dev);
	}
}

static struct pernet_operations netdev_net_ops = {
	.name = "netdev",
	.init = netdev_net_init,
	.exit = netdev_net_exit,
};

void dev_register_init(void)
{
	int err = register_pernet_subsys(&netdev_net_ops);

	BUG_ON(err);
}
