// SPDX-License-Identifier: BSD-2-Clause
/*
 * The end of threads and of the program: exit(2), exit_group(2), and wait4(2), waitid(2), which
 * never find a child.
 *
 * One thread ends by itself, at a place where it holds nothing: its own system call, or its way
 * back to ring 3. It gives back its locks in the program's memory (robust list, clear_child_tid)
 * and is gone; the last one takes the program with it. The end of all is asked for by flag: each
 * other thread is woken from its sleep, which ends with an error, and never reaches ring 3 again.
 * Memory and files go only when no thread is left that could be using them.
 *
 * Thread context. The road from the last thread to power-off is kernel/exit.c.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/futex.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/rusage.h>
#include <kernel/abi/signal.h>
#include <kernel/abi/strace.h>
#include <kernel/abi/task.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <sys/wait.h>

#define WAIT4_OPTIONS (WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL)
#define WAITID_OPTIONS                                                                             \
	(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL)
#define P_PIDFD 3 /* the highest kind of waitid(2) */

static void end_other_threads(struct process *p)
{
	struct user_task *u;

	list_for_each_entry(u, &p->tasks, node) {
		if (u != current_user)
			task_set_flag(u, TIF_EXIT);
	}
}

void process_single_thread(void)
{
	struct user_task *u = current_user;
	struct process *p = u->process;

	end_other_threads(p);
	wait_event(&p->exit_wait, p->nr_tasks == 1);
	u->tid = p->pid;
}

/* The last thread: nobody is left who could use what goes here. */
static void __noreturn process_end(struct process *p, struct mm_struct *mm)
{
	int code = p->exit_code;

	the_process = NULL;
	if (mm) {
		mm_activate(NULL);
		mm_destroy(mm);
	}
	signal_process_free(p);
	process_misc_free(p);
	kfree(p->exe_path);
	kfree(p);
	clear_signal_pending();
	program_end(code);
}

void do_exit_thread(int code)
{
	struct user_task *u = current_user;
	struct process *p = u->process;

	if (u->tid == p->pid && !p->exiting)
		p->exit_code = code; /* that of the program, should all end one by one */
	strace_ended(p->exiting ? p->exit_code : code);
	futex_exit_thread(u);
	signal_task_exit(u);
	rusage_thread_ends(u);
	user_task_free(u);
	if (!p->nr_tasks)
		process_end(p, p->mm);
	wake_up_all(&p->exit_wait);
	if (current->stack)
		thread_exit(0);
	for (;;) { /* the boot stack is nobody's to free */
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule();
	}
}

void do_exit_group(int code)
{
	struct process *p = current_user->process;

	if (!p->exiting) {
		p->exiting = true;
		p->exit_code = code;
		end_other_threads(p);
	}
	do_exit_thread(p->exit_code);
}

void sys_exit_thread(int status)
{
	do_exit_thread((status & 0xff) << 8);
}

void sys_exit_program(int status)
{
	do_exit_group((status & 0xff) << 8);
}

long sys_wait4(int pid, int *status, int options, struct rusage *usage)
{
	if ((unsigned int)options & ~(unsigned int)WAIT4_OPTIONS)
		return -EINVAL;
	return pid == INT32_MIN ? -ESRCH : -ECHILD;
}

long sys_waitid(int which, int pid, void *info, int options, struct rusage *usage)
{
	if ((unsigned int)options & ~(unsigned int)WAITID_OPTIONS)
		return -EINVAL;
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	if ((unsigned int)which > P_PIDFD)
		return -EINVAL;
	return -ECHILD;
}
