// SPDX-License-Identifier: BSD-2-Clause
/*
 * kill(2), tkill(2), tgkill(2), rt_sigqueueinfo(2), rt_tgsigqueueinfo(2), signals that an exception
 * of the calling thread sends, and those of the floors below (kernel/lib/signal_hook.h).
 *
 * There is one program: its pid and the numbers of its threads exist, and its process group; every
 * other one is ESRCH. As on Linux kill(-1) leaves the caller out, so it finds nobody. The order of
 * checks is Linux's: who is it for (ESRCH), then the number of the signal (EINVAL).
 *
 * Thread context.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/cpu/desc.h>
#include <kernel/lib/signal_hook.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/uaccess.h>
#include <string.h>

#define PF_ERROR_PRESENT 1
/* Linux's kernel keeps this much of a siginfo; programs read zeros behind it. */
#define KERNEL_SIGINFO_SIZE 48

static struct user_task *find_task(struct process *p, int tid)
{
	struct user_task *u;

	list_for_each_entry(u, &p->tasks, node)
		if (u->tid == tid)
			return u;
	return NULL;
}

static u32 signal_uid(void)
{
	return current_user->process->cred->uid;
}

static int signal_pgid(void)
{
	return current_user->process->cred->pgid;
}

static siginfo_t info_from_user(int sig, int code)
{
	siginfo_t info = { .si_signo = sig, .si_code = code };

	info.si_pid = current_user->process->pid;
	info.si_uid = signal_uid();
	return info;
}

/* sig 0 only asks whether there is somebody. */
static long check_and_send(struct user_task *target, int sig, const siginfo_t *info)
{
	if (sig < 0 || sig > SIGNALS_MAX)
		return -EINVAL;
	return sig ? send_signal(current_user->process, target, sig, info) : 0;
}

/* Is the program meant? */
static bool pid_is_ours(int pid)
{
	struct process *p = current_user->process;

	if (pid > 0)
		return pid == p->pid || find_task(p, pid);
	if (pid == 0)
		return true;
	return pid != -1 && -(long)pid == signal_pgid();
}

long sys_kill(int pid, int sig)
{
	siginfo_t info = info_from_user(sig, SI_USER);

	if (!pid_is_ours(pid))
		return -ESRCH;
	return check_and_send(NULL, sig, &info);
}

static long send_to_thread(int tgid, int tid, int sig, const siginfo_t *info)
{
	struct process *p = current_user->process;
	struct user_task *u = find_task(p, tid);

	if (!u || (tgid > 0 && tgid != p->pid))
		return -ESRCH;
	return check_and_send(u, sig, info);
}

long sys_tgkill(int tgid, int tid, int sig)
{
	siginfo_t info = info_from_user(sig, SI_TKILL);

	if (tid <= 0 || tgid <= 0)
		return -EINVAL;
	return send_to_thread(tgid, tid, sig, &info);
}

long sys_tkill(int tid, int sig)
{
	siginfo_t info = info_from_user(sig, SI_TKILL);

	if (tid <= 0)
		return -EINVAL;
	return send_to_thread(0, tid, sig, &info);
}

static int copy_info(siginfo_t *info, const siginfo_t *uinfo, int sig)
{
	memset(info, 0, sizeof(*info));
	if (copy_from_user(info, uinfo, KERNEL_SIGINFO_SIZE))
		return -EFAULT;
	info->si_signo = sig;
	return 0;
}

/* Only to oneself may one pretend to be the kernel or kill(). */
static bool may_send(const siginfo_t *info, int to)
{
	return (info->si_code < 0 && info->si_code != SI_TKILL) || to == current_user->tid;
}

long sys_rt_sigqueueinfo(int pid, int sig, const siginfo_t *uinfo)
{
	siginfo_t info;

	if (copy_info(&info, uinfo, sig))
		return -EFAULT;
	if (!may_send(&info, pid))
		return -EPERM;
	if (pid <= 0 || !pid_is_ours(pid))
		return -ESRCH;
	return check_and_send(NULL, sig, &info);
}

long sys_rt_tgsigqueueinfo(int tgid, int tid, int sig, const siginfo_t *uinfo)
{
	siginfo_t info;

	if (copy_info(&info, uinfo, sig))
		return -EFAULT;
	if (tid <= 0 || tgid <= 0)
		return -EINVAL;
	if (!may_send(&info, tid))
		return -EPERM;
	return send_to_thread(tgid, tid, sig, &info);
}

/* --- exceptions ------------------------------------------------------------------------------ */

void force_sig_info(const siginfo_t *info)
{
	struct user_task *u = current_user;
	struct process *p = u->process;
	sigset_kernel_t bit = sigmask(info->si_signo);
	struct k_sigaction *act = &p->signal->action[info->si_signo - 1];

	if (u->blocked & bit || act->handler == (u64)SIG_IGN) {
		act->handler = (u64)SIG_DFL;
		u->blocked &= ~bit;
	}
	send_signal(p, u, info->si_signo, info);
	recalc_sigpending(u);
}

void force_sig_fault(int sig, int code, void *addr)
{
	siginfo_t info = { .si_signo = sig, .si_code = code };
	struct user_task *u = current_user;

	info.si_addr = addr;
	u->trap_nr = u->regs->vector;
	u->trap_error = u->regs->error_code;
	if (u->trap_nr == VECTOR_PF) {
		u->trap_addr = (u64)addr;
		if (u->trap_addr >= TASK_SIZE) /* what is there is not told, as on Linux */
			u->trap_error |= PF_ERROR_PRESENT;
	}
	force_sig_info(&info);
}

void force_sig(int sig)
{
	siginfo_t info = { .si_signo = sig, .si_code = SI_KERNEL };

	force_sig_info(&info);
}

void force_sigsegv(int sig)
{
	if (sig == SIGSEGV)
		current_user->process->signal->action[SIGSEGV - 1].handler = (u64)SIG_DFL;
	force_sig(SIGSEGV);
}

/* --- from below ------------------------------------------------------------------------------ */

/* A program on its way to the end takes no signals, but it is there. */
static bool hook_program(int sig)
{
	struct process *p = the_process;

	if (!p || !p->signal)
		return false;
	send_signal(p, NULL, sig, NULL);
	return true;
}

static void hook_thread(int sig)
{
	siginfo_t info;

	if (!current_user)
		return;
	info = info_from_user(sig, SI_USER);
	send_signal(current_user->process, current_user, sig, &info);
}

/* F_SETOWN's: a thread, or the program by its number or its group's. */
static void hook_owner(const struct fown_struct *o, int sig, int code, u32 band)
{
	siginfo_t info = { .si_signo = sig, .si_code = code };
	struct process *p = the_process;
	struct user_task *u = NULL;

	if (!p || !p->signal)
		return;
	if (o->type == F_OWNER_TID)
		u = find_task(p, o->pid);
	if (o->type == F_OWNER_PGRP ? o->pid != p->cred->pgid : !find_task(p, o->pid))
		return;
	info.si_band = band;
	info.si_fd = o->fd;
	/* Without a place in the queue, or without a wish, it is the plain SIGIO. */
	if (sig == SIGURG || !sig || send_signal(p, u, sig, &info))
		send_signal(p, u, sig == SIGURG ? SIGURG : SIGIO, NULL);
}

static bool hook_owner_exists(int type, int pid)
{
	struct process *p = the_process;

	if (!p)
		return true;
	return type == F_OWNER_PGRP ? pid == p->cred->pgid : find_task(p, pid) != NULL;
}

void signal_hooks_init(void)
{
	static const struct signal_receiver receiver = { hook_program, hook_thread, hook_owner,
							 hook_owner_exists };

	signal_set_receiver(&receiver);
}
