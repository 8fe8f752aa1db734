/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_IRQFLAGS_H
#define BW_KERNEL_CPU_IRQFLAGS_H

/*
 * The interrupt flag of this CPU.
 */
#include <kernel/cpu/msr.h>

static inline unsigned long local_save_flags(void)
{
	unsigned long flags;

	__asm__ volatile("pushfq; popq %0" : "=rm"(flags) : : "memory");
	return flags;
}
static inline bool irqs_disabled(void)
{
	return !(local_save_flags() & X86_EFLAGS_IF);
}
static inline void local_irq_disable(void)
{
	__asm__ volatile("cli" ::: "memory");
}
static inline void local_irq_enable(void)
{
	__asm__ volatile("sti" ::: "memory");
}
static inline unsigned long local_irq_save(void)
{
	unsigned long flags = local_save_flags();

	local_irq_disable();
	return flags;
}
static inline void local_irq_restore(unsigned long flags)
{
	if (flags & X86_EFLAGS_IF)
		local_irq_enable();
	else
		barrier();
}
/* Interrupts on and halt as one step: an interrupt that is already pending ends the halt. */
static inline void safe_halt(void)
{
	__asm__ volatile("sti; hlt" ::: "memory");
}
static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

#endif /* BW_KERNEL_CPU_IRQFLAGS_H */
