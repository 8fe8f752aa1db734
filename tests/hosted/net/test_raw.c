// SPDX-License-Identifier: BSD-2-Clause
/* Raw sockets, ICMP datagram sockets, and the options of level IPPROTO_IP. */
#include <errno.h>
#include <net/checksum.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

static struct sockaddr_in peer(void)
{
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = PEER_IP};
}

static int send_it(struct socket *s, const void *data, size_t len)
{
	struct sockaddr_in sin = peer();
	struct msghdr m = {.msg_name = &sin, .msg_namelen = sizeof(sin), .msg_flags = MSG_DONTWAIT};

	return kernel_sendmsg(s, &m, data, len);
}

static int take(struct socket *s, void *buf, size_t len)
{
	struct msghdr m = {0};

	return kernel_recvmsg(s, &m, buf, len, MSG_DONTWAIT);
}

static void raw_sees_packets_with_their_header(void **state)
{
	struct icmp_filter no_echo = {1u << ICMP_ECHO};
	struct socket *s, *other;
	u8 buf[256], req[64];
	u32 n = echo_build(req, ICMP_ECHO, 1, 1, 8);
	struct cap c;

	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_INET, SOCK_RAW, IPPROTO_ICMP);
	other = test_socket(c.net, AF_INET, SOCK_RAW, 200);
	cap_inject_ip(&c, (struct iphdr){.protocol = IPPROTO_ICMP}, req, n);
	assert_int_equal(take(s, buf, sizeof(buf)), 20 + (int)n);
	assert_int_equal(buf[0], 0x45);
	assert_memory_equal(buf + 20, req, n);
	assert_int_equal(take(other, buf, sizeof(buf)), -EAGAIN);
	assert_int_equal(kernel_setsockopt(s, SOL_RAW, ICMP_FILTER, &no_echo, sizeof(no_echo)), 0);
	cap_inject_ip(&c, (struct iphdr){.protocol = IPPROTO_ICMP}, req, n);
	assert_int_equal(take(s, buf, sizeof(buf)), -EAGAIN);
	/* A raw sock takes what no protocol of ours does, so nobody complains. */
	cap_forget(&c);
	cap_inject_ip(&c, (struct iphdr){.protocol = 200}, "12345678", 8);
	assert_int_equal(take(other, buf, sizeof(buf)), 28);
	assert_int_equal(c.n, 0);
	sock_release(s);
	sock_release(other);
	cap_destroy(&c);
}

static void raw_sends_with_and_without_header(void **state)
{
	struct iphdr ih = {.version = 4, .ihl = 5, .ttl = 9, .protocol = 201, .daddr = PEER_IP};
	const struct iphdr *out;
	struct socket *s, *h;
	const u8 *p;
	u8 pkt[28];
	struct cap c;
	u32 len;

	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_INET, SOCK_RAW, 200);
	assert_int_equal(send_it(s, "payload", 7), 7);
	out = cap_next_ip(&c, 200, &p, &len);
	assert_non_null(out);
	assert_int_equal(out->saddr, HOST_IP);
	assert_int_equal(len, 7);
	h = test_socket(c.net, AF_INET, SOCK_RAW, IPPROTO_RAW);
	memcpy(pkt, &ih, 20);
	memcpy(pkt + 20, "12345678", 8);
	assert_int_equal(send_it(h, pkt, sizeof(pkt)), sizeof(pkt));
	out = cap_next_ip(&c, 201, &p, &len);
	assert_non_null(out);
	assert_int_equal(out->ttl, 9);
	assert_int_equal(out->saddr, HOST_IP); /* filled in */
	assert_int_equal(len, 8);
	assert_int_equal(send_it(h, pkt, 10), -EINVAL); /* no whole header */
	pkt[0] = 0x44;
	assert_int_equal(send_it(h, pkt, sizeof(pkt)), -EINVAL);
	sock_release(s);
	sock_release(h);
	cap_destroy(&c);
}

static void ping_sockets_get_their_replies(void **state)
{
	struct sockaddr_in me = {.sin_family = AF_INET, .sin_port = htons(77)};
	struct socket *s;
	u8 req[64], buf[64];
	u32 n = echo_build(req, ICMP_ECHO, 0, 3, 8), len;
	const u8 *p;
	struct cap c;

	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&me, sizeof(me)), 0);
	assert_int_equal(send_it(s, req, n), (int)n);
	assert_non_null(cap_next_ip(&c, IPPROTO_ICMP, &p, &len));
	assert_int_equal(get_be16(p + 4), 77); /* the identifier is the port */
	assert_true(csum_ok(p, len, 0));
	n = echo_build(req, ICMP_ECHOREPLY, 77, 3, 8);
	cap_inject_ip(&c, (struct iphdr){.protocol = IPPROTO_ICMP}, req, n);
	assert_int_equal(take(s, buf, sizeof(buf)), (int)n);
	n = echo_build(req, ICMP_ECHOREPLY, 78, 3, 8); /* somebody else's */
	cap_inject_ip(&c, (struct iphdr){.protocol = IPPROTO_ICMP}, req, n);
	assert_int_equal(take(s, buf, sizeof(buf)), -EAGAIN);
	n = echo_build(req, ICMP_TIMESTAMP, 0, 3, 12);
	assert_int_equal(send_it(s, req, n), -EINVAL); /* echo requests only */
	assert_int_equal(send_it(s, req, 4), -EINVAL);
	sock_release(s);
	cap_destroy(&c);
}

/* Set, then read back; the errno of the set or what was read. */
static int set_get(struct socket *s, int name, int val)
{
	int len = sizeof(int), err;

	err = s->ops->setsockopt(s, SOL_IP, name, &val, sizeof(val));
	if (err)
		return err;
	val = -1;
	err = s->ops->getsockopt(s, SOL_IP, name, &val, &len);
	assert_int_equal(len, sizeof(int));
	return err ? err : val;
}

static void ip_options_of_sockets(void **state)
{
	static const struct {
		int name, good, bad;
	} t[] = {
		{IP_TTL, 200, 256},	      {IP_TTL, 1, 0},
		{IP_MTU_DISCOVER, 2, 6},      {IP_MINTTL, 255, 256},
		{IP_MULTICAST_TTL, 200, 256}, {IP_MULTICAST_ALL, 0, 2},
		{IP_RECVERR_RFC4884, 1, 2},   {IP_MTU_DISCOVER, 0, -1},
	};
	static const int flags[] = {IP_RECVERR,
				    IP_PKTINFO,
				    IP_RECVTTL,
				    IP_RECVTOS,
				    IP_RECVOPTS,
				    IP_RETOPTS,
				    IP_RECVORIGDSTADDR,
				    IP_FREEBIND,
				    IP_TRANSPARENT,
				    IP_MULTICAST_LOOP,
				    IP_BIND_ADDRESS_NO_PORT};
	u8 byte = 0, opts[MAX_IPOPTLEN + 1] = {IPOPT_NOOP, IPOPT_RR, 7, 4};
	struct socket *s;
	struct cap c;
	int len, val;
	size_t i;

	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_INET, SOCK_DGRAM, 0);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		assert_int_equal(set_get(s, t[i].name, t[i].good), t[i].good);
		assert_int_equal(set_get(s, t[i].name, t[i].bad), -EINVAL);
	}
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		assert_int_equal(set_get(s, flags[i], 7), 1);
		assert_int_equal(set_get(s, flags[i], 0), 0);
	}
	assert_int_equal(set_get(s, IP_HDRINCL, 1), -ENOPROTOOPT); /* raw only */
	assert_int_equal(set_get(s, 12345, 1), -ENOPROTOOPT);
	assert_int_equal(kernel_setsockopt(s, SOL_IP, IP_TTL, &(u8){33}, 1), 0); /* one byte */
	len = 1;
	assert_int_equal(s->ops->getsockopt(s, SOL_IP, IP_TTL, &byte, &len), 0);
	assert_int_equal(byte, 33);
	len = sizeof(val);
	assert_int_equal(s->ops->getsockopt(s, SOL_IP, IP_MTU, &val, &len), -ENOTCONN);
	/* IP_OPTIONS */
	assert_int_equal(kernel_setsockopt(s, SOL_IP, IP_OPTIONS, opts, 8), 0);
	len = sizeof(opts);
	assert_int_equal(s->ops->getsockopt(s, SOL_IP, IP_OPTIONS, opts, &len), 0);
	assert_int_equal(len, 8);
	assert_int_equal(kernel_setsockopt(s, SOL_IP, IP_OPTIONS, opts, 41), -EINVAL);
	opts[2] = 2;
	assert_int_equal(kernel_setsockopt(s, SOL_IP, IP_OPTIONS, opts, 8), -EINVAL);
	assert_int_equal(kernel_setsockopt(s, SOL_IP, IP_OPTIONS, opts, 0), 0);
	sock_release(s);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(raw_sees_packets_with_their_header, net_up, net_down),
		TEST_UP_DOWN(raw_sends_with_and_without_header, net_up, net_down),
		TEST_UP_DOWN(ping_sockets_get_their_replies, net_up, net_down),
		TEST_UP_DOWN(ip_options_of_sockets, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
