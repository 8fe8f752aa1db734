// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/time/hrtimer.c and tick.c: times to the nanosecond beside the wheel's milliseconds, order,
 * what callbacks may do, and a model with random operations.
 */
#include <tests/hosted/test.h>

#include <kernel/lib/random.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <kernel/time/hrtimer.h>
#include <kernel/time/timer.h>
#include <tests/hosted/services/hosted.h>

#define TIMERS 200
#define LOG 32

struct probe {
	struct hrtimer timer;
	u64 due; /* model: 0 when not queued */
	unsigned int fired;
};

static struct probe probes[TIMERS];
static struct {
	u64 at_ns[LOG];
	int which[LOG];
	int n;
} fired;

static void probe_fn(struct hrtimer *t)
{
	struct probe *p = container_of(t, struct probe, timer);

	assert_true(in_softirq());
	assert_false(hrtimer_active(t));
	assert_true(p->due);
	assert_true(ktime_get_ns() == p->due);
	p->due = 0;
	p->fired++;
	if (fired.n < LOG) {
		fired.at_ns[fired.n] = ktime_get_ns();
		fired.which[fired.n++] = (int)(p - probes);
	}
}

static void setup_probes(void)
{
	fired.n = 0;
	for (int i = 0; i < TIMERS; i++) {
		probes[i] = (struct probe){ .due = 0 };
		hrtimer_setup(&probes[i].timer, probe_fn);
		assert_false(hrtimer_active(&probes[i].timer));
	}
}

static void start(int which, u64 delta_ns)
{
	probes[which].due = ktime_get_ns() + delta_ns;
	hrtimer_start(&probes[which].timer, probes[which].due);
	assert_true(hrtimer_active(&probes[which].timer));
}

static void fires_at_its_nanosecond(void **state)
{
	u64 begin = ktime_get_ns();

	setup_probes();
	start(0, 123457);
	hosted_advance_ns(123456);
	assert_int_equal(probes[0].fired, 0);
	hosted_advance_ns(1);
	assert_int_equal(probes[0].fired, 1);
	assert_int_equal(fired.at_ns[0] - begin, 123457);
	hosted_advance(10);
	assert_int_equal(probes[0].fired, 1);
}

static void in_order_of_time_then_of_starting(void **state)
{
	static const int order[] = { 3, 0, 1, 4, 2 };

	setup_probes();
	start(0, 5000);
	start(1, 5000);
	start(2, 9000);
	start(3, 1);
	start(4, 5000);
	hosted_advance_ns(9000);
	assert_int_equal(fired.n, 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(fired.which[i], order[i]);
}

static void starting_again_moves_it(void **state)
{
	setup_probes();
	start(0, 1000);
	start(0, 500000);
	hosted_advance_ns(1000);
	assert_int_equal(probes[0].fired, 0);
	start(0, 7);
	hosted_advance_ns(7);
	assert_int_equal(probes[0].fired, 1);
	hosted_advance(1);
	assert_int_equal(probes[0].fired, 1);
}

static void cancel_says_whether_it_was_queued(void **state)
{
	setup_probes();
	assert_false(hrtimer_cancel(&probes[0].timer));
	start(0, 1000);
	start(1, 2000);
	assert_true(hrtimer_cancel(&probes[0].timer));
	assert_false(hrtimer_active(&probes[0].timer));
	assert_false(hrtimer_cancel(&probes[0].timer));
	hosted_advance_ns(3000);
	assert_int_equal(probes[0].fired, 0);
	assert_int_equal(probes[1].fired, 1);
}

static void a_time_that_is_over_means_now(void **state)
{
	setup_probes();
	hosted_advance(1);
	probes[0].due = ktime_get_ns();
	hrtimer_start(&probes[0].timer, 1);
	hosted_advance_ns(0);
	assert_int_equal(probes[0].fired, 1);
}

static struct hrtimer periodic;
static unsigned int periods;

static void periodic_fn(struct hrtimer *t)
{
	if (++periods < 1000)
		hrtimer_start(t, t->expires + 10000);
}

static void a_callback_may_start_itself(void **state)
{
	u64 begin = ktime_get_ns();

	periods = 0;
	hrtimer_setup(&periodic, periodic_fn);
	hrtimer_start(&periodic, begin + 10000);
	hosted_advance_ns(500 * 10000);
	assert_int_equal(periods, 500);
	hosted_advance_ns(500 * 10000);
	assert_int_equal(periods, 1000);
	assert_false(hrtimer_active(&periodic));
}

/* One that always asks for a time that is over must not keep the others from running. */
static void late_fn(struct hrtimer *t)
{
	if (++periods < 100)
		hrtimer_start(t, 1);
}

static void a_late_callback_lets_others_run(void **state)
{
	setup_probes();
	periods = 0;
	hrtimer_setup(&periodic, late_fn);
	hrtimer_start(&periodic, 1);
	start(0, 1000);
	hosted_advance_ns(1000);
	assert_int_equal(periods, 100);
	assert_int_equal(probes[0].fired, 1);
}

static void free_fn(struct hrtimer *t)
{
	kfree(t);
}

static void a_callback_may_free_its_timer(void **state)
{
	struct hrtimer *t = kmalloc(sizeof(*t), GFP_KERNEL);

	hrtimer_setup(t, free_fn);
	hrtimer_start(t, ktime_get_ns() + 100);
	hosted_advance_ns(100);
}

static void stop_next_fn(struct hrtimer *t)
{
	periods++;
	hrtimer_cancel(&probes[0].timer);
}

static void a_callback_may_stop_another_that_is_due(void **state)
{
	setup_probes();
	periods = 0;
	hrtimer_setup(&periodic, stop_next_fn);
	hrtimer_start(&periodic, ktime_get_ns() + 100);
	start(0, 100);
	hosted_advance_ns(100);
	assert_int_equal(periods, 1);
	assert_int_equal(probes[0].fired, 0);
}

/* ---- beside the wheel ---- */

static struct timer_list coarse;
static u64 coarse_at_ns;

static void coarse_fn(struct timer_list *t)
{
	coarse_at_ns = ktime_get_ns();
}

static void neither_kind_hides_the_other(void **state)
{
	unsigned long now = jiffies;

	setup_probes();
	timer_setup(&coarse, coarse_fn, 0);
	/* a fine one first, then a coarse one that is later: the fine one's time must stay set */
	start(0, 300);
	mod_timer(&coarse, now + 2);
	start(1, 5 * NSEC_PER_MSEC);
	hosted_advance_ns(300);
	assert_int_equal(probes[0].fired, 1);
	hosted_advance(3);
	assert_int_equal(ns_to_jiffies(coarse_at_ns), now + 2);
	/* and a coarse one, then a fine one that is nearer */
	mod_timer(&coarse, jiffies + 10);
	start(2, 1);
	hosted_advance_ns(1);
	assert_int_equal(probes[2].fired, 1);
	now = jiffies;
	hosted_advance(10);
	assert_int_equal(probes[1].fired, 1);
	assert_true(time_after_eq(ns_to_jiffies(coarse_at_ns), now + 10));
	assert_false(timer_pending(&coarse));
}

static void random_operations_against_a_model(void **state)
{
	setup_probes();
	for (int step = 0; step < 20000; step++) {
		struct probe *p = &probes[get_random_u32_below(TIMERS)];
		u32 op = get_random_u32_below(8);

		if (op == 0) {
			assert_int_equal(hrtimer_cancel(&p->timer), p->due != 0);
			p->due = 0;
		} else if (op == 1) {
			hosted_advance_ns(get_random_u32_below(1u << get_random_u32_below(24)));
		} else {
			start((int)(p - probes), 1 + get_random_u32_below(1u << (4 + op * 3)));
		}
	}
	for (int i = 0; i < TIMERS; i++) {
		assert_true(!probes[i].due || probes[i].due > ktime_get_ns());
		assert_int_equal(hrtimer_active(&probes[i].timer), probes[i].due != 0);
		hrtimer_cancel(&probes[i].timer);
	}
}

#define T(fn) TEST_UP_DOWN(fn, hosted_setup, hosted_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(fires_at_its_nanosecond),
		T(in_order_of_time_then_of_starting),
		T(starting_again_moves_it),
		T(cancel_says_whether_it_was_queued),
		T(a_time_that_is_over_means_now),
		T(a_callback_may_start_itself),
		T(a_late_callback_lets_others_run),
		T(a_callback_may_free_its_timer),
		T(a_callback_may_stop_another_that_is_due),
		T(neither_kind_hides_the_other),
		T(random_operations_against_a_model),
	};

	return RUN_TESTS(tests);
}
