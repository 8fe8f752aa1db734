// SPDX-License-Identifier: BSD-2-Clause
/*
 * selftest=mm: the allocators under a random load. Blocks of every kind and size are allocated,
 * filled, checked and freed in random order; then memory is used up, where GFP_KERNEL must stop
 * before GFP_ATOMIC does; in the end as many pages must be free as before. Thread context; a few
 * seconds.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/mm/mm_lock.h>
#include <kernel/mm/mm.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/vmalloc.h>
#include <kernel/selftest.h>

#define NR_SLOTS 400
#define ROUNDS 100000
#define MAX_KMALLOC 20000
#define MAX_PAGE_ORDER 4
#define MAX_VMALLOC_PAGES 8

enum kind { NONE, KMALLOC, PAGES, VMALLOC };

struct slot {
	enum kind kind;
	u8 *p;
	size_t size;
	u8 fill;
};
static struct slot slots[NR_SLOTS];

static void allocate(struct slot *s)
{
	s->kind = (enum kind)(1 + get_random_u32_below(20));
	if (s->kind == VMALLOC) {
		s->size = PAGE_SIZE * (1 + get_random_u32_below(MAX_VMALLOC_PAGES));
		s->p = vmalloc(s->size);
	} else if (s->kind == PAGES) {
		s->size = PAGE_SIZE << get_random_u32_below(MAX_PAGE_ORDER + 1);
		s->p = page_alloc(GFP_KERNEL, (unsigned int)ilog2(s->size >> PAGE_SHIFT));
	} else {
		s->kind = KMALLOC;
		s->size = 1 + get_random_u32_below(get_random_u32_below(8) ? 512 : MAX_KMALLOC);
		s->p = kmalloc(s->size, GFP_KERNEL);
		BUG_ON(s->p && ksize(s->p) < s->size);
	}
	if (!s->p) {
		s->kind = NONE;
		return;
	}
	s->fill = (u8)get_random_u32();
	/* Both ends and the middle tell whether somebody else has the memory, too. */
	s->p[0] = s->p[s->size / 2] = s->p[s->size - 1] = s->fill;
}

static void release(struct slot *s)
{
	BUG_ON(s->p[0] != s->fill || s->p[s->size / 2] != s->fill);
	BUG_ON(s->p[s->size - 1] != s->fill);
	if (s->kind == KMALLOC)
		kfree(s->p);
	else if (s->kind == PAGES)
		page_free(s->p, (unsigned int)ilog2(s->size >> PAGE_SHIFT));
	else
		vfree(s->p);
	s->kind = NONE;
}

static unsigned long random_load(void)
{
	unsigned long failed = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct slot *s = &slots[get_random_u32_below(NR_SLOTS)];

		if (s->kind != NONE) {
			release(s);
		} else {
			allocate(s);
			failed += s->kind == NONE;
		}
	}
	for (int i = 0; i < NR_SLOTS; i++) {
		if (slots[i].kind != NONE)
			release(&slots[i]);
	}
	return failed;
}

/* Take pages until there are none, linked through themselves; returns the count. */
static unsigned long take_all(gfp_t gfp, void ***list)
{
	unsigned long n = 0;
	void **p;

	while ((p = page_alloc(gfp | __GFP_NOWARN, 0))) {
		*p = *list;
		*list = p;
		n++;
	}
	return n;
}

static void use_up(void)
{
	void **list = NULL;
	unsigned long kernel = take_all(GFP_KERNEL, &list);
	unsigned long atomic = take_all(GFP_ATOMIC, &list);

	BUG_ON(page_alloc(GFP_ATOMIC | __GFP_NOWARN, 0));
	BUG_ON(kmalloc(MAX_KMALLOC, GFP_ATOMIC | __GFP_NOWARN));
	while (list) {
		void **p = list;

		list = *p;
		page_free(p, 0);
	}
	pr_info("selftest: mm: used up: %lu pages, and %lu of the reserve\n", kernel, atomic);
	BUG_ON(!kernel || !atomic);
}

static unsigned long free_pages_now(void)
{
	struct mem_info mi;

	mm_lock();
	slab_shrink();
	mm_unlock();
	mem_info(&mi);
	return mi.free_pages;
}

void selftest_mm(void)
{
	unsigned long before, failed, after;

	random_load(); /* page tables of the vmalloc area stay */
	before = free_pages_now();
	failed = random_load();
	use_up();
	failed += random_load();
	after = free_pages_now();
	pr_info("selftest: mm: %lu allocations failed, %lu pages free before, %lu after\n", failed,
		before, after);
	BUG_ON(before != after);
}
