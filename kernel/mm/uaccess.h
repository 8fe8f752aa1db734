/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_UACCESS_H
#define BW_KERNEL_MM_UACCESS_H

/*
 * Copies between kernel and program memory: the only door. A program pointer may be anything, also
 * in the middle of what it points to; every access goes through here, and never may a BUG_ON or a
 * length that was checked before depend on what is read a second time.
 *
 * Linked-in programs (current->mm is NULL) share the address space: for them these are plain copies
 * with a null check. Nothing here sleeps. Hosted tests declare ranges that fault
 * (tests/hosted/services/uaccess.c).
 */
#include <errno.h>
#include <kernel/lib/types.h>

/* How many bytes at the end were not copied: 0 when there was no fault. Exact to the byte. */
size_t raw_copy_from_user(void *to, const void *from, size_t n);
size_t raw_copy_to_user(void *to, const void *from, size_t n);
size_t raw_clear_user(void *to, size_t n);

/*
 * Whether [addr, addr + n) lies where a program's memory can be at all. What Linux asks before it
 * looks at a buffer: -EFAULT for a kernel address even where no byte would be copied.
 */
bool access_ok(const void *addr, size_t n);

/*
 * A string of at most n bytes with its NUL; its length without the NUL, n when there is no NUL in
 * n bytes (to is not terminated then), or -EFAULT.
 */
long strncpy_from_user(char *to, const char *from, size_t n);
/* Length of a string with its NUL, more than n when there is none in n bytes, 0 at a fault. */
long strnlen_user(const char *s, size_t n);

/* These return 0 or -EFAULT. */
static inline int clear_user(void *to, size_t n)
{
	return unlikely(raw_clear_user(to, n)) ? -EFAULT : 0;
}
static inline int copy_from_user(void *to, const void *from, size_t n)
{
	return unlikely(raw_copy_from_user(to, from, n)) ? -EFAULT : 0;
}
static inline int copy_to_user(void *to, const void *from, size_t n)
{
	return unlikely(raw_copy_to_user(to, from, n)) ? -EFAULT : 0;
}

/* One object: x = *ptr, *ptr = x. 0 or -EFAULT. */
#define get_user(x, ptr) copy_from_user(&(x), (ptr), sizeof(*(ptr)))
#define put_user(x, ptr)                                                                           \
	({                                                                                         \
		__typeof__(*(ptr)) _put = (x);                                                     \
		copy_to_user((ptr), &_put, sizeof(_put));                                          \
	})

#endif /* BW_KERNEL_MM_UACCESS_H */
