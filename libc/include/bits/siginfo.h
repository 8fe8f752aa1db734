/* SPDX-License-Identifier: BSD-2-Clause */
/* What a handler learns about its signal (siginfo_t), and what a timer sends (struct sigevent). */
#ifndef _BITS_SIGINFO_H
#define _BITS_SIGINFO_H

#include <bits/types.h>

union sigval {
	int sival_int;
	void *sival_ptr;
};

/* Linux's: which member of the union holds follows from si_code and si_signo. */
typedef struct {
	int si_signo;
	int si_errno;
	int si_code;
	int __pad;
	union {
		int __size[28];
		struct {
			pid_t pid;
			uid_t uid;
			union sigval value; /* SI_QUEUE */
		} __kill;
		struct {
			int tid;
			int overrun;
			union sigval value;
			int __private;
		} __timer;
		struct {
			pid_t pid;
			uid_t uid;
			int status;
			clock_t utime, stime;
		} __child;
		struct {
			void *addr;
			short addr_lsb;
			void *lower, *upper;
		} __fault;
		struct {
			long band;
			int fd;
		} __poll;
		struct {
			void *call_addr;
			int syscall;
			unsigned int arch;
		} __sys;
	} __fields;
} siginfo_t;
_Static_assert(sizeof(siginfo_t) == 128, "ABI");
_Static_assert(offsetof(siginfo_t, __fields) == 16, "ABI");

#define si_pid		__fields.__kill.pid
#define si_uid		__fields.__kill.uid
#define si_value	__fields.__kill.value
#define si_int		si_value.sival_int
#define si_ptr		si_value.sival_ptr
#define si_timerid	__fields.__timer.tid
#define si_overrun	__fields.__timer.overrun
#define si_status	__fields.__child.status
#define si_addr		__fields.__fault.addr
#define si_addr_lsb	__fields.__fault.addr_lsb
#define si_band		__fields.__poll.band
#define si_fd		__fields.__poll.fd

#define SI_USER		0
#define SI_KERNEL	0x80
#define SI_QUEUE	(-1)
#define SI_TIMER	(-2)
#define SI_MESGQ	(-3)
#define SI_ASYNCIO	(-4)
#define SI_SIGIO	(-5)
#define SI_TKILL	(-6)

#define ILL_ILLOPC	1
#define ILL_ILLOPN	2
#define ILL_ILLADR	3
#define ILL_ILLTRP	4
#define ILL_PRVOPC	5
#define ILL_PRVREG	6
#define ILL_COPROC	7
#define ILL_BADSTK	8

#define FPE_INTDIV	1
#define FPE_INTOVF	2
#define FPE_FLTDIV	3
#define FPE_FLTOVF	4
#define FPE_FLTUND	5
#define FPE_FLTRES	6
#define FPE_FLTINV	7
#define FPE_FLTSUB	8

#define SEGV_MAPERR	1
#define SEGV_ACCERR	2

#define BUS_ADRALN	1
#define BUS_ADRERR	2
#define BUS_OBJERR	3

#define TRAP_BRKPT	1
#define TRAP_TRACE	2

#define POLL_IN		1
#define POLL_OUT	2
#define POLL_MSG	3
#define POLL_ERR	4
#define POLL_PRI	5
#define POLL_HUP	6

#define SIGEV_SIGNAL	0
#define SIGEV_NONE	1
#define SIGEV_THREAD	2
#define SIGEV_THREAD_ID	4

struct sigevent {
	union sigval sigev_value;
	int sigev_signo;
	int sigev_notify;
	union {
		int __size[12];
		int _tid; /* SIGEV_THREAD_ID */
		struct {
			void (*_function)(union sigval value);
			void *_attribute;
		} _sigev_thread;
	} _sigev_un;
};
_Static_assert(sizeof(struct sigevent) == 64, "ABI");

#endif
