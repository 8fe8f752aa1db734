// SPDX-License-Identifier: BSD-2-Clause
/* AF_PACKET: what socks see of frames that come and go, sending, memberships, counters, errors. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <net/rtnetlink.h>
#include <net/skb_ops.h>
#include <net/sock_ops.h>
#include <string.h>
#include <sys/ioctl.h>
#include <tests/hosted/net/capture.h>

static struct socket *packet_socket(struct net *net, int type, u16 proto, int ifindex)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(proto), .sll_ifindex = ifindex};
	struct socket *s = test_socket(net, AF_PACKET, type, 0);

	assert_int_equal(kernel_bind(s, (struct sockaddr *)&ll, sizeof(ll)), 0);
	return s;
}

static int take(struct socket *s, void *buf, size_t len, struct sockaddr_ll *from)
{
	struct sockaddr_storage ss;
	struct msghdr m = {.msg_name = &ss};
	int n = kernel_recvmsg(s, &m, buf, len, MSG_DONTWAIT);

	if (n >= 0 && from) {
		assert_int_equal(m.msg_namelen, sizeof(*from));
		memcpy(from, &ss, sizeof(*from));
	}
	return n;
}

static int get_opt(struct socket *s, int name)
{
	int val = -1, len = sizeof(val);

	assert_int_equal(s->ops->getsockopt(s, SOL_PACKET, name, &val, &len), 0);
	return val;
}

static void frames_come_in_raw_and_cooked(void **state)
{
	struct socket *raw, *cooked, *arp, *none;
	struct sockaddr_ll ll;
	struct cap c;
	u8 buf[128];

	cap_make(&c, 0, 0);
	raw = packet_socket(c.net, SOCK_RAW, ETH_P_ALL, c.dev->ifindex);
	cooked = packet_socket(c.net, SOCK_DGRAM, 0x88b6, 0);
	arp = packet_socket(c.net, SOCK_RAW, ETH_P_ARP, 0);
	none = packet_socket(c.net, SOCK_RAW, 0, 0);
	cap_inject(&c, c.dev->dev_addr, peer_mac, 0x88b6, BYTES("hello", 5));
	assert_int_equal(take(raw, buf, sizeof(buf), &ll), 19);
	assert_memory_equal(buf, c.dev->dev_addr, 6);
	assert_memory_equal(buf + 14, "hello", 5);
	assert_int_equal(ll.sll_family, AF_PACKET);
	assert_int_equal(ll.sll_protocol, htons(0x88b6));
	assert_int_equal(ll.sll_ifindex, c.dev->ifindex);
	assert_int_equal(ll.sll_hatype, ARPHRD_ETHER);
	assert_int_equal(ll.sll_pkttype, PACKET_HOST);
	assert_int_equal(ll.sll_halen, 6);
	assert_memory_equal(ll.sll_addr, peer_mac, 6);
	assert_int_equal(take(cooked, buf, sizeof(buf), &ll), 5);
	assert_memory_equal(buf, "hello", 5);
	cap_inject(&c, bcast_mac, peer_mac, 0x88b6, BYTES("x", 1));
	assert_int_equal(take(cooked, buf, sizeof(buf), &ll), 1);
	assert_int_equal(ll.sll_pkttype, PACKET_BROADCAST);
	cap_inject(&c, other_mac, peer_mac, 0x88b6, BYTES("y", 1));
	assert_int_equal(take(cooked, buf, sizeof(buf), &ll), 1);
	assert_int_equal(ll.sll_pkttype, PACKET_OTHERHOST);
	assert_int_equal(take(arp, buf, sizeof(buf), NULL), -EAGAIN);
	assert_int_equal(take(none, buf, sizeof(buf), NULL), -EAGAIN);
	sock_release(raw);
	sock_release(cooked);
	sock_release(arp);
	sock_release(none);
	cap_destroy(&c);
}

/* A datagram of the stack's own, for taps to see it go. */
static void send_udp(struct cap *c, size_t len)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(7), .sin_addr.s_addr = PEER_IP};
	struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof(to), .msg_flags = MSG_DONTWAIT};
	static u8 data[1400];
	struct socket *s;

	if (sock_create_kern(c->net, AF_INET, SOCK_DGRAM, 0, &s))
		return; /* with an allocation that fails */
	kernel_sendmsg(s, &m, data, len);
	sock_release(s);
}

static void taps_see_what_goes_out(void **state)
{
	struct socket *all, *ip, *cooked, *ignore;
	int one = 1, bad = 2;
	struct sockaddr_ll ll;
	struct cap c;
	u8 buf[256];

	cap_make(&c, 0, 0);
	all = packet_socket(c.net, SOCK_RAW, ETH_P_ALL, 0);
	ip = packet_socket(c.net, SOCK_RAW, ETH_P_IP, 0);
	cooked = packet_socket(c.net, SOCK_DGRAM, ETH_P_ALL, 0);
	ignore = packet_socket(c.net, SOCK_RAW, ETH_P_ALL, 0);
	assert_int_equal(kernel_setsockopt(ignore, SOL_PACKET, PACKET_IGNORE_OUTGOING, &bad, 4),
			 -EINVAL);
	assert_int_equal(kernel_setsockopt(ignore, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, 4), 0);
	assert_int_equal(get_opt(ignore, PACKET_IGNORE_OUTGOING), 1);
	send_udp(&c, 10);
	assert_int_equal(take(all, buf, sizeof(buf), &ll), 14 + 28 + 10);
	assert_int_equal(ll.sll_pkttype, PACKET_OUTGOING);
	assert_memory_equal(ll.sll_addr, c.dev->dev_addr, 6);
	assert_int_equal(buf[14], 0x45);
	assert_int_equal(take(cooked, buf, sizeof(buf), &ll), 38);
	assert_int_equal(buf[0], 0x45);
	assert_int_equal(ll.sll_protocol, htons(ETH_P_IP));
	assert_int_equal(take(ip, buf, sizeof(buf), NULL), -EAGAIN); /* by type: incoming only */
	assert_int_equal(take(ignore, buf, sizeof(buf), NULL), -EAGAIN);
	sock_release(all);
	sock_release(ip);
	sock_release(cooked);
	sock_release(ignore);
	cap_destroy(&c);
}

static void loopback_shows_both_ways(void **state)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(7), .sin_addr.s_addr = ip4(127, 0, 0, 1)};
	struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof(to)};
	struct socket *tap, *u;
	struct sockaddr_ll ll;
	struct cap c;
	u8 buf[256];

	cap_make(&c, 0, 0);
	dev_open(c.net->loopback_dev);
	tap = packet_socket(c.net, SOCK_RAW, ETH_P_ALL, c.net->loopback_dev->ifindex);
	u = test_socket(c.net, AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(kernel_sendmsg(u, &m, "abc", 3), 3);
	hosted_run_until_idle();
	assert_int_equal(take(tap, buf, sizeof(buf), &ll), 45);
	assert_int_equal(ll.sll_pkttype, PACKET_OUTGOING);
	assert_int_equal(ll.sll_hatype, ARPHRD_LOOPBACK);
	assert_int_equal(take(tap, buf, sizeof(buf), &ll), 45);
	assert_int_equal(ll.sll_pkttype, PACKET_HOST);
	assert_memory_equal(buf + 42, "abc", 3);
	sock_release(tap);
	sock_release(u);
	cap_destroy(&c);
}

static int send_ll(struct socket *s, const struct sockaddr_ll *ll, const void *data, size_t len)
{
	struct msghdr m = {.msg_name = (void *)ll,
			   .msg_namelen = ll ? sizeof(*ll) : 0,
			   .msg_flags = MSG_DONTWAIT};

	return kernel_sendmsg(s, &m, data, len);
}

static void frames_are_sent(void **state)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(0x88b6), .sll_halen = 6};
	static u8 frame[1600];
	struct socket *raw, *cooked, *tap;
	struct sockaddr_ll seen;
	const u8 *out;
	struct cap c;
	u8 buf[64];
	u32 len;

	cap_make(&c, 0, 0);
	raw = packet_socket(c.net, SOCK_RAW, ETH_P_ALL, c.dev->ifindex);
	tap = packet_socket(c.net, SOCK_RAW, ETH_P_ALL, 0);
	cooked = test_socket(c.net, AF_PACKET, SOCK_DGRAM, 0);
	memcpy(frame, peer_mac, 6);
	memcpy(frame + 6, other_mac, 6);
	put_be16(frame + 12, 0x88b6);
	assert_int_equal(send_ll(raw, NULL, frame, 20), 20);
	out = cap_next(&c, &len);
	assert_non_null(out);
	assert_int_equal(len, 20);
	assert_memory_equal(out, frame, 20);
	assert_int_equal(take(raw, buf, sizeof(buf), NULL), -EAGAIN); /* not its own */
	assert_int_equal(take(tap, buf, sizeof(buf), &seen), 20);
	assert_int_equal(seen.sll_protocol, htons(0x88b6));
	/* Too short, as long as may be, too long; a VLAN tag may make it four bytes more. */
	assert_int_equal(send_ll(raw, NULL, frame, 13), -EINVAL);
	assert_int_equal(send_ll(raw, NULL, frame, 1514), 1514);
	assert_int_equal(send_ll(raw, NULL, frame, 1515), -EMSGSIZE);
	put_be16(frame + 12, ETH_P_8021Q);
	assert_int_equal(send_ll(raw, NULL, frame, 1518), 1518);
	assert_int_equal(send_ll(raw, NULL, frame, 1519), -EMSGSIZE);
	cap_forget(&c);
	/* Cooked: nowhere to, then by address. */
	assert_int_equal(send_ll(cooked, NULL, "abc", 3), -ENXIO);
	ll.sll_ifindex = 4711;
	assert_int_equal(send_ll(cooked, &ll, "abc", 3), -ENXIO);
	ll.sll_ifindex = c.dev->ifindex;
	memcpy(ll.sll_addr, peer_mac, 6);
	assert_int_equal(send_ll(cooked, &ll, "abc", 3), 3);
	out = cap_next(&c, &len);
	assert_memory_equal(out, peer_mac, 6);
	assert_memory_equal(out + 6, c.dev->dev_addr, 6);
	assert_int_equal(get_be16(out + 12), 0x88b6);
	assert_memory_equal(out + 14, "abc", 3);
	assert_int_equal(send_ll(cooked, &ll, frame, 1500), 1500);
	assert_int_equal(send_ll(cooked, &ll, frame, 1501), -EMSGSIZE);
	ll.sll_halen = 200;
	assert_int_equal(send_ll(cooked, &ll, "abc", 3), -EINVAL);
	sock_release(raw);
	sock_release(cooked);
	sock_release(tap);
	cap_destroy(&c);
}

static void names_and_bad_binds(void **state)
{
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
	struct sockaddr_ll got;
	struct socket *s;
	struct cap c;

	cap_make(&c, 0, 0);
	assert_int_equal(sock_create_kern(c.net, AF_PACKET, SOCK_STREAM, 0, &s), -ESOCKTNOSUPPORT);
	s = test_socket(c.net, AF_PACKET, SOCK_RAW, htons(ETH_P_ARP));
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&ll, sizeof(ll) - 1), -EINVAL);
	ll.sll_family = AF_INET;
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&ll, sizeof(ll)), -EINVAL);
	ll.sll_family = AF_PACKET;
	ll.sll_ifindex = 4711;
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&ll, sizeof(ll)), -ENODEV);
	ll.sll_ifindex = c.dev->ifindex;
	ll.sll_protocol = 0; /* keeps socket()'s */
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&ll, sizeof(ll)), 0);
	assert_int_equal(s->ops->getname(s, (struct sockaddr *)&got, 0), 18);
	assert_int_equal(got.sll_protocol, htons(ETH_P_ARP));
	assert_int_equal(got.sll_ifindex, c.dev->ifindex);
	assert_int_equal(got.sll_hatype, ARPHRD_ETHER);
	assert_memory_equal(got.sll_addr, c.dev->dev_addr, 6);
	assert_int_equal(s->ops->getname(s, (struct sockaddr *)&got, 1), -EOPNOTSUPP);
	assert_int_equal(kernel_connect(s, (struct sockaddr *)&ll, sizeof(ll), 0), -EOPNOTSUPP);
	sock_release(s);
	cap_destroy(&c);
}

static void long_frames_are_cut_and_say_so(void **state)
{
	struct sock_filter forty[] = {BPF_STMT(BPF_RET | BPF_K, 40)};
	struct sock_fprog prog = {1, forty};
	char control[128], *at = control;
	struct msghdr m = {.msg_control = control, .msg_controllen = sizeof(control)};
	struct tpacket_auxdata *aux;
	struct cmsghdr *cmsg;
	int one = 1, amount;
	struct socket *s;
	struct cap c;
	u8 data[100] = {0}, buf[128];

	cap_make(&c, 0, 0);
	s = packet_socket(c.net, SOCK_RAW, ETH_P_ALL, 0);
	cap_inject(&c, bcast_mac, peer_mac, 0x88b6, BYTES(data, 100));
	assert_int_equal(s->ops->ioctl(s, SIOCINQ, (unsigned long)&amount), 0);
	assert_int_equal(amount, 114);
	m.msg_flags = 0;
	assert_int_equal(kernel_recvmsg(s, &m, buf, 20, MSG_DONTWAIT | MSG_PEEK), 20);
	assert_true(m.msg_flags & MSG_TRUNC);
	assert_int_equal(kernel_recvmsg(s, &m, buf, 20, MSG_DONTWAIT | MSG_TRUNC), 114);
	assert_int_equal(kernel_recvmsg(s, &m, buf, 20, MSG_OOB), -EINVAL);
	/* With auxiliary data and time; a filter that wants 40 bytes. */
	assert_int_equal(kernel_setsockopt(s, SOL_PACKET, PACKET_AUXDATA, &one, 4), 0);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_TIMESTAMPNS, &one, 4), 0);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)),
			 0);
	cap_inject(&c, bcast_mac, peer_mac, 0x88b6, BYTES(data, 100));
	m = (struct msghdr){.msg_control = control, .msg_controllen = sizeof(control)};
	assert_int_equal(kernel_recvmsg(s, &m, buf, sizeof(buf), MSG_DONTWAIT), 40);
	cmsg = (struct cmsghdr *)at;
	assert_int_equal(cmsg->cmsg_type, SO_TIMESTAMPNS);
	assert_int_equal(*(u64 *)CMSG_DATA(cmsg), ktime_get_real_ns() / NSEC_PER_SEC);
	cmsg = (struct cmsghdr *)(at + CMSG_ALIGN(cmsg->cmsg_len));
	assert_int_equal(cmsg->cmsg_level, SOL_PACKET);
	assert_int_equal(cmsg->cmsg_type, PACKET_AUXDATA);
	assert_int_equal(cmsg->cmsg_len, CMSG_LEN(sizeof(*aux)));
	aux = (struct tpacket_auxdata *)CMSG_DATA(cmsg);
	assert_true(aux->tp_status & TP_STATUS_USER);
	assert_int_equal(aux->tp_len, 114);
	assert_int_equal(aux->tp_snaplen, 40);
	assert_int_equal(aux->tp_mac, 0);
	assert_int_equal(aux->tp_net, 14);
	sock_release(s);
	cap_destroy(&c);
}

static void a_full_sock_counts_its_losses(void **state)
{
	struct tpacket_stats st;
	int i, small = 1, len = sizeof(st), got = 0;
	struct socket *s;
	struct cap c;
	u8 data[1000] = {0}, buf[2048];

	cap_make(&c, 0, 0);
	s = packet_socket(c.net, SOCK_RAW, 0x88b6, 0);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	for (i = 0; i < 20; i++)
		cap_inject(&c, bcast_mac, peer_mac, 0x88b6, BYTES(data, 1000));
	while (take(s, buf, sizeof(buf), NULL) > 0)
		got++;
	assert_true(got > 0 && got < 20);
	assert_int_equal(s->ops->getsockopt(s, SOL_PACKET, PACKET_STATISTICS, &st, &len), 0);
	assert_int_equal(st.tp_packets, 20);
	assert_int_equal(st.tp_drops, 20 - got);
	assert_int_equal(atomic_read(&s->sk->sk_drops), 20 - got);
	len = sizeof(st);
	assert_int_equal(s->ops->getsockopt(s, SOL_PACKET, PACKET_STATISTICS, &st, &len), 0);
	assert_int_equal(st.tp_packets + st.tp_drops, 0); /* reading resets */
	sock_release(s);
	cap_destroy(&c);
}

static void memberships_last_as_long_as_the_sock(void **state)
{
	struct packet_mreq mr = {.mr_type = PACKET_MR_PROMISC};
	struct packet_mreq mc = {
		.mr_type = PACKET_MR_MULTICAST, .mr_alen = 6, .mr_address = {1, 0, 0x5e, 9, 9, 9}};
	struct socket *s;
	struct cap c;

	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_PACKET, SOCK_RAW, 0);
#define ADD(m)	kernel_setsockopt(s, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &(m), sizeof(m))
#define DROP(m) kernel_setsockopt(s, SOL_PACKET, PACKET_DROP_MEMBERSHIP, &(m), sizeof(m))
	mr.mr_ifindex = 4711;
	assert_int_equal(ADD(mr), -ENODEV);
	mr.mr_ifindex = mc.mr_ifindex = c.dev->ifindex;
	assert_int_equal(ADD(mr), 0);
	assert_int_equal(ADD(mr), 0); /* counted in the sock */
	assert_int_equal(c.dev->promiscuity, 1);
	assert_true(c.dev->flags & IFF_PROMISC);
	assert_int_equal(DROP(mr), 0);
	assert_true(c.dev->flags & IFF_PROMISC);
	assert_int_equal(DROP(mr), 0);
	assert_false(c.dev->flags & IFF_PROMISC);
	assert_int_equal(DROP(mr), 0); /* as in Linux */
	mc.mr_alen = 5;
	assert_int_equal(ADD(mc), -EINVAL);
	mc.mr_alen = 9;
	assert_int_equal(ADD(mc), -EINVAL);
	mc.mr_alen = 6;
	assert_int_equal(ADD(mc), 0);
	assert_int_equal(dev_mc_del(c.dev, mc.mr_address), 0); /* it was there; put it back */
	assert_int_equal(dev_mc_add(c.dev, mc.mr_address), 0);
	mr.mr_type = PACKET_MR_ALLMULTI;
	assert_int_equal(ADD(mr), 0);
	mr.mr_type = PACKET_MR_PROMISC;
	assert_int_equal(ADD(mr), 0);
	sock_release(s);
	assert_int_equal(c.dev->promiscuity + c.dev->allmulti, 0);
	assert_int_equal(dev_mc_del(c.dev, mc.mr_address), -ENOENT);
	cap_destroy(&c);
}

static void devices_go_down_and_away(void **state)
{
	struct packet_mreq mr = {.mr_type = PACKET_MR_PROMISC};
	struct socket *s, *any;
	struct sockaddr_ll got, ll = {0};
	struct net_device *dev;
	struct net_pair p;
	u8 buf[64];

	pair_make(&p);
	dev = p.dev_a;
	s = packet_socket(p.a, SOCK_RAW, ETH_P_ALL, dev->ifindex);
	any = packet_socket(p.a, SOCK_RAW, ETH_P_ALL, 0);
	mr.mr_ifindex = dev->ifindex;
	assert_int_equal(ADD(mr), 0);
	dev_close(dev);
	while (take(any, buf, sizeof(buf), NULL) >= 0)
		;
	assert_int_equal(take(any, buf, sizeof(buf), NULL), -EAGAIN); /* not bound to it */
	assert_int_equal(take(s, buf, sizeof(buf), NULL), -ENETDOWN);
	assert_int_equal(send_ll(s, NULL, buf, 20), -ENETDOWN);
	dev_open(dev);
	while (take(s, buf, sizeof(buf), NULL) >= 0)
		;
	ll.sll_ifindex = dev->ifindex;
	assert_int_equal(send_ll(any, &ll, buf, 20), 20);
	assert_int_equal(take(s, buf, sizeof(buf), NULL), 20); /* sees again */
	dev->rtnl_link_ops->dellink(dev);
	while (take(s, buf, sizeof(buf), NULL) >= 0)
		;
	assert_int_equal(send_ll(s, NULL, buf, 20), -ENXIO);
	assert_int_equal(s->ops->getname(s, (struct sockaddr *)&got, 0), 12);
	assert_int_equal(got.sll_ifindex, -1);
	sock_release(s);
	sock_release(any);
	pair_destroy(&p);
}

static void bound_to_a_device_that_is_down(void **state)
{
	struct socket *s;
	struct cap c;
	u8 buf[64];

	cap_make(&c, 0, 0);
	dev_close(c.dev);
	s = packet_socket(c.net, SOCK_RAW, 0x88b6, c.dev->ifindex);
	assert_int_equal(take(s, buf, sizeof(buf), NULL), -ENETDOWN);
	assert_int_equal(take(s, buf, sizeof(buf), NULL), -EAGAIN);
	dev_open(c.dev);
	cap_inject(&c, bcast_mac, peer_mac, 0x88b6, BYTES("x", 1));
	assert_int_equal(take(s, buf, sizeof(buf), NULL), 15);
	sock_release(s);
	cap_destroy(&c);
}

static void namespaces_see_their_own(void **state)
{
	struct sockaddr_ll ll = {0};
	struct socket *a, *b;
	struct net_pair p;
	u8 buf[64] = {0};

	pair_make(&p);
	hosted_run_until_idle();
	a = packet_socket(p.a, SOCK_RAW, 0x88b6, 0);
	b = packet_socket(p.b, SOCK_RAW, 0x88b6, 0);
	memset(buf, 0xff, 6);
	put_be16(buf + 12, 0x88b6);
	ll.sll_ifindex = p.dev_a->ifindex;
	assert_int_equal(send_ll(a, &ll, buf, 30), 30);
	hosted_run_until_idle();
	assert_int_equal(take(a, buf, sizeof(buf), NULL), -EAGAIN);
	assert_int_equal(take(b, buf, sizeof(buf), NULL), 30);
	assert_int_equal(take(b, buf, sizeof(buf), NULL), -EAGAIN);
	sock_release(a);
	sock_release(b);
	pair_destroy(&p);
}

static void other_options_are_refused(void **state)
{
	static const int names[] = {PACKET_TX_RING, PACKET_FANOUT,    PACKET_VNET_HDR,
				    PACKET_LOSS,    PACKET_TIMESTAMP, PACKET_QDISC_BYPASS};
	struct socket *s;
	u32 val[8] = {0};
	int len = 4;
	struct cap c;
	size_t i;

	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_PACKET, SOCK_RAW, 0);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(kernel_setsockopt(s, SOL_PACKET, names[i], val, sizeof(val)),
				 -ENOPROTOOPT);
	assert_int_equal(s->ops->getsockopt(s, SOL_PACKET, PACKET_FANOUT, val, &len), -ENOPROTOOPT);
	assert_int_equal(kernel_setsockopt(s, SOL_IP, PACKET_AUXDATA, val, 4), -ENOPROTOOPT);
	sock_release(s);
	cap_destroy(&c);
}

/* The whole life of a sock with the nth allocation failing: nothing leaks (teardown looks). */
static void each_allocation_may_fail(void **state)
{
	struct packet_mreq mc = {.mr_type = PACKET_MR_ALLMULTI};
	struct socket *s;
	u8 buf[64] = {0};
	int n, done = 0;
	struct cap c;

	cap_make(&c, 0, 0);
	mc.mr_ifindex = c.dev->ifindex;
	for (n = 1; n < 40; n++) {
		hosted_fail_nth((unsigned long)n);
		if (!sock_create_kern(c.net, AF_PACKET, SOCK_RAW, htons(ETH_P_ALL), &s)) {
			ADD(mc);
			send_ll(s, &(struct sockaddr_ll){.sll_ifindex = c.dev->ifindex}, buf, 60);
			send_udp(&c, 100);
			while (take(s, buf, sizeof(buf), NULL) >= 0)
				done++;
			sock_release(s);
		}
		hosted_fail_nth(0);
		cap_forget(&c);
		assert_int_equal(c.dev->allmulti, 0);
	}
	assert_true(done > 10);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(frames_come_in_raw_and_cooked, net_up, net_down),
		TEST_UP_DOWN(taps_see_what_goes_out, net_up, net_down),
		TEST_UP_DOWN(loopback_shows_both_ways, net_up, net_down),
		TEST_UP_DOWN(frames_are_sent, net_up, net_down),
		TEST_UP_DOWN(names_and_bad_binds, net_up, net_down),
		TEST_UP_DOWN(long_frames_are_cut_and_say_so, net_up, net_down),
		TEST_UP_DOWN(a_full_sock_counts_its_losses, net_up, net_down),
		TEST_UP_DOWN(memberships_last_as_long_as_the_sock, net_up, net_down),
		TEST_UP_DOWN(devices_go_down_and_away, net_up, net_down),
		TEST_UP_DOWN(bound_to_a_device_that_is_down, net_up, net_down),
		TEST_UP_DOWN(namespaces_see_their_own, net_up, net_down),
		TEST_UP_DOWN(other_options_are_refused, net_up, net_down),
		TEST_UP_DOWN(each_allocation_may_fail, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
