// SPDX-License-Identifier: BSD-2-Clause
/*
 * Mapping files: what the way a file was opened allows (Linux's do_mmap), then the file says by
 * its mmap operation what a mapping shows, then kernel/mm finds the place. Each area holds a
 * reference on its file.
 *
 * Called by kernel/abi (mmap, the ELF loader) in thread context.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/mmap.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/page_alloc.h>
#include <limits.h>
#include <sys/mman.h>

#define MAX_PAGES ((unsigned long)LONG_MAX >> PAGE_SHIFT) /* of the longest file */
#define HUGE_SIZES 0x7c000000 /* the bits of MAP_HUGE_2MB and MAP_HUGE_1GB */
#define LEGACY_MAP_MASK                                                                            \
	(MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE |   \
	 MAP_UNINITIALIZED | MAP_GROWSDOWN | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE |           \
	 MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB | MAP_32BIT | HUGE_SIZES)

void file_vma_open(struct vm_area_struct *vma)
{
	get_file(vma->file);
}

void file_vma_close(struct vm_area_struct *vma)
{
	fput(vma->file);
}

/* In do_mmap's order; what mprotect() may never give goes into o->deny. */
static int check_mode(const struct file *f, int prot, int flags, struct vm_object *o)
{
	u32 mode = f->f_flags & O_ACCMODE;
	int type = flags & MAP_TYPE;

	if (o->pgoff > MAX_PAGES || o->len > TASK_SIZE ||
	    o->pgoff + (o->len >> PAGE_SHIFT) > MAX_PAGES)
		return -EOVERFLOW;
	if (type == MAP_SHARED_VALIDATE && flags & ~(LEGACY_MAP_MASK | MAP_FIXED_NOREPLACE))
		return -EOPNOTSUPP;
	if (type != MAP_SHARED && type != MAP_SHARED_VALIDATE && type != MAP_PRIVATE)
		return -EINVAL;
	if (type != MAP_PRIVATE && mode == O_RDONLY) {
		if (prot & PROT_WRITE)
			return -EACCES;
		o->deny = VM_MAYWRITE;
	}
	if (mode == O_WRONLY)
		return -EACCES;
	if (!f->f_op->mmap)
		return -ENODEV;
	return flags & MAP_GROWSDOWN ? -EINVAL : 0;
}

long mm_map_file(unsigned long addr, unsigned long len, int prot, int flags,
		 const struct file_part *part)
{
	struct file *f = part->file;
	struct vm_object o = { .file = f, .pgoff = part->off >> PAGE_SHIFT, .len = len,
			       .path = part->name };
	long at;

	o.error = check_mode(f, prot, flags, &o);
	if (!o.error)
		o.error = f->f_op->mmap(f, &o, (flags & MAP_TYPE) != MAP_PRIVATE);
	at = mm_map(addr, len, prot, flags, &o);
	/* It gave a file that nobody else knows: the areas hold it now. */
	if (o.file && o.file != f)
		fput(o.file);
	return at;
}

long mm_map_shared(unsigned long addr, unsigned long len, int prot, int flags)
{
	struct file *f;
	long at;

	if (!len || flags & MAP_GROWSDOWN)
		return -EINVAL;
	if (len > TASK_SIZE)
		return -ENOMEM;
	f = ramfs_shmem((long)ALIGN_UP(len, PAGE_SIZE));
	if (IS_ERR(f))
		return PTR_ERR(f);
	at = mm_map_file(addr, len, prot, flags, &(struct file_part){ f, 0, "/dev/zero (deleted)" });
	fput(f);
	return at;
}
