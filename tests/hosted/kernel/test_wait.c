// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/sched/thread.c and wait.c: threads, sleeping, wake-ups of each kind, the mutex, system
 * calls.
 */
#include <tests/hosted/test.h>

#include <errno.h>
#include <kernel/sched/lock.h>
#include <kernel/sched/sched.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <string.h>
#include <tests/hosted/services/hosted.h>
#include <time.h>

static char order[64];

static void note(char c)
{
	size_t n = strlen(order);

	order[n] = c;
	order[n + 1] = '\0';
}

static int note_and_yield(void *arg)
{
	const char *name = arg;

	note(name[0]);
	thread_yield();
	note(name[0]);
	return name[0];
}

static void threads_take_turns_and_return_codes(void **state)
{
	struct thread *a, *b;

	order[0] = '\0';
	a = thread_create(note_and_yield, "a", "thread-%d", 1);
	b = thread_create(note_and_yield, "b", "b");
	assert_string_equal(a->name, "thread-1");
	assert_int_equal(thread_join(a), 'a');
	assert_int_equal(thread_join(b), 'b');
	assert_string_equal(order, "abab");
}

static int ended;

static int count_end(void *arg)
{
	msleep((unsigned int)(unsigned long)arg);
	ended++;
	return 0;
}

static void detached_threads_free_themselves(void **state)
{
	struct thread *t;

	ended = 0;
	thread_detach(thread_create(count_end, (void *)10, "d"));
	t = thread_create(count_end, (void *)1, "early");
	hosted_advance(20);
	assert_int_equal(ended, 2);
	thread_detach(t); /* already over */
	hosted_run_until_idle();
}

static void thread_creation_survives_failing_allocations(void **state)
{
	hosted_fail_nth(1);
	assert_null(thread_create(count_end, NULL, "x"));
	assert_int_equal(hosted_failed(), 1);
}

static void sleeping_takes_the_time_it_says(void **state)
{
	u64 start = hosted_now_ns();

	msleep(25);
	assert_int_equal(hosted_now_ns() - start, 25 * NSEC_PER_MSEC);
	set_current_state(TASK_INTERRUPTIBLE);
	assert_int_equal(schedule_timeout(7), 0);
	set_current_state(TASK_INTERRUPTIBLE);
	assert_int_equal(schedule_timeout(0), 0);
	assert_int_equal(current->state, TASK_RUNNING);
	hosted_advance_ns(300); /* off the grid: not a nanosecond less */
	start = hosted_now_ns();
	msleep(3);
	assert_true(hosted_now_ns() - start >= 3 * NSEC_PER_MSEC);
	assert_true(hosted_now_ns() - start < 4 * NSEC_PER_MSEC);
}

static wait_queue_head_t q;
static bool go;
static int woken;

static int wait_shared(void *arg)
{
	wait_event(&q, go);
	woken++;
	return 0;
}

static int wait_exclusive(void *arg)
{
	DEFINE_WAIT(w);

	prepare_to_wait_exclusive(&q, &w, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&q, &w);
	note(((const char *)arg)[0]);
	woken++;
	return 0;
}

static void a_wake_up_takes_all_shared_and_one_exclusive(void **state)
{
	struct thread *t[5];

	init_waitqueue_head(&q);
	go = false;
	woken = 0;
	order[0] = '\0';
	t[0] = thread_create(wait_exclusive, "1", "x1");
	t[1] = thread_create(wait_exclusive, "2", "x2");
	t[2] = thread_create(wait_shared, NULL, "s1");
	t[3] = thread_create(wait_shared, NULL, "s2");
	t[4] = thread_create(wait_exclusive, "3", "x3");
	hosted_run_until_idle();
	assert_true(waitqueue_active(&q));
	go = true;
	wake_up(&q);
	hosted_run_until_idle();
	assert_int_equal(woken, 3);
	assert_string_equal(order, "1");
	wake_up(&q);
	wake_up(&q);
	hosted_run_until_idle();
	assert_int_equal(woken, 5);
	assert_string_equal(order, "123");
	assert_false(waitqueue_active(&q));
	for (int i = 0; i < 5; i++)
		thread_join(t[i]);
}

static void interruptible_wake_ups_leave_the_others(void **state)
{
	struct thread *t;

	init_waitqueue_head(&q);
	go = false;
	woken = 0;
	t = thread_create(wait_shared, NULL, "deep");
	hosted_run_until_idle();
	go = true;
	wake_up_interruptible_all(&q);
	hosted_run_until_idle();
	assert_int_equal(woken, 0);
	wake_up_all(&q);
	thread_join(t);
	assert_int_equal(woken, 1);
}

static int wait_interruptible(void *arg)
{
	return wait_event_interruptible(&q, go);
}

static void an_interrupt_ends_the_wait(void **state)
{
	struct thread *t;

	init_waitqueue_head(&q);
	go = false;
	t = thread_create(wait_interruptible, NULL, "i");
	hosted_run_until_idle();
	thread_interrupt(t);
	assert_int_equal(thread_join(t), -ERESTARTSYS);
	t = thread_create(wait_interruptible, NULL, "i");
	thread_interrupt(t); /* before it even sleeps */
	assert_int_equal(thread_join(t), -ERESTARTSYS);
	assert_false(waitqueue_active(&q));
}

static int wake_now(void *arg)
{
	wake_up(&q);
	return 0;
}

/* The wake-up comes between the test of the condition and the sleep. */
static void no_wake_up_is_lost(void **state)
{
	DEFINE_WAIT(w);

	init_waitqueue_head(&q);
	prepare_to_wait(&q, &w, TASK_INTERRUPTIBLE);
	wake_up(&q);
	assert_int_equal(current->state, TASK_RUNNING);
	schedule(); /* nothing would wake us */
	finish_wait(&q, &w);
}

static void wait_woken_remembers(void **state)
{
	DEFINE_WAIT_FUNC(w, woken_wake_function);
	struct thread *t;

	init_waitqueue_head(&q);
	add_wait_queue(&q, &w);
	wake_up(&q);
	assert_int_equal(wait_woken(&w, TASK_INTERRUPTIBLE, 50), 50); /* already woken */
	assert_int_equal(wait_woken(&w, TASK_INTERRUPTIBLE, 50), 0);  /* not again */
	t = thread_create(wake_now, NULL, "w");
	assert_true(wait_woken(&w, TASK_INTERRUPTIBLE, 50) == 50);
	remove_wait_queue(&q, &w);
	thread_join(t);
}

static int counted_calls;

static int count_call(wait_queue_entry_t *e, unsigned int mode, u32 events)
{
	counted_calls += (int)events;
	return 0;
}

static void wake_functions_get_the_events(void **state)
{
	wait_queue_entry_t e;

	init_waitqueue_head(&q);
	init_waitqueue_func_entry(&e, count_call);
	add_wait_queue(&q, &e);
	counted_calls = 0;
	wake_up_interruptible_poll(&q, 5);
	wake_up_interruptible_sync_poll(&q, 2);
	assert_int_equal(counted_calls, 7);
	remove_wait_queue(&q, &e);
	wake_up_interruptible_poll(&q, 5);
	assert_int_equal(counted_calls, 7);
}

static struct mutex m;
static int inside, most_inside;

static int use_mutex(void *arg)
{
	for (int i = 0; i < 20; i++) {
		mutex_lock(&m);
		inside++;
		most_inside = max(most_inside, inside);
		msleep(1);
		inside--;
		mutex_unlock(&m);
		thread_yield();
	}
	return 0;
}

static void mutex_lets_one_in(void **state)
{
	struct thread *t[4];

	mutex_init(&m);
	for (int i = 0; i < 4; i++)
		t[i] = thread_create(use_mutex, NULL, "m%d", i);
	hosted_run_until_idle();
	assert_false(mutex_trylock(&m));
	for (int i = 0; i < 4; i++)
		thread_join(t[i]);
	assert_int_equal(most_inside, 1);
	assert_true(mutex_trylock(&m));
	mutex_unlock(&m);
}

static void sleep_with_softirqs_off(void *arg)
{
	local_bh_disable();
	schedule();
}

static void sleeping_in_atomic_context_is_a_bug(void **state)
{
	assert_true(hosted_panics(sleep_with_softirqs_off, NULL));
	local_bh_enable();
}

static void time_calls(void **state)
{
	struct timespec ts, rem;
	u64 start = hosted_now_ns();

	assert_int_equal(sys_clock_gettime(CLOCK_MONOTONIC, &ts), 0);
	assert_int_equal((u64)ts.tv_sec * NSEC_PER_SEC + (u64)ts.tv_nsec, start);
	assert_int_equal(sys_clock_gettime(CLOCK_REALTIME, &ts), 0);
	assert_true(ts.tv_sec >= 1700000000);
	assert_int_equal(sys_clock_gettime(99, &ts), -EINVAL);
	assert_int_equal(sys_clock_gettime(CLOCK_MONOTONIC, NULL), -EFAULT);
	ts = (struct timespec){ .tv_sec = 1, .tv_nsec = 500000000 };
	assert_int_equal(sys_nanosleep(&ts, NULL), 0);
	assert_true(hosted_now_ns() - start >= 1500 * NSEC_PER_MSEC);
	ts.tv_nsec = 1000000000;
	assert_int_equal(sys_nanosleep(&ts, NULL), -EINVAL);
	ts = (struct timespec){ .tv_sec = -1 };
	assert_int_equal(sys_nanosleep(&ts, NULL), -EINVAL);
	assert_int_equal(sys_nanosleep(NULL, NULL), -EFAULT);
	ts = (struct timespec){ .tv_sec = 5 };
	thread_interrupt(current);
	assert_int_equal(sys_nanosleep(&ts, &rem), -ERESTART_RESTARTBLOCK);
	assert_int_equal(rem.tv_sec, 5);
	clear_signal_pending();
}

static void getrandom_call(void **state)
{
	u8 a[600] = { 0 }, zero[600] = { 0 };

	assert_int_equal(sys_getrandom(a, sizeof(a), 0), sizeof(a));
	assert_memory_not_equal(a, zero, 16);
	assert_memory_not_equal(a + 584, zero, 16);
	assert_int_equal(sys_getrandom(a, 5, 0x80), -EINVAL);
	assert_int_equal(sys_getrandom(NULL, 5, 0), -EFAULT);
	assert_int_equal(sys_getrandom(NULL, 0, 0), 0);
}

#define T(fn) TEST_UP_DOWN(fn, hosted_setup, hosted_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(threads_take_turns_and_return_codes),
		T(detached_threads_free_themselves),
		T(thread_creation_survives_failing_allocations),
		T(sleeping_takes_the_time_it_says),
		T(a_wake_up_takes_all_shared_and_one_exclusive),
		T(interruptible_wake_ups_leave_the_others),
		T(an_interrupt_ends_the_wait),
		T(no_wake_up_is_lost),
		T(wait_woken_remembers),
		T(wake_functions_get_the_events),
		T(mutex_lets_one_in),
		T(sleeping_in_atomic_context_is_a_bug),
		T(time_calls),
		T(getrandom_call),
	};

	return RUN_TESTS(tests);
}
