// SPDX-License-Identifier: BSD-2-Clause
/*
 * Time calls beside clock_gettime(2) and nanosleep(2): the old forms, resolutions, setting the
 * clock, sleeping until a time of a clock, and adjtimex(2), which tells that nobody steers the
 * clock.
 *
 * Called through the system call table; thread context. Left out: steering the clock's rate
 * (-EPERM), time zones of the kernel (stored nowhere, as programs expect since there are tzfiles),
 * sleeping on processor time.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/rusage.h>
#include <kernel/abi/task.h>
#include <kernel/abi/vdso/vdso_data.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <kernel/time/nanosleep.h>
#include <sys/timex.h>
#include <time.h>

#define COARSE_NS NSEC_PER_MSEC
#define MAX_TIME_S (1LL << 32) /* nanoseconds stay within 64 bits */
#define TICK_US 10000
#define CPUCLOCK_SHIFT 3
#define CPUCLOCK_THREAD 4
#define CPUCLOCK_KIND 3
#define MAX_ERROR_US 16000000
#define FREQ_TOLERANCE 32768000 /* 500 ppm, as Linux */

long sys_time(time_t *t)
{
	time_t now = (time_t)(ktime_get_real_ns() / NSEC_PER_SEC);

	if (t && copy_to_user(t, &now, sizeof(now)))
		return -EFAULT;
	return now;
}

long sys_gettimeofday(struct timeval *tv, struct timezone *tz)
{
	const struct timezone utc = { 0 };
	u64 ns = ktime_get_real_ns();
	struct timeval now = { .tv_sec = (time_t)(ns / NSEC_PER_SEC),
			       .tv_usec = (suseconds_t)(ns % NSEC_PER_SEC / NSEC_PER_USEC) };

	if (tv && copy_to_user(tv, &now, sizeof(now)))
		return -EFAULT;
	return tz ? copy_to_user(tz, &utc, sizeof(utc)) : 0;
}

static bool timespec_valid(const struct timespec *ts)
{
	return ts->tv_sec >= 0 && ts->tv_nsec >= 0 && ts->tv_nsec < (long)NSEC_PER_SEC;
}

static u64 timespec_ns(const struct timespec *ts)
{
	return (u64)min_t(s64, ts->tv_sec, MAX_TIME_S) * NSEC_PER_SEC + (u64)ts->tv_nsec;
}

static long set_clock(const struct timespec *ts)
{
	if (!timespec_valid(ts) || ts->tv_sec > MAX_TIME_S)
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	ktime_set_real_ns(timespec_ns(ts));
	return 0;
}

long sys_settimeofday(const struct timeval *tv, const struct timezone *tz)
{
	struct timezone zone;
	struct timeval t;
	struct timespec ts;

	if (tv) {
		if (copy_from_user(&t, tv, sizeof(t)))
			return -EFAULT;
		if (t.tv_usec < 0 || t.tv_usec >= (long)USEC_PER_SEC)
			return -EINVAL;
		ts = (struct timespec){ t.tv_sec, t.tv_usec * (long)NSEC_PER_USEC };
	}
	if (tz && copy_from_user(&zone, tz, sizeof(zone)))
		return -EFAULT;
	if (tv)
		return set_clock(&ts);
	return capable(CAP_SYS_TIME) ? 0 : -EPERM;
}

/* Clocks by kind: what they count. */
enum clock_kind { CLOCK_UNKNOWN, CLOCK_REAL, CLOCK_MONO, CLOCK_CPU };

static enum clock_kind clock_kind(int clock)
{
	if (clock < 0)
		return CLOCK_CPU; /* of a process or thread by number */
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		return CLOCK_REAL;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		return CLOCK_MONO;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		return CLOCK_CPU;
	}
	return CLOCK_UNKNOWN;
}

static bool is_coarse(int clock)
{
	return clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
}

/*
 * A negative number is the processor time of a process or thread: ~pid << 3, bit 2 says thread, the
 * low two which time (2: all of it; the others are not told apart here). -EINVAL: no such clock.
 */
static int cpu_clock_ns(int clock, u64 *ns)
{
	const struct user_task *u = current_user;
	bool thread = clock == CLOCK_THREAD_CPUTIME_ID;

	if (clock < 0) {
		thread = clock & CPUCLOCK_THREAD;
		if ((clock & CPUCLOCK_KIND) == CPUCLOCK_KIND)
			return -EINVAL;
		u = find_user_task(~(clock >> CPUCLOCK_SHIFT));
		if (!u)
			return -EINVAL;
	}
	*ns = thread ? task_run_ns(u) : process_run_ns();
	return 0;
}

long sys_clock_gettime_all(int clock, struct timespec *ts)
{
	struct timespec now;
	u64 ns;

	switch (clock) {
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		return sys_clock_gettime(CLOCK_REALTIME, ts);
	case CLOCK_BOOTTIME_ALARM:
		return sys_clock_gettime(CLOCK_BOOTTIME, ts);
	}
	if (clock == CLOCK_MONOTONIC_RAW)
		ns = ktime_get_ns() + RAW_AHEAD_NS;
	else if (clock_kind(clock) != CLOCK_CPU)
		return sys_clock_gettime(clock, ts);
	else if (cpu_clock_ns(clock, &ns))
		return -EINVAL;
	now = (struct timespec){ (time_t)(ns / NSEC_PER_SEC), (long)(ns % NSEC_PER_SEC) };
	return copy_to_user(ts, &now, sizeof(now));
}

long sys_clock_getres(int clock, struct timespec *ts)
{
	struct timespec res = { .tv_nsec = is_coarse(clock) ? (long)COARSE_NS : 1 };
	u64 ns;

	if (clock_kind(clock) == CLOCK_UNKNOWN || (clock < 0 && cpu_clock_ns(clock, &ns)))
		return -EINVAL;
	return ts ? copy_to_user(ts, &res, sizeof(res)) : 0;
}

long sys_clock_settime(int clock, const struct timespec *ts)
{
	struct timespec to;

	if (clock != CLOCK_REALTIME)
		return -EINVAL;
	if (copy_from_user(&to, ts, sizeof(to)))
		return -EFAULT;
	return set_clock(&to);
}

/*
 * An absolute sleep on the wall clock goes by what that says now; setting the clock meanwhile moves
 * its end only when it wakes too early.
 */
static long sleep_until_real(u64 until)
{
	u64 now;
	long err = 0;

	while (!err && (now = ktime_get_real_ns()) < until)
		err = nanosleep_until(ktime_get_ns() + (until - now), NULL);
	return err;
}

long sys_clock_nanosleep(int clock, int flags, const struct timespec *req, struct timespec *rem)
{
	enum clock_kind kind = clock_kind(clock);
	struct timespec ts;

	if (kind == CLOCK_UNKNOWN)
		return -EINVAL;
	if (is_coarse(clock) || clock == CLOCK_MONOTONIC_RAW || kind == CLOCK_CPU)
		return -EOPNOTSUPP;
	if (copy_from_user(&ts, req, sizeof(ts)))
		return -EFAULT;
	if (!timespec_valid(&ts))
		return -EINVAL;
	if (!(flags & TIMER_ABSTIME))
		return nanosleep_until(ktime_get_ns() + timespec_ns(&ts), rem);
	if (kind == CLOCK_REAL)
		return sleep_until_real(timespec_ns(&ts));
	return nanosleep_until(timespec_ns(&ts), NULL);
}

long sys_clock_adjtime(int clock, struct timex *tx)
{
	u64 ns = ktime_get_real_ns();
	struct timex t;

	if (clock != CLOCK_REALTIME)
		return clock_kind(clock) == CLOCK_UNKNOWN ? -EINVAL : -EOPNOTSUPP;
	if (copy_from_user(&t, tx, sizeof(t)))
		return -EFAULT;
	if (t.modes)
		return -EPERM;
	t = (struct timex){ .status = STA_UNSYNC, .tick = TICK_US, .precision = 1,
			    .maxerror = MAX_ERROR_US, .esterror = MAX_ERROR_US,
			    .constant = 2, .tolerance = FREQ_TOLERANCE };
	t.time.tv_sec = (time_t)(ns / NSEC_PER_SEC);
	t.time.tv_usec = (suseconds_t)(ns % NSEC_PER_SEC / NSEC_PER_USEC);
	return copy_to_user(tx, &t, sizeof(t)) ? -EFAULT : TIME_ERROR;
}

long sys_adjtimex(struct timex *tx)
{
	return sys_clock_adjtime(CLOCK_REALTIME, tx);
}
