// SPDX-License-Identifier: BSD-2-Clause
/* PACKET_RX_RING: packets in mapped frames, full rings, both layouts, senseless requests. */
#include <errno.h>
#include <kernel/fs/file.h>
#include <kernel/mm/mm_types.h>
#include <linux/if_packet.h>
#include <net/skb_ops.h>
#include <net/sock_ops.h>
#include <string.h>
#include <sys/epoll.h>
#include <tests/hosted/net/capture.h>

#define FRAMES 8u
#define FRAME_SIZE 2048u

static const struct tpacket_req request = {.tp_block_size = 2 * FRAME_SIZE,
					   .tp_block_nr = FRAMES / 2,
					   .tp_frame_size = FRAME_SIZE,
					   .tp_frame_nr = FRAMES};

static struct socket *ring_socket(struct cap *c, int type, int version)
{
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_protocol = htons(0x88b6),
				 .sll_ifindex = c->dev->ifindex};
	struct socket *s = test_socket(c->net, AF_PACKET, type, 0);

	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_VERSION, &version, 4), 0);
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_RX_RING, &request,
					   sizeof(request)), 0);
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&ll, sizeof(ll)), 0);
	return s;
}

/* The ring as a program sees it: frame n of it. */
struct view {
	struct vm_object o;
	struct vm_area_struct vma;
};

static int map(struct view *v, struct socket *s, unsigned long len)
{
	memset(v, 0, sizeof(*v));
	v->o.len = len;
	return s->ops->mmap(NULL, s, &v->o);
}

static void *frame(struct view *v, unsigned int n)
{
	unsigned long offset = n * FRAME_SIZE;
	struct page *page;

	v->vma.object = v->o.object;
	page = v->o.ops->fault(&v->vma, offset / PAGE_SIZE, false);
	assert_false(IS_ERR(page));
	put_page(page); /* the ring's own reference keeps it */
	return (u8 *)page_address(page) + offset % PAGE_SIZE;
}

static u32 polled(struct socket *s)
{
	return s->ops->poll(NULL, s, NULL) & (EPOLLIN | EPOLLERR);
}

static void inject(struct cap *c, const char *text)
{
	cap_inject(c, c->dev->dev_addr, peer_mac, 0x88b6, BYTES(text, (u32)strlen(text)));
}

static void packets_appear_in_frames(void **state)
{
	const struct sockaddr_ll *ll;
	struct tpacket2_hdr *h;
	struct socket *s;
	struct view v;
	struct cap c;

	cap_make(&c, 0, 0);
	s = ring_socket(&c, SOCK_RAW, TPACKET_V2);
	assert_int_equal(map(&v, s, FRAMES * FRAME_SIZE), 0);
	assert_int_equal(polled(s), 0);
	inject(&c, "hello");
	assert_int_equal(polled(s), EPOLLIN);
	h = frame(&v, 0);
	assert_int_equal(h->tp_status & TP_STATUS_USER, TP_STATUS_USER);
	assert_int_equal(h->tp_len, 19);
	assert_int_equal(h->tp_snaplen, 19);
	assert_int_equal(h->tp_net, h->tp_mac + 14);
	assert_int_equal(h->tp_net % TPACKET_ALIGNMENT, 0);
	assert_memory_equal((u8 *)h + h->tp_net, "hello", 5);
	assert_memory_equal((u8 *)h + h->tp_mac + 6, peer_mac, 6);
	ll = (void *)((u8 *)h + TPACKET_ALIGN(sizeof(*h)));
	assert_int_equal(ll->sll_protocol, htons(0x88b6));
	assert_int_equal(ll->sll_ifindex, c.dev->ifindex);
	assert_memory_equal(ll->sll_addr, peer_mac, 6);
	h->tp_status = TP_STATUS_KERNEL;
	assert_int_equal(polled(s), 0);
	sock_release(s);
	cap_destroy(&c);
}

static void the_first_layout_and_cooked_packets(void **state)
{
	struct tpacket_hdr *h;
	struct socket *s;
	struct view v;
	struct cap c;

	cap_make(&c, 0, 0);
	s = ring_socket(&c, SOCK_DGRAM, TPACKET_V1);
	assert_int_equal(map(&v, s, FRAMES * FRAME_SIZE), 0);
	inject(&c, "cooked");
	h = frame(&v, 0);
	assert_int_equal(h->tp_status, TP_STATUS_USER);
	assert_int_equal(h->tp_len, 6);
	assert_int_equal(h->tp_mac, h->tp_net);
	assert_memory_equal((u8 *)h + h->tp_mac, "cooked", 6);
	sock_release(s);
	cap_destroy(&c);
}

static void a_full_ring_loses_and_says_so(void **state)
{
	struct tpacket_stats st;
	struct tpacket2_hdr *h;
	int len = sizeof(st);
	struct socket *s;
	struct view v;
	struct cap c;

	cap_make(&c, 0, 0);
	s = ring_socket(&c, SOCK_RAW, TPACKET_V2);
	assert_int_equal(map(&v, s, FRAMES * FRAME_SIZE), 0);
	for (unsigned int i = 0; i < FRAMES + 3; i++)
		inject(&c, "fill");
	for (unsigned int i = 0; i < FRAMES; i++) {
		h = frame(&v, i);
		assert_int_equal(h->tp_status & (TP_STATUS_USER | TP_STATUS_LOSING),
				 TP_STATUS_USER);
	}
	assert_int_equal(s->ops->getsockopt(s, SOL_PACKET, PACKET_STATISTICS, &st, &len), 0);
	assert_int_equal(st.tp_packets, FRAMES + 3);
	assert_int_equal(st.tp_drops, 3);
	h = frame(&v, 0);
	h->tp_status = TP_STATUS_KERNEL;
	inject(&c, "next");
	assert_int_equal(h->tp_status & (TP_STATUS_USER | TP_STATUS_LOSING),
			 TP_STATUS_USER | TP_STATUS_LOSING);
	assert_memory_equal((u8 *)h + h->tp_net, "next", 4);
	sock_release(s);
	cap_destroy(&c);
}

/* A packet longer than a frame is cut; a frame may reach over the border of its pages. */
static void long_packets_are_cut(void **state)
{
	struct tpacket_req odd = {2 * PAGE_SIZE, 1, 2720, 3};
	int version = TPACKET_V2, len = PAGE_SIZE * 2;
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_protocol = htons(0x88b6)};
	struct tpacket2_hdr *h;
	static u8 big[9000];
	struct socket *s;
	struct view v;
	struct cap c;
	u32 left;

	for (u32 i = 0; i < sizeof(big); i++)
		big[i] = (u8)(i * 7 + i / 256);
	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_PACKET, SOCK_RAW, 0);
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_VERSION, &version, 4), 0);
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_RX_RING, &odd, sizeof(odd)), 0);
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&ll, sizeof(ll)), 0);
	assert_int_equal(map(&v, s, (unsigned long)len), 0);
	for (int i = 0; i < 2; i++)
		cap_inject(&c, c.dev->dev_addr, peer_mac, 0x88b6, BYTES(big, sizeof(big)));
	/* The second frame begins at 2720 and its packet goes on in the second page. */
	h = (void *)((u8 *)frame(&v, 0) + 2720);
	assert_int_equal(h->tp_len, sizeof(big) + 14);
	assert_int_equal(h->tp_snaplen, 2720 - h->tp_mac);
	left = PAGE_SIZE - 2720 - h->tp_net;
	assert_memory_equal((u8 *)h + h->tp_net, big, left);
	assert_memory_equal(frame(&v, 2), big + left, 2720 - h->tp_net - left);
	sock_release(s);
	cap_destroy(&c);
}

static void room_is_kept_in_front(void **state)
{
	struct tpacket2_hdr *h;
	struct socket *s;
	int reserve = 100, none = -1;
	struct view v;
	struct cap c;
	u32 without;

	cap_make(&c, 0, 0);
	s = ring_socket(&c, SOCK_RAW, TPACKET_V2);
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_RESERVE, &reserve, 4), -EBUSY);
	assert_int_equal(map(&v, s, FRAMES * FRAME_SIZE), 0);
	inject(&c, "a");
	h = frame(&v, 0);
	without = h->tp_mac;
	sock_release(s);
	s = test_socket(c.net, AF_PACKET, SOCK_RAW, htons(0x88b6));
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_RESERVE, &none, 4), -EINVAL);
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_RESERVE, &reserve, 4), 0);
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_RX_RING, &request,
					   sizeof(request)), 0);
	assert_int_equal(map(&v, s, FRAMES * FRAME_SIZE), 0);
	inject(&c, "b");
	h = frame(&v, 0);
	/* This one is V1: the offset has its own place, but both headers are of one size. */
	assert_int_equal(((struct tpacket_hdr *)h)->tp_mac, without + 100);
	sock_release(s);
	cap_destroy(&c);
}

static int try_ring(struct socket *s, struct tpacket_req req)
{
	return kernel_setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req));
}

static void bad_requests_are_refused(void **state)
{
	struct tpacket_req ok = request;
	int val = TPACKET_V3, len = sizeof(val);
	struct socket *s;
	struct view v;
	struct cap c;

	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_PACKET, SOCK_RAW, 0);
	assert_int_equal(map(&v, s, FRAMES * FRAME_SIZE), -EINVAL);
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_VERSION, &val, 4), -EINVAL);
	assert_int_equal(s->ops->getsockopt(s, SOL_PACKET, PACKET_HDRLEN, &val, &len), -EINVAL);
	val = TPACKET_V2;
	assert_int_equal(s->ops->getsockopt(s, SOL_PACKET, PACKET_HDRLEN, &val, &len), 0);
	assert_int_equal(val, sizeof(struct tpacket2_hdr));
	assert_int_equal(try_ring(s, (struct tpacket_req){1000, 1, 128, 7}), -EINVAL);
	assert_int_equal(try_ring(s, (struct tpacket_req){0, 1, 128, 7}), -EINVAL);
	assert_int_equal(try_ring(s, (struct tpacket_req){PAGE_SIZE, 1, 130, 31}), -EINVAL);
	assert_int_equal(try_ring(s, (struct tpacket_req){PAGE_SIZE, 1, 32, 128}), -EINVAL);
	assert_int_equal(try_ring(s, (struct tpacket_req){PAGE_SIZE, 2, 1024, 9}), -EINVAL);
	assert_int_equal(try_ring(s, (struct tpacket_req){PAGE_SIZE, 1, 8192, 0}), -EINVAL);
	assert_int_equal(try_ring(s, (struct tpacket_req){PAGE_SIZE, 0xffffffff, 64, 0}), -EINVAL);
	assert_int_equal(try_ring(s, (struct tpacket_req){1u << 30, 1u << 10, 1u << 30, 1u << 10}),
			 -ENOMEM);
	assert_int_equal(try_ring(s, (struct tpacket_req){0, 0, 0, 1}), -EINVAL);
	assert_int_equal(try_ring(s, (struct tpacket_req){0, 0, 0, 0}), 0);
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_RX_RING, &ok, 12), -EINVAL);
	assert_int_equal(try_ring(s, ok), 0);
	assert_int_equal(try_ring(s, ok), -EBUSY);
	val = TPACKET_V2;
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_VERSION, &val, 4), -EBUSY);
	assert_int_equal(map(&v, s, FRAMES * FRAME_SIZE - PAGE_SIZE), -EINVAL);
	assert_int_equal(try_ring(s, (struct tpacket_req){0}), 0);
	sock_release(s);
	cap_destroy(&c);
}

static void making_a_ring_may_fail(void **state)
{
	struct socket *s;
	int err = -ENOMEM;
	struct cap c;

	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_PACKET, SOCK_RAW, 0);
	for (unsigned long n = 1; err; n++) {
		assert_true(n < 20);
		hosted_fail_nth(n);
		err = try_ring(s, request);
		hosted_fail_nth(0);
		assert_true(!err || err == -ENOMEM);
	}
	sock_release(s);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(packets_appear_in_frames, net_up, net_down),
		TEST_UP_DOWN(the_first_layout_and_cooked_packets, net_up, net_down),
		TEST_UP_DOWN(a_full_ring_loses_and_says_so, net_up, net_down),
		TEST_UP_DOWN(long_packets_are_cut, net_up, net_down),
		TEST_UP_DOWN(room_is_kept_in_front, net_up, net_down),
		TEST_UP_DOWN(bad_requests_are_refused, net_up, net_down),
		TEST_UP_DOWN(making_a_ring_may_fail, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
