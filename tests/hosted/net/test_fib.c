// SPDX-License-Identifier: BSD-2-Clause
/* The routing table: longest prefix, metric, what may be added, source choice, local addresses. */
#include <errno.h>
#include <kernel/lib/random.h>
#include <kernel/sched/softirq.h>
#include <linux/route.h>
#include <net/ip_fib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <tests/hosted/net/capture.h>

static int add(struct cap *c, be32 dst, u8 plen, be32 gw, u32 metric)
{
	struct fib_config cfg = {.dst = dst,
				 .prefixlen = plen,
				 .gw = gw,
				 .metric = metric,
				 .dev = gw ? NULL : c->dev};

	return fib_add_route(c->net, &cfg);
}

static int del(struct cap *c, be32 dst, u8 plen, be32 gw)
{
	struct fib_config cfg = {.dst = dst, .prefixlen = plen, .gw = gw};

	return fib_del_route(c->net, &cfg);
}

/* The next hop to dst, as an address; 0 with *err when there is none. */
static be32 hop(struct cap *c, be32 dst, int *err)
{
	struct flowi4 fl4 = {.daddr = dst};
	struct rtable *rt = ip_route_output_key(c->net, &fl4);
	be32 gw;

	*err = IS_ERR(rt) ? (int)PTR_ERR(rt) : 0;
	if (*err)
		return 0;
	gw = rt_nexthop(rt, dst);
	dst_release(&rt->dst);
	return gw;
}

static void the_longest_prefix_wins(void **state)
{
	be32 g1 = ip4(10, 0, 0, 11), g2 = ip4(10, 0, 0, 12), g3 = ip4(10, 0, 0, 13);
	struct cap c;
	int err;

	cap_make(&c, 0, 0);
	hop(&c, ip4(192, 168, 1, 1), &err);
	assert_int_equal(err, -ENETUNREACH);
	assert_int_equal(add(&c, 0, 0, g1, 0), 0);
	assert_int_equal(add(&c, ip4(192, 168, 0, 0), 16, g2, 0), 0);
	assert_int_equal(add(&c, ip4(192, 168, 1, 0), 24, g3, 0), 0);
	assert_int_equal(hop(&c, ip4(8, 8, 8, 8), &err), g1);
	assert_int_equal(hop(&c, ip4(192, 168, 2, 1), &err), g2);
	assert_int_equal(hop(&c, ip4(192, 168, 1, 1), &err), g3);
	assert_int_equal(hop(&c, ip4(10, 0, 0, 99), &err), ip4(10, 0, 0, 99)); /* on the link */
	assert_int_equal(del(&c, ip4(192, 168, 1, 0), 24, 0), 0);
	assert_int_equal(hop(&c, ip4(192, 168, 1, 1), &err), g2);
	assert_int_equal(del(&c, ip4(192, 168, 1, 0), 24, 0), -ESRCH);
	cap_destroy(&c);
}

static void the_lower_metric_wins_then_the_newer(void **state)
{
	be32 g1 = ip4(10, 0, 0, 11), g2 = ip4(10, 0, 0, 12);
	struct cap c;
	int err;

	cap_make(&c, 0, 0);
	assert_int_equal(add(&c, 0, 0, g1, 100), 0);
	assert_int_equal(add(&c, 0, 0, g2, 200), 0);
	assert_int_equal(add(&c, 0, 0, g1, 100), -EEXIST);
	assert_int_equal(hop(&c, ip4(8, 8, 8, 8), &err), g1);
	assert_int_equal(del(&c, 0, 0, g1), 0);
	assert_int_equal(hop(&c, ip4(8, 8, 8, 8), &err), g2);
	assert_int_equal(add(&c, 0, 0, g1, 200), 0);
	assert_int_equal(hop(&c, ip4(8, 8, 8, 8), &err), g1);
	cap_destroy(&c);
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct fib_config black = {
		.type = RTN_BLACKHOLE, .dst = ip4(192, 0, 2, 0), .prefixlen = 24};
	struct cap c;
	int err;

	cap_make(&c, 0, 0);
	assert_int_equal(add(&c, ip4(192, 168, 1, 1), 24, ip4(10, 0, 0, 2), 0), -EINVAL);
	assert_int_equal(add(&c, ip4(192, 168, 1, 0), 33, ip4(10, 0, 0, 2), 0), -EINVAL);
	assert_int_equal(add(&c, 0, 0, ip4(172, 16, 0, 1), 0), -ENETUNREACH); /* not a neighbour */
	assert_int_equal(add(&c, 0, 0, HOST_IP, 0), -EINVAL);		      /* ourselves */
	assert_int_equal(add(&c, 0, 0, ip4(10, 0, 0, 255), 0), -EINVAL);
	assert_int_equal(fib_add_route(c.net, &black), 0);
	hop(&c, ip4(192, 0, 2, 1), &err);
	assert_int_equal(err, -EINVAL);
	black.type = RTN_PROHIBIT;
	black.dst = ip4(198, 51, 100, 0);
	assert_int_equal(fib_add_route(c.net, &black), 0);
	hop(&c, ip4(198, 51, 100, 1), &err);
	assert_int_equal(err, -EACCES);
	cap_destroy(&c);
}

static void a_device_that_goes_down_takes_its_routes(void **state)
{
	struct cap c;
	int err;

	cap_make(&c, 0, 0);
	assert_int_equal(add(&c, 0, 0, ip4(10, 0, 0, 2), 0), 0);
	dev_close(c.dev);
	hop(&c, ip4(8, 8, 8, 8), &err);
	assert_int_equal(err, -ENETUNREACH);
	hop(&c, PEER_IP, &err);
	assert_int_equal(err, -ENETUNREACH);
	assert_int_equal(inet_addr_type(c.net, HOST_IP), RTN_LOCAL);
	assert_int_equal(dev_open(c.dev), 0);
	assert_int_equal(hop(&c, PEER_IP, &err), PEER_IP); /* the subnet comes back by itself */
	cap_destroy(&c);
}

static void addresses_come_and_go(void **state)
{
	struct flowi4 fl4 = {.daddr = ip4(10, 1, 0, 5)};
	struct rtable *rt;
	struct cap c;
	int err;

	cap_make(&c, 0, 0);
	assert_int_equal(inet_addr_type(c.net, HOST_IP), RTN_LOCAL);
	assert_int_equal(inet_addr_type(c.net, ip4(10, 0, 0, 255)), RTN_BROADCAST);
	assert_int_equal(inet_addr_type(c.net, ip4(10, 0, 0, 7)), RTN_UNICAST);
	assert_int_equal(inet_addr_type(c.net, ip4(127, 9, 9, 9)), RTN_LOCAL);
	assert_int_equal(inet_addr_type(c.net, ip4(224, 1, 1, 1)), RTN_MULTICAST);
	assert_int_equal(inet_addr_add(c.dev, HOST_IP, 24, 0), -EEXIST);
	assert_int_equal(inet_addr_add(c.dev, ip4(224, 0, 0, 1), 24, 0), -EINVAL);
	assert_int_equal(inet_addr_add(c.dev, ip4(10, 0, 0, 2), 33, 0), -EINVAL);
	/* A secondary goes with its primary; a subnet of its own stays. */
	assert_int_equal(inet_addr_add(c.dev, ip4(10, 0, 0, 3), 24, 0), 0);
	assert_int_equal(inet_addr_add(c.dev, ip4(10, 1, 0, 1), 16, 0), 0);
	rt = ip_route_output_key(c.net, &fl4);
	assert_false(IS_ERR(rt));
	assert_int_equal(fl4.saddr, ip4(10, 1, 0, 1)); /* the source of that subnet */
	dst_release(&rt->dst);
	assert_int_equal(inet_addr_del(c.dev, HOST_IP, 24), 0);
	assert_int_equal(inet_addr_type(c.net, ip4(10, 0, 0, 3)), RTN_UNICAST);
	hop(&c, PEER_IP, &err);
	assert_int_equal(err, -ENETUNREACH);
	assert_int_equal(hop(&c, ip4(10, 1, 0, 5), &err), ip4(10, 1, 0, 5));
	assert_int_equal(inet_addr_del(c.dev, HOST_IP, 24), -EADDRNOTAVAIL);
	cap_destroy(&c);
}

static void to_ourselves_by_loopback(void **state)
{
	struct flowi4 fl4 = {.daddr = HOST_IP};
	struct rtable *rt;
	struct cap c;

	cap_make(&c, 0, 0);
	rt = ip_route_output_key(c.net, &fl4);
	assert_ptr_equal(rt->dst.dev, c.net->loopback_dev);
	assert_int_equal(fl4.saddr, HOST_IP);
	assert_true(rt->rt_flags & RTCF_LOCAL);
	dst_release(&rt->dst);
	fl4 = (struct flowi4){.daddr = PEER_IP, .saddr = ip4(1, 2, 3, 4)};
	assert_int_equal(PTR_ERR(ip_route_output_key(c.net, &fl4)), -EINVAL); /* not ours */
	fl4 = (struct flowi4){.daddr = PEER_IP, .saddr = ip4(127, 0, 0, 1)};
	assert_int_equal(PTR_ERR(ip_route_output_key(c.net, &fl4)), -EINVAL);
	fl4 = (struct flowi4){.daddr = PEER_IP, .flowi4_oif = 99};
	assert_int_equal(PTR_ERR(ip_route_output_key(c.net, &fl4)), -ENODEV);
	cap_destroy(&c);
}

/* Many routes against the plainest possible table. */
static void against_a_linear_table(void **state)
{
	static struct {
		be32 dst, gw;
		u8 plen;
	} t[400];
	struct cap c;
	int i, j, n = 0, err;

	cap_make(&c, 0, 0);
	for (i = 0; i < 400; i++) {
		u8 plen = (u8)(1 + get_random_u32_below(31));
		be32 dst = ip4((u8)(20 + get_random_u32_below(4)), (u8)get_random_u32_below(4),
			       (u8)get_random_u32(), (u8)get_random_u32()) &
			   inet_make_mask(plen);
		be32 gw = ip4(10, 0, 0, (u8)(2 + get_random_u32_below(200)));

		if (add(&c, dst, plen, gw, (u32)i))
			continue;
		for (j = 0; j < n && (t[j].dst != dst || t[j].plen != plen); j++)
			;
		if (j == n) { /* the first has the lowest metric */
			t[n].dst = dst;
			t[n].plen = plen;
			t[n++].gw = gw;
		}
	}
	for (i = 0; i < 2000; i++) {
		be32 a = ip4((u8)(20 + get_random_u32_below(4)), (u8)get_random_u32_below(4),
			     (u8)get_random_u32(), (u8)get_random_u32());
		int best = -1;

		for (j = 0; j < n; j++) {
			if (!((a ^ t[j].dst) & inet_make_mask(t[j].plen)) &&
			    (best < 0 || t[j].plen > t[best].plen))
				best = j;
		}
		assert_int_equal(hop(&c, a, &err), best < 0 ? 0 : t[best].gw);
	}
	cap_destroy(&c);
}

static void route_ioctls(void **state)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	struct rtentry rt = {.rt_flags = RTF_UP | RTF_GATEWAY, .rt_metric = 1};
	struct cap c;
	int err;

	cap_make(&c, 0, 0);
	memcpy(&rt.rt_dst, &sin, sizeof(sin));
	memcpy(&rt.rt_genmask, &sin, sizeof(sin));
	sin.sin_addr.s_addr = PEER_IP;
	memcpy(&rt.rt_gateway, &sin, sizeof(sin));
	assert_int_equal(ip_rt_ioctl(c.net, SIOCADDRT, &rt), 0);
	assert_int_equal(ip_rt_ioctl(c.net, SIOCADDRT, &rt), -EEXIST);
	assert_int_equal(hop(&c, ip4(9, 9, 9, 9), &err), PEER_IP);
	assert_int_equal(ip_rt_ioctl(c.net, SIOCDELRT, &rt), 0);
	assert_int_equal(ip_rt_ioctl(c.net, SIOCDELRT, &rt), -ESRCH);
	rt.rt_dev = (char *)"nope";
	assert_int_equal(ip_rt_ioctl(c.net, SIOCADDRT, &rt), -ENODEV);
	rt.rt_dev = NULL;
	sin.sin_addr.s_addr = ip4(255, 0, 255, 0); /* a mask with a hole */
	memcpy(&rt.rt_genmask, &sin, sizeof(sin));
	assert_int_equal(ip_rt_ioctl(c.net, SIOCADDRT, &rt), -EINVAL);
	rt.rt_dst.sa_family = AF_UNIX;
	assert_int_equal(ip_rt_ioctl(c.net, SIOCADDRT, &rt), -EAFNOSUPPORT);
	assert_int_equal(ip_rt_ioctl(c.net, SIOCGIFADDR, &rt), -EINVAL);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(the_longest_prefix_wins, net_up, net_down),
		TEST_UP_DOWN(the_lower_metric_wins_then_the_newer, net_up, net_down),
		TEST_UP_DOWN(what_makes_no_sense_is_refused, net_up, net_down),
		TEST_UP_DOWN(a_device_that_goes_down_takes_its_routes, net_up, net_down),
		TEST_UP_DOWN(addresses_come_and_go, net_up, net_down),
		TEST_UP_DOWN(to_ourselves_by_loopback, net_up, net_down),
		TEST_UP_DOWN(against_a_linear_table, net_up, net_down),
		TEST_UP_DOWN(route_ioctls, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
