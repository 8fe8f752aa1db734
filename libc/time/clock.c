// SPDX-License-Identifier: BSD-2-Clause
/*
 * Clocks and sleeping (POSIX <time.h>, sleep, usleep, gettimeofday).
 *
 * Wrappers over the kernel's clock and nanosleep; thread context, the sleeping ones sleep. Left
 * out: setting the clock, and the clocks of one process or thread, which read as the monotonic one.
 * Every deadline is in the clock the caller names; the kernel rounds sleeps up, never down.
 * The resolution reported is one nanosecond, the unit of the kernel's clock.
 */
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <kernel/sys.h>
#include <libc/unix/syscall.h>

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	if (clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID)
		clock = CLOCK_MONOTONIC;
	return (int)__ret(sys_clock_gettime(clock, ts));
}

int clock_getres(clockid_t clock, struct timespec *ts)
{
	if (clock < CLOCK_REALTIME || clock > CLOCK_BOOTTIME)
		return (int)__ret(-EINVAL);
	if (ts)
		*ts = (struct timespec){0, 1};
	return 0;
}

int gettimeofday(struct timeval *tv, void *tz)
{
	struct timespec ts;

	(void)tz;
	if (clock_gettime(CLOCK_REALTIME, &ts) < 0)
		return -1;
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *t)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) < 0)
		return -1;
	if (t)
		*t = ts.tv_sec;
	return ts.tv_sec;
}

clock_t clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * CLOCKS_PER_SEC + ts.tv_nsec / (1000000000 / CLOCKS_PER_SEC);
}

int nanosleep(const struct timespec *req, struct timespec *rem)
{
	return (int)__ret(sys_nanosleep(req, rem));
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *req, struct timespec *rem)
{
	struct timespec now, left = *req;
	long ret;

	if (flags & TIMER_ABSTIME) {
		if (clock_gettime(clock, &now) < 0)
			return errno;
		left.tv_sec -= now.tv_sec;
		left.tv_nsec -= now.tv_nsec;
		if (left.tv_nsec < 0) {
			left.tv_nsec += 1000000000;
			left.tv_sec--;
		}
		if (left.tv_sec < 0)
			return 0;
		rem = NULL;
	}
	ret = __ret(sys_nanosleep(&left, rem));
	return ret < 0 ? errno : 0;
}

unsigned int sleep(unsigned int seconds)
{
	struct timespec req = {.tv_sec = seconds}, rem = {0};

	if (nanosleep(&req, &rem) < 0)
		return (unsigned int)rem.tv_sec + (rem.tv_nsec != 0);
	return 0;
}

int usleep(useconds_t usec)
{
	struct timespec req = {.tv_sec = usec / 1000000, .tv_nsec = usec % 1000000 * 1000L};

	return nanosleep(&req, NULL);
}
