/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_VMALLOC_H
#define BW_KERNEL_MM_VMALLOC_H

/*
 * Virtually contiguous memory from single pages, with an unmapped guard page on both sides: thread
 * stacks, tables larger than a buddy block. Thread context.
 */
#include <kernel/lib/types.h>

/* size is rounded up to pages; NULL when out of memory. Not zeroed. */
void *vmalloc(size_t size);
void *vzalloc(size_t size);
void vfree(void *addr);
/* Bytes of the area that starts at addr, in whole pages; 0 when there is none. */
size_t vmalloc_size(const void *addr);
/* True if addr lies in the guard page below a vmalloc area: a stack overflow if it is a stack. */
bool vmalloc_guard_hit(unsigned long addr);

#endif /* BW_KERNEL_MM_VMALLOC_H */
