// SPDX-License-Identifier: BSD-2-Clause
/*
 * Commands that show sockets and counters: ss, netstat -s.
 *
 * They read /proc/net/tcp, udp, raw, sockstat, snmp and netstat in Linux's formats; addresses there
 * are 32-bit words in memory order, ports in host order. -i shows what the end of a line of
 * /proc/net/tcp says: retransmission timeout, delayed ACK timeout, congestion window, slow start
 * threshold. Left out: names for addresses (always numbers), processes, IPv6, filters.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apps/sh/sh.h>

static const char *const state_names[] = {
	[0] = "?",
	[TCP_ESTABLISHED] = "ESTAB",
	[TCP_SYN_SENT] = "SYN-SENT",
	[TCP_SYN_RECV] = "SYN-RECV",
	[TCP_FIN_WAIT1] = "FIN-WAIT-1",
	[TCP_FIN_WAIT2] = "FIN-WAIT-2",
	[TCP_TIME_WAIT] = "TIME-WAIT",
	[TCP_CLOSE] = "UNCONN",
	[TCP_CLOSE_WAIT] = "CLOSE-WAIT",
	[TCP_LAST_ACK] = "LAST-ACK",
	[TCP_LISTEN] = "LISTEN",
	[TCP_CLOSING] = "CLOSING",
	[12] = "SYN-RECV",
};

/* What the options ask for. */
struct wish {
	bool tcp, udp, raw;
	bool listening, all, info;
};

struct row {
	uint32_t local, remote;
	unsigned int local_port, remote_port, state, tx, rx, timer, retransmits;
	unsigned long when, rto, ato;
	int cwnd, ssthresh;
	bool has_info;
};

static bool parse_row(const char *line, struct row *r)
{
	unsigned int ack_quick;
	int n = sscanf(line,
		       " %*d: %x:%x %x:%x %x %x:%x %x:%lx %x %*u %*u %*u %*d %*s %lu %lu %u %d %d",
		       &r->local, &r->local_port, &r->remote, &r->remote_port, &r->state, &r->tx,
		       &r->rx, &r->timer, &r->when, &r->retransmits, &r->rto, &r->ato, &ack_quick,
		       &r->cwnd, &r->ssthresh);

	r->has_info = n == 15;
	return n >= 10;
}

static bool is_wanted(const struct wish *w, const struct row *r, bool tcp)
{
	bool passive = tcp ? r->state == TCP_LISTEN : r->state == TCP_CLOSE;

	if (w->all)
		return true;
	if (w->listening)
		return passive;
	return !passive && !(tcp && (r->state == TCP_TIME_WAIT || r->state == TCP_SYN_RECV));
}

static void endpoint(uint32_t addr, unsigned int port)
{
	char text[32], number[8];

	snprintf(number, sizeof(number), port ? "%u" : "*", port);
	snprintf(text, sizeof(text), "%s:%s", addr_text(addr), number);
	printf(" %22s", text);
}

static void show_row(const char *kind, const struct row *r, bool info)
{
	static const char *const timers[] = {"", "on", "keepalive", "timewait", "persist"};
	const char *state = r->state < 13 ? state_names[r->state] : "?";

	printf("%-5s %-10s %6u %6u", kind, state, r->rx, r->tx);
	endpoint(r->local, r->local_port);
	endpoint(r->remote, r->remote_port);
	putchar('\n');
	if (!info || !r->has_info)
		return;
	/* /proc gives clock ticks of 1/100 s. */
	printf("\t rto:%lu ato:%lu cwnd:%d", r->rto * 10, r->ato * 10, r->cwnd);
	if (r->ssthresh >= 0)
		printf(" ssthresh:%d", r->ssthresh);
	if (r->timer && r->timer < 5)
		printf(" timer:(%s,%lums,%u)", timers[r->timer], r->when * 10, r->retransmits);
	putchar('\n');
}

/* All lines of one file; how many were shown, -1 without the file. */
static int show_table(const char *path, const char *kind, const struct wish *w)
{
	char *text = slurp(path, NULL), *line, *save;
	bool tcp = !strcmp(kind, "tcp");
	struct row r;
	int n = 0;

	if (!text)
		return -complain(path);
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!parse_row(line, &r) || !is_wanted(w, &r, tcp))
			continue;
		show_row(kind, &r, w->info && tcp);
		n++;
	}
	free(text);
	return n;
}

static int ss_summary(void)
{
	char *text = slurp("/proc/net/sockstat", NULL);

	if (!text)
		return complain("/proc/net/sockstat");
	fputs(text, stdout);
	free(text);
	return 0;
}

static int show_tables(const struct wish *w)
{
	bool any = w->tcp || w->udp || w->raw;
	int status = 0;

	printf("%-5s %-10s %6s %6s %22s %22s\n", "Netid", "State", "Recv-Q", "Send-Q",
	       "Local Address:Port", "Peer Address:Port");
	if (w->udp || !any)
		status |= show_table("/proc/net/udp", "udp", w) < 0;
	if (w->raw || !any)
		status |= show_table("/proc/net/raw", "raw", w) < 0;
	if (w->tcp || !any)
		status |= show_table("/proc/net/tcp", "tcp", w) < 0;
	return status;
}

int cmd_ss(int argc, char **argv)
{
	struct wish w = {0};
	int c;

	optind = 0;
	while ((c = getopt(argc, argv, "tuwlanis4")) != -1) {
		switch (c) {
		case 't':
			w.tcp = true;
			break;
		case 'u':
			w.udp = true;
			break;
		case 'w':
			w.raw = true;
			break;
		case 'l':
			w.listening = true;
			break;
		case 'a':
			w.all = true;
			break;
		case 'i':
			w.info = true;
			break;
		case 's':
			return ss_summary();
		case 'n':
		case '4':
			break;
		default:
			return command_usage("ss");
		}
	}
	return optind == argc ? show_tables(&w) : command_usage("ss");
}

/* One pair of lines "Name: key key" and "Name: value value". */
static void show_pair(char *keys, char *values)
{
	char *key_save, *value_save;
	char *key = strtok_r(keys, " ", &key_save), *value = strtok_r(values, " ", &value_save);

	printf("%s\n", key ? key : "");
	for (;;) {
		key = strtok_r(NULL, " ", &key_save);
		value = strtok_r(NULL, " ", &value_save);
		if (!key || !value)
			return;
		if (strcmp(value, "0"))
			printf("    %-28s %s\n", key, value);
	}
}

static int show_counters(const char *path)
{
	char *text = slurp(path, NULL), *save, *keys, *values;

	if (!text)
		return complain(path);
	for (keys = strtok_r(text, "\n", &save); keys; keys = strtok_r(NULL, "\n", &save)) {
		values = strtok_r(NULL, "\n", &save);
		if (!values)
			break;
		show_pair(keys, values);
	}
	free(text);
	return 0;
}

int cmd_netstat(int argc, char **argv)
{
	if (argc != 2 || strcmp(argv[1], "-s"))
		return command_usage("netstat");
	return show_counters("/proc/net/snmp") | show_counters("/proc/net/netstat");
}
