/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_GUP_H
#define BW_KERNEL_MM_GUP_H

/*
 * Pages behind a program's memory, so that a packet can be sent from where the data lies
 * (MSG_ZEROCOPY). Thread context.
 */
#include <kernel/mm/page_alloc.h>

/*
 * The block that addr lies in, with a reference (put_page), the offset of addr in it, and how many
 * of *len bytes from there on lie in the same block. NULL: memory that no reference keeps (the
 * image, a device): copy instead. Freeing pinned memory is safe: the block stays until the last
 * put_page; what a program writes into it meanwhile is sent.
 */
struct page *pin_user_page(const void *addr, u32 *offset, size_t *len);

#endif /* BW_KERNEL_MM_GUP_H */
