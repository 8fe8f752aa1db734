// SPDX-License-Identifier: BSD-2-Clause
/*
 * Threads that compute without a system call: each has its own values in the integer, x87, SSE and
 * (where there are) AVX registers and in MXCSR and the x87 control word, and looks all the time
 * whether they are still there. They must all get on, and a thread that sleeps must wake beside
 * them. Built static, run by test_ring3.py on Linux and here.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define THREADS 6
#define ROUNDS 40
#define SLEEPS 20

static _Atomic unsigned long progress[THREADS];
static _Atomic int stop, wrong;
static int avx;

struct state {
	unsigned int mxcsr;
	unsigned short fcw;
	unsigned char vec[16][32];
	double st;
};

/* Load, spin, store: in one statement, so that the compiler's own use does not come between. */
static void spin(const struct state *in, struct state *out, long loops)
{
	if (avx)
		__asm__ volatile("vmovdqu (%0), %%ymm0; vmovdqu 32(%0), %%ymm1\n\t"
				 "vmovdqu 448(%0), %%ymm14; vmovdqu 480(%0), %%ymm15"
				 :
				 : "r"(in->vec));
	else
		__asm__ volatile("movdqu (%0), %%xmm0; movdqu 32(%0), %%xmm1\n\t"
				 "movdqu 448(%0), %%xmm14; movdqu 480(%0), %%xmm15"
				 :
				 : "r"(in->vec));
	__asm__ volatile("ldmxcsr %3; fldcw %4; fldl %5\n"
			 "1:	decq %0; jnz 1b\n\t"
			 "stmxcsr %1; fnstcw %2"
			 : "+r"(loops), "=m"(out->mxcsr), "=m"(out->fcw)
			 : "m"(in->mxcsr), "m"(in->fcw), "m"(in->st)
			 : "cc", "memory");
	__asm__ volatile("fstpl %0" : "=m"(out->st));
	if (avx)
		__asm__ volatile("vmovdqu %%ymm0, (%0); vmovdqu %%ymm1, 32(%0)\n\t"
				 "vmovdqu %%ymm14, 448(%0); vmovdqu %%ymm15, 480(%0); vzeroupper"
				 :
				 : "r"(out->vec)
				 : "memory", "xmm0", "xmm1", "xmm14", "xmm15");
	else
		__asm__ volatile("movdqu %%xmm0, (%0); movdqu %%xmm1, 32(%0)\n\t"
				 "movdqu %%xmm14, 448(%0); movdqu %%xmm15, 480(%0)"
				 :
				 : "r"(out->vec)
				 : "memory", "xmm0", "xmm1", "xmm14", "xmm15");
}

static int same(const struct state *a, const struct state *b)
{
	static const int used[] = { 0, 1, 14, 15 };
	size_t bytes = avx ? 32 : 16;

	for (size_t i = 0; i < 4; i++) {
		if (memcmp(a->vec[used[i]], b->vec[used[i]], bytes))
			return 0;
	}
	return a->st == b->st && a->fcw == b->fcw && (a->mxcsr & 0xffc0) == (b->mxcsr & 0xffc0);
}

static void *worker(void *arg)
{
	static const unsigned int rounding[] = { 0x1f80, 0x3f80, 0x5f80, 0x7f80 };
	int me = (int)(long)arg;
	struct state in = { .mxcsr = rounding[me % 4],
			    .fcw = (unsigned short)(0x37f | (me % 4) << 10),
			    .st = 1.5 * (me + 1) },
		     out;

	memset(in.vec, 0x11 * (me + 1), sizeof(in.vec));
	while (!stop) {
		memset(&out, 0, sizeof(out));
		spin(&in, &out, 2000000);
		if (!same(&in, &out)) {
			wrong = 1;
			printf("thread %d: registers changed\n", me);
		}
		progress[me]++;
	}
	return NULL;
}

/* A program begins with clean registers. */
static void check_clean(void)
{
	unsigned int mxcsr;
	unsigned short fcw;

	__asm__ volatile("stmxcsr %0; fnstcw %1" : "=m"(mxcsr), "=m"(fcw));
	printf("MXCSR %#x FCW %#x\n", mxcsr & ~0x3fu, fcw);
}

int main(void)
{
	pthread_t t[THREADS];
	struct timespec ms = { 0, 1000000 };

	check_clean();
	avx = __builtin_cpu_supports("avx");
	for (long i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, worker, (void *)i);
	for (int i = 0; i < SLEEPS; i++)
		nanosleep(&ms, NULL);
	printf("slept\n");
	for (int i = 0; i < THREADS; i++) {
		while (progress[i] < ROUNDS)
			nanosleep(&ms, NULL);
	}
	stop = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	printf("busy: %s\n", wrong ? "wrong" : "right");
	return wrong;
}
