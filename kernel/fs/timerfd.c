// SPDX-License-Identifier: BSD-2-Clause
/*
 * timerfd: a timer whose expiries are counted and read from a descriptor. timerfd_create(2),
 * timerfd_settime(2), timerfd_gettime(2).
 *
 * A read takes the number of expiries since the last one as 8 bytes. A periodic timer is started
 * again by the read (or gettime), which also counts what it missed. Thread context but for the
 * callback, which is a softirq's.
 *
 * Left out: TFD_TIMER_CANCEL_ON_SET is accepted and never cancels; the ALARM clocks are the plain
 * ones, as there is no suspend.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <kernel/time/clock_timer.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

struct timerfd_ctx {
	struct clock_timer timer;
	wait_queue_head_t wqh;
	u64 ticks;    /* [b] expiries that nobody has read */
	bool expired; /* [b] a periodic timer waits to be started again */
};

static void timerfd_expired(struct clock_timer *t)
{
	struct timerfd_ctx *ctx = container_of(t, struct timerfd_ctx, timer);

	ctx->expired = true;
	ctx->ticks++;
	wake_up_interruptible_poll(&ctx->wqh, EPOLLIN);
}

/* Count what a periodic timer has missed and let it go on. Softirqs off. */
static void timerfd_catch_up(struct timerfd_ctx *ctx)
{
	if (ctx->expired && ctx->timer.interval)
		ctx->ticks += clock_timer_forward(&ctx->timer) - 1;
	ctx->expired = false;
}

static ssize_t timerfd_read(struct file *f, struct iov_iter *to, long *pos)
{
	struct timerfd_ctx *ctx = f->private_data;
	u64 ticks;
	int err;

	(void)pos;
	if (iov_iter_count(to) < sizeof(ticks))
		return -EINVAL;
	if (!ctx->ticks && (f->f_flags & O_NONBLOCK))
		return -EAGAIN;
	err = wait_event_interruptible(&ctx->wqh, ctx->ticks);
	if (err)
		return err;
	local_bh_disable();
	timerfd_catch_up(ctx);
	ticks = ctx->ticks;
	ctx->ticks = 0;
	local_bh_enable();
	return copy_to_iter(&ticks, sizeof(ticks), to) == sizeof(ticks) ? (ssize_t)sizeof(ticks)
									: -EFAULT;
}

static u32 timerfd_poll(struct file *f, struct poll_table *pt)
{
	struct timerfd_ctx *ctx = f->private_data;

	poll_wait(f, &ctx->wqh, pt);
	return ctx->ticks ? EPOLLIN : 0;
}

static int timerfd_release(struct file *f)
{
	struct timerfd_ctx *ctx = f->private_data;

	clock_timer_cancel(&ctx->timer);
	kfree(ctx);
	return 0;
}

static const struct file_operations timerfd_fops = {
	.name = "anon_inode:[timerfd]",
	.mode = 0600,
	.read_iter = timerfd_read,
	.poll = timerfd_poll,
	.release = timerfd_release,
};

long sys_timerfd_create(int clock, int flags)
{
	bool wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_ALARM;
	struct timerfd_ctx *ctx;
	int fd;

	if (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK))
		return -EINVAL;
	if (!wall && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME &&
	    clock != CLOCK_BOOTTIME_ALARM)
		return -EINVAL;
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	clock_timer_setup(&ctx->timer, wall ? ktime_get_real_ns : ktime_get_ns, timerfd_expired);
	fd = anon_inode_getfd(&timerfd_fops, ctx, O_RDWR | (u32)flags);
	if (fd < 0)
		kfree(ctx);
	return fd;
}

/* What gettime says. Softirqs off. */
static void timerfd_value(const struct timerfd_ctx *ctx, struct itimerspec *its)
{
	bool active = clock_timer_active(&ctx->timer);

	its->it_interval = timespec_of_ns(ctx->timer.interval);
	its->it_value = timespec_of_ns(active ? clock_timer_left(&ctx->timer) : 0);
}

/* The timer behind fd with a reference on its file, or an error. */
static struct file *timerfd_fget(int fd)
{
	struct file *f = fget(fd);

	if (!f)
		return ERR_PTR(-EBADF);
	if (f->f_op == &timerfd_fops)
		return f;
	fput(f);
	return ERR_PTR(-EINVAL);
}

long sys_timerfd_settime(int fd, int flags, const struct itimerspec *unew, struct itimerspec *uold)
{
	struct itimerspec new, old;
	struct timerfd_ctx *ctx;
	struct file *f;

	if (copy_from_user(&new, unew, sizeof(new)))
		return -EFAULT;
	if (flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET) ||
	    timespec_check(&new.it_value) || timespec_check(&new.it_interval))
		return -EINVAL;
	f = timerfd_fget(fd);
	if (IS_ERR(f))
		return PTR_ERR(f);
	ctx = f->private_data;
	local_bh_disable();
	timerfd_catch_up(ctx);
	timerfd_value(ctx, &old);
	ctx->ticks = 0;
	clock_timer_set(&ctx->timer, &new, flags & TFD_TIMER_ABSTIME);
	local_bh_enable();
	fput(f);
	return uold ? copy_to_user(uold, &old, sizeof(old)) : 0;
}

long sys_timerfd_gettime(int fd, struct itimerspec *uvalue)
{
	struct file *f = timerfd_fget(fd);
	struct itimerspec value;

	if (IS_ERR(f))
		return PTR_ERR(f);
	local_bh_disable();
	timerfd_catch_up(f->private_data);
	timerfd_value(f->private_data, &value);
	local_bh_enable();
	fput(f);
	return copy_to_user(uvalue, &value, sizeof(value));
}
