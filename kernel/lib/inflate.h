/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_INFLATE_H
#define BW_KERNEL_LIB_INFLATE_H

/*
 * Decompression of one gzip member (RFC 1952) that lies in memory. What comes out goes to a
 * function piece by piece, at most 32 KiB each, so that nobody needs room for all of it.
 */
#include <kernel/lib/types.h>

/* Takes the next piece; false stops the decompression. */
typedef bool (*inflate_out_fn)(const u8 *data, size_t len, void *arg);

/*
 * NULL when the member was whole and its checks were right, and *used is its length; otherwise what
 * was wrong. Pieces that came out before an error was seen have been handed over already.
 */
const char *gunzip(const u8 *in, size_t len, size_t *used, inflate_out_fn out, void *arg);

#endif /* BW_KERNEL_LIB_INFLATE_H */
