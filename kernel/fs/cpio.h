/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_CPIO_H
#define BW_KERNEL_FS_CPIO_H

/*
 * A newc cpio archive taken in pieces of any size. kernel/fs/cpio.c finds the entries, cpio_entry.c
 * makes them files.
 */
#include <kernel/fs/initramfs.h>
#include <kernel/lib/list.h>
#include <limits.h>

#define CPIO_HEAD 110

enum cpio_state {
	CPIO_RESET, /* between archives: zeros, then the next one */
	CPIO_HEADER,
	CPIO_NAME,
	CPIO_DATA,
	CPIO_LINK,  /* the text of a symbolic link */
	CPIO_SKIP,  /* padding, or the data of what is left out */
};

struct ramfs_inode;

struct cpio {
	enum cpio_state state;
	bool trailer;	      /* this entry is the archive's last one */
	bool has_sum;	      /* magic 070702 */
	const char *error;
	struct initramfs_stats *count;
	u32 ino, mode, uid, gid, nlink, mtime, size, major, minor, namesize, sum;
	u32 summed;	      /* of the data so far */
	size_t have;	      /* of the header, name or link text */
	u64 left;	      /* of the data, or to skip */
	struct ramfs_inode *file; /* being written; a reference */
	struct list_head links;	  /* inodes with several names, of this archive */
	u8 head[CPIO_HEAD];
	char path[PATH_MAX + 8];  /* "/", the name, padding */
	char text[PATH_MAX + 8];
};

void cpio_init(struct cpio *c, struct initramfs_stats *count);
/* Take bytes; how many. Fewer than len: an error, or between archives something that is none. */
size_t cpio_feed(struct cpio *c, const u8 *data, size_t len);
/* No more input: complains about an entry or archive that is not whole, and frees. */
const char *cpio_finish(struct cpio *c);

/* cpio_entry.c. The name is there: makes the entry and chooses the next state. */
void cpio_entry_begin(struct cpio *c);
void cpio_entry_data(struct cpio *c, const u8 *data, size_t len);
/* All of the link's text is there. */
void cpio_entry_link(struct cpio *c);
/* All of the data is there. */
void cpio_entry_end(struct cpio *c);
/* It will not come: take away what is there of it. */
void cpio_entry_abort(struct cpio *c);
void cpio_forget_links(struct cpio *c);

#endif /* BW_KERNEL_FS_CPIO_H */
