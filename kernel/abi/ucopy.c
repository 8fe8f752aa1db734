// SPDX-License-Identifier: BSD-2-Clause
/*
 * Structures of extensible calls (clone3, sched_setattr, openat2, futex_waitv ...), copied by the
 * rule that all of these share: a smaller one of an older program is filled up with zeros, a larger
 * one of a newer program is taken if what we do not know is zero.
 *
 * Thread context, nothing sleeps.
 */
#include <errno.h>
#include <kernel/abi/ucopy.h>
#include <kernel/mm/uaccess.h>
#include <string.h>

/* Whether program memory holds only zeros: 1, 0, or -EFAULT. */
static int is_zero_in_user(const char *from, size_t n)
{
	char chunk[64];

	for (size_t done = 0; done < n; done += sizeof(chunk)) {
		size_t part = min(n - done, sizeof(chunk));

		if (copy_from_user(chunk, from + done, part))
			return -EFAULT;
		for (size_t i = 0; i < part; i++) {
			if (chunk[i])
				return 0;
		}
	}
	return 1;
}

int copy_struct_from_user(void *to, size_t ours, const void *from, size_t theirs)
{
	size_t both = min(ours, theirs);
	int zero;

	if (theirs > ours) {
		zero = is_zero_in_user((const char *)from + ours, theirs - ours);
		if (zero <= 0)
			return zero ? zero : -E2BIG;
	}
	memset((char *)to + both, 0, ours - both);
	return copy_from_user(to, from, both);
}
