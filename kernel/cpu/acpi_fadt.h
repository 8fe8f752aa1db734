/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_ACPI_FADT_H
#define BW_KERNEL_CPU_ACPI_FADT_H

/*
 * The fixed ACPI description table (ACPI 6.4 section 5.2.9), for those who drive what it describes:
 * acpi.c (power off, reset) and power_button.c.
 */
#include <kernel/cpu/acpi.h>

#define FADT_POWER_BUTTON_IN_AML BIT(4) /* the fixed power button is not there */
#define FADT_RESET_SUPPORTED BIT(10)
#define FADT_HW_REDUCED BIT(20)

struct acpi_gas {
	u8 space, bits, offset, access;
	u64 address;
} __packed;

struct acpi_fadt {
	struct acpi_header h;
	u32 facs, dsdt;
	u8 reserved0, profile;
	u16 sci_int;
	u32 smi_cmd;
	u8 acpi_enable, acpi_disable, s4bios, pstate;
	u32 pm1a_evt, pm1b_evt, pm1a_cnt, pm1b_cnt;
	u32 pm2_cnt, pm_timer, gpe0, gpe1;
	u8 pm1_evt_len, pm1_cnt_len, pm2_cnt_len, pm_timer_len;
	u8 unused[20];
	u32 flags;
	struct acpi_gas reset_reg;
	u8 reset_value;
	u16 arm_boot;
	u8 minor;
	u64 x_facs, x_dsdt;
	u8 unused2[96];
	struct acpi_gas sleep_control, sleep_status;
} __packed;
static_assert(offsetof(struct acpi_fadt, pm1_evt_len) == 88, "FADT length of the event block");
static_assert(offsetof(struct acpi_fadt, flags) == 112, "FADT flags");
static_assert(offsetof(struct acpi_fadt, reset_reg) == 116, "FADT reset register");
static_assert(offsetof(struct acpi_fadt, x_dsdt) == 140, "FADT extended DSDT");
static_assert(offsetof(struct acpi_fadt, sleep_control) == 244, "FADT sleep control");

/* The table, long enough up to its flags; NULL without one. */
const struct acpi_fadt *acpi_fadt(void);
/* Take the fixed hardware from the firmware, if it has it. Any context. */
void acpi_enable(void);

#endif /* BW_KERNEL_CPU_ACPI_FADT_H */
