// SPDX-License-Identifier: BSD-2-Clause
/*
 * The ends of the machine. QEMU's isa-debug-exit device ends the process with status
 * (value << 1) | 1 when a value is written to its port; on machines without it the write goes
 * nowhere and ACPI's soft off or reset register follows, then the keyboard controller and the reset
 * port of the PC (port 0xcf9, Intel PIIX3 and ICH9 data sheets), and at last a triple fault. Any
 * context.
 */
#include <kernel/cpu/acpi.h>
#include <kernel/cpu/io.h>
#include <kernel/cpu/irqflags.h>
#include <kernel/cpu/power.h>

#define DEBUG_EXIT_PORT 0xf4
#define RESET_CONTROL_PORT 0xcf9
#define RESET_CONTROL_SYSTEM 0x02
#define RESET_CONTROL_CPU 0x04
#define KEYBOARD_COMMAND_PORT 0x64
#define KEYBOARD_PULSE_RESET 0xfe

void machine_debug_exit(u8 exit_code)
{
	/* A byte: the device reads its four ports as one number. */
	outb(exit_code, DEBUG_EXIT_PORT);
}

void machine_halt(void)
{
	for (;;) {
		local_irq_disable();
		__asm__ volatile("hlt");
	}
}

void machine_power_off(u8 exit_code)
{
	local_irq_disable();
	machine_debug_exit(exit_code);
	acpi_power_off();
	machine_halt();
}

void machine_restart(void)
{
	struct {
		u16 limit;
		u64 base;
	} __packed no_idt = { 0, 0 };

	local_irq_disable();
	acpi_reset();
	outb(RESET_CONTROL_SYSTEM, RESET_CONTROL_PORT);
	io_delay();
	outb(RESET_CONTROL_SYSTEM | RESET_CONTROL_CPU, RESET_CONTROL_PORT);
	io_delay();
	outb(KEYBOARD_PULSE_RESET, KEYBOARD_COMMAND_PORT);
	io_delay();
	__asm__ volatile("lidt %0; int3" : : "m"(no_idt));
	machine_halt();
}
