// SPDX-License-Identifier: BSD-2-Clause
/*
 * A frame as a line in the way of tcpdump -n: ARP (RFC 826), IPv4 with TCP, UDP and ICMP, the rest
 * by number. Sequence numbers are as on the wire (tcpdump -S).
 *
 * Called by tcpdump.c with frames of any content: each length is checked against what is there
 * before a field is read, and what is cut off prints "[|tcp]" and the like.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <apps/sh/sh.h>
#include <apps/sh/tcpdump.h>

static const char *addr_at(const uint8_t *p)
{
	uint32_t addr;

	memcpy(&addr, p, 4);
	return addr_text(addr);
}

static void print_mac(const uint8_t *p)
{
	printf("%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2], p[3], p[4], p[5]);
}

static void dump_arp(const uint8_t *p, size_t have, size_t len)
{
	uint16_t op;

	if (have < 28 || get16(p) != 1 || get16(p + 2) != 0x0800 || p[4] != 6 || p[5] != 4) {
		printf("ARP, unknown, length %zu", len);
		return;
	}
	op = get16(p + 6);
	if (op == 1) {
		printf("ARP, Request who-has %s", addr_at(p + 24));
		printf(" tell %s", addr_at(p + 14));
	} else if (op == 2) {
		printf("ARP, Reply %s is-at ", addr_at(p + 14));
		print_mac(p + 8);
	} else {
		printf("ARP, operation %u", op);
	}
	printf(", length %zu", len);
}

/* One option; its length, 0: the list ends or is broken. */
static size_t tcp_option(const uint8_t *p, size_t left)
{
	size_t size = left > 1 ? p[1] : 0;

	if (p[0] == 0 || p[0] == 1) {
		printf(p[0] ? "nop" : "eol");
		return p[0] ? 1 : 0;
	}
	if (size < 2 || size > left) {
		printf("[bad opt]");
		return 0;
	}
	if (p[0] == 2 && size == 4)
		printf("mss %u", get16(p + 2));
	else if (p[0] == 3 && size == 3)
		printf("wscale %u", p[2]);
	else if (p[0] == 4 && size == 2)
		printf("sackOK");
	else if (p[0] == 8 && size == 10)
		printf("TS val %u ecr %u", get32(p + 2), get32(p + 6));
	else if (p[0] == 5 && size >= 10)
		printf("sack %zu ", (size - 2) / 8);
	else if (p[0] == 34)
		printf("tfo %s", size > 2 ? "cookie" : "cookiereq");
	else
		printf("unknown-%u", p[0]);
	for (size_t i = 2; p[0] == 5 && i + 8 <= size; i += 8)
		printf("{%u:%u}", get32(p + i), get32(p + i + 4));
	return size;
}

static void tcp_options(const uint8_t *p, size_t len)
{
	size_t n;

	if (!len)
		return;
	printf(", options [");
	for (size_t i = 0; i < len; i += n) {
		if (i)
			putchar(',');
		n = tcp_option(p + i, len - i);
		if (!n)
			break;
	}
	putchar(']');
}

static void dump_tcp(const uint8_t *p, size_t have, size_t len)
{
	static const char letters[] = "FSRP.UEW";
	size_t head, data;

	if (have < 20 || (p[12] >> 4) < 5 || (p[12] >> 4) * 4u > have || (p[12] >> 4) * 4u > len) {
		printf(" [|tcp]");
		return;
	}
	head = (p[12] >> 4) * 4u;
	data = len - head;
	printf(" Flags [");
	if (!p[13])
		printf("none");
	/* The acknowledgment's dot comes after those that say something. */
	for (unsigned int i = 0; i < 8; i++) {
		if (i != 4 && p[13] >> i & 1)
			putchar(letters[i]);
	}
	printf("%s]", p[13] & 16 ? "." : "");
	if (data || p[13] & 7)
		printf(", seq %u", get32(p + 4));
	if (data)
		printf(":%u", (uint32_t)(get32(p + 4) + data));
	if (p[13] & 16)
		printf(", ack %u", get32(p + 8));
	printf(", win %u", get16(p + 14));
	if (p[13] & 32)
		printf(", urg %u", get16(p + 18));
	tcp_options(p + 20, head - 20);
	printf(", length %zu", data);
}

static void dump_icmp(const uint8_t *p, size_t have, size_t len)
{
	static const char *const unreachable[] = {"net",  "host",	  "protocol",
						  "port", "need to frag", "source route"};

	if (have < 8) {
		printf(" [|icmp]");
		return;
	}
	printf(" ICMP ");
	if (p[0] == 8 || p[0] == 0)
		printf("echo %s, id %u, seq %u", p[0] ? "request" : "reply", get16(p + 4),
		       get16(p + 6));
	else if (p[0] == 3 && p[1] < 6)
		printf("destination unreachable (%s)", unreachable[p[1]]);
	else if (p[0] == 11)
		printf("time exceeded (code %u)", p[1]);
	else
		printf("type %u code %u", p[0], p[1]);
	printf(", length %zu", len);
}

/* Address, and port if it has one. */
static void print_end(const uint8_t *addr, bool ports, const uint8_t *port)
{
	printf("%s", addr_at(addr));
	if (ports)
		printf(".%u", get16(port));
}

static void dump_ip(const uint8_t *p, size_t have, size_t len)
{
	size_t head = have ? (p[0] & 15) * 4u : 0, total;
	bool first, ports;
	uint8_t protocol;

	if (have < 20 || p[0] >> 4 != 4 || head < 20 || head > have) {
		printf("IP [|ip], length %zu", len);
		return;
	}
	/* A tap may be shown a packet before the device cuts it: then it has no length of its own.
	 */
	total = get16(p + 2) ? get16(p + 2) : len;
	if (total < head || total > len) {
		printf("IP bad length %zu of %zu", total, len);
		return;
	}
	have = (have < total ? have : total) - head;
	first = !(get16(p + 6) & 0x1fff);
	protocol = p[9];
	ports = first && (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) && have >= 4;
	printf("IP ");
	print_end(p + 12, ports, p + head);
	printf(" > ");
	print_end(p + 16, ports, p + head + 2);
	putchar(':');
	p += head;
	len = total - head;
	if (first && protocol == IPPROTO_TCP)
		dump_tcp(p, have, len);
	else if (first && protocol == IPPROTO_UDP)
		printf(" UDP, length %u", have >= 8 && get16(p + 4) >= 8 ? get16(p + 4) - 8u : 0);
	else if (first && protocol == IPPROTO_ICMP)
		dump_icmp(p, have, len);
	else
		printf(" ip-proto-%u, length %zu", protocol, len);
}

void dump_frame(const uint8_t *p, size_t have, size_t len)
{
	uint16_t type = have >= 14 ? get16(p + 12) : 0;

	if (have < 14)
		printf("[|ether]");
	else if (type == 0x0800)
		dump_ip(p + 14, have - 14, len - 14);
	else if (type == 0x0806)
		dump_arp(p + 14, have - 14, len - 14);
	else
		printf("ethertype 0x%04x, length %zu", type, len - 14);
}

void dump_hex(const uint8_t *p, size_t have)
{
	for (size_t i = 14; i < have; i += 16) {
		printf("\t0x%04zx: ", i - 14);
		for (size_t j = i; j < i + 16 && j < have; j++)
			printf("%s%02x", (j - i) % 2 ? "" : " ", p[j]);
		putchar('\n');
	}
}
