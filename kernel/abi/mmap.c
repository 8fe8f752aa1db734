// SPDX-License-Identifier: BSD-2-Clause
/*
 * The system calls of memory that know files or serve both kinds of programs: mmap, munmap,
 * mprotect and brk, with Linux's checks. Linked-in programs have no address space of their own and
 * get anonymous memory of the kernel's.
 *
 * Called by the table of system calls and by libc, in thread context. The rest of the family is
 * in kernel/mm.
 */
#include <errno.h>
#include <kernel/abi/mmap.h>
#include <kernel/fs/file.h>
#include <kernel/fs/mmap.h>
#include <kernel/mm/kernel_mmap.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <sys/mman.h>

static long map_anonymous(unsigned long addr, size_t len, int prot, int flags)
{
	int type = flags & MAP_TYPE;

	if (flags & MAP_HUGETLB)
		return -ENOMEM; /* none are set aside */
	if (type == MAP_SHARED)
		return mm_map_shared(addr, len, prot, flags);
	if (type != MAP_PRIVATE)
		return -EINVAL;
	return mm_map(addr, len, prot, flags, NULL);
}

long sys_mmap(void *addr, size_t len, int prot, int flags, int fd, long off)
{
	struct file_part part = { .off = (unsigned long)off };
	long at;

	if (!current->mm) {
		if (flags & MAP_ANONYMOUS &&
		    (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) || !(flags & MAP_PRIVATE)))
			return -EINVAL;
		return kernel_mmap(len, flags, off);
	}
	if (off & (long)(PAGE_SIZE - 1))
		return -EINVAL;
	if (flags & MAP_ANONYMOUS)
		return map_anonymous((unsigned long)addr, len, prot, flags);
	part.file = fget(fd);
	if (!part.file)
		return -EBADF;
	at = flags & MAP_HUGETLB ? -EINVAL :
				   mm_map_file((unsigned long)addr, len, prot, flags, &part);
	fput(part.file);
	return at;
}

long sys_munmap(void *addr, size_t len)
{
	return current->mm ? mm_unmap((unsigned long)addr, len) : kernel_munmap(addr, len);
}

long sys_mprotect(void *addr, size_t len, int prot)
{
	return current->mm ? mm_protect((unsigned long)addr, len, prot) : -ENOSYS;
}

/* Always the break: the new one, or the old one where it cannot be had. */
long sys_brk(unsigned long brk)
{
	return current->mm ? mm_set_brk(brk) : -ENOSYS;
}
