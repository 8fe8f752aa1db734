/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_VMA_H
#define BW_KERNEL_MM_VMA_H

/*
 * Private to kernel/mm: the areas of an address space (vma.c), its page tables (upt.c), what a
 * program may have of the machine's memory (limit.c). Thread context, nothing sleeps.
 */
#include <kernel/mm/mm_types.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/pgtable.h>

/* Kept free below an area that grows downwards. */
#define STACK_GUARD_GAP (256 * PAGE_SIZE)

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->end - vma->start) >> PAGE_SHIFT;
}
/* Page index in the area's object. */
static inline unsigned long vma_index(const struct vm_area_struct *vma, unsigned long addr)
{
	return vma->pgoff + ((addr - vma->start) >> PAGE_SHIFT);
}

/* Once at boot. */
void vma_init(void);
/* A zeroed area that is in no tree yet; NULL: out of memory. */
struct vm_area_struct *vma_alloc(struct mm_struct *mm);
/* Give back one that is in no tree; its object was closed. */
void vma_free(struct vm_area_struct *vma);
/* Put it where nothing else is; take it out. Both keep the counts of pages. */
void vma_insert(struct vm_area_struct *vma);
void vma_remove(struct vm_area_struct *vma);
/* Move its borders, without meeting a neighbour; pgoff follows start. */
void vma_resize(struct vm_area_struct *vma, unsigned long start, unsigned long end);
/* New flags for the whole area; a neighbour's gap may depend on them. */
void vma_set_flags(struct vm_area_struct *vma, u32 flags);
/* Cut it at addr, inside of it; returns the upper part, or NULL: out of memory, nothing changed. */
struct vm_area_struct *vma_split(struct vm_area_struct *vma, unsigned long addr);
/* Join it with what it continues and what continues it; returns the area that covers it now. */
struct vm_area_struct *vma_merge(struct vm_area_struct *vma);
/* Cut so that no area crosses start or end. 0 or -ENOMEM. */
int vma_cut_range(struct mm_struct *mm, unsigned long start, unsigned long end);
/* Take away all mappings of a range. 0 or -ENOMEM. */
int vma_unmap_range(struct mm_struct *mm, unsigned long start, unsigned long end);
/*
 * Call fn for the part of each area that lies in the range, lowest first; it may cut and join
 * areas. -ENOMEM at the end when the range has holes; fn's error ends it at once.
 */
typedef int (*area_fn)(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		       long arg);
int vma_walk(struct mm_struct *mm, unsigned long start, unsigned long end, area_fn fn, long arg);
/* Part of an area loses and gets flags that no page table entry depends on. 0 or -ENOMEM. */
int vma_change_flags(struct vm_area_struct *vma, unsigned long start, unsigned long end, u32 clear,
		     u32 set);
/* The highest free place of len bytes within low..high; 0: none. */
unsigned long vma_find_gap(struct mm_struct *mm, unsigned long len, unsigned long low,
			   unsigned long high);
/* Nothing is mapped there; and no stack above wants the place as its guard gap. */
bool vma_range_free(struct mm_struct *mm, unsigned long start, unsigned long end);
bool vma_gap_at(struct mm_struct *mm, unsigned long start, unsigned long end);
/* How many pages of a range are mapped. */
unsigned long vma_pages_in(struct mm_struct *mm, unsigned long start, unsigned long end);

/* mmap(2)'s placing: a place by its flags and the wish addr, or -errno (map.c). */
long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len, int flags);

/* --- page tables (upt.c) --- */

/* The processor ignores it: the page belongs to the program alone (not a file's, not zero_page). */
#define PTE_ANON BIT(9)

/* Once, before the first address space. 0 or -ENOMEM. */
int upt_init(void);
/* 0 or -ENOMEM. */
int upt_create(struct mm_struct *mm);
void upt_destroy(struct mm_struct *mm);
/* The entry of 4 KiB for addr, making tables and splitting a huge page; NULL: out of memory. */
pte_t *upt_alloc(struct mm_struct *mm, unsigned long addr);
/* The entry of 2 MiB, empty or huge; NULL: out of memory, or there is a table. */
pte_t *upt_alloc_huge(struct mm_struct *mm, unsigned long addr);
/* The entry in use at or after *addr (moved there) and below end, NULL when there is none. */
pte_t *upt_next(struct mm_struct *mm, unsigned long *addr, unsigned long end, int *level);
/* The entry in use for addr, or NULL. */
pte_t *upt_lookup(struct mm_struct *mm, unsigned long addr, int *level);
/* Write an entry, empty or not; old translations of a changed one must be flushed by the caller. */
void upt_set(pte_t *entry, pte_t value);
/* Give back what a range maps, with the tables that are empty then. 0; -ENOMEM: no split. */
int upt_zap(struct mm_struct *mm, unsigned long start, unsigned long end);
/* Entries of a range get what flags (VM_*) allow. 0 or -ENOMEM. */
int upt_protect(struct mm_struct *mm, unsigned long start, unsigned long end, u32 flags);
/* Move what a range maps to another place, where nothing is. 0 or -ENOMEM (some moved). */
int upt_move(struct mm_struct *mm, unsigned long from, unsigned long to, unsigned long len);
/* Split the huge page that addr lies inside of, not at its start. 0 or -ENOMEM. */
int upt_split_at(struct mm_struct *mm, unsigned long addr);
/* Entry for a page with the rights of an area; anon: its own page, which it may write. */
pte_t upt_make(struct page *page, u32 flags, bool writable, bool anon);
struct page *pte_page(pte_t e);
/* Forget old translations of a range. */
void upt_flush(struct mm_struct *mm, unsigned long start, unsigned long end);

/* --- limits (limit.c) --- */

/* A page of its own for a program, zeroed; NULL when only the kernel's reserve is left. */
struct page *user_page_alloc(gfp_t gfp, unsigned int order);
/* May a mapping of so many pages be promised? 0 or -ENOMEM; flags as of the area. */
int mm_may_commit(struct mm_struct *mm, unsigned long pages, u32 flags);
/* May the address space grow by so many pages (RLIMIT_AS, RLIMIT_DATA)? */
bool mm_may_expand(struct mm_struct *mm, unsigned long pages, u32 flags);

/* The page that all untouched anonymous memory reads from. */
extern struct page *zero_page;

#endif /* BW_KERNEL_MM_VMA_H */
