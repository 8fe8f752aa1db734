// SPDX-License-Identifier: BSD-2-Clause
/* ICMP: what is answered, what is reported, and when it must be silent (RFC 1122 section 3.2.2). */
#include <kernel/sched/softirq.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

static const struct iphdr icmp = {.protocol = IPPROTO_ICMP};

/* An echo request; then the reply's payload, NULL when there is none. */
static const u8 *echo(struct cap *c, struct iphdr ih, u32 datalen, u32 *len)
{
	static u8 buf[66000];
	const u8 *p = NULL;
	u32 n = echo_build(buf, ICMP_ECHO, 0x1234, 5, datalen);

	ih.protocol = IPPROTO_ICMP;
	cap_inject_ip(c, ih, buf, n);
	return cap_next_ip(c, IPPROTO_ICMP, &p, len) ? p : NULL;
}

static void echo_returns_the_data(void **state)
{
	static const u32 sizes[] = {0, 1, 2, 3, 56, 57, 1471, 1472};
	u8 sent[2048];
	const u8 *p;
	struct cap c;
	size_t i;
	u32 len;

	cap_make(&c, 0, 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		echo_build(sent, ICMP_ECHOREPLY, 0x1234, 5, sizes[i]);
		p = echo(&c, icmp, sizes[i], &len);
		assert_non_null(p);
		assert_int_equal(len, 8 + sizes[i]);
		assert_true(csum_ok(p, len, 0));
		assert_memory_equal(p, sent, len);
	}
	assert_int_equal(c.net->mib.icmp_statistics[ICMP_MIB_INECHOS], ARRAY_SIZE(sizes));
	assert_int_equal(c.net->mib.icmp_statistics[ICMP_MIB_OUTECHOREPS], ARRAY_SIZE(sizes));
	cap_destroy(&c);
}

static void echo_keeps_tos_and_asked_address(void **state)
{
	const struct iphdr *ih;
	u8 buf[64];
	struct cap c;
	const u8 *p;
	u32 len, n = echo_build(buf, ICMP_ECHO, 1, 1, 8);

	cap_make(&c, 0, 0);
	cap_inject_ip(&c, (struct iphdr){.protocol = IPPROTO_ICMP, .tos = 0x28}, buf, n);
	ih = cap_next_ip(&c, IPPROTO_ICMP, &p, &len);
	assert_non_null(ih);
	assert_int_equal(ih->tos, 0x28);
	assert_int_equal(ih->saddr, HOST_IP);
	assert_int_equal(ih->daddr, PEER_IP);
	assert_int_equal(ih->ttl, 64);
	cap_destroy(&c);
}

static void echo_to_all_only_when_allowed(void **state)
{
	struct cap c;
	u32 len;

	cap_make(&c, 0, 0);
	assert_null(echo(&c, (struct iphdr){.daddr = ip4(10, 0, 0, 255)}, 8, &len));
	c.net->ipv4.sysctl_icmp_echo_ignore_broadcasts = 0;
	assert_non_null(echo(&c, (struct iphdr){.daddr = ip4(10, 0, 0, 255)}, 8, &len));
	c.net->ipv4.sysctl_icmp_echo_ignore_all = 1;
	assert_null(echo(&c, icmp, 8, &len));
	cap_destroy(&c);
}

static void bad_messages_are_counted(void **state)
{
	u8 buf[64];
	u32 n = echo_build(buf, ICMP_ECHO, 1, 1, 8), len;
	const u8 *p;
	struct cap c;

	cap_make(&c, 0, 0);
	buf[9] ^= 1;
	cap_inject_ip(&c, icmp, buf, n); /* checksum */
	assert_int_equal(c.net->mib.icmp_statistics[ICMP_MIB_INCSUMERRORS], 1);
	cap_inject_ip(&c, icmp, "\x08\x00\xf7\xff", 4); /* too short */
	n = echo_build(buf, 99, 1, 1, 0);		/* unknown type: silently dropped */
	cap_inject_ip(&c, icmp, buf, n);
	n = echo_build(buf, ICMP_DEST_UNREACH, 0, 0, 4); /* nothing quoted */
	cap_inject_ip(&c, icmp, buf, n);
	n = echo_build(buf, ICMP_REDIRECT, 0, 0, 4);
	cap_inject_ip(&c, icmp, buf, n);
	assert_int_equal(c.net->mib.icmp_statistics[ICMP_MIB_INERRORS], 5);
	assert_null(cap_next_ip(&c, IPPROTO_ICMP, &p, &len));
	cap_destroy(&c);
}

static void timestamp_is_answered(void **state)
{
	u8 buf[64];
	struct icmphdr *ih = (struct icmphdr *)buf;
	const u8 *p;
	struct cap c;
	u32 len;

	cap_make(&c, 0, 0);
	memset(buf, 0, sizeof(buf));
	ih->type = ICMP_TIMESTAMP;
	ih->un.echo.id = 9;
	put_be32(buf + 8, 1000);
	ih->checksum = csum_fold(csum_partial(buf, 20, 0));
	cap_inject_ip(&c, icmp, buf, 20);
	assert_non_null(cap_next_ip(&c, IPPROTO_ICMP, &p, &len));
	assert_int_equal(len, 20);
	assert_int_equal(p[0], ICMP_TIMESTAMPREPLY);
	assert_true(csum_ok(p, len, 0));
	assert_int_equal(get_be32(p + 8), 1000);
	assert_int_equal(get_be32(p + 12), get_be32(p + 16));
	cap_destroy(&c);
}

/* A datagram to a port where nobody is. The ICMP error about it, or NULL. */
static const u8 *closed_port(struct cap *c, struct iphdr ih, u32 *len)
{
	u8 buf[2048];
	const u8 *p;
	u32 n;

	ih.protocol = IPPROTO_UDP;
	n = udp_build(buf, &ih, 5000, 6000, "where are you");
	cap_inject_ip(c, ih, buf, n);
	return cap_next_ip(c, IPPROTO_ICMP, &p, len) ? p : NULL;
}

static void port_unreachable_quotes_the_datagram(void **state)
{
	struct cap c;
	const u8 *p;
	u32 len;

	cap_make(&c, 0, 0);
	p = closed_port(&c, (struct iphdr){0}, &len);
	assert_non_null(p);
	assert_int_equal(p[0], ICMP_DEST_UNREACH);
	assert_int_equal(p[1], ICMP_PORT_UNREACH);
	assert_int_equal(len, 8 + 20 + 8 + 13);
	assert_true(csum_ok(p, len, 0));
	assert_memory_equal(p + 8 + 20 + 8, "where are you", 13);
	cap_destroy(&c);
}

static void no_errors_where_none_may_be(void **state)
{
	u8 buf[128];
	struct cap c;
	const u8 *p;
	u32 len, n;

	cap_make(&c, 0, 0);
	assert_null(closed_port(&c, (struct iphdr){.daddr = ip4(10, 0, 0, 255)}, &len));
	assert_null(closed_port(&c, (struct iphdr){.daddr = ip4(255, 255, 255, 255)}, &len));
	assert_null(closed_port(&c, (struct iphdr){.saddr = ip4(10, 0, 0, 255)}, &len));
	assert_null(closed_port(&c, (struct iphdr){.saddr = ip4(240, 0, 0, 1)}, &len));
	/* About an ICMP error that we would like to refuse: never. */
	n = echo_build(buf, ICMP_TIME_EXCEEDED, 0, 0, 60);
	cap_inject_ip(&c, (struct iphdr){.protocol = IPPROTO_ICMP, .daddr = ip4(10, 0, 0, 9)}, buf,
		      n);
	assert_null(cap_next_ip(&c, IPPROTO_ICMP, &p, &len));
	cap_destroy(&c);
}

static void errors_are_limited_for_each_host(void **state)
{
	struct cap c;
	u32 len;
	int i, got = 0;

	cap_make(&c, 0, 0);
	for (i = 0; i < 40; i++)
		got += closed_port(&c, (struct iphdr){0}, &len) != NULL;
	assert_int_equal(got, 6); /* the burst */
	assert_int_equal(c.net->mib.icmp_statistics[ICMP_MIB_OUTRATELIMITHOST] +
				 c.net->mib.icmp_statistics[ICMP_MIB_OUTRATELIMITGLOBAL],
			 34);
	hosted_advance(1000);
	assert_non_null(closed_port(&c, (struct iphdr){0}, &len));
	assert_null(closed_port(&c, (struct iphdr){0}, &len));
	/* Echo replies are not limited by default. */
	for (i = 0; i < 20; i++)
		assert_non_null(echo(&c, icmp, 8, &len));
	cap_destroy(&c);
}

static void frag_needed_lowers_the_path_mtu(void **state)
{
	struct flowi4 fl4;
	struct rtable *rt;
	struct cap c;

	cap_make(&c, 0, 0);
	local_bh_disable();
	ipv4_update_pmtu(c.net, PEER_IP, 1400, 0, IPPROTO_UDP);
	fl4 = (struct flowi4){.daddr = PEER_IP};
	rt = ip_route_output_key(c.net, &fl4);
	assert_int_equal(dst_mtu(&rt->dst), 1400);
	ipv4_update_pmtu(c.net, PEER_IP, 1450, 0, IPPROTO_UDP); /* never up */
	assert_int_equal(dst_mtu(&rt->dst), 1400);
	ipv4_update_pmtu(c.net, PEER_IP, 100, 0, IPPROTO_UDP); /* below what is believable */
	assert_int_equal(dst_mtu(&rt->dst), 552);
	assert_true(rt->rt_mtu_locked);
	dst_release(&rt->dst);
	rt_genid_bump(c.net); /* survives a change of routes */
	rt = ip_route_output_key(c.net, &fl4);
	assert_int_equal(dst_mtu(&rt->dst), 552);
	local_bh_enable();
	hosted_advance(c.net->ipv4.sysctl_mtu_expires_ms + 1000);
	assert_int_equal(dst_mtu(&rt->dst), 1500);
	dst_release(&rt->dst);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(echo_returns_the_data, net_up, net_down),
		TEST_UP_DOWN(echo_keeps_tos_and_asked_address, net_up, net_down),
		TEST_UP_DOWN(echo_to_all_only_when_allowed, net_up, net_down),
		TEST_UP_DOWN(bad_messages_are_counted, net_up, net_down),
		TEST_UP_DOWN(timestamp_is_answered, net_up, net_down),
		TEST_UP_DOWN(port_unreachable_quotes_the_datagram, net_up, net_down),
		TEST_UP_DOWN(no_errors_where_none_may_be, net_up, net_down),
		TEST_UP_DOWN(errors_are_limited_for_each_host, net_up, net_down),
		TEST_UP_DOWN(frag_needed_lowers_the_path_mtu, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
