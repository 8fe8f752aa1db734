// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_UNIX as a program sees it: what each call answers, printed. tests/guest/test_unix.py runs it
 * on the machine and on Linux and compares line by line, so only what must be the same is printed
 * (no descriptor numbers, no process numbers, no sizes of buffers).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int step;

/* "unix: 7 connect = -1 ECONNREFUSED" */
static long say(const char *what, long ret)
{
	printf("unix: %d %s = %ld%s%s\n", ++step, what, ret, ret < 0 ? " " : "",
	       ret < 0 ? strerror(errno) : "");
	return ret;
}
#define SAY(call) say(#call, (long)(call))

static socklen_t name(struct sockaddr_un *sun, const char *text)
{
	size_t len = strlen(text);

	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	memcpy(sun->sun_path, text, len);
	if (text[0] == '@')
		sun->sun_path[0] = 0;
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

static int bind_to(int fd, const char *text)
{
	struct sockaddr_un sun;
	socklen_t len = name(&sun, text);

	return bind(fd, (struct sockaddr *)&sun, len);
}

static int connect_to(int fd, const char *text)
{
	struct sockaddr_un sun;
	socklen_t len = name(&sun, text);

	return connect(fd, (struct sockaddr *)&sun, len);
}

static ssize_t send_to(int fd, const char *what, const char *text)
{
	struct sockaddr_un sun;
	socklen_t len = name(&sun, text);

	return sendto(fd, what, strlen(what), MSG_DONTWAIT, (struct sockaddr *)&sun, len);
}

static void show_name(int fd, int peer)
{
	struct sockaddr_un sun;
	socklen_t len = sizeof(sun);
	int ret;

	memset(&sun, 0, sizeof(sun));
	ret = (peer ? getpeername : getsockname)(fd, (struct sockaddr *)&sun, &len);
	say(peer ? "getpeername" : "getsockname", ret);
	if (!ret)
		printf("unix:   length %d, '%s' '%s'\n", (int)len, sun.sun_path, sun.sun_path + 1);
}

static ssize_t get(int fd, size_t size, int flags)
{
	char buf[100] = "";
	ssize_t n = recv(fd, buf, size, flags | MSG_DONTWAIT);

	if (n > 0)
		printf("unix:   '%.*s'\n", (int)n, buf);
	return n;
}

static int ready(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP};

	poll(&p, 1, 0);
	return p.revents;
}

static void streams(void)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0), a, n, sv[2];
	struct sockaddr_un sun = {.sun_family = AF_UNIX};

	SAY(socket(AF_UNIX, SOCK_STREAM, 3));
	SAY(socket(AF_UNIX, SOCK_RDM, 0));
	SAY(listen(s, 2));
	SAY(connect_to(c, "@barewire-s"));
	SAY(connect_to(c, "/tmp/barewire-none"));
	SAY(bind(s, (struct sockaddr *)&sun, 111));
	SAY(bind_to(s, "@barewire-s"));
	SAY(bind_to(s, "@barewire-t"));
	SAY(bind_to(c, "@barewire-s"));
	SAY(connect_to(c, "@barewire-s"));
	SAY(listen(s, 1));
	show_name(s, 0);
	show_name(c, 0);
	show_name(c, 1);
	SAY(ready(c));
	SAY(connect_to(c, "@barewire-s"));
	SAY(ready(c));
	SAY(ready(s));
	SAY(connect_to(c, "@barewire-s"));
	a = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	SAY(connect_to(a, "@barewire-s"));
	SAY(connect_to(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), "@barewire-s"));
	SAY(send(c, "hello", 5, 0));
	SAY(a = accept(s, NULL, NULL) < 0);
	show_name(c, 1);
	SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	SAY(send(sv[0], "abc", 3, 0));
	SAY(send(sv[0], "def", 3, 0));
	SAY(ioctl(sv[1], FIONREAD, &n));
	printf("unix:   %d bytes\n", n);
	SAY(get(sv[1], 4, MSG_PEEK));
	SAY(get(sv[1], 50, MSG_WAITALL));
	SAY(get(sv[1], 50, 0));
	SAY(send_to(sv[0], "x", "@barewire-s"));
	SAY(shutdown(sv[0], SHUT_WR));
	SAY(send(sv[0], "x", 1, MSG_NOSIGNAL));
	SAY(ready(sv[1]));
	SAY(get(sv[1], 5, 0));
	SAY(send(sv[1], "lost", 4, 0));
	close(sv[0]);
	SAY(ready(sv[1]));
	SAY(send(sv[1], "x", 1, MSG_NOSIGNAL));
	SAY(get(sv[1], 5, 0));
	SAY(get(sv[1], 5, 0));
	close(s);
	SAY(connect_to(socket(AF_UNIX, SOCK_STREAM, 0), "@barewire-s"));
}

static void datagrams(void)
{
	int s = socket(AF_UNIX, SOCK_DGRAM, 0), a = socket(AF_UNIX, SOCK_DGRAM, 0), i, sv[2];
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	struct sockaddr_un from;
	socklen_t len = sizeof(from);
	char buf[8];

	SAY(bind_to(s, "@barewire-d"));
	SAY(send(a, "x", 1, 0));
	SAY(send_to(a, "x", "@barewire-nobody"));
	SAY(send_to(a, "first", "@barewire-d"));
	SAY(recvfrom(s, buf, 3, MSG_TRUNC, (struct sockaddr *)&from, &len));
	printf("unix:   address of %d bytes\n", (int)len);
	SAY(bind_to(a, "@barewire-a"));
	for (i = 0; i < 11; i++)
		send_to(a, "y", "@barewire-d");
	SAY(send_to(a, "y", "@barewire-d"));
	SAY(ready(a));
	SAY(connect_to(a, "@barewire-d"));
	SAY(ready(a));
	SAY(get(s, 8, 0));
	SAY(ready(a));
	SAY(connect_to(s, "@barewire-a"));
	SAY(send_to(socket(AF_UNIX, SOCK_DGRAM, 0), "z", "@barewire-d"));
	SAY(connect_to(socket(AF_UNIX, SOCK_DGRAM, 0), "@barewire-d"));
	SAY(connect(s, &none, sizeof(none)));
	SAY(send(a, "x", 1, 0));
	close(s);
	SAY(send(a, "x", 1, 0));
	SAY(send(a, "x", 1, 0));
	SAY(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv));
	SAY(send(sv[0], "one", 3, 0));
	SAY(send(sv[0], "three", 5, 0));
	SAY(get(sv[1], 2, MSG_TRUNC));
	SAY(get(sv[1], 50, 0));
	SAY(get(sv[1], 50, 0));
	close(sv[0]);
	SAY(get(sv[1], 50, 0));
	SAY(ready(sv[1]));
	SAY(send(sv[1], "x", 1, MSG_NOSIGNAL));
	SAY(listen(a, 1));
	SAY(accept(a, NULL, NULL));
}

/* One byte with a descriptor; on the other side its descriptor, or the errno. */
static ssize_t send_fd(int fd, int what)
{
	union {
		struct cmsghdr c;
		char room[CMSG_SPACE(sizeof(int))];
	} u = {.c = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET}};
	struct iovec iov = {"f", 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &u};

	u.c.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&u.c), &what, sizeof(what));
	m.msg_controllen = sizeof(u.room);
	return sendmsg(fd, &m, MSG_DONTWAIT);
}

static int recv_fd(int fd, size_t room, int flags)
{
	char ctl[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))), byte;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl};
	int got = -1;

	memset(ctl, 0, sizeof(ctl));
	m.msg_controllen = room;
	say("recvmsg", recvmsg(fd, &m, flags | MSG_DONTWAIT));
	printf("unix:   flags %x, %d bytes of control\n", (unsigned int)m.msg_flags,
	       (int)m.msg_controllen);
	if (m.msg_controllen >= CMSG_LEN(sizeof(int)))
		memcpy(&got, CMSG_DATA((struct cmsghdr *)ctl), sizeof(got));
	return got;
}

static void descriptors(void)
{
	int sv[2], p[2], fd, one = 1;
	struct ucred cred = {0};
	socklen_t len = sizeof(cred);

	SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	SAY(pipe(p));
	SAY(send_fd(sv[0], p[1]));
	SAY(send_fd(sv[0], 999));
	close(p[1]);
	fd = recv_fd(sv[1], CMSG_SPACE(sizeof(int)), MSG_CMSG_CLOEXEC);
	SAY(fcntl(fd, F_GETFD));
	SAY(write(fd, "through", 7));
	close(fd);
	SAY(read(p[0], (char[8]){0}, 8));
	SAY(read(p[0], (char[8]){0}, 8));
	SAY(send_fd(sv[0], p[0]));
	recv_fd(sv[1], 8, 0);
	SAY(send_fd(sv[0], sv[0]));
	SAY(send_fd(sv[0], sv[1]));
	SAY(getsockopt(sv[0], SOL_SOCKET, SO_PEERCRED, &cred, &len));
	printf("unix:   it is %s\n", cred.pid == getpid() ? "us" : "somebody");
	SAY(setsockopt(sv[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)));
	SAY(send(sv[1], "c", 1, 0));
	recv_fd(sv[0], 24, 0);
	recv_fd(sv[0], 24, 0);
	close(sv[0]);
	close(sv[1]); /* they hold each other: garbage */
	SAY(close(socket(AF_UNIX, SOCK_DGRAM, 0)));
}

static void *talk(void *arg)
{
	char buf[1000];
	long got = 0;
	ssize_t n;

	while ((n = read(*(int *)arg, buf, sizeof(buf))) > 0)
		got += n;
	return (void *)got;
}

static void waiting(void)
{
	static char block[500000];
	struct epoll_event ev = {.events = EPOLLIN | EPOLLET};
	struct timeval tv = {.tv_usec = 20000};
	int sv[2], ep = epoll_create1(0);
	pthread_t t;
	void *ret;

	SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	pthread_create(&t, NULL, talk, &sv[1]);
	SAY(write(sv[0], block, sizeof(block)));
	SAY(shutdown(sv[0], SHUT_WR));
	pthread_join(t, &ret);
	say("bytes read", (long)ret);
	SAY(setsockopt(sv[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	SAY(read(sv[0], block, 1));
	SAY(epoll_ctl(ep, EPOLL_CTL_ADD, sv[0], &ev));
	SAY(epoll_wait(ep, &ev, 1, 0));
	SAY(send(sv[1], "x", 1, 0));
	SAY(epoll_wait(ep, &ev, 1, 1000));
	SAY(epoll_wait(ep, &ev, 1, 0));
	SAY(send(sv[1], "y", 1, 0));
	SAY(epoll_wait(ep, &ev, 1, 1000));
}

/* Path names are files: what stat, rename and the like do to them. */
static void show_stat(const char *path)
{
	struct stat st = {0};
	int ret = lstat(path, &st);

	say("lstat", ret);
	if (!ret)
		printf("unix:   %s mode %o links %d size %d\n", path, (unsigned int)st.st_mode,
		       (int)st.st_nlink, (int)st.st_size);
}

static int dial(const char *path)
{
	int c = socket(AF_UNIX, SOCK_STREAM, 0), ret = connect_to(c, path), err = errno;

	close(c);
	errno = err;
	return ret;
}

static void in_the_way(void)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	close(open("file", O_CREAT | O_RDWR, 0600));
	SAY(symlink("nowhere", "dangling"));
	SAY(bind_to(s, "file"));
	SAY(bind_to(s, "file/x"));
	SAY(bind_to(s, "none/x"));
	SAY(bind_to(s, "x/"));
	SAY(bind_to(s, "dangling"));
	SAY(bind_to(s, "."));
	SAY(bind_to(s, "/"));
	SAY(bind_to(s, "/proc/version"));
	SAY(dial("file"));
	SAY(dial("file/x"));
	SAY(dial("."));
	SAY(dial("dangling"));
	SAY(dial("/proc/version"));
	SAY(unlink("dangling"));
	SAY(unlink("file"));
	close(s);
}

static void paths(void)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	mkdir("/tmp", 01777);
	SAY(mkdir("/tmp/barewire-unix", 0700));
	SAY(chdir("/tmp/barewire-unix"));
	umask(027);
	in_the_way();
	SAY(bind_to(s, "s"));
	show_name(s, 0);
	show_stat("s");
	SAY(dial("s"));
	SAY(listen(s, 20));
	SAY(bind_to(s, "s"));
	SAY(bind_to(s, "other"));
	show_stat("other");
	SAY(chmod("s", 0600));
	SAY(open("s", O_RDONLY));
	SAY(dial("s/"));
	SAY(dial("/tmp/barewire-unix/./s"));
	SAY(rename("s", "moved"));
	SAY(dial("s"));
	SAY(dial("moved"));
	SAY(link("moved", "hard"));
	SAY(symlink("hard", "soft"));
	show_stat("moved");
	SAY(dial("soft"));
	SAY(unlink("moved"));
	SAY(dial("soft"));
	SAY(dial("moved"));
	close(s);
	show_stat("hard");
	SAY(dial("soft"));
	SAY(unlink("hard"));
	SAY(unlink("soft"));
	SAY(chdir("/"));
	SAY(rmdir("/tmp/barewire-unix"));
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	streams();
	datagrams();
	descriptors();
	waiting();
	paths();
	printf("unix: done after %d steps\n", step);
	return 0;
}
