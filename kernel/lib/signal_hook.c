// SPDX-License-Identifier: BSD-2-Clause
/*
 * Signals on their way up, from floors that may not know kernel/abi: see the header. Any context
 * but for send_sig_thread().
 */
#include <kernel/lib/signal_hook.h>
#include <signal.h>
#include <sys/epoll.h>

static const struct signal_receiver *receiver;

void signal_set_receiver(const struct signal_receiver *r)
{
	receiver = r;
}

bool send_sig_program(int sig)
{
	return receiver && receiver->program(sig);
}

void send_sig_thread(int sig)
{
	if (receiver)
		receiver->thread(sig);
}

void send_sigio(const struct fown_struct *o, int code)
{
	static const u32 band[] = {
		[POLL_IN] = EPOLLIN | EPOLLRDNORM,
		[POLL_OUT] = EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND,
		[POLL_MSG] = EPOLLIN | EPOLLRDNORM | EPOLLMSG,
		[POLL_ERR] = EPOLLERR,
		[POLL_PRI] = EPOLLPRI | EPOLLRDBAND,
		[POLL_HUP] = EPOLLHUP | EPOLLERR,
	};

	if (receiver && o->pid)
		receiver->owner(o, o->signum, code, band[code]);
}

bool signal_owner_exists(int type, int pid)
{
	return !receiver || receiver->owner_exists(type, pid);
}

void send_sigurg(const struct fown_struct *o)
{
	if (receiver && o->pid)
		receiver->owner(o, SIGURG, SI_KERNEL, 0);
}
