// SPDX-License-Identifier: BSD-2-Clause
/*
 * Small calls of memory: msync (files are memory, so all is written always), mincore, membarrier
 * (one CPU: a system call orders everything), and protection keys, which the machine says it does
 * not have. Linux's checks and errors. Thread context.
 */
#include <errno.h>
#include <kernel/mm/mm_calls.h>
#include <kernel/mm/uaccess.h>
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>
#include <linux/membarrier.h>
#include <sys/mman.h>

#define MINCORE_BATCH 64

static int sync_area(struct vm_area_struct *vma, unsigned long start, unsigned long end, long flags)
{
	return (flags & MS_INVALIDATE) && (vma->flags & VM_LOCKED) ? -EBUSY : 0;
}

long sys_msync(unsigned long addr, size_t len, int flags)
{
	if (!current->mm)
		return -ENOSYS;
	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || !IS_ALIGNED(addr, PAGE_SIZE))
		return -EINVAL;
	if (flags & MS_ASYNC && flags & MS_SYNC)
		return -EINVAL;
	len = ALIGN_UP(len, PAGE_SIZE);
	if (addr + len < addr)
		return -ENOMEM;
	return len ? vma_walk(current->mm, addr, addr + len, sync_area, flags) : 0;
}

static bool in_core(struct vm_area_struct *vma, unsigned long addr)
{
	struct page *page;
	int level;

	if (upt_lookup(vma->mm, addr, &level))
		return true;
	if (!vma->ops || !vma->ops->resident)
		return false;
	page = vma->ops->resident(vma, vma_index(vma, addr));
	if (page)
		put_page(page);
	return page;
}

long sys_mincore(unsigned long addr, size_t len, u8 *vec)
{
	unsigned long pages = DIV_ROUND_UP(len, PAGE_SIZE);
	u8 batch[MINCORE_BATCH];
	unsigned int n;

	if (!current->mm)
		return -ENOSYS;
	if (!IS_ALIGNED(addr, PAGE_SIZE))
		return -EINVAL;
	if (!access_ok((void *)addr, len))
		return -ENOMEM;
	if (!access_ok(vec, pages))
		return -EFAULT;
	for (; pages; pages -= n, vec += n) {
		n = (unsigned int)min(pages, (unsigned long)MINCORE_BATCH);
		for (unsigned int i = 0; i < n; i++, addr += PAGE_SIZE) {
			struct vm_area_struct *vma = mm_find_area(current->mm, addr);

			if (!vma || vma->start > addr)
				return -ENOMEM;
			batch[i] = in_core(vma, addr);
		}
		if (copy_to_user(vec, batch, n))
			return -EFAULT;
	}
	return 0;
}

#define MEMBARRIER_ALL                                                                             \
	(MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_GLOBAL_EXPEDITED |                                 \
	 MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED | MEMBARRIER_CMD_PRIVATE_EXPEDITED |             \
	 MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED | MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE |  \
	 MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE |                                     \
	 MEMBARRIER_CMD_GET_REGISTRATIONS)

long sys_membarrier(int cmd, unsigned int flags, int cpu)
{
	struct mm_struct *mm = current->mm;

	if (!mm)
		return -ENOSYS;
	if (flags)
		return -EINVAL;
	switch (cmd) {
	case MEMBARRIER_CMD_QUERY:
		return MEMBARRIER_ALL;
	case MEMBARRIER_CMD_GLOBAL:
	case MEMBARRIER_CMD_GLOBAL_EXPEDITED:
		return 0;
	case MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
		mm->membarrier |= (u32)cmd;
		return 0;
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE:
		/* registering is the next bit */
		return mm->membarrier & (u32)cmd << 1 ? 0 : -EPERM;
	case MEMBARRIER_CMD_GET_REGISTRATIONS:
		return (long)mm->membarrier;
	}
	return -EINVAL;
}

long sys_pkey_mprotect(unsigned long addr, size_t len, int prot, int pkey)
{
	if (!current->mm)
		return -ENOSYS;
	return pkey == -1 ? mm_protect(addr, len, prot) : -EINVAL;
}

long sys_pkey_alloc(unsigned long flags, unsigned long rights)
{
	return flags || rights > 3 ? -EINVAL : -ENOSPC;
}

long sys_pkey_free(int pkey)
{
	return -EINVAL;
}
