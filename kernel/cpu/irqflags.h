/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_IRQFLAGS_H
#define BW_KERNEL_CPU_IRQFLAGS_H

/*
 * The interrupt flag, for kernel/cpu and drivers. The functions are in <kernel/sched/irqflags.h>,
 * which the hosted tests replace.
 */
#include <kernel/sched/irqflags.h>

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

#endif /* BW_KERNEL_CPU_IRQFLAGS_H */
