// SPDX-License-Identifier: BSD-2-Clause
/*
 * Timers on the clocks that programs know, above hrtimer.c.
 *
 * The high-resolution timer is set for the time that is left; if the clock has not come that far
 * when it fires (CPU time of a program that slept, a wall clock that was set back) it is set again
 * for the rest. A wall clock that is set forward is noticed late, at the time first computed.
 *
 * Called by kernel/abi/itimer.c, posix_timer.c and kernel/fs/timerfd.c.
 */
#include <errno.h>
#include <kernel/lib/bug.h>
#include <kernel/time/clock.h>
#include <kernel/time/clock_timer.h>
#include <time.h>

#define CLOCK_TIMER_MAX (1ull << 62) /* 146 years */
/* A clock that stands still (nobody runs) is not asked more often than this. */
#define RETRY_NS NSEC_PER_MSEC

static void arm(struct clock_timer *t, u64 least)
{
	u64 left = clock_timer_left(t);

	hrtimer_start(&t->hr, ktime_get_ns() + (left > least ? left : least));
}

static void clock_timer_fn(struct hrtimer *hr)
{
	struct clock_timer *t = container_of(hr, struct clock_timer, hr);

	if (clock_timer_left(t))
		arm(t, RETRY_NS);
	else
		t->function(t);
}

void clock_timer_setup(struct clock_timer *t, u64 (*now)(void), void (*fn)(struct clock_timer *))
{
	hrtimer_setup(&t->hr, clock_timer_fn);
	t->now = now;
	t->function = fn;
	t->expires = t->interval = 0;
}

void clock_timer_start(struct clock_timer *t, u64 expires, u64 interval)
{
	t->expires = expires < CLOCK_TIMER_MAX ? expires : CLOCK_TIMER_MAX;
	t->interval = interval;
	arm(t, 0);
}

u64 clock_timer_forward(struct clock_timer *t)
{
	u64 now = t->now(), n = 0;

	BUG_ON(!t->interval);
	if (now >= t->expires)
		n = (now - t->expires) / t->interval + 1;
	clock_timer_start(t, t->expires + n * t->interval, t->interval);
	return n;
}

u64 clock_timer_left(const struct clock_timer *t)
{
	u64 now = t->now();

	return t->expires > now ? t->expires - now : 0;
}

void clock_timer_set(struct clock_timer *t, const struct itimerspec *its, bool absolute)
{
	u64 value = timespec_to_ns(&its->it_value);

	clock_timer_cancel(t);
	t->interval = timespec_to_ns(&its->it_interval);
	if (value)
		clock_timer_start(t, absolute ? value : t->now() + value, t->interval);
}

int timespec_check(const struct timespec *ts)
{
	return ts->tv_sec < 0 || (u64)ts->tv_nsec >= NSEC_PER_SEC ? -EINVAL : 0;
}

u64 timespec_to_ns(const struct timespec *ts)
{
	if ((u64)ts->tv_sec >= CLOCK_TIMER_MAX / NSEC_PER_SEC)
		return CLOCK_TIMER_MAX;
	return (u64)ts->tv_sec * NSEC_PER_SEC + (u64)ts->tv_nsec;
}

struct timespec timespec_of_ns(u64 ns)
{
	return (struct timespec){ .tv_sec = (time_t)(ns / NSEC_PER_SEC),
				  .tv_nsec = (long)(ns % NSEC_PER_SEC) };
}
