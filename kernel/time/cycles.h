/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_CYCLES_H
#define BW_KERNEL_TIME_CYCLES_H

/*
 * The raw time stamp counter: scheduler accounting and the CSPRNG's timing input. Not a clock.
 * The hosted tests replace this header by one that reads the virtual clock.
 */
#include <kernel/lib/types.h>

static __always_inline u64 get_cycles(void)
{
	u32 lo, hi;

	__asm__ __volatile__("rdtsc" : "=a"(lo), "=d"(hi));
	return (u64)hi << 32 | lo;
}

#endif /* BW_KERNEL_TIME_CYCLES_H */
