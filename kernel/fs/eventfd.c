// SPDX-License-Identifier: BSD-2-Clause
/*
 * eventfd: a 64-bit counter behind a descriptor, for waking an event loop from another thread.
 *
 * A write adds, a read takes everything (EFD_SEMAPHORE: one) and waits for the counter to be above
 * zero; a write that would reach the largest value waits for a read. The rules are eventfd(2)'s.
 *
 * Called through file_operations in thread context; reads and writes sleep unless O_NONBLOCK.
 * Left out: eventfd_signal() from inside the kernel (nobody needs it yet).
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/mm/slab.h>
#include <kernel/sys.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#define EVENTFD_MAX (~0ull)

struct eventfd_ctx {
	wait_queue_head_t wqh;
	u64 count; /* below EVENTFD_MAX */
	bool semaphore;
};

static ssize_t eventfd_do_read(struct file *f, struct iov_iter *to, long *pos)
{
	struct eventfd_ctx *ctx = f->private_data;
	u64 value;
	int err;

	(void)pos;
	if (iov_iter_count(to) < sizeof(value))
		return -EINVAL;
	if (!ctx->count && (f->f_flags & O_NONBLOCK))
		return -EAGAIN;
	err = wait_event_interruptible(&ctx->wqh, ctx->count > 0);
	if (err)
		return err;
	value = ctx->semaphore ? 1 : ctx->count;
	ctx->count -= value;
	wake_up_interruptible_poll(&ctx->wqh, EPOLLOUT);
	return copy_to_iter(&value, sizeof(value), to) == sizeof(value) ? (ssize_t)sizeof(value)
									: -EFAULT;
}

static ssize_t eventfd_do_write(struct file *f, struct iov_iter *from, long *pos)
{
	struct eventfd_ctx *ctx = f->private_data;
	u64 value;
	int err;

	(void)pos;
	if (iov_iter_count(from) < sizeof(value))
		return -EINVAL;
	if (copy_from_iter(&value, sizeof(value), from) != sizeof(value))
		return -EFAULT;
	if (value == EVENTFD_MAX)
		return -EINVAL;
	if (EVENTFD_MAX - ctx->count <= value && (f->f_flags & O_NONBLOCK))
		return -EAGAIN;
	err = wait_event_interruptible(&ctx->wqh, EVENTFD_MAX - ctx->count > value);
	if (err)
		return err;
	ctx->count += value;
	wake_up_interruptible_poll(&ctx->wqh, EPOLLIN);
	return sizeof(value);
}

static u32 eventfd_poll(struct file *f, struct poll_table *pt)
{
	struct eventfd_ctx *ctx = f->private_data;
	u32 mask = 0;

	poll_wait(f, &ctx->wqh, pt);
	if (ctx->count > 0)
		mask |= EPOLLIN;
	if (ctx->count < EVENTFD_MAX - 1)
		mask |= EPOLLOUT;
	return mask;
}

static int eventfd_release(struct file *f)
{
	kfree(f->private_data);
	return 0;
}

static const struct file_operations eventfd_fops = {
	.name = "anon_inode:[eventfd]",
	.mode = 0600,
	.read_iter = eventfd_do_read,
	.write_iter = eventfd_do_write,
	.poll = eventfd_poll,
	.release = eventfd_release,
};

long sys_eventfd2(unsigned int count, int flags)
{
	struct eventfd_ctx *ctx;
	int fd;

	if (flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK))
		return -EINVAL;
	ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	ctx->count = count;
	ctx->semaphore = flags & EFD_SEMAPHORE;
	fd = anon_inode_getfd(&eventfd_fops, ctx, O_RDWR | (u32)flags);
	if (fd < 0)
		kfree(ctx);
	return fd;
}
