// SPDX-License-Identifier: BSD-2-Clause
/*
 * The root file system: inodes, their life and the memory they may take.
 *
 * An inode lives as long as it has names or references. Each name, inode and page counts against a
 * limit, half of the memory that was free when the kernel started (as Linux's tmpfs: size=50%);
 * beyond it everything that would grow fails with -ENOSPC, so that programs cannot starve the
 * network of memory by writing files.
 *
 * Called by namei.c and the calls on top of it; uses ramfs_dir.c for directories, ramfs_file.c for
 * contents. Thread context, never sleeps. Left out: extended attributes, quotas, more
 * than one such file system.
 */
#include <errno.h>
#include <kernel/fs/devfs.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/ramfs_internal.h>
#include <kernel/mm/slab.h>
#include <kernel/time/clock.h>
#include <string.h>
#include <sys/stat.h>

#define BOGO_DIRENT_SIZE 20 /* what a name adds to a directory of Linux's tmpfs */

struct ramfs_inode *ramfs_root;
static struct kmem_cache *inode_cache;
static struct {
	size_t limit, used; /* bytes */
} space;

int ramfs_charge(size_t bytes)
{
	if (bytes > space.limit || space.used > space.limit - bytes)
		return -ENOSPC;
	space.used += bytes;
	return 0;
}

void ramfs_uncharge(size_t bytes)
{
	BUG_ON(bytes > space.used);
	space.used -= bytes;
}

void ramfs_usage(size_t *limit, size_t *used)
{
	*limit = space.limit;
	*used = space.used;
}

void ramfs_set_limit(size_t bytes)
{
	space.limit = bytes;
}

void ramfs_touch(struct ramfs_inode *inode)
{
	inode->mtime_ns = inode->ctime_ns = (s64)ktime_get_real_ns();
}

struct ramfs_inode *ramfs_inode_new(u32 mode)
{
	static unsigned long last_ino; /* only ever grows */
	struct ramfs_inode *inode;
	int err = ramfs_charge(sizeof(*inode));

	if (err)
		return ERR_PTR(err);
	inode = kmem_cache_zalloc(inode_cache, GFP_KERNEL);
	if (!inode) {
		ramfs_uncharge(sizeof(*inode));
		return ERR_PTR(-ENOMEM);
	}
	inode->count = 1;
	inode->mode = mode;
	inode->ino = ++last_ino;
	ramfs_touch(inode);
	inode->atime_ns = inode->mtime_ns;
	return inode;
}

void ramfs_put(struct ramfs_inode *inode)
{
	struct ramfs_inode *parent;

	/* A removed directory holds its parent, and that one perhaps the next. */
	for (; inode; inode = parent) {
		BUG_ON(!inode->count);
		if (--inode->count)
			return;
		BUG_ON(inode->nlink);
		parent = NULL;
		if (S_ISDIR(inode->mode)) {
			BUG_ON(inode->size || !RB_EMPTY_ROOT(&inode->dir.by_name));
			parent = inode->dir.parent;
		} else if (S_ISREG(inode->mode)) {
			ramfs_drop_pages(inode, 0);
			kfree(inode->file.memfd_name);
		} else if (S_ISLNK(inode->mode) && inode->link) {
			ramfs_uncharge((size_t)inode->size + 1);
			kfree(inode->link);
		}
		ramfs_uncharge(sizeof(*inode));
		kmem_cache_free(inode_cache, inode);
	}
}

static struct timespec to_timespec(s64 ns)
{
	s64 sec = ns / (s64)NSEC_PER_SEC, rest = ns % (s64)NSEC_PER_SEC;

	if (rest < 0) {
		sec--;
		rest += (s64)NSEC_PER_SEC;
	}
	return (struct timespec){ .tv_sec = sec, .tv_nsec = rest };
}

void ramfs_getattr(const struct ramfs_inode *inode, struct stat *st)
{
	st->st_dev = RAMFS_DEV;
	st->st_ino = inode->ino;
	st->st_nlink = inode->nlink;
	st->st_mode = inode->mode;
	st->st_uid = inode->uid;
	st->st_gid = inode->gid;
	st->st_size = S_ISDIR(inode->mode) ? (2 + inode->size) * BOGO_DIRENT_SIZE : inode->size;
	st->st_blksize = PAGE_SIZE;
	if (S_ISCHR(inode->mode))
		st->st_rdev = dev_number(inode->dev);
	if (S_ISREG(inode->mode))
		st->st_blocks = inode->file.pages * (blkcnt_t)(PAGE_SIZE / 512);
	st->st_atim = to_timespec(inode->atime_ns);
	st->st_mtim = to_timespec(inode->mtime_ns);
	st->st_ctim = to_timespec(inode->ctime_ns);
}

void ramfs_init(void)
{
	struct mem_info mi;

	mem_info(&mi);
	space.limit = mi.free_pages / 2 * PAGE_SIZE;
	inode_cache = kmem_cache_create("ramfs_inode", sizeof(struct ramfs_inode), 0, 0);
	if (!inode_cache)
		panic("ramfs: no memory for the cache of inodes");
	ramfs_file_init();
	ramfs_root = ramfs_inode_new(S_IFDIR | 0755);
	if (IS_ERR(ramfs_root))
		panic("ramfs: no memory for the root directory");
	ramfs_root->nlink = 2;
	ramfs_root->dir.parent = ramfs_root;
}
