/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_IOV_ITER_H
#define BW_KERNEL_FS_IOV_ITER_H

/*
 * Where a read or write puts or takes its bytes: a list of program buffers, walked once.
 */
#include <kernel/lib/types.h>
#include <sys/uio.h>

struct iov_iter {
	const struct iovec *iov;
	unsigned long nr_segs;
	size_t iov_offset; /* into iov[0] */
	size_t count;	   /* bytes left */
	struct iovec ubuf; /* backs a single-buffer iterator */
	bool kernel;	   /* the buffers are the kernel's: no checks, no faults */
	bool pages;	   /* ... and parts of pages that whoever takes them may reference */
};

#define UIO_FASTIOV 8 /* segments that a call keeps on its stack */
/* What one call moves at most; longer ones are cut to this, as in Linux. */
#define MAX_RW_COUNT 0x7ffff000ul

static inline void iov_iter_init(struct iov_iter *i, const struct iovec *iov,
				 unsigned long nr_segs, size_t count)
{
	i->iov = iov;
	i->nr_segs = nr_segs;
	i->iov_offset = 0;
	i->count = count;
	i->kernel = false;
	i->pages = false;
}
static inline void iov_iter_ubuf(struct iov_iter *i, void *buf, size_t count)
{
	i->ubuf.iov_base = buf;
	i->ubuf.iov_len = count;
	iov_iter_init(i, &i->ubuf, 1, count);
}
/* The kernel's own memory, also while the calling thread serves a program (sendfile, execve). */
static inline void iov_iter_kernel(struct iov_iter *i, void *buf, size_t count)
{
	iov_iter_ubuf(i, buf, count);
	i->kernel = true;
}
/* Parts of a file's or a pipe's pages (sendfile, splice), which the caller holds references on. */
static inline void iov_iter_pages(struct iov_iter *i, const struct iovec *iov,
				  unsigned long nr_segs, size_t count)
{
	iov_iter_init(i, iov, nr_segs, count);
	i->kernel = i->pages = true;
}
static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}
/*
 * Copy n bytes to/from the program and advance; returns bytes copied: up to the first one that
 * faults, to the byte.
 */
size_t copy_to_iter(const void *addr, size_t n, struct iov_iter *i);
size_t copy_from_iter(void *addr, size_t n, struct iov_iter *i);
/* All of it, or -EFAULT and the position stays. */
int copy_from_iter_full(void *addr, size_t n, struct iov_iter *i);
size_t iov_iter_zero(size_t n, struct iov_iter *i);
/*
 * The page behind the next up to max bytes, with a reference, and the offset in it; how many bytes
 * of it, 0 when they cannot be referenced. Does not advance.
 */
struct page;
size_t iov_iter_get_page(struct iov_iter *i, size_t max, struct page **page, u32 *offset);
void iov_iter_advance(struct iov_iter *i, size_t n);
void iov_iter_revert(struct iov_iter *i, size_t n);
/* One buffer of the program's, its length cut at MAX_RW_COUNT. 0 or -EFAULT. */
int import_ubuf(const void *buf, size_t len, struct iov_iter *i);
/*
 * Check and copy a user's iovec array (IOV_MAX 1024 segments, into fast when it holds them, else
 * *iov is set and the caller kfrees it); bytes, cut at MAX_RW_COUNT, or -EINVAL/-EFAULT/-ENOMEM.
 */
ssize_t import_iovec(const struct iovec *uvec, unsigned long nr, struct iovec *fast,
		     struct iovec **iov, struct iov_iter *i);

#endif /* BW_KERNEL_FS_IOV_ITER_H */
