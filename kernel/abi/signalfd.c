// SPDX-License-Identifier: BSD-2-Clause
/*
 * signalfd: signals read from a descriptor, each as a struct signalfd_siginfo. signalfd(2),
 * signalfd4(2).
 *
 * A read takes signals of the set out of the reader's own and the program's queue, blocked or not;
 * poll says whether there is one for who asks. Readers wait on one queue of the program, which
 * every signal wakes. Thread context; read sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/fs/file.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

struct signalfd_ctx {
	sigset_kernel_t set;
};

static const struct file_operations signalfd_fops;

/* Which fields of siginfo mean something follows from its code and signal. */
static void fill(struct signalfd_siginfo *s, const siginfo_t *i)
{
	bool of_signal = i->si_code > SI_USER && i->si_code < SI_KERNEL;

	*s = (struct signalfd_siginfo){ .ssi_signo = (u32)i->si_signo, .ssi_errno = i->si_errno,
					.ssi_code = i->si_code };
	if (i->si_code == SI_TIMER) {
		s->ssi_tid = (u32)i->si_timerid;
		s->ssi_overrun = (u32)i->si_overrun;
	} else if (i->si_code == SI_SIGIO ||
		   (of_signal && (i->si_signo == SIGIO || i->si_signo >= SIGRT_FIRST))) {
		s->ssi_band = (u32)i->si_band;
		s->ssi_fd = i->si_fd;
		return;
	} else if (of_signal && sigmask(i->si_signo) & SIG_SYNCHRONOUS) {
		s->ssi_addr = (u64)i->si_addr;
		return;
	} else {
		s->ssi_pid = (u32)i->si_pid;
		s->ssi_uid = i->si_uid;
	}
	if (i->si_code < 0) {
		s->ssi_ptr = (u64)i->__fields.__timer.value.sival_ptr;
		s->ssi_int = i->__fields.__timer.value.sival_int;
	}
}

/* One signal: its number, or -EAGAIN, -ERESTARTSYS. */
static int signalfd_dequeue(const struct signalfd_ctx *ctx, siginfo_t *info, bool nonblock)
{
	struct user_task *u = current_user;
	int sig = dequeue_signal(u, ~ctx->set, info), err;

	while (!sig) {
		if (nonblock)
			return -EAGAIN;
		err = wait_event_interruptible(&signalfd_wait,
					       signals_waiting(u) & ctx->set);
		if (err)
			return err;
		sig = dequeue_signal(u, ~ctx->set, info);
	}
	return sig;
}

static ssize_t signalfd_read(struct file *f, struct iov_iter *to, long *pos)
{
	bool nonblock = f->f_flags & O_NONBLOCK;
	struct signalfd_siginfo out;
	ssize_t done = 0;
	siginfo_t info;
	int sig;

	(void)pos;
	if (iov_iter_count(to) < sizeof(out) || !current_user)
		return -EINVAL;
	while (iov_iter_count(to) >= sizeof(out)) {
		sig = signalfd_dequeue(f->private_data, &info, nonblock || done);
		if (sig < 0)
			return done ? done : sig;
		fill(&out, &info);
		if (copy_to_iter(&out, sizeof(out), to) != sizeof(out))
			return done ? done : -EFAULT;
		done += (ssize_t)sizeof(out);
	}
	return done;
}

static u32 signalfd_poll(struct file *f, struct poll_table *pt)
{
	const struct signalfd_ctx *ctx = f->private_data;
	struct user_task *u = current_user;

	if (!u)
		return 0;
	poll_wait(f, &signalfd_wait, pt);
	return signals_waiting(u) & ctx->set ? EPOLLIN : 0;
}

static int signalfd_release(struct file *f)
{
	kfree(f->private_data);
	return 0;
}

static const struct file_operations signalfd_fops = {
	.name = "anon_inode:[signalfd]",
	.mode = 0600,
	.read_iter = signalfd_read,
	.poll = signalfd_poll,
	.release = signalfd_release,
};

static long signalfd_create(sigset_kernel_t set, int flags)
{
	struct signalfd_ctx *ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	int fd;

	if (!ctx)
		return -ENOMEM;
	ctx->set = set;
	fd = anon_inode_getfd(&signalfd_fops, ctx, O_RDWR | (u32)flags);
	if (fd < 0)
		kfree(ctx);
	return fd;
}

/* Another set for one that is there. */
static long signalfd_change(int fd, sigset_kernel_t set)
{
	struct file *f = fget(fd);
	long ret = fd;

	if (!f)
		return -EBADF;
	if (f->f_op == &signalfd_fops) {
		((struct signalfd_ctx *)f->private_data)->set = set;
		wake_up_all(&signalfd_wait);
	} else {
		ret = -EINVAL;
	}
	fput(f);
	return ret;
}

long sys_signalfd4(int fd, const sigset_kernel_t *uset, size_t setsize, int flags)
{
	sigset_kernel_t set;

	if (setsize != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, uset, sizeof(set)))
		return -EFAULT;
	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return -EINVAL;
	set &= ~SIG_KERNEL_ONLY;
	return fd == -1 ? signalfd_create(set, flags) : signalfd_change(fd, set);
}

long sys_signalfd(int fd, const sigset_kernel_t *uset, size_t setsize)
{
	return sys_signalfd4(fd, uset, setsize, 0);
}
