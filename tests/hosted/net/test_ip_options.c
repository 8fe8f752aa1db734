// SPDX-License-Identifier: BSD-2-Clause
/* IPv4 options: recorded, answered, refused; forwarding and what a router says. */
#include <net/checksum.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

static const struct iphdr icmp = {.protocol = IPPROTO_ICMP};

/* An echo request with these options; the reply's header, NULL when there was none. */
static const struct iphdr *echo_opt(struct cap *c, const void *opt, u32 len, const u8 **payload)
{
	u8 buf[64];
	u32 n = echo_build(buf, ICMP_ECHO, 1, 1, 8), plen;

	cap_forget(c);
	cap_inject_ip_opt(c, icmp, BYTES(opt, len), BYTES(buf, n));
	return cap_next_ip(c, IPPROTO_ICMP, payload, &plen);
}

static void the_route_is_recorded_both_ways(void **state)
{
	static const u8 rr[12] = {7, 11, 4};
	const struct iphdr *ih;
	be32 host = HOST_IP;
	const u8 *p, *o;
	struct cap c;

	cap_make(&c, 0, 0);
	ih = echo_opt(&c, rr, sizeof(rr), &p);
	assert_non_null(ih);
	assert_int_equal(p[0], ICMP_ECHOREPLY);
	assert_int_equal(ih->ihl, 8);
	o = (const u8 *)(ih + 1);
	assert_int_equal(o[0], 7);
	assert_int_equal(o[1], 11);
	assert_int_equal(o[2], 8); /* one address is there */
	assert_memory_equal(o + 3, &host, 4);
	cap_destroy(&c);
}

static void a_full_record_is_left_alone(void **state)
{
	static const u8 rr[8] = {7, 7, 8, 1, 2, 3, 4, 0};
	const struct iphdr *ih;
	const u8 *p;
	struct cap c;

	cap_make(&c, 0, 0);
	ih = echo_opt(&c, rr, sizeof(rr), &p);
	assert_non_null(ih);
	assert_memory_equal(ih + 1, rr, 7);
	cap_destroy(&c);
}

static void timestamps_are_filled(void **state)
{
	static const u8 ts[12] = {68, 12, 5, 0};
	static const u8 full[8] = {68, 8, 9, 0, 1, 2, 3, 4};
	const struct iphdr *ih;
	const u8 *p, *o;
	struct cap c;

	cap_make(&c, 0, 0);
	ih = echo_opt(&c, ts, sizeof(ts), &p);
	assert_non_null(ih);
	o = (const u8 *)(ih + 1);
	assert_int_equal(o[2], 9);
	ih = echo_opt(&c, full, sizeof(full), &p);
	assert_non_null(ih);
	o = (const u8 *)(ih + 1);
	assert_int_equal(o[3] >> 4, 1); /* counted as without room */
	cap_destroy(&c);
}

static void source_routes_are_refused_unless_allowed(void **state)
{
	static const u8 lsrr[8] = {131, 7, 4, 10, 0, 0, 9, 0};
	static const u8 used[8] = {131, 7, 8, 10, 0, 0, 2, 0};
	const struct iphdr *ih;
	const u8 *p;
	struct cap c;

	cap_make(&c, 0, 0);
	assert_null(echo_opt(&c, used, sizeof(used), &p));
	c.net->ipv4.devconf_all.accept_source_route = 1;
	ih = echo_opt(&c, used, sizeof(used), &p); /* we are its end */
	assert_non_null(ih);
	assert_int_equal(ih->daddr, PEER_IP); /* back by the hop it came over */
	assert_int_equal(((const u8 *)(ih + 1))[0], 131);
	/* On to another hop: only a router does that. */
	assert_null(echo_opt(&c, lsrr, sizeof(lsrr), &p));
	cap_destroy(&c);
}

static void bad_options_are_reported_with_their_place(void **state)
{
	static const struct {
		u8 opt[8];
		u8 where; /* offset of the bad byte behind the 20 of the header */
	} bad[] = {
		{{7, 2, 4, 0}, 1},	   /* record route too short */
		{{7, 7, 3, 0}, 2},	   /* pointer before its data */
		{{7, 7, 5, 0}, 2},	   /* pointer into the middle */
		{{7, 1}, 0},		   /* length below its own head */
		{{7, 20, 4}, 0},	   /* longer than the header */
		{{68, 3, 5}, 1},	   /* timestamp too short */
		{{68, 8, 4, 0}, 2},	   /* pointer into its head */
		{{68, 8, 5, 7}, 3},	   /* unknown kind of timestamp */
		{{68, 4, 5, 0xf0}, 3},	   /* overflow counter is full */
		{{1, 148, 3, 0, 0, 0}, 2}, /* router alert too short */
		{{99, 0}, 0},		   /* unknown, without length */
	};
	struct cap c;
	size_t i;

	cap_make(&c, 0, 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		const struct iphdr *ih;
		const u8 *p;

		hosted_advance(2000); /* past the limit of errors */
		ih = echo_opt(&c, bad[i].opt, 8, &p);
		assert_non_null(ih);
		assert_int_equal(p[0], ICMP_PARAMETERPROB);
		assert_int_equal(p[4], 20 + bad[i].where);
	}
	assert_int_equal(c.net->mib.ip_statistics[IPSTATS_MIB_INHDRERRORS], ARRAY_SIZE(bad));
	cap_destroy(&c);
}

static void unknown_options_are_skipped(void **state)
{
	static const u8 opt[8] = {99, 4, 1, 2, 130, 3, 1, 0};
	const u8 *p;
	struct cap c;

	cap_make(&c, 0, 0);
	assert_non_null(echo_opt(&c, opt, sizeof(opt), &p));
	assert_int_equal(p[0], ICMP_ECHOREPLY);
	cap_destroy(&c);
}

/* Send a packet for 10.2.0.5 through the host; what comes out, or the error about it. */
static const struct iphdr *through(struct cap *c, struct iphdr ih, u32 len, const u8 **p)
{
	static u8 buf[4096];
	u32 flen;
	const u8 *f;

	ih.protocol = 200;
	ih.daddr = ih.daddr ? ih.daddr : ip4(10, 2, 0, 5);
	cap_forget(c);
	cap_inject_ip(c, ih, buf, len);
	f = cap_next(c, &flen);
	if (!f)
		return NULL;
	*p = f + 14 + 20;
	return (const struct iphdr *)(f + 14);
}

static void a_router_forwards_and_says_why_not(void **state)
{
	struct fib_config cfg = {.dst = ip4(10, 2, 0, 0), .prefixlen = 16, .gw = ip4(10, 0, 0, 2)};
	const struct iphdr *ih;
	const u8 *p;
	struct cap c;

	cap_make(&c, 0, 0);
	assert_int_equal(fib_add_route(c.net, &cfg), 0);
	assert_null(through(&c, (struct iphdr){0}, 100, &p)); /* no router */
	c.net->ipv4.sysctl_ip_forward = 1;
	inet_forward_change(c.net);
	c.net->ipv4.devconf_all.send_redirects = 0;
	((struct in_device *)c.dev->ip_ptr)->cnf.send_redirects = 0;
	ih = through(&c, (struct iphdr){0}, 100, &p);
	assert_non_null(ih);
	assert_int_equal(ih->ttl, 63);
	assert_int_equal(ih->daddr, ip4(10, 2, 0, 5));
	assert_true(csum_ok(ih, 20, 0));
	ih = through(&c, (struct iphdr){.ttl = 1}, 100, &p);
	assert_int_equal(ih->protocol, IPPROTO_ICMP);
	assert_int_equal(p[0], ICMP_TIME_EXCEEDED);
	hosted_advance(2000);
	ih = through(&c, (struct iphdr){.daddr = ip4(172, 16, 0, 1)}, 100, &p);
	assert_int_equal(p[0], ICMP_DEST_UNREACH);
	assert_int_equal(p[1], ICMP_NET_UNREACH);
	assert_int_equal(dev_set_mtu(c.dev, 1000), 0);
	ih = through(&c, (struct iphdr){.frag_off = cpu_to_be16(IP_DF)}, 1400, &p);
	assert_int_equal(p[0], ICMP_DEST_UNREACH);
	assert_int_equal(p[1], ICMP_FRAG_NEEDED);
	assert_int_equal(get_be16(p + 6), 1000);
	ih = through(&c, (struct iphdr){0}, 1400, &p); /* may be cut */
	assert_int_equal(be16_to_cpu(ih->frag_off), IP_MF);
	assert_int_equal(c.n, 2);
	assert_int_equal(c.net->mib.ip_statistics[IPSTATS_MIB_OUTFORWDATAGRAMS], 2);
	cap_destroy(&c);
}

static void a_shorter_way_is_told(void **state)
{
	struct fib_config cfg = {.dst = ip4(10, 2, 0, 0), .prefixlen = 16, .gw = ip4(10, 0, 0, 9)};
	be32 gw = ip4(10, 0, 0, 9);
	const struct iphdr *ih;
	const u8 *p;
	struct cap c;

	cap_make(&c, 0, 0);
	assert_int_equal(fib_add_route(c.net, &cfg), 0);
	c.net->ipv4.sysctl_ip_forward = 1;
	inet_forward_change(c.net);
	ih = through(&c, (struct iphdr){0}, 100, &p);
	assert_non_null(ih);
	assert_int_equal(ih->protocol, IPPROTO_ICMP);
	assert_int_equal(p[0], ICMP_REDIRECT);
	assert_memory_equal(p + 4, &gw, 4);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(the_route_is_recorded_both_ways, net_up, net_down),
		TEST_UP_DOWN(a_full_record_is_left_alone, net_up, net_down),
		TEST_UP_DOWN(timestamps_are_filled, net_up, net_down),
		TEST_UP_DOWN(source_routes_are_refused_unless_allowed, net_up, net_down),
		TEST_UP_DOWN(bad_options_are_reported_with_their_place, net_up, net_down),
		TEST_UP_DOWN(unknown_options_are_skipped, net_up, net_down),
		TEST_UP_DOWN(a_router_forwards_and_says_why_not, net_up, net_down),
		TEST_UP_DOWN(a_shorter_way_is_told, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
