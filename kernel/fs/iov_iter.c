// SPDX-License-Identifier: BSD-2-Clause
/*
 * iov_iter: walks the buffers of one read or write call, once, copying as it goes.
 *
 * Callers: the read and write calls of this folder, net/socket.c, and whatever fills a reader's
 * buffers (protocols, /proc, pipes). The common case is one buffer; the copy helpers take it
 * without a loop. The list itself is never changed, only the position in it, so that a call that
 * must not consume (MSG_PEEK, a failed copy) can step back.
 *
 * Any context that may touch the program's memory, that is thread context. iov_iter_get_page() is
 * for packets that are sent from where the data lies: the program's pages, or a file's.
 */
#include <errno.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/gup.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <limits.h>
#include <string.h>

/* Bytes left in the segment at the position; steps over finished ones. i->count must not be 0. */
static inline size_t segment_left(struct iov_iter *i)
{
	while (i->iov_offset == i->iov->iov_len) {
		BUG_ON(i->nr_segs <= 1);
		i->iov++;
		i->nr_segs--;
		i->iov_offset = 0;
	}
	return i->iov->iov_len - i->iov_offset;
}

static inline char *segment_addr(const struct iov_iter *i)
{
	return (char *)i->iov->iov_base + i->iov_offset;
}

static inline void segment_done(struct iov_iter *i, size_t n)
{
	i->iov_offset += n;
	i->count -= n;
}

/* Both: bytes moved, fewer when the program's memory is not there. */
static inline size_t put_part(const struct iov_iter *i, const void *from, size_t n)
{
	if (unlikely(i->kernel)) {
		memcpy(segment_addr(i), from, n);
		return n;
	}
	return n - raw_copy_to_user(segment_addr(i), from, n);
}

static inline size_t get_part(const struct iov_iter *i, void *to, size_t n)
{
	if (unlikely(i->kernel)) {
		memcpy(to, segment_addr(i), n);
		return n;
	}
	return n - raw_copy_from_user(to, segment_addr(i), n);
}

size_t copy_to_iter(const void *addr, size_t n, struct iov_iter *i)
{
	const char *from = addr;
	size_t left = n = min(n, i->count), part, done;

	while (left) {
		part = min(left, segment_left(i));
		done = put_part(i, from, part);
		segment_done(i, done);
		left -= done;
		if (unlikely(done < part))
			return n - left;
		from += part;
	}
	return n;
}

size_t copy_from_iter(void *addr, size_t n, struct iov_iter *i)
{
	char *to = addr;
	size_t left = n = min(n, i->count), part, done;

	while (left) {
		part = min(left, segment_left(i));
		done = get_part(i, to, part);
		segment_done(i, done);
		left -= done;
		if (unlikely(done < part))
			return n - left;
		to += part;
	}
	return n;
}

int copy_from_iter_full(void *addr, size_t n, struct iov_iter *i)
{
	size_t done = copy_from_iter(addr, n, i);

	if (likely(done == n))
		return 0;
	iov_iter_revert(i, done);
	return -EFAULT;
}

size_t iov_iter_zero(size_t n, struct iov_iter *i)
{
	static const char zeros[256];
	size_t left = n = min(n, i->count), part;

	while (left) {
		part = min(left, sizeof(zeros));
		part = copy_to_iter(zeros, part, i);
		if (unlikely(!part))
			return n - left;
		left -= part;
	}
	return n;
}

size_t iov_iter_get_page(struct iov_iter *i, size_t max, struct page **page, u32 *offset)
{
	size_t n = min(max, i->count);

	if (!n || (i->kernel && !i->pages))
		return 0;
	n = min(n, segment_left(i));
	if (i->pages) {
		*page = virt_to_page(segment_addr(i));
		*offset = (u32)(segment_addr(i) - (char *)page_address(*page));
		get_page(*page);
		return n;
	}
	*page = pin_user_page(segment_addr(i), offset, &n);
	return *page ? n : 0;
}

void iov_iter_advance(struct iov_iter *i, size_t n)
{
	size_t part;

	BUG_ON(n > i->count);
	while (n) {
		part = min(n, segment_left(i));
		segment_done(i, part);
		n -= part;
	}
}

void iov_iter_revert(struct iov_iter *i, size_t n)
{
	i->count += n;
	while (n > i->iov_offset) {
		n -= i->iov_offset;
		BUG_ON(i->iov == &i->ubuf);
		i->iov--;
		i->nr_segs++;
		i->iov_offset = i->iov->iov_len;
	}
	i->iov_offset -= n;
}

/*
 * Sum of the lengths, cut at MAX_RW_COUNT; -EINVAL when one of them is negative, -EFAULT when one
 * lies where no program's memory is.
 */
static ssize_t iovec_total(struct iovec *iov, unsigned long nr)
{
	size_t total = 0;
	unsigned long n;

	for (n = 0; n < nr; n++) {
		if (iov[n].iov_len > SSIZE_MAX)
			return -EINVAL;
	}
	for (n = 0; n < nr; n++) {
		if (!access_ok(iov[n].iov_base, iov[n].iov_len))
			return -EFAULT;
		iov[n].iov_len = min(iov[n].iov_len, MAX_RW_COUNT - total);
		total += iov[n].iov_len;
	}
	return (ssize_t)total;
}

int import_ubuf(const void *buf, size_t len, struct iov_iter *i)
{
	len = min(len, MAX_RW_COUNT);
	if (unlikely(!access_ok(buf, len)))
		return -EFAULT;
	iov_iter_ubuf(i, (void *)buf, len);
	return 0;
}

ssize_t import_iovec(const struct iovec *uvec, unsigned long nr, struct iovec *fast,
		     struct iovec **iov, struct iov_iter *i)
{
	struct iovec *kvec = fast;
	ssize_t total;

	*iov = NULL;
	if (nr > IOV_MAX)
		return -EINVAL;
	if (nr > UIO_FASTIOV) {
		kvec = kmalloc(nr * sizeof(*kvec), GFP_KERNEL);
		if (!kvec)
			return -ENOMEM;
	}
	total = copy_from_user(kvec, uvec, nr * sizeof(*kvec));
	if (!total)
		total = iovec_total(kvec, nr);
	if (total < 0) {
		if (kvec != fast)
			kfree(kvec);
		return total;
	}
	if (kvec != fast)
		*iov = kvec;
	iov_iter_init(i, kvec, nr, (size_t)total);
	return total;
}
