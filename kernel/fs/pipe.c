// SPDX-License-Identifier: BSD-2-Clause
/*
 * Pipes: 64 KiB of ring buffer between two files.
 *
 * Pages are allocated as the writer reaches them and given back when the reader has emptied the
 * pipe, so that an idle pipe costs its head only. A write of up to PIPE_BUF bytes is not mixed with
 * others' (POSIX): it waits for room for all of it. End of file when the last writer is gone,
 * -EPIPE when the last reader is (without SIGPIPE: there are no signals).
 *
 * Called through file_operations in thread context; reads and writes sleep unless O_NONBLOCK.
 * Left out: F_SETPIPE_SZ, packet mode (O_DIRECT, -EINVAL), named pipes.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/fs/pipe.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define PIPE_PAGES 16u
#define PIPE_BYTES (PIPE_PAGES * PAGE_SIZE)

struct pipe {
	wait_queue_head_t rd_wait, wr_wait;
	unsigned int readers, writers; /* files, not descriptors */
	size_t head, tail;	       /* bytes ever written, read; head - tail are inside */
	char *pages[PIPE_PAGES];
};

static inline size_t pipe_used(const struct pipe *p)
{
	BUG_ON(p->head - p->tail > PIPE_BYTES);
	return p->head - p->tail;
}

static inline size_t pipe_room(const struct pipe *p)
{
	return PIPE_BYTES - pipe_used(p);
}

static void pipe_free_pages(struct pipe *p)
{
	unsigned int n;

	for (n = 0; n < PIPE_PAGES; n++) {
		page_free(p->pages[n], 0);
		p->pages[n] = NULL;
	}
	p->head = p->tail = 0;
}

/* Move up to n bytes out; bytes moved. */
static size_t pipe_take(struct pipe *p, struct iov_iter *to, size_t n)
{
	size_t done = 0, part, off;

	while (done < n) {
		off = p->tail % PAGE_SIZE;
		part = min(n - done, PAGE_SIZE - off);
		part = copy_to_iter(p->pages[p->tail / PAGE_SIZE % PIPE_PAGES] + off, part, to);
		if (!part)
			break;
		p->tail += part;
		done += part;
	}
	if (!pipe_used(p))
		pipe_free_pages(p);
	return done;
}

/* Move up to n bytes in; bytes moved, fewer without memory or on a fault. */
static size_t pipe_put(struct pipe *p, struct iov_iter *from, size_t n)
{
	size_t done = 0, part, off;
	char **page;

	while (done < n) {
		off = p->head % PAGE_SIZE;
		page = &p->pages[p->head / PAGE_SIZE % PIPE_PAGES];
		if (!*page)
			*page = page_alloc(GFP_KERNEL, 0);
		if (!*page)
			break;
		part = copy_from_iter(*page + off, min(n - done, PAGE_SIZE - off), from);
		if (!part)
			break;
		p->head += part;
		done += part;
	}
	return done;
}

static ssize_t pipe_read(struct file *f, struct iov_iter *to, long *pos)
{
	struct pipe *p = f->private_data;
	size_t n;
	int err;

	(void)pos;
	if (!iov_iter_count(to))
		return 0;
	if (!pipe_used(p) && p->writers && (f->f_flags & O_NONBLOCK))
		return -EAGAIN;
	err = wait_event_interruptible(&p->rd_wait, pipe_used(p) || !p->writers);
	if (err)
		return err;
	n = min(pipe_used(p), iov_iter_count(to));
	if (!n)
		return 0;
	n = pipe_take(p, to, n);
	wake_up_interruptible_poll(&p->wr_wait, EPOLLOUT | EPOLLWRNORM);
	return n ? (ssize_t)n : -EFAULT;
}

static ssize_t pipe_write(struct file *f, struct iov_iter *from, long *pos)
{
	struct pipe *p = f->private_data;
	size_t want = iov_iter_count(from), done = 0, need, part;
	int err = 0;

	(void)pos;
	while (done < want && !err) {
		need = want <= PIPE_BUF ? want : 1;
		if (p->readers && pipe_room(p) < need && (f->f_flags & O_NONBLOCK)) {
			err = -EAGAIN;
			break;
		}
		err = wait_event_interruptible(&p->wr_wait, !p->readers || pipe_room(p) >= need);
		if (!err && !p->readers)
			err = -EPIPE;
		if (err)
			break;
		need = min(want - done, pipe_room(p));
		part = pipe_put(p, from, need);
		if (part < need)
			err = p->pages[p->head / PAGE_SIZE % PIPE_PAGES] ? -EFAULT : -ENOMEM;
		done += part;
		wake_up_interruptible_poll(&p->rd_wait, EPOLLIN | EPOLLRDNORM);
	}
	return done ? (ssize_t)done : err;
}

static bool pipe_is_reader(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) == O_RDONLY;
}

static u32 pipe_poll(struct file *f, struct poll_table *pt)
{
	struct pipe *p = f->private_data;
	u32 mask = 0;

	if (pipe_is_reader(f)) {
		poll_wait(f, &p->rd_wait, pt);
		if (pipe_used(p))
			mask |= EPOLLIN | EPOLLRDNORM;
		if (!p->writers)
			mask |= EPOLLHUP;
		return mask;
	}
	poll_wait(f, &p->wr_wait, pt);
	if (pipe_room(p) >= PIPE_BUF)
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (!p->readers)
		mask |= EPOLLERR;
	return mask;
}

static long pipe_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	int n = (int)pipe_used(f->private_data);

	return cmd == FIONREAD ? copy_to_user((void *)arg, &n, sizeof(n)) : -ENOTTY;
}

static int pipe_release(struct file *f)
{
	struct pipe *p = f->private_data;

	if (pipe_is_reader(f))
		p->readers--;
	else
		p->writers--;
	if (p->readers || p->writers) {
		wake_up_interruptible_all(&p->rd_wait);
		wake_up_interruptible_all(&p->wr_wait);
		return 0;
	}
	pipe_free_pages(p);
	kfree(p);
	return 0;
}

static const struct file_operations pipe_fops = {
	.name = "pipe:",
	.mode = S_IFIFO | 0600,
	.read_iter = pipe_read,
	.write_iter = pipe_write,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.release = pipe_release,
};

long pipe_size(const struct file *f)
{
	return f->f_op == &pipe_fops ? (long)PIPE_BYTES : -EBADF;
}

/* Both files of a new pipe. 0, -ENFILE or -ENOMEM. */
static int create_pipe_files(struct file *files[2], u32 flags)
{
	struct pipe *p = kzalloc(sizeof(*p), GFP_KERNEL);

	files[1] = NULL;
	if (!p)
		return -ENOMEM;
	init_waitqueue_head(&p->rd_wait);
	init_waitqueue_head(&p->wr_wait);
	files[0] = file_alloc(&pipe_fops, p, O_RDONLY | (flags & O_NONBLOCK));
	if (IS_ERR(files[0])) {
		kfree(p);
		return (int)PTR_ERR(files[0]);
	}
	p->readers = 1;
	files[1] = file_alloc(&pipe_fops, p, O_WRONLY | (flags & O_NONBLOCK));
	if (IS_ERR(files[1])) {
		fput(files[0]);
		return (int)PTR_ERR(files[1]);
	}
	p->writers = 1;
	return 0;
}

long sys_pipe2(int *ufds, int flags)
{
	struct file *files[2];
	int fds[2], err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	err = create_pipe_files(files, (u32)flags);
	if (err)
		return err;
	fds[0] = get_unused_fd_flags((u32)flags);
	fds[1] = fds[0] < 0 ? fds[0] : get_unused_fd_flags((u32)flags);
	err = fds[1] < 0 ? fds[1] : copy_to_user(ufds, fds, sizeof(fds));
	if (err) {
		if (fds[1] >= 0)
			put_unused_fd(fds[1]);
		if (fds[0] >= 0)
			put_unused_fd(fds[0]);
		fput(files[0]);
		fput(files[1]);
		return err;
	}
	fd_install(fds[0], files[0]);
	fd_install(fds[1], files[1]);
	return 0;
}
