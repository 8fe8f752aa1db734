// SPDX-License-Identifier: BSD-2-Clause
/*
 * Socket nodes of the root file system (unix(7), "Pathname sockets"), for net/unix/unix_name.c.
 *
 * The inode points at the sock that made it, and the sock holds the inode: so renaming and hard
 * links change nothing for who connects, unlinking takes the last way to the sock, and a sock that
 * is closed leaves a node behind that refuses connections, like one of mknod() or of an archive.
 *
 * Thread context, never sleeps. Left out: permissions (one user, root), the mode that fchmod() gave
 * the socket before bind().
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/unix_node.h>
#include <kernel/fs/vfs.h>
#include <kernel/lib/bug.h>
#include <sys/stat.h>

struct ramfs_inode *unix_node_create(const char *path, struct sock *sk)
{
	struct ramfs_inode *node = inode_create_at(AT_FDCWD, path, S_IFSOCK | 0777, NULL);

	if (!IS_ERR(node))
		node->sock = sk;
	return node;
}

void unix_node_undo(struct ramfs_inode *node)
{
	struct ramfs_dentry *d = node->name;
	struct qstr name = { d->name, d->len };
	int err = ramfs_unlink(d->dir, &name);

	BUG_ON(err);
	unix_node_drop(node);
}

struct sock *unix_node_find(const char *path)
{
	struct ramfs_inode *node = inode_at(AT_FDCWD, path, true);
	struct sock *sk;
	long err;

	if (IS_ERR(node)) {
		err = PTR_ERR(node);
		/* In a mount, or an open file without a place: there, but no node of ours. */
		return ERR_PTR(err == -EROFS || err == -EINVAL ? -ECONNREFUSED : err);
	}
	sk = S_ISSOCK(node->mode) ? node->sock : NULL;
	ramfs_put(node);
	return sk ? sk : ERR_PTR(-ECONNREFUSED);
}

void unix_node_drop(struct ramfs_inode *node)
{
	node->sock = NULL;
	ramfs_put(node);
}
