// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel_main(): from the boot code's last instruction to the program. First what everything else
 * stands on (processor features, exception reports, the loader's word, the log), then
 * init_steps[], the whole start-up in order: each line may use what stands above it. Then the
 * program, which kernel/init_program.c chooses. Thread context, single CPU;
 * the boot stack becomes the stack of thread 1 and of the program. Interrupts are on from the
 * "interrupts" line on.
 */
#include <boot/bootinfo.h>
#include <boot/earlycon.h>
#include <drivers/char/tty.h>
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/desc.h>
#include <kernel/fs/file.h>
#include <kernel/init.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/main.h>
#include <kernel/sys.h>
#include <kernel/sched/thread.h>
#include <kernel/version.h>
#include <libc_start.h>

static void run_init_steps(void)
{
	for (size_t i = 0; i < init_step_count; i++) {
		pr_debug("init: %s\n", init_steps[i].name);
		init_steps[i].fn();
	}
}

/* The program's descriptor table with the console on 0, 1 and 2. */
static void open_console(void)
{
	int err;

	current->files = files_alloc();
	if (!current->files)
		panic("no memory for the program's files");
	err = files_open_console(current->files);
	exit_set_files(current->files);
	if (err)
		pr_err("cannot open /dev/console (%d): the program has no standard files\n", err);
}

void kernel_main(u32 magic, u32 info)
{
	earlycon_init();
	cpu_features_init();
	desc_init();
	bootinfo_init(magic, info);
	cmdline_init(boot_info.cmdline);
	printk_init();
	pr_notice("Barewire %s on %s\n", BAREWIRE_VERSION,
		  *cpu_info.model ? cpu_info.model : cpu_info.vendor);
	run_init_steps();
	open_console();
	tty_set_interrupt_handler(libc_interrupt);
	start_program();
}
