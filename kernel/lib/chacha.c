/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ChaCha20 block function, RFC 8439 sections 2.1 (quarter round) and 2.3 (block). The state is a
 * 4x4 matrix of 32-bit words: constants, key, counter, nonce; ten double rounds of columns and
 * diagonals; the start is added at the end. The machine is little-endian, as the serialisation
 * asks.
 *
 * Called by kernel/lib/random.c. Any context. No state.
 */
#include <kernel/lib/chacha.h>

static __always_inline u32 rotl32(u32 x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

static __always_inline void quarter_round(u32 *a, u32 *b, u32 *c, u32 *d)
{
	*a += *b;
	*d = rotl32(*d ^ *a, 16);
	*c += *d;
	*b = rotl32(*b ^ *c, 12);
	*a += *b;
	*d = rotl32(*d ^ *a, 8);
	*c += *d;
	*b = rotl32(*b ^ *c, 7);
}

void chacha20_block(const u32 key[CHACHA_KEY_WORDS], u32 counter, const u32 nonce[3],
		    u8 out[CHACHA_BLOCK_SIZE])
{
	/* "expand 32-byte k" */
	u32 start[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	u32 x[16];

	for (int i = 0; i < CHACHA_KEY_WORDS; i++)
		start[4 + i] = key[i];
	start[12] = counter;
	for (int i = 0; i < 3; i++)
		start[13 + i] = nonce[i];
	for (int i = 0; i < 16; i++)
		x[i] = start[i];

	for (int i = 0; i < 10; i++) {
		quarter_round(&x[0], &x[4], &x[8], &x[12]);
		quarter_round(&x[1], &x[5], &x[9], &x[13]);
		quarter_round(&x[2], &x[6], &x[10], &x[14]);
		quarter_round(&x[3], &x[7], &x[11], &x[15]);

		quarter_round(&x[0], &x[5], &x[10], &x[15]);
		quarter_round(&x[1], &x[6], &x[11], &x[12]);
		quarter_round(&x[2], &x[7], &x[8], &x[13]);
		quarter_round(&x[3], &x[4], &x[9], &x[14]);
	}

	for (int i = 0; i < 16; i++) {
		x[i] += start[i];
		__builtin_memcpy(out + 4 * i, &x[i], 4);
	}
}
