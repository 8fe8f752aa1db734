// SPDX-License-Identifier: BSD-2-Clause
/*
 * splice, tee, vmsplice: bytes between a pipe and another file, or between two pipes, by moving
 * pages where that is possible.
 *
 * Pages of a ramfs file enter a pipe by reference, buffers move between pipes as they are, and from
 * a pipe they go to a socket as fragments of packets. Everything else is copied once: what a socket
 * or device gives is read into pages of the pipe, and vmsplice copies (which it may).
 * Checks are those of Linux's do_splice(), do_tee() and vmsplice.
 *
 * Called by the system call table, thread context; sleeps for the pipe and for the file, unless
 * SPLICE_F_NONBLOCK or the pipe's O_NONBLOCK.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/pipe.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/read_write.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <sys/stat.h>

#define SPLICE_F_MOVE 0x1u
#define SPLICE_F_NONBLOCK 0x2u
#define SPLICE_F_MORE 0x4u
#define SPLICE_F_GIFT 0x8u
#define SPLICE_F_ALL 0xfu

static bool may_read(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_WRONLY;
}

static bool may_write(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_RDONLY;
}

/* Wait until there is something to take; 1, 0 at the end, or -errno. */
static int wait_for_data(struct pipe *p, unsigned int flags)
{
	int err;

	if (pipe_empty(p) && p->writers && (flags & SPLICE_F_NONBLOCK))
		return -EAGAIN;
	err = wait_event_interruptible(&p->rd_wait, !pipe_empty(p) || !p->writers);
	return err ? err : !pipe_empty(p);
}

/* Wait until there is room. 0 or -errno. */
static int wait_for_room(struct pipe *p, unsigned int flags)
{
	int err;

	if (!p->readers)
		return -EPIPE;
	if (pipe_full(p) && (flags & SPLICE_F_NONBLOCK))
		return -EAGAIN;
	err = wait_event_interruptible(&p->wr_wait, !pipe_full(p) || !p->readers);
	if (err)
		return err;
	return p->readers ? 0 : -EPIPE;
}

/* --- file to pipe ---------------------------------------------------------------------------- */

/* Pages of a plain file, by reference. */
static ssize_t splice_inode(struct ramfs_inode *inode, long *pos, struct pipe *p, size_t len)
{
	struct iovec iov;
	struct page *page;
	unsigned int nr;
	ssize_t done = 0;
	size_t n;

	while (len && !pipe_full(p)) {
		n = ramfs_gather(inode, *pos, min(len, PAGE_SIZE - (size_t)*pos % PAGE_SIZE), &iov,
				 &nr);
		if (!n)
			break;
		page = virt_to_page(iov.iov_base);
		pipe_put_page(p, page, (u32)((char *)iov.iov_base - (char *)page_address(page)),
			      (u32)n);
		*pos += (long)n;
		done += (ssize_t)n;
		len -= n;
	}
	return done;
}

/* Room for what was read: while this thread slept, others may have filled the pipe. 0 or -errno. */
static int room_again(struct pipe *p)
{
	int err = wait_event_interruptible(&p->wr_wait, !pipe_full(p) || !p->readers);

	return err || p->readers ? err : -EPIPE;
}

/* One page of whatever else can be read. */
static ssize_t splice_read_page(struct file *in, long *pos, struct pipe *p, size_t len)
{
	struct page *page = alloc_pages(GFP_KERNEL, 0);
	struct iov_iter to;
	ssize_t n;
	int err;

	if (!page)
		return -ENOMEM;
	iov_iter_kernel(&to, page_address(page), min(len, PAGE_SIZE));
	n = in->f_op->read_iter(in, &to, pos);
	err = n > 0 ? room_again(p) : (int)n;
	if (n <= 0 || err) {
		put_page(page);
		return err;
	}
	pipe_put_page(p, page, 0, (u32)n);
	return n;
}

/* The same without waiting, whatever the file's flags say. */
static ssize_t splice_read_now(struct file *in, long *pos, struct pipe *p, size_t len)
{
	u32 nonblock = in->f_flags & O_NONBLOCK;
	ssize_t n;

	in->f_flags |= O_NONBLOCK;
	n = splice_read_page(in, pos, p, len);
	in->f_flags = (in->f_flags & ~(u32)O_NONBLOCK) | nonblock;
	return n;
}

/* From a file that is no plain one: the first page may wait, later ones take what is there. */
static ssize_t splice_read(struct file *in, long *pos, struct pipe *p, size_t len, bool wait)
{
	ssize_t done = 0, n;

	do {
		n = wait && !done ? splice_read_page(in, pos, p, len)
				  : splice_read_now(in, pos, p, len - (size_t)done);
		if (n > 0)
			done += n;
	} while (n == (ssize_t)PAGE_SIZE && (size_t)done < len && !pipe_full(p));
	return done ? done : n;
}

static bool can_splice_read(const struct file *f)
{
	u32 mode = f->f_op->mode;

	return f->f_op->read_iter && (S_ISREG(mode) || S_ISSOCK(mode) || S_ISCHR(mode));
}

static ssize_t splice_to_pipe(struct file *in, long *pos, struct pipe *p, size_t len,
			      unsigned int flags)
{
	struct ramfs_inode *inode = ramfs_file_inode(in);
	ssize_t n = wait_for_room(p, flags);

	if (n)
		return n;
	if (!can_splice_read(in))
		return -EINVAL;
	if (inode && S_ISREG(inode->mode))
		n = splice_inode(inode, pos, p, len);
	else
		n = splice_read(in, pos, p, len, !(flags & SPLICE_F_NONBLOCK));
	if (n > 0)
		pipe_wake_readers(p);
	return n;
}

/* --- pipe to file ---------------------------------------------------------------------------- */

/* What of len lies in the pipe, as kernel buffers; each page gets a reference. */
static size_t pipe_gather(const struct pipe *p, size_t len, struct iovec *iov, unsigned int *nr)
{
	size_t sum = 0, n;
	unsigned int at;

	*nr = 0;
	for (at = p->tail; at != p->head && *nr < RAMFS_GATHER && sum < len; at++) {
		const struct pipe_buffer *b = pipe_buf(p, at);

		n = min_t(size_t, b->len, len - sum);
		get_page(b->page);
		iov[(*nr)++] = (struct iovec){ (char *)page_address(b->page) + b->offset, n };
		sum += n;
	}
	return sum;
}

static void pipe_skip(struct pipe *p, size_t n)
{
	u32 part;

	while (n && !pipe_empty(p)) {
		part = (u32)min_t(size_t, n, pipe_buf(p, p->tail)->len);
		pipe_consume(p, part);
		n -= part;
	}
}

static ssize_t splice_from_once(struct pipe *p, struct file *out, long *pos, size_t len, bool more)
{
	struct iovec iov[RAMFS_GATHER];
	struct iov_iter from;
	unsigned int nr;
	size_t n = pipe_gather(p, len, iov, &nr);
	ssize_t ret;

	iov_iter_pages(&from, iov, nr, n);
	if (out->f_op->write_pages) {
		ret = out->f_op->write_pages(out, &from, more);
	} else {
		from.pages = false;
		ret = out->f_op->write_iter(out, &from, pos);
	}
	ramfs_ungather(iov, nr);
	if (ret > 0) {
		pipe_skip(p, (size_t)ret);
		pipe_wake_writers(p);
	}
	return ret;
}

static ssize_t splice_from_pipe(struct pipe *p, struct file *out, long *pos, size_t len,
				unsigned int flags)
{
	ssize_t done = 0, n;

	if (!out->f_op->write_iter)
		return -EINVAL;
	n = wait_for_data(p, flags);
	if (n <= 0)
		return n;
	while ((size_t)done < len && !pipe_empty(p)) {
		n = splice_from_once(p, out, pos, len - (size_t)done, flags & SPLICE_F_MORE);
		if (n <= 0)
			break;
		done += n;
	}
	return done ? done : n;
}

/* --- pipe to pipe ---------------------------------------------------------------------------- */

/* Buffers from one to the other; keep: as tee, they stay where they are. */
static ssize_t link_buffers(struct pipe *from, struct pipe *to, size_t len, bool keep)
{
	unsigned int at = from->tail;
	ssize_t done = 0;
	u32 n;

	while (len && at != from->head && !pipe_full(to)) {
		struct pipe_buffer *b = pipe_buf(from, at);

		n = (u32)min_t(size_t, b->len, len);
		get_page(b->page);
		pipe_put_page(to, b->page, b->offset, n);
		pipe_buf(to, to->head - 1)->flags = b->flags & PIPE_BUF_PACKET;
		done += n;
		len -= n;
		if (!keep)
			pipe_consume(from, n);
		at = keep ? at + 1 : from->tail;
	}
	return done;
}

static ssize_t pipe_to_pipe(struct pipe *from, struct pipe *to, size_t len, unsigned int flags,
			    bool keep)
{
	ssize_t n;

	do {
		n = wait_for_data(from, flags);
		if (n <= 0)
			return n;
		n = wait_for_room(to, flags);
		if (n)
			return n;
	} while (pipe_empty(from)); /* another reader was faster */
	n = link_buffers(from, to, len, keep);
	pipe_wake_readers(to);
	if (!keep)
		pipe_wake_writers(from);
	return n;
}

/* --- system calls ---------------------------------------------------------------------------- */

/* One side of a splice that is no pipe: at the program's place or the file's own. */
struct splice_end {
	struct file *file;
	struct pipe *pipe;
	long *upos;
};

static int end_begin(const struct splice_end *e, long *pos)
{
	*pos = e->file->f_pos;
	if (!e->upos)
		return 0;
	if (copy_from_user(pos, e->upos, sizeof(*pos)))
		return -EFAULT;
	if (!e->file->f_op->llseek)
		return -EINVAL;
	return *pos < 0 ? -EINVAL : 0;
}

static int end_finish(const struct splice_end *e, long pos)
{
	if (e->upos)
		return copy_to_user(e->upos, &pos, sizeof(pos));
	if (e->file->f_op->llseek)
		e->file->f_pos = pos;
	return 0;
}

static ssize_t splice_ends(const struct splice_end *in, const struct splice_end *out, size_t len,
			   unsigned int flags)
{
	const struct splice_end *other = in->pipe ? out : in;
	long pos;
	ssize_t n = end_begin(other, &pos);

	if (n)
		return n;
	if (in->pipe && (out->file->f_flags & O_APPEND))
		return -EINVAL;
	if ((in->pipe ? in : out)->file->f_flags & O_NONBLOCK)
		flags |= SPLICE_F_NONBLOCK;
	n = in->pipe ? splice_from_pipe(in->pipe, out->file, &pos, len, flags)
		     : splice_to_pipe(in->file, &pos, out->pipe, len, flags);
	return n > 0 && end_finish(other, pos) ? -EFAULT : n;
}

static ssize_t do_splice(const struct splice_end *in, const struct splice_end *out, size_t len,
			 unsigned int flags)
{
	if ((in->pipe && in->upos) || (out->pipe && out->upos))
		return -ESPIPE;
	if (!may_read(in->file) || !may_write(out->file))
		return -EBADF;
	if (!in->pipe && !out->pipe)
		return -EINVAL;
	if (!in->pipe || !out->pipe)
		return splice_ends(in, out, len, flags);
	if (in->pipe == out->pipe)
		return -EINVAL;
	if ((in->file->f_flags | out->file->f_flags) & O_NONBLOCK)
		flags |= SPLICE_F_NONBLOCK;
	return pipe_to_pipe(in->pipe, out->pipe, len, flags, false);
}

long sys_splice(int in_fd, long *uin, int out_fd, long *uout, size_t len, unsigned int flags)
{
	struct splice_end in = { .upos = uin }, out = { .upos = uout };
	long ret = -EBADF;

	if (!len)
		return 0;
	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	in.file = fget(in_fd);
	out.file = fget(out_fd);
	if (in.file && out.file) {
		in.pipe = file_pipe(in.file);
		out.pipe = file_pipe(out.file);
		ret = do_splice(&in, &out, min(len, MAX_RW_COUNT), flags);
	}
	if (out.file)
		fput(out.file);
	if (in.file)
		fput(in.file);
	return ret;
}

static long do_tee(struct file *in, struct file *out, size_t len, unsigned int flags)
{
	struct pipe *from = file_pipe(in), *to = file_pipe(out);

	if (!may_read(in) || !may_write(out))
		return -EBADF;
	if (!from || !to || from == to)
		return -EINVAL;
	if ((in->f_flags | out->f_flags) & O_NONBLOCK)
		flags |= SPLICE_F_NONBLOCK;
	return pipe_to_pipe(from, to, len, flags, true);
}

long sys_tee(int in_fd, int out_fd, size_t len, unsigned int flags)
{
	struct file *in, *out;
	long ret = -EBADF;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (!len)
		return 0;
	in = fget(in_fd);
	out = fget(out_fd);
	if (in && out)
		ret = do_tee(in, out, len, flags);
	if (out)
		fput(out);
	if (in)
		fput(in);
	return ret;
}

/* Reading or writing a pipe as it is, with a flag for this one call. */
static long vmsplice_file(struct file *f, struct iov_iter *i, unsigned int flags)
{
	u32 extra = flags & SPLICE_F_NONBLOCK ? O_NONBLOCK & ~f->f_flags : 0;
	long ret;

	if (!file_pipe(f))
		return -EBADF;
	f->f_flags |= extra;
	ret = may_write(f) ? f->f_op->write_iter(f, i, &f->f_pos)
			   : f->f_op->read_iter(f, i, &f->f_pos);
	f->f_flags &= ~extra;
	return ret;
}

long sys_vmsplice(int fd, const struct iovec *vec, unsigned long nr, unsigned int flags)
{
	struct iovec fast[UIO_FASTIOV], *iov;
	struct file *f;
	struct iov_iter i;
	long ret;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	ret = import_iovec(vec, nr, fast, &iov, &i);
	if (ret >= 0) {
		ret = iov_iter_count(&i) ? vmsplice_file(f, &i, flags) : 0;
		kfree(iov);
	}
	fput(f);
	return ret;
}
