/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_MADT_H
#define BW_KERNEL_CPU_MADT_H

/*
 * Interrupt controllers as the firmware describes them.
 */
#include <kernel/lib/types.h>

/* What the MADT says; defaults of a PC without one. */
struct madt_info {
	u64 lapic_address;
	u32 ncpus;
	struct {
		u64 address;
		u32 gsi_base;
	} ioapic[4];
	u32 nioapics;
	struct {
		u32 gsi;
		bool overridden, level, active_low;
	} isa[16];
};
extern struct madt_info madt_info;

/* Read it; needs acpi_init(). */
void madt_init(void);

#endif /* BW_KERNEL_CPU_MADT_H */
