// SPDX-License-Identifier: BSD-2-Clause
/*
 * Files of the ramfs in a program's memory: a mapping shows the file's own pages. A shared one
 * writes to them, so read() sees it at once and the other way round; a private one writes to a
 * copy, which kernel/mm makes. Each mapped page has a reference of its own, so a page that
 * truncate() takes out of the file lives until it is unmapped, which truncate() does at once; the
 * next touch beyond the file's end is SIGBUS.
 *
 * Called by kernel/mm through vm_operations_struct: thread context, never sleeps. Left out: the
 * file's times do not follow writes through a mapping.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/mmap.h>
#include <kernel/fs/ramfs_internal.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/page_alloc.h>
#include <sys/stat.h>

/* Whether an area may ever write to the file itself: F_SEAL_WRITE must not come then. */
static bool may_write_shared(const struct vm_area_struct *vma)
{
	return (vma->flags & (VM_MAYSHARE | VM_MAYWRITE)) == (VM_MAYSHARE | VM_MAYWRITE);
}

static void map_open(struct vm_area_struct *vma)
{
	struct ramfs_inode *inode = vma->object;

	inode->file.maps++;
	inode->file.writable_maps += may_write_shared(vma);
	file_vma_open(vma);
}

static void map_close(struct vm_area_struct *vma)
{
	struct ramfs_inode *inode = vma->object;

	inode->file.maps--;
	inode->file.writable_maps -= may_write_shared(vma);
	file_vma_close(vma);
}

static bool beyond_end(const struct ramfs_inode *inode, unsigned long index)
{
	return index >= DIV_ROUND_UP((unsigned long)inode->size, PAGE_SIZE);
}

static struct page *referenced(u8 *mem)
{
	struct page *page = virt_to_page(mem);

	get_page(page);
	return page;
}

static struct page *map_fault(struct vm_area_struct *vma, unsigned long index, bool write)
{
	struct ramfs_inode *inode = vma->object;
	u8 *mem;

	if (beyond_end(inode, index))
		return ERR_PTR(-EFAULT);
	mem = ramfs_page_make(inode, (long)index);
	if (IS_ERR(mem))
		return ERR_PTR(PTR_ERR(mem) == -ENOMEM ? -ENOMEM : -EFAULT);
	if (write)
		ramfs_touch(inode);
	return referenced(mem);
}

static struct page *map_resident(struct vm_area_struct *vma, unsigned long index)
{
	struct ramfs_inode *inode = vma->object;
	u8 *mem = beyond_end(inode, index) ? NULL : ramfs_page_find(inode, (long)index);

	return mem ? referenced(mem) : NULL;
}

static void map_punch(struct vm_area_struct *vma, unsigned long index, unsigned long pages)
{
	ramfs_punch(vma->object, (long)(index << PAGE_SHIFT), (long)(pages << PAGE_SHIFT));
}

static const struct vm_operations_struct ramfs_vm_ops = {
	.open = map_open,
	.close = map_close,
	.fault = map_fault,
	.resident = map_resident,
	.punch = map_punch,
};

int ramfs_mmap(struct file *f, struct vm_object *o, bool shared)
{
	const struct ramfs_inode *inode = f->private_data;

	if (shared && inode->file.seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		o->deny |= VM_MAYWRITE;
	o->ops = &ramfs_vm_ops;
	o->object = f->private_data;
	return 0;
}

struct file *ramfs_shmem(long size)
{
	struct ramfs_inode *inode = ramfs_inode_new(S_IFREG | 0777);
	struct file *f;

	if (IS_ERR(inode))
		return (struct file *)inode;
	f = ramfs_open(inode, O_RDWR);
	if (!IS_ERR(f))
		ramfs_truncate(inode, size);
	ramfs_put(inode);
	return f;
}
