// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who wants to know when devices come, go and change: the chain of netdevice notifiers. A floor
 * above the devices (addresses, routes, neighbours, ARP) learns of them only here, never the other
 * way round. The chain is a registry, written at init; calls come from net/core/dev_register.c in
 * thread context (or from a driver's link change in softirq); the called functions do not sleep.
 * Nobody can veto a change: Linux's NOTIFY_BAD is left out.
 */
#include <kernel/sched/softirq.h>
#include <net/netdevice.h>

static LIST_HEAD(netdev_chain);

void register_netdevice_notifier(struct notifier_block *nb)
{
	struct net_device *dev;
	struct net *net;

	local_bh_disable();
	list_add_tail(&nb->list, &netdev_chain);
	/* What happened before it came is told again. */
	for_each_net(net)
	{
		for_each_netdev(net, dev) {
			nb->call(nb, NETDEV_REGISTER, dev);
			if (netif_running(dev))
				nb->call(nb, NETDEV_UP, dev);
		}
	}
	local_bh_enable();
}

void unregister_netdevice_notifier(struct notifier_block *nb)
{
	struct net_device *dev;
	struct net *net;

	local_bh_disable();
	for_each_net(net)
	{
		for_each_netdev(net, dev) {
			if (netif_running(dev))
				nb->call(nb, NETDEV_DOWN, dev);
			nb->call(nb, NETDEV_UNREGISTER, dev);
		}
	}
	list_del(&nb->list);
	local_bh_enable();
}

void call_netdevice_notifiers(enum netdev_event ev, struct net_device *dev)
{
	struct notifier_block *nb;

	local_bh_disable();
	list_for_each_entry(nb, &netdev_chain, list)
		nb->call(nb, ev, dev);
	local_bh_enable();
}
