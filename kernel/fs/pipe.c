// SPDX-License-Identifier: BSD-2-Clause
/*
 * Pipes and FIFOs as files: waiting for bytes and for room, and who is at the other end.
 *
 * A write of up to PIPE_BUF bytes is not mixed with others' (POSIX): it goes into the last page or
 * into a new one as a whole. With O_DIRECT each write is a packet that one read takes (pipe2(2)).
 * End of file when the last writer is gone, -EPIPE when the last reader is. A FIFO of the tree has
 * its pipe while somebody has it open; opening it waits for the other side, as fifo(7) says.
 *
 * Called through file_operations in thread context; reads and writes sleep unless O_NONBLOCK. The
 * ring is in pipe_ring.c, moving pages between pipes and other files in splice.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/fs/pipe.h>
#include <kernel/fs/ramfs.h>
#include <kernel/lib/signal_hook.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

void pipe_wake_readers(struct pipe *p)
{
	wake_up_interruptible_poll(&p->rd_wait, EPOLLIN | EPOLLRDNORM);
}

void pipe_wake_writers(struct pipe *p)
{
	wake_up_interruptible_poll(&p->wr_wait, EPOLLOUT | EPOLLWRNORM);
}

static ssize_t pipe_read(struct file *f, struct iov_iter *to, long *pos)
{
	struct pipe *p = f->private_data;
	size_t n;
	int err;

	(void)pos;
	if (!iov_iter_count(to))
		return 0;
	if (pipe_empty(p) && p->writers && (f->f_flags & O_NONBLOCK))
		return -EAGAIN;
	err = wait_event_interruptible(&p->rd_wait, !pipe_empty(p) || !p->writers);
	if (err)
		return err;
	if (pipe_empty(p))
		return 0;
	n = pipe_take(p, to);
	pipe_wake_writers(p);
	if (!pipe_empty(p)) /* one wake-up for one write: another reader may sleep */
		pipe_wake_readers(p);
	return n ? (ssize_t)n : -EFAULT;
}

/* Fill what there is room for. 0: the writer must wait, or has nothing left; -errno. */
static int pipe_fill(struct file *f, struct iov_iter *from)
{
	struct pipe *p = f->private_data;
	u32 flags = f->f_flags & O_DIRECT ? PIPE_BUF_PACKET : 0;
	ssize_t n = 0;

	while (iov_iter_count(from) && !pipe_full(p)) {
		n = pipe_put(p, from, flags);
		if (n < 0)
			return (int)n;
	}
	return 0;
}

/* Nobody can read what this writes. */
static int broken_pipe(void)
{
	send_sig_thread(SIGPIPE);
	return -EPIPE;
}

static ssize_t pipe_write(struct file *f, struct iov_iter *from, long *pos)
{
	struct pipe *p = f->private_data;
	size_t want = iov_iter_count(from), done;
	int err = 0;

	(void)pos;
	if (!want)
		return 0;
	if (!p->readers)
		return broken_pipe();
	if (!(f->f_flags & O_DIRECT))
		pipe_merge(p, from);
	for (;;) {
		err = pipe_fill(f, from);
		if (iov_iter_count(from) < want)
			pipe_wake_readers(p);
		if (err || !iov_iter_count(from))
			break;
		if (f->f_flags & O_NONBLOCK) {
			err = -EAGAIN;
			break;
		}
		err = wait_event_interruptible(&p->wr_wait, !p->readers || !pipe_full(p));
		if (!err && !p->readers)
			err = broken_pipe();
		if (err)
			break;
	}
	done = want - iov_iter_count(from);
	if (!pipe_full(p))
		pipe_wake_writers(p);
	return done ? (ssize_t)done : err;
}

static bool reads(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_WRONLY;
}

static bool writes(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_RDONLY;
}

static u32 pipe_poll(struct file *f, struct poll_table *pt)
{
	struct pipe *p = f->private_data;
	u32 mask = 0;

	if (reads(f)) {
		poll_wait(f, &p->rd_wait, pt);
		if (!pipe_empty(p))
			mask |= EPOLLIN | EPOLLRDNORM;
		/* Not before the first writer came to a FIFO that was opened without waiting. */
		if (!p->writers && f->f_pos != (long)p->w_opened)
			mask |= EPOLLHUP;
	}
	if (writes(f)) {
		poll_wait(f, &p->wr_wait, pt);
		if (!pipe_full(p))
			mask |= EPOLLOUT | EPOLLWRNORM;
		if (!p->readers)
			mask |= EPOLLERR;
	}
	return mask;
}

static long pipe_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	int n = (int)pipe_bytes(f->private_data);

	return cmd == FIONREAD ? copy_to_user((void *)arg, &n, sizeof(n)) : -ENOTTY;
}

static int pipe_release(struct file *f)
{
	struct pipe *p = f->private_data;

	p->readers -= reads(f);
	p->writers -= writes(f);
	if (--p->files) {
		wake_up_interruptible_all(&p->rd_wait);
		wake_up_interruptible_all(&p->wr_wait);
		return 0;
	}
	if (p->inode)
		p->inode->pipe = NULL;
	pipe_free(p);
	return 0;
}

static struct file *pipe_reopen(struct file *f, u32 flags);

static const struct file_operations pipe_fops = {
	.name = "pipe:",
	.mode = S_IFIFO | 0600,
	.read_iter = pipe_read,
	.write_iter = pipe_write,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.reopen = pipe_reopen,
	.release = pipe_release,
};

struct pipe *file_pipe(const struct file *f)
{
	return f->f_op == &pipe_fops ? f->private_data : NULL;
}

long pipe_size(const struct file *f)
{
	const struct pipe *p = file_pipe(f);

	return p ? (long)(p->ring_size * PAGE_SIZE) : -EBADF;
}

long pipe_resize(struct file *f, unsigned long bytes)
{
	struct pipe *p = file_pipe(f);
	long ret = p ? pipe_set_size(p, bytes) : -EBADF;

	if (ret > 0)
		pipe_wake_writers(p);
	return ret;
}

/* One more open end of a pipe. */
static struct file *pipe_file(struct pipe *p, u32 flags)
{
	struct file *f = file_alloc(&pipe_fops, p, flags);

	if (IS_ERR(f))
		return f;
	p->files++;
	p->readers += reads(f);
	p->writers += writes(f);
	p->r_opened += reads(f);
	p->w_opened += writes(f);
	f->f_pos = -1; /* a writer was there */
	return f;
}

static struct file *pipe_reopen(struct file *f, u32 flags)
{
	struct file *again = pipe_file(f->private_data, flags);

	if (!IS_ERR(again))
		again->f_ino = f->f_ino;
	return again;
}

/* Wait at opening for the other side. 0 or -errno. */
static int fifo_wait(struct file *f)
{
	struct pipe *p = f->private_data;
	unsigned int seen;

	if (reads(f) && writes(f))
		return 0;
	if (reads(f)) {
		wake_up_interruptible_all(&p->wr_wait);
		f->f_pos = p->writers ? -1 : (long)p->w_opened;
		if (p->writers || (f->f_flags & O_NONBLOCK))
			return 0;
		seen = p->w_opened;
		f->f_pos = -1;
		return wait_event_interruptible(&p->rd_wait, p->w_opened != seen);
	}
	if (!p->readers && (f->f_flags & O_NONBLOCK))
		return -ENXIO;
	wake_up_interruptible_all(&p->rd_wait);
	seen = p->r_opened;
	return wait_event_interruptible(&p->wr_wait, p->readers || p->r_opened != seen);
}

struct file *fifo_open(struct ramfs_inode *inode, u32 flags)
{
	struct pipe *p = inode->pipe;
	struct file *f;
	int err;

	if (!p) {
		p = pipe_alloc();
		if (!p)
			return ERR_PTR(-ENOMEM);
		p->inode = inode;
	}
	f = pipe_file(p, flags);
	if (IS_ERR(f)) {
		if (!p->files)
			pipe_free(p);
		return f;
	}
	inode->pipe = p;
	err = fifo_wait(f);
	if (!err)
		return f;
	fput(f);
	return ERR_PTR(err);
}

/* Both files of a new pipe. 0, -ENFILE or -ENOMEM. */
static int create_pipe_files(struct file *files[2], u32 flags)
{
	struct pipe *p = pipe_alloc();

	files[1] = NULL;
	if (!p)
		return -ENOMEM;
	files[0] = pipe_file(p, O_RDONLY | (flags & O_NONBLOCK));
	if (IS_ERR(files[0])) {
		pipe_free(p);
		return (int)PTR_ERR(files[0]);
	}
	files[1] = pipe_file(p, O_WRONLY | (flags & (O_NONBLOCK | O_DIRECT)));
	if (IS_ERR(files[1])) {
		fput(files[0]);
		return (int)PTR_ERR(files[1]);
	}
	files[1]->f_ino = files[0]->f_ino; /* two ends of one inode */
	return 0;
}

long sys_pipe2(int *ufds, int flags)
{
	struct file *files[2];
	int fds[2], err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
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
