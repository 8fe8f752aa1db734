// SPDX-License-Identifier: BSD-2-Clause
/*
 * The expressions of the shell's tcpdump as classic BPF programs: conditions that all must hold,
 * joined by "and" or nothing, each with "not" or '!' before it:
 *   ip arp icmp tcp udp, [src|dst] host NAME, [src|dst] port NUMBER
 *
 * Each condition becomes a few instructions that end at one of two places: behind them (it holds)
 * or at a jump to the last instruction, "return 0". While a condition is written its jumps carry
 * the marks YES and NO instead of distances. Called by tcpdump.c. Left out: "or" and parentheses.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <apps/sh/sh.h>
#include <apps/sh/tcpdump.h>

#define YES	    254
#define NO	    255
#define MOST_OF_ONE 12 /* instructions of one condition */

/* Of an Ethernet frame with IPv4. */
enum { AT_TYPE = 12, AT_IP = 14, AT_FRAG = 20, AT_PROTO = 23, AT_SADDR = 26, AT_DADDR = 30 };
enum { AT_ARP_SPA = 28, AT_ARP_TPA = 38 };
enum { SRC = 1, DST = 2 };

static void emit(struct dump_filter *f, uint16_t code, uint8_t jt, uint8_t jf, uint32_t k)
{
	f->insns[f->len++] = (struct sock_filter){code, jt, jf, k};
}

static void load(struct dump_filter *f, uint16_t size, uint32_t at)
{
	emit(f, BPF_LD | BPF_ABS | size, 0, 0, at);
}

static void equal(struct dump_filter *f, uint32_t k, uint8_t jt, uint8_t jf)
{
	emit(f, BPF_JMP | BPF_JEQ | BPF_K, jt, jf, k);
}

static void put_ethertype(struct dump_filter *f, uint32_t type)
{
	load(f, BPF_H, AT_TYPE);
	equal(f, type, YES, NO);
}

static void put_protocol(struct dump_filter *f, uint32_t protocol)
{
	load(f, BPF_H, AT_TYPE);
	equal(f, 0x0800, 0, NO);
	load(f, BPF_B, AT_PROTO);
	equal(f, protocol, YES, NO);
}

static void put_addresses(struct dump_filter *f, const uint32_t at[2], int dir, uint32_t addr)
{
	if (dir & SRC) {
		load(f, BPF_W, at[0]);
		equal(f, addr, YES, dir & DST ? 0 : NO);
	}
	if (dir & DST) {
		load(f, BPF_W, at[1]);
		equal(f, addr, YES, NO);
	}
}

static void put_host(struct dump_filter *f, int dir, uint32_t addr)
{
	static const uint32_t ip[2] = {AT_SADDR, AT_DADDR}, arp[2] = {AT_ARP_SPA, AT_ARP_TPA};

	load(f, BPF_H, AT_TYPE);
	equal(f, 0x0800, 0, dir == (SRC | DST) ? 4 : 2);
	put_addresses(f, ip, dir, addr);
	equal(f, 0x0806, 0, NO);
	put_addresses(f, arp, dir, addr);
}

/* First fragments and whole datagrams only: the others have no ports. */
static void put_port(struct dump_filter *f, int dir, uint32_t port)
{
	load(f, BPF_H, AT_TYPE);
	equal(f, 0x0800, 0, NO);
	load(f, BPF_B, AT_PROTO);
	equal(f, IPPROTO_TCP, 1, 0);
	equal(f, IPPROTO_UDP, 0, NO);
	load(f, BPF_H, AT_FRAG);
	emit(f, BPF_JMP | BPF_JSET | BPF_K, NO, 0, 0x1fff);
	emit(f, BPF_LDX | BPF_B | BPF_MSH, 0, 0, AT_IP);
	if (dir & SRC) {
		emit(f, BPF_LD | BPF_H | BPF_IND, 0, 0, AT_IP);
		equal(f, port, YES, dir & DST ? 0 : NO);
	}
	if (dir & DST) {
		emit(f, BPF_LD | BPF_H | BPF_IND, 0, 0, AT_IP + 2);
		equal(f, port, YES, NO);
	}
}

/* Marks of the condition that began at `from` become distances; YES is behind the jump to the end,
 * whose target is not known yet. */
static void close_condition(struct dump_filter *f, unsigned int from, bool negate)
{
	unsigned int no = f->len, yes = f->len + 1u, i;

	for (i = from; i < no; i++) {
		struct sock_filter *s = &f->insns[i];

		if (BPF_CLASS(s->code) != BPF_JMP)
			continue;
		if (s->jt >= YES)
			s->jt = (uint8_t)(((s->jt == YES) != negate ? yes : no) - i - 1);
		if (s->jf >= YES)
			s->jf = (uint8_t)(((s->jf == YES) != negate ? yes : no) - i - 1);
	}
	emit(f, BPF_JMP | BPF_JA, 0, 0, 0);
}

/* The condition that the words begin with; how many of them it takes, 0: none. */
static int put_condition(struct dump_filter *f, char **w, int n)
{
	static const struct {
		const char *name;
		uint32_t type, protocol;
	} names[] = {{"ip", 0x0800, 0},		{"arp", 0x0806, 0},	 {"ip6", 0x86dd, 0},
		     {"icmp", 0, IPPROTO_ICMP}, {"tcp", 0, IPPROTO_TCP}, {"udp", 0, IPPROTO_UDP}};
	int dir = SRC | DST, used = 0;
	uint32_t addr;
	uint16_t port;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(w[0], names[i].name))
			continue;
		if (names[i].type)
			put_ethertype(f, names[i].type);
		else
			put_protocol(f, names[i].protocol);
		return 1;
	}
	if (!strcmp(w[0], "src") || !strcmp(w[0], "dst")) {
		dir = w[0][0] == 's' ? SRC : DST;
		used = 1;
	}
	if (used + 2 > n)
		return 0;
	if (!strcmp(w[used], "host") && resolve(w[used + 1], &addr))
		put_host(f, dir, ntohl(addr));
	else if (!strcmp(w[used], "port") && parse_port(w[used + 1], &port))
		put_port(f, dir, port);
	else
		return 0;
	return used + 2;
}

bool dump_compile(struct dump_filter *f, int argc, char **argv)
{
	int i = 0, n;

	f->len = 0;
	while (i < argc) {
		unsigned int from = f->len;
		bool negate = false;

		if (i && !strcmp(argv[i], "and") && i + 1 < argc)
			i++;
		for (; i + 1 < argc && (!strcmp(argv[i], "not") || !strcmp(argv[i], "!")); i++)
			negate = !negate;
		n = from + MOST_OF_ONE + 4 <= DUMP_FILTER_MAX ? put_condition(f, argv + i, argc - i)
							      : 0;
		if (!n) {
			fprintf(stderr, "tcpdump: cannot make sense of '%s'\n", argv[i]);
			return false;
		}
		close_condition(f, from, negate);
		i += n;
	}
	emit(f, BPF_RET | BPF_K, 0, 0, 0x40000);
	emit(f, BPF_RET | BPF_K, 0, 0, 0);
	for (n = 0; n < f->len; n++) {
		if (f->insns[n].code == (BPF_JMP | BPF_JA))
			f->insns[n].k = (uint32_t)(f->len - 2 - n);
	}
	return true;
}
