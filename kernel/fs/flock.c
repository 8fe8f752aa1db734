// SPDX-License-Identifier: BSD-2-Clause
/*
 * flock(2): locks on whole files, held by open files (not by descriptors or threads).
 *
 * Two open files of one inode exclude each other even within one program, so the locks are real.
 * All of them hang in one list: there are few. A lock goes with the last reference of its file
 * (flock_release, from fput) or with LOCK_UN. Changing one's lock from one kind to the other gives
 * the old one up first, as on Linux.
 *
 * Called by the system call table and file.c in thread context; sleeps for a lock that another open
 * file holds, unless LOCK_NB.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/flock.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/slab.h>
#include <sys/file.h>

struct flock_entry {
	struct list_head node;
	const void *object;
	const struct file *file;
	bool exclusive;
};

unsigned int nr_flocks;
static LIST_HEAD(flocks);
static wait_queue_head_t flock_wait = { LIST_HEAD_INIT(flock_wait.head) };

/* What is locked: the inode, or what has none, itself. */
static const void *object_of(const struct file *f)
{
	const struct ramfs_inode *inode = ramfs_file_inode(f);

	return inode ? (const void *)inode : f;
}

/* Whether another open file's lock stands in the way. */
static bool flock_blocked(const struct file *f, bool exclusive)
{
	const struct flock_entry *e;

	list_for_each_entry(e, &flocks, node)
		if (e->object == object_of(f) && e->file != f && (exclusive || e->exclusive))
			return true;
	return false;
}

void flock_release(const struct file *f)
{
	struct flock_entry *e, *next;

	list_for_each_entry_safe(e, next, &flocks, node) {
		if (e->file != f)
			continue;
		list_del(&e->node);
		nr_flocks--;
		kfree(e);
		wake_up_interruptible_all(&flock_wait);
	}
}

/* Whether f holds a lock of this very kind. */
static bool flock_held(const struct file *f, bool exclusive)
{
	const struct flock_entry *e;

	list_for_each_entry(e, &flocks, node)
		if (e->file == f)
			return e->exclusive == exclusive;
	return false;
}

static long flock_take(const struct file *f, bool exclusive, bool wait)
{
	struct flock_entry *e;
	int err = 0;

	if (flock_held(f, exclusive))
		return 0;
	e = kzalloc(sizeof(*e), GFP_KERNEL);
	if (!e)
		return -ENOMEM;
	flock_release(f);
	if (!wait && flock_blocked(f, exclusive))
		err = -EAGAIN;
	else
		err = wait_event_interruptible(&flock_wait, !flock_blocked(f, exclusive));
	if (err) {
		kfree(e);
		return err;
	}
	/* Another thread may have locked through the same file while this one slept. */
	flock_release(f);
	e->object = object_of(f);
	e->file = f;
	e->exclusive = exclusive;
	list_add(&e->node, &flocks);
	nr_flocks++;
	return 0;
}

long sys_flock(int fd, unsigned int op)
{
	unsigned int kind = op & ~LOCK_NB;
	struct file *f;
	long ret = 0;

	if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	if (kind == LOCK_UN)
		flock_release(f);
	else
		ret = flock_take(f, kind == LOCK_EX, !(op & LOCK_NB));
	fput(f);
	return ret;
}
