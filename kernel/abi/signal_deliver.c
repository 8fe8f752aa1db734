// SPDX-License-Identifier: BSD-2-Clause
/*
 * Delivery: what happens to a thread with a signal on its way back to ring 3, by Linux's rules.
 *
 * do_signal() takes one signal after the other: handlers get a frame on the stack each (the one
 * delivered last runs first), default actions end the program or do nothing. Before the first
 * frame, or without any, it decides about a call that was interrupted (kernel/lib/restart.h): to
 * begin again, rip goes back over the two bytes of SYSCALL and rax is the number again.
 *
 * Called by kernel/abi/entry.c, thread context, interrupts on. Left out: stopping (nobody could
 * continue the program: refused with a line), core dumps (a crash has a report instead).
 */
#include <kernel/abi/entry.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/abi/strace.h>
#include <kernel/cpu/ptrace.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <errno.h>

#define NO_SYSCALL (~0ull)
#define NR_restart_syscall 219
#define SYSCALL_BYTES 2
#define CORE_DUMPED 0x80 /* in the status that wait() would see */
#define X86_EFLAGS_TF 0x100ul
#define X86_EFLAGS_DF 0x400ul
#define X86_EFLAGS_RF 0x10000ul

/* --- default actions ------------------------------------------------------------------------- */

static void refuse_stop(int sig)
{
	static struct ratelimit_state rs = RATELIMIT_INIT;
	char buf[SIGNAL_NAME_SIZE];

	if (__ratelimit(&rs))
		pr_notice("%s ignored: nobody could continue the program\n", signal_name(sig, buf));
}

static void __noreturn end_by_signal(const siginfo_t *info)
{
	char buf[SIGNAL_NAME_SIZE];
	int sig = info->si_signo;

	if (sigmask(sig) & SIG_CORE) {
		crash_report(info);
		do_exit_group(sig | CORE_DUMPED);
	}
	pr_notice("Terminated by %s\n", signal_name(sig, buf));
	do_exit_group(sig);
}

static void default_action(const siginfo_t *info)
{
	sigset_kernel_t bit = sigmask(info->si_signo);

	if (bit & SIG_DEFAULT_IGNORE)
		return;
	if (bit & SIG_STOPS)
		refuse_stop(info->si_signo);
	else
		end_by_signal(info);
}

/* The next signal that has a handler; the others have their effect here. */
static bool get_signal(struct user_task *u, struct ksignal *ks)
{
	struct k_sigaction *act;

	while (!(u->flags & TIF_EXIT)) {
		ks->sig = dequeue_signal(u, u->blocked, &ks->info);
		if (!ks->sig)
			return false;
		act = &u->process->signal->action[ks->sig - 1];
		if (unlikely(strace_on))
			strace_signal(&ks->info);
		if (act->handler == (u64)SIG_IGN)
			continue;
		if (act->handler == (u64)SIG_DFL) {
			default_action(&ks->info);
			continue;
		}
		ks->ka = *act;
		if (act->flags & SA_RESETHAND)
			act->handler = (u64)SIG_DFL;
		return true;
	}
	return false;
}

/* --- interrupted calls ----------------------------------------------------------------------- */

static void call_again(struct pt_regs *regs, u64 nr)
{
	regs->rax = nr;
	regs->rip -= SYSCALL_BYTES;
}

/* A handler with these flags comes first. */
static void restart_with_handler(struct user_task *u, struct pt_regs *regs, u64 sa_flags)
{
	if (u->orig_rax == NO_SYSCALL)
		return;
	switch ((long)regs->rax) {
	case -ERESTART_RESTARTBLOCK:
	case -ERESTARTNOHAND:
		regs->rax = (u64)-EINTR;
		break;
	case -ERESTARTSYS:
		if (!(sa_flags & SA_RESTART)) {
			regs->rax = (u64)-EINTR;
			break;
		}
		call_again(regs, u->orig_rax);
		break;
	case -ERESTARTNOINTR:
		call_again(regs, u->orig_rax);
		break;
	}
	u->orig_rax = NO_SYSCALL;
}

static void restart_without_handler(struct user_task *u, struct pt_regs *regs)
{
	if (u->orig_rax == NO_SYSCALL)
		return;
	switch ((long)regs->rax) {
	case -ERESTARTNOHAND:
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
		call_again(regs, u->orig_rax);
		u->orig_rax = NO_SYSCALL;
		break;
	case -ERESTART_RESTARTBLOCK:
		call_again(regs, NR_restart_syscall);
		u->orig_rax = NO_SYSCALL;
		break;
	}
}

static long no_restart(struct restart_block *r)
{
	(void)r;
	return -EINTR;
}

long sys_restart_syscall(void)
{
	struct restart_block *r = &current->restart;

	return r->fn ? r->fn(r) : no_restart(r);
}

/* --- handlers -------------------------------------------------------------------------------- */

static void handle_signal(struct user_task *u, struct ksignal *ks, struct pt_regs *regs)
{
	sigset_kernel_t old = u->flags & TIF_RESTORE_MASK ? u->saved_mask : u->blocked, blocked;

	rseq_interrupted(u, regs);
	restart_with_handler(u, regs, ks->ka.flags);
	if (setup_rt_frame(ks, old, regs)) {
		force_sigsegv(ks->sig);
		return;
	}
	current->restart.fn = no_restart;
	u->flags &= ~TIF_RESTORE_MASK;
	regs->rflags &= ~(X86_EFLAGS_DF | X86_EFLAGS_RF | X86_EFLAGS_TF);
	blocked = u->blocked | ks->ka.mask;
	if (!(ks->ka.flags & SA_NODEFER))
		blocked |= sigmask(ks->sig);
	set_current_blocked(blocked);
	if (!is_canonical(regs->rip))
		force_sig(SIGSEGV);
}

void do_signal(struct pt_regs *regs)
{
	struct user_task *u = current_user;
	struct ksignal ks;

	BUG_ON(regs != u->regs);
	while (get_signal(u, &ks))
		handle_signal(u, &ks, regs);
	restart_without_handler(u, regs);
	restore_saved_sigmask_unless(u->flags & TIF_EXIT);
	recalc_sigpending(u);
}
