// SPDX-License-Identifier: BSD-2-Clause
/*
 * The vDSO: found, complete, its clocks run, agree with the system calls, follow settimeofday, and
 * are used by the C library.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const Elf64_Sym *symbols;
static const char *strings;
static const char *base;
static unsigned int nr_symbols;

static void find_tables(void)
{
	const Elf64_Ehdr *eh = (const void *)base;
	const Elf64_Phdr *ph = (const void *)(base + eh->e_phoff);

	for (int i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type != PT_DYNAMIC)
			continue;
		for (const Elf64_Dyn *d = (const void *)(base + ph[i].p_vaddr); d->d_tag; d++) {
			const void *p = base + d->d_un.d_ptr;

			if (d->d_tag == DT_SYMTAB)
				symbols = p;
			else if (d->d_tag == DT_STRTAB)
				strings = p;
			else if (d->d_tag == DT_HASH)
				nr_symbols = ((const Elf64_Word *)p)[1];
		}
	}
}

static void *find(const char *name)
{
	for (unsigned int i = 0; i < nr_symbols; i++)
		if (!strcmp(strings + symbols[i].st_name, name))
			return (void *)(base + symbols[i].st_value);
	printf("missing %s\n", name);
	return NULL;
}

static long long ns(const struct timespec *ts)
{
	return ts->tv_sec * 1000000000ll + ts->tv_nsec;
}

/* Between two system calls, the vDSO's time lies between theirs. */
static int in_order(int (*gettime)(clockid_t, struct timespec *), clockid_t clock)
{
	struct timespec a, b, c;

	for (int i = 0; i < 1000; i++) {
		syscall(SYS_clock_gettime, clock, &a);
		gettime(clock, &b);
		syscall(SYS_clock_gettime, clock, &c);
		if (ns(&a) > ns(&b) || ns(&b) > ns(&c) || b.tv_nsec < 0 || b.tv_nsec > 999999999)
			return 0;
	}
	return 1;
}

int main(void)
{
	int (*gettime)(clockid_t, struct timespec *), (*getres)(clockid_t, struct timespec *);
	int (*day)(struct timeval *, void *);
	long (*cpu)(unsigned int *, unsigned int *, void *);
	time_t (*seconds)(time_t *);
	struct timespec ts = { 0 };
	struct timeval tv, set = { .tv_sec = 2000000000 };
	unsigned int c = 9, n = 9;
	long ret;

	base = (const char *)getauxval(AT_SYSINFO_EHDR);
	find_tables();
	gettime = find("__vdso_clock_gettime");
	getres = find("__vdso_clock_getres");
	day = find("__vdso_gettimeofday");
	seconds = find("__vdso_time");
	cpu = find("__vdso_getcpu");
	printf("monotonic %d realtime %d boottime %d\n", in_order(gettime, CLOCK_MONOTONIC),
	       in_order(gettime, CLOCK_REALTIME), in_order(gettime, CLOCK_BOOTTIME));
	gettime(CLOCK_MONOTONIC_RAW, &ts);
	/* ping takes second 0 of this clock for "not started". */
	printf("raw %d not zero %d\n", in_order(gettime, CLOCK_MONOTONIC_RAW), ts.tv_sec > 0);
	printf("cpu time %d\n", in_order(gettime, CLOCK_PROCESS_CPUTIME_ID));
	printf("bad clock %d\n", gettime(77, &ts));
	ret = getres(CLOCK_MONOTONIC, &ts);
	printf("getres %ld %ld\n", ret, ts.tv_nsec);
	ret = cpu(&c, &n, NULL);
	printf("getcpu %ld %u %u\n", ret, c, n);
	printf("settimeofday %d\n", settimeofday(&set, NULL));
	day(&tv, NULL);
	clock_gettime(CLOCK_REALTIME, &ts);
	printf("follows %d %d %d\n", tv.tv_sec - set.tv_sec < 100 && tv.tv_sec >= set.tv_sec,
	       seconds(NULL) - set.tv_sec < 100 && seconds(NULL) >= set.tv_sec,
	       ts.tv_sec - set.tv_sec < 100 && ts.tv_sec >= set.tv_sec);
	return 0;
}
