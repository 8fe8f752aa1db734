// SPDX-License-Identifier: BSD-2-Clause
/*
 * mlock(2) and its kin. There is no swap, so a page that is there stays there; what locking adds is
 * that the pages are there from the call on, and what /proc/self/status says. RLIMIT_MEMLOCK does
 * not bind, since programs run as root. Linux's errors. Thread context.
 */
#include <errno.h>
#include <kernel/mm/mm_calls.h>
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>
#include <sys/mman.h>

static int lock_area(struct vm_area_struct *vma, unsigned long start, unsigned long end, long lock)
{
	return vma_change_flags(vma, start, end, VM_LOCKED, lock ? VM_LOCKED : 0);
}

static long lock_range(unsigned long addr, size_t len, bool lock, bool populate)
{
	struct mm_struct *mm = current->mm;
	unsigned long start = addr & PAGE_MASK, end;
	struct vm_area_struct *vma;
	int err;

	if (!mm)
		return -ENOSYS;
	len = ALIGN_UP(len + (addr - start), PAGE_SIZE);
	end = start + len;
	if (end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	vma = mm_find_area(mm, start);
	if (!vma || vma->start > start)
		return -ENOMEM;
	err = vma_walk(mm, start, end, lock_area, lock);
	if (err || !lock || !populate)
		return err;
	err = mm_populate(mm, start, end);
	return err == -ENOMEM ? -EAGAIN : err ? -ENOMEM : 0;
}

long sys_mlock(unsigned long addr, size_t len)
{
	return lock_range(addr, len, true, true);
}

long sys_mlock2(unsigned long addr, size_t len, int flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return lock_range(addr, len, true, !(flags & MLOCK_ONFAULT));
}

long sys_munlock(unsigned long addr, size_t len)
{
	return lock_range(addr, len, false, false);
}

/* Every area there is. */
static void lock_all(struct mm_struct *mm, bool lock, bool populate)
{
	struct vm_area_struct *vma = mm_next_area(mm, NULL);
	unsigned long start, end;

	while (vma) {
		start = vma->start;
		end = vma->end;
		lock_area(vma, start, end, lock);
		if (populate)
			mm_populate(mm, start, end);
		vma = mm_find_area(mm, end);
	}
}

long sys_mlockall(int flags)
{
	struct mm_struct *mm = current->mm;

	if (!flags || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || flags == MCL_ONFAULT)
		return -EINVAL;
	if (!mm)
		return -ENOSYS;
	mm->def_flags = flags & MCL_FUTURE ? VM_LOCKED : 0;
	if (flags & MCL_CURRENT)
		lock_all(mm, true, !(flags & MCL_ONFAULT));
	return 0;
}

long sys_munlockall(void)
{
	if (!current->mm)
		return -ENOSYS;
	current->mm->def_flags = 0;
	lock_all(current->mm, false, false);
	return 0;
}
