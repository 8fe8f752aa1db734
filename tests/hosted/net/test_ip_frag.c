// SPDX-License-Identifier: BSD-2-Clause
/* Reassembly: order, gaps, duplicates, overlaps, limits, time; and cutting on the way out. */
#include <errno.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

static u8 whole[66000];
static u32 whole_len;

/* An echo request of datalen bytes to cut up. */
static void make_whole(u32 datalen)
{
	whole_len = echo_build(whole, ICMP_ECHO, 3, 4, datalen);
}

static void fragment(struct cap *c, u16 id, u32 from, u32 to, bool more)
{
	struct iphdr ih = {.protocol = IPPROTO_ICMP, .id = cpu_to_be16(id)};

	ih.frag_off = cpu_to_be16(from / 8 | (more ? IP_MF : 0));
	cap_inject_ip(c, ih, whole + from, to - from);
}

static bool answered(struct cap *c)
{
	const u8 *p;
	u32 len;

	if (!cap_next_ip(c, IPPROTO_ICMP, &p, &len))
		return false;
	cap_forget(c);
	return p[0] == ICMP_ECHOREPLY;
}

static unsigned long stat_of(const struct cap *c, int i)
{
	return c->net->mib.ip_statistics[i];
}

static void in_any_order(void **state)
{
	static const u8 orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}};
	static const u32 cut[] = {0, 400, 800, 1208};
	struct cap c;
	size_t i;
	int j;

	cap_make(&c, 0, 0);
	make_whole(1200);
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		for (j = 0; j < 3; j++) {
			u8 k = orders[i][j];

			assert_false(answered(&c));
			fragment(&c, (u16)(100 + i), cut[k], cut[k + 1], k < 2);
		}
		assert_true(answered(&c));
	}
	assert_int_equal(stat_of(&c, IPSTATS_MIB_REASMOKS), ARRAY_SIZE(orders));
	assert_int_equal(stat_of(&c, IPSTATS_MIB_REASMREQDS), 3 * ARRAY_SIZE(orders));
	cap_destroy(&c);
}

static void a_duplicate_is_ignored_an_overlap_kills(void **state)
{
	struct cap c;

	cap_make(&c, 0, 0);
	make_whole(1200);
	fragment(&c, 1, 0, 400, true);
	fragment(&c, 1, 0, 400, true);
	fragment(&c, 1, 400, 1208, false);
	assert_true(answered(&c));
	fragment(&c, 2, 0, 400, true);
	fragment(&c, 2, 392, 800, true);
	assert_int_equal(stat_of(&c, IPSTATS_MIB_REASMOVERLAPS), 1);
	fragment(&c, 2, 400, 1208, false);
	assert_false(answered(&c));
	/* What comes afterwards begins a datagram of its own. */
	fragment(&c, 2, 0, 400, true);
	assert_true(answered(&c));
	cap_destroy(&c);
}

static void contradictions_are_refused(void **state)
{
	struct cap c;

	cap_make(&c, 0, 0);
	make_whole(1200);
	fragment(&c, 1, 800, 1208, false);
	fragment(&c, 1, 1208, 1216, true); /* behind the end */
	assert_int_equal(stat_of(&c, IPSTATS_MIB_REASMFAILS), 1);
	fragment(&c, 2, 800, 1208, false);
	fragment(&c, 2, 400, 800, false); /* another end */
	assert_int_equal(stat_of(&c, IPSTATS_MIB_REASMFAILS), 2);
	fragment(&c, 3, 80, 80, true); /* empty */
	assert_int_equal(stat_of(&c, IPSTATS_MIB_REASMFAILS), 3);
	fragment(&c, 4, 65528, 65800, true); /* past what IPv4 can carry */
	fragment(&c, 4, 0, 65528, true);
	fragment(&c, 4, 65800 & ~7u, 65900, false);
	assert_false(answered(&c));
	cap_destroy(&c);
}

static void time_runs_out(void **state)
{
	struct cap c;
	const u8 *p;
	u32 len;

	cap_make(&c, 0, 0);
	make_whole(1200);
	fragment(&c, 1, 400, 800, true); /* without the first nobody is told */
	hosted_advance(31 * 1000);
	assert_null(cap_next_ip(&c, IPPROTO_ICMP, &p, &len));
	assert_int_equal(stat_of(&c, IPSTATS_MIB_REASMTIMEOUT), 1);
	fragment(&c, 2, 0, 400, true);
	hosted_advance(31 * 1000);
	assert_int_equal(stat_of(&c, IPSTATS_MIB_REASMTIMEOUT), 2);
	/* The first fragment of an echo request may be answered by an error. */
	assert_non_null(cap_next_ip(&c, IPPROTO_ICMP, &p, &len));
	assert_int_equal(p[0], ICMP_TIME_EXCEEDED);
	assert_int_equal(p[1], ICMP_EXC_FRAGTIME);
	assert_memory_equal(p + 8 + 20, whole, 100);
	cap_destroy(&c);
}

static void memory_is_bounded(void **state)
{
	struct cap c;
	long mem;
	int i, queues;

	cap_make(&c, 0, 0);
	c.net->ipv4.sysctl_ipfrag_high_thresh = 100000;
	make_whole(1200);
	for (i = 0; i < 1000; i++)
		fragment(&c, (u16)i, 0, 400, true);
	ip_frag_usage(c.net, &queues, &mem);
	assert_true(mem <= 100000 && mem > 50000);
	assert_true(stat_of(&c, IPSTATS_MIB_REASMFAILS) >= (unsigned long)(1000 - queues));
	hosted_advance(31 * 1000);
	cap_forget(&c);
	ip_frag_usage(c.net, &queues, &mem);
	assert_int_equal(queues, 0);
	assert_int_equal(mem, 0);
	cap_destroy(&c);
}

static void a_reused_identification_starts_anew(void **state)
{
	struct cap c;
	int i;

	cap_make(&c, 0, 0);
	make_whole(1200);
	fragment(&c, 7, 0, 400, true);
	for (i = 0; i < 70; i++)
		fragment(&c, (u16)(1000 + i), 0, 400, true);
	fragment(&c, 7, 400, 1208, false); /* too far from its beginning */
	assert_false(answered(&c));
	fragment(&c, 7, 0, 400, true);
	assert_true(answered(&c));
	hosted_advance(31 * 1000);
	cap_forget(&c);
	cap_destroy(&c);
}

/* A reply longer than the link takes leaves in fragments that carry all of it. */
static void a_long_reply_is_cut(void **state)
{
	static u8 back[66000];
	u32 got = 0, len, pieces = 0, at;
	const struct iphdr *ih;
	const u8 *p;
	struct cap c;

	cap_make(&c, 0, 0);
	make_whole(5000);
	for (at = 0; at < whole_len; at += 1480)
		fragment(&c, 9, at, at + 1480 < whole_len ? at + 1480 : whole_len,
			 at + 1480 < whole_len);
	while ((ih = cap_next_ip(&c, IPPROTO_ICMP, &p, &len)) != NULL) {
		u32 off = (be16_to_cpu(ih->frag_off) & IP_OFFSET) * 8u;
		bool more = be16_to_cpu(ih->frag_off) & IP_MF;

		assert_true(len <= 1480);
		assert_int_equal(more, off + len < whole_len);
		memcpy(back + off, p, len);
		got += len;
		pieces++;
	}
	assert_int_equal(got, whole_len);
	assert_int_equal(pieces, 4);
	echo_build(whole, ICMP_ECHOREPLY, 3, 4, 5000);
	assert_memory_equal(back, whole, whole_len);
	assert_int_equal(stat_of(&c, IPSTATS_MIB_FRAGOKS), 1);
	assert_int_equal(stat_of(&c, IPSTATS_MIB_FRAGCREATES), 4);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(in_any_order, net_up, net_down),
		TEST_UP_DOWN(a_duplicate_is_ignored_an_overlap_kills, net_up, net_down),
		TEST_UP_DOWN(contradictions_are_refused, net_up, net_down),
		TEST_UP_DOWN(time_runs_out, net_up, net_down),
		TEST_UP_DOWN(memory_is_bounded, net_up, net_down),
		TEST_UP_DOWN(a_reused_identification_starts_anew, net_up, net_down),
		TEST_UP_DOWN(a_long_reply_is_cut, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
