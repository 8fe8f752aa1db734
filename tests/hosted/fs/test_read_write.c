// SPDX-License-Identifier: BSD-2-Clause
/* kernel/fs/read_write.c, iov_iter.c, pipe.c, eventfd.c, mem_devices.c, namei.c. */
#include <tests/hosted/fs/fs_test.h>

#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

static void iov_iter_walks_segments(void **state)
{
	char a[3], b[5], out[8] = "";
	struct iovec iov[] = { { a, 3 }, { NULL, 0 }, { b, 5 } };
	struct iov_iter i;

	(void)state;
	iov_iter_init(&i, iov, 3, 8);
	assert_int_equal(copy_to_iter("abcd", 4, &i), 4);
	assert_memory_equal(a, "abc", 3);
	assert_int_equal(b[0], 'd');
	assert_int_equal(copy_to_iter("efghijk", 7, &i), 4); /* cut at the end */
	assert_memory_equal(b, "defgh", 5);
	assert_int_equal(iov_iter_count(&i), 0);
	assert_int_equal(copy_to_iter("x", 1, &i), 0);
	iov_iter_revert(&i, 7);
	assert_int_equal(iov_iter_count(&i), 7);
	assert_int_equal(copy_from_iter(out, 8, &i), 7);
	assert_memory_equal(out, "bcdefgh", 7);
	iov_iter_revert(&i, 8);
	iov_iter_advance(&i, 3);
	assert_int_equal(copy_from_iter(out, 1, &i), 1);
	assert_int_equal(out[0], 'd');
	assert_int_equal(iov_iter_zero(10, &i), 4);
	assert_memory_equal(b, "d\0\0\0\0", 5);
}

static void iov_iter_short_on_bad_buffer(void **state)
{
	char a[2], b[4] = "wxyz";
	struct iovec iov[] = { { a, 2 }, { b, 4 } };
	struct iov_iter i;

	(void)state;
	hosted_fault_range(b + 1, 3);
	iov_iter_init(&i, iov, 2, 6);
	assert_int_equal(copy_to_iter("abcd", 4, &i), 3);
	assert_int_equal(iov_iter_count(&i), 3);
	assert_memory_equal(b, "cxyz", 4);
	assert_int_equal(copy_to_iter("d", 1, &i), 0);
	iov_iter_revert(&i, 3);
	assert_int_equal(copy_from_iter_full(a, 2, &i), 0);
	assert_int_equal(copy_from_iter_full(a, 2, &i), -EFAULT);
	assert_int_equal(iov_iter_count(&i), 4);
	iov_iter_kernel(&i, b, 4); /* the kernel's own buffers do not fault */
	assert_int_equal(copy_to_iter("1234", 4, &i), 4);
}

static void iovec_checked_as_linux(void **state)
{
	int fd = (int)sys_open("/dev/null", O_RDWR, 0);
	static struct iovec iov[IOV_MAX + 1];
	char c = 0;

	(void)state;
	iov[0] = (struct iovec){ &c, 1 };
	assert_int_equal(sys_writev(fd, iov, 1), 1);
	assert_int_equal(sys_writev(fd, iov, 0), 0);
	assert_int_equal(sys_writev(fd, iov, IOV_MAX + 1), -EINVAL);
	assert_int_equal(sys_writev(fd, NULL, 1), -EFAULT);
	iov[9] = (struct iovec){ &c, 1 };
	assert_int_equal(sys_writev(fd, iov, 10), 2); /* more than fit the stack */
	iov[9].iov_len = (size_t)SSIZE_MAX + 1;
	assert_int_equal(sys_writev(fd, iov, 10), -EINVAL);
	assert_int_equal(sys_writev(fd, iov, IOV_MAX), -EINVAL);
	assert_int_equal(sys_write(fd, &c, (size_t)SSIZE_MAX + 1), -EFAULT);
	iov[0].iov_len = SSIZE_MAX; /* reaches beyond any program's memory */
	assert_int_equal(sys_writev(fd, iov, 1), -EFAULT);
	iov[0].iov_len = MAX_RW_COUNT - 1;
	iov[1] = iov[0];
	assert_int_equal(sys_writev(fd, iov, 2), MAX_RW_COUNT);
}

static void memory_devices(void **state)
{
	int zero = (int)sys_open("/dev/zero", O_RDWR, 0), full = (int)sys_open("/dev/full", O_RDWR, 0);
	int null = (int)sys_open("/dev/null", O_RDWR, 0);
	int rnd = (int)sys_open("/dev/urandom", O_RDWR, 0);
	char buf[1000], other[1000];

	(void)state;
	memset(buf, 'x', sizeof(buf));
	assert_int_equal(sys_read(null, buf, 10), 0);
	assert_int_equal(sys_write(null, buf, 1000), 1000);
	assert_int_equal(sys_read(zero, buf, 999), 999);
	assert_int_equal(buf[998], 0);
	assert_int_equal(buf[999], 'x');
	assert_int_equal(sys_read(full, buf, 1), 1);
	assert_int_equal(sys_write(full, buf, 1), -ENOSPC);
	assert_int_equal(sys_read(rnd, buf, 1000), 1000);
	assert_int_equal(sys_read(rnd, other, 1000), 1000);
	assert_memory_not_equal(buf, other, 1000);
	assert_int_equal(sys_write(rnd, buf, 1000), 1000);
	assert_int_equal(sys_read(zero, NULL, 1), -EFAULT);
}

static void access_mode_is_checked(void **state)
{
	int rd = (int)sys_open("/dev/zero", O_RDONLY, 0), wr = (int)sys_open("/dev/zero", O_WRONLY, 0);
	char c;

	(void)state;
	assert_int_equal(sys_write(rd, "x", 1), -EBADF);
	assert_int_equal(sys_read(wr, &c, 1), -EBADF);
	assert_int_equal(sys_read(rd, &c, 1), 1);
}

static void paths_are_normalised(void **state)
{
	static char path[PATH_MAX + 2], name[300];
	struct stat st;

	(void)state;
	assert_true(sys_open("//dev/./null", O_RDWR, 0) >= 0);
	assert_true(sys_open("/proc/../dev/./../dev/null", O_RDWR, 0) >= 0);
	/* As Linux: ".." is a step out of a directory that is there, not a change of the text. */
	assert_int_equal(sys_open("/proc/../dev/x/../null", O_RDWR, 0), -ENOENT);
	assert_int_equal(sys_open("/dev/null/../null", O_RDWR, 0), -ENOTDIR);
	assert_true(sys_open("/../../dev/null", O_RDWR, 0) >= 0);
	assert_true(sys_open("dev/null", O_RDWR, 0) >= 0);
	assert_int_equal(sys_open("/dev/null/", O_RDWR, 0), -ENOTDIR);
	assert_int_equal(sys_open("/dev/null", O_RDWR | O_DIRECTORY, 0), -ENOTDIR);
	assert_int_equal(sys_open("/device", O_RDONLY, 0), -ENOENT);
	assert_int_equal(sys_open("/dev/null/x", O_RDONLY, 0), -ENOTDIR);
	assert_int_equal(sys_open("/dev/nul", O_RDONLY, 0), -ENOENT);
	assert_int_equal(sys_open("", O_RDONLY, 0), -ENOENT);
	assert_int_equal(sys_open(NULL, O_RDONLY, 0), -EFAULT);
	assert_int_equal(sys_open("/proc/x", O_RDWR | O_CREAT, 0644), -EACCES);
	assert_int_equal(sys_open("/dev/null", O_RDWR | O_CREAT | O_EXCL, 0644), -EEXIST);
	assert_int_equal(sys_open("/dev", O_RDWR, 0), -EISDIR);
	memset(path, '/', PATH_MAX + 1);
	assert_int_equal(sys_open(path, O_RDONLY, 0), -ENAMETOOLONG);
	memset(name, 'n', 299);
	assert_int_equal(sys_open(name, O_RDONLY, 0), -ENAMETOOLONG);
	assert_int_equal(sys_stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(sys_stat("/dev/", &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(sys_stat("/", &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(sys_stat("/dev/null/.", &st), -ENOTDIR);
	assert_int_equal(sys_stat("/dev/nix", &st), -ENOENT);
	assert_int_equal(sys_stat("/dev/null", NULL), -EFAULT);
}

/* Names in a directory, read with a buffer of this size. */
static void list_directory(const char *path, size_t size, char *names, size_t names_size)
{
	int fd = (int)sys_open(path, O_RDONLY | O_DIRECTORY, 0);
	char buf[1024];
	struct dirent *d;
	size_t used = 0;
	long n, off;

	assert_true(fd >= 0);
	while ((n = sys_getdents64(fd, buf, size)) > 0)
		for (off = 0; off < n; off += d->d_reclen) {
			d = (struct dirent *)(buf + off);
			used += (size_t)snprintf(names + used, names_size - used, "%s ", d->d_name);
			assert_true(used < names_size);
		}
	assert_int_equal(n, 0);
	sys_close(fd);
}

static void directories_list_in_any_portion(void **state)
{
	char all[512], small[512];
	int fd;

	(void)state;
	list_directory("/dev", 1024, all, sizeof(all));
	assert_string_equal(all, ". .. shm fd stdin stdout stderr null zero full random urandom ");
	list_directory("/dev", 40, small, sizeof(small));
	assert_string_equal(small, all);
	list_directory("/", 1024, all, sizeof(all));
	assert_non_null(strstr(all, " proc "));
	assert_non_null(strstr(all, " dev "));
	fd = (int)sys_open("/dev", O_RDONLY, 0);
	assert_int_equal(sys_getdents64(fd, all, 8), -EINVAL);
	assert_int_equal(sys_read(fd, all, 8), -EISDIR);
	assert_int_equal(sys_lseek(fd, 0, SEEK_SET), 0);
	fd = (int)sys_open("/dev/null", O_RDONLY, 0);
	assert_int_equal(sys_getdents64(fd, all, 100), -ENOTDIR);
}

static void ioctl_switches_flags(void **state)
{
	int fds[2], on = 1, off = 0;
	char c;

	(void)state;
	assert_int_equal(sys_pipe2(fds, 0), 0);
	assert_int_equal(sys_ioctl(fds[0], FIONBIO, (unsigned long)&on), 0);
	assert_int_equal(sys_fcntl(fds[0], F_GETFL, 0), O_NONBLOCK);
	assert_int_equal(sys_read(fds[0], &c, 1), -EAGAIN);
	assert_int_equal(sys_ioctl(fds[0], FIONBIO, (unsigned long)&off), 0);
	assert_int_equal(sys_fcntl(fds[0], F_GETFL, 0), 0);
	assert_int_equal(sys_ioctl(fds[0], FIONBIO, 0), -EFAULT);
	assert_int_equal(sys_ioctl(fds[0], FIOCLEX, 0), 0);
	assert_int_equal(sys_fcntl(fds[0], F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_ioctl(fds[0], FIONCLEX, 0), 0);
	assert_int_equal(sys_fcntl(fds[0], F_GETFD, 0), 0);
	assert_int_equal(sys_ioctl(fds[0], FIOASYNC, (unsigned long)&on), 0);
	assert_int_equal(sys_fcntl(fds[0], F_GETFL, 0), O_ASYNC);
	assert_int_equal(sys_ioctl(fds[0], TCGETS, (unsigned long)&on), -ENOTTY);
}

static void pipe_moves_bytes_in_order(void **state)
{
	struct iovec out[] = { { "hello ", 6 }, { "world", 5 } };
	char buf[16] = "";
	struct stat st;
	int fds[2], n;

	(void)state;
	assert_int_equal(sys_pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(sys_fcntl(fds[1], F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_writev(fds[1], out, 2), 11);
	assert_int_equal(sys_ioctl(fds[0], FIONREAD, (unsigned long)&n), 0);
	assert_int_equal(n, 11);
	assert_int_equal(sys_read(fds[0], buf, 3), 3);
	assert_int_equal(sys_read(fds[0], buf + 3, 13), 8);
	assert_string_equal(buf, "hello world");
	assert_int_equal(sys_read(fds[1], buf, 1), -EBADF);
	assert_int_equal(sys_write(fds[0], buf, 1), -EBADF);
	assert_int_equal(sys_lseek(fds[0], 0, SEEK_SET), -ESPIPE);
	assert_int_equal(sys_lseek(fds[0], 0, 9), -EINVAL);
	assert_int_equal(sys_fstat(fds[0], &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(sys_fcntl(fds[0], F_GETPIPE_SZ, 0), 65536);
	assert_int_equal(sys_pipe2(fds, O_APPEND), -EINVAL);
	assert_int_equal(sys_pipe2(NULL, 0), -EFAULT);
}

static void pipe_ends_and_breaks(void **state)
{
	char buf[8];
	int fds[2];

	(void)state;
	assert_int_equal(sys_pipe2(fds, 0), 0);
	assert_int_equal(sys_write(fds[1], "abc", 3), 3);
	sys_close(fds[1]);
	assert_int_equal(sys_read(fds[0], buf, 8), 3);
	assert_int_equal(sys_read(fds[0], buf, 8), 0);
	sys_close(fds[0]);
	assert_int_equal(sys_pipe2(fds, 0), 0);
	sys_close(fds[0]);
	assert_int_equal(sys_write(fds[1], "abc", 3), -EPIPE);
}

static void pipe_fills_up(void **state)
{
	static char block[PIPE_BUF];
	struct pollfd p = { .events = POLLOUT };
	int fds[2], total = 0, n;

	(void)state;
	assert_int_equal(sys_pipe2(fds, O_NONBLOCK), 0);
	p.fd = fds[1];
	while ((n = (int)sys_write(fds[1], block, PIPE_BUF - 1)) > 0)
		total += n;
	assert_int_equal(n, -EAGAIN);
	assert_int_equal(total, 16 * (PIPE_BUF - 1)); /* the seventeenth is not cut */
	assert_int_equal(sys_poll(&p, 1, 0), 0);
	assert_int_equal(sys_read(fds[0], block, PIPE_BUF), PIPE_BUF);
	assert_int_equal(sys_poll(&p, 1, 0), 1);
	assert_int_equal(p.revents, POLLOUT);
	while ((n = (int)sys_read(fds[0], block, PIPE_BUF)) > 0)
		total -= n;
	assert_int_equal(n, -EAGAIN);
	assert_int_equal(total, PIPE_BUF);
}

static int slow_reader(void *arg)
{
	char buf[5000];
	long n, total = 0;

	msleep(20);
	while ((n = sys_read(*(int *)arg, buf, sizeof(buf))) > 0)
		total += n;
	return (int)total;
}

static void pipe_writer_waits_for_reader(void **state)
{
	static char block[200000];
	struct thread *t;
	int fds[2];

	(void)state;
	assert_int_equal(sys_pipe2(fds, 0), 0);
	t = thread_create(slow_reader, &fds[0], "reader");
	assert_non_null(t);
	assert_int_equal(sys_write(fds[1], block, sizeof(block)), sizeof(block));
	sys_close(fds[1]);
	assert_int_equal(thread_join(t), sizeof(block));
}

static void eventfd_counts(void **state)
{
	int fd = (int)sys_eventfd2(3, EFD_NONBLOCK);
	u64 v = 0;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(sys_read(fd, &v, 7), -EINVAL);
	assert_int_equal(sys_read(fd, &v, 8), 8);
	assert_int_equal(v, 3);
	assert_int_equal(sys_read(fd, &v, 8), -EAGAIN);
	v = 5;
	assert_int_equal(sys_write(fd, &v, 8), 8);
	assert_int_equal(sys_write(fd, &v, 8), 8);
	assert_int_equal(sys_read(fd, &v, 8), 8);
	assert_int_equal(v, 10);
	v = ~0ull;
	assert_int_equal(sys_write(fd, &v, 8), -EINVAL);
	v = ~0ull - 1;
	assert_int_equal(sys_write(fd, &v, 8), 8);
	v = 1;
	assert_int_equal(sys_write(fd, &v, 8), -EAGAIN);
	assert_int_equal(sys_eventfd2(0, 2), -EINVAL);
}

static void eventfd_semaphore_takes_one(void **state)
{
	int fd = (int)sys_eventfd2(2, EFD_NONBLOCK | EFD_SEMAPHORE);
	u64 v = 9;

	(void)state;
	assert_int_equal(sys_read(fd, &v, 8), 8);
	assert_int_equal(v, 1);
	assert_int_equal(sys_read(fd, &v, 8), 8);
	assert_int_equal(sys_read(fd, &v, 8), -EAGAIN);
}

static int eventfd_adder(void *arg)
{
	u64 v = 7;

	msleep(30);
	return (int)sys_write(*(int *)arg, &v, 8);
}

static void eventfd_read_waits(void **state)
{
	int fd = (int)sys_eventfd2(0, 0);
	struct thread *t = thread_create(eventfd_adder, &fd, "adder");
	u64 v = 0, start = now_ms();

	(void)state;
	assert_int_equal(sys_read(fd, &v, 8), 8);
	assert_int_equal(v, 7);
	assert_in_range(now_ms() - start, 29, 32);
	assert_int_equal(thread_join(t), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(iov_iter_walks_segments),
		FS_TEST(iov_iter_short_on_bad_buffer),
		FS_TEST(iovec_checked_as_linux),
		FS_TEST(memory_devices),
		FS_TEST(access_mode_is_checked),
		FS_TEST(paths_are_normalised),
		FS_TEST(directories_list_in_any_portion),
		FS_TEST(ioctl_switches_flags),
		FS_TEST(pipe_moves_bytes_in_order),
		FS_TEST(pipe_ends_and_breaks),
		FS_TEST(pipe_fills_up),
		FS_TEST(pipe_writer_waits_for_reader),
		FS_TEST(eventfd_counts),
		FS_TEST(eventfd_semaphore_takes_one),
		FS_TEST(eventfd_read_waits),
	};

	return RUN_TESTS(tests);
}
