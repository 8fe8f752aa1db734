/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_PGTABLE_H
#define BW_KERNEL_MM_PGTABLE_H

/*
 * Page table entries of 4-level paging (Intel SDM volume 3 section 4.5). Private to kernel/mm and
 * the fault reports.
 */
#include <kernel/lib/types.h>

typedef u64 pte_t;

#define PTE_P BIT(0)
#define PTE_W BIT(1)
#define PTE_U BIT(2)
#define PTE_PWT BIT(3)
#define PTE_PCD BIT(4)
#define PTE_A BIT(5)
#define PTE_D BIT(6)
#define PTE_PS BIT(7)
#define PTE_G BIT(8)
#define PTE_NX BIT(63)
#define PTE_ADDR 0x000ffffffffff000UL

#define PTRS_PER_TABLE 512
#define PMD_SHIFT 21
#define PMD_SIZE (1UL << PMD_SHIFT)
#define PMD_MASK (~(PMD_SIZE - 1))

/* Index into the table of a level: 3 = PML4, 0 = page table. */
static inline unsigned int pt_index(unsigned long virt, int level)
{
	return (virt >> (12 + 9 * level)) & (PTRS_PER_TABLE - 1);
}
/* The live PML4. */
extern pte_t *kernel_pml4;
/* The entry that maps virt and its level (0: 4 KiB, 1: 2 MiB), NULL when unmapped. */
pte_t *pt_lookup(unsigned long virt, int *level);
/* PTE_NX where the processor has it, else 0. */
pte_t paging_nx_bit(void);
/*
 * Every entry of the upper half that may ever be used gets its table, so that copies of the PML4
 * see all later changes. -ENOMEM.
 */
int paging_make_upper_tables(void);

/* Boot: table pages come from the page allocator from now on, no longer from memblock. */
void paging_use_page_alloc(void);
/*
 * Boot: zeroed struct pages for start..end (physical) and the rest of their largest buddy blocks.
 */
#define MAX_BLOCK_SIZE (4UL << 20)
void paging_map_vmemmap(u64 start, u64 end);

#endif /* BW_KERNEL_MM_PGTABLE_H */
