// SPDX-License-Identifier: BSD-2-Clause
/*
 * Is this the packet that the script expects? match_packet() learns the connection's offsets from
 * the host's first SYN and first timestamp, maps the packet's numbers to the script's, and ends the
 * script with a list of differences when there are any.
 */
#include <net/tcp.h>
#include <stdio.h>
#include <string.h>
#include <tests/hosted/script/run.h>

struct diff {
	char text[400];
	size_t len;
};

static void differ(struct diff *d, const char *what)
{
	d->len += (size_t)snprintf(d->text + d->len, sizeof(d->text) - d->len, "%s%s",
				   d->len ? ", " : "", what);
	d->len = min_t(size_t, d->len, sizeof(d->text) - 1);
}

static struct tcp_opt *find_ts(struct packet *p)
{
	int i;

	for (i = 0; i < p->nopts; i++) {
		if (p->opt[i].kind == TCPOPT_TIMESTAMP)
			return &p->opt[i];
	}
	return NULL;
}

/* The first SYN and the first timestamp set the offsets. */
static void learn(struct conn *c, const struct packet *live, const struct packet *want)
{
	struct tcp_opt *lts = find_ts((struct packet *)live);
	struct tcp_opt *wts = find_ts((struct packet *)want);

	if (want->fresh)
		c->isn_known = c->ts_known = false;
	if (!c->isn_known && live->flags & want->flags & TCPHDR_SYN) {
		c->isn_known = true;
		c->isn = live->seq - want->seq;
	}
	if (!lts)
		return;
	if (!c->ts_known) {
		c->ts_known = true;
		c->ts_off = lts->a - (wts && !wts->any_a ? wts->a
							 : (u32)(run_now_us() / US_PER_MS));
	}
	if (wts && !wts->any_a && !run.s->ts_tick && c->nstamps < MAX_STAMPS) {
		c->stamp[c->nstamps].script = wts->a;
		c->stamp[c->nstamps++].live = lts->a;
	}
}

/* Live numbers to the script's. */
static void to_script(struct packet *p, const struct conn *c)
{
	int i, j;

	if (!(p->flags & TCPHDR_RST && !p->seq)) /* an RST to what had no ACK has number 0 */
		p->seq -= c->isn;
	p->ack = p->flags & TCPHDR_ACK ? p->ack - c->peer_isn : 0;
	for (i = 0; i < p->nopts; i++) {
		struct tcp_opt *o = &p->opt[i];

		if (o->kind == TCPOPT_TIMESTAMP)
			o->a = conn_ts_to_script(c, o->a);
		for (j = 0; o->kind == TCPOPT_SACK && j < o->n; j++) {
			o->sack[j][0] -= c->peer_isn;
			o->sack[j][1] -= c->peer_isn;
		}
	}
}

void live_text(struct packet *p, struct conn *c, char *buf, size_t size)
{
	if (c)
		to_script(p, c);
	packet_text(p, false, buf, size);
}

static bool stamp_matches(u32 have, u32 want)
{
	s32 off = (s32)(have - want), most = (s32)(run.s->tolerance_us / US_PER_MS);

	return !run.s->ts_tick || (off <= most && off >= -most);
}

static bool option_matches(const struct tcp_opt *have, const struct tcp_opt *want)
{
	if (have->kind != want->kind || have->n != want->n || have->exp != want->exp)
		return false;
	switch (want->kind) {
	case TCPOPT_TIMESTAMP:
		return (want->any_a || stamp_matches(have->a, want->a)) &&
		       (want->any_b || have->b == want->b);
	case TCPOPT_SACK:
		return !memcmp(have->sack, want->sack, sizeof(u32[2]) * (size_t)want->n);
	}
	return have->a == want->a && !memcmp(have->raw, want->raw, sizeof(have->raw));
}

static void match_options(struct diff *d, const struct packet *have, const struct packet *want)
{
	int i;

	if (want->any_opts)
		return;
	if (have->nopts != want->nopts) {
		differ(d, "options");
		return;
	}
	for (i = 0; i < want->nopts; i++) {
		if (!option_matches(&have->opt[i], &want->opt[i])) {
			differ(d, "options");
			return;
		}
	}
}

static void match_ip(struct diff *d, const struct packet *have, const struct packet *want)
{
	if (want->ecn != DONT_CARE &&
	    (want->ecn == ECN_ECT01 ? have->ecn != ECN_ECT0 && have->ecn != ECN_ECT1
				    : have->ecn != want->ecn))
		differ(d, "ECN");
	if (want->tos != DONT_CARE && have->tos != want->tos)
		differ(d, "TOS");
	if (want->ttl != DONT_CARE && have->ttl != want->ttl)
		differ(d, "TTL");
}

static void match_payload(struct diff *d, const struct packet *have)
{
	u32 syn = have->flags & TCPHDR_SYN ? 1 : 0, i;

	for (i = 0; i < have->len; i++) {
		if (have->payload[i] != script_byte(have->seq + syn + i)) {
			differ(d, "payload (not what the program wrote there)");
			return;
		}
	}
}

static void match_tcp(struct diff *d, const struct packet *have, const struct packet *want)
{
	if (have->flags != want->flags)
		differ(d, "flags");
	if (have->seq != want->seq)
		differ(d, "sequence number");
	if (have->len != want->len)
		differ(d, "length");
	if (want->flags & TCPHDR_ACK && have->ack != want->ack)
		differ(d, "acknowledgement");
	if (want->has_win && have->win != want->win)
		differ(d, "window");
	if (have->urg != want->urg)
		differ(d, "urgent pointer");
	match_options(d, have, want);
	match_ip(d, have, want);
	if (have->len == want->len)
		match_payload(d, have);
}

void match_packet(const struct event *e, struct frame *f)
{
	const struct packet *want = &e->packet;
	struct diff d = {.len = 0};
	struct packet have;
	struct conn *c;
	char text[600];

	wire_parse(f, &have);
	c = conn_for_packet(want, false);
	if (!c && (!want->pport || want->pport == have.pport) &&
	    (!want->lport || want->lport == have.lport))
		c = conn_find(have.lport, have.pport) ?: conn_add(have.lport, have.pport);
	if (c && want->fresh && c->pport == have.pport && !want->lport)
		c->lport = have.lport; /* another connection from a port of the host's choice */
	if (!c || c->lport != have.lport || c->pport != have.pport) {
		live_text(&have, conn_find(have.lport, have.pport), text, sizeof(text));
		run_fail("a packet of another connection came, from port %u to port %u:\n"
			 "    expected: %s\n    came:     %s",
			 have.lport, have.pport, e->text, text);
	}
	learn(c, &have, want);
	live_text(&have, c, text, sizeof(text));
	match_tcp(&d, &have, want);
	trace("%s", text);
	if (d.len)
		run_fail("the packet differs: %s\n    expected: %s\n    came:     %s at %.3f ms",
			 d.text, e->text, text, (double)f->at_us / US_PER_MS);
}
