// SPDX-License-Identifier: BSD-2-Clause
/*
 * The server: accepts, now and then slowly, finds out which client it has by the port and the
 * initial sequence number, and lets a thread of its own do what that connection's script says.
 */
#include <net/inet_sock.h>
#include <net/tcp.h>
#include <stdlib.h>
#include <tests/hosted/sim/sim.h>

static int server_thread(void *arg)
{
	struct sim_end *e = arg;

	program_options(e);
	program_run(e);
	e->finished = true;
	e->sim->running--;
	return 0;
}

/* What the client's SYN carried, as far as it is known. */
static bool is_from(const struct sim_conn *c, u16 port, u32 isn)
{
	const struct sim_end *e = &c->end[0];

	if (c->connected)
		return c->port == port && c->isn == isn;
	return e->open && e->sock && e->sock->sk->sk_state == TCP_SYN_SENT &&
	       be16_to_cpu(inet_sk(e->sock->sk)->inet_sport) == port &&
	       tcp_sk(e->sock->sk)->snd_una == isn;
}

static struct sim_conn *find(struct sim *s, const struct sock *sk)
{
	u16 port = be16_to_cpu(sk->sk_dport);
	u32 isn = tcp_sk(sk)->copied_seq - 1, i;

	for (i = 0; i < s->plan.conns; i++) {
		struct sim_conn *c = &s->conn[i];

		if (!c->accepted && is_from(c, port, isn))
			return c;
	}
	return NULL;
}

static void serve(struct sim *s, struct socket *sock)
{
	struct sim_conn *c = find(s, sock->sk);
	struct sim_end *e;

	if (!c) { /* its client has given up */
		sock_release(sock);
		return;
	}
	c->accepted = true;
	e = &c->end[1];
	e->sock = sock;
	e->open = true;
	s->running++;
	e->main = sim_thread(server_thread, e, "server");
}

int acceptor_thread(void *arg)
{
	struct sim *s = arg;
	struct socket *sock;

	while (!s->stop) {
		int ret = kernel_accept(s->listener, &sock, 0);

		if (ret == 0)
			serve(s, sock);
		else if (ret != -EAGAIN && ret != -ENFILE && ret != -ENOMEM && ret != -ENOBUFS)
			SIM_FAIL(s, "accept returned %d", ret);
		else if (ret != -EAGAIN)
			msleep(10);
		if (s->plan.accept_pause_ms && rng_one_in(&s->rng, 3))
			msleep(rng_below(&s->rng, s->plan.accept_pause_ms));
	}
	return 0;
}
