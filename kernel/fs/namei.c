// SPDX-License-Identifier: BSD-2-Clause
/*
 * Walking a path: from the root, the working directory or an open directory, component by
 * component.
 *
 * In the ramfs each step is a look-up in a directory; a symbolic link's text goes in front of what
 * is left of the path, forty of them at most (path_resolution(7), Linux's MAXSYMLINKS). A name in
 * the root directory that carries a mount leads into it; there, components are only gathered into a
 * text, which the mount's own operations understand, and ".." out of its root leads back. Links of
 * a mount may stand for a place or an open file instead of a text (/proc/self/fd).
 *
 * Called by open.c, stat.c and dirops.c in thread context; never sleeps. Left out: mounts below
 * other mounts.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define MAXSYMLINKS 40

static LIST_HEAD(mounts); /* written at boot only */

void vfs_register_mount(struct vfs_mount *m)
{
	struct qstr name = { m->prefix, strlen(m->prefix) };
	struct ramfs_inode *dir;

	BUG_ON(!name.len || strchr(m->prefix, '/'));
	dir = ramfs_create(ramfs_root, &name, S_IFDIR | 0555, NULL);
	if (IS_ERR(dir))
		panic("VFS: cannot make /%s (%ld)", m->prefix, PTR_ERR(dir));
	dir->mountpoint = true;
	ramfs_put(dir);
	list_add(&m->node, &mounts);
}

static const struct vfs_mount *mount_on(const struct ramfs_inode *dir, const char *name, size_t len)
{
	const struct vfs_mount *m;

	if (dir != ramfs_root)
		return NULL;
	list_for_each_entry(m, &mounts, node)
		if (!strncmp(m->prefix, name, len) && !m->prefix[len])
			return m;
	return NULL;
}

/* --- places ---------------------------------------------------------------------------------- */

void path_put(struct path *p)
{
	ramfs_put(p->inode);
	kfree(p->text);
	*p = (struct path){ 0 };
}

int path_copy(struct path *to, const struct path *from)
{
	*to = *from;
	if (from->text) {
		to->text = kstrdup(from->text, GFP_KERNEL);
		if (!to->text)
			return -ENOMEM;
	}
	if (to->inode)
		ramfs_get(to->inode);
	return 0;
}

/* Move to an inode; takes over the caller's reference. */
static void path_enter(struct path *p, struct ramfs_inode *inode)
{
	path_put(p);
	p->inode = inode;
}

static const char *mount_text(const struct path *p)
{
	return p->text ? p->text : "";
}

/* One component further inside a mount. */
static int path_append(struct path *p, const char *name, size_t len)
{
	size_t have = p->text ? strlen(p->text) : 0;
	char *text;

	if (have + len + 2 > PATH_MAX)
		return -ENAMETOOLONG;
	text = kmalloc(have + len + 2, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	memcpy(text, mount_text(p), have);
	if (have)
		text[have++] = '/';
	memcpy(text + have, name, len);
	text[have + len] = '\0';
	kfree(p->text);
	p->text = text;
	return 0;
}

/* One component back inside a mount, which must be a directory; out of its root to the ramfs. */
static int path_up(struct path *p)
{
	struct stat st = { 0 };
	int err = p->mnt->ops->stat(p->mnt, mount_text(p), &st);
	char *slash;

	if (!err && !S_ISDIR(st.st_mode))
		err = -ENOTDIR;
	if (err)
		return err;
	if (!*mount_text(p)) {
		path_enter(p, ramfs_get(ramfs_root)); /* no mount is below a chroot() */
		return 0;
	}
	slash = strrchr(p->text, '/');
	*(slash ? slash : p->text) = '\0';
	return 0;
}

/* The place of an open directory. */
static int path_of_fd(int fd, struct path *p)
{
	struct file *f = fget_raw(fd);
	struct stat st = { 0 };
	int err = f ? file_place(f, p) : -EBADF;

	if (err == -ENOENT)
		err = -ENOTDIR;
	if (!err && p->mnt)
		err = p->mnt->ops->stat(p->mnt, mount_text(p), &st);
	else if (!err)
		st.st_mode = p->inode->mode;
	if (!err && !S_ISDIR(st.st_mode))
		err = -ENOTDIR;
	if (err)
		path_put(p);
	if (f)
		fput(f);
	return err;
}

/* Where absolute paths begin. */
static struct ramfs_inode *current_root(void)
{
	const struct files_struct *files = current->files;

	return files && files->fs.root ? files->fs.root : ramfs_root;
}

/* ".." of a directory, which stops at the root. */
static struct ramfs_inode *parent_of(const struct ramfs_inode *dir)
{
	return dir == current_root() ? current_root() : dir->dir.parent;
}

static int path_start(struct path *p, int dfd, const char *name)
{
	const struct files_struct *files = current->files;

	*p = (struct path){ 0 };
	if (*name != '/' && dfd != AT_FDCWD)
		return path_of_fd(dfd, p);
	if (*name != '/' && files && (files->fs.pwd.inode || files->fs.pwd.mnt))
		return path_copy(p, &files->fs.pwd);
	p->inode = ramfs_get(current_root());
	return 0;
}

/* --- the walk -------------------------------------------------------------------------------- */

char *getname(const char *upath, bool may_be_empty)
{
	char *name = kmalloc(PATH_MAX, GFP_KERNEL);
	long len;

	if (!name)
		return ERR_PTR(-ENOMEM);
	len = strncpy_from_user(name, upath, PATH_MAX);
	if (len == PATH_MAX)
		len = -ENAMETOOLONG;
	else if (!len && !may_be_empty)
		len = -ENOENT;
	if (len < 0) {
		kfree(name);
		return ERR_PTR(len);
	}
	return name;
}

void putname(char *name)
{
	kfree(name);
}

int nd_start(struct nameidata *nd, int dfd, const char *name)
{
	*nd = (struct nameidata){ 0 };
	if (!*name)
		return -ENOENT;
	nd->buf = kstrdup(name, GFP_KERNEL);
	if (!nd->buf)
		return -ENOMEM;
	nd->rest = nd->buf;
	return path_start(&nd->at, dfd, name);
}

void nd_end(struct nameidata *nd)
{
	path_put(&nd->at);
	ramfs_put(nd->inode);
	if (nd->file)
		fput(nd->file);
	kfree(nd->buf);
	*nd = (struct nameidata){ 0 };
}

/* Go on with a link's text in front of what is left. */
static int nd_go_on(struct nameidata *nd, const char *link, size_t len)
{
	size_t rest = strlen(nd->rest);
	char *text;

	if (++nd->links > MAXSYMLINKS)
		return -ELOOP;
	text = kmalloc(len + rest + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	memcpy(text, link, len);
	memcpy(text + len, nd->rest, rest + 1);
	kfree(nd->buf);
	nd->buf = nd->rest = text;
	if (*text == '/')
		path_enter(&nd->at, ramfs_get(current_root()));
	return 0;
}

/* inode: the link; the reference is taken. */
static int nd_follow(struct nameidata *nd, struct ramfs_inode *inode)
{
	int err = nd_go_on(nd, inode->link, (size_t)inode->size);

	ramfs_put(inode);
	return err;
}

void vfs_link_put(struct vfs_link *link)
{
	path_put(&link->place);
	if (link->file)
		fput(link->file);
	kfree(link->text);
	*link = (struct vfs_link){ 0 };
}

/*
 * What a walk inside a mount has come to may be a link: to a text, which is walked in its place
 * (1), or to a place or open file, where the walk then is (0). -ELOOP, -ENOMEM.
 */
static int nd_follow_mount(struct nameidata *nd)
{
	const struct vfs_mount *m = nd->at.mnt;
	struct vfs_link link = { 0 };
	char *slash;
	int err = m->ops->get_link(m, mount_text(&nd->at), &link);

	if (err)
		return err == -EINVAL ? 0 : err;
	if (link.file) {
		nd->file = link.file;
		link.file = NULL;
		path_enter(&nd->at, ramfs_get(current_root()));
	} else if (link.place.inode || link.place.mnt) {
		path_put(&nd->at);
		nd->at = link.place;
		link.place = (struct path){ 0 };
		err = ++nd->links > MAXSYMLINKS ? -ELOOP : 0;
	} else {
		slash = strrchr(nd->at.text, '/');
		*(slash ? slash : nd->at.text) = '\0';
		err = nd_go_on(nd, link.text, strlen(link.text));
		err = err ? err : 1;
	}
	vfs_link_put(&link);
	return err;
}

static enum nd_last component_type(const char *name, size_t len)
{
	if (len == 1 && name[0] == '.')
		return LAST_DOT;
	return len == 2 && name[0] == '.' && name[1] == '.' ? LAST_DOTDOT : LAST_NORM;
}

/* One component that is not the last one, inside a mount. */
static int nd_step_in_mount(struct nameidata *nd, const char *name, size_t len)
{
	int err = path_append(&nd->at, name, len);

	if (!err)
		err = nd_follow_mount(nd);
	if (err < 0)
		return err;
	if (nd->file || (nd->at.inode && !S_ISDIR(nd->at.inode->mode)))
		return -ENOTDIR;
	return 0;
}

/* One component that is not the last one. */
static int nd_step(struct nameidata *nd, const char *name, size_t len)
{
	enum nd_last type = component_type(name, len);
	struct qstr q = { name, len };
	const struct vfs_mount *m;
	struct ramfs_inode *inode;

	if (nd->at.mnt && type == LAST_NORM)
		return nd_step_in_mount(nd, name, len);
	if (nd->at.mnt && type == LAST_DOTDOT)
		return path_up(&nd->at);
	if (type == LAST_DOT)
		return 0;
	if (type == LAST_DOTDOT) {
		path_enter(&nd->at, ramfs_get(parent_of(nd->at.inode)));
		return 0;
	}
	m = mount_on(nd->at.inode, name, len);
	if (m) {
		path_put(&nd->at);
		nd->at.mnt = m;
		return 0;
	}
	inode = ramfs_lookup(nd->at.inode, &q);
	if (!inode)
		return -ENOENT;
	if (S_ISLNK(inode->mode))
		return nd_follow(nd, inode);
	if (!S_ISDIR(inode->mode)) {
		ramfs_put(inode);
		return -ENOTDIR;
	}
	path_enter(&nd->at, inode);
	return 0;
}

int nd_parent(struct nameidata *nd)
{
	const char *name;
	size_t len;
	int err;

	for (;;) {
		nd->rest += strspn(nd->rest, "/");
		name = nd->rest;
		len = strcspn(name, "/");
		if (len > NAME_MAX)
			return -ENAMETOOLONG;
		nd->rest += len;
		nd->slash = *nd->rest;
		nd->last = name;
		nd->last_len = len;
		nd->type = len ? component_type(name, len) : LAST_ROOT;
		if (!nd->rest[strspn(nd->rest, "/")])
			return 0;
		err = nd_step(nd, name, len);
		if (err)
			return err;
	}
}

/*
 * The last component inside a mount; a walk that leaves the mount has found what it came to. 1: the
 * walk goes on with a link's text.
 */
static int nd_resolve_in_mount(struct nameidata *nd, bool follow)
{
	int err = 0;

	if (nd->type == LAST_NORM) {
		err = path_append(&nd->at, nd->last, nd->last_len);
		if (!err && (follow || nd->slash))
			err = nd_follow_mount(nd);
	} else if (nd->type == LAST_DOTDOT) {
		err = path_up(&nd->at);
	}
	if (err || !nd->at.inode || nd->file)
		return err;
	nd->inode = nd->at.inode;
	nd->at.inode = ramfs_get(S_ISDIR(nd->inode->mode) ? nd->inode : ramfs_root);
	return 0;
}

/* The same in the ramfs. */
static int nd_resolve_in_ramfs(struct nameidata *nd, bool follow)
{
	const struct vfs_mount *m;
	struct qstr q = nd_qstr(nd);
	int err;

	if (nd->type != LAST_NORM) {
		nd->inode = ramfs_get(nd->type == LAST_DOTDOT ? parent_of(nd->at.inode)
							      : nd->at.inode);
		return 0;
	}
	m = mount_on(nd->at.inode, nd->last, nd->last_len);
	if (m) {
		path_put(&nd->at);
		nd->at.mnt = m;
		return 0;
	}
	nd->inode = ramfs_lookup(nd->at.inode, &q);
	if (!nd->inode || !S_ISLNK(nd->inode->mode) || (!follow && !nd->slash))
		return 0;
	err = nd_follow(nd, nd->inode);
	nd->inode = NULL;
	return err ? err : 1;
}

int nd_resolve(struct nameidata *nd, bool follow)
{
	int err;

	do {
		err = nd_parent(nd);
		if (!err)
			err = nd->at.mnt ? nd_resolve_in_mount(nd, follow)
					 : nd_resolve_in_ramfs(nd, follow);
	} while (err == 1);
	return err;
}

struct qstr nd_qstr(const struct nameidata *nd)
{
	return (struct qstr){ nd->last, nd->last_len };
}

struct ramfs_inode *inode_at(int dfd, const char *name, bool follow)
{
	struct ramfs_inode *inode;
	struct nameidata nd;
	int err = nd_start(&nd, dfd, name);

	if (!err)
		err = nd_resolve(&nd, follow);
	if (!err && nd.at.mnt) {
		err = do_statat(dfd, name, follow, NULL);
		if (!err)
			err = -EROFS;
	}
	if (!err && nd.file)
		err = -EINVAL;
	if (!err && !nd.inode)
		err = -ENOENT;
	if (!err && nd.slash && !S_ISDIR(nd.inode->mode))
		err = -ENOTDIR;
	inode = err ? ERR_PTR(err) : ramfs_get(nd.inode);
	nd_end(&nd);
	return inode;
}
