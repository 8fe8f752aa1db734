// SPDX-License-Identifier: BSD-2-Clause
/*
 * What /proc/self says of the program's threads, in Linux's words: status, stat, comm, and
 * task/TID with the same for each thread. The program's own files speak of its first thread, or of
 * the oldest one that is left.
 *
 * Called by procfs in thread context. Left out of stat: faults and times of children, what only a
 * swap or several processors could say; wchan and the stack pointers are 0, as Linux tells others.
 */
#include <dirent.h>
#include <errno.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/proc_mem.h>
#include <kernel/abi/proc_task.h>
#include <kernel/abi/rusage.h>
#include <kernel/abi/signal.h>
#include <kernel/fs/dirent.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/procfs.h>
#include <kernel/mm/mm_types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CLOCK_TICK_NS (NSEC_PER_SEC / 100)
#define PRIORITY_ZERO 20

/* private of every entry: the thread's number, 0 for the program's own files. */
static struct user_task *task_of(const struct seq_file *m)
{
	int tid = (int)(unsigned long)m->private;

	if (!the_process || list_empty(&the_process->tasks))
		return NULL;
	return tid ? find_user_task(tid) :
		     list_first_entry(&the_process->tasks, struct user_task, node);
}

static char state_letter(const struct user_task *u)
{
	switch (u->thread->state) {
	case TASK_INTERRUPTIBLE:
		return 'S';
	case TASK_UNINTERRUPTIBLE:
		return 'D';
	default:
		return 'R';
	}
}

static const char *state_word(char letter)
{
	return letter == 'S' ? "sleeping" : letter == 'D' ? "disk sleep" : "running";
}

static void handled_signals(u64 *ignored, u64 *caught)
{
	*ignored = *caught = 0;
	for (int sig = 1; sig <= SIGNALS_MAX; sig++) {
		u64 handler = the_process->signal->action[sig - 1].handler;

		if (handler == (u64)SIG_IGN)
			*ignored |= sigmask(sig);
		else if (handler != (u64)SIG_DFL)
			*caught |= sigmask(sig);
	}
}

static void status_ids(struct seq_file *m, const struct credentials *c)
{
	seq_printf(m, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\n", c->uid, c->euid, c->suid,
		   c->fsuid, c->gid, c->egid, c->sgid, c->fsgid);
	seq_printf(m, "FDSize:\t%u\nGroups:\t", current->files ? current->files->max_fds : 0);
	for (u32 i = 0; i < c->ngroups; i++)
		seq_printf(m, "%u ", c->groups[i]);
	seq_puts(m, "\n");
}

static void status_signals(struct seq_file *m, const struct user_task *u)
{
	const struct signal_state *s = the_process->signal;
	u64 ignored, caught;

	handled_signals(&ignored, &caught);
	seq_printf(m, "SigQ:\t%u/%lu\nSigPnd:\t%016lx\nShdPnd:\t%016lx\n", s->nr_queued,
		   rlimit(RLIMIT_SIGPENDING), u->sig_pending, s->pending);
	seq_printf(m, "SigBlk:\t%016lx\nSigIgn:\t%016lx\nSigCgt:\t%016lx\n", u->blocked, ignored,
		   caught);
}

static void status_capabilities(struct seq_file *m, const struct credentials *c)
{
	seq_printf(m, "CapInh:\t%016lx\nCapPrm:\t%016lx\nCapEff:\t%016lx\n", c->cap_inheritable,
		   c->cap_permitted, c->cap_effective);
	seq_printf(m, "CapBnd:\t%016lx\nCapAmb:\t%016lx\nNoNewPrivs:\t%d\nSeccomp:\t0\n",
		   c->cap_bset, c->cap_ambient, c->no_new_privs);
}

static int status_show(struct seq_file *m)
{
	const struct user_task *u = task_of(m);
	const struct process *p = the_process;

	if (!u)
		return -ESRCH;
	seq_printf(m, "Name:\t%s\nUmask:\t%04o\nState:\t%c (%s)\n", u->comm,
		   current->files ? current->files->fs.umask : 0, state_letter(u),
		   state_word(state_letter(u)));
	seq_printf(m, "Tgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t0\nTracerPid:\t0\n", p->pid, u->tid);
	status_ids(m, p->cred);
	seq_printf(m, "NStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\n", p->pid, u->tid,
		   p->cred->pgid, p->cred->sid);
	if (p->mm)
		proc_mem_status(m, p->mm);
	seq_printf(m, "CoreDumping:\t0\nThreads:\t%u\n", p->nr_tasks);
	status_signals(m, u);
	status_capabilities(m, p->cred);
	seq_puts(m, "Cpus_allowed:\t1\nCpus_allowed_list:\t0\nMems_allowed:\t1\n"
		    "Mems_allowed_list:\t0\n");
	return 0;
}

/* Fields 14 to 24: times, priorities, memory. */
static void stat_numbers(struct seq_file *m, const struct user_task *u, bool whole)
{
	const struct mm_struct *mm = the_process->mm;
	u64 ns = whole ? process_run_ns() : task_run_ns(u);

	seq_printf(m, " %llu 0 0 0 %d %d %u 0 %llu", ns / CLOCK_TICK_NS,
		   u->rt_priority ? -1 - u->rt_priority : PRIORITY_ZERO + u->nice, u->nice,
		   the_process->nr_tasks, u->start_ns / CLOCK_TICK_NS);
	seq_printf(m, " %lu %lu %lu", mm ? mm->total_vm * PAGE_SIZE : 0,
		   mm ? mm->rss_anon + mm->rss_file : 0, rlimit(RLIMIT_RSS));
}

/* Fields 26 to 52. */
static void stat_rest(struct seq_file *m, const struct user_task *u)
{
	static const struct mm_struct none;
	const struct mm_struct *mm = the_process->mm ? the_process->mm : &none;
	u64 ignored, caught;

	handled_signals(&ignored, &caught);
	seq_printf(m, " %lu %lu %lu 0 0", mm->start_code, mm->end_code, mm->start_stack);
	seq_printf(m, " %lu %lu %lu %lu", u->sig_pending & 0x7fffffff, u->blocked & 0x7fffffff,
		   ignored & 0x7fffffff, caught & 0x7fffffff);
	seq_printf(m, " 0 0 0 %d 0 %d %d 0 0 0", SIGCHLD, u->rt_priority, u->policy);
	seq_printf(m, " %lu %lu %lu", mm->start_data, mm->end_data, mm->start_brk);
	seq_printf(m, " %lu %lu %lu %lu 0\n", mm->arg_start, mm->arg_end, mm->env_start,
		   mm->env_end);
}

static int stat_show(struct seq_file *m)
{
	const struct user_task *u = task_of(m);
	const struct process *p = the_process;

	if (!u)
		return -ESRCH;
	seq_printf(m, "%d (%s) %c 0 %d %d 0 -1 4194304", u->tid, u->comm, state_letter(u),
		   p->cred->pgid, p->cred->sid);
	seq_printf(m, " %lu 0 0 0", p->mm ? p->mm->min_faults : 0);
	stat_numbers(m, u, !m->private);
	stat_rest(m, u);
	return 0;
}

static int comm_show(struct seq_file *m)
{
	const struct user_task *u = task_of(m);

	if (!u)
		return -ESRCH;
	seq_printf(m, "%s\n", u->comm);
	return 0;
}

static ssize_t comm_write(struct seq_file *m, char *text, size_t len)
{
	struct user_task *u = task_of(m);

	if (!u)
		return -ESRCH;
	snprintf(u->comm, sizeof(u->comm), "%s", text);
	u->comm[strcspn(u->comm, "\n")] = '\0';
	snprintf(u->thread->name, sizeof(u->thread->name), "%s", u->comm);
	return (ssize_t)len;
}

static const struct proc_file {
	const char *name;
	u32 mode;
	struct proc_ops ops;
} files[] = {
	{ "status", 0444, { .show = status_show } },
	{ "stat", 0444, { .show = stat_show } },
	{ "comm", 0644, { .show = comm_show, .write = comm_write } },
};

static void thread_iterate(struct dir_context *ctx, void *private)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (!dir_emit(ctx, files[i].name, (unsigned long)private + i, DT_REG))
			return;
	}
}

static int thread_lookup(const char *name, void *private, struct proc_found *found)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(name, files[i].name))
			continue;
		found->mode = S_IFREG | files[i].mode;
		found->ops = &files[i].ops;
		found->private = private;
		return 0;
	}
	return -ENOENT;
}

static const struct proc_dir_ops thread_dir_ops = {
	.iterate = thread_iterate, .lookup = thread_lookup,
};

static void task_iterate(struct dir_context *ctx, void *private)
{
	const struct user_task *u;
	char name[12];

	if (!the_process)
		return;
	list_for_each_entry(u, &the_process->tasks, node) {
		snprintf(name, sizeof(name), "%d", u->tid);
		if (!dir_emit(ctx, name, (unsigned long)u->tid, DT_DIR))
			return;
	}
}

static int task_lookup(const char *name, void *private, struct proc_found *found)
{
	char *end;
	unsigned long tid = strtoul(name, &end, 10);

	if (*end || name[0] < '1' || name[0] > '9' || tid > INT32_MAX || !the_process ||
	    !find_user_task((int)tid))
		return -ENOENT;
	found->mode = S_IFDIR | 0555;
	found->dir = &thread_dir_ops;
	found->private = (void *)tid;
	return 0;
}

static const struct proc_dir_ops task_dir_ops = { .iterate = task_iterate, .lookup = task_lookup };

void proc_task_init(void)
{
	char path[32];
	int err = proc_create_dir("self/task", &task_dir_ops);


	for (size_t i = 0; i < ARRAY_SIZE(files) && !err; i++) {
		snprintf(path, sizeof(path), "self/%s", files[i].name);
		err = proc_create(path, files[i].mode, &files[i].ops, NULL);
	}
	if (err)
		panic("no memory for the program's threads in /proc");
	proc_program_init();
}
