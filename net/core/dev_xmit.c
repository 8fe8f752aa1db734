// SPDX-License-Identifier: BSD-2-Clause
/*
 * Network devices, the transmit half: dev_queue_xmit() takes a packet whose link header is complete
 * to the driver, through software segmentation and checksum when the device does not do them
 * (validate_xmit_skb) and through the device's tx_queue while its ring is full.
 *
 * dev_queue_xmit -> dev_hard_start_xmit -> ndo_start_xmit. Called by neighbours and packet sockets
 * in any context but hard interrupts; NET_TX_SOFTIRQ drains the queues after netif_wake_queue().
 * The queue is a FIFO bounded by tx_queue_len; qdiscs are left out.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/lock.h>
#include <net/core/dev.h>
#include <net/dst.h>
#include <net/skb_ops.h>
#include <net/tstamp.h>

/* Devices whose tx_queue may move again; this CPU's, changes with interrupts off. */
static LIST_HEAD(tx_devices);

static bool skb_needs_linearize(const struct sk_buff *skb, const struct net_device *dev)
{
	if (!skb_is_nonlinear(skb))
		return false;
	return skb_shinfo(skb)->frag_list || !(dev->features & NETIF_F_SG);
}

static bool skb_can_tso(const struct sk_buff *skb, const struct net_device *dev)
{
	const struct skb_shared_info *sh = skb_shinfo(skb);

	if (!(dev->features & NETIF_F_TSO) || !(sh->gso_type & SKB_GSO_TCPV4) || sh->frag_list)
		return false;
	if ((sh->gso_type & SKB_GSO_TCP_ECN) && !(dev->features & NETIF_F_TSO_ECN))
		return false;
	return skb->len - ETH_HLEN <= dev->gso_max_size;
}

/* One packet that is not to be segmented. Consumes skb when it returns NULL. */
static struct sk_buff *validate_one(struct sk_buff *skb, struct net_device *dev)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOMEM;

	if (unlikely(skb_needs_linearize(skb, dev)) && skb_linearize(skb))
		goto drop;
	if (skb->ip_summed == CHECKSUM_PARTIAL && !(dev->features & NETIF_F_HW_CSUM)) {
		reason = SKB_DROP_REASON_DEV_HDR;
		if (skb_checksum_help(skb))
			goto drop;
	}
	return skb;
drop:
	dev->stats.tx_dropped++;
	kfree_skb_reason(skb, reason);
	return NULL;
}

/* Cut a GSO packet into a list of packets that dev can send. Consumes skb. */
static struct sk_buff *segment_skb(struct sk_buff *skb, struct net_device *dev)
{
	struct sk_buff *segs = skb_gso_segment(skb), *next;
	struct sk_buff *head = NULL, **tail = &head;

	if (IS_ERR(segs) || !segs) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NULL;
	}
	/* The sender's memory is given back when the last segment is sent. */
	for (; segs; segs = next) {
		next = segs->next;
		segs->next = NULL;
		if (!next && skb->destructor) {
			segs->sk = skb->sk;
			segs->destructor = skb->destructor;
			swap(segs->truesize, skb->truesize);
			skb->sk = NULL;
			skb->destructor = NULL;
		}
		segs = validate_one(segs, dev);
		if (segs) {
			*tail = segs;
			tail = &segs->next;
		}
	}
	consume_skb(skb);
	return head;
}

struct sk_buff *validate_xmit_skb(struct sk_buff *skb, struct net_device *dev)
{
	if (skb_is_gso(skb) && !skb_can_tso(skb, dev))
		return segment_skb(skb, dev);
	return validate_one(skb, dev);
}

/* The device takes it as it is: the usual case, in few instructions. */
static inline bool skb_is_ready(const struct sk_buff *skb, const struct net_device *dev)
{
	const u32 all = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO;
	const struct skb_shared_info *sh = skb_shinfo(skb);

	return (dev->features & all) == all && !sh->frag_list &&
	       (!sh->gso_size || skb_can_tso(skb, dev));
}

netdev_tx_t dev_hard_start_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	if (unlikely(dev_nit_active()))
		dev_queue_xmit_nit(skb, dev);
	return dev->netdev_ops->ndo_start_xmit(skb, dev, more);
}

/* Behind what waits already; without room the new one goes. */
static int tx_enqueue(struct net_device *dev, struct sk_buff *skb)
{
	if (dev->tx_queue.qlen >= dev->tx_queue_len) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
		return -ENOBUFS;
	}
	skb_dst_drop(skb);
	__skb_queue_tail(&dev->tx_queue, skb);
	return 0;
}

/* Send what waits until the queue is empty or the ring is full. Softirqs off. */
static void tx_drain(struct net_device *dev)
{
	struct sk_buff *skb;

	while (!dev->tx_stopped && (skb = __skb_dequeue(&dev->tx_queue)) != NULL) {
		bool more = !skb_queue_empty(&dev->tx_queue);

		if (dev_hard_start_xmit(skb, dev, more) == NETDEV_TX_BUSY) {
			__skb_queue_head(&dev->tx_queue, skb);
			return;
		}
	}
}

/* One packet, or the list that a GSO packet became. */
static int dev_xmit_list(struct sk_buff *skb, struct net_device *dev)
{
	struct sk_buff *next;
	int err = 0;

	for (; skb; skb = next) {
		next = skb->next;
		skb->next = NULL;
		if (likely(!dev->tx_stopped && skb_queue_empty(&dev->tx_queue)) &&
		    likely(dev_hard_start_xmit(skb, dev, next != NULL) == NETDEV_TX_OK))
			continue;
		if (tx_enqueue(dev, skb))
			err = -ENOBUFS;
	}
	return err;
}

/* The two events are one here: nothing lies between the stack and the device but its ring. */
static void skb_tx_timestamp(struct sk_buff *skb)
{
	u8 tx_flags = skb_shinfo(skb)->tx_flags;

	if (!skb->sk)
		return;
	if (tx_flags & SKBTX_SCHED_TSTAMP)
		__skb_tstamp_tx(skb, skb->sk, SCM_TSTAMP_SCHED);
	if (tx_flags & SKBTX_SW_TSTAMP)
		__skb_tstamp_tx(skb, skb->sk, SCM_TSTAMP_SND);
}

int dev_queue_xmit(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	int err;

	local_bh_disable();
	skb_reset_mac_header(skb);
	if (unlikely(skb_shinfo(skb)->tx_flags))
		skb_tx_timestamp(skb);
	if (likely(netif_running(dev))) {
		if (unlikely(!skb_is_ready(skb, dev)))
			skb = validate_xmit_skb(skb, dev);
		err = skb ? dev_xmit_list(skb, dev) : -ENOMEM;
	} else {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_DOWN);
		err = -ENETDOWN;
	}
	local_bh_enable();
	return err;
}

void netif_stop_queue(struct net_device *dev)
{
	dev->tx_stopped = true;
}

void netif_wake_queue(struct net_device *dev)
{
	unsigned long flags;

	dev->tx_stopped = false;
	if (skb_queue_empty(&dev->tx_queue))
		return;
	flags = local_irq_save();
	if (!dev->tx_scheduled) {
		dev->tx_scheduled = true;
		list_add_tail(&dev->tx_link, &tx_devices);
		raise_softirq(NET_TX_SOFTIRQ);
	}
	local_irq_restore(flags);
}

static struct net_device *next_tx_device(void)
{
	unsigned long flags = local_irq_save();
	struct net_device *dev = list_first_entry_or_null(&tx_devices, struct net_device, tx_link);

	if (dev) {
		list_del_init(&dev->tx_link);
		dev->tx_scheduled = false;
	}
	local_irq_restore(flags);
	return dev;
}

static void net_tx_action(void)
{
	struct net_device *dev;

	while ((dev = next_tx_device()) != NULL)
		tx_drain(dev);
}

void dev_flush_tx(struct net_device *dev)
{
	unsigned long flags = local_irq_save();

	if (dev->tx_scheduled) {
		dev->tx_scheduled = false;
		list_del_init(&dev->tx_link);
	}
	dev->tx_stopped = false;
	local_irq_restore(flags);
	__skb_queue_purge(&dev->tx_queue, SKB_DROP_REASON_DEV_DOWN);
}

void dev_xmit_init(void)
{
	open_softirq(NET_TX_SOFTIRQ, net_tx_action);
}

void netdev_tx_complete(struct net_device *dev)
{
	if (!dev->netdev_ops->ndo_tx_complete)
		return;
	local_bh_disable();
	dev->netdev_ops->ndo_tx_complete(dev);
	local_bh_enable();
}
