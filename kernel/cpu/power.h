/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_POWER_H
#define BW_KERNEL_CPU_POWER_H

/*
 * Ends of the machine. Each tries QEMU's isa-debug-exit at 0xf4 first (the value written there
 * gives the process status (value << 1) | 1), then ACPI, then what every PC has.
 */
#include <kernel/lib/types.h>

#define EXIT_CODE_SUCCESS 0x10
#define EXIT_CODE_FAILURE 0x11
#define EXIT_CODE_PANIC 0x7f

/* Only the debug exit device. Returns where there is none. */
void machine_debug_exit(u8 exit_code);
void __noreturn machine_power_off(u8 exit_code);
void __noreturn machine_restart(void);
/* Listen to the power button: SIGTERM, or the clean end of a linked-in program. At boot. */
void power_button_init(void);
/* Interrupts off for good. */
void __noreturn machine_halt(void);

#endif /* BW_KERNEL_CPU_POWER_H */
