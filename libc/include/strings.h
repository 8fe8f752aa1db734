/* SPDX-License-Identifier: BSD-2-Clause */
/* Case-blind comparison and the bit and byte functions of 4.3BSD that POSIX kept. */
#ifndef _STRINGS_H
#define _STRINGS_H

#include <stddef.h>

int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
char *strcasestr(const char *hay, const char *needle);
int ffs(int v);
void bzero(void *s, size_t n);
void bcopy(const void *src, void *dst, size_t n);
int bcmp(const void *a, const void *b, size_t n);

#endif
