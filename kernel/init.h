/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_INIT_H
#define BW_KERNEL_INIT_H

/*
 * The start-up table: kernel/init_steps.c.
 */
#include <kernel/lib/types.h>

struct init_step {
	const char *name;
	void (*fn)(void); /* thread context; panics on what the kernel cannot be without */
};
extern const struct init_step init_steps[];
extern const size_t init_step_count;

/* init_rootfs.c: the boot modules become the root file system. */
void rootfs_init(void);
/* The first module that is an ELF program, as a file of the root; NULL: there is none. */
struct boot_program {
	char path[64];
	char *string; /* the loader's: its name and arguments */
};
struct boot_program *rootfs_program(void);

/* init_program.c: choose the program by command line and modules, and run it. */
void __noreturn start_program(void);

#endif /* BW_KERNEL_INIT_H */
