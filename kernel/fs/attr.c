// SPDX-License-Identifier: BSD-2-Clause
/*
 * The calls that change what an inode says of itself: truncate, chmod, chown, the times, umask.
 *
 * The old forms of the times (utime, utimes, futimesat) give seconds or microseconds; all of them
 * end in the same place. Only inodes of the ramfs can be changed; what lies in /proc and /sys says
 * -EROFS, as a mount that is read-only.
 *
 * Called by libc and the system call table, thread context, never sleeps. Left out: permissions
 * (one user, root), set-id bits on writing.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <sys/stat.h>
#include <sys/time.h>

#define PERMISSIONS 07777u

u32 current_umask(void)
{
	return current->files ? current->files->fs.umask : 0;
}

/* The inode a call means: by descriptor when path is NULL. With a reference, or ERR_PTR. */
static struct ramfs_inode *inode_of(int dfd, const char *path, bool follow)
{
	struct ramfs_inode *inode;
	struct file *f;
	char *name;

	if (path) {
		name = getname(path, false);
		if (IS_ERR(name))
			return ERR_PTR(PTR_ERR(name));
		inode = inode_at(dfd, name, follow);
		putname(name);
		return inode;
	}
	f = fget(dfd);
	if (!f)
		return ERR_PTR(-EBADF);
	inode = ramfs_file_inode(f);
	inode = inode ? ramfs_get(inode) : ERR_PTR(-EROFS);
	fput(f);
	return inode;
}

static int chmod_inode(struct ramfs_inode *inode, u32 mode)
{
	if (IS_ERR(inode))
		return (int)PTR_ERR(inode);
	inode->mode = (inode->mode & S_IFMT) | (mode & PERMISSIONS);
	inode->ctime_ns = (s64)ktime_get_real_ns();
	ramfs_put(inode);
	return 0;
}

long sys_fchmodat(int dfd, const char *path, u32 mode)
{
	return path ? chmod_inode(inode_of(dfd, path, true), mode) : -EFAULT;
}

long sys_fchmod(int fd, u32 mode)
{
	return chmod_inode(inode_of(fd, NULL, true), mode);
}

static int chown_inode(struct ramfs_inode *inode, u32 uid, u32 gid)
{
	if (IS_ERR(inode))
		return (int)PTR_ERR(inode);
	if (uid != (u32)-1)
		inode->uid = uid;
	if (gid != (u32)-1)
		inode->gid = gid;
	inode->ctime_ns = (s64)ktime_get_real_ns();
	ramfs_put(inode);
	return 0;
}

long sys_fchownat(int dfd, const char *path, u32 uid, u32 gid, int flags)
{
	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return -EINVAL;
	if (!path)
		return -EFAULT;
	return chown_inode(inode_of(dfd, path, !(flags & AT_SYMLINK_NOFOLLOW)), uid, gid);
}

long sys_fchown(int fd, u32 uid, u32 gid)
{
	return chown_inode(inode_of(fd, NULL, true), uid, gid);
}

/* One of utimensat's two times. */
static int set_time(s64 *to, const struct timespec *ts)
{
	if (ts->tv_nsec == UTIME_OMIT)
		return 0;
	if (ts->tv_nsec == UTIME_NOW) {
		*to = (s64)ktime_get_real_ns();
		return 0;
	}
	if (ts->tv_nsec < 0 || ts->tv_nsec >= (long)NSEC_PER_SEC)
		return -EINVAL;
	/* Beyond what 64 bits of nanoseconds hold (the year 2262), the last moment, as in Linux. */
	if (__builtin_mul_overflow(ts->tv_sec, (s64)NSEC_PER_SEC, to) ||
	    __builtin_add_overflow(*to, ts->tv_nsec, to))
		*to = ts->tv_sec < 0 ? INT64_MIN : INT64_MAX;
	return 0;
}

/* path NULL: dfd itself. */
static long do_utimes(int dfd, const char *path, const struct timespec ts[2], int flags)
{
	struct ramfs_inode *inode = inode_of(dfd, path, !(flags & AT_SYMLINK_NOFOLLOW));
	s64 atime, mtime;
	int err;

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	atime = inode->atime_ns;
	mtime = inode->mtime_ns;
	err = set_time(&atime, &ts[0]);
	if (!err)
		err = set_time(&mtime, &ts[1]);
	if (!err) {
		inode->atime_ns = atime;
		inode->mtime_ns = mtime;
		inode->ctime_ns = (s64)ktime_get_real_ns();
	}
	ramfs_put(inode);
	return err;
}

static const struct timespec both_now[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };

static bool bad_time(const struct timespec *ts)
{
	return ts->tv_nsec != UTIME_OMIT && ts->tv_nsec != UTIME_NOW &&
	       (ts->tv_nsec < 0 || ts->tv_nsec >= (long)NSEC_PER_SEC);
}

long sys_utimensat(int dfd, const char *path, const struct timespec *utimes, int flags)
{
	struct timespec ts[2];

	if (utimes) {
		if (copy_from_user(ts, utimes, sizeof(ts)))
			return -EFAULT;
		if (ts[0].tv_nsec == UTIME_OMIT && ts[1].tv_nsec == UTIME_OMIT)
			return 0; /* before anything is looked at, as on Linux */
		if (bad_time(&ts[0]) || bad_time(&ts[1]))
			return -EINVAL;
	}
	if (path ? flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) : flags)
		return -EINVAL;
	if (!path && dfd == AT_FDCWD)
		return -EFAULT;
	return do_utimes(dfd, path, utimes ? ts : both_now, flags);
}

/* Seconds and microseconds. */
static long do_futimesat(int dfd, const char *path, const struct timeval *utimes)
{
	struct timespec ts[2];
	struct timeval tv[2];
	int n;

	if (!utimes)
		return do_utimes(dfd, path, both_now, 0);
	if (copy_from_user(tv, utimes, sizeof(tv)))
		return -EFAULT;
	for (n = 0; n < 2; n++) {
		if (tv[n].tv_usec < 0 || tv[n].tv_usec >= (long)USEC_PER_SEC)
			return -EINVAL;
		ts[n].tv_sec = tv[n].tv_sec;
		ts[n].tv_nsec = tv[n].tv_usec * (long)NSEC_PER_USEC;
	}
	return do_utimes(dfd, path, ts, 0);
}

long sys_utimes(const char *path, const struct timeval *utimes)
{
	return path ? do_futimesat(AT_FDCWD, path, utimes) : -EFAULT;
}

long sys_futimesat(int dfd, const char *path, const struct timeval *utimes)
{
	return path || dfd != AT_FDCWD ? do_futimesat(dfd, path, utimes) : -EFAULT;
}

/* Seconds: access time, then modification time. */
long sys_utime(const char *path, const long *utimes)
{
	struct timespec ts[2] = { { 0 } };
	long s[2];

	if (!path)
		return -EFAULT;
	if (!utimes)
		return do_utimes(AT_FDCWD, path, both_now, 0);
	if (copy_from_user(s, utimes, sizeof(s)))
		return -EFAULT;
	ts[0].tv_sec = s[0];
	ts[1].tv_sec = s[1];
	return do_utimes(AT_FDCWD, path, ts, 0);
}

long sys_truncate(const char *path, long size)
{
	struct ramfs_inode *inode;
	long err = -EINVAL;

	if (size < 0)
		return -EINVAL;
	if (!path)
		return -EFAULT;
	inode = inode_of(AT_FDCWD, path, true);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	if (S_ISDIR(inode->mode))
		err = -EISDIR;
	else if (S_ISREG(inode->mode))
		err = ramfs_truncate(inode, size);
	ramfs_put(inode);
	return err;
}

long sys_ftruncate(int fd, long size)
{
	struct ramfs_inode *inode;
	struct file *f;
	long err = -EINVAL;

	if (size < 0)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	inode = ramfs_file_inode(f);
	if (inode && S_ISREG(inode->mode) && (f->f_flags & O_ACCMODE) != O_RDONLY)
		err = ramfs_truncate(inode, size);
	fput(f);
	return err;
}

long sys_umask(u32 mask)
{
	u32 old = current_umask();

	if (current->files)
		current->files->fs.umask = mask & 0777;
	return (long)old;
}
