// SPDX-License-Identifier: BSD-2-Clause
/*
 * Commands that show sockets and counters: ss, netstat -s.
 *
 * They read /proc/net/tcp, udp, raw, sockstat, snmp and netstat in Linux's formats; addresses there
 * are 32-bit words in memory order, ports in host order. -i shows what /proc/net/tcp_info tells of
 * each TCP socket (TCP_INFO in Linux's words), -o its timer, -m what its buffers hold.
 * Left out: names for addresses (always numbers), processes, IPv6, filters.
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
	bool listening, all, info, timers, memory;
	char *details; /* /proc/net/tcp_info, if it was asked for */
};

struct row {
	uint32_t local, remote;
	unsigned int local_port, remote_port, state, tx, rx, timer, retransmits;
	unsigned long when; /* 1/100 s */
};

static bool parse_row(const char *line, struct row *r)
{
	return sscanf(line, " %*d: %x:%x %x:%x %x %x:%x %x:%lx %x", &r->local, &r->local_port,
		      &r->remote, &r->remote_port, &r->state, &r->tx, &r->rx, &r->timer, &r->when,
		      &r->retransmits) == 10;
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

/* What /proc/net/tcp_info says of a connection; its memory is the last word. */
static void show_details(const struct row *r, const struct wish *w)
{
	char key[32], *line, *memory;
	size_t n = (size_t)snprintf(key, sizeof(key), "%08X:%04X %08X:%04X", r->local,
				    r->local_port, r->remote, r->remote_port);
	int length;

	for (line = w->details; line && strncmp(line, key, n); line = line ? line + 1 : NULL)
		line = strchr(line, '\n');
	if (!line)
		return;
	line += n;
	length = (int)strcspn(line, "\n");
	memory = strstr(line, " skmem:");
	if (w->memory)
		printf("\t%.*s\n", (int)(length - (memory - line)), memory);
	if (w->info)
		printf("\t%.*s\n", (int)(memory - line), line);
}

static void show_row(const char *kind, const struct row *r, const struct wish *w)
{
	static const char *const timers[] = {"", "on", "keepalive", "timewait", "persist"};
	const char *state = r->state < 13 ? state_names[r->state] : "?";

	printf("%-5s %-10s %6u %6u", kind, state, r->rx, r->tx);
	endpoint(r->local, r->local_port);
	endpoint(r->remote, r->remote_port);
	if (w->timers && r->timer && r->timer < 5)
		printf(" timer:(%s,%lums,%u)", timers[r->timer], r->when * 10, r->retransmits);
	putchar('\n');
	if (w->details && !strcmp(kind, "tcp"))
		show_details(r, w);
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
		show_row(kind, &r, w);
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
	while ((c = getopt(argc, argv, "tuwlaniosm4")) != -1) {
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
		case 'o':
			w.timers = true;
			break;
		case 'm':
			w.memory = true;
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
	if (optind != argc)
		return command_usage("ss");
	if (w.info || w.memory)
		w.details = slurp("/proc/net/tcp_info", NULL);
	c = show_tables(&w);
	free(w.details);
	return c;
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
