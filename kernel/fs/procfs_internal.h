/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_PROCFS_INTERNAL_H
#define BW_KERNEL_FS_PROCFS_INTERNAL_H

/*
 * What proc_tree.c (entries) and procfs.c (open files) of /proc and /sys share.
 */
#include <kernel/fs/procfs.h>
#include <kernel/lib/atomic.h>
#include <kernel/lib/list.h>

struct proc_entry {
	refcount_t count;	   /* the tree, open files */
	bool removed;
	unsigned long ino;
	struct net *net;	   /* the only one that sees it; NULL: all */
	struct proc_found what;	   /* what it is; a directory's `dir` makes up entries */
	struct proc_entry *parent;
	struct list_head children, sibling;
	char name[];
};

/* The two trees, and the program's number. */
extern struct proc_entry *proc_root, *sys_root;
extern int proc_pid;

void proc_tree_init(void);
void entry_put(struct proc_entry *e);
struct proc_entry *entry_child(const struct proc_entry *dir, const char *name, size_t len,
			       const struct net *net);
/*
 * The entry for a path below root as `net` sees it: the last one there is, and in *rest what is
 * left of the path, "" when all of it was found.
 */
struct proc_entry *entry_walk(struct proc_entry *root, const char *path, const struct net *net,
			      const char **rest);

#endif /* BW_KERNEL_FS_PROCFS_INTERNAL_H */
