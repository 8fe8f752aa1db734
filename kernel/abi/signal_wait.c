// SPDX-License-Identifier: BSD-2-Clause
/*
 * Waiting for signals: pause(2), rt_sigsuspend(2), rt_sigtimedwait(2).
 *
 * sigtimedwait takes a blocked signal out of the queue; while it sleeps the signals it waits for
 * count as not blocked, so that one of them wakes it (and nobody runs a handler for it), and as not
 * ignored (real_blocked). Thread context; sleeps.
 */
#include <errno.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/mm/uaccess.h>
#include <kernel/time/clock.h>
#include <kernel/time/clock_timer.h>
#include <time.h>

static void sleep_until_signal(void)
{
	while (!signal_pending(current)) {
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
}

long sys_pause(void)
{
	sleep_until_signal();
	return -ERESTARTNOHAND;
}

long sys_rt_sigsuspend(const sigset_kernel_t *uset, size_t setsize)
{
	struct user_task *u = current_user;
	sigset_kernel_t set;

	if (setsize != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, uset, sizeof(set)))
		return -EFAULT;
	u->saved_mask = u->blocked;
	set_current_blocked(set);
	sleep_until_signal();
	task_restores_mask(u);
	return -ERESTARTNOHAND;
}

/* Sleep until one of `wanted` may be there, another signal came, or the time is over: false. */
static bool wait_for_signals(struct user_task *u, sigset_kernel_t wanted, u64 deadline)
{
	bool more = true;

	u->real_blocked = u->blocked;
	u->blocked &= ~wanted;
	recalc_sigpending(u);
	set_current_state(TASK_INTERRUPTIBLE);
	if (deadline == ~0ull)
		schedule();
	else
		more = schedule_until(deadline_jiffies(deadline));
	set_current_state(TASK_RUNNING);
	u->blocked = u->real_blocked;
	u->real_blocked = 0;
	return more;
}

long sys_rt_sigtimedwait(const sigset_kernel_t *uset, siginfo_t *uinfo, const struct timespec *uts,
			 size_t setsize)
{
	struct user_task *u = current_user;
	u64 deadline = ~0ull, ns = 1;
	sigset_kernel_t set;
	struct timespec ts;
	siginfo_t info;
	bool more = false;
	int sig;

	if (setsize != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, uset, sizeof(set)))
		return -EFAULT;
	if (uts) {
		if (copy_from_user(&ts, uts, sizeof(ts)))
			return -EFAULT;
		if (timespec_check(&ts))
			return -EINVAL;
		ns = timespec_to_ns(&ts);
		deadline = ktime_get_ns() + ns;
	}
	set &= ~SIG_KERNEL_ONLY;
	sig = dequeue_signal(u, ~set, &info);
	if (!sig && ns) {
		more = wait_for_signals(u, set, deadline);
		sig = dequeue_signal(u, ~set, &info);
	}
	if (!sig)
		return more ? -EINTR : -EAGAIN;
	return uinfo && copy_to_user(uinfo, &info, sizeof(info)) ? -EFAULT : sig;
}
