/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_EVENTPOLL_H
#define BW_KERNEL_FS_EVENTPOLL_H

/*
 * What the rest of kernel/fs knows of epoll.
 */
#include <kernel/lib/types.h>

struct file;

/* Take a dying file out of every epoll instance that watches it. Thread context. */
void eventpoll_release(struct file *f);
void eventpoll_init(void);

#endif /* BW_KERNEL_FS_EVENTPOLL_H */
