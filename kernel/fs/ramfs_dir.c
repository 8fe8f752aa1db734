// SPDX-License-Identifier: BSD-2-Clause
/*
 * Directories of the ramfs: names in two trees, one ordered by name for looking up, one by age for
 * listing.
 *
 * getdents needs positions that stay good while others add and remove names: each name gets a
 * number that is never used again in its directory, so a listing shows every name exactly once that
 * is there all the time (POSIX asks for no more). A directory holds a reference on its parent, for
 * "..", also after it was removed.
 *
 * Called by dirops.c, open.c and namei.c; each function is one step between cooperative threads.
 * rename() allocates before it changes anything, so it happens whole or not at all.
 */
#include <dirent.h>
#include <errno.h>
#include <kernel/fs/dirent.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/slab.h>
#include <kernel/time/clock.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define FIRST_ORDER 2 /* behind "." and ".." */
#define LINK_MAX_RAMFS 0xfffffff0u

static int compare(const struct qstr *name, const struct ramfs_dentry *d)
{
	int diff = memcmp(name->name, d->name, min(name->len, d->len));

	return diff ? diff : name->len < d->len ? -1 : name->len > d->len;
}

static struct ramfs_dentry *find(const struct ramfs_inode *dir, const struct qstr *name)
{
	struct rb_node *n = dir->dir.by_name.rb_node;
	int diff;

	while (n) {
		struct ramfs_dentry *d = rb_entry(n, struct ramfs_dentry, by_name);

		diff = compare(name, d);
		if (!diff)
			return d;
		n = diff < 0 ? n->rb_left : n->rb_right;
	}
	return NULL;
}

struct ramfs_inode *ramfs_lookup(const struct ramfs_inode *dir, const struct qstr *name)
{
	struct ramfs_dentry *d = find(dir, name);

	if (!d)
		return NULL;
	d->inode->name = d;
	return ramfs_get(d->inode);
}

/* --- names ----------------------------------------------------------------------------------- */

static struct ramfs_dentry *dentry_new(const struct qstr *name)
{
	size_t bytes = sizeof(struct ramfs_dentry) + name->len + 1;
	struct ramfs_dentry *d;
	int err = ramfs_charge(bytes);

	BUG_ON(!name->len || name->len > NAME_MAX);
	if (err)
		return ERR_PTR(err);
	d = kzalloc(bytes, GFP_KERNEL);
	if (!d) {
		ramfs_uncharge(bytes);
		return ERR_PTR(-ENOMEM);
	}
	memcpy(d->name, name->name, name->len);
	d->len = name->len;
	return d;
}

static void dentry_free(struct ramfs_dentry *d)
{
	ramfs_uncharge(sizeof(*d) + d->len + 1);
	kfree(d);
}

/* Put a name into its directory; the caller has seen that there is none like it. */
static void dentry_add(struct ramfs_inode *dir, struct ramfs_dentry *d, struct ramfs_inode *inode)
{
	struct rb_node **link = &dir->dir.by_name.rb_node, *parent = NULL;
	struct qstr name = { d->name, d->len };

	while (*link) {
		int diff = compare(&name, rb_entry(*link, struct ramfs_dentry, by_name));

		BUG_ON(!diff);
		parent = *link;
		link = diff < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&d->by_name, parent, link);
	rb_insert_color(&d->by_name, &dir->dir.by_name);

	/* The newest is the rightmost. */
	link = &dir->dir.by_order.rb_node;
	for (parent = NULL; *link; link = &parent->rb_right)
		parent = *link;
	rb_link_node(&d->by_order, parent, link);
	rb_insert_color(&d->by_order, &dir->dir.by_order);

	if (dir->dir.next_order < FIRST_ORDER)
		dir->dir.next_order = FIRST_ORDER;
	d->order = dir->dir.next_order++;
	d->inode = inode;
	d->dir = dir;
	dir->size++;
	inode->name = d;
	if (S_ISDIR(inode->mode)) {
		dir->nlink++;
		inode->dir.parent = ramfs_get(dir);
	}
	ramfs_touch(dir);
}

static void dentry_remove(struct ramfs_inode *dir, struct ramfs_dentry *d)
{
	rb_erase(&d->by_name, &dir->dir.by_name);
	rb_erase(&d->by_order, &dir->dir.by_order);
	BUG_ON(!dir->size);
	dir->size--;
	if (S_ISDIR(d->inode->mode))
		dir->nlink--;
	if (d->inode->name == d)
		d->inode->name = NULL;
	ramfs_touch(dir);
	dentry_free(d);
}

/* One name less; the last one drops the reference that all names hold together. */
static void inode_drop_name(struct ramfs_inode *inode)
{
	inode->nlink = S_ISDIR(inode->mode) ? 0 : inode->nlink - 1;
	inode->ctime_ns = (s64)ktime_get_real_ns();
	if (!inode->nlink)
		ramfs_put(inode);
}

int ramfs_link(struct ramfs_inode *dir, const struct qstr *name, struct ramfs_inode *inode)
{
	struct ramfs_dentry *d;

	if (find(dir, name))
		return -EEXIST;
	if (!dir->nlink)
		return -ENOENT;
	if (inode->nlink >= LINK_MAX_RAMFS)
		return -EMLINK;
	d = dentry_new(name);
	if (IS_ERR(d))
		return (int)PTR_ERR(d);
	if (!inode->nlink)
		ramfs_get(inode); /* of its names */
	inode->nlink += S_ISDIR(inode->mode) ? 2 : 1;
	dentry_add(dir, d, inode);
	return 0;
}

/* The text of a symbolic link. */
static int set_link(struct ramfs_inode *inode, const char *text)
{
	size_t len = strlen(text);
	int err = ramfs_charge(len + 1);

	if (err)
		return err;
	inode->link = kstrdup(text, GFP_KERNEL);
	if (!inode->link) {
		ramfs_uncharge(len + 1);
		return -ENOMEM;
	}
	inode->size = (long)len;
	return 0;
}

struct ramfs_inode *ramfs_create(struct ramfs_inode *dir, const struct qstr *name, u32 mode,
				 const char *text)
{
	struct ramfs_inode *inode = ramfs_inode_new(mode);
	int err = 0;

	BUG_ON(S_ISLNK(mode) != (text != NULL));
	if (IS_ERR(inode))
		return inode;
	if (text)
		err = set_link(inode, text);
	if (!err)
		err = ramfs_link(dir, name, inode);
	if (!err)
		return inode;
	ramfs_put(inode);
	return ERR_PTR(err);
}

int ramfs_unlink(struct ramfs_inode *dir, const struct qstr *name)
{
	struct ramfs_dentry *d = find(dir, name);
	struct ramfs_inode *inode;

	if (!d)
		return -ENOENT;
	inode = d->inode;
	if (S_ISDIR(inode->mode))
		return -EISDIR;
	dentry_remove(dir, d);
	inode_drop_name(inode);
	return 0;
}

static int may_remove_dir(const struct ramfs_inode *inode)
{
	if (!S_ISDIR(inode->mode))
		return -ENOTDIR;
	if (inode->mountpoint)
		return -EBUSY;
	return inode->size ? -ENOTEMPTY : 0;
}

int ramfs_rmdir(struct ramfs_inode *dir, const struct qstr *name)
{
	struct ramfs_dentry *d = find(dir, name);
	struct ramfs_inode *inode;
	int err;

	if (!d)
		return -ENOENT;
	inode = d->inode;
	err = may_remove_dir(inode);
	if (err)
		return err;
	dentry_remove(dir, d);
	inode_drop_name(inode);
	return 0;
}

/* --- rename ---------------------------------------------------------------------------------- */

/* Whether a is inode or a directory above it. */
static bool is_above(const struct ramfs_inode *a, const struct ramfs_inode *inode)
{
	while (inode != a && inode != ramfs_root)
		inode = inode->dir.parent;
	return inode == a;
}

/* What rename(2) refuses. to is NULL when the new name is free. */
static int may_rename(const struct ramfs_inode *from, const struct ramfs_inode *ndir,
		      const struct ramfs_inode *to)
{
	bool from_dir = S_ISDIR(from->mode);

	if (from->mountpoint || (to && to->mountpoint))
		return -EBUSY;
	if (from_dir && is_above(from, ndir))
		return -EINVAL;
	if (!to)
		return ndir->nlink ? 0 : -ENOENT;
	if (from_dir && !S_ISDIR(to->mode))
		return -ENOTDIR;
	if (!from_dir && S_ISDIR(to->mode))
		return -EISDIR;
	return from_dir ? may_remove_dir(to) : 0;
}

/* Move the name; d is the new one, not in its directory yet. */
static void do_rename(struct ramfs_inode *odir, struct ramfs_dentry *from,
		      struct ramfs_inode *ndir, struct ramfs_dentry *to, struct ramfs_dentry *d)
{
	struct ramfs_inode *inode = from->inode, *victim = to ? to->inode : NULL;

	if (to) {
		dentry_remove(ndir, to);
		inode_drop_name(victim);
	}
	dentry_remove(odir, from);
	if (S_ISDIR(inode->mode))
		ramfs_put(inode->dir.parent); /* dentry_add() takes the new one */
	dentry_add(ndir, d, inode);
	inode->ctime_ns = (s64)ktime_get_real_ns();
}

int ramfs_rename(struct ramfs_inode *odir, const struct qstr *oname, struct ramfs_inode *ndir,
		 const struct qstr *nname, bool replace)
{
	struct ramfs_dentry *from = find(odir, oname), *to = find(ndir, nname), *d;
	int err;

	if (!from)
		return -ENOENT;
	if (to && !replace)
		return -EEXIST;
	if (to && S_ISDIR(to->inode->mode) && to->inode != from->inode && is_above(to->inode, odir))
		return -ENOTEMPTY;
	if (to && to->inode == from->inode)
		return 0; /* two names of one file: POSIX leaves both */
	err = may_rename(from->inode, ndir, to ? to->inode : NULL);
	if (err)
		return err;
	d = dentry_new(nname);
	if (IS_ERR(d))
		return (int)PTR_ERR(d);
	do_rename(odir, from, ndir, to, d);
	return 0;
}

/* --- listing --------------------------------------------------------------------------------- */

static_assert(DT_REG == S_IFREG >> 12 && DT_DIR == S_IFDIR >> 12 && DT_LNK == S_IFLNK >> 12, "ABI");

static unsigned char dirent_type(const struct ramfs_inode *inode)
{
	return (unsigned char)(inode->mode >> 12 & 15); /* DT_* are S_IF* shifted */
}

/* The oldest name whose number is at least pos. */
static struct ramfs_dentry *first_from(const struct ramfs_inode *dir, long pos)
{
	struct rb_node *n = dir->dir.by_order.rb_node;
	struct ramfs_dentry *d, *found = NULL;

	while (n) {
		d = rb_entry(n, struct ramfs_dentry, by_order);
		if (d->order >= pos)
			found = d;
		n = d->order >= pos ? n->rb_left : n->rb_right;
	}
	return found;
}

int ramfs_getdents(const struct ramfs_inode *dir, long *pos, void *dirbuf, size_t size)
{
	struct dir_context ctx = DIR_CONTEXT_INIT(dirbuf, size, pos);
	struct ramfs_dentry *d;
	struct rb_node *next;

	if (*pos == 0 && !dir_emit_at(&ctx, ".", dir->ino, DT_DIR, 1))
		return dir_result(&ctx);
	if (*pos == 1 && !dir_emit_at(&ctx, "..", dir->dir.parent->ino, DT_DIR, FIRST_ORDER))
		return dir_result(&ctx);
	for (d = dir->nlink ? first_from(dir, *pos) : NULL; d;
	     d = next ? rb_entry(next, struct ramfs_dentry, by_order) : NULL) {
		next = rb_next(&d->by_order);
		if (!dir_emit_at(&ctx, d->name, d->inode->ino, dirent_type(d->inode), d->order + 1))
			break;
	}
	return dir_result(&ctx);
}
