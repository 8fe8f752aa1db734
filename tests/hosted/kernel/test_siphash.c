// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/lib/siphash.c against the reference: key 00 01 .. 0f, input 00 01 .. of each length.
 * Appendix A of the paper spells out length 15; the others are those of the authors' vectors.h.
 */
#include <tests/hosted/test.h>

#include <kernel/lib/siphash.h>

static const siphash_key_t key = { { 0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull } };

static u64 of_length(size_t len)
{
	u8 in[64];

	for (size_t i = 0; i < len; i++)
		in[i] = (u8)i;
	return siphash(in, len, &key);
}

static void reference_vectors(void **state)
{
	static const u64 expected[] = {
		0x726fdb47dd0e0e31ull, 0x74f839c593dc67fdull, 0x0d6c8009d9a94f5aull,
		0x85676696d7fb7e2dull, 0xcf2794e0277187b7ull, 0x18765564cd99a68dull,
		0xcbc9466e58fee3ceull, 0xab0200f58b01d137ull, 0x93f5f5799a932462ull,
		0x9e0082df0ba9e4b0ull, 0x7a5dbbc594ddb9f3ull, 0xf4b32f46226bada7ull,
		0x751e8fbc860ee5fbull, 0x14ea5627c0843d90ull, 0xf723ca908e7af2eeull,
		0xa129ca6149be45e5ull,
	};

	for (size_t len = 0; len < sizeof(expected) / sizeof(expected[0]); len++)
		assert_true(of_length(len) == expected[len]);
}

static void words_hash_as_bytes(void **state)
{
	u64 w[3] = { 0x0706050403020100ull, 0x1122334455667788ull, ~0ull };

	assert_true(siphash_2u64(w[0], w[1], &key) == siphash(w, 16, &key));
	assert_true(siphash_3u64(w[0], w[1], w[2], &key) == siphash(w, 24, &key));
}

static void unaligned_input(void **state)
{
	u8 buf[40];

	for (int i = 0; i < 33; i++)
		buf[i + 1] = (u8)i;
	assert_true(siphash(buf + 1, 15, &key) == 0xa129ca6149be45e5ull);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reference_vectors),
		TEST(words_hash_as_bytes),
		TEST(unaligned_input),
	};

	return RUN_TESTS(tests);
}
