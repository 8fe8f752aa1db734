// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which futex an address means (futex.h, struct futex_key), and the word that is there.
 *
 * Called by the other futex files in thread context; nothing sleeps. A shared mapping's object is
 * what the memory floor says its pages belong to. Keys hold no reference: whoever waits has the
 * mapping, and where it is unmapped meanwhile, only wake-ups are lost, as they are on Linux.
 */
#include <errno.h>
#include <kernel/abi/futex.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>

int futex_read(u32 *value, const u32 *uaddr)
{
	return copy_from_user(value, uaddr, sizeof(*value));
}

int futex_write(u32 *uaddr, u32 value)
{
	return copy_to_user(uaddr, &value, sizeof(value));
}

int futex_get_key(u32 *uaddr, bool shared, struct futex_key *key)
{
	unsigned long addr = (unsigned long)uaddr;
	struct mm_struct *mm = current->mm;
	const struct vm_area_struct *vma;
	u32 value;

	if (!IS_ALIGNED(addr, sizeof(*uaddr)))
		return -EINVAL;
	if (!access_ok(uaddr, sizeof(*uaddr)))
		return -EFAULT;
	key->object = mm;
	key->offset = addr;
	if (!shared)
		return 0;
	key->offset |= FUT_OFF_SHARED;
	if (futex_read(&value, uaddr))
		return -EFAULT;
	if (!mm)
		return 0;
	vma = mm_find_area(mm, addr);
	if (vma && vma->start <= addr && (vma->flags & VM_SHARED) && vma->object) {
		key->object = vma->object;
		key->offset -= vma->start;
		key->offset += vma->pgoff << PAGE_SHIFT;
	}
	return 0;
}
