// SPDX-License-Identifier: BSD-2-Clause
/*
 * Dies as its first argument says, three calls deep, or ends with "survived".
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LEAF __attribute__((noinline, noclone))

static unsigned char data[4] = { 0xc3 };
static const char constant[] = "constant";

LEAF void null_write(void)
{
	*(volatile int *)8 = 1;
}

LEAF void jump_into_data(void)
{
	((void (*)(void))data)();
	__asm__ volatile("");
}

LEAF void jump_to_null(void)
{
	void (*volatile f)(void) = NULL;

	f();
	__asm__ volatile("");
}

LEAF int deep(int n)
{
	volatile char a[4096];

	a[0] = (char)n;
	return n < 0 ? 0 : deep(n + 1) + a[0];
}

LEAF void divide_by_zero(void)
{
	volatile int zero = 0;

	printf("%d\n", 5 / zero);
}

LEAF void write_constant(void)
{
	*(volatile char *)constant = 'x';
}

LEAF void behind_the_file(void)
{
	FILE *f = tmpfile();
	char *p;

	fputs("short", f);
	fflush(f);
	p = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fileno(f), 0);
	printf("%c%c\n", p[0], p[5000]);
}

LEAF void non_canonical(void)
{
	*(volatile char *)0x8000000000000000ul = 'x';
}

static const struct {
	const char *name;
	void (*fn)(void);
} ways[] = {
	{ "null", null_write },		{ "data", jump_into_data },
	{ "jump", jump_to_null },	{ "divide", divide_by_zero },
	{ "constant", write_constant }, { "bus", behind_the_file },
	{ "gp", non_canonical },	{ "abort", abort },
};

LEAF void middle(const char *how)
{
	if (!strcmp(how, "stack"))
		printf("%d\n", deep(1));
	if (!strcmp(how, "trap"))
		__builtin_trap();
	if (!strcmp(how, "term"))
		raise(SIGTERM);
	for (unsigned int i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(how, ways[i].name))
			ways[i].fn();
	__asm__ volatile("");
}

int main(int argc, char **argv)
{
	middle(argc > 1 ? argv[1] : "");
	puts("survived");
	return 0;
}
