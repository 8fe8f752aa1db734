// SPDX-License-Identifier: BSD-2-Clause
/*
 * Programs that want more memory than there is: `hunger touch` writes into a mapping larger than
 * the machine until it is ended; `copy` lets the kernel write there; `malloc` allocates until it is
 * refused, and goes on living; `files` fills the file system. `huge` looks at huge pages, `many`
 * makes areas by the ten thousand, and gives all of it back.
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

int main(int argc, char **argv)
{
	const struct {
		const char *name;
		int (*fn)(void);
	} modes[] = { { "touch", touch }, { "copy", copy }, { "malloc", refused },
		      { "files", files }, { "huge", huge }, { "many", many } };

	setvbuf(stdout, NULL, _IONBF, 0);
	for (unsigned int i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (argc > 1 && !strcmp(argv[1], modes[i].name))
			return modes[i].fn();
	}
	return 2;
}
