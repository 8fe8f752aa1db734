/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_POLL_H
#define BW_KERNEL_FS_POLL_H

/*
 * poll, select and epoll_wait with their time as a moment of the monotonic clock, for the calls
 * with a struct timespec and a signal mask (kernel/abi/signal_poll.c). Thread context; sleep.
 * Interrupted: -ERESTARTNOHAND, epoll -EINTR.
 */
#include <kernel/lib/types.h>

struct epoll_event;
struct pollfd;

#define DEADLINE_NONE (~0ull)
#define DEADLINE_NOW 0ull /* do not sleep */

/* ns from now; DEADLINE_NOW for 0. */
u64 poll_deadline(u64 ns);
long do_sys_poll(struct pollfd *ufds, unsigned long nfds, u64 deadline);
/* usets: what to read, to write, exceptions; NULL or n bits in program memory. */
#define NR_SELECT_SETS 3
long do_sys_select(int n, void *usets[NR_SELECT_SETS], u64 deadline);
long do_epoll_wait(int epfd, struct epoll_event *events, int maxevents, u64 deadline);

#endif /* BW_KERNEL_FS_POLL_H */
