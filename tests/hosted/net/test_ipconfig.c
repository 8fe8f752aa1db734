// SPDX-License-Identifier: BSD-2-Clause
/*
 * The command line's ip= as a table (net/ipv4/ipconfig_parse.c), and what is set up on a device
 * (ipconfig_setup.c): address, routes, /proc/net/pnp, and all of it gone again.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <kernel/sys.h>
#include <net/ipconfig.h>
#include <net/route.h>
#include <string.h>
#include <sys/utsname.h>
#include <tests/hosted/net/net_test.h>

#define A(a, b, c, d) (__builtin_bswap32((u32)(a) << 24 | (b) << 16 | (c) << 8 | (d)))

/* Good values, and what they mean. */
static const struct {
	const char *text;
	struct ipconfig cfg;
} good[] = {
	{"", {.mode = IPCONFIG_DHCP}},
	{"dhcp", {.mode = IPCONFIG_DHCP}},
	{"on", {.mode = IPCONFIG_DHCP}},
	{"any", {.mode = IPCONFIG_DHCP}},
	{"both", {.mode = IPCONFIG_DHCP}},
	{"off", {.mode = IPCONFIG_OFF}},
	{"none", {.mode = IPCONFIG_OFF}},
	{"10.0.0.5", {.mode = IPCONFIG_STATIC, .addr = A(10, 0, 0, 5), .mask = A(255, 0, 0, 0)}},
	{"172.16.0.5:",
	 {.mode = IPCONFIG_STATIC, .addr = A(172, 16, 0, 5), .mask = A(255, 255, 0, 0)}},
	{"192.168.1.5::",
	 {.mode = IPCONFIG_STATIC, .addr = A(192, 168, 1, 5), .mask = A(255, 255, 255, 0)}},
	{"10.77.0.2::10.77.0.1:255.255.255.0::eth0:off",
	 {.mode = IPCONFIG_STATIC,
	  .addr = A(10, 77, 0, 2),
	  .gw = A(10, 77, 0, 1),
	  .mask = A(255, 255, 255, 0),
	  .device = "eth0"}},
	{"10.0.0.2:10.0.0.9:10.0.0.1:255.255.255.128:web.example.org:eth1:none:8.8.8.8:9.9.9.9:10."
	 "0.0.7",
	 {.mode = IPCONFIG_STATIC,
	  .addr = A(10, 0, 0, 2),
	  .server = A(10, 0, 0, 9),
	  .gw = A(10, 0, 0, 1),
	  .mask = A(255, 255, 255, 128),
	  .hostname = "web",
	  .domain = "example.org",
	  .device = "eth1",
	  .dns = {A(8, 8, 8, 8), A(9, 9, 9, 9)},
	  .ntp = A(10, 0, 0, 7)}},
	{"::::host:eth1:dhcp", {.mode = IPCONFIG_DHCP, .hostname = "host", .device = "eth1"}},
	{":::::eth1:off", {.mode = IPCONFIG_OFF, .device = "eth1"}},
	{":::::eth1", {.mode = IPCONFIG_DHCP, .device = "eth1"}},
	/* An address is used whatever the method, as in Linux. */
	{"10.0.0.5::::::dhcp",
	 {.mode = IPCONFIG_STATIC, .addr = A(10, 0, 0, 5), .mask = A(255, 0, 0, 0)}},
	{"10.0.0.5:::255.255.255.255",
	 {.mode = IPCONFIG_STATIC, .addr = A(10, 0, 0, 5), .mask = A(255, 255, 255, 255)}},
	{"10.0.0.4:::255.255.255.254",
	 {.mode = IPCONFIG_STATIC, .addr = A(10, 0, 0, 4), .mask = A(255, 255, 255, 254)}},
};

/* Bad ones, what is said about them, and the device that is kept all the same. */
static const struct {
	const char *text, *wrong, *device;
} bad[] = {
	{"bootp", "the method", ""},
	{"rarp", "the method", ""},
	{"eth0", "the method", ""},
	{"10.0.0", "the client address", ""},
	{"10.0.0.256", "the client address", ""},
	{"10.0.0.1.1", "the client address", ""},
	{"10.0.0.1000", "the client address", ""},
	{"10..0.1", "the client address", ""},
	{"10.0.0.1/24", "the client address", ""},
	{"+10.0.0.1:", "the client address", ""},
	{"0.0.0.1:", "the client address", ""},
	{"127.0.0.1:", "the client address", ""},
	{"224.0.0.1:", "the client address", ""},
	{"255.255.255.255:", "the client address", ""},
	{"10.0.0.0:::255.255.255.0", "the client address in its subnet", ""},
	{"10.0.0.255:::255.255.255.0", "the client address in its subnet", ""},
	{"10.0.0.1:x", "the server address", ""},
	{"10.0.0.1::x::h:eth3", "the gateway address", "eth3"},
	{"10.0.0.1::10.0.0.1:255.0.0.0", "the gateway address", ""},
	{"10.0.0.1::224.0.0.1:255.0.0.0", "the gateway address", ""},
	{"10.0.0.1:::255.0.255.0::eth2:off", "the netmask", "eth2"},
	{"10.0.0.1:::24", "the netmask", ""},
	{"::::two words", "the hostname", ""},
	{"::::a/b", "the hostname", ""},
	{":::::averyveryverylongname", "the device", ""},
	{"::::::perhaps", "the autoconf method", ""},
	{"10.0.0.1:::::::8.8.8", "the first name server", ""},
	{"10.0.0.1::::::::8.8.8", "the second name server", ""},
	{"10.0.0.1:::::::::8", "the time server", ""},
	{"10.0.0.1::::::::::", "the number of fields", ""},
	{"10.0.0.1::::::::::::::::", "the number of fields", ""},
};

static void test_good(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const struct ipconfig *want = &good[i].cfg;
		struct ipconfig cfg;
		const char *wrong = ipconfig_parse(good[i].text, &cfg);

		if (wrong)
			fail_msg("ip=%s: %s", good[i].text, wrong);
		assert_int_equal(cfg.mode, want->mode);
		assert_int_equal(cfg.addr, want->addr);
		assert_int_equal(cfg.server, want->server);
		assert_int_equal(cfg.gw, want->gw);
		assert_int_equal(cfg.mask, want->mask);
		assert_int_equal(cfg.dns[0], want->dns[0]);
		assert_int_equal(cfg.dns[1], want->dns[1]);
		assert_int_equal(cfg.ntp, want->ntp);
		assert_string_equal(cfg.hostname, want->hostname);
		assert_string_equal(cfg.domain, want->domain);
		assert_string_equal(cfg.device, want->device);
	}
}

static void test_bad(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct ipconfig cfg;
		const char *wrong = ipconfig_parse(bad[i].text, &cfg);

		if (!wrong || strcmp(wrong, bad[i].wrong))
			fail_msg("ip=%s: %s", bad[i].text, wrong ? wrong : "good");
		assert_int_equal(cfg.mode, IPCONFIG_DHCP);
		assert_int_equal(cfg.addr | cfg.gw | cfg.mask, 0);
		assert_string_equal(cfg.device, bad[i].device);
	}
}

static void test_long_fields(void **state)
{
	struct ipconfig cfg;
	char text[2048];

	memset(text, 'a', sizeof(text));
	memcpy(text, "::::", 4);
	text[sizeof(text) - 1] = '\0';
	assert_string_equal(ipconfig_parse(text, &cfg), "the length of a field");
	text[4 + 65] = '\0'; /* one more than a host's name may have */
	assert_string_equal(ipconfig_parse(text, &cfg), "the hostname");
	text[4 + 64] = '\0';
	assert_null(ipconfig_parse(text, &cfg));
	assert_int_equal(strlen(cfg.hostname), 64);
	text[4 + 64] = 'a';
	text[4 + 65] = 'a';
	text[4 + 1] = '.';
	text[4 + 2 + 254] = '\0';
	assert_string_equal(ipconfig_parse(text, &cfg), "the hostname's domain");
	text[4 + 2 + 253] = '\0';
	assert_null(ipconfig_parse(text, &cfg));
}

/* What a file of /proc says in a namespace. */
static const char *proc_text(struct net *net, const char *path)
{
	static char text[512];
	struct seq_file m = {.net = net};
	const struct proc_ops *ops;
	size_t n;

	assert_int_equal(proc_lookup(net, path, &ops, &m.private), 0);
	assert_int_equal(ops->show(&m), 0);
	n = seq_read_text(&m, 0, text, sizeof(text) - 1);
	text[n] = '\0';
	seq_clear(&m);
	return text;
}

/* The gateway towards dst; 0 none, on the link; 1 no route. */
static be32 way_to(struct net *net, be32 dst)
{
	struct flowi4 fl4 = {.daddr = dst};
	struct rtable *rt = ip_route_output_key(net, &fl4);
	be32 gw;

	if (IS_ERR(rt))
		return 1;
	gw = rt->rt_gateway;
	dst_release(&rt->dst);
	return gw;
}

static void test_setup(void **state)
{
	struct ipconfig_setup s = {
		.addr = ip4(10, 5, 0, 2),
		.prefixlen = 24,
		.nr_routes = 2,
		.routes = {{.gw = ip4(10, 5, 0, 1)}, {.dst = ip4(10, 6, 0, 0), .prefixlen = 16}},
		.nr_dns = 2,
		.dns = {ip4(8, 8, 8, 8), ip4(9, 9, 9, 9)},
		.nr_ntp = 1,
		.ntp = {ip4(10, 5, 0, 7)},
		.server = ip4(10, 5, 0, 3),
		.domain = "example.org"};
	struct net_pair p;

	pair_make(&p);
	assert_string_equal(proc_text(p.a, "net/pnp"), "");
	assert_int_equal(way_to(p.a, ip4(1, 2, 3, 4)), 1);
	assert_int_equal(ipconfig_setup_apply(p.dev_a, &s), 0);
	assert_int_equal(ipconfig_setup_apply(p.dev_a, &s), 0); /* again: nothing happens */
	assert_int_equal(ipconfig_setup_gateway(&s), ip4(10, 5, 0, 1));
	assert_int_equal(inet_lookup_ifaddr(p.a, s.addr)->ifa_broadcast, ip4(10, 5, 0, 255));
	assert_int_equal(way_to(p.a, ip4(1, 2, 3, 4)), ip4(10, 5, 0, 1));
	assert_int_equal(way_to(p.a, ip4(10, 6, 3, 4)), 0);
	assert_string_equal(proc_text(p.a, "net/pnp"), "#MANUAL\ndomain example.org\n"
						       "nameserver 8.8.8.8\nnameserver 9.9.9.9\n"
						       "bootserver 10.5.0.3\n");
	assert_string_equal(proc_text(p.a, "net/ipconfig/ntp_servers"), "10.5.0.7\n");
	assert_string_equal(proc_text(p.b, "net/pnp"), "");
	ipconfig_setup_remove(p.dev_a, &s);
	assert_null(inet_lookup_ifaddr(p.a, s.addr));
	assert_int_equal(way_to(p.a, ip4(1, 2, 3, 4)), 1);
	assert_int_equal(way_to(p.a, ip4(10, 6, 3, 4)), 1);
	assert_string_equal(proc_text(p.a, "net/pnp"), "");
	pair_destroy(&p);
}

/* A cloud's way: a prefix of 32, and a gateway that is on the link although it is in no subnet. */
static void test_setup_gateway_outside(void **state)
{
	struct ipconfig_setup s = {.dhcp = true,
				   .addr = ip4(192, 0, 2, 9),
				   .prefixlen = 32,
				   .nr_routes = 1,
				   .routes = {{.gw = ip4(172, 31, 1, 1)}}};
	struct net_pair p;

	pair_make(&p);
	assert_int_equal(ipconfig_setup_apply(p.dev_a, &s), 0);
	assert_int_equal(way_to(p.a, ip4(172, 31, 1, 1)), 0);
	assert_int_equal(way_to(p.a, ip4(1, 2, 3, 4)), ip4(172, 31, 1, 1));
	assert_string_equal(proc_text(p.a, "net/pnp"), "#PROTO: DHCP\n");
	ipconfig_setup_remove(p.dev_a, &s);
	assert_int_equal(way_to(p.a, ip4(172, 31, 1, 1)), 1);
	pair_destroy(&p);
}

static void test_hostname(void **state)
{
	static char longest[65];
	struct utsname u;

	assert_int_equal(sys_sethostname("web", 3), 0);
	assert_int_equal(sys_uname(&u), 0);
	assert_string_equal(u.nodename, "web");
	memset(longest, 'h', 65);
	assert_int_equal(sys_sethostname(longest, 65), -EINVAL);
	assert_int_equal(sys_sethostname(longest, 64), 0);
	assert_int_equal(sys_uname(&u), 0);
	assert_int_equal(strlen(u.nodename), 64);
	assert_int_equal(sys_sethostname("barewire", 8), 0);
}

static int up(void **state)
{
	static bool started;
	int err = net_up(state);

	if (!err && !started) {
		ipconfig_init();
		hosted_leak_mark();
	}
	started = true;
	return err;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_good),
		TEST(test_bad),
		TEST(test_long_fields),
		TEST(test_hostname),
		TEST_UP_DOWN(test_setup, up, net_down),
		TEST_UP_DOWN(test_setup_gateway_outside, up, net_down),
	};

	return RUN_TESTS(tests);
}
