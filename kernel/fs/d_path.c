// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a place in the tree, or an open file, back to a path: for getcwd, /proc/self/fd,
 * /proc/self/maps and crash reports.
 *
 * A file of the ramfs may have several names; the one that it was last found under is shown. What
 * has lost its name gets the text that Linux shows for files that never had one. Files that are
 * in no tree show their kind, "socket:[17]".
 *
 * Thread context, never sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Write an inode's path so that it ends at buf + size; where it begins, or NULL: no room. */
static char *name_backwards(const struct ramfs_inode *inode, char *buf, size_t size)
{
	char *at = buf + size;

	*--at = '\0';
	if (inode == ramfs_root)
		*--at = '/';
	for (; inode != ramfs_root; inode = inode->name->dir) {
		const struct ramfs_dentry *d = inode->name;

		if ((size_t)(at - buf) < d->len + 1)
			return NULL;
		at -= d->len;
		memcpy(at, d->name, d->len);
		*--at = '/';
	}
	return at;
}

static bool inode_is_reachable(const struct ramfs_inode *inode)
{
	for (; inode != ramfs_root; inode = inode->name->dir)
		if (!inode->name)
			return false;
	return true;
}

bool path_is_reachable(const struct path *p)
{
	return p->mnt || !p->inode || inode_is_reachable(p->inode);
}

char *path_text(const struct path *p, char *buf, size_t size)
{
	const struct ramfs_inode *inode = p->inode ? p->inode : ramfs_root;
	bool memfd;
	char *at;
	int n;

	if (p->mnt) {
		n = snprintf(buf, size, "/%s%s%s", p->mnt->prefix, p->text && *p->text ? "/" : "",
			     p->text ? p->text : "");
		return (size_t)n < size ? buf : ERR_PTR(-ENAMETOOLONG);
	}
	if (inode_is_reachable(inode)) {
		at = name_backwards(inode, buf, size);
		return at ? at : ERR_PTR(-ENAMETOOLONG);
	}
	memfd = S_ISREG(inode->mode) && inode->file.memfd_name;
	if (memfd)
		n = snprintf(buf, size, "/memfd:%s (deleted)", inode->file.memfd_name);
	else
		n = snprintf(buf, size, "/#%lu (deleted)", inode->ino);
	return (size_t)n < size ? buf : ERR_PTR(-ENAMETOOLONG);
}

int file_place(const struct file *f, struct path *p)
{
	struct ramfs_inode *inode = ramfs_file_inode(f);

	*p = (struct path){ 0 };
	if (f->f_path)
		return path_copy(p, f->f_path);
	if (!inode)
		return -ENOENT;
	p->inode = ramfs_get(inode);
	return 0;
}

char *file_text(const struct file *f, char *buf, size_t size)
{
	size_t len = strlen(f->f_op->name);
	struct path p = { 0 };
	char *text;

	if (!file_place(f, &p)) {
		text = path_text(&p, buf, size);
		path_put(&p);
		return text;
	}
	if (len && f->f_op->name[len - 1] == ':')
		snprintf(buf, size, "%s[%lu]", f->f_op->name, f->f_ino);
	else
		snprintf(buf, size, "%s", f->f_op->name);
	return buf;
}
