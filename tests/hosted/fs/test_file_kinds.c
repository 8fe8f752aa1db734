// SPDX-License-Identifier: BSD-2-Clause
/*
 * Kinds of files and ways to open them: O_PATH, links of /proc, FIFOs, packets in pipes, memfd and
 * seals, holes, record locks, chroot, /dev, inotify's stub, extended attributes.
 */
#include <tests/hosted/fs/fs_test.h>

#include <dirent.h>
#include <kernel/fs/fs_calls.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <tests/hosted/fs/remove_tree.h>
#include <unistd.h>

static int put_file(const char *path, const char *text)
{
	long fd = sys_open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(sys_write((int)fd, text, strlen(text)), strlen(text));
	return (int)fd;
}

static void path_only(void **state)
{
	int fd, dir;
	struct stat st;
	char buf[64] = "";

	sys_mkdirat(AT_FDCWD, "/d", 0755);
	sys_close(put_file("/d/f", "text"));
	sys_symlinkat("f", AT_FDCWD, "/d/l");
	dir = (int)sys_open("/d", O_PATH, 0);
	assert_true(dir >= 0);
	fd = (int)sys_openat(dir, "f", O_RDONLY, 0);
	assert_int_equal(sys_read(fd, buf, 64), 4);
	sys_close(fd);
	fd = (int)sys_open("/d/f", O_PATH | O_RDWR, 0);
	assert_int_equal(sys_read(fd, buf, 1), -EBADF);
	assert_int_equal(sys_lseek(fd, 0, SEEK_SET), -EBADF);
	assert_int_equal(sys_ioctl(fd, FIONREAD, 0), -EBADF);
	assert_int_equal(sys_fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 4);
	assert_int_equal(sys_fcntl(fd, F_GETFL, 0), O_PATH);
	assert_int_equal(sys_fcntl(fd, F_SETFL, 0), -EBADF);
	assert_int_equal(sys_fchmod(fd, 0600), -EBADF);
	assert_true(sys_dup(fd) > fd);
	assert_int_equal(sys_open("/d/f", O_PATH | O_DIRECTORY, 0), -ENOTDIR);
	fd = (int)sys_open("/d/l", O_PATH | O_NOFOLLOW, 0);
	assert_int_equal(sys_readlinkat(fd, "", buf, sizeof(buf)), 1);
	assert_int_equal(sys_newfstatat(fd, "", &st, AT_EMPTY_PATH), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(sys_readlinkat(dir, "", buf, sizeof(buf)), -ENOENT);
	sys_close_range(0, ~0u, 0);
	remove_tree("/d");
}

/* /proc/self/fd/N: its text, and following it. */
static void links_to_descriptors(void **state)
{
	int fd = put_file("/f", "hello"), again, fds[2], tmp;
	char path[32], buf[64] = "";
	struct stat a, b;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	assert_int_equal(sys_readlink(path, buf, sizeof(buf)), 2);
	assert_memory_equal(buf, "/f", 2);
	assert_int_equal(sys_stat(path, &a), 0);
	assert_int_equal(sys_lstat(path, &b), 0);
	assert_true(S_ISREG(a.st_mode) && S_ISLNK(b.st_mode));
	assert_int_equal(sys_open(path, O_RDONLY | O_NOFOLLOW, 0), -ELOOP);
	sys_unlink("/f");
	assert_int_equal(sys_readlink(path, buf, sizeof(buf)), strlen("/#99 (deleted)") -
			 (a.st_ino < 10) + (a.st_ino >= 100) + (a.st_ino >= 1000));
	again = (int)sys_open(path, O_RDWR, 0); /* a place of its own in the same file */
	assert_int_equal(sys_read(again, buf, 64), 5);
	assert_int_equal(sys_pipe(fds), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[0]);
	assert_int_equal(sys_write(fds[1], "x", 1), 1);
	again = (int)sys_open(path, O_RDONLY, 0);
	assert_int_equal(sys_read(again, buf, 64), 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", (int)sys_eventfd(0));
	assert_int_equal(sys_open(path, O_RDWR, 0), -ENXIO);
	/* A file without a name gets one through its link. */
	tmp = (int)sys_open("/", O_TMPFILE | O_RDWR, 0600);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", tmp);
	assert_int_equal(sys_linkat(AT_FDCWD, path, AT_FDCWD, "/named", AT_SYMLINK_FOLLOW), 0);
	assert_int_equal(sys_stat("/named", &a), 0);
	assert_int_equal(sys_unlink("/named"), 0);
	assert_int_equal(sys_chdir("/dev/fd"), 0);
	assert_true(sys_getcwd(buf, sizeof(buf)) > 0);
	assert_string_equal(buf, "/proc/1/fd");
}

static int open_reader(void *arg)
{
	return (int)sys_open("/fifo", O_RDONLY, 0);
}

static void fifos(void **state)
{
	int w, r;
	struct thread *t;
	char buf[8];

	assert_int_equal(sys_mknod("/fifo", S_IFIFO | 0644, 0), 0);
	assert_int_equal(sys_mknod("/fifo", S_IFIFO | 0644, 0), -EEXIST);
	assert_int_equal(sys_mknod("/blk", S_IFBLK | 0644, 0x800), -EPERM);
	assert_int_equal(sys_mknod("/dir", S_IFDIR | 0755, 0), -EPERM);
	assert_int_equal(sys_mknod("/odd", 0170000, 0), -EINVAL);
	assert_int_equal(sys_open("/fifo", O_WRONLY | O_NONBLOCK, 0), -ENXIO);
	t = thread_create(open_reader, NULL, "reader");
	hosted_run_until_idle(); /* it waits for a writer */
	w = (int)sys_open("/fifo", O_WRONLY, 0);
	r = thread_join(t);
	assert_true(w >= 0 && r >= 0);
	assert_int_equal(sys_write(w, "abc", 3), 3);
	assert_int_equal(sys_read(r, buf, 8), 3);
	sys_close(w);
	assert_int_equal(sys_read(r, buf, 8), 0);
	sys_close(r);
	r = (int)sys_open("/fifo", O_RDWR, 0);
	assert_int_equal(sys_write(r, "de", 2), 2);
	assert_int_equal(sys_read(r, buf, 8), 2);
	sys_unlink("/fifo");
}

static void pipes_of_packets_and_sizes(void **state)
{
	char buf[16];
	int fds[2], n;

	assert_int_equal(sys_pipe2(fds, O_DIRECT), 0);
	assert_int_equal(sys_write(fds[1], "hello", 5), 5);
	assert_int_equal(sys_write(fds[1], "world", 5), 5);
	assert_int_equal(sys_read(fds[0], buf, 3), 3); /* what is left of the packet is lost */
	assert_int_equal(sys_read(fds[0], buf, 16), 5);
	assert_memory_equal(buf, "world", 5);
	assert_int_equal(sys_fcntl(fds[0], F_GETPIPE_SZ, 0), 65536);
	assert_int_equal(sys_fcntl(fds[0], F_SETPIPE_SZ, 5000), 8192);
	assert_int_equal(sys_fcntl(fds[0], F_SETPIPE_SZ, 1), 4096);
	assert_int_equal(sys_fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(sys_write(fds[1], "x", 1), 1);
	assert_int_equal(sys_fcntl(fds[0], F_SETPIPE_SZ, 20000), 32768);
	for (n = 0; n < 7; n++) {
		sys_fcntl(fds[1], F_SETFL, O_NONBLOCK | O_DIRECT);
		assert_int_equal(sys_write(fds[1], "y", 1), 1);
	}
	assert_int_equal(sys_write(fds[1], "z", 1), -EAGAIN);
	assert_int_equal(sys_fcntl(fds[0], F_SETPIPE_SZ, 4096), -EBUSY);
	assert_int_equal(sys_ioctl(fds[0], FIONREAD, (unsigned long)&n), 0);
	assert_int_equal(n, 8);
	assert_int_equal(sys_fcntl((int)sys_eventfd(0), F_GETPIPE_SZ, 0), -EBADF);
}

static void sealed_memory(void **state)
{
	long fd = sys_memfd_create("name", 2);
	char buf[64] = "", path[32];
	struct stat st;

	assert_true(fd >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%ld", fd);
	assert_int_equal(sys_readlink(path, buf, sizeof(buf)), 21);
	assert_memory_equal(buf, "/memfd:name (deleted)", 21);
	assert_int_equal(sys_write((int)fd, "12345", 5), 5);
	assert_int_equal(sys_fcntl((int)fd, F_GET_SEALS, 0), 0);
	assert_int_equal(sys_fcntl((int)fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	assert_int_equal(sys_ftruncate((int)fd, 4), -EPERM);
	assert_int_equal(sys_ftruncate((int)fd, 6), 0);
	assert_int_equal(sys_fcntl((int)fd, F_ADD_SEALS, F_SEAL_GROW), 0);
	assert_int_equal(sys_ftruncate((int)fd, 7), -EPERM);
	assert_int_equal(sys_pwrite64((int)fd, "ab", 2, 5), -EPERM);
	assert_int_equal(sys_pwrite64((int)fd, "ab", 2, 4), 2);
	assert_int_equal(sys_fallocate((int)fd, 0, 0, 7), -EPERM);
	assert_int_equal(sys_fcntl((int)fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL), 0);
	assert_int_equal(sys_pwrite64((int)fd, "a", 1, 0), -EPERM);
	assert_int_equal(sys_fcntl((int)fd, F_ADD_SEALS, F_SEAL_GROW), -EPERM);
	assert_int_equal(sys_fcntl((int)fd, F_ADD_SEALS, 0x100), -EINVAL);
	assert_int_equal(sys_fcntl((int)fd, F_GET_SEALS, 0), 15);
	assert_int_equal(sys_fstat((int)fd, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0777);
	fd = sys_memfd_create("", 0);
	assert_int_equal(sys_fcntl((int)fd, F_GET_SEALS, 0), F_SEAL_SEAL);
	assert_int_equal(sys_fcntl((int)fd, F_ADD_SEALS, F_SEAL_GROW), -EPERM);
	assert_int_equal(sys_memfd_create("x", 8), -EINVAL);
	assert_int_equal(sys_memfd_create(NULL, 0), -EFAULT);
	assert_int_equal(sys_fcntl((int)sys_eventfd(0), F_GET_SEALS, 0), -EINVAL);
}

static void holes(void **state)
{
	int fd = put_file("/h", "start");
	struct stat st;
	char c = 'x';

	assert_int_equal(sys_pwrite64(fd, "end", 3, 1 << 20), 3);
	assert_int_equal(sys_lseek(fd, 0, SEEK_DATA), 0);
	assert_int_equal(sys_lseek(fd, 1, SEEK_HOLE), 4096);
	assert_int_equal(sys_lseek(fd, 4096, SEEK_DATA), 1 << 20);
	assert_int_equal(sys_lseek(fd, 1 << 20, SEEK_HOLE), (1 << 20) + 3);
	assert_int_equal(sys_lseek(fd, (1 << 20) + 3, SEEK_DATA), -ENXIO);
	assert_int_equal(sys_lseek(fd, -1, SEEK_HOLE), -ENXIO);
	assert_int_equal(sys_fallocate(fd, 0, 4096, 8192), 0);
	assert_int_equal(sys_lseek(fd, 0, SEEK_HOLE), 12288);
	assert_int_equal(sys_pwrite64(fd, "abcdef", 6, 4094), 6);
	assert_int_equal(sys_fallocate(fd, 3, 4095, 4097), 0);
	assert_int_equal(sys_pread64(fd, &c, 1, 4094), 1);
	assert_int_equal(c, 'a');
	assert_int_equal(sys_pread64(fd, &c, 1, 4095), 1);
	assert_int_equal(c, 0);
	assert_int_equal(sys_lseek(fd, 4096, SEEK_DATA), 8192);
	assert_int_equal(sys_fallocate(fd, 1, 1 << 21, 4096), 0);
	assert_int_equal(sys_fstat(fd, &st), 0);
	assert_int_equal(st.st_size, (1 << 20) + 3);
	assert_int_equal(sys_fallocate(fd, 0, 1 << 21, 10), 0);
	assert_int_equal(sys_fstat(fd, &st), 0);
	assert_int_equal(st.st_size, (1 << 21) + 10);
	assert_int_equal(sys_fallocate(fd, 2, 0, 1), -EOPNOTSUPP);
	assert_int_equal(sys_fallocate(fd, 16, 0, 1), -EOPNOTSUPP);
	assert_int_equal(sys_fallocate(fd, 0, 0, 0), -EINVAL);
	assert_int_equal(sys_fallocate(fd, 0, -1, 1), -EINVAL);
	assert_int_equal(sys_fallocate((int)sys_open("/", O_RDONLY, 0), 0, 0, 1), -EBADF);
	assert_int_equal(sys_fallocate(fd, 0, 0, 1l << 60), -ENOSPC);
	sys_close(fd);
	sys_unlink("/h");
}

static void record_locks(void **state)
{
	struct flock l = { .l_type = F_WRLCK };
	int fd = put_file("/k", "x"), ro = (int)sys_open("/k", O_RDONLY, 0);

	assert_int_equal(sys_fcntl(fd, F_SETLK, (unsigned long)&l), 0);
	assert_int_equal(sys_fcntl(ro, F_SETLK, (unsigned long)&l), -EBADF);
	assert_int_equal(sys_fcntl(ro, F_GETLK, (unsigned long)&l), 0);
	assert_int_equal(l.l_type, F_UNLCK);
	assert_int_equal(sys_fcntl(fd, F_GETLK, (unsigned long)&l), -EINVAL);
	l.l_type = 7;
	assert_int_equal(sys_fcntl(fd, F_SETLK, (unsigned long)&l), -EINVAL);
	l = (struct flock){ .l_type = F_RDLCK, .l_start = -1 };
	assert_int_equal(sys_fcntl(fd, F_SETLK, (unsigned long)&l), -EINVAL);
	l = (struct flock){ .l_type = F_RDLCK, .l_pid = 1 };
	assert_int_equal(sys_fcntl(fd, F_OFD_SETLK, (unsigned long)&l), -EINVAL);
	assert_int_equal(sys_fcntl(fd, F_SETLK, 0), -EFAULT);
	sys_close(fd);
	sys_close(ro);
	sys_unlink("/k");
}

static void another_root(void **state)
{
	char buf[32];
	struct stat st;

	sys_mkdirat(AT_FDCWD, "/jail", 0755);
	sys_close(put_file("/jail/f", "in"));
	sys_symlinkat("/f", AT_FDCWD, "/jail/l");
	assert_int_equal(sys_chroot("/jail/f"), -ENOTDIR);
	assert_int_equal(sys_chroot("/none"), -ENOENT);
	assert_int_equal(sys_chdir("/jail"), 0);
	assert_int_equal(sys_chroot("."), 0);
	assert_int_equal(sys_stat("/l", &st), 0);
	assert_int_equal(sys_stat("/../../f", &st), 0);
	assert_int_equal(sys_stat("../jail/f", &st), -ENOENT);
	assert_int_equal(sys_stat("/proc", &st), -ENOENT);
	assert_int_equal(sys_chdir("/.."), 0);
	files_put(current->files); /* back to the real one */
	current->files = files_alloc();
	assert_true(sys_getcwd(buf, sizeof(buf)) > 0);
	remove_tree("/jail");
}

static void devices(void **state)
{
	struct stat st;
	char buf[32];
	int fd;

	assert_int_equal(sys_stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(st.st_rdev, 0x103);
	assert_int_equal(sys_readlink("/dev/stdin", buf, sizeof(buf)), 15);
	fd = put_file("/dev/shm/x", "1");
	assert_int_equal(sys_stat("/dev/shm/x", &st), 0);
	sys_close(fd);
	sys_unlink("/dev/shm/x");
	/* A device keeps its driver under another name. */
	assert_int_equal(sys_link("/dev/full", "/full"), 0);
	fd = (int)sys_open("/full", O_WRONLY, 0);
	assert_int_equal(sys_write(fd, "x", 1), -ENOSPC);
	assert_int_equal(sys_unlink("/full"), 0);
	assert_int_equal(sys_fstat(fd, &st), 0);
	assert_int_equal(st.st_rdev, 0x107);
}

static void nothing_to_tell(void **state)
{
	int in = (int)sys_inotify_init1(O_NONBLOCK), wd;
	char buf[64];

	wd = (int)sys_inotify_add_watch(in, "/dev", 2);
	assert_int_equal(wd, 1);
	assert_int_equal(sys_inotify_add_watch(in, "/dev/", 4), 1);
	assert_int_equal(sys_inotify_add_watch(in, "/", 4), 2);
	assert_int_equal(sys_inotify_add_watch(in, "/none", 4), -ENOENT);
	assert_int_equal(sys_inotify_add_watch(in, "/", 0), -EINVAL);
	assert_int_equal(sys_inotify_add_watch(99, "/", 1), -EBADF);
	assert_int_equal(sys_read(in, buf, sizeof(buf)), -EAGAIN);
	assert_int_equal(sys_inotify_rm_watch(in, wd), 0);
	assert_int_equal(sys_inotify_rm_watch(in, wd), -EINVAL);
	assert_int_equal(sys_inotify_init1(1), -EINVAL);
	assert_int_equal(sys_getxattr("/dev", "user.x", buf, 1), -EOPNOTSUPP);
	assert_int_equal(sys_getxattr("/dev", "security.selinux", buf, 1), -ENODATA);
	assert_int_equal(sys_getxattr("/dev", "", buf, 1), -ERANGE);
	assert_int_equal(sys_lgetxattr("/none", "user.x", buf, 1), -ENOENT);
	assert_int_equal(sys_listxattr("/dev", buf, 0), 0);
	assert_int_equal(sys_fsetxattr(in, "user.x", buf, 1, 0), -EOPNOTSUPP);
	assert_int_equal(sys_fsetxattr(99, "user.x", buf, 1, 0), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(path_only),	 FS_TEST(links_to_descriptors),
		FS_TEST(fifos),		 FS_TEST(pipes_of_packets_and_sizes),
		FS_TEST(sealed_memory),	 FS_TEST(holes),
		FS_TEST(record_locks),	 FS_TEST(another_root),
		FS_TEST(devices),	 FS_TEST(nothing_to_tell),
	};

	return RUN_TESTS(tests);
}
