// SPDX-License-Identifier: BSD-2-Clause
/*
 * The program and its threads by number: getpid(2), gettid(2) and their kin, process groups and
 * sessions of a machine that has one program. The program is process 1, as in a container; its
 * parent, which it cannot see, is 0. Threads get the next numbers.
 *
 * Called through the system call table and by clone.c; thread context, nothing sleeps. Left out:
 * controlling terminals of sessions.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/rusage.h>
#include <kernel/abi/task.h>
#include <kernel/fs/sysctl.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/sched.h>
#include <kernel/sys.h>

/* As Linux's default on a large machine: numbers are not used again for a long time. */
#define PID_MAX 4194304
/* Kernel memory of a thread: its stack, the page tables of that, registers, structures. */
#define THREAD_COST (THREAD_STACK_SIZE + 2 * PAGE_SIZE)
#define THREADS_MIN 20
#define THREADS_MAX 0x3fffffff

struct process *the_process;
unsigned int threads_max = THREADS_MIN;

static int pid_max = PID_MAX;
static int overflow_id = 65534;

static const struct ctl_table thread_sysctls[] = {
	{ .procname = "threads-max", .data = &threads_max, .maxlen = sizeof(threads_max),
	  .mode = 0644, .handler = proc_douintvec_minmax, .extra1 = THREADS_MIN,
	  .extra2 = THREADS_MAX },
	{ .procname = "pid_max", .data = &pid_max, .maxlen = sizeof(pid_max),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "overflowuid", .data = &overflow_id, .maxlen = sizeof(overflow_id),
	  .mode = 0444, .handler = proc_dointvec },
	{ .procname = "overflowgid", .data = &overflow_id, .maxlen = sizeof(overflow_id),
	  .mode = 0444, .handler = proc_dointvec },
};

void abi_misc_init(void)
{
	set_capable_fn(program_capable);
	/* Half of memory at most goes to threads. */
	threads_max = (unsigned int)clamp_t(unsigned long,
					    totalram_pages() * PAGE_SIZE / 2 / THREAD_COST,
					    THREADS_MIN, THREADS_MAX);
	if (register_sysctl("kernel", thread_sysctls, ARRAY_SIZE(thread_sysctls)))
		panic("no memory for the sysctls of threads");
}

int process_misc_init(struct process *p)
{
	rusage_program_starts();
	return rlimits_init(p) || credentials_init(p) ? -ENOMEM : 0;
}

void process_misc_free(struct process *p)
{
	if (p->cred)
		kfree(p->cred->groups);
	kfree(p->cred);
	kfree(p->rlimits);
	p->cred = NULL;
	p->rlimits = NULL;
}

struct user_task *find_user_task(int tid)
{
	struct user_task *u;

	if (tid == 0)
		return current_user;
	list_for_each_entry(u, &the_process->tasks, node) {
		if (u->tid == tid)
			return u;
	}
	return NULL;
}

void process_next_tid(struct process *p)
{
	int tid = p->last_tid;

	do {
		tid = tid < pid_max - 1 ? tid + 1 : p->pid + 1;
	} while (find_user_task(tid));
	p->last_tid = tid - 1;
}

long sys_gettid(void)
{
	return current_user->tid;
}

long sys_set_tid_address(int *tidptr)
{
	current_user->clear_child_tid = tidptr;
	return current_user->tid;
}

long sys_getppid(void)
{
	return 0;
}

/* The program leads its group and session from the start, as a service manager's child does. */
long sys_getpgid(int pid)
{
	return pid && !find_user_task(pid) ? -ESRCH : the_process->cred->pgid;
}

long sys_getpgrp(void)
{
	return the_process->cred->pgid;
}

long sys_getsid(int pid)
{
	return pid && !find_user_task(pid) ? -ESRCH : the_process->cred->sid;
}

long sys_setpgid(int pid, int pgid)
{
	if (pgid < 0)
		return -EINVAL;
	if (pid && !find_user_task(pid))
		return -ESRCH;
	return -EPERM; /* it leads a session */
}

long sys_setsid(void)
{
	return -EPERM; /* it leads a group */
}
