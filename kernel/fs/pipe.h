/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_PIPE_H
#define BW_KERNEL_FS_PIPE_H

/*
 * What fcntl asks of pipes.
 */
struct file;

/* Bytes a pipe holds, or -EBADF when f is none. */
long pipe_size(const struct file *f);

#endif /* BW_KERNEL_FS_PIPE_H */
