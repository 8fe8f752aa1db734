/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_CALIBRATE_H
#define BW_KERNEL_TIME_CALIBRATE_H

/*
 * Inside of kernel/time: the rate of the time stamp counter and the wall clock at boot.
 */
#include <kernel/lib/types.h>

/* Cycles per second; *source says where the number is from. Boot. */
u64 calibrate_tsc(const char **source);
/* True when nothing was found to measure against: the local APIC timer may know better. */
bool tsc_rate_is_guess(void);
/* Boot, before anybody has kept a time. */
void clock_set_rate(u64 hz);
/* Nanoseconds since 1970 by the CMOS clock (UTC), 0 when there is none. Boot. */
u64 rtc_read_ns(void);

/*
 * One reading of a counter, and of a clock at that moment: the tightest of a few tries, since the
 * host may take the processor away between the two (read_pair.c).
 */
u32 read_pair(u32 (*counter)(void), u64 (*clock)(void), u64 *at);

#endif /* BW_KERNEL_TIME_CALIBRATE_H */
