// SPDX-License-Identifier: BSD-2-Clause
/* ip_rcv: what a packet must be to get in, and where it is counted when it is not. */
#include <net/checksum.h>
#include <net/skb_ops.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

static unsigned long ip_stat(const struct cap *c, int i)
{
	return c->net->mib.ip_statistics[i];
}

static void ping(struct cap *c, struct iphdr ih, u32 datalen)
{
	u8 buf[2048];
	u32 len = echo_build(buf, ICMP_ECHO, 7, 1, datalen);

	ih.protocol = IPPROTO_ICMP;
	cap_inject_ip(c, ih, buf, len);
}

static bool answered(struct cap *c)
{
	const u8 *p;
	u32 len;
	const struct iphdr *ih = cap_next_ip(c, IPPROTO_ICMP, &p, &len);

	return ih && p[0] == ICMP_ECHOREPLY;
}

static void a_good_packet_is_delivered(void **state)
{
	struct cap c;

	cap_make(&c, 0, 0);
	ping(&c, (struct iphdr){0}, 56);
	assert_true(answered(&c));
	assert_int_equal(ip_stat(&c, IPSTATS_MIB_INRECEIVES), 1);
	assert_int_equal(ip_stat(&c, IPSTATS_MIB_INDELIVERS), 1);
	cap_destroy(&c);
}

static void wrong_headers_are_counted_and_dropped(void **state)
{
	static const struct iphdr bad[] = {
		{.version = 6},
		{.ihl = 4},
		{.check = 0x1234},
		{.tot_len = 0x1000},
	};
	struct cap c;
	size_t i;

	cap_make(&c, 0, 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		unsigned long before = ip_stat(&c, IPSTATS_MIB_INHDRERRORS);

		ping(&c, bad[i], 8);
		assert_int_equal(ip_stat(&c, IPSTATS_MIB_INHDRERRORS), before + 1);
		assert_false(answered(&c));
	}
	assert_int_equal(ip_stat(&c, IPSTATS_MIB_INCSUMERRORS), 1);
	/* Shorter than it says: truncated, not a header error. */
	ping(&c, (struct iphdr){.tot_len = cpu_to_be16(1000)}, 8);
	assert_int_equal(ip_stat(&c, IPSTATS_MIB_INTRUNCATEDPKTS), 1);
	/* A frame too short for any header. */
	cap_inject(&c, c.dev->dev_addr, peer_mac, ETH_P_IP, BYTES("\x45\x00\x00\x14", 4));
	cap_inject(&c, c.dev->dev_addr, peer_mac, ETH_P_IP, BYTES("", 0));
	assert_int_equal(ip_stat(&c, IPSTATS_MIB_INHDRERRORS), 6);
	assert_false(answered(&c));
	cap_destroy(&c);
}

static void padding_is_cut_off(void **state)
{
	u8 buf[64] = {0};
	struct iphdr ih = {.protocol = IPPROTO_ICMP};
	u32 len = echo_build(buf, ICMP_ECHO, 7, 1, 4), rlen;
	const u8 *p;
	struct cap c;

	cap_make(&c, 0, 0);
	ih.tot_len = cpu_to_be16(20 + len);
	cap_inject_ip(&c, ih, buf, 46 - 20); /* Ethernet's shortest payload */
	assert_non_null(cap_next_ip(&c, IPPROTO_ICMP, &p, &rlen));
	assert_int_equal(rlen, len);
	cap_destroy(&c);
}

static void other_hosts_and_martians_stay_out(void **state)
{
	static const u8 foreign[6] = {2, 0, 0, 0, 0, 77};
	struct cap c;
	u8 buf[64];
	u32 len = echo_build(buf, ICMP_ECHO, 7, 1, 8);
	u8 pkt[128];
	struct iphdr ih = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_ICMP};

	cap_make(&c, 0, 0);
	ih.saddr = PEER_IP;
	ih.daddr = HOST_IP;
	ih.tot_len = cpu_to_be16(20 + len);
	ih.check = csum_fold(csum_partial(&ih, 20, 0));
	memcpy(pkt, &ih, 20);
	memcpy(pkt + 20, buf, len);
	cap_inject(&c, foreign, peer_mac, ETH_P_IP,
		   BYTES(pkt, 20 + len)); /* somebody else's frame */
	assert_false(answered(&c));
	ping(&c, (struct iphdr){.saddr = ip4(127, 0, 0, 1)}, 8);
	ping(&c, (struct iphdr){.saddr = ip4(224, 0, 0, 5)}, 8);
	ping(&c, (struct iphdr){.saddr = ip4(255, 255, 255, 255)}, 8);
	ping(&c, (struct iphdr){.saddr = HOST_IP}, 8);
	ping(&c, (struct iphdr){.daddr = ip4(127, 0, 0, 1)}, 8);
	ping(&c, (struct iphdr){.daddr = ip4(10, 0, 0, 77)}, 8); /* not ours, no router */
	assert_false(answered(&c));
	/* The same pair again, by the cache of good pairs, and one that was refused. */
	ping(&c, (struct iphdr){0}, 8);
	ping(&c, (struct iphdr){0}, 8);
	assert_true(answered(&c) && answered(&c));
	ping(&c, (struct iphdr){.saddr = HOST_IP}, 8);
	assert_false(answered(&c));
	cap_destroy(&c);
}

static void strict_reverse_path_drops_strangers(void **state)
{
	struct cap c;

	cap_make(&c, 0, 0);
	ping(&c, (struct iphdr){.saddr = ip4(192, 0, 2, 1)}, 8);
	assert_int_equal(c.net->mib.net_statistics[LINUX_MIB_IPREVERSEPATHFILTER], 0);
	c.net->ipv4.devconf_all.rp_filter = 1;
	rt_genid_bump(c.net);
	ping(&c, (struct iphdr){.saddr = ip4(192, 0, 2, 1)}, 8);
	assert_int_equal(c.net->mib.net_statistics[LINUX_MIB_IPREVERSEPATHFILTER], 1);
	ping(&c, (struct iphdr){0}, 8);
	assert_true(answered(&c));
	cap_destroy(&c);
}

static void an_unknown_protocol_is_reported(void **state)
{
	const struct iphdr *ih;
	const u8 *p;
	struct cap c;
	u32 len;

	cap_make(&c, 0, 0);
	cap_inject_ip(&c, (struct iphdr){.protocol = 200}, "12345678", 8);
	ih = cap_next_ip(&c, IPPROTO_ICMP, &p, &len);
	assert_non_null(ih);
	assert_int_equal(p[0], ICMP_DEST_UNREACH);
	assert_int_equal(p[1], ICMP_PROT_UNREACH);
	assert_int_equal(len, 8 + 20 + 8); /* what it quotes */
	assert_true(csum_ok(p, len, 0));
	assert_int_equal(ip_stat(&c, IPSTATS_MIB_INUNKNOWNPROTOS), 1);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(a_good_packet_is_delivered, net_up, net_down),
		TEST_UP_DOWN(wrong_headers_are_counted_and_dropped, net_up, net_down),
		TEST_UP_DOWN(padding_is_cut_off, net_up, net_down),
		TEST_UP_DOWN(other_hosts_and_martians_stay_out, net_up, net_down),
		TEST_UP_DOWN(strict_reverse_path_drops_strangers, net_up, net_down),
		TEST_UP_DOWN(an_unknown_protocol_is_reported, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
