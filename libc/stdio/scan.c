// SPDX-License-Identifier: BSD-2-Clause
/*
 * sscanf (C11 7.21.6.2): d i u x X o p s c [set] n %, widths, `*`, and hh h l ll z j t.
 *
 * Called by programs in any context, no allocation. Left out: floating point (no registers for it),
 * wide characters, scanf on streams, the m modifier.
 * Input and sets are strings whose ends bound every loop; a set is a table of 256 answers, so a
 * range costs nothing to test. Numbers are cut out into a buffer of 64 digits and given to strtoll.
 */
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item {
	bool skip;
	size_t width; /* 0: none given */
	int length;   /* bytes of the integer to store */
	char conv;
};

static void store(const struct item *it, va_list *ap, uint64_t v)
{
	void *to;

	if (it->skip)
		return;
	to = va_arg(*ap, void *);
	if (it->length == 1)
		*(uint8_t *)to = (uint8_t)v;
	else if (it->length == 2)
		*(uint16_t *)to = (uint16_t)v;
	else if (it->length == 4)
		*(uint32_t *)to = (uint32_t)v;
	else
		*(uint64_t *)to = v;
}

/* An integer of at most @width characters; returns what follows it or NULL. */
static const char *scan_integer(const char *s, const struct item *it, va_list *ap)
{
	int base = it->conv == 'd' || it->conv == 'u' ? 10
		   : it->conv == 'o'		      ? 8
		   : it->conv == 'i'		      ? 0
						      : 16;
	size_t max = it->width && it->width < 64 ? it->width : 64;
	size_t n = strnlen(s, max);
	char text[65], *end;
	uint64_t v;

	memcpy(text, s, n);
	text[n] = 0;
	v = it->conv == 'd' || it->conv == 'i' ? (uint64_t)strtoll(text, &end, base)
					       : strtoull(text, &end, base);
	if (end == text)
		return NULL;
	store(it, ap, v);
	return s + (end - text);
}

/* Reads the set behind '['; returns what follows its ']'. */
static const char *read_set(const char *f, bool set[256])
{
	bool want = true;

	if (*f == '^') {
		want = false;
		f++;
	}
	memset(set, !want, 256);
	set[0] = false;
	do {
		unsigned char from, to;

		if (!*f)
			return f;
		from = to = (unsigned char)*f++;
		if (f[0] == '-' && f[1] && f[1] != ']') {
			to = (unsigned char)f[1];
			f += 2;
		}
		for (int c = from; c <= to; c++)
			set[c] = want;
	} while (*f != ']');
	return f + 1;
}

static const char *scan_text(const char *s, const struct item *it, va_list *ap, const bool *set)
{
	size_t max = it->width ? it->width : it->conv == 'c' ? 1 : SIZE_MAX;
	size_t n = 0;
	char *to = it->skip ? NULL : va_arg(*ap, char *);

	while (n < max && s[n]) {
		if (it->conv == 's' && isspace((unsigned char)s[n]))
			break;
		if (it->conv == '[' && !set[(unsigned char)s[n]])
			break;
		n++;
	}
	if (!n)
		return NULL;
	if (to) {
		memcpy(to, s, n);
		if (it->conv != 'c')
			to[n] = 0;
	}
	return s + n;
}

static const char *parse_item(const char *f, struct item *it)
{
	*it = (struct item){.length = 4};
	if (*f == '*') {
		it->skip = true;
		f++;
	}
	for (; isdigit(*f); f++)
		it->width = it->width * 10 + (size_t)(*f - '0');
	if (*f == 'h') {
		it->length = f[1] == 'h' ? 1 : 2;
		f += it->length == 1 ? 2 : 1;
	} else if (*f == 'l' || *f == 'z' || *f == 'j' || *f == 't') {
		it->length = 8;
		f += f[0] == 'l' && f[1] == 'l' ? 2 : 1;
	}
	it->conv = *f;
	if (*f == 'p')
		it->length = 8;
	return *f ? f + 1 : f;
}

static const char *skip_space(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

/* One conversion at @s; returns what follows it, NULL when it does not match. */
static const char *scan_item(const char *s, const struct item *it, va_list *ap, const bool *set)
{
	if (it->conv != 'c' && it->conv != '[')
		s = skip_space(s);
	if (it->conv == '%')
		return *s == '%' ? s + 1 : NULL;
	if (strchr("sc[", it->conv))
		return scan_text(s, it, ap, set);
	return strchr("diuoxXp", it->conv) ? scan_integer(s, it, ap) : NULL;
}

int vsscanf(const char *s, const char *fmt, va_list ap)
{
	const char *start = s, *next;
	struct item it;
	bool set[256];
	va_list args;
	int stored = 0;

	va_copy(args, ap);
	while (*fmt) {
		if (isspace((unsigned char)*fmt)) {
			s = skip_space(s);
			fmt++;
			continue;
		}
		if (*fmt != '%') {
			if (*s != *fmt)
				break;
			s++;
			fmt++;
			continue;
		}
		fmt = parse_item(fmt + 1, &it);
		if (it.conv == '[')
			fmt = read_set(fmt, set);
		if (it.conv == 'n') {
			store(&it, &args, (uint64_t)(s - start));
			continue;
		}
		next = scan_item(s, &it, &args, set);
		if (!next) {
			if (!stored && !*skip_space(s))
				stored = EOF;
			break;
		}
		s = next;
		stored += !it.skip && it.conv != '%';
	}
	va_end(args);
	return stored;
}

int sscanf(const char *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsscanf(s, fmt, ap);
	va_end(ap);
	return n;
}
