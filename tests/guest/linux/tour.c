// SPDX-License-Identifier: BSD-2-Clause
/*
 * The program of docs/tour-system-call.md: one line on the console, one call with a pointer that is
 * none, and an end by an access to address 8.
 */
#include <stdio.h>
#include <unistd.h>

static char line[] = "hello from ring 3\n";

int main(void)
{
	if (write(1, line, sizeof(line) - 1) < 0)
		return 1;
	if (write(1, (const void *)8, 5) < 0)
		perror("write");
	*(volatile char *)8 = 1;
	return 0;
}
