/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_VFS_H
#define BW_KERNEL_FS_VFS_H

/*
 * Which part of the tree answers for a path: a short list of mounts, the longest matching prefix
 * wins, the later one among equals. /proc and /dev are such mounts; a RAM disk becomes one at "".
 */
#include <kernel/lib/list.h>

struct file;
struct stat;

struct vfs_ops {
	/* path: what follows the mount's prefix, normalised, no slash at either end, "" for its
	 * root. A new file with one reference, or ERR_PTR. */
	struct file *(*open)(const char *path, int flags, u32 mode);
	/* st comes zeroed. 0 or -errno. */
	int (*stat)(const char *path, struct stat *st);
};

struct vfs_mount {
	const char *prefix; /* "proc", "dev", "" for the root; no slashes at the ends */
	const struct vfs_ops *ops;
	struct list_head node;
};

/* Put a tree in its place; m is kept by pointer for good. */
void vfs_register_mount(struct vfs_mount *m);

/* The position that lseek(offset, whence) asks for in a text of this size; -EINVAL below 0. */
long generic_llseek(struct file *f, long offset, int whence, long size);
/* What fstat says of a file by its file_operations alone. */
void generic_fillattr(const struct file *f, struct stat *st);
/* A directory's fields of struct stat. */
void stat_directory(struct stat *st, unsigned long ino);
void namei_init(void);

#endif /* BW_KERNEL_FS_VFS_H */
