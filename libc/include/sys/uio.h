/* SPDX-License-Identifier: BSD-2-Clause */
/* Scatter and gather input and output (POSIX readv, writev). */
#ifndef _SYS_UIO_H
#define _SYS_UIO_H

#include <bits/types.h>

#define UIO_MAXIOV	1024

#define RWF_HIPRI	1
#define RWF_DSYNC	2
#define RWF_SYNC	4
#define RWF_NOWAIT	8
#define RWF_APPEND	16

ssize_t readv(int fd, const struct iovec *iov, int iovcnt);
ssize_t writev(int fd, const struct iovec *iov, int iovcnt);

#endif
