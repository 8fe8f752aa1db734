// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a program's address to its struct page. Linked-in programs have their data in the direct map
 * (malloc) or in the vmalloc area (mmap, stacks); ring 3 programs come through their page tables,
 * where a page that is not there yet is made as for a read. A pinned page stays as it is when the
 * program unmaps it; what is written meanwhile through a page of its own is sent, what is written
 * to a private copy is not, as in Linux. Called for MSG_ZEROCOPY; thread context.
 */
#include <kernel/mm/gup.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>

static struct page *pin_mapped(struct mm_struct *mm, unsigned long addr, u32 *offset, size_t *len)
{
	struct page *page;
	unsigned long mask;
	int level;
	pte_t *e;

	if (addr >= TASK_SIZE)
		return NULL;
	e = upt_lookup(mm, addr, &level);
	if (!e || !(*e & PTE_P)) {
		if (handle_mm_fault(mm, addr, PF_USER))
			return NULL;
		e = upt_lookup(mm, addr, &level);
	}
	if (!e || !(*e & PTE_P))
		return NULL;
	mask = level ? PMD_SIZE - 1 : PAGE_SIZE - 1;
	page = pte_page(*e);
	get_page(page);
	*offset = (u32)((u8 *)phys_to_virt((*e & PTE_ADDR & ~mask) | (addr & mask)) -
			(u8 *)page_address(page));
	*len = min(*len, mask + 1 - (addr & mask));
	return page;
}

struct page *pin_user_page(const void *addr, u32 *offset, size_t *len)
{
	unsigned long a = (unsigned long)addr;
	size_t left = PAGE_SIZE - (a & (PAGE_SIZE - 1));
	struct page *page;
	u64 phys;

	if (current->mm)
		return pin_mapped(current->mm, a, offset, len);
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
