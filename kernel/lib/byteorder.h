/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_BYTEORDER_H
#define BW_KERNEL_LIB_BYTEORDER_H

/*
 * Wire integers. be16/be32 hold network order and are converted where they are read; `__bitwise`
 * makes sparse refuse a mix with host integers, gcc sees plain integers.
 */
#include <kernel/lib/types.h>

#ifdef __CHECKER__
#define __bitwise __attribute__((bitwise))
#define __force __attribute__((force))
#else
#define __bitwise
#define __force
#endif

typedef u16 __bitwise be16;
typedef u32 __bitwise be32;
typedef u64 __bitwise be64;
typedef u16 __bitwise sum16; /* a folded Internet checksum (RFC 1071) */
typedef u32 __bitwise wsum;  /* an unfolded one */

#define cpu_to_be16(x) ((__force be16)__builtin_bswap16((u16)(x)))
#define cpu_to_be32(x) ((__force be32)__builtin_bswap32((u32)(x)))
#define cpu_to_be64(x) ((__force be64)__builtin_bswap64((u64)(x)))
#define be16_to_cpu(x) (__builtin_bswap16((__force u16)(x)))
#define be32_to_cpu(x) (__builtin_bswap32((__force u32)(x)))
#define be64_to_cpu(x) (__builtin_bswap64((__force u64)(x)))

/* Unaligned big-endian access into byte buffers. */
static inline u16 get_be16(const void *p)
{
	const u8 *b = p;

	return (u16)(b[0] << 8 | b[1]);
}
static inline u32 get_be32(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}
static inline void put_be16(void *p, u16 v)
{
	u8 *b = p;

	b[0] = (u8)(v >> 8);
	b[1] = (u8)v;
}
static inline void put_be32(void *p, u32 v)
{
	put_be16(p, (u16)(v >> 16));
	put_be16((u8 *)p + 2, (u16)v);
}

#endif /* BW_KERNEL_LIB_BYTEORDER_H */
