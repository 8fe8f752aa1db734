/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formatter behind every printf: writes into a sink, which is a piece of memory and a function
 * that empties it (or, for snprintf, throws the rest away).
 */
#ifndef LIBC_STDIO_FORMAT_H
#define LIBC_STDIO_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

struct fmt_sink {
	char *pos;
	char *end;
	size_t total;			       /* bytes formatted so far */
	void (*full)(struct fmt_sink *sink); /* make room; NULL: bytes without room are dropped */
};

void __fmt_put(struct fmt_sink *sink, const char *s, size_t n);
/* Formats; the bytes the whole text has, or -1 with errno EOVERFLOW when more than INT_MAX. */
int __format(struct fmt_sink *sink, const char *fmt, va_list ap);

#endif
