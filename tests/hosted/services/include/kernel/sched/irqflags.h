/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_IRQFLAGS_H
#define BW_KERNEL_SCHED_IRQFLAGS_H

/*
 * The interrupt flag of the hosted tests: a variable. Comes before the machine's header of the same
 * name on the include path, so that the scheduler's sources are compiled as they are.
 */
#include <kernel/lib/types.h>

#define X86_EFLAGS_IF 0x200UL

extern bool hosted_irqs_on;

static inline void local_irq_disable(void)
{
	hosted_irqs_on = false;
}
static inline void local_irq_enable(void)
{
	hosted_irqs_on = true;
}
static inline unsigned long local_save_flags(void)
{
	return hosted_irqs_on ? X86_EFLAGS_IF : 0;
}
static inline bool irqs_disabled(void)
{
	return !hosted_irqs_on;
}
static inline unsigned long local_irq_save(void)
{
	unsigned long flags = local_save_flags();

	hosted_irqs_on = false;
	return flags;
}
static inline void local_irq_restore(unsigned long flags)
{
	if (flags)
		hosted_irqs_on = true;
}
/* Nothing is runnable: virtual time jumps to the next event. Returns with interrupts on. */
void safe_halt(void);

#endif /* BW_KERNEL_SCHED_IRQFLAGS_H */
