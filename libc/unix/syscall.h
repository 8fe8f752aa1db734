/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the system-call wrappers share.
 */
#ifndef LIBC_UNIX_SYSCALL_H
#define LIBC_UNIX_SYSCALL_H

/* A kernel answer as POSIX wants it: -1 and errno for -errno, itself otherwise. */
long __ret(long answer);

#endif
