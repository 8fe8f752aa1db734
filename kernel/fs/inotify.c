// SPDX-License-Identifier: BSD-2-Clause
/*
 * inotify(7) as a stub that says so: descriptors and watches can be made, and nothing ever arrives.
 *
 * One program runs in this machine, and it knows what it changes itself; programs that want to
 * hear of a changed configuration file, say, go on as if nobody had changed it. The first use is
 * told on the console. Arguments are checked as on Linux, and watches have numbers as there: the
 * same file watched again keeps its number.
 *
 * Called by the system call table and through file_operations, thread context; reading sleeps until
 * a signal comes.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/vfs.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define IN_EVENTS 0xfffu
#define IN_ONLYDIR 0x01000000u
#define IN_DONT_FOLLOW 0x02000000u
#define IN_MASK_CREATE 0x10000000u
#define IN_MASK_ADD 0x20000000u

struct inotify_watch {
	struct list_head node;
	int wd;
	unsigned long dev, ino;
};

struct inotify {
	struct list_head watches;
	int last_wd;
	wait_queue_head_t wait; /* for ever */
};

static ssize_t inotify_read(struct file *f, struct iov_iter *to, long *pos)
{
	struct inotify *in = f->private_data;

	if (f->f_flags & O_NONBLOCK)
		return -EAGAIN;
	return wait_event_interruptible(&in->wait, false);
}

static u32 inotify_poll(struct file *f, struct poll_table *pt)
{
	struct inotify *in = f->private_data;

	poll_wait(f, &in->wait, pt);
	return 0;
}

static long inotify_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	int none = 0;

	return cmd == FIONREAD ? copy_to_user((void *)arg, &none, sizeof(none)) : -ENOTTY;
}

static int inotify_release(struct file *f)
{
	struct inotify *in = f->private_data;
	struct inotify_watch *w, *next;

	list_for_each_entry_safe(w, next, &in->watches, node)
		kfree(w);
	kfree(in);
	return 0;
}

static const struct file_operations inotify_fops = {
	.name = "anon_inode:inotify",
	.mode = 0600,
	.read_iter = inotify_read,
	.poll = inotify_poll,
	.ioctl = inotify_ioctl,
	.release = inotify_release,
};

long sys_inotify_init1(int flags)
{
	static bool said;
	struct inotify *in;
	int fd;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	in = kzalloc(sizeof(*in), GFP_KERNEL);
	if (!in)
		return -ENOMEM;
	INIT_LIST_HEAD(&in->watches);
	init_waitqueue_head(&in->wait);
	fd = anon_inode_getfd(&inotify_fops, in, O_RDONLY | (u32)flags);
	if (fd < 0) {
		kfree(in);
		return fd;
	}
	if (!said)
		pr_notice("inotify: the program will not hear of changed files (a stub)\n");
	said = true;
	return fd;
}

long sys_inotify_init(void)
{
	return sys_inotify_init1(0);
}

static long add_watch(struct inotify *in, const struct stat *st, u32 mask)
{
	struct inotify_watch *w;

	list_for_each_entry(w, &in->watches, node)
		if (w->dev == st->st_dev && w->ino == st->st_ino)
			return mask & IN_MASK_CREATE ? -EEXIST : w->wd;
	w = kzalloc(sizeof(*w), GFP_KERNEL);
	if (!w)
		return -ENOMEM;
	w->wd = ++in->last_wd;
	w->dev = st->st_dev;
	w->ino = st->st_ino;
	list_add_tail(&w->node, &in->watches);
	return w->wd;
}

static long do_add_watch(struct inotify *in, const char *path, u32 mask)
{
	char *name = getname(path, false);
	struct stat st = { 0 };
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = do_statat(AT_FDCWD, name, !(mask & IN_DONT_FOLLOW), &st);
	putname(name);
	if (!err && (mask & IN_ONLYDIR) && !S_ISDIR(st.st_mode))
		err = -ENOTDIR;
	return err ? err : add_watch(in, &st, mask);
}

long sys_inotify_add_watch(int fd, const char *path, u32 mask)
{
	struct file *f;
	long ret = -EINVAL;

	if (!(mask & IN_EVENTS))
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	if ((mask & (IN_MASK_ADD | IN_MASK_CREATE)) != (IN_MASK_ADD | IN_MASK_CREATE) &&
	    f->f_op == &inotify_fops)
		ret = do_add_watch(f->private_data, path, mask);
	fput(f);
	return ret;
}

long sys_inotify_rm_watch(int fd, int wd)
{
	struct inotify_watch *w, *next;
	struct inotify *in;
	struct file *f = fget(fd);
	long ret = -EINVAL;

	if (!f)
		return -EBADF;
	in = f->f_op == &inotify_fops ? f->private_data : NULL;
	if (in) {
		list_for_each_entry_safe(w, next, &in->watches, node) {
			if (w->wd != wd)
				continue;
			list_del(&w->node);
			kfree(w);
			ret = 0;
		}
	}
	fput(f);
	return ret;
}
