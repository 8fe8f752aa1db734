// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP over a bad link, by seeds: random transfers in both directions at once, random write sizes
 * and pauses, slow readers, over loss, duplication, reordering, delay, corruption and a slow link.
 * After every frame the invariants of all connections hold; at the end every byte arrived, in
 * order, and all memory is back.
 *
 *   SEEDS=N build/hosted/test/sim/test_tcp_sim     N seeds (default 12), from SEED on (default 1)
 */
#include <net/inet_common.h>
#include <net/sock_ops.h>
#include <net/tcp_data.h>
#include <stdlib.h>
#include <tests/hosted/sim/link.h>

#define MAX_CONNS 4

struct sim;
struct end {
	struct sim *sim;
	struct socket *sock;
	u64 rng;
	u32 to_send, to_receive, received;
	u8 key_out, key_in;
	bool slow_reader;
	struct thread *writer, *reader;
};
struct sim {
	struct sim_link link;
	struct socket *listener;
	u64 rng;
	int conns;
	struct end client[MAX_CONNS], server[MAX_CONNS];
	u64 seed;
	struct hosted_event watchdog;
	u32 watched_sent;
};

/* One line a connection, for whoever looks at a seed that failed. */
static void print_end(const char *who, int i, const struct end *e)
{
	const struct sock *sk = e->sock ? e->sock->sk : NULL;
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (!sk)
		return;
	print_message(
		"%s %d: state %d sent %u acked %u of %u, received %u of %u; snd_wnd %u rcv_wnd %u "
		"out %u lost %u retrans %u sacked %u cwnd %u ca %u pending %u ack %x in %ld ms "
		"timer %d backoff %u rcvq %u ofo %d owned %d rmem %d of %d wmem %d of %d\n",
		who, i, sk->sk_state, tp->snd_nxt, tp->snd_una, tp->write_seq, e->received,
		e->to_receive, tp->snd_wnd, tp->rcv_wnd, tp->packets_out, tp->lost_out,
		tp->retrans_out, tp->sacked_out, tp->snd_cwnd, icsk->icsk_ca_state,
		icsk->icsk_pending, icsk->icsk_ack.pending,
		(long)(icsk->icsk_timeout - get_jiffies()),
		timer_pending(&icsk->icsk_retransmit_timer), icsk->icsk_backoff,
		sk->sk_receive_queue.qlen, !RB_EMPTY_ROOT(&tp->out_of_order_queue),
		sk->sk_lock.owned, atomic_read(&sk->sk_rmem_alloc), sk->sk_rcvbuf,
		sk->sk_wmem_queued, sk->sk_sndbuf);
}

/* Nothing was delivered for a day although connections are open: somebody forgot a timer. */
static void watchdog(struct hosted_event *ev)
{
	struct sim *s = container_of(ev, struct sim, watchdog);
	int i;

	if (s->link.sent == s->watched_sent) {
		for (i = 0; i < s->conns; i++) {
			print_end("client", i, &s->client[i]);
			print_end("server", i, &s->server[i]);
		}
		panic("seed %lu: nothing moves", (unsigned long)s->seed);
	}
	s->watched_sent = s->link.sent;
	hosted_event_at(ev, hosted_now_ns() + 86400ull * NSEC_PER_SEC);
}

static u8 byte_at(u8 key, u32 pos)
{
	return (u8)(key + pos * 31 + (pos >> 9) * 7);
}

static void check_all(void *arg)
{
	struct sim *s = arg;
	int i;

	for (i = 0; i < s->conns; i++) {
		if (s->client[i].sock)
			tcp_check_invariants(s->client[i].sock->sk);
		if (s->server[i].sock)
			tcp_check_invariants(s->server[i].sock->sk);
	}
}

static int write_all(void *arg)
{
	struct end *e = arg;
	u8 *buf = malloc(70000);
	u32 done = 0, i;

	while (done < e->to_send) {
		u32 n = 1 + sim_random(&e->rng, sim_random(&e->rng, 4) ? 3000 : 70000);
		struct msghdr msg = {.msg_flags = sim_random(&e->rng, 5) ? 0 : MSG_MORE};
		u32 from = 0;

		n = min(n, e->to_send - done);
		if (n == e->to_send - done)
			msg.msg_flags = 0;
		for (i = 0; i < n; i++)
			buf[i] = byte_at(e->key_out, done + i);
		while (from < n) {
			int ret = kernel_sendmsg(e->sock, &msg, buf + from, n - from);

			if (ret <= 0)
				fail_msg("seed %lu: send failed with %d",
					 (unsigned long)e->sim->seed, ret);
			from += (u32)ret;
		}
		done += n;
		if (!sim_random(&e->rng, 20))
			msleep(sim_random(&e->rng, 400));
	}
	free(buf);
	assert_int_equal(e->sock->ops->shutdown(e->sock, SHUT_WR), 0);
	return 0;
}

static int read_all(void *arg)
{
	struct end *e = arg;
	u8 *buf = malloc(70000);

	for (;;) {
		struct msghdr msg = {.msg_flags = 0};
		u32 want = 1 + sim_random(&e->rng, e->slow_reader ? 2000 : 70000);
		int n = kernel_recvmsg(e->sock, &msg, buf, want, 0), i;

		if (n < 0)
			fail_msg("seed %lu: receive failed with %d", (unsigned long)e->sim->seed,
				 n);
		if (n == 0)
			break;
		for (i = 0; i < n; i++) {
			if (buf[i] != byte_at(e->key_in, e->received + (u32)i))
				fail_msg("seed %lu: byte %u differs", (unsigned long)e->sim->seed,
					 e->received + (u32)i);
		}
		e->received += (u32)n;
		if (e->slow_reader && !sim_random(&e->rng, 10))
			msleep(sim_random(&e->rng, 300));
	}
	if (e->received != e->to_receive)
		fail_msg("seed %lu: %u bytes instead of %u", (unsigned long)e->sim->seed,
			 e->received, e->to_receive);
	free(buf);
	return 0;
}

static void end_start(struct end *e)
{
	e->writer = thread_create(write_all, e, "writer");
	e->reader = thread_create(read_all, e, "reader");
	assert_non_null(e->writer);
	assert_non_null(e->reader);
}

static void end_finish(struct end *e)
{
	thread_join(e->writer);
	thread_join(e->reader);
	sock_release(e->sock);
	e->sock = NULL;
}

static void end_init(struct sim *s, struct end *e, int i, bool client)
{
	memset(e, 0, sizeof(*e));
	e->sim = s;
	e->rng = s->rng + (u64)i * 77 + client + 1;
	e->key_out = (u8)(i * 2 + client);
	e->key_in = (u8)(i * 2 + !client);
	e->slow_reader = !sim_random(&s->rng, 3);
}

static void connect_pair(struct sim *s, int i)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = cpu_to_be16(7)};
	struct end *c = &s->client[i], *v = &s->server[i];
	static const u32 sizes[] = {0, 1, 1000, 30000, 300000, 1500000};

	end_init(s, c, i, true);
	end_init(s, v, i, false);
	c->to_send = v->to_receive = sim_random(&s->rng, 2000) + sizes[sim_random(&s->rng, 6)];
	v->to_send = c->to_receive = sim_random(&s->rng, 2000) + sizes[sim_random(&s->rng, 6)];
	c->sock = test_socket(s->link.net[0], AF_INET, SOCK_STREAM, 0);
	sin.sin_addr.s_addr = ip4(10, 0, 0, 2);
	assert_int_equal(kernel_connect(c->sock, (struct sockaddr *)&sin, sizeof(sin), 0), 0);
	assert_int_equal(kernel_accept(s->listener, &v->sock, 0), 0);
	s->conns = i + 1;
}

static void faults_of(u64 seed, struct sim_faults *f)
{
	u64 rng = seed * 7919 + 3;

	memset(f, 0, sizeof(*f));
	f->delay_us = 100 + sim_random(&rng, sim_random(&rng, 2) ? 2000 : 100000);
	if (seed % 6 == 0)
		return; /* a good link now and then */
	f->loss = sim_random(&rng, sim_random(&rng, 3) ? 30 : 300);
	f->dup = sim_random(&rng, 30);
	f->reorder = sim_random(&rng, sim_random(&rng, 2) ? 10 : 100);
	f->jitter_us = sim_random(&rng, f->delay_us);
	f->corrupt = sim_random(&rng, 2) ? 0 : sim_random(&rng, 30);
	f->rate_kbps = sim_random(&rng, 2) ? 0 : 500 + sim_random(&rng, 20000);
	if (!sim_random(&rng, 4) && !f->corrupt)
		f->features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_RXCSUM;
}

static void tune(struct sim *s)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct netns_ipv4 *v4 = &s->link.net[i]->ipv4;

		v4->sysctl_tcp_timestamps = sim_random(&s->rng, 3) ? 1 : 0;
		v4->sysctl_tcp_sack = sim_random(&s->rng, 4) ? 1 : 0;
		v4->sysctl_tcp_window_scaling = sim_random(&s->rng, 4) ? 1 : 0;
		/* Never give up: the link is bad, not dead. */
		v4->sysctl_tcp_retries2 = v4->sysctl_tcp_syn_retries = 100;
		v4->sysctl_tcp_synack_retries = v4->sysctl_tcp_orphan_retries = 100;
		v4->sysctl_tcp_recovery = sim_random(&s->rng, 5) ? 1 : 0;
		if (!sim_random(&s->rng, 4))
			v4->sysctl_tcp_rmem[1] = v4->sysctl_tcp_rmem[2] =
				(int)(8000 + sim_random(&s->rng, 60000));
	}
}

static void run_seed(u64 seed)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = cpu_to_be16(7)};
	struct sim *s = calloc(1, sizeof(*s));
	struct sim_faults f;
	int i, conns;

	hosted_seed(seed);
	hosted_leak_mark();
	faults_of(seed, &f);
	sim_link_make(&s->link, seed, &f);
	s->seed = seed;
	s->rng = seed * 1000003 + 17;
	s->link.after = check_all;
	s->link.arg = s;
	tune(s);
	s->listener = test_socket(s->link.net[1], AF_INET, SOCK_STREAM, 0);
	assert_int_equal(kernel_bind(s->listener, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(kernel_listen(s->listener, 8), 0);
	hosted_event_init(&s->watchdog, watchdog);
	hosted_event_at(&s->watchdog, hosted_now_ns() + 86400ull * NSEC_PER_SEC);
	conns = 1 + (int)sim_random(&s->rng, MAX_CONNS);
	for (i = 0; i < conns; i++) {
		connect_pair(s, i);
		end_start(&s->client[i]);
		end_start(&s->server[i]);
	}
	if (sim_random(&s->rng, 4) == 0) /* once all threads are there: memory is short */
		hosted_fail_permille(1 + sim_random(&s->rng, 20));
	for (i = 0; i < conns; i++) {
		end_finish(&s->client[i]);
		end_finish(&s->server[i]);
	}
	hosted_fail_permille(0);
	hosted_event_cancel(&s->watchdog);
	sock_release(s->listener);
	if (getenv("SIM_VERBOSE"))
		print_message("  %lu ms, %u frames, %u lost, %u duplicated, %u corrupted\n",
			      (unsigned long)(hosted_now_ns() / NSEC_PER_MSEC), s->link.sent,
			      s->link.lost, s->link.duplicated, s->link.corrupted);
	sim_link_destroy(&s->link);
	free(s);
	assert_int_equal(hosted_leak_check(), 0);
}

static void transfers_survive_bad_links(void **state)
{
	const char *n = getenv("SEEDS"), *first = getenv("SEED");
	u64 seed = first ? strtoul(first, NULL, 0) : 1, end = seed + (n ? strtoul(n, NULL, 0) : 12);

	(void)state;
	for (; seed < end; seed++) {
		if (n || first)
			print_message("seed %lu\n", (unsigned long)seed);
		run_seed(seed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(transfers_survive_bad_links, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
