/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * File calls with right, wrong and odd arguments, each result printed: the output on Linux (in a
 * directory of a tmpfs, as root or with the few lines that need root left out) and on Barewire must
 * be the same. Argument: the directory to work in. tests/guest/test_files.py runs it on both.
 */
#include <tests/guest/linux/file_calls.h>

static char buf[70000];

static void opening(void)
{
	int fd, dir;

	O(fd, open("f", O_RDWR | O_CREAT | O_EXCL, 0644));
	T(write(fd, "hello world", 11));
	T(fcntl(fd, F_GETFL));
	close(fd);
	O(fd, open("f", O_RDWR | O_CREAT | O_EXCL, 0644));
	O(fd, open("f", O_RDONLY | O_DIRECTORY));
	O(fd, open("f/", O_RDONLY));
	O(fd, open("f/x", O_RDONLY));
	O(fd, open("", O_RDONLY));
	O(fd, open(BAD, O_RDONLY));
	O(fd, open(NULL, O_RDONLY));
	O(fd, open(".", O_RDWR));
	O(fd, open(".", O_WRONLY | O_CREAT, 0644));
	O(fd, open("nix", O_RDONLY));
	O(fd, open("nix/", O_RDWR | O_CREAT, 0644));
	O(fd, open("nix/nix", O_RDWR | O_CREAT, 0644));
	O(fd, openat(-1, "f", O_RDONLY));
	O(fd, openat(0x7fffffff, "f", O_RDONLY));
	O(fd, open(".", O_TMPFILE | O_RDONLY, 0600));
	O(fd, open("f", O_TMPFILE | O_RDWR, 0600));
	O(fd, open(".", O_TMPFILE | O_RDWR, 0600));
	T(fcntl(fd, F_GETFL));
	T(write(fd, "x", 1));
	close(fd);
	T(symlink("f", "l"));
	T(symlink("loop", "loop"));
	O(fd, open("l", O_RDONLY | O_NOFOLLOW));
	O(fd, open("loop", O_RDONLY));
	O(fd, open("l", O_RDONLY | O_CREAT | O_EXCL));
	O(fd, open("l", O_PATH | O_NOFOLLOW));
	T(readlinkat(fd, "", buf, 10));
	T(fcntl(fd, F_GETFL));
	T(read(fd, buf, 1));
	T(fchmod(fd, 0600));
	close(fd);
	O(dir, open(".", O_PATH));
	O(fd, openat(dir, "f", O_RDONLY));
	T(openat(fd, "f", O_RDONLY));
	T(write(fd, "x", 1));
	close(fd);
	O(fd, open("f", O_RDONLY | O_TRUNC | O_CLOEXEC));
	T(fcntl(fd, F_GETFD));
	T(fcntl(fd, F_GETFL));
	T(read(fd, buf, 10));
	close(fd);
	close(dir);
}

static void reading(void)
{
	int fd, wo, dir;

	O(fd, open("r", O_RDWR | O_CREAT | O_TRUNC, 0644));
	O(wo, open("r", O_WRONLY));
	O(dir, open(".", O_RDONLY));
	T(write(fd, "0123456789abcdef", 16));
	T(read(fd, buf, 10));
	T(lseek(fd, 3, SEEK_SET));
	T(read(fd, buf, 10));
	T(read(fd, BAD, 1));
	T(read(fd, BAD, 0));
	T(read(fd, buf, -1));
	T(read(fd, buf, 0x7fffffffffffffff));
	T(read(wo, buf, 1));
	T(read(dir, buf, 1));
	T(read(-1, buf, 1));
	T(write(fd, BAD, 1));
	T(write(fd, buf, 0));
	T(pread(fd, buf, 5, 2));
	T(pread(fd, buf, 5, -1));
	T(pread(fd, buf, 5, 100));
	T(pwrite(fd, "xy", 2, 20));
	T(lseek(fd, 0, SEEK_CUR));
	T(lseek(fd, 0, SEEK_END));
	T(lseek(fd, -100, SEEK_CUR));
	T(lseek(fd, 0x7fffffffffffffff, SEEK_CUR));
	T(lseek(fd, 0, 9));
	close(fd);
	close(wo);
	close(dir);
}

static void opening_2(void)
{
	struct {
		unsigned long flags, mode, resolve, more;
	} how = { .flags = O_RDONLY };
	int fd;

	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", &how, 24));
	T(fcntl(fd, F_GETFL) & ~0100000);
	close(fd);
	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", &how, 32));
	close(fd);
	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", &how, 8));
	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", BAD, 24));
	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", &how, 5000));
	how.more = 1;
	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", &how, 32));
	how.mode = 0644;
	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", &how, 24));
	how.mode = 0;
	how.flags = 1ul << 40;
	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", &how, 24));
	how.flags = O_PATH | O_RDWR;
	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", &how, 24));
	how.flags = 0;
	how.resolve = 1ul << 20;
	O(fd, syscall(SYS_openat2, AT_FDCWD, "r", &how, 24));
}

static void vectors(void)
{
	struct iovec v[2] = { { buf, 4 }, { buf + 10, 100 } };
	int fd, p[2];

	O(fd, open("r", O_RDWR));
	T(readv(fd, v, 2));
	T(readv(fd, v, -1));
	T(readv(fd, v, 1025));
	T(readv(fd, BAD, 1));
	T(readv(fd, v, 0));
	lseek(fd, 0, SEEK_SET);
	T(readv(fd, v, 2));
	T(preadv(fd, v, 2, 1));
	T(preadv(fd, v, 2, -1));
	T(syscall(SYS_preadv2, fd, v, 2, 0l, 0l, 0x1000));
	T(syscall(SYS_pwritev2, fd, v, 1, 0l, 0l, RWF_APPEND));
	T(lseek(fd, 0, SEEK_END));
	T(pipe(p));
	T(lseek(p[0], 0, SEEK_CUR));
	T(pread(p[0], buf, 1, 0));
	T(read(p[1], buf, 1));
	T(write(p[0], buf, 1));
	T(fcntl(fd, F_SETFL, O_APPEND));
	T(pwrite(fd, "end", 3, 0));
	T(lseek(fd, 0, SEEK_END));
	T(ioctl(fd, FIONREAD, buf));
	T(ioctl(fd, FIONREAD, BAD));
	T(ioctl(fd, FIOCLEX));
	T(fcntl(fd, F_GETFD));
	T(ioctl(fd, 0x5401, buf));
	T(ioctl(p[0], 0x5401, buf));
	T(ioctl(-1, FIONREAD, buf));
	close(p[0]);
	close(p[1]);
	close(fd);
}

static void names(void)
{
	struct stat st;

	T(mkdir("d", 0755));
	T(mkdir("d", 0755));
	T(mkdir("d/x/y", 0755));
	T(mkdir("", 0755));
	T(mkdir(BAD, 0755));
	T(mkdir("d/e/", 0755));
	T(rmdir("d"));
	T(rmdir("d/e/."));
	T(rmdir("d/e/.."));
	T(rmdir("f"));
	T(unlink("d"));
	T(unlink("nix"));
	T(unlink("f/"));
	T(unlinkat(AT_FDCWD, "d/e", AT_REMOVEDIR));
	T(unlinkat(AT_FDCWD, "d/e", 1));
	T(link("f", "f2"));
	T(link("f", "f2"));
	T(link("nix", "f3"));
	T(link("d", "d2"));
	T(stat("f", &st));
	printf("nlink %d mode %o size %ld\n", (int)st.st_nlink, st.st_mode, (long)st.st_size);
	T(rename("f2", "d/f2"));
	T(rename("d", "d/x"));
	T(rename("d", "f"));
	T(rename("f", "d"));
	T(rename("nix", "f"));
	T(rename("f", "f/"));
	T(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "d/f2", 1));
	T(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "d/f2", 0x100));
}

static void special_names(void)
{
	struct stat st;

	T(symlink("", "s"));
	T(symlink("x", "l"));
	T(readlink("f", buf, 10));
	T(readlink("l", buf, 0));
	T(readlink("l", buf, -1));
	T(readlink("l", BAD, 10));
	T(readlink("nix", buf, 10));
	T(readlink("", buf, 10));
	T(mknod("fifo", S_IFIFO | 0644, 0));
	T(mknod("fifo", S_IFIFO | 0644, 0));
	T(mknod("plain", 0644, 0));
	T(mknod("adir", S_IFDIR | 0644, 0));
	T(mknod("odd", 0170000, 0));
	T(lstat("fifo", &st));
	printf("fifo mode %o\n", st.st_mode);
	T(chmod("plain", 04711));
	T(stat("plain", &st));
	printf("plain mode %o\n", st.st_mode);
	T(chmod("nix", 0644));
	T(access("plain", F_OK));
	T(access("plain", 8));
	T(access("nix", F_OK));
	T(access("f/x", F_OK));
	T(faccessat(AT_FDCWD, "plain", X_OK, 0));
	T(syscall(SYS_faccessat2, AT_FDCWD, "plain", 0, 0x4000));
	T(truncate("plain", 5000));
	T(truncate("plain", -1));
	T(truncate("d", 1));
	T(truncate("nix", 1));
	T(stat("d", &st));
	printf("d nlink %d mode %o size %ld\n", (int)st.st_nlink, st.st_mode, (long)st.st_size);
}

static void times(void)
{
	struct timespec ts[2] = { { 1, 2 }, { 3, 4 } }, bad[2] = { { 1, -5 }, { 1, 1 } };
	struct timeval tv[2] = { { 5, 6 }, { 7, 8 } }, badv[2] = { { 5, 1000000 }, { 7, 8 } };
	struct utimbuf ut = { 9, 10 };
	struct stat st;

	T(utimensat(AT_FDCWD, "plain", ts, 0));
	T(stat("plain", &st));
	printf("%ld.%ld %ld.%ld\n", st.st_atime, st.st_atim.tv_nsec, st.st_mtime, st.st_mtim.tv_nsec);
	T(utimensat(AT_FDCWD, "plain", bad, 0));
	T(utimensat(AT_FDCWD, "plain", ts, 0x7000));
	T(utimensat(AT_FDCWD, "nix", ts, 0));
	T(utimensat(-1, "plain", BAD, 0));
	T(utimes("plain", tv));
	T(utimes("plain", badv));
	T(stat("plain", &st));
	printf("%ld.%ld %ld.%ld\n", st.st_atime, st.st_atim.tv_nsec, st.st_mtime, st.st_mtim.tv_nsec);
	T(utime("plain", &ut));
	T(stat("plain", &st));
	printf("%ld.%ld %ld.%ld\n", st.st_atime, st.st_atim.tv_nsec, st.st_mtime, st.st_mtim.tv_nsec);
}

static void holes(void)
{
	int fd, ro, p[2];

	O(fd, open("h", O_RDWR | O_CREAT, 0644));
	O(ro, open("h", O_RDONLY));
	T(pwrite(fd, "x", 1, 100000));
	T(lseek(fd, 0, SEEK_DATA));
	T(lseek(fd, 0, SEEK_HOLE));
	T(lseek(fd, 98304, SEEK_HOLE));
	T(lseek(fd, 200000, SEEK_DATA));
	T(fallocate(fd, 0, 0, 8192));
	T(fallocate(fd, 3, 0, 8192));
	T(lseek(fd, 0, SEEK_DATA));
	T(fallocate(fd, 2, 0, 4096));
	T(fallocate(fd, 16, 0, 4096));
	T(fallocate(fd, 8, 0, 4096));
	T(fallocate(fd, 0, 0, 0));
	T(fallocate(fd, 0, -1, 10));
	T(fallocate(ro, 0, 0, 10));
	T(fallocate(-1, 0, 0, 10));
	T(fallocate(fd, 0, 0x7fffffffffffffff, 10));
	T(pipe(p));
	T(fallocate(p[1], 0, 0, 10));
	T(ftruncate(fd, 10));
	T(ftruncate(ro, 10));
	T(ftruncate(p[1], 10));
	T(ftruncate(fd, -1));
	T(lseek(fd, 0, SEEK_END));
	T(fsync(fd));
	T(fdatasync(ro));
	T(fsync(p[0]));
	T(syncfs(fd));
	T(posix_fadvise(fd, 0, 0, 3));
	T(posix_fadvise(fd, 0, 0, 99));
	T(posix_fadvise(p[0], 0, 0, 3));
	T(readahead(fd, 0, 10));
	T(readahead(p[0], 0, 10));
	T(sync_file_range(fd, 0, 10, 7));
	T(sync_file_range(fd, 0, 10, 8));
	T(sync_file_range(p[0], 0, 10, 7));
	close(fd);
	close(ro);
	close(p[0]);
	close(p[1]);
}

static void moving(void)
{
	int in, out, ap, p[2], q[2], e;
	loff_t off = 2, neg = -1;

	O(in, open("in", O_RDWR | O_CREAT, 0644));
	O(out, open("out", O_RDWR | O_CREAT, 0644));
	O(ap, open("out", O_WRONLY | O_APPEND));
	e = eventfd(0, 0);
	T(write(in, "0123456789", 10));
	T(pipe(p));
	T(pipe(q));
	T(sendfile(out, in, &off, 5));
	printf("off %ld\n", (long)off);
	T(sendfile(out, in, &off, 50));
	T(sendfile(out, in, NULL, 5));
	T(sendfile(ap, in, &off, 5));
	T(sendfile(out, in, &neg, 5));
	T(sendfile(out, -1, NULL, 5));
	T(sendfile(-1, in, NULL, 5));
	T(sendfile(out, p[0], NULL, 5));
	T(sendfile(out, in, BAD, 5));
	off = 0;
	T(sendfile(p[1], in, &off, 10));
	T(splice(p[0], NULL, q[1], NULL, 4, 0));
	T(tee(p[0], q[1], 3, 0));
	T(read(q[0], buf, 100));
	printf("%.7s\n", buf);
	T(splice(p[0], NULL, out, NULL, 100, 0));
	T(splice(p[0], NULL, out, NULL, 100, SPLICE_F_NONBLOCK));
	T(splice(p[0], &off, out, NULL, 100, 0));
	T(splice(in, NULL, out, NULL, 100, 0));
	T(splice(in, NULL, p[1], NULL, 100, 0x100));
	T(splice(p[0], NULL, p[1], NULL, 100, 0));
	T(splice(e, NULL, p[1], NULL, 100, 0));
	T(splice(in, &neg, p[1], NULL, 100, 0));
	T(splice(p[1], NULL, out, NULL, 100, 0));
	T(splice(-1, NULL, out, NULL, 0, 0));
	T(tee(p[0], p[1], 10, 0));
	T(tee(p[0], out, 10, 0));
	T(tee(p[0], q[1], 10, SPLICE_F_NONBLOCK));
	off = 0;
	T(copy_file_range(in, &off, out, NULL, 5, 0));
	T(copy_file_range(in, &off, out, NULL, 5, 1));
	T(copy_file_range(in, &neg, out, NULL, 5, 0));
	T(copy_file_range(in, NULL, p[1], NULL, 5, 0));
	T(copy_file_range(in, NULL, ap, NULL, 5, 0));
	T(lseek(out, 0, SEEK_END));
	close(in), close(out), close(ap), close(e);
	close(p[0]), close(p[1]), close(q[0]), close(q[1]);
}

static void locking(void)
{
	struct flock l = { .l_type = F_WRLCK }, odd = { .l_type = 9 }, neg = { .l_start = -1 };
	int a, b;

	O(a, open("lock", O_RDWR | O_CREAT, 0644));
	O(b, open("lock", O_RDONLY));
	T(flock(a, LOCK_EX));
	T(flock(b, LOCK_EX | LOCK_NB));
	T(flock(b, LOCK_SH | LOCK_NB));
	T(flock(a, LOCK_SH));
	T(flock(b, LOCK_SH | LOCK_NB));
	T(flock(a, LOCK_EX | LOCK_NB));
	T(flock(b, LOCK_EX | LOCK_NB));
	T(flock(a, 0));
	T(flock(-1, LOCK_EX));
	T(flock(a, LOCK_UN));
	T(fcntl(a, F_SETLK, &l));
	T(fcntl(b, F_SETLK, &l));
	T(fcntl(a, F_SETLK, &odd));
	T(fcntl(a, F_SETLK, &neg));
	T(fcntl(a, F_SETLK, BAD));
	T(fcntl(a, F_GETLK, &l));
	printf("type %d\n", l.l_type);
	T(fcntl(a, F_GETLEASE));
	T(fcntl(a, 9999));
	T(fcntl(-1, F_GETFL));
	T(fcntl(a, F_DUPFD, 100000000));
	close(a);
	close(b);
}

static void memory_files(void)
{
	int fd, f;

	O(fd, memfd_create("name", MFD_ALLOW_SEALING));
	T(fcntl(fd, F_GET_SEALS));
	T(write(fd, "12345", 5));
	T(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
	T(ftruncate(fd, 1));
	T(ftruncate(fd, 10));
	T(pwrite(fd, "abc", 3, 4));
	T(pwrite(fd, "a", 1, 4));
	T(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	T(pwrite(fd, "a", 1, 4));
	T(fcntl(fd, F_ADD_SEALS, 0x1000));
	T(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
	T(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	T(fcntl(fd, F_GET_SEALS));
	close(fd);
	O(fd, memfd_create("x", 0));
	T(fcntl(fd, F_GET_SEALS));
	T(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	close(fd);
	O(fd, memfd_create(BAD, 0));
	O(fd, memfd_create("x", 0x10000));
	memset(buf, 'n', 300);
	buf[300] = 0;
	O(fd, memfd_create(buf, 0));
	O(f, open("f", O_RDWR));
	T(fcntl(f, F_GET_SEALS));
	T(fcntl(f, F_ADD_SEALS, F_SEAL_GROW));
	close(f);
}

static void pipes(void)
{
	int p[2], n = 0;

	T(pipe2(p, O_NONBLOCK | O_CLOEXEC));
	T(fcntl(p[0], F_GETFL));
	T(fcntl(p[1], F_GETFL));
	T(read(p[0], buf, 1));
	T(fcntl(p[0], F_GETPIPE_SZ));
	T(write(p[1], buf, 70000));
	T(write(p[1], buf, 1));
	T(ioctl(p[0], FIONREAD, &n));
	printf("%d\n", n);
	T(read(p[0], buf, 4095));
	T(write(p[1], buf, 1));
	T(read(p[0], buf, 1));
	T(write(p[1], buf, 4096));
	T(write(p[1], buf, 1));
	T(fcntl(p[0], F_SETPIPE_SZ, 4096));
	T(fcntl(p[0], F_SETPIPE_SZ, 200000));
	T(fcntl(p[0], F_SETPIPE_SZ, 0));
	T(write(p[1], buf, 70000));
	close(p[0]);
	T(write(p[1], buf, 1));
	close(p[1]);
	T(pipe2(p, 0x1000000));
	T(pipe2(BAD, 0));
	T(pipe2(p, O_DIRECT));
	T(write(p[1], "hello", 5));
	T(write(p[1], "world", 5));
	T(read(p[0], buf, 2));
	T(read(p[0], buf, 100));
	close(p[1]);
	T(read(p[0], buf, 100));
	close(p[0]);
}

static void watching(void)
{
	struct epoll_event ev = { .events = EPOLLIN }, got[4];
	struct pollfd pf[3];
	int p[2], e, e2, f, in, wd;
	struct timeval none = { 0, 0 }, bad = { -1, 0 };
	fd_set set;

	T(pipe(p));
	O(e, epoll_create(1));
	O(e2, epoll_create1(0));
	O(f, open("f", O_RDONLY));
	T(epoll_create(0));
	T(epoll_create1(1));
	T(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev));
	T(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev));
	T(epoll_ctl(e, EPOLL_CTL_ADD, f, &ev));
	T(epoll_ctl(e, EPOLL_CTL_ADD, e, &ev));
	T(epoll_ctl(e, EPOLL_CTL_ADD, e2, &ev));
	T(epoll_ctl(e2, EPOLL_CTL_ADD, e, &ev));
	T(epoll_ctl(e, EPOLL_CTL_DEL, p[1], &ev));
	T(epoll_ctl(e, 9, p[0], &ev));
	T(epoll_ctl(f, EPOLL_CTL_ADD, p[0], &ev));
	T(epoll_ctl(e, EPOLL_CTL_ADD, -1, &ev));
	T(epoll_ctl(e, EPOLL_CTL_MOD, p[0], BAD));
	ev.events = EPOLLIN | EPOLLEXCLUSIVE;
	T(epoll_ctl(e, EPOLL_CTL_MOD, p[0], &ev));
	ev.events = EPOLLIN | EPOLLONESHOT;
	T(epoll_ctl(e, EPOLL_CTL_MOD, p[0], &ev));
	T(epoll_wait(e, got, 4, 0));
	T(write(p[1], "x", 1));
	T(epoll_wait(e, got, 4, 0));
	T(epoll_wait(e, got, 4, 0));
	T(epoll_wait(e, got, 0, 0));
	T(epoll_wait(e, BAD, 4, 0));
	T(epoll_wait(f, got, 4, 0));
	pf[0] = (struct pollfd){ p[0], POLLIN, 0 };
	pf[1] = (struct pollfd){ p[1], POLLOUT, 0 };
	pf[2] = (struct pollfd){ 77, POLLIN, 0 };
	T(poll(pf, 3, 0));
	printf("%x %x %x\n", pf[0].revents, pf[1].revents, pf[2].revents);
	T(poll(pf, 0x7fffffff, 0));
	T(poll(BAD, 1, 0));
	FD_ZERO(&set);
	FD_SET(p[0], &set);
	T(select(p[0] + 1, &set, NULL, NULL, &none));
	T(select(-1, &set, NULL, NULL, &none));
	T(select(10, &set, NULL, NULL, &bad));
	FD_SET(40, &set);
	T(select(41, &set, NULL, NULL, &none));
	O(in, inotify_init1(IN_NONBLOCK));
	O(wd, inotify_add_watch(in, ".", IN_CREATE));
	O(wd, inotify_add_watch(in, "nix", IN_CREATE));
	O(wd, inotify_add_watch(in, ".", 0));
	T(inotify_rm_watch(in, 5));
	T(read(in, buf, 100));
	close(p[0]), close(p[1]), close(e), close(e2), close(f), close(in);
}

static void linked(void)
{
	struct statfs sf;
	char path[64];
	int fd, n;

	O(fd, open("named", O_RDWR | O_CREAT, 0640));
	sprintf(path, "/proc/self/fd/%d", fd);
	n = (int)readlink(path, buf, sizeof(buf));
	T(n > 6 && !memcmp(buf + n - 6, "/named", 6));
	O(n, open(path, O_RDONLY | O_NOFOLLOW));
	O(n, open(path, O_RDONLY));
	close(n);
	T(unlink("named"));
	O(n, open(path, O_RDWR));
	close(n);
	close(fd);
	T(readlink("/proc/self/fd/99", buf, 10));
	T(readlink("/proc/self/fd/x", buf, 10));
	O(fd, eventfd(0, 0));
	sprintf(path, "/proc/self/fd/%d", fd);
	n = (int)readlink(path, buf, sizeof(buf));
	printf("%.*s\n", n, buf);
	O(n, open(path, O_RDWR));
	close(fd);
	O(fd, open(".", O_TMPFILE | O_RDWR, 0600));
	sprintf(path, "/proc/self/fd/%d", fd);
	T(linkat(AT_FDCWD, path, AT_FDCWD, "tmp-named", AT_SYMLINK_FOLLOW));
	close(fd);
	T(statfs(".", &sf));
	printf("type %lx namelen %ld\n", (long)sf.f_type, (long)sf.f_namelen);
	T(statfs("/proc", &sf));
	printf("type %lx\n", (long)sf.f_type);
	T(statfs("nix", &sf));
	T(getxattr(".", "security.x", buf, 10));
	T(listxattr("nix", buf, 10));
	T(syscall(SYS_close_range, 100, 50, 0));
	T(syscall(SYS_close_range, 100, 200, 99));
	T(syscall(SYS_close_range, 100, 200, 0));
}

static void directories(void)
{
	DIR *d = opendir(".");
	struct dirent *e;
	char *all[100];
	int n = 0, i, j;

	while (n < 100 && (e = readdir(d)))
		all[n++] = strdup(e->d_name);
	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++)
			if (strcmp(all[i], all[j]) > 0) {
				char *t = all[i];

				all[i] = all[j];
				all[j] = t;
			}
	for (i = 0; i < n; i++)
		printf("%s\n", all[i]);
	T(syscall(SYS_getdents64, dirfd(d), buf, 5));
	T(lseek(dirfd(d), 0, SEEK_SET));
	T(syscall(SYS_getdents64, dirfd(d), buf, 5));
	T(syscall(SYS_getdents64, 0x7fff, buf, 5));
	T(chdir("f"));
	T(chdir("nix"));
	T(fchdir(-1));
	T(fchdir(dirfd(d)));
	T(getcwd(buf, 1) != NULL);
	T(umask(0777) >= 0);
	T(mkdir("none", 0777));
	struct stat st;
	T(stat("none", &st));
	printf("%o\n", st.st_mode);
	umask(022);
}

int main(int argc, char **argv)
{
	if (argc > 1 && (mkdir(argv[1], 0755) || chdir(argv[1])))
		return 1;
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	signal(13, (void (*)(int))1);
	umask(022);
	opening();
	reading();
	opening_2();
	vectors();
	names();
	special_names();
	times();
	holes();
	moving();
	locking();
	memory_files();
	pipes();
	watching();
	linked();
	directories();
	return 0;
}
