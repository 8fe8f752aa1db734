/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_CLOCK_H
#define BW_KERNEL_TIME_CLOCK_H

/*
 * Clocks. Monotonic nanoseconds since boot, wall time, and jiffies = whole milliseconds since boot
 * plus INITIAL_JIFFIES (chosen so that the 32-bit wrap happens five minutes after boot and is
 * always exercised). Any context.
 */
#include <kernel/lib/types.h>

#define HZ 1000UL
#define INITIAL_JIFFIES ((unsigned long)(u32)(-300 * 1000))

u64 ktime_get_ns(void);      /* monotonic */
u64 ktime_get_real_ns(void); /* nanoseconds since 1970-01-01 UTC */
void ktime_set_real_ns(u64 ns);

/*
 * What the clock is made of: monotonic nanoseconds are (cycles - base_cycles) * mult >> 32. For the
 * vDSO, whose hook is called after every change.
 */
struct clock_params {
	u64 base_cycles, mult, real_offset_ns;
};
void clock_get_params(struct clock_params *p);
extern void (*clock_change_hook)(void);

static inline unsigned long ns_to_jiffies(u64 ns)
{
	return INITIAL_JIFFIES + (unsigned long)(ns / NSEC_PER_MSEC);
}
static inline unsigned long get_jiffies(void)
{
	return ns_to_jiffies(ktime_get_ns());
}
/* Linux's spelling; each use reads the clock, so hot code reads it once into a local. */
#define jiffies get_jiffies()
#define msecs_to_jiffies(ms) ((unsigned long)(ms))
#define jiffies_to_msecs(j) ((unsigned int)(j))
/* For schedule_until(): the first jiffy that begins at or after monotonic time `deadline` > 0. */
static inline unsigned long deadline_jiffies(u64 deadline)
{
	return ns_to_jiffies(deadline - 1) + 1;
}
#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)

#endif /* BW_KERNEL_TIME_CLOCK_H */
