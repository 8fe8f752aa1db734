// SPDX-License-Identifier: BSD-2-Clause
/*
 * Namespaces: two with the same ports, addresses and settings see nothing of each other, and one
 * that goes leaves nothing behind, whatever was going on in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/procfs.h>
#include <net/inet_common.h>
#include <net/ip_fib.h>
#include <net/neighbour.h>
#include <net/rtnetlink.h>
#include <net/sock_ops.h>
#include <net/tcp_data.h>
#include <string.h>
#include <tests/hosted/net/net_test.h>

#define PORT 8080

static struct sockaddr_in at(be32 addr, u16 port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = cpu_to_be16(port),
				    .sin_addr = {addr}};
}

/* A program's socket (it holds its namespace), as socket(2) would make it in `net`. */
static struct socket *program_socket(struct net *net)
{
	struct net *before = current->net_ns;
	struct socket *sock;

	current->net_ns = net;
	assert_int_equal(sock_create(AF_INET, SOCK_STREAM, 0, &sock), 0);
	current->net_ns = before;
	return sock;
}

static struct socket *listening(struct net *net, u16 port)
{
	struct socket *sock = program_socket(net);
	struct sockaddr_in sin = at(0, port);

	assert_int_equal(kernel_bind(sock, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(kernel_listen(sock, 5), 0);
	return sock;
}

static struct socket *connected(struct net *net, be32 addr, u16 port)
{
	struct socket *sock = program_socket(net);
	struct sockaddr_in sin = at(addr, port);

	assert_int_equal(kernel_connect(sock, (struct sockaddr *)&sin, sizeof(sin), 0), 0);
	hosted_drain(10); /* the last ACK arrives */
	return sock;
}

/* The text of a /proc file as `net` sees it. */
static void read_proc(struct net *net, const char *path, char *text, size_t size)
{
	struct seq_file m = {.net = net};
	const struct proc_ops *ops;

	assert_int_equal(proc_lookup(net, path, &ops, &m.private), 0);
	assert_int_equal(ops->show(&m), 0);
	text[seq_read_text(&m, 0, text, size - 1)] = '\0';
	seq_clear(&m);
}

static void write_sysctl(struct net *net, const char *path, const char *value)
{
	struct net *before = current->net_ns;
	const struct proc_ops *ops;
	struct seq_file m = {.net = net};
	char text[32];

	strlcpy(text, value, sizeof(text));
	current->net_ns = net;
	assert_int_equal(proc_lookup(net, path, &ops, &m.private), 0);
	assert_true(ops->write(&m, text, strlen(text)) > 0);
	current->net_ns = before;
}

static void the_same_port_in_each(void **state)
{
	struct socket *one, *other, *c, *child;
	struct net_pair p;
	char text[4096];

	pair_make(&p);
	one = listening(p.a, PORT);
	other = listening(p.b, PORT);
	c = connected(p.a, ip4(10, 0, 0, 2), PORT);
	assert_int_equal(kernel_accept(one, &child, O_NONBLOCK), -EAGAIN);
	assert_int_equal(kernel_accept(other, &child, O_NONBLOCK), 0);
	assert_ptr_equal(sock_net(child->sk), p.b);
	read_proc(&init_net, "net/tcp", text, sizeof(text));
	assert_null(strstr(text, "1F90")); /* 8080 */
	read_proc(p.a, "net/tcp", text, sizeof(text));
	assert_non_null(strstr(text, ":1F90 00000000:0000 0A"));
	assert_null(strstr(text, "0200000A:1F90 0100000A")); /* the child is b's */
	sock_release(child);
	sock_release(c);
	sock_release(one);
	sock_release(other);
	pair_destroy(&p);
}

static void tables_counters_and_settings_are_its_own(void **state)
{
	struct socket *l, *c;
	struct net_pair p;
	char a[4096], b[4096];

	pair_make(&p);
	write_sysctl(p.a, "sys/net/ipv4/tcp_sack", "0");
	read_proc(p.a, "sys/net/ipv4/tcp_sack", a, sizeof(a));
	read_proc(p.b, "sys/net/ipv4/tcp_sack", b, sizeof(b));
	assert_string_equal(a, "0\n");
	assert_string_equal(b, "1\n");
	l = listening(p.b, PORT);
	c = connected(p.a, ip4(10, 0, 0, 2), PORT);
	assert_false(tcp_is_sack(tcp_sk(c->sk)));
	assert_int_equal(p.a->mib.tcp_statistics[TCP_MIB_ACTIVEOPENS], 1);
	assert_int_equal(p.b->mib.tcp_statistics[TCP_MIB_ACTIVEOPENS], 0);
	assert_int_equal(p.b->mib.tcp_statistics[TCP_MIB_PASSIVEOPENS], 1);
	assert_int_equal(init_net.mib.tcp_statistics[TCP_MIB_INSEGS], 0);
	read_proc(p.a, "net/arp", a, sizeof(a));
	assert_non_null(strstr(a, "10.0.0.2"));
	assert_null(strstr(a, "10.0.0.1 "));
	read_proc(&init_net, "net/arp", a, sizeof(a));
	assert_null(strstr(a, "10.0.0."));
	read_proc(p.a, "net/route", a, sizeof(a));
	assert_non_null(strstr(a, "0000000A"));
	read_proc(&init_net, "net/route", a, sizeof(a));
	assert_null(strstr(a, "0000000A"));
	read_proc(&init_net, "net/dev", a, sizeof(a));
	assert_null(strstr(a, "eth0"));
	sock_release(c);
	sock_release(l);
	pair_destroy(&p);
}

/*
 * The last that holds a namespace is an orphan, whose end comes in a softirq: its retransmissions
 * gave up. (The teardown wanted a mutex there once.)
 */
static void an_orphan_takes_its_namespace_along(void **state)
{
	struct socket *l, *c;
	struct net_pair p;

	pair_make(&p);
	l = listening(p.b, PORT);
	c = connected(p.a, ip4(10, 0, 0, 2), PORT);
	assert_int_equal(dev_close(p.dev_b), 0);
	assert_int_equal(kernel_sendmsg(c, &(struct msghdr){0}, "unheard", 7), 7);
	sock_release(c);
	sock_release(l);
	put_net(p.a);
	assert_int_equal(p.a->ipv4.tcp_orphan_count, 1); /* still there */
	hosted_drain(20 * 60 * 1000);
	put_net(p.b);
	hosted_drain(1000);
}

/* Half-open, waiting to be accepted, half-closed, TIME-WAIT, data and packets under way. */
static void one_that_goes_leaves_nothing(void **state)
{
	struct socket *l, *c[4];
	struct net_pair p;
	int i;

	pair_make(&p);
	l = listening(p.b, PORT);
	for (i = 0; i < 4; i++)
		c[i] = connected(p.a, ip4(10, 0, 0, 2), PORT);
	for (i = 0; i < 3; i++)
		assert_int_equal(kernel_sendmsg(c[i], &(struct msghdr){0}, "data", 4), 4);
	assert_int_equal(c[3]->ops->shutdown(c[3], SHUT_WR), 0);
	hosted_drain(10);
	sock_release(l);
	for (i = 0; i < 4; i++)
		sock_release(c[i]);
	put_net(p.b); /* with packets still in its devices */
	put_net(p.a);
	hosted_drain(20 * 60 * 1000);
}

/* One command to /proc/net/netns; 0 or -errno. */
static int command(struct net *net, const char *words)
{
	struct seq_file m = {.net = net};
	const struct proc_ops *ops;
	char text[64];
	ssize_t n;

	strlcpy(text, words, sizeof(text));
	assert_int_equal(proc_lookup(net, "net/netns", &ops, &m.private), 0);
	n = ops->write(&m, text, strlen(text));
	return n < 0 ? (int)n : 0;
}

static void namespaces_and_links_by_command(void **state)
{
	struct net *red, *before = current->net_ns;
	char text[512];

	assert_int_equal(command(&init_net, "add red\n"), 0);
	assert_int_equal(command(&init_net, "add red"), -EEXIST);
	assert_int_equal(command(&init_net, "add a_name_that_is_too_long"), -ENAMETOOLONG);
	assert_int_equal(command(&init_net, "del green"), -ENOENT);
	assert_int_equal(command(&init_net, "del init_net"), -EBUSY);
	assert_int_equal(command(&init_net, "link veth v0 init_net v1 green"), -ENOENT);
	assert_int_equal(command(&init_net, "link wire v0 init_net v1 red"), -EOPNOTSUPP);
	assert_int_equal(command(&init_net, "link veth v0 init_net v1 red"), 0);
	assert_int_equal(command(&init_net, "link veth v0 init_net v1 red"), -EEXIST);
	assert_int_equal(command(&init_net, ""), -EINVAL);
	assert_int_equal(command(&init_net, "add"), -EINVAL);
	assert_int_equal(command(&init_net, "add red blue"), -EINVAL);
	assert_int_equal(command(&init_net, "1 2 3 4 5 6 7 8"), -EINVAL);
	red = get_net_ns_by_name("red");
	assert_non_null(__dev_get_by_name(red, "v1"));
	assert_null(__dev_get_by_name(red, "v0"));
	put_net(red);
	read_proc(&init_net, "net/netns", text, sizeof(text));
	assert_non_null(strstr(text, "red"));
	assert_int_equal(command(&init_net, "enter red"), 0);
	assert_ptr_equal(current_net(), red);
	assert_int_equal(command(red, "del red"), -EBUSY);
	current->net_ns = before;
	assert_int_equal(command(&init_net, "unlink lo"), -EOPNOTSUPP);
	assert_int_equal(command(&init_net, "unlink v2"), -ENODEV);
	assert_int_equal(command(&init_net, "unlink v0"), 0);
	assert_null(__dev_get_by_name(red, "v1"));
	assert_int_equal(command(&init_net, "link veth v0 init_net v1 red"), 0);
	assert_int_equal(command(&init_net, "del red"), 0);
	assert_null(__dev_get_by_name(&init_net, "v0")); /* its other end went */
	assert_null(get_net_ns_by_name("red"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(the_same_port_in_each, net_up, net_down),
		TEST_UP_DOWN(tables_counters_and_settings_are_its_own, net_up, net_down),
		TEST_UP_DOWN(an_orphan_takes_its_namespace_along, net_up, net_down),
		TEST_UP_DOWN(one_that_goes_leaves_nothing, net_up, net_down),
		TEST_UP_DOWN(namespaces_and_links_by_command, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
