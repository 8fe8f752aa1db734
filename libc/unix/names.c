// SPDX-License-Identifier: BSD-2-Clause
/*
 * File names and positions: what the kernel has no call for, answered by what is always true here.
 *
 * There is no file system that programs can change, so creating, removing and changing names fails
 * with EROFS; there are no symbolic links, and the working directory is the root. pread and pwrite
 * move the file position and put it back, which no other thread sees, for none runs in between
 * unless the file itself sleeps. Thread context.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <kernel/sched/thread.h>
#include <libc/unix/syscall.h>

static int read_only(void)
{
	return (int)__ret(-EROFS);
}

int openat(int dirfd, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (dirfd != AT_FDCWD && *path != '/')
		return (int)__ret(-ENOTDIR);
	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return open(path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
	return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

/* Where the file was, after moving it to @off; -1 for what has no position. */
static off_t move_to(int fd, off_t off)
{
	off_t was = lseek(fd, 0, SEEK_CUR);

	return was < 0 || lseek(fd, off, SEEK_SET) < 0 ? -1 : was;
}

ssize_t pread(int fd, void *buf, size_t len, off_t off)
{
	off_t was = move_to(fd, off);
	ssize_t n = was < 0 ? -1 : read(fd, buf, len);

	if (was >= 0)
		lseek(fd, was, SEEK_SET);
	return n;
}

ssize_t pwrite(int fd, const void *buf, size_t len, off_t off)
{
	off_t was = move_to(fd, off);
	ssize_t n = was < 0 ? -1 : write(fd, buf, len);

	if (was >= 0)
		lseek(fd, was, SEEK_SET);
	return n;
}

int unlink(const char *path)
{
	(void)path;
	return read_only();
}

int remove(const char *path)
{
	(void)path;
	return read_only();
}

int rmdir(const char *path)
{
	(void)path;
	return read_only();
}

int mkdir(const char *path, mode_t mode)
{
	(void)path;
	(void)mode;
	return read_only();
}

int chmod(const char *path, mode_t mode)
{
	(void)path;
	(void)mode;
	return read_only();
}

int ftruncate(int fd, off_t len)
{
	(void)fd;
	(void)len;
	return (int)__ret(-EINVAL);
}

/* Nothing is kept anywhere that could be written out later. */
int fsync(int fd)
{
	struct stat st;

	return fstat(fd, &st);
}

ssize_t readlink(const char *path, char *buf, size_t size)
{
	struct stat st;

	(void)buf;
	(void)size;
	return stat(path, &st) < 0 ? -1 : __ret(-EINVAL);
}

int chdir(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -1;
	if (!S_ISDIR(st.st_mode))
		return (int)__ret(-ENOTDIR);
	return strcmp(path, "/") ? (int)__ret(-ENOSYS) : 0;
}

char *getcwd(char *buf, size_t size)
{
	if (strlcpy(buf, "/", size) >= size) {
		errno = ERANGE;
		return NULL;
	}
	return buf;
}

mode_t umask(mode_t mask)
{
	(void)mask;
	return 022;
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
