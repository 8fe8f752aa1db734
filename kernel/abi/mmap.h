/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_MMAP_H
#define BW_KERNEL_ABI_MMAP_H

/*
 * System calls of memory for programs in ring 3. sys_mmap() and sys_munmap() stand in
 * <kernel/sys.h>, for linked-in programs have them, too.
 */
#include <kernel/lib/types.h>

long sys_mprotect(void *addr, size_t len, int prot);
long sys_brk(unsigned long brk);

#endif /* BW_KERNEL_ABI_MMAP_H */
