// SPDX-License-Identifier: BSD-2-Clause
/*
 * The working directory of a program and its root: chdir, fchdir, getcwd, chroot.
 *
 * It is a place, not a text: a directory of the ramfs stays the working directory when it is
 * renamed, and also when it is removed, after which it has no name any more (getcwd: -ENOENT). All
 * threads of a program share it; a program started by another one begins where that one is. Thread
 * context. Left out: a root in /proc or /sys.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/fs_calls.h>
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
	to->fs.root = from->fs.root ? ramfs_get(from->fs.root) : NULL;
	return path_copy(&to->fs.pwd, &from->fs.pwd);
}

void fs_release(struct fs_struct *fs)
{
	path_put(&fs->pwd);
	ramfs_put(fs->root);
	fs->root = NULL;
}

/* Make a place the working directory; it is taken over, whatever the answer. */
static int set_pwd(struct path *p)
{
	struct files_struct *files = current->files;
	struct stat st = { 0 };
	int err = files ? 0 : -ENOENT;

	if (!err && p->mnt)
		err = p->mnt->ops->stat(p->mnt, p->text ? p->text : "", &st);
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
	if (!err && nd.file)
		err = -ENOTDIR;
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

/* The root of the program's tree: names are looked for below it, and ".." ends there. */
long sys_chroot(const char *path)
{
	struct files_struct *files = current->files;
	struct ramfs_inode *inode;
	char *name = getname(path, false);

	if (IS_ERR(name))
		return PTR_ERR(name);
	inode = inode_at(AT_FDCWD, name, true);
	putname(name);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	if (!S_ISDIR(inode->mode) || !files) {
		ramfs_put(inode);
		return -ENOTDIR;
	}
	ramfs_put(files->fs.root);
	files->fs.root = inode;
	return 0;
}

long sys_fchdir(int fd)
{
	struct nameidata nd;
	int err;

	if (fd < 0) /* AT_FDCWD is none here */
		return -EBADF;
	err = nd_start(&nd, fd, ".");
	if (!err)
		err = set_pwd(&nd.at);
	nd_end(&nd);
	return err;
}

/* The working directory's path in a buffer of PATH_MAX; ERR_PTR. */
static char *pwd_text(const struct path *pwd, char *buf)
{
	return path_is_reachable(pwd) ? path_text(pwd, buf, PATH_MAX) : ERR_PTR(-ENOENT);
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
