// SPDX-License-Identifier: BSD-2-Clause
/*
 * selftest=NAME breaks the kernel on purpose, so that tests can read the reports: panic, bug, warn,
 * nullderef, divide, stackoverflow, textwrite, nxexec, uaf, doublefree, overrun, leak, and wx, which
 * walks the page tables for pages that are writable and executable at once. The slab ones need
 * checking mode (slab_check=1 or DEBUG=1). A step of kernel_main()'s table; thread context.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/slab.h>
#include <kernel/selftest.h>
#include <string.h>

#define OBJECT_SIZE 100

static volatile int zero;
static void *volatile pointer; /* hides from the compiler what the tests do */

static void test_panic(void)
{
	panic("asked for by selftest=panic");
}

static void test_bug(void)
{
	BUG_ON(zero == 0);
}

static void test_warn(void)
{
	WARN_ON(zero == 0);
}

static void test_nullderef(void)
{
	pointer = NULL;
	*(volatile int *)pointer = 1;
}

static void test_divide(void)
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

static void test_stackoverflow(void)
{
	zero = recurse(0);
}

static void test_textwrite(void)
{
	pointer = (void *)test_textwrite;
	*(volatile u8 *)pointer = 0xcc;
}

static void test_nxexec(void)
{
	static u8 code[] = { 0xc3 }; /* ret */

	pointer = code;
	((void (*)(void))pointer)();
}

static void test_uaf(void)
{
	pointer = kmalloc(OBJECT_SIZE, GFP_KERNEL);
	kfree(pointer);
	memset(pointer, 0, 1);
	for (int i = 0; i < 100; i++)
		kmalloc(OBJECT_SIZE, GFP_KERNEL);
}

static void test_doublefree(void)
{
	pointer = kmalloc(OBJECT_SIZE, GFP_KERNEL);
	kfree(pointer);
	kfree(pointer);
}

static void test_overrun(void)
{
	pointer = kmalloc(OBJECT_SIZE, GFP_KERNEL);
	memset(pointer, 0, ksize(pointer) + 1);
	kfree(pointer);
}

static void test_leak(void)
{
	slab_leak_baseline();
	for (int i = 0; i < 3; i++)
		pointer = kmalloc(OBJECT_SIZE, GFP_KERNEL);
	pointer = kmalloc(2 * PAGE_SIZE, GFP_KERNEL);
	pr_info("selftest: %lu leaks\n", slab_report_leaks());
}

static void test_wx(void)
{
	unsigned int bad = paging_check_wx();

	pr_info("selftest: wx: %u bad pages\n", bad);
	BUG_ON(bad);
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "panic", test_panic },
	{ "bug", test_bug },
	{ "warn", test_warn },
	{ "nullderef", test_nullderef },
	{ "divide", test_divide },
	{ "stackoverflow", test_stackoverflow },
	{ "textwrite", test_textwrite },
	{ "nxexec", test_nxexec },
	{ "uaf", test_uaf },
	{ "doublefree", test_doublefree },
	{ "overrun", test_overrun },
	{ "leak", test_leak },
	{ "wx", test_wx },
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
			return;
		}
	}
	pr_err("selftest: there is no '%s'\n", name);
}
