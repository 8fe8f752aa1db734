// SPDX-License-Identifier: BSD-2-Clause
/*
 * The working directory of a program: chdir, fchdir, getcwd.
 *
 * It is a place, not a text: a directory of the ramfs stays the working directory when it is
 * renamed, and also when it is removed, after which it has no name any more (getcwd: -ENOENT). All
 * threads of a program share it; a program started by another one begins where that one is. Thread
 * context. Left out: chroot.
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

int fs_inherit(struct files_struct *to, const struct files_struct *from)
{
	if (!from)
		return 0;
	to->fs.umask = from->fs.umask;
	return path_copy(&to->fs.pwd, &from->fs.pwd);
}

void fs_release(struct fs_struct *fs)
{
	path_put(&fs->pwd);
}

/* Make a place the working directory; it is taken over, whatever the answer. */
static int set_pwd(struct path *p)
{
	struct files_struct *files = current->files;
	struct stat st = { 0 };
	int err = files ? 0 : -ENOENT;

	if (!err && p->mnt)
		err = p->mnt->ops->stat(p->text ? p->text : "", &st);
	else if (!err)
		ramfs_getattr(p->inode, &st);
	if (!err && !S_ISDIR(st.st_mode))
		err = -ENOTDIR;
	if (err) {
		path_put(p);
		return err;
	}
	path_put(&files->fs.pwd);
	files->fs.pwd = *p;
	*p = (struct path){ 0 };
	return 0;
}

long sys_chdir(const char *path)
{
	char *name = getname(path, false);
	struct path p = { 0 };
	struct nameidata nd;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = nd_start(&nd, AT_FDCWD, name);
	if (!err)
		err = nd_resolve(&nd, true);
	if (!err && !nd.at.mnt && !nd.inode)
		err = -ENOENT;
	if (!err && nd.at.mnt) {
		err = path_copy(&p, &nd.at);
	} else if (!err) {
		p.inode = nd.inode;
		nd.inode = NULL;
	}
	nd_end(&nd);
	putname(name);
	return err ? err : set_pwd(&p);
}

long sys_fchdir(int fd)
{
	struct nameidata nd;
	int err = nd_start(&nd, fd, ".");

	if (!err)
		err = set_pwd(&nd.at);
	nd_end(&nd);
	return err;
}

/* Write a directory's path so that it ends at buf + size; where it begins, or NULL: no room. */
static char *name_backwards(const struct ramfs_inode *dir, char *buf, size_t size)
{
	char *at = buf + size;

	*--at = '\0';
	if (dir == ramfs_root)
		*--at = '/';
	for (; dir != ramfs_root; dir = dir->dir.parent) {
		const struct ramfs_dentry *d = dir->dir.name;

		if ((size_t)(at - buf) < d->len + 1)
			return NULL;
		at -= d->len;
		memcpy(at, d->name, d->len);
		*--at = '/';
	}
	return at;
}

/* Whether the directory and all above it still have their names. */
static bool is_reachable(const struct ramfs_inode *dir)
{
	for (; dir != ramfs_root; dir = dir->dir.parent)
		if (!dir->dir.name)
			return false;
	return true;
}

/* The working directory's path in a buffer of PATH_MAX; ERR_PTR. */
static char *pwd_text(const struct path *pwd, char *buf)
{
	char *at;

	if (pwd->mnt) {
		strlcpy(buf, "/", PATH_MAX);
		strlcat(buf, pwd->mnt->prefix, PATH_MAX);
		if (pwd->text && *pwd->text)
			strlcat(buf, "/", PATH_MAX);
		if (strlcat(buf, pwd->text ? pwd->text : "", PATH_MAX) >= PATH_MAX)
			return ERR_PTR(-ENAMETOOLONG);
		return buf;
	}
	if (pwd->inode && !is_reachable(pwd->inode))
		return ERR_PTR(-ENOENT);
	at = name_backwards(pwd->inode ? pwd->inode : ramfs_root, buf, PATH_MAX);
	return at ? at : ERR_PTR(-ENAMETOOLONG);
}

long sys_getcwd(char *ubuf, size_t size)
{
	static const struct path root;
	const struct files_struct *files = current->files;
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL), *text;
	long ret;

	if (!buf)
		return -ENOMEM;
	text = pwd_text(files ? &files->fs.pwd : &root, buf);
	if (IS_ERR(text)) {
		ret = PTR_ERR(text);
	} else {
		ret = (long)strlen(text) + 1;
		if ((size_t)ret > size)
			ret = -ERANGE;
		else if (copy_to_user(ubuf, text, (size_t)ret))
			ret = -EFAULT;
	}
	kfree(buf);
	return ret;
}
