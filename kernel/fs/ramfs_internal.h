/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_RAMFS_INTERNAL_H
#define BW_KERNEL_FS_RAMFS_INTERNAL_H

/*
 * What the files of the ramfs know of each other beyond ramfs.h.
 */
#include <kernel/fs/ramfs.h>

/* ramfs_file.c: free every page from this index on. */
void ramfs_drop_pages(struct ramfs_inode *inode, long first);
/* Those before stop alone. */
void ramfs_drop_range(struct ramfs_inode *inode, long first, long stop);
/* From which index on, of this or beyond, there may be pages next; -1: none. */
long ramfs_pages_from(struct ramfs_inode *inode, long first);
/* The page with this index; NULL where nothing was written yet. */
u8 *ramfs_page_find(struct ramfs_inode *inode, long page);
/* Same, made if it is not there; ERR_PTR(-ENOSPC/-ENOMEM). */
u8 *ramfs_page_make(struct ramfs_inode *inode, long page);

/* ramfs_mmap.c: file_operations.mmap. */
struct vm_object;
int ramfs_mmap(struct file *f, struct vm_object *o, bool shared);

#endif /* BW_KERNEL_FS_RAMFS_INTERNAL_H */
