// SPDX-License-Identifier: BSD-2-Clause
/*
 * Text to integers (C11 7.22.1): strtol, strtoul and their kin, atoi.
 *
 * Called by the kernel (command line, sysctl) and by programs; any context. One scanner reads
 * sign, base prefix and digits and saturates; each public function clamps to its own range and
 * sets errno to ERANGE, or to EINVAL for a base that does not exist, as glibc does.
 * The small arithmetic of <stdlib.h> (abs, div) is here too. Left out: strtod, for there are no
 * floating point registers.
 */
#include <stdlib.h>
#include <inttypes.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>

struct number {
	unsigned long long value;
	bool negative;
	bool overflow; /* larger than unsigned long long */
};

static int digit_value(char c)
{
	if (isdigit(c))
		return c - '0';
	if (isalpha(c))
		return (c | 32) - 'a' + 10;
	return INT_MAX;
}

/* Skip a 0x prefix if a digit follows it, and settle base 0. */
static const char *scan_prefix(const char *s, int *base)
{
	bool hex = s[0] == '0' && (s[1] | 32) == 'x' && isxdigit(s[2]);

	if (hex && (*base == 0 || *base == 16)) {
		*base = 16;
		return s + 2;
	}
	if (*base == 0)
		*base = s[0] == '0' ? 8 : 10;
	return s;
}

static struct number scan(const char *s, char **end, int base)
{
	struct number n = {0};
	const char *start = s, *digits;

	if (end)
		*end = (char *)start;
	if (base < 0 || base == 1 || base > 36) {
		errno = EINVAL;
		return n;
	}
	while (isspace(*s))
		s++;
	if (*s == '-' || *s == '+')
		n.negative = *s++ == '-';
	s = scan_prefix(s, &base);
	for (digits = s; digit_value(*s) < base; s++) {
		n.overflow |= __builtin_mul_overflow(n.value, (unsigned int)base, &n.value);
		n.overflow |=
			__builtin_add_overflow(n.value, (unsigned int)digit_value(*s), &n.value);
	}
	if (s != digits && end)
		*end = (char *)s;
	return n;
}

long long strtoll(const char *restrict s, char **restrict end, int base)
{
	struct number n = scan(s, end, base);
	unsigned long long limit = (unsigned long long)LLONG_MAX + n.negative;

	if (n.overflow || n.value > limit) {
		errno = ERANGE;
		return n.negative ? LLONG_MIN : LLONG_MAX;
	}
	return (long long)(n.negative ? -n.value : n.value);
}

unsigned long long strtoull(const char *restrict s, char **restrict end, int base)
{
	struct number n = scan(s, end, base);

	if (n.overflow) {
		errno = ERANGE;
		return ULLONG_MAX;
	}
	return n.negative ? -n.value : n.value;
}

/* long and long long have the same range (LP64). */
long strtol(const char *restrict s, char **restrict end, int base)
{
	return (long)strtoll(s, end, base);
}

unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
	return (unsigned long)strtoull(s, end, base);
}

intmax_t strtoimax(const char *restrict s, char **restrict end, int base)
{
	return strtoll(s, end, base);
}

uintmax_t strtoumax(const char *restrict s, char **restrict end, int base)
{
	return strtoull(s, end, base);
}

int atoi(const char *s)
{
	return (int)strtol(s, NULL, 10);
}

long atol(const char *s)
{
	return strtol(s, NULL, 10);
}

long long atoll(const char *s)
{
	return strtoll(s, NULL, 10);
}

int abs(int v)
{
	return v < 0 ? -v : v;
}

long labs(long v)
{
	return v < 0 ? -v : v;
}

long long llabs(long long v)
{
	return v < 0 ? -v : v;
}

intmax_t imaxabs(intmax_t v)
{
	return v < 0 ? -v : v;
}

div_t div(int num, int den)
{
	return (div_t){num / den, num % den};
}

ldiv_t ldiv(long num, long den)
{
	return (ldiv_t){num / den, num % den};
}
