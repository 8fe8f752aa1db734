// SPDX-License-Identifier: BSD-2-Clause
/*
 * The calls that change descriptors themselves: close, close_range, dup, dup2, dup3 and fcntl.
 *
 * All descriptors made by dup share one struct file and so its flags and position; close-on-exec
 * belongs to the number. Thread context; close may sleep when it drops the last reference (a
 * lingering socket), never because another thread still uses the file.
 *
 * Record locks are in locks.c. Left out: F_SETSIG, leases, F_NOTIFY. F_SETOWN is accepted and
 * forgotten, as FIOASYNC is: nobody sends SIGIO.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fasync.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/locks.h>
#include <kernel/fs/pipe.h>
#include <kernel/sys.h>
#include <sys/stat.h>

/* close_range(2); a table shared with nobody is unshared already */
#define CLOSE_RANGE_UNSHARE 2u
#define CLOSE_RANGE_CLOEXEC 4u

#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

long sys_close(int fd)
{
	struct files_struct *fs = current->files;
	struct file *f = fs ? pick_file(fs, (unsigned int)fd) : NULL;

	if (unlikely(!f))
		return -EBADF;
	fput(f);
	return 0;
}

long sys_close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	struct files_struct *fs = current->files;
	struct file *f;
	int fd;

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return -EINVAL;
	if (first > last)
		return -EINVAL;
	for (fd = next_open_fd(fs, first); fd >= 0 && (unsigned int)fd <= last;
	     fd = next_open_fd(fs, (unsigned int)fd + 1)) {
		if (flags & CLOSE_RANGE_CLOEXEC) {
			set_close_on_exec(fs, (unsigned int)fd, true);
			continue;
		}
		f = pick_file(fs, (unsigned int)fd);
		fput(f); /* may sleep: the table is looked at anew */
	}
	return 0;
}

/* A second number >= from for an open file; the caller keeps its own reference. */
static long dup_from(struct file *f, unsigned int from, u32 flags)
{
	int fd = alloc_fd(current->files, from, flags);

	if (fd >= 0)
		fd_install(fd, get_file(f));
	return fd;
}

long sys_dup(int fd)
{
	struct file *f = fget_raw(fd);
	long ret;

	if (!f)
		return -EBADF;
	ret = dup_from(f, 0, 0);
	fput(f);
	return ret;
}

long sys_dup3(int oldfd, int newfd, int flags)
{
	struct file *f, *old;
	int err;

	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	if (oldfd == newfd)
		return -EINVAL;
	if ((unsigned int)newfd >= files_max(current->files))
		return -EBADF;
	f = fget_raw(oldfd);
	if (!f)
		return -EBADF;
	err = replace_fd(current->files, (unsigned int)newfd, f, (u32)flags, &old);
	if (err)
		fput(f);
	if (old)
		fput(old);
	return err ? err : newfd;
}

long sys_dup2(int oldfd, int newfd)
{
	if (oldfd == newfd)
		return fcheck(current->files, (unsigned int)oldfd) ? newfd : -EBADF;
	return sys_dup3(oldfd, newfd, 0);
}

/* O_ASYNC stays off where nothing could come of it. */
static long set_flags(struct file *f, int fd, unsigned long arg)
{
	if ((arg & O_DIRECT) && !S_ISFIFO(f->f_op->mode))
		return -EINVAL;
	fasync_switch(f, fd, arg & O_ASYNC);
	f->f_flags = (f->f_flags & ~(u32)SETFL_MASK) | ((u32)arg & SETFL_MASK);
	return 0;
}

/* What concerns the file alone, and few programs ask for. */
static long fcntl_rare(struct file *f, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case F_GETLK:
	case F_OFD_GETLK:
		return fcntl_getlk(f, (struct flock *)arg, cmd == F_OFD_GETLK);
	case F_SETLK:
	case F_SETLKW:
		return fcntl_setlk(f, (const struct flock *)arg, false);
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return fcntl_setlk(f, (const struct flock *)arg, true);
	case F_GETPIPE_SZ:
		return pipe_size(f);
	case F_SETPIPE_SZ:
		return pipe_resize(f, (unsigned int)arg);
	case F_GET_SEALS:
		return memfd_get_seals(f);
	case F_ADD_SEALS:
		return memfd_add_seals(f, arg);
	case F_GETLEASE:
		return F_UNLCK;
	default:
		return -EINVAL; /* leases and directory notification are refused, too */
	}
}

static long do_fcntl(struct file *f, int fd, unsigned int cmd, unsigned long arg)
{
	long ret;

	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (arg >= files_max(current->files))
			return -EINVAL;
		return dup_from(f, (unsigned int)arg, cmd == F_DUPFD_CLOEXEC ? O_CLOEXEC : 0);
	case F_GETFD:
		return get_close_on_exec(current->files, (unsigned int)fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		set_close_on_exec(current->files, (unsigned int)fd, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return f->f_flags & ~(u32)O_CLOEXEC;
	case F_SETFL:
		return set_flags(f, fd, arg);
	default:
		ret = fasync_fcntl(f, cmd, arg);
		return ret == -ENOSYS ? fcntl_rare(f, cmd, arg) : ret;
	}
}

long sys_fcntl(int fd, unsigned int cmd, unsigned long arg)
{
	struct file *f = fget_raw(fd);
	long ret = -EBADF;

	if (unlikely(!f))
		return -EBADF;
	if (!(f->f_flags & O_PATH) || cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC ||
	    cmd == F_GETFD || cmd == F_SETFD || cmd == F_GETFL)
		ret = do_fcntl(f, fd, cmd, arg);
	fput(f);
	return ret;
}
