// SPDX-License-Identifier: BSD-2-Clause
/*
 * Stand-ins for parts of kernel/abi and kernel/mm that ring 3 calls and that are written beside
 * this: each is weak, so the real one replaces it as soon as it is linked. A signal ends the
 * program with its registers on the console.
 */
#include <errno.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/syscall.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/mm_types.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>

#define STAND_IN __attribute__((weak))

STAND_IN struct process *the_process;

STAND_IN int handle_mm_fault(struct mm_struct *mm, unsigned long addr, u64 error_code)
{
	return -EFAULT;
}

STAND_IN void force_sig_fault(int sig, int code, void *addr)
{
	pr_err("program ended by signal %d (code %d, address %p)\n", sig, code, addr);
	show_regs(current_user->regs);
	do_exit_group(sig);
}

STAND_IN void do_signal(struct pt_regs *regs)
{
	current_user->flags = 0;
	current->signal_pending = false;
	if ((long)regs->rax == -ERESTARTSYS && current_user->orig_rax != (u64)-1)
		regs->rax = (u64)-EINTR;
}

STAND_IN void do_exit_thread(int code)
{
	do_exit_group(code);
}

STAND_IN void do_exit_group(int code)
{
	sys_exit_group(code & 0x7f ? 128 + (code & 0x7f) : code >> 8);
}
