/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock: nanoseconds since boot from the time stamp counter by one multiplication and one
 * shift, and wall time as an offset to it, set from the RTC at boot and by clock_settime(). What
 * the counter's rate is, calibrate.c finds out. A machine without a usable rate would have no time
 * at all, so boot says which source it took.
 *
 * Reading in any context and cheap enough for every packet. Before clock_init() time stands at 0.
 */
#include <kernel/lib/printk.h>
#include <kernel/time/calibrate.h>
#include <kernel/time/clock.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/cycles.h>

#define MULT_SHIFT 32

/* Written once at boot; real_offset_ns also by ktime_set_real_ns(). */
static struct {
	u64 base_cycles;
	u64 mult; /* nanoseconds per cycle << MULT_SHIFT */
	u64 khz;
	u64 real_offset_ns;
} tsc_clock;

void (*clock_change_hook)(void);

static void clock_changed(void)
{
	if (clock_change_hook)
		clock_change_hook();
}

u64 ktime_get_ns(void)
{
	u64 cycles = get_cycles() - tsc_clock.base_cycles;

	return (u64)((__uint128_t)cycles * tsc_clock.mult >> MULT_SHIFT);
}

u64 ktime_get_real_ns(void)
{
	return ktime_get_ns() + tsc_clock.real_offset_ns;
}

void ktime_set_real_ns(u64 ns)
{
	tsc_clock.real_offset_ns = ns - ktime_get_ns();
	clock_changed();
}

void clock_get_params(struct clock_params *p)
{
	p->base_cycles = tsc_clock.base_cycles;
	p->mult = tsc_clock.mult;
	p->real_offset_ns = tsc_clock.real_offset_ns;
}

u64 tsc_khz(void)
{
	return tsc_clock.khz;
}

void clock_set_rate(u64 hz)
{
	tsc_clock.khz = hz / 1000;
	tsc_clock.mult = (NSEC_PER_SEC << MULT_SHIFT) / hz;
	clock_changed();
}

void clock_init(void)
{
	const char *source;
	u64 hz, start = get_cycles(), real_ns;

	hz = calibrate_tsc(&source);
	tsc_clock.base_cycles = start;
	clock_set_rate(hz);
	real_ns = rtc_read_ns();
	if (real_ns)
		ktime_set_real_ns(real_ns);
	pr_info("clock: TSC at %llu.%03llu MHz (%s), %s\n",
		(unsigned long long)(tsc_clock.khz / 1000),
		(unsigned long long)(tsc_clock.khz % 1000), source,
		real_ns ? "wall time from the RTC" : "no RTC, wall time starts at 1970");
}
