// SPDX-License-Identifier: BSD-2-Clause
/*
 * What Linux says about memory, line by line: mapping with right and wrong arguments, files in
 * memory, faults and their signals, calls with pointers that end too early. It prints no address,
 * so that the text is the same everywhere; test_mm.py compares that of Linux with that of the
 * machine. Needs a working directory that it may write to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096ul
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define TASK_END 0x7ffffffff000ul
#define KERNEL_TEXT 0xffffffff80000000ul
#define KERNEL_RAM 0xffff888000100000ul
#define NON_CANONICAL 0x0000900000000000ul

static sigjmp_buf back;
static volatile int expected;
static volatile int fault_signal, fault_code;
static void *volatile fault_addr;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	fault_signal = sig;
	fault_code = info->si_code;
	fault_addr = info->si_addr;
	if (!expected) {
		printf("unexpected signal %d\n", sig);
		_exit(2);
	}
	expected = 0;
	siglongjmp(back, 1);
}

/* name: result, or errno's name. */
static long say(const char *name, long ret)
{
	if (ret == -1)
		printf("%s: -1 %s\n", name, strerrorname_np(errno));
	else
		printf("%s: %s\n", name, ret ? "not 0" : "0");
	return ret;
}

static long number(const char *name, long ret)
{
	if (ret == -1)
		return say(name, ret);
	printf("%s: %ld\n", name, ret);
	return ret;
}

static char *map(const char *name, unsigned long at, size_t len, int prot, int flags)
{
	char *p = mmap((void *)at, len, prot, flags, -1, 0);

	if (name)
		printf("%s: %s\n", name, p == MAP_FAILED ? strerrorname_np(errno) : "mapped");
	return p;
}

static char *pages(unsigned int n)
{
	return map(NULL, 0, n * PAGE, RW, ANON);
}

/* Touch p; say what came of it, the address relative to what was touched. */
static void touch(const char *name, volatile char *p, int write)
{
	if (sigsetjmp(back, 1)) {
		printf("%s: signal %d code %d addr %s\n", name, fault_signal, fault_code,
		       fault_addr == (void *)p ? "the same" : fault_addr ? "another" : "0");
		return;
	}
	expected = 1;
	if (write)
		*p = 1;
	else
		(void)*p;
	expected = 0;
	printf("%s: ok %d\n", name, write ? 1 : *p);
}

static void mapping(void)
{
	char *p;

	map("length 0", 0, 0, RW, ANON);
	map("length ~0", 0, ~0ul, RW, ANON);
	map("length 2^47", 0, 1ul << 47, 0, ANON | MAP_NORESERVE);
	map("no type", 0, PAGE, RW, MAP_ANONYMOUS);
	map("both types", 0, PAGE, RW, MAP_ANONYMOUS | MAP_SHARED_VALIDATE);
	map("shared stack", 0, PAGE, RW, MAP_ANONYMOUS | MAP_SHARED | MAP_GROWSDOWN);
	map("beyond memory", 0, 1ul << 45, RW, ANON);
	map("beyond memory, reserved", 0, 1ul << 45, RW, ANON | MAP_NORESERVE);
	map("beyond memory, no access", 0, 1ul << 45, PROT_NONE, ANON);
	map("fixed odd", 0x10001, PAGE, RW, ANON | MAP_FIXED);
	map("fixed at the end", TASK_END, PAGE, RW, ANON | MAP_FIXED);
	map("fixed across the end", TASK_END - PAGE, 2 * PAGE, RW, ANON | MAP_FIXED);
	map("fixed in the kernel", KERNEL_TEXT, PAGE, RW, ANON | MAP_FIXED);
	p = map("hint odd", 0x20000001, PAGE, RW, ANON);
	printf("hint taken %d\n", p == (char *)0x20000000);
	p = map("32 bit", 0, PAGE, RW, ANON | MAP_32BIT);
	printf("below 2 GiB %d\n", (uintptr_t)p < 1ul << 31);
	p = pages(4);
	map("no replace", (uintptr_t)p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE);
	map("no replace, across", (uintptr_t)p - PAGE, 2 * PAGE, RW, ANON | MAP_FIXED_NOREPLACE);
	strcpy(p, "old");
	map("replace", (uintptr_t)p, PAGE, RW, ANON | MAP_FIXED);
	printf("now %d\n", *p);
	say("unmap odd", munmap(p + 1, PAGE));
	say("unmap 0", munmap(p, 0));
	say("unmap too much", munmap(p, ~0ul));
	say("unmap kernel", munmap((void *)KERNEL_TEXT, PAGE));
	say("unmap the middle", munmap(p + PAGE, PAGE));
	touch("the middle", p + PAGE, 0);
	touch("behind it", p + 2 * PAGE, 0);
	say("unmap again", munmap(p, 4 * PAGE));
	touch("all of it", p, 1);
}

static void protecting(void)
{
	char *p = pages(4), *code;
	int (*answer)(void);

	say("protect odd", mprotect(p + 1, PAGE, PROT_READ));
	say("protect 0", mprotect(p, 0, PROT_READ));
	say("protect bits", mprotect(p, PAGE, 0x70));
	say("protect too long", mprotect(p, ~0ul - 10 * PAGE, PROT_READ));
	say("protect growing", mprotect(p, PAGE, PROT_READ | PROT_GROWSDOWN));
	memset(p, 5, 4 * PAGE);
	say("protect one", mprotect(p + PAGE, PAGE, PROT_READ));
	touch("read it", p + PAGE, 0);
	touch("write it", p + PAGE, 1);
	touch("write the next", p + 2 * PAGE, 1);
	say("protect none", mprotect(p, 4 * PAGE, PROT_NONE));
	touch("read none", p + 3 * PAGE, 0);
	say("protect back", mprotect(p, 4 * PAGE, RW));
	touch("kept", p + 3 * PAGE, 0);
	say("only write", mprotect(p, PAGE, PROT_WRITE));
	touch("read only write", p, 0);
	munmap(p + 2 * PAGE, PAGE);
	say("protect over a hole", mprotect(p, 4 * PAGE, PROT_READ));
	touch("before the hole", p + PAGE, 1);
	touch("behind the hole", p + 3 * PAGE, 1);

	code = pages(1);
	memcpy(code, "\xb8\x2a\x00\x00\x00\xc3", 6); /* mov $42, %eax; ret */
	answer = (int (*)(void))code;
	expected = 1;
	if (!sigsetjmp(back, 1))
		printf("run data: %d\n", answer());
	else
		printf("run data: signal %d code %d\n", fault_signal, fault_code);
	say("make it code", mprotect(code, PAGE, RW | PROT_EXEC));
	printf("run code: %d\n", answer());
	code[1] = 43;
	printf("change code: %d\n", answer());
}

static void outside(void)
{
	touch("null", NULL, 0);
	touch("low", (char *)8, 1);
	touch("the last page", (char *)TASK_END, 0);
	touch("not canonical", (char *)NON_CANONICAL, 0);
	touch("kernel text", (char *)KERNEL_TEXT + 0x100000, 0);
	touch("kernel memory", (char *)KERNEL_RAM, 1);
	touch("kernel end", (char *)-1, 0);
}

static void remapping(void)
{
	char *p = pages(8), *q, *to = pages(8);

	strcpy(p, "first");
	strcpy(p + 3 * PAGE, "fourth");
	number("remap odd", (long)mremap(p + 1, PAGE, PAGE, 0));
	number("remap to 0", (long)mremap(p, PAGE, 0, 0));
	number("remap flags", (long)mremap(p, PAGE, PAGE, 64));
	number("fixed alone", (long)mremap(p, PAGE, PAGE, MREMAP_FIXED, to));
	number("nothing there", (long)mremap((void *)0x12345000, PAGE, PAGE, 0));
	number("private from 0", (long)mremap(p, 0, PAGE, MREMAP_MAYMOVE));
	number("overlapping", (long)mremap(p, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
					   p + PAGE));
	printf("same %d\n", mremap(p, 8 * PAGE, 8 * PAGE, 0) == p);
	printf("shrink %d\n", mremap(p, 8 * PAGE, 4 * PAGE, 0) == p);
	touch("cut off", p + 4 * PAGE, 0);
	map(NULL, (uintptr_t)p + 4 * PAGE, PAGE, RW, ANON | MAP_FIXED);
	mprotect(p + 4 * PAGE, PAGE, PROT_READ);
	number("no room", (long)mremap(p, 4 * PAGE, 5 * PAGE, 0));
	q = mremap(p, 4 * PAGE, 16 * PAGE, MREMAP_MAYMOVE);
	printf("moved %d, %s %s %d\n", q != p, q, q + 3 * PAGE, q[15 * PAGE]);
	touch("old place", p, 0);
	p = mremap(q, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	printf("to its place %d, %s %s\n", p == to, p, p + 3 * PAGE);
	touch("left", q, 0);
	touch("not moved", q + 4 * PAGE, 0);
	q = mremap(p, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	printf("copied %d, %s, left %d\n", q != p, q, *p);
	munmap(to + 5 * PAGE, PAGE);
	number("across a hole", (long)mremap(to + 4 * PAGE, 3 * PAGE, 4 * PAGE, MREMAP_MAYMOVE));
	p = map(NULL, 0, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS);
	strcpy(p, "shared");
	q = mremap(p, 0, 2 * PAGE, MREMAP_MAYMOVE);
	printf("second view %d %s", q != p, q);
	strcpy(q, "both");
	printf(" %s\n", p);
	p = mremap(p, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	touch("beyond what is shared", p + 3 * PAGE, 0);
}

static void advising(void)
{
	char *p = pages(4), *shared = map(NULL, 0, 4 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS);

	say("advise odd", madvise(p + 1, PAGE, MADV_DONTNEED));
	say("advise unknown", madvise(p, PAGE, 77));
	say("advise 0", madvise(p, 0, MADV_DONTNEED));
	say("advise wrap", madvise(p, ~0ul - PAGE, MADV_DONTNEED));
	memset(p, 7, 4 * PAGE);
	memset(shared, 7, 4 * PAGE);
	say("dontneed", madvise(p + PAGE, PAGE, MADV_DONTNEED));
	printf("then %d %d %d\n", p[0], p[PAGE], p[2 * PAGE]);
	say("dontneed shared", madvise(shared, PAGE, MADV_DONTNEED));
	printf("then %d\n", shared[0]);
	say("free", madvise(p, PAGE, MADV_FREE));
	say("remove private", madvise(p, PAGE, MADV_REMOVE));
	say("remove shared", madvise(shared + PAGE, PAGE, MADV_REMOVE));
	printf("then %d %d %d\n", shared[0], shared[PAGE], shared[2 * PAGE]);
	say("free shared", madvise(shared, PAGE, MADV_FREE));
	say("willneed", madvise(p, PAGE, MADV_WILLNEED));
	say("sequential", madvise(p, PAGE, MADV_SEQUENTIAL));
	say("random", madvise(p + PAGE, PAGE, MADV_RANDOM));
	say("hugepage", madvise(p, PAGE, MADV_HUGEPAGE));
	say("nohugepage", madvise(p, PAGE, MADV_NOHUGEPAGE));
	say("dontfork", madvise(p, PAGE, MADV_DONTFORK));
	say("dontdump", madvise(p, PAGE, MADV_DONTDUMP));
	say("wipe", madvise(p, PAGE, MADV_WIPEONFORK));
	say("wipe shared", madvise(shared, PAGE, MADV_WIPEONFORK));
	say("populate", madvise(p, 4 * PAGE, MADV_POPULATE_WRITE));
	mprotect(p, PAGE, PROT_READ);
	say("populate read only", madvise(p, 4 * PAGE, MADV_POPULATE_WRITE));
	munmap(p + 2 * PAGE, PAGE);
	say("over a hole", madvise(p, 4 * PAGE, MADV_DONTNEED));
	printf("then %d\n", p[3 * PAGE]);
	say("populate a hole", madvise(p + PAGE, 3 * PAGE, MADV_POPULATE_READ));

}

static void keeping(void)
{
	char *p = pages(8);
	unsigned char vec[8];

	p[5 * PAGE] = 1;
	say("mincore odd", mincore(p + 1, PAGE, vec));
	say("mincore bad vector", mincore(p, PAGE, (unsigned char *)8));
	say("mincore kernel", mincore((void *)KERNEL_TEXT, PAGE, vec));
	say("mincore", mincore(p, 8 * PAGE, vec));
	printf("in core %d %d %d\n", vec[0] & 1, vec[5] & 1, vec[7] & 1);
	munmap(p + 2 * PAGE, PAGE);
	say("mincore over a hole", mincore(p, 8 * PAGE, vec));
	say("msync odd", msync(p + 1, PAGE, MS_SYNC));
	say("msync flags", msync(p, PAGE, MS_SYNC | MS_ASYNC));
	say("msync unknown", msync(p, PAGE, 64));
	say("msync", msync(p, PAGE, MS_SYNC));
	say("msync over a hole", msync(p, 8 * PAGE, MS_SYNC));
	say("mlock", mlock(p + 100, PAGE));
	say("dontneed locked", madvise(p, PAGE, MADV_DONTNEED));
	say("invalidate locked", msync(p, PAGE, MS_INVALIDATE));
	say("mlock over a hole", mlock(p, 8 * PAGE));
	say("munlock", munlock(p, PAGE));
	say("munlock a hole", munlock(p + 2 * PAGE, PAGE));
	say("mlock2 flags", syscall(SYS_mlock2, p, PAGE, 8));
	say("mlockall 0", mlockall(0));
	say("mlockall on fault alone", mlockall(4));
	say("munlockall", munlockall());
	say("barrier before", syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
	say("barrier flags", syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 4, 0));
	say("barrier unknown", syscall(SYS_membarrier, 1 << 30, 0, 0));
	say("register", syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
	say("barrier", syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
	say("barrier of all", syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
}

/* A file of some bytes more than 3 pages. */
static int file(void)
{
	char page[PAGE];
	int fd = open("mm.data", O_RDWR | O_CREAT | O_TRUNC, 0644), i;

	for (i = 0; i < 4; i++) {
		memset(page, 'a' + i, PAGE);
		if (write(fd, page, i < 3 ? PAGE : 100) < 0)
			perror("mm.data");
	}
	return fd;
}

static char *map_fd(const char *name, int fd, int prot, int flags, off_t off)
{
	char *p = mmap(NULL, 4 * PAGE, prot, flags, fd, off);

	printf("%s: %s\n", name, p == MAP_FAILED ? strerrorname_np(errno) : "mapped");
	return p;
}

static void files(void)
{
	int fd = file(), ro = open("mm.data", O_RDONLY), wo = open("mm.data", O_WRONLY), fds[2];
	int zero = open("/dev/zero", O_RDWR);
	char *shared, *private, *p, c;

	map_fd("closed", 99, RW, MAP_SHARED, 0);
	map_fd("odd offset", fd, RW, MAP_SHARED, 100);
	map_fd("negative offset", fd, RW, MAP_SHARED, -(off_t)PAGE);
	map_fd("no type", fd, RW, 0, 0);
	map_fd("validate", fd, RW, MAP_SHARED_VALIDATE, 0);
	map_fd("validate a size", fd, RW, MAP_SHARED_VALIDATE | 0x8000000, 0);
	map_fd("validate unknown", fd, RW, MAP_SHARED_VALIDATE | 0x200000, 0);
	map_fd("shared unknown", fd, RW, MAP_SHARED | 0x8000000, 0);
	map_fd("grows", fd, RW, MAP_PRIVATE | MAP_GROWSDOWN, 0);
	map_fd("write only", wo, PROT_WRITE, MAP_SHARED, 0);
	map_fd("write only, private", wo, PROT_WRITE, MAP_PRIVATE, 0);
	map_fd("read only", ro, RW, MAP_SHARED, 0);
	map_fd("read only, private", ro, RW, MAP_PRIVATE, 0);
	p = map_fd("read only, to read", ro, PROT_READ, MAP_SHARED, 0);
	say("protect to write", mprotect(p, PAGE, RW));
	map_fd("a directory", open(".", O_RDONLY), PROT_READ, MAP_SHARED, 0);
	if (!pipe(fds))
		map_fd("a pipe", fds[0], PROT_READ, MAP_SHARED, 0);

	shared = map_fd("shared", fd, RW, MAP_SHARED, 0);
	private = map_fd("private", fd, RW, MAP_PRIVATE, 0);
	printf("both %c %c %c\n", shared[0], private[PAGE], shared[3 * PAGE + 99]);
	printf("behind the end %d\n", shared[3 * PAGE + 100]);
	shared[0] = 'X';
	if (pread(fd, &c, 1, 0) == 1)
		printf("file %c, private %c\n", c, private[0]);
	private[PAGE] = 'Y';
	shared[PAGE] = 'Z';
	if (pwrite(fd, "W", 1, 2 * PAGE) == 1)
		printf("private %c %c, shared %c\n", private[PAGE], private[2 * PAGE], shared[2 * PAGE]);
	say("dontneed private", madvise(private, 4 * PAGE, MADV_DONTNEED));
	printf("private %c\n", private[PAGE]);
	private[PAGE] = 'V';
	say("truncate", ftruncate(fd, PAGE + 10));
	touch("shared beyond", shared + 2 * PAGE, 0);
	touch("private beyond", private + 2 * PAGE, 1);
	printf("cut page %d %d, private %c\n", shared[PAGE + 9], shared[PAGE + 10], private[PAGE]);
	say("grow", ftruncate(fd, 4 * PAGE));
	printf("grown %d %d\n", shared[PAGE + 10], shared[3 * PAGE]);
	say("msync", msync(shared, 4 * PAGE, MS_SYNC));
	close(fd);
	unlink("mm.data");
	shared[0] = 'S';
	printf("still %c %c\n", shared[0], private[0]);
	say("unmap", munmap(shared, 4 * PAGE));

	p = map_fd("zero, private", zero, RW, MAP_PRIVATE, 0);
	p[PAGE] = 1;
	printf("zero %d %d\n", p[0], p[PAGE]);
	p = map_fd("zero, shared", zero, RW, MAP_SHARED, 0);
	p[PAGE] = 2;
	printf("zero %d %d\n", p[0], p[PAGE]);
}

static void copying(void)
{
	char *p = pages(2), *edge = p + PAGE;
	int fd = file(), fds[2];
	struct iovec iov[2] = { { edge - 4, 4 }, { edge, 4 } };
	struct stat st;

	munmap(edge, PAGE);
	memset(p, 'q', PAGE);
	number("write to the edge", pwrite(fd, edge - 10, 10, 0));
	number("write across", pwrite(fd, edge - 10, 20, 0));
	number("write behind", pwrite(fd, edge, 20, 0));
	number("read to the edge", pread(fd, edge - 10, 10, 0));
	number("read across", pread(fd, edge - 10, 20, 0));
	number("read behind", pread(fd, edge, 20, 0));
	number("read 0 behind", pread(fd, edge, 0, 0));
	number("read far across", pread(fd, p + 1, 3 * PAGE, 0));
	printf("last byte %c\n", edge[-1]);
	number("vector", pwritev(fd, iov, 2, 0));
	number("vector behind", pwritev(fd, (struct iovec *)edge, 2, 0));
	number("vector across", pwritev(fd, (struct iovec *)(edge - 16), 2, 0));
	number("to the kernel", pread(fd, (void *)KERNEL_RAM, 10, 0));
	number("from the kernel", pwrite(fd, (void *)KERNEL_TEXT, 10, 0));
	number("across the end", pread(fd, (void *)(TASK_END - 8), 16, 0));
	number("not canonical", pread(fd, (void *)NON_CANONICAL, 10, 0));
	number("beyond all", pread(fd, (void *)-8ul, 16, 0));
	number("null", pread(fd, NULL, 10, 0));
	mprotect(p, PAGE, PROT_READ);
	number("into read only", pread(fd, p, 10, 0));
	number("from read only", pwrite(fd, p, 10, 0));
	mprotect(p, PAGE, PROT_NONE);
	number("from no access", pwrite(fd, p, 10, 0));
	mprotect(p, PAGE, RW);
	say("structure behind", syscall(SYS_fstat, fd, edge));
	say("structure across", syscall(SYS_fstat, fd, edge - sizeof(st) / 2));
	say("structure odd", syscall(SYS_fstat, fd, edge - sizeof(st)));
	memset(p, '/', PAGE);
	say("name without end", open(edge - 20, O_RDONLY));
	say("name behind", open(edge, O_RDONLY));
	say("name in the kernel", open((char *)KERNEL_TEXT, O_RDONLY));
	edge[-1] = 0;
	say("name to the edge", open(edge - 2, O_RDONLY) > 0 ? 0 : -1);
	say("two ints across", syscall(SYS_pipe2, edge - 4, 0));
	say("two ints", syscall(SYS_pipe2, fds, 0));
	say("time", syscall(SYS_clock_gettime, 1, edge - 8));
	unlink("mm.data");
}

static int depth(int n)
{
	volatile char room[4096];

	room[0] = (char)n;
	return n ? depth(n - 1) + room[0] - (char)n + 1 : 0;
}

static void growing(void)
{
	char *start = sbrk(0), *p, *stack;
	FILE *maps;
	char line[512];
	int heap = 0, on_stack = 0, here = 0, fd;

	printf("stack %d\n", depth(1500));
	p = sbrk(5 * PAGE + 7);
	printf("break %d\n", p == start && sbrk(0) == start + 5 * PAGE + 7);
	p[5 * PAGE] = 9;
	printf("back %d\n", brk(start));
	say("again", brk(start + 6 * PAGE));
	printf("empty %d\n", p[5 * PAGE]);
	printf("below %ld\n", syscall(SYS_brk, 8) == syscall(SYS_brk, 0));
	printf("too far %ld\n", syscall(SYS_brk, TASK_END + PAGE) == syscall(SYS_brk, 0));

	stack = map("a growing area", 0, 64 * PAGE, PROT_NONE, ANON | MAP_NORESERVE);
	munmap(stack, 64 * PAGE);
	fd = file();
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, PAGE);
	maps = fopen("/proc/self/maps", "r");
	while (maps && fgets(line, sizeof(line), maps)) {
		unsigned long from, to;
		char r[5], name[256] = "";
		unsigned long off;

		if (sscanf(line, "%lx-%lx %4s %lx %*s %*s %255[^\n]", &from, &to, r, &off, name) < 4)
			printf("odd line %s", line);
		heap += strstr(name, "[heap]") && (char *)from <= start && start < (char *)to;
		on_stack += strstr(name, "[stack]") && from <= (uintptr_t)line &&
			    (uintptr_t)line < to && !strcmp(r, "rw-p");
		here += strstr(name, "/mm.data") && from == (uintptr_t)p && to == from + PAGE &&
			!strcmp(r, "r--s") && off == PAGE;
	}
	printf("maps: heap %d, stack %d, file %d\n", heap > 0, on_stack, here);
	unlink("mm.data");
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	setvbuf(stdout, NULL, _IONBF, 0);
	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	mapping();
	protecting();
	outside();
	remapping();
	advising();
	keeping();
	files();
	copying();
	growing();
	puts("the end");
	return 0;
}
