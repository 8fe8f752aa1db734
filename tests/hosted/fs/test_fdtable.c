// SPDX-License-Identifier: BSD-2-Clause
/* kernel/fs/fdtable.c, file.c, fcntl.c: numbers, references, limits, what dup and fcntl change. */
#include <tests/hosted/fs/fs_test.h>

#define MANY 20000

static int open_null(void)
{
	return (int)sys_open("/dev/null", O_RDWR, 0);
}

static void open_takes_lowest_free_number(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(open_null(), i);
	assert_int_equal(sys_close(1), 0);
	assert_int_equal(sys_close(3), 0);
	assert_int_equal(open_null(), 1);
	assert_int_equal(open_null(), 3);
	assert_int_equal(open_null(), 5);
}

static void table_grows_and_stays_dense(void **state)
{
	(void)state;
	for (int i = 0; i < MANY; i++)
		assert_int_equal(open_null(), i);
	assert_int_equal(nr_open_files(), MANY);
	assert_int_equal(sys_close(64), 0);
	assert_int_equal(sys_close(12345), 0);
	assert_int_equal(sys_close(4095), 0);
	assert_int_equal(open_null(), 64);
	assert_int_equal(open_null(), 4095);
	assert_int_equal(open_null(), 12345);
	assert_int_equal(open_null(), MANY);
	for (int i = MANY; i >= 0; i--)
		assert_int_equal(sys_close(i), 0);
	assert_int_equal(nr_open_files(), 0);
	assert_int_equal(open_null(), 0);
}

static void descriptors_end_at_nr_open(void **state)
{
	unsigned int was = files_limits.nr_open;
	int fd;

	(void)state;
	files_limits.nr_open = 64;
	for (fd = 0; fd < 64; fd++)
		assert_int_equal(open_null(), fd);
	assert_int_equal(open_null(), -EMFILE);
	assert_int_equal(sys_dup(0), -EMFILE);
	assert_int_equal(sys_dup2(0, 64), -EBADF);
	assert_int_equal(sys_fcntl(0, F_DUPFD, 64), -EINVAL);
	assert_int_equal(sys_fcntl(0, F_DUPFD, 63), -EMFILE);
	files_limits.nr_open = was;
}

static void files_end_at_file_max(void **state)
{
	unsigned long was = files_limits.file_max;

	(void)state;
	files_limits.file_max = 3;
	for (int i = 0; i < 3; i++)
		assert_int_equal(open_null(), i);
	assert_int_equal(open_null(), -ENFILE);
	assert_int_equal(sys_dup(0), 3); /* a number more, no file more */
	files_limits.file_max = was;
	assert_int_equal(open_null(), 4); /* the failed one gave its number back */
}

static void bad_descriptors_are_refused(void **state)
{
	char c;

	(void)state;
	assert_int_equal(sys_close(0), -EBADF);
	assert_int_equal(sys_close(-1), -EBADF);
	assert_int_equal(sys_close(1 << 30), -EBADF);
	assert_int_equal(sys_read(7, &c, 1), -EBADF);
	assert_int_equal(sys_write(-7, &c, 1), -EBADF);
	assert_int_equal(sys_dup(3), -EBADF);
	assert_int_equal(sys_dup2(3, 3), -EBADF);
	assert_int_equal(sys_fcntl(3, F_GETFL, 0), -EBADF);
	assert_int_equal(sys_ioctl(3, 0, 0), -EBADF);
	assert_int_equal(sys_fstat(3, NULL), -EBADF);
}

static void reserved_number_is_no_file(void **state)
{
	int fd = get_unused_fd_flags(0);
	int other = open_null();
	char c;

	(void)state;
	assert_int_equal(fd, 0);
	assert_int_equal(other, 1);
	assert_int_equal(sys_read(fd, &c, 1), -EBADF);
	assert_int_equal(sys_close(fd), -EBADF);
	assert_int_equal(sys_dup2(other, fd), -EBUSY);
	put_unused_fd(fd);
	assert_int_equal(sys_dup2(other, fd), fd);
}

static void dup2_replaces_and_closes(void **state)
{
	static struct fake_file a, b;
	int fa = fake_open(&a), fb = fake_open(&b);

	(void)state;
	assert_int_equal(sys_dup2(fa, fa), fa);
	assert_int_equal(sys_dup2(fa, fb), fb);
	assert_true(b.released);
	assert_int_equal(refcount_read(&a.file->f_count), 2);
	assert_int_equal(sys_dup2(fa, 100), 100);
	assert_int_equal(sys_close(fa), 0);
	assert_int_equal(sys_close(fb), 0);
	assert_false(a.released);
	assert_int_equal(sys_close(100), 0);
	assert_true(a.released);
}

static void dup3_checks_flags(void **state)
{
	int fd = open_null();

	(void)state;
	assert_int_equal(sys_dup3(fd, fd, 0), -EINVAL);
	assert_int_equal(sys_dup3(fd, 5, O_NONBLOCK), -EINVAL);
	assert_int_equal(sys_dup3(9, 5, 0), -EBADF);
	assert_int_equal(sys_dup3(fd, 5, O_CLOEXEC), 5);
	assert_int_equal(sys_fcntl(5, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_fcntl(fd, F_GETFD, 0), 0);
}

static void close_on_exec_belongs_to_the_number(void **state)
{
	int fd = (int)sys_open("/dev/null", O_RDWR | O_CLOEXEC, 0);
	int copy = (int)sys_dup(fd);

	(void)state;
	assert_int_equal(sys_fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_fcntl(copy, F_GETFD, 0), 0);
	assert_int_equal(sys_fcntl(copy, F_SETFD, FD_CLOEXEC), 0);
	assert_int_equal(sys_fcntl(copy, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_fcntl(fd, F_SETFD, 0), 0);
	assert_int_equal(sys_fcntl(fd, F_GETFD, 0), 0);
	assert_int_equal(sys_close(copy), 0);
	assert_int_equal(open_null(), copy); /* a new file on the number starts without it */
	assert_int_equal(sys_fcntl(copy, F_GETFD, 0), 0);
}

static void dupfd_takes_lowest_from_there(void **state)
{
	int fd = open_null();

	(void)state;
	assert_int_equal(sys_fcntl(fd, F_DUPFD, 10), 10);
	assert_int_equal(sys_fcntl(fd, F_DUPFD, 10), 11);
	assert_int_equal(sys_fcntl(fd, F_DUPFD_CLOEXEC, 3000), 3000);
	assert_int_equal(sys_fcntl(3000, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(open_null(), 1);
}

static void status_flags_belong_to_the_file(void **state)
{
	int fd = open_null();
	int copy = (int)sys_dup(fd);

	(void)state;
	assert_int_equal(sys_fcntl(fd, F_GETFL, 0), O_RDWR | O_LARGEFILE);
	/* The access mode and creation flags cannot be changed. */
	assert_int_equal(sys_fcntl(fd, F_SETFL, O_WRONLY | O_NONBLOCK | O_CREAT), 0);
	assert_int_equal(sys_fcntl(copy, F_GETFL, 0), O_RDWR | O_LARGEFILE | O_NONBLOCK);
	assert_int_equal(sys_fcntl(copy, F_SETFL, 0), 0);
	assert_int_equal(sys_fcntl(fd, F_GETFL, 0), O_RDWR | O_LARGEFILE);
	assert_int_equal(sys_fcntl(fd, 4711, 0), -EINVAL);
}

static void file_lives_while_a_call_uses_it(void **state)
{
	static struct fake_file ff;
	int fd = fake_open(&ff);
	struct file *f = fget(fd);

	(void)state;
	assert_int_equal(sys_close(fd), 0);
	assert_false(ff.released);
	fput(f);
	assert_true(ff.released);
}

static void console_is_on_0_1_2(void **state)
{
	(void)state;
	assert_int_equal(files_open_console(current->files), -ENOENT); /* no driver here */
	assert_int_equal(open_null(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(open_takes_lowest_free_number),
		FS_TEST(table_grows_and_stays_dense),
		FS_TEST(descriptors_end_at_nr_open),
		FS_TEST(files_end_at_file_max),
		FS_TEST(bad_descriptors_are_refused),
		FS_TEST(reserved_number_is_no_file),
		FS_TEST(dup2_replaces_and_closes),
		FS_TEST(dup3_checks_flags),
		FS_TEST(close_on_exec_belongs_to_the_number),
		FS_TEST(dupfd_takes_lowest_from_there),
		FS_TEST(status_flags_belong_to_the_file),
		FS_TEST(file_lives_while_a_call_uses_it),
		FS_TEST(console_is_on_0_1_2),
	};

	return RUN_TESTS(tests);
}
