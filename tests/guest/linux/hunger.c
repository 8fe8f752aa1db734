// SPDX-License-Identifier: BSD-2-Clause
/*
 * Programs that want more memory than there is: `hunger touch` writes into a mapping larger than
 * the machine until it is ended; `copy` lets the kernel write there; `malloc` allocates until it is
 * refused, and goes on living; `files` fills the file system. `huge` looks at huge pages, `many`
 * makes areas by the ten thousand, and gives all of it back. `chaos` maps, cuts, moves and writes
 * at random where huge pages lie, and knows what each page must hold.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096ul
#define MIB (1ul << 20)
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define AREAS 20000

static char *reserve(size_t len)
{
	char *p = mmap(NULL, len, RW, ANON | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return p;
}

/* A number of a line of a file of /proc, in KiB. */
static long proc_number(const char *file, const char *key)
{
	FILE *f = fopen(file, "r");
	char line[256];
	long sum = 0, n;

	while (f && fgets(line, sizeof(line), f)) {
		if (!strncmp(line, key, strlen(key)) && sscanf(line + strlen(key), "%ld", &n) == 1)
			sum += n;
	}
	if (f)
		fclose(f);
	return sum;
}

static int touch(void)
{
	char *p = reserve(4096 * MIB);

	for (size_t i = 0; i < 4096 * MIB; i += PAGE)
		p[i] = 1;
	puts("it never ended");
	return 3;
}

static int copy(void)
{
	char *p = reserve(4096 * MIB);
	int fd = open("/dev/zero", O_RDONLY);
	ssize_t n = 0;

	for (size_t i = 0; i < 4096 * MIB && n >= 0; i += MIB)
		n = read(fd, p + i, MIB);
	printf("the read returned %zd\n", n);
	return 3;
}

static int refused(void)
{
	unsigned int blocks = 0;
	char *p;

	while ((p = malloc(MIB / 4))) {
		memset(p, 1, MIB / 4);
		blocks++;
	}
	printf("refused: %s\n", errno == ENOMEM ? "ENOMEM" : "?");
	printf("had most of it: %d\n", blocks > proc_number("/proc/meminfo", "MemTotal:") / 512);
	/* The kernel still has what it needs. */
	for (int i = 0; i < 200; i++) {
		if (open("/dev/null", O_RDONLY) < 0)
			puts("no file");
	}
	return 0;
}

static int files(void)
{
	static char block[64 << 10];
	int fd = open("/fill", O_RDWR | O_CREAT, 0600);
	char *p;

	while (write(fd, block, sizeof(block)) > 0)
		;
	printf("the file system says %s\n", strerror(errno));
	unlink("/fill");
	close(fd);
	p = malloc(8 * MIB);
	memset(p, 1, 8 * MIB);
	puts("and gives it back");
	return 0;
}

static int huge(void)
{
	char *p = reserve(16 * MIB), *at;
	long before, after;

	at = (char *)(((uintptr_t)p + 2 * MIB - 1) & ~(2 * MIB - 1));
	madvise(at, 8 * MIB, MADV_HUGEPAGE);
	for (size_t i = 0; i < 8 * MIB; i += PAGE)
		at[i] = (char)(i >> 12);
	before = proc_number("/proc/self/smaps", "AnonHugePages:");
	/* A hole, a page of other rights, a move by half a huge page: the rest keeps its bytes. */
	munmap(at + 2 * MIB + 5 * PAGE, PAGE);
	mprotect(at + 4 * MIB + 9 * PAGE, PAGE, PROT_READ);
	mremap(at + 6 * MIB, 2 * MIB, 2 * MIB, MREMAP_MAYMOVE | MREMAP_FIXED,
	       at + 6 * MIB - 16 * MIB + MIB);
	after = proc_number("/proc/self/smaps", "AnonHugePages:");
	for (size_t i = 0; i < 6 * MIB; i += PAGE) {
		if (i != 2 * MIB + 5 * PAGE && at[i] != (char)(i >> 12))
			printf("wrong at page %zu\n", i >> 12);
	}
	for (size_t i = 0; i < 2 * MIB; i += PAGE) {
		if (at[6 * MIB - 16 * MIB + MIB + i] != (char)(i >> 12))
			printf("wrong in the moved page %zu\n", i >> 12);
	}
	printf("huge: %ld kB, then %ld kB\n", before, after);
	return 0;
}

static int many(void)
{
	char *p = reserve(AREAS * 2 * PAGE);
	unsigned int i;

	for (i = 0; i < AREAS; i++) {
		if (mprotect(p + 2 * PAGE * i, PAGE, PROT_READ))
			return 1;
	}
	for (i = 0; i < 2000; i++) {
		char *q = mmap(NULL, 16 * PAGE, RW, ANON, -1, 0);

		q[PAGE * (i % 16)] = 1;
		if (mprotect(q, PAGE, PROT_NONE) || (i % 2 && munmap(q, 16 * PAGE)))
			return 1;
	}
	if (munmap(p, AREAS * 2 * PAGE))
		return 1;
	puts("many areas");
	return 0;
}

/* --- chaos ----------------------------------------------------------------------------------- */

#define WINDOW (24 * MIB)
#define PAGES ((unsigned int)(WINDOW / PAGE))
#define STEPS 30000

static struct {
	char mapped, writable;
	unsigned int stamp; /* what its first word holds */
} shadow[PAGES];
static char *window;
static uint64_t chance = 88172645463325252ull;

static unsigned int pick(unsigned int below)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (unsigned int)(chance >> 20) % below;
}

/* Some pages, often as many as a huge one has or on its border. */
static unsigned int run(unsigned int first)
{
	unsigned int n = pick(3) ? 1 + pick(40) : 512 * (1 + pick(2));

	return first + n > PAGES ? PAGES - first : n;
}

static unsigned int place(void)
{
	return pick(2) ? pick(PAGES) : pick(PAGES / 512) * 512;
}

static void set(unsigned int first, unsigned int n, int mapped, int writable)
{
	for (unsigned int i = first; i < first + n; i++) {
		shadow[i].mapped = (char)mapped;
		shadow[i].writable = (char)writable;
		shadow[i].stamp = 0;
	}
}

static int whole(unsigned int first, unsigned int n)
{
	for (unsigned int i = first; i < first + n; i++) {
		if (!shadow[i].mapped || shadow[i].writable != shadow[first].writable)
			return 0;
	}
	return 1;
}

static int move(unsigned int first, unsigned int n, unsigned int to)
{
	char *q;

	if (!whole(first, n) || to + n > PAGES || (to < first + n && first < to + n))
		return 0;
	q = mremap(window + first * PAGE, n * PAGE, n * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		   window + to * PAGE);
	if (q == MAP_FAILED)
		return errno != EFAULT; /* two areas that only look like one */
	memcpy(&shadow[to], &shadow[first], n * sizeof(shadow[0]));
	set(first, n, 0, 0);
	return 0;
}

static int change(unsigned int kind, unsigned int first, unsigned int n)
{
	char *p = window + first * PAGE;

	switch (kind) {
	case 0:
		set(first, n, 1, 1);
		return mmap(p, n * PAGE, RW, ANON | MAP_FIXED, -1, 0) != p ||
		       madvise(p, n * PAGE, MADV_HUGEPAGE);
	case 1:
		set(first, n, 0, 0);
		return munmap(p, n * PAGE);
	case 2:
		if (!whole(first, n))
			return 0;
		for (unsigned int i = first; i < first + n; i++)
			shadow[i].writable = !(n & 1);
		return mprotect(p, n * PAGE, n & 1 ? PROT_READ : RW);
	case 3:
		if (!whole(first, n))
			return 0;
		for (unsigned int i = first; i < first + n; i++)
			shadow[i].stamp = 0;
		return madvise(p, n * PAGE, MADV_DONTNEED);
	default:
		return move(first, n, place());
	}
}

static int look(unsigned int first, unsigned int n)
{
	for (unsigned int i = first; i < first + n; i++) {
		unsigned int *word = (unsigned int *)(window + i * PAGE);

		if (shadow[i].mapped && *word != shadow[i].stamp) {
			printf("page %u holds %u, not %u\n", i, *word, shadow[i].stamp);
			return 1;
		}
		if (shadow[i].mapped && shadow[i].writable && pick(2))
			*word = shadow[i].stamp = pick(1u << 30);
	}
	return 0;
}

static int chaos(void)
{
	unsigned int first, i;
	long left;

	window = (char *)(((uintptr_t)reserve(WINDOW + 2 * MIB) + 2 * MIB - 1) & ~(2 * MIB - 1));
	set(0, PAGES, 1, 1);
	for (i = 0; i < STEPS; i++) {
		first = place();
		if (i % 3 ? look(first, run(first)) : change(pick(5), first, run(first))) {
			printf("step %u: %s\n", i, strerror(errno));
			return 1;
		}
	}
	if (look(0, PAGES) || munmap(window, WINDOW))
		return 1;
	left = proc_number("/proc/self/smaps", "Rss:");
	printf("chaos over, little left %d\n", left < 2048);
	return 0;
}

int main(int argc, char **argv)
{
	const struct {
		const char *name;
		int (*fn)(void);
	} modes[] = { { "touch", touch }, { "copy", copy }, { "malloc", refused },
		      { "files", files }, { "huge", huge }, { "many", many },
		      { "chaos", chaos } };

	setvbuf(stdout, NULL, _IONBF, 0);
	for (unsigned int i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (argc > 1 && !strcmp(argv[1], modes[i].name))
			return modes[i].fn();
	}
	return 2;
}
