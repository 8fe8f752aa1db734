/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_FLOCK_H
#define BW_KERNEL_FS_FLOCK_H

/*
 * What file.c must know of whole-file locks: they end with their open file.
 */
struct file;

extern unsigned int nr_flocks; /* held in the machine */
/* The file goes: so does its lock. Thread context. */
void flock_release(const struct file *f);

#endif /* BW_KERNEL_FS_FLOCK_H */
