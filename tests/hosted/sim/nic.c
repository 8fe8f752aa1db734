// SPDX-License-Identifier: BSD-2-Clause
/*
 * The devices of the simulation: sk_buffs on one side, bytes on the other. A device with TSO and
 * checksum offload does on the way out what hardware would, so the wire sees whole segments only;
 * on the way in it verifies checksums if it can, hands packets up through NAPI (and so GRO), and
 * shapes their memory as one of several kinds of hardware do.
 */
#include <net/checksum.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <net/ip.h>
#include <net/skb_ops.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/sim/link.h>
#include <tests/hosted/sim/wire.h>
#include <tests/hosted/test.h>

#define TX_DONE_NS 3000

struct tx_done {
	struct hosted_event event; /* first */
	struct sim_nic *nic;
	struct sk_buff *skb;
};

/* ---- out ---- */

static void put_on_wire(struct sim_nic *n, struct sk_buff *skb)
{
	static u8 bytes[70000] __aligned(8);

	assert_true(skb->len <= sizeof(bytes));
	assert_int_equal(skb_copy_bits(skb, 0, bytes, skb->len), 0);
	wire_sent(n->link->wire, n, bytes, skb->len);
	sim_link_send(n->link, n->side, bytes, skb->len);
}

/* What the hardware does with what the stack left to it. */
static void transmit(struct sim_nic *n, struct sk_buff *skb)
{
	struct sk_buff *list, *next;

	skb_pull(skb, (u32)skb_network_offset(skb));
	if (!skb_is_gso(skb)) {
		if (skb->ip_summed == CHECKSUM_PARTIAL)
			assert_int_equal(skb_checksum_help(skb), 0);
		put_on_wire(n, skb);
		return;
	}
	list = skb_gso_segment(skb);
	assert_true(list && !IS_ERR(list));
	for (; list; list = next) {
		next = list->next;
		list->next = NULL;
		if (list->ip_summed == CHECKSUM_PARTIAL)
			assert_int_equal(skb_checksum_help(list), 0);
		put_on_wire(n, list);
		consume_skb(list);
	}
}

static void tx_done(struct hosted_event *ev)
{
	struct tx_done *d = container_of(ev, struct tx_done, event);
	struct sim_nic *n = d->nic;

	n->in_ring--;
	consume_skb(d->skb);
	free(d);
	if (netif_queue_stopped(n->dev) && n->in_ring <= n->link->kind.ring / 2)
		netif_wake_queue(n->dev);
}

static netdev_tx_t nic_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	struct sim_nic *n = netdev_priv(dev);
	struct tx_done *d;

	(void)more;
	hosted_fail_hold(true);
	transmit(n, skb);
	hosted_fail_hold(false);
	if (!n->link->kind.ring) {
		consume_skb(skb);
		return NETDEV_TX_OK;
	}
	/* The packet is the device's until it tells that it is done. */
	skb_dst_drop(skb);
	d = malloc(sizeof(*d));
	d->nic = n;
	d->skb = skb;
	hosted_event_init(&d->event, tx_done);
	hosted_event_at(&d->event, hosted_now_ns() + TX_DONE_NS);
	if (++n->in_ring >= n->link->kind.ring)
		netif_stop_queue(dev);
	return NETDEV_TX_OK;
}

/* ---- in ---- */

/* Without an Ethernet header in front, IP would lie askew. */
static struct sk_buff *nic_alloc(struct sim_nic *n, u32 len)
{
	struct sk_buff *skb = netdev_alloc_skb(n->dev, len + NET_IP_ALIGN);

	if (skb)
		skb_reserve(skb, NET_IP_ALIGN);
	return skb;
}

static struct sk_buff *shape_copy(struct sim_nic *n, const struct sim_frame *f)
{
	struct sk_buff *skb = nic_alloc(n, f->len);

	if (skb)
		memcpy(skb_put(skb, f->len), f->bytes, f->len);
	return skb;
}

/* The page that the device wrote is the head. */
static struct sk_buff *shape_page(struct sim_nic *n, const struct sim_frame *f)
{
	struct page *page = alloc_pages(GFP_ATOMIC, 0);
	struct sk_buff *skb;

	if (!page)
		return NULL;
	skb = build_skb_page(page_address(page), PAGE_SIZE, GFP_ATOMIC);
	if (!skb) {
		__free_pages(page, 0);
		return NULL;
	}
	skb_reserve(skb, MAX_HEADER);
	memcpy(skb_put(skb, f->len), f->bytes, f->len);
	return skb;
}

/* Some bytes in the head, the rest in a page. */
static struct sk_buff *shape_frag(struct sim_nic *n, const struct sim_frame *f)
{
	u32 head = min(f->len, 128u), rest = f->len - head;
	struct sk_buff *skb = nic_alloc(n, head);
	struct page *page;

	if (!skb)
		return NULL;
	memcpy(skb_put(skb, head), f->bytes, head);
	if (!rest)
		return skb;
	page = alloc_pages(GFP_ATOMIC, 0);
	if (!page) {
		kfree_skb(skb);
		return NULL;
	}
	memcpy(page_address(page), f->bytes + head, rest);
	skb_fill_page_desc(skb, 0, page, 0, rest);
	skb->len += rest;
	skb->data_len += rest;
	skb->truesize += PAGE_SIZE;
	return skb;
}

static struct sk_buff *shape(struct sim_nic *n, const struct sim_frame *f)
{
	struct sk_buff *skb;
	u8 kind = f->len > 2000 ? NIC_RX_COPY : n->link->kind.rx_shape;

	if (kind == NIC_RX_PAGE)
		skb = shape_page(n, f);
	else if (kind == NIC_RX_FRAG)
		skb = shape_frag(n, f);
	else
		skb = shape_copy(n, f);
	if (!skb)
		return NULL;
	if (n->dev->features & NETIF_F_RXCSUM && wire_checksum_good(f->bytes, f->len))
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->dev = n->dev;
	skb->protocol = cpu_to_be16(ETH_P_IP);
	skb->pkt_type = PACKET_HOST;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	return skb;
}

static int nic_poll(struct napi_struct *napi, int budget)
{
	struct sim_nic *n = netdev_priv(napi->dev);
	int work = 0;

	while (work < budget && n->rx_head) {
		struct sim_frame *f = n->rx_head;
		struct sk_buff *skb = shape(n, f);

		n->rx_head = f->next;
		if (!n->rx_head)
			n->rx_tail = &n->rx_head;
		if (skb) {
			wire_arrived(n->link->wire, n, f);
			napi_gro_receive(napi, skb);
		}
		free(f);
		work++;
	}
	if (work < budget)
		napi_complete_done(napi, work);
	return work;
}

void sim_nic_arrive(struct sim_nic *n, struct sim_frame *f)
{
	f->next = NULL;
	*n->rx_tail = f;
	n->rx_tail = &f->next;
	napi_schedule(&n->napi);
}

/* ---- up and down ---- */

static int nic_change_mtu(struct net_device *dev, int mtu)
{
	dev->mtu = (u32)mtu;
	return 0;
}

static const struct net_device_ops nic_ops = {
	.ndo_start_xmit = nic_xmit,
	.ndo_change_mtu = nic_change_mtu,
};

static void nic_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->header_ops = NULL;
	dev->hard_header_len = 0;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->max_mtu = 9000;
	dev->netdev_ops = &nic_ops;
}

void sim_link_make(struct sim_link *l, struct net *const net[2], u32 mtu)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct net_device *dev = alloc_netdev(sizeof(struct sim_nic), "sim%d", nic_setup);
		struct sim_nic *n = netdev_priv(dev);

		n->link = l;
		n->side = i;
		n->dev = dev;
		n->rx_tail = &n->rx_head;
		l->nic[i] = n;
		dev->nd_net = net[i];
		dev->features = l->kind.features;
		dev->mtu = mtu;
		assert_int_equal(register_netdev(dev), 0);
		netif_napi_add(dev, &n->napi, nic_poll);
		napi_enable(&n->napi);
		assert_int_equal(dev_open(dev), 0);
	}
}

void sim_link_destroy(struct sim_link *l)
{
	int i;

	for (i = 0; i < 2; i++) {
		assert_int_equal(l->in_flight[i], 0);
		assert_int_equal(l->nic[i]->in_ring, 0);
		napi_disable(&l->nic[i]->napi);
		netif_napi_del(&l->nic[i]->napi);
		unregister_netdev(l->nic[i]->dev);
	}
}
