// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/sched/softirq.c and workqueue.c: where softirqs run, in which order, and when ksoftirqd
 * takes over.
 */
#include <tests/hosted/test.h>

#include <kernel/sched/irqflags.h>
#include <kernel/sched/lock.h>
#include <kernel/sched/softirq.h>
#include <kernel/sched/workqueue.h>
#include <kernel/time/clock.h>
#include <string.h>
#include <tests/hosted/services/hosted.h>

static char order[64];
static int raise_again;

static void note(char c)
{
	size_t n = strlen(order);

	if (n < sizeof(order) - 1) {
		order[n] = c;
		order[n + 1] = '\0';
	}
}

static void tx_action(void)
{
	assert_true(in_softirq());
	assert_false(irqs_disabled());
	note('t');
}

static void rx_action(void)
{
	note('r');
	if (raise_again-- > 0)
		raise_softirq(NET_RX_SOFTIRQ);
}

static int up(void **state)
{
	open_softirq(NET_TX_SOFTIRQ, tx_action);
	open_softirq(NET_RX_SOFTIRQ, rx_action);
	order[0] = '\0';
	raise_again = 0;
	return hosted_setup(state);
}

static void raised_by_a_thread_runs_at_once(void **state)
{
	raise_softirq(NET_RX_SOFTIRQ);
	assert_string_equal(order, "r");
	assert_false(in_softirq());
}

static void disabled_waits_for_the_last_enable(void **state)
{
	local_bh_disable();
	local_bh_disable();
	assert_true(in_atomic());
	raise_softirq(NET_RX_SOFTIRQ);
	raise_softirq(NET_TX_SOFTIRQ);
	raise_softirq(NET_RX_SOFTIRQ);
	local_bh_enable();
	assert_string_equal(order, "");
	local_bh_enable();
	assert_string_equal(order, "tr"); /* by number, once each */
	assert_false(in_atomic());
}

static void an_interrupt_runs_them_on_its_way_out(void **state)
{
	local_irq_disable();
	irq_enter();
	assert_true(in_hardirq());
	raise_softirq(NET_RX_SOFTIRQ);
	irq_enter(); /* nested */
	irq_exit();
	assert_string_equal(order, "");
	irq_exit();
	assert_string_equal(order, "r");
	assert_true(irqs_disabled());
	local_irq_enable();
}

static void not_while_a_thread_has_them_disabled(void **state)
{
	local_bh_disable();
	local_irq_disable();
	irq_enter();
	raise_softirq(NET_RX_SOFTIRQ);
	irq_exit();
	local_irq_enable();
	assert_string_equal(order, "");
	local_bh_enable();
	assert_string_equal(order, "r");
}

static void interrupts_off_delays_them(void **state)
{
	unsigned long flags = local_irq_save();

	raise_softirq(NET_RX_SOFTIRQ);
	assert_string_equal(order, "");
	local_irq_restore(flags);
	thread_yield(); /* at the latest here */
	assert_string_equal(order, "r");
}

static void a_flood_goes_to_ksoftirqd(void **state)
{
	raise_again = 25;
	raise_softirq(NET_RX_SOFTIRQ);
	assert_int_equal(strlen(order), 10);
	assert_true(sched_cpu.need_resched);
	raise_softirq(NET_TX_SOFTIRQ); /* waits with the rest */
	assert_int_equal(strlen(order), 10);
	cond_resched();
	hosted_run_until_idle();
	assert_int_equal(strlen(order), 27);
	assert_false(sched_cpu.need_resched);
	raise_softirq(NET_TX_SOFTIRQ); /* back to normal */
	assert_int_equal(strlen(order), 28);
}

static struct tasklet_struct one, two;

static void tasklet_fn(struct tasklet_struct *t)
{
	assert_true(in_softirq());
	note(t == &one ? '1' : '2');
	if (t == &one && raise_again-- > 0)
		tasklet_schedule(t);
}

static void tasklets_run_once_in_order(void **state)
{
	tasklet_setup(&one, tasklet_fn);
	tasklet_setup(&two, tasklet_fn);
	local_bh_disable();
	tasklet_schedule(&two);
	tasklet_schedule(&one);
	tasklet_schedule(&two);
	raise_again = 1;
	local_bh_enable();
	assert_string_equal(order, "211");
}

static struct work_struct work, other;
static struct delayed_work delayed;

static void work_fn(struct work_struct *w)
{
	assert_false(in_atomic());
	note(w == &work ? 'w' : 'o');
	msleep(5);
	if (w == &work && raise_again-- > 0)
		schedule_work(w);
}

static void delayed_fn(struct work_struct *w)
{
	note('d');
}

static void work_runs_once_in_order(void **state)
{
	INIT_WORK(&work, work_fn);
	INIT_WORK(&other, work_fn);
	assert_true(schedule_work(&work));
	assert_false(schedule_work(&work));
	assert_true(schedule_work(&other));
	assert_string_equal(order, "");
	hosted_advance(20);
	assert_string_equal(order, "wo");
	raise_again = 1;
	schedule_work(&work);
	hosted_advance(20);
	assert_string_equal(order, "woww");
}

static void cancel_waits_for_the_running_one(void **state)
{
	u64 start;

	INIT_WORK(&work, work_fn);
	schedule_work(&work);
	cancel_work_sync(&work); /* before it began */
	hosted_advance(20);
	assert_string_equal(order, "");
	raise_again = 100;
	schedule_work(&work);
	hosted_advance(1);
	start = hosted_now_ns();
	cancel_work_sync(&work); /* in the middle, and it queues itself again */
	assert_true(hosted_now_ns() > start);
	hosted_advance(50);
	assert_true(strlen(order) <= 2);
}

static void delayed_work_waits(void **state)
{
	INIT_DELAYED_WORK(&delayed, delayed_fn);
	mod_delayed_work(&delayed, 100);
	hosted_advance(50);
	assert_true(mod_delayed_work(&delayed, 100)); /* pushed out */
	hosted_advance(99);
	assert_string_equal(order, "");
	hosted_advance(1);
	assert_string_equal(order, "d");
	mod_delayed_work(&delayed, 100);
	cancel_delayed_work_sync(&delayed);
	hosted_advance(200);
	assert_string_equal(order, "d");
	mod_delayed_work(&delayed, 0);
	hosted_run_until_idle();
	assert_string_equal(order, "dd");
}

#define T(fn) TEST_UP_DOWN(fn, up, hosted_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(raised_by_a_thread_runs_at_once),
		T(disabled_waits_for_the_last_enable),
		T(an_interrupt_runs_them_on_its_way_out),
		T(not_while_a_thread_has_them_disabled),
		T(interrupts_off_delays_them),
		T(a_flood_goes_to_ksoftirqd),
		T(tasklets_run_once_in_order),
		T(work_runs_once_in_order),
		T(cancel_waits_for_the_running_one),
		T(delayed_work_waits),
	};

	return RUN_TESTS(tests);
}
