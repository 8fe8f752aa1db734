/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_TIMER_H
#define BW_KERNEL_TIME_TIMER_H

/*
 * Timers: a hierarchical wheel with millisecond (jiffy) slots; arming and stopping are O(1), so
 * 100,000 armed timers cost what one does. Callbacks run in softirq context (TIMER_SOFTIRQ), at or
 * after their time, never before.
 */
#include <kernel/lib/list.h>

struct timer_list {
	struct hlist_node entry; /* [b] wheel slot */
	unsigned long expires;	 /* jiffies */
	void (*function)(struct timer_list *t);
};

void timer_setup(struct timer_list *t, void (*fn)(struct timer_list *), unsigned int flags);
/* (Re)arm; returns whether it was pending. Any context. */
bool mod_timer(struct timer_list *t, unsigned long expires);
/* Stop; returns whether it was pending. The callback may still be running on another CPU. */
bool del_timer(struct timer_list *t);
/* Stop and wait until the callback is not running. Not from its own callback. */
bool del_timer_sync(struct timer_list *t);
static inline bool timer_pending(const struct timer_list *t)
{
	return !hlist_unhashed(&t->entry);
}
#define from_timer(var, t, field) container_of(t, __typeof__(*var), field)

/* For the tick source: run what is due at `now` (jiffies); earliest time anything could be due. */
void timers_run(unsigned long now);
bool timers_next(unsigned long *expires);
void timers_init(unsigned long now);
unsigned long timers_armed(void);

#endif /* BW_KERNEL_TIME_TIMER_H */
