// SPDX-License-Identifier: BSD-2-Clause
/*
 * The interfaces without hardware: veth pairs between namespaces, and the loopback that each
 * namespace has.
 */
#include <tests/hosted/test.h>

#include <drivers/net/veth.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/skb_ops.h>
#include <string.h>
#include <tests/hosted/net/net_test.h>

#define TEST_TYPE 0x88b5 /* an EtherType for experiments (IEEE 802) */

static struct net_device *from;
static unsigned int received, freed;
static u8 last_type, last_summed;
static u16 last_gso;

static int take(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	from = dev;
	received++;
	last_type = skb->pkt_type;
	last_summed = skb->ip_summed;
	last_gso = skb_shinfo(skb)->gso_size;
	consume_skb(skb);
	return 0;
}

static struct packet_type test_type = {.type = cpu_to_be16(TEST_TYPE), .func = take};

static int up(void **state)
{
	int err = net_up(state);

	dev_add_pack(&test_type);
	received = freed = 0;
	return err;
}

static int down(void **state)
{
	dev_remove_pack(&test_type);
	return net_down(state);
}

static void count_freed(struct sk_buff *skb)
{
	freed++;
}

static void send_frame(struct net_device *dev, const u8 *to, u32 len, u16 gso)
{
	struct sk_buff *skb = alloc_skb(len + 64, GFP_KERNEL);
	u8 *frame;

	assert_non_null(skb);
	skb_reserve(skb, 32);
	frame = skb_put(skb, len);
	memset(frame, 0, len);
	memcpy(frame, to, ETH_ALEN);
	put_be16(frame + 12, TEST_TYPE);
	skb->dev = dev;
	skb->protocol = cpu_to_be16(TEST_TYPE);
	skb->destructor = count_freed;
	if (gso) {
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = (u16)(skb->data - skb->head + 34);
		skb->csum_offset = 16;
		skb_shinfo(skb)->gso_size = gso;
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	}
	dev_queue_xmit(skb);
	hosted_run_until_idle();
}

static void frames_cross(void **state)
{
	static const u8 everybody[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	struct net_pair p;

	pair_make(&p);
	assert_true(p.dev_a->carrier && p.dev_b->carrier);
	received = 0;
	send_frame(p.dev_a, p.dev_b->dev_addr, 100, 0);
	assert_int_equal(received, 1);
	assert_ptr_equal(from, p.dev_b);
	assert_int_equal(last_type, PACKET_HOST);
	/* The sender has its memory back, whatever the receiver does with the packet. */
	assert_int_equal(freed, 1);
	send_frame(p.dev_b, everybody, 100, 0);
	assert_ptr_equal(from, p.dev_a);
	assert_int_equal(last_type, PACKET_BROADCAST);
	send_frame(p.dev_a, p.dev_a->dev_addr, 100, 0);
	assert_int_equal(last_type, PACKET_OTHERHOST);
	/* Long packets pass whole, with their checksum still to be filled in. */
	send_frame(p.dev_a, p.dev_b->dev_addr, 9000, 1000);
	assert_int_equal(received, 4);
	assert_int_equal(last_gso, 1000);
	assert_int_equal(last_summed, CHECKSUM_PARTIAL);
	assert_int_equal(p.dev_b->stats.rx_packets, p.dev_a->stats.tx_packets);
	pair_destroy(&p);
}

static void carrier_needs_both_ends(void **state)
{
	struct net_pair p;
	u64 dropped;

	pair_make(&p);
	dev_close(p.dev_b);
	assert_false(p.dev_a->carrier);
	dropped = p.dev_a->stats.tx_dropped;
	received = 0;
	send_frame(p.dev_a, p.dev_b->dev_addr, 100, 0);
	assert_int_equal(received, 0);
	assert_true(p.dev_a->stats.tx_dropped > dropped);
	assert_int_equal(dev_open(p.dev_b), 0);
	assert_true(p.dev_a->carrier && p.dev_b->carrier);
	send_frame(p.dev_a, p.dev_b->dev_addr, 100, 0);
	assert_int_equal(received, 1);
	pair_destroy(&p);
}

static void a_pair_in_one_namespace(void **state)
{
	struct net *net = net_create("one");
	struct veth_end a = {net, "veth%d"}, b = {net, "veth%d"};
	struct net_device *devs[2];

	assert_int_equal(veth_create(&a, &b, devs), 0);
	assert_string_equal(devs[0]->name, "veth0");
	assert_string_equal(devs[1]->name, "veth1");
	assert_int_equal(devs[0]->dev_addr[0] & 3, 2);
	assert_false(devs[0]->carrier);
	veth_destroy(devs[1]);
	assert_null(__dev_get_by_name(net, "veth0"));
	assert_null(__dev_get_by_name(net, "veth1"));
	put_net(net);
}

static void a_name_that_is_taken(void **state)
{
	struct net *net = net_create("one");
	struct veth_end a = {net, "x"}, b = {net, "x"}, lo = {net, "lo"};

	assert_int_equal(veth_create(&a, &b, NULL), -EEXIST);
	assert_null(__dev_get_by_name(net, "x"));
	assert_int_equal(veth_create(&lo, &b, NULL), -EEXIST);
	assert_null(__dev_get_by_name(net, "x"));
	put_net(net);
}

/* One end goes with its namespace and takes the other along, as on Linux. */
static void an_end_whose_peer_goes(void **state)
{
	struct net_pair p;

	pair_make(&p);
	hosted_drain(300 * 1000);
	send_frame(p.dev_a, p.dev_a->broadcast, 100, 0);
	put_net(p.b);
	assert_null(__dev_get_by_name(p.a, "eth0"));
	put_net(p.a);
	hosted_drain(300 * 1000);
}

static void memory_for_a_pair(void **state)
{
	struct net *net = net_create("one");
	struct veth_end a = {net, "a"}, b = {net, "b"};
	struct net_device *devs[2];
	unsigned int n;

	for (n = 1; n <= 2; n++) {
		hosted_fail_nth(n);
		assert_int_equal(veth_create(&a, &b, devs), -ENOMEM);
	}
	assert_int_equal(veth_create(&a, &b, devs), 0);
	put_net(net);
}

static void every_namespace_has_a_loopback(void **state)
{
	static const u8 zero[ETH_ALEN];
	struct net *net = net_create("one");
	struct net_device *lo = net->loopback_dev;
	u64 packets, bytes;

	assert_non_null(lo);
	hosted_advance(1000);
	packets = lo->stats.rx_packets;
	bytes = lo->stats.tx_bytes;
	assert_string_equal(lo->name, "lo");
	assert_int_equal(lo->ifindex, 1);
	assert_int_equal(lo->mtu, 65536);
	assert_true(lo->flags & IFF_LOOPBACK);
	assert_true(netif_running(lo));
	assert_non_null(inet_lookup_ifaddr(net, ip4(127, 0, 0, 1)));
	send_frame(lo, zero, 100, 0);
	assert_int_equal(received, 1);
	assert_ptr_equal(from, lo);
	assert_int_equal(freed, 1);
	send_frame(lo, zero, 60000, 1448);
	assert_int_equal(received, 2);
	assert_int_equal(last_gso, 1448);
	assert_int_equal(lo->stats.rx_packets, packets + 2);
	assert_int_equal(lo->stats.tx_bytes, bytes + 60100);
	put_net(net);
}

#define DEV_TEST(fn) TEST_UP_DOWN(fn, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DEV_TEST(frames_cross),
		DEV_TEST(carrier_needs_both_ends),
		DEV_TEST(a_pair_in_one_namespace),
		DEV_TEST(a_name_that_is_taken),
		DEV_TEST(an_end_whose_peer_goes),
		DEV_TEST(memory_for_a_pair),
		DEV_TEST(every_namespace_has_a_loopback),
	};

	return RUN_TESTS(tests);
}
