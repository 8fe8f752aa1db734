// SPDX-License-Identifier: BSD-2-Clause
/* rtnetlink: links, addresses, routes, neighbours, rules; requests, answers, news, errors. */
#include <linux/fib_rules.h>
#include <linux/net_namespace.h>
#include <linux/veth.h>
#include <net/neighbour.h>
#include <net/netlink.h>
#include <net/route.h>
#include <stdio.h>
#include <tests/hosted/net/netlink_test.h>

static struct socket *route_socket(struct net *net, u32 groups)
{
	struct socket *s = test_socket(net, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	struct sockaddr_nl nl = {.nl_family = AF_NETLINK, .nl_groups = groups};

	assert_int_equal(kernel_bind(s, (struct sockaddr *)&nl, sizeof(nl)), 0);
	return s;
}

static void strict(struct socket *s)
{
	int one = 1;

	assert_int_equal(
		kernel_setsockopt(s, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one)), 0);
}

/* The next news must be of this type; its message stays until the next call. */
static struct nlmsghdr *news(struct socket *s, u16 type)
{
	static u8 buf[4096] __aligned(4);
	struct nlmsghdr *n = (void *)buf;

	assert_true(nl_recv(s, buf, sizeof(buf)) > 0);
	assert_int_equal(n->nlmsg_type, type);
	return n;
}

static void no_news(struct socket *s)
{
	u8 buf[16];

	assert_int_equal(nl_recv(s, buf, sizeof(buf)), -EAGAIN);
}

static const char *attr_text(struct nlmsghdr *n, size_t hdr, u16 type)
{
	struct rtattr *a = nl_find(n, hdr, type);

	assert_non_null(a);
	return RTA_DATA(a);
}

static void links_are_shown(void **state)
{
	struct ifinfomsg ifm = {0};
	struct socket *s;
	struct net_pair p;
	struct nl_dump d;
	struct nl_req r;
	struct nlmsghdr *n;
	struct rtnl_link_stats64 st;
	int seen = 0;

	pair_make(&p);
	s = route_socket(p.a, 0);
	nl_req_init(&r, RTM_GETLINK, 0, &ifm, sizeof(ifm));
	nl_dump(s, &r, &d);
	assert_int_equal(d.count, 2);
	nl_for_each(&d, m)
	{
		struct ifinfomsg *i = NLMSG_DATA(m);

		if (strcmp(attr_text(m, sizeof(ifm), IFLA_IFNAME), "eth0"))
			continue;
		seen++;
		assert_int_equal(i->ifi_index, p.dev_a->ifindex);
		assert_int_equal(i->ifi_type, 1);
		assert_true(i->ifi_flags & IFF_UP && i->ifi_flags & IFF_LOWER_UP);
		assert_int_equal(nl_find_u32(m, sizeof(ifm), IFLA_MTU), 1500);
		assert_int_equal(*attr_text(m, sizeof(ifm), IFLA_OPERSTATE), IF_OPER_UP);
		assert_memory_equal(attr_text(m, sizeof(ifm), IFLA_ADDRESS), p.dev_a->dev_addr, 6);
		assert_int_equal(nl_find_u32(m, sizeof(ifm), IFLA_LINK), p.dev_b->ifindex);
		assert_int_equal(nl_find_u32(m, sizeof(ifm), IFLA_LINK_NETNSID), p.b->ns_id);
		assert_string_equal(attr_text(m, sizeof(ifm), IFLA_QDISC), "noqueue");
		memcpy(&st, attr_text(m, sizeof(ifm), IFLA_STATS64), sizeof(st));
		assert_int_equal(st.tx_packets, p.dev_a->stats.tx_packets);
	}
	assert_int_equal(seen, 1);
	nl_dump_free(&d);
	/* One, by name, without its counters. */
	nl_req_init(&r, RTM_GETLINK, 0, &ifm, sizeof(ifm));
	nl_attr_str(&r, IFLA_IFNAME, "eth0");
	nl_attr_u32(&r, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	assert_true(nl_send(s, &r, r.h.nlmsg_len) > 0);
	n = news(s, RTM_NEWLINK);
	assert_int_equal(n->nlmsg_seq, r.h.nlmsg_seq);
	assert_null(nl_find(n, sizeof(ifm), IFLA_STATS));
	nl_req_init(&r, RTM_GETLINK, 0, &ifm, sizeof(ifm));
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	nl_attr_str(&r, IFLA_IFNAME, "nosuch");
	assert_int_equal(nl_talk(s, &r), -ENODEV);
	sock_release(s);
	pair_destroy(&p);
}

static void links_are_changed(void **state)
{
	struct ifinfomsg ifm = {0};
	struct socket *s, *m;
	struct net_pair p;
	struct nl_req r;
	u8 mac[6] = {2, 0, 0, 0, 0, 9};

	pair_make(&p);
	s = route_socket(p.a, 0);
	m = route_socket(p.a, RTMGRP_LINK);
	ifm.ifi_index = p.dev_a->ifindex;
	nl_req_init(&r, RTM_SETLINK, 0, &ifm, sizeof(ifm));
	nl_attr_u32(&r, IFLA_MTU, 1400);
	assert_int_equal(nl_talk(s, &r), 0);
	assert_int_equal(p.dev_a->mtu, 1400);
	assert_int_equal(nl_find_u32(news(m, RTM_NEWLINK), sizeof(ifm), IFLA_MTU), 1400);
	nl_req_init(&r, RTM_SETLINK, 0, &ifm, sizeof(ifm));
	nl_attr_u32(&r, IFLA_MTU, 1 << 30);
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	nl_req_init(&r, RTM_SETLINK, 0, &ifm, sizeof(ifm));
	nl_attr_str(&r, IFLA_IFNAME, "blue0");
	assert_int_equal(nl_talk(s, &r), -EBUSY); /* it is up */
	ifm.ifi_change = IFF_UP;
	nl_req_init(&r, RTM_NEWLINK, 0, &ifm, sizeof(ifm));
	assert_int_equal(nl_talk(s, &r), 0);
	assert_false(netif_running(p.dev_a));
	while (nl_recv(m, &r, sizeof(r)) > 0)
		;
	nl_req_init(&r, RTM_SETLINK, 0, &ifm, sizeof(ifm));
	nl_attr_str(&r, IFLA_IFNAME, "blue0");
	nl_attr(&r, IFLA_ADDRESS, mac, 6);
	nl_attr_u32(&r, IFLA_TXQLEN, 77);
	nl_attr_u32(&r, IFLA_GROUP, 5);
	assert_int_equal(nl_talk(s, &r), 0);
	assert_string_equal(p.dev_a->name, "blue0");
	assert_memory_equal(p.dev_a->dev_addr, mac, 6);
	assert_int_equal(p.dev_a->tx_queue_len, 77);
	news(m, RTM_NEWLINK); /* the address, then the name: it did not go and come */
	assert_string_equal(attr_text(news(m, RTM_NEWLINK), sizeof(ifm), IFLA_IFNAME), "blue0");
	nl_req_init(&r, RTM_SETLINK, 0, &ifm, sizeof(ifm));
	nl_attr(&r, IFLA_ADDRESS, mac, 3);
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	nl_req_init(&r, RTM_SETLINK, 0, &ifm, sizeof(ifm));
	nl_attr_u32(&r, IFLA_MASTER, 3);
	assert_int_equal(nl_talk(s, &r), -EOPNOTSUPP);
	nl_req_init(&r, RTM_SETLINK, 0, &ifm, sizeof(ifm));
	nl_attr_u32(&r, IFLA_NET_NS_FD, 3);
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	ifm.ifi_index = 99;
	nl_req_init(&r, RTM_SETLINK, 0, &ifm, sizeof(ifm));
	assert_int_equal(nl_talk(s, &r), -ENODEV);
	sock_release(s);
	sock_release(m);
	pair_destroy(&p);
}

static void newlink_veth(struct nl_req *r, const char *name, const char *peer)
{
	struct ifinfomsg ifm = {0};
	struct rtattr *info, *data, *other;

	nl_req_init(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifm, sizeof(ifm));
	if (name)
		nl_attr_str(r, IFLA_IFNAME, name);
	nl_attr_u32(r, IFLA_MTU, 1300);
	info = nl_attr(r, IFLA_LINKINFO, "", 0);
	nl_attr_str(r, IFLA_INFO_KIND, "veth");
	if (peer) {
		data = nl_attr(r, IFLA_INFO_DATA, "", 0);
		other = nl_attr(r, VETH_INFO_PEER, &ifm, sizeof(ifm));
		nl_attr_str(r, IFLA_IFNAME, peer);
		nl_attr_end(r, other);
		nl_attr_end(r, data);
	}
	nl_attr_end(r, info);
}

static void links_are_made_and_deleted(void **state)
{
	struct ifinfomsg ifm = {0};
	struct socket *s, *m;
	struct net *net = net_create("n");
	struct nl_req r;
	struct rtattr *info;

	s = route_socket(net, 0);
	m = route_socket(net, RTMGRP_LINK);
	newlink_veth(&r, "v0", "v1");
	assert_int_equal(nl_talk(s, &r), 0);
	assert_non_null(__dev_get_by_name(net, "v0"));
	assert_non_null(__dev_get_by_name(net, "v1"));
	assert_int_equal(__dev_get_by_name(net, "v0")->mtu, 1300);
	assert_int_equal(nl_talk(s, &r), -EEXIST);
	newlink_veth(&r, NULL, NULL);
	assert_int_equal(nl_talk(s, &r), 0);
	assert_non_null(__dev_get_by_name(net, "veth0"));
	assert_non_null(__dev_get_by_name(net, "veth1"));
	newlink_veth(&r, "w0", "v1"); /* the other end's name is taken: nothing stays */
	assert_int_equal(nl_talk(s, &r), -EEXIST);
	assert_null(__dev_get_by_name(net, "w0"));
	nl_req_init(&r, RTM_NEWLINK, NLM_F_CREATE, &ifm, sizeof(ifm));
	nl_attr_str(&r, IFLA_IFNAME, "b0");
	info = nl_attr(&r, IFLA_LINKINFO, "", 0);
	nl_attr_str(&r, IFLA_INFO_KIND, "bridge");
	nl_attr_end(&r, info);
	assert_int_equal(nl_talk(s, &r), -EOPNOTSUPP);
	while (nl_recv(m, &r, sizeof(r)) > 0)
		;
	nl_req_init(&r, RTM_DELLINK, 0, &ifm, sizeof(ifm));
	nl_attr_str(&r, IFLA_IFNAME, "v0");
	assert_int_equal(nl_talk(s, &r), 0);
	news(m, RTM_DELLINK);
	news(m, RTM_DELLINK);
	no_news(m);
	assert_null(__dev_get_by_name(net, "v1"));
	assert_int_equal(nl_talk(s, &r), -ENODEV);
	nl_req_init(&r, RTM_DELLINK, 0, &ifm, sizeof(ifm));
	nl_attr_str(&r, IFLA_IFNAME, "lo");
	assert_int_equal(nl_talk(s, &r), -EOPNOTSUPP);
	sock_release(s);
	sock_release(m);
	put_net(net);
	hosted_drain(1000);
}

static void addr_req(struct nl_req *r, u16 type, u16 flags, int ifindex, be32 addr)
{
	struct ifaddrmsg ifa = {.ifa_family = AF_INET, .ifa_prefixlen = 24,
				.ifa_index = (u32)ifindex};

	nl_req_init(r, type, flags, &ifa, sizeof(ifa));
	if (addr)
		nl_attr_u32(r, IFA_LOCAL, addr);
}

static void addresses_come_and_go(void **state)
{
	struct ifaddrmsg ifa = {.ifa_family = AF_INET};
	struct socket *s, *m;
	struct net_pair p;
	struct nl_dump d;
	struct nl_req r;
	struct nlmsghdr *n;
	be32 addr = ip4(10, 7, 0, 1);

	pair_make(&p);
	s = route_socket(p.a, 0);
	m = route_socket(p.a, RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE);
	addr_req(&r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, p.dev_a->ifindex, addr);
	nl_attr_u32(&r, IFA_BROADCAST, ip4(10, 7, 0, 255));
	nl_attr_str(&r, IFA_LABEL, "eth0:x");
	assert_int_equal(nl_talk(s, &r), 0);
	assert_int_equal(nl_talk(s, &r), -EEXIST);
	assert_non_null(inet_lookup_ifaddr(p.a, addr));
	for (n = news(m, RTM_NEWROUTE); n->nlmsg_type == RTM_NEWROUTE;)
		assert_true(nl_recv(m, n, 4096) > 0);
	assert_int_equal(n->nlmsg_type, RTM_NEWADDR);
	assert_string_equal(attr_text(n, sizeof(ifa), IFA_LABEL), "eth0:x");
	assert_int_equal(nl_find_u32(n, sizeof(ifa), IFA_FLAGS), IFA_F_PERMANENT);
	nl_req_init(&r, RTM_GETADDR, 0, &ifa, sizeof(ifa));
	nl_dump(s, &r, &d);
	assert_int_equal(d.count, 3); /* with lo's */
	nl_dump_free(&d);
	addr_req(&r, RTM_DELADDR, 0, p.dev_a->ifindex, addr);
	assert_int_equal(nl_talk(s, &r), 0);
	assert_int_equal(nl_talk(s, &r), -EADDRNOTAVAIL);
	assert_null(inet_lookup_ifaddr(p.a, addr));
	assert_int_equal(nl_find_u32(news(m, RTM_DELADDR), sizeof(ifa), IFA_LOCAL), addr);
	/* What is wrong. */
	addr_req(&r, RTM_NEWADDR, 0, 99, addr);
	assert_int_equal(nl_talk(s, &r), -ENODEV);
	addr_req(&r, RTM_NEWADDR, 0, p.dev_a->ifindex, 0);
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	addr_req(&r, RTM_NEWADDR, 0, p.dev_a->ifindex, addr);
	((struct ifaddrmsg *)r.body)->ifa_prefixlen = 33;
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	sock_release(s);
	sock_release(m);
	pair_destroy(&p);
}

static void no_prefix_route_where_none_is_wanted(void **state)
{
	struct flowi4 fl4 = {.daddr = ip4(10, 7, 0, 9)};
	struct net_pair p;
	struct socket *s;
	struct nl_req r;

	pair_make(&p);
	s = route_socket(p.a, 0);
	addr_req(&r, RTM_NEWADDR, NLM_F_CREATE, p.dev_a->ifindex, ip4(10, 7, 0, 1));
	nl_attr_u32(&r, IFA_FLAGS, IFA_F_NOPREFIXROUTE);
	assert_int_equal(nl_talk(s, &r), 0);
	local_bh_disable();
	assert_int_equal(PTR_ERR(ip_route_output_key(p.a, &fl4)), -ENETUNREACH);
	local_bh_enable();
	sock_release(s);
	pair_destroy(&p);
}

static void route_req(struct nl_req *r, u16 type, u16 flags, be32 dst, u8 plen)
{
	struct rtmsg rtm = {.rtm_family = AF_INET, .rtm_dst_len = plen, .rtm_table = RT_TABLE_MAIN,
			    .rtm_protocol = RTPROT_BOOT, .rtm_type = RTN_UNICAST};

	nl_req_init(r, type, flags, &rtm, sizeof(rtm));
	if (plen)
		nl_attr_u32(r, RTA_DST, dst);
}

static void routes_come_and_go(void **state)
{
	be32 net9 = ip4(10, 9, 0, 0), gw = ip4(10, 0, 0, 2);
	struct rtmsg rtm = {.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN};
	struct socket *s, *m;
	struct net_pair p;
	struct nl_dump d;
	struct nl_req r;
	struct nlmsghdr *n;

	pair_make(&p);
	s = route_socket(p.a, 0);
	strict(s);
	m = route_socket(p.a, RTMGRP_IPV4_ROUTE);
	route_req(&r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, net9, 16);
	nl_attr_u32(&r, RTA_GATEWAY, gw);
	nl_attr_u32(&r, RTA_PRIORITY, 50);
	assert_int_equal(nl_talk(s, &r), 0);
	assert_int_equal(nl_talk(s, &r), -EEXIST);
	n = news(m, RTM_NEWROUTE);
	assert_int_equal(nl_find_u32(n, sizeof(rtm), RTA_GATEWAY), gw);
	assert_int_equal(nl_find_u32(n, sizeof(rtm), RTA_PRIORITY), 50);
	assert_int_equal(nl_find_u32(n, sizeof(rtm), RTA_OIF), p.dev_a->ifindex);
	/* Another way in its place; there must be one for "change". */
	route_req(&r, RTM_NEWROUTE, NLM_F_REPLACE, net9, 16);
	nl_attr_u32(&r, RTA_OIF, (u32)p.dev_a->ifindex);
	nl_attr_u32(&r, RTA_PRIORITY, 50);
	assert_int_equal(nl_talk(s, &r), 0);
	n = news(m, RTM_NEWROUTE);
	assert_true(n->nlmsg_flags & NLM_F_REPLACE);
	assert_null(nl_find(n, sizeof(rtm), RTA_GATEWAY));
	route_req(&r, RTM_NEWROUTE, NLM_F_REPLACE, ip4(10, 10, 0, 0), 16);
	nl_attr_u32(&r, RTA_OIF, (u32)p.dev_a->ifindex);
	assert_int_equal(nl_talk(s, &r), -ENOENT);
	/* The table as a list: ours and the subnet's. */
	nl_req_init(&r, RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	nl_dump(s, &r, &d);
	assert_int_equal(d.count, 2);
	assert_true(d.flags & NLM_F_DUMP_FILTERED);
	nl_dump_free(&d);
	route_req(&r, RTM_DELROUTE, 0, net9, 16);
	((struct rtmsg *)r.body)->rtm_protocol = 0;
	assert_int_equal(nl_talk(s, &r), 0);
	news(m, RTM_DELROUTE);
	assert_int_equal(nl_talk(s, &r), -ESRCH);
	sock_release(s);
	sock_release(m);
	pair_destroy(&p);
}

static void routes_that_are_refused(void **state)
{
	be32 net9 = ip4(10, 9, 0, 0), gw = ip4(10, 0, 0, 2);
	struct net_pair p;
	struct socket *s;
	struct nl_req r;

	pair_make(&p);
	s = route_socket(p.a, 0);
	route_req(&r, RTM_NEWROUTE, NLM_F_CREATE, ip4(10, 9, 0, 1), 16);
	nl_attr_u32(&r, RTA_GATEWAY, gw);
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	route_req(&r, RTM_NEWROUTE, NLM_F_CREATE, net9, 33);
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	route_req(&r, RTM_NEWROUTE, NLM_F_CREATE, net9, 16);
	nl_attr_u32(&r, RTA_GATEWAY, ip4(192, 168, 5, 5));
	assert_int_equal(nl_talk(s, &r), -ENETUNREACH);
	route_req(&r, RTM_NEWROUTE, NLM_F_CREATE, net9, 16);
	nl_attr_u32(&r, RTA_OIF, 99);
	assert_int_equal(nl_talk(s, &r), -ENODEV);
	route_req(&r, RTM_NEWROUTE, NLM_F_CREATE, net9, 16);
	nl_attr_u32(&r, RTA_TABLE, 100);
	assert_int_equal(nl_talk(s, &r), -EOPNOTSUPP);
	sock_release(s);
	pair_destroy(&p);
}

static void the_route_of_one_destination(void **state)
{
	struct rtmsg rtm = {.rtm_family = AF_INET, .rtm_dst_len = 32};
	struct net_pair p;
	struct socket *s;
	struct nl_req r;
	struct nlmsghdr *n;

	pair_make(&p);
	s = route_socket(p.a, 0);
	nl_req_init(&r, RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	nl_attr_u32(&r, RTA_DST, ip4(10, 0, 0, 2));
	assert_true(nl_send(s, &r, r.h.nlmsg_len) > 0);
	n = news(s, RTM_NEWROUTE);
	assert_int_equal(nl_find_u32(n, sizeof(rtm), RTA_PREFSRC), ip4(10, 0, 0, 1));
	assert_int_equal(nl_find_u32(n, sizeof(rtm), RTA_OIF), p.dev_a->ifindex);
	assert_true(((struct rtmsg *)NLMSG_DATA(n))->rtm_flags & RTM_F_CLONED);
	nl_req_init(&r, RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	nl_attr_u32(&r, RTA_DST, ip4(10, 0, 0, 1));
	nl_attr_u32(&r, RTA_SRC, ip4(10, 0, 0, 2));
	nl_attr_u32(&r, RTA_IIF, (u32)p.dev_a->ifindex);
	assert_true(nl_send(s, &r, r.h.nlmsg_len) > 0);
	n = news(s, RTM_NEWROUTE);
	assert_int_equal(((struct rtmsg *)NLMSG_DATA(n))->rtm_type, RTN_LOCAL);
	nl_req_init(&r, RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	nl_attr_u32(&r, RTA_DST, ip4(192, 168, 0, 1));
	assert_int_equal(nl_talk(s, &r), -ENETUNREACH);
	nl_req_init(&r, RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	nl_attr_u32(&r, RTA_IIF, 4711);
	assert_int_equal(nl_talk(s, &r), -ENODEV);
	sock_release(s);
	pair_destroy(&p);
}

static void neigh_req(struct nl_req *r, u16 type, u16 flags, int ifindex, const u8 *mac)
{
	struct ndmsg ndm = {.ndm_family = AF_INET, .ndm_ifindex = ifindex,
			    .ndm_state = NUD_PERMANENT};

	nl_req_init(r, type, flags, &ndm, sizeof(ndm));
	nl_attr_u32(r, NDA_DST, ip4(10, 0, 0, 77));
	if (mac)
		nl_attr(r, NDA_LLADDR, mac, 6);
}

static void neighbours_come_and_go(void **state)
{
	static const u8 mac[6] = {2, 0, 0, 0, 0, 77};
	struct ndmsg ndm = {.ndm_family = AF_INET};
	struct socket *s, *m;
	struct net_pair p;
	struct nl_dump d;
	struct nl_req r;
	struct nlmsghdr *n;

	pair_make(&p);
	s = route_socket(p.a, 0);
	m = route_socket(p.a, RTMGRP_NEIGH);
	neigh_req(&r, RTM_NEWNEIGH, 0, p.dev_a->ifindex, mac);
	assert_int_equal(nl_talk(s, &r), -ENOENT);
	neigh_req(&r, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, p.dev_a->ifindex, mac);
	assert_int_equal(nl_talk(s, &r), 0);
	assert_int_equal(nl_talk(s, &r), -EEXIST);
	n = news(m, RTM_NEWNEIGH);
	assert_memory_equal(attr_text(n, sizeof(ndm), NDA_LLADDR), mac, 6);
	assert_int_equal(((struct ndmsg *)NLMSG_DATA(n))->ndm_state, NUD_PERMANENT);
	nl_req_init(&r, RTM_GETNEIGH, 0, &ndm, sizeof(ndm));
	nl_dump(s, &r, &d);
	assert_int_equal(d.count, 1);
	nl_dump_free(&d);
	neigh_req(&r, RTM_GETNEIGH, 0, p.dev_a->ifindex, NULL);
	assert_true(nl_send(s, &r, r.h.nlmsg_len) > 0);
	news(s, RTM_NEWNEIGH);
	neigh_req(&r, RTM_DELNEIGH, 0, p.dev_a->ifindex, NULL);
	assert_int_equal(nl_talk(s, &r), 0);
	assert_int_equal(nl_talk(s, &r), -ENOENT);
	news(m, RTM_NEWNEIGH); /* it failed ... */
	news(m, RTM_DELNEIGH); /* ... and went */
	neigh_req(&r, RTM_NEWNEIGH, NLM_F_CREATE, 0, mac);
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	neigh_req(&r, RTM_NEWNEIGH, NLM_F_CREATE, 99, mac);
	assert_int_equal(nl_talk(s, &r), -ENODEV);
	neigh_req(&r, RTM_NEWNEIGH, NLM_F_CREATE, p.dev_a->ifindex, mac);
	((struct ndmsg *)r.body)->ndm_state = 0xffff;
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	((struct ndmsg *)r.body)->ndm_family = AF_INET6;
	assert_int_equal(nl_talk(s, &r), -EAFNOSUPPORT);
	sock_release(s);
	sock_release(m);
	pair_destroy(&p);
}

/* What has a fixed answer, and dumps of what is not there. */
static void fixed_answers(void **state)
{
	static const struct {
		u16 type;
		u8 family;
		int count, error;
	} rows[] = {
		{RTM_GETRULE, AF_INET, 3, 0},	  {RTM_GETRULE, AF_UNSPEC, 3, 0},
		{RTM_GETRULE, AF_INET6, 0, -EAFNOSUPPORT},
		{RTM_GETADDR, AF_INET6, 0, 0},	  {RTM_GETROUTE, AF_INET6, 0, 0},
		{RTM_GETNEIGH, AF_INET6, 0, 0},	  {RTM_GETLINK, AF_BRIDGE, 0, 0},
		{RTM_GETTCLASS, AF_UNSPEC, 0, 0}, {RTM_GETNSID, AF_UNSPEC, 0, 0},
		{RTM_GETADDR, AF_UNSPEC, 2, 0},	  {RTM_GETQDISC, AF_UNSPEC, 2, 0},
		{RTM_GETNEXTHOP, AF_UNSPEC, 0, -EOPNOTSUPP},
	};
	u8 zero[32] = {0};
	struct net_pair p;
	struct socket *s;
	struct nl_dump d;
	struct nl_req r;
	size_t i;

	pair_make(&p);
	s = route_socket(p.a, 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		zero[0] = rows[i].family;
		nl_req_init(&r, rows[i].type, 0, zero, 24);
		nl_dump(s, &r, &d);
		assert_int_equal(d.count, rows[i].count);
		assert_int_equal(d.error, rows[i].error);
		nl_dump_free(&d);
	}
	/* No more than the family, as Go's syscall.NetlinkRIB asks. */
	zero[0] = AF_UNSPEC;
	nl_req_init(&r, RTM_GETLINK, 0, zero, 1);
	nl_dump(s, &r, &d);
	assert_int_equal(d.count, 2);
	nl_dump_free(&d);
	nl_req_init(&r, RTM_GETROUTE, 0, zero, 1);
	nl_dump(s, &r, &d);
	assert_true(d.count > 3);
	nl_dump_free(&d);
	nl_req_init(&r, RTM_GETNSID, 0, zero, 1);
	assert_int_equal(nl_talk(s, &r), -EINVAL);
	sock_release(s);
	pair_destroy(&p);
}

static void strict_requests(void **state)
{
	struct rtmsg rtm = {.rtm_family = AF_INET, .rtm_dst_len = 8};
	struct ifaddrmsg ifa = {.ifa_family = AF_INET, .ifa_prefixlen = 1};
	struct ifinfomsg ifm = {.ifi_index = 1};
	struct net_pair p;
	struct socket *s;
	struct nl_dump d;
	struct nl_req r;

	pair_make(&p);
	s = route_socket(p.a, 0);
	strict(s);
	nl_req_init(&r, RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	nl_dump(s, &r, &d);
	assert_int_equal(d.error, -EINVAL);
	rtm.rtm_dst_len = 0;
	nl_req_init(&r, RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	nl_attr_u32(&r, RTA_TABLE, 77);
	nl_dump(s, &r, &d);
	assert_int_equal(d.error, -ENOENT);
	nl_req_init(&r, RTM_GETADDR, 0, &ifa, sizeof(ifa));
	nl_dump(s, &r, &d);
	assert_int_equal(d.error, -EINVAL);
	nl_req_init(&r, RTM_GETLINK, 0, &ifm, sizeof(ifm));
	nl_dump(s, &r, &d);
	assert_int_equal(d.error, -EINVAL);
	/* The addresses of one device. */
	ifa.ifa_prefixlen = 0;
	ifa.ifa_index = (u32)p.dev_a->ifindex;
	nl_req_init(&r, RTM_GETADDR, 0, &ifa, sizeof(ifa));
	nl_dump(s, &r, &d);
	assert_int_equal(d.count, 1);
	nl_dump_free(&d);
	sock_release(s);
	pair_destroy(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(links_are_shown, net_up, net_down),
		TEST_UP_DOWN(links_are_changed, net_up, net_down),
		TEST_UP_DOWN(links_are_made_and_deleted, net_up, net_down),
		TEST_UP_DOWN(addresses_come_and_go, net_up, net_down),
		TEST_UP_DOWN(no_prefix_route_where_none_is_wanted, net_up, net_down),
		TEST_UP_DOWN(routes_come_and_go, net_up, net_down),
		TEST_UP_DOWN(routes_that_are_refused, net_up, net_down),
		TEST_UP_DOWN(the_route_of_one_destination, net_up, net_down),
		TEST_UP_DOWN(neighbours_come_and_go, net_up, net_down),
		TEST_UP_DOWN(fixed_answers, net_up, net_down),
		TEST_UP_DOWN(strict_requests, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
