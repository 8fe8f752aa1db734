/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Softirqs: one bit each in a pending word, run in the order of their numbers with interrupts on.
 * They run on the way out of the outermost interrupt, when a thread enables them again, when a
 * thread raises one, and in the idle loop. They never nest.
 *
 * Under a flood they would never end, so after 10 rounds or 2 ms the rest is left to the thread
 * ksoftirqd, which takes its turn among the others. Threads here are not preempted, and one that
 * computes without a system call would keep ksoftirqd waiting; after DEFER_MAX_NS an interrupt or a
 * local_bh_enable() runs the work again itself, so that the machine stays reachable.
 */
#include <kernel/lib/bug.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>

#define MAX_ROUNDS 10
#define MAX_RUN_NS (2 * NSEC_PER_MSEC)
#define DEFER_MAX_NS (10 * NSEC_PER_MSEC)

struct softirq_cpu softirq_cpu;

static void (*softirq_action[NR_SOFTIRQS])(void);
static struct thread *ksoftirqd;
static struct tasklet_struct *tasklets, **tasklets_tail = &tasklets; /* [i] */
static bool deferred; /* [i] left to ksoftirqd */
static u64 deferred_at_ns;

void open_softirq(enum softirq_nr nr, void (*action)(void))
{
	BUG_ON(nr >= NR_SOFTIRQS || !action);
	softirq_action[nr] = action;
}

static void run_actions(u32 pending)
{
	while (pending) {
		unsigned int nr = (unsigned int)__builtin_ctz(pending);

		pending &= pending - 1;
		BUG_ON(nr >= NR_SOFTIRQS || !softirq_action[nr]);
		softirq_action[nr]();
		BUG_ON(softirq_cpu.bh_count); /* the action left a lock behind */
	}
}

/* Interrupts off on both ends. Runs until nothing is pending or the limits are reached. */
static void run_softirqs(void)
{
	struct softirq_cpu *cpu = &softirq_cpu;
	unsigned int rounds = 0;
	u64 start_ns = 0;

	cpu->in_softirq = true;
	while (cpu->pending) {
		u32 pending = cpu->pending;

		/* The clock is read only for work that goes on: the common case is one round. */
		if (rounds == 1)
			start_ns = ktime_get_ns();
		if (rounds >= MAX_ROUNDS ||
		    (rounds > 1 && ktime_get_ns() - start_ns > MAX_RUN_NS)) {
			if (!ksoftirqd)
				break;
			deferred = true;
			deferred_at_ns = ktime_get_ns();
			sched_cpu.need_resched = true;
			wake_up_thread(ksoftirqd);
			break;
		}
		rounds++;
		cpu->pending = 0;
		local_irq_enable();
		run_actions(pending);
		local_irq_disable();
	}
	cpu->in_softirq = false;
}

/* Whether this is a place to run them; ksoftirqd has the work if it waits for its turn. */
static bool softirq_may_run(void)
{
	const struct softirq_cpu *cpu = &softirq_cpu;

	if (!cpu->pending || cpu->in_softirq || cpu->bh_count || cpu->hardirq_count)
		return false;
	return likely(!deferred) || ktime_get_ns() - deferred_at_ns > DEFER_MAX_NS;
}

void do_softirq(void)
{
	/* With interrupts off the next interrupt's exit runs them, or the idle loop. */
	if (irqs_disabled())
		return;
	local_irq_disable();
	if (softirq_may_run())
		call_on_irq_stack(run_softirqs);
	local_irq_enable();
}

void raise_softirq(enum softirq_nr nr)
{
	__atomic_fetch_or(&softirq_cpu.pending, 1u << nr, __ATOMIC_RELAXED);
	if (!in_atomic())
		do_softirq();
}

void irq_exit(void)
{
	BUG_ON(softirq_cpu.hardirq_count == 0);
	softirq_cpu.hardirq_count--;
	if (softirq_may_run())
		run_softirqs();
}

static void run_tasklets(void)
{
	struct tasklet_struct *list, *t;

	local_irq_disable();
	list = tasklets;
	tasklets = NULL;
	tasklets_tail = &tasklets;
	while ((t = list)) {
		list = t->next;
		t->scheduled = false;
		local_irq_enable();
		t->func(t);
		local_irq_disable();
	}
	local_irq_enable();
}

void tasklet_setup(struct tasklet_struct *t, void (*func)(struct tasklet_struct *))
{
	t->next = NULL;
	t->scheduled = false;
	t->func = func;
}

void tasklet_schedule(struct tasklet_struct *t)
{
	unsigned long flags = local_irq_save();
	bool first = !t->scheduled;

	if (first) {
		t->scheduled = true;
		t->next = NULL;
		*tasklets_tail = t;
		tasklets_tail = &t->next;
	}
	local_irq_restore(flags);
	if (first)
		raise_softirq(TASKLET_SOFTIRQ);
}

static int ksoftirqd_main(void *arg)
{
	for (;;) {
		local_irq_disable();
		deferred = false;
		if (softirq_cpu.pending) {
			run_softirqs();
			local_irq_enable();
			thread_yield();
			continue;
		}
		set_current_state(TASK_INTERRUPTIBLE);
		local_irq_enable();
		schedule();
	}
	return 0;
}

/* After sched_init(). Softirqs run before, too, only without ksoftirqd's relief. */
void softirq_init(void)
{
	open_softirq(TASKLET_SOFTIRQ, run_tasklets);
	ksoftirqd = thread_create(ksoftirqd_main, NULL, "ksoftirqd");
	BUG_ON(!ksoftirqd);
}
