// SPDX-License-Identifier: BSD-2-Clause
/*
 * Descriptors and files: open, read, write, fcntl, ioctl, stat, directories (POSIX).
 *
 * Each hands its arguments to the kernel's function of the same name and turns -errno into -1 and
 * errno. Thread context; may sleep. Left out, because there is no file system to change: creating,
 * renaming and removing names; the working directory is always the root.
 * There is one program and it is root, so access() asks only whether the name exists.
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

	if (flags & O_CREAT) {
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

/* There are no symbolic links. */
int lstat(const char *path, struct stat *st)
{
	return stat(path, st);
}

/* Everybody is root here: what exists is accessible. */
int access(const char *path, int mode)
{
	struct stat st;

	(void)mode;
	return stat(path, &st);
}

struct __dirstream {
	int fd;
	size_t pos;
	size_t end;
	_Alignas(8) char buf[2048];
};

DIR *opendir(const char *path)
{
	DIR *dir = malloc(sizeof(*dir));

	if (!dir)
		return NULL;
	dir->pos = 0;
	dir->end = 0;
	dir->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir->fd < 0) {
		free(dir);
		return NULL;
	}
	return dir;
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
