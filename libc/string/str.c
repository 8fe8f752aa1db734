// SPDX-License-Identifier: BSD-2-Clause
/*
 * Strings: measuring, comparing, searching, copying (C11 7.24.3 to 7.24.6, POSIX, strlcpy of BSD).
 *
 * Used by the kernel, the stack and programs; any context; no state and no allocation (those that
 * allocate are in strdup.c). Plain byte loops, except strlen, which every printf of the kernel
 * pays for: it looks at eight bytes a turn and never reads outside the aligned word that holds
 * the terminator.
 */
#include <string.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define ONES  0x0101010101010101ULL
#define HIGHS 0x8080808080808080ULL

typedef uint64_t __attribute__((may_alias)) aligned_word;

/* Reads past the terminator inside one aligned word, which the sanitizer cannot know to be fine. */
__attribute__((no_sanitize_address)) size_t strlen(const char *s)
{
	const char *p = s;

	for (; (uintptr_t)p % 8; p++) {
		if (!*p)
			return (size_t)(p - s);
	}
	for (;; p += 8) {
		uint64_t x = *(const aligned_word *)p;
		uint64_t zero = (x - ONES) & ~x & HIGHS;

		if (zero)
			return (size_t)(p - s) + (size_t)__builtin_ctzll(zero) / 8;
	}
}

size_t strnlen(const char *s, size_t max)
{
	const char *end = memchr(s, 0, max);

	return end ? (size_t)(end - s) : max;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

int strcoll(const char *a, const char *b)
{
	return strcmp(a, b);
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; a++, b++, n--) {
		if (*a != *b)
			return (unsigned char)*a - (unsigned char)*b;
		if (!*a)
			break;
	}
	return 0;
}

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}

char *strchr(const char *s, int c)
{
	s = strchrnul(s, c);
	return *s == (char)c ? (char *)s : NULL;
}

char *strrchr(const char *s, int c)
{
	return memrchr(s, c, strlen(s) + 1);
}

char *strstr(const char *hay, const char *needle)
{
	return memmem(hay, strlen(hay), needle, strlen(needle));
}

/* Length of the start of @s made only of bytes that are (or are not) in @set. */
static size_t span(const char *s, const char *set, bool inside)
{
	uint64_t map[4] = {0};
	size_t n = 0;

	for (; *set; set++)
		map[(unsigned char)*set / 64] |= 1ULL << ((unsigned char)*set % 64);
	while (s[n]) {
		unsigned char c = (unsigned char)s[n];

		if (((map[c / 64] >> (c % 64)) & 1) != inside)
			break;
		n++;
	}
	return n;
}

size_t strspn(const char *s, const char *accept)
{
	return span(s, accept, true);
}

size_t strcspn(const char *s, const char *reject)
{
	return span(s, reject, false);
}

char *strpbrk(const char *s, const char *accept)
{
	s += strcspn(s, accept);
	return *s ? (char *)s : NULL;
}

char *stpcpy(char *restrict dst, const char *restrict src)
{
	size_t n = strlen(src);

	memcpy(dst, src, n + 1);
	return dst + n;
}

char *strcpy(char *restrict dst, const char *restrict src)
{
	stpcpy(dst, src);
	return dst;
}

char *strncpy(char *restrict dst, const char *restrict src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}

char *strcat(char *restrict dst, const char *restrict src)
{
	stpcpy(dst + strlen(dst), src);
	return dst;
}

char *strncat(char *restrict dst, const char *restrict src, size_t n)
{
	size_t len = strnlen(src, n);
	char *end = dst + strlen(dst);

	memcpy(end, src, len);
	end[len] = 0;
	return dst;
}

size_t strlcpy(char *restrict dst, const char *restrict src, size_t size)
{
	size_t len = strlen(src);

	if (size) {
		size_t n = len < size ? len : size - 1;

		memcpy(dst, src, n);
		dst[n] = 0;
	}
	return len;
}

size_t strlcat(char *restrict dst, const char *restrict src, size_t size)
{
	size_t used = strnlen(dst, size);

	return used + (used < size ? strlcpy(dst + used, src, size - used) : strlen(src));
}

char *strtok_r(char *restrict s, const char *restrict delim, char **restrict save)
{
	char *end;

	if (!s)
		s = *save;
	s += strspn(s, delim);
	if (!*s) {
		*save = s;
		return NULL;
	}
	end = s + strcspn(s, delim);
	*save = *end ? end + 1 : end;
	*end = 0;
	return s;
}

char *strtok(char *restrict s, const char *restrict delim)
{
	static char *save;

	return strtok_r(s, delim, &save);
}

char *strsep(char **s, const char *delim)
{
	char *start = *s, *end;

	if (!start)
		return NULL;
	end = start + strcspn(start, delim);
	*s = *end ? end + 1 : NULL;
	*end = 0;
	return start;
}
