/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_LOCKS_H
#define BW_KERNEL_FS_LOCKS_H

/*
 * What fcntl asks of record locks (locks.c) and of sealed files (memfd.c). Thread context.
 */
#include <kernel/lib/types.h>

struct file;
struct flock;

/* ul is program memory; ofd: the F_OFD_ form. 0 or -errno. */
long fcntl_setlk(const struct file *f, const struct flock *ul, bool ofd);
long fcntl_getlk(const struct file *f, struct flock *ul, bool ofd);
/* F_GET_SEALS, F_ADD_SEALS. */
long memfd_get_seals(const struct file *f);
long memfd_add_seals(struct file *f, unsigned long seals);

#endif /* BW_KERNEL_FS_LOCKS_H */
