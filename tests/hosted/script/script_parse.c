// SPDX-License-Identifier: BSD-2-Clause
/*
 * The parser of packet scripts: directives at the head, then events, each with its time:
 *
 *   --mtu=1500
 *   +0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3      a call
 *   +0...200 connect(3, ..., ...) = 0                 one that blocks until then
 *   +10 < S. 0:0(0) ack 1 win 1000 <mss 1000>         a packet to the host
 *   +0~+5 > . 1:1(0) ack 1                            one that it must send
 *   +0 `sysctl net.ipv4.tcp_sack=0`                   a command
 *   +0 %{ assert tcpi_snd_cwnd == 10 }%               assertions
 *
 * A mistake ends the process with its line and column.
 */
#include <net/netdevice.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/script/run.h>
#include <tests/hosted/script/script.h>

static s64 parse_time(struct scan *sc)
{
	return (s64)((__int128)scan_decimal(sc) * sc->script->unit_us / 1000000);
}

static void parse_when(struct scan *sc, struct when *w)
{
	if (scan_take(sc, "*")) {
		w->kind = WHEN_ANY;
		return;
	}
	w->kind = scan_take(sc, "+") ? WHEN_RELATIVE : WHEN_ABSOLUTE;
	w->from_us = w->to_us = parse_time(sc);
	if (!scan_take(sc, "~"))
		return;
	if (w->kind == WHEN_RELATIVE)
		scan_take(sc, "+");
	w->range = true;
	w->to_us = parse_time(sc);
	if (w->to_us < w->from_us)
		scan_fail(sc, "this range ends before it begins");
}

static void parse_command(struct scan *sc, struct event *e)
{
	e->type = EVENT_COMMAND;
	e->line = scan_line(sc);
	e->code = scan_until(sc, "`");
	command_check(sc->script, e->line, e->code);
}

static void parse_code(struct scan *sc, struct event *e)
{
	e->type = EVENT_CODE;
	e->line = scan_line(sc);
	e->code = scan_until(sc, "}%");
	code_check(sc->script, e->line, e->code);
}

static void parse_action(struct scan *sc, struct event *e)
{
	if (scan_take(sc, "`")) {
		parse_command(sc, e);
	} else if (scan_take(sc, "%{")) {
		parse_code(sc, e);
	} else if (scan_take(sc, "<")) {
		e->type = EVENT_IN;
		parse_packet(sc, &e->packet, true);
	} else if (scan_take(sc, ">")) {
		e->type = EVENT_OUT;
		parse_packet(sc, &e->packet, false);
	} else if (scan_at_name(sc) || scan_is(sc, "...")) {
		e->type = EVENT_CALL;
		if (scan_take(sc, "...")) {
			e->call.blocks = true;
			scan_take(sc, "+");
			e->call.end_us = parse_time(sc);
		}
		parse_call(sc, &e->call);
		call_check(sc->script, e->line, &e->call);
	} else {
		scan_fail(sc, "a call, a packet, `a command` or %%{ code }%% is expected here");
	}
	if (e->type != EVENT_OUT && (e->when.range || e->when.kind == WHEN_ANY))
		scan_fail(sc, "only a packet that the host sends has a range of times");
}

static const char *first_line(const char *p)
{
	size_t n = strcspn(p, "\n");
	char *s = malloc(n + 1);

	memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

static struct event *parse_event(struct scan *sc)
{
	struct event *e = calloc(1, sizeof(*e));
	char c = scan_peek(sc);

	e->line = scan_line(sc);
	e->text = first_line(sc->p);
	if (c == '`' || c == '%')
		e->when.kind = WHEN_RELATIVE; /* without a time: now */
	else
		parse_when(sc, &e->when);
	parse_action(sc, e);
	return e;
}

/* ---- directives ---- */

static void parse_offload(struct scan *sc, struct script *s)
{
	static const struct {
		const char *name;
		u32 features;
	} offloads[] = {
		{"tso-ecn", NETIF_F_TSO_ECN}, /* before its prefix */
		{"tso", NETIF_F_TSO | NETIF_F_SG | NETIF_F_HW_CSUM},
		{"sg", NETIF_F_SG | NETIF_F_HW_CSUM},
		{"csum", NETIF_F_HW_CSUM},
		{"rxcsum", NETIF_F_RXCSUM},
		{"gro", NETIF_F_GRO},
	};
	size_t i;

	do {
		for (i = 0; i < ARRAY_SIZE(offloads); i++) {
			if (scan_take(sc, offloads[i].name))
				break;
		}
		if (i == ARRAY_SIZE(offloads))
			scan_fail(sc, "offloads are tso, tso-ecn, sg, csum, rxcsum, gro");
		s->features |= offloads[i].features;
	} while (scan_take(sc, ","));
}

static void parse_unit(struct scan *sc, struct script *s)
{
	if (scan_take(sc, "s")) {
		s->unit_us = 1000000;
		s->ts_tick = 0;
		s->tolerance_us = 4 * US_PER_MS;
	} else if (scan_take(sc, "us")) {
		s->unit_us = 1;
	} else {
		scan_expect(sc, "ms");
		s->unit_us = US_PER_MS;
	}
}

/* packetdrill's options that mean nothing here, or that say what is so anyway. */
static bool parse_ignored(struct scan *sc)
{
	static const char *const ignored[] = {
		"ip_version", "local_ip", "gateway_ip", "netmask_ip", "non_fatal", "verbose", "dry_run",
		"init_scripts", "speed", "tcp_ts_ecr_scaled", "define",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ignored); i++) {
		if (scan_take(sc, ignored[i])) {
			sc->p += strcspn(sc->p, " \t\n");
			return true;
		}
	}
	return false;
}

static void parse_directive(struct scan *sc, struct script *s)
{
	if (scan_take(sc, "mtu="))
		s->mtu = (int)scan_u32(sc, 65535);
	else if (scan_take(sc, "tx_hold_msecs="))
		s->tx_hold_ms = scan_u32(sc, 1000);
	else if (scan_take(sc, "time_unit="))
		parse_unit(sc, s);
	else if (scan_take(sc, "tolerance_msecs="))
		s->tolerance_us = scan_decimal(sc) * US_PER_MS / 1000000;
	else if (scan_take(sc, "tolerance_usecs="))
		s->tolerance_us = scan_number(sc);
	else if (scan_take(sc, "offload="))
		parse_offload(sc, s);
	else if (scan_take(sc, "tcp_ts_tick_usecs="))
		s->ts_tick = scan_number(sc) != 0;
	else if (scan_take(sc, "peer_isn="))
		s->peer_isn = scan_u32(sc, 0xffffffff);
	else if (scan_take(sc, "ip="))
		s->local_ip = scan_ip(sc);
	else if (scan_take(sc, "remote_ip="))
		s->peer_ip = scan_ip(sc);
	else if (scan_take(sc, "bind_port="))
		s->local_port = (u16)scan_u32(sc, 65535);
	else if (scan_take(sc, "peer_port="))
		s->peer_port = (u16)scan_u32(sc, 65535);
	else if (scan_take(sc, "connect_port="))
		s->connect_port = (u16)scan_u32(sc, 65535);
	else if (!parse_ignored(sc))
		scan_fail(sc, "this directive is not known");
}

struct script *script_parse(const char *file, const char *text)
{
	struct script *s = calloc(1, sizeof(*s));
	struct event **last = &s->events;
	struct scan sc;

	*s = (struct script){.file = file,
			     .unit_us = US_PER_MS,
			     .tolerance_us = US_PER_MS,
			     .mtu = 1500,
			     .ts_tick = 1,
			     .peer_isn = 4294960000u, /* sequence numbers wrap after 7296 bytes */
			     .local_port = 8080,
			     .peer_port = 40000,
			     .connect_port = 8080,
			     .local_ip = 0x0a000001,
			     .peer_ip = 0x0a000002};
	scan_init(&sc, s, text, 1);
	while (scan_take(&sc, "--"))
		parse_directive(&sc, s);
	while (!scan_end(&sc)) {
		*last = parse_event(&sc);
		last = &(*last)->next;
	}
	if (!s->events)
		scan_fail(&sc, "there is no event in this script");
	return s;
}
