/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_SLAB_INTERNAL_H
#define BW_KERNEL_MM_SLAB_INTERNAL_H

/*
 * Private to kernel/mm: a cache, its slabs, and the road between slab.c, slab_check.c and
 * kmalloc.c. Everything under mm_lock().
 *
 * A slab is one buddy block. Its free objects form a list of indexes: the first in the page's
 * slab_objects, each next one in the free object itself (checking mode: beside it).
 */
#include <kernel/lib/list.h>
#include <kernel/mm/slab.h>

#define MAGAZINE_MAX 64
#define SLAB_END 0xffffu
#define SLAB_MAX_ORDER 3

struct kmem_cache {
	/* The fast path: objects at hand, last in first out. limit is 0 in checking mode. */
	u32 count, limit;
	void *objs[MAGAZINE_MAX];

	const char *name;
	size_t size;	 /* what the user asked for */
	u32 stride;	 /* bytes from object to object */
	u32 offset;	 /* of the object in its stride (left redzone) */
	u32 reciprocal;	 /* 2^32 / stride, rounded up */
	u32 order, per_slab, flags;
	struct list_head node;
	struct page partial; /* list head: slabs with free and used objects */
	struct page full;    /* list head: kept for the leak report */
	struct page *empty;  /* one spare slab */
	unsigned long slabs, inuse; /* inuse counts what magazines hold, too */
};

extern struct list_head slab_caches;

static inline u32 slab_inuse(const struct page *slab)
{
	return slab->slab_objects & 0xffff;
}
static inline u32 slab_first_free(const struct page *slab)
{
	return slab->slab_objects >> 16;
}
static inline void slab_set(struct page *slab, u32 first_free, u32 inuse)
{
	slab->slab_objects = first_free << 16 | inuse;
}
/* Start of an object's stride. */
static inline char *slab_slot(const struct kmem_cache *c, const struct page *slab, u32 i)
{
	return (char *)page_address(slab) + (size_t)i * c->stride;
}
static inline u32 slab_index(const struct kmem_cache *c, const struct page *slab, const void *obj)
{
	u64 off = (u64)((const char *)obj - (const char *)page_address(slab));

	return (u32)(off * c->reciprocal >> 32);
}
/* Where a free object keeps the index of the next one. */
u16 *slab_link(const struct kmem_cache *c, char *slot);

void *cache_alloc(struct kmem_cache *c, gfp_t gfp, unsigned long caller);
void cache_free(struct kmem_cache *c, void *obj, unsigned long caller);
void slab_list_add(struct page *slab, struct page *head);
void slab_list_del(struct page *slab);

/* slab_check.c */
void check_layout(struct kmem_cache *c, size_t size, size_t align);
u16 *check_link(const struct kmem_cache *c, char *slot);
void check_new_slot(const struct kmem_cache *c, char *slot);
/* Both panic with a report when the object is not as it must be. */
void check_on_alloc(const struct kmem_cache *c, char *slot, unsigned long caller);
void check_on_free(const struct kmem_cache *c, void *obj, unsigned long caller);
void check_large_alloc(struct page *page, unsigned long caller);
void check_large_free(struct page *page);

#endif /* BW_KERNEL_MM_SLAB_INTERNAL_H */
