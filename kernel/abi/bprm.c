// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a path to a program that can be loaded: open it, follow `#!` to its interpreter (Linux's
 * fs/binfmt_script.c: five times at most), check the ELF files.
 *
 * Called by exec.c (execve) and start.c (the first program), thread context. Nothing here sleeps.
 * Left out: set-id bits, binfmt_misc, files that are not in the root file system.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/abi/exec.h>
#include <kernel/fs/file.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_REWRITES 5

int bprm_fail(struct linux_binprm *b, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(b->why, sizeof(b->why), fmt, ap);
	va_end(ap);
	return err;
}

/* The file behind a descriptor, opened anew: O_PATH will do. */
static struct file *reopen_fd(int fd)
{
	struct file *f = fget_raw(fd), *opened = ERR_PTR(-EACCES);
	struct path place;

	if (!f)
		return ERR_PTR(-EBADF);
	if (!file_place(f, &place)) {
		if (place.inode)
			opened = ramfs_open(place.inode, O_RDONLY);
		path_put(&place);
	}
	fput(f);
	return opened;
}

/* An executable file, or ERR_PTR; -EACCES as Linux. */
static struct file *open_exec(int dfd, const char *path, int flags)
{
	struct file *f = !*path && flags & AT_EMPTY_PATH ?
				 reopen_fd(dfd) :
				 do_filp_open(dfd, path, flags & AT_SYMLINK_NOFOLLOW ?
							 O_NOFOLLOW : 0, 0);
	struct ramfs_inode *inode;

	if (IS_ERR(f))
		return f;
	inode = ramfs_file_inode(f);
	if (inode && S_ISREG(inode->mode) && inode->mode & 0111)
		return f;
	fput(f);
	return ERR_PTR(-EACCES);
}

static const char *open_error(int err)
{
	return err == -ENOENT  ? "is not in the root file system" :
	       err == -EACCES  ? "is not executable" :
	       err == -ENOTDIR ? "has a file in the place of a directory" :
	       err == -ELOOP   ? "has too many symbolic links" :
				 "cannot be opened";
}

/* --- scripts --------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Cut `#! INTERPRETER [ARGUMENT]` apart in place. -ENOEXEC: no name, or no end within the buffer.
 */
static int parse_script(char *line, size_t len, char **interp, char **arg)
{
	char *end = memchr(line, '\n', len), *p = line + 2;

	if (!end && len == BINPRM_BUF_SIZE) {
		/* A name that is cut off would be another program; a cut argument is Linux's. */
		end = line + len - 1;
		while (p < end && is_blank(*p))
			p++;
		while (p < end && !is_blank(*p))
			p++;
		if (p == end)
			return -ENOEXEC;
		p = line + 2;
	} else if (!end) {
		end = line + len;
	}
	while (end > p && is_blank(end[-1]))
		end--;
	*end = '\0';
	while (is_blank(*p))
		p++;
	if (!*p)
		return -ENOEXEC;
	*interp = p;
	while (*p && !is_blank(*p))
		p++;
	while (is_blank(*p))
		*p++ = '\0';
	*arg = *p ? p : NULL;
	return 0;
}

/* One step; 1: an interpreter took the script's place, 0: it is no script. */
static int follow_script(struct linux_binprm *b)
{
	char line[BINPRM_BUF_SIZE + 1], *interp, *arg, *path;
	size_t n = ramfs_read(ramfs_file_inode(b->file), 0, line, BINPRM_BUF_SIZE);
	struct file *f;
	int err;

	if (n < 2 || line[0] != '#' || line[1] != '!')
		return 0;
	if (b->path_gone) /* its interpreter could not open it any more */
		return -ENOENT;
	line[n] = '\0';
	err = parse_script(line, n, &interp, &arg);
	if (err)
		return bprm_fail(b, err, "%s: its #! line names no interpreter", b->exe_path);
	f = open_exec(AT_FDCWD, interp, 0);
	if (IS_ERR(f))
		return bprm_fail(b, (int)PTR_ERR(f), "%s: its interpreter %s %s", b->exe_path, interp,
			    open_error((int)PTR_ERR(f)));
	fput(b->file);
	b->file = f;
	err = exec_args_script(&b->args, interp, arg, b->exe_path);
	path = kstrdup(interp, GFP_KERNEL);
	if (err || !path) {
		kfree(path);
		return err ? err : -ENOMEM;
	}
	kfree(b->exe_path);
	b->exe_path = path;
	return 1;
}

/* --- files ----------------------------------------------------------------------------------- */

static int open_interp(struct linux_binprm *b)
{
	const char *name = b->exe.interp;
	int err;

	b->interp_file = open_exec(AT_FDCWD, name, 0);
	if (IS_ERR(b->interp_file)) {
		err = (int)PTR_ERR(b->interp_file);
		b->interp_file = NULL;
		return bprm_fail(b, err, "%s: its program interpreter %s %s", b->exe_path, name,
			    open_error(err));
	}
	err = elf_parse(ramfs_file_inode(b->interp_file), &b->interp, true);
	return err ? bprm_fail(b, err, "%s, the program interpreter of %s: %s", name, b->exe_path,
			  b->interp.why ? b->interp.why : "there is not enough memory")
		   : 0;
}

/* Now that the file is known: where it really is, for /proc/self/exe. */
static int set_exe_path(struct linux_binprm *b)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL), *text = NULL;

	if (buf)
		text = file_text(b->file, buf, PATH_MAX);
	if (text && !IS_ERR(text))
		text = kstrdup(text, GFP_KERNEL);
	kfree(buf);
	if (!text || IS_ERR(text))
		return text ? (int)PTR_ERR(text) : -ENOMEM;
	kfree(b->exe_path);
	b->exe_path = text;
	return 0;
}

int bprm_open(struct linux_binprm *b, int dfd, const char *path, int flags)
{
	int err, depth = 0;

	b->exe_path = kstrdup(b->path, GFP_KERNEL);
	if (!b->exe_path)
		return -ENOMEM;
	b->file = open_exec(dfd, path, flags);
	if (IS_ERR(b->file)) {
		err = (int)PTR_ERR(b->file);
		b->file = NULL;
		return bprm_fail(b, err, "%s %s", b->path, open_error(err));
	}
	while ((err = follow_script(b)) > 0)
		if (++depth > MAX_REWRITES)
			return bprm_fail(b, -ELOOP, "%s: too many interpreters of interpreters", path);
	if (err)
		return err;
	err = elf_parse(ramfs_file_inode(b->file), &b->exe, false);
	if (err)
		return bprm_fail(b, err, "%s: %s", b->exe_path,
			    b->exe.why ? b->exe.why : "there is not enough memory");
	err = set_exe_path(b);
	return !err && b->exe.interp ? open_interp(b) : err;
}

void bprm_release(struct linux_binprm *b)
{
	exec_args_release(&b->args);
	elf_release(&b->exe);
	elf_release(&b->interp);
	if (b->file)
		fput(b->file);
	if (b->interp_file)
		fput(b->interp_file);
	if (b->mm)
		mm_destroy(b->mm);
	kfree(b->path);
	kfree(b->exe_path);
	memset(b, 0, sizeof(*b));
}
