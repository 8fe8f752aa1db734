// SPDX-License-Identifier: BSD-2-Clause
/*
 * The vmalloc area: page-granular mappings for thread stacks, large tables and device registers.
 * The areas form a list sorted by address; a new one takes the lowest gap that leaves an unmapped
 * page on both sides. Thread context. vmalloc_guard_hit() only reads and also serves the fault
 * handler.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/list.h>
#include <kernel/mm/mm.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/vmalloc.h>
#include <string.h>

struct vm_area {
	struct list_head node;
	unsigned long start, end; /* mapped pages, without the guards */
	bool device;
};
static LIST_HEAD(areas);
static struct kmem_cache *area_cache;

/* What a program has mapped at its end is no leak of the kernel's. */
void vmalloc_init(void)
{
	area_cache = kmem_cache_create("vm_area", sizeof(struct vm_area), 0, SLAB_NO_LEAK_REPORT);
	BUG_ON(!area_cache);
}

/* An unmapped area with its guards, linked in; NULL when out of memory or addresses. */
static struct vm_area *area_alloc(size_t size, bool device)
{
	struct vm_area *area = kmem_cache_alloc(area_cache, GFP_KERNEL), *pos;
	unsigned long start = VMALLOC_START + PAGE_SIZE;
	struct list_head *before = &areas;

	if (!area)
		return NULL;
	list_for_each_entry(pos, &areas, node) {
		if (pos->start - start >= size + PAGE_SIZE) {
			before = &pos->node;
			break;
		}
		start = pos->end + PAGE_SIZE;
	}
	if (size > VMALLOC_END - PAGE_SIZE - start) {
		kmem_cache_free(area_cache, area);
		return NULL;
	}
	area->start = start;
	area->end = start + size;
	area->device = device;
	list_add_tail(&area->node, before);
	return area;
}

static struct vm_area *area_find(unsigned long start)
{
	struct vm_area *area;

	list_for_each_entry(area, &areas, node) {
		if (area->start == start)
			return area;
	}
	return NULL;
}

/* Unmap start..end and, for memory, free its pages; then the area itself. */
static void area_free(struct vm_area *area, unsigned long mapped_end)
{
	for (unsigned long a = area->start; a < mapped_end; a += PAGE_SIZE) {
		u64 phys = unmap_page(a);

		BUG_ON(phys == (u64)-1);
		if (!area->device)
			put_page(virt_to_page(phys_to_virt(phys)));
	}
	list_del(&area->node);
	kmem_cache_free(area_cache, area);
}

void *vmalloc(size_t size)
{
	struct vm_area *area;
	unsigned long a;

	size = ALIGN_UP(size, PAGE_SIZE);
	if (!size)
		return NULL;
	area = area_alloc(size, false);
	if (!area)
		return NULL;
	for (a = area->start; a < area->end; a += PAGE_SIZE) {
		void *page = page_alloc(GFP_KERNEL, 0);

		if (!page || map_page(a, virt_to_phys(page), PROT_KERNEL_W)) {
			page_free(page, 0);
			area_free(area, a);
			return NULL;
		}
	}
	return (void *)area->start;
}

void *vzalloc(size_t size)
{
	void *p = vmalloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void vfree(void *addr)
{
	struct vm_area *area;

	if (!addr)
		return;
	area = area_find((unsigned long)addr);
	BUG_ON(!area || area->device);
	area_free(area, area->end);
}

size_t vmalloc_size(const void *addr)
{
	const struct vm_area *area = area_find((unsigned long)addr);

	return area && !area->device ? area->end - area->start : 0;
}

static void *map_phys(u64 phys, size_t size, u32 prot)
{
	u64 offset = phys & ~PAGE_MASK;
	struct vm_area *area = area_alloc(ALIGN_UP(size + offset, PAGE_SIZE), true);
	unsigned long a;

	if (!area)
		return NULL;
	for (a = area->start; a < area->end; a += PAGE_SIZE) {
		if (map_page(a, (phys & PAGE_MASK) + (a - area->start), prot)) {
			area_free(area, a);
			return NULL;
		}
	}
	return (void *)(area->start + offset);
}

volatile void *ioremap(u64 phys, size_t size)
{
	return map_phys(phys, size, PROT_KERNEL_W | PROT_KERNEL_UC);
}

const void *memremap(u64 phys, size_t size)
{
	return map_phys(phys, size, PROT_KERNEL_R);
}

void iounmap(volatile void *addr)
{
	struct vm_area *area;

	if (!addr)
		return;
	area = area_find((unsigned long)addr & PAGE_MASK);
	BUG_ON(!area || !area->device);
	area_free(area, area->end);
}

bool vmalloc_guard_hit(unsigned long addr)
{
	struct vm_area *area;

	list_for_each_entry(area, &areas, node) {
		if (addr < area->start)
			return !area->device && addr >= area->start - PAGE_SIZE;
	}
	return false;
}
