// SPDX-License-Identifier: BSD-2-Clause
/*
 * Pages of the hosted tests: each block is one allocation of the host, and so is its struct page,
 * so that AddressSanitizer sees an overrun of a page and a use after the last put_page(). A hash
 * from page number to struct page serves virt_to_page(). There are as many pages as the test says.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/hash.h>
#include <kernel/mm/gup.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/vmalloc.h>
#include <string.h>
#include <tests/hosted/services/host_glibc.h>
#include <tests/hosted/services/hosted.h>
#include <tests/hosted/services/track.h>

#define FRESH 0xa5
#define HASH_BITS 14
#define DEFAULT_PAGES 65536
#define RESERVE_DIVISOR 64

struct frame {
	struct frame *next;
	unsigned long number;
	struct page *page;
};

static struct frame *frames[1u << HASH_BITS];
static unsigned long total_pages = DEFAULT_PAGES, used_pages;
static const char page_owner[] = "pages";

static struct frame **frame_slot(unsigned long number)
{
	struct frame **f = &frames[hash_64(number, HASH_BITS)];

	while (*f && (*f)->number != number)
		f = &(*f)->next;
	return f;
}

static void frames_add(struct page *page, void *addr, unsigned int order)
{
	unsigned long first = (unsigned long)addr >> PAGE_SHIFT;

	for (unsigned long i = 0; i < 1ul << order; i++) {
		struct frame **slot = frame_slot(first + i), *f = host_alloc(sizeof(*f), 0);

		BUG_ON(!f || *slot);
		*f = (struct frame){ .number = first + i, .page = page };
		*slot = f;
	}
}

static void frames_del(void *addr, unsigned int order)
{
	unsigned long first = (unsigned long)addr >> PAGE_SHIFT;

	for (unsigned long i = 0; i < 1ul << order; i++) {
		struct frame **slot = frame_slot(first + i), *f = *slot;

		BUG_ON(!f);
		*slot = f->next;
		host_free(f);
	}
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	unsigned long n = 1ul << order, reserve = total_pages / RESERVE_DIVISOR;
	struct page *page;
	void *addr;

	BUG_ON(order > MAX_ORDER);
	if (used_pages + n + (gfp & GFP_ATOMIC ? 0 : reserve) > total_pages ||
	    track_inject_failure())
		return NULL;
	page = host_alloc(sizeof(*page), 0);
	addr = host_alloc(n * PAGE_SIZE, PAGE_SIZE);
	BUG_ON(!page || !addr);
	memset(addr, gfp & __GFP_ZERO ? 0 : FRESH, n * PAGE_SIZE);
	*page = (struct page){ .order = order, .private = addr };
	refcount_set(&page->_refcount, 1);
	frames_add(page, addr, order);
	track_add(addr, n * PAGE_SIZE, page_owner, page_owner);
	used_pages += n;
	return page;
}

void __free_pages(struct page *page, unsigned int order)
{
	void *addr = page->private;

	BUG_ON(order != page->order);
	track_del(addr, page_owner);
	frames_del(addr, order);
	used_pages -= 1ul << order;
	host_free(addr);
	host_free(page);
}

void *page_address(const struct page *page)
{
	return page->private;
}

struct page *virt_to_page(const void *addr)
{
	struct frame *f = *frame_slot((unsigned long)addr >> PAGE_SHIFT);

	if (!f)
		panic("virt_to_page(%p): not a page of ours", addr);
	return f->page;
}

/* Only whole pages of alloc_pages: the host's malloc has no struct page. */
struct page *pin_user_page(const void *addr, u32 *offset, size_t *len)
{
	struct frame *f = *frame_slot((unsigned long)addr >> PAGE_SHIFT);

	if (!f)
		return NULL;
	get_page(f->page);
	*offset = (u32)((const u8 *)addr - (const u8 *)f->page->private);
	*len = min(*len, (PAGE_SIZE << f->page->order) - *offset);
	return f->page;
}

void mem_info(struct mem_info *mi)
{
	memset(mi, 0, sizeof(*mi));
	mi->total_pages = total_pages;
	mi->free_pages = total_pages - used_pages;
	mi->reserve_pages = total_pages / RESERVE_DIVISOR;
}

unsigned long totalram_pages(void)
{
	return total_pages;
}

unsigned long nr_free_pages(void)
{
	return total_pages - used_pages;
}

void hosted_set_totalram(unsigned long pages)
{
	total_pages = pages;
}

void *vmalloc(size_t size)
{
	void *p = track_inject_failure() ? NULL : host_alloc(size, PAGE_SIZE);

	if (p)
		track_add(p, size, vmalloc, "vmalloc");
	return p;
}

void *vzalloc(size_t size)
{
	void *p = vmalloc(size);

	return p ? memset(p, 0, size) : NULL;
}

void vfree(void *addr)
{
	if (!addr)
		return;
	track_del(addr, vmalloc);
	host_free(addr);
}
