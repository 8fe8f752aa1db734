// SPDX-License-Identifier: BSD-2-Clause
/* kernel/lib/printk.c and ratelimit.c: format, levels, the ring's wrap, consoles; sys_syslog. */
#include <tests/hosted/test.h>

#include <errno.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/sys.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <tests/hosted/services/hosted.h>

static char shown[1 << 18];

static void show(struct console *c, const char *text, size_t len)
{
	strncat(shown, text, len);
}

static struct console screen = { .name = "screen", .write = show };

static const char *since(u64 pos)
{
	static char buf[PRINTK_RING_SIZE + 1];
	size_t n = printk_read(&pos, buf, PRINTK_RING_SIZE);

	buf[n] = '\0';
	return buf;
}

static void a_line_has_level_and_time(void **state)
{
	u64 pos;

	hosted_advance_ns(12345678 - hosted_now_ns() % 1000);
	pos = printk_end();
	pr_info("hello %d", 5);
	assert_memory_equal(since(pos), "<6>[    0.01234", 15);
	assert_non_null(strstr(since(pos), "] hello 5\n"));
	pos = printk_end();
	pr_err("with newline\n");
	assert_non_null(strstr(since(pos), "] with newline\n"));
	assert_null(strstr(since(pos), "\n\n"));
}

static void lines_are_split(void **state)
{
	u64 pos = printk_end();

	pr_warn("one\ntwo\n");
	assert_non_null(strstr(since(pos), "] one\n<4>["));
	assert_non_null(strstr(since(pos), "] two\n"));
}

static void the_console_gets_its_levels(void **state)
{
	register_console(&screen);
	shown[0] = '\0';
	printk_set_console_level(5);
	pr_warn("loud");
	pr_notice("quiet one");
	assert_non_null(strstr(shown, "loud\n"));
	assert_null(strstr(shown, "quiet one"));
	assert_int_equal(shown[0], '['); /* no level on the console */
	printk_set_console_level(7);
	unregister_console(&screen);
	pr_warn("nobody sees it");
	assert_null(strstr(shown, "nobody"));
}

static void a_late_console_sees_what_was_before(void **state)
{
	pr_info("earlier line");
	shown[0] = '\0';
	register_console(&screen);
	assert_non_null(strstr(shown, "earlier line\n"));
	unregister_console(&screen);
}

static void words_of_the_command_line(void **state)
{
	cmdline_init("quiet");
	printk_init();
	assert_int_equal(printk_console_level(), 4);
	cmdline_init("debug");
	printk_init();
	assert_int_equal(printk_console_level(), 8);
	cmdline_init("loglevel=3");
	printk_init();
	assert_int_equal(printk_console_level(), 3);
	cmdline_init("loglevel=99");
	printk_init();
	assert_int_equal(printk_console_level(), 8);
	printk_set_console_level(7);
}

static void the_ring_keeps_whole_new_lines(void **state)
{
	u64 pos = 0;
	const char *text;
	char last[32];

	for (int i = 0; i < 5000; i++)
		pr_info("line number %d", i);
	text = since(pos);
	assert_memory_equal(text, "<6>[", 4); /* starts at a line */
	assert_true(strlen(text) > PRINTK_RING_SIZE - 200);
	snprintf(last, sizeof(last), "number %d\n", 4999);
	assert_non_null(strstr(text, last));
	assert_null(strstr(text, "number 0\n"));
	/* A reader in small steps sees the same. */
	for (size_t at = 0;; at++) {
		char c;

		if (!printk_read(&pos, &c, 1)) {
			assert_int_equal(text[at], '\0');
			break;
		}
		assert_int_equal(c, text[at]);
	}
}

static void long_lines_are_cut(void **state)
{
	static char big[2000];
	u64 pos = printk_end();

	memset(big, 'a', sizeof(big) - 1);
	pr_info("%s", big);
	assert_true(strlen(since(pos)) < 600);
	assert_int_equal(since(pos)[strlen(since(pos)) - 1], '\n');
}

static void rate_limit_counts_what_it_holds_back(void **state)
{
	struct ratelimit_state rs = { .interval_ms = 1000, .burst = 3 };
	int passed = 0;
	u64 pos;

	for (int i = 0; i < 10; i++)
		passed += __ratelimit(&rs);
	assert_int_equal(passed, 3);
	hosted_advance(999);
	assert_false(__ratelimit(&rs));
	hosted_advance(2);
	pos = printk_end();
	assert_true(__ratelimit(&rs));
	assert_non_null(strstr(since(pos), "8 messages suppressed"));
}

static void syslog_actions(void **state)
{
	char buf[200];
	long n;

	assert_int_equal(sys_syslog(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0), PRINTK_RING_SIZE);
	pr_info("the newest line");
	n = sys_syslog(SYSLOG_ACTION_READ_ALL, buf, sizeof(buf) - 1);
	assert_true(n > 0);
	buf[n] = '\0';
	assert_int_equal(buf[0], '<');
	assert_non_null(strstr(buf, "the newest line\n"));
	assert_int_equal(sys_syslog(SYSLOG_ACTION_CLEAR, NULL, 0), 0);
	assert_int_equal(sys_syslog(SYSLOG_ACTION_READ_ALL, buf, sizeof(buf)), 0);
	assert_int_equal(sys_syslog(SYSLOG_ACTION_READ_ALL, NULL, 10), -EINVAL);
	assert_int_equal(sys_syslog(SYSLOG_ACTION_READ_ALL, buf, -1), -EINVAL);
	assert_int_equal(sys_syslog(77, NULL, 0), -EINVAL);
	assert_int_equal(sys_syslog(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, 9), -EINVAL);
	assert_int_equal(sys_syslog(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, 3), 0);
	assert_int_equal(sys_syslog(SYSLOG_ACTION_CONSOLE_OFF, NULL, 0), 0);
	assert_int_equal(printk_console_level(), 1);
	assert_int_equal(sys_syslog(SYSLOG_ACTION_CONSOLE_ON, NULL, 0), 0);
	assert_int_equal(printk_console_level(), 3);
	printk_set_console_level(7);
}

static int late_logger(void *arg)
{
	msleep(50);
	pr_info("woken by this");
	return 0;
}

static void syslog_read_waits_for_a_line(void **state)
{
	static char buf[PRINTK_RING_SIZE];
	struct thread *t;

	while (sys_syslog(SYSLOG_ACTION_SIZE_UNREAD, NULL, 0))
		sys_syslog(SYSLOG_ACTION_READ, buf, sizeof(buf));
	t = thread_create(late_logger, NULL, "logger");
	assert_true(sys_syslog(SYSLOG_ACTION_READ, buf, sizeof(buf)) > 0);
	assert_non_null(strstr(buf, "woken by this"));
	thread_join(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_has_level_and_time),
		TEST(lines_are_split),
		TEST(the_console_gets_its_levels),
		TEST(a_late_console_sees_what_was_before),
		TEST(words_of_the_command_line),
		TEST(the_ring_keeps_whole_new_lines),
		TEST(long_lines_are_cut),
		TEST(rate_limit_counts_what_it_holds_back),
		TEST(syslog_actions),
		TEST(syslog_read_waits_for_a_line),
	};

	return RUN_TESTS(tests);
}
