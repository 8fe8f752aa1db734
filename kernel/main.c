// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel_main(): from the boot code's last instruction to the program. First what everything else
 * stands on (processor features, exception reports, the boot loader's word), then init_steps[], the
 * whole start-up in order; each line may use what stands above it. Thread context, single CPU;
 * interrupts are on from the "interrupts" line on.
 */
#include <boot/bootinfo.h>
#include <boot/earlycon.h>
#include <drivers/char/serial8250.h>
#include <kernel/cpu/acpi.h>
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/desc.h>
#include <kernel/cpu/irq.h>
#include <kernel/fs/file.h>
#include <kernel/fs/procfs.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/main.h>
#include <kernel/mm/mm.h>
#include <kernel/sched/sched.h>
#include <kernel/selftest.h>
#include <kernel/time/clockevent.h>

static const struct {
	const char *name;
	void (*fn)(void);
} init_steps[] = {
	{ "boot information", bootinfo_print },
	{ "memory", mm_init },
	{ "exception stacks", desc_init_stacks },
	{ "processor protection", cpu_protection_init },
	{ "acpi tables", acpi_init },
	{ "clock", clock_init },
	{ "random numbers", random_init },
	{ "scheduler", sched_init },
	{ "interrupts", irq_init },
	{ "timers", time_init },
	{ "softirqs", softirq_init },
	{ "deferred work", workqueue_init },
	{ "file systems", fs_init },
	{ "machine files", proc_machine_init },
	{ "serial ports", serial8250_init },
	{ "self test", selftest_run },
};

void kernel_main(u32 magic, u32 info)
{
	earlycon_init();
	cpu_features_init();
	desc_init();
	bootinfo_init(magic, info);
	cmdline_init(boot_info.cmdline);
	printk_init();
	serial8250_console_init();
	pr_info("Barewire on %s\n", *cpu_info.model ? cpu_info.model : cpu_info.vendor);
	for (size_t i = 0; i < ARRAY_SIZE(init_steps); i++) {
		pr_debug("init: %s\n", init_steps[i].name);
		init_steps[i].fn();
	}
	cmdline_report_unknown();
}
