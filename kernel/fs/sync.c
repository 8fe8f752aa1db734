// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls about the medium behind a file: fsync, sync and their kin, posix_fadvise, readahead.
 *
 * All files lie in memory, so there is nothing to write back or to read ahead; what is left of
 * these calls is their arguments, checked as Linux checks them for a tmpfs.
 *
 * Called by the system call table, thread context, never sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/ramfs.h>
#include <sys/stat.h>

#define SYNC_FILE_RANGE_ALL 7u

long sys_fsync(int fd)
{
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return -EBADF;
	ret = ramfs_file_inode(f) ? 0 : -EINVAL; /* sockets, pipes, devices have no fsync */
	fput(f);
	return ret;
}

long sys_fdatasync(int fd)
{
	return sys_fsync(fd);
}

long sys_sync(void)
{
	return 0;
}

long sys_syncfs(int fd)
{
	struct file *f = fget(fd);

	if (!f)
		return -EBADF;
	fput(f);
	return 0;
}

long sys_sync_file_range(int fd, long offset, long len, unsigned int flags)
{
	struct file *f = fget(fd);
	long end;
	long ret = 0;

	if (!f)
		return -EBADF;
	if ((flags & ~SYNC_FILE_RANGE_ALL) || offset < 0 || len < 0 ||
	    __builtin_add_overflow(offset, len, &end))
		ret = -EINVAL;
	else if (!ramfs_file_inode(f))
		ret = -ESPIPE;
	fput(f);
	return ret;
}

long sys_fadvise64(int fd, long offset, long len, int advice)
{
	struct file *f = fget(fd);
	long ret = 0;

	(void)offset;
	if (!f)
		return -EBADF;
	if (S_ISFIFO(f->f_op->mode))
		ret = -ESPIPE;
	else if (len < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE)
		ret = -EINVAL;
	fput(f);
	return ret;
}

long sys_readahead(int fd, long offset, size_t count)
{
	struct file *f = fget(fd);
	const struct ramfs_inode *inode;
	long ret = 0;

	(void)offset;
	(void)count;
	if (!f)
		return -EBADF;
	inode = ramfs_file_inode(f);
	if ((f->f_flags & O_ACCMODE) == O_WRONLY)
		ret = -EBADF;
	else if (!inode || !S_ISREG(inode->mode))
		ret = -EINVAL;
	fput(f);
	return ret;
}
