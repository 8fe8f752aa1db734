// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a path to an open file: open, stat, fstat and the root directory.
 *
 * A path is normalised by its text ("//", "." and ".." go away; there is no working directory and
 * there are no links yet, so that is exact), then the mount with the longest matching prefix opens
 * what is left. The root answers for itself, with the mounts as its entries, until a RAM disk is
 * mounted over it.
 *
 * Called by libc and the system call table, thread context; opening may sleep if a device's open
 * does. Left out: creating, renaming and removing (-EROFS, with the RAM disk), permissions (one
 * user, root), O_PATH.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/dirent.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static LIST_HEAD(mounts); /* written at boot only */

void vfs_register_mount(struct vfs_mount *m)
{
	BUG_ON(m->prefix[0] == '/');
	list_add(&m->node, &mounts);
}

struct path {
	char *text;   /* kmalloc'ed, normalised, no slash at either end */
	bool is_dir;  /* the caller wrote it as a directory: trailing slash or dot */
};

/* Squeeze one component into its place at out; the new end of the text, or NULL if too long. */
static char *path_component(char *start, char *out, const char *name, size_t len)
{
	if (len > NAME_MAX)
		return NULL;
	if (len == 1 && name[0] == '.')
		return out;
	if (len == 2 && name[0] == '.' && name[1] == '.') {
		while (out > start && *--out != '/')
			;
		return out;
	}
	if (out > start)
		*out++ = '/';
	memmove(out, name, len);
	return out + len;
}

/* 0, -EFAULT, -ENOENT (empty), -ENAMETOOLONG or -ENOMEM. */
static int path_get(const char *upath, struct path *p)
{
	size_t len = upath ? strnlen(upath, PATH_MAX) : 0, part;
	char *in, *out;

	if (!upath)
		return -EFAULT;
	if (!len)
		return -ENOENT;
	if (len == PATH_MAX)
		return -ENAMETOOLONG;
	p->text = kmalloc(len + 1, GFP_KERNEL);
	if (!p->text)
		return -ENOMEM;
	memcpy(p->text, upath, len);
	p->text[len] = '\0';
	p->is_dir = upath[len - 1] == '/' || !strcmp(upath, ".") || !strcmp(upath, "..") ||
		    (len >= 2 && !strcmp(upath + len - 2, "/.")) ||
		    (len >= 3 && !strcmp(upath + len - 3, "/.."));
	for (in = out = p->text; in < p->text + len; in += part + 1) {
		part = strcspn(in, "/");
		if (!part)
			continue;
		out = path_component(p->text, out, in, part);
		if (!out) {
			kfree(p->text);
			return -ENAMETOOLONG;
		}
	}
	*out = '\0';
	return 0;
}

/* The mount that answers for a normalised path; *rest is what it is to look up. */
static const struct vfs_mount *path_mount(const char *path, const char **rest)
{
	const struct vfs_mount *m, *best = NULL;
	size_t best_len = 0;

	list_for_each_entry(m, &mounts, node) {
		size_t len = strlen(m->prefix);

		if (strncmp(path, m->prefix, len) || (len && path[len] && path[len] != '/'))
			continue;
		if (best && len <= best_len)
			continue;
		best = m;
		best_len = len;
	}
	BUG_ON(!best); /* the root is always there */
	*rest = path + best_len + (best_len && path[best_len] == '/');
	return best;
}

/* What open() refuses although the file was found. */
static int may_open(const struct file *f, int flags, bool want_dir)
{
	bool is_dir = f->f_op->getdents;

	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (is_dir && (flags & O_ACCMODE) != O_RDONLY)
		return -EISDIR;
	if (is_dir && (flags & O_CREAT))
		return -EISDIR;
	return want_dir && !is_dir ? -ENOTDIR : 0;
}

static struct file *do_open(const char *upath, int flags, u32 mode)
{
	const struct vfs_mount *m;
	const char *rest;
	struct path p;
	struct file *f;
	int err = path_get(upath, &p);

	if (err)
		return ERR_PTR(err);
	m = path_mount(p.text, &rest);
	f = m->ops->open(rest, flags & ~O_CLOEXEC, mode);
	kfree(p.text);
	if (IS_ERR(f))
		return f;
	err = may_open(f, flags, p.is_dir || (flags & O_DIRECTORY));
	if (err) {
		fput(f);
		return ERR_PTR(err);
	}
	return f;
}

long sys_open(const char *path, int flags, u32 mode)
{
	struct file *f;
	int fd = get_unused_fd_flags((u32)flags);

	if (fd < 0)
		return fd;
	f = do_open(path, flags, mode);
	if (IS_ERR(f)) {
		put_unused_fd(fd);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

int files_open_console(struct files_struct *fs)
{
	struct file *f = do_open("/dev/console", O_RDWR, 0), *old;
	unsigned int fd;
	int err = 0;

	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	for (fd = 0; fd <= 2 && !err; fd++) {
		err = replace_fd(fs, fd, get_file(f), 0, &old);
		BUG_ON(err || old); /* an empty table has room for three */
	}
	fput(f);
	return err;
}

void stat_directory(struct stat *st, unsigned long ino)
{
	st->st_mode = S_IFDIR | 0555;
	st->st_nlink = 2;
	st->st_ino = ino;
	st->st_blksize = PAGE_SIZE;
}

void generic_fillattr(const struct file *f, struct stat *st)
{
	st->st_mode = f->f_op->getdents ? S_IFDIR | 0555 : f->f_op->mode;
	st->st_nlink = 1;
	st->st_ino = f->f_ino;
	st->st_blksize = PAGE_SIZE;
}

long sys_stat(const char *path, struct stat *ust)
{
	struct stat st = { 0 };
	const struct vfs_mount *m;
	const char *rest;
	struct path p;
	int err = path_get(path, &p);

	if (err)
		return err;
	m = path_mount(p.text, &rest);
	err = m->ops->stat(rest, &st);
	kfree(p.text);
	if (!err && p.is_dir && !S_ISDIR(st.st_mode))
		err = -ENOTDIR;
	return err ? err : copy_to_user(ust, &st, sizeof(st));
}

long sys_fstat(int fd, struct stat *ust)
{
	struct stat st = { 0 };
	struct file *f = fget(fd);
	int err = 0;

	if (!f)
		return -EBADF;
	generic_fillattr(f, &st);
	if (f->f_op->fstat)
		err = f->f_op->fstat(f, &st);
	fput(f);
	return err ? err : copy_to_user(ust, &st, sizeof(st));
}

long generic_llseek(struct file *f, long offset, int whence, long size)
{
	long base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? f->f_pos : size, pos;

	if (__builtin_add_overflow(base, offset, &pos))
		return -EOVERFLOW;
	if (pos < 0)
		return -EINVAL;
	f->f_pos = pos;
	return pos;
}

/* The root directory: the mounts that are named in it. */
static int root_getdents(struct file *f, long *pos, void *dirbuf, size_t size)
{
	struct dir_context ctx = DIR_CONTEXT_INIT(dirbuf, size, pos);
	const struct vfs_mount *m;
	unsigned long ino = 2;

	(void)f;
	if (!dir_emit_dots(&ctx))
		return dir_result(&ctx);
	list_for_each_entry(m, &mounts, node) {
		if (!m->prefix[0] || strchr(m->prefix, '/'))
			continue;
		if (!dir_emit(&ctx, m->prefix, ino++, DT_DIR))
			break;
	}
	return dir_result(&ctx);
}

static long root_llseek(struct file *f, long offset, int whence)
{
	return generic_llseek(f, offset, whence, 0);
}

static const struct file_operations root_fops = {
	.name = "/",
	.llseek = root_llseek,
	.getdents = root_getdents,
};

static struct file *root_open(const char *path, int flags, u32 mode)
{
	(void)mode;
	if (path[0])
		return ERR_PTR(flags & O_CREAT ? -EROFS : -ENOENT);
	return file_alloc(&root_fops, NULL, (u32)flags);
}

static int root_stat(const char *path, struct stat *st)
{
	if (path[0])
		return -ENOENT;
	stat_directory(st, 1);
	return 0;
}

static const struct vfs_ops root_ops = { .open = root_open, .stat = root_stat };
static struct vfs_mount root_mount = { .prefix = "", .ops = &root_ops };

void namei_init(void)
{
	vfs_register_mount(&root_mount);
}
