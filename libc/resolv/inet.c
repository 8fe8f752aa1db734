// SPDX-License-Identifier: BSD-2-Clause
/*
 * Addresses and text: inet_pton, inet_ntop (RFC 3493 section 6.3), inet_aton, inet_ntoa, and the
 * conversions of byte order as functions.
 *
 * Called by programs and the kernel, any context; inet_ntoa has the one static buffer POSIX gives
 * it. IPv6 text is RFC 4291 section 2.2 in and RFC 5952 out. inet_aton takes the old forms too:
 * one to four parts, decimal, octal or hexadecimal. Left out: zone names.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint16_t(htons)(uint16_t host)
{
	return __builtin_bswap16(host);
}

uint16_t(ntohs)(uint16_t net)
{
	return __builtin_bswap16(net);
}

uint32_t(htonl)(uint32_t host)
{
	return __builtin_bswap32(host);
}

uint32_t(ntohl)(uint32_t net)
{
	return __builtin_bswap32(net);
}

/* Four decimal numbers without leading zeros. */
static int pton4(const char *s, uint8_t out[4])
{
	for (int i = 0; i < 4; i++) {
		unsigned int v = 0;
		int digits = 0;

		for (; isdigit((unsigned char)*s); s++, digits++) {
			if (digits && !v)
				return 0;
			v = v * 10 + (unsigned int)(*s - '0');
			if (v > 255)
				return 0;
		}
		if (!digits || (i < 3 && *s++ != '.'))
			return 0;
		out[i] = (uint8_t)v;
	}
	return *s == 0;
}

static int hex_value(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? (c | 32) - 'a' + 10 : -1;
}

/* One group of up to four hexadecimal digits; how many, 0 when there is none. */
static int group(const char *s, unsigned int *v)
{
	int n = 0;

	*v = 0;
	while (n < 4 && hex_value(s[n]) >= 0)
		*v = *v << 4 | (unsigned int)hex_value(s[n++]);
	return n;
}

static int pton6(const char *s, uint8_t out[16])
{
	uint8_t parts[16] = {0};
	int at = 0, gap = -1;

	if (*s == ':' && *++s != ':')
		return 0;
	while (*s) {
		unsigned int v;
		int n;

		if (*s == ':') {
			if (gap >= 0)
				return 0;
			gap = at;
			s++;
			continue;
		}
		n = group(s, &v);
		if (s[n] == '.' && at <= 12 && pton4(s, parts + at)) {
			at += 4;
			break;
		}
		if (!n || at > 14)
			return 0;
		parts[at++] = (uint8_t)(v >> 8);
		parts[at++] = (uint8_t)v;
		s += n;
		if (*s && *s != ':')
			return 0;
		if (*s == ':' && !*++s)
			return 0;
	}
	if (gap < 0 ? at != 16 : at > 14)
		return 0;
	if (gap >= 0) {
		memmove(parts + 16 - (at - gap), parts + gap, (size_t)(at - gap));
		memset(parts + gap, 0, (size_t)(16 - at));
	}
	memcpy(out, parts, 16);
	return 1;
}

int inet_pton(int family, const char *restrict text, void *restrict addr)
{
	uint8_t v4[4];

	switch (family) {
	case AF_INET:
		if (!pton4(text, v4))
			return 0;
		memcpy(addr, v4, 4);
		return 1;
	case AF_INET6:
		return pton6(text, addr);
	default:
		errno = EAFNOSUPPORT;
		return -1;
	}
}

/* The longest run of zero groups, at least two: its place, -1 for none (RFC 5952 section 4.2). */
static int zero_run(const uint16_t g[8], int *len)
{
	int best = -1;

	*len = 1;
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && !g[i + n])
			n++;
		if (n > *len) {
			*len = n;
			best = i;
		}
		i += n;
	}
	return best;
}

static void ntop6(const uint8_t *a, char *out, size_t size)
{
	bool v4 = !memcmp(a, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
	int run, run_len, end = v4 ? 6 : 8;
	uint16_t g[8];
	size_t n = 0;

	for (int i = 0; i < 8; i++)
		g[i] = (uint16_t)(a[2 * i] << 8 | a[2 * i + 1]);
	run = zero_run(g, &run_len);
	for (int i = 0; i < end; i++) {
		if (i == run) {
			n += (size_t)snprintf(out + n, size - n, "::");
			i += run_len - 1;
			continue;
		}
		n += (size_t)snprintf(out + n, size - n, "%s%x",
				      i && (run < 0 || i != run + run_len) ? ":" : "", g[i]);
	}
	if (v4)
		snprintf(out + n, size - n, ":%u.%u.%u.%u", a[12], a[13], a[14], a[15]);
}

const char *inet_ntop(int family, const void *restrict addr, char *restrict buf, socklen_t size)
{
	char text[INET6_ADDRSTRLEN];
	const uint8_t *a = addr;

	if (family == AF_INET) {
		snprintf(text, sizeof(text), "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
	} else if (family == AF_INET6) {
		ntop6(a, text, sizeof(text));
	} else {
		errno = EAFNOSUPPORT;
		return NULL;
	}
	if (strlcpy(buf, text, size) >= size) {
		errno = ENOSPC;
		return NULL;
	}
	return buf;
}

int inet_aton(const char *text, struct in_addr *addr)
{
	unsigned long parts[4], v = 0;
	char *end;
	int n = 0;

	do {
		if (!isdigit((unsigned char)*text))
			return 0;
		parts[n] = strtoul(text, &end, 0);
		text = end;
		n++;
	} while (n < 4 && *text == '.' && text++);
	if (*text && !isspace((unsigned char)*text))
		return 0;
	/* The last part fills what the others leave. */
	for (int i = 0; i < n - 1; i++) {
		if (parts[i] > 255)
			return 0;
		v |= parts[i] << (24 - 8 * i);
	}
	if (parts[n - 1] > 0xffffffffUL >> (8 * (n - 1)))
		return 0;
	if (addr)
		addr->s_addr = htonl((uint32_t)(v | parts[n - 1]));
	return 1;
}

in_addr_t inet_addr(const char *text)
{
	struct in_addr addr;

	return inet_aton(text, &addr) ? addr.s_addr : INADDR_NONE;
}

char *inet_ntoa(struct in_addr addr)
{
	static char buf[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, buf, sizeof(buf));
	return buf;
}
