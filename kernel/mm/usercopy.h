/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_USERCOPY_H
#define BW_KERNEL_MM_USERCOPY_H

/*
 * usercopy.S, for uaccess.c alone: everybody else goes through <kernel/mm/uaccess.h>.
 */
#include <kernel/lib/types.h>

/* Bytes at the end that were not copied or cleared. */
size_t user_copy(void *to, const void *from, size_t n);
size_t user_clear(void *to, size_t n);
/* Length of the string, n without a NUL in n bytes, -1 at a fault; to may be NULL. */
long user_string(char *to, const char *from, size_t n);

#endif /* BW_KERNEL_MM_USERCOPY_H */
