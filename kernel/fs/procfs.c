// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc: the tree of registered entries and the files that readers open in it.
 *
 * Entries are found by walking names; an entry may belong to one namespace and is invisible to
 * readers of others. An open file keeps its entry alive, but once the entry was removed its show
 * and write are not called any more, since what `private` points at may be gone.
 *
 * Called by the registries of net/ and the kernel (at boot or when devices come and go), and by
 * programs through file_operations; thread context. The text is made when a reader is at offset 0
 * and is read in pieces from then on. Left out: links (/proc/self/fd gives texts instead).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/dirent.h>
#include <kernel/fs/file.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/fs/procfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#define PROC_WRITE_MAX 65536ul

struct proc_entry {
	refcount_t count;	   /* the tree, open files */
	bool removed;
	u32 mode;		   /* S_IFDIR or S_IFREG, permissions */
	unsigned long ino;
	struct net *net;	   /* the only one that sees it; NULL: all */
	const struct proc_ops *ops;/* files */
	const struct proc_dir_ops *dir_ops; /* directories that make up their entries */
	void *private;
	struct proc_entry *parent;
	struct list_head children, sibling;
	char name[];
};

/* Behind an open file; for a made-up entry, `entry` is its directory. */
struct proc_file {
	struct seq_file m;
	bool filled;
	const struct proc_ops *ops;
	struct proc_entry *entry;
};

static struct proc_entry *proc_root;
static struct net *fs_init_net;

struct net *fs_net(void)
{
	struct thread *t = current;

	return t && t->net_ns ? t->net_ns : fs_init_net;
}

void fs_set_init_net(struct net *net)
{
	fs_init_net = net;
}

/* --- the tree -------------------------------------------------------------------------------- */

static struct proc_entry *entry_new(struct proc_entry *parent, const char *name, size_t len,
				    u32 mode)
{
	static unsigned long last_ino = 1;
	struct proc_entry *e = kzalloc(sizeof(*e) + len + 1, GFP_KERNEL);

	if (!e)
		return NULL;
	refcount_set(&e->count, 1);
	memcpy(e->name, name, len);
	e->mode = mode;
	e->ino = last_ino++;
	INIT_LIST_HEAD(&e->children);
	e->parent = parent;
	if (parent)
		list_add_tail(&e->sibling, &parent->children);
	return e;
}

static void entry_put(struct proc_entry *e)
{
	if (refcount_dec_and_test(&e->count)) {
		BUG_ON(!e->removed || !list_empty(&e->children));
		kfree(e);
	}
}

static struct proc_entry *entry_child(const struct proc_entry *dir, const char *name, size_t len,
				      const struct net *net)
{
	struct proc_entry *e, *found = NULL;

	list_for_each_entry(e, &dir->children, sibling) {
		if (strncmp(e->name, name, len) || e->name[len])
			continue;
		if (e->net == net)
			return e;
		if (!e->net)
			found = e;
	}
	return found;
}

/*
 * The entry for a path as `net` sees it. With *rest: stop at the last one there is and give what is
 * left of the path, "" when all of it was found.
 */
static struct proc_entry *entry_walk(const char *path, const struct net *net, const char **rest)
{
	struct proc_entry *e = proc_root, *next;
	size_t len;

	while (*path) {
		len = strcspn(path, "/");
		next = entry_child(e, path, len, net);
		if (!next)
			break;
		e = next;
		path += len;
		path += *path == '/';
	}
	*rest = path;
	return e;
}

/* Unlink an entry and the directories that become empty by it. */
static void entry_remove(struct proc_entry *e)
{
	struct proc_entry *parent;

	while (e != proc_root && list_empty(&e->children)) {
		parent = e->parent;
		list_del(&e->sibling);
		e->removed = true;
		entry_put(e);
		e = parent;
		if (e->dir_ops)
			break;
	}
}

/* Make what is missing of a path; the last component gets this mode. ERR_PTR. */
static struct proc_entry *entry_make(struct net *net, const char *path, u32 mode)
{
	const char *rest;
	struct proc_entry *e = entry_walk(path, net, &rest), *dir = e;
	size_t len;

	/* One that others see does not stand in the way of one that only this namespace sees. */
	if (!*rest && net && !e->net && S_ISREG(e->mode)) {
		dir = e->parent;
		rest = path + strlen(path) - strlen(e->name);
	}
	if (!*rest)
		return ERR_PTR(-EEXIST);
	e = dir;
	while (*rest) {
		if (!S_ISDIR(e->mode) || e->dir_ops) {
			e = ERR_PTR(-ENOTDIR);
			break;
		}
		len = strcspn(rest, "/");
		BUG_ON(!len || len > NAME_MAX);
		dir = e;
		e = entry_new(dir, rest, len, rest[len] ? S_IFDIR | 0555 : mode);
		if (!e) {
			entry_remove(dir); /* the empty directories made so far */
			return ERR_PTR(-ENOMEM);
		}
		rest += len + (rest[len] == '/');
	}
	return e;
}

int proc_create_net(struct net *net, const char *path, u32 mode, const struct proc_ops *ops,
		    void *private)
{
	struct proc_entry *e = entry_make(net, path, S_IFREG | mode);

	if (IS_ERR(e))
		return (int)PTR_ERR(e);
	e->net = net;
	e->ops = ops;
	e->private = private;
	return 0;
}

int proc_create(const char *path, u32 mode, const struct proc_ops *ops, void *private)
{
	return proc_create_net(NULL, path, mode, ops, private);
}

int proc_create_dir(const char *path, const struct proc_dir_ops *ops)
{
	struct proc_entry *e = entry_make(NULL, path, S_IFDIR | 0555);

	if (IS_ERR(e))
		return (int)PTR_ERR(e);
	e->dir_ops = ops;
	return 0;
}

int proc_remove_net(struct net *net, const char *path)
{
	const char *rest;
	struct proc_entry *e = entry_walk(path, net, &rest);

	if (*rest || e->net != net || e == proc_root || !list_empty(&e->children))
		return -ENOENT;
	entry_remove(e);
	return 0;
}

int proc_remove(const char *path)
{
	return proc_remove_net(NULL, path);
}

int proc_lookup(struct net *net, const char *path, const struct proc_ops **ops, void **private)
{
	const char *rest;
	struct proc_entry *e = entry_walk(path, net, &rest);

	if (*rest || !e->ops)
		return -ENOENT;
	*ops = e->ops;
	*private = e->private;
	return 0;
}

/* --- open files ------------------------------------------------------------------------------ */

/* Make the text anew. */
static int proc_fill(struct proc_file *pf)
{
	int err;

	seq_clear(&pf->m);
	pf->filled = false;
	if (pf->entry->removed)
		return -ENOENT;
	pf->m.net = fs_net();
	err = pf->ops->show(&pf->m);
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
		ret = pf->ops->write(&pf->m, text, len);
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

static void entry_stat(const struct proc_entry *e, struct stat *st)
{
	st->st_mode = e->mode;
	st->st_ino = e->ino;
	st->st_nlink = S_ISDIR(e->mode) ? 2 : 1;
	st->st_blksize = PAGE_SIZE;
}

static int proc_fstat(struct file *f, struct stat *st)
{
	struct proc_file *pf = f->private_data;

	entry_stat(pf->entry, st);
	if (!f->f_op->getdents)
		st->st_mode = S_IFREG | (pf->entry->mode & 0777);
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

static int proc_getdents(struct file *f, long *pos, void *dirbuf, size_t size)
{
	struct dir_context ctx = DIR_CONTEXT_INIT(dirbuf, size, pos);
	const struct proc_entry *dir = ((struct proc_file *)f->private_data)->entry, *e;
	const struct net *net = fs_net();

	if (!dir_emit_dots(&ctx))
		return dir_result(&ctx);
	if (dir->dir_ops)
		dir->dir_ops->iterate(&ctx);
	list_for_each_entry(e, &dir->children, sibling) {
		if (e->net && e->net != net)
			continue;
		if (!dir_emit(&ctx, e->name, e->ino, S_ISDIR(e->mode) ? DT_DIR : DT_REG))
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

/* What a path leads to: an entry, or a made-up one (ops set) in the directory *e. 0 or -ENOENT. */
static int proc_find(const char *path, struct proc_entry **e, const struct proc_ops **ops,
		     void **private)
{
	const char *rest;

	*e = entry_walk(path, fs_net(), &rest);
	*ops = (*e)->ops;
	*private = (*e)->private;
	if (!*rest)
		return 0;
	if (S_ISREG((*e)->mode))
		return -ENOTDIR;
	if (!(*e)->dir_ops || strchr(rest, '/'))
		return -ENOENT;
	*ops = (*e)->dir_ops->lookup(rest, private);
	return *ops ? 0 : -ENOENT;
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

static struct file *proc_open(const char *path, int flags, u32 mode)
{
	const struct proc_ops *ops;
	struct proc_entry *e;
	struct proc_file *pf;
	struct file *f;
	void *private;
	int err = proc_find(path, &e, &ops, &private);

	(void)mode;
	if (!err)
		err = proc_may_open(ops, flags);
	if (err)
		return ERR_PTR(err);
	pf = kzalloc(sizeof(*pf), GFP_KERNEL);
	if (!pf)
		return ERR_PTR(-ENOMEM);
	f = file_alloc(ops ? &proc_file_fops : &proc_dir_fops, pf,
		       (u32)flags & ~(u32)(O_CREAT | O_TRUNC));
	if (IS_ERR(f)) {
		kfree(pf);
		return f;
	}
	refcount_inc(&e->count);
	pf->entry = e;
	pf->ops = ops;
	pf->m.private = private;
	return f;
}

static int proc_stat(const char *path, struct stat *st)
{
	const struct proc_ops *ops;
	struct proc_entry *e;
	void *private;
	int err = proc_find(path, &e, &ops, &private);

	if (err)
		return err;
	entry_stat(e, st);
	if (ops)
		st->st_mode = S_IFREG | (e->mode & 0777);
	return 0;
}

/* Written from its end, for an entry knows only those above it. */
static int proc_dir_path(const struct file *f, char *buf, size_t size)
{
	const struct proc_file *pf = f->private_data;
	const struct proc_entry *e;
	char *at = buf + size;
	size_t len;

	if (f->f_op != &proc_dir_fops)
		return -ENOTDIR;
	if (pf->entry->removed)
		return -ENOENT;
	*--at = '\0';
	for (e = pf->entry; e != proc_root; e = e->parent) {
		len = strlen(e->name);
		if ((size_t)(at - buf) < len + 1)
			return -ENAMETOOLONG;
		if (*at)
			*--at = '/';
		at -= len;
		memcpy(at, e->name, len);
	}
	memmove(buf, at, strlen(at) + 1);
	return 0;
}

static const struct vfs_ops procfs_ops = {
	.open = proc_open,
	.stat = proc_stat,
	.dir_path = proc_dir_path,
	.magic = 0x9fa0, /* Linux's PROC_SUPER_MAGIC */
};
static struct vfs_mount procfs_mount = { .prefix = "proc", .ops = &procfs_ops };

void procfs_init(void)
{
	proc_root = entry_new(NULL, "", 0, S_IFDIR | 0555);
	if (!proc_root)
		panic("proc: no memory for the root");
	vfs_register_mount(&procfs_mount);
}
