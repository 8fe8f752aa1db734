/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_APIC_H
#define BW_KERNEL_CPU_APIC_H

/*
 * The local APIC (Intel SDM volume 3 chapter 11), in x2APIC mode where there is one. Its timer
 * counts down once from a given count at a rate that kernel/time measures.
 */
#include <kernel/lib/types.h>

/* Enables it; needs ioremap. Returns whether there is one. */
bool lapic_init(void);
bool lapic_present(void);
u32 lapic_id(void);
void lapic_eoi(void);

/* One-shot mode at bus clock / 16 on a vector from irq_alloc_vector(). */
void lapic_timer_setup(int vector);
/* Interrupt after count ticks; 0 stops it. */
void lapic_timer_arm(u32 count);
/* Ticks left. */
u32 lapic_timer_current(void);
/* With CPU_TSC_DEADLINE: the timer fires when the TSC passes the value; 0 stops it. */
void lapic_timer_setup_deadline(int vector);
void lapic_timer_arm_deadline(u64 tsc);

#endif /* BW_KERNEL_CPU_APIC_H */
