// SPDX-License-Identifier: BSD-2-Clause
/*
 * madvise(2). What gives memory back does it at once (DONTNEED, and FREE, which may); what prepares
 * memory does that (POPULATE, HUGEPAGE at the next fault); the rest is noted in the area's flags or
 * accepted, as a machine without swap and without a second process may. Linux's errors.
 *
 * Left out: MADV_COLLAPSE (-EINVAL), the poisoning of pages. Thread context.
 */
#include <errno.h>
#include <kernel/mm/mm_calls.h>
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>
#include <sys/mman.h>

/* Advice that only changes flags. */
static const struct {
	int advice;
	u32 clear, set;
} flag_advice[] = {
	{ MADV_NORMAL, VM_RAND_READ | VM_SEQ_READ, 0 },
	{ MADV_SEQUENTIAL, VM_RAND_READ, VM_SEQ_READ },
	{ MADV_RANDOM, VM_SEQ_READ, VM_RAND_READ },
	{ MADV_DONTFORK, 0, VM_DONTCOPY },
	{ MADV_DOFORK, VM_DONTCOPY, 0 },
	{ MADV_WIPEONFORK, 0, VM_WIPEONFORK },
	{ MADV_KEEPONFORK, VM_WIPEONFORK, 0 },
	{ MADV_DONTDUMP, 0, VM_DONTDUMP },
	{ MADV_DODUMP, VM_DONTDUMP, 0 },
	{ MADV_HUGEPAGE, VM_NOHUGEPAGE, VM_HUGEPAGE },
	{ MADV_NOHUGEPAGE, VM_HUGEPAGE, VM_NOHUGEPAGE },
};

static bool known(int advice)
{
	switch (advice) {
	case MADV_WILLNEED:
	case MADV_DONTNEED:
	case MADV_FREE:
	case MADV_REMOVE:
	case MADV_MERGEABLE:
	case MADV_UNMERGEABLE:
	case MADV_COLD:
	case MADV_PAGEOUT:
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
	case MADV_DONTNEED_LOCKED:
	case MADV_COLLAPSE:
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(flag_advice); i++) {
		if (flag_advice[i].advice == advice)
			return true;
	}
	return false;
}

static int advise_flags(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			int advice)
{
	if (advice == MADV_WIPEONFORK && (vma->ops || vma->flags & VM_SHARED))
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(flag_advice); i++) {
		if (flag_advice[i].advice == advice)
			return vma_change_flags(vma, start, end, flag_advice[i].clear,
						flag_advice[i].set);
	}
	return 0;
}

static int punch(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	if (vma->flags & VM_LOCKED || !vma->ops)
		return -EINVAL;
	if ((vma->flags & (VM_SHARED | VM_WRITE)) != (VM_SHARED | VM_WRITE))
		return -EACCES;
	if (!vma->ops->punch)
		return -EOPNOTSUPP;
	vma->ops->punch(vma, vma_index(vma, start), (end - start) >> PAGE_SHIFT);
	return 0;
}

/* WILLNEED, MERGEABLE and their kin change nothing here. */
static int advise_area(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		       long advice)
{
	bool locked = vma->flags & VM_LOCKED;

	switch (advice) {
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
		if (locked && advice != MADV_DONTNEED_LOCKED)
			return -EINVAL;
		if (advice == MADV_FREE && vma->ops)
			return -EINVAL;
		return upt_zap(vma->mm, start, end);
	case MADV_REMOVE:
		return punch(vma, start, end);
	case MADV_COLD:
	case MADV_PAGEOUT:
		return locked ? -EINVAL : 0;
	case MADV_COLLAPSE:
		return -EINVAL;
	default:
		return advise_flags(vma, start, end, (int)advice);
	}
}

static int populate_area(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			 long advice)
{
	bool write = advice == MADV_POPULATE_WRITE;
	int err = 0;

	if (!(vma->flags & (write ? VM_WRITE : VM_ACCESS)))
		return -EINVAL;
	for (; start < end && !err; start += PAGE_SIZE)
		err = handle_mm_fault(vma->mm, start, PF_USER | (write ? PF_WRITE : 0));
	return err == -EIO ? -EFAULT : err;
}

long sys_madvise(unsigned long addr, size_t len_in, int advice)
{
	struct mm_struct *mm = current->mm;
	size_t len = ALIGN_UP(len_in, PAGE_SIZE);
	bool populate = advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE;

	if (!mm)
		return -ENOSYS;
	if (!known(advice) || !IS_ALIGNED(addr, PAGE_SIZE))
		return -EINVAL;
	if ((len_in && !len) || addr + len < addr)
		return -EINVAL;
	if (!len)
		return 0;
	return vma_walk(mm, addr, addr + len, populate ? populate_area : advise_area, advice);
}
