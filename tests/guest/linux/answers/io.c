// SPDX-License-Identifier: BSD-2-Clause
/* Reads and writes of all sorts: every kind of file, every kind of pointer, lengths of every size.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

static const struct {
	const char *name;
	long len;
} lengths[] = {{"0", 0}, {"1", 1}, {"8", 8}, {"2^31", 1l << 31}, {"-1", -1}};

/* Linux's answer to a write of TCP that faults in the middle depends on its page fragments. */
static int is_chance(int k, long len)
{
	return len > 8 && (k == K_CONN || k == K_UPAIR);
}

static void one_length(int k, int write, const struct pointer *p, size_t l)
{
	int fd = kinds[k].fd;
	long len = lengths[l].len;

	if (is_chance(k, len))
		return;
	say("%s %s %s %s:", write ? "write" : "read", kinds[k].name, p->name, lengths[l].name);
	if (write) {
		say_result(SYS(SYS_write, fd, p->p, len));
		say_result(SYS(SYS_sendto, fd, p->p, len, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0));
		say_result(SYS(SYS_pwrite64, fd, p->p, len, 4));
	} else {
		say_result(SYS(SYS_read, fd, p->p, len));
		say_result(SYS(SYS_recvfrom, fd, p->p, len, MSG_DONTWAIT, 0, 0));
		say_result(SYS(SYS_pread64, fd, p->p, len, 4));
	}
	end();
}

static void plain(void)
{
	int k, w, p;
	size_t l;

	for (w = 0; w < 2; w++) {
		for (p = 0; p < NR_POINTERS; p++) {
			open_kinds();
			for (k = 0; k < NR_KINDS; k++)
				for (l = 0; l < ARRAY_SIZE(lengths); l++)
					one_length(k, w, &pointers[p], l);
			close_kinds();
		}
	}
}

/* What was there counts. */
static void partial(void)
{
	static const int of[] = {K_PIPER, K_FILE, K_ZERO, K_MEMFD, K_UPAIR, K_UDGRAM, K_CONN};
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(of); i++) {
		for (n = 0; n < 8; n += 3) {
			open_kinds();
			struct kind *k = &kinds[of[i]];
			int to = k->other >= 0 ? k->other : k->fd;

			memcpy(EDGE(8), "abcdefgh", 8);
			say("edge %s %d:", k->name, n);
			say_result(SYS(SYS_write, to, EDGE(n), 8));
			SYS(SYS_write, to, "ijklmnop", 8);
			if (to == k->fd)
				SYS(SYS_lseek, to, 0, 0);
			say_result(SYS(SYS_read, k->fd, EDGE(n), 8));
			say_result(SYS(SYS_read, k->fd, EDGE(8), 8));
			say_result(SYS(SYS_read, k->fd, EDGE(8), 8));
			end();
			close_kinds();
		}
	}
}

static void vector(int k, const char *what, struct iovec *iov, long n)
{
	say("iov %s %s:", kinds[k].name, what);
	say_result(SYS(SYS_writev, kinds[k].fd, iov, n));
	say_result(SYS(SYS_readv, kinds[k].fd, iov, n));
	say_result(SYS(SYS_pwritev, kinds[k].fd, iov, n, 2, 0));
	say_result(SYS(SYS_preadv, kinds[k].fd, iov, n, 2, 0));
	say_result(SYS(SYS_preadv2, kinds[k].fd, iov, n, 0, 0, 0x10000));
	end();
}

static void vectors(void)
{
	static const int of[] = {K_TCP,	    K_CONN,  K_UDGRAM, K_PIPEW,	 K_FILE,   K_DIR,   K_NULL,
				 K_EVENTFD, K_EPOLL, K_PATH,   K_CLOSED, K_RDONLY, K_WRONLY};
	static struct iovec many[1025];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(of); i++) {
		int k = of[i], j;
		struct iovec v[3] = {{good, 4}, {good + 8, 0}, {good + 16, 4}};
		struct iovec bad[2] = {{good, 4}, {pointers[P_GONE].p, 4}};
		struct iovec kern[2] = {{good, 4}, {pointers[P_KERNEL].p, 0}};
		struct iovec neg[2] = {{pointers[P_KERNEL].p, 4}, {good, (size_t)-1}};
		struct iovec big[2] = {{good, 4}, {good, 0x7fffffff}};

		for (j = 0; j < 1025; j++)
			many[j] = (struct iovec){good, 0};
		open_kinds();
		vector(k, "three", v, 3);
		vector(k, "none", v, 0);
		vector(k, "nullnone", NULL, 0);
		vector(k, "null", NULL, 1);
		vector(k, "minus", v, -1);
		vector(k, "1024", many, 1024);
		vector(k, "1025", many, 1025);
		if (k != K_CONN)
			vector(k, "bad", bad, 2);
		vector(k, "kernel", kern, 2);
		vector(k, "negative", neg, 2);
		if (k != K_CONN && k != K_NULL)
			vector(k, "big", big, 2);
		vector(k, "edge", (struct iovec *)EDGE(8), 1);
		close_kinds();
	}
}

static void seeks(void)
{
	static const long offsets[] = {0, 5, -1, 1l << 40, -(1l << 62), 0x7fffffffffffffff};
	int k, whence;
	size_t i;

	open_kinds();
	for (k = 0; k < NR_KINDS; k++) {
		for (whence = -1; whence <= 5; whence++) {
			if (k == K_DIR && (whence == 2 || whence == 3 || whence == 4))
				continue; /* what a directory's end is depends on its file system */
			say("lseek %s %d:", kinds[k].name, whence);
			for (i = 0; i < ARRAY_SIZE(offsets); i++)
				say_result(SYS(SYS_lseek, kinds[k].fd, offsets[i], whence));
			end();
		}
		say("positions %s:", kinds[k].name);
		say_result(SYS(SYS_pread64, kinds[k].fd, good, 1, -1));
		say_result(SYS(SYS_pwrite64, kinds[k].fd, good, 1, -1));
		say_result(SYS(SYS_pread64, kinds[k].fd, good, 1, 0x7fffffffffffffff));
		say_result(SYS(SYS_ftruncate, kinds[k].fd, -1));
		say_result(SYS(SYS_ftruncate, kinds[k].fd, 20));
		say_result(SYS(SYS_fallocate, kinds[k].fd, 0, 0, 0));
		say_result(SYS(SYS_fallocate, kinds[k].fd, 0, -1, 5));
		say_result(SYS(SYS_fallocate, kinds[k].fd, 0, 0, 30));
		say_result(SYS(SYS_fallocate, kinds[k].fd, 0x4000, 0, 30));
		say_result(SYS(SYS_readahead, kinds[k].fd, 0, 10));
		say_result(SYS(SYS_fadvise64, kinds[k].fd, 0, 0, 0));
		say_result(SYS(SYS_fadvise64, kinds[k].fd, 0, 0, 99));
		end();
	}
	close_kinds();
}

void io_answers(void)
{
	plain();
	partial();
	vectors();
	seeks();
}
