// SPDX-License-Identifier: BSD-2-Clause
/*
 * Internet checksum, RFC 1071: one's complement sum of 16-bit words, computed 8 bytes at a time and
 * folded at the end. The sum of bytes that start at an odd address is the same sum with its bytes
 * swapped (RFC 1071 section 2 (B)), which is why odd offsets only need csum_block_add.
 *
 * Called by IP, ICMP, UDP, TCP and the software checksum fallback; any context.
 * Left out: vector variants; the kernel uses general registers only.
 */
#include <net/checksum.h>
#include <string.h>

static inline u64 load64(const u8 *p)
{
	u64 v;

	__builtin_memcpy(&v, p, 8);
	return v;
}

/* a + b with the carry brought round. */
static inline u64 add64(u64 a, u64 b)
{
	a += b;
	return a + (a < b);
}

wsum csum_partial(const void *buf, size_t len, wsum sum)
{
	const u8 *p = buf;
	u64 acc = (__force u32)sum;

	for (; len >= 32; p += 32, len -= 32) {
		acc = add64(acc, load64(p));
		acc = add64(acc, load64(p + 8));
		acc = add64(acc, load64(p + 16));
		acc = add64(acc, load64(p + 24));
	}
	for (; len >= 8; p += 8, len -= 8)
		acc = add64(acc, load64(p));
	if (len) {
		u64 rest = 0;

		__builtin_memcpy(&rest, p, len);
		acc = add64(acc, rest);
	}
	acc = (acc & 0xffffffff) + (acc >> 32);
	acc = (acc & 0xffffffff) + (acc >> 32);
	return (__force wsum)(u32)acc;
}
