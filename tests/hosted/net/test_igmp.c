// SPDX-License-Identifier: BSD-2-Clause
/* Multicast: joining, what routers hear (IGMPv3, v2, v1), queries, filters, who gets a datagram. */
#include <errno.h>
#include <net/checksum.h>
#include <netinet/igmp.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

#define GROUP  ip4(239, 1, 2, 3)
#define GROUP2 ip4(239, 1, 2, 4)

static struct socket *udp(struct cap *c, u16 port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct socket *s = test_socket(c->net, AF_INET, SOCK_DGRAM, 0);
	int one = 1;

	kernel_setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&sin, sizeof(sin)), 0);
	return s;
}

static int member(struct socket *s, int name, be32 group)
{
	struct ip_mreqn mreq = {.imr_multiaddr.s_addr = group, .imr_address.s_addr = HOST_IP};

	return kernel_setsockopt(s, SOL_IP, name, &mreq, sizeof(mreq));
}

static int source(struct socket *s, int name, be32 group, be32 src)
{
	struct ip_mreq_source m = {.imr_multiaddr.s_addr = group,
				   .imr_interface.s_addr = HOST_IP,
				   .imr_sourceaddr.s_addr = src};

	return kernel_setsockopt(s, SOL_IP, name, &m, sizeof(m));
}

/* The next IGMP message: its type; group and record type of its first record or message. */
static int igmp_out(struct cap *c, be32 *group, int *record, int *sources)
{
	const struct iphdr *ih;
	const u8 *p;
	u32 len;

	ih = cap_next_ip(c, IPPROTO_IGMP, &p, &len);
	if (!ih)
		return -1;
	assert_int_equal(ih->ttl, 1);
	assert_int_equal(ih->ihl, 6); /* router alert */
	assert_true(csum_ok(p, len, 0));
	if (p[0] == IGMPV3_HOST_MEMBERSHIP_REPORT) {
		*record = p[8];
		*sources = get_be16(p + 10);
		memcpy(group, p + 12, 4);
	} else {
		memcpy(group, p + 4, 4);
	}
	return p[0];
}

static void query(struct cap *c, be32 group, u8 code, u32 len)
{
	u8 buf[16] = {IGMP_HOST_MEMBERSHIP_QUERY, code};
	struct iphdr ih = {.protocol = IPPROTO_IGMP, .daddr = ip4(224, 0, 0, 1), .ttl = 1};
	static const u8 all[6] = {1, 0, 0x5e, 0, 0, 1};
	u8 pkt[64];
	u16 sum;

	memcpy(buf + 4, &group, 4);
	buf[8] = 2; /* robustness */
	sum = csum_fold(csum_partial(buf, len, 0));
	memcpy(buf + 2, &sum, 2);
	ih.version = 4;
	ih.ihl = 5;
	ih.saddr = PEER_IP;
	ih.tot_len = cpu_to_be16(20 + len);
	ih.check = csum_fold(csum_partial(&ih, 20, 0));
	memcpy(pkt, &ih, 20);
	memcpy(pkt + 20, buf, len);
	cap_inject(c, all, peer_mac, ETH_P_IP, BYTES(pkt, 20 + len));
}

static void to_group(struct cap *c, be32 src, be32 group, const char *text)
{
	struct iphdr ih = {.protocol = IPPROTO_UDP, .saddr = src, .daddr = group};
	u8 buf[64];
	u32 n = udp_build(buf, &ih, 1, 7000, text);

	cap_inject_ip(c, ih, buf, n);
}

static bool got(struct socket *s)
{
	struct msghdr m = {0};
	char buf[64];

	return kernel_recvmsg(s, &m, buf, sizeof(buf), MSG_DONTWAIT) > 0;
}

static void joining_and_leaving_is_reported(void **state)
{
	int record, sources;
	struct socket *s;
	struct cap c;
	be32 group;

	cap_make(&c, 0, 0);
	s = udp(&c, 7000);
	assert_int_equal(member(s, IP_ADD_MEMBERSHIP, GROUP), 0);
	assert_int_equal(member(s, IP_ADD_MEMBERSHIP, GROUP), -EADDRINUSE);
	hosted_advance(5000);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), IGMPV3_HOST_MEMBERSHIP_REPORT);
	assert_int_equal(group, GROUP);
	assert_int_equal(record, IGMPV3_CHANGE_TO_EXCLUDE);
	assert_int_equal(sources, 0);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), IGMPV3_HOST_MEMBERSHIP_REPORT);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), -1); /* twice is enough */
	assert_int_equal(member(s, IP_DROP_MEMBERSHIP, GROUP), 0);
	assert_int_equal(member(s, IP_DROP_MEMBERSHIP, GROUP), -EADDRNOTAVAIL);
	hosted_advance(5000);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), IGMPV3_HOST_MEMBERSHIP_REPORT);
	assert_int_equal(record, IGMPV3_CHANGE_TO_INCLUDE);
	assert_int_equal(member(s, IP_ADD_MEMBERSHIP, ip4(10, 9, 9, 9)), -EINVAL);
	sock_release(s);
	cap_destroy(&c);
}

static void only_members_receive(void **state)
{
	struct socket *in, *out;
	int zero = 0;
	struct cap c;

	cap_make(&c, 0, 0);
	in = udp(&c, 7000);
	out = udp(&c, 7000);
	to_group(&c, PEER_IP, GROUP, "nobody");
	assert_false(got(in) || got(out));
	member(in, IP_ADD_MEMBERSHIP, GROUP);
	to_group(&c, PEER_IP, GROUP, "members");
	assert_true(got(in));
	assert_true(got(out)); /* IP_MULTICAST_ALL is on */
	assert_int_equal(kernel_setsockopt(out, SOL_IP, IP_MULTICAST_ALL, &zero, sizeof(zero)), 0);
	to_group(&c, PEER_IP, GROUP, "members");
	assert_true(got(in));
	assert_false(got(out));
	sock_release(in);
	hosted_advance(1);
	to_group(&c, PEER_IP, GROUP, "nobody");
	assert_false(got(out));
	sock_release(out);
	cap_destroy(&c);
}

static void queries_are_answered(void **state)
{
	int record, sources;
	struct socket *s;
	struct cap c;
	be32 group;

	cap_make(&c, 0, 0);
	s = udp(&c, 7000);
	member(s, IP_ADD_MEMBERSHIP, GROUP);
	hosted_advance(5000);
	cap_forget(&c);
	query(&c, 0, 10, 12); /* version 3, general, within a second */
	hosted_advance(1100);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), IGMPV3_HOST_MEMBERSHIP_REPORT);
	assert_int_equal(record, IGMPV3_MODE_IS_EXCLUDE);
	assert_int_equal(group, GROUP);
	query(&c, GROUP, 10, 12); /* about our group */
	hosted_advance(1100);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), IGMPV3_HOST_MEMBERSHIP_REPORT);
	query(&c, GROUP2, 10, 12); /* about another */
	query(&c, 0, 10, 10);	   /* malformed */
	hosted_advance(1100);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), -1);
	/* An old querier: its version is spoken, with goodbyes. */
	query(&c, 0, 10, 8);
	hosted_advance(1100);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), IGMPV2_HOST_MEMBERSHIP_REPORT);
	member(s, IP_DROP_MEMBERSHIP, GROUP);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), IGMP_HOST_LEAVE_MESSAGE);
	query(&c, 0, 0, 8); /* version 1 */
	member(s, IP_ADD_MEMBERSHIP, GROUP2);
	hosted_advance(20000);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), IGMP_HOST_MEMBERSHIP_REPORT);
	sock_release(s);
	cap_destroy(&c);
}

static void sources_are_filtered_and_reported(void **state)
{
	be32 s1 = ip4(10, 0, 0, 2), s2 = ip4(10, 0, 0, 3), group;
	int record, sources;
	struct socket *s;
	struct cap c;

	cap_make(&c, 0, 0);
	s = udp(&c, 7000);
	assert_int_equal(source(s, IP_ADD_SOURCE_MEMBERSHIP, GROUP, s1), 0);
	assert_int_equal(source(s, IP_ADD_SOURCE_MEMBERSHIP, GROUP, s1), -EADDRNOTAVAIL);
	to_group(&c, s1, GROUP, "wanted");
	assert_true(got(s));
	to_group(&c, s2, GROUP, "not wanted");
	assert_false(got(s));
	hosted_advance(5000);
	assert_int_equal(igmp_out(&c, &group, &record, &sources), IGMPV3_HOST_MEMBERSHIP_REPORT);
	assert_int_equal(record, IGMPV3_ALLOW_NEW_SOURCES);
	assert_int_equal(sources, 1);
	cap_forget(&c);
	assert_int_equal(source(s, IP_BLOCK_SOURCE, GROUP, s2), -EINVAL); /* the other mode */
	assert_int_equal(source(s, IP_DROP_SOURCE_MEMBERSHIP, GROUP, s2), -EADDRNOTAVAIL);
	assert_int_equal(source(s, IP_DROP_SOURCE_MEMBERSHIP, GROUP, s1), 0);
	to_group(&c, s1, GROUP, "left");
	assert_false(got(s));
	member(s, IP_ADD_MEMBERSHIP, GROUP2);
	assert_int_equal(source(s, IP_BLOCK_SOURCE, GROUP2, s2), 0);
	to_group(&c, s1, GROUP2, "wanted");
	assert_true(got(s));
	to_group(&c, s2, GROUP2, "blocked");
	assert_false(got(s));
	assert_int_equal(source(s, IP_UNBLOCK_SOURCE, GROUP2, s2), 0);
	to_group(&c, s2, GROUP2, "again");
	assert_true(got(s));
	sock_release(s);
	cap_destroy(&c);
}

static void sending_to_a_group_loops_back(void **state)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET, .sin_port = htons(7000), .sin_addr.s_addr = GROUP};
	struct msghdr m = {.msg_name = &sin, .msg_namelen = sizeof(sin), .msg_flags = MSG_DONTWAIT};
	static const u8 mac[6] = {1, 0, 0x5e, 1, 2, 3};
	struct socket *s;
	int zero = 0;
	const u8 *f;
	struct cap c;
	u32 len;

	cap_make(&c, 0, 0);
	s = udp(&c, 7000);
	member(s, IP_ADD_MEMBERSHIP, GROUP);
	hosted_advance(5000);
	cap_forget(&c);
	assert_int_equal(
		kernel_setsockopt(s, SOL_IP, IP_MULTICAST_IF, &(struct in_addr){HOST_IP}, 4), 0);
	assert_int_equal(kernel_sendmsg(s, &m, "hello", 5), 5);
	hosted_advance(1);
	f = cap_next(&c, &len);
	assert_non_null(f);
	assert_memory_equal(f, mac, 6);
	assert_int_equal(f[14 + 8], 1); /* TTL */
	assert_true(got(s));
	kernel_setsockopt(s, SOL_IP, IP_MULTICAST_LOOP, &zero, sizeof(zero));
	assert_int_equal(kernel_sendmsg(s, &m, "hello", 5), 5);
	hosted_advance(1);
	assert_false(got(s));
	sock_release(s);
	cap_destroy(&c);
}

static void memberships_are_bounded(void **state)
{
	struct socket *s;
	struct cap c;
	int i, err = 0;

	cap_make(&c, 0, 0);
	s = udp(&c, 7000);
	for (i = 0; i < 100 && !err; i++)
		err = member(s, IP_ADD_MEMBERSHIP, ip4(239, 9, 0, (u8)i));
	assert_int_equal(err, -ENOBUFS);
	assert_int_equal(i - 1, 20);
	hosted_advance(5000);
	cap_forget(&c);
	sock_release(s);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(joining_and_leaving_is_reported, net_up, net_down),
		TEST_UP_DOWN(only_members_receive, net_up, net_down),
		TEST_UP_DOWN(queries_are_answered, net_up, net_down),
		TEST_UP_DOWN(sources_are_filtered_and_reported, net_up, net_down),
		TEST_UP_DOWN(sending_to_a_group_loops_back, net_up, net_down),
		TEST_UP_DOWN(memberships_are_bounded, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
