// SPDX-License-Identifier: BSD-2-Clause
/*
 * The vDSO: code of the kernel's that runs in ring 3, in the program's own address space, so that
 * asking for the time needs no system call. vdso(7) has the names; the formula is that of
 * kernel/time/clock.c, on numbers that the kernel keeps in the page in front (vdso_data.h).
 *
 * Compiled and linked on its own (vdso.mk) into a small shared object, position independent, with
 * no data of its own: whatever runs here may be interrupted or unwound at any instruction. Clocks
 * that are not the time stamp counter's go to the kernel by a system call.
 */
#include <kernel/abi/vdso/vdso_data.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

#define NSEC_PER_SEC 1000000000ul
#define NSEC_PER_USEC 1000ul
#define NR_CLOCK_GETTIME 228
#define NR_CLOCK_GETRES 229
#define CLOCK_TAI_ID 11

struct getcpu_cache;

int __vdso_clock_gettime(clockid_t clock, struct timespec *ts);
int __vdso_clock_getres(clockid_t clock, struct timespec *ts);
int __vdso_gettimeofday(struct timeval *tv, void *tz);
time_t __vdso_time(time_t *t);
long __vdso_getcpu(unsigned int *cpu, unsigned int *node, struct getcpu_cache *unused);

static long syscall2(long nr, long a, void *b)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b)
			 : "rcx", "r11", "memory");
	return ret;
}

/* Not before what stands in front of it has been done. */
static inline uint64_t read_tsc(void)
{
	uint32_t lo, hi;

	__asm__ volatile("lfence; rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

/* Nanoseconds on the clock that the counter drives; real: since 1970, else since boot. */
static inline int read_clock(int real, uint64_t *ns)
{
	uint32_t seq;

	do {
		seq = vdso_data.seq;
		__asm__ volatile("" : : : "memory");
		if (!vdso_data.tsc_usable)
			return 0;
		*ns = (uint64_t)((__uint128_t)(read_tsc() - vdso_data.base_cycles) *
				 vdso_data.mult >> VDSO_SHIFT);
		if (real)
			*ns += vdso_data.real_offset_ns;
		__asm__ volatile("" : : : "memory");
	} while (seq & 1 || seq != vdso_data.seq);
	return 1;
}

/* 1: the counter's, since 1970; 0: the counter's, since boot; -1: another one. */
static inline int clock_kind(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI_ID:
		return 1;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		return 0;
	}
	return -1;
}

int __vdso_clock_gettime(clockid_t clock, struct timespec *ts)
{
	int kind = clock_kind(clock);
	uint64_t ns;

	if (kind < 0 || !read_clock(kind, &ns))
		return (int)syscall2(NR_CLOCK_GETTIME, clock, ts);
	if (clock == CLOCK_MONOTONIC_RAW)
		ns += RAW_AHEAD_NS;
	ts->tv_sec = (time_t)(ns / NSEC_PER_SEC);
	ts->tv_nsec = (long)(ns % NSEC_PER_SEC);
	return 0;
}

int __vdso_clock_getres(clockid_t clock, struct timespec *ts)
{
	return (int)syscall2(NR_CLOCK_GETRES, clock, ts);
}

int __vdso_gettimeofday(struct timeval *tv, void *tz)
{
	struct timespec ts;

	if (tv) {
		__vdso_clock_gettime(CLOCK_REALTIME, &ts);
		tv->tv_sec = ts.tv_sec;
		tv->tv_usec = (suseconds_t)((unsigned long)ts.tv_nsec / NSEC_PER_USEC);
	}
	if (tz) { /* struct timezone: always Greenwich */
		((int *)tz)[0] = 0;
		((int *)tz)[1] = 0;
	}
	return 0;
}

time_t __vdso_time(time_t *t)
{
	struct timespec ts;

	__vdso_clock_gettime(CLOCK_REALTIME, &ts);
	if (t)
		*t = ts.tv_sec;
	return ts.tv_sec;
}

long __vdso_getcpu(unsigned int *cpu, unsigned int *node, struct getcpu_cache *unused)
{
	(void)unused;
	if (cpu)
		*cpu = 0;
	if (node)
		*node = 0;
	return 0;
}
