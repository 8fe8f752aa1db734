/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_CLOCKEVENT_H
#define BW_KERNEL_TIME_CLOCKEVENT_H

/*
 * The one-shot interrupt behind the timers. The tick (tick.c) calls clockevent_program() when the
 * earliest time moves nearer; the interrupt raises TIMER_SOFTIRQ. Implemented by the local APIC
 * timer (kernel/time/clockevent.c) and by the virtual clock of the hosted tests.
 */
#include <kernel/lib/types.h>

/* Interrupt at or soon after at_ns (monotonic); replaces the time set before. Interrupts off. */
void clockevent_program(u64 at_ns);
/* Start the timers and the timer interrupt. Once, after the APIC and the clock work. */
void time_init(void);
/* Calibrate the TSC and read the wall clock. Once, first thing after cpuid works. */
void clock_init(void);
u64 tsc_khz(void);

#endif /* BW_KERNEL_TIME_CLOCKEVENT_H */
