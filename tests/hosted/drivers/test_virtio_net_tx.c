// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-net, sending, the control queue and the link, against a fake device: what the header asks
 * for, who gets sent memory back and when, how often the device is kicked, filters and addresses.
 */
#include <tests/hosted/test.h>

#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/drivers/virtnet_test.h>

char hosted_physical[1];

static struct net_fake nf;
static u8 frame[NET_MAX_FRAME];

#define LEGACY	 (NET_ALL & ~BIT64(VIRTIO_F_VERSION_1))
#define INDIRECT BIT64(VIRTIO_RING_F_INDIRECT_DESC)
#define EVENT	 BIT64(VIRTIO_RING_F_EVENT_IDX)

static unsigned int freed;

static void count_freed(struct sk_buff *skb)
{
	freed++;
}

static struct sk_buff *packet(u32 len, u32 linear)
{
	struct sk_buff *skb;

	net_fake_tcp(&nf, frame, len, (u8)len);
	skb = net_fake_skb(&nf, frame, len, linear);
	skb->destructor = count_freed;
	return skb;
}

static void start(u64 features, u16 ring)
{
	net_fake_start(&nf, features, ring);
	freed = 0;
	nf.sent = 0;
	nf.fd.q[NET_TX].kicks = 0;
}

static bool sent_is(u32 len)
{
	return nf.last.len == len && !memcmp(nf.last.data, frame, len);
}

/* ---- what comes out ---- */

static void all_shapes_are_sent(u64 features)
{
	static const u32 lengths[] = {14, 60, 100, 1514, 5000, 30000, 65549};
	unsigned int i, n = 0;
	u32 linear;

	start(features, 256);
	for (linear = 54; linear <= 4096; linear *= 3) {
		for (i = 0; i < ARRAY_SIZE(lengths); i++) {
			assert_int_equal(dev_queue_xmit(packet(lengths[i], linear)), 0);
			hosted_advance(1);
			assert_int_equal(nf.sent, ++n);
			assert_true(sent_is(lengths[i]));
			assert_int_equal(nf.last.hdr.flags, 0);
			assert_int_equal(nf.last.hdr.gso_type, VIRTIO_NET_HDR_GSO_NONE);
		}
	}
	hosted_advance(20);
	assert_int_equal(freed, n);
	assert_int_equal(nf.dev->stats.tx_packets, n);
	net_fake_stop(&nf);
}

static void shapes_modern(void **state)
{
	all_shapes_are_sent(NET_ALL);
}
static void shapes_legacy(void **state)
{
	all_shapes_are_sent(LEGACY);
}
static void shapes_without_indirect(void **state)
{
	all_shapes_are_sent(NET_ALL & ~INDIRECT);
}
static void shapes_with_nothing_offered(void **state)
{
	all_shapes_are_sent(0);
}

/* Ten bytes of header where the device knows no more. */
static void headers_have_the_right_length(void **state)
{
	start(NET_ALL, 16);
	assert_int_equal(nf.hdr_len, 12);
	net_fake_stop(&nf);
	start(LEGACY, 16);
	assert_int_equal(nf.hdr_len, 12);
	net_fake_stop(&nf);
	start(LEGACY & ~BIT64(VIRTIO_NET_F_MRG_RXBUF), 16);
	assert_int_equal(nf.hdr_len, 10);
	net_fake_stop(&nf);
}

static void the_header_lies_in_front_of_the_frame(void **state)
{
	struct sk_buff *skb, *clone;

	start(NET_ALL, 64);
	dev_queue_xmit(packet(60, 60));
	hosted_advance(1);
	assert_int_equal(nf.last.descs, 1);
	assert_false(nf.last.header_apart);
	/* Not where somebody else sees that memory. */
	skb = packet(60, 60);
	clone = skb_clone(skb, GFP_KERNEL);
	memset(skb->data - 12, 0x77, 12);
	dev_queue_xmit(clone);
	hosted_advance(1);
	assert_int_equal(nf.last.descs, 2);
	assert_true(nf.last.header_apart);
	assert_true(sent_is(60));
	assert_int_equal(skb->data[-1], 0x77);
	consume_skb(skb);
	/* Nor without room. */
	skb = packet(60, 60);
	skb_push(skb, 60);
	skb_pull(skb, 60);
	memmove(skb->data - 60, skb->data, 60);
	skb->data -= 60;
	skb->tail -= 60;
	dev_queue_xmit(skb);
	hosted_advance(1);
	assert_int_equal(nf.last.descs, 2);
	assert_true(sent_is(60));
	net_fake_stop(&nf);
	/* And apart where a legacy device insists on it. */
	start(LEGACY, 64);
	dev_queue_xmit(packet(60, 60));
	hosted_advance(1);
	assert_true(nf.last.header_apart);
	net_fake_stop(&nf);
}

static struct sk_buff *partial(u32 len, u32 linear)
{
	struct sk_buff *skb = packet(len, linear);

	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)(skb->data - skb->head + 34);
	skb->csum_offset = 16;
	return skb;
}

static void checksums_are_asked_for(void **state)
{
	start(NET_ALL, 64);
	dev_queue_xmit(partial(1000, 100));
	hosted_advance(1);
	assert_int_equal(nf.last.hdr.flags, VIRTIO_NET_HDR_F_NEEDS_CSUM);
	assert_int_equal(nf.last.hdr.csum_start, 34);
	assert_int_equal(nf.last.hdr.csum_offset, 16);
	assert_int_equal(nf.last.hdr.gso_type, VIRTIO_NET_HDR_GSO_NONE);
	net_fake_stop(&nf);
	/* A device that cannot do it gets a finished packet. */
	start(NET_ALL & ~BIT64(VIRTIO_NET_F_CSUM), 64);
	assert_false(nf.dev->features & (NETIF_F_HW_CSUM | NETIF_F_TSO));
	dev_queue_xmit(partial(1000, 100));
	hosted_advance(1);
	assert_int_equal(nf.last.hdr.flags, 0);
	net_fake_stop(&nf);
}

static void segmentation_is_asked_for(void **state)
{
	struct sk_buff *skb;

	start(NET_ALL, 64);
	skb = partial(20000, 200);
	skb_shinfo(skb)->gso_size = 1448;
	skb_shinfo(skb)->gso_segs = 14;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	dev_queue_xmit(skb);
	hosted_advance(1);
	assert_int_equal(nf.sent, 1);
	assert_int_equal(nf.last.hdr.gso_type, VIRTIO_NET_HDR_GSO_TCPV4);
	assert_int_equal(nf.last.hdr.gso_size, 1448);
	assert_int_equal(nf.last.hdr.hdr_len, 54);
	skb = partial(20000, 200);
	skb_shinfo(skb)->gso_size = 1448;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4 | SKB_GSO_TCP_ECN;
	dev_queue_xmit(skb);
	hosted_advance(1);
	assert_int_equal(nf.last.hdr.gso_type, VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN);
	net_fake_stop(&nf);
}

/* ---- when the memory comes back ---- */

static void sent_packets_are_freed_without_interrupts(void **state)
{
	unsigned int i;

	start(NET_ALL, 256);
	nf.fd.q[NET_TX].interrupts = 0;
	for (i = 1; i <= 1000; i++) {
		dev_queue_xmit(packet(200, 200));
		hosted_advance(1);
		assert_true(i - freed < 8);
	}
	hosted_advance(10);
	assert_int_equal(freed, 1000);
	assert_int_equal(nf.fd.q[NET_TX].interrupts, 0);
	assert_false(timer_pending(&nf.vi->tx_timer));
	net_fake_stop(&nf);
}

/* A lone packet, and nothing happens afterwards: the timer finds it. */
static void the_last_packet_is_freed_too(void **state)
{
	start(NET_ALL, 256);
	dev_queue_xmit(packet(200, 200));
	hosted_advance(1);
	assert_int_equal(freed, 0);
	hosted_advance(8);
	assert_int_equal(freed, 1);
	net_fake_stop(&nf);
}

/* A device that is slow is looked at ever less often, and forgotten by no one. */
static void a_slow_device(void **state)
{
	start(NET_ALL, 256);
	nf.tx_stalled = true;
	dev_queue_xmit(packet(200, 200));
	hosted_advance(10000);
	assert_int_equal(freed, 0);
	assert_true(timer_pending(&nf.vi->tx_timer));
	nf.tx_stalled = false;
	hosted_event_at(&nf.work, hosted_now_ns());
	hosted_advance(300);
	assert_int_equal(freed, 1);
	net_fake_stop(&nf);
}

/* Who waits for sent packets gets at once those that are done... */
static void a_waiter_gets_what_is_done(void **state)
{
	start(NET_ALL, 256);
	dev_queue_xmit(packet(200, 200));
	hosted_advance(1);
	assert_int_equal(freed, 0);
	netdev_tx_complete(nf.dev);
	assert_int_equal(freed, 1);
	net_fake_stop(&nf);
}

/* ... and the others when the device is done, by an interrupt instead of the timer. */
static void a_waiter_is_told(u64 features)
{
	start(features, 256);
	nf.fd.q[NET_TX].interrupts = 0;
	nf.tx_stalled = true;
	dev_queue_xmit(packet(200, 200));
	dev_queue_xmit(packet(200, 200));
	hosted_advance(1000); /* the timer looks every 256 ms by now */
	netdev_tx_complete(nf.dev);
	assert_int_equal(freed, 0);
	nf.tx_stalled = false;
	hosted_event_at(&nf.work, hosted_now_ns());
	hosted_advance(1);
	assert_int_equal(freed, 2);
	assert_true(nf.fd.q[NET_TX].interrupts > 0);
	/* Once only: nobody waits any more. */
	nf.fd.q[NET_TX].interrupts = 0;
	dev_queue_xmit(packet(200, 200));
	hosted_advance(20);
	assert_int_equal(freed, 3);
	assert_int_equal(nf.fd.q[NET_TX].interrupts, 0);
	net_fake_stop(&nf);
}

static void a_waiter_is_told_modern(void **state)
{
	a_waiter_is_told(NET_ALL);
}
static void a_waiter_is_told_without_events(void **state)
{
	a_waiter_is_told(NET_ALL & ~EVENT);
}

static void ring_full(u64 features, u16 ring, u32 linear)
{
	unsigned int i;

	start(features, ring);
	nf.tx_stalled = true;
	for (i = 0; i < 1000; i++)
		assert_int_equal(dev_queue_xmit(packet(5000, linear)), 0);
	assert_true(netif_queue_stopped(nf.dev));
	assert_int_equal(nf.sent, 0);
	assert_int_equal(nf.dev->tx_queue.qlen + virtqueue_in_flight(nf.vi->svq), 1000);
	hosted_advance(2);
	/* Room again: everything goes out in order, and the queue is open. */
	nf.tx_stalled = false;
	hosted_event_at(&nf.work, hosted_now_ns());
	hosted_advance(200);
	assert_int_equal(nf.sent, 1000);
	assert_int_equal(freed, 1000);
	assert_false(netif_queue_stopped(nf.dev));
	assert_int_equal(nf.dev->tx_queue.qlen, 0);
	assert_int_equal(nf.dev->stats.tx_dropped, 0);
	net_fake_stop(&nf);
}

static void ring_full_modern(void **state)
{
	ring_full(NET_ALL, 256, 100);
}
static void ring_full_without_events(void **state)
{
	ring_full(NET_ALL & ~EVENT, 256, 100);
}
static void ring_full_without_indirect(void **state)
{
	ring_full(NET_ALL & ~INDIRECT, 64, 100);
}
static void ring_full_of_sixteen(void **state)
{
	ring_full(NET_ALL, 16, 100);
}
static void ring_full_of_sixteen_without_indirect(void **state)
{
	start(NET_ALL & ~INDIRECT, 16);
	assert_false(nf.dev->features & NETIF_F_SG);
	net_fake_stop(&nf);
	ring_full(NET_ALL & ~INDIRECT, 16, 100);
}

static void closing_forgets_nothing(void **state)
{
	unsigned int i;

	start(NET_ALL, 64);
	nf.tx_stalled = true;
	for (i = 0; i < 200; i++)
		dev_queue_xmit(packet(200, 200));
	dev_close(nf.dev);
	assert_false(timer_pending(&nf.vi->tx_timer));
	nf.tx_stalled = false;
	hosted_event_at(&nf.work, hosted_now_ns());
	hosted_advance(1);
	assert_int_equal(dev_open(nf.dev), 0);
	hosted_advance(20);
	assert_int_equal(freed, 200);
	dev_queue_xmit(packet(200, 200));
	hosted_advance(10);
	assert_int_equal(freed, 201);
	net_fake_stop(&nf);
}

/* ---- kicks ---- */

static void a_list_of_packets_is_one_kick(void **state)
{
	unsigned int i;

	start(NET_ALL & ~EVENT, 64);
	local_bh_disable();
	for (i = 0; i < 10; i++)
		dev_hard_start_xmit(packet(100, 100), nf.dev, i < 9);
	local_bh_enable();
	assert_int_equal(nf.fd.q[NET_TX].kicks, 1);
	net_fake_stop(&nf);
}

/* While the device works it wants no kick. */
static void a_busy_device_is_not_kicked(void **state)
{
	unsigned int i;

	start(NET_ALL, 256);
	for (i = 0; i < 100; i++)
		dev_queue_xmit(packet(100, 100));
	assert_int_equal(nf.fd.q[NET_TX].kicks, 1);
	hosted_advance(1);
	assert_int_equal(nf.sent, 100);
	dev_queue_xmit(packet(100, 100));
	assert_int_equal(nf.fd.q[NET_TX].kicks, 2);
	net_fake_stop(&nf);
}

static int answer(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	consume_skb(skb);
	dev_queue_xmit(packet(100, 100));
	return 0;
}

static void answers_of_one_poll_share_a_kick(void **state)
{
	struct packet_type pt = {.type = cpu_to_be16(0x88b6), .func = answer};
	static const struct virtio_net_hdr plain;
	unsigned int i;

	start(NET_ALL & ~EVENT, 64);
	dev_add_pack(&pt);
	local_bh_disable();
	for (i = 0; i < 20; i++) {
		net_fake_frame(&nf, frame, 100, 0);
		put_be16(frame + 12, 0x88b6);
		assert_true(net_fake_deliver(&nf, plain, frame, 100));
	}
	local_bh_enable();
	hosted_advance(1);
	assert_int_equal(nf.sent, 20);
	assert_int_equal(nf.fd.q[NET_TX].kicks, 1);
	dev_remove_pack(&pt);
	net_fake_stop(&nf);
}

/* ---- the control queue ---- */

/* Data of the latest command of this class and number; NULL when there was none. */
static const u8 *command(u8 class, u8 cmd, u32 *len)
{
	unsigned int i;

	for (i = nf.commands; i-- > 0;) {
		const u8 *c = nf.command[i % ARRAY_SIZE(nf.command)];

		if (c[0] == class && c[1] == cmd) {
			*len = nf.command_len[i % ARRAY_SIZE(nf.command)] - 2;
			return c + 2;
		}
	}
	return NULL;
}

static void expect_filter(u8 promisc, u8 allmulti, u32 addresses)
{
	const u8 *data;
	u32 len, n;

	hosted_advance(20);
	data = command(VIRTIO_NET_CTRL_RX, VIRTIO_NET_CTRL_RX_PROMISC, &len);
	assert_int_equal(len, 1);
	assert_int_equal(data[0], promisc);
	data = command(VIRTIO_NET_CTRL_RX, VIRTIO_NET_CTRL_RX_ALLMULTI, &len);
	assert_int_equal(data[0], allmulti);
	data = command(VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_TABLE_SET, &len);
	assert_int_equal(len, 8 + addresses * ETH_ALEN);
	memcpy(&n, data, 4);
	assert_int_equal(n, 0);
	memcpy(&n, data + 4, 4);
	assert_int_equal(n, addresses);
}

static void filters_follow_the_interface(void **state)
{
	u8 addr[ETH_ALEN] = {0x01, 0x00, 0x5e, 0, 0, 0};
	unsigned int i;
	const u8 *data;
	u32 len;

	start(NET_ALL, 64);
	expect_filter(0, 0, 0);
	dev_change_flags(nf.dev, nf.dev->flags | IFF_PROMISC);
	expect_filter(1, 0, 0);
	dev_change_flags(nf.dev, nf.dev->flags & ~(u32)IFF_PROMISC);
	addr[5] = 7;
	assert_int_equal(dev_mc_add(nf.dev, addr), 0);
	expect_filter(0, 0, 1);
	data = command(VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_TABLE_SET, &len);
	assert_memory_equal(data + 8, addr, ETH_ALEN);
	/* More than the table holds: all of them. */
	for (i = 0; i < VIRTNET_MAC_TABLE_MAX; i++) {
		addr[4] = (u8)(i + 1);
		assert_int_equal(dev_mc_add(nf.dev, addr), 0);
	}
	expect_filter(0, 1, VIRTNET_MAC_TABLE_MAX);
	assert_int_equal(dev_mc_del(nf.dev, addr), 0);
	expect_filter(0, 0, VIRTNET_MAC_TABLE_MAX);
	net_fake_stop(&nf);
}

static void addresses_by_command(void **state)
{
	static const u8 addr[] = {2, 0, 0, 0, 0, 9};
	const u8 *data;
	u32 len;

	start(NET_ALL, 64);
	assert_int_equal(dev_set_mac_address(nf.dev, addr), 0);
	data = command(VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_ADDR_SET, &len);
	assert_int_equal(len, ETH_ALEN);
	assert_memory_equal(data, addr, ETH_ALEN);
	assert_memory_equal(nf.dev->dev_addr, addr, ETH_ALEN);
	nf.ctrl_status = 1;
	nf.dev->dev_addr[5] = 1;
	assert_int_equal(dev_set_mac_address(nf.dev, addr), -EIO);
	assert_int_equal(nf.dev->dev_addr[5], 1);
	net_fake_stop(&nf);
}

static void addresses_by_configuration(void **state)
{
	static const u8 addr[] = {2, 0, 0, 0, 0, 9};

	start(LEGACY & ~BIT64(VIRTIO_NET_F_CTRL_MAC_ADDR), 64);
	assert_int_equal(dev_set_mac_address(nf.dev, addr), 0);
	assert_memory_equal(nf.fd.config, addr, ETH_ALEN);
	net_fake_stop(&nf);
	start(NET_ALL & ~BIT64(VIRTIO_NET_F_CTRL_MAC_ADDR), 64);
	assert_int_equal(dev_set_mac_address(nf.dev, addr), -EOPNOTSUPP);
	net_fake_stop(&nf);
	/* Without an address of its own the interface makes one up, and may have any. */
	start(NET_ALL & ~(BIT64(VIRTIO_NET_F_MAC) | BIT64(VIRTIO_NET_F_CTRL_MAC_ADDR)), 64);
	assert_int_equal(nf.dev->dev_addr[0] & 3, 2);
	assert_int_equal(dev_set_mac_address(nf.dev, addr), 0);
	net_fake_stop(&nf);
}

static void a_device_that_does_not_answer(void **state)
{
	static const u8 addr[] = {2, 0, 0, 0, 0, 9};

	start(NET_ALL, 64);
	nf.ctrl_mute = true;
	assert_int_equal(dev_set_mac_address(nf.dev, addr), -ETIMEDOUT);
	/* It still holds the command, so there is no other. */
	nf.ctrl_mute = false;
	hosted_event_at(&nf.work, hosted_now_ns());
	hosted_advance(10);
	assert_int_equal(dev_set_mac_address(nf.dev, addr), -EOPNOTSUPP);
	assert_false(nf.fd.vdev.broken);
	net_fake_stop(&nf);
}

/* ---- link and features ---- */

static void set_link(bool up)
{
	nf.fd.config[VIRTIO_NET_CONFIG_STATUS] = up;
	virtio_config_changed(&nf.fd.vdev);
	hosted_advance(5);
	assert_int_equal(nf.dev->carrier, up);
}

static void the_link_goes_down_and_up(void **state)
{
	start(NET_ALL, 64);
	assert_true(nf.dev->carrier);
	set_link(false);
	set_link(true);
	net_fake_stop(&nf);
	/* Without STATUS it is always there. */
	start(NET_ALL & ~BIT64(VIRTIO_NET_F_STATUS), 64);
	assert_true(nf.dev->carrier);
	net_fake_stop(&nf);
}

static void a_device_that_asks_for_a_reset(void **state)
{
	start(NET_ALL, 64);
	nf.fd.status |= VIRTIO_CONFIG_S_NEEDS_RESET;
	virtio_config_changed(&nf.fd.vdev);
	hosted_advance(5);
	assert_true(nf.fd.vdev.broken);
	assert_false(nf.dev->carrier);
	net_fake_stop(&nf);
}

static void features_are_named(void **state)
{
	char text[256] = "";

	start(NET_ALL & ~BIT64(VIRTIO_NET_F_MRG_RXBUF), 64);
	nf.dev->netdev_ops->ndo_features(nf.dev, text, sizeof(text));
	assert_non_null(strstr(text, "csum guest_csum mac"));
	assert_non_null(strstr(text, "host_tso4"));
	assert_null(strstr(text, "mrg_rxbuf"));
	/* Cut, never overrun. */
	memset(text, 'x', sizeof(text));
	nf.dev->netdev_ops->ndo_features(nf.dev, text, 10);
	assert_int_equal(strlen(text), 9);
	assert_int_equal(text[10], 'x');
	net_fake_stop(&nf);
}

/* What needs another feature is not taken without it. */
static void dependent_features(void **state)
{
	start(NET_ALL & ~(BIT64(VIRTIO_NET_F_CSUM) | BIT64(VIRTIO_NET_F_GUEST_CSUM) |
			  BIT64(VIRTIO_NET_F_CTRL_VQ)),
	      64);
	assert_int_equal(nf.fd.accepted &
				 (BIT64(VIRTIO_NET_F_HOST_TSO4) | BIT64(VIRTIO_NET_F_HOST_TSO6) |
				  BIT64(VIRTIO_NET_F_HOST_ECN) | BIT64(VIRTIO_NET_F_GUEST_TSO4) |
				  BIT64(VIRTIO_NET_F_GUEST_TSO6) | BIT64(VIRTIO_NET_F_GUEST_ECN) |
				  BIT64(VIRTIO_NET_F_CTRL_RX) | BIT64(VIRTIO_NET_F_CTRL_MAC_ADDR)),
			 0);
	assert_int_equal(nf.fd.nqueues, 2);
	net_fake_stop(&nf);
	/* And what we do not know at all. */
	start(NET_ALL | BIT64(22) | BIT64(34) | BIT64(57), 64);
	assert_int_equal(nf.fd.accepted, NET_ALL);
	net_fake_stop(&nf);
}

/* ---- lies ---- */

static void a_packet_that_it_does_not_hold(void **state)
{
	unsigned int i;

	start(NET_ALL, 64);
	nf.tx_stalled = true;
	for (i = 0; i < 100; i++)
		dev_queue_xmit(packet(200, 200));
	fake_push(&nf.fd.q[NET_TX], 63, 0);
	hosted_advance(20);
	assert_true(nf.fd.vdev.broken);
	assert_false(nf.dev->carrier);
	/* Nobody waits for memory that does not come back. */
	dev_close(nf.dev);
	assert_int_equal(freed, 100);
	net_fake_stop(&nf);
}

#define TX_TEST(fn) TEST_UP_DOWN(fn, virtnet_up, virtnet_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TX_TEST(shapes_modern),
		TX_TEST(shapes_legacy),
		TX_TEST(shapes_without_indirect),
		TX_TEST(shapes_with_nothing_offered),
		TX_TEST(headers_have_the_right_length),
		TX_TEST(the_header_lies_in_front_of_the_frame),
		TX_TEST(checksums_are_asked_for),
		TX_TEST(segmentation_is_asked_for),
		TX_TEST(sent_packets_are_freed_without_interrupts),
		TX_TEST(the_last_packet_is_freed_too),
		TX_TEST(a_slow_device),
		TX_TEST(a_waiter_gets_what_is_done),
		TX_TEST(a_waiter_is_told_modern),
		TX_TEST(a_waiter_is_told_without_events),
		TX_TEST(ring_full_modern),
		TX_TEST(ring_full_without_events),
		TX_TEST(ring_full_without_indirect),
		TX_TEST(ring_full_of_sixteen),
		TX_TEST(ring_full_of_sixteen_without_indirect),
		TX_TEST(closing_forgets_nothing),
		TX_TEST(a_list_of_packets_is_one_kick),
		TX_TEST(a_busy_device_is_not_kicked),
		TX_TEST(answers_of_one_poll_share_a_kick),
		TX_TEST(filters_follow_the_interface),
		TX_TEST(addresses_by_command),
		TX_TEST(addresses_by_configuration),
		TX_TEST(a_device_that_does_not_answer),
		TX_TEST(the_link_goes_down_and_up),
		TX_TEST(a_device_that_asks_for_a_reset),
		TX_TEST(features_are_named),
		TX_TEST(dependent_features),
		TX_TEST(a_packet_that_it_does_not_hold),
	};

	return RUN_TESTS(tests);
}
