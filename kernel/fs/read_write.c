// SPDX-License-Identifier: BSD-2-Clause
/*
 * The calls that move bytes through a descriptor: read, write, readv, writev, lseek, and
 * ioctl with the requests that every file knows.
 *
 * Called by libc and the system call table, thread context; they sleep as long as the file's
 * operations do. Checks come in Linux's order: descriptor and access mode (-EBADF), then whether
 * the file has the operation (-EINVAL), then the buffers. A call moves at most MAX_RW_COUNT bytes.
 *
 * pread and pwrite ask for a file with positions (-ESPIPE); with O_APPEND pwrite appends, as on
 * Linux.
 *
 * preadv and pwritev are in rw_vec.c. Left out: SIGIO: FIOASYNC keeps the flag, but nobody sends
 * the signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fasync.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/read_write.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <limits.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static inline bool may_read(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_WRONLY;
}

static inline bool may_write(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_RDONLY;
}

int file_may_read(const struct file *f)
{
	if (unlikely(!may_read(f)))
		return -EBADF;
	if (unlikely(!f->f_op->read_iter))
		return f->f_op->getdents ? -EISDIR : -EINVAL;
	return 0;
}

int file_may_write(const struct file *f)
{
	if (unlikely(!may_write(f)))
		return -EBADF;
	return likely(f->f_op->write_iter) ? 0 : -EINVAL;
}

ssize_t file_read_at(struct file *f, struct iov_iter *to, long *pos)
{
	int err = file_may_read(f);

	cond_resched();
	return unlikely(err) ? err : f->f_op->read_iter(f, to, pos);
}

static ssize_t file_read(struct file *f, struct iov_iter *to)
{
	return file_read_at(f, to, &f->f_pos);
}

ssize_t file_write_at(struct file *f, struct iov_iter *from, long *pos)
{
	int err = file_may_write(f);

	cond_resched();
	return unlikely(err) ? err : f->f_op->write_iter(f, from, pos);
}

static ssize_t file_write(struct file *f, struct iov_iter *from)
{
	return file_write_at(f, from, &f->f_pos);
}

/* The buffer of read and write. 0 or -EFAULT, which looks at all of it, also beyond the cut. */
static int import_whole_ubuf(const void *buf, size_t count, struct iov_iter *i)
{
	if (unlikely(count > SSIZE_MAX || !access_ok(buf, count)))
		return -EFAULT;
	iov_iter_ubuf(i, (void *)buf, min(count, MAX_RW_COUNT));
	return 0;
}

long sys_read(int fd, void *buf, size_t count)
{
	struct file *f = fget(fd);
	struct iov_iter to;
	ssize_t ret;

	if (unlikely(!f))
		return -EBADF;
	ret = file_may_read(f);
	if (unlikely(ret == -EISDIR && !access_ok(buf, count)))
		ret = -EFAULT;
	if (likely(!ret))
		ret = import_whole_ubuf(buf, count, &to);
	if (likely(!ret)) {
		cond_resched();
		ret = f->f_op->read_iter(f, &to, &f->f_pos);
	}
	fput(f);
	return ret;
}

long sys_write(int fd, const void *buf, size_t count)
{
	struct file *f = fget(fd);
	struct iov_iter from;
	ssize_t ret;

	if (unlikely(!f))
		return -EBADF;
	ret = file_may_write(f);
	if (likely(!ret))
		ret = import_whole_ubuf(buf, count, &from);
	if (likely(!ret)) {
		cond_resched();
		ret = f->f_op->write_iter(f, &from, &f->f_pos);
	}
	fput(f);
	return ret;
}

static long do_iovec(int fd, const struct iovec *vec, unsigned long vlen,
		     ssize_t (*move)(struct file *f, struct iov_iter *i))
{
	struct iovec fast[UIO_FASTIOV], *iov;
	struct file *f = fget(fd);
	struct iov_iter i;
	ssize_t ret;

	if (unlikely(!f))
		return -EBADF;
	ret = import_iovec(vec, vlen, fast, &iov, &i);
	if (ret >= 0) {
		ret = move(f, &i);
		kfree(iov);
	}
	fput(f);
	return ret;
}

long sys_readv(int fd, const struct iovec *vec, unsigned long vlen)
{
	return do_iovec(fd, vec, vlen, file_read);
}

long sys_writev(int fd, const struct iovec *vec, unsigned long vlen)
{
	return do_iovec(fd, vec, vlen, file_write);
}

/* pread and pwrite: at a place of the caller's, the file's own position stays. */
static long do_at(int fd, void *buf, size_t count, long pos, bool write)
{
	struct iov_iter i;
	struct file *f;
	ssize_t ret;

	if (pos < 0)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	if (!f->f_op->llseek)
		ret = -ESPIPE;
	else
		ret = write ? file_may_write(f) : file_may_read(f);
	if (ret == -EISDIR && !access_ok(buf, count))
		ret = -EFAULT;
	if (!ret)
		ret = import_whole_ubuf(buf, count, &i);
	if (!ret)
		ret = write ? file_write_at(f, &i, &pos) : file_read_at(f, &i, &pos);
	fput(f);
	return ret;
}

long sys_pread64(int fd, void *buf, size_t count, long pos)
{
	return do_at(fd, buf, count, pos, false);
}

long sys_pwrite64(int fd, const void *buf, size_t count, long pos)
{
	return do_at(fd, (void *)buf, count, pos, true);
}

long generic_llseek(struct file *f, long offset, int whence, long size)
{
	long base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? f->f_pos : size, pos;

	if (whence > SEEK_END)
		return -EINVAL; /* a file that knows nothing of data and holes */
	if (__builtin_add_overflow(base, offset, &pos) || pos < 0)
		return -EINVAL;
	f->f_pos = pos;
	return pos;
}

long sys_lseek(int fd, long offset, int whence)
{
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return -EBADF;
	if (whence < SEEK_SET || whence > SEEK_HOLE)
		ret = -EINVAL;
	else
		ret = f->f_op->llseek ? f->f_op->llseek(f, offset, whence) : -ESPIPE;
	fput(f);
	return ret;
}

/* FIONBIO and FIOASYNC: an int that switches one flag of the open file. */
static long ioctl_set_flag(struct file *f, int fd, unsigned long arg, u32 flag)
{
	int on;

	if (copy_from_user(&on, (const void *)arg, sizeof(on)))
		return -EFAULT;
	if (flag == O_ASYNC)
		return fasync_switch(f, fd, on);
	f->f_flags = on ? f->f_flags | flag : f->f_flags & ~flag;
	return 0;
}

static long do_vfs_ioctl(struct file *f, int fd, unsigned int cmd, unsigned long arg)
{
	const struct ramfs_inode *inode;
	int left;

	switch (cmd) {
	case FIOCLEX:
		set_close_on_exec(current->files, (unsigned int)fd, true);
		return 0;
	case FIONCLEX:
		set_close_on_exec(current->files, (unsigned int)fd, false);
		return 0;
	case FIONBIO:
		return ioctl_set_flag(f, fd, arg, O_NONBLOCK);
	case FIOASYNC:
		return ioctl_set_flag(f, fd, arg, O_ASYNC);
	case FIONREAD:
		inode = ramfs_file_inode(f);
		if (!inode || !S_ISREG(inode->mode))
			break;
		left = (int)(inode->size - f->f_pos);
		return copy_to_user((void *)arg, &left, sizeof(left));
	default:
		break;
	}
	return f->f_op->ioctl ? f->f_op->ioctl(f, cmd, arg) : -ENOTTY;
}

long sys_ioctl(int fd, unsigned int cmd, unsigned long arg)
{
	struct file *f = fget(fd);
	long ret;

	if (unlikely(!f))
		return -EBADF;
	ret = do_vfs_ioctl(f, fd, cmd, arg);
	fput(f);
	return ret;
}
