/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_TRACK_H
#define BW_TESTS_HOSTED_TRACK_H

/*
 * Inside of the hosted services: the books on what slab.c and page_alloc.c gave out.
 */
#include <kernel/lib/types.h>

/* One allocation. `owner` is the slab cache, kmalloc's tag or the page. */
struct track {
	struct track *next;
	const void *p;
	size_t size;
	const void *owner;
	const char *what;
	u64 seq;
};
void track_add(const void *p, size_t size, const void *owner, const char *what);
struct track *track_find(const void *p);
/* Forget it; it must be there and of this owner. Returns its size. */
size_t track_del(const void *p, const void *owner);
/* Whether this allocation is to fail (hosted_fail_*). */
bool track_inject_failure(void);

#endif /* BW_TESTS_HOSTED_TRACK_H */
