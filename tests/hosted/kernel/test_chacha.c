// SPDX-License-Identifier: BSD-2-Clause
/* kernel/lib/chacha.c against RFC 8439, and what random.c builds on it. */
#include <tests/hosted/test.h>

#include <kernel/lib/chacha.h>
#include <kernel/lib/random.h>
#include <string.h>
#include <tests/hosted/services/hosted.h>

/* RFC 8439 section 2.3.2. */
static void block_of_the_rfc(void **state)
{
	static const u8 expected[CHACHA_BLOCK_SIZE] = {
		0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3,
		0x20, 0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0, 0x68, 0x03, 0x04, 0x22,
		0xaa, 0x9a, 0xc3, 0xd4, 0x6c, 0x4e, 0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa,
		0x09, 0x14, 0xc2, 0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12, 0x9c, 0xd1,
		0xde, 0x16, 0x4e, 0xb9, 0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e,
	};
	static const u32 nonce[3] = { 0x09000000, 0x4a000000, 0 };
	u8 key_bytes[32], out[CHACHA_BLOCK_SIZE];
	u32 key[8];

	for (int i = 0; i < 32; i++)
		key_bytes[i] = (u8)i;
	memcpy(key, key_bytes, sizeof(key));
	chacha20_block(key, 1, nonce, out);
	assert_memory_equal(out, expected, sizeof(out));
}

/* RFC 8439 appendix A.1, test vector 1. */
static void block_of_zeros(void **state)
{
	static const u8 start[16] = { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90,
				      0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28 };
	static const u32 zero[8];
	u8 out[CHACHA_BLOCK_SIZE];

	chacha20_block(zero, 0, zero, out);
	assert_memory_equal(out, start, sizeof(start));
}

static void same_seed_same_bytes_and_pieces_do_not_repeat(void **state)
{
	u8 a[1000], b[1000];

	hosted_seed(42);
	get_random_bytes(a, sizeof(a));
	hosted_seed(42);
	for (size_t i = 0; i < sizeof(b); i += 8)
		get_random_bytes(b + i, 8);
	assert_memory_equal(a, b, sizeof(a));
	for (size_t i = 0; i + 16 <= sizeof(a); i += 16)
		for (size_t j = i + 16; j + 16 <= sizeof(a); j += 16)
			assert_memory_not_equal(a + i, a + j, 16);
	hosted_seed(43);
	get_random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, 32);
}

static void entropy_changes_what_comes_next(void **state)
{
	static const u8 input[70] = { 1 };
	u64 plain, mixed;

	hosted_seed(5);
	get_random_u64();
	plain = get_random_u64();
	hosted_seed(5);
	get_random_u64();
	add_entropy(input, sizeof(input));
	mixed = get_random_u64();
	assert_true(plain != mixed);
}

static void below_is_even(void **state)
{
	unsigned int count[10] = { 0 };

	hosted_seed(9);
	assert_int_equal(get_random_u32_below(1), 0);
	for (int i = 0; i < 100000; i++) {
		u32 v = get_random_u32_below(10);

		assert_true(v < 10);
		count[v]++;
	}
	for (int i = 0; i < 10; i++)
		assert_in_range(count[i], 9600, 10400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(block_of_the_rfc),
		TEST(block_of_zeros),
		TEST(same_seed_same_bytes_and_pieces_do_not_repeat),
		TEST(entropy_changes_what_comes_next),
		TEST(below_is_even),
	};

	return RUN_TESTS(tests);
}
