/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel log. Each line is stored as "<level>[seconds.microseconds] text\n" in a ring of 64 KiB,
 * where new text overwrites the oldest, and is given to the consoles if its level is below the
 * console level (loglevel=N; `quiet` is 4, `debug` is 8; the default 7 shows all but debug lines).
 * Text with newlines inside makes one entry a line.
 *
 * A running byte number names each place of the ring for ever, so readers (dmesg, sys_syslog) keep
 * a position that stays right while the ring moves on. Any context; interrupts are off while the
 * ring and the consoles are written, so lines never mix.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sched/wait.h>
#include <kernel/time/clock.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 512
#define PREFIX_MAX_BYTES 40
#define LEVEL_BYTES 3 /* "<6>" */
#define LOGLEVEL_DEFAULT 7
#define LOGLEVEL_QUIET 4
#define LOGLEVEL_ALL 8

/* [i] interrupts off. */
static struct {
	char text[PRINTK_RING_SIZE];
	u64 end; /* running number of the next byte */
	struct console *consoles;
} ring;
static int console_level = LOGLEVEL_DEFAULT;
struct wait_queue_head printk_wait = { LIST_HEAD_INIT(printk_wait.head) };

static inline u64 ring_start(void)
{
	return ring.end > PRINTK_RING_SIZE ? ring.end - PRINTK_RING_SIZE : 0;
}

static inline char ring_at(u64 pos)
{
	return ring.text[pos % PRINTK_RING_SIZE];
}

static void ring_write(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		ring.text[ring.end++ % PRINTK_RING_SIZE] = s[i];
}

/* First byte of a line at or behind pos: where old text was overwritten, part of a line is left. */
static u64 line_start(u64 pos)
{
	u64 start = ring_start();

	if (pos > start)
		return pos;
	pos = start;
	if (start == 0)
		return 0;
	while (pos < ring.end && ring_at(pos) != '\n')
		pos++;
	return pos < ring.end ? pos + 1 : pos;
}

static void emit_line(int level, const char *s, size_t len)
{
	char line[PREFIX_MAX_BYTES + LINE_MAX_BYTES];
	u64 us = ktime_get_ns() / NSEC_PER_USEC;
	int n = snprintf(line, PREFIX_MAX_BYTES, "<%d>[%5llu.%06llu] ", level,
			 (unsigned long long)(us / USEC_PER_SEC),
			 (unsigned long long)(us % USEC_PER_SEC));
	size_t total = (size_t)n;

	memcpy(line + total, s, len);
	total += len;
	line[total++] = '\n';
	ring_write(line, total);
	if (level >= console_level)
		return;
	for (struct console *c = ring.consoles; c; c = c->next)
		c->write(c, line + LEVEL_BYTES, total - LEVEL_BYTES);
}

void printk(int level, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES - 1], *s = text, *nl;
	unsigned long flags;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	level &= 7;

	flags = local_irq_save();
	do {
		nl = strchr(s, '\n');
		emit_line(level, s, nl ? (size_t)(nl - s) : strlen(s));
		s = nl ? nl + 1 : NULL;
	} while (s && *s);
	wake_up_interruptible_all(&printk_wait);
	local_irq_restore(flags);
}

void console_write(const char *text, size_t len)
{
	unsigned long flags = local_irq_save();

	for (struct console *c = ring.consoles; c; c = c->next)
		c->write(c, text, len);
	local_irq_restore(flags);
}

size_t printk_read(u64 *pos, char *buf, size_t size)
{
	unsigned long flags = local_irq_save();
	u64 from = line_start(*pos);
	size_t n = 0;

	while (n < size && from < ring.end)
		buf[n++] = ring_at(from++);
	*pos = from;
	local_irq_restore(flags);
	return n;
}

u64 printk_end(void)
{
	return READ_ONCE(ring.end);
}

void printk_set_console_level(int level)
{
	console_level = clamp_t(int, level, 1, LOGLEVEL_ALL);
}

int printk_console_level(void)
{
	return console_level;
}

void printk_init(void)
{
	const char *level = cmdline_get("loglevel");

	if (cmdline_get("debug"))
		printk_set_console_level(LOGLEVEL_ALL);
	if (cmdline_get("quiet"))
		printk_set_console_level(LOGLEVEL_QUIET);
	if (level && *level)
		printk_set_console_level((int)strtol(level, NULL, 10));
}

/* Give c the lines of the ring that its level lets through. */
static void replay(struct console *c)
{
	u64 pos = line_start(0);
	char line[PREFIX_MAX_BYTES + LINE_MAX_BYTES];
	size_t n = 0;

	while (pos < ring.end) {
		char ch = ring_at(pos++);

		line[n++] = ch;
		if (ch != '\n' && n < sizeof(line))
			continue;
		if (n > LEVEL_BYTES && line[1] - '0' < console_level)
			c->write(c, line + LEVEL_BYTES, n - LEVEL_BYTES);
		n = 0;
	}
}

void register_console(struct console *c)
{
	unsigned long flags = local_irq_save();

	replay(c);
	c->next = ring.consoles;
	ring.consoles = c;
	local_irq_restore(flags);
}

void unregister_console(struct console *c)
{
	unsigned long flags = local_irq_save();

	for (struct console **p = &ring.consoles; *p; p = &(*p)->next) {
		if (*p == c) {
			*p = c->next;
			break;
		}
	}
	local_irq_restore(flags);
}

void console_flush(void)
{
	unsigned long flags = local_irq_save();

	for (struct console *c = ring.consoles; c; c = c->next) {
		if (c->flush)
			c->flush(c);
	}
	local_irq_restore(flags);
}
