// SPDX-License-Identifier: BSD-2-Clause
/* Every allocation of the lower floors fails once: nothing crashes, leaks or stays half done. */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/icmp.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

#define MOST 60 /* more allocations than any of the steps makes */

static void step_echo(struct cap *c)
{
	u8 buf[256];
	u32 n = echo_build(buf, ICMP_ECHO, 1, 1, 100);

	cap_inject_ip(c, (struct iphdr){.protocol = IPPROTO_ICMP}, buf, n);
}

static void step_fragments(struct cap *c)
{
	static u8 buf[4096];
	u32 n = echo_build(buf, ICMP_ECHO, 1, 1, 3000), at;
	static u16 id;

	id++;
	for (at = 0; at < n; at += 1480) {
		u32 len = n - at < 1480 ? n - at : 1480;
		struct iphdr ih = {.protocol = IPPROTO_ICMP, .id = id};

		ih.frag_off = cpu_to_be16(at / 8 | (at + len < n ? IP_MF : 0));
		cap_inject_ip(c, ih, buf + at, len);
	}
}

static void step_closed_port(struct cap *c)
{
	struct iphdr ih = {.protocol = IPPROTO_UDP};
	u8 buf[128];
	u32 n = udp_build(buf, &ih, 5000, 6000, "where are you");

	hosted_advance(1100);
	cap_inject_ip(c, ih, buf, n);
}

static void step_udp(struct cap *c)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(9)};
	struct msghdr m = {.msg_name = &sin, .msg_namelen = sizeof(sin), .msg_flags = MSG_DONTWAIT};
	static u8 big[5000];
	struct socket *s;

	sin.sin_addr.s_addr = ip4(10, 0, 0, 77); /* nobody has its address yet */
	if (sock_create_kern(c->net, AF_INET, SOCK_DGRAM, 0, &s))
		return;
	kernel_sendmsg(s, &m, "x", 1);
	sin.sin_addr.s_addr = PEER_IP;
	kernel_sendmsg(s, &m, big, sizeof(big));
	sock_release(s);
	hosted_advance(5000);
}

static void step_addresses(struct cap *c)
{
	struct fib_config cfg = {.dst = ip4(192, 168, 0, 0), .prefixlen = 16, .gw = PEER_IP};

	if (!inet_addr_add(c->dev, ip4(10, 9, 0, 1), 16, ip4(10, 9, 255, 255)))
		inet_addr_del(c->dev, ip4(10, 9, 0, 1), 16);
	if (!fib_add_route(c->net, &cfg))
		fib_del_route(c->net, &cfg);
}

static void step_multicast(struct cap *c)
{
	struct ip_mreqn mreq = {.imr_multiaddr.s_addr = ip4(239, 1, 1, 1),
				.imr_address.s_addr = HOST_IP};
	struct ip_mreq_source src = {.imr_multiaddr.s_addr = ip4(239, 1, 1, 2),
				     .imr_interface.s_addr = HOST_IP,
				     .imr_sourceaddr.s_addr = PEER_IP};
	struct socket *s;

	if (sock_create_kern(c->net, AF_INET, SOCK_DGRAM, 0, &s))
		return;
	kernel_setsockopt(s, SOL_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
	kernel_setsockopt(s, SOL_IP, IP_ADD_SOURCE_MEMBERSHIP, &src, sizeof(src));
	hosted_advance(3000);
	sock_release(s);
	hosted_advance(3000);
}

static void each_allocation_may_fail(void **state)
{
	static void (*const steps[])(struct cap * c) = {step_echo, step_fragments, step_closed_port,
							step_udp,  step_addresses, step_multicast};
	struct cap c;
	size_t i;
	int n;

	cap_make(&c, NETIF_F_SG, 0);
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		for (n = 1; n <= MOST; n++) {
			hosted_fail_nth((unsigned long)n);
			steps[i](&c);
			hosted_fail_nth(0);
			cap_forget(&c);
		}
	}
	hosted_advance(60 * 1000);
	cap_forget(&c);
	step_echo(&c);
	assert_int_equal(c.n, 1); /* still alive */
	cap_destroy(&c);
}

static void a_namespace_that_cannot_be_made(void **state)
{
	struct net *net;
	int n, made = 0;

	for (n = 1; n < 300; n++) {
		hosted_fail_nth((unsigned long)n);
		net = net_create("oom");
		hosted_fail_nth(0);
		if (IS_ERR(net))
			continue;
		made++;
		put_net(net);
		hosted_drain(100 * 1000);
	}
	assert_true(made > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(each_allocation_may_fail, net_up, net_down),
		TEST_UP_DOWN(a_namespace_that_cannot_be_made, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
