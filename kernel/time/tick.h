/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_TICK_H
#define BW_KERNEL_TIME_TICK_H

/*
 * Inside of kernel/time: between the two kinds of timers (the wheel of timer.c and the tree of
 * hrtimer.c) and the one timer interrupt (clockevent.h).
 */
#include <kernel/lib/types.h>

/* A timer for at_ns (monotonic) was started: the interrupt must not come later. Interrupts off. */
void tick_nearer(u64 at_ns);
/* When the earliest timer of either kind could be due; false when none is armed. Any context. */
bool tick_next(u64 *at_ns);
/* Start the wheel at `now` (jiffies) and the timer softirq. */
void tick_init(unsigned long now);

#endif /* BW_KERNEL_TIME_TICK_H */
