// SPDX-License-Identifier: BSD-2-Clause
/*
 * The loopback device: what a host sends to itself. Every namespace has one, up from the start; its
 * address 127.0.0.1/8 comes from the IPv4 layer when it sees the device come up.
 *
 * Nothing can go wrong on the way, so checksums are not computed (CHECKSUM_PARTIAL counts as
 * verified on receive) and long TCP packets pass whole. A packet is given back to its sender's
 * account at once: the receiver's buffer limits what is on the way.
 *
 * loopback_xmit() is called by dev_hard_start_xmit() with softirqs disabled; the packet comes up
 * through the backlog in NET_RX_SOFTIRQ. loopback_init() runs once, after net_dev_init().
 */
#include <drivers/net/loopback.h>
#include <errno.h>
#include <kernel/lib/printk.h>
#include <net/dst.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <net/netdevice.h>
#include <net/skb_ops.h>
#include <string.h>

#define LOOPBACK_MTU 65536u

static netdev_tx_t loopback_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	u32 len = skb->len;

	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NETDEV_TX_OK;
	}
	skb_orphan(skb);
	skb->tstamp = 0; /* that of sending is no time of arrival */
	/* The way in looks its own route up; this one is the way out. */
	skb_dst_drop(skb);
	skb->protocol = eth_type_trans(skb, dev);
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += len;
	/* Full backlogs are counted there. */
	if (likely(netif_rx(skb) == 0)) {
		dev->stats.rx_packets++;
		dev->stats.rx_bytes += len;
	}
	return NETDEV_TX_OK;
}

static int loopback_change_mtu(struct net_device *dev, int mtu)
{
	dev->mtu = (u32)mtu;
	return 0;
}

static const struct net_device_ops loopback_ops = {
	.ndo_start_xmit = loopback_xmit,
	.ndo_change_mtu = loopback_change_mtu,
};

static void loopback_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->type = ARPHRD_LOOPBACK;
	dev->flags = IFF_LOOPBACK;
	dev->mtu = LOOPBACK_MTU;
	dev->min_mtu = 0;
	dev->max_mtu = LOOPBACK_MTU;
	memset(dev->broadcast, 0, sizeof(dev->broadcast));
	dev->features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_TSO6 |
			NETIF_F_TSO_ECN | NETIF_F_RXCSUM | NETIF_F_LOOPBACK;
	dev->netdev_ops = &loopback_ops;
}

static int loopback_net_init(struct net *net)
{
	struct net_device *dev = alloc_netdev(0, "lo", loopback_setup);
	int err;

	if (!dev)
		return -ENOMEM;
	dev->nd_net = net;
	err = register_netdev(dev);
	if (err) {
		dev_put(dev);
		return err;
	}
	net->loopback_dev = dev;
	return dev_open(dev);
}

/* Gone already when the namespace took all of its devices down. */
static void loopback_net_exit(struct net *net)
{
	if (net->loopback_dev)
		unregister_netdev(net->loopback_dev);
}

void loopback_init(void)
{
	static struct pernet_operations ops = {
		.name = "loopback",
		.init = loopback_net_init,
		.exit = loopback_net_exit,
	};
	int err = register_pernet_subsys(&ops);

	if (err)
		panic("loopback: cannot make the device: error %d", err);
}
