// SPDX-License-Identifier: BSD-2-Clause
/*
 * Signals: actions, masks, alternate stacks, and the beginning and end of a program's signal state.
 * rt_sigaction(2), rt_sigprocmask(2), rt_sigpending(2), sigaltstack(2).
 *
 * The order of checks is Linux's. sigset_t is 8 bytes for the kernel; a program that gives another
 * size is told EINVAL. Called by the system call table (table_signal.c) and, at starts and ends, by
 * exec and clone. Thread context.
 */
#include <errno.h>
#include <kernel/abi/signal.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/irqflags.h>
#include <stdio.h>
#include <string.h>

#define MINSIGSTKSZ 2048
/* As Linux 6.1 keeps them; unknown bits vanish, so that a program can ask which are known. */
#define SA_KNOWN                                                                                   \
	(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER |         \
	 SA_RESETHAND | SA_RESTORER | SA_EXPOSE_TAGBITS)
#define SA_EXPOSE_TAGBITS 0x800u

static const char *const names[] = {
	[SIGHUP] = "SIGHUP",	   [SIGINT] = "SIGINT",	      [SIGQUIT] = "SIGQUIT",
	[SIGILL] = "SIGILL",	   [SIGTRAP] = "SIGTRAP",     [SIGABRT] = "SIGABRT",
	[SIGBUS] = "SIGBUS",	   [SIGFPE] = "SIGFPE",	      [SIGKILL] = "SIGKILL",
	[SIGUSR1] = "SIGUSR1",	   [SIGSEGV] = "SIGSEGV",     [SIGUSR2] = "SIGUSR2",
	[SIGPIPE] = "SIGPIPE",	   [SIGALRM] = "SIGALRM",     [SIGTERM] = "SIGTERM",
	[SIGSTKFLT] = "SIGSTKFLT", [SIGCHLD] = "SIGCHLD",     [SIGCONT] = "SIGCONT",
	[SIGSTOP] = "SIGSTOP",	   [SIGTSTP] = "SIGTSTP",     [SIGTTIN] = "SIGTTIN",
	[SIGTTOU] = "SIGTTOU",	   [SIGURG] = "SIGURG",	      [SIGXCPU] = "SIGXCPU",
	[SIGXFSZ] = "SIGXFSZ",	   [SIGVTALRM] = "SIGVTALRM", [SIGPROF] = "SIGPROF",
	[SIGWINCH] = "SIGWINCH",   [SIGIO] = "SIGIO",	      [SIGPWR] = "SIGPWR",
	[SIGSYS] = "SIGSYS",
};

const char *signal_name(int sig, char *buf)
{
	if ((unsigned int)sig < ARRAY_SIZE(names) && names[sig])
		return names[sig];
	snprintf(buf, SIGNAL_NAME_SIZE, sig >= SIGRT_FIRST ? "SIGRT_%d" : "signal %d",
		 sig >= SIGRT_FIRST ? sig - SIGRT_FIRST : sig);
	return buf;
}

/* --- actions --------------------------------------------------------------------------------- */

/* A signal that is ignored from now on does not wait any longer, blocked or not (POSIX). */
static void action_changed(struct process *p, int sig)
{
	u64 handler = p->signal->action[sig - 1].handler;

	if (handler == (u64)SIG_IGN ||
	    (handler == (u64)SIG_DFL && sigmask(sig) & SIG_DEFAULT_IGNORE))
		flush_signals(p, sigmask(sig));
}

long sys_rt_sigaction(int sig, const struct k_sigaction *uact, struct k_sigaction *uold,
		      size_t setsize)
{
	struct process *p = current_user->process;
	struct k_sigaction act, old;

	if (setsize != sizeof(sigset_kernel_t))
		return -EINVAL;
	if (uact && copy_from_user(&act, uact, sizeof(act)))
		return -EFAULT;
	if (sig < 1 || sig > SIGNALS_MAX || (uact && sigmask(sig) & SIG_KERNEL_ONLY))
		return -EINVAL;
	old = p->signal->action[sig - 1];
	if (uact) {
		act.flags &= SA_KNOWN;
		act.mask &= ~SIG_KERNEL_ONLY;
		p->signal->action[sig - 1] = act;
		action_changed(p, sig);
	}
	return uold ? copy_to_user(uold, &old, sizeof(old)) : 0;
}

void signal_exec(struct process *p)
{
	struct user_task *u = current_user;

	for (int i = 0; i < SIGNALS_MAX; i++) {
		bool ignored = p->signal->action[i].handler == (u64)SIG_IGN;

		memset(&p->signal->action[i], 0, sizeof(p->signal->action[i]));
		if (ignored)
			p->signal->action[i].handler = (u64)SIG_IGN;
	}
	u->altstack_sp = u->altstack_size = 0;
	u->altstack_flags = SS_DISABLE;
	posix_timers_free(p);
}

/* --- masks ----------------------------------------------------------------------------------- */

long sys_rt_sigprocmask(int how, const sigset_kernel_t *uset, sigset_kernel_t *uold,
			size_t setsize)
{
	sigset_kernel_t old = current_user->blocked, set;

	if (setsize != sizeof(set))
		return -EINVAL;
	if (uset) {
		if (copy_from_user(&set, uset, sizeof(set)))
			return -EFAULT;
		switch (how) {
		case SIG_BLOCK:
			set = old | set;
			break;
		case SIG_UNBLOCK:
			set = old & ~set;
			break;
		case SIG_SETMASK:
			break;
		default:
			return -EINVAL;
		}
		set_current_blocked(set);
	}
	return uold ? copy_to_user(uold, &old, sizeof(old)) : 0;
}

long sys_rt_sigpending(sigset_kernel_t *uset, size_t setsize)
{
	sigset_kernel_t set = signals_waiting(current_user) & current_user->blocked;

	if (setsize > sizeof(set))
		return -EINVAL;
	return copy_to_user(uset, &set, setsize);
}

int set_user_sigmask(const void *uset, size_t size)
{
	struct user_task *u = current_user;
	sigset_kernel_t set;

	if (!uset)
		return 0;
	if (size != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, uset, sizeof(set)))
		return -EFAULT;
	u->saved_mask = u->blocked;
	task_restores_mask(u);
	set_current_blocked(set);
	return 0;
}

void restore_saved_sigmask_unless(bool interrupted)
{
	struct user_task *u = current_user;

	if (interrupted || !(u->flags & TIF_RESTORE_MASK))
		return;
	u->flags &= ~TIF_RESTORE_MASK;
	set_current_blocked(u->saved_mask);
}

/* --- alternate stacks ------------------------------------------------------------------------ */

bool on_sig_stack(const struct user_task *u, u64 sp)
{
	if (u->altstack_flags & SS_AUTODISARM)
		return false;
	return sp > u->altstack_sp && sp - u->altstack_sp <= u->altstack_size;
}

int sas_ss_flags(const struct user_task *u, u64 sp)
{
	if (!u->altstack_size)
		return SS_DISABLE;
	return on_sig_stack(u, sp) ? SS_ONSTACK : 0;
}

void save_altstack(stack_t *ss, const struct user_task *u, u64 sp)
{
	ss->ss_sp = (void *)u->altstack_sp;
	ss->ss_size = u->altstack_size;
	ss->ss_flags = sas_ss_flags(u, sp) | (int)(u->altstack_flags & SS_AUTODISARM);
}

int restore_altstack(const stack_t *ss, struct user_task *u, u64 sp)
{
	u32 mode = (u32)ss->ss_flags & ~SS_AUTODISARM;

	if (on_sig_stack(u, sp))
		return -EPERM;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (mode == SS_DISABLE) {
		u->altstack_sp = u->altstack_size = 0;
	} else {
		if (ss->ss_size < MINSIGSTKSZ)
			return -ENOMEM;
		u->altstack_sp = (u64)ss->ss_sp;
		u->altstack_size = ss->ss_size;
	}
	u->altstack_flags = (u32)ss->ss_flags;
	return 0;
}

long sys_sigaltstack(const stack_t *uss, stack_t *uold)
{
	struct user_task *u = current_user;
	u64 sp = u->regs->rsp;
	stack_t ss, old;
	int err = 0;

	memset(&old, 0, sizeof(old));
	save_altstack(&old, u, sp);
	if (uss && copy_from_user(&ss, uss, sizeof(ss)))
		return -EFAULT;
	if (uss)
		err = restore_altstack(&ss, u, sp);
	if (!err && uold)
		err = copy_to_user(uold, &old, sizeof(old));
	return err;
}
