/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SipHash-2-4: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF" (2012), section 2.
 * Two rounds a message word, four at the end, 64 bits out. The forms for two and three words give
 * the same result as siphash() over the same bytes and are there for hot lookups.
 *
 * Any context. No state.
 */
#include <kernel/lib/siphash.h>

struct sip_state {
	u64 v0, v1, v2, v3;
};

static __always_inline u64 rotl64(u64 x, unsigned int n)
{
	return x << n | x >> (64 - n);
}

static __always_inline void sip_round(struct sip_state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotl64(s->v1, 13) ^ s->v0;
	s->v3 = rotl64(s->v3, 16) ^ s->v2;
	s->v0 = rotl64(s->v0, 32);

	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotl64(s->v1, 17) ^ s->v2;
	s->v3 = rotl64(s->v3, 21) ^ s->v0;
	s->v2 = rotl64(s->v2, 32);
}

static __always_inline struct sip_state sip_start(const siphash_key_t *key)
{
	struct sip_state s = {
		.v0 = key->key[0] ^ 0x736f6d6570736575ull, /* "somepseu" */
		.v1 = key->key[1] ^ 0x646f72616e646f6dull, /* "dorandom" */
		.v2 = key->key[0] ^ 0x6c7967656e657261ull, /* "lygenera" */
		.v3 = key->key[1] ^ 0x7465646279746573ull, /* "tedbytes" */
	};

	return s;
}

static __always_inline void sip_word(struct sip_state *s, u64 m)
{
	s->v3 ^= m;
	sip_round(s);
	sip_round(s);
	s->v0 ^= m;
}

/* `last` holds the remaining bytes and the length's low byte on top. */
static __always_inline u64 sip_finish(struct sip_state *s, u64 last)
{
	sip_word(s, last);
	s->v2 ^= 0xff;
	sip_round(s);
	sip_round(s);
	sip_round(s);
	sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* Hash `len` bytes, read as little-endian words. */
u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	struct sip_state s = sip_start(key);
	const u8 *p = data;
	u64 last = (u64)(len & 0xff) << 56;
	size_t words = len / 8, rest = len % 8;

	while (words--) {
		u64 m;

		__builtin_memcpy(&m, p, sizeof(m));
		sip_word(&s, m);
		p += sizeof(m);
	}
	for (size_t i = 0; i < rest; i++)
		last |= (u64)p[i] << (8 * i);
	return sip_finish(&s, last);
}

u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key)
{
	struct sip_state s = sip_start(key);

	sip_word(&s, a);
	sip_word(&s, b);
	return sip_finish(&s, 16ull << 56);
}

u64 siphash_3u64(u64 a, u64 b, u64 c, const siphash_key_t *key)
{
	struct sip_state s = sip_start(key);

	sip_word(&s, a);
	sip_word(&s, b);
	sip_word(&s, c);
	return sip_finish(&s, 24ull << 56);
}
