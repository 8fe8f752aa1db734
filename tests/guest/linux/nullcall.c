// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a system call costs: with QEMU's -icount shift=0 a cycle of the TSC is an instruction.
 * Run by test_ring3.py.
 */
#include <stdio.h>
#include <sys/syscall.h>

#define CALLS 1000

static unsigned long cycles(void)
{
	unsigned int lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (unsigned long)hi << 32 | lo;
}

int main(void)
{
	unsigned long best = ~0ul;

	for (int round = 0; round < 10; round++) {
		unsigned long start = cycles();

		for (int i = 0; i < CALLS; i++) {
			long ret;

			__asm__ volatile("syscall" : "=a"(ret) : "a"(SYS_getppid)
					 : "rcx", "r11", "memory");
		}
		start = cycles() - start;
		best = start < best ? start : best;
	}
	printf("a call: %lu instructions\n", best / CALLS);
	return 0;
}
