// SPDX-License-Identifier: BSD-2-Clause
/*
 * What kernel/mm's part for programs asks of the machine: the kernel's own tables, the processor's
 * memory of translations, and splitting of blocks, which hosted pages cannot do.
 */
#include <kernel/lib/bug.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/pgtable.h>
#include <kernel/mm/tlb.h>
#include <tests/hosted/services/hosted.h>

static pte_t upper_tables[PTRS_PER_TABLE];

pte_t *kernel_pml4 = upper_tables;
void (*hosted_tlb_flush)(unsigned long addr, bool all);

pte_t paging_nx_bit(void)
{
	return PTE_NX;
}

int paging_make_upper_tables(void)
{
	return 0;
}

void tlb_flush_page(unsigned long addr)
{
	if (hosted_tlb_flush)
		hosted_tlb_flush(addr, false);
}

void tlb_load(const void *pgd)
{
	if (hosted_tlb_flush)
		hosted_tlb_flush(0, true);
}

void split_page(struct page *page, unsigned int order)
{
	panic("split_page: hosted pages come in blocks of one allocation");
}
