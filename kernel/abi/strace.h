/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_STRACE_H
#define BW_KERNEL_ABI_STRACE_H

/*
 * strace=1 on the kernel command line: every system call on the console in strace's format.
 * strace=read,write: only these. Thread context.
 */
#include <kernel/cpu/ptrace.h>
#include <signal.h>

/* Whether any call is traced. */
extern bool strace_on;

/* Reads the command line; once, when the table of calls is there. */
void strace_init(void);
/* Around the call that regs ask for. */
void strace_enter(const struct pt_regs *regs);
void strace_exit(const struct pt_regs *regs, long ret);
/* A signal is delivered to the calling thread: "--- SIGINT {...} ---". */
void strace_signal(const siginfo_t *info);
/* The thread, or the program, ends: "+++ exited with 0 +++"; code as wait() tells it. */
void strace_ended(int code);

#endif /* BW_KERNEL_ABI_STRACE_H */
