// SPDX-License-Identifier: BSD-2-Clause
/*
 * nanosleep(2). Sleeping has the timer wheel's granularity of a millisecond, rounded up; the time
 * is never shorter than asked for.
 *
 * A signal ends the sleep with -ERESTART_RESTARTBLOCK: EINTR and the time left after a handler;
 * without one (a signal that was ignored or taken by another thread) restart_syscall(2) sleeps on
 * to the same moment.
 *
 * Called by libc and by the system call table; thread context.
 */
#include <errno.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <kernel/time/nanosleep.h>
#include <time.h>

#define MAX_SLEEP_S (1LL << 32) /* 136 years; longer is as good as for ever */

static long nanosleep_restart(struct restart_block *r)
{
	return nanosleep_until(r->deadline, r->ptr);
}

static long nanosleep_interrupted(u64 deadline, u64 left, struct timespec *rem)
{
	struct timespec ts = { .tv_sec = (time_t)(left / NSEC_PER_SEC),
			       .tv_nsec = (long)(left % NSEC_PER_SEC) };

	if (rem && copy_to_user(rem, &ts, sizeof(ts)))
		return -EFAULT;
	current->restart.fn = nanosleep_restart;
	current->restart.deadline = deadline;
	current->restart.ptr = rem;
	return -ERESTART_RESTARTBLOCK;
}

long nanosleep_until(u64 deadline, struct timespec *rem)
{
	u64 now;

	while ((now = ktime_get_ns()) < deadline) {
		if (signal_pending(current))
			return nanosleep_interrupted(deadline, deadline - now, rem);
		set_current_state(TASK_INTERRUPTIBLE);
		schedule_timeout((long)DIV_ROUND_UP(deadline - now, NSEC_PER_MSEC));
	}
	return 0;
}

long sys_nanosleep(const struct timespec *req, struct timespec *rem)
{
	struct timespec ts;

	if (copy_from_user(&ts, req, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= (long)NSEC_PER_SEC)
		return -EINVAL;
	ts.tv_sec = min_t(s64, ts.tv_sec, MAX_SLEEP_S);
	return nanosleep_until(ktime_get_ns() + (u64)ts.tv_sec * NSEC_PER_SEC + (u64)ts.tv_nsec,
			       rem);
}
