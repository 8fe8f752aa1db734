// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-net: the network device of virtual machines (virtio 1.2, section 5.1). This file: probing
 * and features, interrupts and polling, opening and closing. Beside it virtio_net_rx.c,
 * virtio_net_rxbuf.c, virtio_net_tx.c and virtio_net_ctrl.c.
 *
 * The interrupt only silences its queue and schedules NAPI; virtnet_poll() takes back what was
 * sent, hands up what was received, and asks for interrupts again when there is nothing left,
 * looking once more after it asked. Every feature may be missing.
 *
 * Left out: several queue pairs, receive side scaling, VLAN filters, notification coalescing.
 */
#include <drivers/net/virtio_net.h>
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/lib/shutdown.h>
#include <kernel/mm/slab.h>
#include <net/ethernet.h>
#include <net/skb_ops.h>
#include <stdio.h>
#include <string.h>

/* The smallest MTU that IPv4 allows (RFC 791). */
#define VIRTNET_MIN_MTU 68

/* Hard interrupt of the receive queue. */
static void skb_recv_done(struct virtqueue *rvq)
{
	struct virtnet_info *vi = rvq->vdev->priv;

	vi->dev->stats.rx_interrupts++;
	virtqueue_disable_cb(rvq);
	napi_schedule(&vi->napi);
}

/* Hard interrupt of the transmit queue: one poll serves both. */
static void skb_xmit_done(struct virtqueue *svq)
{
	struct virtnet_info *vi = svq->vdev->priv;

	virtqueue_disable_cb(svq);
	if (napi_schedule(&vi->napi))
		virtqueue_disable_cb(vi->rvq);
}

/* Nothing left to do: interrupts on again, unless something came in meanwhile. */
static void virtqueue_napi_complete(struct virtnet_info *vi, int received)
{
	u16 mark = virtqueue_enable_cb_prepare(vi->rvq);

	if (!napi_complete_done(&vi->napi, received) ||
	    (virtqueue_poll(vi->rvq, mark) && napi_schedule(&vi->napi)))
		virtqueue_disable_cb(vi->rvq);
}

static int virtnet_poll(struct napi_struct *napi, int budget)
{
	struct virtnet_info *vi = container_of(napi, struct virtnet_info, napi);
	int received;

	vi->in_poll = true;
	virtnet_tx_clean(vi);
	received = virtnet_receive(vi, budget);
	/* Completing hands up held packets, whose answers belong into this poll's kick. */
	if (received < budget)
		virtqueue_napi_complete(vi, received);
	vi->in_poll = false;
	if (vi->kick_pending)
		virtnet_tx_flush_kick(vi);
	return received;
}

static void virtnet_update_link(struct virtnet_info *vi)
{
	bool up = true;

	if (vi->has_status)
		up = virtio_cread16(vi->vdev, VIRTIO_NET_CONFIG_STATUS) & VIRTIO_NET_S_LINK_UP;
	if (up && !vi->dev->carrier)
		netif_carrier_on(vi->dev);
	else if (!up && vi->dev->carrier)
		netif_carrier_off(vi->dev);
}

static void virtnet_config_work(struct work_struct *w)
{
	struct virtnet_info *vi = container_of(w, struct virtnet_info, config_work);

	if (!vi->vdev->broken)
		virtnet_update_link(vi);
}

/* Hard interrupt. */
static void virtnet_config_changed(struct virtio_device *vdev)
{
	struct virtnet_info *vi = vdev->priv;

	schedule_work(&vi->config_work);
}

static int virtnet_open(struct net_device *dev)
{
	struct virtnet_info *vi = netdev_priv(dev);

	if (vi->vdev->broken)
		return -EIO;
	local_bh_disable();
	virtnet_rx_flush(vi);
	try_fill_recv(vi, GFP_KERNEL);
	napi_enable(&vi->napi);
	vi->napi_on = true;
	/* The first poll asks for interrupts. */
	napi_schedule(&vi->napi);
	local_bh_enable();
	virtnet_set_rx_mode(dev);
	return 0;
}

/* Buffers stay with the device; it is only not listened to. Sleeps. */
static int virtnet_stop(struct net_device *dev)
{
	struct virtnet_info *vi = netdev_priv(dev);

	if (vi->napi_on)
		napi_disable(&vi->napi);
	vi->napi_on = false;
	cancel_delayed_work_sync(&vi->refill);
	del_timer_sync(&vi->tx_timer);
	virtqueue_disable_cb(vi->rvq);
	return 0;
}

static int virtnet_change_mtu(struct net_device *dev, int mtu)
{
	if (mtu < VIRTNET_MIN_MTU || (u32)mtu > dev->max_mtu)
		return -EINVAL;
	dev->mtu = (u32)mtu;
	return 0;
}

static const struct {
	u8 bit;
	const char *name;
} virtnet_feature_names[] = {
	{VIRTIO_NET_F_CSUM, "csum"},
	{VIRTIO_NET_F_GUEST_CSUM, "guest_csum"},
	{VIRTIO_NET_F_MTU, "mtu"},
	{VIRTIO_NET_F_MAC, "mac"},
	{VIRTIO_NET_F_GUEST_TSO4, "guest_tso4"},
	{VIRTIO_NET_F_GUEST_TSO6, "guest_tso6"},
	{VIRTIO_NET_F_GUEST_ECN, "guest_ecn"},
	{VIRTIO_NET_F_HOST_TSO4, "host_tso4"},
	{VIRTIO_NET_F_HOST_TSO6, "host_tso6"},
	{VIRTIO_NET_F_HOST_ECN, "host_ecn"},
	{VIRTIO_NET_F_MRG_RXBUF, "mrg_rxbuf"},
	{VIRTIO_NET_F_STATUS, "status"},
	{VIRTIO_NET_F_CTRL_VQ, "ctrl_vq"},
	{VIRTIO_NET_F_CTRL_RX, "ctrl_rx"},
	{VIRTIO_NET_F_CTRL_MAC_ADDR, "ctrl_mac_addr"},
	{VIRTIO_F_ANY_LAYOUT, "any_layout"},
	{VIRTIO_RING_F_INDIRECT_DESC, "indirect_desc"},
	{VIRTIO_RING_F_EVENT_IDX, "event_idx"},
	{VIRTIO_F_VERSION_1, "version_1"},
};

static void virtnet_features(struct net_device *dev, char *text, size_t size)
{
	struct virtnet_info *vi = netdev_priv(dev);
	size_t used = 0, i;

	snprintf(text, size, "%s", vi->vdev->broken ? "broken" : "");
	for (i = 0; i < ARRAY_SIZE(virtnet_feature_names); i++) {
		used = strlen(text);
		if (virtio_has_feature(vi->vdev, virtnet_feature_names[i].bit) && used < size)
			snprintf(text + used, size - used, "%s%s", used ? " " : "",
				 virtnet_feature_names[i].name);
	}
}

static const struct net_device_ops virtnet_netdev_ops = {
	.ndo_open = virtnet_open,
	.ndo_stop = virtnet_stop,
	.ndo_start_xmit = virtnet_start_xmit,
	.ndo_tx_complete = virtnet_tx_complete,
	.ndo_set_mac_address = virtnet_set_mac_address,
	.ndo_change_mtu = virtnet_change_mtu,
	.ndo_set_rx_mode = virtnet_set_rx_mode,
	.ndo_features = virtnet_features,
	.driver = "virtio_net",
};

/* Offers that make no sense without another are not taken (5.1.3.1). */
static int virtnet_validate(struct virtio_device *vdev)
{
	static const struct {
		u8 bit, needs;
	} depends[] = {
		{VIRTIO_NET_F_GUEST_TSO4, VIRTIO_NET_F_GUEST_CSUM},
		{VIRTIO_NET_F_GUEST_TSO6, VIRTIO_NET_F_GUEST_CSUM},
		{VIRTIO_NET_F_HOST_TSO4, VIRTIO_NET_F_CSUM},
		{VIRTIO_NET_F_HOST_TSO6, VIRTIO_NET_F_CSUM},
		{VIRTIO_NET_F_CTRL_RX, VIRTIO_NET_F_CTRL_VQ},
		{VIRTIO_NET_F_CTRL_MAC_ADDR, VIRTIO_NET_F_CTRL_VQ},
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(depends); i++) {
		if (!virtio_has_feature(vdev, depends[i].needs))
			virtio_clear_feature(vdev, depends[i].bit);
	}
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_TSO4) &&
	    !virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_TSO6))
		virtio_clear_feature(vdev, VIRTIO_NET_F_GUEST_ECN);
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_HOST_TSO4) &&
	    !virtio_has_feature(vdev, VIRTIO_NET_F_HOST_TSO6))
		virtio_clear_feature(vdev, VIRTIO_NET_F_HOST_ECN);
	if (virtio_has_feature(vdev, VIRTIO_NET_F_MTU) &&
	    virtio_cread16(vdev, VIRTIO_NET_CONFIG_MTU) < VIRTNET_MIN_MTU)
		virtio_clear_feature(vdev, VIRTIO_NET_F_MTU);
	return 0;
}

static void set_dev_features(struct virtnet_info *vi)
{
	static const struct {
		u8 bit;
		u32 feature;
	} map[] = {
		{VIRTIO_NET_F_CSUM, NETIF_F_HW_CSUM},
		{VIRTIO_NET_F_HOST_TSO4, NETIF_F_TSO},
		{VIRTIO_NET_F_HOST_TSO6, NETIF_F_TSO6},
		{VIRTIO_NET_F_HOST_ECN, NETIF_F_TSO_ECN},
		{VIRTIO_NET_F_GUEST_CSUM, NETIF_F_RXCSUM},
		{VIRTIO_NET_F_GUEST_TSO4, NETIF_F_GRO_HW},
	};
	bool indirect = virtio_has_feature(vi->vdev, VIRTIO_RING_F_INDIRECT_DESC);
	u16 num = virtqueue_get_vring_size(vi->svq);
	unsigned int i;

	vi->dev->features |= NETIF_F_SG | NETIF_F_GRO;
	for (i = 0; i < ARRAY_SIZE(map); i++) {
		if (virtio_has_feature(vi->vdev, map[i].bit))
			vi->dev->features |= map[i].feature;
	}
	vi->tx_need = VIRTNET_TX_SG;
	if (num >= 2 * VIRTNET_TX_SG)
		return;
	/* A tiny ring: with indirect tables a packet is one descriptor, without it must be linear.
	 */
	vi->tx_need = indirect ? 1 : 2;
	if (!indirect)
		vi->dev->features &= ~(u32)(NETIF_F_SG | NETIF_F_TSO | NETIF_F_TSO6);
}

static void set_dev_address(struct virtnet_info *vi)
{
	struct net_device *dev = vi->dev;

	if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_MAC)) {
		virtio_cread_bytes(vi->vdev, VIRTIO_NET_CONFIG_MAC, dev->dev_addr, ETH_ALEN);
		return;
	}
	/* Any unicast address of the locally administered kind (IEEE 802, section 8.2). */
	get_random_bytes(dev->dev_addr, ETH_ALEN);
	dev->dev_addr[0] = (u8)((dev->dev_addr[0] & ~0x01) | 0x02);
}

static void set_negotiated(struct virtnet_info *vi)
{
	struct virtio_device *vdev = vi->vdev;

	vi->mergeable = virtio_has_feature(vdev, VIRTIO_NET_F_MRG_RXBUF);
	vi->any_layout = virtio_has_feature(vdev, VIRTIO_F_VERSION_1) ||
			 virtio_has_feature(vdev, VIRTIO_F_ANY_LAYOUT);
	vi->hdr_len = VIRTIO_NET_HDR_LEN_LEGACY;
	if (vi->mergeable || virtio_has_feature(vdev, VIRTIO_F_VERSION_1))
		vi->hdr_len = sizeof(struct virtio_net_hdr);
	vi->guest_csum = virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_CSUM);
	vi->guest_gso = virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_TSO4) ||
			virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_TSO6);
	vi->has_status = virtio_has_feature(vdev, VIRTIO_NET_F_STATUS);
	vi->has_ctrl = virtio_has_feature(vdev, VIRTIO_NET_F_CTRL_VQ);
	vi->has_ctrl_rx = virtio_has_feature(vdev, VIRTIO_NET_F_CTRL_RX);
	vi->has_ctrl_mac = virtio_has_feature(vdev, VIRTIO_NET_F_CTRL_MAC_ADDR);
}

static int find_queues(struct virtnet_info *vi)
{
	static const struct virtqueue_info info[] = {
		{"virtio-net rx", skb_recv_done},
		{"virtio-net tx", skb_xmit_done},
		{"virtio-net ctrl", NULL},
	};
	struct virtqueue *vqs[ARRAY_SIZE(info)] = {NULL};
	int err = virtio_find_vqs(vi->vdev, vi->has_ctrl ? 3 : 2, vqs, info);

	if (err)
		return err;
	vi->rvq = vqs[0];
	vi->svq = vqs[1];
	vi->cvq = vqs[2];
	virtqueue_disable_cb(vi->rvq);
	virtqueue_disable_cb(vi->svq);
	return 0;
}

/* Buffers back from a device that was reset. */
static void free_bufs(struct virtnet_info *vi)
{
	void *buf;

	local_bh_disable();
	while ((buf = virtqueue_detach_unused_buf(vi->rvq)))
		virtnet_free_rx_buf(vi, buf);
	vi->rx_pages = 0;
	while ((buf = virtqueue_detach_unused_buf(vi->svq)))
		kfree_skb_reason(buf, SKB_DROP_REASON_DEV_READY);
	local_bh_enable();
}

static struct virtnet_info *virtnet_alloc(struct virtio_device *vdev)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct virtnet_info));
	struct virtnet_info *vi;

	if (!dev)
		return NULL;
	vi = netdev_priv(dev);
	vi->ctrl = kzalloc(sizeof(*vi->ctrl), GFP_KERNEL);
	if (!vi->ctrl) {
		dev_put(dev);
		return NULL;
	}
	vi->vdev = vdev;
	vi->dev = dev;
	vdev->priv = vi;
	dev->netdev_ops = &virtnet_netdev_ops;
	INIT_DELAYED_WORK(&vi->refill, virtnet_refill_work);
	INIT_WORK(&vi->config_work, virtnet_config_work);
	INIT_WORK(&vi->rx_mode_work, virtnet_rx_mode_work);
	mutex_init(&vi->ctrl_lock);
	timer_setup(&vi->tx_timer, virtnet_tx_timer, 0);
	vi->tx_period = 4;
	netif_napi_add(dev, &vi->napi, virtnet_poll);
	return vi;
}

static void virtnet_release(struct virtnet_info *vi)
{
	struct net_device *dev = vi->dev;

	vi->vdev->priv = NULL;
	netif_napi_del(&vi->napi);
	kfree(vi->ctrl);
	dev_put(dev);
}

static int virtnet_probe(struct virtio_device *vdev)
{
	struct virtnet_info *vi = virtnet_alloc(vdev);
	char text[256];
	int err;

	if (!vi)
		return -ENOMEM;
	set_negotiated(vi);
	set_dev_address(vi);
	vi->dev->min_mtu = VIRTNET_MIN_MTU;
	if (virtio_has_feature(vdev, VIRTIO_NET_F_MTU))
		vi->dev->mtu = vi->dev->max_mtu = virtio_cread16(vdev, VIRTIO_NET_CONFIG_MTU);
	err = find_queues(vi);
	if (err)
		goto release;
	virtnet_rx_setup(vi);
	set_dev_features(vi);
	vi->dev->carrier = false;
	err = register_netdev(vi->dev);
	if (err)
		goto reset;
	virtio_device_ready(vdev);
	virtnet_update_link(vi);
	virtnet_features(vi->dev, text, sizeof(text));
	pr_info("%s: %02x:%02x:%02x:%02x:%02x:%02x mtu %u, %s\n", vi->dev->name,
		vi->dev->dev_addr[0], vi->dev->dev_addr[1], vi->dev->dev_addr[2],
		vi->dev->dev_addr[3], vi->dev->dev_addr[4], vi->dev->dev_addr[5], vi->dev->mtu,
		text);
	return 0;

reset:
	virtio_reset_device(vdev);
release:
	virtnet_release(vi);
	return err;
}

/* The device was reset because it lied. The interface stays, without carrier, for people to see. */
static void virtnet_broken(struct virtio_device *vdev)
{
	struct virtnet_info *vi = vdev->priv;

	netif_carrier_off(vi->dev);
	virtnet_stop(vi->dev);
	free_bufs(vi);
	pr_err("%s: out of service\n", vi->dev->name);
}

static void virtnet_remove(struct virtio_device *vdev)
{
	struct virtnet_info *vi = vdev->priv;

	dev_hold(vi->dev);
	unregister_netdev(vi->dev);
	virtnet_stop(vi->dev);
	cancel_work_sync(&vi->config_work);
	cancel_work_sync(&vi->rx_mode_work);
	vdev->config_enabled = false;
	vdev->config->reset(vdev);
	free_bufs(vi);
	virtio_reset_device(vdev);
	virtnet_release(vi);
}

/* For the end of the machine: is something still on its way out? */
static void note_unsent(struct virtio_device *vdev, void *busy)
{
	struct virtnet_info *vi = vdev->priv;

	if (vdev->device != VIRTIO_ID_NET || !vdev->driver || !vi->napi_on)
		return;
	local_bh_disable();
	virtnet_tx_clean(vi);
	if (virtqueue_in_flight(vi->svq) || !skb_queue_empty(&vi->dev->tx_queue))
		*(bool *)busy = true;
	local_bh_enable();
}

static bool virtnet_busy(void)
{
	bool busy = false;

	virtio_for_each(note_unsent, &busy);
	return busy;
}

void virtio_net_init(void)
{
	static const u8 features[] = {
		VIRTIO_NET_F_CSUM,	VIRTIO_NET_F_GUEST_CSUM, VIRTIO_NET_F_MTU,
		VIRTIO_NET_F_MAC,	VIRTIO_NET_F_GUEST_TSO4, VIRTIO_NET_F_GUEST_TSO6,
		VIRTIO_NET_F_GUEST_ECN, VIRTIO_NET_F_HOST_TSO4,	 VIRTIO_NET_F_HOST_TSO6,
		VIRTIO_NET_F_HOST_ECN,	VIRTIO_NET_F_MRG_RXBUF,	 VIRTIO_NET_F_STATUS,
		VIRTIO_NET_F_CTRL_VQ,	VIRTIO_NET_F_CTRL_RX,	 VIRTIO_NET_F_CTRL_MAC_ADDR,
	};
	static struct virtio_driver driver = {
		.name = "virtio-net",
		.device = VIRTIO_ID_NET,
		.feature_table = features,
		.feature_count = ARRAY_SIZE(features),
		.validate = virtnet_validate,
		.probe = virtnet_probe,
		.remove = virtnet_remove,
		.config_changed = virtnet_config_changed,
		.device_broken = virtnet_broken,
	};

	register_virtio_driver(&driver);
	WARN_ON(shutdown_register(virtnet_busy));
}
