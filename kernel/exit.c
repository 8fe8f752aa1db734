// SPDX-License-Identifier: BSD-2-Clause
/*
 * The end of the program is the end of the machine: its files are closed, the network gets a
 * bounded time to deliver what was still queued (shutdown_wait), checking mode looks for leaks,
 * and the machine powers off with the program's verdict. reboot(2) takes the same road. Thread
 * context.
 *
 * The verdict is failure (0x11) for any status but 0 and for any signal, abort() among them: the
 * kernel is well. A linked-in program that aborts is part of the kernel: that is a panic (0x7f).
 */
#include <errno.h>
#include <kernel/abi/task.h>
#include <kernel/cpu/power.h>
#include <kernel/fs/file.h>
#include <kernel/fs/ramfs.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/shutdown.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <stdlib.h>
#include <sys/reboot.h>

#define REBOOT_MAGIC1 ((int)0xfee1dead)
#define REBOOT_MAGIC2 672274793
#define STATUS_ABORTED 134 /* 128 + SIGABRT */
#define SIGNAL_OF_CODE 0x7f
#define SHUTDOWN_WAIT_MS 3000
#define SHUTDOWN_POLL_MS 5

static void shutdown_wait(void)
{
	for (int ms = 0; ms < SHUTDOWN_WAIT_MS && shutdown_busy(); ms += SHUTDOWN_POLL_MS)
		msleep(SHUTDOWN_POLL_MS);
}

static struct files_struct *program_files;

void exit_set_files(struct files_struct *files)
{
	program_files = files_get(files);
}

/*
 * Everything the program holds; its other threads keep their references and lose them with power.
 * A kernel thread that ends the machine (Ctrl-C, the power button) does it in the program's place.
 */
static void close_program(void)
{
	bool in_use = current->user; /* reboot(2) by a program: its memory goes with power */
	bool by_itself = current->files;

	if (in_use)
		process_single_thread();
	if (!by_itself)
		current->files = files_get(program_files);
	files_put(program_files);
	program_files = NULL;
	if (current->files)
		files_close_all(current->files);
	files_put(current->files);
	current->files = NULL;
	shutdown_wait();
	if (!in_use && by_itself) { /* else its calls in progress still hold what they use */
		if (slab_checking)
			ramfs_clear();
		slab_report_leaks();
	}
	console_flush();
}

void sys_exit_group(int status)
{
	pr_info("program ended with status %d\n", status);
	close_program();
	if (status == STATUS_ABORTED)
		machine_power_off(EXIT_CODE_PANIC);
	machine_power_off(status ? EXIT_CODE_FAILURE : EXIT_CODE_SUCCESS);
}

void program_end(int code)
{
	int signal = code & SIGNAL_OF_CODE, status = code >> 8;

	if (signal)
		pr_info("program killed by signal %d\n", signal);
	else
		pr_info("program ended with status %d\n", status);
	close_program();
	if (nr_open_files())
		pr_warn("LEAK: %lu files are still open\n", nr_open_files());
	console_flush();
	machine_power_off(code ? EXIT_CODE_FAILURE : EXIT_CODE_SUCCESS);
}

long sys_reboot(int magic1, int magic2, unsigned int cmd, void *arg)
{
	if (magic1 != REBOOT_MAGIC1 || magic2 != REBOOT_MAGIC2)
		return -EINVAL;
	switch (cmd) {
	case RB_POWER_OFF:
		pr_info("power off\n");
		close_program();
		machine_power_off(EXIT_CODE_SUCCESS);
	case RB_AUTOBOOT:
		pr_info("restart\n");
		close_program();
		machine_restart();
	case RB_HALT_SYSTEM:
		pr_info("system halted\n");
		close_program();
		machine_halt();
	case RB_ENABLE_CAD:
	case RB_DISABLE_CAD:
		return 0; /* there is no keyboard */
	}
	return -EINVAL;
}
