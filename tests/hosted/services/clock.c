// SPDX-License-Identifier: BSD-2-Clause
/*
 * The virtual clock. It moves only in safe_halt(), which the scheduler calls when no thread can
 * run: to the next timer of either kind or the next hosted_event, whichever comes first, and then
 * does what the interrupt would: raises the timer softirq, calls the event. If there is neither,
 * no thread will ever run again, which is reported as the deadlock it is.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/cycles.h>
#include <kernel/time/tick.h>
#include <tests/hosted/services/hosted.h>

#define BOOT_REAL_NS (1700000000ull * NSEC_PER_SEC)
#define YIELD_LIMIT 1000000

bool hosted_irqs_on = true;

static u64 now_ns;
static u64 real_offset_ns = BOOT_REAL_NS;
static struct rb_root events;
static u64 events_armed;
static void (*idle_hook)(void);

u64 ktime_get_ns(void)
{
	return now_ns;
}

u64 ktime_get_real_ns(void)
{
	return now_ns + real_offset_ns;
}

void ktime_set_real_ns(u64 ns)
{
	real_offset_ns = ns - now_ns;
}

u64 get_cycles(void)
{
	return now_ns;
}

u64 tsc_khz(void)
{
	return 1000000;
}

u64 hosted_now_ns(void)
{
	return now_ns;
}

/* safe_halt() asks the tick itself. */
void clockevent_program(u64 at_ns)
{
}

void hosted_event_init(struct hosted_event *e, void (*fn)(struct hosted_event *))
{
	*e = (struct hosted_event){ .fn = fn };
}

void hosted_event_cancel(struct hosted_event *e)
{
	if (e->queued)
		rb_erase(&e->node, &events);
	e->queued = false;
}

void hosted_event_at(struct hosted_event *e, u64 at_ns)
{
	struct rb_node **link = &events.rb_node, *parent = NULL;

	hosted_event_cancel(e);
	e->at_ns = max(at_ns, now_ns);
	e->order = events_armed++;
	while (*link) {
		struct hosted_event *o = rb_entry(*link, struct hosted_event, node);

		parent = *link;
		link = e->at_ns < o->at_ns ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&e->node, parent, link);
	rb_insert_color(&e->node, &events);
	e->queued = true;
}

static struct hosted_event *first_event(void)
{
	struct rb_node *n = rb_first(&events);

	return n ? rb_entry(n, struct hosted_event, node) : NULL;
}

/* When something happens next; false: never. */
static bool next_time(u64 *at_ns)
{
	struct hosted_event *e = first_event();
	bool found = tick_next(at_ns);

	if (e && (!found || e->at_ns < *at_ns))
		*at_ns = e->at_ns;
	return found || e;
}

static void print_thread(struct thread *t, void *arg)
{
	pr_emerg("  thread %d \"%s\" state %d\n", t->tid, t->name, t->state);
}

void hosted_on_idle(void (*fn)(void))
{
	idle_hook = fn;
}

void safe_halt(void)
{
	struct hosted_event *e;
	u64 at_ns;

	if (idle_hook)
		idle_hook();
	local_irq_enable();
	if (!next_time(&at_ns)) {
		hosted_verbose(true);
		for_each_thread(print_thread, NULL);
		panic("every thread sleeps, no timer is armed and no event is queued");
	}
	now_ns = max(now_ns, at_ns);
	local_irq_disable();
	irq_enter();
	while ((e = first_event()) && e->at_ns <= now_ns) {
		hosted_event_cancel(e);
		e->fn(e);
	}
	if (tick_next(&at_ns) && at_ns <= now_ns)
		raise_softirq(TIMER_SOFTIRQ);
	irq_exit();
	local_irq_enable();
}

static void wake_sleeper(struct hosted_event *e)
{
	struct thread **sleeper = (struct thread **)(e + 1);

	wake_up_thread(*sleeper);
}

void hosted_advance_ns(u64 ns)
{
	struct {
		struct hosted_event event;
		struct thread *sleeper;
	} alarm = { .sleeper = current };

	hosted_event_init(&alarm.event, wake_sleeper);
	hosted_event_at(&alarm.event, now_ns + ns);
	while (alarm.event.queued) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule();
	}
	/* The others that became runnable at this very time come first. */
	hosted_run_until_idle();
}

void hosted_advance(unsigned long ms)
{
	hosted_advance_ns(ms * NSEC_PER_MSEC);
}

void hosted_run_until_idle(void)
{
	for (unsigned long i = 0; sched_cpu.nr_running; i++) {
		BUG_ON(i == YIELD_LIMIT);
		thread_yield();
	}
}

bool hosted_drain(unsigned long max_ms)
{
	u64 end_ns = now_ns + max_ms * NSEC_PER_MSEC, at_ns;

	hosted_run_until_idle();
	while (next_time(&at_ns)) {
		if (at_ns > end_ns)
			return false;
		hosted_advance_ns(at_ns > now_ns ? at_ns - now_ns : 0);
	}
	return true;
}
