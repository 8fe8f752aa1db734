// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls that only ring 3 makes: the old forms, statx, preadv2 and its kin, fsync's family, flock,
 * close_range.
 */
#include <tests/hosted/fs/fs_test.h>

#include <dirent.h>
#include <kernel/fs/fs_calls.h>
#include <linux/stat.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <tests/hosted/fs/remove_tree.h>
#include <unistd.h>

static int make_file(const char *path, const char *text)
{
	long fd = sys_open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(sys_write((int)fd, text, strlen(text)), strlen(text));
	return (int)fd;
}

static void old_forms(void **state)
{
	char buf[64];
	long fd;

	assert_int_equal(sys_mkdir("/o", 0755), 0);
	assert_int_equal(sys_mkdir("/o", 0755), -EEXIST);
	fd = sys_creat("/o/f", 0600);
	assert_true(fd >= 0);
	assert_int_equal(sys_read((int)fd, buf, 1), -EBADF);
	sys_close((int)fd);
	assert_int_equal(sys_access("/o/f", R_OK | W_OK), 0);
	assert_int_equal(sys_access("/o/f", X_OK), -EACCES);
	assert_int_equal(sys_access("/o/f", 8), -EINVAL);
	assert_int_equal(sys_faccessat(AT_FDCWD, "/o/g", F_OK), -ENOENT);
	assert_int_equal(sys_link("/o/f", "/o/g"), 0);
	assert_int_equal(sys_rename("/o/g", "/o/h"), 0);
	assert_int_equal(sys_renameat(AT_FDCWD, "/o/h", AT_FDCWD, "/o/g"), 0);
	assert_int_equal(sys_symlink("f", "/o/s"), 0);
	assert_int_equal(sys_readlink("/o/s", buf, sizeof(buf)), 1);
	assert_int_equal(sys_chmod("/o/s", 0444), 0);
	assert_int_equal(sys_chown("/o/f", 1, 2), 0);
	assert_int_equal(sys_lchown("/o/s", 3, 4), 0);
	assert_int_equal(sys_unlink("/o/s"), 0);
	assert_int_equal(sys_unlink("/o/f"), 0);
	assert_int_equal(sys_rmdir("/o"), -ENOTEMPTY);
	assert_int_equal(sys_unlink("/o/g"), 0);
	assert_int_equal(sys_rmdir("/o"), 0);
}

static void old_descriptors(void **state)
{
	int fds[2];
	char c;
	u64 n;
	long fd;

	assert_int_equal(sys_pipe(fds), 0);
	assert_int_equal(sys_write(fds[1], "x", 1), 1);
	assert_int_equal(sys_read(fds[0], &c, 1), 1);
	assert_int_equal(sys_pipe(NULL), -EFAULT);
	assert_int_equal(sys_epoll_create(0), -EINVAL);
	assert_int_equal(sys_epoll_create(-1), -EINVAL);
	assert_true(sys_epoll_create(1) >= 0);
	fd = sys_eventfd(7);
	assert_int_equal(sys_read((int)fd, &n, sizeof(n)), 8);
	assert_int_equal(n, 7);
}

/* The old layout's entries: name at 18, type in the last byte. */
static void getdents_old(void **state)
{
	char buf[256];
	bool seen_file = false, seen_dir = false;
	long fd, n, at;

	assert_int_equal(sys_mkdir("/d", 0755), 0);
	assert_int_equal(sys_mkdir("/d/sub", 0755), 0);
	sys_close(make_file("/d/longername", "x"));
	fd = sys_open("/d", O_RDONLY | O_DIRECTORY, 0);
	assert_int_equal(sys_getdents((int)fd, buf, 10), -EINVAL);
	n = sys_getdents((int)fd, buf, sizeof(buf));
	assert_true(n > 0);
	for (at = 0; at < n;) {
		unsigned short reclen;
		const char *name = buf + at + 18;

		memcpy(&reclen, buf + at + 16, 2);
		seen_file |= !strcmp(name, "longername") && buf[at + reclen - 1] == DT_REG;
		seen_dir |= !strcmp(name, "sub") && buf[at + reclen - 1] == DT_DIR;
		at += reclen;
	}
	assert_int_equal(at, n);
	assert_true(seen_file && seen_dir);
	assert_int_equal(sys_getdents((int)fd, buf, sizeof(buf)), 0);
	assert_int_equal(sys_getdents(-1, buf, sizeof(buf)), -EBADF);
	sys_close((int)fd);
	remove_tree("/d");
}

static void statx_says(void **state)
{
	struct statx x;
	struct stat st;
	int fd = make_file("/x", "hello");

	assert_int_equal(sys_statx(AT_FDCWD, "/x", 0, STATX_BASIC_STATS, &x), 0);
	assert_int_equal(sys_stat("/x", &st), 0);
	assert_int_equal(x.stx_size, 5);
	assert_int_equal(x.stx_mode, st.st_mode);
	assert_int_equal(x.stx_ino, st.st_ino);
	assert_int_equal(x.stx_mtime.tv_sec, st.st_mtime);
	assert_true((x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
	assert_int_equal(sys_statx(fd, "", AT_EMPTY_PATH, 0, &x), 0);
	assert_int_equal(x.stx_size, 5);
	assert_int_equal(sys_statx(fd, "", 0, 0, &x), -ENOENT);
	assert_int_equal(sys_statx(fd, "", AT_EMPTY_PATH, STATX__RESERVED, &x), -EINVAL);
	assert_int_equal(sys_statx(fd, "", AT_STATX_SYNC_TYPE, 0, &x), -EINVAL);
	assert_int_equal(sys_statx(fd, "", 0x40000, 0, &x), -EINVAL);
	assert_int_equal(sys_statx(AT_FDCWD, "/x", 0, 0, NULL), -EFAULT);
	assert_int_equal(sys_statx(AT_FDCWD, "/dev/null", 0, 0, &x), 0);
	assert_true(S_ISCHR(x.stx_mode) && x.stx_rdev_major);
	sys_close(fd);
	sys_unlink("/x");
}

static void fstatfs_says(void **state)
{
	struct statfs a, b;
	int fd = make_file("/x", "hello"), fds[2];

	assert_int_equal(sys_statfs("/x", &a), 0);
	assert_int_equal(sys_fstatfs(fd, &b), 0);
	assert_int_equal(a.f_type, b.f_type);
	assert_int_equal(a.f_blocks, b.f_blocks);
	assert_int_equal(sys_pipe(fds), 0);
	assert_int_equal(sys_fstatfs(fds[0], &b), 0);
	assert_int_equal(b.f_type, 0x50495045);
	assert_int_equal(sys_fstatfs(99, &b), -EBADF);
	sys_close(fd);
	sys_unlink("/x");
}

static void vectors_at_a_place(void **state)
{
	char a[4] = "", b[4] = "";
	struct iovec v[2] = { { a, 3 }, { b, 3 } };
	int fd = make_file("/v", "0123456789"), fds[2];

	assert_int_equal(sys_preadv(fd, v, 2, 2, 0), 6);
	assert_string_equal(a, "234");
	assert_string_equal(b, "567");
	assert_int_equal(sys_preadv(fd, v, 2, -1, 0), -EINVAL);
	assert_int_equal(sys_preadv(-1, v, 2, 0, 0), -EBADF);
	assert_int_equal(sys_preadv2(fd, v, 1, -1, 0, 0), 0); /* the file's own place: its end */
	assert_int_equal(sys_preadv2(fd, v, 1, -2, 0, 0), -EINVAL);
	assert_int_equal(sys_preadv2(fd, v, 1, 0, 0, 0x8000), -EOPNOTSUPP);
	assert_int_equal(sys_preadv2(fd, v, 1, 0, 0, 0x40000000), -EOPNOTSUPP);
	assert_int_equal(sys_preadv2(fd, v, 1, 0, 0, RWF_NOWAIT), -EOPNOTSUPP);
	assert_int_equal(sys_pwritev(fd, v, 2, 4, 0), 6);
	assert_int_equal(sys_pwritev2(fd, v, 1, 0, 0, RWF_APPEND), 3);
	assert_int_equal(sys_lseek(fd, 0, SEEK_END), 13);
	assert_int_equal(sys_fcntl(fd, F_GETFL, 0) & (O_APPEND | O_NONBLOCK), 0);
	assert_int_equal(sys_pipe(fds), 0);
	assert_int_equal(sys_preadv2(fds[0], v, 1, -1, 0, RWF_NOWAIT), -EAGAIN);
	assert_int_equal(sys_fcntl(fds[0], F_GETFL, 0) & O_NONBLOCK, 0);
	assert_int_equal(sys_preadv(fds[0], v, 1, 0, 0), -ESPIPE);
	sys_close(fd);
	sys_unlink("/v");
}

static void sync_family(void **state)
{
	int fd = make_file("/y", "z"), fds[2];

	assert_int_equal(sys_pipe(fds), 0);
	assert_int_equal(sys_fsync(fd), 0);
	assert_int_equal(sys_fdatasync(fd), 0);
	assert_int_equal(sys_fsync(fds[0]), -EINVAL);
	assert_int_equal(sys_fsync(77), -EBADF);
	assert_int_equal(sys_sync(), 0);
	assert_int_equal(sys_syncfs(fd), 0);
	assert_int_equal(sys_syncfs(77), -EBADF);
	assert_int_equal(sys_sync_file_range(fd, 0, 0, 7), 0);
	assert_int_equal(sys_sync_file_range(fd, 0, 0, 8), -EINVAL);
	assert_int_equal(sys_sync_file_range(fds[0], 0, 0, 0), -ESPIPE);
	assert_int_equal(sys_fadvise64(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	assert_int_equal(sys_fadvise64(fd, 0, 0, 6), -EINVAL);
	assert_int_equal(sys_fadvise64(fd, 0, -1, 0), -EINVAL);
	assert_int_equal(sys_fadvise64(fds[0], 0, 0, 0), -ESPIPE);
	assert_int_equal(sys_readahead(fd, 0, 10), 0);
	assert_int_equal(sys_readahead(fds[0], 0, 10), -EINVAL);
	assert_int_equal(sys_readahead(fds[1], 0, 10), -EBADF);
	sys_close(fd);
	sys_unlink("/y");
}

static int lock_second(void *arg)
{
	return (int)sys_flock((int)(long)arg, LOCK_EX);
}

static void flock_between_files(void **state)
{
	int a = make_file("/l", ""), b = (int)sys_open("/l", O_RDONLY, 0), c = (int)sys_dup(a);
	struct thread *t;

	assert_int_equal(sys_flock(a, LOCK_SH), 0);
	assert_int_equal(sys_flock(b, LOCK_SH | LOCK_NB), 0);
	assert_int_equal(sys_flock(a, LOCK_EX | LOCK_NB), -EAGAIN);
	/* Changing the kind has given the shared lock up. */
	assert_int_equal(sys_flock(b, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(sys_flock(a, LOCK_SH | LOCK_NB), -EAGAIN);
	assert_int_equal(sys_flock(b, LOCK_UN), 0);
	assert_int_equal(sys_flock(a, LOCK_EX), 0);
	assert_int_equal(sys_flock(c, LOCK_EX | LOCK_NB), 0); /* the same open file */
	t = thread_create(lock_second, (void *)(long)b, "locker");
	hosted_run_until_idle();
	sys_close(a);
	hosted_run_until_idle();
	assert_int_equal(sys_flock(c, LOCK_EX | LOCK_NB), 0);
	sys_close(c); /* the last descriptor of the open file: its lock goes */
	assert_int_equal(thread_join(t), 0);
	assert_int_equal(sys_flock(b, 3), -EINVAL);
	assert_int_equal(sys_flock(99, LOCK_SH), -EBADF);
	sys_close(b);
	sys_unlink("/l");
}

static void closing_ranges(void **state)
{
	int fds[2], n;

	for (n = 0; n < 5; n++)
		assert_int_equal(sys_pipe(fds), 0); /* 0 ... 9 */
	assert_int_equal(sys_close_range(5, 4, 0), -EINVAL);
	assert_int_equal(sys_close_range(0, 4, 1), -EINVAL);
	assert_int_equal(sys_close_range(2, 3, 4), 0);
	assert_int_equal(sys_fcntl(2, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_fcntl(4, F_GETFD, 0), 0);
	assert_int_equal(sys_close_range(3, 6, 0), 0);
	assert_int_equal(sys_fcntl(2, F_GETFD, 0), FD_CLOEXEC);
	for (n = 3; n <= 6; n++)
		assert_int_equal(sys_fcntl(n, F_GETFD, 0), -EBADF);
	assert_int_equal(sys_fcntl(7, F_GETFD, 0), 0);
	assert_int_equal(sys_close_range(0, ~0u, 2), 0);
	assert_int_equal(sys_close_range(100000, ~0u, 0), 0);
	assert_int_equal(nr_open_files(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(old_forms),
		FS_TEST(old_descriptors),
		FS_TEST(getdents_old),
		FS_TEST(statx_says),
		FS_TEST(fstatfs_says),
		FS_TEST(vectors_at_a_place),
		FS_TEST(sync_family),
		FS_TEST(flock_between_files),
		FS_TEST(closing_ranges),
	};

	return RUN_TESTS(tests);
}
