/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_IRQFLAGS_H
#define BW_KERNEL_SCHED_IRQFLAGS_H

/*
 * The interrupt flag of this CPU. The hosted tests have a header of the same name that comes first
 * on their include path and only keeps a variable, so the scheduler's sources are shared as they
 * are.
 */
#include <kernel/lib/types.h>

#define X86_EFLAGS_IF 0x200UL

static __always_inline void local_irq_disable(void)
{
	__asm__ __volatile__("cli" ::: "memory");
}
static __always_inline void local_irq_enable(void)
{
	__asm__ __volatile__("sti" ::: "memory");
}
static __always_inline unsigned long local_save_flags(void)
{
	unsigned long flags;

	__asm__ __volatile__("pushfq; popq %0" : "=rm"(flags)::"memory");
	return flags;
}
static __always_inline bool irqs_disabled(void)
{
	return !(local_save_flags() & X86_EFLAGS_IF);
}
/* Disable and return what was; pairs with local_irq_restore, nests. */
static __always_inline unsigned long local_irq_save(void)
{
	unsigned long flags = local_save_flags();

	local_irq_disable();
	return flags;
}
static __always_inline void local_irq_restore(unsigned long flags)
{
	if (flags & X86_EFLAGS_IF)
		local_irq_enable();
}
/* Enable and halt until the next interrupt; the one instruction shadow of sti closes the race. */
static __always_inline void safe_halt(void)
{
	__asm__ __volatile__("sti; hlt" ::: "memory");
}

#endif /* BW_KERNEL_SCHED_IRQFLAGS_H */
