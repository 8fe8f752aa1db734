// SPDX-License-Identifier: BSD-2-Clause
/*
 * sendfile, splice, tee, vmsplice, copy_file_range: what arrives, where positions end up, and the
 * errors in Linux's order.
 */
#include <tests/hosted/fs/fs_test.h>

#include <kernel/fs/fs_calls.h>
#include <kernel/fs/ramfs.h>
#include <limits.h>
#include <sys/uio.h>
#include <unistd.h>

#define NONBLOCK 2

static u8 pattern(long pos)
{
	return (u8)(pos * 7 + pos / 4096);
}

/* A file of this many bytes, each telling its place. */
static int pattern_file(const char *path, long size)
{
	long fd = sys_open(path, O_RDWR | O_CREAT | O_TRUNC, 0644), at, n;
	u8 block[1000];

	assert_true(fd >= 0);
	for (at = 0; at < size; at += n) {
		for (n = 0; n < 1000 && at + n < size; n++)
			block[n] = pattern(at + n);
		assert_int_equal(sys_write((int)fd, block, (size_t)n), n);
	}
	assert_int_equal(sys_lseek((int)fd, 0, SEEK_SET), 0);
	return (int)fd;
}

static void assert_pattern(int fd, long from, long len)
{
	u8 block[777];
	long n, at, i;

	for (at = from; at < from + len; at += n) {
		n = sys_read(fd, block, (size_t)min(from + len - at, 777l));
		assert_true(n > 0);
		for (i = 0; i < n; i++)
			assert_int_equal(block[i], pattern(at + i));
	}
}

static void sendfile_to_files(void **state)
{
	int in = pattern_file("/in", 300000), out = (int)sys_open("/out", O_RDWR | O_CREAT, 0644);
	long off = 1000;

	assert_int_equal(sys_sendfile(out, in, &off, 290000), 290000);
	assert_int_equal(off, 291000);
	assert_int_equal(sys_lseek(in, 0, SEEK_CUR), 0);
	assert_int_equal(sys_lseek(out, 0, SEEK_CUR), 290000);
	assert_int_equal(sys_sendfile(out, in, &off, 1000000), 9000); /* to the end */
	assert_int_equal(sys_sendfile(out, in, &off, 10), 0);
	sys_lseek(out, 0, SEEK_SET);
	assert_pattern(out, 1000, 299000);
	sys_lseek(out, 0, SEEK_SET);
	assert_int_equal(sys_sendfile(out, in, NULL, 5000), 5000);
	assert_int_equal(sys_lseek(in, 0, SEEK_CUR), 5000);
	sys_lseek(out, 0, SEEK_SET);
	assert_pattern(out, 0, 5000);
	sys_close(in);
	sys_close(out);
	sys_unlink("/in");
	sys_unlink("/out");
}

static void sendfile_errors(void **state)
{
	int in = pattern_file("/in", 5000), wo = (int)sys_open("/in", O_WRONLY, 0);
	int ap = (int)sys_open("/ap", O_WRONLY | O_APPEND | O_CREAT, 0644), fds[2];
	long off = -1, big = LONG_MAX;

	assert_int_equal(sys_pipe(fds), 0);
	assert_int_equal(sys_sendfile(fds[1], in, (long *)NULL, 10), 10);
	assert_int_equal(sys_sendfile(99, in, NULL, 10), -EBADF);
	assert_int_equal(sys_sendfile(fds[1], 99, NULL, 10), -EBADF);
	assert_int_equal(sys_sendfile(fds[1], wo, NULL, 10), -EBADF);
	assert_int_equal(sys_sendfile(fds[0], in, NULL, 10), -EBADF);
	assert_int_equal(sys_sendfile(fds[1], in, &off, 10), -EINVAL);
	assert_int_equal(sys_sendfile(fds[1], in, &big, 10), -EOVERFLOW);
	off = 0;
	assert_int_equal(sys_sendfile(fds[1], fds[0], &off, 10), -ESPIPE);
	assert_int_equal(sys_sendfile(fds[1], fds[0], NULL, 10), -EINVAL);
	assert_int_equal(sys_sendfile(ap, in, NULL, 10), -EINVAL);
	sys_close(in);
	sys_close(wo);
	sys_close(ap);
	sys_unlink("/in");
	sys_unlink("/ap");
}

static void splice_through_a_pipe(void **state)
{
	int in = pattern_file("/in", 200000), out = (int)sys_open("/out", O_RDWR | O_CREAT, 0644);
	int fds[2];
	long off = 100, done = 0, n, m;

	assert_int_equal(sys_pipe(fds), 0);
	while ((n = sys_splice(in, &off, fds[1], NULL, 100000, 0)) > 0)
		for (; n > 0; n -= m, done += m) {
			m = sys_splice(fds[0], NULL, out, NULL, (size_t)n, 0);
			assert_true(m > 0);
		}
	assert_int_equal(done, 199900);
	sys_lseek(out, 0, SEEK_SET);
	assert_pattern(out, 100, 199900);
	/* What is in the pipe survives the end of the file that it came from. */
	off = 5000;
	assert_int_equal(sys_splice(in, &off, fds[1], NULL, 10000, 0), 10000);
	sys_close(in);
	sys_unlink("/in");
	assert_pattern(fds[0], 5000, 10000);
	sys_close(out);
	sys_unlink("/out");
}

static void splice_errors(void **state)
{
	int in = pattern_file("/in", 5000), a[2], b[2], ev = (int)sys_eventfd2(0, 0);
	long off = 0;

	assert_int_equal(sys_pipe(a), 0);
	assert_int_equal(sys_pipe(b), 0);
	assert_int_equal(sys_splice(99, NULL, 99, NULL, 0, 99), 0);
	assert_int_equal(sys_splice(in, NULL, a[1], NULL, 1, 16), -EINVAL);
	assert_int_equal(sys_splice(99, NULL, a[1], NULL, 1, 0), -EBADF);
	assert_int_equal(sys_splice(in, NULL, 99, NULL, 1, 0), -EBADF);
	assert_int_equal(sys_splice(in, NULL, in, NULL, 1, 0), -EINVAL);
	assert_int_equal(sys_splice(in, NULL, a[1], &off, 1, 0), -ESPIPE);
	assert_int_equal(sys_splice(a[0], &off, in, NULL, 1, 0), -ESPIPE);
	assert_int_equal(sys_splice(a[0], NULL, a[1], NULL, 1, 0), -EINVAL);
	assert_int_equal(sys_splice(a[1], NULL, b[1], NULL, 1, 0), -EBADF);
	assert_int_equal(sys_splice(ev, NULL, a[1], NULL, 8, 0), -EINVAL);
	assert_int_equal(sys_splice(a[0], NULL, in, NULL, 1, NONBLOCK), -EAGAIN);
	off = -1;
	assert_int_equal(sys_splice(in, &off, a[1], NULL, 1, 0), -EINVAL);
	sys_close(a[0]);
	assert_int_equal(sys_splice(in, NULL, a[1], NULL, 1, 0), -EPIPE);
	sys_close(b[1]);
	assert_int_equal(sys_splice(b[0], NULL, in, NULL, 1, 0), 0);
	assert_int_equal(sys_lseek(in, 0, SEEK_CUR), 0);
	sys_close(in);
	sys_unlink("/in");
}

static void tee_copies_and_leaves(void **state)
{
	char buf[32] = "";
	int a[2], b[2], n;

	assert_int_equal(sys_pipe(a), 0);
	assert_int_equal(sys_pipe(b), 0);
	assert_int_equal(sys_write(a[1], "hello", 5), 5);
	assert_int_equal(sys_tee(a[0], b[1], 3, 0), 3);
	assert_int_equal(sys_write(a[1], "world", 5), 5); /* goes on behind what tee shares */
	assert_int_equal(sys_read(b[0], buf, 32), 3);
	assert_memory_equal(buf, "hel", 3);
	assert_int_equal(sys_tee(a[0], b[1], 100, 0), 10);
	assert_int_equal(sys_write(b[1], "!", 1), 1);
	assert_int_equal(sys_read(a[0], buf, 32), 10);
	assert_memory_equal(buf, "helloworld", 10);
	assert_int_equal(sys_read(b[0], buf, 32), 11);
	assert_memory_equal(buf, "helloworld!", 11);
	assert_int_equal(sys_tee(a[0], b[1], 1, NONBLOCK), -EAGAIN);
	assert_int_equal(sys_tee(a[0], a[1], 1, 0), -EINVAL);
	assert_int_equal(sys_tee(a[0], b[1], 0, 0), 0);
	assert_int_equal(sys_tee(a[0], b[1], 1, 32), -EINVAL);
	for (n = 0; n < 16; n++) {
		assert_int_equal(sys_splice(a[0], NULL, b[1], NULL, 1, NONBLOCK), -EAGAIN);
		assert_int_equal(sys_write(a[1], "x", 1), 1);
		assert_int_equal(sys_splice(a[0], NULL, b[1], NULL, 1, 0), 1);
	}
	assert_int_equal(sys_write(a[1], "y", 1), 1);
	assert_int_equal(sys_splice(a[0], NULL, b[1], NULL, 1, NONBLOCK), -EAGAIN); /* full */
	assert_int_equal(sys_read(b[0], buf, 32), 16);
}

static void vmsplice_moves_both_ways(void **state)
{
	char x[4] = "abc", y[8] = "";
	struct iovec out = { x, 3 }, in = { y, 8 };
	int a[2];

	assert_int_equal(sys_pipe(a), 0);
	assert_int_equal(sys_vmsplice(a[1], &out, 1, 0), 3);
	x[0] = 'z'; /* it was copied */
	assert_int_equal(sys_vmsplice(a[0], &in, 1, 0), 3);
	assert_string_equal(y, "abc");
	assert_int_equal(sys_vmsplice(a[0], &in, 1, NONBLOCK), -EAGAIN);
	assert_int_equal(sys_vmsplice(a[0], &in, 1, 64), -EINVAL);
	assert_int_equal(sys_vmsplice(77, &in, 1, 0), -EBADF);
	assert_int_equal(sys_vmsplice((int)sys_eventfd2(0, 0), &in, 1, 0), -EBADF);
}

static void copy_file_range_between(void **state)
{
	int in = pattern_file("/in", 20000), out = (int)sys_open("/out", O_RDWR | O_CREAT, 0644);
	int dir = (int)sys_open("/", O_RDONLY, 0), fds[2];
	long a = 10, b = 0, c = 5;

	assert_int_equal(sys_pipe(fds), 0);
	assert_int_equal(sys_copy_file_range(in, &a, out, &b, 15000, 0), 15000);
	assert_int_equal(a, 15010);
	assert_int_equal(b, 15000);
	assert_int_equal(sys_copy_file_range(in, &a, out, NULL, 100000, 0), 4990);
	assert_int_equal(sys_lseek(out, 0, SEEK_CUR), 4990);
	assert_int_equal(sys_copy_file_range(in, &a, out, NULL, 1, 0), 0);
	assert_int_equal(sys_copy_file_range(in, NULL, out, NULL, 1, 1), -EINVAL);
	assert_int_equal(sys_copy_file_range(dir, NULL, out, NULL, 1, 0), -EISDIR);
	assert_int_equal(sys_copy_file_range(fds[0], NULL, out, NULL, 1, 0), -EINVAL);
	assert_int_equal(sys_copy_file_range(in, NULL, 99, NULL, 1, 0), -EBADF);
	b = 0;
	assert_int_equal(sys_copy_file_range(in, &b, in, &c, 10, 0), -EINVAL); /* overlap */
	c = 10;
	assert_int_equal(sys_copy_file_range(in, &b, in, &c, 10, 0), 10);
	sys_lseek(out, 4990, SEEK_SET);
	assert_pattern(out, 5000, 5000);
	sys_close(in);
	sys_close(out);
	sys_unlink("/in");
	sys_unlink("/out");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(sendfile_to_files),	  FS_TEST(sendfile_errors),
		FS_TEST(splice_through_a_pipe),	  FS_TEST(splice_errors),
		FS_TEST(tee_copies_and_leaves),	  FS_TEST(vmsplice_moves_both_ways),
		FS_TEST(copy_file_range_between),
	};

	return RUN_TESTS(tests);
}
