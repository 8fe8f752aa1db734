// SPDX-License-Identifier: BSD-2-Clause
/*
 * Waiting for descriptors: poll, select, epoll, eventfd (POSIX and Linux).
 *
 * Thin wrappers over the kernel's calls. Thread context; they sleep. Left out: the signal masks of
 * ppoll, pselect and epoll_pwait are ignored, because nothing raises signals.
 * Timeouts that POSIX gives in finer units are rounded up to what the kernel counts in, so that no
 * wait ends early.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <unistd.h>
#include <kernel/sys.h>
#include <libc/unix/syscall.h>

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	return (int)__ret(sys_poll(fds, n, timeout_ms));
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const void *sigmask)
{
	long ms = -1;

	(void)sigmask;
	if (timeout) {
		/* Rounded up, so that it never returns early. */
		ms = timeout->tv_sec * 1000 + (timeout->tv_nsec + 999999) / 1000000;
		if (ms > INT_MAX)
			ms = INT_MAX;
	}
	return poll(fds, n, (int)ms);
}

int select(int n, fd_set *rd, fd_set *wr, fd_set *ex, struct timeval *timeout)
{
	return (int)__ret(sys_select(n, rd, wr, ex, timeout));
}

int pselect(int n, fd_set *rd, fd_set *wr, fd_set *ex, const struct timespec *timeout,
	    const void *sigmask)
{
	struct timeval tv;

	(void)sigmask;
	if (!timeout)
		return select(n, rd, wr, ex, NULL);
	tv.tv_sec = timeout->tv_sec;
	tv.tv_usec = (timeout->tv_nsec + 999) / 1000;
	return select(n, rd, wr, ex, &tv);
}

int epoll_create1(int flags)
{
	return (int)__ret(sys_epoll_create1(flags));
}

int epoll_create(int size)
{
	return (int)__ret(size > 0 ? sys_epoll_create1(0) : -EINVAL);
}

int epoll_ctl(int epfd, int op, int fd, struct epoll_event *ev)
{
	return (int)__ret(sys_epoll_ctl(epfd, op, fd, ev));
}

int epoll_wait(int epfd, struct epoll_event *ev, int max, int timeout_ms)
{
	return (int)__ret(sys_epoll_wait(epfd, ev, max, timeout_ms));
}

int epoll_pwait(int epfd, struct epoll_event *ev, int max, int timeout_ms, const void *sigmask)
{
	(void)sigmask;
	return epoll_wait(epfd, ev, max, timeout_ms);
}

int eventfd(unsigned int initval, int flags)
{
	return (int)__ret(sys_eventfd2(initval, flags));
}

int eventfd_read(int fd, eventfd_t *value)
{
	return read(fd, value, sizeof(*value)) == sizeof(*value) ? 0 : -1;
}

int eventfd_write(int fd, eventfd_t value)
{
	return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -1;
}
