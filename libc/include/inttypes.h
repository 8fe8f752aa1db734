/* SPDX-License-Identifier: BSD-2-Clause */
/* Format specifiers and conversions for the exact-width integers (C11 7.8); LP64. */
#ifndef _INTTYPES_H
#define _INTTYPES_H

#include <stdint.h>

#define PRId8		"d"
#define PRId16		"d"
#define PRId32		"d"
#define PRId64		"ld"
#define PRIi32		"i"
#define PRIi64		"li"
#define PRIu8		"u"
#define PRIu16		"u"
#define PRIu32		"u"
#define PRIu64		"lu"
#define PRIo32		"o"
#define PRIo64		"lo"
#define PRIx8		"x"
#define PRIx16		"x"
#define PRIx32		"x"
#define PRIx64		"lx"
#define PRIX8		"X"
#define PRIX16		"X"
#define PRIX32		"X"
#define PRIX64		"lX"
#define PRIdMAX		"ld"
#define PRIuMAX		"lu"
#define PRIxMAX		"lx"
#define PRIdPTR		"ld"
#define PRIuPTR		"lu"
#define PRIxPTR		"lx"

#define SCNd32		"d"
#define SCNd64		"ld"
#define SCNu16		"hu"
#define SCNu32		"u"
#define SCNu64		"lu"
#define SCNx32		"x"
#define SCNx64		"lx"

intmax_t strtoimax(const char *restrict s, char **restrict end, int base);
uintmax_t strtoumax(const char *restrict s, char **restrict end, int base);
intmax_t imaxabs(intmax_t v);

#endif
