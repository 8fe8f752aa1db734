/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_VECTORS_H
#define BW_KERNEL_CPU_VECTORS_H

/*
 * Private to kernel/cpu: how the 256 vectors are divided, and the interrupt controllers under
 * irq.c.
 *   0..31 exceptions, 32..47 the 8259 pair, 48..238 handed out, 255 spurious
 */
#include <kernel/lib/types.h>

#define PIC_VECTOR 32
#define FIRST_FREE_VECTOR 48
#define LAST_FREE_VECTOR 238
#define SPURIOUS_VECTOR 255

void lapic_set_lint0_extint(bool on);

/* 8259 pair (pic.c). */
#define PIC_LINES 16
/* Program it with every line masked; lines come in at PIC_VECTOR. */
void pic_init(void);
void pic_unmask(unsigned int line, bool level);
void pic_mask(unsigned int line);
/* Acknowledge, with what spurious interrupts of lines 7 and 15 need. */
void pic_eoi(unsigned int line);

/* IO-APICs (ioapic.c). */
/* Map and mask all; returns how many work. */
unsigned int ioapic_init(void);
/* Whether a line with this global number exists. */
bool ioapic_has_gsi(unsigned int gsi);
void ioapic_unmask(unsigned int gsi, int vector, bool level, bool active_low);
void ioapic_mask(unsigned int gsi);

#endif /* BW_KERNEL_CPU_VECTORS_H */
