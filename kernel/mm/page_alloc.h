/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_PAGE_ALLOC_H
#define BW_KERNEL_MM_PAGE_ALLOC_H

/*
 * Buddy page allocator and struct page. Every physical page has a struct page with a reference
 * count; packet buffers share pages by it. Thread and softirq context, not hard interrupts; never
 * sleeps.
 */
#include <kernel/lib/atomic.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define MAX_ORDER 10

#define GFP_KERNEL 0x0u /* thread context, may use all but the emergency reserve */
#define GFP_ATOMIC 0x1u /* softirq and interrupt, may dip into the reserve */
#define __GFP_ZERO 0x2u
#define __GFP_NOWARN 0x4u

struct page {
	refcount_t _refcount;
	u32 flags;
	u32 order; /* of a free block or of a compound allocation's head */
	u32 slab_objects;
	void *private; /* allocator: slab cache or free-list link */
	struct page *next, *prev;
};

/* 2^order contiguous pages with reference count 1 on the first, or NULL. */
struct page *alloc_pages(gfp_t gfp, unsigned int order);
/* Give back what alloc_pages returned, whatever its count. */
void __free_pages(struct page *page, unsigned int order);
void *page_address(const struct page *page);
/* The head page of the block that addr lies in. */
struct page *virt_to_page(const void *addr);
/* The allocated block that a physical address lies in, with a reference taken; NULL: none. */
struct page *get_phys_page(u64 phys);

static inline void *page_alloc(gfp_t gfp, unsigned int order)
{
	struct page *p = alloc_pages(gfp, order);

	return p ? page_address(p) : NULL;
}
static inline void page_free(void *addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page(addr), order);
}
static inline void get_page(struct page *p)
{
	refcount_inc(&p->_refcount);
}
/* Drop a reference; the last one frees the whole block (page->order). */
static inline void put_page(struct page *p)
{
	if (refcount_dec_and_test(&p->_refcount))
		__free_pages(p, p->order);
}
static inline int page_count(const struct page *p)
{
	return refcount_read(&p->_refcount);
}

/* A block being filled from its start; whoever takes a part takes a reference on the block. */
struct page_frag {
	struct page *page;
	u32 offset, size;
};
static inline void page_frag_release(struct page_frag *pf)
{
	if (pf->page)
		put_page(pf->page);
	pf->page = NULL;
}

struct mem_info {
	unsigned long total_pages, free_pages, reserve_pages, slab_pages;
	unsigned long free_blocks[MAX_ORDER + 1];
};
void mem_info(struct mem_info *mi);
/* Pages free now, but for a few in the cache of small blocks. */
unsigned long nr_free_pages(void);
/* One block with one reference becomes 2^order pages with one reference each. */
void split_page(struct page *page, unsigned int order);
/* Pages usable after boot; sizes tables (tcp_mem, hashes). */
unsigned long totalram_pages(void);

#endif /* BW_KERNEL_MM_PAGE_ALLOC_H */
