// SPDX-License-Identifier: BSD-2-Clause
/*
 * Mapping, unmapping and changing the rights of parts of the current address space, with Linux's
 * checks in Linux's order. What is mapped comes as a vm_object from whoever knows it
 * (kernel/fs for files); without one it is zeroed memory.
 *
 * Called by the system calls of kernel/abi/mmap.c and by the ELF loader, in thread context.
 */
#include <errno.h>
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>
#include <sys/mman.h>

#define BOUNCE_LOW 0x40000000UL /* MAP_32BIT */
#define BOUNCE_HIGH 0x80000000UL

static u32 prot_to_flags(int prot)
{
	return (prot & PROT_READ ? VM_READ : 0) | (prot & PROT_WRITE ? VM_WRITE : 0) |
	       (prot & PROT_EXEC ? VM_EXEC : 0);
}

static u32 map_flags(const struct mm_struct *mm, int prot, int flags, const struct vm_object *o)
{
	u32 f = prot_to_flags(prot) | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | mm->def_flags;

	if (flags & MAP_GROWSDOWN)
		f |= VM_GROWSDOWN;
	if (flags & MAP_STACK)
		f |= VM_STACK;
	if (flags & MAP_LOCKED)
		f |= VM_LOCKED;
	if (flags & MAP_NORESERVE)
		f |= VM_NORESERVE;
	if ((flags & MAP_TYPE) != MAP_PRIVATE)
		f |= VM_SHARED | VM_MAYSHARE;
	if (!o)
		return f;
	f &= ~o->deny;
	/* Nobody can ever write through it: then it is a private one in all but name. */
	return o->deny & VM_MAYWRITE ? f & ~VM_SHARED : f;
}

long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len, int flags)
{
	unsigned long found;

	if (len > TASK_SIZE)
		return -ENOMEM;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (addr > TASK_SIZE - len)
			return -ENOMEM;
		if (!IS_ALIGNED(addr, PAGE_SIZE))
			return -EINVAL;
		return addr < MMAP_MIN_ADDR ? -EPERM : (long)addr;
	}
	addr = ALIGN_DOWN(addr, PAGE_SIZE);
	if (addr)
		addr = max(addr, MMAP_MIN_ADDR);
	if (flags & MAP_32BIT)
		found = vma_find_gap(mm, len, BOUNCE_LOW, BOUNCE_HIGH);
	else if (addr && addr <= TASK_SIZE - len && vma_gap_at(mm, addr, addr + len))
		found = addr;
	else
		found = vma_find_gap(mm, len, MMAP_MIN_ADDR, mm->mmap_base);
	if (!found && !(flags & MAP_32BIT))
		found = vma_find_gap(mm, len, MMAP_MIN_ADDR, TASK_SIZE);
	return found ? (long)found : -ENOMEM;
}

/* Everything is checked and the place is known: make room, make the area. */
static long map_region(struct mm_struct *mm, unsigned long addr, unsigned long len, u32 flags,
		       const struct vm_object *o)
{
	struct vm_area_struct *vma;

	/* What a fixed mapping replaces does not count. */
	if (!mm_may_expand(mm, (len >> PAGE_SHIFT) - vma_pages_in(mm, addr, addr + len), flags))
		return -ENOMEM;
	if (mm_may_commit(mm, len >> PAGE_SHIFT, flags))
		return -ENOMEM;
	vma = vma_alloc(mm);
	if (!vma)
		return -ENOMEM;
	if (vma_unmap_range(mm, addr, addr + len)) {
		vma_free(vma);
		return -ENOMEM;
	}
	vma->start = addr;
	vma->end = addr + len;
	vma->flags = flags;
	vma->pgoff = addr >> PAGE_SHIFT;
	if (o) {
		vma->ops = o->ops;
		vma->file = o->file;
		vma->object = o->object;
		vma->path = o->path;
		vma->pgoff = o->pgoff;
	}
	vma_insert(vma);
	if (vma->ops && vma->ops->open)
		vma->ops->open(vma);
	vma_merge(vma);
	return (long)addr;
}

long mm_map(unsigned long addr, unsigned long len, int prot, int flags, const struct vm_object *o)
{
	struct mm_struct *mm = current->mm;
	u32 vm_flags = map_flags(mm, prot, flags, o);
	long at;

	if (!len)
		return -EINVAL;
	if (ALIGN_UP(len, PAGE_SIZE) < len)
		return -ENOMEM;
	len = ALIGN_UP(len, PAGE_SIZE);
	if (o && o->pgoff + (len >> PAGE_SHIFT) < o->pgoff)
		return -EOVERFLOW;
	if (mm->nr_areas > MAX_MAP_COUNT)
		return -ENOMEM;
	at = get_unmapped_area(mm, addr, len, flags);
	if (at < 0)
		return at;
	if (flags & MAP_FIXED_NOREPLACE &&
	    !vma_range_free(mm, (unsigned long)at, (unsigned long)at + len))
		return -EEXIST;
	if (o && o->error)
		return o->error;
	at = map_region(mm, (unsigned long)at, len, vm_flags, o);
	if (at >= 0 && (vm_flags & VM_LOCKED || (flags & (MAP_POPULATE | MAP_NONBLOCK)) ==
							 MAP_POPULATE))
		mm_populate(mm, (unsigned long)at, (unsigned long)at + len);
	return at;
}

long mm_unmap(unsigned long addr, unsigned long len)
{
	if (!IS_ALIGNED(addr, PAGE_SIZE) || addr > TASK_SIZE || len > TASK_SIZE - addr)
		return -EINVAL;
	len = ALIGN_UP(len, PAGE_SIZE);
	if (!len)
		return -EINVAL;
	return vma_unmap_range(current->mm, addr, addr + len);
}

/* One area, wholly inside the range. 0 or -errno. */
static int protect_area(struct vm_area_struct *vma, u32 access)
{
	u32 flags = (vma->flags & ~VM_ACCESS) | access;

	if ((access & VM_WRITE) && !(vma->flags & VM_WRITE)) {
		if (!mm_may_expand(vma->mm, 0, flags) ||
		    mm_may_commit(vma->mm, vma_pages(vma), flags))
			return -ENOMEM;
	}
	if (upt_protect(vma->mm, vma->start, vma->end, flags))
		return -ENOMEM;
	vma_set_flags(vma, flags);
	return 0;
}

/* The areas from start to end; a hole is -ENOMEM behind what was done before it, as in Linux. */
static int protect_areas(struct mm_struct *mm, unsigned long start, unsigned long end, u32 access)
{
	struct vm_area_struct *vma;
	unsigned long next;
	int err = 0;

	for (; start < end && !err; start = next) {
		vma = mm_find_area(mm, start);
		if (!vma || vma->start > start)
			return -ENOMEM;
		if (access & ~(vma->flags >> 4)) /* the MAY bits stand 4 above */
			return -EACCES;
		next = min(end, vma->end);
		if ((vma->flags & VM_ACCESS) == access)
			continue;
		err = vma_cut_range(mm, start, next);
		if (err)
			return err;
		vma = mm_find_area(mm, start);
		err = protect_area(vma, access);
		vma_merge(vma);
	}
	return err;
}

long mm_protect(unsigned long addr, unsigned long len, int prot)
{
	struct mm_struct *mm = current->mm;
	int grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
	struct vm_area_struct *vma;
	unsigned long end;

	if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || !IS_ALIGNED(addr, PAGE_SIZE))
		return -EINVAL;
	if (!len)
		return 0;
	len = ALIGN_UP(len, PAGE_SIZE);
	end = addr + len;
	if (end <= addr)
		return -ENOMEM;
	if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | grows))
		return -EINVAL;
	vma = mm_find_area(mm, addr);
	if (!vma || vma->start >= end)
		return -ENOMEM;
	if (grows == PROT_GROWSUP)
		return -EINVAL;
	if (grows) {
		if (!(vma->flags & VM_GROWSDOWN))
			return -EINVAL;
		addr = vma->start;
	} else if (vma->start > addr) {
		return -ENOMEM;
	}
	return protect_areas(mm, addr, end, prot_to_flags(prot));
}

/* The part of an area that shows pages from..to of its object; false: none. */
static bool area_part(const struct vm_area_struct *vma, unsigned long from, unsigned long to,
		      unsigned long *start, unsigned long *end)
{
	unsigned long first = max(vma->pgoff, from), last = min(vma->pgoff + vma_pages(vma), to);

	if (first >= last)
		return false;
	*start = vma->start + ((first - vma->pgoff) << PAGE_SHIFT);
	*end = vma->start + ((last - vma->pgoff) << PAGE_SHIFT);
	return true;
}

void mm_zap_object(const void *object, unsigned long index)
{
	struct mm_struct *mm = mm_active();
	struct vm_area_struct *vma = mm ? mm_next_area(mm, NULL) : NULL;
	unsigned long start, end;

	/* Files have no huge pages, so nothing is split and nothing can fail. */
	for (; vma; vma = mm_next_area(mm, vma)) {
		if (vma->object == object && area_part(vma, index, ~0UL, &start, &end))
			upt_zap(mm, start, end);
	}
}

void mm_zap_hole(const void *object, unsigned long from, unsigned long to)
{
	struct mm_struct *mm = mm_active();
	struct vm_area_struct *vma = mm ? mm_next_area(mm, NULL) : NULL;
	unsigned long start, end;
	int level;
	pte_t *e;

	for (; vma; vma = mm_next_area(mm, vma)) {
		if (vma->object != object || !area_part(vma, from, to, &start, &end))
			continue;
		for (; (e = upt_next(mm, &start, end, &level)); start += PAGE_SIZE) {
			if (!(*e & PTE_ANON))
				upt_zap(mm, start, start + PAGE_SIZE);
		}
	}
}
