// SPDX-License-Identifier: BSD-2-Clause
/*
 * Slab caches (Bonwick, "The Slab Allocator", USENIX 1994; magazines after Bonwick and Adams,
 * 2001). Each cache has a magazine, a stack of free objects for this CPU, so that allocating and
 * freeing are a few instructions; it is filled from and emptied into slabs half at a time. An
 * empty slab beyond one spare goes back to the page allocator at once, and slab_shrink() gives
 * back the spares and the magazines when pages run out. In checking mode magazines are off and
 * every object passes slab_check.c. Thread and softirq context, never a hard interrupt.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/mm.h>
#include <kernel/mm/mm_lock.h>
#include <kernel/mm/slab_internal.h>
#include <string.h>

#define CACHE_MIN_ALIGN 8
#define RETURN_ADDRESS ((unsigned long)__builtin_return_address(0))

LIST_HEAD(slab_caches);
bool slab_checking;
static struct kmem_cache cache_of_caches;
static unsigned long pages_in_slabs;

void slab_list_add(struct page *slab, struct page *head)
{
	slab->next = head->next;
	slab->prev = head;
	head->next->prev = slab;
	head->next = slab;
}

void slab_list_del(struct page *slab)
{
	slab->prev->next = slab->next;
	slab->next->prev = slab->prev;
}

static struct page *first_partial(const struct kmem_cache *c)
{
	return c->partial.next == &c->partial ? NULL : c->partial.next;
}

u16 *slab_link(const struct kmem_cache *c, char *slot)
{
	return slab_checking ? check_link(c, slot) : (u16 *)slot;
}

/* A slab with all objects free, on no list. */
static struct page *new_slab(struct kmem_cache *c, gfp_t gfp)
{
	struct page *slab = alloc_pages((gfp & GFP_ATOMIC) | __GFP_NOWARN, c->order);

	if (!slab)
		return NULL;
	slab->flags = PG_SLAB;
	slab->private = c;
	for (u32 i = 0; i < c->per_slab; i++) {
		char *slot = slab_slot(c, slab, i);

		if (slab_checking)
			check_new_slot(c, slot);
		*slab_link(c, slot) = (u16)(i + 1 < c->per_slab ? i + 1 : SLAB_END);
	}
	slab_set(slab, 0, 0);
	c->slabs++;
	pages_in_slabs += 1UL << c->order;
	return slab;
}

static void release_slab(struct kmem_cache *c, struct page *slab)
{
	BUG_ON(slab_inuse(slab) != 0);
	c->slabs--;
	pages_in_slabs -= 1UL << c->order;
	slab->flags = 0;
	slab->private = NULL;
	put_page(slab); /* a packet may be sent from it (gup.h) */
}

/* The slab to take objects from, on the partial list; NULL when out of memory. */
static struct page *usable_slab(struct kmem_cache *c, gfp_t gfp)
{
	struct page *slab = first_partial(c);

	if (slab)
		return slab;
	slab = c->empty;
	c->empty = NULL;
	if (!slab)
		slab = new_slab(c, gfp);
	if (slab)
		slab_list_add(slab, &c->partial);
	return slab;
}

/* One object's slot out of a slab on the partial list. */
static char *take_slot(struct kmem_cache *c, struct page *slab)
{
	u32 i = slab_first_free(slab);
	char *slot = slab_slot(c, slab, i);
	u32 next = *slab_link(c, slot);

	BUG_ON(i >= c->per_slab);
	slab_set(slab, next, slab_inuse(slab) + 1);
	c->inuse++;
	if (next == SLAB_END) {
		slab_list_del(slab);
		slab_list_add(slab, &c->full);
	}
	return slot;
}

static void put_slot(struct kmem_cache *c, struct page *slab, void *obj)
{
	u32 i = slab_index(c, slab, obj);
	u32 first = slab_first_free(slab), left = slab_inuse(slab) - 1;

	BUG_ON(slab->private != c || slab_inuse(slab) == 0);
	*slab_link(c, slab_slot(c, slab, i)) = (u16)first;
	slab_set(slab, i, left);
	c->inuse--;
	if (left && first != SLAB_END)
		return;
	slab_list_del(slab);
	if (left)
		slab_list_add(slab, &c->partial);
	else if (!c->empty)
		c->empty = slab;
	else
		release_slab(c, slab);
}

/* One object for the caller, and in normal mode half a magazine more. */
static noinline void *alloc_slow(struct kmem_cache *c, gfp_t gfp, unsigned long caller)
{
	struct page *slab = usable_slab(c, gfp);
	char *slot;

	if (unlikely(!slab)) {
		if (!(gfp & __GFP_NOWARN))
			pr_warn_ratelimited("mm: cache %s is out of memory\n", c->name);
		return NULL;
	}
	slot = take_slot(c, slab);
	if (slab_checking) {
		check_on_alloc(c, slot, caller);
		return slot + c->offset;
	}
	while (c->count < c->limit / 2 && (slab = first_partial(c)))
		c->objs[c->count++] = take_slot(c, slab);
	return slot;
}

/* Empty the older part of the magazine into the slabs, down to `keep`. */
static void flush_magazine(struct kmem_cache *c, u32 keep)
{
	u32 n = c->count > keep ? c->count - keep : 0;

	for (u32 i = 0; i < n; i++)
		put_slot(c, virt_to_page(c->objs[i]), c->objs[i]);
	c->count -= n;
	memmove(c->objs, c->objs + n, c->count * sizeof(c->objs[0]));
}

static noinline void free_slow(struct kmem_cache *c, void *obj, unsigned long caller)
{
	if (slab_checking) {
		check_on_free(c, obj, caller);
		put_slot(c, virt_to_page(obj), obj);
		return;
	}
	flush_magazine(c, c->limit / 2);
	c->objs[c->count++] = obj;
}

/* The roads that are not taken often, out of the fast functions' way. */
static noinline void *alloc_refill(struct kmem_cache *c, gfp_t gfp, unsigned long caller)
{
	void *obj = alloc_slow(c, gfp, caller);

	mm_unlock();
	if ((gfp & __GFP_ZERO) && obj)
		memset(obj, 0, c->size);
	return obj;
}

static noinline void *alloc_then_softirqs(const struct kmem_cache *c, gfp_t gfp, void *obj)
{
	mm_unlock_slow();
	return gfp & __GFP_ZERO ? memset(obj, 0, c->size) : obj;
}

static __always_inline void *alloc_fast(struct kmem_cache *c, gfp_t gfp, unsigned long caller)
{
	void *obj;

	mm_lock();
	if (unlikely(!c->count))
		return alloc_refill(c, gfp, caller);
	obj = c->objs[--c->count];
	if (unlikely(mm_unlock_pending()))
		return alloc_then_softirqs(c, gfp, obj);
	return gfp & __GFP_ZERO ? memset(obj, 0, c->size) : obj;
}

static __always_inline void free_fast(struct kmem_cache *c, void *obj, unsigned long caller)
{
	mm_lock();
	if (likely(c->count < c->limit))
		c->objs[c->count++] = obj;
	else
		free_slow(c, obj, caller);
	mm_unlock();
}

void *cache_alloc(struct kmem_cache *c, gfp_t gfp, unsigned long caller)
{
	return alloc_fast(c, gfp, caller);
}

void cache_free(struct kmem_cache *c, void *obj, unsigned long caller)
{
	free_fast(c, obj, caller);
}

void *kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp)
{
	return alloc_fast(c, gfp, RETURN_ADDRESS);
}

void kmem_cache_free(struct kmem_cache *c, void *obj)
{
	free_fast(c, obj, RETURN_ADDRESS);
}

/* Smallest order that wastes at most an eighth; objects of a page or more get blocks of several. */
static u32 choose_order(size_t stride)
{
	for (u32 order = 0; order < SLAB_MAX_ORDER; order++) {
		size_t bytes = PAGE_SIZE << order;

		if (bytes / stride && bytes % stride <= bytes / 8)
			return order;
	}
	return SLAB_MAX_ORDER;
}

static u32 magazine_size(size_t stride)
{
	if (slab_checking)
		return 0;
	return stride <= 256 ? MAGAZINE_MAX : stride <= 1024 ? MAGAZINE_MAX / 2 : MAGAZINE_MAX / 4;
}

static void cache_init(struct kmem_cache *c, const char *name, size_t size, size_t align)
{
	align = max(align, (size_t)CACHE_MIN_ALIGN);
	BUG_ON(align & (align - 1) || align > PAGE_SIZE || size == 0 || size > PAGE_SIZE << 2);
	c->name = name;
	c->size = size;
	c->offset = 0;
	c->stride = (u32)ALIGN_UP(size, align);
	if (slab_checking)
		check_layout(c, size, align);
	c->order = choose_order(c->stride);
	c->per_slab = (u32)((PAGE_SIZE << c->order) / c->stride);
	c->reciprocal = (u32)(((1ULL << 32) + c->stride - 1) / c->stride);
	c->limit = magazine_size(c->stride);
	c->partial.next = c->partial.prev = &c->partial;
	c->full.next = c->full.prev = &c->full;
	mm_lock();
	list_add_tail(&c->node, &slab_caches);
	mm_unlock();
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align, u32 flags)
{
	struct kmem_cache *c = kmem_cache_zalloc(&cache_of_caches, GFP_KERNEL);

	if (!c)
		return NULL;
	c->flags = flags;
	cache_init(c, name, size, align);
	return c;
}

static void drop_empty(struct kmem_cache *c)
{
	if (c->empty)
		release_slab(c, c->empty);
	c->empty = NULL;
}

void kmem_cache_destroy(struct kmem_cache *c)
{
	mm_lock();
	flush_magazine(c, 0);
	drop_empty(c);
	if (!WARN_ON(c->inuse)) {
		BUG_ON(c->slabs);
		list_del(&c->node);
		cache_free(&cache_of_caches, c, RETURN_ADDRESS);
	}
	mm_unlock();
}

size_t kmem_cache_size(const struct kmem_cache *c)
{
	return c->size;
}

unsigned long slab_shrink(void)
{
	unsigned long before = pages_in_slabs;
	struct kmem_cache *c;

	list_for_each_entry(c, &slab_caches, node) {
		flush_magazine(c, 0);
		drop_empty(c);
	}
	return before - pages_in_slabs;
}

unsigned long slab_pages(void)
{
	return pages_in_slabs;
}

void slab_for_each(void (*fn)(const struct slab_info *info, void *arg), void *arg)
{
	struct kmem_cache *c;

	list_for_each_entry(c, &slab_caches, node) {
		struct slab_info info = {
			.name = c->name,
			.size = c->size,
			.used = c->inuse - c->count,
			.total = c->slabs * c->per_slab,
			.slabs = c->slabs,
			.objects_per_slab = c->per_slab,
			.pages_per_slab = 1u << c->order,
		};

		fn(&info, arg);
	}
}

void slab_init(void)
{
	const char *word = cmdline_get("slab_check");

	slab_checking = CONFIG_SLAB_CHECK || (word && strcmp(word, "0"));
	cache_of_caches.flags = SLAB_NO_LEAK_REPORT;
	cache_init(&cache_of_caches, "kmem_cache", sizeof(struct kmem_cache), 64);
	kmalloc_init();
}
