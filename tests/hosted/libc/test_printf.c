// SPDX-License-Identifier: BSD-2-Clause
/*
 * snprintf against the host's: every mix of flags, width, precision, length and conversion over
 * values at the edges of their types; truncation at every size; strings without a terminator.
 */
#include <tests/hosted/libc/bw.h>
#include <limits.h>

static int call(int (*f)(char *, size_t, const char *, va_list), char *buf, size_t size,
		const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = f(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

#define SAME(...)                                                                                 \
	do {                                                                                      \
		char got[300], want[300];                                                         \
		int n = call(bw_vsnprintf, got, sizeof(got), __VA_ARGS__);                        \
		int m = call(vsnprintf, want, sizeof(want), __VA_ARGS__);                         \
		if (n != m || strcmp(got, want))                                                  \
			fail_msg("%s: [%s] %d, the host has [%s] %d", FIRST(__VA_ARGS__), got, n, \
				 want, m);                                                        \
	} while (0)
#define FIRST(a, ...) a

static const char *const flags[] = {"",	  "-",	"+",  " ",  "#",  "0",
				    "-0", "+0", "#0", " +", "-#", "-+ #0"};
static const char *const widths[] = {"", "1", "5", "12", "30"};
static const char *const precisions[] = {"", ".", ".0", ".1", ".3", ".20"};

static const long long values[] = {0,	1,     -1,	7,	 8,	   42,	      -42,
				   255, 65536, INT_MAX, INT_MIN, UINT_MAX, LLONG_MAX, LLONG_MIN};

/* Every value under one format. */
static void all_values(const char *fmt)
{
	for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++)
		SAME(fmt, values[v]);
}

/* The @n-th way to combine flags, width, precision, length and conversion; false past the last. */
static bool nth_format(size_t n, char *fmt, size_t size)
{
	static const char *const lengths[] = {"hh", "h", "", "l", "ll", "z", "t", "j"};
	size_t f = n % 12, w = n / 12 % 5, p = n / 60 % 6, l = n / 360 % 8, c = n / 2880;

	if (c >= 6)
		return false;
	snprintf(fmt, size, "[%%%s%s%s%s%c]", flags[f], widths[w], precisions[p], lengths[l],
		 "diuoxX"[c]);
	return true;
}

static void integers(void **state)
{
	char fmt[32];

	for (size_t n = 0; nth_format(n, fmt, sizeof(fmt)); n++)
		all_values(fmt);
}

static void strings(void **state)
{
	static const char *const texts[] = {"", "x", "hello", "a longer string than the width",
					    NULL};
	const char bounded[3] = {'a', 'b', 'c'};
	char fmt[32];

	for (size_t w = 0; w < 5; w++)
		for (size_t p = 0; p < 6; p++)
			for (int left = 0; left < 2; left++)
				for (size_t v = 0; v < 5; v++) {
					snprintf(fmt, sizeof(fmt), "<%%%s%s%ss>", left ? "-" : "",
						 widths[w], precisions[p]);
					SAME(fmt, texts[v]);
				}
	SAME("%.3s|%.*s|%.2s", bounded, 3, bounded, bounded);
	SAME("%c%5c%-5c|%c", 'a', 'b', 'c', 0);
	SAME("%p %20p %-20p| %p", (void *)0x1234, (void *)&fmt, (void *)-1L, NULL);
}

static void stars(void **state)
{
	for (int w = -12; w <= 12; w++)
		for (int p = -3; p <= 8; p++) {
			SAME("%*d|%.*d|%*.*d|%-*.*x|%0*u", w, 77, p, 77, w, p, -77, w, p, 77u, w,
			     5u);
			SAME("%*s|%.*s|%*.*s", w, "text", p, "text", w, p, "text");
		}
	SAME("100%% %d%s%c%%", 1, "2", '3');
}

static void truncation(void **state)
{
	char got[64], want[64];

	for (size_t size = 0; size < 40; size++) {
		memset(got, 'z', sizeof(got));
		memset(want, 'z', sizeof(want));
		assert_int_equal(bw_snprintf(got, size, "%s %d %08x!", "some text", 12345, 0xabcd),
				 snprintf(want, size, "%s %d %08x!", "some text", 12345, 0xabcd));
		assert_memory_equal(got, want, sizeof(got));
	}
	assert_int_equal(bw_snprintf(NULL, 0, "%d", 123456), 6);
}

static void overflow(void **state)
{
	bw_errno = 0;
	assert_int_equal(call(bw_vsnprintf, NULL, 0, "%2147483647d%d", 1, 1), -1);
	assert_int_equal(bw_errno, EOVERFLOW);
	assert_int_equal(call(bw_vsnprintf, NULL, 0, "%2147483647d", 1), 2147483647);
	assert_int_equal(call(bw_vsnprintf, NULL, 0, "%.2147483647d", 1), 2147483647);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers),   cmocka_unit_test(strings),  cmocka_unit_test(stars),
		cmocka_unit_test(truncation), cmocka_unit_test(overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
