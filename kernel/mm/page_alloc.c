// SPDX-License-Identifier: BSD-2-Clause
/*
 * Buddy page allocator (Knuth, TAOCP volume 1, section 2.5, "buddy system"). Free blocks of
 * 2^order pages hang on one list an order; a freed block merges with its buddy (the block whose
 * page number differs in one bit) as long as that is free too. Blocks up to order 3 pass through
 * a small last-in first-out cache first, so that the common packet buffer costs a few
 * instructions. GFP_KERNEL fails when only the emergency reserve is left; GFP_ATOMIC may use it
 * up. Thread and softirq context; never from a hard interrupt. When memory runs out the slab
 * caches are asked to shrink first.
 */
#include <kernel/cpu/irqflags.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/memblock.h>
#include <kernel/mm/mm.h>
#include <kernel/mm/mm_lock.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/pgtable.h>
#include <string.h>

#define NR_ORDERS (MAX_ORDER + 1)
#define CACHED_ORDERS 4
#define RESERVE_MIN_PAGES 32UL
#define RESERVE_MAX_PAGES 1024UL

struct block_cache {
	struct page *head;
	unsigned int count, limit;
};

static struct {
	struct page free[NR_ORDERS]; /* list heads: only next and prev are used */
	unsigned long blocks[NR_ORDERS];
	struct block_cache cache[CACHED_ORDERS];
	unsigned long total_pages, free_pages, reserve_pages;
	u64 max_pfn;
} zone = { .cache = { { NULL, 0, 64 }, { NULL, 0, 16 }, { NULL, 0, 8 }, { NULL, 0, 16 } } };

static struct page *const mem_map = (struct page *)VMEMMAP_START;

struct page *phys_to_page(u64 phys)
{
	return mem_map + (phys >> PAGE_SHIFT);
}

u64 page_to_phys(const struct page *page)
{
	return (u64)(page - mem_map) << PAGE_SHIFT;
}

void *page_address(const struct page *page)
{
	return phys_to_virt(page_to_phys(page));
}

struct page *virt_to_page(const void *addr)
{
	u64 pfn = ((unsigned long)addr - PAGE_OFFSET) >> PAGE_SHIFT;
	struct page *page = mem_map + pfn;

	BUG_ON(pfn >= zone.max_pfn);
	return page->flags & PG_TAIL ? page->private : page;
}

struct page *get_phys_page(u64 phys)
{
	u64 pfn = phys >> PAGE_SHIFT;
	struct page *page;

	if (pfn >= zone.max_pfn)
		return NULL;
	page = mem_map + pfn;
	if (page->flags & PG_TAIL)
		page = page->private;
	if (!page_count(page) || page->flags & (PG_BUDDY | PG_CACHED) ||
	    mem_map + pfn >= page + (1UL << page->order))
		return NULL;
	get_page(page);
	return page;
}

unsigned long totalram_pages(void)
{
	return zone.total_pages;
}

unsigned long nr_free_pages(void)
{
	return zone.free_pages;
}

void split_page(struct page *page, unsigned int order)
{
	BUG_ON(page->order != order || page->flags || page_count(page) != 1);
	for (unsigned long i = 0; i < 1UL << order; i++) {
		page[i].flags = 0;
		page[i].order = 0;
		page[i].slab_objects = 0;
		refcount_set(&page[i]._refcount, 1);
	}
}

void mm_unlock_slow(void)
{
	if (!softirq_cpu.in_softirq && !irqs_disabled())
		do_softirq();
}

static void list_push(struct page *page, unsigned int order)
{
	struct page *head = &zone.free[order];

	page->flags = PG_BUDDY;
	page->order = order;
	page->next = head->next;
	page->prev = head;
	head->next->prev = page;
	head->next = page;
	zone.blocks[order]++;
	zone.free_pages += 1UL << order;
}

static void list_remove(struct page *page)
{
	page->prev->next = page->next;
	page->next->prev = page->prev;
	page->flags = 0;
	zone.blocks[page->order]--;
	zone.free_pages -= 1UL << page->order;
}

/*
 * The buddy if it is a free block of that order. It always has a struct page: paging_map_vmemmap()
 * works in units of the largest block.
 */
static struct page *free_buddy(u64 pfn, unsigned int order)
{
	struct page *buddy = mem_map + (pfn ^ (1UL << order));

	return (buddy->flags & PG_BUDDY) && buddy->order == order ? buddy : NULL;
}

static void buddy_free(struct page *page, unsigned int order)
{
	u64 pfn = (u64)(page - mem_map);

	for (; order < MAX_ORDER; order++) {
		struct page *buddy = free_buddy(pfn, order);

		if (!buddy)
			break;
		list_remove(buddy);
		pfn &= ~(1UL << order);
	}
	list_push(mem_map + pfn, order);
}

static void mark_block(struct page *page, unsigned int order)
{
	page->flags = 0;
	page->order = order;
	for (unsigned long i = 1; i < 1UL << order; i++) {
		page[i].flags = PG_TAIL;
		page[i].private = page;
	}
}

/* Smallest block that is large enough, split down; keeps `reserve` pages free. */
static struct page *buddy_alloc(unsigned int order, unsigned long reserve)
{
	unsigned int o = order;
	struct page *page;

	if (zone.free_pages < reserve + (1UL << order))
		return NULL;
	while (o <= MAX_ORDER && !zone.blocks[o])
		o++;
	if (o > MAX_ORDER)
		return NULL;
	page = zone.free[o].next;
	list_remove(page);
	while (o > order) {
		o--;
		list_push(page + (1UL << o), o);
	}
	mark_block(page, order);
	return page;
}

/* Give all but `keep` cached blocks of an order back to the buddy lists. */
static void cache_drain(unsigned int order, unsigned int keep)
{
	struct block_cache *c = &zone.cache[order];

	while (c->count > keep) {
		struct page *page = c->head;

		c->head = page->next;
		c->count--;
		buddy_free(page, order);
	}
}

/* From the buddy lists; when they are empty, after taking back what the caches hold. */
static struct page *alloc_hard(gfp_t gfp, unsigned int order)
{
	unsigned long reserve = gfp & GFP_ATOMIC ? 0 : zone.reserve_pages;
	struct page *page = buddy_alloc(order, reserve);

	if (likely(page))
		return page;
	for (unsigned int o = 0; o < CACHED_ORDERS; o++)
		cache_drain(o, 0);
	page = buddy_alloc(order, reserve);
	if (!page && slab_shrink())
		page = buddy_alloc(order, reserve);
	return page;
}

static void zero_block(struct page *page)
{
	memset(page_address(page), 0, PAGE_SIZE << page->order);
}

static noinline struct page *alloc_slow(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_hard(gfp, order);

	mm_unlock();
	if (!page) {
		if (!(gfp & __GFP_NOWARN))
			pr_warn_ratelimited("mm: out of memory: order %u, %s, %lu pages free\n",
					    order, gfp & GFP_ATOMIC ? "atomic" : "kernel",
					    zone.free_pages);
		return NULL;
	}
	refcount_set(&page->_refcount, 1);
	if (gfp & __GFP_ZERO)
		zero_block(page);
	return page;
}

static noinline struct page *alloc_finish(gfp_t gfp, struct page *page, bool softirqs)
{
	if (softirqs)
		mm_unlock_slow();
	if (gfp & __GFP_ZERO)
		zero_block(page);
	return page;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct block_cache *c = &zone.cache[order];
	struct page *page;
	bool softirqs;

	BUG_ON(order > MAX_ORDER);
	mm_lock();
	if (unlikely(order >= CACHED_ORDERS || !c->head))
		return alloc_slow(gfp, order);
	page = c->head;
	c->head = page->next;
	c->count--;
	page->flags = 0;
	refcount_set(&page->_refcount, 1);
	softirqs = mm_unlock_pending();
	if (unlikely(softirqs || (gfp & __GFP_ZERO)))
		return alloc_finish(gfp, page, softirqs);
	return page;
}

void __free_pages(struct page *page, unsigned int order)
{
	BUG_ON(page->flags & (PG_BUDDY | PG_CACHED | PG_TAIL));
	BUG_ON(page->order != order);
	refcount_set(&page->_refcount, 0);
	mm_lock();
	if (order < CACHED_ORDERS) {
		struct block_cache *c = &zone.cache[order];

		page->flags = PG_CACHED;
		page->next = c->head;
		c->head = page;
		if (unlikely(++c->count > c->limit))
			cache_drain(order, c->limit / 2);
	} else {
		buddy_free(page, order);
	}
	mm_unlock();
}

void page_alloc_add(u64 start, u64 end)
{
	u64 pfn = start >> PAGE_SHIFT, last = end >> PAGE_SHIFT;

	mm_lock();
	zone.total_pages += last - pfn;
	while (pfn < last) {
		unsigned int order = MAX_ORDER;

		while (!IS_ALIGNED(pfn, 1UL << order) || pfn + (1UL << order) > last)
			order--;
		buddy_free(mem_map + pfn, order);
		pfn += 1UL << order;
	}
	mm_unlock();
}

void page_alloc_adopt(u64 start, u64 end)
{
	u64 pfn = start >> PAGE_SHIFT, last = end >> PAGE_SHIFT;

	mm_lock();
	zone.total_pages += last - pfn;
	for (; pfn < last; pfn++) {
		mem_map[pfn].flags = 0;
		mem_map[pfn].order = 0;
		refcount_set(&mem_map[pfn]._refcount, 1);
	}
	mm_unlock();
}

void page_alloc_init(u64 max_phys)
{
	static_assert((PAGE_SIZE << MAX_ORDER) == MAX_BLOCK_SIZE, "vmemmap granularity");
	for (unsigned int o = 0; o < NR_ORDERS; o++)
		zone.free[o].next = zone.free[o].prev = &zone.free[o];
	zone.max_pfn = max_phys >> PAGE_SHIFT;
	memblock_for_each_free(page_alloc_add);
	zone.reserve_pages =
		clamp_t(unsigned long, zone.total_pages / 64, RESERVE_MIN_PAGES, RESERVE_MAX_PAGES);
	paging_use_page_alloc();
}

void mem_info(struct mem_info *mi)
{
	mm_lock();
	mi->total_pages = zone.total_pages;
	mi->free_pages = zone.free_pages;
	mi->reserve_pages = zone.reserve_pages;
	mi->slab_pages = slab_pages();
	for (unsigned int o = 0; o < NR_ORDERS; o++)
		mi->free_blocks[o] = zone.blocks[o];
	for (unsigned int o = 0; o < CACHED_ORDERS; o++)
		mi->free_pages += (unsigned long)zone.cache[o].count << o;
	mm_unlock();
}
