// SPDX-License-Identifier: BSD-2-Clause
/*
 * A program's page tables (Intel SDM volume 3 section 4.5): the lower half of a PML4 of its own;
 * the upper half is a copy of the kernel's, whose tables below are shared. Every upper entry exists
 * before the first copy is made, so the copies never grow old.
 *
 * A table counts its entries in use in its struct page and goes back with the last one. An entry
 * that is not 0 but not present either keeps a page that mprotect(PROT_NONE) hid. PTE_ANON marks
 * pages that belong to the program alone; others are a file's or the zero page, and a private
 * mapping writes only to a copy. Every entry but the zero page's holds a reference on its page; of
 * a huge page (2 MiB, one block) the one entry holds one, and splitting makes it 512 pages.
 *
 * Accessed and dirty are set from the start: nobody asks, and the processor need not write them.
 * Called by kernel/mm in thread context.
 */
#include <errno.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/tlb.h>
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>
#include <string.h>

#define LOWER_ENTRIES (PTRS_PER_TABLE / 2)
#define PTE_TABLE (PTE_P | PTE_W | PTE_U | PTE_A)
#define FLUSH_ALL_PAGES 32 /* more than this: forget everything */

#define nr_used slab_objects /* of a table's struct page */

static struct mm_struct *active_mm;

static inline pte_t *table_of(pte_t e)
{
	return phys_to_virt(e & PTE_ADDR);
}

static inline unsigned long level_size(int level)
{
	return 1UL << (12 + 9 * level);
}

struct page *pte_page(pte_t e)
{
	return virt_to_page(phys_to_virt(e & PTE_ADDR));
}

/* --- the processor's side -------------------------------------------------------------------- */

void mm_activate(struct mm_struct *mm)
{
	active_mm = mm;
	current->mm = mm;
	tlb_load(mm ? mm->pgd : kernel_pml4);
}

struct mm_struct *mm_active(void)
{
	return active_mm;
}

void upt_flush(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	if (mm != active_mm)
		return;
	if ((end - start) >> PAGE_SHIFT > FLUSH_ALL_PAGES) {
		tlb_load(mm->pgd);
		return;
	}
	for (; start < end; start += PAGE_SIZE)
		tlb_flush_page(start);
}

/* --- tables ---------------------------------------------------------------------------------- */

void upt_set(pte_t *entry, pte_t value)
{
	struct page *table = virt_to_page(entry);

	if (!*entry && value)
		table->nr_used++;
	else if (*entry && !value)
		table->nr_used--;
	*entry = value;
}

static pte_t *table_alloc(struct mm_struct *mm)
{
	struct page *page = user_page_alloc(__GFP_ZERO, 0);

	if (!page)
		return NULL;
	page->nr_used = 0;
	mm->nr_tables++;
	return page_address(page);
}

static void table_free(struct mm_struct *mm, pte_t *table)
{
	struct page *page = virt_to_page(table);

	page->nr_used = 0;
	mm->nr_tables--;
	put_page(page);
}

int upt_init(void)
{
	return paging_make_upper_tables();
}

int upt_create(struct mm_struct *mm)
{
	pte_t *pgd = table_alloc(mm);

	if (!pgd)
		return -ENOMEM;
	memcpy(pgd + LOWER_ENTRIES, kernel_pml4 + LOWER_ENTRIES, LOWER_ENTRIES * sizeof(*pgd));
	mm->pgd = pgd;
	return 0;
}

/* The tables below a page directory; the pages are gone already. */
static void drop_directory(struct mm_struct *mm, pte_t *pd)
{
	for (unsigned int i = 0; i < PTRS_PER_TABLE; i++) {
		if (pd[i])
			table_free(mm, table_of(pd[i]));
	}
	table_free(mm, pd);
}

void upt_destroy(struct mm_struct *mm)
{
	pte_t *pgd = mm->pgd, *pdpt;

	BUG_ON(mm == active_mm);
	for (unsigned int i = 0; i < LOWER_ENTRIES; i++) {
		if (!pgd[i])
			continue;
		pdpt = table_of(pgd[i]);
		for (unsigned int j = 0; j < PTRS_PER_TABLE; j++) {
			if (pdpt[j])
				drop_directory(mm, table_of(pdpt[j]));
		}
		table_free(mm, pdpt);
	}
	table_free(mm, pgd);
	mm->pgd = NULL;
}

/* An entry was cleared: the tables that are empty now go. The processor forgets them first. */
static void free_empty_tables(struct mm_struct *mm, unsigned long addr, int level)
{
	pte_t *path[4], *table = mm->pgd;

	for (int l = 3; l >= level; l--) {
		path[l] = &table[pt_index(addr, l)];
		if (l > level)
			table = table_of(*path[l]);
	}
	for (int l = level; l < 3 && !virt_to_page(path[l])->nr_used; l++) {
		upt_set(path[l + 1], 0);
		upt_flush(mm, addr, addr + PAGE_SIZE);
		table_free(mm, (pte_t *)((unsigned long)path[l] & PAGE_MASK));
	}
}

static void clear_entry(struct mm_struct *mm, unsigned long addr, pte_t *e, int level)
{
	upt_set(e, 0);
	if (!virt_to_page(e)->nr_used)
		free_empty_tables(mm, addr, level);
}

pte_t *upt_next(struct mm_struct *mm, unsigned long *addr, unsigned long end, int *level)
{
	unsigned long a = *addr;

	while (a < end) {
		pte_t *e = (pte_t *)mm->pgd + pt_index(a, 3);
		int l = 3;

		while (*e && l > 0 && !(*e & PTE_PS))
			e = table_of(*e) + pt_index(a, --l);
		/* The rest of a page table is read straight on. */
		while (!*e && l == 0 && a + PAGE_SIZE < end && pt_index(a + PAGE_SIZE, 0)) {
			a += PAGE_SIZE;
			e++;
		}
		if (*e) {
			*addr = a;
			*level = l;
			return e;
		}
		a = ALIGN_DOWN(a, level_size(l)) + level_size(l);
	}
	return NULL;
}

pte_t *upt_lookup(struct mm_struct *mm, unsigned long addr, int *level)
{
	return upt_next(mm, &addr, addr + 1, level);
}

void mm_area_usage(struct vm_area_struct *vma, struct mm_usage *u)
{
	unsigned long addr = vma->start;
	int level;
	pte_t *e;

	memset(u, 0, sizeof(*u));
	for (; (e = upt_next(vma->mm, &addr, vma->end, &level)); addr += level_size(level)) {
		unsigned long pages = 1UL << (9 * level);

		if (*e & PTE_ANON)
			u->anon += pages;
		else if (pte_page(*e) != zero_page)
			u->file += pages;
		if (*e & PTE_W && !(*e & PTE_ANON))
			u->file_written += pages;
		if (level)
			u->huge += pages;
	}
}

/* --- making entries -------------------------------------------------------------------------- */

pte_t upt_make(struct page *page, u32 flags, bool writable, bool anon)
{
	pte_t e = virt_to_phys(page_address(page)) | PTE_U | PTE_A;

	if (flags & VM_ACCESS)
		e |= PTE_P;
	if (writable && (flags & VM_WRITE))
		e |= PTE_W | PTE_D;
	if (!(flags & VM_EXEC))
		e |= paging_nx_bit();
	return anon ? e | PTE_ANON : e;
}

/* What stays of an entry, with the rights that flags give. */
static pte_t entry_protect(pte_t e, u32 flags)
{
	pte_t new = e & (PTE_ADDR | PTE_ANON | PTE_PS);

	new |= PTE_U | PTE_A;
	if (flags & VM_ACCESS)
		new |= PTE_P;
	if ((flags & VM_WRITE) && ((e & PTE_ANON) || (flags & VM_SHARED)))
		new |= PTE_W | PTE_D;
	if (!(flags & VM_EXEC))
		new |= paging_nx_bit();
	return new;
}

/* A huge page becomes 512 small ones, one by one countable unless somebody else holds the block. */
static int split_huge(struct mm_struct *mm, pte_t *huge)
{
	pte_t *table = table_alloc(mm), e = *huge & ~PTE_PS;
	struct page *page = pte_page(e);

	if (!table)
		return -ENOMEM;
	if (page_count(page) == 1) {
		split_page(page, PMD_SHIFT - PAGE_SHIFT);
	} else {
		for (unsigned int i = 1; i < PTRS_PER_TABLE; i++)
			get_page(page);
	}
	for (unsigned int i = 0; i < PTRS_PER_TABLE; i++)
		table[i] = e + i * PAGE_SIZE;
	virt_to_page(table)->nr_used = PTRS_PER_TABLE;
	*huge = virt_to_phys(table) | PTE_TABLE;
	return 0;
}

int upt_split_at(struct mm_struct *mm, unsigned long addr)
{
	unsigned long start = addr & PMD_MASK;
	int level, err;
	pte_t *e;

	if (start == addr)
		return 0;
	e = upt_lookup(mm, addr, &level);
	if (!e || level == 0)
		return 0;
	err = split_huge(mm, e);
	upt_flush(mm, start, start + PAGE_SIZE);
	return err;
}

/* The entry of a level, making the tables above it; a huge page on the way is split. */
static pte_t *walk_alloc(struct mm_struct *mm, unsigned long addr, int level)
{
	pte_t *table = mm->pgd, *next;

	for (int l = 3; l > level; l--) {
		pte_t *e = &table[pt_index(addr, l)];

		if (!*e) {
			next = table_alloc(mm);
			if (!next)
				return NULL;
			upt_set(e, virt_to_phys(next) | PTE_TABLE);
		} else if (*e & PTE_PS) {
			if (split_huge(mm, e))
				return NULL;
			upt_flush(mm, addr & PMD_MASK, (addr & PMD_MASK) + PAGE_SIZE);
		}
		table = table_of(*e);
	}
	return &table[pt_index(addr, level)];
}

pte_t *upt_alloc(struct mm_struct *mm, unsigned long addr)
{
	BUG_ON(addr >= TASK_SIZE);
	return walk_alloc(mm, addr, 0);
}

pte_t *upt_alloc_huge(struct mm_struct *mm, unsigned long addr)
{
	pte_t *e = walk_alloc(mm, addr, 1);

	return e && (!*e || *e & PTE_PS) ? e : NULL;
}

/* --- ranges ---------------------------------------------------------------------------------- */

/* The entry is gone or about to go: its page, and the counts. */
static void release_entry(struct mm_struct *mm, pte_t e, int level)
{
	unsigned long pages = 1UL << (9 * level);
	struct page *page = pte_page(e);

	if (page == zero_page)
		return;
	if (e & PTE_ANON)
		mm->rss_anon -= pages;
	else
		mm->rss_file -= pages;
	put_page(page);
}

int upt_zap(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	unsigned long addr = start, first = end;
	pte_t *e, old;
	int level;

	if (upt_split_at(mm, start) || upt_split_at(mm, end))
		return -ENOMEM;
	while ((e = upt_next(mm, &addr, end, &level))) {
		old = *e;
		first = min(first, addr);
		clear_entry(mm, addr, e, level);
		release_entry(mm, old, level);
		addr += level_size(level);
	}
	if (first < end)
		upt_flush(mm, first, min(addr, end));
	return 0;
}

int upt_protect(struct mm_struct *mm, unsigned long start, unsigned long end, u32 flags)
{
	unsigned long addr = start, first = end;
	pte_t *e;
	int level;

	if (upt_split_at(mm, start) || upt_split_at(mm, end))
		return -ENOMEM;
	while ((e = upt_next(mm, &addr, end, &level))) {
		first = min(first, addr);
		*e = entry_protect(*e, flags);
		addr += level_size(level);
	}
	if (first < end)
		upt_flush(mm, first, min(addr, end));
	return 0;
}

/* Give back the tables of a range that have nothing in use. */
static void prune(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	unsigned long a = start;

	while (a < end) {
		pte_t *table = mm->pgd, *e = table + pt_index(a, 3);
		int l = 3;

		while (l > 0 && *e && !(*e & PTE_PS)) {
			table = table_of(*e);
			e = table + pt_index(a, --l);
		}
		if (l < 3 && !virt_to_page(table)->nr_used)
			free_empty_tables(mm, a, l);
		l = max(l, 1);
		a = ALIGN_DOWN(a, level_size(l)) + level_size(l);
	}
}

/* Tables for what is to be moved, and no huge page that cannot move in one piece. */
static int prepare_move(struct mm_struct *mm, unsigned long from, unsigned long end,
			unsigned long to)
{
	unsigned long addr = from;
	pte_t *e, *dest;
	int level;

	while ((e = upt_next(mm, &addr, end, &level))) {
		dest = NULL;
		if (level == 1 && IS_ALIGNED(to - from, PMD_SIZE))
			dest = upt_alloc_huge(mm, to + (addr - from));
		if (level == 1 && !dest) {
			if (split_huge(mm, e))
				return -ENOMEM;
			continue;
		}
		if (!dest && !upt_alloc(mm, to + (addr - from)))
			return -ENOMEM;
		addr += level_size(level);
	}
	return 0;
}

int upt_move(struct mm_struct *mm, unsigned long from, unsigned long to, unsigned long len)
{
	unsigned long addr = from, end = from + len;
	pte_t *e, *dest;
	int level;

	if (upt_split_at(mm, from) || upt_split_at(mm, end))
		return -ENOMEM;
	if (prepare_move(mm, from, end, to)) {
		prune(mm, to, to + len);
		return -ENOMEM;
	}
	while ((e = upt_next(mm, &addr, end, &level))) {
		dest = level ? upt_alloc_huge(mm, to + (addr - from)) :
			       upt_alloc(mm, to + (addr - from));
		BUG_ON(!dest || *dest);
		/* A table that is empty in between may be the next one's destination. */
		upt_set(dest, *e);
		upt_set(e, 0);
		addr += level_size(level);
	}
	prune(mm, from, end);
	upt_flush(mm, from, end);
	return 0;
}
