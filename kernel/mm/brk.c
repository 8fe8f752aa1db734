// SPDX-License-Identifier: BSD-2-Clause
/*
 * brk(2): the heap that begins where the program's data end (mm->start_brk, set by the ELF loader)
 * and grows upwards as one anonymous area. A page must stay free between it and what lies above.
 * Called in thread context.
 */
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>
#include <sys/mman.h>

static bool shrink(struct mm_struct *mm, unsigned long from, unsigned long to)
{
	return !vma_unmap_range(mm, from, to);
}

static bool grow(struct mm_struct *mm, unsigned long from, unsigned long to)
{
	if (!vma_gap_at(mm, from, to + PAGE_SIZE))
		return false;
	return mm_map(from, to - from, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, NULL) >= 0;
}

static bool within_limit(const struct mm_struct *mm, unsigned long brk)
{
	return brk - mm->start_brk + (mm->end_data - mm->start_data) <= mm->limit_data;
}

long mm_set_brk(unsigned long brk)
{
	struct mm_struct *mm = current->mm;
	unsigned long old = ALIGN_UP(mm->brk, PAGE_SIZE), new = ALIGN_UP(brk, PAGE_SIZE);
	bool done = true;

	if (brk < mm->start_brk || brk >= TASK_SIZE || !within_limit(mm, brk))
		return (long)mm->brk;
	if (new < old)
		done = shrink(mm, new, old);
	else if (new > old)
		done = grow(mm, old, new);
	if (done)
		mm->brk = brk;
	return (long)mm->brk;
}
