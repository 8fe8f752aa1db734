// SPDX-License-Identifier: BSD-2-Clause
/* ARP and the neighbour cache: questions, answers, states in time, queues, limits, conflicts. */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/arp.h>
#include <netinet/if_ether.h>
#include <string.h>
#include <sys/ioctl.h>
#include <tests/hosted/net/capture.h>

/* An ARP packet as it might come; `len` bytes of it. */
static void arp_in(struct cap *c, u16 op, be32 sip, be32 tip, const u8 *sha)
{
	struct ether_arp ea = {.arp_hrd = cpu_to_be16(1),
			       .arp_pro = cpu_to_be16(ETH_P_IP),
			       .arp_hln = 6,
			       .arp_pln = 4,
			       .arp_op = cpu_to_be16(op)};

	memcpy(ea.arp_sha, sha, 6);
	memcpy(ea.arp_spa, &sip, 4);
	memcpy(ea.arp_tpa, &tip, 4);
	if (op == ARPOP_REPLY)
		memcpy(ea.arp_tha, c->dev->dev_addr, 6);
	cap_inject(c, op == ARPOP_REPLY ? c->dev->dev_addr : bcast_mac, sha, ETH_P_ARP,
		   BYTES(&ea, sizeof(ea)));
}

/* The next frame, which must be ARP; NULL when there is none. */
static const struct ether_arp *arp_out(struct cap *c)
{
	static struct ether_arp ea;
	u32 len;
	const u8 *f = cap_next(c, &len);

	if (!f)
		return NULL;
	assert_int_equal(f[12] << 8 | f[13], ETH_P_ARP);
	assert_true(len >= ETH_HLEN + sizeof(ea));
	memcpy(&ea, f + ETH_HLEN, sizeof(ea));
	return &ea;
}

static u8 state_of(struct cap *c, be32 ip)
{
	struct neighbour *n = neigh_lookup(c->net, ip, c->dev);
	u8 state = n ? n->nud_state : NUD_NONE;

	if (n)
		neigh_release(n);
	return state;
}

static struct socket *udp_to_peer(struct cap *c)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(9)};
	struct socket *s = test_socket(c->net, AF_INET, SOCK_DGRAM, 0);

	sin.sin_addr.s_addr = PEER_IP;
	assert_int_equal(kernel_connect(s, (struct sockaddr *)&sin, sizeof(sin), 0), 0);
	return s;
}

static int say(struct socket *s, const char *text)
{
	struct msghdr m = {.msg_flags = MSG_DONTWAIT};

	return kernel_sendmsg(s, &m, text, strlen(text));
}

static bool udp_out(struct cap *c, const char *text)
{
	const u8 *p;
	u32 len;

	return cap_next_ip(c, IPPROTO_UDP, &p, &len) && len == 8 + strlen(text) &&
	       !memcmp(p + 8, text, strlen(text));
}

static void requests_for_us_are_answered(void **state)
{
	const struct ether_arp *ea;
	be32 ip = HOST_IP;
	struct cap c;

	cap_make(&c, 0, CAP_NO_PEER);
	arp_in(&c, ARPOP_REQUEST, PEER_IP, HOST_IP, peer_mac);
	ea = arp_out(&c);
	assert_non_null(ea);
	assert_int_equal(be16_to_cpu(ea->arp_op), ARPOP_REPLY);
	assert_memory_equal(ea->arp_sha, c.dev->dev_addr, 6);
	assert_memory_equal(ea->arp_spa, &ip, 4);
	assert_memory_equal(ea->arp_tha, peer_mac, 6);
	assert_int_equal(state_of(&c, PEER_IP), NUD_STALE); /* who asked is remembered */
	arp_in(&c, ARPOP_REQUEST, PEER_IP, ip4(10, 0, 0, 77), peer_mac);
	assert_null(arp_out(&c));
	arp_in(&c, ARPOP_REQUEST, 0, HOST_IP, other_mac); /* a probe */
	assert_non_null(arp_out(&c));
	c.net->ipv4.devconf_all.arp_ignore = 8;
	arp_in(&c, ARPOP_REQUEST, PEER_IP, HOST_IP, peer_mac);
	assert_null(arp_out(&c));
	cap_destroy(&c);
}

static void malformed_packets_are_dropped(void **state)
{
	static const u8 group_mac[6] = {1, 0, 0, 0, 0, 1}, zero_mac[6];
	struct ether_arp ea = {.arp_hrd = cpu_to_be16(1),
			       .arp_pro = cpu_to_be16(ETH_P_IP),
			       .arp_hln = 6,
			       .arp_pln = 4,
			       .arp_op = cpu_to_be16(1)};
	be32 peer = PEER_IP, host = HOST_IP;
	struct ether_arp bad;
	struct cap c;
	u32 i;

	cap_make(&c, 0, CAP_NO_PEER);
	memcpy(ea.arp_sha, peer_mac, 6);
	memcpy(ea.arp_spa, &peer, 4);
	memcpy(ea.arp_tpa, &host, 4);
	for (i = 0; i < sizeof(ea); i++) /* every length that is too short */
		cap_inject(&c, bcast_mac, peer_mac, ETH_P_ARP, BYTES(&ea, i));
	for (i = 0; i < 8; i++) { /* every byte of the fixed part wrong */
		bad = ea;
		((u8 *)&bad)[i] ^= 0x40;
		cap_inject(&c, bcast_mac, peer_mac, ETH_P_ARP, BYTES(&bad, sizeof(bad)));
	}
	arp_in(&c, ARPOP_REQUEST, PEER_IP, HOST_IP, group_mac);
	arp_in(&c, ARPOP_REQUEST, PEER_IP, HOST_IP, zero_mac);
	arp_in(&c, ARPOP_REQUEST, ip4(224, 0, 0, 1), HOST_IP, peer_mac);
	arp_in(&c, ARPOP_REQUEST, ip4(255, 255, 255, 255), HOST_IP, peer_mac);
	arp_in(&c, ARPOP_REQUEST, ip4(127, 0, 0, 1), HOST_IP, peer_mac);
	assert_null(arp_out(&c));
	assert_int_equal(state_of(&c, PEER_IP), NUD_NONE);
	cap_destroy(&c);
}

static void a_packet_waits_for_the_answer(void **state)
{
	const struct ether_arp *ea;
	struct socket *s;
	struct cap c;

	cap_make(&c, 0, CAP_NO_PEER);
	s = udp_to_peer(&c);
	assert_int_equal(say(s, "one"), 3);
	assert_int_equal(say(s, "two"), 3);
	ea = arp_out(&c);
	assert_non_null(ea);
	assert_int_equal(be16_to_cpu(ea->arp_op), ARPOP_REQUEST);
	assert_null(arp_out(&c));
	assert_int_equal(state_of(&c, PEER_IP), NUD_INCOMPLETE);
	arp_in(&c, ARPOP_REPLY, PEER_IP, HOST_IP, peer_mac);
	assert_int_equal(state_of(&c, PEER_IP), NUD_REACHABLE);
	assert_true(udp_out(&c, "one"));
	assert_true(udp_out(&c, "two"));
	assert_int_equal(say(s, "three"), 5);
	assert_true(udp_out(&c, "three"));
	sock_release(s);
	cap_destroy(&c);
}

static void no_answer_is_an_error(void **state)
{
	struct msghdr m = {0};
	struct socket *s;
	int asked = 0;
	char buf[8];
	struct cap c;

	cap_make(&c, 0, CAP_NO_PEER);
	s = udp_to_peer(&c);
	assert_int_equal(kernel_setsockopt(s, SOL_IP, IP_RECVERR, &(int){1}, sizeof(int)), 0);
	assert_int_equal(say(s, "hello"), 5);
	hosted_advance(10 * 1000);
	while (arp_out(&c))
		asked++;
	assert_int_equal(asked, 3);
	assert_int_equal(state_of(&c, PEER_IP), NUD_FAILED);
	assert_int_equal(kernel_recvmsg(s, &m, buf, sizeof(buf), MSG_DONTWAIT), -EHOSTUNREACH);
	/* The next packet asks again. */
	say(s, "again");
	assert_non_null(arp_out(&c));
	sock_release(s);
	cap_destroy(&c);
}

static void reachable_becomes_stale_then_probes(void **state)
{
	const struct ether_arp *ea;
	struct socket *s;
	struct cap c;
	u32 len;
	const u8 *f;

	cap_make(&c, 0, CAP_NO_PEER);
	s = udp_to_peer(&c);
	say(s, "one");
	arp_in(&c, ARPOP_REPLY, PEER_IP, HOST_IP, peer_mac);
	hosted_advance(60 * 1000); /* longer than any reachable time */
	assert_int_equal(state_of(&c, PEER_IP), NUD_STALE);
	cap_forget(&c);
	say(s, "two"); /* goes at once */
	assert_true(udp_out(&c, "two"));
	assert_int_equal(state_of(&c, PEER_IP), NUD_DELAY);
	hosted_advance(5500);
	assert_int_equal(state_of(&c, PEER_IP), NUD_PROBE);
	f = cap_next(&c, &len); /* asked by unicast */
	assert_non_null(f);
	assert_memory_equal(f, peer_mac, 6);
	arp_in(&c, ARPOP_REPLY, PEER_IP, HOST_IP, peer_mac);
	assert_int_equal(state_of(&c, PEER_IP), NUD_REACHABLE);
	cap_forget(&c);
	/* Silence at last. */
	hosted_advance(60 * 1000);
	say(s, "three");
	cap_forget(&c);
	hosted_advance(20 * 1000);
	assert_int_equal(state_of(&c, PEER_IP), NUD_FAILED);
	while ((ea = arp_out(&c)) != NULL)
		assert_int_equal(be16_to_cpu(ea->arp_op), ARPOP_REQUEST);
	sock_release(s);
	cap_destroy(&c);
}

static void a_changed_address_is_learned_after_locktime(void **state)
{
	struct neighbour *n;
	struct cap c;

	cap_make(&c, 0, CAP_NO_PEER);
	arp_in(&c, ARPOP_REQUEST, PEER_IP, HOST_IP, peer_mac);
	cap_forget(&c);
	n = neigh_lookup(c.net, PEER_IP, c.dev);
	arp_in(&c, ARPOP_REPLY, PEER_IP, HOST_IP, other_mac); /* too soon to be believed */
	assert_memory_equal(n->ha, peer_mac, 6);
	hosted_advance(1500);
	arp_in(&c, ARPOP_REPLY, PEER_IP, HOST_IP, other_mac);
	assert_memory_equal(n->ha, other_mac, 6);
	neigh_release(n);
	/* An answer nobody asked for makes no entry. */
	arp_in(&c, ARPOP_REPLY, ip4(10, 0, 0, 50), HOST_IP, other_mac);
	assert_int_equal(state_of(&c, ip4(10, 0, 0, 50)), NUD_NONE);
	cap_destroy(&c);
}

static void a_conflict_is_defended_now_and_then(void **state)
{
	const struct ether_arp *ea;
	be32 ip = HOST_IP;
	struct cap c;

	cap_make(&c, 0, CAP_NO_PEER);
	arp_in(&c, ARPOP_REQUEST, HOST_IP, HOST_IP, other_mac);
	ea = arp_out(&c);
	assert_non_null(ea);
	assert_memory_equal(ea->arp_spa, &ip, 4);
	assert_memory_equal(ea->arp_tpa, &ip, 4);
	assert_memory_equal(ea->arp_sha, c.dev->dev_addr, 6);
	arp_in(&c, ARPOP_REPLY, HOST_IP, HOST_IP, other_mac);
	assert_null(arp_out(&c)); /* not more than once in ten seconds */
	hosted_advance(11 * 1000);
	arp_in(&c, ARPOP_REPLY, HOST_IP, HOST_IP, other_mac);
	assert_non_null(arp_out(&c));
	cap_destroy(&c);
}

static struct cap *probing;
static void answer_probe(struct hosted_event *e)
{
	arp_in(probing, ARPOP_REPLY, ip4(10, 0, 0, 9), 0, other_mac);
}

static void a_new_address_is_announced_and_probed(void **state)
{
	struct hosted_event e;
	struct cap c;

	cap_make(&c, 0, CAP_NO_PEER);
	inet_addr_add(c.dev, ip4(10, 0, 0, 8), 24, 0);
	assert_non_null(arp_out(&c));
	cap_forget(&c);
	assert_false(arp_probe_conflict(c.dev, ip4(10, 0, 0, 9), 2, 200));
	assert_int_equal(c.n, 2);
	probing = &c;
	hosted_event_init(&e, answer_probe);
	hosted_event_at(&e, hosted_now_ns() + 100 * 1000000ull);
	assert_true(arp_probe_conflict(c.dev, ip4(10, 0, 0, 9), 2, 200));
	cap_destroy(&c);
}

static void the_queue_and_the_table_are_bounded(void **state)
{
	struct neighbour *n;
	struct socket *s;
	struct cap c;
	int i;

	cap_make(&c, 0, CAP_NO_PEER);
	s = udp_to_peer(&c);
	n = neigh_lookup_create(c.net, PEER_IP, c.dev);
	n->parms->s.unres_qlen_bytes = 4000;
	for (i = 0; i < 50; i++)
		say(s, "x");
	assert_true(n->arp_queue_len_bytes <= 4000);
	assert_true(n->tbl->stats.unres_discards > 30);
	neigh_release(n);
	c.net->ipv4.neigh.gc_thresh3 = 20;
	local_bh_disable();
	for (i = 1; i < 100; i++) { /* all being asked for: none can be given up */
		n = neigh_lookup_create(c.net, ip4(10, 0, 0, (u8)(100 + i)), c.dev);
		if (IS_ERR(n)) {
			assert_int_equal(PTR_ERR(n), -ENOBUFS);
			break;
		}
		neigh_update(n, peer_mac, NUD_PERMANENT, NEIGH_UPDATE_F_ADMIN);
		neigh_release(n);
	}
	local_bh_enable();
	assert_true(i < 25);
	assert_true(c.net->ipv4.arp_tbl->stats.table_fulls > 0);
	sock_release(s);
	cap_destroy(&c);
}

static void programs_set_and_read_entries(void **state)
{
	struct arpreq r = {.arp_flags = ATF_PERM, .arp_dev = "eth0"};
	struct sockaddr_in sin = {.sin_family = AF_INET};
	struct cap c;

	cap_make(&c, 0, CAP_NO_PEER);
	sin.sin_addr.s_addr = PEER_IP;
	memcpy(&r.arp_pa, &sin, sizeof(sin));
	assert_int_equal(arp_ioctl(c.net, SIOCGARP, &r), -ENXIO);
	r.arp_ha.sa_family = ARPHRD_ETHER;
	memcpy(r.arp_ha.sa_data, peer_mac, 6);
	assert_int_equal(arp_ioctl(c.net, SIOCSARP, &r), 0);
	memset(&r.arp_ha, 0, sizeof(r.arp_ha));
	assert_int_equal(arp_ioctl(c.net, SIOCGARP, &r), 0);
	assert_memory_equal(r.arp_ha.sa_data, peer_mac, 6);
	assert_int_equal(r.arp_flags, ATF_PERM | ATF_COM);
	assert_int_equal(arp_ioctl(c.net, SIOCDARP, &r), 0);
	assert_int_equal(arp_ioctl(c.net, SIOCDARP, &r), -ENXIO);
	strcpy(r.arp_dev, "nope");
	assert_int_equal(arp_ioctl(c.net, SIOCSARP, &r), -ENODEV);
	r.arp_pa.sa_family = AF_UNIX;
	assert_int_equal(arp_ioctl(c.net, SIOCSARP, &r), -EPFNOSUPPORT);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(requests_for_us_are_answered, net_up, net_down),
		TEST_UP_DOWN(malformed_packets_are_dropped, net_up, net_down),
		TEST_UP_DOWN(a_packet_waits_for_the_answer, net_up, net_down),
		TEST_UP_DOWN(no_answer_is_an_error, net_up, net_down),
		TEST_UP_DOWN(reachable_becomes_stale_then_probes, net_up, net_down),
		TEST_UP_DOWN(a_changed_address_is_learned_after_locktime, net_up, net_down),
		TEST_UP_DOWN(a_conflict_is_defended_now_and_then, net_up, net_down),
		TEST_UP_DOWN(a_new_address_is_announced_and_probed, net_up, net_down),
		TEST_UP_DOWN(the_queue_and_the_table_are_bounded, net_up, net_down),
		TEST_UP_DOWN(programs_set_and_read_entries, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
