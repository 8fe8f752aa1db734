// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP in a bad world, by seeds (README.md here says what is varied and what is checked).
 *
 *   make sim SEEDS=N [SEED=first] [JOBS=2]         N seeds from `first` on
 *   SEED=n SEEDS=1 build/hosted/test/sim/test_tcp_sim    one again, exactly as it was
 *
 * Each seed runs in a process of its own that begins in the same state: what one does to another is
 * not left to chance, and one that fails does not end the others.
 */
#include <kernel/fs/file.h>
#include <stdlib.h>
#include <tests/hosted/services/host_glibc.h>
#include <tests/hosted/sim/sim.h>

#define DEFAULT_SEEDS 200
#define LIMIT_S	      300

static u64 number(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

static int one(void *arg)
{
	sim_run(*(u64 *)arg);
	return 0;
}

static void transfers_survive_a_bad_world(void **state)
{
	u64 first = number("SEED", 1), seeds = number("SEEDS", DEFAULT_SEEDS);
	u64 seed = first, failed = 0;

	(void)state;
	for (; seed < first + seeds; seed++) {
		if (host_run_copy(one, &seed, LIMIT_S) == 0)
			continue;
		failed++;
		print_message("FAILED seed %lu; again: SEED=%lu SEEDS=1 build/hosted/test/sim/"
			      "test_tcp_sim\n",
			      (unsigned long)seed, (unsigned long)seed);
	}
	assert_int_equal(failed, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(transfers_survive_a_bad_world, net_up, net_down),
	};

	(void)argc;
	host_fixed_addresses(argv);
	return RUN_TESTS(tests);
}
