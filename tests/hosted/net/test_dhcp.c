// SPDX-License-Identifier: BSD-2-Clause
/*
 * The DHCP client (net/ipv4/dhcp.c) against a server that does what the test says, over a veth pair
 * and the whole stack, in virtual time: each state's messages and times (RFC 2131 figure 5,
 * sections 3.1, 3.2, 3.7 and 4.4), conflicts (RFC 5227), the link coming and going, memory running
 * out.
 */
#include <drivers/net/veth.h>
#include <errno.h>
#include <net/route.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>
#include <tests/hosted/net/dhcp_test.h>

/* Two hosts on a wire: a is the client, without an address; b the server, 10.0.0.1. */
static struct dhcp_net {
	struct net *a, *b;
	struct net_device *dev_a, *dev_b;
	struct socket *server;
	struct dhcp_client *c;
	struct ipconfig cfg;
	int bound; /* how often the client said so */
	/* What the server answers. */
	be32 addr, id, router;
	u32 lease, t1, t2;
	u16 mtu;
	u32 xid_change; /* damage */
	u16 port;
} d;

static u64 now(void)
{
	return hosted_now_ns() / NSEC_PER_MSEC;
}

static void on_bound(struct dhcp_client *c)
{
	d.bound++;
}

static struct socket *server_socket(struct net *net, u16 port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = cpu_to_be16(port)};
	struct socket *s = test_socket(net, AF_INET, SOCK_DGRAM, 0);
	int on = 1;

	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "eth0", 5), 0);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)), 0);
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return s;
}

static int up(void **state)
{
	struct veth_end a, b;
	struct net_device *devs[2];
	static bool started;

	if (net_up(state))
		return -1;
	if (!started) {
		ipconfig_init();
		hosted_leak_mark();
	}
	started = true;
	d = (struct dhcp_net){.a = net_create("a"),
			      .b = net_create("b"),
			      .addr = ip4(10, 0, 0, 2),
			      .id = ip4(10, 0, 0, 1),
			      .router = ip4(10, 0, 0, 1),
			      .lease = 3600};
	a = (struct veth_end){d.a, "eth0"};
	b = (struct veth_end){d.b, "eth0"};
	assert_int_equal(veth_create(&a, &b, devs), 0);
	d.dev_a = devs[0];
	d.dev_b = devs[1];
	assert_int_equal(dev_open(d.dev_a), 0);
	assert_int_equal(dev_open(d.dev_b), 0);
	assert_int_equal(inet_addr_add(d.dev_b, ip4(10, 0, 0, 1), 24, ip4(10, 0, 0, 255)), 0);
	d.server = server_socket(d.b, DHCP_SERVER_PORT);
	d.cfg.mode = IPCONFIG_DHCP;
	strlcpy(d.cfg.hostname, "guest", sizeof(d.cfg.hostname));
	d.c = dhcp_start(d.dev_a, &d.cfg, 0, on_bound, NULL);
	return IS_ERR(d.c) ? -1 : 0;
}

static int down(void **state)
{
	dhcp_stop(d.c);
	assert_null(inet_lookup_ifaddr(d.a, d.addr));
	sock_release(d.server);
	hosted_drain(300 * 1000);
	put_net(d.a);
	put_net(d.b);
	hosted_drain(300 * 1000);
	return net_down(state);
}

/* The next message of the client within a time; false when there is none. */
static bool hear(struct asked *q, u64 within_ms)
{
	struct timeval tv = {.tv_sec = (long)(within_ms / 1000),
			     .tv_usec = (long)(within_ms % 1000 * 1000 + 1)};
	struct sockaddr_storage from = {0};
	struct msghdr m = {.msg_name = &from, .msg_namelen = sizeof(from)};
	int n;

	kernel_setsockopt(d.server, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	n = kernel_recvmsg(d.server, &m, q->p, sizeof(q->p), 0);
	if (n < 0)
		return false;
	assert_true(n >= DHCP_MIN_MSG);
	q->len = (size_t)n;
	q->from = ((struct sockaddr_in *)&from)->sin_addr.s_addr;
	memcpy(&q->head, q->p, sizeof(q->head));
	assert_int_equal(((struct sockaddr_in *)&from)->sin_port, cpu_to_be16(DHCP_CLIENT_PORT));
	assert_memory_equal(q->head.chaddr, d.dev_a->dev_addr, ETH_ALEN);
	return true;
}

static void expect(struct asked *q, u8 type, u64 within_ms)
{
	if (!hear(q, within_ms))
		fail_msg("no message %u within %lu ms", type, (unsigned long)within_ms);
	assert_int_equal(asked_type(q), type);
}

static void expect_silence(u64 ms)
{
	struct asked q;

	if (hear(&q, ms))
		fail_msg("unexpected message %u", asked_type(&q));
}

static void answer(const struct asked *q, u8 type)
{
	bool unicast = q->head.ciaddr && !q->head.flags;
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = cpu_to_be16(DHCP_CLIENT_PORT),
				 .sin_addr.s_addr =
					 unicast ? q->head.ciaddr : ip4(255, 255, 255, 255)};
	struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof(to)};
	u8 mtu[2] = {(u8)(d.mtu >> 8), (u8)d.mtu};
	struct reply r;

	reply_begin(&r, type, be32_to_cpu(q->head.xid) ^ d.xid_change, q->head.chaddr,
		    type == DHCPNAK ? 0 : d.addr);
	reply_addr(&r, 54, d.id);
	if (type != DHCPNAK) {
		reply_addr(&r, 1, ip4(255, 255, 255, 0));
		reply_addr(&r, 3, d.router);
		reply_u32(&r, 51, d.lease);
	}
	if (d.t1)
		reply_u32(&r, 58, d.t1);
	if (d.t2)
		reply_u32(&r, 59, d.t2);
	if (d.mtu)
		reply_option(&r, 26, mtu, 2);
	reply_end(&r);
	if (d.port) {
		struct socket *s = server_socket(d.b, d.port);

		kernel_sendmsg(s, &m, r.p, r.len);
		sock_release(s);
	} else {
		kernel_sendmsg(d.server, &m, r.p, r.len);
	}
	hosted_run_until_idle();
}

static bool has_addr(be32 addr)
{
	return inet_lookup_ifaddr(d.a, addr) != NULL;
}

/* The gateway for what is far away; 1: no route. */
static be32 default_gateway(void)
{
	struct flowi4 fl4 = {.daddr = ip4(1, 2, 3, 4)};
	struct rtable *rt = ip_route_output_key(d.a, &fl4);
	be32 gw;

	if (IS_ERR(rt))
		return 1;
	gw = rt->rt_gateway;
	dst_release(&rt->dst);
	return gw;
}

/* The four messages; the time of the REQUEST, from which on the lease counts. */
static u64 lease_once(void)
{
	struct asked q;
	u64 asked_at;

	expect(&q, DHCPDISCOVER, 70000);
	answer(&q, DHCPOFFER);
	expect(&q, DHCPREQUEST, 100);
	asked_at = now();
	answer(&q, DHCPACK);
	hosted_advance(1500); /* both probes */
	assert_true(has_addr(d.addr));
	assert_int_equal(d.c->state, DHCP_BOUND);
	return asked_at;
}

/* Let the time come to `at`. */
static void until(u64 at)
{
	if (at > now())
		hosted_advance(at - now());
}

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

#define T(fn) TEST_UP_DOWN(fn, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_lease),
		T(test_no_answer_backoff),
		T(test_lost_offer_and_ack),
		T(test_useless_offers),
		T(test_other_server),
		T(test_naks),
		T(test_renew),
		T(test_renew_changes_router),
		T(test_rebind_and_expiry),
		T(test_rebind_by_another_server),
		T(test_nak_while_renewing),
		T(test_bad_timers),
		T(test_endless_lease),
		T(test_conflict),
		T(test_late_conflict),
		T(test_link_returns),
		T(test_device_down_and_up),
		T(test_no_link),
		T(test_device_goes),
		T(test_mtu),
		T(test_no_memory),
	};

	return RUN_TESTS(tests);
}
