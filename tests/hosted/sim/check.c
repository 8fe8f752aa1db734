// SPDX-License-Identifier: BSD-2-Clause
/*
 * What must hold whenever all work of an event is done: the invariants of every connection
 * (tcp_check.c: sequence numbers, queues, counters, memory, timers), the sum of their memory
 * against the namespace's account, and, once the network has healed, that something moves. And at
 * the end: who was told what, and why.
 */
#include <net/inet_hashtables.h>
#include <net/inet_sock.h>
#include <net/tcp_data.h>
#include <tests/hosted/sim/sim.h>

#define FULL_EVERY 32
/* A connection's longest silence: fifteen retransmissions, backed off to 120 s. */
#define STALL_NS   (1200 * NSEC_PER_SEC)
#define END_NS	   (3 * 3600 * NSEC_PER_SEC)

static struct sim *running;

/* ---- for whoever looks at a seed that failed ---- */

static void print_end(const struct sim_end *e)
{
	const struct sock *sk = e->sock ? e->sock->sk : NULL;
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	pr_emerg("%s %u (style %d close %d): wrote %u of %u, read %u, error %d%s%s%s%s\n",
		 e->side ? "server" : "client", e->conn->id, e->script.style, e->script.close,
		 e->written, e->script.send, e->received, e->error, e->open ? " open" : "",
		 e->told_end ? " told-end" : "", e->aborted ? " aborted" : "",
		 e->finished ? " finished" : "");
	if (!sk)
		return;
	pr_emerg("  port %u state %d una %u nxt %u write %u rcv_nxt %u copied %u snd_wnd %u rcv_wnd "
		 "%u mss %u\n",
		 sk->sk_num, sk->sk_state, tp->snd_una, tp->snd_nxt, tp->write_seq, tp->rcv_nxt,
		 tp->copied_seq, tp->snd_wnd, tp->rcv_wnd, tp->mss_cache);
	pr_emerg("  out %u lost %u retrans %u sacked %u cwnd %u ca %u pending %u ack %x timer %d in "
		 "%ld ms backoff %u retries %u\n",
		 tp->packets_out, tp->lost_out, tp->retrans_out, tp->sacked_out, tp->snd_cwnd,
		 icsk->icsk_ca_state, icsk->icsk_pending, icsk->icsk_ack.pending,
		 timer_pending(&icsk->icsk_retransmit_timer),
		 (long)(icsk->icsk_timeout - get_jiffies()), icsk->icsk_backoff,
		 icsk->icsk_retransmits);
	pr_emerg("  rcvq %u ofo %d owned %d rmem %d of %d wmem %d of %d forward %d\n",
		 sk->sk_receive_queue.qlen, !RB_EMPTY_ROOT(&tp->out_of_order_queue),
		 sk->sk_lock.owned, atomic_read(&sk->sk_rmem_alloc), sk->sk_rcvbuf,
		 sk->sk_wmem_queued, sk->sk_sndbuf, sk->sk_forward_alloc);
}

void sim_print(const struct sim *s)
{
	u32 i;

	hosted_verbose(true);
	pr_emerg("seed %lu at %lu ms%s, %lu checks, wire %lu segments\n", (unsigned long)s->seed,
		 (unsigned long)(hosted_now_ns() / NSEC_PER_MSEC), s->healed ? " (healed)" : "",
		 (unsigned long)s->checks, (unsigned long)s->wire.segments);
	scenario_print(s);
	for (i = 0; i < s->plan.conns; i++) {
		const struct sim_conn *c = &s->conn[i];

		if (c->end[0].finished && (c->end[1].finished || !c->accepted))
			continue;
		print_end(&c->end[0]);
		print_end(&c->end[1]);
	}
}

/* ---- after every event ---- */

struct sums {
	long bytes;
	u32 socks;
};

static bool is_full_sock(const struct sock *sk)
{
	return sk->sk_state != TCP_TIME_WAIT && sk->sk_state != TCP_NEW_SYN_RECV;
}

static void add_memory(struct sums *m, const struct sock *sk)
{
	m->bytes += sk->sk_forward_alloc + sk->sk_wmem_queued + atomic_read(&sk->sk_rmem_alloc);
	m->socks++;
}

static void check_hashed(struct sock *sk, void *arg)
{
	if (!is_full_sock(sk))
		return;
	tcp_check_invariants(sk);
	add_memory(arg, sk);
}

/* Children that were reset before anybody accepted them are in no table. */
static void add_unaccepted(struct sums *m, const struct socket *listener)
{
	const struct request_sock *req;

	if (!listener)
		return;
	req = inet_csk(listener->sk)->icsk_accept_queue.rskq_accept_head;
	for (; req; req = req->dl_next) {
		if (req->sk && sk_unhashed(req->sk))
			add_memory(m, req->sk);
	}
}

/* Every sock of the namespace, and those of programs that are closed and so in no table. */
static void check_namespace(struct sim *s, struct net *net, int side)
{
	struct sums m = {0};
	u32 i;

	inet_hash_for_each(net, check_hashed, &m);
	if (side)
		add_unaccepted(&m, s->listener);
	for (i = 0; i < s->plan.conns; i++) {
		const struct sim_end *e = &s->conn[i].end[side];

		if (e->open && e->sock && e->sock->sk && sk_unhashed(e->sock->sk))
			add_memory(&m, e->sock->sk);
	}
	if (m.bytes != net->ipv4.tcp_memory_allocated * SK_MEM_QUANTUM)
		SIM_FAIL(s, "%s: %ld bytes in %u socks, %ld pages accounted",
			 side ? "server" : "client", m.bytes, m.socks,
			 net->ipv4.tcp_memory_allocated);
}

static u64 progress_of(const struct sim *s)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < s->plan.conns; i++) {
		const struct sim_conn *c = &s->conn[i];

		sum += c->end[0].written + c->end[0].received + c->end[0].finished + c->connected;
		sum += c->end[1].written + c->end[1].received + c->end[1].finished + c->accepted;
	}
	return sum;
}

static void check_moves(struct sim *s)
{
	u64 now = hosted_now_ns(), progress = progress_of(s);

	if (progress != s->progress || !s->healed || !s->running) {
		s->progress = progress;
		s->progress_ns = now;
	}
	if (now - s->progress_ns > STALL_NS)
		SIM_FAIL(s, "nothing moves");
	if (s->healed && s->running && now - s->healed_ns > END_NS)
		SIM_FAIL(s, "no end");
}

void check_after_event(void)
{
	struct sim *s = running;
	u32 i;

	if (!s)
		return;
	for (i = 0; i < s->plan.conns; i++) {
		struct sim_conn *c = &s->conn[i];

		if (c->end[0].sock)
			tcp_check_invariants(c->end[0].sock->sk);
		if (c->end[1].sock)
			tcp_check_invariants(c->end[1].sock->sk);
	}
	if (s->checks++ % FULL_EVERY == 0) {
		check_namespace(s, s->client, 0);
		check_namespace(s, s->server, 1);
		check_moves(s);
	}
}

/* ---- why a reset may be sent although nothing asked for it ---- */

static bool reset_excused(void *arg, const struct wflow *f, int side)
{
	const struct sim *s = arg;
	int client = f->addr[0] == s->client_addr ? 0 : 1;
	bool known = false;
	u32 i;

	/* Limits run out: retries, keepalives, orphans, memory. */
	if (!s->plan.patient || s->plan.short_memory)
		return true;
	for (i = 0; i < s->plan.conns; i++) {
		const struct sim_conn *c = &s->conn[i];

		if (!c->connected || c->port != f->port[client])
			continue;
		known = true;
		if (c->end[side != client].aborted || c->end[side != client].script.options & 128)
			return true;
	}
	return !known;
}

void check_begin(struct sim *s)
{
	running = s;
	s->wire.seed = s->seed;
	s->wire.reset_excused = reset_excused;
	s->wire.arg = s;
	s->progress_ns = hosted_now_ns();
	hosted_on_idle(check_after_event);
}

void check_end(struct sim *s)
{
	hosted_on_idle(NULL);
	check_namespace(s, s->client, 0);
	check_namespace(s, s->server, 1);
	running = NULL;
}

/* ---- at the end of a connection ---- */

/* Was this end of c told the right error? */
static bool error_fits(const struct sim_conn *c, int side)
{
	const struct sim_plan *p = &c->sim->plan;
	const struct sim_end *peer = &c->end[!side];
	bool gave_up = !p->patient || p->short_memory;

	switch (c->end[side].error) {
	case 0:
		return true;
	case ECONNRESET:
	case EPIPE:
		/* The peer aborted, or was itself told an error, or never was. */
		return peer->aborted || peer->error || (side == 0 && !c->accepted) ||
		       p->forge_resets || gave_up || c->sim->cookies;
	case ECONNREFUSED:
		/* A forged SYN that a TIME-WAIT believed leaves a half-open connection, and a SYN
		 * in the window of that is answered with a reset (RFC 9293 section 3.10.7.4;
		 * Linux's tcp_check_req): the next connection from the same port meets it. */
		return !c->connected && (p->forge_resets || gave_up ||
					 c->sim->wire.resets_after_syn_forged);
	case ETIMEDOUT:
		return gave_up;
	case EHOSTUNREACH:
	case ENETUNREACH:
		return p->forge_ms && (gave_up || !c->connected);
	case ENOMEM:
	case ENOBUFS:
		return p->fail_permille;
	default:
		return false;
	}
}

void check_conn(struct sim_conn *c)
{
	int side;

	for (side = 0; side < 2; side++) {
		const struct sim_end *e = &c->end[side], *peer = &c->end[!side];

		if (!error_fits(c, side)) {
			hosted_verbose(true);
			print_end(e);
			print_end(peer);
			SIM_FAIL(c->sim, "connection %u: error %d without cause", c->id, e->error);
		}
		/* The end of the stream comes after all of it, or after an error. (A late ACK with
		 * a SYN cookie opens an aborted connection anew, which nobody knows.) */
		if (e->told_end && !e->error && e->received != peer->written &&
		    !(c->sim->cookies && peer->aborted)) {
			print_end(e);
			print_end(peer);
			SIM_FAIL(c->sim, "connection %u: the stream ended after %u of %u bytes",
				 c->id, e->received, peer->written);
		}
		if (!e->error && !e->aborted && !peer->error && !peer->aborted && c->accepted &&
		    (e->written != e->script.send || e->received != peer->script.send)) {
			print_end(e);
			SIM_FAIL(c->sim, "connection %u: ended well, but not complete", c->id);
		}
	}
}
