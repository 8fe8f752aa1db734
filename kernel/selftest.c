// SPDX-License-Identifier: BSD-2-Clause
/*
 * selftest=NAME breaks the kernel on purpose, so that tests can read the reports: panic, bug,
 * warn, irqwarn, nullderef, divide, stackoverflow, textwrite, nxexec, uaf, doublefree, overrun,
 * leak, and wx, which walks the page tables for pages that are writable and executable at once.
 * The slab ones need checking mode (slab_check=1 or DEBUG=1). A step of kernel_main()'s table;
 * thread context.
 */
#include <kernel/cpu/irqflags.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/slab.h>
#include <kernel/selftest.h>
#include <kernel/time/clock.h>
#include <kernel/time/timer.h>
#include <string.h>

#define OBJECT_SIZE 100

static volatile int zero;
static void *volatile pointer; /* hides from the compiler what the tests do */

static void selftest_panic(void)
{
	panic("asked for by selftest=panic");
}

static void selftest_bug(void)
{
	BUG_ON(zero == 0);
}

static void selftest_warn(void)
{
	WARN_ON(zero == 0);
}

static void selftest_nullderef(void)
{
	pointer = NULL;
	*(volatile int *)pointer = 1;
}

static void selftest_divide(void)
{
	zero = 100 / zero;
}

static int recurse(int depth);
static int (*volatile recurse_pointer)(int) = recurse;

static noinline int recurse(int depth)
{
	volatile char frame[256];

	frame[0] = (char)depth;
	return recurse_pointer(depth + 1) + frame[0];
}

static void selftest_stackoverflow(void)
{
	zero = recurse(0);
}

static void selftest_textwrite(void)
{
	pointer = (void *)selftest_textwrite;
	*(volatile u8 *)pointer = 0xcc;
}

static void selftest_nxexec(void)
{
	static u8 code[] = { 0xc3 }; /* ret */

	pointer = code;
	((void (*)(void))pointer)();
}

static void selftest_uaf(void)
{
	pointer = kmalloc(OBJECT_SIZE, GFP_KERNEL);
	kfree(pointer);
	memset(pointer, 0, 1);
	for (int i = 0; i < 100; i++)
		kmalloc(OBJECT_SIZE, GFP_KERNEL);
}

static void selftest_doublefree(void)
{
	pointer = kmalloc(OBJECT_SIZE, GFP_KERNEL);
	kfree(pointer);
	kfree(pointer);
}

static void selftest_overrun(void)
{
	pointer = kmalloc(OBJECT_SIZE, GFP_KERNEL);
	memset(pointer, 0, ksize(pointer) + 1);
	kfree(pointer);
}

static void selftest_leak(void)
{
	slab_leak_baseline();
	for (int i = 0; i < 3; i++)
		pointer = kmalloc(OBJECT_SIZE, GFP_KERNEL);
	pointer = kmalloc(2 * PAGE_SIZE, GFP_KERNEL);
	pr_info("selftest: %lu leaks\n", slab_report_leaks());
}

static void selftest_wx(void)
{
	unsigned int bad = paging_check_wx();

	pr_info("selftest: wx: %u bad pages\n", bad);
	BUG_ON(bad);
}

static volatile bool timer_fired;

static void selftest_timer(struct timer_list *t)
{
	WARN_ON(t->function != NULL);
	timer_fired = true;
}

/* A warning inside an interrupt: its call chain goes on into what was interrupted. */
static void selftest_irqwarn(void)
{
	static struct timer_list timer;

	timer_setup(&timer, selftest_timer, 0);
	mod_timer(&timer, jiffies + 2);
	while (!timer_fired)
		cpu_relax();
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "panic", selftest_panic },
	{ "bug", selftest_bug },
	{ "warn", selftest_warn },
	{ "irqwarn", selftest_irqwarn },
	{ "nullderef", selftest_nullderef },
	{ "divide", selftest_divide },
	{ "stackoverflow", selftest_stackoverflow },
	{ "textwrite", selftest_textwrite },
	{ "nxexec", selftest_nxexec },
	{ "uaf", selftest_uaf },
	{ "doublefree", selftest_doublefree },
	{ "overrun", selftest_overrun },
	{ "leak", selftest_leak },
	{ "wx", selftest_wx },
	{ "mm", selftest_mm },
	{ "sched", selftest_sched },
	{ "clock", selftest_clock },
};

void selftest_run(void)
{
	const char *name = cmdline_get("selftest");

	if (!name)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		if (!strcmp(tests[i].name, name)) {
			pr_info("selftest: %s\n", name);
			tests[i].run();
			barrier(); /* a real call: the reports show who asked */
			return;
		}
	}
	pr_err("selftest: there is no '%s'\n", name);
}
