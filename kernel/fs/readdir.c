// SPDX-License-Identifier: BSD-2-Clause
/*
 * getdents64 and getdents: the entries of an open directory from its position on.
 *
 * A directory's own operation fills a kernel buffer with entries of the newer layout (dirent.c);
 * the older one differs in where the type stands, and is made from it in place. At most
 * 32 pages a call.
 *
 * Called by libc and the system call table, thread context, never sleeps.
 */
#include <dirent.h>
#include <errno.h>
#include <kernel/fs/file.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <string.h>

#define NAME_AT offsetof(struct dirent, d_name)
#define OLD_NAME_AT offsetof(struct dirent, d_type)

/* linux_dirent: the name comes where linux_dirent64 has the type, the type in the last byte. */
static void to_old_layout(char *buf, size_t used)
{
	size_t at;

	for (at = 0; at < used;) {
		struct dirent *d = (struct dirent *)(buf + at);
		char *entry = (char *)d;
		char type = (char)d->d_type;

		memmove(entry + OLD_NAME_AT, entry + NAME_AT, d->d_reclen - NAME_AT);
		entry[d->d_reclen - 1] = type;
		at += d->d_reclen;
	}
}

static long do_getdents(int fd, void *dirbuf, size_t count, bool old)
{
	struct file *f = fget(fd);
	char *buf = NULL;
	long ret;

	if (!f)
		return -EBADF;
	count = min(count, 32 * PAGE_SIZE);
	ret = f->f_op->getdents ? 0 : -ENOTDIR;
	if (!ret) {
		buf = kzalloc(count ? count : 1, GFP_KERNEL);
		ret = buf ? f->f_op->getdents(f, &f->f_pos, buf, count) : -ENOMEM;
	}
	if (ret > 0 && old)
		to_old_layout(buf, (size_t)ret);
	if (ret > 0 && copy_to_user(dirbuf, buf, (size_t)ret))
		ret = -EFAULT;
	kfree(buf);
	fput(f);
	return ret;
}

long sys_getdents64(int fd, void *dirbuf, size_t count)
{
	return do_getdents(fd, dirbuf, (unsigned int)count, false);
}

long sys_getdents(int fd, void *dirbuf, unsigned int count)
{
	return do_getdents(fd, dirbuf, count, true);
}
