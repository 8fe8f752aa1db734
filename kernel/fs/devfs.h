/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_DEVFS_H
#define BW_KERNEL_FS_DEVFS_H

/*
 * /dev: a directory of the root file system in which drivers' devices appear as nodes.
 */
#include <kernel/fs/file.h>

struct device_entry;

/*
 * Appear as /dev/NAME. Every open makes a file with these operations and private_data = priv, then
 * calls fops->open if there is one. name and fops are kept by pointer. 0, -EEXIST, -ENOMEM.
 * Thread context or boot.
 */
int dev_register(const char *name, const struct file_operations *fops, void *priv);
/* No new opens; files that are open stay so. 0 or -ENOENT. */
int dev_unregister(const char *name);
/* What open() does with a device's node; ERR_PTR. */
struct file *chrdev_open(const struct device_entry *d, u32 flags);
/* st_rdev. */
unsigned long dev_number(const struct device_entry *d);

void devfs_init(void);
void mem_devices_init(void);

#endif /* BW_KERNEL_FS_DEVFS_H */
