// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a program's address to its struct page: linked-in programs have their data in the direct map
 * (malloc) or in the vmalloc area (mmap, stacks). Ring 3 programs will come through their page
 * tables here. Called for MSG_ZEROCOPY; thread context.
 */
#include <kernel/mm/gup.h>
#include <kernel/mm/paging.h>

struct page *pin_user_page(const void *addr, u32 *offset, size_t *len)
{
	unsigned long a = (unsigned long)addr;
	size_t left = PAGE_SIZE - (a & (PAGE_SIZE - 1));
	struct page *page;
	u64 phys;

	if (a < PAGE_OFFSET || a >= VMEMMAP_START)
		return NULL;
	phys = a < VMALLOC_START ? virt_to_phys(addr) : vmalloc_to_phys(addr);
	if (phys == (u64)-1)
		return NULL;
	page = get_phys_page(phys);
	if (!page)
		return NULL;
	*offset = (u32)((u8 *)phys_to_virt(phys) - (u8 *)page_address(page));
	/* The direct map goes on as the block does; other mappings only to the page's end. */
	if (a < VMALLOC_START)
		left = (PAGE_SIZE << page->order) - *offset;
	*len = min(*len, left);
	return page;
}
