/* SPDX-License-Identifier: BSD-2-Clause */
/* select() and its descriptor sets. */
#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H

#include <bits/types.h>

#define FD_SETSIZE	1024
#define NFDBITS		(8 * (int)sizeof(long))

typedef struct {
	unsigned long fds_bits[FD_SETSIZE / (8 * sizeof(long))];
} fd_set;
_Static_assert(sizeof(fd_set) == 128, "ABI");

#define FD_MASK(fd)	(1UL << ((fd) % NFDBITS))
#define FD_SET(fd, s)	((void)((s)->fds_bits[(fd) / NFDBITS] |= FD_MASK(fd)))
#define FD_CLR(fd, s)	((void)((s)->fds_bits[(fd) / NFDBITS] &= ~FD_MASK(fd)))
#define FD_ISSET(fd, s)	(((s)->fds_bits[(fd) / NFDBITS] & FD_MASK(fd)) != 0)
#define FD_ZERO(s)	((void)(*(s) = (fd_set){ { 0 } }))

int select(int n, fd_set *rd, fd_set *wr, fd_set *ex, struct timeval *timeout);
int pselect(int n, fd_set *rd, fd_set *wr, fd_set *ex, const struct timespec *timeout,
	    const void *sigmask);

#endif
