// SPDX-License-Identifier: BSD-2-Clause
/*
 * selftest=sched: threads, clock and timers on the real machine, with what they cost in cycles of
 * the TSC. Under `qemu -icount shift=0` a cycle is an instruction, which is how the figures are
 * steered: tests/guest/test_sched.py holds them to limits. Thread context; about a second.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/wait.h>
#include <kernel/selftest.h>
#include <kernel/time/clock.h>
#include <kernel/time/cycles.h>
#include <kernel/time/timer.h>

#define ROUNDS 1000
#define NR_THREADS 200
#define NR_SLEEPS 20
#define NR_TIMERS 1000
#define CLOCK_MS 10000

static wait_queue_head_t ping, pong;
static bool ping_set, pong_set;

static void report(const char *what, u64 cycles, u64 n)
{
	pr_info("selftest: %s: %llu cycles\n", what, (unsigned long long)(cycles / n));
}

static int ponger(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		wait_event(&ping, ping_set);
		ping_set = false;
		pong_set = true;
		wake_up(&pong);
	}
	return 0;
}

/* Two threads that wake each other: each round has two wake-ups and two switches. */
static void measure_switch(void)
{
	struct thread *t;
	u64 start;

	init_waitqueue_head(&ping);
	init_waitqueue_head(&pong);
	t = thread_create(ponger, NULL, "ponger");
	BUG_ON(!t);
	thread_yield();
	start = get_cycles();
	for (int i = 0; i < ROUNDS; i++) {
		ping_set = true;
		wake_up(&ping);
		wait_event(&pong, pong_set);
		pong_set = false;
	}
	report("wake-up, wait and switch", get_cycles() - start, 2 * ROUNDS);
	thread_join(t);
}

static int yielder(void *arg)
{
	for (int i = 0; i < ROUNDS; i++)
		thread_yield();
	return 0;
}

static void measure_yield(void)
{
	struct thread *t = thread_create(yielder, NULL, "yielder");
	u64 start = get_cycles();

	BUG_ON(!t);
	for (int i = 0; i < ROUNDS; i++)
		thread_yield();
	report("yield", get_cycles() - start, 2 * ROUNDS);
	thread_join(t);
}

static int nothing(void *arg)
{
	return (int)(long)arg;
}

static void measure_threads(void)
{
	struct thread *t[NR_THREADS];
	u64 start;

	for (int i = 0; i < NR_THREADS; i++) {
		t[i] = thread_create(nothing, (void *)(long)i, "t%d", i);
		BUG_ON(!t[i]);
	}
	for (int i = 0; i < NR_THREADS; i++)
		BUG_ON(thread_join(t[i]) != i);
	start = get_cycles();
	for (int i = 0; i < ROUNDS; i++)
		thread_join(thread_create(nothing, NULL, "again"));
	report("thread created, run and joined", get_cycles() - start, ROUNDS);
}

static void never(struct timer_list *t)
{
	BUG();
}

static void measure_timers(void)
{
	static struct timer_list timers[NR_TIMERS];
	unsigned long now = jiffies, before = timers_armed();
	u64 start;

	for (int i = 0; i < NR_TIMERS; i++)
		timer_setup(&timers[i], never, 0);
	mod_timer(&timers[0], now + 1000); /* the hardware is set; the others come after it */
	start = get_cycles();
	for (int i = 1; i < NR_TIMERS; i++)
		mod_timer(&timers[i], now + 2000 + (unsigned long)i * 7);
	report("timer armed", get_cycles() - start, NR_TIMERS - 1);
	start = get_cycles();
	for (int i = 1; i < NR_TIMERS; i++)
		mod_timer(&timers[i], now + 3000 + (unsigned long)i * 7);
	report("timer moved", get_cycles() - start, NR_TIMERS - 1);
	start = get_cycles();
	for (int i = 1; i < NR_TIMERS; i++)
		del_timer(&timers[i]);
	report("timer stopped", get_cycles() - start, NR_TIMERS - 1);
	del_timer(&timers[0]);
	BUG_ON(timers_armed() != before);
}

static void measure_clock(void)
{
	u64 start = get_cycles(), last = ktime_get_ns(), now;

	for (int i = 0; i < ROUNDS; i++) {
		now = ktime_get_ns();
		BUG_ON(now < last);
		last = now;
	}
	report("clock read", get_cycles() - start, ROUNDS);
}

/* Sleeps end in time: never early, and on a quiet machine not much later. */
static void check_sleep(void)
{
	u64 worst_ns = 0;

	for (unsigned int ms = 1; ms <= NR_SLEEPS; ms++) {
		u64 start = ktime_get_ns(), took;

		msleep(ms);
		took = ktime_get_ns() - start;
		BUG_ON(took < ms * NSEC_PER_MSEC);
		worst_ns = max(worst_ns, took - ms * NSEC_PER_MSEC);
	}
	pr_info("selftest: sleeps were at most %llu us late\n",
		(unsigned long long)(worst_ns / NSEC_PER_USEC));
}

/* For a test that holds a stopwatch beside it. */
void selftest_clock(void)
{
	u64 start = ktime_get_ns();

	pr_info("selftest: clock: start\n");
	msleep(CLOCK_MS);
	pr_info("selftest: clock: end after %llu ms\n",
		(unsigned long long)((ktime_get_ns() - start) / NSEC_PER_MSEC));
}

void selftest_sched(void)
{
	measure_clock();
	measure_switch();
	measure_yield();
	measure_threads();
	measure_timers();
	check_sleep();
	pr_info("selftest: sched: all right\n");
}
