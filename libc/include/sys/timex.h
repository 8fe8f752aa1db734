/* SPDX-License-Identifier: BSD-2-Clause */
/* adjtimex(2). */
#ifndef _SYS_TIMEX_H
#define _SYS_TIMEX_H

#include <bits/types.h>

#define STA_UNSYNC	0x0040
#define TIME_OK		0
#define TIME_ERROR	5

struct timex {
	unsigned int modes;
	long offset;
	long freq;
	long maxerror;
	long esterror;
	int status;
	long constant;
	long precision;
	long tolerance;
	struct timeval time;
	long tick;
	long ppsfreq;
	long jitter;
	int shift;
	long stabil;
	long jitcnt;
	long calcnt;
	long errcnt;
	long stbcnt;
	int tai;
	int __reserved[11];
};
_Static_assert(sizeof(struct timex) == 208, "ABI");

#endif
