/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_READ_WRITE_H
#define BW_KERNEL_FS_READ_WRITE_H

/*
 * Reading and writing an open file from within kernel/fs, with the checks that every call makes:
 * access mode (-EBADF), then whether the file can do it (-EINVAL, -EISDIR). They sleep as long as
 * the file's operations do.
 */
#include <kernel/fs/file.h>
#include <kernel/fs/iov_iter.h>

ssize_t file_read_at(struct file *f, struct iov_iter *to, long *pos);
ssize_t file_write_at(struct file *f, struct iov_iter *from, long *pos);
/* The same two without moving anything: 0 or -errno. */
int file_may_read(const struct file *f);
int file_may_write(const struct file *f);

#endif /* BW_KERNEL_FS_READ_WRITE_H */
