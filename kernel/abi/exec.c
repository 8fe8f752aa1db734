// SPDX-License-Identifier: BSD-2-Clause
/*
 * execve(2) and execveat(2): another program takes the place of the running one. It is loaded whole
 * into an address space of its own first (bprm.c); what can fail is over before anything of the old
 * program is touched. Then its other threads end, files marked O_CLOEXEC are closed, and registers,
 * signals and memory become the new program's.
 *
 * Called through the system call table in the thread that asks, sleeps while the other threads end.
 * exec_start() is also the last step of the first program (start.c). Left out: set-id bits,
 * capabilities, ptrace.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/exec.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/signal.h>
#include <kernel/cpu/msr.h>
#include <kernel/sched/irqflags.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <stdio.h>
#include <string.h>

/* The last part of a path, as Linux's comm: 15 bytes of it. */
static void set_comm(struct user_task *u, const char *path)
{
	const char *slash = strrchr(path, '/');

	snprintf(u->comm, sizeof(u->comm), "%s", slash ? slash + 1 : path);
	snprintf(u->thread->name, sizeof(u->thread->name), "%s", u->comm);
}

static void close_on_exec(struct files_struct *fs)
{
	int fd = -1;

	while ((fd = next_open_fd(fs, (unsigned int)(fd + 1))) >= 0) {
		struct file *f = NULL;

		if (get_close_on_exec(fs, (unsigned int)fd))
			f = pick_file(fs, (unsigned int)fd);
		if (f)
			fput(f);
	}
}

static void reset_task(struct user_task *u)
{
	user_state_reset(u);
	u->clear_child_tid = NULL;
	u->robust_list = NULL;
	u->rseq = 0;
	u->altstack_sp = u->altstack_size = 0;
	u->altstack_flags = SS_DISABLE;
}

static void set_registers(struct pt_regs *regs, u64 entry, u64 sp)
{
	struct pt_regs clean = { .rip = entry, .rsp = sp, .cs = regs->cs, .ss = regs->ss };

	clean.rflags = X86_EFLAGS_IF | X86_EFLAGS_FIXED;
	*regs = clean;
}

void exec_start(struct linux_binprm *b)
{
	struct user_task *u = current_user;
	struct process *p = u->process;
	struct mm_struct *old = p->mm;
	char *old_path = p->exe_path;

	process_single_thread(); /* their last steps look at the old program's memory */
	p->mm = b->mm;
	mm_activate(b->mm);
	rlimits_apply(b->mm);
	b->mm = NULL;
	if (old)
		mm_destroy(old);
	p->exe_path = b->exe_path;
	b->exe_path = NULL;
	kfree(old_path);
	close_on_exec(current->files);
	signal_exec(p);
	reset_task(u);
	set_comm(u, b->path);
	set_registers(u->regs, b->entry, b->sp);
}

/*
 * The name that the program and an interpreter see: what was written, or for a path that begins at
 * a descriptor the one that Linux makes up.
 */
static int set_path(struct linux_binprm *b, int dfd, const char *path)
{
	size_t size = strlen(path) + sizeof("/dev/fd//-2147483648");

	if (dfd == AT_FDCWD || *path == '/') {
		b->path = kstrdup(path, GFP_KERNEL);
		return b->path ? 0 : -ENOMEM;
	}
	b->path = kmalloc(size, GFP_KERNEL);
	if (!b->path)
		return -ENOMEM;
	snprintf(b->path, size, "/dev/fd/%d%s%s", dfd, *path ? "/" : "", path);
	b->path_gone = fcheck(current->files, (unsigned int)dfd) &&
		       get_close_on_exec(current->files, (unsigned int)dfd);
	return 0;
}

static int load(struct linux_binprm *b, int dfd, const char *path, int flags,
		const char *const *const vectors[2])
{
	int err = set_path(b, dfd, path);

	if (!err)
		err = exec_args_copy(&b->args, b->path, vectors[0], vectors[1],
				     rlimit(RLIMIT_STACK));
	if (!err)
		err = bprm_open(b, dfd, path, flags);
	return err ? err : bprm_load(b);
}

static long do_execve(int dfd, const char *upath, const char *const *argv,
		      const char *const *envp, int flags)
{
	const char *const *const vectors[2] = { argv, envp };
	struct linux_binprm *b = kzalloc(sizeof(*b), GFP_KERNEL);
	char *path = getname(upath, flags & AT_EMPTY_PATH);
	int err = IS_ERR(path) ? (int)PTR_ERR(path) : b ? 0 : -ENOMEM;

	if (!err)
		err = load(b, dfd, path, flags, vectors);
	if (!err && (current_user->flags & TIF_EXIT))
		err = -EINTR; /* another thread was faster: with execve, or with the end */
	if (!err)
		exec_start(b);
	if (b)
		bprm_release(b);
	kfree(b);
	if (!IS_ERR(path))
		putname(path);
	return err;
}

long sys_execve(const char *path, const char *const *argv, const char *const *envp)
{
	return do_execve(AT_FDCWD, path, argv, envp, 0);
}

long sys_execveat(int dfd, const char *path, const char *const *argv, const char *const *envp,
		  int flags)
{
	if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	return do_execve(dfd, path, argv, envp, flags);
}
