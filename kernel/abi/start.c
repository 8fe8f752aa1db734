// SPDX-License-Identifier: BSD-2-Clause
/*
 * The machine's first program: a process is made around the calling kernel thread, the file is
 * loaded, and the thread goes to ring 3 for good. Called once by kernel/init_program.c at the end
 * of the start-up, with files 0, 1 and 2 open. What cannot be run is named on the console, and the
 * machine ends with failure.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/abi/exec.h>
#include <kernel/abi/signal.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <string.h>

#define INIT_PID 1
#define FIRST_STACK_LIMIT (8ul << 20)
#define STATUS_NOT_FOUND 127 /* as shells say it */
#define STATUS_NOT_RUN 126

/* The process around this thread, without memory yet. What fails is for the machine's end. */
static int make_process(void)
{
	struct process *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	INIT_LIST_HEAD(&p->tasks);
	init_waitqueue_head(&p->exit_wait);
	p->pid = INIT_PID;
	if (process_misc_init(p) || signal_process_init(p) || !user_task_create(p, current))
		return -ENOMEM;
	the_process = p;
	current_user->start_ns = ktime_get_ns();
	signal_task_init(current_user, NULL);
	return 0;
}

static int load(struct linux_binprm *b, const char *path, const char *const *argv,
		const char *const *envp)
{
	int err = exec_args_copy(&b->args, path, argv, envp, FIRST_STACK_LIMIT);

	b->path = kstrdup(path, GFP_KERNEL);
	if (!err)
		err = b->path ? bprm_open(b, AT_FDCWD, path, 0) : -ENOMEM;
	if (!err)
		err = make_process();
	return err ? err : bprm_load(b);
}

static void __noreturn give_up(struct linux_binprm *b, int err)
{
	int status = err == -ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN;

	pr_err("init: cannot run the program: %s (error %d)\n",
	       b && *b->why ? b->why : "there is not enough memory", -err);
	if (b)
		bprm_release(b);
	kfree(b);
	if (current_user)
		do_exit_group(status << 8);
	sys_exit_group(status);
}

void run_user_program(const char *path, const char *const *argv, const char *const *envp)
{
	struct linux_binprm *b = kzalloc(sizeof(*b), GFP_KERNEL);
	int err = b ? load(b, path, argv, envp) : -ENOMEM;

	if (err)
		give_up(b, err);
	exec_start(b);
	bprm_release(b);
	kfree(b);
	pr_info("init: %s, entry 0x%lx\n", path, current_user->regs->rip);
	enter_user_mode();
}
