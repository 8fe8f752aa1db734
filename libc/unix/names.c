// SPDX-License-Identifier: BSD-2-Clause
/*
 * Names in the file system and what inodes say of themselves (POSIX): creating, linking, renaming,
 * removing, modes, times, the working directory.
 *
 * Each hands its arguments to the kernel's function for it and turns -errno into -1 and errno.
 * Thread context. Left out: mkfifo, mknod, chroot, realpath.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <libc/unix/syscall.h>

int openat(int dirfd, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return (int)__ret(sys_openat(dirfd, path, flags, mode));
}

int creat(const char *path, mode_t mode)
{
	return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int fromfd, const char *from, int tofd, const char *to, int flags)
{
	return (int)__ret(sys_linkat(fromfd, from, tofd, to, flags));
}

int symlink(const char *text, const char *path)
{
	return symlinkat(text, AT_FDCWD, path);
}

int symlinkat(const char *text, int dirfd, const char *path)
{
	return (int)__ret(sys_symlinkat(text, dirfd, path));
}

ssize_t readlink(const char *path, char *buf, size_t size)
{
	return readlinkat(AT_FDCWD, path, buf, size);
}

ssize_t readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	return __ret(sys_readlinkat(dirfd, path, buf, size > INT_MAX ? INT_MAX : (int)size));
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int unlinkat(int dirfd, const char *path, int flags)
{
	return (int)__ret(sys_unlinkat(dirfd, path, flags));
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

/* A file, or an empty directory (C11 7.21.4.1, POSIX). */
int remove(const char *path)
{
	int saved = errno;

	if (unlink(path) == 0)
		return 0;
	if (errno != EISDIR)
		return -1;
	errno = saved;
	return rmdir(path);
}

int rename(const char *from, const char *to)
{
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int renameat(int fromfd, const char *from, int tofd, const char *to)
{
	return renameat2(fromfd, from, tofd, to, 0);
}

int renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned int flags)
{
	return (int)__ret(sys_renameat2(fromfd, from, tofd, to, flags));
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

int mkdirat(int dirfd, const char *path, mode_t mode)
{
	return (int)__ret(sys_mkdirat(dirfd, path, mode));
}

int chmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, 0);
}

int fchmod(int fd, mode_t mode)
{
	return (int)__ret(sys_fchmod(fd, mode));
}

/* As glibc's on Linux 6.1: a symbolic link's own mode cannot be changed. */
int fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
	if (flags)
		return (int)__ret(flags == AT_SYMLINK_NOFOLLOW ? -EOPNOTSUPP : -EINVAL);
	return (int)__ret(sys_fchmodat(dirfd, path, mode));
}

int chown(const char *path, uid_t uid, gid_t gid)
{
	return (int)__ret(sys_fchownat(AT_FDCWD, path, uid, gid, 0));
}

int lchown(const char *path, uid_t uid, gid_t gid)
{
	return (int)__ret(sys_fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW));
}

int fchown(int fd, uid_t uid, gid_t gid)
{
	return (int)__ret(sys_fchown(fd, uid, gid));
}

int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)
{
	if (!path)
		return (int)__ret(-EINVAL);
	return (int)__ret(sys_utimensat(dirfd, path, times, flags));
}

int futimens(int fd, const struct timespec times[2])
{
	return (int)__ret(sys_utimensat(fd, NULL, times, 0));
}

int truncate(const char *path, off_t len)
{
	return (int)__ret(sys_truncate(path, len));
}

int ftruncate(int fd, off_t len)
{
	return (int)__ret(sys_ftruncate(fd, len));
}

/* Nothing is kept anywhere that could be written out later. */
int fsync(int fd)
{
	struct stat st;

	return fstat(fd, &st);
}

int statfs(const char *path, struct statfs *buf)
{
	return (int)__ret(sys_statfs(path, buf));
}

int chdir(const char *path)
{
	return (int)__ret(sys_chdir(path));
}

int fchdir(int fd)
{
	return (int)__ret(sys_fchdir(fd));
}

/* Without a buffer in fresh memory, as glibc does it. */
char *getcwd(char *buf, size_t size)
{
	char *to = buf ? buf : malloc(size ? size : PATH_MAX);

	if (!to)
		return NULL;
	if (buf && !size) {
		errno = EINVAL;
		return NULL;
	}
	if (__ret(sys_getcwd(to, size ? size : PATH_MAX)) >= 0)
		return to;
	if (!buf)
		free(to);
	return NULL;
}

mode_t umask(mode_t mask)
{
	return (mode_t)sys_umask(mask);
}

/* Advice may be ignored, by its nature. */
int madvise(void *addr, size_t len, int advice)
{
	(void)addr;
	(void)len;
	(void)advice;
	return 0;
}

pid_t gettid(void)
{
	return get_current()->tid;
}
