// SPDX-License-Identifier: BSD-2-Clause
/*
 * fallocate(2): pages for a range of a file ahead of time, or a hole in it. As Linux's tmpfs, the
 * ramfs knows FALLOC_FL_KEEP_SIZE and FALLOC_FL_PUNCH_HOLE and no other mode; arguments are checked
 * in the order of vfs_fallocate().
 *
 * Called by the system call table, thread context, never sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/ramfs.h>
#include <sys/stat.h>

#define FALLOC_FL_KEEP_SIZE 0x01
#define FALLOC_FL_PUNCH_HOLE 0x02
#define FALLOC_FL_COLLAPSE_RANGE 0x08
#define FALLOC_FL_ZERO_RANGE 0x10
#define FALLOC_FL_INSERT_RANGE 0x20
#define FALLOC_FL_UNSHARE_RANGE 0x40
#define FALLOC_FL_ALL 0x7b

static int check_mode(int mode)
{
	if (mode & ~FALLOC_FL_ALL)
		return -EOPNOTSUPP;
	if ((mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) ==
	    (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE))
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_PUNCH_HOLE) && !(mode & FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_COLLAPSE_RANGE) && mode != FALLOC_FL_COLLAPSE_RANGE)
		return -EINVAL;
	if ((mode & FALLOC_FL_INSERT_RANGE) && mode != FALLOC_FL_INSERT_RANGE)
		return -EINVAL;
	if ((mode & FALLOC_FL_UNSHARE_RANGE) &&
	    mode & ~(FALLOC_FL_UNSHARE_RANGE | FALLOC_FL_KEEP_SIZE))
		return -EINVAL;
	return 0;
}

static int check_file(const struct file *f)
{
	const struct ramfs_inode *inode = ramfs_file_inode(f);

	if ((f->f_flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (S_ISFIFO(f->f_op->mode))
		return -ESPIPE;
	if (f->f_op->getdents)
		return -EISDIR;
	return inode && S_ISREG(inode->mode) ? 0 : -ENODEV;
}

static int allocate(struct ramfs_inode *inode, int mode, long offset, long len)
{
	bool grows = !(mode & FALLOC_FL_KEEP_SIZE) && offset + len > inode->size;
	int err;

	if (mode & FALLOC_FL_PUNCH_HOLE) {
		if (inode->file.seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
			return -EPERM;
		ramfs_punch(inode, offset, len);
		return 0;
	}
	if ((inode->file.seals & F_SEAL_GROW) && offset + len > inode->size)
		return -EPERM;
	err = ramfs_allocate(inode, offset, len);
	if (!err && grows)
		inode->size = offset + len;
	if (!err)
		ramfs_touch(inode);
	return err;
}

static long do_fallocate(struct file *f, int mode, long offset, long len)
{
	long end;
	int err;

	if (offset < 0 || len <= 0)
		return -EINVAL;
	err = check_mode(mode);
	if (!err)
		err = check_file(f);
	if (err)
		return err;
	if (__builtin_add_overflow(offset, len, &end))
		return -EFBIG;
	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	return allocate(ramfs_file_inode(f), mode, offset, len);
}

long sys_fallocate(int fd, int mode, long offset, long len)
{
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return -EBADF;
	ret = do_fallocate(f, mode, offset, len);
	fput(f);
	return ret;
}
