/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_MM_CALLS_H
#define BW_KERNEL_MM_MM_CALLS_H

/*
 * System calls of memory that know no files, for programs in ring 3: 0 or a result, or -errno, as
 * Linux's. Linked-in programs (current->mm NULL) get -ENOSYS. Thread context.
 */
#include <kernel/lib/types.h>

/* mremap.c */
long sys_mremap(unsigned long addr, size_t old_len, size_t new_len, unsigned long flags,
		unsigned long new_addr);
/* madvise.c */
long sys_madvise(unsigned long addr, size_t len, int advice);
/* mlock.c */
long sys_mlock(unsigned long addr, size_t len);
long sys_mlock2(unsigned long addr, size_t len, int flags);
long sys_munlock(unsigned long addr, size_t len);
long sys_mlockall(int flags);
long sys_munlockall(void);
/* mincore.c */
long sys_msync(unsigned long addr, size_t len, int flags);
long sys_mincore(unsigned long addr, size_t len, u8 *vec);
long sys_membarrier(int cmd, unsigned int flags, int cpu);
long sys_pkey_mprotect(unsigned long addr, size_t len, int prot, int pkey);
long sys_pkey_alloc(unsigned long flags, unsigned long rights);
long sys_pkey_free(int pkey);

#endif /* BW_KERNEL_MM_MM_CALLS_H */
