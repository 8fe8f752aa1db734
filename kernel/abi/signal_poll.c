// SPDX-License-Identifier: BSD-2-Clause
/*
 * The poll family with a signal mask for the time of the call: ppoll(2), pselect6(2),
 * epoll_pwait(2), epoll_pwait2(2). The waiting itself is kernel/fs's.
 *
 * If a signal ends the wait, the mask stays as it is until the handler has its frame, which then
 * brings the old one back. Except by epoll the program is told how much of its time is left, as
 * Linux does; where that cannot be written the call cannot begin again, so it is EINTR.
 *
 * Thread context; sleep.
 */
#include <errno.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/fs/poll.h>
#include <kernel/mm/uaccess.h>
#include <kernel/time/clock.h>
#include <kernel/time/clock_timer.h>
#include <time.h>

static int timeout_from_user(const struct timespec *uts, u64 *deadline)
{
	struct timespec ts;

	*deadline = DEADLINE_NONE;
	if (!uts)
		return 0;
	if (copy_from_user(&ts, uts, sizeof(ts)))
		return -EFAULT;
	if (timespec_check(&ts))
		return -EINVAL;
	*deadline = poll_deadline(timespec_to_ns(&ts));
	return 0;
}

static long poll_select_finish(long ret, struct timespec *uts, u64 deadline)
{
	u64 now = ktime_get_ns();
	struct timespec left;

	restore_saved_sigmask_unless(ret == -ERESTARTNOHAND);
	if (!uts || deadline == DEADLINE_NOW)
		return ret;
	left = timespec_of_ns(deadline > now ? deadline - now : 0);
	if (copy_to_user(uts, &left, sizeof(left)) && ret == -ERESTARTNOHAND)
		return -EINTR;
	return ret;
}

long sys_ppoll(struct pollfd *fds, unsigned int nfds, struct timespec *uts, const void *mask,
	       size_t setsize)
{
	u64 deadline;
	int err = timeout_from_user(uts, &deadline);

	if (!err)
		err = set_user_sigmask(mask, setsize);
	if (err)
		return err;
	return poll_select_finish(do_sys_poll(fds, nfds, deadline), uts, deadline);
}

/* sig: six arguments are not enough, so the last one points to the mask and its size. */
long sys_pselect6(int n, void *rfds, void *wfds, void *efds, struct timespec *uts, const void *sig)
{
	struct {
		const void *mask;
		size_t size;
	} arg = { 0 };
	void *usets[NR_SELECT_SETS] = { rfds, wfds, efds };
	u64 deadline;
	int err;

	if (sig && copy_from_user(&arg, sig, sizeof(arg)))
		return -EFAULT;
	err = timeout_from_user(uts, &deadline);
	if (!err)
		err = set_user_sigmask(arg.mask, arg.size);
	if (err)
		return err;
	return poll_select_finish(do_sys_select(n, usets, deadline), uts, deadline);
}

static long epoll_wait_masked(int epfd, struct epoll_event *events, int maxevents, u64 deadline)
{
	long ret = do_epoll_wait(epfd, events, maxevents, deadline);

	restore_saved_sigmask_unless(ret == -EINTR);
	return ret;
}

long sys_epoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout_ms,
		     const void *mask, size_t setsize)
{
	u64 deadline = DEADLINE_NONE;
	int err = set_user_sigmask(mask, setsize);

	if (err)
		return err;
	if (timeout_ms >= 0)
		deadline = poll_deadline((u64)timeout_ms * NSEC_PER_MSEC);
	return epoll_wait_masked(epfd, events, maxevents, deadline);
}

long sys_epoll_pwait2(int epfd, struct epoll_event *events, int maxevents,
		      const struct timespec *uts, const void *mask, size_t setsize)
{
	u64 deadline;
	int err = timeout_from_user(uts, &deadline);

	if (!err)
		err = set_user_sigmask(mask, setsize);
	if (err)
		return err;
	return epoll_wait_masked(epfd, events, maxevents, deadline);
}
