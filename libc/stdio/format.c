// SPDX-License-Identifier: BSD-2-Clause
/*
 * printf conversions (C11 7.21.6.1): d i u o x X c s p %, all flags, width, precision with `*`, and
 * the length modifiers hh h l ll z t j.
 *
 * Called by snprintf and the stream functions of libc and through them by printk; any context, no
 * allocation, no locks, about 100 bytes of stack. Left out: the floating point conversions (kernel
 * and linked-in programs are compiled without floating point registers, so no double can arrive),
 * wide characters, and %n, which is read and ignored.
 */
#include <stdio.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <libc/stdio/format.h>

struct spec {
	bool left, plus, space, alt, zero;
	bool has_precision;
	int width;
	int precision;
	int length; /* bytes of the integer argument */
	long zeros; /* to put between prefix and digits */
	char conv;
};

void __fmt_put(struct fmt_sink *sink, const char *s, size_t n)
{
	sink->total += n;
	while (n) {
		size_t room = (size_t)(sink->end - sink->pos);

		if (!room && sink->full) {
			sink->full(sink);
			continue;
		}
		if (!room)
			return;
		if (room > n)
			room = n;
		memcpy(sink->pos, s, room);
		sink->pos += room;
		s += room;
		n -= room;
	}
}

static void put_repeated(struct fmt_sink *sink, char c, long n)
{
	char block[16];

	if (n <= 0)
		return;
	memset(block, c, sizeof(block));
	/* Padding that nobody will see is only counted. */
	for (; n && (sink->full || sink->pos != sink->end); n -= (long)sizeof(block)) {
		if (n <= (long)sizeof(block)) {
			__fmt_put(sink, block, (size_t)n);
			return;
		}
		__fmt_put(sink, block, sizeof(block));
	}
	sink->total += (size_t)n;
}

/* prefix (sign, 0x), zeros, body, padded to the width. */
static void put_field(struct fmt_sink *sink, const struct spec *s, const char *prefix,
		      const char *body, int len)
{
	int prefix_len = (int)strlen(prefix);
	long pad = s->width - s->zeros - prefix_len - len;

	if (!s->left)
		put_repeated(sink, ' ', pad);
	__fmt_put(sink, prefix, (size_t)prefix_len);
	put_repeated(sink, '0', s->zeros);
	__fmt_put(sink, body, (size_t)len);
	if (s->left)
		put_repeated(sink, ' ', pad);
}

/* Digits of v right-aligned before end; returns the first. */
static char *digits_of(char *end, uint64_t v, char conv)
{
	const char *set = conv == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";

	switch (conv) {
	case 'o':
		for (; v; v >>= 3)
			*--end = set[v & 7];
		break;
	case 'x':
	case 'X':
	case 'p':
		for (; v; v >>= 4)
			*--end = set[v & 15];
		break;
	default:
		for (; v > UINT32_MAX; v /= 10)
			*--end = set[v % 10];
		for (uint32_t w = (uint32_t)v; w; w /= 10)
			*--end = set[w % 10];
	}
	return end;
}

static const char *prefix_of(const struct spec *s, bool negative, uint64_t v)
{
	if (s->conv == 'd')
		return negative ? "-" : s->plus ? "+" : s->space ? " " : "";
	if (s->conv == 'p')
		return "0x";
	if (s->alt && v && (s->conv == 'x' || s->conv == 'X'))
		return s->conv == 'x' ? "0x" : "0X";
	return "";
}

static void put_integer(struct fmt_sink *sink, struct spec *s, uint64_t v, bool negative)
{
	char buf[24], *end = buf + sizeof(buf);
	char *first = digits_of(end, v, s->conv);
	const char *prefix = prefix_of(s, negative, v);
	int len = (int)(end - first);
	int want = s->has_precision ? s->precision : 1;
	long zeros = want > len ? want - len : 0;

	if (s->alt && s->conv == 'o' && !zeros && (!len || *first != '0'))
		zeros = 1;
	if (s->zero && !s->left && !s->has_precision) {
		long fill = (long)s->width - (long)strlen(prefix) - len;

		if (fill > zeros)
			zeros = fill;
	}
	s->zeros = zeros;
	put_field(sink, s, prefix, first, len);
}

static int64_t signed_arg(const struct spec *s, va_list *ap)
{
	switch (s->length) {
	case 8:
		return va_arg(*ap, long);
	case 2:
		return (short)va_arg(*ap, int);
	case 1:
		return (signed char)va_arg(*ap, int);
	default:
		return va_arg(*ap, int);
	}
}

static uint64_t unsigned_arg(const struct spec *s, va_list *ap)
{
	switch (s->length) {
	case 8:
		return va_arg(*ap, unsigned long);
	case 2:
		return (unsigned short)va_arg(*ap, unsigned int);
	case 1:
		return (unsigned char)va_arg(*ap, unsigned int);
	default:
		return va_arg(*ap, unsigned int);
	}
}

static void put_string(struct fmt_sink *sink, const struct spec *s, const char *str)
{
	size_t len;

	if (!str)
		str = s->has_precision && s->precision < 6 ? "" : "(null)";
	len = s->has_precision ? strnlen(str, (size_t)s->precision) : strlen(str);
	put_field(sink, s, "", str, len > INT_MAX ? INT_MAX : (int)len);
}

static void put_pointer(struct fmt_sink *sink, struct spec *s, const void *p)
{
	if (p)
		put_integer(sink, s, (uintptr_t)p, false);
	else
		put_field(sink, s, "", "(nil)", 5);
}

static void convert(struct fmt_sink *sink, struct spec *s, va_list *ap)
{
	int64_t v;
	char c;

	switch (s->conv) {
	case 'd':
	case 'i':
		s->conv = 'd';
		v = signed_arg(s, ap);
		put_integer(sink, s, v < 0 ? -(uint64_t)v : (uint64_t)v, v < 0);
		break;
	case 'u':
	case 'o':
	case 'x':
	case 'X':
		put_integer(sink, s, unsigned_arg(s, ap), false);
		break;
	case 'c':
		c = (char)va_arg(*ap, int);
		put_field(sink, s, "", &c, 1);
		break;
	case 's':
		put_string(sink, s, va_arg(*ap, const char *));
		break;
	case 'p':
		put_pointer(sink, s, va_arg(*ap, void *));
		break;
	case 'n':
		(void)va_arg(*ap, void *);
		break;
	default: /* '%', or something unknown: shown as it stands */
		if (s->conv != '%')
			__fmt_put(sink, "%", 1);
		__fmt_put(sink, &s->conv, s->conv != 0);
	}
}

/* Width or precision: digits or an argument. */
static const char *scan_count(const char *f, int *out, va_list *ap)
{
	int n = 0;

	if (*f == '*') {
		*out = va_arg(*ap, int);
		return f + 1;
	}
	for (; *f >= '0' && *f <= '9'; f++) {
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *f - '0', &n))
			n = INT_MAX;
	}
	*out = n;
	return f;
}

static const char *scan_flags(const char *f, struct spec *s)
{
	for (;; f++) {
		switch (*f) {
		case '-':
			s->left = true;
			break;
		case '+':
			s->plus = true;
			break;
		case ' ':
			s->space = true;
			break;
		case '#':
			s->alt = true;
			break;
		case '0':
			s->zero = true;
			break;
		default:
			return f;
		}
	}
}

static const char *scan_length(const char *f, struct spec *s)
{
	s->length = 4;
	switch (*f) {
	case 'h':
		s->length = f[1] == 'h' ? 1 : 2;
		return f + (f[1] == 'h' ? 2 : 1);
	case 'l':
		s->length = 8;
		return f + (f[1] == 'l' ? 2 : 1);
	case 'z':
	case 't':
	case 'j':
		s->length = 8;
		return f + 1;
	default:
		return f;
	}
}

/* One conversion, behind its percent sign; returns where the text goes on. */
static const char *format_one(struct fmt_sink *sink, const char *f, va_list *ap)
{
	struct spec s = {0};

	f = scan_flags(f, &s);
	f = scan_count(f, &s.width, ap);
	if (s.width < 0) {
		s.left = true;
		s.width = s.width == INT_MIN ? INT_MAX : -s.width;
	}
	if (*f == '.') {
		f = scan_count(f + 1, &s.precision, ap);
		s.has_precision = s.precision >= 0;
	}
	f = scan_length(f, &s);
	s.conv = *f;
	convert(sink, &s, ap);
	return *f ? f + 1 : f;
}

int __format(struct fmt_sink *sink, const char *fmt, va_list ap)
{
	va_list args;

	va_copy(args, ap);
	while (*fmt) {
		const char *percent = strchrnul(fmt, '%');

		__fmt_put(sink, fmt, (size_t)(percent - fmt));
		fmt = *percent ? format_one(sink, percent + 1, &args) : percent;
	}
	va_end(args);
	if (sink->total > INT_MAX) {
		errno = EOVERFLOW;
		return -1;
	}
	return (int)sink->total;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	/* Without a size there is nowhere to write; one byte stays for the terminator. */
	struct fmt_sink sink = {.pos = buf, .end = size ? buf + size - 1 : buf};
	int n = __format(&sink, fmt, ap);

	if (size)
		*sink.pos = 0;
	return n;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

int vsprintf(char *buf, const char *fmt, va_list ap)
{
	/* The caller vouches for the room; the largest object bounds it all the same. */
	return vsnprintf(buf, (size_t)INT_MAX, fmt, ap);
}

int sprintf(char *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsprintf(buf, fmt, ap);
	va_end(ap);
	return n;
}
