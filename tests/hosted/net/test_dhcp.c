// SPDX-License-Identifier: BSD-2-Clause
/*
 * The DHCP client (net/ipv4/dhcp.c) on its way to an address, against a server that does what the
 * test says, over a veth pair and the whole stack, in virtual time: what it sends and when (RFC
 * 2131 sections 3.1 and 4.1), what it does not believe, conflicts (RFC 5227), memory running out.
 */
#include <string.h>
#include <tests/hosted/net/dhcp_test.h>

static void test_lease(void **state)
{
	struct asked q;
	size_t len;
	u32 xid;

	expect(&q, DHCPDISCOVER, 0);
	assert_int_equal(q.from, 0);
	assert_int_equal(q.head.ciaddr, 0);
	assert_int_equal(q.head.flags, cpu_to_be16(0x8000));
	assert_non_null(asked_option(&q, 12, &len));
	xid = q.head.xid;
	answer(&q, DHCPOFFER);
	expect(&q, DHCPREQUEST, 0);
	assert_int_equal(q.from, 0);
	assert_int_equal(q.head.xid, xid);
	assert_int_equal(q.head.ciaddr, 0);
	assert_int_equal(asked_addr(&q, 50), d.addr);
	assert_int_equal(asked_addr(&q, 54), d.id);
	answer(&q, DHCPACK);
	assert_false(has_addr(d.addr)); /* it is being probed for */
	hosted_advance(200);
	assert_true(has_addr(d.addr));
	assert_int_equal(inet_lookup_ifaddr(d.a, d.addr)->ifa_prefixlen, 24);
	assert_int_equal(default_gateway(), d.router);
	assert_int_equal(d.bound, 1);
	expect_silence(1700 * 1000);
}

static void test_no_answer_backoff(void **state)
{
	static const u64 least[] = {1000, 2000, 3000, 7000, 15000, 31000, 63000, 63000, 63000};
	struct asked q;
	u64 last;
	u32 xid;

	expect(&q, DHCPDISCOVER, 0);
	xid = q.head.xid;
	for (size_t i = 0; i < ARRAY_SIZE(least); i++) {
		last = now();
		expect(&q, DHCPDISCOVER, 66000);
		assert_in_range(now() - last, least[i], least[i] + 2001);
		assert_int_equal(q.head.xid, xid);
	}
	assert_true(be16_to_cpu(q.head.secs) > 200);
	lease_once(); /* it is never too late */
}

static void test_lost_offer_and_ack(void **state)
{
	struct asked q;
	u32 xid;

	expect(&q, DHCPDISCOVER, 0);
	expect(&q, DHCPDISCOVER, 2000);
	answer(&q, DHCPOFFER);
	for (int i = 0; i < 4; i++) {
		expect(&q, DHCPREQUEST, 10000);
		assert_int_equal(asked_addr(&q, 54), d.id);
	}
	xid = q.head.xid;
	expect(&q, DHCPDISCOVER, 10000); /* gives up, starts over */
	assert_int_not_equal(q.head.xid, xid);
	answer(&q, DHCPOFFER);
	expect(&q, DHCPREQUEST, 0);
	expect(&q, DHCPREQUEST, 2000);
	answer(&q, DHCPACK);
	hosted_advance(200);
	assert_true(has_addr(d.addr));
}

/* Another transaction, another port, an address or lease that nobody can use: all ignored. */
static void test_useless_offers(void **state)
{
	static const struct {
		u32 xid_change, lease;
		u16 port;
		u8 addr[4], id[4];
	} bad[] = {
		{1, 3600, 0, {10, 0, 0, 2}, {10, 0, 0, 1}},
		{0, 3600, 6767, {10, 0, 0, 2}, {10, 0, 0, 1}},
		{0, 0, 0, {10, 0, 0, 2}, {10, 0, 0, 1}},
		{0, 1, 0, {10, 0, 0, 2}, {10, 0, 0, 1}},
		{0, 3600, 0, {10, 0, 0, 2}, {0, 0, 0, 0}},
		{0, 3600, 0, {0, 0, 0, 0}, {10, 0, 0, 1}},
		{0, 3600, 0, {127, 0, 0, 1}, {10, 0, 0, 1}},
		{0, 3600, 0, {10, 0, 0, 255}, {10, 0, 0, 1}},
		{0, 3600, 0, {255, 255, 255, 255}, {10, 0, 0, 1}},
	};
	struct dhcp_net good = d;
	struct asked q;

	expect(&q, DHCPDISCOVER, 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		d.xid_change = bad[i].xid_change;
		d.lease = bad[i].lease;
		d.port = bad[i].port;
		memcpy(&d.addr, bad[i].addr, 4);
		memcpy(&d.id, bad[i].id, 4);
		answer(&q, DHCPOFFER);
		assert_int_equal(d.c->state, DHCP_SELECTING);
	}
	answer(&q, DHCPACK);
	answer(&q, DHCPNAK);
	assert_int_equal(d.c->state, DHCP_SELECTING);
	d = good;
	lease_once();
}

/* REQUESTING listens to the server that it chose. */
static void test_other_server(void **state)
{
	struct asked q;

	expect(&q, DHCPDISCOVER, 0);
	answer(&q, DHCPOFFER);
	expect(&q, DHCPREQUEST, 0);
	d.id = ip4(10, 0, 0, 99);
	answer(&q, DHCPNAK);
	answer(&q, DHCPACK);
	assert_int_equal(d.c->state, DHCP_REQUESTING);
	d.id = ip4(10, 0, 0, 1);
	answer(&q, DHCPACK);
	hosted_advance(200);
	assert_true(has_addr(d.addr));
}

/* A server that always says no is asked ever more rarely. */
static void test_naks(void **state)
{
	struct asked q;
	u64 start = now();

	for (int i = 0; i < 8; i++) {
		expect(&q, DHCPDISCOVER, 66000);
		assert_int_equal(asked_addr(&q, 50), 0);
		answer(&q, DHCPOFFER);
		expect(&q, DHCPREQUEST, 0);
		answer(&q, DHCPNAK);
		if (!i)
			assert_int_equal(now(), start); /* the first time at once */
	}
	assert_true(now() - start > 50 * 1000);
	lease_once();
}

/* Somebody answers the probe. */
static void test_conflict(void **state)
{
	struct asked q;
	u64 declined;

	assert_int_equal(inet_addr_add(d.dev_b, d.addr, 24, 0), 0);
	expect(&q, DHCPDISCOVER, 0);
	answer(&q, DHCPOFFER);
	expect(&q, DHCPREQUEST, 0);
	answer(&q, DHCPACK);
	expect(&q, DHCPDECLINE, 0);
	declined = now();
	assert_int_equal(q.head.ciaddr, 0);
	assert_int_equal(asked_addr(&q, 50), d.addr);
	assert_int_equal(asked_addr(&q, 54), d.id);
	assert_false(has_addr(d.addr));
	assert_int_equal(d.bound, 0);
	d.addr = ip4(10, 0, 0, 3);
	lease_once();
	assert_true(now() - declined >= 10000);
}

/* Somebody comes a moment later. */
static void test_late_conflict(void **state)
{
	struct asked q;

	expect(&q, DHCPDISCOVER, 0);
	answer(&q, DHCPOFFER);
	expect(&q, DHCPREQUEST, 0);
	answer(&q, DHCPACK);
	hosted_advance(500);
	assert_true(has_addr(d.addr));
	assert_int_equal(inet_addr_add(d.dev_b, d.addr, 24, 0), 0); /* announces it */
	expect(&q, DHCPDECLINE, 1000);
	assert_false(has_addr(d.addr));
	assert_int_equal(default_gateway(), 1);
}

/* Without a link nothing is sent; with it at once. */
static void test_no_link(void **state)
{
	struct asked q;

	expect(&q, DHCPDISCOVER, 0);
	dev_close(d.dev_b);
	hosted_advance(3600 * 1000);
	assert_int_equal(d.c->state, DHCP_INIT);
	assert_int_equal(dev_open(d.dev_b), 0);
	expect(&q, DHCPDISCOVER, 0);
	lease_once();
}

/* Every tenth allocation fails, for hours: whatever breaks heals. */
static void test_no_memory(void **state)
{
	struct asked q;

	d.lease = 600;
	hosted_fail_permille(100);
	for (u64 end = now() + 4 * 3600 * 1000; now() < end;) {
		if (!hear(&q, 60000))
			continue;
		answer(&q, asked_type(&q) == DHCPDISCOVER ? DHCPOFFER : DHCPACK);
	}
	assert_true(hosted_failed() > 10);
	hosted_fail_permille(0);
	while (hear(&q, 0))
		;
	for (u64 end = now() + 1000 * 1000; now() < end;) {
		if (hear(&q, 60000))
			answer(&q, asked_type(&q) == DHCPDISCOVER ? DHCPOFFER : DHCPACK);
	}
	assert_true(has_addr(d.addr));
}

#define T(fn) TEST_UP_DOWN(fn, dhcp_net_up, dhcp_net_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_lease),		T(test_no_answer_backoff), T(test_lost_offer_and_ack),
		T(test_useless_offers), T(test_other_server),	   T(test_naks),
		T(test_conflict),	T(test_late_conflict),	   T(test_no_link),
		T(test_no_memory),
	};

	return RUN_TESTS(tests);
}
