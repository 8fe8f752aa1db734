// SPDX-License-Identifier: BSD-2-Clause
/* AF_NETLINK itself: ports, groups, options, acknowledgements, lost news, dumps in pieces. */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/genetlink.h>
#include <net/netlink.h>
#include <sys/epoll.h>
#include <tests/hosted/net/netlink_test.h>

static struct socket *nl_socket(struct net *net, int protocol)
{
	return test_socket(net, AF_NETLINK, SOCK_RAW, protocol);
}

static int set_opt(struct socket *s, int name, int val)
{
	return kernel_setsockopt(s, SOL_NETLINK, name, &val, sizeof(val));
}

static u32 port_of(struct socket *s)
{
	struct sockaddr_nl nl;

	assert_int_equal(s->ops->getname(s, (struct sockaddr *)&nl, 0), sizeof(nl));
	assert_int_equal(nl.nl_family, AF_NETLINK);
	return nl.nl_pid;
}

static int bind_to(struct socket *s, u32 pid, u32 groups)
{
	struct sockaddr_nl nl = {.nl_family = AF_NETLINK, .nl_pid = pid, .nl_groups = groups};

	return kernel_bind(s, (struct sockaddr *)&nl, sizeof(nl));
}

static void kinds_that_are_there(void **state)
{
	static const struct {
		int type, protocol, err;
	} rows[] = {
		{SOCK_RAW, NETLINK_ROUTE, 0},	    {SOCK_DGRAM, NETLINK_SOCK_DIAG, 0},
		{SOCK_RAW, NETLINK_GENERIC, 0},	    {SOCK_RAW, NETLINK_KOBJECT_UEVENT, 0},
		{SOCK_RAW, NETLINK_USERSOCK, 0},    {SOCK_RAW, NETLINK_AUDIT, -EPROTONOSUPPORT},
		{SOCK_RAW, NETLINK_NETFILTER, -EPROTONOSUPPORT},
		{SOCK_RAW, NETLINK_XFRM, -EPROTONOSUPPORT},
		{SOCK_RAW, -1, -EPROTONOSUPPORT},   {SOCK_RAW, MAX_LINKS, -EPROTONOSUPPORT},
		{SOCK_STREAM, NETLINK_ROUTE, -ESOCKTNOSUPPORT},
		{SOCK_SEQPACKET, NETLINK_ROUTE, -ESOCKTNOSUPPORT},
	};
	struct socket *s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(sock_create_kern(&init_net, AF_NETLINK, rows[i].type,
						  rows[i].protocol, &s),
				 rows[i].err);
		if (!rows[i].err)
			sock_release(s);
	}
}

static void ports_are_given_and_taken(void **state)
{
	struct socket *a = nl_socket(&init_net, NETLINK_ROUTE);
	struct socket *b = nl_socket(&init_net, NETLINK_ROUTE);
	struct socket *c = nl_socket(&init_net, NETLINK_ROUTE);
	struct sockaddr_nl nl = {.nl_family = AF_INET};

	assert_int_equal(port_of(a), 0);
	assert_int_equal(bind_to(a, 0, 0), 0);
	assert_true(port_of(a) > 0 && (int)port_of(a) > 0);
	assert_int_equal(bind_to(a, 0, 0), -EINVAL); /* it has another one */
	assert_int_equal(bind_to(a, port_of(a), 0), 0);
	assert_int_equal(bind_to(b, 0, 0), 0);
	assert_true((int)port_of(b) < -4096);
	assert_int_equal(bind_to(c, port_of(b), 0), -EADDRINUSE);
	assert_int_equal(bind_to(c, 4711, 0), 0);
	assert_int_equal(kernel_bind(c, (struct sockaddr *)&nl, sizeof(nl)), -EINVAL);
	nl.nl_family = AF_NETLINK;
	assert_int_equal(kernel_bind(c, (struct sockaddr *)&nl, sizeof(nl) - 1), -EINVAL);
	assert_int_equal(kernel_connect(c, (struct sockaddr *)&nl, 1, 0), -EINVAL);
	assert_int_equal(kernel_connect(c, (struct sockaddr *)&nl, sizeof(nl), 0), 0);
	sock_release(a);
	sock_release(b);
	/* A port of another protocol or namespace is another port. */
	b = nl_socket(&init_net, NETLINK_GENERIC);
	assert_int_equal(bind_to(b, 4711, 0), 0);
	sock_release(b);
	sock_release(c);
}

static void programs_talk_to_each_other(void **state)
{
	struct socket *a = nl_socket(&init_net, NETLINK_USERSOCK);
	struct socket *b = nl_socket(&init_net, NETLINK_USERSOCK);
	struct sockaddr_nl to = {.nl_family = AF_NETLINK, .nl_pid = 20}, from;
	struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof(to)};
	char buf[16];
	int i, n, rcvbuf = 1;

	assert_int_equal(bind_to(a, 10, 0), 0);
	assert_int_equal(bind_to(b, 20, 2), 0);
	assert_int_equal(kernel_sendmsg(a, &m, "hello", 5), 5);
	m = (struct msghdr){.msg_name = &from};
	assert_int_equal(kernel_recvmsg(b, &m, buf, 3, MSG_PEEK | MSG_TRUNC), 5);
	assert_true(m.msg_flags & MSG_TRUNC);
	m = (struct msghdr){.msg_name = &from};
	assert_int_equal(kernel_recvmsg(b, &m, buf, sizeof(buf), 0), 5);
	assert_memory_equal(buf, "hello", 5);
	assert_int_equal(from.nl_pid, 10);
	/* To a group and to nobody besides: the kernel's sock refuses. */
	to = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_groups = 2};
	m = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof(to)};
	assert_int_equal(kernel_sendmsg(a, &m, "news", 4), -ECONNREFUSED);
	m = (struct msghdr){.msg_name = &from};
	assert_int_equal(kernel_recvmsg(b, &m, buf, sizeof(buf), MSG_DONTWAIT), 4);
	assert_int_equal(from.nl_groups, 2);
	/* Room is SO_RCVBUF; then who does not wait hears -EAGAIN. */
	to = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = 20};
	assert_int_equal(kernel_setsockopt(b, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf)), 0);
	for (i = 0; i < 100; i++) {
		m = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof(to),
				    .msg_flags = MSG_DONTWAIT};
		n = kernel_sendmsg(a, &m, "hello", 5);
		if (n < 0)
			break;
	}
	assert_int_equal(n, -EAGAIN);
	assert_true(i > 0 && i < 20);
	to.nl_pid = 30;
	assert_int_equal(kernel_sendmsg(a, &m, "hello", 5), -ECONNREFUSED);
	sock_release(a);
	sock_release(b);
}

static void sends_that_are_refused(void **state)
{
	struct socket *s = nl_socket(&init_net, NETLINK_ROUTE);
	struct sockaddr_nl to = {.nl_family = AF_INET};
	struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof(to)};
	static u8 big[1 << 20];
	u8 junk[64] = {0};

	assert_int_equal(kernel_sendmsg(s, &m, junk, 20), -EINVAL);
	to.nl_family = AF_NETLINK;
	m.msg_namelen = sizeof(to) - 1;
	assert_int_equal(kernel_sendmsg(s, &m, junk, 20), -EINVAL);
	m = (struct msghdr){.msg_flags = MSG_OOB};
	assert_int_equal(kernel_sendmsg(s, &m, junk, 20), -EOPNOTSUPP);
	assert_int_equal(nl_send(s, junk, 0), -ENODATA);
	assert_int_equal(nl_send(s, big, sizeof(big)), -EMSGSIZE);
	/* Shorter than a header, or with a length that lies: nobody answers. */
	assert_int_equal(nl_send(s, junk, 8), 8);
	assert_int_equal(nl_send(s, junk, 64), 64);
	*(u32 *)junk = 65;
	assert_int_equal(nl_send(s, junk, 64), 64);
	assert_int_equal(nl_recv(s, junk, sizeof(junk)), -EAGAIN);
	assert_int_equal(kernel_recvmsg(s, &(struct msghdr){0}, junk, 4, MSG_OOB), -EOPNOTSUPP);
	assert_int_equal(s->ops->listen(s, 1), -EOPNOTSUPP);
	sock_release(s);
}

static void acknowledgements(void **state)
{
	struct socket *s = nl_socket(&init_net, NETLINK_ROUTE);
	struct ifinfomsg ifm = {.ifi_index = 4711};
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		u8 more[512];
	} rep;
	struct nl_req r;
	int n;

	/* An error carries the whole request. */
	nl_req_init(&r, RTM_GETLINK, 0, &ifm, sizeof(ifm));
	assert_int_equal(nl_send(s, &r, r.h.nlmsg_len), r.h.nlmsg_len);
	n = nl_recv(s, &rep, sizeof(rep));
	assert_int_equal(n, 16 + 4 + r.h.nlmsg_len);
	assert_int_equal(rep.e.error, -ENODEV);
	assert_memory_equal(&rep.e.msg, &r, r.h.nlmsg_len);
	assert_int_equal(rep.h.nlmsg_flags, 0);
	assert_int_equal(rep.h.nlmsg_pid, port_of(s));
	/* Only its header, for who asks so. */
	assert_int_equal(set_opt(s, NETLINK_CAP_ACK, 1), 0);
	assert_int_equal(nl_send(s, &r, r.h.nlmsg_len), r.h.nlmsg_len);
	assert_int_equal(nl_recv(s, &rep, sizeof(rep)), 36);
	assert_int_equal(rep.h.nlmsg_flags, NLM_F_CAPPED);
	/* With words, and the place of what is wrong. */
	assert_int_equal(set_opt(s, NETLINK_EXT_ACK, 1), 0);
	nl_req_init(&r, RTM_GETLINK, 0, &ifm, sizeof(ifm));
	nl_attr(&r, IFLA_EXT_MASK, "x", 1);
	assert_int_equal(nl_send(s, &r, r.h.nlmsg_len), r.h.nlmsg_len);
	n = nl_recv(s, &rep, sizeof(rep));
	assert_true(n > 36);
	assert_int_equal(rep.e.error, -ERANGE);
	assert_int_equal(rep.h.nlmsg_flags, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	assert_string_equal(RTA_DATA(nl_find(&rep.h, sizeof(rep.e), NLMSGERR_ATTR_MSG)),
			    "Attribute failed policy validation");
	assert_int_equal(nl_find_u32(&rep.h, sizeof(rep.e), NLMSGERR_ATTR_OFFS), 32);
	/* Two requests in a buffer: two answers, the second asked for. */
	nl_req_init(&r, RTM_MAX + 1, 0, &ifm, sizeof(ifm));
	memcpy((u8 *)&r + 32, &r, 32);
	((struct nlmsghdr *)((u8 *)&r + 32))->nlmsg_type = NLMSG_NOOP;
	((struct nlmsghdr *)((u8 *)&r + 32))->nlmsg_flags |= NLM_F_ACK;
	assert_int_equal(nl_send(s, &r, 64), 64);
	assert_int_equal(nl_recv(s, &rep, sizeof(rep)), 36);
	assert_int_equal(rep.e.error, -EOPNOTSUPP);
	assert_int_equal(nl_recv(s, &rep, sizeof(rep)), 36);
	assert_int_equal(rep.e.error, 0);
	sock_release(s);
}

static void options(void **state)
{
	struct socket *s = nl_socket(&init_net, NETLINK_ROUTE);
	int val = -1, len = sizeof(val);
	u32 groups[2] = {0};

	assert_int_equal(set_opt(s, NETLINK_ADD_MEMBERSHIP, 0), -EINVAL);
	assert_int_equal(set_opt(s, NETLINK_ADD_MEMBERSHIP, RTNLGRP_MAX + 1), -EINVAL);
	assert_int_equal(set_opt(s, NETLINK_ADD_MEMBERSHIP, -1), -EINVAL);
	assert_int_equal(set_opt(s, NETLINK_ADD_MEMBERSHIP, RTNLGRP_MAX), 0);
	assert_int_equal(set_opt(s, NETLINK_ADD_MEMBERSHIP, RTNLGRP_LINK), 0);
	len = sizeof(groups);
	assert_int_equal(s->ops->getsockopt(s, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, groups, &len),
			 0);
	assert_int_equal(groups[0], 1);
	assert_int_equal(len, 4);
	assert_int_equal(set_opt(s, NETLINK_DROP_MEMBERSHIP, RTNLGRP_LINK), 0);
	assert_int_equal(set_opt(s, NETLINK_DROP_MEMBERSHIP, RTNLGRP_MAX), 0);
	assert_int_equal(set_opt(s, 77, 1), -ENOPROTOOPT);
	assert_int_equal(kernel_setsockopt(s, 6, NETLINK_PKTINFO, &val, 4), -ENOPROTOOPT);
	assert_int_equal(set_opt(s, NETLINK_PKTINFO, 5), 0);
	len = sizeof(val);
	assert_int_equal(s->ops->getsockopt(s, SOL_NETLINK, NETLINK_PKTINFO, &val, &len), 0);
	assert_int_equal(val, 1);
	len = 3;
	assert_int_equal(s->ops->getsockopt(s, SOL_NETLINK, NETLINK_PKTINFO, &val, &len), -EINVAL);
	sock_release(s);
}

static void news_are_lost_with_a_word(void **state)
{
	struct socket *s, *silent;
	struct net_pair p;
	int rcvbuf = 1, n, i;
	u8 buf[2048];

	pair_make(&p);
	s = nl_socket(p.a, NETLINK_ROUTE);
	silent = nl_socket(p.a, NETLINK_ROUTE);
	kernel_setsockopt(s, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	kernel_setsockopt(silent, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	assert_int_equal(set_opt(silent, NETLINK_NO_ENOBUFS, 1), 0);
	assert_int_equal(bind_to(s, 0, RTMGRP_IPV4_IFADDR), 0);
	assert_int_equal(bind_to(silent, 0, RTMGRP_IPV4_IFADDR), 0);
	for (i = 0; i < 20; i++) {
		assert_int_equal(inet_addr_add(p.dev_a, ip4(10, 1, 0, 1), 24, 0), 0);
		assert_int_equal(inet_addr_del(p.dev_a, ip4(10, 1, 0, 1), 24), 0);
	}
	assert_true(atomic_read(&s->sk->sk_rmem_alloc) < 2 * SOCK_MIN_RCVBUF + 4096);
	assert_true(atomic_read(&s->sk->sk_drops) > 10);
	assert_int_equal(nl_recv(s, buf, sizeof(buf)), -ENOBUFS);
	for (n = 0; nl_recv(s, buf, sizeof(buf)) > 0;)
		n++;
	assert_true(n > 0 && n < 40);
	assert_true(nl_recv(silent, buf, sizeof(buf)) > 0);
	/* It has read all: it hears of the next one. */
	assert_int_equal(inet_addr_add(p.dev_a, ip4(10, 1, 0, 1), 24, 0), 0);
	assert_true(nl_recv(s, buf, sizeof(buf)) > 0);
	sock_release(s);
	sock_release(silent);
	pair_destroy(&p);
}

static void a_dump_comes_in_pieces(void **state)
{
	struct ifaddrmsg ifa = {.ifa_family = AF_INET};
	struct socket *s;
	struct net_pair p;
	struct nl_dump d;
	struct nl_req r;
	u32 i, seen = 0;
	u8 buf[4096];

	pair_make(&p);
	s = nl_socket(p.a, NETLINK_ROUTE);
	for (i = 0; i < 700; i++)
		assert_int_equal(inet_addr_add(p.dev_a, ip4(11, (u8)(i >> 8), (u8)i, 1), 24, 0), 0);
	nl_req_init(&r, RTM_GETADDR, 0, &ifa, sizeof(ifa));
	nl_dump(s, &r, &d);
	assert_int_equal(d.error, 0);
	assert_true(d.pieces > 2);
	assert_int_equal(d.flags & NLM_F_DUMP_INTR, 0);
	nl_for_each(&d, n)
		seen += (nl_find_u32(n, sizeof(ifa), IFA_LOCAL) & 0xff) == 11;
	assert_int_equal(seen, 700);
	nl_dump_free(&d);
	/* Something changes in between: that is told. Another dump meanwhile is refused. */
	assert_int_equal(nl_send(s, &r, r.h.nlmsg_len), r.h.nlmsg_len);
	assert_int_equal(nl_send(s, &r, r.h.nlmsg_len), r.h.nlmsg_len);
	assert_true(nl_recv(s, buf, sizeof(buf)) > 2000);
	assert_int_equal(inet_addr_add(p.dev_a, ip4(10, 3, 0, 1), 24, 0), 0);
	assert_true(nl_recv(s, buf, sizeof(buf)) > 0);
	assert_int_equal(((struct nlmsghdr *)buf)->nlmsg_type, NLMSG_ERROR);
	assert_int_equal(((struct nlmsgerr *)(buf + 16))->error, -EBUSY);
	assert_true(nl_recv(s, buf, sizeof(buf)) > 0);
	for (i = 0; ((struct nlmsghdr *)buf)->nlmsg_type != NLMSG_DONE; i++) {
		assert_true(i < 20);
		if (((struct nlmsghdr *)buf)->nlmsg_flags & NLM_F_DUMP_INTR)
			break;
		assert_true(nl_recv(s, buf, sizeof(buf)) > 0);
	}
	assert_true(((struct nlmsghdr *)buf)->nlmsg_flags & NLM_F_DUMP_INTR);
	sock_release(s); /* in the middle of it */
	pair_destroy(&p);
}

static void a_filter_chooses(void **state)
{
	/* Only acknowledgements, and of these the first 20 bytes; words in network order. */
	static struct sock_filter code[] = {
		{BPF_LD | BPF_H | BPF_ABS, 0, 0, 4},
		{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, NLMSG_ERROR << 8},
		{BPF_RET | BPF_K, 0, 0, 20},
		{BPF_RET | BPF_K, 0, 0, 0},
	};
	struct sock_fprog prog = {ARRAY_SIZE(code), code};
	struct socket *s = nl_socket(&init_net, NETLINK_ROUTE);
	struct ifinfomsg ifm = {.ifi_index = 1};
	struct nl_req r;
	u8 buf[256];

	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)),
			 0);
	nl_req_init(&r, RTM_GETLINK, 0, &ifm, sizeof(ifm));
	assert_int_equal(nl_send(s, &r, r.h.nlmsg_len), r.h.nlmsg_len);
	assert_int_equal(nl_recv(s, buf, sizeof(buf)), -EAGAIN);
	ifm.ifi_index = 4711;
	nl_req_init(&r, RTM_GETLINK, 0, &ifm, sizeof(ifm));
	assert_int_equal(nl_send(s, &r, r.h.nlmsg_len), r.h.nlmsg_len);
	assert_int_equal(nl_recv(s, buf, sizeof(buf)), 20);
	sock_release(s);
}

static void generic_has_a_controller_only(void **state)
{
	struct socket *s = nl_socket(&init_net, NETLINK_GENERIC);
	struct genlmsghdr g = {.cmd = CTRL_CMD_GETFAMILY, .version = 1};
	struct nl_req r;
	struct nl_dump d;
	u8 buf[512];

	nl_req_init(&r, GENL_ID_CTRL, 0, &g, sizeof(g));
	nl_attr_str(&r, CTRL_ATTR_FAMILY_NAME, "nl80211");
	assert_int_equal(nl_talk(s, &r), -ENOENT);
	nl_req_init(&r, GENL_ID_CTRL, 0, &g, sizeof(g));
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	nl_req_init(&r, GENL_ID_CTRL + 5, 0, &g, sizeof(g));
	assert_int_equal(nl_talk(s, &r), -ENOENT);
	nl_req_init(&r, GENL_ID_CTRL, 0, &g, sizeof(g));
	nl_attr_str(&r, CTRL_ATTR_FAMILY_NAME, "nlctrl");
	assert_int_equal(nl_send(s, &r, r.h.nlmsg_len), r.h.nlmsg_len);
	assert_true(nl_recv(s, buf, sizeof(buf)) > 32);
	assert_string_equal(RTA_DATA(nl_find((void *)buf, 4, CTRL_ATTR_FAMILY_NAME)), "nlctrl");
	nl_req_init(&r, GENL_ID_CTRL, 0, &g, sizeof(g));
	nl_dump(s, &r, &d);
	assert_int_equal(d.count, 1);
	nl_dump_free(&d);
	g.cmd = 99;
	nl_req_init(&r, GENL_ID_CTRL, 0, &g, sizeof(g));
	assert_int_equal(nl_talk(s, &r), -EOPNOTSUPP);
	sock_release(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(kinds_that_are_there, net_up, net_down),
		TEST_UP_DOWN(ports_are_given_and_taken, net_up, net_down),
		TEST_UP_DOWN(programs_talk_to_each_other, net_up, net_down),
		TEST_UP_DOWN(sends_that_are_refused, net_up, net_down),
		TEST_UP_DOWN(acknowledgements, net_up, net_down),
		TEST_UP_DOWN(options, net_up, net_down),
		TEST_UP_DOWN(news_are_lost_with_a_word, net_up, net_down),
		TEST_UP_DOWN(a_dump_comes_in_pieces, net_up, net_down),
		TEST_UP_DOWN(a_filter_chooses, net_up, net_down),
		TEST_UP_DOWN(generic_has_a_controller_only, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
