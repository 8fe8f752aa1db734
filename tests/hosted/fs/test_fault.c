// SPDX-License-Identifier: BSD-2-Clause
/*
 * Program memory that is not there, in the calls on files: what was moved before the byte that
 * faults counts (read(2), write(2)), structures are all or nothing, and nothing is lost or taken
 * that the program was not told of. Results as Linux 6.1 gives them.
 */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <tests/hosted/fs/fs_test.h>
#include <stdio.h>
#include <time.h>

#define BAD ((void *)-4096L) /* where no program has memory */

static char mem[3 * PAGE_SIZE];
#define EDGE (mem + PAGE_SIZE) /* the first byte that is not there */

static int edge_up(void **state)
{
	int err = fs_up(state);

	hosted_fault_range(EDGE, PAGE_SIZE);
	return err;
}

static int edge_down(void **state)
{
	hosted_no_faults();
	return fs_down(state);
}

static void pipes_move_what_is_there(void **state)
{
	char buf[16] = "";
	int p[2];

	assert_int_equal(sys_pipe2(p, O_NONBLOCK), 0);
	memcpy(EDGE - 4, "abcd", 4);
	assert_int_equal(sys_write(p[1], EDGE - 4, 10), 4);
	assert_int_equal(sys_write(p[1], EDGE, 10), -EFAULT);
	assert_int_equal(sys_write(p[1], BAD, 10), -EFAULT);
	assert_int_equal(sys_write(p[1], EDGE, 0), 0);
	assert_int_equal(sys_write(p[1], BAD, 0), -EFAULT);
	assert_int_equal(sys_read(p[0], EDGE, 10), -EFAULT);
	assert_int_equal(sys_read(p[0], EDGE - 1, 10), 1);
	assert_int_equal(sys_read(p[0], buf, 10), 3); /* nothing was lost */
	assert_memory_equal(buf, "bcd", 3);
	assert_int_equal(sys_read(p[0], BAD, 10), -EFAULT); /* before the pipe is looked at */
	assert_int_equal(sys_pipe2((int *)EDGE, 0), -EFAULT);
	assert_int_equal(sys_pipe2((int *)(EDGE - 4), 0), -EFAULT); /* none is left */
}

static void files_move_what_is_there(void **state)
{
	int fd = (int)sys_open("/f", O_RDWR | O_CREAT, 0600);
	char buf[8];
	struct stat st;

	memcpy(EDGE - 3, "xyz", 3);
	assert_int_equal(sys_write(fd, EDGE - 3, 100), 3);
	assert_int_equal(sys_write(fd, EDGE, 100), -EFAULT);
	assert_int_equal(sys_fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 3);
	assert_int_equal(sys_pread64(fd, EDGE - 2, 3, 0), 2);
	assert_memory_equal(EDGE - 2, "xy", 2);
	assert_int_equal(sys_pread64(fd, EDGE, 3, 0), -EFAULT);
	assert_int_equal(sys_pread64(fd, EDGE, 3, 3), 0); /* the end: nothing to write */
	assert_int_equal(sys_pread64(fd, BAD, 3, 3), -EFAULT);
	assert_int_equal(sys_pread64(fd, buf, 8, 0), 3);
	assert_int_equal(sys_fstat(fd, (struct stat *)(EDGE - 8)), -EFAULT);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/f", 0), 0);
}

static void vectors_end_at_the_fault(void **state)
{
	int fd = (int)sys_open("/f", O_RDWR | O_CREAT, 0600);
	struct iovec iov[3] = { { "ab", 2 }, { EDGE - 1, 4 }, { "cd", 2 } };

	EDGE[-1] = '!';
	assert_int_equal(sys_writev(fd, iov, 3), 3);
	assert_int_equal(sys_writev(fd, (void *)(EDGE - 16), 2), -EFAULT);
	iov[2].iov_base = BAD; /* refused before anything is written */
	assert_int_equal(sys_writev(fd, iov, 3), -EFAULT);
	iov[2].iov_len = 0; /* also then */
	assert_int_equal(sys_writev(fd, iov, 3), -EFAULT);
	iov[0].iov_len = (size_t)-1; /* a length is looked at before an address */
	assert_int_equal(sys_writev(fd, iov, 3), -EINVAL);
	assert_int_equal(sys_lseek(fd, 0, SEEK_CUR), 3);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/f", 0), 0);
}

static void names_may_end_at_the_edge(void **state)
{
	char *name = EDGE - 5;
	struct stat st;

	memcpy(name, "/dev", 5);
	assert_int_equal(sys_stat(name, &st), 0);
	memcpy(name, "/devx", 5); /* its NUL is not there */
	assert_int_equal(sys_stat(name, &st), -EFAULT);
	assert_int_equal(sys_open(name, O_RDONLY, 0), -EFAULT);
	assert_int_equal(sys_open(NULL, O_RDONLY, 0), -EFAULT);
	assert_int_equal(sys_open(BAD, O_RDONLY, 0), -EFAULT);
	assert_int_equal(sys_mkdirat(AT_FDCWD, name, 0700), -EFAULT);
	assert_int_equal(sys_symlinkat("to", AT_FDCWD, name), -EFAULT);
	assert_int_equal(sys_symlinkat(name, AT_FDCWD, "/l"), -EFAULT);
	assert_int_equal(sys_chdir(name), -EFAULT);
	assert_int_equal(sys_getcwd(EDGE, 100), -EFAULT);
	assert_int_equal(sys_truncate(name, 0), -EFAULT);
	memset(mem, 'n', PAGE_SIZE); /* too long before it is not there */
	assert_int_equal(sys_stat(mem, &st), -ENAMETOOLONG);
}

static void pollers_fault(void **state)
{
	struct pollfd *fds = (struct pollfd *)(EDGE - sizeof(*fds));
	struct epoll_event ev = { .events = EPOLLIN };
	unsigned long *set = (unsigned long *)(EDGE - 8);
	static struct fake_file a;
	int fd = fake_open(&a), ep = (int)sys_epoll_create1(0);

	fake_ready(&a, EPOLLIN, 0);
	fds[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
	assert_int_equal(sys_poll(fds, 1, 0), 1);
	assert_int_equal(sys_poll(fds, 2, 0), -EFAULT);
	assert_int_equal(sys_poll(BAD, 0, 0), 0);
	*set = 1ul << fd;
	assert_int_equal(sys_select(fd + 1, set, NULL, NULL, NULL), 1);
	assert_int_equal(sys_select(fd + 1, set + 1, NULL, NULL, NULL), -EFAULT);
	assert_int_equal(sys_select(fd + 1, set, NULL, NULL, (void *)(EDGE - 8)), -EFAULT);
	assert_int_equal(sys_epoll_ctl(ep, EPOLL_CTL_ADD, fd, (void *)(EDGE - 4)), -EFAULT);
	assert_int_equal(sys_epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), 0);
	assert_int_equal(sys_epoll_wait(ep, (void *)(EDGE - 4), 1, 0), -EFAULT);
	assert_int_equal(sys_epoll_wait(ep, &ev, 1, 0), 1);
}

static void small_structures_fault(void **state)
{
	int zero = (int)sys_open("/dev/zero", O_RDWR, 0), rnd = (int)sys_open("/dev/random", O_RDWR, 0);
	int e = (int)sys_eventfd2(5, O_NONBLOCK);
	int proc = (int)sys_open("/proc/sys/fs/epoll/max_user_watches", O_RDONLY, 0);
	u64 value;

	assert_int_equal(sys_read(zero, EDGE - 7, 300), 7);
	assert_int_equal(sys_read(rnd, EDGE - 7, 300), 7);
	assert_int_equal(sys_getrandom(EDGE - 7, 300, 0), 7);
	assert_int_equal(sys_getrandom(EDGE, 300, 0), -EFAULT);
	assert_int_equal(sys_getrandom(BAD, 1, 0), -EFAULT);
	assert_int_equal(sys_getrandom(EDGE, 0, 0), 0);
	assert_int_equal(sys_write(e, EDGE - 4, 8), -EFAULT);
	assert_int_equal(sys_read(e, &value, 8), 8);
	assert_int_equal(sys_read(proc, EDGE - 3, 100), 3);
	assert_int_equal(sys_read(proc, EDGE, 100), -EFAULT);
	assert_int_equal(sys_clock_gettime(CLOCK_MONOTONIC, (void *)(EDGE - 8)), -EFAULT);
	assert_int_equal(sys_uname((void *)(EDGE - 8)), -EFAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(pipes_move_what_is_there, edge_up, edge_down),
		TEST_UP_DOWN(files_move_what_is_there, edge_up, edge_down),
		TEST_UP_DOWN(vectors_end_at_the_fault, edge_up, edge_down),
		TEST_UP_DOWN(names_may_end_at_the_edge, edge_up, edge_down),
		TEST_UP_DOWN(pollers_fault, edge_up, edge_down),
		TEST_UP_DOWN(small_structures_fault, edge_up, edge_down),
	};

	return RUN_TESTS(tests);
}
