// SPDX-License-Identifier: BSD-2-Clause
/*
 * memfd_create(2): a file of the ramfs without a name in the tree, and its seals, which promise
 * another program (here: another part of the same one) that the file will not change.
 *
 * Plain files of the ramfs carry F_SEAL_SEAL, as on Linux's tmpfs: they cannot be sealed. Seals are
 * looked at where files change: writing and truncating (ramfs_file.c), fallocate.c, shared mappings
 * (ramfs_mmap.c).
 *
 * Called by the system call table and fcntl(), thread context, never sleeps. Left out: huge pages.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <string.h>
#include <sys/stat.h>

#define MFD_CLOEXEC 1u
#define MFD_ALLOW_SEALING 2u
#define MFD_NAME_MAX 249u
#define SEALS_ALL (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

static struct ramfs_inode *sealable(const struct file *f)
{
	struct ramfs_inode *inode = ramfs_file_inode(f);

	return inode && S_ISREG(inode->mode) ? inode : NULL;
}

/* A file that was not made to be sealed counts as sealed against that. */
static u32 seals_of(const struct ramfs_inode *inode)
{
	return inode->file.memfd_name ? inode->file.seals : F_SEAL_SEAL;
}

long memfd_get_seals(const struct file *f)
{
	const struct ramfs_inode *inode = sealable(f);

	return inode ? (long)seals_of(inode) : -EINVAL;
}

long memfd_add_seals(struct file *f, unsigned long seals)
{
	struct ramfs_inode *inode = sealable(f);

	if ((f->f_flags & O_ACCMODE) == O_RDONLY)
		return -EPERM;
	if (seals & ~(unsigned long)SEALS_ALL)
		return -EINVAL;
	if (!inode)
		return -EINVAL;
	if (seals_of(inode) & F_SEAL_SEAL)
		return -EPERM;
	if ((seals & F_SEAL_WRITE) && !(inode->file.seals & F_SEAL_WRITE) &&
	    inode->file.writable_maps)
		return -EBUSY;
	inode->file.seals |= (u32)seals;
	return 0;
}

/* name is taken over. */
static struct file *memfd_file(char *name, unsigned int flags)
{
	struct ramfs_inode *inode = ramfs_inode_new(S_IFREG | 0777);
	struct file *f;

	if (IS_ERR(inode)) {
		kfree(name);
		return (struct file *)inode;
	}
	inode->file.memfd_name = name;
	inode->file.seals = flags & MFD_ALLOW_SEALING ? 0 : F_SEAL_SEAL;
	f = ramfs_open(inode, O_RDWR | O_LARGEFILE);
	ramfs_put(inode);
	return f;
}

long sys_memfd_create(const char *uname, unsigned int flags)
{
	char *name;
	struct file *f;
	long len;
	int fd;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	name = kmalloc(MFD_NAME_MAX + 1, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	len = strncpy_from_user(name, uname, MFD_NAME_MAX + 1);
	if (len < 0 || len > (long)MFD_NAME_MAX) {
		kfree(name);
		return len < 0 ? len : -EINVAL;
	}
	fd = get_unused_fd_flags(flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	if (fd < 0) {
		kfree(name);
		return fd;
	}
	f = memfd_file(name, flags);
	if (IS_ERR(f)) {
		put_unused_fd(fd);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}
