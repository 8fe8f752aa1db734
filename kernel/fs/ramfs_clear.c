// SPDX-License-Identifier: BSD-2-Clause
/*
 * Taking down the root file system when the program has ended, so that files which it leaves there
 * are no leaks in the report that checking mode prints, and an inode that nobody gives back is one.
 * Mounts (/dev, /proc, /sys) stay as empty directories: programs may leave files in /dev, too.
 *
 * Called by kernel/exit.c, thread context; no program is left that could look.
 */
#include <kernel/fs/ramfs.h>
#include <sys/stat.h>

static struct ramfs_dentry *first_entry(const struct ramfs_inode *dir)
{
	struct rb_node *n = rb_first(&dir->dir.by_order);

	for (; n; n = rb_next(n)) {
		struct ramfs_dentry *d = rb_entry(n, struct ramfs_dentry, by_order);

		if (!d->inode->mountpoint || d->inode->size)
			return d;
	}
	return NULL;
}

void ramfs_clear(void)
{
	struct ramfs_inode *dir = ramfs_root;
	struct ramfs_dentry *d;
	int err = 0;

	while (!err) {
		d = first_entry(dir);
		if (d && S_ISDIR(d->inode->mode)) {
			struct qstr name = { d->name, d->len };

			if (first_entry(d->inode)) {
				dir = d->inode;
				continue;
			}
			err = ramfs_rmdir(dir, &name);
		} else if (d) {
			struct qstr name = { d->name, d->len };

			err = ramfs_unlink(dir, &name);
		} else if (dir == ramfs_root) {
			return;
		} else {
			dir = ramfs_root; /* it is empty: from the top to what is next */
		}
	}
}
