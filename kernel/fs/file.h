/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_FILE_H
#define BW_KERNEL_FS_FILE_H

/*
 * Open files and descriptor tables. A struct file is reference counted; a descriptor holds one
 * reference, a running system call another (fdget/fdput), so close during a blocked call is safe.
 * Thread context.
 */
#include <kernel/lib/atomic.h>
#include <kernel/lib/signal_hook.h>
#include <kernel/sched/wait.h>

struct file;
struct iov_iter;
struct path;
struct poll_table;
struct seq_file;
struct stat;
struct vm_object;

/* A poller registers itself on every wait queue that can change a file's readiness. */
typedef void (*poll_queue_proc)(struct file *f, wait_queue_head_t *q, struct poll_table *pt);
struct poll_table {
	poll_queue_proc qproc;
	u32 key; /* events asked for */
};
static inline void poll_wait(struct file *f, wait_queue_head_t *q, struct poll_table *pt)
{
	if (pt && pt->qproc && q)
		pt->qproc(f, q, pt);
}

struct file_operations {
	const char *name; /* "socket:", "/dev/console": for /proc/self/fd and debugging */
	u32 mode;	  /* S_IFSOCK | 0777 ...; what fstat says unless fstat is there */
	int (*open)(struct file *f); /* devices: the file is made, no descriptor sees it yet */
	ssize_t (*read_iter)(struct file *f, struct iov_iter *to, long *pos);
	ssize_t (*write_iter)(struct file *f, struct iov_iter *from, long *pos);
	/* Write from pages that it may reference instead of copying (iov_iter_pages); more: there
	 * is more to come at once. NULL: write_iter does. */
	ssize_t (*write_pages)(struct file *f, struct iov_iter *from, bool more);
	u32 (*poll)(struct file *f, struct poll_table *pt); /* ready events, registers when pt */
	long (*ioctl)(struct file *f, unsigned int cmd, unsigned long arg); /* -ENOTTY: unknown */
	long (*llseek)(struct file *f, long offset, int whence); /* NULL: -ESPIPE */
	int (*fstat)(struct file *f, struct stat *st); /* st comes filled from mode */
	/* Entries from *pos on into dirbuf (kernel/fs/dirent.h); bytes, 0 at the end, or -errno. */
	int (*getdents)(struct file *f, long *pos, void *dirbuf, size_t size);
	/* Say what a mapping of it shows: ops, object, maybe another file. NULL: -ENODEV. */
	int (*mmap)(struct file *f, struct vm_object *o, bool shared);
	/* Lines of its kind for /proc/self/fdinfo. */
	void (*show_fdinfo)(struct seq_file *m, const struct file *f);
	/* Another open file of the same, through /proc/self/fd; NULL: -ENXIO. Or ERR_PTR. */
	struct file *(*reopen)(struct file *f, u32 flags);
	/* O_ASYNC was switched; NULL: it cannot be. */
	void (*fasync)(struct file *f, bool on);
	int (*release)(struct file *f); /* last reference gone */
};

struct file {
	refcount_t f_count;
	u32 f_flags; /* O_NONBLOCK, O_APPEND, access mode */
	long f_pos;
	const struct file_operations *f_op;
	void *private_data;
	struct list_head f_ep; /* epoll items watching this file [thread] */
	unsigned long f_ino;   /* a number of its own, for fstat and /proc/self/fd */
	/* [I] where it was opened: files of /proc and /dev, and every O_PATH file; ours. NULL: the
	 * inode of the ramfs knows (vfs.h), or it has no place in the tree. */
	struct path *f_path;
	struct fown_struct f_owner; /* [t] whom O_ASYNC and urgent data tell */
};

/* A new file with one reference, or ERR_PTR(-ENFILE/-ENOMEM). */
struct file *file_alloc(const struct file_operations *op, void *private_data, u32 flags);
static inline struct file *get_file(struct file *f)
{
	refcount_inc(&f->f_count);
	return f;
}
/* Whom it tells, as kill() names them (fasync.c). 0, -EINVAL, -ESRCH. */
long f_setown(struct file *f, int who);
int f_getown(const struct file *f);
/* Drop a reference; the last one unlinks it from epoll and calls release. May sleep. */
void fput(struct file *f);

/* Descriptor table of the current program. */
/* lowest free number, reserved; -EMFILE. flags: O_CLOEXEC kept */
int get_unused_fd_flags(u32 flags);
void put_unused_fd(int fd);
void fd_install(int fd, struct file *f); /* takes over the reference */
/*
 * A new file without a name, and its descriptor; flags: access mode, O_NONBLOCK, O_CLOEXEC. After
 * -EMFILE, -ENFILE or -ENOMEM private_data is still the caller's.
 */
int anon_inode_getfd(const struct file_operations *op, void *private_data, u32 flags);
/* The file with a reference taken, or NULL, also for O_PATH. Pair with fput (fdput is the same). */
struct file *fget(int fd);
/* The same where an O_PATH file will do, too. */
struct file *fget_raw(int fd);
#define fdput(f) fput(f)
struct files_struct *files_alloc(void);
/* A new table for a program that the current one starts: its working directory and umask. */
struct files_struct *files_alloc_inherit(void);
struct files_struct *files_get(struct files_struct *fs); /* one more user; NULL stays NULL */
void files_put(struct files_struct *fs); /* the last user closes everything that is still open */
/* Close everything although other threads use the table, too: the program ends. */
void files_close_all(struct files_struct *fs);
/* Open /dev/console once and put it on 0, 1 and 2 of an empty table. 0 or -errno. */
int files_open_console(struct files_struct *fs);
/* Number of files open in the machine. */
unsigned long nr_open_files(void);
/* Once at boot, after the allocators and before drivers: /dev, /proc, /proc/sys, epoll. */
void fs_init(void);

#endif /* BW_KERNEL_FS_FILE_H */
