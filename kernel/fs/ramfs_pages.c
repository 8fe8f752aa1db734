// SPDX-License-Identifier: BSD-2-Clause
/*
 * The pages of the ramfs's files as such: giving them to packets and pipes, allocating and punching
 * ranges, finding data and holes.
 *
 * ramfs_gather() is the first half of sendfile(2) without a copy: each page gets a reference, so
 * that truncating or removing the file takes nothing from under a packet. What is written to the
 * file meanwhile may still be sent, as on Linux. Holes give a page of zeros of their own.
 *
 * Called by sendfile.c, splice.c, fallocate.c and through llseek; thread context, never sleeps.
 */
#include <errno.h>
#include <kernel/fs/ramfs_internal.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/page_alloc.h>
#include <string.h>
#include <sys/uio.h>

#define PAGE_BYTES ((long)PAGE_SIZE)

size_t ramfs_gather(struct ramfs_inode *inode, long pos, size_t len, struct iovec *iov,
		    unsigned int *nr)
{
	size_t done = 0, offset, n;
	u8 *page;

	*nr = 0;
	while (*nr < RAMFS_GATHER && done < len && pos < inode->size) {
		offset = (size_t)(pos % PAGE_BYTES);
		n = min(len - done, PAGE_SIZE - offset);
		n = min(n, (size_t)(inode->size - pos));
		page = ramfs_page_find(inode, pos / PAGE_BYTES);
		if (page)
			get_page(virt_to_page(page));
		else
			page = page_alloc(GFP_KERNEL | __GFP_ZERO, 0);
		if (!page)
			break;
		iov[(*nr)++] = (struct iovec){ page + offset, n };
		pos += (long)n;
		done += n;
	}
	return done;
}

void ramfs_ungather(const struct iovec *iov, unsigned int nr)
{
	unsigned int n;

	for (n = 0; n < nr; n++)
		put_page(virt_to_page(iov[n].iov_base));
}

long ramfs_seek_data(struct ramfs_inode *inode, long offset, bool hole)
{
	long index, last = (inode->size - 1) / PAGE_BYTES;

	if (offset < 0 || offset >= inode->size)
		return -ENXIO;
	for (index = offset / PAGE_BYTES; index <= last; index++) {
		/* A hole may be as long as a number: on to the next page that may be there. */
		if (!hole)
			index = ramfs_pages_from(inode, index);
		if (index < 0 || index > last)
			break;
		if (!ramfs_page_find(inode, index) == hole)
			return max(offset, index * PAGE_BYTES);
	}
	return hole ? inode->size : -ENXIO;
}

int ramfs_allocate(struct ramfs_inode *inode, long pos, long len)
{
	long first = pos / PAGE_BYTES, last = (pos + len - 1) / PAGE_BYTES, index;
	size_t limit, used;
	u8 *page;

	ramfs_usage(&limit, &used);
	if ((unsigned long)(last - first) > limit / PAGE_SIZE)
		return -ENOSPC;
	for (index = first; index <= last; index++) {
		page = ramfs_page_make(inode, index);
		if (IS_ERR(page))
			return (int)PTR_ERR(page);
	}
	return 0;
}

/* Zero a part of one page, if it is there. */
static void zero_part(struct ramfs_inode *inode, long pos, long len)
{
	u8 *page = len ? ramfs_page_find(inode, pos / PAGE_BYTES) : NULL;

	if (page)
		memset(page + pos % PAGE_BYTES, 0, (size_t)len);
}

void ramfs_punch(struct ramfs_inode *inode, long pos, long len)
{
	long end = min(pos + len, (long)ALIGN_UP((unsigned long)inode->size, PAGE_SIZE));
	long first = (long)ALIGN_UP((unsigned long)pos, PAGE_SIZE) / PAGE_BYTES;
	long stop = end / PAGE_BYTES;

	if (end <= pos)
		return;
	if (first > stop) { /* within one page */
		zero_part(inode, pos, end - pos);
		return;
	}
	zero_part(inode, pos, first * PAGE_BYTES - pos);
	zero_part(inode, stop * PAGE_BYTES, end - stop * PAGE_BYTES);
	ramfs_drop_range(inode, first, stop);
	if (inode->file.maps)
		mm_zap_hole(inode, (unsigned long)first, (unsigned long)stop);
	ramfs_touch(inode);
}
