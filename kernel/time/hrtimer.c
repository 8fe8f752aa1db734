/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * High-resolution timers: a red-black tree by time, its first node remembered. Few are queued at
 * any time (one for each connection that waits for its pacing), so that logarithmic cost is enough;
 * the many coarse timers are on the wheel (timer.c).
 *
 * hrtimers_run() is called by the tick (tick.c) in TIMER_SOFTIRQ; starting and stopping in any
 * context (interrupts off inside).
 */
#include <kernel/lib/bug.h>
#include <kernel/sched/irqflags.h>
#include <kernel/time/clock.h>
#include <kernel/time/hrtimer.h>
#include <kernel/time/tick.h>

/* All [i]: interrupts off. Per CPU when there are more. */
static struct {
	struct rb_root root;
	struct hrtimer *first;
	unsigned long queued;
} hrtimer_base;

static struct hrtimer *hrtimer_of(struct rb_node *node)
{
	return node ? rb_entry(node, struct hrtimer, node) : NULL;
}

static void hrtimer_enqueue(struct hrtimer *timer)
{
	struct rb_node **link = &hrtimer_base.root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (timer->expires < hrtimer_of(parent)->expires) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&timer->node, parent, link);
	rb_insert_color(&timer->node, &hrtimer_base.root);
	if (leftmost)
		hrtimer_base.first = timer;
	hrtimer_base.queued++;
}

static void hrtimer_dequeue(struct hrtimer *timer)
{
	if (hrtimer_base.first == timer)
		hrtimer_base.first = hrtimer_of(rb_next(&timer->node));
	rb_erase(&timer->node, &hrtimer_base.root);
	RB_CLEAR_NODE(&timer->node);
	hrtimer_base.queued--;
}

void hrtimer_setup(struct hrtimer *timer, void (*function)(struct hrtimer *timer))
{
	RB_CLEAR_NODE(&timer->node);
	timer->expires = 0;
	timer->function = function;
}

void hrtimer_start(struct hrtimer *timer, u64 expires_ns)
{
	unsigned long flags = local_irq_save();

	BUG_ON(!timer->function);
	if (hrtimer_active(timer))
		hrtimer_dequeue(timer);
	timer->expires = expires_ns;
	hrtimer_enqueue(timer);
	if (hrtimer_base.first == timer)
		tick_nearer(expires_ns);
	local_irq_restore(flags);
}

/* On one CPU no callback can be running when another context gets here: nothing to wait for. */
bool hrtimer_cancel(struct hrtimer *timer)
{
	unsigned long flags = local_irq_save(); /* before looking: it may be about to fire */
	bool active = hrtimer_active(timer);

	if (active)
		hrtimer_dequeue(timer);
	local_irq_restore(flags);
	return active;
}

/*
 * Softirq context. As many callbacks as timers were queued, so that one that starts itself for a
 * time that is over waits for the next round instead of keeping the softirq busy.
 */
void hrtimers_run(u64 now_ns)
{
	unsigned long flags = local_irq_save(), left = hrtimer_base.queued;
	struct hrtimer *timer;

	while (left-- && (timer = hrtimer_base.first) && timer->expires <= now_ns) {
		void (*fn)(struct hrtimer *) = timer->function;

		hrtimer_dequeue(timer);
		local_irq_enable();
		fn(timer); /* may free it */
		BUG_ON(irqs_disabled());
		local_irq_disable();
	}
	local_irq_restore(flags);
}

bool hrtimers_next(u64 *expires_ns)
{
	unsigned long flags = local_irq_save();
	bool found = hrtimer_base.first;

	if (found)
		*expires_ns = hrtimer_base.first->expires;
	local_irq_restore(flags);
	return found;
}
