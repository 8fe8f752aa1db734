// SPDX-License-Identifier: BSD-2-Clause
/*
 * The wire of a packet script: a point-to-point device whose ndo_start_xmit keeps what the host
 * sends with its time, and dev_inject(), which brings a packet in as a driver does in its poll.
 */
#include <kernel/sched/softirq.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/route.h>
#include <net/skb_ops.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/script/run.h>
#include <tests/hosted/services/hosted.h>

/* skb->tstamp: when a held packet is given back. */
static void wire_done(struct hrtimer *t)
{
	struct sk_buff *skb;

	while ((skb = skb_peek(&run.held)) && (run.deaf || skb->tstamp <= ktime_get_ns())) {
		__skb_unlink(skb, &run.held);
		consume_skb(skb);
	}
	if (skb)
		hrtimer_start(t, skb->tstamp);
}

static void wire_hold(struct sk_buff *skb)
{
	skb->tstamp = ktime_get_ns() + run.s->tx_hold_ms * NSEC_PER_MSEC;
	__skb_queue_tail(&run.held, skb);
	if (!hrtimer_active(&run.hold_timer))
		hrtimer_start(&run.hold_timer, skb->tstamp);
}

static netdev_tx_t wire_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	struct frame *f;

	(void)dev;
	(void)more;
	if (!run.deaf) {
		f = malloc(sizeof(*f) + skb->len);
		*f = (struct frame){.at_us = run_now_us(), .len = skb->len};
		if (skb_copy_bits(skb, 0, f->data, skb->len))
			run_fail("the packet that the host sends cannot be copied");
		*run.sent_tail = f;
		run.sent_tail = &f->next;
		if (run.sleeper)
			wake_up_thread(run.sleeper);
	}
	if (run.s->tx_hold_ms && !run.deaf)
		wire_hold(skb);
	else
		consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops wire_ops = {.ndo_start_xmit = wire_xmit};

static void wire_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->header_ops = NULL;
	dev->hard_header_len = 0;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->max_mtu = 65535;
	dev->netdev_ops = &wire_ops;
}

static int no_poll(struct napi_struct *n, int budget)
{
	(void)n;
	(void)budget;
	return 0;
}

void dev_up(void)
{
	struct fib_config everywhere = {.type = RTN_UNICAST, .scope = RT_SCOPE_LINK};

	run.sent_tail = &run.sent;
	skb_queue_head_init(&run.held);
	hrtimer_setup(&run.hold_timer, wire_done);
	run.dev = alloc_netdev(0, "tun0", wire_setup);
	run.dev->nd_net = run.net;
	run.dev->mtu = (u32)run.s->mtu;
	run.dev->features = run.s->features;
	if (register_netdev(run.dev) || dev_open(run.dev) ||
	    inet_addr_add(run.dev, cpu_to_be32(run.s->local_ip), 24, 0))
		run_fail("the device does not come up");
	everywhere.dev = run.dev;
	if (fib_add_route(run.net, &everywhere))
		run_fail("no default route");
	netif_napi_add(run.dev, &run.napi, no_poll);
	napi_enable(&run.napi);
}

void dev_down(void)
{
	napi_disable(&run.napi);
	netif_napi_del(&run.napi);
	unregister_netdev(run.dev);
}

void dev_inject(const u8 *ip, u32 len)
{
	struct sk_buff *skb = netdev_alloc_skb(run.dev, len + 2);

	if (!skb)
		run_fail("no memory for a packet");
	skb_reserve(skb, 2);
	memcpy(skb_put(skb, len), ip, len);
	skb->protocol = cpu_to_be16(ETH_P_IP);
	skb->pkt_type = PACKET_HOST;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	local_bh_disable();
	if (run.s->features & NETIF_F_GRO) {
		napi_gro_receive(&run.napi, skb);
		napi_gro_flush(&run.napi);
	} else {
		netif_receive_skb(skb);
	}
	local_bh_enable();
}

struct frame *dev_take(void)
{
	struct frame *f = run.sent;

	if (!f)
		return NULL;
	run.sent = f->next;
	if (!run.sent)
		run.sent_tail = &run.sent;
	return f;
}
