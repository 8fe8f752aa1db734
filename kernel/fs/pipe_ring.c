// SPDX-License-Identifier: BSD-2-Clause
/*
 * The ring of buffers inside a pipe: filling, emptying, resizing.
 *
 * A buffer is a part of a page with a reference on it. Small writes go on in the last page while
 * it is the pipe's own; a page that came by splice is never written to. The size of a pipe counts
 * in buffers, as in Linux: 16 to begin with, so 64 KiB when pages are full.
 *
 * Called by pipe.c and splice.c in thread context; nothing here sleeps or wakes.
 */
#include <errno.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/fs/pipe.h>
#include <kernel/mm/slab.h>
#include <string.h>

#define PIPE_MAX_BYTES (1ul << 31)

struct pipe *pipe_alloc(void)
{
	struct pipe *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	p->ring_size = PIPE_DEF_BUFFERS;
	p->bufs = kcalloc(p->ring_size, sizeof(*p->bufs), GFP_KERNEL);
	if (!p->bufs) {
		kfree(p);
		return NULL;
	}
	init_waitqueue_head(&p->rd_wait);
	init_waitqueue_head(&p->wr_wait);
	return p;
}

static void pipe_drop_oldest(struct pipe *p)
{
	struct pipe_buffer *b = pipe_buf(p, p->tail);

	BUG_ON(pipe_empty(p));
	put_page(b->page);
	*b = (struct pipe_buffer){ 0 };
	p->tail++;
}

void pipe_free(struct pipe *p)
{
	BUG_ON(p->readers || p->writers);
	while (!pipe_empty(p))
		pipe_drop_oldest(p);
	kfree(p->bufs);
	kfree(p);
}

size_t pipe_bytes(const struct pipe *p)
{
	size_t sum = 0;
	unsigned int n;

	for (n = p->tail; n != p->head; n++)
		sum += pipe_buf(p, n)->len;
	return sum;
}

void pipe_consume(struct pipe *p, u32 n)
{
	struct pipe_buffer *b = pipe_buf(p, p->tail);

	BUG_ON(pipe_empty(p) || n > b->len);
	b->offset += n;
	b->len -= n;
	if (!b->len)
		pipe_drop_oldest(p);
}

size_t pipe_take(struct pipe *p, struct iov_iter *to)
{
	size_t done = 0, n, part;

	while (iov_iter_count(to) && !pipe_empty(p)) {
		struct pipe_buffer *b = pipe_buf(p, p->tail);
		bool packet = b->flags & PIPE_BUF_PACKET;

		n = min_t(size_t, b->len, iov_iter_count(to));
		part = copy_to_iter((char *)page_address(b->page) + b->offset, n, to);
		done += part;
		if (part < n && (!packet || !part)) {
			if (part)
				pipe_consume(p, (u32)part);
			break;
		}
		/* What of a packet was not asked for is lost. */
		pipe_consume(p, packet ? b->len : (u32)part);
		if (packet)
			break;
	}
	return done;
}

size_t pipe_merge(struct pipe *p, struct iov_iter *from)
{
	struct pipe_buffer *b = pipe_buf(p, p->head - 1);
	size_t chars = iov_iter_count(from) % PAGE_SIZE, n;

	if (!chars || pipe_empty(p) || b->flags != PIPE_BUF_OURS)
		return 0;
	if (b->offset + b->len + chars > PAGE_SIZE)
		return 0;
	n = copy_from_iter((char *)page_address(b->page) + b->offset + b->len, chars, from);
	b->len += (u32)n;
	return n;
}

void pipe_put_page(struct pipe *p, struct page *page, u32 offset, u32 len)
{
	BUG_ON(pipe_full(p) || !len);
	*pipe_buf(p, p->head) = (struct pipe_buffer){ .page = page, .offset = offset, .len = len };
	p->head++;
}

ssize_t pipe_put(struct pipe *p, struct iov_iter *from, u32 flags)
{
	struct page *page = alloc_pages(GFP_KERNEL, 0);
	size_t n;

	if (!page)
		return -ENOMEM;
	n = copy_from_iter(page_address(page), min(iov_iter_count(from), PAGE_SIZE), from);
	if (!n) {
		put_page(page);
		return -EFAULT;
	}
	pipe_put_page(p, page, 0, (u32)n);
	pipe_buf(p, p->head - 1)->flags = flags | PIPE_BUF_OURS;
	return (ssize_t)n;
}

long pipe_set_size(struct pipe *p, unsigned long bytes)
{
	unsigned int slots, n, used = pipe_occupancy(p);
	struct pipe_buffer *bufs;

	if (bytes > PIPE_MAX_BYTES)
		return -EINVAL;
	bytes = roundup_pow_of_two(max(bytes, PAGE_SIZE));
	slots = (unsigned int)(bytes / PAGE_SIZE);
	if (slots < used)
		return -EBUSY;
	bufs = kcalloc(slots, sizeof(*bufs), GFP_KERNEL | __GFP_NOWARN);
	if (!bufs)
		return -ENOMEM;
	for (n = 0; n < used; n++)
		bufs[n] = *pipe_buf(p, p->tail + n);
	kfree(p->bufs);
	p->bufs = bufs;
	p->ring_size = slots;
	p->tail = 0;
	p->head = used;
	return (long)bytes;
}
