// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/time/timer.c: against a model with random operations over all levels of the wheel, the
 * wrap of 32-bit jiffies, what callbacks may do, and the cost with 100,000 timers.
 */
#include <tests/hosted/test.h>

#include <kernel/lib/random.h>
#include <kernel/mm/slab.h>
#include <kernel/time/clock.h>
#include <kernel/time/timer.h>
#include <stdio.h>
#include <tests/hosted/services/host_glibc.h>
#include <tests/hosted/services/hosted.h>

#define TIMERS 500
#define MANY 100000

struct probe {
	struct timer_list timer;
	unsigned long due; /* model: 0 when not armed */
	unsigned int fired;
};

static struct probe probes[TIMERS];

static void probe_fn(struct timer_list *t)
{
	struct probe *p = from_timer(p, t, timer);

	assert_true(p->due);
	assert_true(jiffies == p->due); /* virtual time: to the jiffy, never before */
	assert_false(timer_pending(t));
	p->due = 0;
	p->fired++;
}

static void setup_probes(void)
{
	for (int i = 0; i < TIMERS; i++) {
		probes[i] = (struct probe){ .due = 0 };
		timer_setup(&probes[i].timer, probe_fn, 0);
	}
}

static void arm(struct probe *p, unsigned long delta)
{
	unsigned long at = jiffies + delta;
	bool pending = p->due != 0;

	assert_int_equal(mod_timer(&p->timer, at), pending);
	p->due = at;
	assert_true(timer_pending(&p->timer));
}

/* Deltas of every magnitude up to about 2^bits ms. */
static unsigned long random_delta(unsigned int bits)
{
	return 1 + (get_random_u64() & ((1ul << (1 + get_random_u32_below(bits))) - 1));
}

static unsigned long earliest_due(void)
{
	unsigned long first = 0;

	for (int i = 0; i < TIMERS; i++) {
		if (probes[i].due && (!first || time_before(probes[i].due, first)))
			first = probes[i].due;
	}
	return first;
}

static void random_operations_against_a_model(void **state)
{
	unsigned long next, base = timers_armed();

	setup_probes();
	for (int step = 0; step < 20000; step++) {
		struct probe *p = &probes[get_random_u32_below(TIMERS)];

		switch (get_random_u32_below(8)) {
		case 0:
			assert_int_equal(del_timer(&p->timer), p->due != 0);
			p->due = 0;
			break;
		case 1:
			hosted_advance(random_delta(12));
			break;
		case 2: /* to the next one exactly */
			next = earliest_due();
			if (next)
				hosted_advance(next - jiffies);
			break;
		default:
			arm(p, random_delta(24));
			break;
		}
		if (step % 64 == 0 && earliest_due()) {
			assert_true(timers_next(&next));
			assert_false(time_after(next, earliest_due()));
		}
	}
	for (int i = 0; i < TIMERS; i++) {
		/* Nothing that was due is still waiting. */
		assert_true(!probes[i].due || time_after(probes[i].due, jiffies));
		del_timer_sync(&probes[i].timer);
		probes[i].due = 0;
	}
	assert_int_equal(timers_armed(), base);
}

static void very_far_timers(void **state)
{
	struct probe *p = &probes[0];

	setup_probes();
	arm(p, 1ul << 36); /* two years */
	arm(&probes[1], (1ul << 43) + 12345); /* beyond the wheel's reach */
	arm(&probes[2], 5);
	hosted_advance(1ul << 36);
	assert_int_equal(p->fired, 1);
	assert_int_equal(probes[2].fired, 1);
	hosted_advance((1ul << 43) + 12345 - (1ul << 36) - 1);
	assert_int_equal(probes[1].fired, 0);
	hosted_advance(1);
	assert_int_equal(probes[1].fired, 1);
}

static unsigned int many_fired;

static void many_fn(struct timer_list *t)
{
	many_fired++;
}

/* Now or in the next jiffy: the wheel may be through with this one. */
static void overdue_timers_fire_next(void **state)
{
	struct timer_list t;

	many_fired = 0;
	timer_setup(&t, many_fn, 0);
	mod_timer(&t, jiffies - 1000);
	assert_true(timer_pending(&t));
	hosted_advance(1);
	assert_int_equal(many_fired, 1);
	assert_false(timer_pending(&t));
}

static void rearming_to_the_same_time_changes_nothing(void **state)
{
	setup_probes();
	arm(&probes[0], 100);
	arm(&probes[0], 100);
	hosted_advance(100);
	assert_int_equal(probes[0].fired, 1);
	hosted_advance(1000);
	assert_int_equal(probes[0].fired, 1);
}

static struct timer_list chain, victim, killer;
static int chained;

static void chain_fn(struct timer_list *t)
{
	if (++chained < 1000)
		mod_timer(t, jiffies + 1);
}

static void a_callback_may_arm_itself(void **state)
{
	unsigned long start = jiffies;

	chained = 0;
	timer_setup(&chain, chain_fn, 0);
	mod_timer(&chain, jiffies + 1);
	hosted_advance(1000);
	assert_int_equal(chained, 1000);
	assert_true(jiffies == start + 1000);
}

static void must_not_run(struct timer_list *t)
{
	fail();
}

static void kill_fn(struct timer_list *t)
{
	chained++;
	del_timer(&victim);
	del_timer(&killer == t ? &chain : &killer);
}

/* Both of a slot are due at once and whichever runs first stops the other. */
static void a_callback_may_stop_another_of_its_slot(void **state)
{
	chained = 0;
	timer_setup(&victim, must_not_run, 0);
	timer_setup(&killer, kill_fn, 0);
	timer_setup(&chain, kill_fn, 0);
	mod_timer(&killer, jiffies + 5);
	mod_timer(&chain, jiffies + 5);
	mod_timer(&victim, jiffies + 6);
	hosted_advance(10);
	assert_int_equal(chained, 1);
	assert_false(timer_pending(&victim));
}

static void free_fn(struct timer_list *t)
{
	kfree(t);
}

static void a_callback_may_free_its_timer(void **state)
{
	struct timer_list *t = kmalloc(sizeof(*t), GFP_KERNEL);

	timer_setup(t, free_fn, 0);
	mod_timer(t, jiffies + 3);
	hosted_advance(3);
}

/* jiffies pass 2^32 five minutes after boot; timers on both sides keep their times. */
static void wrap_of_32_bit_jiffies(void **state)
{
	unsigned long wrap = 1ul << 32;

	setup_probes();
	if (time_after(jiffies, wrap))
		skip(); /* another test went past it */
	hosted_advance(wrap - jiffies - 50);
	for (int i = 0; i < 100; i++)
		arm(&probes[i], (unsigned long)i + 1);
	hosted_advance(100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(probes[i].fired, 1);
	assert_true(time_after(jiffies, wrap));
}

static void report(const char *what, unsigned long start_ns, unsigned long ops)
{
	print_message("%s: %lu ns each\n", what, (host_now_ns() - start_ns) / ops);
}

/* Not a limit on this noisy host, but on the shape: arming among 100,000 costs as among 100. */
static void a_hundred_thousand_timers(void **state)
{
	struct timer_list *t = kcalloc(MANY, sizeof(*t), GFP_KERNEL), one;
	unsigned long start, few_ns, many_ns, base = timers_armed();
	unsigned long next;

	for (int i = 0; i < MANY; i++)
		timer_setup(&t[i], many_fn, 0);
	timer_setup(&one, many_fn, 0);
	start = host_now_ns();
	for (int i = 0; i < MANY; i++)
		mod_timer(&one, jiffies + 200 + (unsigned long)i % 1000);
	few_ns = host_now_ns() - start;
	del_timer(&one);

	start = host_now_ns();
	for (int i = 0; i < MANY; i++)
		mod_timer(&t[i], jiffies + 1 + get_random_u32_below(3600 * 1000));
	report("arm 100,000", start, MANY);
	assert_int_equal(timers_armed(), base + MANY);
	start = host_now_ns();
	for (int i = 0; i < MANY; i++)
		mod_timer(&one, jiffies + 200 + (unsigned long)i % 1000);
	many_ns = host_now_ns() - start;
	report("re-arm one beside them", start, MANY);
	del_timer(&one);
	assert_true(many_ns < few_ns * 10 + 100000000);
	start = host_now_ns();
	for (int i = 0; i < MANY; i++)
		timers_next(&next);
	report("next expiry", start, MANY);

	many_fired = 0;
	for (int i = 0; i < MANY / 2; i++)
		assert_true(del_timer(&t[i]));
	start = host_now_ns();
	hosted_advance(3600 * 1000);
	report("run 50,000 in an hour", start, MANY / 2);
	assert_int_equal(many_fired, MANY / 2);
	assert_int_equal(timers_armed(), base);
	kfree(t);
}

#define T(fn) TEST_UP_DOWN(fn, hosted_setup, hosted_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(wrap_of_32_bit_jiffies),
		T(rearming_to_the_same_time_changes_nothing),
		T(overdue_timers_fire_next),
		T(a_callback_may_arm_itself),
		T(a_callback_may_stop_another_of_its_slot),
		T(a_callback_may_free_its_timer),
		T(a_hundred_thousand_timers),
		T(random_operations_against_a_model),
		T(very_far_timers),
	};

	return RUN_TESTS(tests);
}
