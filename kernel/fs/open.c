// SPDX-License-Identifier: BSD-2-Clause
/*
 * open(2) and its relatives.
 *
 * Called by libc and the system call table, thread context; opening may sleep if a device's open
 * does. Flags are taken as Linux takes them, but for O_CREAT | O_DIRECTORY, which is -EINVAL as in
 * Linux since 6.4 (6.1 makes a plain file and fails all the same). Left out: O_DIRECT's
 * rules, permissions (one user, root), set-id bits on writing.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/devfs.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/pipe.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <sys/stat.h>
#include <unistd.h>

#define PERMISSIONS 07777u
#define TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY)
#define OPEN_ONLY   (O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY | O_CLOEXEC)
#define PATH_FLAGS  (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* --- open ------------------------------------------------------------------------------------ */

/* O_PATH: only a place, for openat, fstat and /proc/self/fd. */
static const struct file_operations path_fops = { .name = "path:" };

/* Let a file remember where it was opened. It is put when that fails. */
static struct file *remember_place(struct file *f, const struct path *p)
{
	int err;

	if (IS_ERR(f))
		return f;
	f->f_path = kzalloc(sizeof(*p), GFP_KERNEL);
	err = f->f_path ? path_copy(f->f_path, p) : -ENOMEM;
	if (!err)
		return f;
	fput(f);
	return ERR_PTR(err);
}

static struct file *open_path(const struct nameidata *nd, int flags)
{
	struct path p = nd->at;
	struct stat st = { 0 };
	int err = 0;

	if (nd->file)
		return ERR_PTR(-ENXIO); /* it has no place */
	if (!p.mnt && !nd->inode)
		return ERR_PTR(-ENOENT);
	if (!p.mnt) {
		p = (struct path){ .inode = nd->inode };
		st.st_mode = nd->inode->mode;
	} else {
		err = p.mnt->ops->stat(p.mnt, p.text ? p.text : "", &st);
	}
	if (!err && (nd_wants_dir(nd) || (flags & O_DIRECTORY)) && !S_ISDIR(st.st_mode))
		err = -ENOTDIR;
	if (err)
		return ERR_PTR(err);
	return remember_place(file_alloc(&path_fops, NULL, (u32)flags & ~(u32)O_CLOEXEC), &p);
}

/* What open() refuses although the file was found in a mount. */
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

static struct file *open_in_mount(const struct nameidata *nd, int flags)
{
	const char *text = nd->at.text ? nd->at.text : "";
	const struct vfs_mount *m = nd->at.mnt;
	struct vfs_link link = { 0 };
	struct file *f;
	int err;

	if (flags & TMPFILE_BIT)
		return ERR_PTR(-EOPNOTSUPP);
	if ((flags & O_NOFOLLOW) && m->ops->get_link(m, text, &link) == 0) {
		vfs_link_put(&link);
		return ERR_PTR(-ELOOP);
	}
	f = remember_place(m->ops->open(m, text, flags & ~OPEN_ONLY), &nd->at);
	if (IS_ERR(f))
		return PTR_ERR(f) == -ENOENT && (flags & O_CREAT) ? ERR_PTR(-EACCES) : f;
	err = may_open(f, flags, nd_wants_dir(nd) || (flags & O_DIRECTORY));
	if (err) {
		fput(f);
		return ERR_PTR(err);
	}
	return f;
}

/* An open file that has no place, through /proc/self/fd: some kinds can be opened once more. */
static struct file *open_again(struct file *f, int flags)
{
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return ERR_PTR(-EEXIST);
	if (flags & O_DIRECTORY)
		return ERR_PTR(-ENOTDIR);
	return f->f_op->reopen ? f->f_op->reopen(f, (u32)(flags & ~OPEN_ONLY)) : ERR_PTR(-ENXIO);
}

/* Open an inode of any kind that open() can open. */
static struct file *open_inode(struct ramfs_inode *inode, int flags)
{
	struct path p = { .inode = inode };
	u32 kept = (u32)(flags & ~OPEN_ONLY);

	if (S_ISCHR(inode->mode))
		return remember_place(chrdev_open(inode->dev, kept), &p);
	if (S_ISFIFO(inode->mode))
		return remember_place(fifo_open(inode, kept), &p);
	if (S_ISSOCK(inode->mode))
		return ERR_PTR(-ENXIO);
	return ramfs_open(inode, kept);
}

/* A name that is there. */
static int may_open_inode(const struct ramfs_inode *inode, const struct nameidata *nd, int flags)
{
	bool is_dir = S_ISDIR(inode->mode);

	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (is_dir && ((flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT)))
		return -EISDIR;
	if (!is_dir && (nd->slash || (flags & O_DIRECTORY)))
		return -ENOTDIR;
	return S_ISLNK(inode->mode) ? -ELOOP : 0;
}

/* A file of no name in the directory that the walk found. */
static struct file *open_tmpfile(const struct ramfs_inode *dir, int flags, u32 mode)
{
	struct ramfs_inode *inode;
	struct file *f;

	if (!dir)
		return ERR_PTR(-ENOENT);
	if (!S_ISDIR(dir->mode))
		return ERR_PTR(-ENOTDIR);
	inode = ramfs_inode_new(S_IFREG | (mode & PERMISSIONS & ~current_umask()));
	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	inode->linkable = !(flags & O_EXCL);
	f = ramfs_open(inode, (u32)(flags & ~OPEN_ONLY));
	ramfs_put(inode);
	return f;
}

/* The walk has ended in the ramfs. A new file is made last, when nothing else can fail. */
static struct file *open_in_ramfs(struct nameidata *nd, int flags, u32 mode)
{
	bool create = !nd->inode;
	struct qstr name = nd_qstr(nd);
	struct ramfs_inode *inode;
	struct file *f;
	int err = 0;

	if (flags & TMPFILE_BIT)
		return open_tmpfile(nd->inode, flags, mode);
	if ((flags & O_CREAT) && nd->slash) /* "x/" is no file's name, there or not */
		return ERR_PTR(-EISDIR);
	if (create && !(flags & O_CREAT))
		return ERR_PTR(-ENOENT);
	if (!create)
		err = may_open_inode(nd->inode, nd, flags);
	if (err)
		return ERR_PTR(err);
	inode = create ? ramfs_create(nd->at.inode, &name,
				      S_IFREG | (mode & PERMISSIONS & ~current_umask()), NULL)
		       : ramfs_get(nd->inode);
	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	f = open_inode(inode, flags);
	if (IS_ERR(f) && create)
		ramfs_unlink(nd->at.inode, &name);
	else if (!IS_ERR(f) && (flags & O_TRUNC) && S_ISREG(inode->mode))
		ramfs_truncate(inode, 0);
	ramfs_put(inode);
	return f;
}

/* What of the flags cannot be. */
static int check_flags(int flags)
{
	if (flags & TMPFILE_BIT)
		return (flags & (O_TMPFILE | O_CREAT)) != O_TMPFILE ||
		       (flags & O_ACCMODE) == O_RDONLY ? -EINVAL : 0;
	return (flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY) ? -EINVAL : 0;
}

static struct file *open_resolved(struct nameidata *nd, int flags, u32 mode)
{
	if (flags & O_PATH)
		return open_path(nd, flags);
	if (nd->file)
		return open_again(nd->file, flags);
	return nd->at.mnt ? open_in_mount(nd, flags) : open_in_ramfs(nd, flags, mode);
}

struct file *do_filp_open(int dfd, const char *name, int flags, u32 mode)
{
	bool follow = !(flags & O_NOFOLLOW) && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
	struct nameidata nd;
	struct file *f;
	int err;

	if (flags & O_PATH)
		flags &= PATH_FLAGS;
	err = check_flags(flags);
	if (err)
		return ERR_PTR(err);
	err = nd_start(&nd, dfd, name);
	if (!err)
		err = nd_resolve(&nd, follow);
	f = err ? ERR_PTR(err) : open_resolved(&nd, flags, mode);
	nd_end(&nd);
	return f;
}

long sys_openat(int dfd, const char *path, int flags, u32 mode)
{
	char *name = getname(path, false);
	struct file *f;
	int fd;

	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = get_unused_fd_flags((u32)flags);
	if (fd >= 0) {
		f = do_filp_open(dfd, name, flags | (flags & O_PATH ? 0 : O_LARGEFILE), mode);
		if (IS_ERR(f)) {
			put_unused_fd(fd);
			fd = (int)PTR_ERR(f);
		} else {
			fd_install(fd, f);
		}
	}
	putname(name);
	return fd;
}

long sys_open(const char *path, int flags, u32 mode)
{
	return sys_openat(AT_FDCWD, path, flags, mode);
}

/* openat2(2)'s argument; it may grow, and what we do not know of it must be zero. */
struct open_how {
	u64 flags, mode, resolve;
};
#define RESOLVE_ALL 0x3fu
#define OPEN_FLAGS_ALL                                                                             \
	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC |      \
	 O_ASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC |     \
	 O_PATH | O_TMPFILE)

static int copy_how(struct open_how *how, const char *uhow, size_t size)
{
	char rest[64];
	size_t at, n, i;

	if (size < sizeof(*how))
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	for (at = sizeof(*how); at < size; at += n) {
		n = min(size - at, sizeof(rest));
		if (copy_from_user(rest, uhow + at, n))
			return -EFAULT;
		for (i = 0; i < n; i++)
			if (rest[i])
				return -E2BIG;
	}
	return copy_from_user(how, uhow, sizeof(*how));
}

/* Unlike openat(), what is not known is refused. */
long sys_openat2(int dfd, const char *path, const void *uhow, size_t size)
{
	struct open_how how;
	int err = copy_how(&how, uhow, size);
	bool creates;

	if (err)
		return err;
	creates = how.flags & (O_CREAT | TMPFILE_BIT);
	if ((how.flags & ~(u64)OPEN_FLAGS_ALL) || (how.resolve & ~(u64)RESOLVE_ALL) ||
	    (how.mode & ~(u64)(creates ? PERMISSIONS : 0)) ||
	    ((how.flags & O_PATH) && (how.flags & ~(u64)PATH_FLAGS)))
		return -EINVAL;
	if (how.resolve)
		return -ENOSYS; /* programs that ask for it can do without */
	return sys_openat(dfd, path, (int)how.flags, (u32)how.mode);
}

int files_open_console(struct files_struct *fs)
{
	struct file *f = do_filp_open(AT_FDCWD, "/dev/console", O_RDWR, 0), *old;
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
