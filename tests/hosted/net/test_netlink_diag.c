// SPDX-License-Identifier: BSD-2-Clause
/* sock_diag: what is listed of each family, single lookups, filters, what is refused. */
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/unix_diag.h>
#include <net/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <tests/hosted/net/netlink_test.h>

#define ALL_STATES 0xfff

/* A host with a listener, a connection to it and more; d asks. */
struct host {
	struct net_pair p;
	struct socket *d, *listener, *client, *server;
};

static struct socket *tcp_bound(struct net *net, u16 port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct socket *s = test_socket(net, AF_INET, SOCK_STREAM, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&sin, sizeof(sin)), 0);
	return s;
}

static void host_make(struct host *h)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(7001)};

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	pair_make(&h->p);
	h->d = test_socket(h->p.a, AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG);
	h->listener = tcp_bound(h->p.a, 7001);
	assert_int_equal(kernel_listen(h->listener, 9), 0);
	h->client = tcp_bound(h->p.a, 7002);
	assert_int_equal(kernel_connect(h->client, (struct sockaddr *)&sin, sizeof(sin), 0), 0);
	assert_int_equal(kernel_accept(h->listener, &h->server, 0), 0);
	assert_int_equal(kernel_sendmsg(h->client, &(struct msghdr){0}, "hello", 5), 5);
	hosted_advance(10);
}

static void host_destroy(struct host *h)
{
	sock_release(h->d);
	sock_release(h->client);
	sock_release(h->server);
	sock_release(h->listener);
	pair_destroy(&h->p);
}

static void inet_req(struct nl_req *r, u8 protocol, u32 states, u8 ext)
{
	struct inet_diag_req_v2 q = {.sdiag_family = AF_INET, .sdiag_protocol = protocol,
				     .idiag_states = states, .idiag_ext = ext};

	nl_req_init(r, SOCK_DIAG_BY_FAMILY, 0, &q, sizeof(q));
}

static u8 ext(int attr)
{
	return (u8)(1 << (attr - 1));
}

static void tcp_socks(void **state)
{
	struct rtattr *a;
	struct nl_dump d;
	struct nl_req r;
	struct host h;
	int listen = 0, client = 0, server = 0;

	host_make(&h);
	inet_req(&r, IPPROTO_TCP, ALL_STATES,
		 (u8)(ext(INET_DIAG_INFO) | ext(INET_DIAG_CONG) | ext(INET_DIAG_SKMEMINFO) |
		      ext(INET_DIAG_MEMINFO)));
	nl_dump(h.d, &r, &d);
	assert_int_equal(d.error, 0);
	assert_int_equal(d.count, 3);
	nl_for_each(&d, n)
	{
		struct inet_diag_msg *m = NLMSG_DATA(n);

		assert_int_equal(m->idiag_family, AF_INET);
		assert_non_null(nl_find(n, sizeof(*m), INET_DIAG_SKMEMINFO));
		assert_non_null(nl_find(n, sizeof(*m), INET_DIAG_MEMINFO));
		assert_string_equal(RTA_DATA(nl_find(n, sizeof(*m), INET_DIAG_CONG)), "cubic");
		a = nl_find(n, sizeof(*m), INET_DIAG_INFO);
		assert_int_equal(a->rta_len, 4 + sizeof(struct tcp_info));
		assert_int_equal(*(u8 *)RTA_DATA(a), m->idiag_state); /* tcpi_state */
		if (m->idiag_state == TCP_LISTEN) {
			listen += m->idiag_wqueue == 9 && m->id.idiag_sport == htons(7001);
			continue;
		}
		assert_int_equal(m->idiag_state, TCP_ESTABLISHED);
		client += m->id.idiag_sport == htons(7002) && m->id.idiag_dport == htons(7001);
		server += m->id.idiag_sport == htons(7001) && m->idiag_rqueue == 5;
	}
	assert_int_equal(listen, 1);
	assert_int_equal(client, 1);
	assert_int_equal(server, 1);
	nl_dump_free(&d);
	inet_req(&r, IPPROTO_TCP, 1 << TCP_LISTEN, 0);
	nl_dump(h.d, &r, &d);
	assert_int_equal(d.count, 1);
	nl_dump_free(&d);
	/* Of the other host nothing is seen. */
	sock_release(h.d);
	h.d = test_socket(h.p.b, AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG);
	nl_dump(h.d, &r, &d);
	assert_int_equal(d.count, 0);
	host_destroy(&h);
}

static void one_sock_and_its_end(void **state)
{
	struct inet_diag_req_v2 *q;
	struct inet_diag_msg *m;
	struct host h;
	struct nl_req r;
	u32 cookie[2];
	u8 buf[2048] __aligned(4);

	host_make(&h);
	inet_req(&r, IPPROTO_TCP, ALL_STATES, 0);
	q = (void *)r.body;
	q->id.idiag_sport = htons(7002);
	q->id.idiag_dport = htons(7001);
	q->id.idiag_src[0] = q->id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
	q->id.idiag_cookie[0] = q->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	assert_true(nl_send(h.d, &r, r.h.nlmsg_len) > 0);
	assert_true(nl_recv(h.d, buf, sizeof(buf)) > 0);
	assert_int_equal(((struct nlmsghdr *)buf)->nlmsg_type, SOCK_DIAG_BY_FAMILY);
	m = NLMSG_DATA(buf);
	assert_int_equal(m->id.idiag_sport, htons(7002));
	memcpy(cookie, m->id.idiag_cookie, sizeof(cookie));
	memcpy(q->id.idiag_cookie, cookie, sizeof(cookie));
	q->id.idiag_cookie[0] ^= 1;
	assert_int_equal(nl_talk(h.d, &r), -ESTALE);
	r.h.nlmsg_type = SOCK_DESTROY;
	assert_int_equal(nl_talk(h.d, &r), -ESTALE);
	memcpy(q->id.idiag_cookie, cookie, sizeof(cookie));
	assert_int_equal(nl_talk(h.d, &r), 0);
	assert_int_equal(kernel_recvmsg(h.client, &(struct msghdr){0}, buf, 1, MSG_DONTWAIT),
			 -ECONNABORTED);
	assert_int_equal(nl_talk(h.d, &r), -ENOENT);
	host_destroy(&h);
}

static int count_with(struct host *h, const void *bc, size_t len, int *error)
{
	struct nl_req r;
	struct nl_dump d;

	inet_req(&r, IPPROTO_TCP, ALL_STATES, 0);
	nl_attr(&r, INET_DIAG_REQ_BYTECODE, bc, len);
	nl_dump(h->d, &r, &d);
	nl_dump_free(&d);
	if (error)
		*error = d.error;
	return d.count;
}

static void filters(void **state)
{
	/* sport = 7002; sport >= 7002; dst 127.0.0.1:7001 */
	struct inet_diag_bc_op eq[] = {{INET_DIAG_BC_S_EQ, 8, 12}, {0, 0, 7002}};
	struct inet_diag_bc_op ge[] = {{INET_DIAG_BC_S_GE, 8, 12}, {0, 0, 7002}};
	struct {
		struct inet_diag_bc_op op;
		struct inet_diag_hostcond cond;
		u32 addr;
	} dst = {{INET_DIAG_BC_D_COND, 16, 20}, {AF_INET, 8, 7001}, htonl(0x7f000001)};
	/* Programs that lie about their length, jump back, between steps, or beyond the end. */
	static const struct inet_diag_bc_op bad[][2] = {
		{{INET_DIAG_BC_S_EQ, 4, 12}, {0, 0, 0}},  {{INET_DIAG_BC_S_EQ, 8, 16}, {0, 0, 0}},
		{{INET_DIAG_BC_S_EQ, 12, 12}, {0, 0, 0}}, {{INET_DIAG_BC_S_EQ, 8, 4}, {0, 0, 0}},
		{{INET_DIAG_BC_S_EQ, 7, 12}, {0, 0, 0}},  {{INET_DIAG_BC_S_EQ, 8, 11}, {0, 0, 0}},
		{{99, 8, 12}, {0, 0, 0}},		  {{INET_DIAG_BC_JMP, 4, 0}, {0, 4, 4}},
		{{INET_DIAG_BC_S_COND, 8, 12}, {AF_INET, 32, 0}},
		{{INET_DIAG_BC_MARK_COND, 8, 12}, {0, 0, 0}},
		{{INET_DIAG_BC_CGROUP_COND, 8, 12}, {0, 0, 0}},
	};
	struct host h;
	size_t i;
	int err;

	host_make(&h);
	assert_int_equal(count_with(&h, eq, sizeof(eq), NULL), 1);
	assert_int_equal(count_with(&h, ge, sizeof(ge), NULL), 1);
	eq[1].no = 7001;
	assert_int_equal(count_with(&h, eq, sizeof(eq), NULL), 2);
	assert_int_equal(count_with(&h, &dst, sizeof(dst), NULL), 1);
	dst.addr = htonl(0x0a000001);
	assert_int_equal(count_with(&h, &dst, sizeof(dst), NULL), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(count_with(&h, bad[i], sizeof(bad[i]), &err), 0);
		assert_int_equal(err, -EINVAL);
	}
	assert_int_equal(count_with(&h, eq, 3, &err), 0);
	assert_int_equal(err, -EINVAL);
	host_destroy(&h);
}

static void datagram_socks(void **state)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(7005)};
	struct socket *udp, *raw;
	struct nl_dump d;
	struct nl_req r;
	struct host h;

	host_make(&h);
	udp = test_socket(h.p.a, AF_INET, SOCK_DGRAM, 0);
	raw = test_socket(h.p.a, AF_INET, SOCK_RAW, 253);
	assert_int_equal(kernel_bind(udp, (struct sockaddr *)&sin, sizeof(sin)), 0);
	inet_req(&r, IPPROTO_UDP, ALL_STATES, 0);
	nl_dump(h.d, &r, &d);
	assert_int_equal(d.count, 1);
	nl_for_each(&d, n)
		assert_int_equal(((struct inet_diag_msg *)NLMSG_DATA(n))->id.idiag_sport,
				 htons(7005));
	nl_dump_free(&d);
	inet_req(&r, IPPROTO_RAW, ALL_STATES, 0);
	nl_dump(h.d, &r, &d);
	assert_int_equal(d.count, 1);
	nl_for_each(&d, n)
	{
		struct rtattr *a = nl_find(n, sizeof(struct inet_diag_msg), INET_DIAG_PROTOCOL);

		assert_non_null(a);
		assert_int_equal(*(u8 *)RTA_DATA(a), 253);
	}
	nl_dump_free(&d);
	inet_req(&r, IPPROTO_SCTP, ALL_STATES, 0);
	nl_dump(h.d, &r, &d);
	assert_int_equal(d.error, -ENOENT);
	sock_release(udp);
	sock_release(raw);
	host_destroy(&h);
}

static void other_families(void **state)
{
	struct unix_diag_req uq = {.sdiag_family = AF_UNIX, .udiag_states = ~0u,
				   .udiag_show = 0x7f};
	struct packet_diag_req pq = {.sdiag_family = AF_PACKET, .pdiag_show = 0x3f};
	struct netlink_diag_req nq = {.sdiag_family = AF_NETLINK, .sdiag_protocol = NDIAG_PROTO_ALL,
				      .ndiag_show = 0xb};
	struct sockaddr_un sun = {.sun_family = AF_UNIX, .sun_path = "\0name"};
	struct socket *u, *k;
	struct nl_dump d;
	struct nl_req r;
	struct host h;
	u8 family[2] = {AF_VSOCK, 0};

	host_make(&h);
	u = test_socket(h.p.a, AF_UNIX, SOCK_STREAM, 0);
	k = test_socket(h.p.a, AF_PACKET, SOCK_RAW, htons(0x88b6));
	assert_int_equal(kernel_bind(u, (struct sockaddr *)&sun, 2 + 5), 0);
	assert_int_equal(kernel_listen(u, 3), 0);
	nl_req_init(&r, SOCK_DIAG_BY_FAMILY, 0, &uq, sizeof(uq));
	nl_dump(h.d, &r, &d);
	assert_int_equal(d.count, 1);
	nl_for_each(&d, n)
	{
		struct rtattr *a = nl_find(n, sizeof(struct unix_diag_msg), UNIX_DIAG_NAME);

		assert_int_equal(((struct unix_diag_msg *)NLMSG_DATA(n))->udiag_state, TCP_LISTEN);
		assert_int_equal(a->rta_len, 4 + 5);
		assert_memory_equal(RTA_DATA(a), "\0name", 5);
		a = nl_find(n, sizeof(struct unix_diag_msg), UNIX_DIAG_RQLEN);
		assert_int_equal(((struct unix_diag_rqlen *)RTA_DATA(a))->udiag_wqueue, 3);
	}
	nl_dump_free(&d);
	nl_req_init(&r, SOCK_DIAG_BY_FAMILY, 0, &pq, sizeof(pq));
	nl_dump(h.d, &r, &d);
	assert_int_equal(d.count, 1);
	nl_for_each(&d, n)
		assert_int_equal(((struct packet_diag_msg *)NLMSG_DATA(n))->pdiag_num, 0x88b6);
	nl_dump_free(&d);
	nl_req_init(&r, SOCK_DIAG_BY_FAMILY, 0, &nq, sizeof(nq));
	nl_dump(h.d, &r, &d);
	assert_int_equal(d.count, 6); /* the kernel's five and ours */
	nl_dump_free(&d);
	nl_req_init(&r, SOCK_DIAG_BY_FAMILY, 0, family, 2);
	assert_int_equal(nl_talk(h.d, &r), -ENOENT);
	family[0] = 255;
	nl_req_init(&r, SOCK_DIAG_BY_FAMILY, 0, family, 2);
	assert_int_equal(nl_talk(h.d, &r), -EINVAL);
	family[0] = AF_UNIX;
	nl_req_init(&r, SOCK_DESTROY, 0, family, 2);
	assert_int_equal(nl_talk(h.d, &r), -EOPNOTSUPP);
	nl_req_init(&r, SOCK_DIAG_BY_FAMILY, 0, family, 2);
	assert_int_equal(nl_talk(h.d, &r), -EINVAL); /* too short */
	nl_req_init(&r, 99, 0, family, 2);
	assert_int_equal(nl_talk(h.d, &r), -EINVAL);
	sock_release(u);
	sock_release(k);
	host_destroy(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(tcp_socks, net_up, net_down),
		TEST_UP_DOWN(one_sock_and_its_end, net_up, net_down),
		TEST_UP_DOWN(filters, net_up, net_down),
		TEST_UP_DOWN(datagram_socks, net_up, net_down),
		TEST_UP_DOWN(other_families, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
