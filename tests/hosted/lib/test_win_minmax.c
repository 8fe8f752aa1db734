// SPDX-License-Identifier: BSD-2-Clause
/* kernel/lib/win_minmax.h against the true extreme of the window, for random samples. */
#include <stdlib.h>
#include <tests/hosted/test.h>

#include <kernel/lib/win_minmax.h>

#define N   5000
#define WIN 100

static u32 t[N], v[N];

/* The true maximum (or minimum) of the last `win` up to sample i. */
static u32 extreme(int i, u32 win, bool largest)
{
	u32 best = v[i];
	int j;

	for (j = i; j >= 0 && t[i] - t[j] <= win; j--) {
		if (largest ? v[j] > best : v[j] < best)
			best = v[j];
	}
	return best;
}

static void fill(u32 start, u32 range)
{
	int i;

	for (i = 0; i < N; i++) {
		start += (u32)rand() % 4;
		t[i] = start;
		v[i] = 1000 + (u32)rand() % range;
	}
}

/* Never better than the window's true extreme; never worse than that of its youngest quarter. */
static void follows_the_window(void **state)
{
	struct minmax max_f, min_f;
	int round, i;

	(void)state;
	for (round = 0; round < 20; round++) {
		fill(round % 2 ? 0xffffff00u : 5, round % 3 ? 1000 : 5);
		minmax_reset(&max_f, t[0], v[0]);
		minmax_reset(&min_f, t[0], v[0]);
		for (i = 1; i < N; i++) {
			u32 hi = minmax_running_max(&max_f, WIN, t[i], v[i]);
			u32 lo = minmax_running_min(&min_f, WIN, t[i], v[i]);

			assert_in_range(hi, extreme(i, WIN / 4 - 4, true), extreme(i, WIN, true));
			assert_in_range(lo, extreme(i, WIN, false), extreme(i, WIN / 4 - 4, false));
			assert_int_equal(hi, minmax_get(&max_f));
		}
	}
}

/* Rising samples are the maximum at once; after silence longer than the window the old are gone. */
static void forgets_after_silence(void **state)
{
	struct minmax m;

	(void)state;
	assert_int_equal(minmax_reset(&m, 10, 500), 500);
	assert_int_equal(minmax_running_max(&m, WIN, 11, 600), 600);
	assert_int_equal(minmax_running_max(&m, WIN, 50, 10), 600);
	assert_int_equal(minmax_running_max(&m, WIN, 112, 20), 20);
	assert_int_equal(minmax_running_max(&m, WIN, 500, 3), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(follows_the_window),
		TEST(forgets_after_silence),
	};

	return RUN_TESTS(tests);
}
