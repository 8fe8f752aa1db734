/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_RAMFS_H
#define BW_KERNEL_FS_RAMFS_H

/*
 * The root file system: a tree of inodes in memory. kernel/fs/namei.c walks it, the calls of
 * open.c, stat.c and dirops.c change it. Thread context; nothing here sleeps, which between
 * cooperative threads makes each function one step. Functions that return an inode return a
 * reference. Names are never "", "." or "..", and at most NAME_MAX long.
 */
#include <kernel/lib/list.h>
#include <kernel/lib/rbtree.h>
#include <kernel/lib/types.h>

struct file;
struct iovec;
struct sock;
struct stat;

struct qstr {
	const char *name; /* need not end with 0 */
	size_t len;
};

struct device_entry;
struct pipe;
struct ramfs_dentry;
struct ramfs_chunk;

struct ramfs_inode {
	u32 count; /* open files, working directories, walks, and one for all names together */
	u32 nlink; /* names; a directory's own "." and its children's ".." count */
	u32 mode, uid, gid;
	bool mountpoint;   /* /proc, /dev: neither removed nor renamed */
	bool linkable;	   /* O_TMPFILE without O_EXCL: linkat() may give it a first name */
	/* the name it got last; NULL: that one was taken away, or it never had one */
	struct ramfs_dentry *name;
	unsigned long ino;
	long size;	   /* bytes; of a link's text; of a directory its entries */
	s64 atime_ns, mtime_ns, ctime_ns; /* since 1970 */
	union {
		struct {
			struct rb_root by_name, by_order;
			struct ramfs_inode *parent; /* referenced; itself for the root */
			long next_order;
		} dir;
		struct {
			struct rb_root chunks;
			struct ramfs_chunk *last; /* where the last access was */
			long pages;
			unsigned int maps; /* areas that show it */
			char *memfd_name; /* memfd_create's, kmalloc'ed; NULL: a plain file */
			u32 seals;	  /* F_SEAL_* of a memfd */
			unsigned int writable_maps; /* of maps, shared and may be written */
		} file;
		struct pipe *pipe; /* FIFOs: while somebody has it open */
		const struct device_entry *dev; /* of /dev (devfs.c) */
		struct sock *sock; /* S_IFSOCK: who is bound to it (unix_node.h), or NULL */
		char *link;
	};
};

/* A name in a directory. */
struct ramfs_dentry {
	struct rb_node by_name, by_order;
	struct ramfs_inode *inode; /* the reference of all its names */
	struct ramfs_inode *dir;   /* where it stands; not referenced, it cannot go before us */
	long order; /* its position for getdents; only ever grows in a directory */
	size_t len;
	char name[];
};

#define RAMFS_DEV 1ul /* st_dev */

extern struct ramfs_inode *ramfs_root;
void ramfs_init(void);
/* Remove everything, at the machine's end (ramfs_clear.c). */
void ramfs_clear(void);

static inline struct ramfs_inode *ramfs_get(struct ramfs_inode *inode)
{
	inode->count++;
	return inode;
}
/* The last reference of an inode without names frees it. NULL is fine. */
void ramfs_put(struct ramfs_inode *inode);
/* A new inode without names and with one reference, or ERR_PTR(-ENOSPC/-ENOMEM). */
struct ramfs_inode *ramfs_inode_new(u32 mode);
/* Count memory against the limit: 0 or -ENOSPC. */
int ramfs_charge(size_t bytes);
void ramfs_uncharge(size_t bytes);
/* The limit and what is used of it, bytes. */
void ramfs_usage(size_t *limit, size_t *used);
void ramfs_set_limit(size_t bytes);
/* Now, for the inode's times. */
void ramfs_touch(struct ramfs_inode *inode);
void ramfs_getattr(const struct ramfs_inode *inode, struct stat *st);

/* ramfs_dir.c. dir must be a directory. */
struct ramfs_inode *ramfs_lookup(const struct ramfs_inode *dir, const struct qstr *name);
/* Give inode one more name: -EEXIST, -ENOENT (dir was removed), -EMLINK, -ENOSPC, -ENOMEM. */
int ramfs_link(struct ramfs_inode *dir, const struct qstr *name, struct ramfs_inode *inode);
/* New file, directory or (with text) symbolic link under a name. */
struct ramfs_inode *ramfs_create(struct ramfs_inode *dir, const struct qstr *name, u32 mode,
				 const char *text);
/* -ENOENT, -EISDIR */
int ramfs_unlink(struct ramfs_inode *dir, const struct qstr *name);
/* -ENOENT, -ENOTDIR, -ENOTEMPTY, -EBUSY */
int ramfs_rmdir(struct ramfs_inode *dir, const struct qstr *name);
/* rename(2) between two directories, with its errors. */
int ramfs_rename(struct ramfs_inode *odir, const struct qstr *oname, struct ramfs_inode *ndir,
		 const struct qstr *nname, bool replace);
/* Entries from *pos on, as file_operations.getdents. */
int ramfs_getdents(const struct ramfs_inode *dir, long *pos, void *dirbuf, size_t size);

/* ramfs_file.c. inode must be a regular file. */
/* -EFBIG, -ENOSPC, -ENOMEM */
int ramfs_truncate(struct ramfs_inode *inode, long size);
/* Copy in, from kernel memory: bytes, or -errno when there are none. */
ssize_t ramfs_write(struct ramfs_inode *inode, long pos, const void *data, size_t len);
/* Append a whole page that the caller gives away, with its one reference; bytes of it count. The
 * file's size must be whole pages. -ENOSPC, -ENOMEM. */
int ramfs_add_page(struct ramfs_inode *inode, void *mem, size_t bytes);
/* Copy out, to kernel memory: bytes, fewer at the end of the file. */
size_t ramfs_read(struct ramfs_inode *inode, long pos, void *buf, size_t len);
/* ramfs_pages.c: parts of pages from pos on as kernel buffers, each with a reference (zeros for
 * what was never written); bytes. To be ramfs_ungather()ed. */
#define RAMFS_GATHER 64u
size_t ramfs_gather(struct ramfs_inode *inode, long pos, size_t len, struct iovec *iov,
		    unsigned int *nr);
void ramfs_ungather(const struct iovec *iov, unsigned int nr);
/* SEEK_DATA, SEEK_HOLE: -ENXIO beyond the end. */
long ramfs_seek_data(struct ramfs_inode *inode, long offset, bool hole);
/* Give a range pages (-ENOSPC, -ENOMEM), or take them and zero the rest. */
int ramfs_allocate(struct ramfs_inode *inode, long pos, long len);
void ramfs_punch(struct ramfs_inode *inode, long pos, long len);
/* A file or directory as an open file; takes a reference of its own. ERR_PTR. */
struct file *ramfs_open(struct ramfs_inode *inode, u32 flags);
/* Memory shared by nobody but its mappings: a file without a name. ERR_PTR. */
struct file *ramfs_shmem(long size);
/* The inode behind an open file of the ramfs (also a FIFO or device in it), or NULL. */
struct ramfs_inode *ramfs_file_inode(const struct file *f);
void ramfs_file_init(void);

#endif /* BW_KERNEL_FS_RAMFS_H */
