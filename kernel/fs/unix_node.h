/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_UNIX_NODE_H
#define BW_KERNEL_FS_UNIX_NODE_H

/*
 * Socket nodes of the root file system: what bind() makes of a path and connect() looks for. To the
 * files the sock is an opaque pointer. Thread context, never sleeps; paths are kernel memory and
 * count from the program's working directory.
 */
struct ramfs_inode;
struct sock;

/*
 * A new node at path, 0777 & ~umask, that stands for sk; with a reference. ERR_PTR: -EEXIST
 * whatever is there (also a link to nowhere), -ENOENT, -ENOTDIR, -ENAMETOOLONG, -ELOOP, -EPERM (in
 * /proc and /sys), -ENOSPC, -ENOMEM.
 */
struct ramfs_inode *unix_node_create(const char *path, struct sock *sk);
/* Take back what was just made: its name, too. */
void unix_node_undo(struct ramfs_inode *node);
/*
 * Whom the node at path stands for, symbolic links followed; not referenced. ERR_PTR: -ECONNREFUSED
 * (no socket, or nobody has it open), or what is wrong with the path.
 */
struct sock *unix_node_find(const char *path);
/* The sock goes; the node stays while it has names. */
void unix_node_drop(struct ramfs_inode *node);

#endif /* BW_KERNEL_FS_UNIX_NODE_H */
