// SPDX-License-Identifier: BSD-2-Clause
/*
 * Restartable sequences: threads that add to one number by plain loads and stores, in sequences
 * long enough to be interrupted often; then what rseq(2) refuses. Needs a C library that does not
 * register an area itself (musl). Prints nothing that depends on chance.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#define SIGNATURE 0x53053053
#define THREADS 4
#define ADDITIONS 3000

struct rseq_area {
	uint32_t cpu_id_start, cpu_id;
	uint64_t rseq_cs;
	uint32_t flags;
	uint32_t padding[3];
} __attribute__((aligned(32)));

static _Thread_local struct rseq_area area;
static volatile long sum;
static long aborts;

static long call_rseq(void *at, unsigned int len, int flags, unsigned int signature)
{
	return syscall(SYS_rseq, at, len, flags, signature) ? -errno : 0;
}

/* One sequence: load, wait, store. 1: done, 0: interrupted. */
static int try_add(struct rseq_area *rs)
{
	__asm__ goto(".pushsection __rseq_cs, \"aw\"\n"
		     ".balign 32\n"
		     "3: .long 0, 0\n"
		     ".quad 1f, 2f - 1f, 4f\n"
		     ".popsection\n"
		     "leaq 3b(%%rip), %%rax\n"
		     "movq %%rax, 8(%0)\n"
		     "1:\n"
		     "movq %1, %%rcx\n"
		     "movl $2000, %%eax\n"
		     "5: decl %%eax\n"
		     "jnz 5b\n"
		     "incq %%rcx\n"
		     "movq %%rcx, %1\n"
		     "2:\n"
		     ".pushsection .text.unlikely, \"ax\"\n"
		     ".byte 0x0f, 0xb9, 0x3d\n"
		     ".long 0x53053053\n"
		     "4: jmp %l[interrupted]\n"
		     ".popsection\n"
		     :
		     : "r"(rs), "m"(sum)
		     : "rax", "rcx", "memory", "cc"
		     : interrupted);
	return 1;
interrupted:
	return 0;
}

static void *adder(void *arg)
{
	long lost = 0;
	cpu_set_t one;

	/* Sequences guard against threads of the same processor only. */
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	if (call_rseq(&area, sizeof(area), 0, SIGNATURE))
		return arg;
	for (int i = 0; i < ADDITIONS; i++) {
		while (!try_add(&area))
			lost++;
	}
	__atomic_fetch_add(&aborts, lost, __ATOMIC_RELAXED);
	return NULL;
}

static void tick(int sig)
{
	(void)sig;
}

static void refusals(void)
{
	printf("unaligned: %ld\n", call_rseq((char *)&area + 8, 32, 0, SIGNATURE));
	printf("length: %ld\n", call_rseq(&area, 24, 0, SIGNATURE));
	printf("flags: %ld\n", call_rseq(&area, 32, 2, SIGNATURE));
	printf("kernel: %ld\n", call_rseq((void *)0xffffffff80000000, 32, 0, SIGNATURE));
	printf("not there: %ld\n", call_rseq(&area, 32, 1, SIGNATURE));
	printf("first: %ld, processor %u\n", call_rseq(&area, 32, 0, SIGNATURE), area.cpu_id);
	printf("again: %ld\n", call_rseq(&area, 32, 0, SIGNATURE));
	printf("other signature: %ld\n", call_rseq(&area, 32, 0, 1));
	printf("elsewhere: %ld\n", call_rseq(&area + 1, 32, 0, SIGNATURE));
	printf("away, wrong: %ld\n", call_rseq(&area, 32, 1, 1));
	printf("away: %ld, processor %d\n", call_rseq(&area, 32, 1, SIGNATURE), (int)area.cpu_id);
}

int main(int argc, char **argv)
{
	struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { { 0, 0 }, { 0, 0 } };
	pthread_t t[THREADS];
	void *failed;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	refusals();
	if (argc > 1 && !strcmp(argv[1], "hostile")) {
		/* A sequence that is none: the next interruption is SIGSEGV. */
		call_rseq(&area, 32, 0, SIGNATURE);
		area.rseq_cs = (uint64_t)&area;
		memset(area.padding, 0xff, sizeof(area.padding));
		fflush(stdout);
		signal(SIGUSR1, tick);
		raise(SIGUSR1);
		printf("still here\n");
		return 1;
	}
	signal(SIGALRM, tick);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, adder, NULL);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(t[i], &failed);
		if (failed)
			printf("thread %d could not register\n", i);
	}
	setitimer(ITIMER_REAL, &never, NULL);
	printf("sum %s, %s\n", sum == (long)THREADS * ADDITIONS ? "right" : "wrong",
	       aborts ? "some were interrupted" : "none was interrupted");
	return 0;
}
