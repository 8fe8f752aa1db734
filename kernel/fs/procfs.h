/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_PROCFS_H
#define BW_KERNEL_FS_PROCFS_H

/*
 * /proc: a tree of registered files; show functions print into a seq_file that grows as needed,
 * so a reader always sees one consistent text. Files under /proc/net take the reader's namespace.
 */
#include <kernel/lib/types.h>

struct net;
struct seq_file {
	char *buf;
	size_t size, count;
	bool overflow; /* out of memory: the read fails with -ENOMEM */
	void *private; /* of the entry */
	struct net *net;
};
__printf(2, 3) void seq_printf(struct seq_file *m, const char *fmt, ...);
void seq_puts(struct seq_file *m, const char *s);
void seq_putc(struct seq_file *m, char c);

struct proc_ops {
	int (*show)(struct seq_file *m);		/* read: 0 or -errno */
	/* NUL-terminated; bytes or -errno */
	ssize_t (*write)(struct seq_file *m, char *text, size_t len);
};
/* path like "net/tcp" or "meminfo"; directories are made as needed. 0, -EEXIST, -ENOMEM. ops is kept by pointer. */
int proc_create(const char *path, u32 mode, const struct proc_ops *ops, void *private);
int proc_remove(const char *path);

#endif /* BW_KERNEL_FS_PROCFS_H */
