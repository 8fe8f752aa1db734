// SPDX-License-Identifier: BSD-2-Clause
/*
 * errno, and turning the kernel's answers into POSIX's.
 *
 * The kernel returns -errno; a wrapper hands its answer to __ret(), which keeps a good one and
 * turns a bad one into -1 with errno set. Interrupted waits that ring 3 could begin again are EINTR
 * here: no handlers run in linked-in programs. errno lives in the running thread (struct thread,
 * tls_errno). Thread context; called by every system-call wrapper. The kernel itself never reads
 * errno, but the number parsers it shares with programs write it. A program that was told to end
 * (Ctrl-C in the shell) ends here, at the first call that comes back with -EINTR: the default
 * action of SIGINT.
 */
#include <errno.h>
#include <kernel/lib/restart.h>
#include <kernel/sched/thread.h>
#include <libc/unix/spawn.h>
#include <libc/unix/syscall.h>

int *__errno_location(void)
{
	return thread_errno();
}

long __ret(long answer)
{
	if (answer < 0 && answer >= -4095) {
		if (is_restart(answer))
			answer = -EINTR;
		if (answer == -EINTR)
			__die_if_killed();
		errno = (int)-answer;
		return -1;
	}
	return answer;
}
