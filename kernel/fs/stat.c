// SPDX-License-Identifier: BSD-2-Clause
/*
 * What files say of themselves: stat and its relatives, access, readlink, statfs.
 *
 * Called by libc and the system call table, thread context, never sleeps. There is one user, root:
 * access(2) grants everything that exists, but for X_OK on a plain file with no x bit, as for
 * Linux's root. statx is in statx.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

/* statfs(2) */
#define TMPFS_MAGIC 0x01021994
#define SOCKFS_MAGIC 0x534f434b
#define PIPEFS_MAGIC 0x50495045
#define ANON_INODE_FS_MAGIC 0x09041934
#define ST_VALID 0x20
#define ST_RELATIME 0x1000

void stat_directory(struct stat *st, unsigned long ino)
{
	st->st_mode = S_IFDIR | 0555;
	st->st_nlink = 2;
	st->st_ino = ino;
	st->st_blksize = PAGE_SIZE;
}

void generic_fillattr(const struct file *f, struct stat *st)
{
	st->st_mode = f->f_op->getdents ? S_IFDIR | 0555 : f->f_op->mode;
	st->st_nlink = 1;
	st->st_ino = f->f_ino;
	st->st_blksize = PAGE_SIZE;
}

int file_stat(int fd, struct stat *st)
{
	struct file *f = fget_raw(fd);
	int err = 0;

	if (!f)
		return -EBADF;
	generic_fillattr(f, st);
	if (f->f_op->fstat)
		err = f->f_op->fstat(f, st);
	fput(f);
	return err;
}

/* Where a walk has ended. */
static int nd_stat(const struct nameidata *nd, struct stat *st)
{
	int err = 0;

	if (nd->at.mnt)
		err = nd->at.mnt->ops->stat(nd->at.text ? nd->at.text : "", st);
	else if (nd->inode)
		ramfs_getattr(nd->inode, st);
	else
		err = -ENOENT;
	return !err && nd_wants_dir(nd) && !S_ISDIR(st->st_mode) ? -ENOTDIR : err;
}

int do_statat(int dfd, const char *name, bool follow, struct stat *st)
{
	struct stat unused = { 0 };
	struct nameidata nd;
	int err = nd_start(&nd, dfd, name);

	if (!err)
		err = nd_resolve(&nd, follow);
	if (!err)
		err = nd_stat(&nd, st ? st : &unused);
	nd_end(&nd);
	return err;
}

/* With AT_EMPTY_PATH "" is the descriptor itself. */
int user_statat(int dfd, const char *path, int flags, struct stat *st)
{
	char *name = getname(path, flags & AT_EMPTY_PATH);
	int err;

	if (IS_ERR(name))
		return (int)PTR_ERR(name);
	if (*name)
		err = do_statat(dfd, name, !(flags & AT_SYMLINK_NOFOLLOW), st);
	else
		err = dfd == AT_FDCWD ? do_statat(dfd, ".", true, st) : file_stat(dfd, st);
	putname(name);
	return err;
}

long sys_newfstatat(int dfd, const char *path, struct stat *ust, int flags)
{
	struct stat st = { 0 };
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
		return -EINVAL;
	err = user_statat(dfd, path, flags, &st);
	return err ? err : copy_to_user(ust, &st, sizeof(st));
}

long sys_stat(const char *path, struct stat *ust)
{
	return sys_newfstatat(AT_FDCWD, path, ust, 0);
}

long sys_lstat(const char *path, struct stat *ust)
{
	return sys_newfstatat(AT_FDCWD, path, ust, AT_SYMLINK_NOFOLLOW);
}

long sys_fstat(int fd, struct stat *ust)
{
	struct stat st = { 0 };
	int err = file_stat(fd, &st);

	return err ? err : copy_to_user(ust, &st, sizeof(st));
}

long sys_faccessat2(int dfd, const char *path, int mode, int flags)
{
	struct stat st = { 0 };
	int err;

	if (mode & ~(R_OK | W_OK | X_OK))
		return -EINVAL;
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_EACCESS))
		return -EINVAL;
	err = user_statat(dfd, path, flags, &st);
	if (!err && (mode & X_OK) && !S_ISDIR(st.st_mode) && !(st.st_mode & 0111))
		err = -EACCES;
	return err;
}

long sys_readlinkat(int dfd, const char *path, char *buf, int size)
{
	struct nameidata nd;
	char *name;
	long ret;

	if (size <= 0)
		return -EINVAL;
	name = getname(path, false);
	if (IS_ERR(name))
		return PTR_ERR(name);
	ret = nd_start(&nd, dfd, name);
	if (!ret)
		ret = nd_resolve(&nd, false);
	if (!ret && nd.inode && S_ISLNK(nd.inode->mode)) {
		ret = min(nd.inode->size, (long)size);
		if (copy_to_user(buf, nd.inode->link, (size_t)ret))
			ret = -EFAULT;
	} else if (!ret) {
		struct stat st = { 0 };

		ret = nd_stat(&nd, &st);
		ret = ret ? ret : -EINVAL;
	}
	nd_end(&nd);
	putname(name);
	return ret;
}

/* --- statfs ---------------------------------------------------------------------------------- */

/* What has no name in the tree lies on a file system of its kind. */
static long magic_of_mode(u32 mode)
{
	if (S_ISSOCK(mode))
		return SOCKFS_MAGIC;
	return S_ISFIFO(mode) ? PIPEFS_MAGIC : ANON_INODE_FS_MAGIC;
}

static void ramfs_statfs(struct statfs *sf)
{
	size_t limit, used;

	ramfs_usage(&limit, &used);
	sf->f_type = TMPFS_MAGIC;
	sf->f_blocks = limit / PAGE_SIZE;
	sf->f_bfree = sf->f_bavail = (limit - min(used, limit)) / PAGE_SIZE;
}

/* st says which of the two it is, with mnt NULL; a file of neither has no file system to show. */
static void fill_statfs(const struct vfs_mount *mnt, struct statfs *sf)
{
	*sf = (struct statfs){ .f_bsize = PAGE_SIZE, .f_frsize = PAGE_SIZE, .f_namelen = NAME_MAX };
	if (mnt)
		sf->f_type = mnt->ops->magic;
	else
		ramfs_statfs(sf);
	sf->f_flags = ST_VALID | ST_RELATIME;
}

long sys_statfs(const char *path, struct statfs *usf)
{
	struct statfs sf;
	struct stat st = { 0 };
	struct nameidata nd;
	char *name = getname(path, false);
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = nd_start(&nd, AT_FDCWD, name);
	if (!err)
		err = nd_resolve(&nd, true);
	if (!err)
		err = nd_stat(&nd, &st);
	if (!err)
		fill_statfs(nd.at.mnt, &sf);
	nd_end(&nd);
	putname(name);
	return err ? err : copy_to_user(usf, &sf, sizeof(sf));
}

long sys_fstatfs(int fd, struct statfs *usf)
{
	struct file *f = fget(fd);
	struct statfs sf;

	if (!f)
		return -EBADF;
	fill_statfs(f->f_path ? f->f_path->mnt : NULL, &sf);
	if (!f->f_path && !ramfs_file_inode(f))
		sf = (struct statfs){ .f_type = magic_of_mode(f->f_op->mode), .f_bsize = PAGE_SIZE,
				      .f_frsize = PAGE_SIZE, .f_namelen = NAME_MAX,
				      .f_flags = ST_VALID | ST_RELATIME };
	fput(f);
	return copy_to_user(usf, &sf, sizeof(sf));
}
