// SPDX-License-Identifier: BSD-2-Clause
/*
 * The books on live allocations: a hash from address to size and owner, a running number for leak
 * checks, and the faults that tests inject. Any context of the hosted kernel.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/hash.h>
#include <stdio.h>
#include <string.h>
#include <tests/hosted/services/host_glibc.h>
#include <tests/hosted/services/hosted.h>
#include <tests/hosted/services/track.h>

#define HASH_BITS 16
#define MAX_SHOWN 10

static struct track *buckets[1u << HASH_BITS];
static u64 next_seq, leak_mark;
static unsigned long live;
static struct {
	unsigned long nth; /* 0: off */
	unsigned int permille;
	u64 lcg;
	unsigned long failed;
	unsigned int held;
} fault;

static struct track **slot_of(const void *p)
{
	struct track **t = &buckets[hash_64((u64)(unsigned long)p, HASH_BITS)];

	while (*t && (*t)->p != p)
		t = &(*t)->next;
	return t;
}

void track_add(const void *p, size_t size, const void *owner, const char *what)
{
	struct track **slot = slot_of(p), *t = host_alloc(sizeof(*t), 0);

	BUG_ON(!t || *slot);
	*t = (struct track){
		.p = p, .size = size, .owner = owner, .what = what, .seq = next_seq++ };
	*slot = t;
	live++;
}

struct track *track_find(const void *p)
{
	return *slot_of(p);
}

size_t track_del(const void *p, const void *owner)
{
	struct track **slot = slot_of(p), *t = *slot;
	size_t size;

	if (!t)
		panic("free of %p, which is not allocated (any more)", p);
	if (t->owner != owner)
		panic("free of %p (%s) to another allocator than it came from", p, t->what);
	size = t->size;
	*slot = t->next;
	host_free(t);
	live--;
	return size;
}

bool track_inject_failure(void)
{
	bool fail;

	if (fault.held)
		return false;
	fail = fault.nth && --fault.nth == 0;

	if (fault.permille) {
		fault.lcg = fault.lcg * 6364136223846793005ull + 1442695040888963407ull;
		fail |= (fault.lcg >> 33) % 1000 < fault.permille;
	}
	fault.failed += fail;
	return fail;
}

void hosted_fail_nth(unsigned long n)
{
	fault.nth = n;
	fault.failed = 0;
}

void hosted_fail_permille(unsigned int permille)
{
	fault.permille = permille;
	fault.failed = 0;
	fault.lcg = permille;
}

void hosted_fail_hold(bool on)
{
	fault.held += on ? 1 : -1u;
}

unsigned long hosted_failed(void)
{
	return fault.failed;
}

unsigned long hosted_live_objects(void)
{
	return live;
}

void hosted_leak_mark(void)
{
	leak_mark = next_seq;
}

unsigned long hosted_leak_check(void)
{
	unsigned long leaks = 0;

	for (size_t i = 0; i < ARRAY_SIZE(buckets); i++) {
		for (struct track *t = buckets[i]; t; t = t->next) {
			char line[160];
			int n;

			if (t->seq < leak_mark || leaks++ >= MAX_SHOWN)
				continue;
			n = snprintf(line, sizeof(line), "LEAK: %s, %zu bytes at %p, from:\n", t->what,
				     t->size, t->p);
			host_write(line, (unsigned long)n);
			host_describe(t->p);
		}
	}
	return leaks;
}
