// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/self: what the program has open and where it is.
 *
 * fd holds a symbolic link for each descriptor, whose text is the file's path or its kind
 * ("socket:[17]"); following one leads to the file itself, whatever became of its path. fdinfo tells
 * position and flags. cwd and root are links to places. What else is known of a program in ring 3
 * (maps, status, exe ...) is registered by the floor that runs it.
 *
 * Called by procfs in thread context. Left out: other programs, there are none.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/dirent.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/procfs.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* --- descriptors ----------------------------------------------------------------------------- */

/* private is the descriptor's number. */
static int fdinfo_show(struct seq_file *m)
{
	unsigned int fd = (unsigned int)(unsigned long)m->private;
	const struct file *f = fcheck(current->files, fd);
	u32 cloexec;

	if (!f)
		return -ENOENT; /* closed since it was opened here */
	cloexec = get_close_on_exec(current->files, fd) ? O_CLOEXEC : 0;
	seq_printf(m, "pos:\t%ld\nflags:\t0%o\nmnt_id:\t%d\nino:\t%lu\n", max(f->f_pos, 0l),
		   f->f_flags | cloexec, 1, f->f_ino);
	if (f->f_op->show_fdinfo)
		f->f_op->show_fdinfo(m, f);
	return 0;
}

static const struct proc_ops fdinfo_ops = { .show = fdinfo_show };

static int fd_get_link(void *private, struct vfs_link *to)
{
	struct file *f = fcheck(current->files, (unsigned int)(unsigned long)private);
	char *buf, *text;
	int err;

	if (!f)
		return -ENOENT;
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	text = file_text(f, buf, PATH_MAX);
	if (!IS_ERR(text))
		to->text = kstrdup(text, GFP_KERNEL);
	kfree(buf);
	if (IS_ERR(text) || !to->text)
		return IS_ERR(text) ? (int)PTR_ERR(text) : -ENOMEM;
	err = file_place(f, &to->place);
	if (err == -ENOENT)
		to->file = get_file(f);
	return err == -ENOENT ? 0 : err;
}

static void fd_iterate(struct dir_context *ctx, void *private)
{
	const struct files_struct *fs = current->files;
	char name[12];
	int fd = -1;

	while ((fd = next_open_fd(fs, (unsigned int)(fd + 1))) >= 0) {
		snprintf(name, sizeof(name), "%d", fd);
		if (!dir_emit(ctx, name, fs->fd[fd]->f_ino, private ? DT_REG : DT_LNK))
			return;
	}
}

/* The descriptor that a name stands for, or -ENOENT. */
static int fd_of_name(const char *name, unsigned long *fd)
{
	const char *p;

	*fd = 0;
	for (p = name; *p >= '0' && *p <= '9' && *fd < SYSCTL_NR_OPEN_MAX; p++)
		*fd = *fd * 10 + (unsigned long)(*p - '0');
	return *p || p == name || !fcheck(current->files, (unsigned int)*fd) ? -ENOENT : 0;
}

static int fd_lookup(const char *name, void *private, struct proc_found *found)
{
	const struct file *f;
	unsigned long fd;

	(void)private;
	if (fd_of_name(name, &fd))
		return -ENOENT;
	f = fcheck(current->files, (unsigned int)fd);
	found->mode = S_IFLNK;
	if ((f->f_flags & O_ACCMODE) != O_WRONLY)
		found->mode |= 0500;
	if ((f->f_flags & O_ACCMODE) != O_RDONLY)
		found->mode |= 0300;
	found->get_link = fd_get_link;
	found->private = (void *)fd;
	return 0;
}

static int fdinfo_lookup(const char *name, void *private, struct proc_found *found)
{
	unsigned long fd;

	(void)private;
	if (fd_of_name(name, &fd))
		return -ENOENT;
	found->mode = S_IFREG | 0400;
	found->ops = &fdinfo_ops;
	found->private = (void *)fd;
	return 0;
}

static const struct proc_dir_ops fd_dir_ops = { .iterate = fd_iterate, .lookup = fd_lookup };
static const struct proc_dir_ops fdinfo_dir_ops = {
	.iterate = fd_iterate, .lookup = fdinfo_lookup,
};

/* --- places ---------------------------------------------------------------------------------- */

static int place_link(const struct path *p, struct vfs_link *to)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL), *text;
	int err;

	if (!buf)
		return -ENOMEM;
	text = path_text(p, buf, PATH_MAX);
	if (!IS_ERR(text))
		to->text = kstrdup(text, GFP_KERNEL);
	err = IS_ERR(text) ? (int)PTR_ERR(text) : to->text ? 0 : -ENOMEM;
	kfree(buf);
	return err ? err : path_copy(&to->place, p);
}

static int root_link(void *private, struct vfs_link *to)
{
	const struct files_struct *files = current->files;
	struct path root = { .inode = files && files->fs.root ? files->fs.root : ramfs_root };

	(void)private;
	return place_link(&root, to);
}

static int cwd_link(void *private, struct vfs_link *to)
{
	const struct files_struct *files = current->files;

	if (!files || (!files->fs.pwd.inode && !files->fs.pwd.mnt))
		return root_link(private, to);
	return place_link(&files->fs.pwd, to);
}

/* --- what is the same for every program ------------------------------------------------------ */

#define MOUNTS                                                                                     \
	"rootfs / tmpfs rw 0 0\n"                                                                  \
	"proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n"                                    \
	"sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0\n"
#define MOUNTINFO                                                                                  \
	"1 1 0:1 / / rw - tmpfs rootfs rw\n"                                                       \
	"2 1 0:4 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n"                         \
	"3 1 0:5 / /sys rw,nosuid,nodev,noexec,relatime - sysfs sysfs rw\n"
#define IO                                                                                         \
	"rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\n"                  \
	"cancelled_write_bytes: 0\n"
#define ID_MAP "         0          0 4294967295\n"

/* m->private is the text. */
static int text_show(struct seq_file *m)
{
	seq_puts(m, m->private);
	return 0;
}

static const struct proc_ops text_ops = { .show = text_show };
static const struct {
	const char *path, *text;
} texts[] = {
	{ "self/mounts", MOUNTS },	   { "self/mountinfo", MOUNTINFO },
	{ "self/io", IO },		   { "self/loginuid", "4294967295" },
	{ "self/sessionid", "4294967295" }, { "self/oom_score", "0\n" },
	{ "self/personality", "00000000\n" }, { "self/setgroups", "allow\n" },
	{ "self/uid_map", ID_MAP },	   { "self/gid_map", ID_MAP },
	{ "self/wchan", "0" },		   { "self/coredump_filter", "00000033\n" },
};

void proc_self_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (proc_create(texts[i].path, 0444, &text_ops, (void *)texts[i].text))
			panic("proc: no memory for /proc/%s", texts[i].path);
	if (proc_create_dir("self/fd", &fd_dir_ops) ||
	    proc_create_dir("self/fdinfo", &fdinfo_dir_ops) ||
	    proc_create_link("self/cwd", cwd_link, NULL) ||
	    proc_create_link("self/root", root_link, NULL) ||
	    proc_symlink("self/net", "/proc/net") || proc_symlink("mounts", "self/mounts"))
		panic("proc: no memory for /proc/self");
}
