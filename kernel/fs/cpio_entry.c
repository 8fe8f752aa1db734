// SPDX-License-Identifier: BSD-2-Clause
/*
 * Entries of a cpio archive as files of the root: directories, files, symbolic and hard links, with
 * mode, owner and (but for directories) time.
 *
 * As Linux unpacks an initramfs: an entry goes over what has its name; a directory stays and gets
 * the new mode; what is of another type is removed first. Unlike Linux, directories that the
 * archive does not mention are made. Hard links share device and inode number, and the data comes
 * with one of them. Device nodes are skipped, /dev has its own, and so is what would lie below /dev
 * and /proc. An entry that cannot be made is named on the console and skipped; running out of
 * memory ends it.
 *
 * Called by cpio.c, thread context.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/cpio.h>
#include <kernel/fs/file.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/time/clock.h>
#include <string.h>
#include <sys/stat.h>

/* An inode that may get more names. */
struct cpio_hardlink {
	struct list_head node;
	u32 ino, major, minor;
	struct ramfs_inode *inode;
};

void cpio_forget_links(struct cpio *c)
{
	struct cpio_hardlink *h, *next;

	list_for_each_entry_safe(h, next, &c->links, node) {
		list_del(&h->node);
		ramfs_put(h->inode);
		kfree(h);
	}
}

static struct ramfs_inode *find_hardlink(const struct cpio *c)
{
	struct cpio_hardlink *h;

	list_for_each_entry(h, &c->links, node)
		if (h->ino == c->ino && h->major == c->major && h->minor == c->minor)
			return h->inode;
	return NULL;
}

static int add_hardlink(struct cpio *c, struct ramfs_inode *inode)
{
	struct cpio_hardlink *h = kmalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return -ENOMEM;
	*h = (struct cpio_hardlink){ .ino = c->ino, .major = c->major, .minor = c->minor };
	h->inode = ramfs_get(inode);
	list_add(&h->node, &c->links);
	return 0;
}

/* What went wrong with one entry: skip it, or give up. */
static void entry_error(struct cpio *c, int err)
{
	if (err == -ENOSPC || err == -ENOMEM) {
		c->error = "there is no memory for its contents";
	} else if (err == -EROFS || err == -EXDEV || err == -EPERM || err == -EACCES) {
		c->count->skipped++;
	} else {
		pr_warn_ratelimited("initrd: cannot make %s (error %d)\n", c->path, err);
		c->count->skipped++;
	}
}

/* The directories above a name that are not there. */
static int make_parents(struct cpio *c)
{
	int err = 0;

	for (char *p = c->path + 1; *p && (!err || err == -EEXIST); p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		err = do_mkdirat(AT_FDCWD, c->path, 0755);
		*p = '/';
	}
	return err == -EEXIST ? 0 : err;
}

/* Remove what has the name, unless it is of this type and can be written over. */
static void clear_path(const struct cpio *c, u32 type)
{
	struct stat st = { 0 };

	if (do_statat(AT_FDCWD, c->path, false, &st) || (st.st_mode & S_IFMT) == type)
		return;
	if (S_ISCHR(st.st_mode))
		return; /* drivers' nodes stay */
	if (S_ISDIR(st.st_mode))
		do_rmdirat(AT_FDCWD, c->path);
	else
		do_unlinkat(AT_FDCWD, c->path);
}

static void set_attributes(const struct cpio *c, struct ramfs_inode *inode)
{
	inode->mode = (inode->mode & S_IFMT) | (c->mode & 07777);
	inode->uid = c->uid;
	inode->gid = c->gid;
	inode->mtime_ns = (s64)c->mtime * (s64)NSEC_PER_SEC;
}

/* The attributes of what was just made under the name. */
static int set_path_attributes(const struct cpio *c)
{
	struct ramfs_inode *inode = inode_at(AT_FDCWD, c->path, false);

	if (IS_ERR(inode))
		return (int)PTR_ERR(inode);
	set_attributes(c, inode);
	ramfs_put(inode);
	return 0;
}

static int make_directory(struct cpio *c)
{
	int err;

	clear_path(c, S_IFDIR);
	err = do_mkdirat(AT_FDCWD, c->path, 0755);
	if (!err)
		c->count->dirs++;
	if (err && err != -EEXIST)
		return err;
	err = set_path_attributes(c);
	return err == -EROFS ? 0 : err; /* dev and proc themselves */
}

/* Open the file that gets the data. */
static int make_file(struct cpio *c)
{
	struct ramfs_inode *inode = c->nlink > 1 ? find_hardlink(c) : NULL;
	struct file *f;
	int err;

	if (inode) {
		clear_path(c, 0);
		err = do_link_inode(inode, AT_FDCWD, c->path);
		if (err)
			return err;
		c->count->links++;
		if (!c->size)
			return 0;
		ramfs_truncate(inode, 0);
		c->file = ramfs_get(inode);
		c->state = CPIO_DATA;
		return 0;
	}
	clear_path(c, S_IFREG);
	f = do_filp_open(AT_FDCWD, c->path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	inode = ramfs_file_inode(f);
	if (inode && S_ISREG(inode->mode))
		c->file = ramfs_get(inode);
	fput(f);
	if (!c->file)
		return -EROFS;
	c->state = CPIO_DATA;
	c->count->files++;
	return c->nlink > 1 ? add_hardlink(c, inode) : 0;
}

static int make_entry(struct cpio *c)
{
	if (!strncmp(c->path, "/dev/", 5))
		return -EROFS; /* it is made by the kernel */
	switch (c->mode & S_IFMT) {
	case S_IFDIR:
		return make_directory(c);
	case S_IFREG:
		return make_file(c);
	case S_IFLNK:
		if (!c->size || c->size >= PATH_MAX)
			return -ENAMETOOLONG;
		c->state = CPIO_LINK;
		return 0;
	default: /* device nodes, FIFOs, sockets */
		c->count->skipped++;
		return 0;
	}
}

void cpio_entry_begin(struct cpio *c)
{
	u64 left = c->left;
	int err = make_entry(c);

	if (err == -ENOENT) {
		err = make_parents(c);
		if (!err)
			err = make_entry(c);
	}
	if (err)
		entry_error(c, err);
	if (err && !c->file)
		c->state = CPIO_SKIP;
	c->left = c->state == CPIO_SKIP ? left : c->size;
}

void cpio_entry_data(struct cpio *c, const u8 *data, size_t len)
{
	ssize_t n = ramfs_write(c->file, (long)(c->size - c->left), data, len);

	if (n < (ssize_t)len)
		entry_error(c, n < 0 ? (int)n : -ENOSPC);
	else
		c->count->bytes += len;
}

void cpio_entry_end(struct cpio *c)
{
	set_attributes(c, c->file);
	ramfs_put(c->file);
	c->file = NULL;
}

static int make_symlink(struct cpio *c)
{
	int err;

	clear_path(c, 0);
	err = do_symlinkat(c->text, AT_FDCWD, c->path);
	if (err == -ENOENT) {
		err = make_parents(c);
		if (!err)
			err = do_symlinkat(c->text, AT_FDCWD, c->path);
	}
	return err ? err : set_path_attributes(c);
}

void cpio_entry_link(struct cpio *c)
{
	int err;

	c->text[c->size] = '\0';
	err = make_symlink(c);
	if (err)
		entry_error(c, err);
	else
		c->count->links++;
}

void cpio_entry_abort(struct cpio *c)
{
	if (!c->file)
		return;
	do_unlinkat(AT_FDCWD, c->path);
	ramfs_put(c->file);
	c->file = NULL;
}
