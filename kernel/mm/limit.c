// SPDX-License-Identifier: BSD-2-Clause
/*
 * How much of the machine a program may have. Linux's overcommit mode 0: address space is given
 * freely, but a single mapping larger than what is there now is refused (unless it asks for
 * MAP_NORESERVE, cannot be written, or is a stack), so a program that allocates until it fails sees
 * ENOMEM. Pages themselves are given until only the kernel's reserve is left: sockets and files
 * must go on working while a program has eaten the rest. After that a fault ends the program.
 * vm.overcommit_memory=1 promises everything; 2 is taken as 0.
 *
 * Called by kernel/mm in thread context.
 */
#include <errno.h>
#include <kernel/mm/vma.h>

#define RESERVE_DIVISOR 16
#define RESERVE_MIN 64UL   /* pages */
#define RESERVE_MAX 4096UL /* pages: 16 MiB */

int sysctl_overcommit_memory;

static unsigned long kernel_reserve(void)
{
	return clamp_t(unsigned long, totalram_pages() / RESERVE_DIVISOR, RESERVE_MIN, RESERVE_MAX);
}

struct page *user_page_alloc(gfp_t gfp, unsigned int order)
{
	if (unlikely(nr_free_pages() < kernel_reserve() + (1UL << order)))
		return NULL;
	return alloc_pages(gfp | __GFP_NOWARN, order);
}

unsigned long mm_available_pages(void)
{
	unsigned long free = nr_free_pages(), reserve = kernel_reserve();

	return free > reserve ? free - reserve : 0;
}

int mm_may_commit(struct mm_struct *mm, unsigned long pages, u32 flags)
{
	if ((flags & (VM_WRITE | VM_SHARED | VM_NORESERVE)) != VM_WRITE)
		return 0;
	if (sysctl_overcommit_memory == OVERCOMMIT_ALWAYS)
		return 0;
	if (pages > totalram_pages())
		return -ENOMEM;
	if (flags & (VM_STACK | VM_GROWSDOWN))
		return 0;
	return pages < mm_available_pages() ? 0 : -ENOMEM;
}

bool mm_may_expand(struct mm_struct *mm, unsigned long pages, u32 flags)
{
	if (mm->total_vm + pages > mm->limit_as >> PAGE_SHIFT)
		return false;
	if ((flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) != VM_WRITE)
		return true;
	return mm->data_vm + pages <= mm->limit_data >> PAGE_SHIFT;
}
