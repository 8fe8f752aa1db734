// SPDX-License-Identifier: BSD-2-Clause
/*
 * statx(2): what stat says, in a wider layout.
 *
 * stx_mnt_id tells the root (1) from what is mounted in it or has no place in the tree (2). The
 * mask that comes back says what is filled, as it does on Linux.
 *
 * Called by the system call table, thread context, never sleeps. Left out: the time a file was
 * made, the alignment of direct input and output (Linux 6.1), attributes.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/uaccess.h>
#include <linux/stat.h>
#include <sys/stat.h>

#define STATX_FLAGS (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE)

/* dev_t of struct stat: 12 bits of major around 20 of minor */
static u32 dev_major(dev_t dev)
{
	return (u32)(dev >> 8) & 0xfffu;
}

static u32 dev_minor(dev_t dev)
{
	return (u32)((dev & 0xff) | ((dev >> 12) & 0xfff00));
}

static struct statx_timestamp to_statx_time(const struct timespec *ts)
{
	return (struct statx_timestamp){ .tv_sec = ts->tv_sec, .tv_nsec = (u32)ts->tv_nsec };
}

static void fill_statx(const struct stat *st, struct statx *x)
{
	*x = (struct statx){
		.stx_mask = STATX_BASIC_STATS | STATX_MNT_ID,
		.stx_blksize = (u32)st->st_blksize,
		.stx_nlink = (u32)st->st_nlink,
		.stx_uid = st->st_uid,
		.stx_gid = st->st_gid,
		.stx_mode = (u16)st->st_mode,
		.stx_ino = st->st_ino,
		.stx_size = (u64)st->st_size,
		.stx_blocks = (u64)st->st_blocks,
		.stx_atime = to_statx_time(&st->st_atim),
		.stx_ctime = to_statx_time(&st->st_ctim),
		.stx_mtime = to_statx_time(&st->st_mtim),
		.stx_rdev_major = dev_major(st->st_rdev),
		.stx_rdev_minor = dev_minor(st->st_rdev),
		.stx_dev_major = dev_major(st->st_dev),
		.stx_dev_minor = dev_minor(st->st_dev),
		.stx_mnt_id = st->st_dev == RAMFS_DEV ? 1 : 2,
	};
}

long sys_statx(int dfd, const char *path, unsigned int flags, unsigned int mask, struct statx *ux)
{
	struct stat st = { 0 };
	struct statx x;
	int err;

	if (mask & STATX__RESERVED)
		return -EINVAL;
	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE || (flags & ~STATX_FLAGS))
		return -EINVAL;
	err = user_statat(dfd, path, (int)(flags & ~AT_STATX_SYNC_TYPE), &st);
	if (err)
		return err;
	fill_statx(&st, &x);
	return copy_to_user(ux, &x, sizeof(x));
}
