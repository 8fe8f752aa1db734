// SPDX-License-Identifier: BSD-2-Clause
/*
 * Copies between kernel and program memory. A ring 3 program's memory is checked to lie below
 * TASK_SIZE and then touched by the instructions of usercopy.S, where a fault ends the copy at the
 * byte. Programs that are linked in share the address space: nothing is checked but for NULL, where
 * nothing is mapped.
 *
 * Called through <kernel/mm/uaccess.h> by whatever a system call reaches; any context that may
 * touch the program's memory, that is thread context. Never sleeps.
 */
#include <kernel/mm/mm_types.h>
#include <kernel/mm/uaccess.h>
#include <kernel/mm/usercopy.h>
#include <kernel/sched/thread.h>
#include <string.h>

static inline bool in_program(const void *addr, size_t n)
{
	return n <= TASK_SIZE && (unsigned long)addr <= TASK_SIZE - n;
}

size_t raw_copy_from_user(void *to, const void *from, size_t n)
{
	if (unlikely(current->mm))
		return in_program(from, n) ? user_copy(to, from, n) : n;
	if (unlikely(!from))
		return n;
	memcpy(to, from, n);
	return 0;
}

size_t raw_copy_to_user(void *to, const void *from, size_t n)
{
	if (unlikely(current->mm))
		return in_program(to, n) ? user_copy(to, from, n) : n;
	if (unlikely(!to))
		return n;
	memcpy(to, from, n);
	return 0;
}

size_t raw_clear_user(void *to, size_t n)
{
	if (unlikely(current->mm))
		return in_program(to, n) ? user_clear(to, n) : n;
	if (unlikely(!to))
		return n;
	memset(to, 0, n);
	return 0;
}

bool access_ok(const void *addr, size_t n)
{
	return !current->mm || in_program(addr, n);
}

/* Bytes from addr to the end of what programs have. */
static size_t bytes_left(const void *addr)
{
	return (unsigned long)addr < TASK_SIZE ? TASK_SIZE - (unsigned long)addr : 0;
}

long strncpy_from_user(char *to, const char *from, size_t n)
{
	size_t left = n, len;

	if (unlikely(current->mm)) {
		long got;

		left = min(n, bytes_left(from));
		got = user_string(to, from, left);
		/* A string that runs out of the program's half is not a string. */
		return got < 0 || ((size_t)got == left && left < n) ? -EFAULT : got;
	}
	if (!from)
		return -EFAULT;
	len = strnlen(from, n);
	memcpy(to, from, len < n ? len + 1 : n);
	return (long)len;
}

long strnlen_user(const char *s, size_t n)
{
	size_t left;
	long got;

	if (!current->mm)
		return s ? (long)min(strnlen(s, n) + 1, n + 1) : 0;
	left = min(n, bytes_left(s));
	got = user_string(NULL, s, left);
	if (got < 0 || ((size_t)got == left && left < n))
		return 0;
	return got + 1;
}
