// SPDX-License-Identifier: BSD-2-Clause
/*
 * qsort and bsearch (C11 7.22.5), and the pseudo-random numbers of rand and random (7.22.2).
 *
 * Called by programs; thread context. qsort is a heap sort: no recursion, no allocation, and
 * n log n steps for every input. rand() is for games and tests; whoever needs unpredictable numbers
 * calls getrandom().
 * Left out: qsort_r, lsearch, hash tables; drand48 and the rest of the random families.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void swap_elements(unsigned char *a, unsigned char *b, size_t size)
{
	unsigned char tmp[64];

	while (size) {
		size_t n = size < sizeof(tmp) ? size : sizeof(tmp);

		memcpy(tmp, a, n);
		memcpy(a, b, n);
		memcpy(b, tmp, n);
		a += n;
		b += n;
		size -= n;
	}
}

/* Let element @i of a heap of @n sink to its place. */
static void sift(unsigned char *base, size_t i, size_t n, size_t size,
		 int (*cmp)(const void *, const void *))
{
	size_t child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && cmp(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (cmp(base + i * size, base + child * size) >= 0)
			return;
		swap_elements(base + i * size, base + child * size, size);
		i = child;
	}
}

void qsort(void *base, size_t n, size_t size, int (*cmp)(const void *, const void *))
{
	for (size_t i = n / 2; i-- > 0;)
		sift(base, i, n, size, cmp);
	for (size_t i = n; i-- > 1;) {
		swap_elements(base, (unsigned char *)base + i * size, size);
		sift(base, 0, i, size, cmp);
	}
}

void *bsearch(const void *key, const void *base, size_t n, size_t size,
	      int (*cmp)(const void *, const void *))
{
	const unsigned char *p = base;

	while (n) {
		const unsigned char *middle = p + n / 2 * size;
		int c = cmp(key, middle);

		if (!c)
			return (void *)middle;
		if (c > 0) {
			p = middle + size;
			n--;
		}
		n /= 2;
	}
	return NULL;
}

static uint64_t random_state = 1;

/* Constants of Knuth's MMIX generator; the high bits are the good ones. */
static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

int rand(void)
{
	return (int)next_random(&random_state);
}

int rand_r(unsigned int *seed)
{
	uint64_t s = *seed;
	uint64_t v = next_random(&s);

	*seed = (unsigned int)(s >> 16);
	return (int)v;
}

void srand(unsigned int seed)
{
	random_state = seed;
}

long random(void)
{
	return (long)next_random(&random_state);
}

void srandom(unsigned int seed)
{
	random_state = seed;
}
