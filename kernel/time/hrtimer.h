/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_HRTIMER_H
#define BW_KERNEL_TIME_HRTIMER_H

/*
 * High-resolution timers: one-shot, due at a nanosecond of the monotonic clock. For what a
 * millisecond is too coarse for (TCP pacing); everything else uses <kernel/time/timer.h>, which is
 * cheaper. Callbacks run in softirq context (TIMER_SOFTIRQ), at or after their time, never before;
 * those due at the same time in the order they were started.
 */
#include <kernel/lib/rbtree.h>

struct hrtimer {
	struct rb_node node;			 /* [i] empty when not queued */
	u64 expires;				 /* ns, ktime_get_ns()'s */
	void (*function)(struct hrtimer *timer); /* may start its timer again, or free it */
};

/* Before anything else is done with the timer. */
void hrtimer_setup(struct hrtimer *timer, void (*function)(struct hrtimer *timer));
/* (Re)start; a time that is over means now. Any context. */
void hrtimer_start(struct hrtimer *timer, u64 expires_ns);
/* Stop; returns whether it was queued. Any context. */
bool hrtimer_cancel(struct hrtimer *timer);
static inline bool hrtimer_active(const struct hrtimer *timer)
{
	return !RB_EMPTY_NODE(&timer->node);
}

/* For the tick: run what is due at `now`; time of the earliest, if there is one. */
void hrtimers_run(u64 now_ns);
bool hrtimers_next(u64 *expires_ns);

#endif /* BW_KERNEL_TIME_HRTIMER_H */
