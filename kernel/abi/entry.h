/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_ENTRY_H
#define BW_KERNEL_ABI_ENTRY_H

/*
 * In and out of ring 3: what the other parts of kernel/abi need of it (entry.c, user_state.c,
 * dispatch.c). Thread context.
 */
#include <kernel/abi/task.h>
#include <kernel/cpu/ptrace.h>

/* Flags of ring 3 that a program may set by popfq or sigreturn; the rest is the kernel's. */
#define USER_FLAGS 0x254dd5UL /* CF PF AF ZF SF TF DF OF NT RF AC ID */

/* Once, at start: SYSCALL, FPU, FS and GS base, the table of calls. */
void user_entry_init(void);

/*
 * Put the FS and GS base and the FPU state of u where u says they are (u->fs_base, u->gs_base,
 * u->fpu), if they are still in the registers. Before reading them; what is changed there is what
 * u goes on with in ring 3. A base that is no address (above TASK_SIZE) is the caller's to refuse.
 */
void user_state_sync(struct user_task *u);
/* A program begins (execve): FS and GS base 0, FPU as new. */
void user_state_reset(struct user_task *u);

long sys_arch_prctl(int op, unsigned long addr);

/* The name of a call, or NULL. */
const char *syscall_name(u64 nr);

/*
 * signal_send.c: a signal that the thread itself caused, by an exception: siginfo with this code
 * and address. Blocked or ignored, it ends the program.
 */
void force_sig_fault(int sig, int code, void *addr);
/*
 * signal_deliver.c: on the way to ring 3 with TIF_SIGPENDING or TIF_RESTORE_MASK, or after a call
 * that returned -ERESTART*: set up a handler's frame in regs, restart the call, or end the
 * program. Clears the flags and thread->signal_pending as due. u->orig_rax is the call's number, -1
 * outside of one; a system call's result is in regs->rax. Interrupts on, may sleep.
 */
void do_signal(struct pt_regs *regs);

/* Ring 3 was interrupted there: a restartable sequence goes on at its abort handler (rseq.c). */
void rseq_interrupted(struct user_task *u, struct pt_regs *regs);

#endif /* BW_KERNEL_ABI_ENTRY_H */
