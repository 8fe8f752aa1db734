// SPDX-License-Identifier: BSD-2-Clause
/*
 * Page faults of a program (Intel SDM volume 3 section 4.7), whether ring 3 touched the address or
 * the kernel did on its behalf. The area says what may be there; what is there is decided here:
 * anonymous memory reads from the zero page until it is written, files give their own page, a
 * private mapping gets a copy with the first write.
 *
 * Under emulation a fault costs thousands of instructions, so one fault maps its neighbours along
 * where that costs no memory (pages of files that are there), and a few pages more where a program
 * writes through fresh memory in order. handle_mm_fault() is called by the exception entry; thread
 * context, interrupts on or off, never sleeps.
 */
#include <errno.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/vma.h>
#include <string.h>

#define FAULT_AROUND (16 * PAGE_SIZE)
#define WRITE_AHEAD 8 /* pages */

void (*mm_out_of_memory)(unsigned long addr);

static int access_error(const struct vm_area_struct *vma, u64 error_code)
{
	u32 need = error_code & PF_WRITE ? VM_WRITE : error_code & PF_FETCH ? VM_EXEC : VM_ACCESS;

	return vma->flags & need ? 0 : -EACCES;
}

/* A stack grows down to addr if its limit and its lower neighbour let it. */
static int expand_stack(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->mm;
	unsigned long start = addr & PAGE_MASK, pages = (vma->start - start) >> PAGE_SHIFT;

	if (!(vma->flags & VM_GROWSDOWN) || start < MMAP_MIN_ADDR)
		return -EFAULT;
	if (vma->end - start > mm->limit_stack || start < vma->prev_end)
		return -EFAULT;
	if (vma->prev_end && start - vma->prev_end < STACK_GUARD_GAP) {
		struct vm_area_struct *prev = mm_find_area(mm, vma->prev_end - 1);

		/* A guard page that the program itself placed below its stack is fine. */
		if (prev && (prev->flags & VM_ACCESS))
			return -EFAULT;
	}
	if (!mm_may_expand(mm, pages, vma->flags))
		return -EFAULT;
	vma_resize(vma, start, vma->end);
	return 0;
}

static void map_new(struct mm_struct *mm, pte_t *pte, pte_t value)
{
	if (value & PTE_ANON)
		mm->rss_anon++;
	else
		mm->rss_file++;
	mm->hiwater_rss = max(mm->hiwater_rss, mm->rss_anon + mm->rss_file);
	upt_set(pte, value);
}

/* --- anonymous memory ------------------------------------------------------------------------ */

static bool want_huge(const struct vm_area_struct *vma, unsigned long addr)
{
	unsigned long start = addr & PMD_MASK;

	return (vma->flags & VM_HUGEPAGE) && !(vma->flags & VM_GROWSDOWN) && start >= vma->start &&
	       start + PMD_SIZE <= vma->end;
}

static bool map_huge(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->mm;
	struct page *page;
	pte_t *e;

	if (!want_huge(vma, addr))
		return false;
	e = upt_alloc_huge(mm, addr);
	if (!e || *e)
		return false;
	page = user_page_alloc(__GFP_ZERO, PMD_SHIFT - PAGE_SHIFT);
	if (!page)
		return false;
	upt_set(e, upt_make(page, vma->flags, true, true) | PTE_PS);
	mm->rss_anon += PTRS_PER_TABLE;
	mm->hiwater_rss = max(mm->hiwater_rss, mm->rss_anon + mm->rss_file);
	return true;
}

/*
 * The page before was written, too: the program goes through fresh memory in order. Give it some
 * pages more in the same table, as long as memory is plentiful.
 */
static void write_ahead(struct vm_area_struct *vma, unsigned long addr, pte_t *pte)
{
	struct page *page;

	if (!pt_index(addr, 0) || !(pte[-1] & PTE_ANON) ||
	    nr_free_pages() < totalram_pages() / 4)
		return;
	for (int i = 1; i < WRITE_AHEAD; i++) {
		addr += PAGE_SIZE;
		if (addr >= vma->end || !pt_index(addr, 0) || pte[i])
			return;
		page = user_page_alloc(__GFP_ZERO, 0);
		if (!page)
			return;
		map_new(vma->mm, pte + i, upt_make(page, vma->flags, true, true));
	}
}

static int anon_fault(struct vm_area_struct *vma, unsigned long addr, pte_t *pte, bool write)
{
	struct page *page;

	if (!write) {
		upt_set(pte, upt_make(zero_page, vma->flags, false, false));
		return 0;
	}
	page = user_page_alloc(__GFP_ZERO, 0);
	if (!page)
		return -ENOMEM;
	map_new(vma->mm, pte, upt_make(page, vma->flags, true, true));
	write_ahead(vma, addr, pte);
	return 0;
}

/* --- files ----------------------------------------------------------------------------------- */

/* A private page of the program's with what `from` holds. */
static struct page *copy_page(const struct page *from)
{
	struct page *page = user_page_alloc(0, 0);

	if (page)
		memcpy(page_address(page), page_address(from), PAGE_SIZE);
	return page;
}

/* Map what is resident around addr, in the same table; rights as a read gives them. */
static void fault_around(struct vm_area_struct *vma, unsigned long addr, pte_t *pte)
{
	unsigned long start = max(addr & ~(FAULT_AROUND - 1), vma->start);
	unsigned long end = min((addr & ~(FAULT_AROUND - 1)) + FAULT_AROUND, vma->end);
	struct page *page;
	pte_t *e = pte - ((addr - start) >> PAGE_SHIFT);

	if (!vma->ops->resident)
		return;
	for (; start < end; start += PAGE_SIZE, e++) {
		if (*e)
			continue;
		page = vma->ops->resident(vma, vma_index(vma, start));
		if (page)
			map_new(vma->mm, e,
				upt_make(page, vma->flags, vma->flags & VM_SHARED, false));
	}
}

static int file_fault(struct vm_area_struct *vma, unsigned long addr, pte_t *pte, bool write)
{
	bool shared = vma->flags & VM_SHARED;
	struct page *page, *copy;

	page = vma->ops->fault(vma, vma_index(vma, addr), write && shared);
	if (IS_ERR(page))
		return PTR_ERR(page) == -ENOMEM ? -ENOMEM : -EIO;
	if (write && !shared) {
		copy = copy_page(page);
		put_page(page);
		if (!copy)
			return -ENOMEM;
		map_new(vma->mm, pte, upt_make(copy, vma->flags, true, true));
		return 0;
	}
	map_new(vma->mm, pte, upt_make(page, vma->flags, shared, false));
	fault_around(vma, addr, pte);
	return 0;
}

/* --- a page is there, but not for this ------------------------------------------------------- */

/* A write to a file's page or the zero page in a private mapping: the program gets its own. */
static int make_private(struct vm_area_struct *vma, unsigned long addr, pte_t *pte)
{
	struct page *old = pte_page(*pte), *page;
	pte_t e = *pte;

	if (e & PTE_ANON || vma->flags & VM_SHARED) {
		/* the rights came back by mprotect(), or an old translation lingers */
		*pte = e | PTE_P | PTE_W | PTE_D;
		upt_flush(vma->mm, addr, addr + PAGE_SIZE);
		return 0;
	}
	page = old == zero_page ? user_page_alloc(__GFP_ZERO, 0) : copy_page(old);
	if (!page)
		return -ENOMEM;
	if (old != zero_page) {
		vma->mm->rss_file--;
		put_page(old);
	}
	map_new(vma->mm, pte, upt_make(page, vma->flags, true, true));
	upt_flush(vma->mm, addr, addr + PAGE_SIZE);
	return 0;
}

static int fault_present(struct vm_area_struct *vma, unsigned long addr, pte_t *pte, bool write)
{
	if (write && !(*pte & PTE_W))
		return make_private(vma, addr, pte);
	upt_flush(vma->mm, addr, addr + PAGE_SIZE);
	return 0;
}

static int fault_in(struct vm_area_struct *vma, unsigned long addr, bool write)
{
	int level;
	pte_t *pte = upt_lookup(vma->mm, addr, &level);

	if (pte && level == 1)
		return fault_present(vma, addr, pte, write);
	if (!pte) {
		if (!vma->ops && write && map_huge(vma, addr))
			return 0;
		pte = upt_alloc(vma->mm, addr);
		if (!pte)
			return -ENOMEM;
	}
	if (*pte)
		return fault_present(vma, addr, pte, write);
	return vma->ops ? file_fault(vma, addr, pte, write) : anon_fault(vma, addr, pte, write);
}

int handle_mm_fault(struct mm_struct *mm, unsigned long addr, u64 error_code)
{
	struct vm_area_struct *vma;
	int err;

	if (addr >= TASK_SIZE)
		return -EFAULT;
	vma = mm_find_area(mm, addr);
	if (!vma)
		return -EFAULT;
	if (addr < vma->start) {
		err = expand_stack(vma, addr);
		if (err)
			return err;
	}
	err = access_error(vma, error_code);
	if (err)
		return err;
	BUG_ON(error_code & PF_RESERVED);
	mm->min_faults++;
	err = fault_in(vma, addr & PAGE_MASK, error_code & PF_WRITE);
	if (err == -ENOMEM && !(error_code & PF_USER) && mm_out_of_memory)
		mm_out_of_memory(addr);
	return err;
}

int mm_populate(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma;
	int err = 0;

	for (; start < end && !err; start += PAGE_SIZE) {
		vma = mm_find_area(mm, start);
		if (!vma || start < vma->start)
			return -EFAULT;
		if (!(vma->flags & VM_ACCESS))
			return -EACCES;
		err = fault_in(vma, start, (vma->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE);
	}
	return err;
}
