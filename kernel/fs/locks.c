// SPDX-License-Identifier: BSD-2-Clause
/*
 * Record locks: fcntl's F_SETLK, F_GETLK and their F_OFD_ forms.
 *
 * POSIX locks exclude other processes, and there are none: every lock that is asked for correctly
 * is granted, and none is ever in the way. Arguments are checked as Linux's flock_to_posix_lock()
 * and assign_type() check them. Left out: that F_OFD_ locks of two open files of one program
 * exclude each other (flock(2)'s do, flock.c).
 *
 * Called by fcntl(), thread context, never sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/locks.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/uaccess.h>
#include <unistd.h>

static int check_range(const struct file *f, const struct flock *l)
{
	const struct ramfs_inode *inode = ramfs_file_inode(f);
	long start, end;

	switch (l->l_whence) {
	case SEEK_SET:
		start = 0;
		break;
	case SEEK_CUR:
		start = f->f_pos;
		break;
	case SEEK_END:
		start = inode ? inode->size : 0;
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(start, l->l_start, &start))
		return -EOVERFLOW;
	if (start < 0)
		return -EINVAL;
	if (l->l_len > 0 && __builtin_add_overflow(start, l->l_len - 1, &end))
		return -EOVERFLOW;
	return l->l_len < 0 && start + l->l_len < 0 ? -EINVAL : 0;
}

long fcntl_setlk(const struct file *f, const struct flock *ul, bool ofd)
{
	u32 mode = f->f_flags & O_ACCMODE;
	struct flock l;
	int err;

	if (copy_from_user(&l, ul, sizeof(l)))
		return -EFAULT;
	err = check_range(f, &l);
	if (err)
		return err;
	if (l.l_type != F_RDLCK && l.l_type != F_WRLCK && l.l_type != F_UNLCK)
		return -EINVAL;
	if ((l.l_type == F_RDLCK && mode == O_WRONLY) || (l.l_type == F_WRLCK && mode == O_RDONLY))
		return -EBADF;
	return ofd && l.l_pid ? -EINVAL : 0;
}

long fcntl_getlk(const struct file *f, struct flock *ul, bool ofd)
{
	struct flock l;
	int err;

	if (copy_from_user(&l, ul, sizeof(l)))
		return -EFAULT;
	if (l.l_type != F_RDLCK && l.l_type != F_WRLCK)
		return -EINVAL;
	err = check_range(f, &l);
	if (!err && ofd && l.l_pid)
		err = -EINVAL;
	if (err)
		return err;
	l.l_type = F_UNLCK;
	return copy_to_user(ul, &l, sizeof(l));
}
