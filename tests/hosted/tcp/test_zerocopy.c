// SPDX-License-Identifier: BSD-2-Clause
/*
 * MSG_ZEROCOPY from real pages (scripts have none: their buffers are the host's, which are copied):
 * who holds the pages when, what the reports say, cutting, retransmission, loopback, orderly ends.
 */
#include <net/errqueue.h>
#include <net/ethernet.h>
#include <net/zerocopy.h>
#include <sys/epoll.h>
#include <tests/hosted/tcp/tcp_test.h>

#define PAGES 8u

static struct page *pages;
static u8 *buf;

/* A connection whose device takes fragments, and a buffer of whole pages with the pattern. */
static void zc_open(struct tcp_env *e)
{
	u32 i;

	e->dev->features |= NETIF_F_SG;
	passive_open(e, &plain);
	sk_dst_reset(e->sock->sk);
	e->sock->sk->sk_route_caps |= NETIF_F_SG;
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
	pages = alloc_pages(GFP_KERNEL, 3);
	assert_non_null(pages);
	buf = page_address(pages);
	for (i = 0; i < PAGES * PAGE_SIZE; i++)
		buf[i] = pattern(1 + i);
}

static void zc_close(struct tcp_env *e)
{
	drop_seen(e);
	assert_int_equal(page_count(pages), 1);
	put_page(pages);
}

static int zc_send(struct tcp_env *e, u32 from, u32 len, int flags)
{
	struct msghdr msg = {.msg_flags = (unsigned int)(flags | MSG_ZEROCOPY | MSG_DONTWAIT)};
	int n;

	iov_iter_ubuf(&msg.msg_iter, buf + from, len); /* a program's pages, not the kernel's */
	n = sock_sendmsg(e->sock, &msg);
	hosted_run_until_idle();
	check(e);
	return n;
}

/* The next report: 0 and the range, or -EAGAIN. */
static int report(struct tcp_env *e, struct sock_extended_err *ee)
{
	struct {
		struct cmsghdr h;
		struct sock_extended_err ee;
		u8 room[64];
	} c;
	struct msghdr msg = {.msg_control = &c, .msg_controllen = sizeof(c)};
	u8 none;
	int n = kernel_recvmsg(e->sock, &msg, &none, 0, MSG_ERRQUEUE);

	if (n < 0)
		return n;
	assert_true(msg.msg_flags & MSG_ERRQUEUE);
	assert_int_equal(c.h.cmsg_level, IPPROTO_IP);
	assert_int_equal(c.h.cmsg_type, IP_RECVERR);
	assert_int_equal(c.ee.ee_origin, SO_EE_ORIGIN_ZEROCOPY);
	assert_int_equal(c.ee.ee_errno, 0);
	*ee = c.ee;
	return n;
}

static void expect_report(struct tcp_env *e, u32 lo, u32 hi, u8 code)
{
	struct sock_extended_err ee;

	assert_true(e->sock->ops->poll(NULL, e->sock, NULL) & EPOLLERR);
	assert_int_equal(report(e, &ee), 0);
	assert_int_equal(ee.ee_info, lo);
	assert_int_equal(ee.ee_data, hi);
	assert_int_equal(ee.ee_code, code);
}

static void expect_no_report(struct tcp_env *e)
{
	struct sock_extended_err ee;

	assert_int_equal(report(e, &ee), -EAGAIN);
	assert_false(e->sock->ops->poll(NULL, e->sock, NULL) & EPOLLERR);
}

/* The pages are the packet's until all of it is acknowledged; then comes the report. */
static void pages_are_held_until_acked(void **state)
{
	struct tcp_env *e = *state;

	zc_open(e);
	assert_int_equal(zc_send(e, 0, 2500, 0), 2500);
	assert_true(page_count(pages) > 1);
	expect(e, ACK, 1, 1, 1000);
	expect(e, ACK, 1001, 1, 1000);
	expect(e, ACK, 2001, 1, 500);
	expect_no_report(e);
	inject(e, ACK, 1, 1001, 0);
	expect_no_report(e);
	inject(e, ACK, 1, 2501, 0);
	expect_report(e, 0, 0, 0);
	expect_no_report(e);
	zc_close(e);
}

/* Nothing is copied: what the program writes before the report is what goes out. */
static void the_wire_sees_the_pages(void **state)
{
	struct tcp_env *e = *state;
	struct seg *s;

	zc_open(e);
	zc_send(e, 0, 500, 0);
	expect(e, ACK, 1, 1, 500);
	buf[0] ^= 0xff;
	wait_seg(e, 190, 320); /* the retransmission takes it from the page again */
	s = next_seg(e);
	assert_int_equal(s->seq, 1);
	assert_int_equal(s->payload[0], buf[0]);
	inject(e, ACK, 1, 501, 0);
	expect_report(e, 0, 0, 0);
	zc_close(e);
}

/* Sends that share packets share a report; reports that follow each other become one. */
static void reports_are_joined(void **state)
{
	struct tcp_env *e = *state;
	u32 i;

	zc_open(e);
	for (i = 0; i < 5; i++)
		assert_int_equal(zc_send(e, i * 1000, 1000, 0), 1000);
	for (i = 0; i < 5; i++) {
		expect(e, ACK, 1 + i * 1000, 1, 1000);
		inject(e, ACK, 1, 1001 + i * 1000, 0);
	}
	expect_report(e, 0, 4, 0);
	expect_no_report(e);
	assert_int_equal(zc_send(e, 5000, 1000, 0), 1000);
	inject(e, ACK, 1, 6001, 0);
	expect_report(e, 5, 5, 0);
	zc_close(e);
}

/* A device without scatter-gather: copied, said at once. */
static void copied_is_said(void **state)
{
	struct tcp_env *e = *state;

	zc_open(e);
	e->sock->sk->sk_route_caps &= ~(u32)NETIF_F_SG;
	assert_int_equal(zc_send(e, 0, 500, 0), 500);
	assert_int_equal(page_count(pages), 1);
	expect_report(e, 0, 0, SO_EE_CODE_ZEROCOPY_COPIED);
	inject(e, ACK, 1, 501, 0);
	zc_close(e);
}

/* Memory without a struct page that could be kept. */
static void unpinnable_memory_is_copied(void **state)
{
	struct tcp_env *e = *state;
	u8 *kept;

	zc_open(e);
	kept = buf;
	buf = kmalloc(500, GFP_KERNEL);
	memcpy(buf, kept, 500);
	assert_int_equal(zc_send(e, 0, 500, 0), 500);
	memset(buf, 0, 500);
	kfree(buf);
	buf = kept;
	expect(e, ACK, 1, 1, 500);
	expect_report(e, 0, 0, SO_EE_CODE_ZEROCOPY_COPIED);
	inject(e, ACK, 1, 501, 0);
	expect_no_report(e);
	zc_close(e);
}

/* Without SO_ZEROCOPY the flag means nothing. */
static void flag_without_option_copies(void **state)
{
	struct tcp_env *e = *state;

	zc_open(e);
	set_opt(e, SOL_SOCKET, SO_ZEROCOPY, 0);
	assert_int_equal(zc_send(e, 0, 500, 0), 500);
	assert_int_equal(page_count(pages), 1);
	inject(e, ACK, 1, 501, 0);
	expect_no_report(e);
	zc_close(e);
}

/* A send that fails gives its number back. */
static void failed_send_has_no_number(void **state)
{
	struct tcp_env *e = *state;

	zc_open(e);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_SNDBUF, 5000), 0);
	while (zc_send(e, 0, 4000, 0) > 0)
		drop_seen(e);
	assert_int_equal(zc_send(e, 0, 4000, 0), -EAGAIN);
	expect_no_report(e);
	hosted_advance(1);
	inject(e, ACK, 1, tp_of(e)->snd_nxt - e->isn, 0);
	while (tp_of(e)->snd_una != tp_of(e)->write_seq)
		inject(e, ACK, 1, tp_of(e)->snd_nxt - e->isn, 0);
	drop_seen(e);
	{
		struct sock_extended_err ee;

		assert_int_equal(report(e, &ee), 0);
		assert_int_equal(ee.ee_info, 0);
		assert_int_equal(ee.ee_data + 1, e->sock->sk->sk_zckey);
	}
	zc_close(e);
}

/* Each send that is under way has its report's memory, bounded by optmem_max: -ENOBUFS. */
static void reports_are_bounded(void **state)
{
	struct tcp_env *e = *state;
	int n = 0, ret;

	zc_open(e);
	for (ret = 1; ret > 0 && n < 1000; n++) {
		ret = zc_send(e, 0, 100, MSG_EOR);
		prog_send(e, 1, MSG_EOR); /* or the next would continue this one's report */
	}
	assert_int_equal(ret, -ENOBUFS);
	assert_in_range(n, 5, 100);
	assert_int_equal(e->sock->sk->sk_zckey, (u32)n - 1);
	drop_seen(e);
	while (tp_of(e)->snd_una != tp_of(e)->write_seq)
		inject(e, ACK, 1, tp_of(e)->snd_nxt - e->isn, 0);
	expect_report(e, 0, (u32)n - 2, 0);
	zc_close(e);
}

/* Close with pages in flight: no report, but the pages come free. */
static void close_gives_the_pages_back(void **state)
{
	struct tcp_env *e = *state;

	zc_open(e);
	assert_int_equal(zc_send(e, 0, 3000, 0), 3000);
	drop_seen(e);
	prog_close(e);
	assert_true(page_count(pages) > 1);
	{
		struct seg rst = {.flags = RST, .seq = 1};

		inject_seg(e, &rst);
	}
	zc_close(e);
}

/* Freed before the report: the page stays until the packet is acknowledged. */
static void freed_pages_stay(void **state)
{
	struct tcp_env *e = *state;

	zc_open(e);
	assert_int_equal(zc_send(e, 0, 500, 0), 500);
	put_page(pages);
	expect(e, ACK, 1, 1, 500);
	wait_seg(e, 190, 320);
	expect(e, ACK, 1, 1, 500);
	inject(e, ACK, 1, 501, 0);
	expect_report(e, 0, 0, 0);
	drop_seen(e);
}

static struct sk_buff *tapped;

static int keep_one(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	if (tapped)
		consume_skb(skb);
	else
		tapped = skb;
	return 0;
}

/* A capture that nobody reads must not keep the program waiting: what it holds is a copy. */
static void a_tap_does_not_hold_the_pages(void **state)
{
	struct packet_type tap = {.type = cpu_to_be16(ETH_P_ALL), .func = keep_one};
	struct tcp_env *e = *state;
	u8 first;

	zc_open(e);
	dev_add_pack(&tap);
	assert_int_equal(zc_send(e, 0, 500, 0), 500);
	dev_remove_pack(&tap);
	assert_non_null(tapped);
	first = buf[0];
	buf[0] ^= 0xff;
	expect(e, ACK, 1, 1, 500);
	inject(e, ACK, 1, 501, 0);
	expect_report(e, 0, 0, SO_EE_CODE_ZEROCOPY_COPIED);
	assert_int_equal(page_count(pages), 1);
	assert_int_equal(skb_copy_bits(tapped, tapped->len - 500, &buf[1], 1), 0);
	assert_int_equal(buf[1], first);
	consume_skb(tapped);
	tapped = NULL;
	zc_close(e);
}

/*
 * sendfile: packets refer to the file's pages, which last until the ACK although the file let them
 * go; no report, and what is copied behind goes on in a page of its own.
 */
static void sendfile_refers_to_pages(void **state)
{
	struct tcp_env *e = *state;
	struct iovec iov[2];
	struct msghdr msg = {.msg_flags = MSG_DONTWAIT};

	zc_open(e);
	assert_int_equal(set_opt(e, SOL_SOCKET, SO_ZEROCOPY, 0), 0);
	iov[0] = (struct iovec){buf, 1500};
	iov[1] = (struct iovec){buf + 1500, 500};
	iov_iter_pages(&msg.msg_iter, iov, 2, 2000);
	assert_int_equal(sock_sendmsg(e->sock, &msg), 2000);
	assert_true(page_count(pages) > 1);
	iov_iter_ubuf(&msg.msg_iter, buf + 2000, 500);
	assert_int_equal(sock_sendmsg(e->sock, &msg), 500);
	hosted_run_until_idle();
	check(e);
	expect(e, ACK, 1, 1, 1000);
	expect(e, ACK, 1001, 1, 1000);
	expect(e, ACK, 2001, 1, 500);
	inject(e, ACK, 1, 2501, 0);
	expect_no_report(e);
	zc_close(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(pages_are_held_until_acked, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(sendfile_refers_to_pages, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(the_wire_sees_the_pages, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(reports_are_joined, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(copied_is_said, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(unpinnable_memory_is_copied, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(flag_without_option_copies, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(failed_send_has_no_number, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(reports_are_bounded, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(close_gives_the_pages_back, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(freed_pages_stay, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(a_tap_does_not_hold_the_pages, tcp_env_up, tcp_env_down),
	};

	return RUN_TESTS(tests);
}
