/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_FS_CALLS_H
#define BW_KERNEL_FS_FS_CALLS_H

/*
 * System calls of kernel/fs that only programs in ring 3 reach (kernel/abi/table_fs.c and
 * table_poll.c): old forms of calls, and those that linked-in programs have no use for. The others
 * stand in kernel/sys.h. Linux's arguments; a result or -errno. Thread context.
 */
#include <kernel/lib/types.h>

struct iovec;
struct statfs;
struct statx;
struct timeval;

/* old_calls.c */
long sys_access(const char *path, int mode);
long sys_faccessat(int dfd, const char *path, int mode);
long sys_readlink(const char *path, char *buf, int size);
long sys_mkdir(const char *path, u32 mode);
long sys_rmdir(const char *path);
long sys_unlink(const char *path);
long sys_rename(const char *from, const char *to);
long sys_renameat(int odfd, const char *from, int ndfd, const char *to);
long sys_link(const char *from, const char *to);
long sys_symlink(const char *text, const char *path);
long sys_chmod(const char *path, u32 mode);
long sys_chown(const char *path, u32 uid, u32 gid);
long sys_lchown(const char *path, u32 uid, u32 gid);
long sys_creat(const char *path, u32 mode);
long sys_pipe(int *fds);
long sys_epoll_create(int size);
long sys_eventfd(unsigned int count);

/* open.c, attr.c, fs_struct.c, dirops.c */
long sys_openat2(int dfd, const char *path, const void *how, size_t size);
long sys_utime(const char *path, const long *times);
long sys_utimes(const char *path, const struct timeval *times);
long sys_futimesat(int dfd, const char *path, const struct timeval *times);
long sys_chroot(const char *path);
long sys_mknod(const char *path, u32 mode, unsigned int dev);
long sys_mknodat(int dfd, const char *path, u32 mode, unsigned int dev);

/* statx.c, stat.c, readdir.c */
long sys_statx(int dfd, const char *path, unsigned int flags, unsigned int mask, struct statx *ux);
long sys_fstatfs(int fd, struct statfs *sf);
long sys_getdents(int fd, void *dirbuf, unsigned int count);

/* rw_vec.c: pos in two halves, of which the second counts nothing where long has 64 bits */
long sys_preadv(int fd, const struct iovec *vec, unsigned long vlen, long pos, long unused);
long sys_pwritev(int fd, const struct iovec *vec, unsigned long vlen, long pos, long unused);
long sys_preadv2(int fd, const struct iovec *vec, unsigned long vlen, long pos, long unused,
		 int flags);
long sys_pwritev2(int fd, const struct iovec *vec, unsigned long vlen, long pos, long unused,
		  int flags);

/* sync.c */
long sys_fsync(int fd);
long sys_fdatasync(int fd);
long sys_sync(void);
long sys_syncfs(int fd);
long sys_sync_file_range(int fd, long offset, long len, unsigned int flags);
long sys_fadvise64(int fd, long offset, long len, int advice);
long sys_readahead(int fd, long offset, size_t count);

/* fcntl.c, flock.c */
long sys_close_range(unsigned int first, unsigned int last, unsigned int flags);
long sys_flock(int fd, unsigned int op);

/* sendfile.c, splice.c */
long sys_sendfile(int out_fd, int in_fd, long *offset, size_t count);
long sys_copy_file_range(int in_fd, long *in_pos, int out_fd, long *out_pos, size_t len,
			 unsigned int flags);
long sys_splice(int in_fd, long *in_pos, int out_fd, long *out_pos, size_t len,
		unsigned int flags);
long sys_tee(int in_fd, int out_fd, size_t len, unsigned int flags);
long sys_vmsplice(int fd, const struct iovec *vec, unsigned long nr, unsigned int flags);

/* fallocate.c, memfd.c */
long sys_fallocate(int fd, int mode, long offset, long len);
long sys_memfd_create(const char *name, unsigned int flags);

/* inotify.c */
long sys_inotify_init(void);
long sys_inotify_init1(int flags);
long sys_inotify_add_watch(int fd, const char *path, u32 mask);
long sys_inotify_rm_watch(int fd, int wd);

/* xattr.c */
long sys_setxattr(const char *path, const char *name, const void *value, size_t size, int flags);
long sys_lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags);
long sys_fsetxattr(int fd, const char *name, const void *value, size_t size, int flags);
long sys_getxattr(const char *path, const char *name, void *value, size_t size);
long sys_lgetxattr(const char *path, const char *name, void *value, size_t size);
long sys_fgetxattr(int fd, const char *name, void *value, size_t size);
long sys_listxattr(const char *path, char *list, size_t size);
long sys_llistxattr(const char *path, char *list, size_t size);
long sys_flistxattr(int fd, char *list, size_t size);
long sys_removexattr(const char *path, const char *name);
long sys_lremovexattr(const char *path, const char *name);
long sys_fremovexattr(int fd, const char *name);

#endif /* BW_KERNEL_FS_FS_CALLS_H */
