// SPDX-License-Identifier: BSD-2-Clause
/*
 * Prints what a new program finds: arguments, environment, auxiliary vector, whether its data is
 * what the file says and its bss is zero. Ends with the status in its first argument.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BSS_SIZE 300000

static char bss[BSS_SIZE];
static int data[1000] = { [0] = 11, [999] = 22 };
static __thread int tls = 33;

static void print_aux(void)
{
	const unsigned char *random = (const void *)getauxval(AT_RANDOM);
	int sum = 0;

	for (int i = 0; random && i < 16; i++)
		sum |= random[i];
	printf("aux pagesz %lu clktck %lu uid %lu euid %lu secure %lu flags %lu\n",
	       getauxval(AT_PAGESZ), getauxval(AT_CLKTCK), getauxval(AT_UID), getauxval(AT_EUID),
	       getauxval(AT_SECURE), getauxval(AT_FLAGS));
	printf("aux execfn %s platform %s random %s vdso %s\n", (char *)getauxval(AT_EXECFN),
	       (char *)getauxval(AT_PLATFORM), sum ? "yes" : "no",
	       getauxval(AT_SYSINFO_EHDR) ? "yes" : "no");
	printf("aux phent %lu hwcap %s minsigstksz %s\n", getauxval(AT_PHENT),
	       getauxval(AT_HWCAP) ? "yes" : "no", getauxval(AT_MINSIGSTKSZ) >= 1024 ? "yes" : "no");
}

static void print_memory(void)
{
	int dirty = 0;
	char *heap = (char *)syscall(SYS_brk, 0);

	for (int i = 0; i < BSS_SIZE; i++)
		dirty |= bss[i];
	printf("data %d %d bss %s tls %d\n", data[0], data[999], dirty ? "dirty" : "zero", tls);
	if ((char *)syscall(SYS_brk, heap + 8192) == heap + 8192) {
		memset(heap, 1, 8192);
		puts("brk grows");
	}
}

int main(int argc, char **argv)
{
	printf("argc %d\n", argc);
	for (int i = 0; i < argc; i++)
		printf("argv[%d] <%s>\n", i, argv[i]);
	for (char **e = environ; *e; e++)
		printf("env <%s>\n", *e);
	print_aux();
	print_memory();
	printf("stack 16-aligned %s\n", (unsigned long)__builtin_frame_address(0) % 16 ? "no" : "yes");
	return argc > 1 ? atoi(argv[1]) : 0;
}
