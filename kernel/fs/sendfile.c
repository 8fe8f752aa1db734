// SPDX-License-Identifier: BSD-2-Clause
/*
 * sendfile(2) and copy_file_range(2): from one file to another without the program in between.
 *
 * A file of the ramfs goes to a socket without a copy: its pages become fragments of packets
 * (write_pages). Other pairs go through a page of the kernel's; what the writer did not take is
 * read again by the next call, so the input must have positions. Arguments are checked in the order
 * of Linux's do_sendfile() and vfs_copy_file_range().
 *
 * Called by the system call table, thread context; sleeps as long as the two files do.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/read_write.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <limits.h>
#include <sys/stat.h>

/* The ramfs's plain file behind an open one, or NULL. */
static struct ramfs_inode *plain_inode(const struct file *f)
{
	struct ramfs_inode *inode = ramfs_file_inode(f);

	return inode && S_ISREG(inode->mode) ? inode : NULL;
}

/* Up to RAMFS_GATHER pages of a plain file; bytes written, 0 at the end, or -errno. */
static ssize_t send_pages(struct ramfs_inode *inode, long pos, size_t len, struct file *out,
			  long *out_pos)
{
	struct iovec iov[RAMFS_GATHER];
	struct iov_iter i;
	unsigned int nr;
	size_t n = ramfs_gather(inode, pos, len, iov, &nr);
	bool more = n < len && pos + (long)n < inode->size;
	ssize_t ret;

	if (!n)
		return pos < inode->size && len ? -ENOMEM : 0;
	iov_iter_pages(&i, iov, nr, n);
	if (out->f_op->write_pages) {
		ret = out->f_op->write_pages(out, &i, more);
	} else {
		i.pages = false; /* it copies at once */
		ret = out->f_op->write_iter(out, &i, out_pos);
	}
	ramfs_ungather(iov, nr);
	return ret;
}

/* One page through the kernel; as send_pages(). */
static ssize_t send_copied(struct file *in, long pos, size_t len, struct file *out, long *out_pos)
{
	void *page = page_alloc(GFP_KERNEL, 0);
	struct iov_iter i;
	ssize_t n;

	if (!page)
		return -ENOMEM;
	iov_iter_kernel(&i, page, min(len, PAGE_SIZE));
	n = in->f_op->read_iter(in, &i, &pos);
	if (n > 0) {
		iov_iter_kernel(&i, page, (size_t)n);
		n = out->f_op->write_iter(out, &i, out_pos);
	}
	page_free(page, 0);
	return n;
}

/* Both files are checked. Bytes, or -errno when there are none. */
static ssize_t transfer(struct file *in, long *pos, struct file *out, long *out_pos, size_t len)
{
	struct ramfs_inode *inode = plain_inode(in);
	size_t done = 0;
	ssize_t n = 0;

	while (done < len) {
		cond_resched();
		n = inode ? send_pages(inode, *pos, len - done, out, out_pos)
			  : send_copied(in, *pos, len - done, out, out_pos);
		if (n <= 0)
			break;
		*pos += n;
		done += (size_t)n;
	}
	return done ? (ssize_t)done : n;
}

static bool may_read(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_WRONLY;
}

static bool may_write(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_RDONLY;
}

/* The input is checked; now the output, and both together. */
static long sendfile_to(struct file *out, struct file *in, long *pos, size_t count)
{
	if (!may_write(out))
		return -EBADF;
	if (out->f_flags & O_APPEND)
		return -EINVAL;
	if (!in->f_op->llseek || !in->f_op->read_iter || !out->f_op->write_iter)
		return -EINVAL;
	return transfer(in, pos, out, &out->f_pos, min(count, MAX_RW_COUNT));
}

static long do_sendfile(int out_fd, int in_fd, long *pos, size_t count)
{
	struct file *in = fget(in_fd), *out;
	long ret = 0, end;

	if (!in)
		return -EBADF;
	if (!may_read(in))
		ret = -EBADF;
	else if (pos && !in->f_op->llseek)
		ret = -ESPIPE;
	else if (pos && *pos < 0)
		ret = -EINVAL;
	else if (pos && __builtin_add_overflow(*pos, (long)min(count, (size_t)LONG_MAX), &end))
		ret = -EOVERFLOW;
	out = ret ? NULL : fget(out_fd);
	if (out) {
		ret = sendfile_to(out, in, pos ? pos : &in->f_pos, count);
		fput(out);
	} else if (!ret) {
		ret = -EBADF;
	}
	fput(in);
	return ret;
}

long sys_sendfile(int out_fd, int in_fd, long *uoffset, size_t count)
{
	long offset, ret;

	if (!uoffset)
		return do_sendfile(out_fd, in_fd, NULL, count);
	if (copy_from_user(&offset, uoffset, sizeof(offset)))
		return -EFAULT;
	ret = do_sendfile(out_fd, in_fd, &offset, count);
	if (copy_to_user(uoffset, &offset, sizeof(offset)))
		return -EFAULT;
	return ret;
}

/* --- copy_file_range ------------------------------------------------------------------------- */

/* Two ends of a copy; a position is the caller's or the file's own. */
struct copy_end {
	struct file *file;
	long *upos; /* the program's; NULL: the file's own */
	long pos;
};

static int copy_end_begin(struct copy_end *e)
{
	e->pos = e->file->f_pos;
	return e->upos ? copy_from_user(&e->pos, e->upos, sizeof(e->pos)) : 0;
}

static int copy_end_finish(const struct copy_end *e)
{
	if (e->upos)
		return copy_to_user(e->upos, &e->pos, sizeof(e->pos));
	e->file->f_pos = e->pos;
	return 0;
}

static int copy_end_type(const struct file *f)
{
	const struct ramfs_inode *inode = ramfs_file_inode(f);

	if (f->f_op->getdents)
		return -EISDIR;
	return inode && S_ISREG(inode->mode) ? 0 : -EINVAL;
}

static int copy_check(const struct copy_end *in, const struct copy_end *out, size_t *len)
{
	const struct ramfs_inode *from = plain_inode(in->file), *to = plain_inode(out->file);
	int err = copy_end_type(in->file);
	long end_in, end_out;

	if (!err)
		err = copy_end_type(out->file);
	if (err)
		return err;
	if (!may_read(in->file) || !may_write(out->file) || (out->file->f_flags & O_APPEND))
		return -EBADF;
	/* Without signs, as Linux adds: -1 and a length is too far, too. */
	if ((size_t)in->pos + *len < *len || (size_t)out->pos + *len < *len)
		return -EOVERFLOW;
	if (in->pos < 0 || out->pos < 0)
		return -EINVAL;
	*len = min(*len, MAX_RW_COUNT);
	*len = in->pos < from->size ? min(*len, (size_t)(from->size - in->pos)) : 0;
	end_in = in->pos + (long)*len;
	end_out = out->pos + (long)*len;
	return from == to && end_out > in->pos && out->pos < end_in ? -EINVAL : 0;
}

static long do_copy_file_range(struct copy_end *in, struct copy_end *out, size_t len,
			       unsigned int flags)
{
	ssize_t n;
	int err;

	if (copy_end_begin(in) || copy_end_begin(out))
		return -EFAULT;
	if (flags)
		return -EINVAL;
	err = copy_check(in, out, &len);
	if (err || !len)
		return err;
	n = transfer(in->file, &in->pos, out->file, &out->pos, len);
	if (n > 0 && (copy_end_finish(in) || copy_end_finish(out)))
		return -EFAULT;
	return n;
}

long sys_copy_file_range(int in_fd, long *uin, int out_fd, long *uout, size_t len,
			 unsigned int flags)
{
	struct copy_end in = { .file = fget(in_fd), .upos = uin };
	struct copy_end out = { .file = fget(out_fd), .upos = uout };
	long ret = -EBADF;

	if (in.file && out.file)
		ret = do_copy_file_range(&in, &out, len, flags);
	if (out.file)
		fput(out.file);
	if (in.file)
		fput(in.file);
	return ret;
}
