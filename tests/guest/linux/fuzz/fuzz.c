// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random system calls with random arguments from several threads, by a seed: they must not hurt the
 * kernel. Arguments:
 *
 *   fuzz SEED CALLS [THREADS]
 *
 * What a call answers does not matter. A thread that sleeps is woken by a signal; one that cannot
 * be is left where it is, and the program ends all the same, which must leave nothing behind.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <tests/guest/linux/fuzz/fuzz.h>

#define MAX_THREADS 16

static struct worker {
	pthread_t thread;
	struct maker maker;
	volatile unsigned long done;
	unsigned long wanted, good;
	volatile int nr, finished;
} workers[MAX_THREADS];
static int total_weight, verbose;
static volatile int everybody_is_here;

static const struct call *choose(struct rng *r)
{
	int at = (int)below(r, (uint64_t)total_weight);
	size_t i;

	for (i = 0; at >= calls[i].weight; i++)
		at -= calls[i].weight;
	return &calls[i];
}

/* Descriptors stay few: what lies beyond the numbers that others use is closed again. */
static void keep_few(long fd)
{
	if (fd >= FIRST_FD + MAX_FD)
		syscall(SYS_close, fd);
}

static void one_call(struct worker *w)
{
	const struct call *c = choose(&w->maker.rng);
	long a[6], r;

	make_args(&w->maker, c, a);
	w->nr = c->nr;
	if (verbose)
		printf("%d %lu %s(%#lx, %#lx, %#lx, %#lx, %#lx, %#lx)\n", w->maker.tid, w->done,
		       c->name, a[0], a[1], a[2], a[3], a[4], a[5]);
	r = syscall(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (r >= 0)
		w->good++;
	if (c->makes_fd == 1)
		keep_few(r);
	/* Most descriptors do not wait: a call that sleeps costs milliseconds. */
	if (c->makes_fd == 1 && r >= FIRST_FD && below(&w->maker.rng, 8))
		fcntl((int)r, F_SETFL, O_NONBLOCK);
}

static void *work(void *arg)
{
	struct worker *w = arg;

	/* Nobody maps anything of his own once holes are made in the victim area. */
	while (!everybody_is_here)
		usleep(1000);
	while (w->done < w->wanted) {
		one_call(w);
		w->done++;
	}
	w->finished = 1;
	return NULL;
}

static void nothing(int sig)
{
	(void)sig;
}

static void catch_all(void)
{
	struct sigaction sa = {.sa_handler = nothing}; /* no SA_RESTART: calls end with EINTR */
	int sig;

	for (sig = 1; sig <= 64; sig++)
		if (sig != SIGKILL && sig != SIGSTOP && sig != SIGSEGV && sig != SIGBUS &&
		    sig != SIGILL)
			sigaction(sig, &sa, NULL);
}

static void start(int n, uint64_t seed, unsigned long each)
{
	struct worker *w = &workers[n];
	char *area = mmap(NULL, ARENA + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	mprotect(area + ARENA, 4096, PROT_NONE);
	w->maker = (struct maker){.rng = {seed * 1000003 + (uint64_t)n}, .arena = area, .tid = n};
	w->wanted = each;
	if (pthread_create(&w->thread, NULL, work, w)) {
		printf("fuzz: no thread\n");
		exit(1);
	}
}

/* Wake who sleeps, until all are done or nobody gets on any more. */
static void watch(int threads)
{
	unsigned long last = 0, sum;
	int i, still = 0, running;

	do {
		usleep(1000);
		sum = 0, running = 0;
		for (i = 0; i < threads; i++) {
			sum += workers[i].done;
			running += !workers[i].finished;
			if (!workers[i].finished)
				pthread_kill(workers[i].thread, SIGUSR1);
		}
		still = sum == last ? still + 1 : 0;
		if (sum / 100000 > last / 100000)
			printf("fuzz: %lu calls\n", sum);
		last = sum;
	} while (running && still < 6000);
	for (i = 0; i < threads; i++)
		if (!workers[i].finished)
			printf("fuzz: thread %d stays in call %d\n", i, workers[i].nr);
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	unsigned long wanted = argc > 2 ? strtoul(argv[2], NULL, 0) : 100000, sum = 0, good = 0;
	int threads = argc > 3 ? atoi(argv[3]) : 4, i;
	struct rlimit few = {400, 400};
	size_t c;

	verbose = getenv("FUZZ_VERBOSE") != NULL || argc > 4;
	setvbuf(stdout, NULL, _IOLBF, 0);
	mkdir("/tmp", 01777);
	setrlimit(RLIMIT_NOFILE, &few);
	catch_all();
	values_init();
	for (c = 0; c < nr_calls; c++)
		total_weight += calls[c].weight;
	for (i = 0; i < threads; i++)
		start(i, seed, wanted / (unsigned long)threads);
	everybody_is_here = 1;
	watch(threads);
	for (i = 0; i < threads; i++)
		sum += workers[i].done, good += workers[i].good;
	printf("fuzz: seed %lu: %lu calls, %lu without error\n", seed, sum, good);
	return 0;
}
