/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_IRQ_H
#define BW_KERNEL_CPU_IRQ_H

/*
 * Hardware interrupts: vectors for message-signalled and local APIC interrupts, and lines of the
 * IO-APIC (or of the 8259 pair with `noapic` or without an IO-APIC). Handlers run in hard interrupt
 * context with interrupts off, on the interrupt stack; the common entry acknowledges the interrupt
 * controller and runs pending softirqs (interrupts on) when the outermost handler is done.
 */
#include <kernel/cpu/irqflags.h>

typedef void (*irq_handler_t)(void *arg);

/*
 * A free vector (32..254) that calls handler; negative errno: -ENOSPC. For MSI-X, the APIC timer.
 */
int irq_alloc_vector(irq_handler_t handler, void *arg, const char *name);
void irq_free_vector(int vector);
/* What a device writes where to raise `vector` on this CPU (PCI MSI and MSI-X message). */
u64 irq_msi_address(void);
u32 irq_msi_data(int vector);

#define IRQF_LEVEL 0x1u	     /* else edge */
#define IRQF_ACTIVE_LOW 0x2u /* else active high */
/*
 * Attach a handler to a global system interrupt and unmask it; lines are shared, every handler of
 * a line is called. A firmware override for the line (ACPI MADT) replaces the mode in `flags`.
 * For PCI INTx pass the interrupt line register of configuration space with IRQF_LEVEL |
 * IRQF_ACTIVE_LOW. 0, -EINVAL (no such line), -ENOSPC, -ENOMEM.
 */
int request_gsi(unsigned int gsi, u32 flags, irq_handler_t handler, void *arg, const char *name);
/* Same for an ISA interrupt number, which the MADT may have moved to another line. */
int request_isa_irq(unsigned int irq, irq_handler_t handler, void *arg, const char *name);
/* The same for one that is level-triggered unless the MADT says otherwise (ACPI's SCI). */
int request_isa_level_irq(unsigned int irq, irq_handler_t handler, void *arg, const char *name);
/* Detach the handler with this arg; masks the line with the last one. */
void free_gsi(unsigned int gsi, void *arg);

/* One interrupt source for /proc/interrupts. */
struct irq_stat {
	int vector;
	int gsi; /* -1 for a bare vector */
	const char *chip;
	const char *name; /* of the first handler */
	u64 count;
};
void irq_for_each(void (*fn)(const struct irq_stat *st, void *arg), void *arg);
/* Interrupts nobody asked for. */
u64 irq_spurious_count(void);

void irq_init(void);

#endif /* BW_KERNEL_CPU_IRQ_H */
