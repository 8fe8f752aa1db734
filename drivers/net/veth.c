// SPDX-License-Identifier: BSD-2-Clause
/*
 * veth: a pair of Ethernet interfaces, usually in two namespaces, where what one sends the other
 * receives. Namespaces are joined by it, and tests use it as a wire.
 *
 * An end has carrier while both are up. Checksums and long TCP packets pass as they are, since
 * nothing can be damaged on the way. When one end goes, by command or with its namespace, the other
 * goes too.
 *
 * veth_xmit() is called by dev_hard_start_xmit() with softirqs disabled; the packet comes up at the
 * peer through the backlog in NET_RX_SOFTIRQ. The rest is thread context. Left out: XDP, NAPI mode.
 */
#include <drivers/net/veth.h>
#include <errno.h>
#include <kernel/lib/random.h>
#include <net/dst.h>
#include <net/ethernet.h>
#include <net/netdevice.h>
#include <net/rtnetlink.h>
#include <net/skb_ops.h>
#include <string.h>

#define VETH_MAX_MTU 65535u

struct veth_priv {
	struct net_device *peer; /* no reference: cleared when the peer's memory goes */
};

static struct net_device *veth_peer(const struct net_device *dev)
{
	return ((struct veth_priv *)netdev_priv(dev))->peer;
}

static netdev_tx_t veth_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	struct net_device *peer = veth_peer(dev);
	u32 len = skb->len;

	if (!peer || !netif_running(peer)) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return NETDEV_TX_OK;
	}
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NETDEV_TX_OK;
	}
	/* Another namespace's affair from here on. */
	skb_orphan(skb);
	skb_dst_drop(skb);
	skb->mark = 0;
	skb->tstamp = 0;
	skb->protocol = eth_type_trans(skb, peer);
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += len;
	/* Full backlogs are counted there. */
	if (likely(netif_rx(skb) == 0)) {
		peer->stats.rx_packets++;
		peer->stats.rx_bytes += len;
	}
	return NETDEV_TX_OK;
}

static int veth_open(struct net_device *dev)
{
	struct net_device *peer = veth_peer(dev);

	if (!peer)
		return -ENOTCONN;
	if (netif_running(peer)) {
		netif_carrier_on(dev);
		netif_carrier_on(peer);
	}
	return 0;
}

static int veth_stop(struct net_device *dev)
{
	struct net_device *peer = veth_peer(dev);

	netif_carrier_off(dev);
	if (peer)
		netif_carrier_off(peer);
	return 0;
}

static int veth_set_mac_address(struct net_device *dev, const u8 *addr)
{
	memcpy(dev->dev_addr, addr, ETH_ALEN);
	return 0;
}

static int veth_change_mtu(struct net_device *dev, int mtu)
{
	dev->mtu = (u32)mtu;
	return 0;
}

static const struct net_device_ops veth_ops = {
	.ndo_open = veth_open,
	.ndo_stop = veth_stop,
	.ndo_start_xmit = veth_xmit,
	.ndo_set_mac_address = veth_set_mac_address,
	.ndo_change_mtu = veth_change_mtu,
};

/* The memory of dev goes; whoever still looks from the other end sees no peer. */
static void veth_free(struct net_device *dev)
{
	struct net_device *peer = veth_peer(dev);

	if (peer)
		((struct veth_priv *)netdev_priv(peer))->peer = NULL;
}

static void veth_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->max_mtu = VETH_MAX_MTU;
	dev->carrier = false;
	dev->features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_TSO6 |
			NETIF_F_TSO_ECN | NETIF_F_RXCSUM;
	dev->netdev_ops = &veth_ops;
	dev->destructor = veth_free;
	get_random_bytes(dev->dev_addr, ETH_ALEN);
	dev->dev_addr[0] = (u8)((dev->dev_addr[0] & ~0x01) | 0x02);
}

static struct net_device *veth_newlink(struct net *net, const char *name, struct net *peer_net,
				       const char *peer)
{
	struct veth_end a = {net, name}, b = {peer_net, peer};
	struct net_device *devs[2];
	int err = veth_create(&a, &b, devs);

	return err ? ERR_PTR(err) : devs[0];
}

static struct rtnl_link_ops veth_link_ops = {
	.kind = "veth",
	.newlink = veth_newlink,
	.dellink = veth_destroy,
	.get_peer = veth_peer,
};

void veth_init(void)
{
	rtnl_link_register(&veth_link_ops);
}

static struct net_device *veth_new(const struct veth_end *end)
{
	struct net_device *dev = alloc_netdev(sizeof(struct veth_priv), end->name, veth_setup);

	if (dev) {
		dev->nd_net = end->net;
		dev->rtnl_link_ops = &veth_link_ops;
	}
	return dev;
}

int veth_create(const struct veth_end *a, const struct veth_end *b, struct net_device *devs[2])
{
	struct net_device *x = veth_new(a), *y = veth_new(b);
	int err = -ENOMEM;

	if (!x || !y)
		goto free;
	((struct veth_priv *)netdev_priv(x))->peer = y;
	((struct veth_priv *)netdev_priv(y))->peer = x;
	err = register_netdev(x);
	if (err)
		goto free;
	err = register_netdev(y);
	if (err) {
		unregister_netdev(x);
		x = NULL;
		goto free;
	}
	if (devs) {
		devs[0] = x;
		devs[1] = y;
	}
	return 0;

free:
	if (x)
		dev_put(x);
	if (y)
		dev_put(y);
	return err;
}

void veth_destroy(struct net_device *dev)
{
	struct net_device *peer = veth_peer(dev);

	if (peer && peer->registered)
		unregister_netdev(peer);
	unregister_netdev(dev);
}
