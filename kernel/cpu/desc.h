/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_DESC_H
#define BW_KERNEL_CPU_DESC_H

/*
 * Descriptor tables (Intel SDM volume 3 chapters 3, 6 and 7). Selectors are in the order that
 * SYSCALL and SYSRET want; those of ring 3 are Linux's (with RPL 3: 0x2b and 0x33).
 */
#define KERNEL_CS 0x08
#define KERNEL_DS 0x10
#define USER_CS32 0x20
#define USER_DS 0x28
#define USER_CS 0x30
#define TSS_SELECTOR 0x38
#define RPL_USER 3

#define NR_VECTORS 256
#define VECTOR_DE 0
#define VECTOR_DB 1
#define VECTOR_NMI 2
#define VECTOR_BP 3
#define VECTOR_OF 4
#define VECTOR_UD 6
#define VECTOR_DF 8
#define VECTOR_NP 11
#define VECTOR_SS 12
#define VECTOR_GP 13
#define VECTOR_PF 14
#define VECTOR_MF 16
#define VECTOR_AC 17
#define VECTOR_MC 18
#define VECTOR_XM 19
#define FIRST_IRQ_VECTOR 32
/* The vector of registers that a system call saved (kernel/abi/entry_64.S). */
#define VECTOR_SYSCALL 0x100

#ifndef __ASSEMBLY__
#include <kernel/lib/types.h>

/* Load GDT, TSS and IDT; exceptions are reported from here on. */
void desc_init(void);
/* Give interrupts and fatal exceptions stacks with guard pages; needs vmalloc. */
void desc_init_stacks(void);
/* Turn on what protects the kernel from itself and from programs (SMEP, SMAP, UMIP). */
void cpu_protection_init(void);
/* Whether addr lies in the guard page below one of the exception or interrupt stacks. */
const char *desc_guard_hit(unsigned long addr);
/* Top of the interrupt stack; entry.S. */
extern void *irq_stack_top;
/* 256 entry points, 16 bytes each; entry.S. */
extern char vector_stubs[];
/* Text of entry.S: a return address in here means that an interrupted context follows. */
extern char entry_text_start[], entry_text_end[];
#endif

#endif /* BW_KERNEL_CPU_DESC_H */
