// SPDX-License-Identifier: BSD-2-Clause
/*
 * Network devices, the receive half: NAPI polling in NET_RX_SOFTIRQ (net_rx_action), the per-CPU
 * backlog behind netif_rx(), and the way up from a frame to its packet_type handler
 * (__netif_receive_skb_core). Devices themselves (register, open, close) are in dev_register.c,
 * the transmit half in dev_xmit.c, coalescing in gro.c.
 *
 * Called by drivers (softirq, and napi_schedule from hard interrupts) and by protocols that add
 * packet types (thread). The registries of packet types are global; all else hangs from a device
 * or from this CPU's softnet_data. VLAN, RPS and bridging hooks are left out.
 */
#include <kernel/lib/printk.h>
#include <kernel/sched/lock.h>
#include <kernel/time/clock.h>
#include <net/core/dev.h>
#include <net/dst.h>
#include <net/ethernet.h>
#include <net/netdevice.h>
#include <net/rtnetlink.h>

#define PTYPE_HASH_SIZE 16

static struct list_head ptype_base[PTYPE_HASH_SIZE];
static LIST_HEAD(ptype_all);
static int timestamp_users;

/* This CPU's receive work. poll_list and the queue change with interrupts off. */
static struct softnet_data {
	struct list_head poll_list;
	struct sk_buff_head input_pkt_queue; /* bounded by netdev_max_backlog */
	struct napi_struct backlog;
	struct softnet_stats stats;
} softnet;

static struct list_head *ptype_head(be16 type)
{
	return type == cpu_to_be16(ETH_P_ALL) ? &ptype_all
					      : &ptype_base[be16_to_cpu(type) % PTYPE_HASH_SIZE];
}

void dev_add_pack(struct packet_type *pt)
{
	local_bh_disable();
	list_add(&pt->list, ptype_head(pt->type));
	local_bh_enable();
}

void dev_remove_pack(struct packet_type *pt)
{
	local_bh_disable();
	list_del(&pt->list);
	local_bh_enable();
}

void net_enable_timestamp(void)
{
	timestamp_users++;
}

void net_disable_timestamp(void)
{
	WARN_ON(timestamp_users == 0);
	timestamp_users--;
}

bool dev_nit_active(void)
{
	return !list_empty(&ptype_all);
}

void dev_queue_xmit_nit(struct sk_buff *skb, struct net_device *dev)
{
	struct packet_type *pt;

	list_for_each_entry(pt, &ptype_all, list) {
		struct sk_buff *copy;

		if ((pt->dev && pt->dev != dev) || pt->ignore_outgoing ||
		    (pt->af_packet_priv && pt->af_packet_priv == skb->sk))
			continue;
		copy = skb_clone(skb, GFP_ATOMIC);
		if (!copy)
			continue;
		if (skb_orphan_frags_rx(copy, GFP_ATOMIC)) {
			kfree_skb_reason(copy, SKB_DROP_REASON_NOMEM);
			continue;
		}
		copy->dev = dev;
		copy->pkt_type = PACKET_OUTGOING;
		copy->mac_header = (u16)(copy->data - copy->head);
		if (copy->network_header < copy->mac_header ||
		    copy->head + copy->network_header > copy->tail)
			skb_reset_network_header(copy);
		/* A sender's time is of another clock. */
		copy->tstamp = timestamp_users ? ktime_get_real_ns() : 0;
		pt->func(copy, dev, pt);
	}
}

/* Give a reference of skb to a handler that is not the last. */
static void deliver_skb(struct sk_buff *skb, struct packet_type *pt)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (copy)
		pt->func(copy, skb->dev, pt);
}

/* Taps see every frame that comes in, before the protocols do. */
static void deliver_taps(struct sk_buff *skb)
{
	struct packet_type *pt;

	list_for_each_entry(pt, &ptype_all, list) {
		if (!pt->dev || pt->dev == skb->dev)
			deliver_skb(skb, pt);
	}
}

static int __netif_receive_skb_core(struct sk_buff *skb)
{
	struct list_head *head = &ptype_base[be16_to_cpu(skb->protocol) % PTYPE_HASH_SIZE];
	struct packet_type *pt, *last = NULL;

	skb_reset_network_header(skb);
	softnet.stats.processed++;
	if (unlikely(!list_empty(&ptype_all)))
		deliver_taps(skb);
	list_for_each_entry(pt, head, list) {
		if (pt->type != skb->protocol || (pt->dev && pt->dev != skb->dev))
			continue;
		if (unlikely(last))
			deliver_skb(skb, last);
		last = pt;
	}
	if (likely(last))
		return last->func(skb, skb->dev, last);
	skb->dev->stats.rx_dropped++;
	kfree_skb_reason(skb, SKB_DROP_REASON_UNHANDLED_PROTO);
	return -1;
}

void netif_receive_skb(struct sk_buff *skb)
{
	BUG_ON(!skb->dev);
	if (unlikely(timestamp_users) && !skb->tstamp)
		skb->tstamp = ktime_get_real_ns();
	if (unlikely(!netif_running(skb->dev))) {
		skb->dev->stats.rx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_DOWN);
		return;
	}
	__netif_receive_skb_core(skb);
}

/* Interrupts off. */
static void __napi_schedule(struct napi_struct *n)
{
	n->scheduled = true;
	list_add_tail(&n->poll_list, &softnet.poll_list);
	raise_softirq(NET_RX_SOFTIRQ);
}

bool napi_schedule(struct napi_struct *n)
{
	unsigned long flags = local_irq_save();
	bool first = !n->scheduled && !n->disabled;

	if (first)
		__napi_schedule(n);
	else
		n->missed = true;
	local_irq_restore(flags);
	return first;
}

bool napi_complete_done(struct napi_struct *n, int work)
{
	unsigned long flags;
	bool again;

	(void)work;
	if (n->gro_count)
		napi_gro_flush(n);
	flags = local_irq_save();
	BUG_ON(!n->scheduled);
	again = n->missed && !n->disabled;
	n->missed = false;
	n->scheduled = false;
	if (again)
		__napi_schedule(n);
	local_irq_restore(flags);
	return !again;
}

void netif_napi_add(struct net_device *dev, struct napi_struct *n,
		    int (*poll)(struct napi_struct *, int))
{
	INIT_LIST_HEAD(&n->poll_list);
	INIT_LIST_HEAD(&n->gro_list);
	n->gro_count = 0;
	n->dev = dev;
	n->poll = poll;
	n->weight = NAPI_POLL_WEIGHT;
	n->scheduled = false;
	n->missed = false;
	n->disabled = true;
	list_add_tail(&n->dev_list, &dev->napi_list);
}

void netif_napi_del(struct napi_struct *n)
{
	WARN_ON(n->scheduled);
	local_bh_disable();
	napi_gro_flush(n);
	local_bh_enable();
	list_del(&n->dev_list);
}

void napi_enable(struct napi_struct *n)
{
	BUG_ON(n->scheduled);
	n->missed = false;
	n->disabled = false;
}

void napi_disable(struct napi_struct *n)
{
	n->disabled = true;
	while (n->scheduled)
		msleep(1);
}

/* Poll one instance. True when it used its weight up and waits for its next turn. */
static bool napi_poll(struct napi_struct *n, int *work)
{
	*work = n->poll(n, n->weight);
	WARN_ON_ONCE(*work > n->weight);
	if (*work < n->weight)
		return false;
	if (unlikely(n->disabled)) {
		napi_complete_done(n, *work);
		return false;
	}
	/* Held packets do not wait longer than one round. */
	if (n->gro_count)
		napi_gro_flush(n);
	return true;
}

static struct napi_struct *next_poll(void)
{
	unsigned long flags = local_irq_save();
	struct napi_struct *n =
		list_first_entry_or_null(&softnet.poll_list, struct napi_struct, poll_list);

	if (n) {
		list_del_init(&n->poll_list);
		n->missed = false;
	}
	local_irq_restore(flags);
	return n;
}

/* NET_RX_SOFTIRQ: each scheduled instance in turn until nothing is left, or budget or time is. */
static void net_rx_action(void)
{
	int budget = init_net.core.netdev_budget, work;
	u64 end = 0, now;
	LIST_HEAD(repeat);
	struct napi_struct *n;
	unsigned long flags;

	while ((n = next_poll()) != NULL) {
		if (napi_poll(n, &work))
			list_add_tail(&n->poll_list, &repeat);
		budget -= work;
		if (list_empty(&softnet.poll_list) && list_empty(&repeat))
			return;
		now = ktime_get_ns();
		if (!end)
			end = now + (u64)init_net.core.netdev_budget_usecs * NSEC_PER_USEC;
		if (budget <= 0 || now >= end) {
			softnet.stats.time_squeeze++;
			break;
		}
	}
	flags = local_irq_save();
	list_splice_tail_init(&repeat, &softnet.poll_list);
	if (!list_empty(&softnet.poll_list))
		raise_softirq(NET_RX_SOFTIRQ);
	local_irq_restore(flags);
}

int netif_rx(struct sk_buff *skb)
{
	unsigned long flags;
	bool room;

	if (unlikely(timestamp_users) && !skb->tstamp)
		skb->tstamp = ktime_get_real_ns();
	flags = local_irq_save();
	room = netif_running(skb->dev) &&
	       softnet.input_pkt_queue.qlen < (u32)init_net.core.netdev_max_backlog;
	if (likely(room)) {
		__skb_queue_tail(&softnet.input_pkt_queue, skb);
		if (!softnet.backlog.scheduled)
			__napi_schedule(&softnet.backlog);
	} else {
		softnet.stats.dropped++;
	}
	local_irq_restore(flags);
	if (likely(room))
		return 0;
	skb->dev->stats.rx_dropped++;
	kfree_skb_reason(skb, SKB_DROP_REASON_CPU_BACKLOG);
	return -1;
}

static struct sk_buff *backlog_dequeue(void)
{
	unsigned long flags = local_irq_save();
	struct sk_buff *skb = __skb_dequeue(&softnet.input_pkt_queue);

	local_irq_restore(flags);
	return skb;
}

/* The backlog is an instance like any device's: loopback and veth arrive here. */
static int process_backlog(struct napi_struct *n, int budget)
{
	struct sk_buff *skb;
	int work = 0;

	while (work < budget && (skb = backlog_dequeue()) != NULL) {
		netif_receive_skb(skb);
		work++;
	}
	if (work < budget) {
		napi_complete_done(n, work);
		/* A hard interrupt may have queued between the last look and the end. */
		if (unlikely(!skb_queue_empty(&softnet.input_pkt_queue)))
			napi_schedule(n);
	}
	return work;
}

void dev_flush_backlog(const struct net_device *dev)
{
	struct sk_buff *skb, *next;
	struct sk_buff_head gone;
	unsigned long flags;

	skb_queue_head_init(&gone);
	flags = local_irq_save();
	skb_queue_walk_safe(&softnet.input_pkt_queue, skb, next) {
		if (skb->dev == dev) {
			__skb_unlink(skb, &softnet.input_pkt_queue);
			__skb_queue_tail(&gone, skb);
		}
	}
	local_irq_restore(flags);
	__skb_queue_purge(&gone, SKB_DROP_REASON_DEV_DOWN);
}

void dev_softnet_stats(struct softnet_stats *st)
{
	*st = softnet.stats;
	st->backlog_len = softnet.input_pkt_queue.qlen;
}

void net_dev_init(void)
{
	int i;

	for (i = 0; i < PTYPE_HASH_SIZE; i++)
		INIT_LIST_HEAD(&ptype_base[i]);
	INIT_LIST_HEAD(&softnet.poll_list);
	INIT_LIST_HEAD(&softnet.backlog.poll_list);
	INIT_LIST_HEAD(&softnet.backlog.gro_list);
	skb_queue_head_init(&softnet.input_pkt_queue);
	softnet.backlog.poll = process_backlog;
	softnet.backlog.weight = NAPI_POLL_WEIGHT;
	open_softirq(NET_RX_SOFTIRQ, net_rx_action);
	net_core_sysctl_init();
	dev_xmit_init();
	dev_register_init();
	net_proc_init();
	net_sysfs_init();
	netns_proc_init();
}
