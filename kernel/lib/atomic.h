/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_ATOMIC_H
#define BW_KERNEL_LIB_ATOMIC_H

/*
 * Atomic counters and reference counts. Reference counts refuse to move once they would wrap.
 */
#include <kernel/lib/bug.h>

typedef struct {
	int counter;
} atomic_t;
typedef struct {
	long counter;
} atomic64_t;
typedef struct {
	atomic_t refs;
} refcount_t;

#define ATOMIC_INIT(i) { (i) }
#define atomic_read(v) __atomic_load_n(&(v)->counter, __ATOMIC_RELAXED)
#define atomic_set(v, i) __atomic_store_n(&(v)->counter, (i), __ATOMIC_RELAXED)
#define atomic_add(i, v) ((void)__atomic_fetch_add(&(v)->counter, (i), __ATOMIC_RELAXED))
#define atomic_sub(i, v) ((void)__atomic_fetch_sub(&(v)->counter, (i), __ATOMIC_RELAXED))
#define atomic_inc(v) atomic_add(1, v)
#define atomic_dec(v) atomic_sub(1, v)
#define atomic_add_return(i, v) __atomic_add_fetch(&(v)->counter, (i), __ATOMIC_ACQ_REL)
#define atomic_sub_return(i, v) __atomic_sub_fetch(&(v)->counter, (i), __ATOMIC_ACQ_REL)
#define atomic_inc_return(v) atomic_add_return(1, v)
#define atomic_dec_and_test(v) (atomic_sub_return(1, v) == 0)

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}
static inline int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}
static inline void refcount_inc(refcount_t *r)
{
	int old = __atomic_fetch_add(&r->refs.counter, 1, __ATOMIC_RELAXED);

	BUG_ON(old <= 0);
}
/* Take a reference unless the object is already dying. */
static inline bool refcount_inc_not_zero(refcount_t *r)
{
	int old = atomic_read(&r->refs);

	while (old > 0) {
		if (__atomic_compare_exchange_n(&r->refs.counter, &old, old + 1, false,
						__ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			return true;
	}
	return false;
}
static inline bool refcount_dec_and_test(refcount_t *r)
{
	int left = atomic_sub_return(1, &r->refs);

	BUG_ON(left < 0);
	return left == 0;
}

#endif /* BW_KERNEL_LIB_ATOMIC_H */
