/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_TIME_NANOSLEEP_H
#define BW_KERNEL_TIME_NANOSLEEP_H

/*
 * Sleeping for nanosleep(2) and clock_nanosleep(2). Thread context; sleeps.
 */
#include <kernel/lib/types.h>

struct timespec;

/*
 * Until the monotonic clock says deadline. Interrupted: what is left goes to the program's rem
 * (unless NULL), current->restart knows how to go on, and the answer is -ERESTART_RESTARTBLOCK, or
 * -EFAULT.
 */
long nanosleep_until(u64 deadline, struct timespec *rem);

#endif /* BW_KERNEL_TIME_NANOSLEEP_H */
