// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc and /sys as mounts: what a path leads to, and the files that readers open.
 *
 * The text is made when a reader is at offset 0 and is read in pieces from then on. /proc/self is a
 * link to the program's number, and the directory under that number is what others registered as
 * "self". Directories may make up their entries as they are looked at.
 *
 * Called by programs through file_operations and by namei.c; thread context. The trees are in
 * proc_tree.c.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/dirent.h>
#include <kernel/fs/file.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/fs/procfs_internal.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#define PROC_WRITE_MAX 65536ul
#define PROC_DEV 4ul /* st_dev */

/* Behind an open file; for a made-up entry, `entry` is its directory. */
struct proc_file {
	struct seq_file m;
	bool filled;
	struct proc_found what;
	struct proc_entry *entry;
};

/* Make the text anew. */
static int proc_fill(struct proc_file *pf)
{
	int err;

	seq_clear(&pf->m);
	pf->filled = false;
	if (pf->entry->removed)
		return -ENOENT;
	pf->m.net = fs_net();
	err = pf->what.ops->show(&pf->m);
	if (!err && pf->m.overflow)
		err = -ENOMEM;
	pf->filled = !err;
	return err;
}

static ssize_t proc_read(struct file *f, struct iov_iter *to, long *pos)
{
	struct proc_file *pf = f->private_data;
	size_t done = 0, n, got;
	char block[512];
	int err;

	if (!*pos || !pf->filled) {
		err = proc_fill(pf);
		if (err)
			return err;
	}
	while (iov_iter_count(to)) {
		n = seq_read_text(&pf->m, (size_t)*pos, block,
				  min(sizeof(block), iov_iter_count(to)));
		got = copy_to_iter(block, n, to);
		*pos += (long)got;
		done += got;
		if (got < n && !done)
			return -EFAULT;
		if (!n || got < n)
			break;
	}
	return (ssize_t)done;
}

static ssize_t proc_write(struct file *f, struct iov_iter *from, long *pos)
{
	struct proc_file *pf = f->private_data;
	size_t len = iov_iter_count(from);
	ssize_t ret = -EFAULT;
	char *text;

	if (len > PROC_WRITE_MAX)
		return -EINVAL;
	if (pf->entry->removed)
		return -ENOENT;
	text = kmalloc(len + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	if (copy_from_iter(text, len, from) == len) {
		text[len] = '\0';
		pf->m.net = fs_net();
		pf->filled = false;
		ret = pf->what.ops->write(&pf->m, text, len);
	}
	kfree(text);
	if (ret > 0)
		*pos += ret;
	return ret;
}

/* A text is always there; so a /proc file may sit in an epoll set, as in Linux. */
static u32 proc_poll(struct file *f, struct poll_table *pt)
{
	(void)f;
	(void)pt;
	return EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
}

static long proc_llseek(struct file *f, long offset, int whence)
{
	return whence == SEEK_END ? -EINVAL : generic_llseek(f, offset, whence, 0);
}

static void found_stat(const struct proc_found *what, unsigned long ino, struct stat *st)
{
	st->st_dev = PROC_DEV;
	st->st_mode = what->mode;
	st->st_ino = ino;
	st->st_nlink = S_ISDIR(what->mode) ? 2 : 1;
	st->st_blksize = S_ISREG(what->mode) ? 1024 : PAGE_SIZE;
}

static int proc_fstat(struct file *f, struct stat *st)
{
	struct proc_file *pf = f->private_data;

	found_stat(&pf->what, pf->entry->ino, st);
	return 0;
}

static int proc_release(struct file *f)
{
	struct proc_file *pf = f->private_data;

	seq_clear(&pf->m);
	entry_put(pf->entry);
	kfree(pf);
	return 0;
}

/* /proc/self, a directory of the tree that shows itself under the program's number. */
static bool is_self(const struct proc_entry *e)
{
	return e->parent == proc_root && !strcmp(e->name, "self");
}

static int self_link(void *private, struct vfs_link *to)
{
	char number[12];

	(void)private;
	snprintf(number, sizeof(number), "%d", proc_pid);
	to->text = kstrdup(number, GFP_KERNEL);
	return to->text ? 0 : -ENOMEM;
}

static int proc_getdents(struct file *f, long *pos, void *dirbuf, size_t size)
{
	struct dir_context ctx = DIR_CONTEXT_INIT(dirbuf, size, pos);
	const struct proc_file *pf = f->private_data;
	const struct proc_entry *e;
	const struct net *net = fs_net();
	char number[12];

	if (!dir_emit_dots(&ctx))
		return dir_result(&ctx);
	if (pf->what.dir)
		pf->what.dir->iterate(&ctx, pf->what.private);
	if (pf->what.dir != pf->entry->what.dir)
		return dir_result(&ctx); /* a made-up one */
	list_for_each_entry(e, &pf->entry->children, sibling) {
		if (e->net && e->net != net)
			continue;
		if (is_self(e)) {
			snprintf(number, sizeof(number), "%d", proc_pid);
			if (!dir_emit(&ctx, number, e->ino, DT_DIR))
				break;
		}
		if (!dir_emit(&ctx, e->name, e->ino, is_self(e) ? DT_LNK : e->what.mode >> 12 & 15))
			break;
	}
	return dir_result(&ctx);
}

static const struct file_operations proc_file_fops = {
	.name = "/proc file",
	.mode = S_IFREG | 0444,
	.read_iter = proc_read,
	.write_iter = proc_write,
	.poll = proc_poll,
	.llseek = proc_llseek,
	.fstat = proc_fstat,
	.release = proc_release,
};
static const struct file_operations proc_dir_fops = {
	.name = "/proc directory",
	.llseek = proc_llseek,
	.fstat = proc_fstat,
	.getdents = proc_getdents,
	.release = proc_release,
};

/* Step through directories that make up their entries. 0, -ENOENT or -ENOTDIR. */
static int find_made_up(const char *rest, struct proc_found *what)
{
	char name[NAME_MAX + 1];
	struct proc_found next;
	size_t len;
	int err;

	while (*rest) {
		if (!S_ISDIR(what->mode))
			return -ENOTDIR;
		len = strcspn(rest, "/");
		if (!what->dir || len > NAME_MAX)
			return -ENOENT;
		memcpy(name, rest, len);
		name[len] = '\0';
		next = (struct proc_found){ 0 };
		err = what->dir->lookup(name, what->private, &next);
		if (err)
			return err;
		*what = next;
		rest += len + (rest[len] == '/');
	}
	return 0;
}

/*
 * What a path leads to, without following a link in the last place, and the entry of the tree that
 * it is, or that the made-up one lies below. "self" by itself is a link to the program's number,
 * and that is the directory. 0 or -errno.
 */
static int proc_find(const struct vfs_mount *m, const char *path, struct proc_entry **e,
		     struct proc_found *what)
{
	struct proc_entry *root = m->private;
	size_t len = strcspn(path, "/");
	bool by_number = false;
	const char *rest;
	char number[12];

	snprintf(number, sizeof(number), "%d", proc_pid);
	if (root == proc_root && !strncmp(number, path, len) && !number[len]) {
		*e = entry_child(root, "self", 4, NULL);
		if (!*e)
			return -ENOENT;
		path += len + (path[len] == '/');
		by_number = true;
		*e = entry_walk(*e, path, fs_net(), &rest);
	} else {
		*e = entry_walk(root, path, fs_net(), &rest);
	}
	*what = (*e)->what;
	if (is_self(*e) && !by_number)
		*what = (struct proc_found){ .mode = S_IFLNK | 0777, .get_link = self_link };
	return find_made_up(rest, what);
}

static int proc_may_open(const struct proc_ops *ops, int flags)
{
	int acc = flags & O_ACCMODE;

	if (!ops)
		return 0; /* a directory: the caller sees to it */
	if (acc != O_WRONLY && !ops->show)
		return -EACCES;
	return acc != O_RDONLY && !ops->write ? -EACCES : 0;
}

static struct file *proc_open(const struct vfs_mount *m, const char *path, int flags)
{
	struct proc_found what;
	struct proc_entry *e;
	struct proc_file *pf;
	struct file *f;
	int err = proc_find(m, path, &e, &what);

	if (!err)
		err = S_ISLNK(what.mode) ? -ELOOP : proc_may_open(what.ops, flags);
	if (err)
		return ERR_PTR(err);
	pf = kzalloc(sizeof(*pf), GFP_KERNEL);
	if (!pf)
		return ERR_PTR(-ENOMEM);
	f = file_alloc(what.ops ? &proc_file_fops : &proc_dir_fops, pf, (u32)flags);
	if (IS_ERR(f)) {
		kfree(pf);
		return f;
	}
	refcount_inc(&e->count);
	pf->entry = e;
	pf->what = what;
	pf->m.private = what.private;
	return f;
}

static int proc_stat(const struct vfs_mount *m, const char *path, struct stat *st)
{
	struct proc_found what;
	struct proc_entry *e;
	int err = proc_find(m, path, &e, &what);

	if (!err)
		found_stat(&what, e->ino, st);
	return err;
}

static int proc_get_link(const struct vfs_mount *m, const char *path, struct vfs_link *to)
{
	struct proc_found what;
	struct proc_entry *e;

	if (proc_find(m, path, &e, &what) || !S_ISLNK(what.mode))
		return -EINVAL;
	return what.get_link(what.private, to);
}

static const struct vfs_ops procfs_ops = {
	.open = proc_open,
	.stat = proc_stat,
	.get_link = proc_get_link,
	.magic = 0x9fa0, /* Linux's PROC_SUPER_MAGIC */
};
static struct vfs_mount procfs_mount = { .prefix = "proc", .ops = &procfs_ops };

static const struct vfs_ops sysfs_ops = {
	.open = proc_open,
	.stat = proc_stat,
	.get_link = proc_get_link,
	.magic = 0x62656572, /* Linux's SYSFS_MAGIC */
};
static struct vfs_mount sysfs_mount = { .prefix = "sys", .ops = &sysfs_ops };

void procfs_init(void)
{
	proc_tree_init();
	procfs_mount.private = proc_root;
	sysfs_mount.private = sys_root;
	vfs_register_mount(&procfs_mount);
	vfs_register_mount(&sysfs_mount);
}
