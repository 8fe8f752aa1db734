// SPDX-License-Identifier: BSD-2-Clause
/*
 * Copies between kernel and program memory, for programs that are linked in: they share the address
 * space, so nothing is checked but for NULL, where nothing is mapped.
 *
 * Called through <kernel/mm/uaccess.h> by whatever a system call reaches; any context that may
 * touch the program's memory, that is thread context.
 */
#include <kernel/mm/uaccess.h>
#include <string.h>

size_t raw_copy_from_user(void *to, const void *from, size_t n)
{
	if (unlikely(!from))
		return n;
	memcpy(to, from, n);
	return 0;
}

size_t raw_copy_to_user(void *to, const void *from, size_t n)
{
	if (unlikely(!to))
		return n;
	memcpy(to, from, n);
	return 0;
}

bool access_ok(const void *addr, size_t n)
{
	return true;
}

long strncpy_from_user(char *to, const char *from, size_t n)
{
	size_t len;

	if (!from)
		return -EFAULT;
	len = strnlen(from, n);
	memcpy(to, from, len < n ? len + 1 : n);
	return (long)len;
}
