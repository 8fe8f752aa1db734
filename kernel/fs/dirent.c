// SPDX-License-Identifier: BSD-2-Clause
/*
 * Entries of getdents64: Linux's struct linux_dirent64, packed one behind the other.
 *
 * Directories of /proc and /dev have no stored offsets; their entries are numbered in the order in
 * which its walk offers them, the position in the file is the number of the next one, and each call
 * walks from the start. That is right as long as nobody adds or removes entries in between, and
 * misses or repeats a name otherwise, which POSIX allows. Directories of the ramfs number their
 * names for good (dir_emit_at).
 *
 * Called by the getdents operations of /, /proc and /dev, thread context, never sleeps.
 */
#include <dirent.h>
#include <errno.h>
#include <kernel/fs/dirent.h>
#include <string.h>

#define DIRENT_HEAD offsetof(struct dirent, d_name)

bool dir_emit_at(struct dir_context *ctx, const char *name, unsigned long ino, unsigned char type,
		 long next)
{
	struct dirent *d = (struct dirent *)(ctx->buf + ctx->used);
	size_t len = strlen(name) + 1, reclen = ALIGN_UP(DIRENT_HEAD + len, 8);

	if (reclen > ctx->size - ctx->used) {
		ctx->full = true;
		return false;
	}
	d->d_ino = ino;
	d->d_off = next;
	d->d_reclen = (unsigned short)reclen;
	d->d_type = type;
	memcpy(d->d_name, name, len);
	ctx->used += reclen;
	*ctx->pos = next;
	return true;
}

bool dir_emit(struct dir_context *ctx, const char *name, unsigned long ino, unsigned char type)
{
	if (ctx->seen++ < *ctx->pos)
		return true;
	return dir_emit_at(ctx, name, ino, type, ctx->seen);
}

bool dir_emit_dots(struct dir_context *ctx)
{
	return dir_emit(ctx, ".", 1, DT_DIR) && dir_emit(ctx, "..", 1, DT_DIR);
}

int dir_result(const struct dir_context *ctx)
{
	if (!ctx->used && ctx->full)
		return -EINVAL;
	return (int)ctx->used;
}
