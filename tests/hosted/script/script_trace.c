// SPDX-License-Identifier: BSD-2-Clause
/* What happened so far, kept for the message of a script that fails: the last lines, with times. */
#include <stdarg.h>
#include <stdio.h>
#include <tests/hosted/script/run.h>

#define LINES 60

static struct {
	s64 at_us;
	char text[200];
} line[LINES];
static unsigned int lines;
static s64 (*now)(void);

void trace_start(s64 (*now_us)(void))
{
	now = now_us;
	lines = 0;
}

void trace(const char *fmt, ...)
{
	va_list ap;

	line[lines % LINES].at_us = now ? now() : 0;
	va_start(ap, fmt);
	vsnprintf(line[lines % LINES].text, sizeof(line[0].text), fmt, ap);
	va_end(ap);
	lines++;
}

void trace_print(void)
{
	unsigned int i = lines > LINES ? lines - LINES : 0;

	printf("what happened:\n");
	for (; i < lines; i++)
		printf("  %10.3f  %s\n", (double)line[i % LINES].at_us / US_PER_MS,
		       line[i % LINES].text);
}
