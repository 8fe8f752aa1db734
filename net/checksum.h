/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_CHECKSUM_H
#define BW_NET_CHECKSUM_H

/*
 * Internet checksum (RFC 1071): 32-bit partial sums (wsum), folded to 16 bits (sum16).
 * net/core/checksum.c. Any context.
 */
#include <kernel/lib/byteorder.h>

/* Sum of buf (any alignment, any length) added to `sum`. */
wsum csum_partial(const void *buf, size_t len, wsum sum);

static inline sum16 csum_fold(wsum csum)
{
	u32 s = (__force u32)csum;

	s = (s & 0xffff) + (s >> 16);
	s = (s & 0xffff) + (s >> 16);
	return (__force sum16)(u16)~s;
}
/*
 * Sum of an IP header of ihl (5 or more) 32-bit words, folded and complemented; 0 when a received
 * one is right.
 */
static inline sum16 ip_fast_csum(const void *iph, unsigned int ihl)
{
	const u8 *p = iph;
	u64 a, b, sum;
	u32 w;

	__builtin_memcpy(&a, p, 8);
	__builtin_memcpy(&b, p + 8, 8);
	__builtin_memcpy(&w, p + 16, 4);
	sum = (a & 0xffffffff) + (a >> 32) + (b & 0xffffffff) + (b >> 32) + w;
	for (; ihl > 5; ihl--) {
		__builtin_memcpy(&w, p + ihl * 4 - 4, 4);
		sum += w;
	}
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	return (__force sum16)(u16)~(sum + (sum >> 16));
}
static inline wsum csum_add(wsum a, wsum b)
{
	u32 s = (__force u32)a + (__force u32)b;

	return (__force wsum)(s + (s < (__force u32)b));
}
static inline wsum csum_sub(wsum a, wsum b)
{
	return csum_add(a, (__force wsum) ~(__force u32)b);
}
/* `b` is the sum of a block that starts at byte `offset` of the whole. */
static inline wsum csum_block_add(wsum a, wsum b, size_t offset)
{
	u32 v = (__force u32)b;

	if (offset & 1)
		v = v << 8 | v >> 24;
	return csum_add(a, (__force wsum)v);
}
/* Pseudo header of TCP/UDP over IPv4 added to sum, not folded. len is the transport length. */
static inline wsum csum_tcpudp_nofold(be32 saddr, be32 daddr, u32 len, u8 proto, wsum sum)
{
	u64 s = (u64)(__force u32)saddr + (__force u32)daddr + (__force u32)sum +
		(u64)((proto + len) << 8 & 0xffffff00u);

	s = (s & 0xffffffff) + (s >> 32);
	s += s >> 32;
	return (__force wsum)(u32)s;
}
static inline sum16 csum_tcpudp_magic(be32 saddr, be32 daddr, u32 len, u8 proto, wsum sum)
{
	return csum_fold(csum_tcpudp_nofold(saddr, daddr, len, proto, sum));
}

#endif /* BW_NET_CHECKSUM_H */
