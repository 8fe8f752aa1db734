// SPDX-License-Identifier: BSD-2-Clause
/*
 * Bringing up the file floor, in the order in which its parts need one another.
 *
 * fs_init() is one step of the kernel's start-up table, after the allocators and the scheduler and
 * before drivers and net/, which register devices, /proc files and sysctls. It only allocates. The
 * files in which the machine shows itself (proc_machine_init) are a step of their own, since the
 * hosted tests have no machine to show.
 */
#include <kernel/fs/devfs.h>
#include <kernel/fs/eventpoll.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/procfs.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>

void fs_init(void)
{
	ramfs_init();
	procfs_init();
	devfs_init();
	files_init();
	eventpoll_init();
	proc_self_init();
	mem_devices_init();
}
