// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/self: what the current program has open.
 *
 * /proc/self/fd lists the descriptors. There are no links yet, so each entry is a file whose text
 * is what the link would say ("socket:[17]"), followed by its flags and position as Linux shows
 * them in fdinfo.
 *
 * Called by procfs in thread context. Left out: everything about memory and other programs.
 */
#include <dirent.h>
#include <kernel/fs/dirent.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/procfs.h>
#include <kernel/sched/thread.h>
#include <stdio.h>
#include <string.h>

/* m->private is the descriptor's number. */
static int proc_fd_show(struct seq_file *m)
{
	const struct file *f = fcheck(current->files, (unsigned int)(unsigned long)m->private);
	size_t len;

	if (!f)
		return 0; /* closed since it was opened here */
	len = strlen(f->f_op->name);
	seq_puts(m, f->f_op->name);
	if (len && f->f_op->name[len - 1] == ':')
		seq_printf(m, "[%lu]", f->f_ino);
	seq_printf(m, "\nflags:\t0%o\npos:\t%ld\n", f->f_flags, f->f_pos);
	return 0;
}

static const struct proc_ops proc_fd_ops = { .show = proc_fd_show };

static void proc_fd_iterate(struct dir_context *ctx)
{
	const struct files_struct *fs = current->files;
	char name[12];
	int fd = -1;

	while ((fd = next_open_fd(fs, (unsigned int)(fd + 1))) >= 0) {
		snprintf(name, sizeof(name), "%d", fd);
		if (!dir_emit(ctx, name, fs->fd[fd]->f_ino, DT_REG))
			return;
	}
}

static const struct proc_ops *proc_fd_lookup(const char *name, void **private)
{
	unsigned long fd = 0;
	const char *p;

	for (p = name; *p >= '0' && *p <= '9' && fd < SYSCTL_NR_OPEN_MAX; p++)
		fd = fd * 10 + (unsigned long)(*p - '0');
	if (*p || p == name || !fcheck(current->files, (unsigned int)fd))
		return NULL;
	*private = (void *)fd;
	return &proc_fd_ops;
}

static const struct proc_dir_ops proc_fd_dir_ops = {
	.iterate = proc_fd_iterate,
	.lookup = proc_fd_lookup,
};

void proc_self_init(void)
{
	if (proc_create_dir("self/fd", &proc_fd_dir_ops))
		panic("proc: no memory for /proc/self");
}
