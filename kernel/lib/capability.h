/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_CAPABILITY_H
#define BW_KERNEL_LIB_CAPABILITY_H

/*
 * Whether the caller may do what on Linux takes a part of root's power (CAP_* of
 * <linux/capability.h>). The kernel itself and linked-in programs may do everything; a program in
 * ring 3 can give its powers up (kernel/abi/cred.c). Thread context.
 */
#include <kernel/lib/types.h>
#include <linux/capability.h>

bool capable(int cap);
/* Who knows; kept for good. */
void set_capable_fn(bool (*fn)(int cap));

#endif /* BW_KERNEL_LIB_CAPABILITY_H */
