// SPDX-License-Identifier: BSD-2-Clause
/*
 * Descriptors and files: open, read, write, fcntl, ioctl, stat, directories (POSIX).
 *
 * Each hands its arguments to the kernel's function of the same name and turns -errno into -1 and
 * errno. Thread context; may sleep. Names are changed in names.c.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <kernel/sys.h>
#include <libc/unix/syscall.h>

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return (int)__ret(sys_open(path, flags, mode));
}

int close(int fd)
{
	return (int)__ret(sys_close(fd));
}

ssize_t read(int fd, void *buf, size_t len)
{
	return __ret(sys_read(fd, buf, len));
}

ssize_t write(int fd, const void *buf, size_t len)
{
	return __ret(sys_write(fd, buf, len));
}

ssize_t readv(int fd, const struct iovec *iov, int iovcnt)
{
	return __ret(sys_readv(fd, iov, (unsigned long)iovcnt));
}

ssize_t writev(int fd, const struct iovec *iov, int iovcnt)
{
	return __ret(sys_writev(fd, iov, (unsigned long)iovcnt));
}

ssize_t pread(int fd, void *buf, size_t len, off_t off)
{
	return __ret(sys_pread64(fd, buf, len, off));
}

ssize_t pwrite(int fd, const void *buf, size_t len, off_t off)
{
	return __ret(sys_pwrite64(fd, buf, len, off));
}

off_t lseek(int fd, off_t off, int whence)
{
	return __ret(sys_lseek(fd, off, whence));
}

int ioctl(int fd, unsigned long request, ...)
{
	unsigned long arg;
	va_list ap;

	va_start(ap, request);
	arg = va_arg(ap, unsigned long);
	va_end(ap);
	return (int)__ret(sys_ioctl(fd, (unsigned int)request, arg));
}

int fcntl(int fd, int cmd, ...)
{
	unsigned long arg;
	va_list ap;

	va_start(ap, cmd);
	arg = va_arg(ap, unsigned long);
	va_end(ap);
	return (int)__ret(sys_fcntl(fd, (unsigned int)cmd, arg));
}

int dup(int fd)
{
	return (int)__ret(sys_dup(fd));
}

int dup2(int fd, int newfd)
{
	return (int)__ret(sys_dup2(fd, newfd));
}

int dup3(int fd, int newfd, int flags)
{
	return (int)__ret(sys_dup3(fd, newfd, flags));
}

int pipe2(int fd[2], int flags)
{
	return (int)__ret(sys_pipe2(fd, flags));
}

int pipe(int fd[2])
{
	return pipe2(fd, 0);
}

int fstat(int fd, struct stat *st)
{
	return (int)__ret(sys_fstat(fd, st));
}

int stat(const char *path, struct stat *st)
{
	return (int)__ret(sys_stat(path, st));
}

int lstat(const char *path, struct stat *st)
{
	return (int)__ret(sys_lstat(path, st));
}

int fstatat(int dirfd, const char *path, struct stat *st, int flags)
{
	return (int)__ret(sys_newfstatat(dirfd, path, st, flags));
}

int access(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, 0);
}

int faccessat(int dirfd, const char *path, int mode, int flags)
{
	return (int)__ret(sys_faccessat2(dirfd, path, mode, flags));
}

struct __dirstream {
	int fd;
	size_t pos;
	size_t end;
	_Alignas(8) char buf[2048];
};

DIR *fdopendir(int fd)
{
	struct stat st;
	DIR *dir;

	if (fstat(fd, &st) < 0)
		return NULL;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	dir = malloc(sizeof(*dir));
	if (!dir)
		return NULL;
	dir->pos = 0;
	dir->end = 0;
	dir->fd = fd;
	return dir;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !dir) {
		error = errno;
		close(fd);
		errno = error;
	}
	return dir;
}

int dirfd(DIR *dir)
{
	return dir->fd;
}

struct dirent *readdir(DIR *dir)
{
	struct dirent *entry;

	if (dir->pos >= dir->end) {
		long n = __ret(sys_getdents64(dir->fd, dir->buf, sizeof(dir->buf)));

		if (n <= 0)
			return NULL;
		dir->pos = 0;
		dir->end = (size_t)n;
	}
	entry = (struct dirent *)(dir->buf + dir->pos);
	dir->pos += entry->d_reclen;
	return entry;
}

void rewinddir(DIR *dir)
{
	lseek(dir->fd, 0, SEEK_SET);
	dir->pos = dir->end = 0;
}

int closedir(DIR *dir)
{
	int ret = close(dir->fd);

	free(dir);
	return ret;
}
