/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_ACPI_H
#define BW_KERNEL_CPU_ACPI_H

/*
 * The static ACPI tables (ACPI 6.4 chapter 5) and as much of the fixed hardware as power off needs.
 * There is no AML interpreter; \_S5 is found by its byte pattern.
 */
#include <kernel/lib/types.h>

struct acpi_header {
	char signature[4];
	u32 length;
	u8 revision, checksum;
	char oem_id[6], oem_table_id[8];
	u32 oem_revision, creator_id, creator_revision;
} __packed;
static_assert(sizeof(struct acpi_header) == 36, "ACPI table header");

/* Find the tables; quiet when the machine has none. */
void acpi_init(void);
/* As before acpi_init(); for tests. */
void acpi_forget_tables(void);
/* A table with a right checksum, mapped for good; NULL when there is none. "DSDT" works too. */
const struct acpi_header *acpi_find_table(const char *signature);
/* Soft off. Returns only when the machine does not do it. */
void acpi_power_off(void);
/* Reset register of the FADT. Returns only when there is none. */
void acpi_reset(void);

#endif /* BW_KERNEL_CPU_ACPI_H */
