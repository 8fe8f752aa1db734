/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_WORKQUEUE_H
#define BW_KERNEL_SCHED_WORKQUEUE_H

/*
 * Deferred work in thread context: one worker thread, items in order. delayed_work adds a timer.
 */
#include <kernel/time/timer.h>

struct work_struct {
	struct list_head entry;
	void (*func)(struct work_struct *w);
};
struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
};
void INIT_WORK(struct work_struct *w, void (*fn)(struct work_struct *));
void INIT_DELAYED_WORK(struct delayed_work *w, void (*fn)(struct work_struct *));
/* Queue unless already queued; any context. */
bool schedule_work(struct work_struct *w);
/* After `delay` jiffies; re-arms if pending. */
bool mod_delayed_work(struct delayed_work *w, unsigned long delay);
/* Not queued and not running afterwards; sleeps. */
void cancel_work_sync(struct work_struct *w);
void cancel_delayed_work_sync(struct delayed_work *w);

#endif /* BW_KERNEL_SCHED_WORKQUEUE_H */
