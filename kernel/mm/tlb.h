/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_TLB_H
#define BW_KERNEL_MM_TLB_H

/*
 * Telling the processor that a program's page tables changed (Intel SDM volume 3 section 4.10).
 * Program pages are never global, so a new CR3 forgets them all; INVLPG forgets one, and whatever
 * the processor kept of the tables above it. Private to kernel/mm; hosted tests have their own.
 */
#include <kernel/cpu/msr.h>
#include <kernel/mm/paging.h>

static inline void tlb_flush_page(unsigned long addr)
{
	invlpg(addr);
}
static inline void tlb_load(const void *pgd)
{
	write_cr3(virt_to_phys(pgd));
}

#endif /* BW_KERNEL_MM_TLB_H */
