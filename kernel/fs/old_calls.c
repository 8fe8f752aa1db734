// SPDX-License-Identifier: BSD-2-Clause
/*
 * The forms that calls had before they got flags or a directory descriptor: access, readlink,
 * mkdir, pipe, epoll_create and their kin. Programs still make them (glibc for x86-64 calls
 * access(2) at every start), so each is here, as the newer call with the arguments that it stands
 * for (Linux's manual pages say which).
 *
 * Called by the system call table, thread context; they sleep where the newer call does.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/sys.h>

long sys_access(const char *path, int mode)
{
	return sys_faccessat2(AT_FDCWD, path, mode, 0);
}

long sys_faccessat(int dfd, const char *path, int mode)
{
	return sys_faccessat2(dfd, path, mode, 0);
}

long sys_readlink(const char *path, char *buf, int size)
{
	return sys_readlinkat(AT_FDCWD, path, buf, size);
}

long sys_mkdir(const char *path, u32 mode)
{
	return sys_mkdirat(AT_FDCWD, path, mode);
}

long sys_rmdir(const char *path)
{
	return sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

long sys_unlink(const char *path)
{
	return sys_unlinkat(AT_FDCWD, path, 0);
}

long sys_rename(const char *from, const char *to)
{
	return sys_renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

long sys_renameat(int odfd, const char *from, int ndfd, const char *to)
{
	return sys_renameat2(odfd, from, ndfd, to, 0);
}

long sys_link(const char *from, const char *to)
{
	return sys_linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

long sys_symlink(const char *text, const char *path)
{
	return sys_symlinkat(text, AT_FDCWD, path);
}

long sys_chmod(const char *path, u32 mode)
{
	return sys_fchmodat(AT_FDCWD, path, mode);
}

long sys_chown(const char *path, u32 uid, u32 gid)
{
	return sys_fchownat(AT_FDCWD, path, uid, gid, 0);
}

long sys_lchown(const char *path, u32 uid, u32 gid)
{
	return sys_fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

long sys_creat(const char *path, u32 mode)
{
	return sys_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

long sys_pipe(int *fds)
{
	return sys_pipe2(fds, 0);
}

/* size was once a hint for the table; it must still be positive. */
long sys_epoll_create(int size)
{
	return size > 0 ? sys_epoll_create1(0) : -EINVAL;
}

long sys_eventfd(unsigned int count)
{
	return sys_eventfd2(count, 0);
}
