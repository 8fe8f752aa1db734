// SPDX-License-Identifier: BSD-2-Clause
/*
 * open(2) and its relatives, and the calls that change what an inode says of itself: truncate,
 * chmod, chown, utimensat.
 *
 * Called by libc and the system call table, thread context; opening may sleep if a device's open
 * does. Flags are taken as Linux takes them, but for O_CREAT | O_DIRECTORY, which is -EINVAL as in
 * Linux since 6.4 (6.1 makes a plain file and fails all the same). Left out: O_PATH, O_DIRECT's
 * rules, permissions (one user, root), set-id bits on writing.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <sys/stat.h>
#include <unistd.h>

#define PERMISSIONS 07777u
#define TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY)
#define OPEN_ONLY   (O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC | O_DIRECTORY)

static u32 current_umask(void)
{
	return current->files ? current->files->fs.umask : 0;
}

/* --- open ------------------------------------------------------------------------------------ */

/* What open() refuses although the file was found in a mount. */
static int may_open(const struct file *f, int flags, bool want_dir)
{
	bool is_dir = f->f_op->getdents;

	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (is_dir && (flags & O_ACCMODE) != O_RDONLY)
		return -EISDIR;
	if (is_dir && (flags & O_CREAT))
		return -EISDIR;
	return want_dir && !is_dir ? -ENOTDIR : 0;
}

static struct file *open_in_mount(const struct nameidata *nd, int flags, u32 mode)
{
	const char *text = nd->at.text ? nd->at.text : "";
	struct file *f;
	int err;

	if (flags & TMPFILE_BIT)
		return ERR_PTR(-EOPNOTSUPP);
	f = nd->at.mnt->ops->open(text, flags & ~O_CLOEXEC, mode);
	if (IS_ERR(f))
		return f;
	err = may_open(f, flags, nd_wants_dir(nd) || (flags & O_DIRECTORY));
	if (err) {
		fput(f);
		return ERR_PTR(err);
	}
	return f;
}

/* A name that is there. */
static int may_open_inode(const struct ramfs_inode *inode, const struct nameidata *nd, int flags)
{
	bool is_dir = S_ISDIR(inode->mode);

	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (is_dir && ((flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT)))
		return -EISDIR;
	if (!is_dir && (nd->slash || (flags & O_DIRECTORY)))
		return -ENOTDIR;
	return S_ISLNK(inode->mode) ? -ELOOP : 0;
}

/* A file of no name in the directory that the walk found. */
static struct file *open_tmpfile(const struct ramfs_inode *dir, int flags, u32 mode)
{
	struct ramfs_inode *inode;
	struct file *f;

	if ((flags & O_ACCMODE) == O_RDONLY)
		return ERR_PTR(-EINVAL);
	if (!dir)
		return ERR_PTR(-ENOENT);
	if (!S_ISDIR(dir->mode))
		return ERR_PTR(-ENOTDIR);
	inode = ramfs_inode_new(S_IFREG | (mode & PERMISSIONS & ~current_umask()));
	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	inode->linkable = !(flags & O_EXCL);
	f = ramfs_open(inode, (u32)flags & ~(u32)OPEN_ONLY);
	ramfs_put(inode);
	return f;
}

/* The walk has ended in the ramfs. A new file is made last, when nothing else can fail. */
static struct file *open_in_ramfs(struct nameidata *nd, int flags, u32 mode)
{
	bool create = !nd->inode;
	struct qstr name = nd_qstr(nd);
	struct ramfs_inode *inode;
	struct file *f;
	int err = 0;

	if (flags & TMPFILE_BIT)
		return open_tmpfile(nd->inode, flags, mode);
	if (create && (!(flags & O_CREAT) || nd->slash))
		return ERR_PTR(flags & O_CREAT ? -EISDIR : -ENOENT);
	if (!create)
		err = may_open_inode(nd->inode, nd, flags);
	if (err)
		return ERR_PTR(err);
	inode = create ? ramfs_create(nd->at.inode, &name,
				      S_IFREG | (mode & PERMISSIONS & ~current_umask()), NULL)
		       : ramfs_get(nd->inode);
	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	f = ramfs_open(inode, (u32)flags & ~(u32)OPEN_ONLY);
	if (IS_ERR(f) && create)
		ramfs_unlink(nd->at.inode, &name);
	else if (!IS_ERR(f) && (flags & O_TRUNC) && S_ISREG(inode->mode))
		ramfs_truncate(inode, 0);
	ramfs_put(inode);
	return f;
}

struct file *do_filp_open(int dfd, const char *name, int flags, u32 mode)
{
	bool follow = !(flags & O_NOFOLLOW) && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
	struct nameidata nd;
	struct file *f;
	int err;

	if ((flags & O_TMPFILE) == O_TMPFILE ? flags & O_CREAT
					     : (flags & (O_CREAT | O_DIRECTORY)) ==
						       (O_CREAT | O_DIRECTORY))
		return ERR_PTR(-EINVAL);
	err = nd_start(&nd, dfd, name);
	if (!err)
		err = nd_resolve(&nd, follow);
	if (err)
		f = ERR_PTR(err);
	else
		f = nd.at.mnt ? open_in_mount(&nd, flags, mode) : open_in_ramfs(&nd, flags, mode);
	nd_end(&nd);
	return f;
}

long sys_openat(int dfd, const char *path, int flags, u32 mode)
{
	char *name = getname(path, false);
	struct file *f;
	int fd;

	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = get_unused_fd_flags((u32)flags);
	if (fd >= 0) {
		f = do_filp_open(dfd, name, flags, mode);
		if (IS_ERR(f)) {
			put_unused_fd(fd);
			fd = (int)PTR_ERR(f);
		} else {
			fd_install(fd, f);
		}
	}
	putname(name);
	return fd;
}

long sys_open(const char *path, int flags, u32 mode)
{
	return sys_openat(AT_FDCWD, path, flags, mode);
}

int files_open_console(struct files_struct *fs)
{
	struct file *f = do_filp_open(AT_FDCWD, "/dev/console", O_RDWR, 0), *old;
	unsigned int fd;
	int err = 0;

	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	for (fd = 0; fd <= 2 && !err; fd++) {
		err = replace_fd(fs, fd, get_file(f), 0, &old);
		BUG_ON(err || old); /* an empty table has room for three */
	}
	fput(f);
	return err;
}

/* --- changing inodes ------------------------------------------------------------------------- */

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

long sys_utimensat(int dfd, const char *path, const struct timespec *utimes, int flags)
{
	struct timespec ts[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };
	struct ramfs_inode *inode;
	s64 atime, mtime;
	int err;

	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return -EINVAL;
	if (utimes && copy_from_user(ts, utimes, sizeof(ts)))
		return -EFAULT;
	inode = inode_of(dfd, path, !(flags & AT_SYMLINK_NOFOLLOW));
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
