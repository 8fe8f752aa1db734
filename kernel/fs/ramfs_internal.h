/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_RAMFS_INTERNAL_H
#define BW_KERNEL_FS_RAMFS_INTERNAL_H

/*
 * What the files of the ramfs know of each other beyond ramfs.h.
 */
#include <kernel/fs/ramfs.h>

/* ramfs_file.c: free every page from this index on. */
void ramfs_drop_pages(struct ramfs_inode *inode, long first);

#endif /* BW_KERNEL_FS_RAMFS_INTERNAL_H */
