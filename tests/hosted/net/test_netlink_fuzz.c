// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_NETLINK under hostile programs: random messages and good ones with random damage, by seeds, to
 * each protocol, with allocations that fail in half of the runs. Nothing may crash, read beyond a
 * message, or stay behind when the namespaces go. NETLINK_SEEDS=n runs n seeds, from
 * NETLINK_FIRST on.
 */
#include <linux/fib_rules.h>
#include <linux/inet_diag.h>
#include <linux/veth.h>
#include <stdlib.h>
#include <tests/hosted/net/netlink_test.h>

#define SEEDS	 40
#define MESSAGES 150

static const int protocols[] = {NETLINK_ROUTE, NETLINK_ROUTE, NETLINK_ROUTE, NETLINK_SOCK_DIAG,
				NETLINK_GENERIC, NETLINK_USERSOCK, NETLINK_KOBJECT_UEVENT};

/* An attribute of any type with a value that may mean something. */
static void random_attr(struct nl_req *r, u64 *rnd)
{
	static const char *const texts[] = {"eth0", "veth", "lo", "x%d", "", "nlctrl", "bridge"};
	u32 val = nl_rand(rnd), type = nl_rand(rnd) % 64;
	const char *text = texts[val % ARRAY_SIZE(texts)];
	u8 raw[40];
	size_t i;

	if (r->h.nlmsg_len > 3000)
		return;
	switch (nl_rand(rnd) % 5) {
	case 0:
		nl_attr_u32(r, (u16)type, val % 8);
		return;
	case 1:
		nl_attr_u32(r, (u16)type, ip4(10, 0, 0, (u8)val));
		return;
	case 2:
		nl_attr(r, (u16)type, text, strlen(text) + (val & 1));
		return;
	case 3:
		nl_attr_u32(r, (u16)type, val);
		return;
	}
	for (i = 0; i < sizeof(raw); i++)
		raw[i] = (u8)(nl_rand(rnd) % 3 ? nl_rand(rnd) % 16 : nl_rand(rnd));
	nl_attr(r, (u16)(type | (nl_rand(rnd) & 0xc000)), raw, nl_rand(rnd) % sizeof(raw));
}

static void random_header(struct nl_req *r, int protocol, u64 *rnd)
{
	static const u8 families[] = {AF_UNSPEC, AF_INET, AF_INET, AF_INET, AF_INET6, AF_UNIX,
				      AF_PACKET, AF_NETLINK, AF_BRIDGE, 255};
	static const u8 sizes[] = {0, 1, 2, 4, 8, 12, 16, 16, 20, 24, 32, 56, 56};
	u8 hdr[64];
	u16 type = (u16)(16 + nl_rand(rnd) % 40);
	size_t i;

	for (i = 0; i < sizeof(hdr); i++)
		hdr[i] = (u8)(nl_rand(rnd) % 3	 ? 0
			      : nl_rand(rnd) % 5 ? nl_rand(rnd) % 5
						 : nl_rand(rnd));
	hdr[0] = families[nl_rand(rnd) % ARRAY_SIZE(families)];
	if (protocol == NETLINK_SOCK_DIAG) {
		type = (u16)(20 + nl_rand(rnd) % 2);
		hdr[1] = (u8)(nl_rand(rnd) & 1 ? 6 : nl_rand(rnd) & 1 ? 17 : nl_rand(rnd));
		hdr[4] = hdr[5] = 0xff;
	}
	nl_req_init(r, type, (u16)(nl_rand(rnd) & (nl_rand(rnd) & 1 ? 0x30f : 0xf0f)), hdr,
		    sizes[nl_rand(rnd) % ARRAY_SIZE(sizes)]);
}

/* ip link add NAME type veth peer name PEER, so that damage reaches the depth. */
static void veth_request(struct nl_req *r, u64 *rnd)
{
	struct ifinfomsg ifm = {0};
	struct rtattr *info, *data, *peer;

	nl_req_init(r, RTM_NEWLINK, NLM_F_CREATE, &ifm, sizeof(ifm));
	info = nl_attr(r, IFLA_LINKINFO, "", 0);
	nl_attr_str(r, IFLA_INFO_KIND, "veth");
	data = nl_attr(r, IFLA_INFO_DATA, "", 0);
	peer = nl_attr(r, VETH_INFO_PEER, &ifm, sizeof(ifm));
	random_attr(r, rnd);
	nl_attr_end(r, peer);
	nl_attr_end(r, data);
	nl_attr_end(r, info);
}

/* Addresses, routes and neighbours, most of them good. */
static void good_request(struct nl_req *r, u64 *rnd)
{
	u16 flags = (u16)(NLM_F_CREATE | (nl_rand(rnd) & (NLM_F_REPLACE | NLM_F_EXCL)));
	struct ifaddrmsg ifa = {AF_INET, 24, 0, 0, 1 + nl_rand(rnd) % 4};
	struct rtmsg rtm = {AF_INET, 24, 0, 0, RT_TABLE_MAIN, 4, 0, RTN_UNICAST, 0};
	struct ndmsg ndm = {AF_INET, 0, 0, (int)ifa.ifa_index, 1 << nl_rand(rnd) % 8, 0, 1};
	u16 change = nl_rand(rnd) % 3 ? 0 : 1; /* new, or delete */

	switch (nl_rand(rnd) % 3) {
	case 0:
		nl_req_init(r, RTM_NEWADDR + change, flags, &ifa, sizeof(ifa));
		nl_attr_u32(r, IFA_LOCAL,
			    ip4(10, 1, (u8)(nl_rand(rnd) % 4), (u8)(nl_rand(rnd) % 4)));
		return;
	case 1:
		nl_req_init(r, RTM_NEWROUTE + change, flags, &rtm, sizeof(rtm));
		nl_attr_u32(r, RTA_DST, ip4(10, 2, (u8)(nl_rand(rnd) % 8), 0));
		nl_attr_u32(r, nl_rand(rnd) & 1 ? RTA_OIF : RTA_GATEWAY,
			    nl_rand(rnd) & 1 ? ifa.ifa_index : ip4(10, 0, 0, 2));
		return;
	}
	nl_req_init(r, RTM_NEWNEIGH + change, flags, &ndm, sizeof(ndm));
	nl_attr_u32(r, NDA_DST, ip4(10, 0, 0, (u8)(nl_rand(rnd) % 8)));
	if (nl_rand(rnd) & 1)
		nl_attr(r, NDA_LLADDR, "\2\0\0\0\0\7", 6);
}

static void damage(struct nl_req *r, u64 *rnd)
{
	u32 n = nl_rand(rnd) % 4, len = r->h.nlmsg_len;

	while (n--)
		((u8 *)r)[nl_rand(rnd) % len] = (u8)nl_rand(rnd);
}

static void read_some(struct socket *s, u64 *rnd)
{
	static u8 buf[16384];
	u32 n = nl_rand(rnd) % 4;

	while (n--) {
		int len = nl_recv(s, buf, nl_rand(rnd) % 3 ? sizeof(buf) : nl_rand(rnd) % 64);

		if (len < 0)
			assert_true(len == -EAGAIN || len == -ENOBUFS || len == -ENOMEM);
	}
}

static struct socket *random_socket(struct net *net, int protocol, u64 *rnd)
{
	struct socket *s;
	int opt, one = 1;

	if (sock_create_kern(net, AF_NETLINK, SOCK_RAW, protocol, &s))
		return NULL;
	for (opt = 1; opt <= 12; opt++) {
		if (nl_rand(rnd) & 1)
			kernel_setsockopt(s, SOL_NETLINK, opt, &one, sizeof(one));
	}
	for (opt = 1; opt < 8; opt++)
		kernel_setsockopt(s, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &opt, sizeof(opt));
	return s;
}

static void one_seed(u64 seed)
{
	u64 rnd = seed;
	struct socket *s[ARRAY_SIZE(protocols)];
	struct net_pair p;
	struct nl_req r;
	size_t i, which;
	u32 len;
	int n;

	pair_make(&p);
	for (i = 0; i < ARRAY_SIZE(s); i++)
		s[i] = random_socket(p.a, protocols[i], &rnd);
	if (seed & 1)
		hosted_fail_permille(40);
	for (n = 0; n < MESSAGES; n++) {
		which = nl_rand(&rnd) % ARRAY_SIZE(s);
		if (protocols[which] == NETLINK_ROUTE && nl_rand(&rnd) % 8 == 0)
			veth_request(&r, &rnd);
		else if (protocols[which] == NETLINK_ROUTE && nl_rand(&rnd) % 2)
			good_request(&r, &rnd);
		else
			random_header(&r, protocols[which], &rnd);
		for (i = nl_rand(&rnd) & nl_rand(&rnd) % 5; i; i--)
			random_attr(&r, &rnd);
		len = r.h.nlmsg_len;
		if (nl_rand(&rnd) % 3 == 0)
			damage(&r, &rnd);
		nl_send(s[which], &r, len);
		read_some(s[which], &rnd);
		if (n % 32 == 0)
			hosted_advance(2000);
	}
	hosted_fail_permille(0);
	for (i = 0; i < ARRAY_SIZE(s); i++)
		sock_release(s[i]);
	pair_destroy(&p);
}

static void messages_by_seed(void **state)
{
	const char *more = getenv("NETLINK_SEEDS"), *from = getenv("NETLINK_FIRST");
	u64 first = from ? strtoul(from, NULL, 0) : 1, seed;
	u64 seeds = more ? strtoul(more, NULL, 0) : SEEDS;

	for (seed = first; seed < first + seeds; seed++)
		one_seed(seed);
}

/* Each allocation of each kind of request fails once. */
static void every_allocation_fails_once(void **state)
{
	static const u16 dumps[] = {RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH,
				    RTM_GETRULE, RTM_GETQDISC};
	u8 zero[32] = {AF_INET}, buf[8192];
	struct socket *s, *m;
	struct net_pair p;
	struct nl_req r;
	u64 rnd = 1;
	size_t i;
	unsigned long nth;

	for (i = 0; i <= ARRAY_SIZE(dumps); i++) {
		for (nth = 1; nth < 30; nth++) {
			pair_make(&p);
			s = random_socket(p.a, NETLINK_ROUTE, &rnd);
			m = random_socket(p.a, NETLINK_ROUTE, &rnd);
			if (i < ARRAY_SIZE(dumps))
				nl_req_init(&r, dumps[i], NLM_F_DUMP, zero, 24);
			else
				veth_request(&r, &rnd);
			hosted_fail_nth(nth);
			nl_send(s, &r, r.h.nlmsg_len);
			while (nl_recv(s, buf, sizeof(buf)) > 0)
				;
			hosted_fail_nth(0);
			sock_release(s);
			sock_release(m);
			pair_destroy(&p);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(messages_by_seed, net_up, net_down),
		TEST_UP_DOWN(every_allocation_fails_once, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
