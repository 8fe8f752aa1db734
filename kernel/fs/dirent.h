/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_DIRENT_H
#define BW_KERNEL_FS_DIRENT_H

/*
 * Filling the buffer of getdents64. A directory's getdents numbers its entries from 0 ("." and
 * ".." included) and emits those from *pos on until dir_emit() says that the buffer is full.
 */
#include <kernel/lib/types.h>

struct dir_context {
	char *buf;
	size_t size, used;
	long *pos; /* number of the next entry to give out */
	long seen; /* number of the entry that comes next in this walk */
	bool full;
};

#define DIR_CONTEXT_INIT(b, n, p) { .buf = (b), .size = (n), .pos = (p) }

/* Offer the walk's next entry (type DT_*); false when the buffer is full and the walk may stop. */
bool dir_emit(struct dir_context *ctx, const char *name, unsigned long ino, unsigned char type);
/* The same for a walk that begins at *pos by itself; next: the position behind this entry. */
bool dir_emit_at(struct dir_context *ctx, const char *name, unsigned long ino, unsigned char type,
		 long next);
/* "." and "..". */
bool dir_emit_dots(struct dir_context *ctx);
/* Bytes filled; -EINVAL when not even one entry fitted. */
int dir_result(const struct dir_context *ctx);

#endif /* BW_KERNEL_FS_DIRENT_H */
