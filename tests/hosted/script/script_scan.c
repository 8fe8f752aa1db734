// SPDX-License-Identifier: BSD-2-Clause
/*
 * The scanner of packet scripts: characters to words, numbers and strings, with the place of each
 * for messages. White space and comments (slash-slash, slash-star, a line that begins with #) mean
 * nothing between words. Used by the parsers of this folder; see script.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/script/script.h>

void scan_init(struct scan *sc, const struct script *s, const char *text, int first_line)
{
	*sc = (struct scan){.script = s, .begin = text, .p = text, .first_line = first_line};
}

int scan_line(const struct scan *sc)
{
	int line = sc->first_line;
	const char *q;

	for (q = sc->begin; q < sc->p; q++)
		line += *q == '\n';
	return line;
}

void scan_fail(struct scan *sc, const char *fmt, ...)
{
	const char *start = sc->p;
	char what[300];
	va_list ap;

	while (start > sc->begin && start[-1] != '\n')
		start--;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	script_fail(sc->script, scan_line(sc), "column %d: %s\n    %.*s\n    %*s^",
		    (int)(sc->p - start) + 1, what, (int)strcspn(start, "\n"), start,
		    (int)(sc->p - start), "");
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One comment, if there is one here. */
static bool skip_comment(struct scan *sc)
{
	const char *p = sc->p, *end;
	bool line_start = p == sc->begin || p[-1] == '\n';

	if (!strncmp(p, "/*", 2)) {
		end = strstr(p + 2, "*/");
		if (!end)
			scan_fail(sc, "this comment has no end");
		sc->p = end + 2;
		return true;
	}
	if (strncmp(p, "//", 2) && !(*p == '#' && line_start))
		return false;
	sc->p += strcspn(p, "\n");
	return true;
}

void scan_space(struct scan *sc)
{
	do
		sc->p += strspn(sc->p, " \t\r\n");
	while (skip_comment(sc));
}

char scan_peek(struct scan *sc)
{
	scan_space(sc);
	return *sc->p;
}

bool scan_end(struct scan *sc)
{
	return !scan_peek(sc);
}

bool scan_is(struct scan *sc, const char *word)
{
	size_t len = strlen(word);

	scan_space(sc);
	return !strncmp(sc->p, word, len) &&
	       !(is_name_char(word[len - 1]) && is_name_char(sc->p[len]));
}

bool scan_take(struct scan *sc, const char *word)
{
	bool is = scan_is(sc, word);

	if (is)
		sc->p += strlen(word);
	return is;
}

void scan_expect(struct scan *sc, const char *word)
{
	if (!scan_take(sc, word))
		scan_fail(sc, "'%s' is expected here", word);
}

bool scan_at_number(struct scan *sc)
{
	scan_space(sc);
	return is_digit(*sc->p) || (*sc->p == '-' && is_digit(sc->p[1]));
}

s64 scan_number(struct scan *sc)
{
	unsigned long long v;
	bool minus;
	char *end;

	if (!scan_at_number(sc))
		scan_fail(sc, "a number is expected here");
	minus = *sc->p == '-';
	if (strlen(sc->p) > 30 && strspn(sc->p + minus, "0123456789") > 20)
		scan_fail(sc, "this number is too large");
	v = strtoull(sc->p + minus, &end, 0);
	while (*end == 'u' || *end == 'U' || *end == 'l' || *end == 'L')
		end++;
	if (is_name_char(*end))
		scan_fail(sc, "this is not a number");
	sc->p = end;
	return minus ? -(s64)v : (s64)v;
}

u32 scan_u32(struct scan *sc, u32 most)
{
	const char *start;
	s64 v;

	scan_space(sc);
	start = sc->p;
	v = scan_number(sc);
	if (v < 0 || v > most) {
		sc->p = start;
		scan_fail(sc, "this number lies outside 0 to %u", most);
	}
	return (u32)v;
}

s64 scan_decimal(struct scan *sc)
{
	s64 v = 0, scale = 1000000;
	const char *p;

	scan_space(sc);
	p = sc->p;
	if (!is_digit(*p) && !(*p == '.' && is_digit(p[1])))
		scan_fail(sc, "a time is expected here");
	for (; is_digit(*p); p++) {
		v = v * 10 + (*p - '0') * 1000000ll;
		if (v > 1000000ll * 1000000 * 10000)
			scan_fail(sc, "this time is too large");
	}
	if (*p == '.' && is_digit(p[1])) {
		for (p++; is_digit(*p); p++) {
			scale /= 10;
			v += (*p - '0') * scale;
		}
	}
	sc->p = p;
	return v;
}

u32 scan_ip(struct scan *sc)
{
	unsigned int a, b, c, d;
	int n = 0;

	scan_space(sc);
	if (sscanf(sc->p, "%u.%u.%u.%u%n", &a, &b, &c, &d, &n) != 4 || (a | b | c | d) > 255)
		scan_fail(sc, "this is no IPv4 address");
	sc->p += n;
	return a << 24 | b << 16 | c << 8 | d;
}

bool scan_at_name(struct scan *sc)
{
	scan_space(sc);
	return is_name_char(*sc->p) && !is_digit(*sc->p);
}

static char *copy(const char *p, size_t n)
{
	char *s = malloc(n + 1);

	memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

char *scan_name(struct scan *sc)
{
	const char *p;

	if (!scan_at_name(sc))
		scan_fail(sc, "a name is expected here");
	for (p = sc->p; is_name_char(*sc->p); sc->p++)
		;
	return copy(p, (size_t)(sc->p - p));
}

char *scan_string(struct scan *sc)
{
	const char *p;

	scan_expect(sc, "\"");
	p = sc->p;
	sc->p += strcspn(p, "\"\n");
	if (*sc->p != '"')
		scan_fail(sc, "this string has no end");
	return copy(p, (size_t)(sc->p++ - p));
}

char *scan_until(struct scan *sc, const char *close)
{
	const char *p = sc->p, *end = strstr(p, close);

	if (!end)
		scan_fail(sc, "'%s' is missing after this", close);
	sc->p = end + strlen(close);
	return copy(p, (size_t)(end - p));
}
