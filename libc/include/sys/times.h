/* SPDX-License-Identifier: BSD-2-Clause */
/* times(2): processor time in clock ticks of 10 ms. */
#ifndef _SYS_TIMES_H
#define _SYS_TIMES_H

#include <bits/types.h>

struct tms {
	clock_t tms_utime;
	clock_t tms_stime;
	clock_t tms_cutime;
	clock_t tms_cstime;
};
_Static_assert(sizeof(struct tms) == 32, "ABI");

#endif
