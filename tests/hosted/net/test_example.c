// SPDX-License-Identifier: BSD-2-Clause
/* AF_EXAMPLE, the family that docs/adding-a-protocol-family.md walks through, and the registries it
 * uses. */
#include <errno.h>
#include <linux/example.h>
#include <net/ethernet.h>
#include <net/example/example.h>
#include <net/skb_ops.h>
#include <net/sock_ops.h>
#include <string.h>
#include <tests/hosted/net/net_test.h>

static struct sockaddr_example at(u16 port, struct net_device *dev, const u8 *mac)
{
	struct sockaddr_example sex = {.sex_family = AF_EXAMPLE, .sex_port = port};

	if (dev)
		sex.sex_ifindex = dev->ifindex;
	if (mac)
		memcpy(sex.sex_mac, mac, 6);
	return sex;
}

static int send_to(struct socket *sock, struct sockaddr_example *dst, const char *text)
{
	struct msghdr msg = {.msg_name = dst, .msg_namelen = dst ? sizeof(*dst) : 0};

	return kernel_sendmsg(sock, &msg, text, strlen(text));
}

static int receive(struct socket *sock, char *buf, size_t size, struct sockaddr_example *from,
		   int flags)
{
	struct sockaddr_storage name;
	struct msghdr msg = {.msg_name = &name};
	int n = kernel_recvmsg(sock, &msg, buf, size, flags);

	if (n >= 0 && from)
		memcpy(from, &name, sizeof(*from));
	return n;
}

static void a_datagram_crosses_the_wire(void **state)
{
	struct sockaddr_example me = at(7, NULL, NULL), dst, from;
	struct socket *tx, *rx;
	struct net_pair p;
	char buf[64];

	pair_make(&p);
	tx = test_socket(p.a, AF_EXAMPLE, SOCK_DGRAM, 0);
	rx = test_socket(p.b, AF_EXAMPLE, SOCK_DGRAM, 0);
	assert_int_equal(kernel_bind(rx, (struct sockaddr *)&me, sizeof(me)), 0);
	dst = at(7, p.dev_a, p.dev_b->dev_addr);
	assert_int_equal(send_to(tx, &dst, "over the wire"), 13);
	hosted_advance(10);
	assert_int_equal(receive(rx, buf, sizeof(buf), &from, MSG_DONTWAIT), 13);
	assert_memory_equal(buf, "over the wire", 13);
	assert_int_equal(from.sex_ifindex, p.dev_b->ifindex);
	assert_memory_equal(from.sex_mac, p.dev_a->dev_addr, 6);
	assert_int_equal(from.sex_port, 1024); /* the first free one */
	sock_release(tx);
	sock_release(rx);
	pair_destroy(&p);
}

static void loopback_and_connect(void **state)
{
	struct sockaddr_example me = at(9, NULL, NULL);
	struct socket *sock = test_socket(&init_net, AF_EXAMPLE, SOCK_DGRAM, 0);
	char buf[8];

	assert_int_equal(send_to(sock, NULL, "x"), -EDESTADDRREQ);
	assert_int_equal(kernel_bind(sock, (struct sockaddr *)&me, sizeof(me)), 0);
	assert_int_equal(kernel_connect(sock, (struct sockaddr *)&me, sizeof(me), 0), 0);
	assert_int_equal(send_to(sock, NULL, "hello again"), 11);
	hosted_advance(10);
	assert_int_equal(receive(sock, buf, 4, NULL, MSG_DONTWAIT | MSG_TRUNC | MSG_PEEK), 11);
	assert_int_equal(receive(sock, buf, 4, NULL, MSG_DONTWAIT), 4);
	assert_memory_equal(buf, "hell", 4);
	assert_int_equal(receive(sock, buf, 4, NULL, MSG_DONTWAIT), -EAGAIN);
	sock_release(sock);
}

static void bad_arguments_are_refused(void **state)
{
	struct sockaddr_example me = at(7, NULL, NULL), bad = me, nodev = me;
	struct socket *sock, *other;
	static char big[70000];

	assert_int_equal(sock_create_kern(&init_net, AF_EXAMPLE, SOCK_STREAM, 0, &sock),
			 -ESOCKTNOSUPPORT);
	assert_int_equal(sock_create_kern(&init_net, AF_EXAMPLE, SOCK_DGRAM, 1, &sock),
			 -EPROTONOSUPPORT);
	sock = test_socket(&init_net, AF_EXAMPLE, SOCK_DGRAM, 0);
	other = test_socket(&init_net, AF_EXAMPLE, SOCK_DGRAM, 0);
	bad.sex_family = AF_INET;
	assert_int_equal(kernel_bind(sock, (struct sockaddr *)&bad, sizeof(bad)), -EAFNOSUPPORT);
	assert_int_equal(kernel_bind(sock, (struct sockaddr *)&me, 4), -EINVAL);
	assert_int_equal(kernel_bind(sock, (struct sockaddr *)&me, sizeof(me)), 0);
	assert_int_equal(kernel_bind(sock, (struct sockaddr *)&me, sizeof(me)), -EINVAL);
	assert_int_equal(kernel_bind(other, (struct sockaddr *)&me, sizeof(me)), -EADDRINUSE);
	nodev.sex_ifindex = 12345;
	assert_int_equal(send_to(sock, &nodev, "x"), -ENODEV);
	memset(big, 'b', sizeof(big) - 1);
	assert_int_equal(send_to(sock, &me, big), -EMSGSIZE);
	assert_int_equal(kernel_listen(sock, 1), -EOPNOTSUPP);
	sock_release(sock);
	sock_release(other);
}

/* A frame as it would come from the wire, `claimed` bytes of payload in its header, `real` there.
 */
static void inject(struct net_device *dev, u16 port, u16 claimed, u32 real)
{
	struct sk_buff *skb = netdev_alloc_skb(dev, 14 + 6 + real);
	u8 *f;

	assert_non_null(skb);
	f = skb_put(skb, 14 + (real ? 6 + real : 3));
	memset(f, 0, skb->len);
	memcpy(f, dev->dev_addr, 6);
	put_be16(f + 12, ETH_P_EXAMPLE);
	put_be16(f + 14, port);
	if (real)
		put_be16(f + 18, claimed);
	skb->protocol = eth_type_trans(skb, dev);
	netif_rx(skb);
	hosted_advance(1);
}

static void malformed_frames_are_dropped_and_counted(void **state)
{
	unsigned long small = skb_drop_count(SKB_DROP_REASON_PKT_TOO_SMALL);
	unsigned long nobody = skb_drop_count(SKB_DROP_REASON_NO_SOCKET);
	struct sockaddr_example me = at(7, NULL, NULL);
	struct socket *rx;
	struct net_pair p;
	char buf[64];

	pair_make(&p);
	rx = test_socket(p.b, AF_EXAMPLE, SOCK_DGRAM, 0);
	assert_int_equal(kernel_bind(rx, (struct sockaddr *)&me, sizeof(me)), 0);
	inject(p.dev_b, 7, 0, 0);    /* shorter than the header */
	inject(p.dev_b, 7, 100, 20); /* claims more than there is */
	assert_int_equal(skb_drop_count(SKB_DROP_REASON_PKT_TOO_SMALL), small + 2);
	inject(p.dev_b, 8, 20, 20);
	assert_int_equal(skb_drop_count(SKB_DROP_REASON_NO_SOCKET), nobody + 1);
	inject(p.dev_b, 7, 5, 46); /* padded by Ethernet */
	assert_int_equal(receive(rx, buf, sizeof(buf), NULL, MSG_DONTWAIT), 5);
	sock_release(rx);
	pair_destroy(&p);
}

static void the_family_can_be_taken_out_and_put_back(void **state)
{
	struct socket *sock;

	example_exit();
	assert_int_equal(sock_create_kern(&init_net, AF_EXAMPLE, SOCK_DGRAM, 0, &sock),
			 -EAFNOSUPPORT);
	assert_int_equal(example_init(), 0);
	hosted_leak_mark(); /* the registration stays for the tests that follow */
	assert_int_equal(example_init(), -EEXIST); /* and undoes what it did */
	assert_int_equal(sock_create_kern(&init_net, AF_EXAMPLE, SOCK_DGRAM, 0, &sock), 0);
	sock_release(sock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(a_datagram_crosses_the_wire, net_up, net_down),
		TEST_UP_DOWN(loopback_and_connect, net_up, net_down),
		TEST_UP_DOWN(bad_arguments_are_refused, net_up, net_down),
		TEST_UP_DOWN(malformed_frames_are_dropped_and_counted, net_up, net_down),
		TEST_UP_DOWN(the_family_can_be_taken_out_and_put_back, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
