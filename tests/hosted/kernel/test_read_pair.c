// SPDX-License-Identifier: BSD-2-Clause
/* Measuring a counter against a clock while the host takes the processor away now and then. */
#include <kernel/time/calibrate.h>
#include <tests/hosted/test.h>

#define TICKS_PER_US 62
#define STALL_NS 300000000ull
#define WINDOW_NS 2000000ull

static u64 now_ns;
static unsigned int reads, stall_at;

/* Each reading of either takes a moment; one of them waits for the processor first. */
static void pass_time(void)
{
	now_ns += 500;
	if (++reads == stall_at)
		now_ns += STALL_NS;
}

static u64 clock_read(void)
{
	pass_time();
	return now_ns;
}

static u32 counter_read(void)
{
	pass_time();
	return (u32)(now_ns * TICKS_PER_US / 1000);
}

/* Wherever the stall comes, the rate is right. */
static void a_stall_between_two_readings_does_no_harm(void **state)
{
	unsigned int last = 1;

	for (stall_at = 0; stall_at <= last; stall_at++) {
		u64 start_ns, end_ns;
		u32 ticks;

		now_ns = 1000000;
		reads = 0;
		ticks = read_pair(counter_read, clock_read, &start_ns);
		while (clock_read() - start_ns < WINDOW_NS)
			;
		ticks = read_pair(counter_read, clock_read, &end_ns) - ticks;
		assert_in_range((u64)ticks * 100000 / (end_ns - start_ns), TICKS_PER_US * 99,
				TICKS_PER_US * 101);
		if (!stall_at)
			last = reads;
	}
	assert_true(last > 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stall_between_two_readings_does_no_harm),
	};

	return RUN_TESTS(tests);
}
