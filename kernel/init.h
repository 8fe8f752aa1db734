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
/* What root=, rdinit= and init= ask for, against what is done; program: what starts instead. */
void rootfs_report_init(const char *program);

#endif /* BW_KERNEL_INIT_H */
