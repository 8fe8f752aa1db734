/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_PROC_MEM_H
#define BW_KERNEL_ABI_PROC_MEM_H

/*
 * What /proc says of a program's memory, and the machine's settings for it.
 */
#include <kernel/lib/types.h>

struct mm_struct;
struct seq_file;
struct vm_area_struct;

/* The Vm... and Rss... lines of /proc/self/status. */
void proc_mem_status(struct seq_file *m, const struct mm_struct *mm);
/*
 * Name of an area as /proc/self/maps shows it: a path, "[heap]" ..., or "". buf of PATH_MAX bytes
 * may be used.
 */
const char *vma_name(const struct vm_area_struct *vma, char *buf, size_t size);
/* Once at boot: /proc/self/maps and its kin, vm sysctls. */
void abi_memory_init(void);

#endif /* BW_KERNEL_ABI_PROC_MEM_H */
