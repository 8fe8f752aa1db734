// SPDX-License-Identifier: BSD-2-Clause
/*
 * kmalloc: a size goes by one table look-up to the cache that fits it; more than a page comes as
 * one buddy block. kfree finds the way back through struct page. Thread and softirq context.
 * Left out: sizes beyond the largest buddy block (vmalloc has those).
 */
#include <kernel/lib/bug.h>
#include <kernel/mm/mm.h>
#include <kernel/mm/slab_internal.h>
#include <string.h>

#define RETURN_ADDRESS ((unsigned long)__builtin_return_address(0))
#define CLASS_STEP 16UL
#define CLASS_MAX PAGE_SIZE

static const struct {
	const char *name;
	size_t size;
} classes[] = {
	{ "kmalloc-16", 16 },	  { "kmalloc-32", 32 },	    { "kmalloc-48", 48 },
	{ "kmalloc-64", 64 },	  { "kmalloc-96", 96 },	    { "kmalloc-128", 128 },
	{ "kmalloc-192", 192 },	  { "kmalloc-256", 256 },   { "kmalloc-384", 384 },
	{ "kmalloc-512", 512 },	  { "kmalloc-768", 768 },   { "kmalloc-1024", 1024 },
	{ "kmalloc-1536", 1536 }, { "kmalloc-2048", 2048 }, { "kmalloc-3072", 3072 },
	{ "kmalloc-4096", 4096 },
};
static struct kmem_cache *class_cache[CLASS_MAX / CLASS_STEP + 1];

static inline struct kmem_cache *class_of(size_t size)
{
	return class_cache[(size + CLASS_STEP - 1) / CLASS_STEP];
}

void kmalloc_init(void)
{
	size_t i = 0;

	for (size_t c = 0; c < ARRAY_SIZE(classes); c++) {
		struct kmem_cache *cache =
			kmem_cache_create(classes[c].name, classes[c].size, CLASS_STEP, 0);

		if (!cache)
			panic("no memory for the kmalloc caches");
		for (; i * CLASS_STEP <= classes[c].size; i++)
			class_cache[i] = cache;
	}
}

static void *kmalloc_large(size_t size, gfp_t gfp, unsigned long caller)
{
	unsigned int order = (unsigned int)ilog2(roundup_pow_of_two(size) >> PAGE_SHIFT);
	struct page *page = order <= MAX_ORDER ? alloc_pages(gfp, order) : NULL;

	if (!page)
		return NULL;
	page->flags = PG_LARGE;
	if (slab_checking)
		check_large_alloc(page, caller);
	return page_address(page);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	if (unlikely(size > CLASS_MAX))
		return kmalloc_large(size, gfp, RETURN_ADDRESS);
	return cache_alloc(class_of(size), gfp, RETURN_ADDRESS);
}

void kfree(const void *p)
{
	struct page *page;

	if (!p)
		return;
	page = virt_to_page(p);
	if (likely(page->flags & PG_SLAB)) {
		cache_free(page->private, (void *)p, RETURN_ADDRESS);
		return;
	}
	BUG_ON(!(page->flags & PG_LARGE) || page_address(page) != p);
	if (slab_checking)
		check_large_free(page);
	page->flags = 0;
	put_page(page); /* a packet may be sent from it (gup.h) */
}

size_t ksize(const void *p)
{
	const struct page *page = virt_to_page(p);

	if (page->flags & PG_SLAB)
		return kmem_cache_size(page->private);
	BUG_ON(!(page->flags & PG_LARGE));
	return PAGE_SIZE << page->order;
}

void *krealloc(void *p, size_t size, gfp_t gfp)
{
	size_t old = p ? ksize(p) : 0;
	void *new;

	if (p && size <= old && size >= old / 2)
		return p;
	new = kmalloc(size, gfp);
	if (new && p) {
		memcpy(new, p, min(old, size));
		kfree(p);
	}
	return new;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	size_t n = strlen(s) + 1;
	char *copy = kmalloc(n, gfp);

	if (copy)
		memcpy(copy, s, n);
	return copy;
}
