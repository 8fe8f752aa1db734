// SPDX-License-Identifier: BSD-2-Clause
/*
 * The parser of packets, after `<` or `>`, and their text for messages:
 *
 *   [ect0, port 40001] P. 1:1001(1000) ack 1 win 257 urg 5 <nop,nop,TS val 100 ecr 200>
 *   icmp unreachable frag_needed mtu 1000 [1:1461(1460)]
 *
 * Called by script_parse.c, packet_text() by the runner.
 */
#include <net/tcp.h>
#include <netinet/ip_icmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/script/script.h>

static const char flag_letters[] = "FSRP.UEW"; /* bit 0 first */
static const char *const ecn_names[] = {"noecn", "ect1", "ect0", "ce", "ect01"};

struct code {
	const char *name;
	u8 type, code;
};

static const struct code icmp_codes[] = {
	{"net_unreachable", ICMP_DEST_UNREACH, ICMP_NET_UNREACH},
	{"host_unreachable", ICMP_DEST_UNREACH, ICMP_HOST_UNREACH},
	{"protocol_unreachable", ICMP_DEST_UNREACH, ICMP_PROT_UNREACH},
	{"port_unreachable", ICMP_DEST_UNREACH, ICMP_PORT_UNREACH},
	{"frag_needed", ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED},
	{"source_route_failed", ICMP_DEST_UNREACH, ICMP_SR_FAILED},
	{"net_unknown", ICMP_DEST_UNREACH, ICMP_NET_UNKNOWN},
	{"host_unknown", ICMP_DEST_UNREACH, ICMP_HOST_UNKNOWN},
	{"source_host_isolated", ICMP_DEST_UNREACH, ICMP_HOST_ISOLATED},
	{"net_prohibited", ICMP_DEST_UNREACH, ICMP_NET_ANO},
	{"host_prohibited", ICMP_DEST_UNREACH, ICMP_HOST_ANO},
	{"net_unreachable_for_tos", ICMP_DEST_UNREACH, ICMP_NET_UNR_TOS},
	{"host_unreachable_for_tos", ICMP_DEST_UNREACH, ICMP_HOST_UNR_TOS},
	{"packet_filtered", ICMP_DEST_UNREACH, ICMP_PKT_FILTERED},
	{"precedence_violation", ICMP_DEST_UNREACH, ICMP_PREC_VIOLATION},
	{"precedence_cutoff", ICMP_DEST_UNREACH, ICMP_PREC_CUTOFF},
	{"ttl_exceeded", ICMP_TIME_EXCEEDED, 0},
	{"frag_time_exceeded", ICMP_TIME_EXCEEDED, 1},
	{"bad_header", ICMP_PARAMETERPROB, 0},
	{"quench", ICMP_SOURCE_QUENCH, 0},
};
static const struct code icmp_types[] = {
	{"unreachable", ICMP_DEST_UNREACH, 0},
	{"time_exceeded", ICMP_TIME_EXCEEDED, 0},
	{"parameter_problem", ICMP_PARAMETERPROB, 0},
	{"source_quench", ICMP_SOURCE_QUENCH, 0},
};

static void parse_prefix(struct scan *sc, struct packet *p)
{
	int i;

	while (!scan_take(sc, "]")) {
		scan_take(sc, ",");
		for (i = 0; i < (int)ARRAY_SIZE(ecn_names); i++) {
			if (scan_take(sc, ecn_names[i])) {
				p->ecn = i;
				break;
			}
		}
		if (i < (int)ARRAY_SIZE(ecn_names))
			continue;
		if (scan_take(sc, "port"))
			p->pport = (u16)scan_u32(sc, 65535);
		else if (scan_take(sc, "lport"))
			p->lport = (u16)scan_u32(sc, 65535);
		else if (scan_take(sc, "from"))
			p->from = scan_ip(sc);
		else if (scan_take(sc, "to"))
			p->to = scan_ip(sc);
		else if (scan_take(sc, "tos"))
			p->tos = (int)scan_u32(sc, 255);
		else if (scan_take(sc, "ttl"))
			p->ttl = (int)scan_u32(sc, 255);
		else if (scan_take(sc, "new"))
			p->fresh = true;
		else if (scan_take(sc, "badcsum"))
			p->bad_csum = true;
		else
			scan_fail(sc, "not one of noecn, ect0, ect1, ect01, ce, port, lport, tos, "
				      "ttl, from, to, new, badcsum");
	}
}

static void parse_range(struct scan *sc, struct packet *p)
{
	const char *start;
	u32 end;

	scan_space(sc);
	start = sc->p;
	p->seq = scan_u32(sc, 0xffffffff);
	scan_expect(sc, ":");
	end = scan_u32(sc, 0xffffffff);
	scan_expect(sc, "(");
	p->len = scan_u32(sc, 65535 - 40);
	scan_expect(sc, ")");
	if (p->seq + p->len != end) {
		sc->p = start;
		scan_fail(sc, "%u:%u is not %u bytes long", p->seq, end, p->len);
	}
}

static void parse_flags(struct scan *sc, struct packet *p)
{
	scan_space(sc);
	if (scan_take(sc, "-"))
		return;
	while (*sc->p && !strchr(" \t", *sc->p)) {
		const char *f = strchr(flag_letters, *sc->p);

		if (!f)
			scan_fail(sc, "the flags are some of %s, or - for none", flag_letters);
		p->flags |= (u8)(1 << (f - flag_letters));
		sc->p++;
	}
	if (!p->flags)
		scan_fail(sc, "a packet begins with its flags");
}

/* Hexadecimal digits, of a cookie, say. */
static void parse_bytes(struct scan *sc, struct tcp_opt *o)
{
	unsigned int byte;
	int taken;

	scan_space(sc);
	while (sscanf(sc->p, "%2x%n", &byte, &taken) == 1 && taken == 2 && *sc->p != ' ') {
		if (o->n == (int)sizeof(o->raw) - 4)
			scan_fail(sc, "this is more than an option holds");
		o->raw[o->n++] = (u8)byte;
		sc->p += 2;
	}
}

static u32 parse_stamp(struct scan *sc, bool *any)
{
	*any = scan_take(sc, "*");
	return *any ? 0 : scan_u32(sc, 0xffffffff);
}

static void parse_sack(struct scan *sc, struct tcp_opt *o)
{
	while (scan_at_number(sc)) {
		if (o->n == 4)
			scan_fail(sc, "more than four blocks");
		o->sack[o->n][0] = scan_u32(sc, 0xffffffff);
		scan_expect(sc, ":");
		o->sack[o->n++][1] = scan_u32(sc, 0xffffffff);
	}
	if (!o->n)
		scan_fail(sc, "a SACK option has a block");
}

static void parse_option(struct scan *sc, struct tcp_opt *o)
{
	if (scan_take(sc, "nop")) {
		o->kind = TCPOPT_NOP;
	} else if (scan_take(sc, "eol")) {
		o->kind = TCPOPT_EOL;
	} else if (scan_take(sc, "mss")) {
		o->kind = TCPOPT_MSS;
		o->a = scan_u32(sc, 65535);
	} else if (scan_take(sc, "wscale")) {
		o->kind = TCPOPT_WINDOW;
		o->a = scan_u32(sc, 255);
	} else if (scan_take(sc, "sackOK")) {
		o->kind = TCPOPT_SACK_PERM;
	} else if (scan_take(sc, "sack")) {
		o->kind = TCPOPT_SACK;
		parse_sack(sc, o);
	} else if (scan_take(sc, "TS")) {
		o->kind = TCPOPT_TIMESTAMP;
		scan_expect(sc, "val");
		o->a = parse_stamp(sc, &o->any_a);
		scan_expect(sc, "ecr");
		o->b = parse_stamp(sc, &o->any_b);
	} else if (scan_is(sc, "FO") || scan_is(sc, "FOEXP")) {
		o->exp = scan_take(sc, "FOEXP");
		if (!o->exp)
			scan_expect(sc, "FO");
		o->kind = o->exp ? 254 : 34;
		parse_bytes(sc, o);
	} else if (scan_take(sc, "kind")) { /* kind 30 a1b2: anything else */
		o->kind = (u8)scan_u32(sc, 255);
		o->plain = true;
		parse_bytes(sc, o);
	} else {
		scan_fail(sc, "this option is not known");
	}
}

static void parse_options(struct scan *sc, struct packet *p)
{
	if (scan_take(sc, "...")) {
		p->any_opts = true;
		scan_expect(sc, ">");
		return;
	}
	while (!scan_take(sc, ">")) {
		if (p->nopts)
			scan_expect(sc, ",");
		if (p->nopts == MAX_OPTS)
			scan_fail(sc, "more than %d options", MAX_OPTS);
		parse_option(sc, &p->opt[p->nopts++]);
	}
}

static const struct code *find_code(struct scan *sc, const struct code *table, size_t n,
				    const char *what)
{
	const char *start;
	char *name;
	size_t i;

	scan_space(sc);
	start = sc->p;
	name = scan_name(sc);
	for (i = 0; i < n; i++) {
		if (!strcmp(table[i].name, name))
			return &table[i];
	}
	sc->p = start;
	scan_fail(sc, "there is no ICMP %s %s", what, name);
}

static void parse_icmp(struct scan *sc, struct packet *p)
{
	const struct code *code;

	p->icmp = true;
	p->icmp_type = find_code(sc, icmp_types, ARRAY_SIZE(icmp_types), "type")->type;
	if (scan_at_name(sc) && !scan_is(sc, "mtu")) {
		code = find_code(sc, icmp_codes, ARRAY_SIZE(icmp_codes), "code");
		if (code->type != p->icmp_type)
			scan_fail(sc, "this code belongs to another type");
		p->icmp_code = code->code;
	}
	if (scan_take(sc, "mtu"))
		p->icmp_mtu = scan_u32(sc, 65535);
	scan_expect(sc, "[");
	parse_range(sc, p);
	scan_expect(sc, "]");
}

static void parse_tcp(struct scan *sc, struct packet *p, bool in)
{
	parse_flags(sc, p);
	parse_range(sc, p);
	if (scan_take(sc, "ack")) {
		if (!(p->flags & TCPHDR_ACK))
			scan_fail(sc, "ack without the flag '.'");
		p->ack = scan_u32(sc, 0xffffffff);
	} else if (p->flags & TCPHDR_ACK) {
		scan_fail(sc, "with the flag '.' stands ack NUMBER");
	}
	p->has_win = scan_take(sc, "win");
	if (p->has_win)
		p->win = scan_u32(sc, 65535);
	if (scan_take(sc, "urg"))
		p->urg = (u16)scan_u32(sc, 65535);
	if (scan_take(sc, "<"))
		parse_options(sc, p);
	if (in && p->any_opts)
		scan_fail(sc, "a packet that is sent has exact options");
}

void parse_packet(struct scan *sc, struct packet *p, bool in)
{
	p->ecn = p->tos = p->ttl = DONT_CARE;
	if (scan_take(sc, "["))
		parse_prefix(sc, p);
	if (scan_take(sc, "icmp")) {
		if (!in)
			scan_fail(sc, "ICMP is only sent to the host");
		parse_icmp(sc, p);
		return;
	}
	parse_tcp(sc, p, in);
}

/* ---- back to text ---- */

struct text {
	char *buf;
	size_t size, len;
};

static void put(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->len, t->size - t->len, fmt, ap);
	va_end(ap);
	t->len = min_t(size_t, t->len + (size_t)n, t->size - 1);
}

static void put_option(struct text *t, const struct tcp_opt *o)
{
	int i;

	switch (o->kind) {
	case TCPOPT_NOP:
		put(t, "nop");
		return;
	case TCPOPT_EOL:
		put(t, "eol");
		return;
	case TCPOPT_MSS:
		put(t, "mss %u", o->a);
		return;
	case TCPOPT_WINDOW:
		put(t, "wscale %u", o->a);
		return;
	case TCPOPT_SACK_PERM:
		put(t, "sackOK");
		return;
	case TCPOPT_TIMESTAMP:
		put(t, "TS val %u ecr %u", o->a, o->b);
		return;
	case TCPOPT_SACK:
		put(t, "sack");
		for (i = 0; i < o->n; i++)
			put(t, " %u:%u", o->sack[i][0], o->sack[i][1]);
		return;
	}
	if (o->exp)
		put(t, "FOEXP ");
	else if (o->kind == 34)
		put(t, "FO ");
	else
		put(t, "kind %u ", o->kind);
	for (i = 0; i < o->n; i++)
		put(t, "%02x", o->raw[i]);
}

void packet_text(const struct packet *p, bool in, char *buf, size_t size)
{
	struct text t = {buf, size, 0};
	int i;

	put(&t, "%c ", in ? '<' : '>');
	if (p->ecn > 0)
		put(&t, "[%s] ", ecn_names[p->ecn]);
	if (p->icmp) {
		put(&t, "icmp type %u code %u mtu %u [%u:%u(%u)]", p->icmp_type, p->icmp_code,
		    p->icmp_mtu, p->seq, p->seq + p->len, p->len);
		return;
	}
	for (i = 0; i < 8; i++) { /* in the order people write: SFRPU.EW does not matter */
		static const int order[8] = {1, 0, 2, 3, 5, 4, 6, 7};

		if (p->flags & 1 << order[i])
			put(&t, "%c", flag_letters[order[i]]);
	}
	put(&t, "%s %u:%u(%u)", p->flags ? "" : "-", p->seq, p->seq + p->len, p->len);
	if (p->flags & TCPHDR_ACK)
		put(&t, " ack %u", p->ack);
	if (p->has_win)
		put(&t, " win %u", p->win);
	if (p->urg)
		put(&t, " urg %u", p->urg);
	for (i = 0; i < p->nopts; i++) {
		put(&t, i ? "," : " <");
		put_option(&t, &p->opt[i]);
	}
	put(&t, "%s", p->nopts ? ">" : p->any_opts ? " <...>" : "");
}
