/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_DEVFS_H
#define BW_KERNEL_FS_DEVFS_H

/*
 * /dev: one flat directory of character devices that drivers register by name.
 */
#include <kernel/fs/file.h>

/*
 * Appear as /dev/NAME. Every open makes a file with these operations and private_data = priv, then
 * calls fops->open if there is one. name and fops are kept by pointer. 0, -EEXIST, -ENOMEM.
 * Thread context or boot.
 */
int dev_register(const char *name, const struct file_operations *fops, void *priv);
/* No new opens; files that are open stay so. 0 or -ENOENT. */
int dev_unregister(const char *name);

void devfs_init(void);
void mem_devices_init(void);

#endif /* BW_KERNEL_FS_DEVFS_H */
