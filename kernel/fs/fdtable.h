/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_FDTABLE_H
#define BW_KERNEL_FS_FDTABLE_H

/*
 * The descriptor table of a program: an array of files with a bitmap of taken numbers and a bitmap
 * of its full words, so that the lowest free number is found in a few instructions at any size.
 * Thread context; nothing here sleeps while the table is being changed, which is what makes it
 * safe between cooperative threads.
 */
#include <kernel/fs/file.h>
#include <kernel/fs/vfs.h>

#define NR_OPEN_DEFAULT 64u
#define FD_WORD_BITS 64u
#define DEFAULT_UMASK 022u
#define SYSCTL_NR_OPEN_MAX (1u << 20)

struct files_struct {
	refcount_t count;
	unsigned int max_fds; /* size of fd[], a multiple of FD_WORD_BITS */
	unsigned int next_fd; /* every number below is taken */
	unsigned int nr_used;
	unsigned int limit;   /* RLIMIT_NOFILE: a new number is below it */
	struct file **fd;	      /* NULL: free or reserved */
	unsigned long *open_fds;      /* taken or reserved */
	unsigned long *full_words;    /* bit n: open_fds[n] has no free bit */
	unsigned long *close_on_exec; /* O_CLOEXEC */
	struct fs_struct fs;	      /* working directory, umask */
	/* What a small program needs, without further allocations. */
	struct file *fd_init[NR_OPEN_DEFAULT];
	unsigned long bits_init[3];
};

/* Limits: fs.nr_open (descriptors of a program) and fs.file-max (files of the machine). */
struct files_limits {
	unsigned int nr_open;
	unsigned long file_max;
	unsigned long nr_files;
};
extern struct files_limits files_limits;
void files_init(void);

/* New numbers are below this: RLIMIT_NOFILE or fs.nr_open. */
static inline unsigned int files_max(const struct files_struct *fs)
{
	return fs ? min(fs->limit, files_limits.nr_open) : files_limits.nr_open;
}
/* The file behind fd in fs without taking a reference, or NULL. */
static inline struct file *fcheck(const struct files_struct *fs, unsigned int fd)
{
	return likely(fs && fd < fs->max_fds) ? fs->fd[fd] : NULL;
}
/* Lowest free number >= start, reserved; -EMFILE at files_max(), -EINVAL for start beyond it. */
int alloc_fd(struct files_struct *fs, unsigned int start, u32 flags);
/* Give number newfd exactly to f (takes over the reference); a file that was there is returned in
 * *old for the caller to fput. 0, -EBADF, -EBUSY (reserved by a call in progress), -ENOMEM. */
int replace_fd(struct files_struct *fs, unsigned int newfd, struct file *f, u32 flags,
	       struct file **old);
/* Take the file out of the table and free its number; the caller gets the reference. Or NULL. */
struct file *pick_file(struct files_struct *fs, unsigned int fd);
void set_close_on_exec(struct files_struct *fs, unsigned int fd, bool on);
bool get_close_on_exec(const struct files_struct *fs, unsigned int fd);
/* The first open descriptor >= start, or -1. For /proc/self/fd. */
int next_open_fd(const struct files_struct *fs, unsigned int start);

#endif /* BW_KERNEL_FS_FDTABLE_H */
