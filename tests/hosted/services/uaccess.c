// SPDX-License-Identifier: BSD-2-Clause
/*
 * Program memory of the hosted tests: plain memory of this process, in which a test declares ranges
 * that fault (hosted_fault_range). A copy stops at the first byte of such a range, as on the
 * machine. NULL and addresses that no program has fault always. Replaces kernel/mm/uaccess.c.
 */
#include <kernel/lib/bug.h>
#include <kernel/mm/uaccess.h>
#include <string.h>
#include <tests/hosted/services/hosted.h>

#define MAX_RANGES 8
#define PROGRAM_END (1ul << 47)

static struct {
	unsigned long start, end;
} ranges[MAX_RANGES];
static unsigned int nr_ranges;

void hosted_fault_range(const void *start, size_t len)
{
	BUG_ON(nr_ranges == MAX_RANGES);
	ranges[nr_ranges].start = (unsigned long)start;
	ranges[nr_ranges++].end = (unsigned long)start + len;
}

void hosted_no_faults(void)
{
	nr_ranges = 0;
}

bool access_ok(const void *addr, size_t n)
{
	return n <= PROGRAM_END && (unsigned long)addr <= PROGRAM_END - n;
}

/* How many of n bytes can be reached. */
static size_t reachable(const void *addr, size_t n)
{
	unsigned long a = (unsigned long)addr;
	unsigned int i;

	if (!addr || !access_ok(addr, n))
		return 0;
	for (i = 0; i < nr_ranges; i++)
		if (a + n > ranges[i].start && a < ranges[i].end)
			n = ranges[i].start > a ? ranges[i].start - a : 0;
	return n;
}

size_t raw_copy_from_user(void *to, const void *from, size_t n)
{
	size_t ok = reachable(from, n);

	if (ok)
		memcpy(to, from, ok);
	return n - ok;
}

size_t raw_copy_to_user(void *to, const void *from, size_t n)
{
	size_t ok = reachable(to, n);

	if (ok)
		memcpy(to, from, ok);
	return n - ok;
}

size_t raw_clear_user(void *to, size_t n)
{
	size_t ok = reachable(to, n);

	if (ok)
		memset(to, 0, ok);
	return n - ok;
}

long strnlen_user(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!reachable(s + i, 1))
			return 0;
		if (!s[i])
			return (long)i + 1;
	}
	return (long)n + 1;
}

long strncpy_from_user(char *to, const char *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (raw_copy_from_user(to + i, from + i, 1))
			return -EFAULT;
		if (!to[i])
			return (long)i;
	}
	return (long)n;
}
