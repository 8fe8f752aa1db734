/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_MMAP_H
#define BW_KERNEL_FS_MMAP_H

/*
 * Files in a program's memory, between kernel/mm, which knows no files, and file_operations.mmap.
 */
#include <kernel/lib/types.h>

struct file;
struct vm_area_struct;

/* vm_operations_struct.open and close of whoever has a file: its reference. */
void file_vma_open(struct vm_area_struct *vma);
void file_vma_close(struct vm_area_struct *vma);
/* mmap(2) of an open file into current->mm; off in bytes, whole pages. The address, or -errno. */
struct file_part {
	struct file *file;
	unsigned long off;
	const char *name; /* for /proc/self/maps; NULL: the file's path */
};
long mm_map_file(unsigned long addr, unsigned long len, int prot, int flags,
		 const struct file_part *part);
/* MAP_SHARED | MAP_ANONYMOUS: the same from a file without a name. */
long mm_map_shared(unsigned long addr, unsigned long len, int prot, int flags);

#endif /* BW_KERNEL_FS_MMAP_H */
