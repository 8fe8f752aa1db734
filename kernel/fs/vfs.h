/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_VFS_H
#define BW_KERNEL_FS_VFS_H

/*
 * The tree of files. Its root is the ramfs; /proc and /sys are mounts on directories of the root.
 * The ramfs is walked inode by inode; a mount is asked by the text of what is left of a path.
 */
#include <kernel/lib/list.h>

struct file;
struct qstr;
struct ramfs_inode;
struct stat;
struct vfs_mount;

/* Where a symbolic link in a mount leads. */
struct vfs_link;

struct vfs_ops {
	/* path: what follows the mount's prefix, normalised, no slash at either end, "" for its
	 * root. A new file with one reference, or ERR_PTR. */
	struct file *(*open)(const struct vfs_mount *m, const char *path, int flags);
	/* st comes zeroed; a link by itself. 0 or -errno. */
	int (*stat)(const struct vfs_mount *m, const char *path, struct stat *st);
	/* 0 and *to filled when path is a symbolic link; -EINVAL: it is none, or not there. */
	int (*get_link)(const struct vfs_mount *m, const char *path, struct vfs_link *to);
	u32 magic; /* what statfs() says */
};

struct vfs_mount {
	const char *prefix; /* "proc", "sys": a name in the root directory */
	const struct vfs_ops *ops;
	void *private;
	struct list_head node;
};

/* Put a tree in its place; m is kept by pointer for good. Makes the directory it covers. */
void vfs_register_mount(struct vfs_mount *m);

/* A place in the tree: an inode of the ramfs, or a text below a mount. */
struct path {
	struct ramfs_inode *inode;   /* referenced; NULL: see mnt */
	const struct vfs_mount *mnt;
	char *text;		     /* kmalloc'ed; NULL stands for "" */
};
void path_put(struct path *p);
/*
 * Its absolute path, written into buf; ERR_PTR(-ENAMETOOLONG). What has lost its name is shown as
 * Linux does: "/#17 (deleted)".
 */
char *path_text(const struct path *p, char *buf, size_t size);
/* Whether the place and all directories above it still have their names. */
bool path_is_reachable(const struct path *p);
/* Where a file was opened; -ENOENT for what has no place (sockets, pipes). To be path_put(). */
int file_place(const struct file *f, struct path *p);

/*
 * A link's text, kmalloc'ed, and, where following it is more than walking the text (/proc/self/fd),
 * the place or the open file that it stands for, referenced. No more than one of the two.
 */
struct vfs_link {
	char *text;
	struct path place;
	struct file *file;
};
void vfs_link_put(struct vfs_link *link);
/* What /proc/self/fd/N shows of a file, into a buffer of PATH_MAX; also for /proc/self/maps. */
char *file_text(const struct file *f, char *buf, size_t size);
/* A second one of it. 0 or -ENOMEM. */
int path_copy(struct path *to, const struct path *from);

/* Working directory and umask of a program; part of its files_struct, made with it. */
struct fs_struct {
	struct path pwd; /* all NULL: the root */
	struct ramfs_inode *root; /* chroot(); referenced, NULL: the real one */
	u32 umask;
};
struct files_struct;
/* Another program begins where this one is. 0 or -ENOMEM. */
int fs_inherit(struct files_struct *to, const struct files_struct *from);
void fs_release(struct fs_struct *fs);

/*
 * A walk in progress (kernel/fs/namei.c). Begin with nd_start, end with nd_end whatever happened in
 * between. After nd_parent: at is the directory of the last component. After nd_resolve: inode is
 * what that leads to, NULL if there is no such name, or at has moved into a mount, or file is what
 * a link of /proc stands for that has no place in the tree.
 */
enum nd_last { LAST_NORM, LAST_DOT, LAST_DOTDOT, LAST_ROOT };
struct nameidata {
	struct path at;
	struct ramfs_inode *inode;
	struct file *file; /* referenced */
	char *buf;	   /* the text being walked: the path, then each link's */
	char *rest;	   /* of it */
	const char *last;  /* last component, not ended with 0 */
	size_t last_len;
	enum nd_last type;
	bool slash;	   /* slashes behind it: must be a directory */
	unsigned int links;
};
/* name is kernel memory. dfd: AT_FDCWD or a directory. */
int nd_start(struct nameidata *nd, int dfd, const char *name);
int nd_parent(struct nameidata *nd);
/* follow: also a symbolic link in the last place. -ELOOP after 40. */
int nd_resolve(struct nameidata *nd, bool follow);
void nd_end(struct nameidata *nd);
/* The last component as a name. */
struct qstr nd_qstr(const struct nameidata *nd);
/* Whether the caller wrote the path as one of a directory. */
static inline bool nd_wants_dir(const struct nameidata *nd)
{
	return nd->slash || nd->type != LAST_NORM;
}

u32 current_umask(void);
/* A program's path into kernel memory, to be putname()d; ERR_PTR(-EFAULT/-ENOENT/-ENAMETOOLONG).
 * may_be_empty: "" is one, too. */
char *getname(const char *upath, bool may_be_empty);
void putname(char *name);

/* The calls, with names in kernel memory, for initramfs.c. */
struct file *do_filp_open(int dfd, const char *name, int flags, u32 mode);
int do_mkdirat(int dfd, const char *name, u32 mode);
int do_unlinkat(int dfd, const char *name);
int do_rmdirat(int dfd, const char *name);
int do_mknodat(int dfd, const char *name, u32 mode);
int do_symlinkat(const char *text, int dfd, const char *name);
/* An inode of the ramfs under one more name; -EXDEV where that cannot be. */
int do_link_inode(struct ramfs_inode *inode, int dfd, const char *name);
/* What an existing path leads to; 0 or -errno. st may be NULL. */
int do_statat(int dfd, const char *name, bool follow, struct stat *st);
/* The same for a program's path, or with AT_EMPTY_PATH for the descriptor itself. */
int user_statat(int dfd, const char *path, int flags, struct stat *st);
int file_stat(int fd, struct stat *st);
/* A new inode of the ramfs under a name that is free, with a reference; the umask is applied. text:
 * of a symbolic link. ERR_PTR. */
struct ramfs_inode *inode_create_at(int dfd, const char *name, u32 mode, const char *text);
/* The ramfs's inode at a path, with a reference; ERR_PTR(-EROFS) in a mount. */
struct ramfs_inode *inode_at(int dfd, const char *name, bool follow);

/* The position that lseek(offset, whence) asks for in a text of this size; -EINVAL below 0. */
long generic_llseek(struct file *f, long offset, int whence, long size);
/* What fstat says of a file by its file_operations alone. */
void generic_fillattr(const struct file *f, struct stat *st);
/* A directory's fields of struct stat. */
void stat_directory(struct stat *st, unsigned long ino);

#endif /* BW_KERNEL_FS_VFS_H */
