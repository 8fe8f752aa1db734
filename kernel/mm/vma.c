// SPDX-License-Identifier: BSD-2-Clause
/*
 * The areas of an address space: a tree by address in which each node also knows the largest free
 * hole below an area of its subtree. So finding an area, placing a new one as high as possible,
 * cutting and joining cost O(log n), also with the mappings of thousands of threads.
 *
 * The hole below an area is what lies between it and its predecessor; below a stack, which grows
 * downwards, STACK_GUARD_GAP of it does not count. Neighbours that say the same about consecutive
 * parts of one object become one area.
 *
 * Called by the other files of kernel/mm in thread context. Pages and page tables are upt.c's.
 */
#include <errno.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/vma.h>

static struct kmem_cache *vma_cache;

#define to_vma(n) rb_entry(n, struct vm_area_struct, node)

static struct vm_area_struct *vma_prev(const struct vm_area_struct *vma)
{
	struct rb_node *n = rb_prev(&vma->node);

	return n ? to_vma(n) : NULL;
}

struct vm_area_struct *mm_next_area(struct mm_struct *mm, const struct vm_area_struct *vma)
{
	struct rb_node *n = vma ? rb_next(&vma->node) : rb_first(&mm->areas);

	return n ? to_vma(n) : NULL;
}

/* Up to where the hole below may be filled. */
static unsigned long gap_top(const struct vm_area_struct *vma)
{
	if (!(vma->flags & VM_GROWSDOWN))
		return vma->start;
	return vma->start > STACK_GUARD_GAP ? vma->start - STACK_GUARD_GAP : 0;
}

static unsigned long gap_of(const struct vm_area_struct *vma)
{
	return gap_top(vma) > vma->prev_end ? gap_top(vma) - vma->prev_end : 0;
}

static void vma_update(struct rb_node *n)
{
	struct vm_area_struct *vma = to_vma(n);
	unsigned long gap = gap_of(vma);

	if (n->rb_left)
		gap = max(gap, to_vma(n->rb_left)->max_gap);
	if (n->rb_right)
		gap = max(gap, to_vma(n->rb_right)->max_gap);
	vma->max_gap = gap;
}

/* The area behind `vma` hears where its hole begins now. */
static void tell_next(const struct vm_area_struct *vma, unsigned long prev_end)
{
	struct vm_area_struct *next = mm_next_area(vma->mm, vma);

	if (next) {
		next->prev_end = prev_end;
		rb_propagate(&next->node, vma_update);
	}
}

/* Count pages of an area in (or out, with a negative number). */
static void vm_stat(struct mm_struct *mm, u32 flags, long pages)
{
	mm->total_vm += (unsigned long)pages;
	mm->hiwater_vm = max(mm->hiwater_vm, mm->total_vm);
	if (flags & VM_GROWSDOWN)
		mm->stack_vm += (unsigned long)pages;
	else if ((flags & (VM_EXEC | VM_WRITE)) == VM_EXEC)
		mm->exec_vm += (unsigned long)pages;
	else if ((flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
		mm->data_vm += (unsigned long)pages;
	if (flags & VM_LOCKED)
		mm->locked_vm += (unsigned long)pages;
}

void vma_init(void)
{
	if (vma_cache)
		return;
	vma_cache = kmem_cache_create("vm_area_struct", sizeof(struct vm_area_struct), 0, 0);
	if (!vma_cache)
		panic("mm: no memory for the cache of areas");
}

struct vm_area_struct *vma_alloc(struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_zalloc(vma_cache, GFP_KERNEL);

	if (vma)
		vma->mm = mm;
	return vma;
}

void vma_free(struct vm_area_struct *vma)
{
	kmem_cache_free(vma_cache, vma);
}

struct vm_area_struct *mm_find_area(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *best = mm->cached, *vma;
	struct rb_node *n = mm->areas.rb_node;

	if (best && best->start <= addr && addr < best->end)
		return best;
	for (best = NULL; n;) {
		vma = to_vma(n);
		if (vma->end <= addr) {
			n = n->rb_right;
			continue;
		}
		best = vma;
		if (vma->start <= addr)
			break;
		n = n->rb_left;
	}
	if (best)
		mm->cached = best;
	return best;
}

bool vma_range_free(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = mm_find_area(mm, start);

	return !vma || vma->start >= end;
}

bool vma_gap_at(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = mm_find_area(mm, start);

	return !vma || (vma->prev_end <= start && end <= gap_top(vma));
}

unsigned long vma_pages_in(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = mm_find_area(mm, start);
	unsigned long pages = 0;

	for (; vma && vma->start < end; vma = mm_next_area(mm, vma))
		pages += (min(vma->end, end) - max(vma->start, start)) >> PAGE_SHIFT;
	return pages;
}

void vma_insert(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->mm;
	struct rb_node **link = &mm->areas.rb_node, *parent = NULL;
	struct vm_area_struct *prev;

	BUG_ON(vma->start >= vma->end || (vma->start | vma->end) & (PAGE_SIZE - 1));
	while (*link) {
		parent = *link;
		BUG_ON(vma->start < to_vma(parent)->end && to_vma(parent)->start < vma->end);
		link = vma->start < to_vma(parent)->start ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&vma->node, parent, link);
	prev = vma_prev(vma);
	vma->prev_end = prev ? prev->end : 0;
	rb_insert_augmented(&vma->node, &mm->areas, vma_update);
	tell_next(vma, vma->end);
	mm->nr_areas++;
	vm_stat(mm, vma->flags, (long)vma_pages(vma));
}

void vma_remove(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->mm;

	tell_next(vma, vma->prev_end);
	rb_erase_augmented(&vma->node, &mm->areas, vma_update);
	mm->nr_areas--;
	mm->cached = NULL;
	vm_stat(mm, vma->flags, -(long)vma_pages(vma));
}

void vma_resize(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	BUG_ON(start >= end);
	vm_stat(vma->mm, vma->flags, -(long)vma_pages(vma));
	vma->pgoff += (start - vma->start) >> PAGE_SHIFT; /* wraps where it grows downwards */
	vma->start = start;
	vma->end = end;
	vm_stat(vma->mm, vma->flags, (long)vma_pages(vma));
	rb_propagate(&vma->node, vma_update);
	tell_next(vma, end);
}

void vma_set_flags(struct vm_area_struct *vma, u32 flags)
{
	vm_stat(vma->mm, vma->flags, -(long)vma_pages(vma));
	vma->flags = flags;
	vm_stat(vma->mm, vma->flags, (long)vma_pages(vma));
	rb_propagate(&vma->node, vma_update);
}

struct vm_area_struct *vma_split(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *upper;

	BUG_ON(addr <= vma->start || addr >= vma->end);
	if (vma->mm->nr_areas >= MAX_MAP_COUNT)
		return NULL;
	upper = vma_alloc(vma->mm);
	if (!upper)
		return NULL;
	*upper = *vma;
	upper->start = addr;
	upper->pgoff = vma_index(vma, addr);
	upper->flags &= ~VM_GROWSDOWN;
	vma_resize(vma, vma->start, addr);
	vma_insert(upper);
	if (upper->ops && upper->ops->open)
		upper->ops->open(upper);
	return upper;
}

static bool can_merge(const struct vm_area_struct *a, const struct vm_area_struct *b)
{
	if (a->end != b->start || a->ops != b->ops || a->file != b->file ||
	    a->object != b->object || a->path != b->path)
		return false;
	/* A stack's upper part lost the flag when it was cut off. */
	if (a->flags != b->flags && (a->flags ^ b->flags) != VM_GROWSDOWN)
		return false;
	if (b->flags & VM_GROWSDOWN)
		return false;
	return !a->ops || vma_index(a, a->end) == b->pgoff;
}

static void vma_join(struct vm_area_struct *a, struct vm_area_struct *b)
{
	unsigned long end = b->end;

	vma_remove(b);
	if (b->ops && b->ops->close)
		b->ops->close(b);
	vma_free(b);
	vma_resize(a, a->start, end);
}

struct vm_area_struct *vma_merge(struct vm_area_struct *vma)
{
	struct vm_area_struct *other = mm_next_area(vma->mm, vma);

	if (other && can_merge(vma, other))
		vma_join(vma, other);
	other = vma_prev(vma);
	if (other && can_merge(other, vma)) {
		vma_join(other, vma);
		vma = other;
	}
	return vma;
}

int vma_cut_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = mm_find_area(mm, start);

	if (vma && vma->start < start && !vma_split(vma, start))
		return -ENOMEM;
	vma = mm_find_area(mm, end - 1);
	if (vma && vma->start < end && vma->end > end && !vma_split(vma, end))
		return -ENOMEM;
	return 0;
}

int vma_unmap_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma, *next;
	int err;

	if (vma_range_free(mm, start, end))
		return 0;
	if (upt_split_at(mm, start) || upt_split_at(mm, end))
		return -ENOMEM;
	err = vma_cut_range(mm, start, end);
	if (err)
		return err;
	for (vma = mm_find_area(mm, start); vma && vma->start < end; vma = next) {
		next = mm_next_area(mm, vma);
		upt_zap(mm, vma->start, vma->end);
		vma_remove(vma);
		if (vma->ops && vma->ops->close)
			vma->ops->close(vma);
		vma_free(vma);
	}
	return 0;
}

int vma_walk(struct mm_struct *mm, unsigned long start, unsigned long end, area_fn fn, long arg)
{
	struct vm_area_struct *vma;
	bool hole = false;
	unsigned long next;
	int err;

	for (; start < end; start = next) {
		vma = mm_find_area(mm, start);
		if (!vma || vma->start >= end)
			return -ENOMEM;
		hole |= vma->start > start;
		start = max(start, vma->start);
		next = min(end, vma->end);
		err = fn(vma, start, next, arg);
		if (err)
			return err;
	}
	return hole ? -ENOMEM : 0;
}

int vma_change_flags(struct vm_area_struct *vma, unsigned long start, unsigned long end, u32 clear,
		     u32 set)
{
	struct mm_struct *mm = vma->mm;
	u32 flags = (vma->flags & ~clear) | set;
	int err;

	if (flags == vma->flags)
		return 0;
	err = vma_cut_range(mm, start, end);
	vma = mm_find_area(mm, start);
	if (!err)
		vma_set_flags(vma, flags);
	vma_merge(vma);
	return err;
}

/* --- finding room ---------------------------------------------------------------------------- */

/* The last node of a subtree whose own hole is large enough; the subtree has one. */
static struct rb_node *last_fit(struct rb_node *n, unsigned long len)
{
	for (;;) {
		BUG_ON(!n || to_vma(n)->max_gap < len);
		if (n->rb_right && to_vma(n->rb_right)->max_gap >= len)
			n = n->rb_right;
		else if (gap_of(to_vma(n)) >= len)
			return n;
		else
			n = n->rb_left;
	}
}

/* The last such node before n, or NULL. */
static struct rb_node *prev_fit(struct rb_node *n, unsigned long len)
{
	struct rb_node *parent;

	if (n->rb_left && to_vma(n->rb_left)->max_gap >= len)
		return last_fit(n->rb_left, len);
	for (; (parent = rb_parent(n)); n = parent) {
		if (parent->rb_right != n)
			continue;
		if (gap_of(to_vma(parent)) >= len)
			return parent;
		if (parent->rb_left && to_vma(parent->rb_left)->max_gap >= len)
			return last_fit(parent->rb_left, len);
	}
	return NULL;
}

/* The highest place of len bytes in from..to within low..high, or 0. */
static unsigned long fit(unsigned long from, unsigned long to, unsigned long len,
			 unsigned long low, unsigned long high)
{
	from = max(from, low);
	to = min(to, high);
	return to > from && to - from >= len ? to - len : 0;
}

unsigned long vma_find_gap(struct mm_struct *mm, unsigned long len, unsigned long low,
			   unsigned long high)
{
	struct vm_area_struct *vma = mm_find_area(mm, high);
	struct rb_node *n = vma ? &vma->node : rb_last(&mm->areas);
	unsigned long addr;

	if (!n)
		return fit(0, high, len, low, high);
	if (vma)
		addr = fit(vma->prev_end, gap_top(vma), len, low, high);
	else
		addr = fit(to_vma(n)->end, high, len, low, high);
	if (!addr && !vma && gap_of(to_vma(n)) >= len)
		addr = fit(to_vma(n)->prev_end, gap_top(to_vma(n)), len, low, high);
	/* Every further one lies below high; only the first can fail, for low. */
	if (!addr && (n = prev_fit(n, len)))
		addr = fit(to_vma(n)->prev_end, gap_top(to_vma(n)), len, low, high);
	return addr;
}
