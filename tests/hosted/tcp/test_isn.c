// SPDX-License-Identifier: BSD-2-Clause
/*
 * Initial sequence numbers, RFC 9293 section 3.4.1 and RFC 6528: a clock plus a keyed hash of the
 * tuple, so that one tuple's numbers rise with time and nobody can tell another tuple's from them.
 */
#include <net/net.h>
#include <net/tcp_ops.h>
#include <tests/hosted/net/net_test.h>

#define TICK_NS 64

static u32 isn(const struct net *net, u8 host, u16 port)
{
	return tcp_v4_init_seq(net, ip4(10, 0, 0, host), ip4(10, 0, 0, 1), cpu_to_be16(port),
			       cpu_to_be16(8080));
}

/* A tick of 64 ns: the space is gone through in 4.6 minutes, longer than any segment lives. */
static void one_tuple_follows_the_clock(void **state)
{
	struct net *net = net_create("isn");
	u32 before_it = isn(net, 2, 40000);

	hosted_advance(1);
	assert_int_equal(isn(net, 2, 40000) - before_it, NSEC_PER_MSEC / TICK_NS);
	hosted_advance(100 * 1000);
	assert_int_equal(isn(net, 2, 40000) - before_it,
			 (u32)(100001ull * NSEC_PER_MSEC / TICK_NS));
	put_net(net);
	hosted_drain(300 * 1000);
}

/* Neighbouring tuples, and the same one of another namespace, have nothing in common. */
static void tuples_tell_nothing_of_each_other(void **state)
{
	struct net *net = net_create("isn"), *other = net_create("isn2");
	int i, near = 0;

	assert_int_not_equal(isn(net, 2, 40000), isn(other, 2, 40000));
	for (i = 1; i < 1000; i++) {
		s32 by_port = (s32)(isn(net, 2, (u16)(40000 + i)) - isn(net, 2, 40000));
		s32 by_host = (s32)(isn(net, (u8)(2 + i % 200), 9) - isn(net, 2, 40000));

		near += (by_port < 65536 && by_port > -65536) +
			(by_host < 65536 && by_host > -65536);
	}
	assert_true(near <= 2); /* 0.06 expected by chance */
	put_net(net);
	put_net(other);
	hosted_drain(300 * 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(one_tuple_follows_the_clock, net_up, net_down),
		TEST_UP_DOWN(tuples_tell_nothing_of_each_other, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
