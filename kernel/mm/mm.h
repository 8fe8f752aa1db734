/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_MM_H
#define BW_KERNEL_MM_MM_H

/*
 * Private to kernel/mm: page flags, the road between the allocators, start-up.
 */
#include <kernel/mm/page_alloc.h>

#define PG_BUDDY 0x1u	/* head of a block on a free list */
#define PG_CACHED 0x2u	/* head of a block in the small-order cache */
#define PG_TAIL 0x4u	/* not the first page of its block: private is the head */
#define PG_SLAB 0x8u	/* head of a slab: private is its cache */
#define PG_LARGE 0x10u	/* head of a kmalloc larger than the largest cache */

/* The Makefile sets it for DEBUG=1: checking mode without a word on the command line. */
#ifndef CONFIG_SLAB_CHECK
#define CONFIG_SLAB_CHECK 0
#endif

/* The struct page itself, head or tail. */
struct page *phys_to_page(u64 phys);
u64 page_to_phys(const struct page *page);

/* max_phys: end of the highest RAM. */
void page_alloc_init(u64 max_phys);
/* Hand boot memory (physical, whole pages) to the allocator. */
void page_alloc_add(u64 start, u64 end);
/* The same as pages that are in use already, each with one reference. */
void page_alloc_adopt(u64 start, u64 end);
void slab_init(void);
void kmalloc_init(void);
void vmalloc_init(void);
/* Give cached objects and empty slabs back; returns the pages freed. Under mm_lock(). */
unsigned long slab_shrink(void);
/* Pages in slabs. */
unsigned long slab_pages(void);

/* Everything above in order: memblock, paging, pages, slab. Then boot memory is freed. */
void mm_init(void);

#endif /* BW_KERNEL_MM_MM_H */
