// SPDX-License-Identifier: BSD-2-Clause
/*
 * What /proc/self says of the program as a whole: exe, cmdline, environ, limits, and a few settings
 * that programs write to because on Linux somebody would look (oom_score_adj).
 *
 * Called by procfs in thread context, always by the program itself: what lies in its memory is read
 * there.
 */
#include <errno.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/proc_task.h>
#include <kernel/abi/task.h>
#include <kernel/fs/procfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <stdio.h>
#include <stdlib.h>

#define CHUNK 256
#define OOM_SCORE_MAX 1000

static int oom_score_adj;

static int exe_link(void *private, struct vfs_link *to)
{
	if (!the_process || !the_process->exe_path)
		return -ENOENT;
	to->text = kstrdup(the_process->exe_path, GFP_KERNEL);
	return to->text ? 0 : -ENOMEM;
}

static int thread_self_link(void *private, struct vfs_link *to)
{
	char text[40];

	if (!current_user)
		return -ENOENT;
	snprintf(text, sizeof(text), "%d/task/%d", the_process->pid, current_user->tid);
	to->text = kstrdup(text, GFP_KERNEL);
	return to->text ? 0 : -ENOMEM;
}

/* Text of the program's own memory, as far as it is there. */
static int memory_show(struct seq_file *m, unsigned long start, unsigned long end)
{
	char chunk[CHUNK];

	while (start < end) {
		size_t n = min_t(size_t, end - start, sizeof(chunk));
		size_t left = raw_copy_from_user(chunk, (const void *)start, n);

		seq_write(m, chunk, n - left);
		if (left)
			break;
		start += n;
	}
	return 0;
}

static int cmdline_show(struct seq_file *m)
{
	const struct mm_struct *mm = current->mm;

	return mm ? memory_show(m, mm->arg_start, mm->arg_end) : 0;
}

static int environ_show(struct seq_file *m)
{
	const struct mm_struct *mm = current->mm;

	return mm ? memory_show(m, mm->env_start, mm->env_end) : 0;
}

static int auxv_show(struct seq_file *m)
{
	const struct mm_struct *mm = current->mm;

	return mm ? memory_show(m, mm->auxv, mm->auxv + mm->auxv_len) : 0;
}

static const struct {
	const char *name, *unit;
} limit_names[RLIMIT_NLIMITS] = {
	{ "Max cpu time", "seconds" },
	{ "Max file size", "bytes" },
	{ "Max data size", "bytes" },
	{ "Max stack size", "bytes" },
	{ "Max core file size", "bytes" },
	{ "Max resident set", "bytes" },
	{ "Max processes", "processes" },
	{ "Max open files", "files" },
	{ "Max locked memory", "bytes" },
	{ "Max address space", "bytes" },
	{ "Max file locks", "locks" },
	{ "Max pending signals", "signals" },
	{ "Max msgqueue size", "bytes" },
	{ "Max nice priority", "" },
	{ "Max realtime priority", "" },
	{ "Max realtime timeout", "us" },
};

static void show_limit(struct seq_file *m, rlim_t value)
{
	if (value == RLIM_INFINITY)
		seq_printf(m, "%-20s ", "unlimited");
	else
		seq_printf(m, "%-20lu ", value);
}

static int limits_show(struct seq_file *m)
{
	if (!the_process)
		return -ESRCH;
	seq_printf(m, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (int i = 0; i < RLIMIT_NLIMITS; i++) {
		seq_printf(m, "%-25s ", limit_names[i].name);
		show_limit(m, the_process->rlimits->lim[i].rlim_cur);
		show_limit(m, the_process->rlimits->lim[i].rlim_max);
		seq_printf(m, "%-10s\n", limit_names[i].unit);
	}
	return 0;
}

static int oom_score_adj_show(struct seq_file *m)
{
	seq_printf(m, "%d\n", oom_score_adj);
	return 0;
}

static ssize_t oom_score_adj_write(struct seq_file *m, char *text, size_t len)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || (*end && *end != '\n') || value < -OOM_SCORE_MAX ||
	    value > OOM_SCORE_MAX)
		return -EINVAL;
	oom_score_adj = (int)value;
	return (ssize_t)len;
}

static int cgroup_show(struct seq_file *m)
{
	seq_puts(m, "0::/\n");
	return 0;
}

static const struct proc_ops cmdline_ops = { .show = cmdline_show };
static const struct proc_ops environ_ops = { .show = environ_show };
static const struct proc_ops auxv_ops = { .show = auxv_show };
static const struct proc_ops limits_ops = { .show = limits_show };
static const struct proc_ops cgroup_ops = { .show = cgroup_show };
static const struct proc_ops oom_ops = { .show = oom_score_adj_show,
					 .write = oom_score_adj_write };

void proc_program_init(void)
{
	if (proc_create_link("self/exe", exe_link, NULL) ||
	    proc_create_link("thread-self", thread_self_link, NULL) ||
	    proc_create("self/cmdline", 0444, &cmdline_ops, NULL) ||
	    proc_create("self/environ", 0400, &environ_ops, NULL) ||
	    proc_create("self/auxv", 0400, &auxv_ops, NULL) ||
	    proc_create("self/limits", 0444, &limits_ops, NULL) ||
	    proc_create("self/cgroup", 0444, &cgroup_ops, NULL) ||
	    proc_create("self/oom_score_adj", 0644, &oom_ops, NULL))
		panic("no memory for the program in /proc");
}
