// SPDX-License-Identifier: BSD-2-Clause
/*
 * mmap(2) and munmap(2) for linked-in programs: anonymous private memory out of the vmalloc area,
 * zeroed. Linux's errors in Linux's order. Left out: files, fixed addresses, protections other than
 * read and write, and unmapping a part of a mapping. Called by kernel/abi/mmap.c, thread context.
 */
#include <errno.h>
#include <kernel/mm/kernel_mmap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/vmalloc.h>
#include <sys/mman.h>

long kernel_mmap(size_t len, int flags, long off)
{
	void *p;

	if (off & (long)(PAGE_SIZE - 1) || len == 0)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS))
		return -ENODEV;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) || !(flags & MAP_PRIVATE))
		return -EINVAL;
	if (len > totalram_pages() << PAGE_SHIFT)
		return -ENOMEM;
	p = vzalloc(len);
	return p ? (long)p : -ENOMEM;
}

long kernel_munmap(void *addr, size_t len)
{
	if (!IS_ALIGNED((unsigned long)addr, PAGE_SIZE) || len == 0)
		return -EINVAL;
	if (vmalloc_size(addr) != ALIGN_UP(len, PAGE_SIZE))
		return -EINVAL;
	vfree(addr);
	return 0;
}
