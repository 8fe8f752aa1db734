/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_UACCESS_H
#define BW_KERNEL_MM_UACCESS_H

/*
 * Copies between kernel and program memory. Linked-in programs share the address space, so these
 * are plain copies with a null check; ring 3 programs will make them check and fault to -EFAULT.
 * Callers must already treat every program pointer through them.
 */
#include <errno.h>
#include <kernel/lib/types.h>
#include <string.h>

/* Both return 0 or -EFAULT. */
static inline int copy_from_user(void *to, const void *from, size_t n)
{
	if (unlikely(!from))
		return n ? -EFAULT : 0;
	memcpy(to, from, n);
	return 0;
}
static inline int copy_to_user(void *to, const void *from, size_t n)
{
	if (unlikely(!to))
		return n ? -EFAULT : 0;
	memcpy(to, from, n);
	return 0;
}

#endif /* BW_KERNEL_MM_UACCESS_H */
