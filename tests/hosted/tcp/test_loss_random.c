// SPDX-License-Identifier: BSD-2-Clause
/*
 * A peer without manners against the sender: acknowledgments, SACK and D-SACK blocks, windows and
 * echoed timestamps at random, true and false, while the program writes in all sizes and timers
 * run.
 * Seeded; after each step tcp_check_invariants() compares every queue with its counters. In the end
 * the peer behaves: everything must come out, and nothing be left.
 */
#include <tests/hosted/tcp/tcp_test.h>

#define CONNECTIONS 80
#define STEPS	    250

static u64 rnd_state;

static u32 rnd(u32 below)
{
	rnd_state = rnd_state * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(rnd_state >> 33) % below;
}

static bool one_in(u32 n)
{
	return rnd(n) == 0;
}

static void random_sysctls(struct tcp_env *e)
{
	static const int recovery[] = {1, 1, 1, 0, 3, 5};
	struct netns_ipv4 *v4 = &e->net->ipv4;

	v4->sysctl_tcp_recovery = recovery[rnd(6)];
	v4->sysctl_tcp_early_retrans = one_in(4) ? 0 : 3;
	v4->sysctl_tcp_frto = one_in(4) ? 0 : 2;
	v4->sysctl_tcp_mtu_probing = (int)rnd(3);
	v4->sysctl_tcp_base_mss = 300 + (int)rnd(800);
	v4->sysctl_tcp_retrans_collapse = one_in(4) ? 0 : 1;
	v4->sysctl_tcp_retries2 = 15;
	v4->sysctl_tcp_reordering = 1 + (int)rnd(5);
}

/* Somewhere in the stream, mostly in what is in flight, mostly at a segment's border. */
static u32 random_place(const struct tcp_env *e)
{
	const struct tcp_sock *tp = tp_of(e);
	u32 una = tp->snd_una - e->isn, flight = tp->snd_nxt - tp->snd_una;

	switch (rnd(8)) {
	case 0:
		return una - rnd(5000);
	case 1:
		return una + rnd(flight + 3000);
	case 2:
	case 3:
		return una + rnd(flight + 1);
	default:
		return una + rnd(flight / tp->mss_cache + 1) * tp->mss_cache;
	}
}

static void random_blocks(const struct tcp_env *e, struct opts *o)
{
	int i;

	o->nsack = (int)rnd(4);
	for (i = 0; i < o->nsack; i++) {
		o->sack[i][0] = random_place(e);
		o->sack[i][1] = one_in(3) ? random_place(e) : o->sack[i][0] + 1 + rnd(6000);
	}
	/* A D-SACK below SND.UNA, or inside the second block. */
	if (o->nsack > 1 && one_in(3)) {
		o->sack[0][0] = o->sack[1][0];
		o->sack[0][1] = o->sack[1][0] + 1 + rnd(1500);
	} else if (o->nsack && one_in(4)) {
		o->sack[0][1] = tp_of(e)->snd_una - e->isn;
		o->sack[0][0] = o->sack[0][1] - 1 - rnd(2000);
	}
}

static void random_ack(struct tcp_env *e)
{
	const struct tcp_sock *tp = tp_of(e);
	struct seg s = {.flags = ACK, .seq = tp->rcv_nxt - e->peer_isn, .win = e->win};

	s.ack = one_in(2) ? tp->snd_una - e->isn : random_place(e);
	s.win = one_in(12) ? 0 : one_in(8) ? (u16)rnd(3000) : 65535;
	if (tcp_is_sack(tp))
		random_blocks(e, &s.o);
	if (e->ts) {
		s.o.ts = true;
		s.o.tsval = (u32)script_ms() + 1000;
		s.o.tsecr = one_in(4) ? tcp_time_stamp_raw() + tp->tsoffset - rnd(3000)
				      : tcp_time_stamp_raw() + tp->tsoffset;
	}
	if (one_in(10)) { /* on data */
		s.len = 1 + rnd(100);
		s.flags |= PSH;
	}
	inject_seg(e, &s);
}

static bool alive(const struct tcp_env *e)
{
	return e->sock->sk->sk_state == TCP_ESTABLISHED;
}

static void random_step(struct tcp_env *e)
{
	switch (rnd(10)) {
	case 0:
	case 1:
		prog_send(e, 1 + rnd(one_in(3) ? 400 : 12000), 0);
		break;
	case 2:
		hosted_advance(1 + rnd(400));
		break;
	case 3:
		hosted_advance(1 + rnd(40));
		break;
	case 4:
		set_opt(e, SOL_TCP, TCP_NODELAY, (int)rnd(2));
		break;
	default:
		random_ack(e);
	}
	check(e);
	drop_seen(e);
}

/* A peer that has everything and says so. */
static void behave(struct tcp_env *e)
{
	int i;

	for (i = 0; i < 3000 && alive(e); i++) {
		const struct tcp_sock *tp = tp_of(e);
		struct seg s = {.flags = ACK, .win = 65535};

		if (!tp->packets_out && skb_queue_empty(&e->sock->sk->sk_write_queue))
			return;
		s.seq = tp->rcv_nxt - e->peer_isn;
		s.ack = tp->snd_nxt - e->isn;
		s.o.ts = e->ts;
		s.o.tsval = (u32)script_ms() + 1000;
		s.o.tsecr = tcp_time_stamp_raw() + tp->tsoffset;
		inject_seg(e, &s);
		drop_seen(e);
		hosted_advance(20);
		drop_seen(e);
	}
	assert_true(!alive(e) || !tp_of(e)->packets_out);
}

static void misbehaving_peers(void **state)
{
	const struct handshake *kinds[] = {&plain, &plain_ts, &no_sack};
	struct tcp_env *e;
	int n, i, lived = 0;

	(void)state;
	for (n = 0; n < CONNECTIONS; n++) {
		void *env = NULL;

		rnd_state = 0x9e3779b97f4a7c15ull * (u64)(n + 1);
		assert_int_equal(tcp_env_up(&env), 0);
		e = env;
		random_sysctls(e);
		passive_open(e, kinds[rnd(3)]);
		for (i = 0; i < STEPS && alive(e); i++)
			random_step(e);
		if (alive(e))
			behave(e);
		lived += alive(e);
		drop_seen(e);
		assert_int_equal(tcp_env_down(&env), 0);
	}
	assert_true(lived > CONNECTIONS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(misbehaving_peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
