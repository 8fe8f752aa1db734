// SPDX-License-Identifier: BSD-2-Clause
/* Local ports of TCP and UDP: who may share one, what bind refuses, what connect picks. */
#include <errno.h>
#include <kernel/fs/sysctl.h>
#include <net/inet_common.h>
#include <net/sock_ops.h>
#include <netinet/in.h>
#include <tests/hosted/net/net_test.h>

static int bind_to(struct socket *sock, be32 addr, u16 port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET, .sin_port = cpu_to_be16(port), .sin_addr.s_addr = addr};

	return kernel_bind(sock, (struct sockaddr *)&sin, sizeof(sin));
}

static void set(struct socket *sock, int name)
{
	int one = 1;

	assert_int_equal(kernel_setsockopt(sock, SOL_SOCKET, name, &one, sizeof(one)), 0);
}

static const struct {
	int type;
	be32 first, second; /* 0 = any, 1 = 127.0.0.1, 2 = 127.0.0.2 */
	int option;	    /* set on both */
	bool listen;	    /* the first one listens */
	int result;
} rules[] = {
	{SOCK_STREAM, 0, 0, 0, false, -EADDRINUSE},
	{SOCK_STREAM, 1, 1, 0, false, -EADDRINUSE},
	{SOCK_STREAM, 1, 2, 0, false, 0},
	{SOCK_STREAM, 0, 1, 0, false, -EADDRINUSE},
	{SOCK_STREAM, 0, 0, SO_REUSEADDR, false, 0},
	{SOCK_STREAM, 0, 0, SO_REUSEADDR, true, -EADDRINUSE},
	{SOCK_STREAM, 0, 0, SO_REUSEPORT, true, 0},
	{SOCK_DGRAM, 0, 0, 0, false, -EADDRINUSE},
	{SOCK_DGRAM, 0, 1, 0, false, -EADDRINUSE},
	{SOCK_DGRAM, 1, 2, 0, false, 0},
	{SOCK_DGRAM, 0, 0, SO_REUSEADDR, false, 0},
	{SOCK_DGRAM, 1, 1, SO_REUSEPORT, false, 0},
};

static be32 rule_addr(be32 n)
{
	return n ? ip4(127, 0, 0, (u8)n) : 0;
}

static void sharing_rules(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		struct socket *a = test_socket(&init_net, AF_INET, rules[i].type, 0);
		struct socket *b = test_socket(&init_net, AF_INET, rules[i].type, 0);

		if (rules[i].option) {
			set(a, rules[i].option);
			set(b, rules[i].option);
		}
		assert_int_equal(bind_to(a, rule_addr(rules[i].first), 4000), 0);
		if (rules[i].listen)
			assert_int_equal(kernel_listen(a, 5), 0);
		assert_int_equal(bind_to(b, rule_addr(rules[i].second), 4000), rules[i].result);
		sock_release(a);
		sock_release(b);
	}
}

static void two_sharers_by_reuseaddr_one_listener(void **state)
{
	struct socket *a = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
	struct socket *b = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);

	set(a, SO_REUSEADDR);
	set(b, SO_REUSEADDR);
	assert_int_equal(bind_to(a, 0, 4001), 0);
	assert_int_equal(bind_to(b, 0, 4001), 0);
	assert_int_equal(kernel_listen(a, 5), 0);
	assert_int_equal(kernel_listen(b, 5), -EADDRINUSE);
	sock_release(a);
	assert_int_equal(kernel_listen(b, 5), 0);
	sock_release(b);
}

static void bind_refuses(void **state)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = cpu_to_be16(4002)};
	struct socket *sock = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);

	assert_int_equal(kernel_bind(sock, (struct sockaddr *)&sin, 4), -EINVAL);
	sin.sin_family = 77;
	assert_int_equal(kernel_bind(sock, (struct sockaddr *)&sin, sizeof(sin)), -EAFNOSUPPORT);
	assert_int_equal(bind_to(sock, ip4(192, 0, 2, 1), 4002), -EADDRNOTAVAIL);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_nonlocal_bind", "1"), 0);
	assert_int_equal(bind_to(sock, ip4(192, 0, 2, 1), 4002), 0);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_nonlocal_bind", "0"), 0);
	assert_int_equal(bind_to(sock, 0, 4003), -EINVAL); /* bound already */
	sock_release(sock);
}

static u16 port_of(struct socket *sock)
{
	struct sockaddr_storage ss;

	assert_true(sock->ops->getname(sock, (struct sockaddr *)&ss, 0) > 0);
	return be16_to_cpu(((struct sockaddr_in *)&ss)->sin_port);
}

static void automatic_ports_keep_to_the_range(void **state)
{
	struct socket *socks[4], *extra;
	int type, i;

	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_local_port_range", "40000 40003"), 0);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_local_reserved_ports", "40001"), 0);
	for (type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
		for (i = 0; i < 3; i++) {
			socks[i] = test_socket(&init_net, AF_INET, type, 0);
			assert_int_equal(bind_to(socks[i], 0, 0), 0);
			assert_in_range(port_of(socks[i]), 40000, 40003);
			assert_int_not_equal(port_of(socks[i]), 40001);
		}
		extra = test_socket(&init_net, AF_INET, type, 0);
		assert_int_equal(bind_to(extra, 0, 0), -EADDRINUSE);
		assert_int_equal(bind_to(extra, 0, 40001), 0); /* reserved is not forbidden */
		sock_release(extra);
		for (i = 0; i < 3; i++)
			sock_release(socks[i]);
	}
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_local_port_range", "32768 60999"), 0);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_local_reserved_ports", ""), 0);
}

static void bad_sysctls_change_nothing(void **state)
{
	char text[64];

	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_local_port_range", "5 4"), -EINVAL);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_local_port_range", "0 70000"),
			 -EINVAL);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_local_reserved_ports", "9-8"),
			 -EINVAL);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_local_reserved_ports", "x"), -EINVAL);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.tcp_congestion_control", "none"),
			 -ENOENT);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.nothing_here", "1"), -ENOENT);
	assert_int_equal(sysctl_read(&init_net, "net.ipv4.ip_local_port_range", text, sizeof(text)),
			 0);
	assert_memory_equal(text, "32768\t60999", 11);
}

static void namespaces_have_ports_of_their_own(void **state)
{
	struct socket *a, *b;
	struct net_pair p;

	pair_make(&p);
	a = test_socket(p.a, AF_INET, SOCK_STREAM, 0);
	b = test_socket(p.b, AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind_to(a, 0, 4004), 0);
	assert_int_equal(bind_to(b, 0, 4004), 0);
	assert_int_equal(sysctl_write(p.a, "net.ipv4.ip_nonlocal_bind", "1"), 0);
	assert_int_equal(p.a->ipv4.sysctl_ip_nonlocal_bind, 1);
	assert_int_equal(p.b->ipv4.sysctl_ip_nonlocal_bind, 0);
	sock_release(a);
	sock_release(b);
	pair_destroy(&p);
}

/* ---- what bind(0) and connect() choose ---- */

static void range(const char *text)
{
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_local_port_range", text), 0);
}

/* A socket that connects to port `port` of loopback, where nobody or somebody listens; its result.
 */
static int connect_to(struct socket *sock, u16 port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET,
				  .sin_port = cpu_to_be16(port),
				  .sin_addr.s_addr = ip4(127, 0, 0, 1)};

	return kernel_connect(sock, (struct sockaddr *)&sin, sizeof(sin), 0);
}

static struct socket *listener_on(u16 port)
{
	struct socket *sock = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind_to(sock, 0, port), 0);
	assert_int_equal(kernel_listen(sock, 64), 0);
	return sock;
}

/* Loopback's route and neighbour are made by the first connection and stay: before the test's time.
 */
static int loopback_up(void **state)
{
	static bool warm;
	struct socket *listener, *sock;

	if (net_up(state) || warm)
		return warm ? 0 : -1;
	warm = true;
	listener = listener_on(4009);
	sock = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect_to(sock, 4009), 0);
	sock_release(sock);
	sock_release(listener);
	files_put(current->files);
	return net_up(state);
}

static void bind_takes_odd_distances_first(void **state)
{
	struct socket *socks[8];
	int i;

	range("40000 40007");
	for (i = 0; i < 8; i++) {
		socks[i] = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
		assert_int_equal(bind_to(socks[i], 0, 0), 0);
		assert_int_equal(port_of(socks[i]) & 1, i < 4);
	}
	for (i = 0; i < 8; i++)
		sock_release(socks[i]);
	range("32768 60999");
}

static void connect_takes_even_distances_first(void **state)
{
	struct socket *listener = listener_on(4010), *socks[8];
	int i;

	range("40000 40007");
	for (i = 0; i < 8; i++) {
		socks[i] = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
		assert_int_equal(connect_to(socks[i], 4010), 0);
		assert_int_equal(port_of(socks[i]) & 1, i >= 4);
	}
	for (i = 0; i < 8; i++)
		sock_release(socks[i]);
	sock_release(listener);
	range("32768 60999");
}

/* One port serves connections to different destinations, none twice to the same. */
static void connects_share_a_port(void **state)
{
	struct socket *one = listener_on(4011), *two = listener_on(4012);
	struct socket *a = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
	struct socket *b = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
	struct socket *c = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);

	range("40000 40000");
	assert_int_equal(connect_to(a, 4011), 0);
	assert_int_equal(connect_to(b, 4012), 0);
	assert_int_equal(port_of(a), 40000);
	assert_int_equal(port_of(b), 40000);
	assert_int_equal(connect_to(c, 4011), -EADDRNOTAVAIL);
	/* And a port in use by connects is none for bind(0). */
	assert_int_equal(bind_to(c, 0, 0), -EADDRINUSE);
	sock_release(c);
	sock_release(b);
	sock_release(a);
	sock_release(two);
	sock_release(one);
	range("32768 60999");
}

/* What bind(0) gave out is not shared by connect(), though nobody listens there. */
static void connect_leaves_bound_ports(void **state)
{
	struct socket *listener = listener_on(4013);
	struct socket *bound = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
	struct socket *sock = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);

	range("40000 40000");
	assert_int_equal(bind_to(bound, 0, 0), 0);
	assert_int_equal(port_of(bound), 40000);
	assert_int_equal(connect_to(sock, 4013), -EADDRNOTAVAIL);
	sock_release(bound);
	assert_int_equal(connect_to(sock, 4013), 0);
	assert_int_equal(port_of(sock), 40000);
	sock_release(sock);
	sock_release(listener);
	range("32768 60999");
}

/* SO_REUSEADDR: bind(0) shares no port, unless ip_autobind_reuse is set and none is left. */
static void bind_shares_only_when_told(void **state)
{
	struct socket *a = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
	struct socket *b = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);

	range("40000 40000");
	set(a, SO_REUSEADDR);
	set(b, SO_REUSEADDR);
	assert_int_equal(bind_to(a, 0, 0), 0);
	assert_int_equal(bind_to(b, 0, 0), -EADDRINUSE);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_autobind_reuse", "1"), 0);
	assert_int_equal(bind_to(b, 0, 0), 0);
	assert_int_equal(port_of(b), 40000);
	assert_int_equal(sysctl_write(&init_net, "net.ipv4.ip_autobind_reuse", "0"), 0);
	sock_release(a);
	sock_release(b);
	range("32768 60999");
}

/* SO_REUSEADDR users begin with the lower half of the range. */
static void sharers_keep_to_the_lower_half(void **state)
{
	struct socket *socks[8];
	int i;

	range("40000 40007");
	for (i = 0; i < 8; i++) {
		socks[i] = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
		set(socks[i], SO_REUSEADDR);
		assert_int_equal(bind_to(socks[i], 0, 0), 0);
		assert_int_equal(port_of(socks[i]) < 40004, i < 4);
	}
	for (i = 0; i < 8; i++)
		sock_release(socks[i]);
	range("32768 60999");
}

/* IP_BIND_ADDRESS_NO_PORT: the port is chosen by connect(), and may so be shared. */
static void bind_without_port(void **state)
{
	struct socket *one = listener_on(4014), *two = listener_on(4015), *socks[2];
	int i, yes = 1;

	range("40000 40000");
	for (i = 0; i < 2; i++) {
		socks[i] = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
		assert_int_equal(kernel_setsockopt(socks[i], SOL_IP, IP_BIND_ADDRESS_NO_PORT, &yes,
						   sizeof(yes)),
				 0);
		assert_int_equal(bind_to(socks[i], ip4(127, 0, 0, 1), 0), 0);
		assert_int_equal(port_of(socks[i]), 0);
	}
	assert_int_equal(connect_to(socks[0], 4014), 0);
	assert_int_equal(connect_to(socks[1], 4015), 0);
	assert_int_equal(port_of(socks[1]), 40000);
	sock_release(socks[0]);
	sock_release(socks[1]);
	sock_release(two);
	sock_release(one);
	range("32768 60999");
}

/* RFC 6056: ports for one destination do not repeat soon, and do not simply count up by a step. */
static void connect_ports_move_on(void **state)
{
	struct socket *listener = listener_on(4016), *sock;
	u16 seen[32];
	int i, j, steps = 0;

	for (i = 0; i < 32; i++) {
		sock = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
		assert_int_equal(connect_to(sock, 4016), 0);
		seen[i] = port_of(sock);
		assert_int_equal(seen[i] & 1, 0);
		for (j = 0; j < i; j++)
			assert_int_not_equal(seen[j], seen[i]);
		if (i > 1 && seen[i] - seen[i - 1] != seen[1] - seen[0])
			steps++;
		sock_release(sock);
	}
	assert_true(steps > 5);
	sock_release(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(sharing_rules, net_up, net_down),
		TEST_UP_DOWN(two_sharers_by_reuseaddr_one_listener, net_up, net_down),
		TEST_UP_DOWN(bind_refuses, net_up, net_down),
		TEST_UP_DOWN(automatic_ports_keep_to_the_range, net_up, net_down),
		TEST_UP_DOWN(bad_sysctls_change_nothing, net_up, net_down),
		TEST_UP_DOWN(namespaces_have_ports_of_their_own, net_up, net_down),
		TEST_UP_DOWN(bind_takes_odd_distances_first, net_up, net_down),
		TEST_UP_DOWN(connect_takes_even_distances_first, loopback_up, net_down),
		TEST_UP_DOWN(connects_share_a_port, loopback_up, net_down),
		TEST_UP_DOWN(connect_leaves_bound_ports, loopback_up, net_down),
		TEST_UP_DOWN(bind_shares_only_when_told, net_up, net_down),
		TEST_UP_DOWN(sharers_keep_to_the_lower_half, net_up, net_down),
		TEST_UP_DOWN(bind_without_port, loopback_up, net_down),
		TEST_UP_DOWN(connect_ports_move_on, loopback_up, net_down),
	};

	return RUN_TESTS(tests);
}
