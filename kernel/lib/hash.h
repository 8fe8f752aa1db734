/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_HASH_H
#define BW_KERNEL_LIB_HASH_H

/*
 * Unkeyed mixing for tables whose keys nobody outside can choose, and HalfSipHash-free 32-bit
 * mixing with a secret seed for hot lookups (jhash's role in Linux).
 */
#include <kernel/lib/types.h>

static inline u32 hash_32(u32 v, unsigned int bits)
{
	return (v * 0x61C88647u) >> (32 - bits);
}
static inline u32 hash_64(u64 v, unsigned int bits)
{
	return (u32)((v * 0x61C8864680B583EBull) >> (64 - bits));
}
/* Two 64-bit words under a 128-bit secret: multiply-fold, few instructions, enough for buckets. */
static inline u32 hash_keyed(u64 a, u64 b, const u64 key[2])
{
	__uint128_t m = (__uint128_t)(a ^ key[0]) * (b ^ key[1] ^ 0x9E3779B97F4A7C15ull);
	u64 x = (u64)m ^ (u64)(m >> 64);

	return (u32)(x ^ (x >> 32));
}

#endif /* BW_KERNEL_LIB_HASH_H */
