/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_RESTART_H
#define BW_KERNEL_LIB_RESTART_H

/*
 * Results of an interrupted wait that never reach a program; Linux's numbers. The way back to ring
 * 3 turns them into EINTR or lets the call begin again (kernel/abi/signal_deliver.c), libc turns
 * them into EINTR for linked-in programs. A wait says which kind it is:
 *   ERESTARTSYS           no timeout: again unless a handler without SA_RESTART ran
 *   ERESTARTNOINTR        again in any case
 *   ERESTARTNOHAND        again only if no handler ran (poll, select, pause)
 *   ERESTART_RESTARTBLOCK the same, with the time that is left: current->restart says how
 * and -EINTR from a wait that has used up part of its timeout, like a socket's SO_RCVTIMEO.
 */
#include <kernel/lib/types.h>

#define ERESTARTSYS 512
#define ERESTARTNOINTR 513
#define ERESTARTNOHAND 514
#define ERESTART_RESTARTBLOCK 516

/*
 * How restart_syscall(2) goes on with a wait that was interrupted. fn is set just before
 * -ERESTART_RESTARTBLOCK is returned; the other fields are its own.
 */
struct restart_block {
	long (*fn)(struct restart_block *r);
	u64 deadline;	     /* ns */
	void *ptr;	     /* program memory */
	unsigned long n;
	int clock, flags;
};

/* Is it one of the results above? */
static inline bool is_restart(long ret)
{
	return ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK;
}

#endif /* BW_KERNEL_LIB_RESTART_H */
