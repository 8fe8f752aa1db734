// SPDX-License-Identifier: BSD-2-Clause
/*
 * New threads: clone(2) and clone3(2) with the flags of a thread, checked in Linux's order.
 * Everything that would make a second process (fork, vfork, posix_spawn, clone without CLONE_VM
 * and CLONE_THREAD) is refused with ENOSYS: there is one program a machine. The console says so,
 * once for each way of asking, because a program rarely does.
 *
 * A new thread has a kernel stack of its own and begins with its parent's registers, answer 0.
 * Called through the system call table; thread context, nothing sleeps. Left out: tables of files
 * or working directories of single threads, namespaces, set_tid, pidfds, cgroups.
 */
#include <kernel/abi/calls.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/signal.h>
#include <kernel/abi/ucopy.h>
#include <kernel/cpu/fpu.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <kernel/time/clock.h>
#include <linux/sched.h>
#include <sched.h>
#include <string.h>

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
/* Of no meaning for a thread here. */
#define IGNORED_FLAGS (CLONE_SYSVSEM | CLONE_PTRACE | CLONE_UNTRACED | CLONE_DETACHED | CLONE_IO)
#define DONE_FLAGS                                                                                 \
	(CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID |         \
	 CLONE_VFORK)
#define CLONE_LEGACY_FLAGS 0xffffffffULL
#define SIGNAL_MAX 64
#define PID_LEVELS_MAX 32

enum asker { ASKER_FORK, ASKER_VFORK, ASKER_SPAWN, ASKER_CLONE, ASKER_UNSHARED };

static long refuse_process(enum asker who)
{
	static const char *const names[] = {
		[ASKER_FORK] = "fork", [ASKER_VFORK] = "vfork", [ASKER_SPAWN] = "posix_spawn or vfork",
		[ASKER_CLONE] = "clone of a process",
		[ASKER_UNSHARED] = "clone of a thread with files or a namespace of its own",
	};
	static u32 told;

	if (!(told & BIT(who))) {
		told |= (u32)BIT(who);
		pr_notice("%s: refused to %s (ENOSYS): a machine runs one program; use threads, or "
			  "another machine\n",
			  names[who], current_user->comm);
	}
	return -ENOSYS;
}

long sys_fork(void)
{
	return refuse_process(ASKER_FORK);
}

long sys_vfork(void)
{
	return refuse_process(ASKER_VFORK);
}

/* First code of a new thread. */
static int thread_main(void *arg)
{
	if (!current_user)
		return 0; /* its maker ran out of memory */
	if (current_user->flags & TIF_EXIT)
		do_exit_thread(0);
	enter_user_mode();
}

/* Whether the program may have one more. */
static bool may_have_thread(const struct process *p)
{
	if (p->exiting || p->nr_tasks >= threads_max)
		return false;
	return p->nr_tasks < rlimit(RLIMIT_NPROC) || !p->cred->uid || capable(CAP_SYS_RESOURCE) ||
	       capable(CAP_SYS_ADMIN);
}

/* The kernel's side and the program's side of a thread, linked; NULL: no memory. */
static struct user_task *task_create(struct process *p)
{
	struct thread *t = thread_create(thread_main, NULL, "%s", current_user->comm);

	if (!t)
		return NULL;
	thread_detach(t);
	process_next_tid(p);
	return user_task_create(p, t); /* NULL: thread_main sees it */
}

static void task_inherit(struct user_task *u, const struct clone_args *a)
{
	struct user_task *parent = current_user;

	memcpy(u->comm, parent->comm, sizeof(u->comm));
	*u->regs = *parent->regs;
	u->regs->rax = 0;
	if (a->stack)
		u->regs->rsp = a->stack + a->stack_size;
	user_state_sync(parent);
	u->fs_base = a->flags & CLONE_SETTLS ? a->tls : parent->fs_base;
	u->gs_base = parent->gs_base;
	memcpy(u->fpu, parent->fpu, fpu_area_size());
	signal_task_init(u, parent);
	u->policy = parent->policy;
	u->rt_priority = parent->rt_priority;
	u->nice = parent->nice;
	u->ioprio = parent->ioprio;
	u->start_ns = ktime_get_ns();
}

static long create_thread(const struct clone_args *a)
{
	struct process *p = current_user->process;
	struct user_task *u;
	int tid;

	if ((a->flags & CLONE_SETTLS) && a->tls >= TASK_SIZE)
		return -EPERM;
	if (!may_have_thread(p))
		return -EAGAIN;
	u = task_create(p);
	if (!u)
		return -EAGAIN;
	task_inherit(u, a);
	tid = u->tid;
	/* Linux does not look whether these two arrive, either. */
	if (a->flags & CLONE_PARENT_SETTID)
		(void)copy_to_user((void *)a->parent_tid, &tid, sizeof(tid));
	if (a->flags & CLONE_CHILD_SETTID)
		(void)copy_to_user((void *)a->child_tid, &tid, sizeof(tid));
	if (a->flags & CLONE_CHILD_CLEARTID)
		u->clear_child_tid = (int *)a->child_tid;
	return tid;
}

/* The combinations that make no sense to Linux; then whether it is a thread. */
static long do_clone(const struct clone_args *a)
{
	u64 f = a->flags;

	if ((f & CLONE_FS) && (f & (CLONE_NEWNS | CLONE_NEWUSER)))
		return -EINVAL;
	if ((f & CLONE_THREAD) && !(f & CLONE_SIGHAND))
		return -EINVAL;
	if ((f & CLONE_SIGHAND) && !(f & CLONE_VM))
		return -EINVAL;
	if ((f & CLONE_THREAD) && (f & (CLONE_NEWUSER | CLONE_NEWPID)))
		return -EINVAL;
	if ((f & CLONE_PIDFD) && (f & (CLONE_DETACHED | CLONE_THREAD)))
		return -EINVAL;
	if (!(f & CLONE_THREAD)) {
		if (f & CLONE_VFORK)
			return refuse_process(ASKER_SPAWN);
		return refuse_process(f & CLONE_VM ? ASKER_CLONE : ASKER_FORK);
	}
	if ((f & THREAD_FLAGS) != THREAD_FLAGS ||
	    (f & ~(u64)(THREAD_FLAGS | IGNORED_FLAGS | DONE_FLAGS)))
		return refuse_process(ASKER_UNSHARED);
	return create_thread(a);
}

long sys_clone(unsigned long flags, unsigned long stack, int *parent_tid, int *child_tid,
	       unsigned long tls)
{
	struct clone_args a = {
		.flags = (u32)flags & ~(u32)CSIGNAL,
		.exit_signal = flags & CSIGNAL,
		.stack = stack,
		.parent_tid = (u64)parent_tid,
		.child_tid = (u64)child_tid,
		.tls = tls,
	};

	/* Both would be written to the same place. */
	if ((flags & CLONE_PIDFD) && (flags & CLONE_PARENT_SETTID))
		return -EINVAL;
	return do_clone(&a);
}

static bool clone3_stack_valid(const struct clone_args *a)
{
	if (!a->stack)
		return !a->stack_size;
	return a->stack_size && a->stack < TASK_SIZE && a->stack_size <= TASK_SIZE - a->stack;
}

static bool clone3_valid(const struct clone_args *a)
{
	u64 f = a->flags;

	if (a->set_tid_size > PID_LEVELS_MAX || !a->set_tid != !a->set_tid_size)
		return false;
	if (a->exit_signal > SIGNAL_MAX)
		return false;
	if (f & ~(CLONE_LEGACY_FLAGS | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP))
		return false;
	if (f & (CLONE_DETACHED | (CSIGNAL & ~(u64)CLONE_NEWTIME)))
		return false;
	if ((f & CLONE_SIGHAND) && (f & CLONE_CLEAR_SIGHAND))
		return false;
	if ((f & (CLONE_THREAD | CLONE_PARENT)) && a->exit_signal)
		return false;
	return clone3_stack_valid(a);
}

long sys_clone3(const struct clone_args *args, size_t size)
{
	struct clone_args a = { 0 };
	int err;

	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	err = copy_struct_from_user(&a, sizeof(a), args, size);
	if (err)
		return err;
	return clone3_valid(&a) ? do_clone(&a) : -EINVAL;
}

/* What threads share stays shared; there is nothing else. */
long sys_unshare(unsigned long flags)
{
	const unsigned long known = CLONE_THREAD | CLONE_FS | CLONE_NEWNS | CLONE_SIGHAND |
				    CLONE_VM | CLONE_FILES | CLONE_SYSVSEM | CLONE_NEWUTS |
				    CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUSER | CLONE_NEWPID |
				    CLONE_NEWCGROUP | CLONE_NEWTIME;

	if (flags & ~known)
		return -EINVAL;
	if (current_user->process->nr_tasks == 1 &&
	    !(flags & ~(unsigned long)(CLONE_THREAD | CLONE_FS | CLONE_SIGHAND | CLONE_VM |
				       CLONE_FILES | CLONE_SYSVSEM)))
		return 0;
	return flags ? -EPERM : 0;
}
