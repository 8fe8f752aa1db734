// SPDX-License-Identifier: BSD-2-Clause
/*
 * SIGIO's owner and switch: F_SETOWN, F_GETOWN, F_SETOWN_EX, F_GETOWN_EX, F_SETSIG, F_GETSIG,
 * O_ASYNC, FIOASYNC, and FIOSETOWN and its kin of sockets (fcntl(2), socket(7)).
 *
 * Sockets send the signals (net/core/sock.c); pipes keep the flag and send none. Called by fcntl.c,
 * read_write.c and net/socket.c; thread context.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fasync.h>
#include <kernel/mm/uaccess.h>
#include <limits.h>
#include <sys/stat.h>

#define SIGNALS_MAX 64

struct f_owner_ex {
	int type, pid;
};

static long set_owner(struct file *f, int type, int pid)
{
	if (pid && !signal_owner_exists(type, pid))
		return -ESRCH;
	f->f_owner.type = type;
	f->f_owner.pid = pid;
	return 0;
}

/* As kill() names them: a group's number is negative. */
long f_setown(struct file *f, int who)
{
	if (who == INT_MIN)
		return -EINVAL;
	return who < 0 ? set_owner(f, F_OWNER_PGRP, -who) : set_owner(f, F_OWNER_PID, who);
}

int f_getown(const struct file *f)
{
	return f->f_owner.type == F_OWNER_PGRP ? -f->f_owner.pid : f->f_owner.pid;
}

static long setown_ex(struct file *f, const void *arg)
{
	struct f_owner_ex o;

	if (copy_from_user(&o, arg, sizeof(o)))
		return -EFAULT;
	if (o.type != F_OWNER_TID && o.type != F_OWNER_PID && o.type != F_OWNER_PGRP)
		return -EINVAL;
	return set_owner(f, o.type, o.pid);
}

static long getown_ex(const struct file *f, void *arg)
{
	struct f_owner_ex o = { f->f_owner.type, f->f_owner.pid };

	return copy_to_user(arg, &o, sizeof(o));
}

long fasync_fcntl(struct file *f, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case F_SETOWN:
		return f_setown(f, (int)arg);
	case F_GETOWN:
		return f_getown(f);
	case F_SETOWN_EX:
		return setown_ex(f, (const void *)arg);
	case F_GETOWN_EX:
		return getown_ex(f, (void *)arg);
	case F_SETSIG:
		if (arg > SIGNALS_MAX)
			return -EINVAL;
		f->f_owner.signum = (int)arg;
		return 0;
	case F_GETSIG:
		return f->f_owner.signum;
	default:
		return -ENOSYS;
	}
}

long fasync_switch(struct file *f, int fd, bool on)
{
	if (!!(f->f_flags & O_ASYNC) == on)
		return 0;
	if (!f->f_op->fasync && !S_ISFIFO(f->f_op->mode))
		return -ENOTTY;
	f->f_flags ^= O_ASYNC;
	f->f_owner.fd = fd;
	if (f->f_op->fasync)
		f->f_op->fasync(f, on);
	return 0;
}
