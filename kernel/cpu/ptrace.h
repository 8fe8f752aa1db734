/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_PTRACE_H
#define BW_KERNEL_CPU_PTRACE_H

/*
 * Registers of interrupted code as entry.S pushes them, lowest address first.
 */
#include <kernel/lib/types.h>

struct pt_regs {
	u64 r15, r14, r13, r12, rbp, rbx;
	u64 r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	u64 vector, error_code;
	u64 rip, cs, rflags, rsp, ss;
};
static_assert(sizeof(struct pt_regs) == 22 * 8, "entry.S builds this frame");

static inline bool user_mode(const struct pt_regs *regs)
{
	return regs->cs & 3;
}

/* Exceptions, from entry.S. */
void exception_handler(struct pt_regs *regs);
/* Print the call chain of a context: the instruction at rip, then what the frames at rbp say. */
void backtrace_from(unsigned long rip, unsigned long rbp);
/* Print the call chain of interrupted code. */
void backtrace_regs(const struct pt_regs *regs);
void show_regs(const struct pt_regs *regs);

#endif /* BW_KERNEL_CPU_PTRACE_H */
