/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_SHUTDOWN_H
#define BW_KERNEL_LIB_SHUTDOWN_H

/*
 * Who may ask for a little time before the machine powers off after the program's end: TCP, until
 * what closed sockets had queued is delivered. Bounded by kernel/exit.c (3 seconds).
 */
#include <kernel/lib/types.h>

typedef bool (*shutdown_busy_t)(void);
#define SHUTDOWN_MAX_CHECKS 8

/* busy() says whether there is work left; called in thread context. 0 or -ENOSPC. */
int shutdown_register(shutdown_busy_t busy);
/* Whether anybody has. */
bool shutdown_busy(void);

#endif /* BW_KERNEL_LIB_SHUTDOWN_H */
