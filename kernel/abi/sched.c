// SPDX-License-Identifier: BSD-2-Clause
/*
 * Scheduling calls: policy, priority, niceness, affinity, input and output priority. One
 * processor, one run queue, first come first served: what a program asks for is checked as Linux
 * checks it, kept for each thread and told back, but changes nothing. The affinity is processor 0.
 *
 * Called through the system call table; thread context, nothing sleeps.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>
#include <kernel/abi/ucopy.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <linux/sched.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

#define RT_PRIORITY_MAX 99
#define NICE_MIN (-20)
#define NICE_MAX 19
#define NICE_ZERO 20 /* getpriority() of niceness 0 */
#define RR_SLICE_MS 100
#define CPU_MASK_BYTES sizeof(unsigned long)
#define KEEP_POLICY (-1)

#define IOPRIO_CLASS(p) ((p) >> 13)
#define IOPRIO_LEVEL(p) ((p) & 7)
#define IOPRIO_CLASS_RT 1
#define IOPRIO_CLASS_IDLE 3
#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_WHO_USER 3

long sys_sched_setaffinity(int pid, unsigned int len, const unsigned long *mask)
{
	unsigned long m = 0;

	if (copy_from_user(&m, mask, min_t(size_t, len, sizeof(m))))
		return -EFAULT;
	if (!find_user_task(pid))
		return -ESRCH;
	return m & 1 ? 0 : -EINVAL;
}

long sys_sched_getaffinity(int pid, unsigned int len, unsigned long *mask)
{
	const unsigned long m = 1;

	if (!len || len % sizeof(m))
		return -EINVAL;
	if (!find_user_task(pid))
		return -ESRCH;
	return copy_to_user(mask, &m, sizeof(m)) ? -EFAULT : (long)CPU_MASK_BYTES;
}

static bool is_rt(int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static bool policy_valid(int policy)
{
	return policy == SCHED_OTHER || is_rt(policy) || policy == SCHED_BATCH ||
	       policy == SCHED_IDLE;
}

static long set_policy(struct user_task *u, int policy, int priority)
{
	if (policy == KEEP_POLICY)
		policy = u->policy;
	policy &= ~SCHED_RESET_ON_FORK;
	if (!policy_valid(policy))
		return -EINVAL;
	if (priority < 0 || priority > RT_PRIORITY_MAX || is_rt(policy) != (priority != 0))
		return -EINVAL;
	if (is_rt(policy) && !capable(CAP_SYS_NICE) &&
	    (unsigned long)priority > rlimit(RLIMIT_RTPRIO))
		return -EPERM;
	u->policy = policy;
	u->rt_priority = priority;
	return 0;
}

/* KEEP_POLICY: sched_setparam(2). */
static long do_setscheduler(int pid, int policy, const struct sched_param *param)
{
	struct sched_param p;
	struct user_task *u;

	if (!param || pid < 0)
		return -EINVAL;
	if (copy_from_user(&p, param, sizeof(p)))
		return -EFAULT;
	u = find_user_task(pid);
	return u ? set_policy(u, policy, p.sched_priority) : -ESRCH;
}

long sys_sched_setscheduler(int pid, int policy, const struct sched_param *param)
{
	return policy < 0 ? -EINVAL : do_setscheduler(pid, policy, param);
}

long sys_sched_setparam(int pid, const struct sched_param *param)
{
	return do_setscheduler(pid, KEEP_POLICY, param);
}

long sys_sched_getscheduler(int pid)
{
	const struct user_task *u = find_user_task(pid);

	if (pid < 0)
		return -EINVAL;
	return u ? u->policy : -ESRCH;
}

long sys_sched_getparam(int pid, struct sched_param *param)
{
	const struct user_task *u = find_user_task(pid);
	struct sched_param p;

	if (!param || pid < 0)
		return -EINVAL;
	if (!u)
		return -ESRCH;
	p.sched_priority = u->rt_priority;
	return copy_to_user(param, &p, sizeof(p));
}

long sys_sched_get_priority_max(int policy)
{
	if (policy == SCHED_DEADLINE)
		return 0;
	return !policy_valid(policy) ? -EINVAL : is_rt(policy) ? RT_PRIORITY_MAX : 0;
}

long sys_sched_get_priority_min(int policy)
{
	if (policy == SCHED_DEADLINE)
		return 0;
	return !policy_valid(policy) ? -EINVAL : is_rt(policy);
}

long sys_sched_rr_get_interval(int pid, struct timespec *ts)
{
	const struct user_task *u = find_user_task(pid);
	struct timespec slice = { 0 };

	if (pid < 0)
		return -EINVAL;
	if (!u)
		return -ESRCH;
	if (u->policy == SCHED_RR)
		slice.tv_nsec = RR_SLICE_MS * (long)NSEC_PER_MSEC;
	else if (u->policy != SCHED_FIFO)
		slice.tv_nsec = SCHED_SLICE_MS * (long)NSEC_PER_MSEC;
	return copy_to_user(ts, &slice, sizeof(slice));
}

/* The size that the program thinks the structure has; ours is told where that cannot be. */
static long get_attr(struct sched_attr *a, const struct sched_attr *attr)
{
	u32 size, ours = sizeof(*a);
	long err = -E2BIG;

	if (copy_from_user(&size, &attr->size, sizeof(size)))
		return -EFAULT;
	if (!size)
		size = SCHED_ATTR_SIZE_VER0;
	if (size >= SCHED_ATTR_SIZE_VER0 && size <= PAGE_SIZE)
		err = copy_struct_from_user(a, sizeof(*a), attr, size);
	if (err == -E2BIG && copy_to_user((void *)&attr->size, &ours, sizeof(ours)))
		return -EFAULT;
	return err;
}

long sys_sched_setattr(int pid, const struct sched_attr *attr, unsigned int flags)
{
	struct sched_attr a = { 0 };
	struct user_task *u;
	long err;

	if (!attr || pid < 0 || flags)
		return -EINVAL;
	err = get_attr(&a, attr);
	if (err)
		return err;
	if ((int)a.sched_policy < 0)
		return -EINVAL;
	u = find_user_task(pid);
	if (!u)
		return -ESRCH;
	err = set_policy(u, (int)a.sched_policy, (int)a.sched_priority);
	if (!err && !is_rt(u->policy))
		u->nice = clamp_t(int, a.sched_nice, NICE_MIN, NICE_MAX);
	return err;
}

long sys_sched_getattr(int pid, struct sched_attr *attr, unsigned int size, unsigned int flags)
{
	const struct user_task *u = find_user_task(pid);
	struct sched_attr a = { 0 };

	if (!attr || pid < 0 || size > PAGE_SIZE || size < SCHED_ATTR_SIZE_VER0 || flags)
		return -EINVAL;
	if (!u)
		return -ESRCH;
	a.size = min_t(u32, size, sizeof(a));
	a.sched_policy = (u32)u->policy;
	a.sched_nice = is_rt(u->policy) ? 0 : u->nice;
	a.sched_priority = (u32)u->rt_priority;
	return copy_to_user(attr, &a, a.size);
}

/* Whether a thread is meant by (which, who) of setpriority(2). */
static bool is_meant(const struct user_task *u, int which, int who)
{
	const struct credentials *c = the_process->cred;

	switch (which) {
	case PRIO_PROCESS:
		return who ? u->tid == who : u == current_user;
	case PRIO_PGRP:
		return !who || who == c->pgid;
	default:
		return !who || (u32)who == c->uid;
	}
}

long sys_setpriority(int which, int who, int nice)
{
	long err = -ESRCH;
	struct user_task *u;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	nice = clamp_t(int, nice, NICE_MIN, NICE_MAX);
	list_for_each_entry(u, &the_process->tasks, node) {
		if (!is_meant(u, which, who))
			continue;
		if (nice < u->nice && !capable(CAP_SYS_NICE) &&
		    (unsigned long)(NICE_ZERO - nice) > rlimit(RLIMIT_NICE))
			return -EACCES;
		u->nice = nice;
		err = 0;
	}
	return err;
}

/* The highest priority of those meant, as 20 - niceness, because negative is an error. */
long sys_getpriority(int which, int who)
{
	long best = -ESRCH;
	const struct user_task *u;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	list_for_each_entry(u, &the_process->tasks, node) {
		if (is_meant(u, which, who))
			best = max_t(long, best, NICE_ZERO - u->nice);
	}
	return best;
}

static long ioprio_check(int ioprio)
{
	int class = IOPRIO_CLASS(ioprio);

	if (ioprio < 0 || class > IOPRIO_CLASS_IDLE || (!class && IOPRIO_LEVEL(ioprio)))
		return -EINVAL;
	if (class == IOPRIO_CLASS_RT && !capable(CAP_SYS_ADMIN) && !capable(CAP_SYS_NICE))
		return -EPERM;
	return 0;
}

/* Who is meant: process, group, user are 1, 2, 3 here and 0, 1, 2 in setpriority(2). */
long sys_ioprio_set(int which, int who, int ioprio)
{
	struct user_task *u;
	long err = ioprio_check(ioprio);

	if (err)
		return err;
	if (which < IOPRIO_WHO_PROCESS || which > IOPRIO_WHO_USER)
		return -EINVAL;
	err = -ESRCH;
	list_for_each_entry(u, &the_process->tasks, node) {
		if (!is_meant(u, which - 1, who))
			continue;
		u->ioprio = ioprio;
		err = 0;
	}
	return err;
}

long sys_ioprio_get(int which, int who)
{
	const struct user_task *u;

	if (which < IOPRIO_WHO_PROCESS || which > IOPRIO_WHO_USER)
		return -EINVAL;
	list_for_each_entry(u, &the_process->tasks, node) {
		if (is_meant(u, which - 1, who))
			return u->ioprio;
	}
	return -ESRCH;
}
