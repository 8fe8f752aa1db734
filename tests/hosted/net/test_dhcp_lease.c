// SPDX-License-Identifier: BSD-2-Clause
/*
 * The DHCP client (net/ipv4/dhcp.c) with an address, in virtual time: renewing, rebinding and the
 * end of the lease (RFC 2131 section 4.4.5), a server that takes it back, the link coming and going
 * (sections 3.2, 3.7), the MTU.
 */
#include <tests/hosted/net/dhcp_test.h>

static void test_renew(void **state)
{
	struct asked q;
	u64 asked_at;

	d.lease = 1000;
	asked_at = lease_once();
	for (int i = 0; i < 3; i++) {
		expect(&q, DHCPREQUEST, 500 * 1000);
		assert_in_range(now(), asked_at + 500 * 1000, asked_at + 500 * 1000 + 5);
		assert_int_equal(q.from, d.addr); /* and so it came by unicast: */
		assert_int_equal(d.c->state, DHCP_RENEWING);
		assert_int_equal(q.head.ciaddr, d.addr);
		assert_int_equal(q.head.flags, 0);
		assert_int_equal(asked_addr(&q, 50) | asked_addr(&q, 54), 0);
		asked_at = now();
		answer(&q, DHCPACK);
		assert_int_equal(d.c->state, DHCP_BOUND);
	}
	assert_int_equal(d.bound, 1);
}

/* A new router with the renewed lease; the old way is gone. */
static void test_renew_changes_router(void **state)
{
	struct asked q;

	lease_once();
	expect(&q, DHCPREQUEST, 1800 * 1000);
	d.router = ip4(10, 0, 0, 254);
	answer(&q, DHCPACK);
	assert_int_equal(default_gateway(), d.router);
	assert_true(has_addr(d.addr));
}

/* T1 nobody, T2 nobody, the end: who asks when, and what is left. */
static void test_rebind_and_expiry(void **state)
{
	struct asked q;
	u64 asked_at;

	d.lease = 4000;
	d.t1 = 1000;
	d.t2 = 2000;
	asked_at = lease_once();
	expect(&q, DHCPREQUEST, 1000 * 1000);
	assert_in_range(now(), asked_at + 1000000, asked_at + 1000005);
	expect(&q, DHCPREQUEST, 500 * 1000); /* half of the rest */
	assert_in_range(now(), asked_at + 1500000, asked_at + 1500010);
	while (now() < asked_at + 2000000 - 5) {
		assert_int_equal(d.c->state, DHCP_RENEWING);
		expect(&q, DHCPREQUEST, 250 * 1000);
	}
	assert_int_equal(d.c->state, DHCP_REBINDING);
	assert_int_equal(q.head.ciaddr, d.addr);
	assert_int_equal(q.from, d.addr);
	assert_int_equal(asked_addr(&q, 54), 0);
	expect(&q, DHCPREQUEST, 1000 * 1000);
	assert_true(has_addr(d.addr));
	until(asked_at + 4000000 + 5);
	assert_false(has_addr(d.addr));
	assert_int_equal(default_gateway(), 1);
	while (hear(&q, 0))
		;
	assert_int_equal(asked_type(&q), DHCPDISCOVER);
	assert_int_equal(asked_addr(&q, 50), d.addr); /* it would like the same */
	lease_once();
}

/* In REBINDING any server may go on with the lease. */
static void test_rebind_by_another_server(void **state)
{
	struct asked q;
	u64 asked_at;

	d.t1 = 100;
	d.t2 = 200;
	asked_at = lease_once();
	until(asked_at + 200 * 1000 + 5);
	while (hear(&q, 0))
		;
	d.id = ip4(10, 0, 0, 9);
	answer(&q, DHCPACK);
	assert_int_equal(d.c->state, DHCP_BOUND);
	assert_int_equal(d.c->lease.server_id, d.id);
	assert_true(has_addr(d.addr));
}

static void test_nak_while_renewing(void **state)
{
	struct asked q;

	lease_once();
	expect(&q, DHCPREQUEST, 1800 * 1000);
	answer(&q, DHCPNAK);
	assert_false(has_addr(d.addr));
	d.addr = ip4(10, 0, 0, 3);
	lease_once();
	assert_false(has_addr(ip4(10, 0, 0, 2)));
	assert_int_equal(d.bound, 2);
}

static void test_bad_timers(void **state)
{
	struct asked q;
	u64 asked_at;

	d.t1 = 3700;
	d.t2 = 5000;
	asked_at = lease_once();
	expect(&q, DHCPREQUEST, 1800 * 1000);
	assert_in_range(now(), asked_at + 1800000, asked_at + 1800005);
}

static void test_endless_lease(void **state)
{
	d.lease = DHCP_INFINITE;
	d.t1 = 100;
	lease_once();
	expect_silence(1000ull * 3600 * 24 * 365);
	assert_true(has_addr(d.addr));
}

/* The link comes back: INIT-REBOOT, as section 3.2. */
static void test_link_returns(void **state)
{
	struct asked q;

	lease_once();
	dev_close(d.dev_b);
	hosted_advance(60000);
	assert_true(has_addr(d.addr));
	assert_int_equal(dev_open(d.dev_b), 0);
	expect(&q, DHCPREQUEST, 10);
	assert_int_equal(d.c->state, DHCP_REBOOTING);
	assert_int_equal(q.head.ciaddr, 0);
	assert_int_equal(asked_addr(&q, 50), d.addr);
	assert_int_equal(asked_addr(&q, 54), 0);
	answer(&q, DHCPACK);
	assert_int_equal(d.c->state, DHCP_BOUND);
	/* Nobody answers: the lease holds. */
	dev_close(d.dev_b);
	assert_int_equal(dev_open(d.dev_b), 0);
	for (int i = 0; i < 3; i++)
		expect(&q, DHCPREQUEST, 6000);
	hosted_advance(10000);
	assert_int_equal(d.c->state, DHCP_BOUND);
	assert_true(has_addr(d.addr));
	/* Another network. */
	dev_close(d.dev_b);
	assert_int_equal(dev_open(d.dev_b), 0);
	expect(&q, DHCPREQUEST, 10);
	answer(&q, DHCPNAK);
	assert_false(has_addr(d.addr));
	lease_once();
}

/* Our own side goes down and up: routes come back before any answer. */
static void test_device_down_and_up(void **state)
{
	struct asked q;

	lease_once();
	dev_close(d.dev_a);
	assert_int_equal(default_gateway(), 1);
	assert_int_equal(dev_open(d.dev_a), 0);
	expect(&q, DHCPREQUEST, 10);
	assert_int_equal(default_gateway(), d.router);
}

/* Another hardware address: is the lease ours under that name too? */
static void test_mac_changes(void **state)
{
	static const u8 mac[] = {2, 0, 0, 0, 0x77, 7};
	struct asked q;

	lease_once();
	assert_int_equal(dev_set_mac_address(d.dev_a, mac), 0);
	expect(&q, DHCPREQUEST, 10);
	assert_memory_equal(q.head.chaddr, mac, ETH_ALEN);
	assert_int_equal(asked_addr(&q, 50), d.addr);
	answer(&q, DHCPNAK);
	assert_false(has_addr(d.addr));
}

static void test_device_goes(void **state)
{
	lease_once();
	unregister_netdev(d.dev_a);
	hosted_advance(1000);
	assert_false(has_addr(d.addr));
}

static void test_mtu(void **state)
{
	struct asked q;

	d.mtu = 1400;
	lease_once();
	assert_int_equal(d.dev_a->mtu, 1400);
	expect(&q, DHCPREQUEST, 1800 * 1000);
	d.mtu = 68; /* too small to be true */
	answer(&q, DHCPACK);
	assert_int_equal(d.dev_a->mtu, 1400);
	expect(&q, DHCPREQUEST, 1800 * 1000);
	answer(&q, DHCPNAK);
	assert_int_equal(d.dev_a->mtu, 1500);
}

#define T(fn) TEST_UP_DOWN(fn, dhcp_net_up, dhcp_net_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_renew),
		T(test_renew_changes_router),
		T(test_rebind_and_expiry),
		T(test_rebind_by_another_server),
		T(test_nak_while_renewing),
		T(test_bad_timers),
		T(test_endless_lease),
		T(test_link_returns),
		T(test_device_down_and_up),
		T(test_mac_changes),
		T(test_device_goes),
		T(test_mtu),
	};

	return RUN_TESTS(tests);
}
