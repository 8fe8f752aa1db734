/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_SIPHASH_H
#define BW_KERNEL_LIB_SIPHASH_H

/*
 * SipHash-2-4 (Aumasson, Bernstein 2012): keyed hash for tables that a peer can fill, initial
 * sequence numbers (RFC 6528) and SYN cookies.
 */
#include <kernel/lib/types.h>

typedef struct {
	u64 key[2];
} siphash_key_t;

u64 siphash(const void *data, size_t len, const siphash_key_t *key);
u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key);
u64 siphash_3u64(u64 a, u64 b, u64 c, const siphash_key_t *key);

#endif /* BW_KERNEL_LIB_SIPHASH_H */
