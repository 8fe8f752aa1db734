/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_FASYNC_H
#define BW_KERNEL_FS_FASYNC_H

/*
 * Who is told by a signal that a file is ready: the owner (F_SETOWN), the signal (F_SETSIG), and
 * the switch (O_ASYNC). Inside of kernel/fs. Thread context.
 */
#include <kernel/fs/file.h>

/* fcntl's commands of owners and signals; -ENOSYS: it is another command. */
long fasync_fcntl(struct file *f, unsigned int cmd, unsigned long arg);
/* Switch O_ASYNC; fd is what the signal will name. -ENOTTY: this file has no such events. */
long fasync_switch(struct file *f, int fd, bool on);

#endif /* BW_KERNEL_FS_FASYNC_H */
