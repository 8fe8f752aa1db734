// SPDX-License-Identifier: BSD-2-Clause
/* UDP on the wire and in sockets: who gets a datagram, errors, limits, options, long messages. */
#include <errno.h>
#include <net/checksum.h>
#include <net/sock_ops.h>
#include <linux/errqueue.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

static struct sockaddr_in at(be32 addr, u16 port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = addr};
}

static struct socket *bound(struct cap *c, be32 addr, u16 port)
{
	struct socket *s = test_socket(c->net, AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in sin = at(addr, port);

	assert_int_equal(kernel_bind(s, (struct sockaddr *)&sin, sizeof(sin)), 0);
	return s;
}

static int opt(struct socket *s, int level, int name, int val)
{
	return kernel_setsockopt(s, level, name, &val, sizeof(val));
}

static int connect_to(struct socket *s, be32 addr, u16 port)
{
	struct sockaddr_in sin = at(addr, port);

	return kernel_connect(s, (struct sockaddr *)&sin, sizeof(sin), 0);
}

static int send_to(struct socket *s, be32 addr, u16 port, const void *data, size_t len)
{
	struct sockaddr_in sin = at(addr, port);
	struct msghdr m = {.msg_name = &sin, .msg_namelen = sizeof(sin), .msg_flags = MSG_DONTWAIT};

	return kernel_sendmsg(s, &m, data, len);
}

static int recv_from(struct socket *s, char *buf, size_t len, int flags, struct sockaddr_in *from)
{
	struct sockaddr_storage name;
	struct msghdr m = {.msg_name = &name};
	int n = kernel_recvmsg(s, &m, buf, len, flags | MSG_DONTWAIT);

	if (from)
		memcpy(from, &name, sizeof(*from));
	return n;
}

static void datagram_in(struct cap *c, struct iphdr ih, u16 sport, u16 dport, const char *text)
{
	u8 buf[512];
	u32 n = udp_build(buf, &ih, sport, dport, text);

	ih.protocol = IPPROTO_UDP;
	cap_inject_ip(c, ih, buf, n);
}

static void sent_with_right_headers(void **state)
{
	const struct iphdr *ih;
	struct udphdr uh;
	struct socket *s;
	const u8 *p;
	struct cap c;
	u32 len;

	cap_make(&c, 0, 0);
	s = bound(&c, 0, 5000);
	assert_int_equal(send_to(s, PEER_IP, 53, "query", 5), 5);
	ih = cap_next_ip(&c, IPPROTO_UDP, &p, &len);
	assert_non_null(ih);
	memcpy(&uh, p, sizeof(uh));
	assert_int_equal(ih->saddr, HOST_IP);
	assert_int_equal(ih->daddr, PEER_IP);
	assert_int_equal(be16_to_cpu(uh.source), 5000);
	assert_int_equal(be16_to_cpu(uh.dest), 53);
	assert_int_equal(be16_to_cpu(uh.len), 13);
	assert_int_equal(len, 13);
	assert_true(csum_ok(p, len, csum_tcpudp_nofold(ih->saddr, ih->daddr, len, IPPROTO_UDP, 0)));
	assert_memory_equal(p + 8, "query", 5);
	assert_int_equal(opt(s, SOL_SOCKET, SO_NO_CHECK, 1), 0);
	send_to(s, PEER_IP, 53, "query", 5);
	cap_next_ip(&c, IPPROTO_UDP, &p, &len);
	assert_int_equal(get_be16(p + 6), 0); /* checksum 0: none */
	assert_int_equal(opt(s, SOL_IP, IP_TTL, 7), 0);
	assert_int_equal(opt(s, SOL_IP, IP_TOS, 0x10), 0);
	send_to(s, PEER_IP, 53, "", 0);
	ih = cap_next_ip(&c, IPPROTO_UDP, &p, &len);
	assert_int_equal(ih->ttl, 7);
	assert_int_equal(ih->tos, 0x10);
	assert_int_equal(len, 8);
	sock_release(s);
	cap_destroy(&c);
}

static void received_by_the_best_match(void **state)
{
	struct socket *any, *here, *conn;
	struct sockaddr_in from;
	struct cap c;
	char buf[64];

	cap_make(&c, 0, 0);
	any = test_socket(c.net, AF_INET, SOCK_DGRAM, 0);
	here = test_socket(c.net, AF_INET, SOCK_DGRAM, 0);
	conn = test_socket(c.net, AF_INET, SOCK_DGRAM, 0);
	{
		struct sockaddr_in a = at(0, 7000), h = at(HOST_IP, 7000);

		opt(any, SOL_SOCKET, SO_REUSEADDR, 1);
		opt(here, SOL_SOCKET, SO_REUSEADDR, 1);
		opt(conn, SOL_SOCKET, SO_REUSEADDR, 1);
		assert_int_equal(kernel_bind(any, (struct sockaddr *)&a, sizeof(a)), 0);
		assert_int_equal(kernel_bind(here, (struct sockaddr *)&h, sizeof(h)), 0);
		assert_int_equal(kernel_bind(conn, (struct sockaddr *)&h, sizeof(h)), 0);
		assert_int_equal(connect_to(conn, PEER_IP, 9), 0);
	}
	datagram_in(&c, (struct iphdr){0}, 9, 7000, "to the connected");
	datagram_in(&c, (struct iphdr){0}, 10, 7000, "to the address");
	assert_int_equal(recv_from(conn, buf, sizeof(buf), 0, &from), 16);
	assert_int_equal(from.sin_addr.s_addr, PEER_IP);
	assert_int_equal(ntohs(from.sin_port), 9);
	assert_int_equal(recv_from(conn, buf, sizeof(buf), 0, NULL), -EAGAIN);
	assert_int_equal(recv_from(here, buf, sizeof(buf), 0, NULL), 14);
	assert_int_equal(recv_from(any, buf, sizeof(buf), 0, NULL), -EAGAIN);
	sock_release(any);
	sock_release(here);
	sock_release(conn);
	cap_destroy(&c);
}

static void malformed_datagrams_are_counted(void **state)
{
	struct iphdr ih = {.protocol = IPPROTO_UDP};
	struct socket *s;
	u8 buf[64];
	struct cap c;
	char got[64];
	u32 n;

	cap_make(&c, 0, 0);
	s = bound(&c, 0, 7000);
	n = udp_build(buf, &ih, 1, 7000, "hello");
	buf[9] ^= 1;
	cap_inject_ip(&c, ih, buf, n);
	assert_int_equal(c.net->mib.udp_statistics[UDP_MIB_INCSUMERRORS], 1);
	buf[9] ^= 1;
	put_be16(buf + 4, 200); /* longer than the packet */
	cap_inject_ip(&c, ih, buf, n);
	put_be16(buf + 4, 7); /* shorter than its header */
	cap_inject_ip(&c, ih, buf, n);
	cap_inject_ip(&c, ih, buf, 5);
	assert_int_equal(c.net->mib.udp_statistics[UDP_MIB_INERRORS], 4);
	assert_int_equal(recv_from(s, got, sizeof(got), 0, NULL), -EAGAIN);
	/* Without a checksum, and with padding behind its length: fine. */
	n = udp_build(buf, &ih, 1, 7000, "hello");
	put_be16(buf + 6, 0);
	cap_inject_ip(&c, ih, buf, n + 10);
	assert_int_equal(recv_from(s, got, sizeof(got), 0, NULL), 5);
	sock_release(s);
	cap_destroy(&c);
}

static void peek_and_truncation(void **state)
{
	struct socket *s;
	struct cap c;
	char buf[64];

	cap_make(&c, 0, 0);
	s = bound(&c, 0, 7000);
	datagram_in(&c, (struct iphdr){0}, 1, 7000, "0123456789");
	assert_int_equal(recv_from(s, buf, 4, MSG_PEEK, NULL), 4);
	assert_int_equal(recv_from(s, buf, 4, MSG_PEEK | MSG_TRUNC, NULL), 10);
	assert_int_equal(recv_from(s, buf, 4, 0, NULL), 4);
	assert_int_equal(recv_from(s, buf, 4, 0, NULL), -EAGAIN);
	sock_release(s);
	cap_destroy(&c);
}

/* ICMP port unreachable about what s sent last. */
static void refuse(struct cap *c)
{
	u8 buf[128];
	u32 len;
	const u8 *f = cap_next(c, &len);
	struct icmphdr *ih = (struct icmphdr *)buf;

	assert_non_null(f);
	memset(buf, 0, sizeof(buf));
	ih->type = ICMP_DEST_UNREACH;
	ih->code = ICMP_PORT_UNREACH;
	memcpy(buf + 8, f + 14, 28 + 4);
	ih->checksum = csum_fold(csum_partial(buf, 8 + 32, 0));
	cap_inject_ip(c, (struct iphdr){.protocol = IPPROTO_ICMP}, buf, 8 + 32);
}

static void errors_reach_connected_socks(void **state)
{
	struct socket *s;
	struct cap c;
	char buf[64];

	cap_make(&c, 0, 0);
	s = bound(&c, 0, 7000);
	send_to(s, PEER_IP, 9, "hello", 5);
	refuse(&c); /* unconnected: nobody hears of it */
	assert_int_equal(recv_from(s, buf, sizeof(buf), 0, NULL), -EAGAIN);
	assert_int_equal(connect_to(s, PEER_IP, 9), 0);
	send_to(s, PEER_IP, 9, "hello", 5);
	refuse(&c);
	assert_int_equal(recv_from(s, buf, sizeof(buf), 0, NULL), -ECONNREFUSED);
	assert_int_equal(recv_from(s, buf, sizeof(buf), 0, NULL), -EAGAIN); /* once */
	sock_release(s);
	cap_destroy(&c);
}

static void the_error_queue_says_what_and_where(void **state)
{
	struct sockaddr_storage name;
	u8 control[256];
	struct msghdr m = {
		.msg_name = &name, .msg_control = control, .msg_controllen = sizeof(control)};
	struct sock_extended_err ee;
	struct sockaddr_in sin;
	struct cmsghdr cm;
	struct socket *s;
	struct cap c;
	char buf[64];

	cap_make(&c, 0, 0);
	s = bound(&c, 0, 7000);
	assert_int_equal(opt(s, SOL_IP, IP_RECVERR, 1), 0);
	send_to(s, PEER_IP, 9, "abcd", 4);
	refuse(&c);
	assert_int_equal(kernel_recvmsg(s, &m, buf, sizeof(buf), MSG_ERRQUEUE | MSG_DONTWAIT),
			 8 + 4);
	assert_true(m.msg_flags & MSG_ERRQUEUE);
	memcpy(&sin, &name, sizeof(sin));
	assert_int_equal(sin.sin_addr.s_addr, PEER_IP);
	assert_int_equal(ntohs(sin.sin_port), 9);
	memcpy(&cm, control, sizeof(cm));
	assert_int_equal(cm.cmsg_level, SOL_IP);
	assert_int_equal(cm.cmsg_type, IP_RECVERR);
	memcpy(&ee, control + sizeof(cm), sizeof(ee));
	assert_int_equal(ee.ee_errno, ECONNREFUSED);
	assert_int_equal(ee.ee_origin, SO_EE_ORIGIN_ICMP);
	assert_int_equal(ee.ee_code, ICMP_PORT_UNREACH);
	assert_int_equal(kernel_recvmsg(s, &m, buf, sizeof(buf), MSG_ERRQUEUE), -EAGAIN);
	sock_release(s);
	cap_destroy(&c);
}

static void broadcast_needs_permission(void **state)
{
	struct socket *s;
	struct cap c;
	const u8 *f;
	u32 len;

	cap_make(&c, 0, 0);
	s = bound(&c, 0, 7000);
	assert_int_equal(send_to(s, ip4(10, 0, 0, 255), 9, "x", 1), -EACCES);
	assert_int_equal(opt(s, SOL_SOCKET, SO_BROADCAST, 1), 0);
	assert_int_equal(send_to(s, ip4(10, 0, 0, 255), 9, "x", 1), 1);
	f = cap_next(&c, &len);
	assert_non_null(f);
	assert_memory_equal(f, bcast_mac, 6);
	sock_release(s);
	cap_destroy(&c);
}

/* A DHCP client's life: no address, one device, to everybody. */
static void without_an_address_by_device(void **state)
{
	const struct iphdr *ih;
	struct socket *s;
	struct cap c;
	const u8 *p;
	char buf[64];
	u32 len;

	cap_make(&c, 0, CAP_NO_ADDR);
	s = bound(&c, 0, 68);
	opt(s, SOL_SOCKET, SO_BROADCAST, 1);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "eth0", 5), 0);
	cap_forget(&c);
	assert_int_equal(send_to(s, ip4(255, 255, 255, 255), 67, "discover", 8), 8);
	ih = cap_next_ip(&c, IPPROTO_UDP, &p, &len);
	assert_non_null(ih);
	assert_int_equal(ih->saddr, 0);
	assert_int_equal(ih->daddr, ip4(255, 255, 255, 255));
	datagram_in(&c, (struct iphdr){.daddr = ip4(255, 255, 255, 255)}, 67, 68, "offer");
	while ((len = (u32)recv_from(s, buf, sizeof(buf), 0, NULL)) == 8)
		; /* our own broadcast comes back, too */
	assert_int_equal(len, 5);
	sock_release(s);
	cap_destroy(&c);
}

static void long_messages_are_cut_and_bounded(void **state)
{
	static u8 big[70000], back[70000];
	u32 got = 0, len;
	const struct iphdr *ih;
	struct socket *s;
	const u8 *p;
	struct cap c;
	u32 i;

	cap_make(&c, NETIF_F_SG | NETIF_F_HW_CSUM, 0);
	s = bound(&c, 0, 7000);
	for (i = 0; i < sizeof(big); i++)
		big[i] = (u8)(i * 31 >> 3);
	opt(s, SOL_SOCKET, SO_SNDBUF, 200000);
	assert_int_equal(send_to(s, PEER_IP, 9, big, 65508), -EMSGSIZE);
	assert_int_equal(send_to(s, PEER_IP, 9, big, 65507), 65507);
	while ((ih = cap_next_ip(&c, IPPROTO_UDP, &p, &len)) != NULL) {
		u32 off = (be16_to_cpu(ih->frag_off) & IP_OFFSET) * 8u;

		memcpy(back + off, p, len);
		got += len;
	}
	assert_int_equal(got, 65515);
	assert_memory_equal(back + 8, big, 65507);
	assert_true(
		csum_ok(back, 65515, csum_tcpudp_nofold(HOST_IP, PEER_IP, 65515, IPPROTO_UDP, 0)));
	/* Never cut: the path's MTU is the limit. */
	opt(s, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
	assert_int_equal(send_to(s, PEER_IP, 9, big, 1473), -EMSGSIZE);
	assert_int_equal(send_to(s, PEER_IP, 9, big, 1472), 1472);
	sock_release(s);
	cap_destroy(&c);
}

static void corked_pieces_are_one_datagram(void **state)
{
	struct msghdr m = {.msg_flags = MSG_MORE | MSG_DONTWAIT};
	struct socket *s;
	const u8 *p;
	struct cap c;
	u32 len;

	cap_make(&c, 0, 0);
	s = bound(&c, 0, 7000);
	connect_to(s, PEER_IP, 9);
	assert_int_equal(kernel_sendmsg(s, &m, "one ", 4), 4);
	assert_null(cap_next_ip(&c, IPPROTO_UDP, &p, &len));
	m.msg_flags = MSG_DONTWAIT;
	assert_int_equal(kernel_sendmsg(s, &m, "two", 3), 3);
	assert_non_null(cap_next_ip(&c, IPPROTO_UDP, &p, &len));
	assert_int_equal(len, 8 + 7);
	assert_memory_equal(p + 8, "one two", 7);
	sock_release(s);
	cap_destroy(&c);
}

static void the_receive_buffer_is_a_limit(void **state)
{
	struct socket *s;
	struct cap c;
	char buf[64];
	int i, n = 0;

	cap_make(&c, 0, 0);
	s = bound(&c, 0, 7000);
	opt(s, SOL_SOCKET, SO_RCVBUF, 4096);
	for (i = 0; i < 100; i++)
		datagram_in(&c, (struct iphdr){0}, 1, 7000, "fill");
	while (recv_from(s, buf, sizeof(buf), 0, NULL) > 0)
		n++;
	assert_true(n > 2 && n < 50);
	assert_int_equal(c.net->mib.udp_statistics[UDP_MIB_RCVBUFERRORS], 100 - n);
	assert_int_equal(atomic_read(&s->sk->sk_drops), 100 - n);
	sock_release(s);
	cap_destroy(&c);
}

static void addresses_and_ttl_by_control_messages(void **state)
{
	u8 control[256];
	struct msghdr m = {.msg_control = control, .msg_controllen = sizeof(control)};
	struct in_pktinfo info;
	struct cmsghdr cm;
	struct socket *s;
	struct cap c;
	char buf[64];
	int ttl;

	cap_make(&c, 0, 0);
	s = bound(&c, 0, 7000);
	opt(s, SOL_IP, IP_PKTINFO, 1);
	opt(s, SOL_IP, IP_RECVTTL, 1);
	datagram_in(&c, (struct iphdr){.ttl = 33}, 1, 7000, "x");
	assert_int_equal(kernel_recvmsg(s, &m, buf, sizeof(buf), MSG_DONTWAIT), 1);
	memcpy(&cm, control, sizeof(cm));
	assert_int_equal(cm.cmsg_type, IP_PKTINFO);
	memcpy(&info, control + sizeof(cm), sizeof(info));
	assert_int_equal(info.ipi_ifindex, c.dev->ifindex);
	assert_int_equal(info.ipi_addr.s_addr, HOST_IP);
	memcpy(&cm, control + CMSG_SPACE(sizeof(info)), sizeof(cm));
	assert_int_equal(cm.cmsg_type, IP_TTL);
	memcpy(&ttl, control + CMSG_SPACE(sizeof(info)) + sizeof(cm), sizeof(ttl));
	assert_int_equal(ttl, 33);
	sock_release(s);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(sent_with_right_headers, net_up, net_down),
		TEST_UP_DOWN(received_by_the_best_match, net_up, net_down),
		TEST_UP_DOWN(malformed_datagrams_are_counted, net_up, net_down),
		TEST_UP_DOWN(peek_and_truncation, net_up, net_down),
		TEST_UP_DOWN(errors_reach_connected_socks, net_up, net_down),
		TEST_UP_DOWN(the_error_queue_says_what_and_where, net_up, net_down),
		TEST_UP_DOWN(broadcast_needs_permission, net_up, net_down),
		TEST_UP_DOWN(without_an_address_by_device, net_up, net_down),
		TEST_UP_DOWN(long_messages_are_cut_and_bounded, net_up, net_down),
		TEST_UP_DOWN(corked_pieces_are_one_datagram, net_up, net_down),
		TEST_UP_DOWN(the_receive_buffer_is_a_limit, net_up, net_down),
		TEST_UP_DOWN(addresses_and_ttl_by_control_messages, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
