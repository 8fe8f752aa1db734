/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_KERNEL_MMAP_H
#define BW_KERNEL_MM_KERNEL_MMAP_H

/*
 * mmap(2) and munmap(2) of linked-in programs, which live in the kernel's own address space.
 */
#include <kernel/lib/types.h>

/* The address, or -errno. */
long kernel_mmap(size_t len, int flags, long off);
long kernel_munmap(void *addr, size_t len);

#endif /* BW_KERNEL_MM_KERNEL_MMAP_H */
