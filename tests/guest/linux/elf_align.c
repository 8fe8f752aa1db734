// SPDX-License-Identifier: BSD-2-Clause
/*
 * Data that wants to lie on a border of 2 MiB; then the same program again by /proc/self/exe.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BORDER 0x200000ul

static __attribute__((aligned(BORDER))) char big[16] = "aligned";

int main(int argc, char **argv)
{
	printf("%s: %s at offset %#lx\n", argv[0], big, (unsigned long)big % BORDER);
	fflush(stdout);
	if (argc < 2)
		execl("/proc/self/exe", "again", "x", (char *)NULL);
	return argc < 2;
}
