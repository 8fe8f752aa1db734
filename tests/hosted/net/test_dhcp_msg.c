// SPDX-License-Identifier: BSD-2-Clause
/*
 * DHCP messages as bytes (net/ipv4/dhcp_msg.c): what the client builds, what it makes of a good
 * answer (options in pieces and in other fields, classless routes), and that nothing a server can
 * send gets it out of bounds. ASan watches: every message lies in a block of just its size.
 */
#include <errno.h>
#include <kernel/mm/slab.h>
#include <string.h>
#include <tests/hosted/net/dhcp_test.h>

static const u8 mac[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

/* Parse a copy that ends where the message ends. */
static int parse(const u8 *p, size_t len, struct dhcp_msg *m)
{
	u8 *copy = kmalloc(len ? len : 1, GFP_KERNEL);
	int err;

	assert_non_null(copy);
	memcpy(copy, p, len);
	err = dhcp_parse(copy, len, m);
	kfree(copy);
	return err;
}

static int parse_reply(struct reply *r, struct dhcp_msg *m)
{
	reply_end(r);
	return parse(r->p, r->len, m);
}

static void begin(struct reply *r)
{
	reply_begin(r, DHCPOFFER, 0x12345678, mac, ip4(10, 0, 0, 2));
}

static void test_build_discover(void **state)
{
	static struct asked q;
	struct dhcp_request r = {.type = DHCPDISCOVER,
				 .xid = 0xcafe0001,
				 .secs = 7,
				 .max_size = 1472,
				 .broadcast = true,
				 .chaddr = mac,
				 .hostname = "barewire"};
	size_t len;
	const u8 *v;

	q.len = dhcp_build(&r, q.p);
	memcpy(&q.head, q.p, sizeof(q.head));
	assert_int_equal(q.len, DHCP_MIN_MSG);
	assert_int_equal(q.head.op, 1);
	assert_int_equal(q.head.hlen, 6);
	assert_int_equal(be32_to_cpu(q.head.xid), 0xcafe0001);
	assert_int_equal(be16_to_cpu(q.head.secs), 7);
	assert_int_equal(be16_to_cpu(q.head.flags), 0x8000);
	assert_memory_equal(q.head.chaddr, mac, 6);
	assert_int_equal(asked_type(&q), DHCPDISCOVER);
	assert_int_equal(asked_addr(&q, 50), 0);
	assert_int_equal(asked_addr(&q, 54), 0);
	v = asked_option(&q, 12, &len);
	assert_int_equal(len, 8);
	assert_memory_equal(v, "barewire", 8);
	v = asked_option(&q, 57, &len);
	assert_int_equal(get_be16(v), 1472);
	v = asked_option(&q, 55, &len);
	assert_true(memchr(v, 121, len) < memchr(v, 3, len)); /* RFC 3442 */
}

static void test_build_decline(void **state)
{
	static struct asked q;
	struct dhcp_request r = {.type = DHCPDECLINE,
				 .chaddr = mac,
				 .requested = ip4(10, 0, 0, 2),
				 .server_id = ip4(10, 0, 0, 1),
				 .hostname = "barewire"};
	size_t len;

	q.len = dhcp_build(&r, q.p);
	assert_int_equal(asked_addr(&q, 50), ip4(10, 0, 0, 2));
	assert_int_equal(asked_addr(&q, 54), ip4(10, 0, 0, 1));
	assert_null(asked_option(&q, 12, &len));
	assert_null(asked_option(&q, 55, &len));
}

static void test_build_longest(void **state)
{
	static char name[65];
	static struct asked q;
	struct dhcp_request r = {.type = DHCPREQUEST,
				 .chaddr = mac,
				 .hostname = name,
				 .requested = 1,
				 .server_id = 1};

	memset(name, 'h', 64);
	q.len = dhcp_build(&r, q.p);
	assert_true(q.len <= DHCP_MAX_MSG);
	assert_int_equal(asked_type(&q), DHCPREQUEST);
}

static void test_parse_all(void **state)
{
	const be32 dns[4] = {ip4(8, 8, 8, 8), ip4(0, 0, 0, 0), ip4(9, 9, 9, 9), ip4(1, 1, 1, 1)};
	const u8 mtu[2] = {0x05, 0x78};
	struct dhcp_msg m;
	struct reply r;

	begin(&r);
	reply_addr(&r, 54, ip4(10, 0, 0, 1));
	reply_addr(&r, 1, ip4(255, 255, 255, 0));
	reply_addr(&r, 3, ip4(10, 0, 0, 254));
	reply_option(&r, 6, dns, sizeof(dns));
	reply_option(&r, 12, "guest", 5);
	reply_option(&r, 15, "example.org\0", 12);
	reply_option(&r, 26, mtu, 2);
	reply_addr(&r, 28, ip4(10, 0, 0, 255));
	reply_addr(&r, 42, ip4(10, 0, 0, 7));
	reply_u32(&r, 51, 3600);
	reply_u32(&r, 58, 100);
	reply_u32(&r, 59, 200);
	assert_int_equal(parse_reply(&r, &m), 0);
	assert_int_equal(m.type, DHCPOFFER);
	assert_int_equal(m.xid, 0x12345678);
	assert_int_equal(m.yiaddr, ip4(10, 0, 0, 2));
	assert_int_equal(m.server_id, ip4(10, 0, 0, 1));
	assert_int_equal(m.mask, ip4(255, 255, 255, 0));
	assert_int_equal(m.broadcast, ip4(10, 0, 0, 255));
	assert_int_equal(m.nr_routes, 1);
	assert_int_equal(m.routes[0].gw, ip4(10, 0, 0, 254));
	assert_int_equal(m.routes[0].prefixlen, 0);
	assert_int_equal(m.nr_dns, 3); /* the one that is no address is passed over */
	assert_int_equal(m.dns[1], ip4(9, 9, 9, 9));
	assert_int_equal(m.nr_ntp, 1);
	assert_string_equal(m.domain, "example.org");
	assert_string_equal(m.hostname, "guest");
	assert_int_equal(m.mtu, 1400);
	assert_int_equal(m.lease_s, 3600);
	assert_int_equal(m.t1_s, 100);
	assert_int_equal(m.t2_s, 200);
	assert_true(dhcp_lease_good(&m));
}

/* RFC 3396: the pieces of an option are one, and go on in file and then in sname. */
static void test_parse_pieces_and_overload(void **state)
{
	const u8 overload = 3;
	struct dhcp_packet *head;
	struct dhcp_msg m;
	struct reply r;

	begin(&r);
	reply_option(&r, 15, "exa", 3);
	reply_option(&r, 52, &overload, 1);
	reply_option(&r, 15, "mple", 4);
	head = (struct dhcp_packet *)r.p;
	memcpy(head->file, "\x0f\x02.o\x33\x04\0\0\x0e\x10\xff", 11);
	memcpy(head->sname, "\0\0\x0f\x02rg\xff", 7);
	assert_int_equal(parse_reply(&r, &m), 0);
	assert_string_equal(m.domain, "example.org");
	assert_int_equal(m.lease_s, 3600);
	/* Only what option 52 names is looked at. */
	begin(&r);
	memcpy(((struct dhcp_packet *)r.p)->file,
	       "\x0f\x03"
	       "bad\xff",
	       6);
	assert_int_equal(parse_reply(&r, &m), 0);
	assert_string_equal(m.domain, "");
}

static void test_parse_bad_overload(void **state)
{
	const u8 bad[] = {0, 4, 255};
	struct dhcp_msg m;
	struct reply r;

	for (size_t i = 0; i < sizeof(bad); i++) {
		begin(&r);
		reply_option(&r, 52, &bad[i], 1);
		assert_int_equal(parse_reply(&r, &m), -EINVAL);
	}
	/* An option that goes over the end of the file field. */
	begin(&r);
	reply_option(&r, 52, "\x01", 1);
	memset(((struct dhcp_packet *)r.p)->file, 0, 128);
	memcpy(((struct dhcp_packet *)r.p)->file + 124, "\x0f\x03xy", 4);
	assert_int_equal(parse_reply(&r, &m), -EINVAL);
}

static void test_parse_classless_routes(void **state)
{
	/* 10.17.0.0/16 by 10.0.0.9; 10.1.2.129/25 with bits behind the prefix, on the link;
	 * default.
	 */
	const u8 routes[] = {16,  10, 17, 10, 0, 0, 9,	25, 10, 1, 2,
			     255, 0,  0,  0,  0, 0, 10, 0,  0,	8};
	struct dhcp_msg m;
	struct reply r;

	begin(&r);
	reply_addr(&r, 3, ip4(10, 0, 0, 254));
	reply_option(&r, 121, routes, 9);
	reply_option(&r, 121, routes + 9, sizeof(routes) - 9);
	assert_int_equal(parse_reply(&r, &m), 0);
	assert_int_equal(m.nr_routes, 3); /* without the router */
	assert_int_equal(m.routes[0].dst, ip4(10, 17, 0, 0));
	assert_int_equal(m.routes[0].prefixlen, 16);
	assert_int_equal(m.routes[0].gw, ip4(10, 0, 0, 9));
	assert_int_equal(m.routes[1].dst, ip4(10, 1, 2, 128));
	assert_int_equal(m.routes[1].gw, 0);
	assert_int_equal(m.routes[2].prefixlen, 0);
	assert_int_equal(m.routes[2].gw, ip4(10, 0, 0, 8));
}

/* A damaged route option is no option: the router counts. */
static void test_parse_damaged_classless_routes(void **state)
{
	static const struct {
		u8 p[9];
		size_t len;
	} bad[] = {
		{{33, 10, 0, 0, 0, 10, 0, 0, 1}, 9}, /* no such prefix */
		{{24, 10, 0, 0, 10, 0, 0}, 7},	     /* cut in the gateway */
		{{24, 10}, 2},			     /* cut in the destination */
		{{24}, 1},
		{{8, 10, 224, 0, 0, 1}, 6}, /* no gateway */
	};
	struct dhcp_msg m;
	struct reply r;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		begin(&r);
		reply_addr(&r, 3, ip4(10, 0, 0, 254));
		reply_option(&r, 121, bad[i].p, bad[i].len);
		assert_int_equal(parse_reply(&r, &m), 0);
		assert_int_equal(m.nr_routes, 1);
		assert_int_equal(m.routes[0].gw, ip4(10, 0, 0, 254));
	}
}

static void test_parse_too_many_routes(void **state)
{
	u8 routes[20][6];
	struct dhcp_msg m;
	struct reply r;

	for (u8 i = 0; i < 20; i++)
		memcpy(routes[i], (u8[]){8, (u8)(i + 1), 10, 0, 0, 1}, 6);
	begin(&r);
	reply_option(&r, 121, routes, sizeof(routes));
	assert_int_equal(parse_reply(&r, &m), 0);
	assert_int_equal(m.nr_routes, IC_MAX_ROUTES);
	assert_true(m.too_many_routes);
}

/* Sizes that an option cannot have make it absent; names get no further than letters. */
static void test_parse_bad_options(void **state)
{
	static char longest[256];
	struct dhcp_msg m;
	struct reply r;

	memset(longest, 'a', 255);
	begin(&r);
	reply_option(&r, 1, "\xff\xff", 2);
	reply_option(&r, 3, "\x0a\0\0", 3);
	reply_option(&r, 6, "\x08\x08\x08\x08\x01", 5);
	reply_option(&r, 12, "two\nlines", 9);
	reply_option(&r, 15, longest, 255);
	reply_option(&r, 26, "\x05", 1);
	reply_option(&r, 51, "\0\0\x0e\x10\0", 5);
	reply_option(&r, 54, "", 0);
	assert_int_equal(parse_reply(&r, &m), 0);
	assert_int_equal(m.mask | m.nr_routes | m.nr_dns | m.mtu | m.lease_s | m.server_id, 0);
	assert_string_equal(m.hostname, "");
	assert_string_equal(m.domain, "");
	assert_false(dhcp_lease_good(&m));
}

static void test_parse_bad_head(void **state)
{
	static const struct {
		size_t offset;
		u8 value;
	} spoil[] = {{0, 1},   {0, 0},	  {1, 6},    {2, 16},
		     {2, 0},   {236, 0},  {239, 98}, {242, DHCPDISCOVER},
		     {242, 0}, {242, 99}, {241, 0},  {241, 200}};
	struct dhcp_msg m;
	struct reply r;

	for (size_t i = 0; i < ARRAY_SIZE(spoil); i++) {
		begin(&r);
		reply_addr(&r, 54, ip4(10, 0, 0, 1));
		r.p[spoil[i].offset] = spoil[i].value;
		assert_int_equal(parse_reply(&r, &m), -EINVAL);
	}
}

/* Every length: refused, or read to its end. */
static void test_parse_cut_anywhere(void **state)
{
	struct dhcp_msg m;
	struct reply r;

	begin(&r);
	reply_addr(&r, 54, ip4(10, 0, 0, 1));
	reply_u32(&r, 51, 3600);
	reply_end(&r);
	for (size_t len = 0; len < r.len; len++) {
		int err = parse(r.p, len, &m);

		if (len < sizeof(struct dhcp_packet) + 3)
			assert_int_equal(err, -EINVAL);
	}
	assert_int_equal(parse(r.p, r.len, &m), 0);
	r.len = DHCP_MAX_MSG + 1;
	assert_int_equal(parse(r.p, r.len, &m), -EINVAL);
}

/* Random damage: never out of bounds, and what comes out keeps its promises. */
static void test_parse_fuzz(void **state)
{
	u32 seed = 1;
	int good = 0;

	for (int round = 0; round < 200000; round++) {
		struct dhcp_msg m;
		struct reply r;

		begin(&r);
		for (int i = 0; i < 30; i++) {
			seed = seed * 1664525u + 1013904223u;
			r.p[r.len++] = (u8)(seed >> 24);
		}
		seed = seed * 1664525u + 1013904223u;
		/* Often make the first option one that is looked at. */
		r.p[243] = (u8[]){52, 121, 3, 6, 15, 1, 0, 12}[seed >> 29];
		r.p[244] &= 31;
		r.p[108 + (seed >> 8 & 127)] = 121;
		if (parse(r.p, r.len, &m))
			continue;
		good++;
		assert_true(m.nr_routes <= IC_MAX_ROUTES && m.nr_dns <= IC_MAX_DNS);
		assert_true(strlen(m.domain) < sizeof(m.domain));
		for (u8 i = 0; i < m.nr_routes; i++)
			assert_true(m.routes[i].prefixlen <= 32);
	}
	assert_true(good > 1000);
}

static void test_lease_good(void **state)
{
	struct dhcp_msg ok = {.yiaddr = ip4(10, 0, 0, 2),
			      .server_id = ip4(10, 0, 0, 1),
			      .mask = ip4(255, 255, 255, 0),
			      .lease_s = 60},
			m;
	const be32 bad[] = {0,
			    ip4(127, 0, 0, 1),
			    ip4(255, 255, 255, 255),
			    ip4(224, 0, 0, 1),
			    ip4(240, 0, 0, 1),
			    ip4(10, 0, 0, 0),
			    ip4(10, 0, 0, 255),
			    ip4(10, 0, 0, 1)};

	assert_true(dhcp_lease_good(&ok));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		m = ok;
		m.yiaddr = bad[i];
		assert_false(dhcp_lease_good(&m));
	}
	m = ok;
	m.server_id = 0;
	assert_false(dhcp_lease_good(&m));
	m = ok;
	m.lease_s = 0;
	assert_false(dhcp_lease_good(&m));
	m = ok;
	m.mask = ip4(255, 255, 255, 255); /* clouds do this */
	assert_true(dhcp_lease_good(&m));
	m.mask = ip4(255, 0, 255, 0); /* no mask: that of the class */
	assert_true(dhcp_lease_good(&m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_build_discover),
		TEST(test_build_decline),
		TEST(test_build_longest),
		TEST(test_parse_all),
		TEST(test_parse_pieces_and_overload),
		TEST(test_parse_bad_overload),
		TEST(test_parse_classless_routes),
		TEST(test_parse_damaged_classless_routes),
		TEST(test_parse_too_many_routes),
		TEST(test_parse_bad_options),
		TEST(test_parse_bad_head),
		TEST(test_parse_cut_anywhere),
		TEST(test_parse_fuzz),
		TEST(test_lease_good),
	};

	return RUN_TESTS(tests);
}
