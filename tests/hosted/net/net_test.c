// SPDX-License-Identifier: BSD-2-Clause
/* Shared by the tests of net/; see net_test.h. */
#include <drivers/net/loopback.h>
#include <drivers/net/veth.h>
#include <kernel/fs/file.h>
#include <kernel/fs/procfs.h>
#include <kernel/sched/thread.h>
#include <net/af_unix.h>
#include <net/example/example.h>
#include <net/inet_common.h>
#include <net/netlink.h>
#include <net/packet/packet.h>
#include <net/rtnetlink.h>
#include <net/skb_ops.h>
#include <net/sock_diag.h>
#include <net/sock_ops.h>
#include <tests/hosted/net/net_test.h>

static void stack_start(void)
{
	fs_init();
	net_ns_init();
	skb_init();
	net_dev_init();
	sock_init();
	inet_init();
	packet_init();
	unix_init();
	netlink_proto_init();
	rtnetlink_init();
	sock_diag_init();
	example_family_init();
	veth_init();
	loopback_init();
}

int net_up(void **state)
{
	static bool started;

	if (!started)
		stack_start();
	started = true;
	if (hosted_setup(state))
		return -1;
	current->files = files_alloc();
	return current->files ? 0 : -1;
}

int net_down(void **state)
{
	files_put(current->files);
	current->files = NULL;
	return hosted_teardown(state);
}

be32 ip4(u8 a, u8 b, u8 c, u8 d)
{
	return cpu_to_be32((u32)a << 24 | (u32)b << 16 | (u32)c << 8 | d);
}

void pair_make(struct net_pair *p)
{
	struct net_device *devs[2];
	struct veth_end a, b;

	p->a = net_create("a");
	p->b = net_create("b");
	assert_false(IS_ERR(p->a) || IS_ERR(p->b));
	a = (struct veth_end){p->a, "eth0"};
	b = (struct veth_end){p->b, "eth0"};
	assert_int_equal(veth_create(&a, &b, devs), 0);
	p->dev_a = devs[0];
	p->dev_b = devs[1];
	assert_int_equal(dev_open(p->dev_a), 0);
	assert_int_equal(dev_open(p->dev_b), 0);
	assert_int_equal(inet_addr_add(p->dev_a, ip4(10, 0, 0, 1), 24, ip4(10, 0, 0, 255)), 0);
	assert_int_equal(inet_addr_add(p->dev_b, ip4(10, 0, 0, 2), 24, ip4(10, 0, 0, 255)), 0);
}

/* Everything in flight ends first: timers of connections would hold the namespaces. */
void pair_destroy(struct net_pair *p)
{
	hosted_drain(300 * 1000);
	put_net(p->a);
	put_net(p->b);
	hosted_drain(300 * 1000);
}

struct socket *test_socket(struct net *net, int family, int type, int protocol)
{
	struct socket *sock;

	assert_int_equal(sock_create_kern(net, family, type, protocol, &sock), 0);
	return sock;
}
