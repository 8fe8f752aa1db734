// SPDX-License-Identifier: BSD-2-Clause
/*
 * errno, and turning the kernel's answers into POSIX's.
 *
 * The kernel returns -errno; a wrapper hands its answer to __ret(), which keeps a good one and
 * turns a bad one into -1 with errno set. errno lives in the running thread (struct thread,
 * tls_errno). Thread context; called by every system-call wrapper.
 */
#include <errno.h>
#include <kernel/sched/thread.h>
#include <libc/unix/syscall.h>

int *__errno_location(void)
{
	return thread_errno();
}

long __ret(long answer)
{
	if (answer < 0 && answer >= -4095) {
		errno = (int)-answer;
		return -1;
	}
	return answer;
}
