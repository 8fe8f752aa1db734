// SPDX-License-Identifier: BSD-2-Clause
/*
 * A few thousand system calls on sockets and files with right, wrong and hostile arguments, and
 * what the kernel answers to each: one line a call, the same on every run. Linux's output is
 * recorded in linux.txt; Barewire's must be equal (test_answers.py). The program is the machine's
 * first and only one; with the word "poweroff" it switches the machine off, as Linux's init must.
 *
 * This file: lines of output, files of every kind, main().
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

/* --- output ---------------------------------------------------------------------------------- */

static char line[4096];
static size_t used;

void say(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line + used, sizeof(line) - used - 1, fmt, ap);
	va_end(ap);
	used += n > 0 ? (size_t)n : 0;
	if (used > sizeof(line) - 2)
		used = sizeof(line) - 2;
}

void end(void)
{
	size_t done = 0;
	long n;

	line[used++] = '\n';
	while (done < used) {
		n = SYS(SYS_write, 1, line + done, used - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	used = 0;
}

void say_result(long r)
{
	const char *name = r < 0 && r > -4096 ? strerrorname_np((int)-r) : NULL;

	if (name)
		say(" %s", name);
	else
		say(" %ld", r);
}

void tell(const char *what, long r)
{
	say("%s ->", what);
	say_result(r);
	end();
}

long raw(long nr, const long a[6])
{
	long r = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);

	return r == -1 ? -errno : r;
}

/* --- files of every kind --------------------------------------------------------------------- */

struct kind kinds[NR_KINDS];

struct sockaddr_in loop_addr(int port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = htons((uint16_t)port),
				    .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

int port_of(int fd)
{
	struct sockaddr_in sin = {0};
	socklen_t len = sizeof(sin);

	getsockname(fd, (struct sockaddr *)&sin, &len);
	return ntohs(sin.sin_port);
}

int tcp_listener(int backlog)
{
	struct sockaddr_in sin = loop_addr(0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	bind(fd, (struct sockaddr *)&sin, sizeof(sin));
	listen(fd, backlog);
	return fd;
}

void tcp_pair(int sv[2])
{
	int l = tcp_listener(1);
	struct sockaddr_in sin = loop_addr(port_of(l));

	sv[0] = socket(AF_INET, SOCK_STREAM, 0);
	connect(sv[0], (struct sockaddr *)&sin, sizeof(sin));
	sv[1] = accept(l, NULL, NULL);
	close(l);
}

static void kind(int k, const char *name, int fd, int other)
{
	kinds[k] = (struct kind){name, fd, other};
	if (k != K_PATH && fd >= 0 && fd < 1000) {
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		if (other >= 0)
			fcntl(other, F_SETFL, fcntl(other, F_GETFL) | O_NONBLOCK);
	}
}

static void open_sockets(void)
{
	struct sockaddr_in sin;
	int sv[2], fd;

	kind(K_TCP, "tcp", socket(AF_INET, SOCK_STREAM, 0), -1);
	kind(K_LISTEN, "listen", tcp_listener(5), -1);
	tcp_pair(sv);
	kind(K_CONN, "conn", sv[0], sv[1]);
	tcp_pair(sv);
	shutdown(sv[0], SHUT_WR);
	kind(K_SHUT, "shut", sv[0], sv[1]);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	sin = loop_addr(0);
	bind(fd, (struct sockaddr *)&sin, sizeof(sin));
	kind(K_UDP, "udp", fd, -1);
	sin = loop_addr(port_of(fd));
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	connect(fd, (struct sockaddr *)&sin, sizeof(sin));
	kind(K_UDPCONN, "udpconn", fd, -1);
	kind(K_UNIX, "unix", socket(AF_UNIX, SOCK_STREAM, 0), -1);
	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	kind(K_UPAIR, "upair", sv[0], sv[1]);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, sv);
	kind(K_UDGRAM, "udgram", sv[0], sv[1]);
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv);
	kind(K_USEQ, "useq", sv[0], sv[1]);
}

static int content(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	if (write(fd, "0123456789abcdef", 16) != 16)
		say("cannot write %s", path), end();
	lseek(fd, 0, SEEK_SET);
	return fd;
}

void open_kinds(void)
{
	int p[2];

	open_sockets();
	if (pipe(p))
		say("no pipe"), end();
	kind(K_PIPER, "piper", p[0], p[1]);
	if (pipe(p))
		say("no pipe"), end();
	kind(K_PIPEW, "pipew", p[1], p[0]);
	kind(K_FILE, "file", content("/tmp/file"), -1);
	close(content("/tmp/other"));
	kind(K_RDONLY, "rdonly", open("/tmp/other", O_RDONLY), -1);
	kind(K_WRONLY, "wronly", open("/tmp/other", O_WRONLY), -1);
	kind(K_DIR, "dir", open("/tmp", O_RDONLY | O_DIRECTORY), -1);
	kind(K_NULL, "null", open("/dev/null", O_RDWR), -1);
	kind(K_ZERO, "zero", open("/dev/zero", O_RDWR), -1);
	kind(K_FULL, "full", open("/dev/full", O_RDWR), -1);
	kind(K_EPOLL, "epoll", epoll_create1(0), -1);
	kind(K_EVENTFD, "eventfd", eventfd(0, EFD_NONBLOCK), -1);
	kind(K_TIMERFD, "timerfd", timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), -1);
	kind(K_MEMFD, "memfd", memfd_create("m", 0), -1);
	kind(K_PATH, "path", open("/tmp/other", O_PATH), -1);
	kind(K_CLOSED, "closed", 777, -1);
	kind(K_MINUS, "minus1", -1, -1);
	kind(K_HUGE, "huge", 0x7fffffff, -1);
}

void close_kinds(void)
{
	int k;

	for (k = 0; k < K_CLOSED; k++) {
		close(kinds[k].fd);
		if (kinds[k].other >= 0)
			close(kinds[k].other);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {
		{"io", io_answers},	    {"address", address_answers},
		{"option", option_answers}, {"message", message_answers},
		{"state", state_answers},   {"control", control_answers},
		{"path", path_answers},	    {"file", file_answers},
		{"poll", poll_answers},	    {"race", race_answers},
	};
	const char *only = getenv("ANSWERS_ONLY");
	size_t i;

	prepare_machine();
	say("answers: begin"), end();
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		if (only && strcmp(only, parts[i].name))
			continue;
		say("== %s", parts[i].name), end();
		parts[i].run();
	}
	say("answers: end"), end();
	if (argc > 1 && !strcmp(argv[argc - 1], "poweroff"))
		reboot(RB_POWER_OFF);
	return 0;
}
