// SPDX-License-Identifier: BSD-2-Clause
/*
 * Extended attributes (xattr(7)): files have none, and say so as Linux's tmpfs does: nothing to
 * list, no "user." names, and ENODATA where a name could be there but is not.
 *
 * Setting one is refused. Called by the system call table, thread context, never sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/fs_calls.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/uaccess.h>
#include <string.h>

#define XATTR_NAME_MAX 255
#define XATTR_SIZE_MAX 65536ul
#define XATTR_FLAGS 3 /* XATTR_CREATE, XATTR_REPLACE */

/* The rest of a call that would set one. */
struct xattr_value {
	size_t size;
	int flags;
};

/* What asking for, or (set) giving an attribute of this name says; -ERANGE, -EFAULT: bad name. */
static int by_name(const char *uname, bool set)
{
	char name[XATTR_NAME_MAX + 1];
	long len = strncpy_from_user(name, uname, sizeof(name));

	if (len < 0)
		return (int)len;
	if (!len || len > XATTR_NAME_MAX)
		return -ERANGE;
	if (!strncmp(name, "trusted.", 8) || !strncmp(name, "security.", 9) ||
	    !strcmp(name, "system.posix_acl_access") || !strcmp(name, "system.posix_acl_default"))
		return set ? -EOPNOTSUPP : -ENODATA;
	return -EOPNOTSUPP;
}

/* Whether there is a file at all: 0 or -errno. */
static int path_there(const char *upath, bool follow)
{
	char *name = getname(upath, false);
	int err;

	if (IS_ERR(name))
		return (int)PTR_ERR(name);
	err = do_statat(AT_FDCWD, name, follow, NULL);
	putname(name);
	return err;
}

static int fd_there(int fd)
{
	struct file *f = fget(fd);

	if (!f)
		return -EBADF;
	fput(f);
	return 0;
}

static long set_answer(int there, const char *name, const struct xattr_value *v)
{
	int err;

	if (there)
		return there;
	if (v->flags & ~XATTR_FLAGS)
		return -EINVAL;
	err = by_name(name, true);
	return err != -ERANGE && err != -EFAULT && v->size > XATTR_SIZE_MAX ? -E2BIG : err;
}

long sys_setxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
	const struct xattr_value v = { size, flags };

	return set_answer(path_there(path, true), name, &v);
}

long sys_lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
	const struct xattr_value v = { size, flags };

	return set_answer(path_there(path, false), name, &v);
}

long sys_fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	const struct xattr_value v = { size, flags };

	return set_answer(fd_there(fd), name, &v);
}

long sys_getxattr(const char *path, const char *name, void *value, size_t size)
{
	int err = path_there(path, true);

	return err ? err : by_name(name, false);
}

long sys_lgetxattr(const char *path, const char *name, void *value, size_t size)
{
	int err = path_there(path, false);

	return err ? err : by_name(name, false);
}

long sys_fgetxattr(int fd, const char *name, void *value, size_t size)
{
	int err = fd_there(fd);

	return err ? err : by_name(name, false);
}

long sys_listxattr(const char *path, char *list, size_t size)
{
	return path_there(path, true);
}

long sys_llistxattr(const char *path, char *list, size_t size)
{
	return path_there(path, false);
}

long sys_flistxattr(int fd, char *list, size_t size)
{
	return fd_there(fd);
}

long sys_removexattr(const char *path, const char *name)
{
	return sys_getxattr(path, name, NULL, 0);
}

long sys_lremovexattr(const char *path, const char *name)
{
	return sys_lgetxattr(path, name, NULL, 0);
}

long sys_fremovexattr(int fd, const char *name)
{
	return sys_fgetxattr(fd, name, NULL, 0);
}
