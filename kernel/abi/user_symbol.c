// SPDX-License-Identifier: BSD-2-Clause
/*
 * From an address of the program to a name: the mapping it lies in, the place in that mapping's
 * file, the function there (elf_symbol.c).
 *
 * Called by crash.c, thread context, never sleeps.
 */
#include <kernel/abi/proc_mem.h>
#include <kernel/abi/user_symbol.h>
#include <kernel/fs/file.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <limits.h>
#include <stdio.h>

const char *user_symbol(unsigned long addr, char *buf, size_t size)
{
	struct vm_area_struct *vma = mm_find_area(current->mm, addr);
	char *path = kmalloc(PATH_MAX, GFP_KERNEL | __GFP_NOWARN);
	struct elf_symbol sym = { 0 };
	struct ramfs_inode *inode;
	const char *name;
	u64 offset, vaddr;

	if (!path || !vma || vma->start > addr) {
		snprintf(buf, size, "no mapping");
		kfree(path);
		return buf;
	}
	name = vma_name(vma, path, PATH_MAX);
	inode = vma->file ? ramfs_file_inode(vma->file) : NULL;
	offset = addr - vma->start + vma->pgoff * PAGE_SIZE;
	if (!inode || !elf_offset_to_vaddr(inode, offset, &vaddr))
		snprintf(buf, size, "%s+0x%lx", *name ? name : "anonymous memory",
			 addr - vma->start);
	else if (vma->flags & VM_EXEC && elf_find_symbol(inode, vaddr, &sym))
		snprintf(buf, size, "%s+0x%lx (%s+0x%lx)", name, vaddr, sym.name, sym.offset);
	else
		snprintf(buf, size, "%s+0x%lx", name, vaddr);
	kfree(path);
	return buf;
}
