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
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <limits.h>
#include <string.h>
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

/* What an open file says of itself; of one in the tree its inode says it. */
static int fill_stat(struct file *f, struct stat *st)
{
	const struct path *p = f->f_path;

	if (p && p->inode) {
		ramfs_getattr(p->inode, st);
		return 0;
	}
	if (p && (f->f_flags & O_PATH))
		return p->mnt->ops->stat(p->mnt, p->text ? p->text : "", st);
	generic_fillattr(f, st);
	return f->f_op->fstat ? f->f_op->fstat(f, st) : 0;
}

int file_stat(int fd, struct stat *st)
{
	struct file *f = fget_raw(fd);
	int err;

	if (!f)
		return -EBADF;
	err = fill_stat(f, st);
	fput(f);
	return err;
}

/* Where a walk has ended. */
static int nd_stat(const struct nameidata *nd, struct stat *st)
{
	int err = 0;

	if (nd->file)
		err = fill_stat(nd->file, st);
	else if (nd->at.mnt)
		err = nd->at.mnt->ops->stat(nd->at.mnt, nd->at.text ? nd->at.text : "", st);
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

/* The text of the link where a walk has ended, kmalloc'ed; ERR_PTR(-EINVAL): it is none. */
static char *nd_readlink(const struct nameidata *nd)
{
	const struct vfs_mount *m = nd->at.mnt;
	struct vfs_link link = { 0 };
	struct stat st = { 0 };
	char *text;
	int err;

	if (nd->inode && S_ISLNK(nd->inode->mode)) {
		text = kstrdup(nd->inode->link, GFP_KERNEL);
		return text ? text : ERR_PTR(-ENOMEM);
	}
	err = nd_stat(nd, &st);
	if (err || !S_ISLNK(st.st_mode))
		return ERR_PTR(err ? err : -EINVAL);
	err = m->ops->get_link(m, nd->at.text ? nd->at.text : "", &link);
	text = link.text;
	link.text = NULL;
	vfs_link_put(&link);
	return err ? ERR_PTR(err) : text;
}

/* The same for an O_PATH file. */
static char *file_readlink(int fd)
{
	struct nameidata nd = { 0 };
	struct file *f = fget_raw(fd);
	char *text;

	if (!f)
		return ERR_PTR(-EBADF);
	if ((f->f_flags & O_PATH) && f->f_path) {
		nd.at = *f->f_path;
		nd.inode = nd.at.inode;
		nd.type = LAST_NORM;
		text = nd_readlink(&nd);
	} else {
		text = ERR_PTR(-ENOENT);
	}
	fput(f);
	return IS_ERR(text) && PTR_ERR(text) == -EINVAL ? ERR_PTR(-ENOENT) : text;
}

static char *path_readlink(int dfd, const char *name)
{
	struct nameidata nd;
	char *text;
	int err;

	if (!*name)
		return dfd == AT_FDCWD ? ERR_PTR(-ENOENT) : file_readlink(dfd);
	err = nd_start(&nd, dfd, name);
	if (!err)
		err = nd_resolve(&nd, false);
	text = err ? ERR_PTR(err) : nd_readlink(&nd);
	nd_end(&nd);
	return text;
}

long sys_readlinkat(int dfd, const char *path, char *buf, int size)
{
	char *name, *text;
	long ret;

	if (size <= 0)
		return -EINVAL;
	name = getname(path, true);
	if (IS_ERR(name))
		return PTR_ERR(name);
	text = path_readlink(dfd, name);
	putname(name);
	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = min((long)strlen(text), (long)size);
	if (copy_to_user(buf, text, (size_t)ret))
		ret = -EFAULT;
	kfree(text);
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
	struct file *f = fget_raw(fd);
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
