// SPDX-License-Identifier: BSD-2-Clause
/* One seed from beginning to end. */
#include <stdlib.h>
#include <tests/hosted/sim/sim.h>

static void listen_here(struct sim *s)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = cpu_to_be16(SIM_PORT)};
	struct timeval second = {.tv_sec = 1};

	s->listener = test_socket(s->server, AF_INET, SOCK_STREAM, 0);
	assert_int_equal(kernel_bind(s->listener, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(kernel_listen(s->listener, (int)s->plan.backlog), 0);
	assert_int_equal(kernel_setsockopt(s->listener, SOL_SOCKET, SO_RCVTIMEO, &second,
					   sizeof(second)),
			 0);
}

static void start(struct sim *s)
{
	u32 i;

	for (i = 0; i < s->plan.conns; i++)
		client_start(s, i);
	s->acceptor = sim_thread(acceptor_thread, s, "acceptor");
	s->weather = sim_thread(weather_thread, s, "weather");
	if (s->plan.forge_ms)
		s->forger = sim_thread(forger_thread, s, "forger");
}

static void wait_for_all(struct sim *s)
{
	u32 i;

	while (s->running)
		msleep(1000);
	s->stop = true;
	thread_join(s->acceptor);
	thread_join(s->weather);
	if (s->forger)
		thread_join(s->forger);
	for (i = 0; i < s->plan.conns; i++) {
		struct sim_conn *c = &s->conn[i];

		thread_join(c->end[0].main);
		if (c->end[1].main)
			thread_join(c->end[1].main);
		check_conn(c);
	}
}

static void report(const struct sim *s)
{
	u32 i, errors = 0;

	for (i = 0; i < s->plan.conns; i++)
		errors += (s->conn[i].end[0].error != 0) + (s->conn[i].end[1].error != 0);
	print_message("seed %lu: %lu ms, %lu segments, %lu resets, %u connections, %u errors, %lu "
		      "checks\n",
		      (unsigned long)s->seed, (unsigned long)(hosted_now_ns() / NSEC_PER_MSEC),
		      (unsigned long)s->wire.segments, (unsigned long)s->wire.resets, s->plan.conns,
		      errors, (unsigned long)s->checks);
}

void sim_run(u64 seed)
{
	struct sim *s = calloc(1, sizeof(*s));

	hosted_seed(seed);
	hosted_leak_mark();
	s->seed = seed;
	rng_seed(&s->rng, seed, 0);
	scenario_roll(s);
	hosted_advance(1000 + s->plan.clock_skip_days * 86400000ul);
	topology_make(s);
	listen_here(s);
	check_begin(s);
	start(s);
	wait_for_all(s);
	sock_release(s->listener);
	s->listener = NULL;
	check_end(s);
	topology_destroy(s);
	if (getenv("SIM_VERBOSE"))
		report(s);
	wire_free(&s->wire);
	free(s->conn);
	free(s);
	assert_int_equal(hosted_leak_check(), 0);
}
