// SPDX-License-Identifier: BSD-2-Clause
/*
 * Hosts and wires: client and server joined by one link, or by two with a router between them that
 * forwards, and that sends "fragmentation needed" where the second link is narrower. And the
 * sysctls of each host, by dice.
 */
#include <net/route.h>
#include <net/sock_ops.h>
#include <net/tcp.h>
#include <net/tcp_cong.h>
#include <stdlib.h>
#include <tests/hosted/sim/sim.h>

static struct net *new_host(const char *name)
{
	struct net *net = net_create(name);

	assert_false(IS_ERR(net));
	return net;
}

static void address(struct sim_nic *n, be32 addr)
{
	assert_int_equal(inet_addr_add(n->dev, addr, 24, 0), 0);
}

static void default_route(struct net *net, struct sim_nic *n, be32 gw)
{
	struct fib_config cfg = {.gw = gw, .type = RTN_UNICAST, .dev = n->dev};

	assert_int_equal(fib_add_route(net, &cfg), 0);
}

static void one_link(struct sim *s)
{
	struct net *nets[2] = {s->client, s->server};

	s->links = 1;
	s->client_addr = ip4(10, 0, 0, 1);
	s->server_addr = ip4(10, 0, 0, 2);
	sim_link_make(&s->link[0], nets, s->plan.mtu[0]);
	address(s->link[0].nic[0], s->client_addr);
	address(s->link[0].nic[1], s->server_addr);
}

static void two_links(struct sim *s)
{
	struct net *left[2], *right[2];

	s->router = new_host("router");
	s->router->ipv4.sysctl_ip_forward = 1;
	inet_forward_change(s->router);
	left[0] = s->client;
	left[1] = right[0] = s->router;
	right[1] = s->server;
	s->links = 2;
	s->client_addr = ip4(10, 0, 1, 1);
	s->server_addr = ip4(10, 0, 2, 1);
	sim_link_make(&s->link[0], left, s->plan.mtu[0]);
	sim_link_make(&s->link[1], right, s->plan.mtu[1]);
	address(s->link[0].nic[0], s->client_addr);
	address(s->link[0].nic[1], ip4(10, 0, 1, 2));
	address(s->link[1].nic[0], ip4(10, 0, 2, 2));
	address(s->link[1].nic[1], s->server_addr);
	default_route(s->client, s->link[0].nic[0], ip4(10, 0, 1, 2));
	default_route(s->server, s->link[1].nic[1], ip4(10, 0, 2, 2));
}

/* ---- sysctls ---- */

static void tune_memory(struct rng *r, struct netns_ipv4 *v4, const struct sim_plan *p)
{
	if (rng_one_in(r, 4)) {
		v4->sysctl_tcp_rmem[1] = (int)rng_between(r, 4096, 70000);
		v4->sysctl_tcp_rmem[2] = v4->sysctl_tcp_rmem[1] + (int)rng_skewed(r, 500000);
	}
	if (rng_one_in(r, 4)) {
		v4->sysctl_tcp_wmem[1] = (int)rng_between(r, 4608, 40000);
		v4->sysctl_tcp_wmem[2] = v4->sysctl_tcp_wmem[1] + (int)rng_skewed(r, 500000);
	}
	v4->sysctl_tcp_moderate_rcvbuf = !rng_one_in(r, 4);
	if (rng_one_in(r, 5))
		v4->sysctl_tcp_adv_win_scale = (int)rng_below(r, 5) - 1;
	if (p->short_memory) {
		v4->sysctl_tcp_mem[0] = (long)rng_between(r, 8, 60);
		v4->sysctl_tcp_mem[1] = v4->sysctl_tcp_mem[0] + (long)rng_below(r, 40);
		v4->sysctl_tcp_mem[2] = v4->sysctl_tcp_mem[1] + (long)rng_below(r, 100);
		if (rng_one_in(r, 3))
			v4->sysctl_tcp_max_orphans = (int)rng_below(r, 4);
	}
}

static void tune_retries(struct rng *r, struct netns_ipv4 *v4, bool patient)
{
	if (patient) { /* the network is bad, not dead: never give up */
		v4->sysctl_tcp_syn_retries = v4->sysctl_tcp_synack_retries = 120;
		v4->sysctl_tcp_retries2 = v4->sysctl_tcp_orphan_retries = 120;
		return;
	}
	v4->sysctl_tcp_syn_retries = (int)rng_between(r, 2, 6);
	v4->sysctl_tcp_synack_retries = (int)rng_between(r, 1, 5);
	v4->sysctl_tcp_retries2 = (int)rng_between(r, 3, 15);
	v4->sysctl_tcp_orphan_retries = (int)rng_below(r, 8);
	if (rng_one_in(r, 4))
		v4->sysctl_tcp_fin_timeout = (int)rng_between(r, 1, 120) * 1000;
	if (rng_one_in(r, 6))
		v4->sysctl_max_tw_buckets = (int)rng_below(r, 8);
}

static void tune_recovery(struct rng *r, struct netns_ipv4 *v4)
{
	v4->sysctl_tcp_timestamps = rng_one_in(r, 3) ? 0 : 1 + (int)rng_one_in(r, 4);
	v4->sysctl_tcp_sack = !rng_one_in(r, 4);
	v4->sysctl_tcp_dsack = !rng_one_in(r, 4);
	v4->sysctl_tcp_window_scaling = !rng_one_in(r, 4);
	v4->sysctl_tcp_recovery = rng_one_in(r, 4) ? (int)rng_below(r, 8) : 1;
	v4->sysctl_tcp_early_retrans = rng_one_in(r, 4) ? (int)rng_below(r, 5) : 3;
	v4->sysctl_tcp_frto = (int)rng_below(r, 3);
	v4->sysctl_tcp_reordering = rng_one_in(r, 4) ? (int)rng_between(r, 1, 20) : 3;
	v4->sysctl_tcp_slow_start_after_idle = (int)rng_below(r, 2);
	v4->sysctl_tcp_thin_linear_timeouts = (int)rng_one_in(r, 5);
	v4->sysctl_tcp_tso_win_divisor = rng_one_in(r, 4) ? (int)rng_below(r, 8) : 3;
	v4->sysctl_tcp_min_tso_segs = rng_one_in(r, 4) ? (int)rng_between(r, 1, 10) : 2;
	v4->sysctl_tcp_ecn = (int)rng_below(r, 3);
	if (rng_one_in(r, 6))
		v4->sysctl_tcp_notsent_lowat = (int)rng_between(r, 1, 100000);
}

static void tune_probing(struct rng *r, struct netns_ipv4 *v4)
{
	v4->sysctl_tcp_mtu_probing = (int)rng_below(r, 3);
	v4->sysctl_tcp_retrans_collapse = (int)rng_below(r, 2);
	if (rng_one_in(r, 4))
		v4->sysctl_tcp_comp_sack_nr = (int)rng_below(r, 60);
	if (rng_one_in(r, 4))
		v4->sysctl_tcp_comp_sack_delay_ns = rng_below(r, 20000000);
	if (rng_one_in(r, 4))
		v4->sysctl_tcp_base_mss = (int)rng_between(r, 200, 1400);
	v4->sysctl_tcp_nometrics_save = (int)rng_below(r, 2);
}

static void tune_congestion(struct rng *r, struct netns_ipv4 *v4)
{
	static const char *const names[] = {"reno", "cubic", "bbr", "dctcp"};
	const struct tcp_congestion_ops *ca = tcp_ca_find(names[rng_below(r, 4)]);

	if (ca)
		v4->tcp_congestion_control = ca;
}

/* Dice of their own, so that the others fall as they did. */
static void tune_sending(struct sim *s)
{
	struct net *const hosts[] = { s->client, s->server };
	struct rng r;
	u32 i;

	rng_seed(&r, s->seed, 20);
	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		struct netns_ipv4 *v4 = &hosts[i]->ipv4;

		if (rng_one_in(&r, 4))
			v4->sysctl_tcp_limit_output_bytes = (int)rng_below(&r, 20000);
		v4->sysctl_tcp_autocorking = !rng_one_in(&r, 4);
		v4->sysctl_tcp_ecn_fallback = !rng_one_in(&r, 4);
	}
	if (rng_one_in(&r, 2)) {
		for (i = 0; i < 4; i++)
			s->link[i / 2].cond[i % 2].mark = rng_skewed(&r, 1000);
	}
}

static void tune(struct sim *s, struct net *net)
{
	struct netns_ipv4 *v4 = &net->ipv4;
	struct rng *r = &s->rng;

	tune_memory(r, v4, &s->plan);
	tune_retries(r, v4, s->plan.patient);
	tune_recovery(r, v4);
	tune_congestion(r, v4);
	tune_probing(r, v4);
	/* A late ACK with a cookie revives what was aborted, half: only time ends that. */
	v4->sysctl_tcp_syncookies = s->plan.patient ? 0 : (int)rng_below(r, 3);
	v4->sysctl_tcp_abort_on_overflow = !s->plan.patient && rng_one_in(r, 4);
	v4->sysctl_tcp_tw_reuse = (int)rng_below(r, 3);
	v4->sysctl_tcp_rfc1337 = (int)rng_below(r, 2);
	if (rng_one_in(r, 6))
		v4->sysctl_max_syn_backlog = (int)rng_between(r, 1, 8);
	if (rng_one_in(r, 6))
		v4->sysctl_tcp_challenge_ack_limit = (int)rng_between(r, 1, 50);
	/* Only a router cuts packets: of what the hosts send every segment is seen whole. */
	if (s->plan.whole_segments)
		v4->sysctl_tcp_mtu_probing = 0;
	v4->sysctl_ip_no_pmtu_disc = s->plan.whole_segments;
	if (s->plan.ports) {
		v4->sysctl_local_ports[0] = 40000;
		v4->sysctl_local_ports[1] = 40000 + (int)s->plan.ports - 1;
	}
}

void topology_make(struct sim *s)
{
	int i, side;

	s->client = new_host("client");
	s->server = new_host("server");
	s->wire.no_memory = s->plan.fail_permille || s->plan.short_memory;
	for (i = 0; i < 2; i++) {
		struct sim_link *l = &s->link[i];

		rng_seed(&l->rng, s->seed, 10 + (u64)i);
		rng_seed(&l->mark_rng, s->seed, 22 + (u64)i);
		l->wire = &s->wire;
		l->kind = s->plan.nic;
		for (side = 0; side < 2; side++)
			l->cond[side] = s->plan.cond;
	}
	if (s->plan.router)
		two_links(s);
	else
		one_link(s);
	tune(s, s->client);
	tune(s, s->server);
	tune_sending(s);
	s->cookies = s->server->ipv4.sysctl_tcp_syncookies == 2 ||
		     (s->server->ipv4.sysctl_tcp_syncookies == 1 &&
		      (s->plan.backlog < 64 || s->server->ipv4.sysctl_max_syn_backlog <= 8));
}

static bool host_is_empty(const struct net *net)
{
	const struct netns_ipv4 *v4 = &net->ipv4;

	return !v4->tcp_orphan_count && !v4->tcp_sockets_allocated && !v4->tcp_memory_allocated &&
	       !v4->tw_count;
}

static void must_be_empty(struct sim *s, const struct net *net)
{
	const struct netns_ipv4 *v4 = &net->ipv4;

	if (!host_is_empty(net))
		SIM_FAIL(s, "%s is left with %d orphans, %d socks, %ld pages, %d in TIME-WAIT",
			 net->name, v4->tcp_orphan_count, v4->tcp_sockets_allocated,
			 v4->tcp_memory_allocated, v4->tw_count);
}

/* Closed connections have their time to end: FIN-WAIT, TIME-WAIT, the last retransmissions. */
#define LEAVE_MS (3600 * 1000)

void topology_destroy(struct sim *s)
{
	u64 end = hosted_now_ns() + LEAVE_MS * NSEC_PER_MSEC;
	int i;

	while ((!host_is_empty(s->client) || !host_is_empty(s->server)) && hosted_now_ns() < end)
		hosted_advance(1000);
	must_be_empty(s, s->client);
	must_be_empty(s, s->server);
	hosted_advance(150000); /* the last frames, and timers of half-open connections */
	for (i = 0; i < s->links; i++)
		sim_link_destroy(&s->link[i]);
	put_net(s->client);
	put_net(s->server);
	if (s->router)
		put_net(s->router);
	hosted_drain(300 * 1000);
}
