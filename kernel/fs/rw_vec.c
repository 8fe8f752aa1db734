// SPDX-License-Identifier: BSD-2-Clause
/*
 * preadv, pwritev and their second versions: several buffers, at a place of the caller's, with
 * flags for the one call (preadv2(2)).
 *
 * A position of -1 means the file's own in the second versions. RWF_NOWAIT asks a file that can
 * wait (socket, pipe, terminal) not to; plain files refuse it, as Linux's tmpfs does.
 * RWF_APPEND writes at the end; the others ask for a medium and change nothing here.
 *
 * Called by the system call table, thread context; sleeps as long as the file's operations do.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/read_write.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define RWF_ALL	  (RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND)
/* Ours, beside the flags: which way, and that there was one nobody knows. */
#define VEC_WRITE   0x40000000
#define VEC_UNKNOWN 0x20000000

static bool can_nowait(const struct file *f)
{
	return S_ISSOCK(f->f_op->mode) || S_ISFIFO(f->f_op->mode);
}

static int known_flags(int flags)
{
	return flags & ~RWF_ALL ? VEC_UNKNOWN : flags;
}

static ssize_t move_vec(struct file *f, struct iov_iter *i, long *pos, int flags)
{
	bool write = flags & VEC_WRITE;
	u32 extra = (flags & RWF_NOWAIT ? O_NONBLOCK : 0u) | (flags & RWF_APPEND ? O_APPEND : 0u);
	u32 old = f->f_flags;
	ssize_t ret = write ? file_may_write(f) : file_may_read(f);

	if (ret || !iov_iter_count(i))
		return ret;
	if ((flags & ~(RWF_ALL | VEC_WRITE)) || ((flags & RWF_NOWAIT) && !can_nowait(f)))
		return -EOPNOTSUPP;
	/* Nothing sleeps between setting and taking back but for a sock that another owns. */
	f->f_flags |= extra;
	ret = write ? f->f_op->write_iter(f, i, pos) : f->f_op->read_iter(f, i, pos);
	f->f_flags = (f->f_flags & ~extra) | (old & extra);
	return ret;
}

static long do_vec(struct file *f, const struct iovec *vec, unsigned long vlen, long *pos,
		   int flags)
{
	struct iovec fast[UIO_FASTIOV], *iov;
	struct iov_iter i;
	ssize_t ret = import_iovec(vec, vlen, fast, &iov, &i);

	if (ret >= 0) {
		cond_resched();
		ret = move_vec(f, &i, pos, flags);
		kfree(iov);
	}
	return ret;
}

static long do_vec_at(int fd, const struct iovec *vec, unsigned long vlen, long pos, int flags)
{
	struct file *f;
	long ret;

	if (pos < 0)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	ret = f->f_op->llseek ? do_vec(f, vec, vlen, &pos, flags) : -ESPIPE;
	fput(f);
	return ret;
}

/* The second versions: at the file's own position for -1. */
static long do_vec2(int fd, const struct iovec *vec, unsigned long vlen, long pos, int flags)
{
	struct file *f;
	long ret;

	if (pos != -1)
		return do_vec_at(fd, vec, vlen, pos, flags);
	f = fget(fd);
	if (!f)
		return -EBADF;
	ret = do_vec(f, vec, vlen, &f->f_pos, flags);
	fput(f);
	return ret;
}

long sys_preadv(int fd, const struct iovec *vec, unsigned long vlen, long pos, long unused)
{
	(void)unused;
	return do_vec_at(fd, vec, vlen, pos, 0);
}

long sys_pwritev(int fd, const struct iovec *vec, unsigned long vlen, long pos, long unused)
{
	(void)unused;
	return do_vec_at(fd, vec, vlen, pos, VEC_WRITE);
}

long sys_preadv2(int fd, const struct iovec *vec, unsigned long vlen, long pos, long unused,
		 int flags)
{
	(void)unused;
	return do_vec2(fd, vec, vlen, pos, known_flags(flags));
}

long sys_pwritev2(int fd, const struct iovec *vec, unsigned long vlen, long pos, long unused,
		  int flags)
{
	(void)unused;
	return do_vec2(fd, vec, vlen, pos, known_flags(flags) | VEC_WRITE);
}
