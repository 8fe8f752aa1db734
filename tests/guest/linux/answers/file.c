// SPDX-License-Identifier: BSD-2-Clause
/* Files over time: append, holes, positions, removed names, descriptors' limits, pipes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

static long size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? -1 : st.st_size;
}

static void contents(void)
{
	int a = open("/tmp/c", O_RDWR | O_CREAT | O_TRUNC, 0600);
	int b = open("/tmp/c", O_RDWR | O_APPEND);

	TELL(SYS(SYS_write, a, "hello", 5));
	TELL(SYS(SYS_write, b, " world", 6));
	TELL(SYS(SYS_lseek, b, 0, SEEK_CUR));
	TELL(SYS(SYS_read, a, good, 100));
	TELL(SYS(SYS_pwrite64, b, "!", 1, 0));
	TELL(size_of(a));
	TELL(SYS(SYS_pwrite64, a, "x", 1, 10000));
	TELL(size_of(b));
	TELL(SYS(SYS_pread64, a, good, 10, 5000));
	TELL(good[0] | good[9]);
	TELL(SYS(SYS_lseek, a, 0, SEEK_DATA));
	TELL(SYS(SYS_lseek, a, 20000, SEEK_DATA));
	TELL(SYS(SYS_lseek, a, 20000, SEEK_HOLE));
	TELL(SYS(SYS_ftruncate, a, 3));
	TELL(SYS(SYS_lseek, a, 0, SEEK_END));
	TELL(SYS(SYS_ftruncate, a, 8192));
	TELL(SYS(SYS_pread64, a, good, 10, 0));
	TELL(memcmp(good, "hel\0\0\0\0\0\0\0", 10));
	TELL(SYS(SYS_unlink, "/tmp/c"));
	TELL(SYS(SYS_write, a, "still", 5));
	TELL(size_of(b));
	TELL(SYS(SYS_open, "/tmp/c", O_RDONLY));
	TELL(SYS(SYS_fcntl, b, F_SETFL, 0));
	TELL(SYS(SYS_fcntl, b, F_GETFL));
	TELL(SYS(SYS_ftruncate, a, 0x7fffffffffffffff) == 0);
	TELL(SYS(SYS_pwrite64, a, "x", 1, 0x7ffffffffffffffe) > 0);
	close(a), close(b);
}

static void pipes(void)
{
	int p[2], n;

	TELL(SYS(SYS_pipe2, p, O_NONBLOCK));
	TELL(SYS(SYS_pipe2, p, 0x12345));
	for (n = 0; n < NR_POINTERS; n++) {
		if (n != P_GOOD)
			tell(pointers[n].name, SYS(SYS_pipe2, pointers[n].p, 0));
	}
	if (pipe2(p, O_NONBLOCK))
		return;
	TELL(SYS(SYS_fcntl, p[0], F_GETPIPE_SZ));
	TELL(SYS(SYS_read, p[0], good, 10));
	TELL(SYS(SYS_write, p[1], "", 0));
	for (n = 0; SYS(SYS_write, p[1], good, PAGE) == PAGE;)
		n++;
	TELL(n);
	TELL(SYS(SYS_write, p[1], good, 1));
	TELL(SYS(SYS_read, p[0], good, 1));
	TELL(SYS(SYS_write, p[1], good, 1));
	TELL(SYS(SYS_read, p[0], good, PAGE));
	TELL(SYS(SYS_write, p[1], good, 2 * PAGE));
	TELL(SYS(SYS_write, p[0], good, 1));
	TELL(SYS(SYS_read, p[1], good, 1));
	close(p[0]);
	TELL(SYS(SYS_write, p[1], good, 1));
	close(p[1]);
	if (pipe2(p, O_NONBLOCK))
		return;
	TELL(SYS(SYS_write, p[1], "ab", 2));
	close(p[1]);
	TELL(SYS(SYS_read, p[0], good, 10));
	TELL(SYS(SYS_read, p[0], good, 10));
	TELL(SYS(SYS_read, p[0], pointers[P_GONE].p, 10));
	close(p[0]);
}

static void limits(void)
{
	struct rlimit old, few = {.rlim_cur = 12, .rlim_max = 12};
	int fd, sv[2], n = 0;

	getrlimit(RLIMIT_NOFILE, &old);
	few.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_NOFILE, &few);
	while ((fd = (int)SYS(SYS_dup, 0)) >= 0)
		n = fd;
	TELL(n);
	TELL(SYS(SYS_dup, 0));
	TELL(SYS(SYS_socket, AF_INET, SOCK_STREAM, 0));
	TELL(SYS(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, sv));
	TELL(SYS(SYS_pipe2, sv, 0));
	TELL(SYS(SYS_open, "/dev/null", O_RDONLY));
	TELL(SYS(SYS_open, "/nosuch", O_RDONLY));
	TELL(SYS(SYS_dup2, 0, 11));
	TELL(SYS(SYS_dup2, 0, 12));
	TELL(SYS(SYS_fcntl, 0, F_DUPFD, 11));
	TELL(SYS(SYS_fcntl, 0, F_DUPFD, 12));
	TELL(SYS(SYS_epoll_create1, 0));
	close(11);
	TELL(SYS(SYS_pipe2, sv, 0));
	TELL(SYS(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, sv));
	TELL(SYS(SYS_dup, 0));
	for (n = 3; n < 12; n++)
		close(n);
	setrlimit(RLIMIT_NOFILE, &old);
	TELL(SYS(SYS_close_range, 5, 4, 0));
	TELL(SYS(SYS_close_range, 50, 60, 0));
	TELL(SYS(SYS_close_range, 50, 60, 99));
}

static void counters(void)
{
	static const uint64_t values[] = {0, 1, 5, (uint64_t)-2, (uint64_t)-1};
	struct itimerspec its = {.it_value = {.tv_nsec = 1000000000}};
	uint64_t v;
	size_t i;
	int fd, t;

	TELL(SYS(SYS_eventfd2, 0, 1 << 20));
	for (t = 0; t < 2; t++) {
		fd = eventfd(3, EFD_NONBLOCK | (t ? EFD_SEMAPHORE : 0));
		for (i = 0; i < ARRAY_SIZE(values); i++) {
			say("eventfd %d %#lx:", t, (unsigned long)values[i]);
			say_result(SYS(SYS_write, fd, &values[i], 8));
			v = 0;
			say_result(SYS(SYS_read, fd, &v, 8));
			say_result((long)v);
			say_result(SYS(SYS_read, fd, &v, 7));
			say_result(SYS(SYS_write, fd, &v, 9));
			end();
		}
		close(fd);
	}
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	TELL(SYS(SYS_timerfd_create, 99, 0));
	TELL(SYS(SYS_timerfd_create, CLOCK_MONOTONIC, 1));
	TELL(SYS(SYS_timerfd_settime, fd, 0, &its, 0));
	TELL(SYS(SYS_timerfd_settime, fd, 0, pointers[P_NULL].p, 0));
	TELL(SYS(SYS_timerfd_settime, 0, 0, pointers[P_KERNEL].p, 0));
	TELL(SYS(SYS_timerfd_gettime, 0, good));
	TELL(SYS(SYS_timerfd_gettime, fd, pointers[P_KERNEL].p));
	its.it_value = (struct timespec){0, 1000};
	TELL(SYS(SYS_timerfd_settime, fd, 99, &its, 0));
	TELL(SYS(SYS_timerfd_settime, fd, 0, &its, 0));
	usleep(20000);
	TELL(SYS(SYS_read, fd, good, 7));
	TELL(SYS(SYS_read, fd, good, 8));
	TELL(SYS(SYS_read, fd, good, 8));
	TELL(SYS(SYS_write, fd, good, 8));
	close(fd);
}

static void seals(void)
{
	int fd;

	TELL(SYS(SYS_memfd_create, "a", 99));
	fd = memfd_create("a", MFD_ALLOW_SEALING);
	TELL(SYS(SYS_write, fd, "abc", 3));
	TELL(SYS(SYS_fcntl, fd, F_GET_SEALS));
	TELL(SYS(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_SHRINK));
	TELL(SYS(SYS_ftruncate, fd, 1));
	TELL(SYS(SYS_ftruncate, fd, 5));
	TELL(SYS(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_GROW));
	TELL(SYS(SYS_ftruncate, fd, 9));
	TELL(SYS(SYS_pwrite64, fd, "xyz", 3, 4));
	TELL(SYS(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_WRITE));
	TELL(SYS(SYS_pwrite64, fd, "x", 1, 0));
	TELL(SYS(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_SEAL));
	TELL(SYS(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_WRITE));
	TELL(SYS(SYS_fcntl, fd, F_GET_SEALS));
	close(fd);
	fd = memfd_create("b", 0);
	TELL(SYS(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_WRITE));
	TELL(SYS(SYS_fcntl, fd, F_GET_SEALS));
	close(fd);
}

static void folders(void)
{
	int fd, n, i;
	char name[32] = "/tmp/many/f000";

	mkdir("/tmp/many", 0755);
	for (i = 0; i < 50; i++) {
		name[12] = (char)('0' + i / 10), name[13] = (char)('0' + i % 10);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	fd = open("/tmp/many", O_RDONLY | O_DIRECTORY);
	for (n = 0; (i = (int)SYS(SYS_getdents64, fd, good, 512)) > 0;)
		n += i;
	TELL(n);
	TELL(SYS(SYS_lseek, fd, 0, SEEK_SET));
	TELL(SYS(SYS_getdents64, fd, good, 10));
	TELL(SYS(SYS_getdents64, fd, pointers[P_GONE].p, 1000));
	TELL(SYS(SYS_rmdir, "/tmp/many"));
	for (i = 0; i < 50; i++) {
		name[12] = (char)('0' + i / 10), name[13] = (char)('0' + i % 10);
		unlink(name);
	}
	TELL(SYS(SYS_rmdir, "/tmp/many"));
	TELL(SYS(SYS_getdents64, fd, good, 1000));
	TELL(SYS(SYS_openat, fd, "x", O_CREAT | O_WRONLY, 0600));
	TELL(SYS(SYS_mkdirat, fd, "x", 0600));
	close(fd);
}

static void modes(void)
{
	struct stat st;
	int m;

	for (m = 0; m <= 07777; m += 0511) {
		int fd = open("/tmp/mode", O_CREAT | O_EXCL | O_RDWR, m);

		fstat(fd, &st);
		say("mode %#o: %#o", m, st.st_mode);
		say_result(SYS(SYS_fchmod, fd, m | 0170000));
		fstat(fd, &st);
		say(" %#o", st.st_mode);
		end();
		close(fd);
		unlink("/tmp/mode");
		mkdir("/tmp/mode", (mode_t)m);
		stat("/tmp/mode", &st);
		say("mkdir mode %#o: %#o %d", m, st.st_mode, (int)st.st_nlink);
		end();
		rmdir("/tmp/mode");
	}
	TELL(SYS(SYS_umask, 0777777));
	TELL(SYS(SYS_umask, 022));
}

void file_answers(void)
{
	contents();
	pipes();
	limits();
	counters();
	seals();
	folders();
	modes();
}
