// SPDX-License-Identifier: BSD-2-Clause
/*
 * Start of the hosted kernel, in the order of kernel_main(), and what every test does around
 * itself: the same seed, empty run queue, no leaks, no warnings. stack.c's constructor calls
 * hosted_start() before main() in every program that has threads.
 */
#include <tests/hosted/test.h>

#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/softirq.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <kernel/time/tick.h>
#include <tests/hosted/services/host_glibc.h>
#include <tests/hosted/services/hosted.h>
#include <tests/hosted/services/runtime.h>

static void stderr_write(struct console *c, const char *text, size_t len)
{
	host_write(text, len);
}

static struct console stderr_console = { .name = "stderr", .write = stderr_write };
static bool verbose;

void hosted_verbose(bool on)
{
	if (on == verbose)
		return;
	verbose = on;
	if (on)
		register_console(&stderr_console);
	else
		unregister_console(&stderr_console);
}

size_t random_hw_words(u64 *w, size_t n)
{
	return 0;
}

void hosted_seed(u64 seed)
{
	u32 key[8] = { (u32)seed, (u32)(seed >> 32), 0x686f7374 };

	random_set_key(key);
}

void hosted_start(void)
{
	hosted_seed(1);
	if (host_getenv("HOSTED_VERBOSE"))
		hosted_verbose(true);
	sched_init();
	tick_init(jiffies);
	softirq_init();
	workqueue_init();
	hosted_run_until_idle();
}

int hosted_setup(void **state)
{
	hosted_seed(1);
	hosted_expect_warnings(0);
	hosted_fail_nth(0);
	hosted_fail_permille(0);
	hosted_no_faults();
	hosted_run_until_idle();
	hosted_leak_mark();
	return 0;
}

int hosted_teardown(void **state)
{
	hosted_fail_nth(0);
	hosted_fail_permille(0);
	hosted_run_until_idle();
	page_frag_release(&current->task_frag);
	assert_int_equal(hosted_leak_check(), 0);
	assert_int_equal(softirq_cpu.bh_count, 0);
	assert_false(softirq_cpu.in_softirq);
	return 0;
}

/* A program of the tests does not end by itself. */
void sys_exit_group(int status)
{
	panic("sys_exit_group(%d)", status);
}
