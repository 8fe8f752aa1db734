// SPDX-License-Identifier: BSD-2-Clause
/*
 * Stand-ins for parts of kernel/abi and kernel/mm that ring 3 calls and that are written beside
 * this: each is weak, so the real one replaces it as soon as it is linked.
 */
#include <errno.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/signal_calls.h>
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


STAND_IN u64 process_run_ns(void)
{
	return thread_run_ns(current);
}

STAND_IN void process_single_thread(void)
{
}

STAND_IN void do_exit_thread(int code)
{
	do_exit_group(code);
}

STAND_IN void do_exit_group(int code)
{
	sys_exit_group(code & 0x7f ? 128 + (code & 0x7f) : code >> 8);
}
