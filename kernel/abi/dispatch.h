/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_DISPATCH_H
#define BW_KERNEL_ABI_DISPATCH_H

/* The table of calls by number, and what is counted in it. */
#include <kernel/abi/syscall.h>
#include <kernel/cpu/ptrace.h>

/* One number. fn is never NULL: calls that are absent go to one that says so. */
struct syscall_slot {
	syscall_fn fn;
	const struct syscall_desc *desc; /* NULL: no call of Linux has this number */
	u64 calls, errors;
};
extern struct syscall_slot syscall_table[NR_SYSCALLS];

/* Once: put the arrays of table_*.c into syscall_table. */
void syscall_table_init(void);
/* Make call nr with the arguments in regs: its result. Interrupts on, sleeps. */
long syscall_dispatch(const struct pt_regs *regs, u64 nr);

#endif /* BW_KERNEL_ABI_DISPATCH_H */
