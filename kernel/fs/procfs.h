/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_PROCFS_H
#define BW_KERNEL_FS_PROCFS_H

/*
 * /proc: a tree of registered files. A show function prints the whole text into a seq_file, which
 * grows by chunks as needed, when a reader begins; the reader then takes it in pieces, so it always
 * sees one consistent text. m->net is the reader's namespace. Thread context.
 */
#include <kernel/lib/types.h>

struct dir_context;
struct net;
struct seq_chunk;

struct seq_file {
	struct seq_chunk *head, *tail; /* the text so far */
	size_t count;		       /* its bytes */
	bool overflow;		       /* out of memory: the read fails with -ENOMEM */
	void *private;		       /* of the entry */
	struct net *net;
};
__printf(2, 3) void seq_printf(struct seq_file *m, const char *fmt, ...);
void seq_puts(struct seq_file *m, const char *s);
void seq_putc(struct seq_file *m, char c);
void seq_write(struct seq_file *m, const void *data, size_t len);
/* Copy up to n bytes of the text from offset pos on; bytes copied. */
size_t seq_read_text(const struct seq_file *m, size_t pos, char *buf, size_t n);
/* Drop the text. */
void seq_clear(struct seq_file *m);

struct proc_ops {
	int (*show)(struct seq_file *m); /* read: 0 or -errno; NULL: write only */
	/* One write call, text is NUL-terminated and may be changed; bytes or -errno. */
	ssize_t (*write)(struct seq_file *m, char *text, size_t len);
};
/*
 * path like "net/tcp" or "meminfo"; directories are made as needed. mode: 0444, 0644 ... 0, -EEXIST,
 * -ENOTDIR, -ENOMEM. ops is kept by pointer, path is copied.
 */
int proc_create(const char *path, u32 mode, const struct proc_ops *ops, void *private);
/* Directories that become empty go too. Files that are open read -ENOENT from then on. */
int proc_remove(const char *path);
/* The same for an entry that only one namespace sees (of a device, say); others may have their own
 * of the same name. */
int proc_create_net(struct net *net, const char *path, u32 mode, const struct proc_ops *ops,
		    void *private);
int proc_remove_net(struct net *net, const char *path);

struct vfs_link;
/* Fill in where a link leads (kernel/fs/vfs.h); 0 or -errno. */
typedef int (*proc_link_fn)(void *private, struct vfs_link *to);
/* A symbolic link with a fixed text, kept by pointer; and one made up when it is looked at. */
int proc_symlink(const char *path, const char *text);
int proc_create_link(const char *path, proc_link_fn fn, void *private);

/* What stands behind a name of a directory whose entries are made up as they are looked at. */
struct proc_dir_ops;
struct proc_found {
	u32 mode;		  /* S_IFREG, S_IFDIR or S_IFLNK, and permissions */
	const struct proc_ops *ops;	 /* a file */
	const struct proc_dir_ops *dir;	 /* a directory */
	proc_link_fn get_link;		 /* a link */
	void *private;
};
struct proc_dir_ops {
	/* Emit every entry (kernel/fs/dirent.h). private: the directory's. */
	void (*iterate)(struct dir_context *ctx, void *private);
	/* 0 and *found (zeroed before), or -ENOENT. */
	int (*lookup)(const char *name, void *private, struct proc_found *found);
};
int proc_create_dir(const char *path, const struct proc_dir_ops *ops);

/* The program's number, under which /proc/self stands, too; 1 until somebody says otherwise. */
void proc_set_pid(int pid);

/* The same files and links in /sys. */
int sysfs_create(const char *path, u32 mode, const struct proc_ops *ops, void *private);
int sysfs_symlink(const char *path, const char *text);
int sysfs_create_dir(const char *path, const struct proc_dir_ops *ops);

/* ops and private of the file a path leads to in a namespace, for sysctl by name. 0 or -ENOENT. */
int proc_lookup(struct net *net, const char *path, const struct proc_ops **ops, void **private);

/* The caller's namespace: current's, or the first one, which net/ hands in at start. */
struct net *fs_net(void);
void fs_set_init_net(struct net *net);

void procfs_init(void);
void sysfs_init(void);
void proc_self_init(void);
/* version, uptime, meminfo ...: what the machine tells about itself. After procfs_init(). */
void proc_machine_init(void);
void proc_cpu_init(void);
void proc_kernel_init(void);

#endif /* BW_KERNEL_FS_PROCFS_H */
