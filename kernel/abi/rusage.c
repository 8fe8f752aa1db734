// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the program and the machine have used: getrusage(2), times(2), sysinfo(2), getcpu(2).
 * The scheduler counts a thread's time on the processor as a whole, not apart for ring 3 and the
 * kernel; all of it is told as user time. Threads that ended are in the program's sum.
 *
 * Called through the system call table; thread context, nothing sleeps. Left out: load averages,
 * context switches by kind, block input and output; faults are the program's, not the thread's.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/rusage.h>
#include <kernel/abi/task.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <kernel/time/clock.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/times.h>

#define CLOCK_TICK_NS (NSEC_PER_SEC / 100)
#define PAGE_KIB (PAGE_SIZE / 1024)

static u64 ended_ns; /* of threads that are gone */
/* What the thread that became the program's first had used before: the machine's start. */
static const struct thread *first_thread;
static u64 first_ns;

void rusage_program_starts(void)
{
	first_thread = current;
	first_ns = thread_run_ns(current);
}

u64 task_run_ns(const struct user_task *u)
{
	return thread_run_ns(u->thread) - (u->thread == first_thread ? first_ns : 0);
}

void rusage_thread_ends(const struct user_task *u)
{
	ended_ns += task_run_ns(u);
}

u64 process_run_ns(void)
{
	const struct user_task *u;
	u64 ns = ended_ns;

	list_for_each_entry(u, &the_process->tasks, node)
		ns += task_run_ns(u);
	return ns;
}

void rusage_fill(struct rusage *r, int who)
{
	const struct mm_struct *mm = the_process->mm;
	u64 ns = 0;

	*r = (struct rusage){ 0 };
	if (who == RUSAGE_SELF)
		ns = process_run_ns();
	else if (who == RUSAGE_THREAD)
		ns = task_run_ns(current_user);
	r->ru_utime.tv_sec = (time_t)(ns / NSEC_PER_SEC);
	r->ru_utime.tv_usec = (suseconds_t)(ns % NSEC_PER_SEC / NSEC_PER_USEC);
	if (who != RUSAGE_CHILDREN && mm) {
		r->ru_maxrss = (long)(mm->hiwater_rss * PAGE_KIB);
		r->ru_minflt = (long)mm->min_faults;
	}
}

long sys_getrusage(int who, struct rusage *usage)
{
	struct rusage r;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
		return -EINVAL;
	rusage_fill(&r, who);
	return copy_to_user(usage, &r, sizeof(r));
}

long sys_times(struct tms *t)
{
	struct tms now = { .tms_utime = (clock_t)(process_run_ns() / CLOCK_TICK_NS) };

	if (t && copy_to_user(t, &now, sizeof(now)))
		return -EFAULT;
	return (long)(ktime_get_ns() / CLOCK_TICK_NS);
}

long sys_sysinfo(struct sysinfo *info)
{
	struct mem_info mi;
	struct sysinfo s = { .mem_unit = 1 };

	mem_info(&mi);
	s.uptime = (long)(ktime_get_ns() / NSEC_PER_SEC);
	s.totalram = mi.total_pages * PAGE_SIZE;
	s.freeram = mi.free_pages * PAGE_SIZE;
	s.procs = (unsigned short)min_t(unsigned int, the_process->nr_tasks, 0xffff);
	return copy_to_user(info, &s, sizeof(s));
}

/* One processor, one node. */
long sys_getcpu(unsigned int *cpu, unsigned int *node, void *unused)
{
	unsigned int zero = 0;

	if (cpu && copy_to_user(cpu, &zero, sizeof(zero)))
		return -EFAULT;
	return node ? copy_to_user(node, &zero, sizeof(zero)) : 0;
}
