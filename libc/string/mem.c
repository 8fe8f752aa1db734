// SPDX-License-Identifier: BSD-2-Clause
/*
 * Copying, filling, comparing and searching memory (C11 7.24.2, 7.24.4 to 7.24.6).
 *
 * Used by the kernel, the stack and programs; any context; no state. The speed that counts is
 * guest instructions under emulation, where every turn of a rep prefix is one instruction and
 * `rep movsb` moves one byte a turn: so the bulk goes by `rep movsq`, the rest by one overlapping
 * 8-byte move, and sizes below 64 by a few straight moves. All loads of a short copy come before
 * its stores, so that memmove shares it. No SSE: the kernel does not save its registers.
 */
#include <string.h>
#include <stdint.h>

/* Loops here must not be turned into calls of the functions they implement. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

typedef uint64_t __attribute__((may_alias, aligned(1))) word;
typedef uint32_t __attribute__((may_alias, aligned(1))) half;
typedef uint16_t __attribute__((may_alias, aligned(1))) quarter;

#define ONES  0x0101010101010101ULL
#define HIGHS 0x8080808080808080ULL

/* Fewer than 16 bytes; the two areas may overlap. */
static inline void copy_tiny(unsigned char *d, const unsigned char *s, size_t n)
{
	if (n >= 8) {
		word a = *(const word *)s, b = *(const word *)(s + n - 8);

		*(word *)d = a;
		*(word *)(d + n - 8) = b;
	} else if (n >= 4) {
		half a = *(const half *)s, b = *(const half *)(s + n - 4);

		*(half *)d = a;
		*(half *)(d + n - 4) = b;
	} else if (n >= 2) {
		quarter a = *(const quarter *)s, b = *(const quarter *)(s + n - 2);

		*(quarter *)d = a;
		*(quarter *)(d + n - 2) = b;
	} else if (n) {
		*d = *s;
	}
}

/* Fewer than 64 bytes; the two areas may overlap. */
static inline void copy_small(unsigned char *d, const unsigned char *s, size_t n)
{
	const word *from = (const word *)s, *from_end = (const word *)(s + n);
	word *to = (word *)d, *to_end = (word *)(d + n);
	word a, b, c, e, w, x, y, z;

	if (n < 16) {
		copy_tiny(d, s, n);
		return;
	}
	a = from[0];
	b = from[1];
	y = from_end[-2];
	z = from_end[-1];
	if (n > 32) {
		c = from[2];
		e = from[3];
		w = from_end[-4];
		x = from_end[-3];
		to[2] = c;
		to[3] = e;
		to_end[-4] = w;
		to_end[-3] = x;
	}
	to[0] = a;
	to[1] = b;
	to_end[-2] = y;
	to_end[-1] = z;
}

/* 64 bytes or more, ascending: safe when the destination starts below the source or far away. */
static inline void copy_up(unsigned char *d, const unsigned char *s, size_t n)
{
	word tail = *(const word *)(s + n - 8);
	word *tail_to = (word *)(d + n - 8);
	size_t words = n / 8;

	__asm__ volatile("rep movsq" : "+D"(d), "+S"(s), "+c"(words) : : "memory");
	*tail_to = tail;
}

/* 64 bytes or more, descending, for a destination inside the source. */
static void copy_down(unsigned char *d, const unsigned char *s, size_t n)
{
	word head[4];

	memcpy(head, s, sizeof(head));
	while (n >= 32) {
		const word *from = (const word *)(s + n);
		word *to = (word *)(d + n);
		word a = from[-1], b = from[-2], c = from[-3], e = from[-4];

		to[-1] = a;
		to[-2] = b;
		to[-3] = c;
		to[-4] = e;
		n -= 32;
	}
	memcpy(d, head, n);
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	if (n < 64)
		copy_small(dst, src, n);
	else
		copy_up(dst, src, n);
	return dst;
}

void *mempcpy(void *restrict dst, const void *restrict src, size_t n)
{
	return (unsigned char *)memcpy(dst, src, n) + n;
}

void *memmove(void *dst, const void *src, size_t n)
{
	if (n < 64)
		copy_small(dst, src, n);
	else if ((uintptr_t)dst - (uintptr_t)src >= n)
		copy_up(dst, src, n);
	else
		copy_down(dst, src, n);
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	unsigned char *d = dst;
	uint64_t v = ONES * (unsigned char)c;

	if (n >= 64) {
		size_t words = n / 8;

		*(word *)(d + n - 8) = v;
		__asm__ volatile("rep stosq" : "+D"(d), "+c"(words) : "a"(v) : "memory");
	} else if (n >= 16) {
		word *at = (word *)d, *end = (word *)(d + n);

		if (n > 32) {
			at[2] = at[3] = v;
			end[-4] = end[-3] = v;
		}
		at[0] = at[1] = v;
		end[-2] = end[-1] = v;
	} else if (n >= 8) {
		*(word *)d = v;
		*(word *)(d + n - 8) = v;
	} else if (n >= 4) {
		*(half *)d = (uint32_t)v;
		*(half *)(d + n - 4) = (uint32_t)v;
	} else {
		while (n)
			d[--n] = (unsigned char)c;
	}
	return dst;
}

/* For secrets: the compiler may not drop it. */
void explicit_bzero(void *s, size_t n)
{
	memset(s, 0, n);
	__asm__ volatile("" : : "r"(s) : "memory");
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n >= 32; x += 32, y += 32, n -= 32) {
		const word *p = (const word *)x, *q = (const word *)y;

		if ((p[0] ^ q[0]) | (p[1] ^ q[1]) | (p[2] ^ q[2]) | (p[3] ^ q[3]))
			break; /* which byte it is, the next loop finds */
	}
	for (; n >= 8; x += 8, y += 8, n -= 8) {
		uint64_t p = *(const word *)x, q = *(const word *)y;

		if (p != q) {
			p = __builtin_bswap64(p);
			q = __builtin_bswap64(q);
			return p < q ? -1 : 1;
		}
	}
	for (; n; x++, y++, n--) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

/*
 * Stops at the first match and reads no further than the aligned word that holds it, so @n may be
 * larger than the object (C11 7.24.5.1); the sanitizer cannot know that to be fine.
 */
__attribute__((no_sanitize_address)) void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;
	uint64_t want = ONES * (unsigned char)c;

	for (; n && (uintptr_t)p % 8; p++, n--) {
		if (*p == (unsigned char)c)
			return (void *)p;
	}
	for (; n; p += 8, n = n > 8 ? n - 8 : 0) {
		uint64_t x = *(const word *)p ^ want;
		uint64_t zero = (x - ONES) & ~x & HIGHS;
		size_t at = (size_t)__builtin_ctzll(zero | 1ULL << 63) / 8;

		if (zero)
			return at < n ? (void *)(p + at) : NULL;
	}
	return NULL;
}

void *memrchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	while (n--) {
		if (p[n] == (unsigned char)c)
			return (void *)(p + n);
	}
	return NULL;
}

void *memmem(const void *hay, size_t haylen, const void *needle, size_t len)
{
	const unsigned char *p = hay, *end, *first = needle;

	if (!len)
		return (void *)hay;
	if (haylen < len)
		return NULL;
	end = p + haylen - len + 1;
	while (p < end) {
		p = memchr(p, *first, (size_t)(end - p));
		if (!p)
			return NULL;
		if (!memcmp(p, needle, len))
			return (void *)p;
		p++;
	}
	return NULL;
}

void bzero(void *s, size_t n)
{
	memset(s, 0, n);
}

void bcopy(const void *src, void *dst, size_t n)
{
	memmove(dst, src, n);
}

int bcmp(const void *a, const void *b, size_t n)
{
	return memcmp(a, b, n);
}
