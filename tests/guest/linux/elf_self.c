// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a program can learn of itself: its terminal, /proc/self.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

static void print_file(const char *name)
{
	FILE *f = fopen(name, "r");
	int c;

	printf("%s <", name);
	while (f && (c = getc(f)) != EOF)
		putchar(c == '\0' ? '|' : c == '\n' ? ';' : c);
	puts(">");
	if (f)
		fclose(f);
}

static void check_auxv(void)
{
	FILE *f = fopen("/proc/self/auxv", "r");
	Elf64_auxv_t a;
	int n = 0, wrong = 0;

	while (f && fread(&a, sizeof(a), 1, f) == 1 && a.a_type != AT_NULL) {
		n++;
		/* The C library keeps a view of its own of the processor. */
		wrong += a.a_type != AT_HWCAP && a.a_un.a_val != getauxval(a.a_type);
	}
	printf("auxv %s wrong %d\n", n > 15 ? "long" : "short", wrong);
	if (f)
		fclose(f);
}

int main(void)
{
	char exe[256] = "", comm[16];
	int tty = open("/dev/tty", O_RDWR);

	printf("isatty %d%d%d%d\n", isatty(0), isatty(1), isatty(2), isatty(tty));
	printf("pid %d sid %d pgrp %d foreground %d tcsid %d\n", getpid(), getsid(0), getpgrp(),
	       tcgetpgrp(0), tcgetsid(tty));
	readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	prctl(PR_GET_NAME, comm);
	printf("exe %s comm %s\n", exe, comm);
	print_file("/proc/self/cmdline");
	print_file("/proc/self/environ");
	check_auxv();
	print_file("/proc/self/maps");
	return 0;
}
