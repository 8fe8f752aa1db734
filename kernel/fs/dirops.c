// SPDX-License-Identifier: BSD-2-Clause
/*
 * The calls that make, remove and change names: mkdir, mknod, rmdir, unlink, link, symlink,
 * rename.
 *
 * Each walks to the directory of the last component, checks in Linux's order what it asks of it,
 * and hands the change to the ramfs as one step. Names inside /proc and /sys cannot be changed:
 * -EPERM, or what looking them up says. Thread context, never sleeps. Left out:
 * RENAME_EXCHANGE and RENAME_WHITEOUT.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <kernel/sys.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Walk to the directory of a name. Inside a mount: what stands in the way of changing it there. */
static int walk_to_parent(struct nameidata *nd, int dfd, const char *name, bool creating)
{
	int err = nd_start(nd, dfd, name);

	if (!err)
		err = nd_parent(nd);
	if (err || !nd->at.mnt)
		return err;
	err = do_statat(dfd, name, false, NULL);
	if (creating)
		return err == -ENOENT ? -EPERM : err ? err : -EEXIST;
	return err ? err : -EPERM;
}

/* The same for a new name; want_dir: a trailing slash is fine. */
static int walk_to_create(struct nameidata *nd, int dfd, const char *name, bool want_dir)
{
	int err = walk_to_parent(nd, dfd, name, true);
	struct ramfs_inode *old;
	struct qstr q;

	if (err)
		return err;
	if (nd->type != LAST_NORM)
		return -EEXIST;
	if (!nd->slash || want_dir)
		return 0;
	q = nd_qstr(nd);
	old = ramfs_lookup(nd->at.inode, &q);
	if (!old)
		return -ENOENT;
	ramfs_put(old);
	return -EEXIST;
}

struct ramfs_inode *inode_create_at(int dfd, const char *name, u32 mode, const char *text)
{
	u32 umask = text ? 0 : current_umask();
	struct ramfs_inode *inode = NULL;
	struct nameidata nd;
	struct qstr q;
	int err = walk_to_create(&nd, dfd, name, S_ISDIR(mode));

	if (!err) {
		q = nd_qstr(&nd);
		inode = ramfs_lookup(nd.at.inode, &q); /* before anything is made */
		if (inode) {
			ramfs_put(inode);
			err = -EEXIST;
		} else {
			inode = ramfs_create(nd.at.inode, &q, mode & ~umask, text);
		}
	}
	nd_end(&nd);
	return err ? ERR_PTR(err) : inode;
}

static int create_at(int dfd, const char *name, u32 mode, const char *text)
{
	struct ramfs_inode *inode = inode_create_at(dfd, name, mode, text);

	if (IS_ERR(inode))
		return (int)PTR_ERR(inode);
	ramfs_put(inode);
	return 0;
}

int do_mkdirat(int dfd, const char *name, u32 mode)
{
	return create_at(dfd, name, S_IFDIR | (mode & 01777), NULL);
}

int do_mknodat(int dfd, const char *name, u32 mode)
{
	return create_at(dfd, name, mode & (S_IFMT | 07777), NULL);
}

int do_symlinkat(const char *text, int dfd, const char *name)
{
	return *text ? create_at(dfd, name, S_IFLNK | 0777, text) : -ENOENT;
}

int do_unlinkat(int dfd, const char *name)
{
	struct nameidata nd;
	struct ramfs_inode *inode;
	struct qstr q;
	int err = walk_to_parent(&nd, dfd, name, false);

	if (!err && nd.type != LAST_NORM)
		err = -EISDIR;
	if (!err) {
		q = nd_qstr(&nd);
		inode = nd.slash ? ramfs_lookup(nd.at.inode, &q) : NULL;
		if (inode && !S_ISDIR(inode->mode))
			err = -ENOTDIR;
		ramfs_put(inode);
	}
	if (!err)
		err = ramfs_unlink(nd.at.inode, &q);
	nd_end(&nd);
	return err;
}

int do_rmdirat(int dfd, const char *name)
{
	static const int by_type[] = {
		[LAST_DOT] = -EINVAL, [LAST_DOTDOT] = -ENOTEMPTY, [LAST_ROOT] = -EBUSY,
	};
	struct nameidata nd;
	struct qstr q;
	int err = walk_to_parent(&nd, dfd, name, false);

	if (!err)
		err = by_type[nd.type];
	if (!err) {
		q = nd_qstr(&nd);
		err = ramfs_rmdir(nd.at.inode, &q);
	}
	nd_end(&nd);
	return err;
}

int do_link_inode(struct ramfs_inode *inode, int dfd, const char *name)
{
	struct ramfs_inode *there;
	struct nameidata nd;
	struct qstr q;
	int err = walk_to_create(&nd, dfd, name, false);

	if (err == -EPERM)
		err = -EXDEV;
	if (!err) {
		q = nd_qstr(&nd);
		there = ramfs_lookup(nd.at.inode, &q);
		err = there ? -EEXIST : 0; /* before what is wrong with the inode */
		ramfs_put(there);
	}
	if (!err && S_ISDIR(inode->mode))
		err = -EPERM;
	if (!err && !inode->nlink && !inode->linkable)
		err = -ENOENT;
	if (!err)
		err = ramfs_link(nd.at.inode, &q, inode);
	if (!err)
		inode->ctime_ns = nd.at.inode->mtime_ns;
	nd_end(&nd);
	return err;
}

static int rename_walked(struct nameidata *from, struct nameidata *to, unsigned int flags)
{
	struct qstr oname = nd_qstr(from), nname = nd_qstr(to);
	struct ramfs_inode *inode, *there;
	bool is_dir;

	if (from->type != LAST_NORM)
		return -EBUSY;
	if (to->type != LAST_NORM)
		return flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	inode = ramfs_lookup(from->at.inode, &oname);
	if (!inode)
		return -ENOENT;
	is_dir = S_ISDIR(inode->mode);
	ramfs_put(inode);
	there = flags & RENAME_NOREPLACE ? ramfs_lookup(to->at.inode, &nname) : NULL;
	if (there) {
		ramfs_put(there);
		return -EEXIST;
	}
	if (!is_dir && (from->slash || to->slash))
		return -ENOTDIR;
	return ramfs_rename(from->at.inode, &oname, to->at.inode, &nname,
			    !(flags & RENAME_NOREPLACE));
}

/* nname may be an ERR_PTR, which is told once the walk to oname was good. */
static int do_renameat2(int odfd, const char *oname, int ndfd, const char *nname,
			unsigned int flags)
{
	struct nameidata from, to = { 0 };
	int err = nd_start(&from, odfd, oname);

	if (!err)
		err = nd_parent(&from);
	if (!err)
		err = IS_ERR(nname) ? (int)PTR_ERR(nname) : nd_start(&to, ndfd, nname);
	if (!err)
		err = nd_parent(&to);
	if (!err && from.at.mnt != to.at.mnt)
		err = -EXDEV;
	if (!err && from.at.mnt)
		err = -EPERM;
	if (!err)
		err = rename_walked(&from, &to, flags);
	nd_end(&from);
	nd_end(&to);
	return err;
}

/* --- system calls ---------------------------------------------------------------------------- */

long sys_mkdirat(int dfd, const char *path, u32 mode)
{
	char *name = getname(path, false);
	long err = IS_ERR(name) ? PTR_ERR(name) : do_mkdirat(dfd, name, mode);

	if (!IS_ERR(name))
		putname(name);
	return err;
}

long sys_mknodat(int dfd, const char *path, u32 mode, unsigned int dev)
{
	u32 type = mode & S_IFMT;
	char *name;
	long err;

	(void)dev;
	if (type == S_IFDIR)
		return -EPERM;
	if (type && !S_ISREG(mode) && !S_ISFIFO(mode) && !S_ISSOCK(mode) && !S_ISCHR(mode) &&
	    !S_ISBLK(mode))
		return -EINVAL;
	if (S_ISCHR(mode) || S_ISBLK(mode))
		return -EPERM; /* devices come with their drivers */
	name = getname(path, false);
	if (IS_ERR(name))
		return PTR_ERR(name);
	err = do_mknodat(dfd, name, type ? mode : mode | S_IFREG);
	putname(name);
	return err;
}

long sys_mknod(const char *path, u32 mode, unsigned int dev)
{
	return sys_mknodat(AT_FDCWD, path, mode, dev);
}

long sys_unlinkat(int dfd, const char *path, int flags)
{
	char *name;
	long err;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	name = getname(path, false);
	if (IS_ERR(name))
		return PTR_ERR(name);
	err = flags & AT_REMOVEDIR ? do_rmdirat(dfd, name) : do_unlinkat(dfd, name);
	putname(name);
	return err;
}

long sys_symlinkat(const char *text, int dfd, const char *path)
{
	char *target = getname(text, false), *name;
	long err;

	if (IS_ERR(target))
		return PTR_ERR(target);
	name = getname(path, false);
	err = IS_ERR(name) ? PTR_ERR(name) : do_symlinkat(target, dfd, name);
	if (!IS_ERR(name))
		putname(name);
	putname(target);
	return err;
}

/* What linkat() links: the inode of a path, or of a descriptor (AT_EMPTY_PATH). */
static struct ramfs_inode *link_source(int dfd, const char *name, int flags)
{
	struct ramfs_inode *inode;
	struct file *f;

	if (*name) {
		inode = inode_at(dfd, name, flags & AT_SYMLINK_FOLLOW);
		return IS_ERR(inode) && PTR_ERR(inode) == -EROFS ? ERR_PTR(-EXDEV) : inode;
	}
	f = fget(dfd);
	if (!f)
		return ERR_PTR(-EBADF);
	inode = ramfs_file_inode(f);
	inode = inode ? ramfs_get(inode) : ERR_PTR(-EXDEV);
	fput(f);
	return inode;
}

long sys_linkat(int odfd, const char *opath, int ndfd, const char *npath, int flags)
{
	char *oname, *nname;
	struct ramfs_inode *inode;
	long err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	oname = getname(opath, flags & AT_EMPTY_PATH);
	if (IS_ERR(oname))
		return PTR_ERR(oname);
	nname = getname(npath, false);
	inode = link_source(odfd, oname, flags);
	if (IS_ERR(inode)) {
		err = PTR_ERR(inode);
	} else {
		err = IS_ERR(nname) ? PTR_ERR(nname) : do_link_inode(inode, ndfd, nname);
		ramfs_put(inode);
	}
	if (!IS_ERR(nname))
		putname(nname);
	putname(oname);
	return err;
}

long sys_renameat2(int odfd, const char *opath, int ndfd, const char *npath, unsigned int flags)
{
	char *oname, *nname;
	long err;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	oname = getname(opath, false);
	if (IS_ERR(oname))
		return PTR_ERR(oname);
	nname = getname(npath, false);
	err = do_renameat2(odfd, oname, ndfd, nname, flags);
	if (!IS_ERR(nname))
		putname(nname);
	putname(oname);
	return err;
}
