// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-net, receiving, against a fake device: every way that buffers are laid out, what the
 * header may say and what it may not, short memory, and devices that lie.
 */
#include <tests/hosted/test.h>

#include <errno.h>
#include <net/ethernet.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/drivers/virtnet_test.h>

char hosted_physical[1];

static struct net_fake nf;
static u8 frame[NET_MAX_FRAME];
static const struct virtio_net_hdr plain;

#define MERGEABLE NET_ALL
#define CHAINED	  (NET_ALL & ~BIT64(VIRTIO_NET_F_MRG_RXBUF))
#define GUEST_GSO                                                          \
	(BIT64(VIRTIO_NET_F_GUEST_TSO4) | BIT64(VIRTIO_NET_F_GUEST_TSO6) | \
	 BIT64(VIRTIO_NET_F_GUEST_ECN))
#define SINGLE	 (CHAINED & ~GUEST_GSO)
#define LEGACY	 (NET_ALL & ~BIT64(VIRTIO_F_VERSION_1))
#define INDIRECT BIT64(VIRTIO_RING_F_INDIRECT_DESC)
#define EVENT	 BIT64(VIRTIO_RING_F_EVENT_IDX)

static bool deliver(u32 len, u8 seed)
{
	return net_fake_deliver(&nf, plain, frame, net_fake_frame(&nf, frame, len, seed));
}

/* Lengths around each border: smallest, copied, one page, several, the longest. */
static const u32 lengths[] = {14,   15,	  60,	255,  256,  257,  1500,	 1514,	3700,
			      3760, 3761, 3762, 3763, 4000, 7600, 20000, 40000, 65549};

static void all_lengths_arrive(u64 features, u32 longest, u16 ring)
{
	unsigned int i, round;

	net_fake_start(&nf, features, ring);
	for (round = 0; round < 30; round++) {
		for (i = 0; i < ARRAY_SIZE(lengths) && lengths[i] <= longest; i++) {
			nf.received = 0;
			assert_true(deliver(lengths[i], (u8)(round + i)));
			hosted_run_until_idle();
			assert_int_equal(nf.received, 1);
			assert_true(net_fake_holds(nf.up, frame, lengths[i]));
			assert_int_equal(nf.up->ip_summed, CHECKSUM_NONE);
		}
	}
	assert_int_equal(nf.dev->stats.rx_packets, 30 * i);
	assert_int_equal(nf.dev->stats.rx_errors, 0);
	assert_int_equal(nf.dev->stats.rx_dropped, 0);
	assert_false(nf.fd.vdev.broken);
	net_fake_stop(&nf);
}

static void mergeable_buffers(void **state)
{
	all_lengths_arrive(MERGEABLE, 65549, 256);
}
static void mergeable_buffers_legacy(void **state)
{
	all_lengths_arrive(LEGACY, 65549, 256);
}
static void mergeable_buffers_without_events(void **state)
{
	all_lengths_arrive(MERGEABLE & ~EVENT, 65549, 256);
}
static void mergeable_buffers_in_a_small_ring(void **state)
{
	all_lengths_arrive(MERGEABLE, 65549, 32);
}
static void chained_pages(void **state)
{
	all_lengths_arrive(CHAINED, 65549, 256);
}
static void chained_pages_without_indirect(void **state)
{
	all_lengths_arrive(CHAINED & ~INDIRECT, 65549, 64);
}
static void chained_pages_legacy_header_apart(void **state)
{
	all_lengths_arrive(CHAINED & LEGACY, 65549, 256);
}
static void single_pages(void **state)
{
	all_lengths_arrive(SINGLE, 1514, 256);
}
static void single_pages_legacy_header_apart(void **state)
{
	all_lengths_arrive(SINGLE & LEGACY, 1514, 256);
}
static void nothing_offered(void **state)
{
	all_lengths_arrive(0, 1514, 16);
}

static void jumbo_mtu_without_merging(void **state)
{
	u64 features = SINGLE | BIT64(VIRTIO_NET_F_MTU);

	memset(&nf, 0, sizeof(nf));
	nf.fd.offered = features;
	nf.fd.ring_size = 256;
	nf.fd.config[VIRTIO_NET_CONFIG_STATUS] = VIRTIO_NET_S_LINK_UP;
	nf.fd.config[VIRTIO_NET_CONFIG_MTU] = 9000 & 0xff;
	nf.fd.config[VIRTIO_NET_CONFIG_MTU + 1] = 9000 >> 8;
	fake_device_register(&nf.fd, VIRTIO_ID_NET);
	nf.vi = nf.fd.vdev.priv;
	assert_int_equal(nf.vi->dev->mtu, 9000);
	assert_int_equal(nf.vi->dev->max_mtu, 9000);
	assert_int_equal(nf.vi->rx_chain, 2);
	assert_int_equal(dev_set_mtu(nf.vi->dev, 9001), -EINVAL);
	assert_int_equal(dev_set_mtu(nf.vi->dev, 67), -EINVAL);
	assert_int_equal(dev_set_mtu(nf.vi->dev, 68), 0);
	fake_device_unregister(&nf.fd);
}

/* A short frame is copied: its page goes back, and nothing is allocated for the ring. */
static void short_frames_give_their_page_back(void **state)
{
	unsigned int i;

	net_fake_start(&nf, MERGEABLE, 64);
	for (i = 0; i < 1000; i++) {
		assert_true(deliver(100, (u8)i));
		hosted_run_until_idle();
		assert_int_equal(virtqueue_in_flight(nf.vi->rvq), nf.vi->rx_limit);
		assert_true(net_fake_holds(nf.up, frame, 100));
		assert_int_equal(skb_shinfo(nf.up)->head_is_page, 0);
	}
	assert_true(deliver(1000, 1));
	hosted_run_until_idle();
	assert_int_equal(skb_shinfo(nf.up)->head_is_page, 1);
	net_fake_stop(&nf);
}

/* Long frames get longer buffers, within the share of memory; frames of middle length then copies.
 */
static void buffers_grow_with_the_frames(void **state)
{
	unsigned int i;

	hosted_set_totalram(4096);
	net_fake_start(&nf, MERGEABLE, 256);
	assert_int_equal(nf.vi->rx_pages, 128);
	for (i = 0; i < 300; i++) {
		assert_true(deliver(60000, (u8)i));
		hosted_run_until_idle();
		assert_true(net_fake_holds(nf.up, frame, 60000));
		assert_true(nf.vi->rx_pages <= 128 + 3);
	}
	assert_int_equal(skb_shinfo(nf.up)->nr_frags, 3);
	assert_true(nf.up->truesize < 70000);
	assert_true(deliver(1514, 1));
	hosted_run_until_idle();
	assert_true(net_fake_holds(nf.up, frame, 1514));
	assert_true(nf.up->truesize < 5000);
	for (i = 0; i < 300; i++) {
		assert_true(deliver(1514, (u8)i));
		assert_true(deliver(3000, (u8)i));
		hosted_run_until_idle();
		assert_true(net_fake_holds(nf.up, frame, 3000));
	}
	/* Back to single pages. */
	assert_true(nf.up->truesize < 5000);
	assert_int_equal(skb_shinfo(nf.up)->head_is_page, 1);
	net_fake_stop(&nf);
	hosted_set_totalram(65536);
}

/* ---- interrupts ---- */

static void one_interrupt_for_a_burst(void **state)
{
	unsigned int i;

	net_fake_start(&nf, MERGEABLE, 256);
	nf.fd.q[NET_RX].interrupts = 0;
	/* All of them in one go, as the poll of the first finds the rest. */
	local_bh_disable();
	for (i = 0; i < 200; i++)
		assert_true(deliver(60, 0));
	local_bh_enable();
	hosted_run_until_idle();
	assert_int_equal(nf.received, 200);
	assert_int_equal(nf.fd.q[NET_RX].interrupts, 1);
	/* And the next one interrupts again. */
	assert_true(deliver(60, 0));
	hosted_run_until_idle();
	assert_int_equal(nf.received, 201);
	assert_int_equal(nf.fd.q[NET_RX].interrupts, 2);
	net_fake_stop(&nf);
}

/* A device without buffers waits until it is told of new ones, whatever became of the old. */
static void a_device_that_ran_dry_is_told(u64 features, u32 len)
{
	struct fake_queue *q = &nf.fd.q[NET_RX];
	unsigned int round, n;

	net_fake_start(&nf, features, 64);
	for (round = 0; round < 20; round++) {
		local_bh_disable();
		for (n = 0; deliver(len, (u8)n); n++)
			;
		assert_true(n > 0);
		*fake_avail_event(q) = q->avail->idx;
		q->kicks = 0;
		local_bh_enable();
		hosted_run_until_idle();
		assert_true(q->kicks > 0);
	}
	net_fake_stop(&nf);
}

static void dry_of_copied_frames(void **state)
{
	a_device_that_ran_dry_is_told(MERGEABLE, 100);
}
static void dry_of_long_frames(void **state)
{
	a_device_that_ran_dry_is_told(MERGEABLE, 9000);
}
static void dry_of_chains(void **state)
{
	a_device_that_ran_dry_is_told(CHAINED & ~INDIRECT, 9000);
}

static void nothing_is_heard_while_down(void **state)
{
	net_fake_start(&nf, MERGEABLE, 64);
	dev_close(nf.dev);
	nf.received = 0;
	assert_true(deliver(60, 1));
	assert_true(deliver(600, 2));
	hosted_advance(10);
	assert_int_equal(nf.received, 0);
	/* What came meanwhile is old and goes away. */
	assert_int_equal(dev_open(nf.dev), 0);
	hosted_advance(10);
	assert_int_equal(nf.received, 0);
	assert_true(deliver(600, 3));
	hosted_advance(10);
	assert_int_equal(nf.received, 1);
	net_fake_stop(&nf);
}

/* ---- checksums and segments ---- */

/* Deliver a TCP frame with this header; was it taken? */
static bool offload(struct virtio_net_hdr hdr, u32 len)
{
	u64 errors = nf.dev->stats.rx_frame_errors;

	nf.received = 0;
	assert_true(net_fake_deliver(&nf, hdr, frame, net_fake_tcp(&nf, frame, len, 7)));
	hosted_run_until_idle();
	assert_int_equal(nf.dev->stats.rx_frame_errors - errors, nf.received ? 0 : 1);
	if (nf.received)
		assert_true(net_fake_holds(nf.up, frame, len));
	return nf.received;
}

static void checksum_words(u64 features)
{
	struct virtio_net_hdr hdr = {.flags = VIRTIO_NET_HDR_F_DATA_VALID};

	net_fake_start(&nf, features, 256);
	assert_true(offload(hdr, 1000));
	assert_int_equal(nf.up->ip_summed, CHECKSUM_UNNECESSARY);
	hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr.csum_start = 34;
	hdr.csum_offset = 16;
	assert_true(offload(hdr, 1000));
	assert_int_equal(nf.up->ip_summed, CHECKSUM_PARTIAL);
	assert_ptr_equal(nf.up->head + nf.up->csum_start, nf.up->data + 20);
	assert_int_equal(nf.up->csum_offset, 16);
	/* Copied frames too, and ones with fragments. */
	assert_true(offload(hdr, 60));
	assert_ptr_equal(nf.up->head + nf.up->csum_start, nf.up->data + 20);
	assert_true(offload(hdr, 30000));
	/* Where there is nothing: inside the Ethernet header, at the end, behind it, far away. */
	hdr.csum_start = 13;
	assert_false(offload(hdr, 1000));
	hdr.csum_start = 983;
	assert_false(offload(hdr, 1000));
	hdr.csum_start = 982;
	assert_true(offload(hdr, 1000));
	hdr.csum_start = 2000;
	assert_false(offload(hdr, 1000));
	hdr.csum_start = 0xffff;
	hdr.csum_offset = 0xffff;
	assert_false(offload(hdr, 1000));
	net_fake_stop(&nf);
}

static void checksum_words_mergeable(void **state)
{
	checksum_words(MERGEABLE);
}
static void checksum_words_chained(void **state)
{
	checksum_words(CHAINED);
}

static void checksum_words_that_were_not_negotiated(void **state)
{
	struct virtio_net_hdr hdr = {.flags = VIRTIO_NET_HDR_F_DATA_VALID};

	net_fake_start(&nf, MERGEABLE & ~BIT64(VIRTIO_NET_F_GUEST_CSUM), 256);
	/* Without checksums there are no segments either. */
	assert_false(nf.vi->guest_gso);
	assert_true(offload(hdr, 1000));
	assert_int_equal(nf.up->ip_summed, CHECKSUM_NONE);
	hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr.csum_start = 34;
	hdr.csum_offset = 16;
	assert_true(offload(hdr, 1000));
	assert_int_equal(nf.up->ip_summed, CHECKSUM_NONE);
	hdr.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	hdr.gso_size = 100;
	assert_false(offload(hdr, 1000));
	net_fake_stop(&nf);
}

static void segments(void **state)
{
	struct virtio_net_hdr good = {.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
				      .gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
				      .gso_size = 1000,
				      .hdr_len = 54,
				      .csum_start = 34,
				      .csum_offset = 16};
	struct virtio_net_hdr hdr = good;

	net_fake_start(&nf, MERGEABLE, 256);
	assert_true(offload(hdr, 54 + 2500));
	assert_int_equal(skb_shinfo(nf.up)->gso_size, 1000);
	assert_int_equal(skb_shinfo(nf.up)->gso_segs, 3);
	assert_int_equal(skb_shinfo(nf.up)->gso_type, SKB_GSO_TCPV4 | SKB_GSO_DODGY);
	hdr.gso_type = VIRTIO_NET_HDR_GSO_TCPV6 | VIRTIO_NET_HDR_GSO_ECN;
	assert_true(offload(hdr, 54 + 30000));
	assert_int_equal(skb_shinfo(nf.up)->gso_segs, 30);
	assert_int_equal(skb_shinfo(nf.up)->gso_type,
			 SKB_GSO_TCPV6 | SKB_GSO_DODGY | SKB_GSO_TCP_ECN);
	/* One segment is none. */
	hdr = good;
	assert_true(offload(hdr, 54 + 1000));
	assert_int_equal(skb_shinfo(nf.up)->gso_size, 0);
	/* Unknown type, UDP, no size, no checksum, headers that do not fit. */
	hdr.gso_type = 3;
	assert_false(offload(hdr, 3000));
	hdr.gso_type = 0x7f;
	assert_false(offload(hdr, 3000));
	hdr = good;
	hdr.gso_size = 0;
	assert_false(offload(hdr, 3000));
	hdr = good;
	hdr.flags = 0;
	assert_false(offload(hdr, 3000));
	hdr = good;
	hdr.csum_start = 2990;
	hdr.csum_offset = 0;
	assert_false(offload(hdr, 3000));
	/* A TCP header length (of payload bytes here) that is too short or too long. */
	hdr = good;
	hdr.csum_start = 14;
	assert_false(offload(hdr, 3000));
	net_fake_stop(&nf);
}

/* ---- lies ---- */

static void frames_that_are_too_short_do_not_come_up(void **state)
{
	struct fake_chain c;
	u32 len;

	net_fake_start(&nf, MERGEABLE, 64);
	for (len = 0; len < nf.hdr_len + ETH_HLEN; len++) {
		assert_true(fake_pop(&nf.fd.q[NET_RX], &c));
		fake_push(&nf.fd.q[NET_RX], c.head, len);
		hosted_run_until_idle();
	}
	assert_int_equal(nf.received, 0);
	assert_int_equal(nf.dev->stats.rx_errors, len);
	assert_int_equal(virtqueue_in_flight(nf.vi->rvq), nf.vi->rx_limit);
	assert_true(deliver(100, 0));
	hosted_run_until_idle();
	assert_int_equal(nf.received, 1);
	net_fake_stop(&nf);
}

static void a_frame_of_no_buffers(void **state)
{
	struct virtio_net_hdr hdr = {0};
	struct fake_chain c;

	net_fake_start(&nf, MERGEABLE, 64);
	assert_true(fake_pop(&nf.fd.q[NET_RX], &c));
	fake_write(&c, &hdr, sizeof(hdr));
	fake_push(&nf.fd.q[NET_RX], c.head, 1000);
	hosted_run_until_idle();
	assert_int_equal(nf.received, 0);
	assert_int_equal(nf.dev->stats.rx_errors, 1);
	net_fake_stop(&nf);
}

/* More than the longest frame takes: dropped whole, and the next one is understood. */
static void a_frame_of_too_many_buffers(void **state)
{
	struct virtio_net_hdr hdr = {.num_buffers = 30};
	u32 id[30], len[30];
	struct fake_chain c;
	unsigned int i;

	net_fake_start(&nf, MERGEABLE, 64);
	for (i = 0; i < 30; i++) {
		assert_true(fake_pop(&nf.fd.q[NET_RX], &c));
		if (i == 0)
			fake_write(&c, &hdr, sizeof(hdr));
		id[i] = c.head;
		len[i] = 1000;
	}
	fake_push_many(&nf.fd.q[NET_RX], id, len, 30);
	hosted_run_until_idle();
	assert_int_equal(nf.received, 0);
	assert_int_equal(nf.dev->stats.rx_errors, 1);
	assert_int_equal(virtqueue_in_flight(nf.vi->rvq), nf.vi->rx_limit - 1);
	assert_true(deliver(5000, 0));
	hosted_run_until_idle();
	assert_int_equal(nf.received, 1);
	assert_false(nf.fd.vdev.broken);
	net_fake_stop(&nf);
}

static void expect_out_of_service(void)
{
	char text[256];

	hosted_advance(10);
	assert_true(nf.fd.vdev.broken);
	assert_int_equal(nf.fd.status, 0);
	assert_false(nf.dev->carrier);
	assert_int_equal(virtqueue_in_flight(nf.vi->rvq), 0);
	nf.dev->netdev_ops->ndo_features(nf.dev, text, sizeof(text));
	assert_non_null(strstr(text, "broken"));
	assert_int_equal(dev_open(nf.dev), 0);
	/* Sending is refused, and what was refused is freed. */
	net_fake_frame(&nf, frame, 200, 0);
	dev_queue_xmit(net_fake_skb(&nf, frame, 200, 200));
	assert_int_equal(nf.dev->stats.tx_errors, 1);
	dev_close(nf.dev);
	assert_int_equal(dev_open(nf.dev), -EIO);
	net_fake_stop(&nf);
}

static void a_frame_whose_buffers_are_missing(void **state)
{
	struct virtio_net_hdr hdr = {.num_buffers = 3};

	net_fake_start(&nf, MERGEABLE, 64);
	assert_true(net_fake_deliver(&nf, hdr, frame, net_fake_frame(&nf, frame, 1000, 0)));
	hosted_run_until_idle();
	assert_int_equal(nf.received, 0);
	expect_out_of_service();
}

static void a_buffer_that_it_does_not_hold(void **state)
{
	net_fake_start(&nf, MERGEABLE, 64);
	fake_push(&nf.fd.q[NET_RX], 77, 100);
	expect_out_of_service();
}

static void a_length_behind_the_buffer(void **state)
{
	struct fake_chain c;

	net_fake_start(&nf, CHAINED, 64);
	assert_true(fake_pop(&nf.fd.q[NET_RX], &c));
	fake_push(&nf.fd.q[NET_RX], c.head, fake_writable(&c) + 1);
	expect_out_of_service();
}

/* Any header, any lengths: nothing breaks and nothing leaks (teardown counts). */
static void random_headers(u64 features)
{
	struct virtio_net_hdr hdr;
	unsigned int i;

	net_fake_start(&nf, features, 256);
	srand(7);
	for (i = 0; i < 20000; i++) {
		u32 len = 14 + (u32)rand() % (rand() & 1 ? 200 : 9000), b;
		u8 *p = (u8 *)&hdr;

		for (b = 0; b < sizeof(hdr); b++)
			p[b] = (u8)(rand() & 3 ? rand() % 60 : rand());
		hdr.flags &= 3;
		hdr.num_buffers = 0;
		if (rand() & 1)
			hdr.gso_type = 0;
		else if (rand() & 1)
			hdr.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		net_fake_tcp(&nf, frame, max(len, 60u), (u8)i);
		net_fake_deliver(&nf, hdr, frame, len);
		if (rand() & 1)
			hosted_run_until_idle();
	}
	hosted_run_until_idle();
	assert_true(nf.received > 1000);
	assert_true(nf.dev->stats.rx_frame_errors > 1000);
	assert_false(nf.fd.vdev.broken);
	net_fake_stop(&nf);
}

static void random_headers_mergeable(void **state)
{
	random_headers(MERGEABLE);
}
static void random_headers_chained(void **state)
{
	random_headers(CHAINED);
}

/* ---- short memory ---- */

static void memory_is_short(u64 features, u32 longest)
{
	unsigned int i, refused = 0;

	net_fake_start(&nf, features, 64);
	srand(3);
	for (i = 0; i < 3000; i++) {
		if (i % 1000 == 0 || i % 1000 == 700)
			hosted_fail_permille(i % 1000 ? 0 : 600);
		if (!deliver(14 + (u32)rand() % longest, (u8)i))
			refused++;
		hosted_run_until_idle();
		hosted_advance(1);
	}
	hosted_fail_permille(0);
	hosted_advance(200);
	/* The ring is full again but for a batch, and each frame was received or counted. */
	assert_true(virtqueue_in_flight(nf.vi->rvq) > nf.vi->rx_limit - nf.vi->rx_batch);
	assert_int_equal(nf.dev->stats.rx_packets + nf.dev->stats.rx_dropped + refused, 3000);
	assert_true(nf.dev->stats.rx_dropped > 0);
	assert_true(nf.received > 500);
	nf.received = 0;
	assert_true(deliver(1000, 0));
	hosted_run_until_idle();
	assert_int_equal(nf.received, 1);
	net_fake_stop(&nf);
}

static void short_memory_mergeable(void **state)
{
	memory_is_short(MERGEABLE, 20000);
}
static void short_memory_chained(void **state)
{
	memory_is_short(CHAINED, 20000);
}
static void short_memory_single(void **state)
{
	memory_is_short(SINGLE, 1500);
}

/* No memory at all for long: the ring does not run dry, and traffic comes back by itself. */
static void no_memory_for_long(void **state)
{
	unsigned int i;

	net_fake_start(&nf, MERGEABLE, 64);
	hosted_fail_permille(1000);
	for (i = 0; i < 500; i++) {
		assert_true(deliver(1400, 0));
		hosted_run_until_idle();
		hosted_advance(1);
	}
	assert_true(virtqueue_in_flight(nf.vi->rvq) >= nf.vi->rx_limit / 2 - 1);
	assert_true(nf.dev->stats.rx_dropped > 400);
	hosted_fail_permille(0);
	hosted_advance(100);
	assert_int_equal(virtqueue_in_flight(nf.vi->rvq), nf.vi->rx_limit);
	net_fake_stop(&nf);
}

/* Probing with the n-th allocation failing, for each n: no device or a working one, no leak. */
static void probe_out_of_memory(void **state)
{
	unsigned int n;

	for (n = 1; n < 40; n++) {
		memset(&nf, 0, sizeof(nf));
		nf.fd.offered = NET_ALL;
		nf.fd.ring_size = 16;
		hosted_fail_nth(n);
		fake_device_register(&nf.fd, VIRTIO_ID_NET);
		hosted_fail_nth(0);
		hosted_run_until_idle();
		if (!nf.fd.vdev.driver)
			assert_true(nf.fd.status & VIRTIO_CONFIG_S_FAILED);
		fake_device_unregister(&nf.fd);
	}
}

#define RX_TEST(fn) TEST_UP_DOWN(fn, virtnet_up, virtnet_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RX_TEST(mergeable_buffers),
		RX_TEST(mergeable_buffers_legacy),
		RX_TEST(mergeable_buffers_without_events),
		RX_TEST(mergeable_buffers_in_a_small_ring),
		RX_TEST(chained_pages),
		RX_TEST(chained_pages_without_indirect),
		RX_TEST(chained_pages_legacy_header_apart),
		RX_TEST(single_pages),
		RX_TEST(single_pages_legacy_header_apart),
		RX_TEST(nothing_offered),
		RX_TEST(jumbo_mtu_without_merging),
		RX_TEST(short_frames_give_their_page_back),
		RX_TEST(buffers_grow_with_the_frames),
		RX_TEST(one_interrupt_for_a_burst),
		RX_TEST(dry_of_copied_frames),
		RX_TEST(dry_of_long_frames),
		RX_TEST(dry_of_chains),
		RX_TEST(nothing_is_heard_while_down),
		RX_TEST(checksum_words_mergeable),
		RX_TEST(checksum_words_chained),
		RX_TEST(checksum_words_that_were_not_negotiated),
		RX_TEST(segments),
		RX_TEST(frames_that_are_too_short_do_not_come_up),
		RX_TEST(a_frame_of_no_buffers),
		RX_TEST(a_frame_of_too_many_buffers),
		RX_TEST(a_frame_whose_buffers_are_missing),
		RX_TEST(a_buffer_that_it_does_not_hold),
		RX_TEST(a_length_behind_the_buffer),
		RX_TEST(random_headers_mergeable),
		RX_TEST(random_headers_chained),
		RX_TEST(short_memory_mergeable),
		RX_TEST(short_memory_chained),
		RX_TEST(short_memory_single),
		RX_TEST(no_memory_for_long),
		RX_TEST(probe_out_of_memory),
	};

	return RUN_TESTS(tests);
}
