/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_TLB_H
#define BW_KERNEL_MM_TLB_H

/*
 * The hosted stand-in: no processor walks these tables. Tests that ask whether every changed
 * entry was flushed keep a model of what a processor may remember (user_memory.c).
 */
void tlb_flush_page(unsigned long addr);
void tlb_load(const void *pgd);

#endif /* BW_KERNEL_MM_TLB_H */
