// SPDX-License-Identifier: BSD-2-Clause
/*
 * The signal calls that servers make at their start (POSIX <signal.h>).
 *
 * Nothing in this machine raises signals, so handlers are remembered and handed back, and never
 * run; ignoring SIGPIPE is what always happens. raise() of a deadly signal ends the program with
 * the status a Unix shell would show. Sending one to a spawned program is kill() in spawn.c.
 * Thread context. Left out: delivery to handlers; alarm() and pause(), which would need it, do not
 * exist.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <libc/unix/spawn.h>
#include <libc/unix/syscall.h>

static struct sigaction actions[NSIG];

int sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	if (sig < 1 || sig >= NSIG || (act && (sig == SIGKILL || sig == SIGSTOP)))
		return (int)__ret(-EINVAL);
	if (old)
		*old = actions[sig];
	if (act)
		actions[sig] = *act;
	return 0;
}

sighandler_t signal(int sig, sighandler_t handler)
{
	struct sigaction act = {.sa_handler = handler, .sa_flags = SA_RESTART}, old = act;

	return sigaction(sig, &act, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int raise(int sig)
{
	if (sig < 1 || sig >= NSIG)
		return (int)__ret(-EINVAL);
	if (actions[sig].sa_handler != SIG_DFL && actions[sig].sa_handler != SIG_IGN) {
		actions[sig].sa_handler(sig);
		return 0;
	}
	if (actions[sig].sa_handler == SIG_IGN || sig == SIGCHLD || sig == SIGCONT ||
	    sig == SIGURG || sig == SIGWINCH)
		return 0;
	__spawn_exit(sig);
	exit(128 + sig);
}

int sigemptyset(sigset_t *set)
{
	memset(set, 0, sizeof(*set));
	return 0;
}

int sigfillset(sigset_t *set)
{
	memset(set, 0xff, sizeof(*set));
	return 0;
}

int sigaddset(sigset_t *set, int sig)
{
	if (sig < 1 || sig >= NSIG)
		return (int)__ret(-EINVAL);
	set->__val[(sig - 1) / 64] |= 1UL << ((sig - 1) % 64);
	return 0;
}

int sigdelset(sigset_t *set, int sig)
{
	if (sig < 1 || sig >= NSIG)
		return (int)__ret(-EINVAL);
	set->__val[(sig - 1) / 64] &= ~(1UL << ((sig - 1) % 64));
	return 0;
}

int sigismember(const sigset_t *set, int sig)
{
	if (sig < 1 || sig >= NSIG)
		return (int)__ret(-EINVAL);
	return (set->__val[(sig - 1) / 64] >> ((sig - 1) % 64)) & 1;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	static sigset_t mask;

	if (old)
		*old = mask;
	if (!set)
		return 0;
	for (size_t i = 0; i < sizeof(mask.__val) / sizeof(mask.__val[0]); i++) {
		if (how == SIG_BLOCK)
			mask.__val[i] |= set->__val[i];
		else if (how == SIG_UNBLOCK)
			mask.__val[i] &= ~set->__val[i];
		else
			mask.__val[i] = set->__val[i];
	}
	return 0;
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	return sigprocmask(how, set, old);
}
