// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/abi/futex*.c in virtual time: waiting, timeouts, order of wake-ups, requeue, WAKE_OP,
 * signals, robust lists, locks that are handed over.
 */
#include <tests/hosted/test.h>

#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/futex.h>
#include <kernel/lib/restart.h>
#include <kernel/sched/thread.h>
#include <kernel/time/clock.h>
#include <linux/futex.h>
#include <string.h>
#include <tests/hosted/abi/abi_test.h>
#include <tests/hosted/services/hosted.h>
#include <time.h>

#define WAITERS 5

static u32 word, word2;
static char order[32];
static long results[WAITERS];

static long futex(u32 *uaddr, int op, u32 val)
{
	return sys_futex(uaddr, op, val, NULL, NULL, FUTEX_BITSET_MATCH_ANY);
}

/* What utime is for operations without a timeout. */
static const struct timespec *count(int n)
{
	return (const struct timespec *)(unsigned long)n;
}

static int futex_up(void **state)
{
	int err = program_up(state);

	word = word2 = 0;
	memset(order, 0, sizeof(order));
	memset(results, -1, sizeof(results));
	return err;
}

/* Waits on the word for 0, with a bit of its own in the mask, and notes when it was woken. */
static int waiter(void *arg)
{
	int i = (int)(unsigned long)arg;

	results[i] = sys_futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 1u << i);
	order[strlen(order)] = (char)('a' + i);
	return 0;
}

static int tids[WAITERS];

static void start_waiters(int n)
{
	for (int i = 0; i < n; i++)
		tids[i] = program_thread(waiter, (void *)(unsigned long)i);
	hosted_run_until_idle();
	assert_string_equal(order, "");
}

static void woken_are(const char *who)
{
	hosted_run_until_idle();
	assert_string_equal(order, who);
}

static void wait_checks_its_arguments(void **state)
{
	struct timespec bad = { .tv_nsec = 1000000000 }, negative = { .tv_sec = -1 };
	u32 words[2] = { 0 };
	u32 *odd = (u32 *)((char *)words + 2), *kernel = (u32 *)0xffff800000000000UL;

	assert_int_equal(futex(&word, FUTEX_WAIT, 1), -EAGAIN);
	assert_int_equal(futex(odd, FUTEX_WAIT, 0), -EINVAL);
	assert_int_equal(futex(NULL, FUTEX_WAIT, 0), -EFAULT);
	assert_int_equal(futex(kernel, FUTEX_WAIT, 0), -EFAULT);
	assert_int_equal(futex(kernel, FUTEX_WAKE, 0), -EFAULT);
	assert_int_equal(sys_futex(&word, FUTEX_WAIT, 0, &bad, NULL, 0), -EINVAL);
	assert_int_equal(sys_futex(&word, FUTEX_WAIT, 0, &negative, NULL, 0), -EINVAL);
	assert_int_equal(sys_futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0), -EINVAL);
	assert_int_equal(sys_futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), -EINVAL);
	assert_int_equal(futex(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1), -ENOSYS);
	assert_int_equal(futex(&word, FUTEX_FD, 0), -ENOSYS);
	assert_int_equal(futex(&word, 99, 0), -ENOSYS);
	/* Nobody looks at a private word that nobody waits for. */
	assert_int_equal(futex((u32 *)0x10000, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1), 0);
}

static void first_to_wait_is_first_to_be_woken(void **state)
{
	start_waiters(WAITERS);
	assert_int_equal(futex(&word2, FUTEX_WAKE, 9), 0);
	assert_int_equal(futex(&word, FUTEX_WAKE, 2), 2);
	woken_are("ab");
	assert_int_equal(futex(&word, FUTEX_WAKE, 0), 1); /* as Linux counts */
	woken_are("abc");
	assert_int_equal(futex(&word, FUTEX_WAKE, 0x7fffffff), 2);
	woken_are("abcde");
	assert_int_equal(futex(&word, FUTEX_WAKE, 1), 0);
	for (int i = 0; i < WAITERS; i++)
		assert_int_equal(results[i], 0);
}

static void bits_choose_who_is_woken(void **state)
{
	start_waiters(WAITERS);
	assert_int_equal(sys_futex(&word, FUTEX_WAKE_BITSET, 9, NULL, NULL, 0x12), 2);
	woken_are("be");
	assert_int_equal(sys_futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0x2), 0);
	assert_int_equal(futex(&word, FUTEX_WAKE, 9), 3);
	woken_are("beacd");
}

static void private_and_shared_do_not_meet(void **state)
{
	start_waiters(1);
	assert_int_equal(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9), 0);
	assert_int_equal(futex(&word, FUTEX_WAKE, 9), 1);
	woken_are("a");
}

static void timeouts_are_exact(void **state)
{
	struct timespec t = { .tv_nsec = 1500 };
	u64 start = hosted_now_ns(), real;

	assert_int_equal(sys_futex(&word, FUTEX_WAIT, 0, &t, NULL, 0), -ETIMEDOUT);
	assert_int_equal(hosted_now_ns() - start, 1500);
	t.tv_nsec = (long)((hosted_now_ns() + 2500) % NSEC_PER_SEC);
	t.tv_sec = (time_t)((hosted_now_ns() + 2500) / NSEC_PER_SEC);
	assert_int_equal(sys_futex(&word, FUTEX_WAIT_BITSET, 0, &t, NULL, ~0u), -ETIMEDOUT);
	assert_int_equal(hosted_now_ns() - start, 4000);
	real = ktime_get_real_ns() + 6000;
	t = (struct timespec){ (time_t)(real / NSEC_PER_SEC), (long)(real % NSEC_PER_SEC) };
	assert_int_equal(sys_futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &t, NULL,
				   ~0u),
			 -ETIMEDOUT);
	assert_int_equal(hosted_now_ns() - start, 10000);
	/* A moment that is over: not without looking at the word first. */
	t = (struct timespec){ 0 };
	assert_int_equal(sys_futex(&word, FUTEX_WAIT_BITSET, 0, &t, NULL, ~0u), -ETIMEDOUT);
	assert_int_equal(sys_futex(&word, FUTEX_WAIT_BITSET, 1, &t, NULL, ~0u), -EAGAIN);
	assert_int_equal(hosted_now_ns() - start, 10000);
	assert_int_equal(futex(&word, FUTEX_WAKE, 9), 0); /* nobody was left behind */
}

static void requeue_moves_the_others_behind(void **state)
{
	start_waiters(WAITERS);
	assert_int_equal(sys_futex(&word, FUTEX_CMP_REQUEUE, 1, count(2), &word2, 7), -EAGAIN);
	assert_int_equal(sys_futex(&word, FUTEX_REQUEUE, (u32)-1, count(2), &word2, 0), -EINVAL);
	assert_int_equal(sys_futex(&word, FUTEX_CMP_REQUEUE, 1, count(2), &word2, 0), 3);
	woken_are("a");
	assert_int_equal(futex(&word2, FUTEX_WAKE, 1), 1);
	woken_are("ab");
	assert_int_equal(futex(&word, FUTEX_WAKE, 9), 2);
	woken_are("abde");
	assert_int_equal(futex(&word2, FUTEX_WAKE, 9), 1);
	woken_are("abdec");
}

static void requeue_to_the_same_word_ends(void **state)
{
	start_waiters(3);
	assert_int_equal(sys_futex(&word, FUTEX_REQUEUE, 1, count(0x7fffffff), &word, 0), 3);
	woken_are("a");
	assert_int_equal(futex(&word, FUTEX_WAKE, 9), 2);
	woken_are("abc");
}

#define WAKE_OP(op, arg, cmp, with)                                                                \
	((u32)(op) << 28 | (u32)(cmp) << 24 | ((u32)(arg) & 0xfff) << 12 | ((u32)(with) & 0xfff))

static void wake_op_changes_and_compares(void **state)
{
	static const struct {
		u32 before, op, after;
		bool match;
	} cases[] = {
		{ 5, WAKE_OP(FUTEX_OP_SET, 7, FUTEX_OP_CMP_EQ, 5), 7, true },
		{ 5, WAKE_OP(FUTEX_OP_ADD, -1, FUTEX_OP_CMP_NE, 5), 4, false },
		{ 5, WAKE_OP(FUTEX_OP_OR, 2, FUTEX_OP_CMP_GT, 4), 7, true },
		{ 7, WAKE_OP(FUTEX_OP_ANDN, 2, FUTEX_OP_CMP_LT, 7), 5, false },
		{ 7, WAKE_OP(FUTEX_OP_XOR, 1, FUTEX_OP_CMP_LE, 7), 6, true },
		{ 0, WAKE_OP(FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 4, FUTEX_OP_CMP_GE, -1), 16,
		  true },
	};

	/* Who waits on the first word is woken in any case ... */
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(order, 0, sizeof(order));
		start_waiters(1);
		word2 = cases[i].before;
		assert_int_equal(sys_futex(&word, FUTEX_WAKE_OP, 1, count(1), &word2, cases[i].op),
				 1);
		assert_int_equal(word2, cases[i].after);
		woken_are("a");
	}
	/* ... on the second if it compares. */
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(order, 0, sizeof(order));
		start_waiters(1);
		word = cases[i].before;
		assert_int_equal(sys_futex(&word2, FUTEX_WAKE_OP, 1, count(1), &word, cases[i].op),
				 cases[i].match);
		woken_are(cases[i].match ? "a" : "");
		word = 0;
		futex(&word, FUTEX_WAKE, 1);
		hosted_run_until_idle();
	}
	assert_int_equal(sys_futex(&word, FUTEX_WAKE_OP, 1, count(1), &word2,
				   WAKE_OP(7, 0, 0, 0)),
			 -ENOSYS);
	assert_int_equal(sys_futex(&word, FUTEX_WAKE_OP, 1, count(1), &word2,
				   WAKE_OP(0, 0, 9, 0)),
			 -ENOSYS);
	assert_int_equal(sys_futex(&word, FUTEX_WAKE_OP, 1, count(1), NULL, 0), -EFAULT);
}

static void a_signal_ends_the_wait(void **state)
{
	start_waiters(1);
	thread_interrupt(program_task(tids[0])->thread);
	woken_are("a");
	assert_int_equal(results[0], -ERESTARTSYS);
	assert_int_equal(futex(&word, FUTEX_WAKE, 1), 0);
}

static int interrupt_later(void *arg)
{
	msleep(10);
	thread_interrupt(arg);
	return 0;
}

static void an_interrupted_wait_goes_on_to_the_same_moment(void **state)
{
	struct timespec t = { .tv_nsec = 30000000 };
	struct restart_block *r = &current->restart;
	u64 start = hosted_now_ns();

	program_thread(interrupt_later, current);
	assert_int_equal(sys_futex(&word, FUTEX_WAIT, 0, &t, NULL, 0), -ERESTART_RESTARTBLOCK);
	assert_in_range(hosted_now_ns() - start, 10000000, 11999999);
	clear_signal_pending();
	assert_int_equal(r->fn(r), -ETIMEDOUT);
	assert_int_equal(hosted_now_ns() - start, 30000000);
}

/* A robust list of three locks; the second is somebody else's. */
static struct {
	struct robust_list_head head;
	struct lock {
		struct robust_list list;
		u32 word;
	} locks[3];
} robust;

static void make_robust(u32 tid)
{
	memset(&robust, 0, sizeof(robust));
	robust.head.futex_offset = offsetof(struct lock, word);
	robust.head.list.next = &robust.locks[0].list;
	robust.locks[0].list.next = &robust.locks[1].list;
	robust.locks[1].list.next = &robust.locks[2].list;
	robust.locks[2].list.next = &robust.head.list;
	robust.locks[0].word = tid;
	robust.locks[1].word = tid + 1;
	robust.locks[2].word = tid | FUTEX_WAITERS;
}

static int lock_waiter(void *arg)
{
	results[0] = futex(arg, FUTEX_WAIT, *(u32 *)arg);
	return 0;
}

static void the_locks_of_a_dead_thread_say_so(void **state)
{
	make_robust(77);
	program_thread(lock_waiter, &robust.locks[2].word);
	program_thread(lock_waiter, &robust.locks[0].word); /* has not set the bit: is not woken */
	hosted_run_until_idle();
	exit_robust_list(&robust.head, 77);
	hosted_run_until_idle();
	assert_int_equal(robust.locks[0].word, FUTEX_OWNER_DIED);
	assert_int_equal(robust.locks[1].word, 78);
	assert_int_equal(robust.locks[2].word, FUTEX_WAITERS | FUTEX_OWNER_DIED);
	assert_int_equal(results[0], 0);
	assert_int_equal(futex(&robust.locks[2].word, FUTEX_WAKE, 1), 0);
	assert_int_equal(futex(&robust.locks[0].word, FUTEX_WAKE, 1), 1);
}

static void a_lock_on_its_way_is_looked_at_last(void **state)
{
	make_robust(77);
	robust.locks[0].list.next = &robust.head.list;
	robust.head.list_op_pending = &robust.locks[2].list;
	exit_robust_list(&robust.head, 77);
	assert_int_equal(robust.locks[0].word, FUTEX_OWNER_DIED);
	assert_int_equal(robust.locks[2].word, FUTEX_WAITERS | FUTEX_OWNER_DIED);
	/* Given back already: somebody must be woken all the same. */
	robust.locks[2].word = 0;
	program_thread(lock_waiter, &robust.locks[2].word);
	hosted_run_until_idle();
	exit_robust_list(&robust.head, 77);
	hosted_run_until_idle();
	assert_int_equal(results[0], 0);
	assert_int_equal(robust.locks[2].word, 0);
}

static void a_broken_list_is_left(void **state)
{
	make_robust(77);
	robust.locks[0].list.next = &robust.locks[0].list; /* for ever */
	exit_robust_list(&robust.head, 77);
	assert_int_equal(robust.locks[0].word, FUTEX_OWNER_DIED);
	make_robust(77);
	robust.locks[1].list.next = (void *)0x1000;
	hosted_fault_range((void *)0x1000, 0x1000);
	exit_robust_list(&robust.head, 77);
	assert_int_equal(robust.locks[0].word, FUTEX_OWNER_DIED);
	hosted_no_faults();
	exit_robust_list((void *)0xffff800000000000UL, 77);
}

static void the_end_of_a_thread_wakes_who_joins_it(void **state)
{
	int child = 42;

	word = 42;
	program_thread(lock_waiter, &child);
	hosted_run_until_idle();
	current_user->clear_child_tid = &child;
	futex_exit_thread(current_user);
	hosted_run_until_idle();
	assert_int_equal(child, 0);
	assert_int_equal(results[0], 0);
	/* The last one leaves the word: nobody joins. */
	child = 42;
	current_user->clear_child_tid = &child;
	futex_exit_thread(current_user);
	assert_int_equal(child, 42);
}

static void the_robust_list_is_told(void **state)
{
	void *head;
	size_t len;

	assert_int_equal(sys_set_robust_list(&robust, 8), -EINVAL);
	assert_int_equal(sys_set_robust_list(&robust, 24), 0);
	assert_int_equal(sys_get_robust_list(0, &head, &len), 0);
	assert_ptr_equal(head, &robust);
	assert_int_equal(len, 24);
	assert_int_equal(sys_get_robust_list(99, &head, &len), -ESRCH);
	assert_int_equal(sys_get_robust_list(0, NULL, &len), -EFAULT);
}

static int locker(void *arg)
{
	int i = (int)(unsigned long)arg;

	results[i] = futex(&word, FUTEX_LOCK_PI, 0);
	order[strlen(order)] = (char)('a' + i);
	msleep(10);
	if (i != 2) /* the third one dies with the lock */
		assert_int_equal(futex(&word, FUTEX_UNLOCK_PI, 0), 0);
	else
		futex_pi_exit(current_user->tid);
	return 0;
}

static void a_lock_is_handed_from_one_to_the_next(void **state)
{
	int first;

	assert_int_equal(futex(&word, FUTEX_UNLOCK_PI, 0), -EPERM);
	assert_int_equal(futex(&word, FUTEX_LOCK_PI, 0), 0);
	assert_int_equal(word, 1);
	assert_int_equal(futex(&word, FUTEX_LOCK_PI, 0), -EDEADLK);
	first = program_thread(locker, (void *)0);
	for (unsigned long i = 1; i < 4; i++)
		program_thread(locker, (void *)i);
	hosted_run_until_idle();
	assert_int_equal(word, 1 | FUTEX_WAITERS);
	assert_int_equal(futex(&word, FUTEX_WAKE, 1), -EINVAL);
	assert_int_equal(futex(&word, FUTEX_UNLOCK_PI, 0), 0);
	assert_int_equal(word, (u32)first | FUTEX_WAITERS);
	assert_int_equal(futex(&word, FUTEX_TRYLOCK_PI, 0), -EAGAIN);
	hosted_advance(25);
	assert_string_equal(order, "abc");
	assert_int_equal(word, (u32)(first + 2) | FUTEX_WAITERS);
	hosted_advance(10);
	assert_string_equal(order, "abcd");
	assert_int_equal(word, (u32)(first + 3) | FUTEX_OWNER_DIED);
	hosted_advance(10);
	assert_int_equal(word, 0);
	word = 99;
	assert_int_equal(futex(&word, FUTEX_LOCK_PI, 0), -ESRCH);
}

static int holder(void *arg)
{
	futex(&word, FUTEX_LOCK_PI, 0);
	msleep(100);
	futex(&word, FUTEX_UNLOCK_PI, 0);
	return 0;
}

static void waiting_for_a_lock_has_an_end(void **state)
{
	u64 start = hosted_now_ns(), real = ktime_get_real_ns() + 5000000;
	struct timespec t = { (time_t)(real / NSEC_PER_SEC), (long)(real % NSEC_PER_SEC) };

	program_thread(holder, NULL);
	hosted_run_until_idle();
	assert_int_equal(sys_futex(&word, FUTEX_LOCK_PI, 0, &t, NULL, 0), -ETIMEDOUT);
	assert_int_equal(hosted_now_ns() - start, 5000000);
	program_thread(interrupt_later, current);
	assert_int_equal(futex(&word, FUTEX_LOCK_PI, 0), -ERESTARTNOINTR);
	clear_signal_pending();
	hosted_advance(100);
	assert_int_equal(word, 0);
}

static int wake_second_later(void *arg)
{
	msleep(5);
	futex(arg, FUTEX_WAKE, 1);
	return 0;
}

static void one_of_several_words_is_enough(void **state)
{
	struct futex_waitv v[3] = {
		{ .uaddr = (u64)&word, .flags = FUTEX_32 },
		{ .uaddr = (u64)&word2, .flags = FUTEX_32 },
		{ .uaddr = (u64)&results[0], .val = 0xffffffff, .flags = FUTEX_32 },
	};
	struct timespec t = { 0 };

	program_thread(wake_second_later, &word2);
	assert_int_equal(sys_futex_waitv(v, 3, 0, NULL, 0), 1);
	assert_int_equal(futex(&word, FUTEX_WAKE, 9), 0); /* off all queues */
	assert_int_equal(sys_futex_waitv(v, 3, 0, &t, CLOCK_MONOTONIC), -ETIMEDOUT);
	v[2].val = 0;
	assert_int_equal(sys_futex_waitv(v, 3, 0, NULL, 0), -EAGAIN);
	assert_int_equal(futex(&word, FUTEX_WAKE, 9), 0);
	program_thread(interrupt_later, current);
	assert_int_equal(sys_futex_waitv(v, 2, 0, NULL, 0), -ERESTARTSYS);
	clear_signal_pending();
	assert_int_equal(sys_futex_waitv(v, 2, 1, NULL, 0), -EINVAL);
	hosted_fail_nth(1);
	assert_int_equal(sys_futex_waitv(v, 2, 0, NULL, 0), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(wait_checks_its_arguments, futex_up, program_down),
		TEST_UP_DOWN(first_to_wait_is_first_to_be_woken, futex_up, program_down),
		TEST_UP_DOWN(bits_choose_who_is_woken, futex_up, program_down),
		TEST_UP_DOWN(private_and_shared_do_not_meet, futex_up, program_down),
		TEST_UP_DOWN(timeouts_are_exact, futex_up, program_down),
		TEST_UP_DOWN(requeue_moves_the_others_behind, futex_up, program_down),
		TEST_UP_DOWN(requeue_to_the_same_word_ends, futex_up, program_down),
		TEST_UP_DOWN(wake_op_changes_and_compares, futex_up, program_down),
		TEST_UP_DOWN(a_signal_ends_the_wait, futex_up, program_down),
		TEST_UP_DOWN(an_interrupted_wait_goes_on_to_the_same_moment, futex_up,
			     program_down),
		TEST_UP_DOWN(the_locks_of_a_dead_thread_say_so, futex_up, program_down),
		TEST_UP_DOWN(a_lock_on_its_way_is_looked_at_last, futex_up, program_down),
		TEST_UP_DOWN(a_broken_list_is_left, futex_up, program_down),
		TEST_UP_DOWN(the_end_of_a_thread_wakes_who_joins_it, futex_up, program_down),
		TEST_UP_DOWN(the_robust_list_is_told, futex_up, program_down),
		TEST_UP_DOWN(a_lock_is_handed_from_one_to_the_next, futex_up, program_down),
		TEST_UP_DOWN(one_of_several_words_is_enough, futex_up, program_down),
		TEST_UP_DOWN(waiting_for_a_lock_has_an_end, futex_up, program_down),
	};

	return RUN_TESTS(tests);
}
