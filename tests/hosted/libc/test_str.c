// SPDX-License-Identifier: BSD-2-Clause
/*
 * String functions against the host's over a set of strings that covers empty ones, prefixes,
 * high bytes and equal ones; strlcpy, strtok_r, strsep and the number parsers at their edges.
 */
#include <tests/hosted/libc/bw.h>

static const char *const words[] = {
	"",
	"a",
	"ab",
	"abc",
	"abd",
	"ABC",
	"abcabcd",
	"\xff",
	"\x80z",
	"hello, world",
	"lo,",
	"zzzzzzzzz",
	"the quick brown fox jumps",
	"Fox",
	" \t x",
};
#define N (sizeof(words) / sizeof(words[0]))

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void pairs(void **state)
{
	for (size_t i = 0; i < N; i++) {
		for (size_t j = 0; j < N; j++) {
			const char *a = words[i], *b = words[j];

			assert_int_equal(sign(bw_strcmp(a, b)), sign(strcmp(a, b)));
			assert_int_equal(sign(bw_strcasecmp(a, b)), sign(strcasecmp(a, b)));
			for (size_t n = 0; n < 5; n++) {
				assert_int_equal(sign(bw_strncmp(a, b, n)), sign(strncmp(a, b, n)));
				assert_int_equal(sign(bw_strncasecmp(a, b, n)),
						 sign(strncasecmp(a, b, n)));
			}
			assert_ptr_equal(bw_strstr(a, b), strstr(a, b));
			assert_ptr_equal(bw_strcasestr(a, b), strcasestr(a, b));
			assert_int_equal(bw_strspn(a, b), strspn(a, b));
			assert_int_equal(bw_strcspn(a, b), strcspn(a, b));
			assert_ptr_equal(bw_strpbrk(a, b), strpbrk(a, b));
		}
		for (int c = 0; c < 256; c++) {
			assert_ptr_equal(bw_strchr(words[i], c), strchr(words[i], c));
			assert_ptr_equal(bw_strrchr(words[i], c), strrchr(words[i], c));
		}
	}
}

static void classes(void **state)
{
	static const struct {
		int (*ours)(int), (*host)(int);
	} table[] = {
		{bw_isalnum, isalnum}, {bw_isalpha, isalpha}, {bw_isblank, isblank},
		{bw_iscntrl, iscntrl}, {bw_isdigit, isdigit}, {bw_isgraph, isgraph},
		{bw_islower, islower}, {bw_isprint, isprint}, {bw_ispunct, ispunct},
		{bw_isspace, isspace}, {bw_isupper, isupper}, {bw_isxdigit, isxdigit},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		for (int c = -1; c < 256; c++)
			assert_int_equal(!!table[i].ours(c), !!table[i].host(c));
	}
	for (int c = 0; c < 256; c++) {
		assert_int_equal(bw_tolower(c), tolower(c));
		assert_int_equal(bw_toupper(c), toupper(c));
	}
}

static void bounded_copies(void **state)
{
	char a[8], b[8];

	for (size_t n = 0; n <= 8; n++) {
		memset(a, 'x', 8);
		memset(b, 'x', 8);
		bw_strncpy(a, "hello", n);
		strncpy(b, "hello", n);
		assert_memory_equal(a, b, 8);
		memset(a, 'x', 8);
		assert_int_equal(bw_strlcpy(a, "hello", n), 5);
		if (n)
			assert_int_equal(strlen(a), n < 6 ? n - 1 : 5);
		else
			assert_int_equal(a[0], 'x');
	}
	strcpy(a, "abc");
	assert_int_equal(bw_strlcat(a, "defgh", sizeof(a)), 8);
	assert_string_equal(a, "abcdefg");
	memset(a, 'x', 8);
	assert_int_equal(bw_strlcat(a, "de", 4), 6);
	strcpy(a, "ab");
	bw_strncat(a, "cdefg", 3);
	assert_string_equal(a, "abcde");
}

static void tokens(void **state)
{
	char text[] = ",,a,bc;;d,", *save, *rest, fields[] = "a::b";

	assert_string_equal(bw_strtok_r(text, ",;", &save), "a");
	assert_string_equal(bw_strtok_r(NULL, ",;", &save), "bc");
	assert_string_equal(bw_strtok_r(NULL, ",;", &save), "d");
	assert_null(bw_strtok_r(NULL, ",;", &save));
	assert_null(bw_strtok_r(NULL, ",;", &save));
	rest = fields;
	assert_string_equal(bw_strsep(&rest, ":"), "a");
	assert_string_equal(bw_strsep(&rest, ":"), "");
	assert_string_equal(bw_strsep(&rest, ":"), "b");
	assert_null(bw_strsep(&rest, ":"));
}

static void numbers(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"0",
		"-0",
		"+5",
		"-5",
		"  42abc",
		"0x",
		"0x1F",
		"0xg",
		"-0x10",
		"010",
		"08",
		"--1",
		"+-1",
		"9223372036854775807",
		"9223372036854775808",
		"-9223372036854775808",
		"-9223372036854775809",
		"18446744073709551615",
		"18446744073709551616",
		"-18446744073709551615",
		"-18446744073709551616",
		"99999999999999999999999",
		"zZ",
		"7fffffff",
		"\t\n\v\f\r 12",
		"0b11",
		"1e5",
	};
	static const int bases[] = {0, 2, 8, 10, 16, 36, 1, 37, -1};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (size_t j = 0; j < sizeof(bases) / sizeof(bases[0]); j++) {
			bool bad_base = bases[j] < 0 || bases[j] == 1 || bases[j] > 36;
			char *got_end = NULL, *want_end = NULL;
			long long got, want;
			unsigned long long ugot, uwant;

			errno = bw_errno = 0;
			want = strtoll(texts[i], &want_end, bases[j]);
			got = bw_strtoll(texts[i], &got_end, bases[j]);
			assert_int_equal(got, want);
			assert_int_equal(bw_errno, errno);
			if (!bad_base)
				assert_ptr_equal(got_end, want_end);
			errno = bw_errno = 0;
			uwant = strtoull(texts[i], &want_end, bases[j]);
			ugot = bw_strtoull(texts[i], &got_end, bases[j]);
			assert_int_equal(ugot, uwant);
			assert_int_equal(bw_errno, errno);
			if (!bad_base)
				assert_ptr_equal(got_end, want_end);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs),	  cmocka_unit_test(classes),
		cmocka_unit_test(bounded_copies), cmocka_unit_test(tokens),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
