// SPDX-License-Identifier: BSD-2-Clause
/*
 * panic(), BUG_ON and WARN_ON of the hosted tests: a line and the host's backtrace on stderr, then
 * abort(), which tests/hosted/run counts as a failed test. A test may announce warnings, and may
 * catch a panic with hosted_panics().
 */
#include <kernel/lib/bug.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <tests/hosted/services/host_glibc.h>
#include <tests/hosted/services/hosted.h>

static unsigned long warnings, expected, mark;
static void *catcher[5];
static bool catching;

static void say(const char *text)
{
	host_write(text, strlen(text));
}

static _Noreturn void die(const char *text)
{
	if (catching)
		__builtin_longjmp(catcher, 1);
	say(text);
	host_backtrace();
	host_abort();
}

void panic(const char *fmt, ...)
{
	char text[512] = "Kernel panic: ";
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + strlen(text), sizeof(text) - 32, fmt, ap);
	va_end(ap);
	strcat(text, "\n");
	die(text);
}

void bug_report(const char *file, int line, const char *func, const char *cond)
{
	char text[512];

	snprintf(text, sizeof(text), "BUG: %s:%d %s: %s\n", file, line, func, cond);
	die(text);
}

void warn_report(const char *file, int line, const char *func, const char *cond)
{
	char text[512];

	warnings++;
	if (expected) {
		expected--;
		return;
	}
	snprintf(text, sizeof(text), "WARNING: %s:%d %s: %s\n", file, line, func, cond);
	die(text);
}

unsigned long warn_count(void)
{
	return warnings;
}

void hosted_expect_warnings(unsigned long n)
{
	expected = n;
	mark = warnings;
}

unsigned long hosted_warnings(void)
{
	return warnings - mark;
}

bool hosted_panics(void (*fn)(void *arg), void *arg)
{
	BUG_ON(catching);
	if (__builtin_setjmp(catcher)) {
		catching = false;
		return true;
	}
	catching = true;
	fn(arg);
	catching = false;
	return false;
}
