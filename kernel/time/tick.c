/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tick: one interrupt for the timer wheel and the high-resolution timers. It is one-shot and
 * programmed to the earlier of their next times; there is none while nothing is armed.
 *
 * Between two interrupts it is only ever moved nearer: a timer that was stopped or moved away costs
 * one early interrupt at most, which sets the hardware anew. The hosted tests share this file.
 */
#include <kernel/sched/irqflags.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/hrtimer.h>
#include <kernel/time/tick.h>
#include <kernel/time/timer.h>

/* [i] What the hardware is programmed to, if set. Per CPU when there are more. */
static struct {
	u64 next_ns;
	bool set;
} tick;

void tick_nearer(u64 at_ns)
{
	if (tick.set && (s64)(at_ns - tick.next_ns) >= 0)
		return;
	tick.next_ns = at_ns;
	tick.set = true;
	clockevent_program(at_ns);
}

bool tick_next(u64 *at_ns)
{
	unsigned long expires;
	u64 hr_ns;
	bool found = timers_next(&expires);

	if (found)
		*at_ns = (expires - INITIAL_JIFFIES) * NSEC_PER_MSEC;
	if (!hrtimers_next(&hr_ns))
		return found;
	if (!found || hr_ns < *at_ns)
		*at_ns = hr_ns;
	return true;
}

/*
 * TIMER_SOFTIRQ. While callbacks start timers, tick.next_ns is in the past, so that the hardware
 * is programmed once, at the end.
 */
static void run_timer_softirq(void)
{
	unsigned long flags;

	hrtimers_run(ktime_get_ns());
	timers_run(jiffies);
	flags = local_irq_save();
	tick.set = tick_next(&tick.next_ns);
	if (tick.set)
		clockevent_program(tick.next_ns);
	local_irq_restore(flags);
}

void tick_init(unsigned long now)
{
	timers_init(now);
	tick.set = false;
	open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
}
