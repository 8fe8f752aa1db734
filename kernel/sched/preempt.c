// SPDX-License-Identifier: BSD-2-Clause
/*
 * Time slices of programs in ring 3. The kernel's threads give the CPU away by themselves; ring 3
 * does not, and the clock has no tick. So whoever goes to ring 3 while others are runnable makes
 * sure that an interrupt comes at the end of the slice; on its way out, and at the end of every
 * system call, the thread goes to the tail of the queue. ksoftirqd and whoever sets need_resched
 * get the CPU at once.
 *
 * The timer is not stopped when the thread changes: it fires, finds the new one's slice not over,
 * and is set again. That costs an interrupt a slice at most, and nothing at each switch.
 */
#include <kernel/sched/sched.h>
#include <kernel/time/clock.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/cycles.h>
#include <kernel/time/hrtimer.h>

static struct hrtimer slice_timer; /* of the CPU */
static bool slice_timer_ready;

static u64 slice_cycles(void)
{
	return tsc_khz() * SCHED_SLICE_MS;
}

static void slice_timer_fn(struct hrtimer *timer)
{
	struct sched_cpu *cpu = &sched_cpu;

	if (cpu->nr_running && get_cycles() - cpu->switched_at >= slice_cycles())
		cpu->need_resched = true;
}

bool sched_slice_over(void)
{
	const struct sched_cpu *cpu = &sched_cpu;
	u64 ran, limit;

	if (!cpu->nr_running)
		return false;
	if (cpu->need_resched)
		return true;
	if (unlikely(!slice_timer_ready)) {
		hrtimer_setup(&slice_timer, slice_timer_fn);
		slice_timer_ready = true;
	}
	if (hrtimer_active(&slice_timer))
		return false;
	ran = get_cycles() - cpu->switched_at;
	limit = slice_cycles();
	if (ran >= limit)
		return true;
	hrtimer_start(&slice_timer, ktime_get_ns() + (limit - ran) * NSEC_PER_MSEC / tsc_khz());
	return false;
}
