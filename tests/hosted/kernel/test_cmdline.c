// SPDX-License-Identifier: BSD-2-Clause
/* kernel/lib/cmdline.c: words, quotes, the program's part, unknown words. */
#include <tests/hosted/test.h>

#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <string.h>

static void values_and_bare_words(void **state)
{
	cmdline_init("quiet ip=10.0.0.1 app=httpd  ip=10.0.0.2\tempty= ");
	assert_string_equal(cmdline_get("quiet"), "");
	assert_string_equal(cmdline_get("ip"), "10.0.0.2"); /* the last one counts */
	assert_string_equal(cmdline_get("app"), "httpd");
	assert_string_equal(cmdline_get("empty"), "");
	assert_null(cmdline_get("ap"));
	assert_null(cmdline_get("appl"));
	assert_null(cmdline_get("10.0.0.1"));
}

static void empty_and_missing_lines(void **state)
{
	char **argv;

	cmdline_init(NULL);
	assert_null(cmdline_get("a"));
	cmdline_init("   ");
	assert_null(cmdline_get(""));
	assert_int_equal(cmdline_program_args(&argv), 0);
	assert_null(argv[0]);
}

static void quotes_keep_blanks(void **state)
{
	cmdline_init("a=\"x y\" \"b=1 2\" c=\"open end");
	assert_string_equal(cmdline_get("a"), "x y");
	assert_string_equal(cmdline_get("b"), "1 2");
	assert_string_equal(cmdline_get("c"), "open end");
}

static void words_after_two_dashes_are_the_programs(void **state)
{
	char **argv;

	cmdline_init("app=sh -- -p 80 -- app=x \"two words\"");
	assert_string_equal(cmdline_get("app"), "sh");
	assert_int_equal(cmdline_program_args(&argv), 5);
	assert_string_equal(argv[0], "-p");
	assert_string_equal(argv[1], "80");
	assert_string_equal(argv[2], "--");
	assert_string_equal(argv[3], "app=x");
	assert_string_equal(argv[4], "two words");
	assert_null(argv[5]);
}

static void join(const char *rest, void *arg)
{
	strcat(arg, rest);
	strcat(arg, ";");
}

static void each_calls_in_order(void **state)
{
	char all[100] = "";

	cmdline_init("sysctl.a=1 x sysctl.b=2 -- sysctl.c=3");
	cmdline_each("sysctl.", join, all);
	assert_string_equal(all, "a=1;b=2;");
}

static bool logged_since(u64 pos, const char *text)
{
	char buf[4096];
	size_t n = printk_read(&pos, buf, sizeof(buf) - 1);

	buf[n] = '\0';
	return strstr(buf, text) != NULL;
}

static void unknown_words_are_told_once(void **state)
{
	u64 pos = printk_end();

	cmdline_init("known nosuch=1 sysctl.z=0 -- stranger");
	cmdline_get("known");
	cmdline_each("sysctl.", join, (char[10]){ "" });
	cmdline_report_unknown();
	assert_true(logged_since(pos, "\"nosuch=1\""));
	assert_false(logged_since(pos, "known\""));
	assert_false(logged_since(pos, "sysctl"));
	assert_false(logged_since(pos, "stranger"));
	pos = printk_end();
	cmdline_report_unknown();
	assert_true(printk_end() == pos);
}

static void assignments_that_nobody_knows(void **state)
{
	char all[200] = "";
	u64 pos;

	cmdline_init("known=1 FOO=bar b.c=d noapic _x9=\"a b\" 9x=1 =y last= -- Z=1");
	cmdline_get("known");
	cmdline_take_assignments(join, all);
	assert_string_equal(all, "FOO=bar;_x9=a b;last=;");
	pos = printk_end();
	cmdline_report_unknown();
	assert_true(logged_since(pos, "\"b.c=d\""));
	assert_true(logged_since(pos, "\"noapic\""));
	assert_false(logged_since(pos, "FOO"));
}

static void a_text_of_its_own_is_split(void **state)
{
	char text[] = "  path/to/prog one \"two  words\" -- three\t\"\" end", all[100] = "";

	cmdline_split(text, join, all);
	assert_string_equal(all, "path/to/prog;one;two  words;--;three;;end;");
	all[0] = '\0';
	text[0] = '\0';
	cmdline_split(text, join, all);
	assert_string_equal(all, "");
}

static void too_long_is_cut_and_said(void **state)
{
	static char line[5000];
	char **argv;
	u64 pos = printk_end();

	memset(line, 'x', sizeof(line) - 1);
	cmdline_init(line);
	cmdline_report_unknown();
	assert_true(logged_since(pos, "too long"));
	/* More words than there is room for. */
	for (int i = 0; i < 1000; i++)
		memcpy(line + 2 * i, "w ", 3);
	pos = printk_end();
	cmdline_init(line);
	assert_string_equal(cmdline_get("w"), "");
	cmdline_report_unknown();
	assert_true(logged_since(pos, "too long"));
	assert_int_equal(cmdline_program_args(&argv), 0);
	assert_null(argv[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values_and_bare_words),
		TEST(empty_and_missing_lines),
		TEST(quotes_keep_blanks),
		TEST(words_after_two_dashes_are_the_programs),
		TEST(each_calls_in_order),
		TEST(unknown_words_are_told_once),
		TEST(assignments_that_nobody_knows),
		TEST(a_text_of_its_own_is_split),
		TEST(too_long_is_cut_and_said),
	};

	return RUN_TESTS(tests);
}
