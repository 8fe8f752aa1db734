// SPDX-License-Identifier: BSD-2-Clause
/*
 * Checking mode of the slab caches (after Linux's SLUB debugging). Each object lies between
 * redzones and is followed by a track: its state, who allocated it, who freed it. Free objects
 * are filled with poison that is looked at when they are handed out again and once more in the
 * leak report. A damaged object is reported with both callers, then panics. Runs under mm_lock(),
 * any state of the machine that printk bears.
 *
 *   | left redzone | object | right redzone | track |
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/ksyms.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/mm.h>
#include <kernel/mm/mm_lock.h>
#include <kernel/mm/slab_internal.h>
#include <string.h>

#define REDZONE_BYTES 16
#define REDZONE_FILL 0xbb
#define FREE_FILL 0x6b
#define NEW_FILL 0x5a
#define MAX_REPORTED_CALLERS 8

enum track_state { TRACK_FREE = 0x66726565, TRACK_USED = 0x75736564, TRACK_BASELINE = 0x62617365 };

struct track {
	u32 state;
	u16 next_free;
	u16 pad;
	unsigned long allocated_by, freed_by;
};

static struct page large_blocks = { .next = &large_blocks, .prev = &large_blocks };
static unsigned long nr_large;

void check_layout(struct kmem_cache *c, size_t size, size_t align)
{
	size_t bytes;

	c->offset = (u32)max(align, (size_t)REDZONE_BYTES);
	bytes = c->offset + ALIGN_UP(size, 8) + REDZONE_BYTES + sizeof(struct track);
	c->stride = (u32)ALIGN_UP(bytes, align);
}

static struct track *track_of(const struct kmem_cache *c, char *slot)
{
	return (struct track *)(slot + c->offset + ALIGN_UP(c->size, 8) + REDZONE_BYTES);
}

u16 *check_link(const struct kmem_cache *c, char *slot)
{
	return &track_of(c, slot)->next_free;
}

void check_new_slot(const struct kmem_cache *c, char *slot)
{
	struct track *t = track_of(c, slot);

	memset(slot, REDZONE_FILL, (size_t)((char *)t - slot));
	memset(slot + c->offset, FREE_FILL, c->size);
	*t = (struct track){ .state = TRACK_FREE };
}

static __noreturn void report(const struct kmem_cache *c, char *slot, const char *what, long at)
{
	const struct track *t = track_of(c, slot);
	char by[KSYM_TEXT_SIZE];

	pr_emerg("slab: %s: cache %s, object %p, offset %ld\n", what, c->name, slot + c->offset,
		 at);
	if (t->allocated_by)
		pr_emerg("slab: allocated by %s\n", ksym_format(by, t->allocated_by));
	if (t->freed_by)
		pr_emerg("slab: freed by %s\n", ksym_format(by, t->freed_by));
	panic("slab: %s in cache %s", what, c->name);
}

/* Offset of the first byte that is not `fill`, or -1. */
static long first_other(const char *p, size_t n, u8 fill)
{
	for (size_t i = 0; i < n; i++) {
		if ((u8)p[i] != fill)
			return (long)i;
	}
	return -1;
}

static void check_redzones(const struct kmem_cache *c, char *slot)
{
	char *obj = slot + c->offset, *end = obj + c->size;
	long at = first_other(slot, c->offset, REDZONE_FILL);

	if (at >= 0)
		report(c, slot, "write before the object", at - (long)c->offset);
	at = first_other(end, (size_t)((char *)track_of(c, slot) - end), REDZONE_FILL);
	if (at >= 0)
		report(c, slot, "write behind the object", at + (long)c->size);
}

static void check_poison(const struct kmem_cache *c, char *slot)
{
	long at = first_other(slot + c->offset, c->size, FREE_FILL);

	if (at >= 0)
		report(c, slot, "use after free", at);
}

void check_on_alloc(const struct kmem_cache *c, char *slot, unsigned long caller)
{
	struct track *t = track_of(c, slot);

	BUG_ON(t->state != TRACK_FREE);
	check_redzones(c, slot);
	check_poison(c, slot);
	memset(slot + c->offset, NEW_FILL, c->size);
	t->state = TRACK_USED;
	t->allocated_by = caller;
	t->freed_by = 0;
}

void check_on_free(const struct kmem_cache *c, void *obj, unsigned long caller)
{
	const struct page *slab = virt_to_page(obj);
	u32 i = slab_index(c, slab, obj);
	struct track *t;
	char *slot;

	if (!(slab->flags & PG_SLAB) || slab->private != c || i >= c->per_slab)
		panic("slab: %p freed into cache %s, which it is not from", obj, c->name);
	slot = slab_slot(c, slab, i);
	if (slot + c->offset != obj)
		panic("slab: %p freed into cache %s is inside an object", obj, c->name);
	t = track_of(c, slot);
	if (t->state == TRACK_FREE)
		report(c, slot, "double free", 0);
	check_redzones(c, slot);
	memset(obj, FREE_FILL, c->size);
	t->state = TRACK_FREE;
	t->freed_by = caller;
}

/*
 * The block's private and list members are free for this: it is neither a slab nor on a free
 * list.
 */
void check_large_alloc(struct page *page, unsigned long caller)
{
	mm_lock();
	page->private = (void *)caller;
	page->slab_objects = TRACK_USED;
	slab_list_add(page, &large_blocks);
	nr_large++;
	mm_unlock();
}

void check_large_free(struct page *page)
{
	mm_lock();
	slab_list_del(page);
	nr_large--;
	mm_unlock();
}

/* Leaks of one cache by allocating function. */
struct leaks {
	unsigned long total;
	unsigned int ncallers;
	struct {
		unsigned long caller, count;
	} by[MAX_REPORTED_CALLERS];
};

static void count_leak(struct leaks *l, unsigned long caller)
{
	unsigned int i = 0;

	l->total++;
	while (i < l->ncallers && l->by[i].caller != caller)
		i++;
	if (i == MAX_REPORTED_CALLERS)
		return;
	if (i == l->ncallers)
		l->by[l->ncallers++].caller = caller;
	l->by[i].count++;
}

static void print_leaks(const char *cache, const struct leaks *l)
{
	char by[KSYM_TEXT_SIZE];

	if (!l->total)
		return;
	pr_warn("LEAK: cache %s: %lu objects\n", cache, l->total);
	for (unsigned int i = 0; i < l->ncallers; i++)
		pr_warn("LEAK:   %lu allocated by %s\n", l->by[i].count,
			ksym_format(by, l->by[i].caller));
}

/* Call fn for every slot of every slab in a list. */
static void each_slot(struct kmem_cache *c, struct page *head,
		      void (*fn)(struct kmem_cache *c, char *slot, void *arg), void *arg)
{
	for (struct page *slab = head->next; slab != head; slab = slab->next) {
		for (u32 i = 0; i < c->per_slab; i++)
			fn(c, slab_slot(c, slab, i), arg);
	}
}

static void set_baseline(struct kmem_cache *c, char *slot, void *arg)
{
	if (track_of(c, slot)->state == TRACK_USED)
		track_of(c, slot)->state = TRACK_BASELINE;
}

static void find_leak(struct kmem_cache *c, char *slot, void *arg)
{
	const struct track *t = track_of(c, slot);

	if (t->state == TRACK_USED)
		count_leak(arg, t->allocated_by);
	else if (t->state == TRACK_FREE)
		check_poison(c, slot);
	check_redzones(c, slot);
}

void slab_leak_baseline(void)
{
	struct kmem_cache *c;

	if (!slab_checking)
		return;
	mm_lock();
	list_for_each_entry(c, &slab_caches, node) {
		each_slot(c, &c->partial, set_baseline, NULL);
		each_slot(c, &c->full, set_baseline, NULL);
	}
	for (struct page *p = large_blocks.next; p != &large_blocks; p = p->next)
		p->slab_objects = TRACK_BASELINE;
	mm_unlock();
}

unsigned long slab_report_leaks(void)
{
	unsigned long total = 0;
	struct leaks large = { 0 };
	struct kmem_cache *c;

	if (!slab_checking)
		return 0;
	list_for_each_entry(c, &slab_caches, node) {
		struct leaks l = { 0 };

		each_slot(c, &c->partial, find_leak, &l);
		each_slot(c, &c->full, find_leak, &l);
		if (c->flags & SLAB_NO_LEAK_REPORT)
			continue;
		print_leaks(c->name, &l);
		total += l.total;
	}
	for (struct page *p = large_blocks.next; p != &large_blocks; p = p->next) {
		if (p->slab_objects == TRACK_USED)
			count_leak(&large, (unsigned long)p->private);
	}
	print_leaks("kmalloc-large", &large);
	return total + large.total;
}
