/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_PIPE_H
#define BW_KERNEL_FS_PIPE_H

/*
 * Pipes: a ring of buffers, each a part of a page, between readers and writers. For pipe.c (the
 * files), pipe_ring.c (the ring), splice.c, which moves buffers instead of bytes, and fcntl.c.
 * Thread context.
 */
#include <kernel/fs/file.h>
#include <kernel/mm/page_alloc.h>

struct iov_iter;
struct ramfs_inode;

#define PIPE_DEF_BUFFERS 16u
#define PIPE_BUF_PACKET 0x1u /* a message of its own: one read takes it and no more (O_DIRECT) */
#define PIPE_BUF_OURS 0x2u   /* the page is the pipe's alone: the next write may go on in it */

struct pipe_buffer {
	struct page *page; /* referenced */
	u32 offset, len;
	u32 flags;
};

/* All [t]. */
struct pipe {
	wait_queue_head_t rd_wait, wr_wait;
	unsigned int readers, writers; /* files, not descriptors */
	unsigned int files;	       /* both together; the last one frees the pipe */
	unsigned int w_opened, r_opened; /* ever */
	unsigned int head, tail;       /* buffers ever filled, emptied */
	unsigned int ring_size;	       /* a power of two */
	struct pipe_buffer *bufs;
	struct ramfs_inode *inode;     /* of a FIFO, whose pipe pointer goes with us; or NULL */
};

static inline unsigned int pipe_occupancy(const struct pipe *p)
{
	return p->head - p->tail;
}
static inline bool pipe_empty(const struct pipe *p)
{
	return p->head == p->tail;
}
static inline bool pipe_full(const struct pipe *p)
{
	return pipe_occupancy(p) >= p->ring_size;
}
static inline struct pipe_buffer *pipe_buf(const struct pipe *p, unsigned int n)
{
	return &p->bufs[n & (p->ring_size - 1)];
}

/* pipe_ring.c */
struct pipe *pipe_alloc(void);
void pipe_free(struct pipe *p);
size_t pipe_bytes(const struct pipe *p);
/* Move up to a reader's whole wish out; bytes, stops behind a packet. */
size_t pipe_take(struct pipe *p, struct iov_iter *to);
/* Bytes into the last buffer, as far as it goes on; then into new ones while there is room. */
size_t pipe_merge(struct pipe *p, struct iov_iter *from);
/* -EFAULT, -ENOMEM, or bytes put into one new buffer. */
ssize_t pipe_put(struct pipe *p, struct iov_iter *from, u32 flags);
/* A part of a page as one more buffer; takes over a reference. The pipe must not be full. */
void pipe_put_page(struct pipe *p, struct page *page, u32 offset, u32 len);
/* n bytes of the oldest buffer are gone. */
void pipe_consume(struct pipe *p, u32 n);
/* Another number of buffers, rounded up; what it holds then in bytes, or -errno. */
long pipe_set_size(struct pipe *p, unsigned long bytes);

/* The pipe behind an open file, or NULL. */
struct pipe *file_pipe(const struct file *f);
/* Bytes a pipe holds at most, or -EBADF when f is none; and set that. */
long pipe_size(const struct file *f);
long pipe_resize(struct file *f, unsigned long bytes);
/* Tell the other side. */
void pipe_wake_readers(struct pipe *p);
void pipe_wake_writers(struct pipe *p);
/* What open() does with a FIFO of the tree; waits for the other side. ERR_PTR. */
struct file *fifo_open(struct ramfs_inode *inode, u32 flags);

#endif /* BW_KERNEL_FS_PIPE_H */
