// SPDX-License-Identifier: BSD-2-Clause
/*
 * The code of packet scripts, between %{ and }%: assertions over the connection's TCP_INFO, the
 * counters of the namespace since the script began, and constants:
 *
 *   %{ assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd
 *      assert tcpi_ca_state[4] == TCP_CA_Open and TcpExtTCPTimeouts == 1 }%
 *
 * Expressions have C's and Python's operators, with Python's precedence, in 128 bits. NAME[FD]
 * asks that descriptor's TCP_INFO; without [FD] it is the default connection's.
 */
#include <errno.h>
#include <kernel/sys.h>
#include <net/inet_sock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/script/run.h>

typedef __int128 num;
static num parse_or(struct scan *sc, bool live);

/* ---- names ---- */

#define INFO(name)                                                                                 \
	{                                                                                          \
		#name, offsetof(struct tcp_info, name), sizeof(((struct tcp_info *)0)->name)       \
	}
static const struct {
	const char *name;
	size_t offset, size;
} info_names[] = {
	INFO(tcpi_state), INFO(tcpi_ca_state), INFO(tcpi_retransmits), INFO(tcpi_probes),
	INFO(tcpi_backoff), INFO(tcpi_options), INFO(tcpi_rto), INFO(tcpi_ato), INFO(tcpi_snd_mss),
	INFO(tcpi_rcv_mss), INFO(tcpi_unacked), INFO(tcpi_sacked), INFO(tcpi_lost),
	INFO(tcpi_retrans), INFO(tcpi_fackets), INFO(tcpi_last_data_sent), INFO(tcpi_last_ack_sent),
	INFO(tcpi_last_data_recv), INFO(tcpi_last_ack_recv), INFO(tcpi_pmtu),
	INFO(tcpi_rcv_ssthresh), INFO(tcpi_rtt), INFO(tcpi_rttvar), INFO(tcpi_snd_ssthresh),
	INFO(tcpi_snd_cwnd), INFO(tcpi_advmss), INFO(tcpi_reordering), INFO(tcpi_rcv_rtt),
	INFO(tcpi_rcv_space), INFO(tcpi_total_retrans), INFO(tcpi_pacing_rate),
	INFO(tcpi_max_pacing_rate), INFO(tcpi_bytes_acked), INFO(tcpi_bytes_received),
	INFO(tcpi_segs_out), INFO(tcpi_segs_in), INFO(tcpi_notsent_bytes), INFO(tcpi_min_rtt),
	INFO(tcpi_data_segs_in), INFO(tcpi_data_segs_out), INFO(tcpi_delivery_rate),
	INFO(tcpi_busy_time), INFO(tcpi_rwnd_limited), INFO(tcpi_sndbuf_limited),
	INFO(tcpi_delivered), INFO(tcpi_delivered_ce), INFO(tcpi_bytes_sent),
	INFO(tcpi_bytes_retrans), INFO(tcpi_dsack_dups), INFO(tcpi_reord_seen),
	INFO(tcpi_rcv_ooopack), INFO(tcpi_snd_wnd),
};

/* The descriptor of the default connection, or the newest TCP socket there is. */
static int default_fd(void)
{
	struct sock *sk;
	int i, found = -1;

	for (i = 0; i < MAX_FDS; i++) {
		sk = run.fd[i] < 0 ? NULL : sock_of_fd(run.fd[i]);
		if (!sk)
			continue;
		found = run.fd[i];
		if (run.nconns && conn_of_sock(sk) == &run.conn[0])
			return found;
	}
	return found;
}

static num info_value(size_t i, const struct tcp_info *info)
{
	const u8 *p = (const u8 *)info + info_names[i].offset;
	u64 v = 0;

	memcpy(&v, p, info_names[i].size);
	return v;
}

static void get_info(struct scan *sc, s64 fd, struct tcp_info *info)
{
	int len = sizeof(*info), live = fd < 0 ? default_fd() : fd < MAX_FDS ? run.fd[fd] : -1;

	if (live < 0 || sys_getsockopt(live, SOL_TCP, TCP_INFO, info, &len))
		scan_fail(sc, "there is no TCP socket to ask");
}

/* NAME or NAME[FD]. */
static bool tcp_info_name(struct scan *sc, const char *name, bool live, num *v)
{
	struct tcp_info info = {.tcpi_state = 0};
	s64 fd = -1;
	size_t i;

	if (strncmp(name, "tcpi_", 5))
		return false;
	if (scan_take(sc, "[")) {
		fd = scan_u32(sc, MAX_FDS - 1);
		scan_expect(sc, "]");
	}
	if (live)
		get_info(sc, fd, &info);
	*v = 0;
	if (!strcmp(name, "tcpi_snd_wscale"))
		*v = info.tcpi_snd_wscale;
	else if (!strcmp(name, "tcpi_rcv_wscale"))
		*v = info.tcpi_rcv_wscale;
	else if (!strcmp(name, "tcpi_delivery_rate_app_limited"))
		*v = info.tcpi_delivery_rate_app_limited;
	else if (!strcmp(name, "tcpi_fastopen_client_fail"))
		*v = info.tcpi_fastopen_client_fail;
	else {
		for (i = 0; i < ARRAY_SIZE(info_names); i++) {
			if (!strcmp(info_names[i].name, name)) {
				*v = info_value(i, &info);
				return true;
			}
		}
		return false;
	}
	return true;
}

struct mib_table {
	const char *prefix;
	const char *const *names;
	int n;
	size_t offset;
};
static const struct mib_table mibs[] = {
	{"TcpExt", snmp_net_names, __LINUX_MIB_MAX, offsetof(struct net_mib, net_statistics)},
	{"Tcp", snmp_tcp_names, __TCP_MIB_MAX, offsetof(struct net_mib, tcp_statistics)},
	{"IpExt", snmp_ip_names, __IPSTATS_MIB_MAX, offsetof(struct net_mib, ip_statistics)},
	{"Ip", snmp_ip_names, __IPSTATS_MIB_MAX, offsetof(struct net_mib, ip_statistics)},
	{"Icmp", snmp_icmp_names, __ICMP_MIB_MAX, offsetof(struct net_mib, icmp_statistics)},
};

static unsigned long mib_value(const struct net_mib *m, size_t offset, int i)
{
	return ((const unsigned long *)((const u8 *)m + offset))[i];
}

static bool counter_name(const char *name, bool live, num *v)
{
	const struct mib_table *t;
	size_t len;
	int i;

	for (t = mibs; t < mibs + ARRAY_SIZE(mibs); t++) {
		len = strlen(t->prefix);
		for (i = 0; !strncmp(name, t->prefix, len) && i < t->n; i++) {
			if (!t->names[i] || strcmp(t->names[i], name + len))
				continue;
			*v = live ? (num)(long)(mib_value(&run.net->mib, t->offset, i) -
						mib_value(&run.mib, t->offset, i))
				  : 0;
			return true;
		}
	}
	return false;
}

/* As in /proc/net/sockstat. */
static bool sockstat_name(const char *name, bool live, num *v)
{
	struct netns_ipv4 *v4 = live ? &run.net->ipv4 : NULL;

	*v = 0;
	if (!strcmp(name, "sockstat_tw"))
		*v = live ? v4->tw_count : 0;
	else if (!strcmp(name, "sockstat_orphan"))
		*v = live ? v4->tcp_orphan_count : 0;
	else if (!strcmp(name, "sockstat_alloc"))
		*v = live ? v4->tcp_sockets_allocated : 0;
	else if (!strcmp(name, "sockstat_mem"))
		*v = live ? v4->tcp_memory_allocated : 0;
	else
		return false;
	return true;
}

/* drop_REASON: packets dropped for it since the script began, as in /proc/net/drop_reasons. */
static bool drop_name(const char *name, bool live, num *v)
{
	enum skb_drop_reason i;

	for (i = SKB_NOT_DROPPED_YET; !strncmp(name, "drop_", 5) && i < SKB_DROP_REASON_MAX; i++) {
		if (strcmp(skb_drop_reason_name(i), name + 5))
			continue;
		*v = live ? (num)(skb_drop_count(i) - run.drops[i]) : 0;
		return true;
	}
	return false;
}

static num parse_name(struct scan *sc, bool live)
{
	const char *start = sc->p;
	char *name = scan_name(sc);
	s64 constant;
	u64 cc;
	num v;

	if (tcp_info_name(sc, name, live, &v) || counter_name(name, live, &v) ||
	    sockstat_name(name, live, &v) || drop_name(name, live, &v))
		return v;
	if (cc_info_name(live ? default_fd() : -1, name, &cc))
		return cc;
	if (constant_value(name, &constant))
		return constant;
	if (!strcmp(name, "True") || !strcmp(name, "False"))
		return *name == 'T';
	sc->p = start;
	scan_fail(sc, "the name %s is not known", name);
}

/* ---- expressions ---- */

static num parse_unary(struct scan *sc, bool live)
{
	num v;

	if (++sc->depth > 40)
		scan_fail(sc, "nested too deeply");
	if (scan_take(sc, "(")) {
		v = parse_or(sc, live);
		scan_expect(sc, ")");
	} else if (scan_take(sc, "-")) {
		v = -parse_unary(sc, live);
	} else if (scan_take(sc, "~")) {
		v = ~parse_unary(sc, live);
	} else if (scan_is(sc, "!") && !scan_is(sc, "!=")) {
		scan_expect(sc, "!");
		v = !parse_unary(sc, live);
	} else if (scan_at_number(sc)) {
		v = scan_number(sc);
	} else {
		v = parse_name(sc, live);
	}
	sc->depth--;
	return v;
}

static num divide(struct scan *sc, num a, num b, bool rest, bool live)
{
	if (!live)
		return 0;
	if (!b)
		scan_fail(sc, "division by zero");
	return rest ? a % b : a / b;
}

static num parse_product(struct scan *sc, bool live)
{
	num v = parse_unary(sc, live);

	for (;;) {
		if (scan_take(sc, "*"))
			v *= parse_unary(sc, live);
		else if (scan_take(sc, "//") || scan_take(sc, "/"))
			v = divide(sc, v, parse_unary(sc, live), false, live);
		else if (!scan_is(sc, "%}") && scan_take(sc, "%"))
			v = divide(sc, v, parse_unary(sc, live), true, live);
		else
			return v;
	}
}

static num parse_sum(struct scan *sc, bool live)
{
	num v = parse_product(sc, live);

	for (;;) {
		if (scan_take(sc, "+"))
			v += parse_product(sc, live);
		else if (scan_take(sc, "-"))
			v -= parse_product(sc, live);
		else
			return v;
	}
}

/* << >> & ^ | alike, from left to right, all tighter than comparisons. */
static num parse_bits(struct scan *sc, bool live)
{
	num v = parse_sum(sc, live);

	for (;;) {
		if (scan_take(sc, "<<"))
			v <<= parse_sum(sc, live) & 127;
		else if (scan_take(sc, ">>"))
			v >>= parse_sum(sc, live) & 127;
		else if (!scan_is(sc, "&&") && scan_take(sc, "&"))
			v &= parse_sum(sc, live);
		else if (scan_take(sc, "^"))
			v ^= parse_sum(sc, live);
		else if (!scan_is(sc, "||") && scan_take(sc, "|"))
			v |= parse_sum(sc, live);
		else
			return v;
	}
}

/* a < b < c means both, as in Python. */
static num parse_compare(struct scan *sc, bool live)
{
	num a = parse_bits(sc, live), b, v = 1;
	bool any = false;

	for (;; a = b, any = true) {
		if (scan_take(sc, "=="))
			v &= a == (b = parse_bits(sc, live));
		else if (scan_take(sc, "!="))
			v &= a != (b = parse_bits(sc, live));
		else if (scan_take(sc, "<="))
			v &= a <= (b = parse_bits(sc, live));
		else if (scan_take(sc, ">="))
			v &= a >= (b = parse_bits(sc, live));
		else if (scan_take(sc, "<"))
			v &= a < (b = parse_bits(sc, live));
		else if (scan_take(sc, ">"))
			v &= a > (b = parse_bits(sc, live));
		else
			return any ? v : a;
	}
}

static num parse_not(struct scan *sc, bool live)
{
	return scan_take(sc, "not") ? !parse_not(sc, live) : parse_compare(sc, live);
}

static num parse_and(struct scan *sc, bool live)
{
	num v = parse_not(sc, live);

	while (scan_take(sc, "&&") || scan_take(sc, "and")) {
		num w = parse_not(sc, live);

		v = v && w;
	}
	return v;
}

static num parse_or(struct scan *sc, bool live)
{
	num v = parse_and(sc, live);

	while (scan_take(sc, "||") || scan_take(sc, "or")) {
		num w = parse_and(sc, live);

		v = v || w;
	}
	return v;
}

/* ---- statements ---- */

/* The length of a piece of text without white space at its end. */
static int trimmed(const char *from, const char *to)
{
	while (to > from && strchr(" \t\r\n", to[-1]))
		to--;
	return (int)(to - from);
}

/* The values of the names in a failed assertion. */
static void explain(const char *from, const char *to, char *buf, size_t size)
{
	struct scan sc;
	size_t len = 0;
	char *text = strndup(from, (size_t)(to - from));

	buf[0] = '\0';
	for (scan_init(&sc, run.s, text, 0); !scan_end(&sc);) {
		const char *start;
		num v;

		if (!scan_at_name(&sc)) {
			sc.p++;
			continue;
		}
		start = sc.p;
		if (scan_take(&sc, "and") || scan_take(&sc, "or") || scan_take(&sc, "not"))
			continue;
		v = parse_name(&sc, true);
		if (len < size)
			len += (size_t)snprintf(buf + len, size - len, "\n    %.*s is %lld",
						trimmed(start, sc.p), start, (long long)v);
	}
}

static void statement(struct scan *sc, bool live)
{
	const char *start;
	char names[500];
	int line;
	num v;

	scan_expect(sc, "assert");
	scan_space(sc);
	start = sc->p;
	line = scan_line(sc);
	v = parse_or(sc, live);
	if (live && !v) {
		explain(start, sc->p, names, sizeof(names));
		script_fail(run.s, line, "this is not so: %.*s%s", trimmed(start, sc->p), start,
			    names);
	}
	if (!scan_take(sc, ","))
		return;
	if (scan_peek(sc) == '"')
		scan_string(sc);
	else
		parse_or(sc, live);
}

static void statements(const struct script *s, int line, const char *text, bool live)
{
	struct scan sc;

	for (scan_init(&sc, s, text, line); !scan_end(&sc);) {
		if (!scan_take(&sc, ";"))
			statement(&sc, live);
	}
}

void code_check(const struct script *s, int line, const char *text)
{
	statements(s, line, text, false);
}

void code_run(const struct event *e)
{
	statements(run.s, e->line, e->code, true);
}
