// SPDX-License-Identifier: BSD-2-Clause
/*
 * The registry of congestion control modules and its sysctls, over several namespaces: what packet
 * scripts, which run in one namespace, cannot see. Linux 6.1's rules: the list of modules and which
 * of them are allowed is the machine's, the default a namespace's.
 */
#include <kernel/fs/sysctl.h>
#include <net/tcp_data.h>
#include <string.h>
#include <tests/hosted/net/net_test.h>

#define DEFAULT	  "net.ipv4.tcp_congestion_control"
#define AVAILABLE "net.ipv4.tcp_available_congestion_control"
#define ALLOWED	  "net.ipv4.tcp_allowed_congestion_control"

static void assert_sysctl(struct net *net, const char *name, const char *want)
{
	char text[200];

	assert_int_equal(sysctl_read(net, name, text, sizeof(text)), 0);
	assert_string_equal(text, want);
}

static struct net *make_net(void)
{
	struct net *net = net_create("n");

	assert_false(IS_ERR(net));
	return net;
}

static void lists_what_there_is(void **state)
{
	(void)state;
	assert_sysctl(&init_net, AVAILABLE, "reno cubic bbr dctcp");
	assert_sysctl(&init_net, ALLOWED, "reno cubic bbr");
	assert_sysctl(&init_net, DEFAULT, "cubic");
	assert_int_equal(sysctl_write(&init_net, AVAILABLE, "reno"), -EPERM);
}

/* A namespace begins with the first one's default and has its own from then on. */
static void each_namespace_has_its_default(void **state)
{
	struct net *a, *b;

	(void)state;
	assert_int_equal(sysctl_write(&init_net, DEFAULT, "bbr"), 0);
	a = make_net();
	assert_sysctl(a, DEFAULT, "bbr");
	assert_int_equal(sysctl_write(a, DEFAULT, "reno\n"), 0);
	assert_int_equal(sysctl_write(&init_net, DEFAULT, "cubic"), 0);
	b = make_net();
	assert_sysctl(a, DEFAULT, "reno");
	assert_sysctl(b, DEFAULT, "cubic");
	assert_int_equal(sysctl_write(b, DEFAULT, "vegas"), -ENOENT);
	assert_int_equal(sysctl_write(b, DEFAULT, ""), -ENOENT);
	assert_sysctl(b, DEFAULT, "cubic");
	put_net(a);
	put_net(b);
	hosted_drain(1000);
}

/* Only the first namespace may make a restricted module a default; that frees it for all. */
static void restricted_modules(void **state)
{
	struct net *net = make_net();

	(void)state;
	assert_int_equal(sysctl_write(net, DEFAULT, "dctcp"), -EPERM);
	assert_sysctl(net, DEFAULT, "cubic");
	assert_int_equal(sysctl_write(&init_net, DEFAULT, "dctcp"), 0);
	assert_sysctl(net, ALLOWED, "reno cubic bbr dctcp");
	assert_int_equal(sysctl_write(net, DEFAULT, "dctcp"), 0);
	assert_int_equal(sysctl_write(&init_net, DEFAULT, "cubic"), 0);
	assert_int_equal(sysctl_write(&init_net, ALLOWED, "reno cubic bbr"), 0);
	put_net(net);
	hosted_drain(1000);
}

static void allowed_is_the_machines(void **state)
{
	struct net *net = make_net();

	(void)state;
	assert_int_equal(sysctl_write(net, ALLOWED, "reno"), -EPERM);
	assert_int_equal(sysctl_write(&init_net, ALLOWED, " dctcp  reno\n"), 0);
	assert_sysctl(net, ALLOWED, "reno dctcp");
	assert_int_equal(sysctl_write(net, DEFAULT, "cubic"), -EPERM);
	assert_int_equal(sysctl_write(net, DEFAULT, "dctcp"), 0);
	/* One unknown name: none is taken. */
	assert_int_equal(sysctl_write(&init_net, ALLOWED, "reno vegas"), -ENOENT);
	assert_sysctl(net, ALLOWED, "reno dctcp");
	assert_int_equal(sysctl_write(&init_net, ALLOWED, "reno cubic bbr"), 0);
	put_net(net);
	hosted_drain(1000);
}

/* A module without what each must have is refused; a name is taken once; one that leaves is no
 * namespace's default any more. */
static void modules_come_and_go(void **state)
{
	struct tcp_congestion_ops mine = {.name = "mine", .flags = TCP_CONG_NON_RESTRICTED};
	struct net *net = make_net();

	(void)state;
	assert_int_equal(tcp_register_congestion_control(&mine), -EINVAL);
	mine.ssthresh = tcp_reno_ssthresh;
	mine.undo_cwnd = tcp_reno_undo_cwnd;
	assert_int_equal(tcp_register_congestion_control(&mine), -EINVAL);
	mine.cong_avoid = tcp_reno_cong_avoid;
	assert_int_equal(tcp_register_congestion_control(&mine), 0);
	assert_int_equal(tcp_register_congestion_control(&mine), -EEXIST);
	assert_int_equal(sysctl_write(net, DEFAULT, "mine"), 0);
	assert_sysctl(net, AVAILABLE, "reno cubic bbr dctcp mine");
	tcp_unregister_congestion_control(&mine);
	assert_sysctl(net, DEFAULT, "reno");
	assert_sysctl(net, AVAILABLE, "reno cubic bbr dctcp");
	put_net(net);
	hosted_drain(1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(lists_what_there_is, net_up, net_down),
		TEST_UP_DOWN(each_namespace_has_its_default, net_up, net_down),
		TEST_UP_DOWN(restricted_modules, net_up, net_down),
		TEST_UP_DOWN(allowed_is_the_machines, net_up, net_down),
		TEST_UP_DOWN(modules_come_and_go, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
