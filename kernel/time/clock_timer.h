/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_CLOCK_TIMER_H
#define BW_KERNEL_TIME_CLOCK_TIMER_H

/*
 * Timers that programs set (setitimer, timer_create, timerfd): due at a moment of some clock, once
 * or at intervals. A periodic one is not started again by itself: who takes its expiry calls
 * clock_timer_forward(), which counts the intervals that passed meanwhile. So a timer with a tiny
 * interval costs no more than the program is ready to take.
 *
 * The callback runs in softirq context; the functions in any.
 */
#include <kernel/time/hrtimer.h>

struct itimerspec;
struct timespec;

struct clock_timer {
	struct hrtimer hr;
	u64 (*now)(void); /* the clock, ns */
	u64 expires;	  /* ns of that clock */
	u64 interval;	  /* ns; 0: once */
	void (*function)(struct clock_timer *t);
};

void clock_timer_setup(struct clock_timer *t, u64 (*now)(void),
		       void (*fn)(struct clock_timer *t));
void clock_timer_start(struct clock_timer *t, u64 expires, u64 interval);
static inline bool clock_timer_cancel(struct clock_timer *t)
{
	return hrtimer_cancel(&t->hr);
}
static inline bool clock_timer_active(const struct clock_timer *t)
{
	return hrtimer_active(&t->hr);
}
/* Move the next expiry of a periodic timer beyond now and start it; intervals that went by. */
u64 clock_timer_forward(struct clock_timer *t);
/* ns until the expiry, 0 if it is over. */
u64 clock_timer_left(const struct clock_timer *t);
/* Until then, or at that time; what settime's value and flags mean. */
void clock_timer_set(struct clock_timer *t, const struct itimerspec *its, bool absolute);

/* 0 or -EINVAL: negative, or a second's nanoseconds too many. */
int timespec_check(const struct timespec *ts);
/* Checked ones; what is too long is as good as for ever. */
u64 timespec_to_ns(const struct timespec *ts);
struct timespec timespec_of_ns(u64 ns);

#endif /* BW_KERNEL_TIME_CLOCK_TIMER_H */
