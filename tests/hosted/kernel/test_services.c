// SPDX-License-Identifier: BSD-2-Clause
/* The hosted services themselves: a test that trusts them should know that they tell. */
#include <tests/hosted/test.h>

#include <kernel/lib/bug.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/wait.h>
#include <kernel/time/clock.h>
#include <kernel/time/timer.h>
#include <string.h>
#include <tests/hosted/services/hosted.h>

static void pages_have_struct_pages(void **state)
{
	struct page *p = alloc_pages(GFP_KERNEL, 2);
	char *a = page_address(p);

	assert_int_equal((unsigned long)a % PAGE_SIZE, 0);
	assert_ptr_equal(virt_to_page(a), p);
	assert_ptr_equal(virt_to_page(a + 3 * PAGE_SIZE + 17), p);
	get_page(p);
	put_page(p);
	assert_int_equal(page_count(p), 1);
	put_page(p);
	a = page_alloc(GFP_ATOMIC | __GFP_ZERO, 0);
	assert_int_equal(a[PAGE_SIZE - 1], 0);
	page_free(a, 0);
}

static void memory_is_bounded(void **state)
{
	struct page *p[3];
	struct mem_info mi;

	mem_info(&mi);
	hosted_set_totalram(mi.total_pages - mi.free_pages + 2);
	p[0] = alloc_pages(GFP_ATOMIC, 0);
	p[1] = alloc_pages(GFP_ATOMIC, 0);
	p[2] = alloc_pages(GFP_ATOMIC, 0);
	assert_non_null(p[1]);
	assert_null(p[2]);
	put_page(p[0]);
	put_page(p[1]);
	hosted_set_totalram(mi.total_pages);
}

static void faults_are_injected_in_turn(void **state)
{
	void *a, *b, *c;
	unsigned int failed = 0;

	hosted_fail_nth(2);
	a = kmalloc(10, GFP_KERNEL);
	b = kmalloc(10, GFP_KERNEL);
	c = kmalloc(10, GFP_KERNEL);
	assert_true(a && !b && c);
	assert_int_equal(hosted_failed(), 1);
	kfree(a);
	kfree(c);
	hosted_fail_permille(500);
	for (int i = 0; i < 1000; i++) {
		a = kmalloc(8, GFP_KERNEL);
		failed += !a;
		kfree(a);
	}
	assert_in_range(failed, 400, 600);
	assert_int_equal(hosted_failed(), failed);
}

static void leaks_are_found(void **state)
{
	struct kmem_cache *c = kmem_cache_create("leaky", 64, 0, 0);
	void *a, *b;

	hosted_leak_mark();
	assert_int_equal(hosted_leak_check(), 0);
	a = kmem_cache_zalloc(c, GFP_KERNEL);
	b = kmalloc(5, GFP_KERNEL);
	assert_int_equal(hosted_leak_check(), 2);
	assert_int_equal(((char *)a)[63], 0);
	kmem_cache_free(c, a);
	kfree(b);
	assert_int_equal(hosted_leak_check(), 0);
	kmem_cache_destroy(c);
}

static void free_twice(void *arg)
{
	kfree(arg);
	kfree(arg);
}

static void sleep_for_ever(void *arg)
{
	wait_queue_head_t q;

	init_waitqueue_head(&q);
	wait_event(&q, false);
}

static void mistakes_panic(void **state)
{
	assert_true(hosted_panics(free_twice, kmalloc(4, GFP_KERNEL)));
	assert_true(hosted_panics(sleep_for_ever, NULL));
	set_current_state(TASK_RUNNING);
	hosted_verbose(false);
}

static void warnings_can_be_announced(void **state)
{
	hosted_expect_warnings(1);
	assert_true(WARN_ON(true));
	assert_int_equal(hosted_warnings(), 1);
}

static char order[16];
static struct hosted_event a, b, c;

static void event_fn(struct hosted_event *e)
{
	strcat(order, e == &a ? "a" : e == &b ? "b" : "c");
}

static void tick_fn(struct timer_list *t)
{
	strcat(order, "T");
}

static void events_and_timers_in_order_of_time(void **state)
{
	struct timer_list t;
	u64 now;

	timer_setup(&t, tick_fn, 0);
	hosted_event_init(&a, event_fn);
	hosted_event_init(&b, event_fn);
	hosted_event_init(&c, event_fn);
	hosted_advance_ns(NSEC_PER_MSEC - hosted_now_ns() % NSEC_PER_MSEC);
	now = hosted_now_ns();
	hosted_event_at(&c, now + 3 * NSEC_PER_MSEC + 1);
	hosted_event_at(&b, now + 10);
	hosted_event_at(&a, now + 10);
	mod_timer(&t, jiffies + 3);
	hosted_advance(4);
	assert_string_equal(order, "baTc");
	hosted_event_at(&a, now + NSEC_PER_SEC);
	hosted_event_cancel(&a);
	assert_true(hosted_drain(10000));
	assert_string_equal(order, "baTc");
}

#define T(fn) TEST_UP_DOWN(fn, hosted_setup, hosted_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(pages_have_struct_pages),
		T(memory_is_bounded),
		T(faults_are_injected_in_turn),
		T(leaks_are_found),
		T(warnings_can_be_announced),
		T(events_and_timers_in_order_of_time),
		T(mistakes_panic),
	};

	return RUN_TESTS(tests);
}
