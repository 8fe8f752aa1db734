// SPDX-License-Identifier: BSD-2-Clause
/*
 * memcpy and its family: every size from 0 to 300 at several alignments, overlaps in both
 * directions, with guard bytes around; results compared with the host's functions.
 */
#include <tests/hosted/libc/bw.h>

#define ROOM 1024

static unsigned char pattern[ROOM];

static void fill(unsigned char *p, unsigned int seed)
{
	for (size_t i = 0; i < ROOM; i++) {
		seed = seed * 1103515245 + 12345;
		p[i] = (unsigned char)(seed >> 16);
	}
}

static void copy_sizes(void **state)
{
	unsigned char got[ROOM], want[ROOM];

	for (size_t n = 0; n <= 300; n++) {
		for (size_t from = 0; from < 9; from++) {
			for (size_t to = 0; to < 9; to++) {
				memset(got, 0xEE, ROOM);
				memset(want, 0xEE, ROOM);
				memcpy(want + 8 + to, pattern + from, n);
				assert_ptr_equal(bw_memcpy(got + 8 + to, pattern + from, n),
						 got + 8 + to);
				assert_memory_equal(got, want, ROOM);
			}
		}
	}
}

static void move_overlaps(void **state)
{
	unsigned char got[ROOM], want[ROOM];

	for (size_t n = 0; n <= 200; n++) {
		for (int shift = -140; shift <= 140; shift++) {
			memcpy(got, pattern, ROOM);
			memcpy(want, pattern, ROOM);
			memmove(want + 300 + shift, want + 300, n);
			assert_ptr_equal(bw_memmove(got + 300 + shift, got + 300, n),
					 got + 300 + shift);
			assert_memory_equal(got, want, ROOM);
		}
	}
}

static void set_sizes(void **state)
{
	unsigned char got[ROOM], want[ROOM];

	for (size_t n = 0; n <= 300; n++) {
		for (size_t to = 0; to < 9; to++) {
			memset(got, 0xEE, ROOM);
			memset(want, 0xEE, ROOM);
			memset(want + 8 + to, 0x5A + (int)n, n);
			bw_memset(got + 8 + to, 0x5A + (int)n, n);
			assert_memory_equal(got, want, ROOM);
		}
	}
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void compare(void **state)
{
	unsigned char a[64], b[64];

	for (size_t n = 0; n <= 40; n++) {
		for (size_t at = 0; at < 40; at++) {
			memcpy(a, pattern, 64);
			memcpy(b, pattern, 64);
			b[at] ^= 0x81;
			assert_int_equal(sign(bw_memcmp(a, b, n)), sign(memcmp(a, b, n)));
			assert_int_equal(sign(bw_memcmp(b, a, n)), sign(memcmp(b, a, n)));
		}
	}
}

static void find(void **state)
{
	char text[80];

	for (size_t n = 0; n <= 40; n++) {
		for (size_t at = 0; at < 60; at++) {
			memset(text, 'a', sizeof(text));
			text[at] = 'b';
			assert_ptr_equal(bw_memchr(text, 'b', n), memchr(text, 'b', n));
			assert_ptr_equal(bw_memrchr(text, 'b', n), memrchr(text, 'b', n));
			assert_ptr_equal(bw_memmem(text, n, "ab", 2), memmem(text, n, "ab", 2));
			assert_ptr_equal(bw_memmem(text, n, "baa", 3), memmem(text, n, "baa", 3));
		}
	}
	assert_ptr_equal(bw_memmem(text, 3, "", 0), text);
	/* 0x80 and 0x01 are where the word trick could err. */
	memset(text, 0x80, sizeof(text));
	text[9] = 0x01;
	text[10] = 0;
	assert_ptr_equal(bw_memchr(text, 0, 60), text + 10);
	assert_ptr_equal(bw_memchr(text, 1, 60), text + 9);
	/* The length may be larger than the object, as strnlen and "%.*s" use it. */
	assert_ptr_equal(bw_memchr(text, 0, (size_t)-1), text + 10);
}

static void string_lengths(void **state)
{
	char text[64];

	for (size_t start = 0; start < 9; start++) {
		for (size_t n = 0; n < 40; n++) {
			memset(text, n & 1 ? 0xFF : 0x01, sizeof(text));
			text[start + n] = 0;
			assert_int_equal(bw_strlen(text + start), n);
			assert_int_equal(bw_strnlen(text + start, 17), n < 17 ? n : 17);
			assert_ptr_equal(bw_strrchr(text + start, 0), text + start + n);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copy_sizes), cmocka_unit_test(move_overlaps),
		cmocka_unit_test(set_sizes),  cmocka_unit_test(compare),
		cmocka_unit_test(find),	      cmocka_unit_test(string_lengths),
	};

	fill(pattern, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
