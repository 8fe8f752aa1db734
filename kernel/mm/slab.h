/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_SLAB_H
#define BW_KERNEL_MM_SLAB_H

/*
 * Slab caches and kmalloc. Thread and softirq context, not hard interrupts; never sleeps. In
 * checking mode (DEBUG=1, `slab_check=1`) objects carry redzones and poison, double free and use
 * after free panic, and slab_report_leaks() lists what is still allocated.
 */
#include <kernel/mm/page_alloc.h>

struct kmem_cache;
#define SLAB_NO_LEAK_REPORT 0x1u

/*
 * size in bytes; align 0 means 8. ctor runs on every allocation's memory once when the slab is
 * made.
 */
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align, u32 flags);
/* Warns and keeps the cache if objects are still out. */
void kmem_cache_destroy(struct kmem_cache *c);
void *kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *c, void *obj);
static inline void *kmem_cache_zalloc(struct kmem_cache *c, gfp_t gfp)
{
	return kmem_cache_alloc(c, gfp | __GFP_ZERO);
}
size_t kmem_cache_size(const struct kmem_cache *c);

/* 8 bytes up to 4 MiB; larger than a page comes straight from the page allocator. */
void *kmalloc(size_t size, gfp_t gfp);
void kfree(const void *p);
/* Usable bytes behind p. */
size_t ksize(const void *p);
static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}
static inline void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kzalloc(bytes, gfp);
}
void *krealloc(void *p, size_t size, gfp_t gfp);
char *kstrdup(const char *s, gfp_t gfp);

extern bool slab_checking; /* [I] */
/* Checking mode: what is allocated now belongs to the kernel and is no leak of the program's. */
void slab_leak_baseline(void);
/*
 * Checking mode: prints one "LEAK: cache NAME: N objects" line per cache with objects out that were
 * allocated after the baseline, with the allocating functions; returns their number.
 */
unsigned long slab_report_leaks(void);
/* One cache, for /proc/slabinfo. */
struct slab_info {
	const char *name;
	size_t size;		   /* of an object, bytes */
	unsigned long used, total; /* objects handed out, objects in slabs */
	unsigned long slabs;
	unsigned int objects_per_slab, pages_per_slab;
};
void slab_for_each(void (*fn)(const struct slab_info *info, void *arg), void *arg);

#endif /* BW_KERNEL_MM_SLAB_H */
