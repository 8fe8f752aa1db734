/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_USER_ENTRY_H
#define BW_KERNEL_CPU_USER_ENTRY_H

/*
 * Where ring 3 comes in and goes out: what the entry code needs of a processor, in one structure
 * (with more processors, one each, found by GS). The floor above puts its functions here.
 */
#define CPU_ENTRY_KERNEL_SP 0
#define CPU_ENTRY_USER_SP 8
#define CPU_ENTRY_EXIT 16

#ifndef __ASSEMBLY__
#include <kernel/cpu/ptrace.h>

struct user_task;

struct cpu_entry {
	u64 kernel_sp; /* top of the stack of the thread that ring 3 belongs to; also in the TSS */
	u64 user_sp;   /* for a moment: the program's stack pointer while a system call enters */
	/* Before ring 3 goes on with regs; interrupts off on both ends, may sleep in between. */
	void (*exit)(struct pt_regs *regs);
	/* An exception of ring 3, interrupts on; addr: of a page fault. */
	void (*exception)(struct pt_regs *regs, unsigned long addr);
	/* Whose FS and GS base and FPU state are in the registers, and whose stack kernel_sp is. */
	struct user_task *owner;
};
extern struct cpu_entry cpu_entry;
static_assert(__builtin_offsetof(struct cpu_entry, kernel_sp) == CPU_ENTRY_KERNEL_SP, "assembly");
static_assert(__builtin_offsetof(struct cpu_entry, user_sp) == CPU_ENTRY_USER_SP, "assembly");
static_assert(__builtin_offsetof(struct cpu_entry, exit) == CPU_ENTRY_EXIT, "assembly");

/* The stack that ring 3 enters the kernel on. Interrupts off, or before ring 3 runs. */
void cpu_set_kernel_stack(void *top);
/* Go to ring 3 with regs, which lie at the top of the thread's stack. entry.S. */
void __noreturn user_mode_return_from(struct pt_regs *regs);
/* Let SYSCALL enter at these addresses: of 64-bit code, of 32-bit code. SYSENTER faults. */
void syscall_msrs_init(void (*entry)(void), void (*compat)(void));
#endif

#endif /* BW_KERNEL_CPU_USER_ENTRY_H */
