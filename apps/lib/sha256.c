// SPDX-License-Identifier: BSD-2-Clause
/*
 * SHA-256 as FIPS 180-4 describes it: sections 4.1.2 (functions), 4.2.2 (constants), 5.1.1
 * (padding), 5.3.3 (start value), 6.2.2 (computation).
 *
 * Used by fetch to name what it downloaded; any context, no allocation. The rounds are written
 * eight at a time with the working variables renamed instead of moved, and the message schedule is
 * a ring of sixteen words: that is what keeps the work for each byte low on a machine without SIMD.
 */
#include <string.h>
#include <apps/lib/sha256.h>

static const uint32_t k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static inline uint32_t rotr(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t load_be32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return __builtin_bswap32(v);
}

/* Word t of the message schedule, t >= 16, in the ring of the last sixteen (6.2.2 step 1). */
static inline uint32_t schedule(uint32_t w[16], int t)
{
	uint32_t a = w[(t - 15) & 15], b = w[(t - 2) & 15];

	return w[t & 15] += (rotr(a, 7) ^ rotr(a, 18) ^ a >> 3) + w[(t - 7) & 15] +
			    (rotr(b, 17) ^ rotr(b, 19) ^ b >> 10);
}

/* One round (6.2.2 step 3), the variables named as they stand before it; x is K + W. */
#define ROUND(a, b, c, d, e, f, g, h, x)                                                          \
	do {                                                                                      \
		uint32_t t1 =                                                                     \
			h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + (g ^ (e & (f ^ g))) + (x); \
		d += t1;                                                                          \
		h = t1 + (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) | (c & (a | b)));    \
	} while (0)

#define EIGHT_ROUNDS(t, W)                                              \
	do {                                                            \
		ROUND(a, b, c, d, e, f, g, h, k[t] + W(t));             \
		ROUND(h, a, b, c, d, e, f, g, k[(t) + 1] + W((t) + 1)); \
		ROUND(g, h, a, b, c, d, e, f, k[(t) + 2] + W((t) + 2)); \
		ROUND(f, g, h, a, b, c, d, e, k[(t) + 3] + W((t) + 3)); \
		ROUND(e, f, g, h, a, b, c, d, k[(t) + 4] + W((t) + 4)); \
		ROUND(d, e, f, g, h, a, b, c, k[(t) + 5] + W((t) + 5)); \
		ROUND(c, d, e, f, g, h, a, b, k[(t) + 6] + W((t) + 6)); \
		ROUND(b, c, d, e, f, g, h, a, k[(t) + 7] + W((t) + 7)); \
	} while (0)

#define FIRST(t) (w[t] = load_be32(p + 4 * (t)))
#define LATER(t) schedule(w, t)

static void hash_block(uint32_t s[8], const uint8_t *p)
{
	uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
	uint32_t w[16];

	EIGHT_ROUNDS(0, FIRST);
	EIGHT_ROUNDS(8, FIRST);
	for (int t = 16; t < 64; t += 16) {
		EIGHT_ROUNDS(t, LATER);
		EIGHT_ROUNDS(t + 8, LATER);
	}
	s[0] += a;
	s[1] += b;
	s[2] += c;
	s[3] += d;
	s[4] += e;
	s[5] += f;
	s[6] += g;
	s[7] += h;
}

void sha256_init(struct sha256 *s)
{
	static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	memcpy(s->h, start, sizeof(start));
	s->bytes = 0;
}

void sha256_update(struct sha256 *s, const void *data, size_t len)
{
	size_t have = s->bytes % 64;
	const uint8_t *p = data;

	s->bytes += len;
	if (have) {
		size_t n = len < 64 - have ? len : 64 - have;

		memcpy(s->block + have, p, n);
		p += n;
		len -= n;
		if (have + n < 64)
			return;
		hash_block(s->h, s->block);
	}
	for (; len >= 64; p += 64, len -= 64)
		hash_block(s->h, p);
	memcpy(s->block, p, len);
}

void sha256_final(struct sha256 *s, uint8_t digest[SHA256_BYTES])
{
	static const uint8_t padding[64] = {0x80};
	uint64_t bits = __builtin_bswap64(s->bytes * 8);
	size_t have = s->bytes % 64;

	/* A 1 bit and zeros up to 56 bytes of a block, then the length in bits (5.1.1). */
	sha256_update(s, padding, (have < 56 ? 56 : 120) - have);
	sha256_update(s, &bits, 8);
	for (int i = 0; i < 8; i++) {
		uint32_t v = __builtin_bswap32(s->h[i]);

		memcpy(digest + 4 * i, &v, 4);
	}
}

void sha256_hex(const uint8_t digest[SHA256_BYTES], char text[2 * SHA256_BYTES + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < SHA256_BYTES; i++) {
		text[2 * i] = digits[digest[i] >> 4];
		text[2 * i + 1] = digits[digest[i] & 15];
	}
	text[2 * SHA256_BYTES] = 0;
}
