// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading a counter and a clock at the same moment, on a machine whose processor may be taken away
 * at any time for long: one in a virtual machine. For calibrate.c and clockevent.c at boot.
 *
 * A reading of the counter lies between two of the clock. The pair whose clock readings lie closest
 * together is taken, and its moment is their middle; a stall makes a pair loose, not wrong.
 */
#include <kernel/time/calibrate.h>

#define READ_TRIES 20

u32 read_pair(u32 (*counter)(void), u64 (*clock)(void), u64 *at)
{
	u64 best = ~0ull;
	u32 value = 0;

	*at = 0;
	for (int i = 0; i < READ_TRIES; i++) {
		u64 before = clock(), after;
		u32 v = counter();

		after = clock();
		if (after - before < best) {
			best = after - before;
			value = v;
			*at = before + best / 2;
		}
	}
	return value;
}
