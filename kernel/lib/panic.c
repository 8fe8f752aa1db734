// SPDX-License-Identifier: BSD-2-Clause
/*
 * panic(), BUG_ON and WARN_ON. A warning prints its place and the call chain through printk,
 * counts, and lets the kernel go on. A panic turns interrupts off, prints on the polled serial
 * port and ends the machine: QEMU's isa-debug-exit gets 0x7f; otherwise panic=0 (the default)
 * waits for ever, panic=N restarts after N seconds, panic=-1 at once, panic=off powers off. A
 * second panic inside the first one only halts. Any context.
 */
#include <boot/earlycon.h>
#include <kernel/cpu/io.h>
#include <kernel/cpu/irqflags.h>
#include <kernel/cpu/power.h>
#include <kernel/cpu/ptrace.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/report.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE 256
#define IO_DELAYS_PER_SECOND 1000000L

static bool panicking;
static unsigned long warnings;

static void report_line(const char *fmt, va_list ap)
{
	char line[LINE_SIZE];

	vsnprintf(line, sizeof(line), fmt, ap);
	if (panicking)
		earlycon_puts(line);
	else
		printk(LOGLEVEL_WARNING, "%s", line);
}

void report(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report_line(fmt, ap);
	va_end(ap);
}

void report_begin(void)
{
	local_irq_disable();
	if (panicking) {
		earlycon_puts("\npanic inside a panic\n");
		machine_power_off(EXIT_CODE_PANIC);
	}
	panicking = true;
	console_flush();
	earlycon_init();
	earlycon_puts("\n");
}

/* What panic= asks for where no debug exit device ended the machine already. */
static __noreturn void panic_action(void)
{
	const char *word = cmdline_get("panic");
	long seconds = word ? strtol(word, NULL, 10) : 0;

	machine_debug_exit(EXIT_CODE_PANIC);
	if (word && !strcmp(word, "off"))
		machine_power_off(EXIT_CODE_PANIC);
	if (seconds == 0)
		machine_halt();
	for (long i = 0; i < seconds * IO_DELAYS_PER_SECOND; i++)
		io_delay();
	machine_restart();
}

static __noreturn void panic_end(const char *fmt, va_list ap)
{
	char line[LINE_SIZE];

	vsnprintf(line, sizeof(line), fmt, ap);
	report("Kernel panic: %s\n", line);
	panic_action();
}

void panic_exit(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	panic_end(fmt, ap);
}

void panic(const char *fmt, ...)
{
	va_list ap;

	report_begin();
	backtrace_from((unsigned long)__builtin_return_address(0),
		       *(unsigned long *)__builtin_frame_address(0));
	va_start(ap, fmt);
	panic_end(fmt, ap);
}

void bug_report(const char *file, int line, const char *func, const char *cond)
{
	report_begin();
	report("BUG: %s:%d %s: %s\n", file, line, func, cond);
	backtrace_from((unsigned long)__builtin_return_address(0),
		       *(unsigned long *)__builtin_frame_address(0));
	panic_exit("BUG at %s:%d", file, line);
}

void warn_report(const char *file, int line, const char *func, const char *cond)
{
	warnings++;
	report("WARNING: %s:%d %s: %s\n", file, line, func, cond);
	backtrace_from((unsigned long)__builtin_return_address(0),
		       *(unsigned long *)__builtin_frame_address(0));
}

unsigned long warn_count(void)
{
	return warnings;
}
