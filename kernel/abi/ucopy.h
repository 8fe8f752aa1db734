/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_UCOPY_H
#define BW_KERNEL_ABI_UCOPY_H

/*
 * Structures that grow with the years: the program says how large its one is. Thread context,
 * nothing sleeps.
 */
#include <kernel/lib/types.h>

/*
 * What both know; the rest of ours is 0. -E2BIG: theirs is larger, and not 0 where we do not know
 * it. -EFAULT.
 */
int copy_struct_from_user(void *to, size_t ours, const void *from, size_t theirs);

#endif /* BW_KERNEL_ABI_UCOPY_H */
