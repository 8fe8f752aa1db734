// SPDX-License-Identifier: BSD-2-Clause
/*
 * Connections of a packet script: which one a packet belongs to, and how the script's numbers
 * (sequence numbers from 0, timestamps as written) become live ones and back.
 *
 * A packet that names no port belongs to the default connection: the first one there was.
 */
#include <net/inet_sock.h>
#include <tests/hosted/script/run.h>

struct conn *conn_find(u16 lport, u16 pport)
{
	int i;

	for (i = 0; i < run.nconns; i++) {
		if (run.conn[i].lport == lport && run.conn[i].pport == pport)
			return &run.conn[i];
	}
	return NULL;
}

struct conn *conn_add(u16 lport, u16 pport)
{
	struct conn *c = &run.conn[run.nconns];

	if (run.nconns == MAX_CONNS)
		run_fail("more than %d connections", MAX_CONNS);
	run.nconns++;
	*c = (struct conn){.lport = lport,
			   .pport = pport,
			   .peer_isn = run.s->peer_isn,
			   .last_win = 65535};
	return c;
}

/* NULL: a packet that is expected, of a connection that has not been seen. */
struct conn *conn_for_packet(const struct packet *p, bool in)
{
	int i;

	if (!p->pport && !p->lport && run.nconns)
		return &run.conn[0];
	for (i = 0; i < run.nconns && (p->pport || p->lport); i++) {
		struct conn *c = &run.conn[i];

		if ((!p->pport || c->pport == p->pport) && (!p->lport || c->lport == p->lport))
			return c;
	}
	if (!in)
		return NULL;
	return conn_add(p->lport ? p->lport : run.s->local_port,
			p->pport ? p->pport : run.s->peer_port);
}

struct conn *conn_of_sock(const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);

	return conn_find(be16_to_cpu(inet->inet_sport), be16_to_cpu(inet->inet_dport));
}

u32 conn_ts_to_script(const struct conn *c, u32 live)
{
	int i;

	for (i = 0; i < c->nstamps && !run.s->ts_tick; i++) {
		if (c->stamp[i].live == live)
			return c->stamp[i].script;
	}
	return live - c->ts_off;
}

u32 conn_ts_to_live(const struct conn *c, u32 stamp)
{
	int i;

	for (i = c->nstamps - 1; i >= 0 && !run.s->ts_tick; i--) {
		if (c->stamp[i].script == stamp)
			return c->stamp[i].live;
	}
	return stamp + c->ts_off;
}
