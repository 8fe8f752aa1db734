// SPDX-License-Identifier: BSD-2-Clause
/*
 * mremap(2): shrink, grow in place, or move. Moving takes the page table entries along, so no byte
 * is copied and a page keeps its place in memory. The order of checks is Linux's; old_len 0 makes
 * a second mapping of shared memory, MREMAP_DONTUNMAP leaves an empty one behind.
 *
 * Thread context.
 */
#include <errno.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/mm_calls.h>
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>
#include <sys/mman.h>

struct remap {
	struct mm_struct *mm;
	unsigned long addr, old_len, new_len, new_addr, flags;
};

/* The area that may become new_len long, or ERR_PTR. */
static struct vm_area_struct *area_to_resize(const struct remap *r)
{
	struct vm_area_struct *vma = mm_find_area(r->mm, r->addr);
	unsigned long more, index;

	if (!vma || vma->start > r->addr)
		return ERR_PTR(-EFAULT);
	if (!r->old_len && !(vma->flags & (VM_SHARED | VM_MAYSHARE)))
		return ERR_PTR(-EINVAL);
	if (r->flags & MREMAP_DONTUNMAP && vma->ops && !vma->ops->fault)
		return ERR_PTR(-EINVAL);
	if (r->old_len > vma->end - r->addr)
		return ERR_PTR(-EFAULT);
	if (r->new_len == r->old_len)
		return vma;
	index = vma_index(vma, r->addr);
	if (vma->ops && index + (r->new_len >> PAGE_SHIFT) < index)
		return ERR_PTR(-EINVAL);
	more = r->new_len > r->old_len ? (r->new_len - r->old_len) >> PAGE_SHIFT : 0;
	if (!mm_may_expand(r->mm, more, vma->flags) || mm_may_commit(r->mm, more, vma->flags))
		return ERR_PTR(-ENOMEM);
	return vma;
}

/* What stays behind, or nothing. */
static void leave_old(const struct remap *r)
{
	struct vm_area_struct *old;

	if (!(r->flags & MREMAP_DONTUNMAP)) {
		WARN_ON(vma_unmap_range(r->mm, r->addr, r->addr + r->old_len));
		return;
	}
	old = mm_find_area(r->mm, r->addr);
	vma_change_flags(old, r->addr, r->addr + r->old_len, VM_LOCKED, 0);
}

/* The place at new_addr is free. */
static long move_area(const struct remap *r, struct vm_area_struct *vma)
{
	struct vm_area_struct *new;
	bool locked = vma->flags & VM_LOCKED;

	if (r->mm->nr_areas >= MAX_MAP_COUNT - 3)
		return -ENOMEM;
	/* What goes is cut out first, so that nothing can fail once the pages have moved. */
	if (r->old_len && vma_cut_range(r->mm, r->addr, r->addr + r->old_len))
		return -ENOMEM;
	vma = mm_find_area(r->mm, r->addr);
	new = vma_alloc(r->mm);
	if (!new)
		return -ENOMEM;
	*new = *vma;
	new->start = r->new_addr;
	new->end = r->new_addr + r->new_len;
	new->pgoff = vma_index(vma, r->addr);
	vma_insert(new);
	if (new->ops && new->ops->open)
		new->ops->open(new);
	if (upt_move(r->mm, r->addr, r->new_addr, r->old_len)) {
		vma_remove(new);
		if (new->ops && new->ops->close)
			new->ops->close(new);
		vma_free(new);
		return -ENOMEM;
	}
	if (r->old_len)
		leave_old(r);
	vma_merge(new);
	if (locked && r->new_len > r->old_len)
		mm_populate(r->mm, r->new_addr + r->old_len, r->new_addr + r->new_len);
	return (long)r->new_addr;
}

/* MREMAP_FIXED or MREMAP_DONTUNMAP. */
static long remap_to(struct remap *r)
{
	struct vm_area_struct *vma;
	long at;

	if (!IS_ALIGNED(r->new_addr, PAGE_SIZE) || r->new_len > TASK_SIZE ||
	    r->new_addr > TASK_SIZE - r->new_len)
		return -EINVAL;
	if (r->addr + r->old_len > r->new_addr && r->new_addr + r->new_len > r->addr)
		return -EINVAL;
	if (r->mm->nr_areas + 2 >= MAX_MAP_COUNT)
		return -ENOMEM;
	/* What cannot move must not cost what lies at its destination. */
	vma = area_to_resize(r);
	if (IS_ERR(vma) && r->old_len <= r->new_len)
		return PTR_ERR(vma);
	if (r->flags & MREMAP_FIXED) {
		if (r->new_addr < MMAP_MIN_ADDR)
			return -EPERM;
		if (vma_unmap_range(r->mm, r->new_addr, r->new_addr + r->new_len))
			return -ENOMEM;
	}
	if (r->old_len > r->new_len) {
		if (vma_unmap_range(r->mm, r->addr + r->new_len, r->addr + r->old_len))
			return -ENOMEM;
		r->old_len = r->new_len;
	}
	vma = area_to_resize(r);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if (r->flags & MREMAP_DONTUNMAP &&
	    !mm_may_expand(r->mm, r->old_len >> PAGE_SHIFT, vma->flags))
		return -ENOMEM;
	if (!(r->flags & MREMAP_FIXED)) {
		at = get_unmapped_area(r->mm, r->new_addr, r->new_len, 0);
		if (at < 0)
			return at;
		r->new_addr = (unsigned long)at;
	}
	return move_area(r, vma);
}

static long grow(struct remap *r)
{
	struct vm_area_struct *vma = area_to_resize(r);
	unsigned long end = r->addr + r->new_len, old_end;
	long at;

	if (IS_ERR(vma))
		return PTR_ERR(vma);
	old_end = vma->end;
	if (r->old_len && r->addr + r->old_len == old_end && end > old_end && end <= TASK_SIZE &&
	    vma_gap_at(r->mm, old_end, end)) {
		vma_resize(vma, vma->start, end);
		vma = vma_merge(vma);
		if (vma->flags & VM_LOCKED)
			mm_populate(r->mm, old_end, end);
		return (long)r->addr;
	}
	if (!(r->flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	at = get_unmapped_area(r->mm, 0, r->new_len, 0);
	if (at < 0)
		return at;
	r->new_addr = (unsigned long)at;
	return move_area(r, vma);
}

long sys_mremap(unsigned long addr, size_t old_len, size_t new_len, unsigned long flags,
		unsigned long new_addr)
{
	struct remap r = { current->mm, addr, ALIGN_UP(old_len, PAGE_SIZE),
			   ALIGN_UP(new_len, PAGE_SIZE), new_addr, flags };
	struct vm_area_struct *vma;

	if (!r.mm)
		return -ENOSYS;
	if (flags & ~(unsigned long)(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP))
		return -EINVAL;
	if (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if (flags & MREMAP_DONTUNMAP && (!(flags & MREMAP_MAYMOVE) || old_len != new_len))
		return -EINVAL;
	if (!IS_ALIGNED(addr, PAGE_SIZE) || !r.new_len)
		return -EINVAL;
	vma = mm_find_area(r.mm, addr);
	if (!vma || vma->start > addr)
		return -EFAULT;
	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))
		return remap_to(&r);
	if (r.old_len < r.new_len || !r.old_len)
		return grow(&r);
	if (r.old_len > TASK_SIZE - addr)
		return -EINVAL;
	if (r.old_len > r.new_len && vma_unmap_range(r.mm, addr + r.new_len, addr + r.old_len))
		return -ENOMEM;
	return (long)addr;
}
