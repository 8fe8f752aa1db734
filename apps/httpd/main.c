// SPDX-License-Identifier: BSD-2-Clause
/*
 * Usage: httpd [-p PORT] [-a ADDRESS] [FOLDER]    HTTP/1.1 server: page about the kernel, /proc,
 * /bytes/N, /1k; or the files of FOLDER
 *
 * One thread, one epoll set, level triggered: a ready connection gets one read, all whole requests
 * in it are answered by one write (conn.c). This file listens, accepts, keeps the time and survives
 * running out of descriptors or memory: with a reserved descriptor it takes and closes what it
 * cannot serve, instead of spinning on a listener that stays readable.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <apps/httpd/httpd.h>

#define MAX_EVENTS   128
#define ACCEPT_BURST 128
#define PAUSE_MS     200 /* without memory for another connection */

struct server server;

static void update_time(void)
{
	static time_t last;
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	server.now_ms = (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
	if (ts.tv_sec != last) {
		last = ts.tv_sec;
		pages_tick(time(NULL));
	}
}

static void watch_listener(int op, uint32_t events)
{
	struct epoll_event ev = {.events = events, .data.ptr = NULL};

	epoll_ctl(server.epfd, op, server.listener, &ev);
}

/* No memory: look at the listener again a little later. */
static void pause_accepting(void)
{
	watch_listener(EPOLL_CTL_MOD, 0);
	server.listener_off_until = server.now_ms + PAUSE_MS;
}

/* Out of descriptors: take the connection with the reserved one and close it. */
static void shed(void)
{
	int fd;

	if (server.reserve_fd >= 0)
		close(server.reserve_fd);
	fd = accept4(server.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0)
		close(fd);
	server.reserve_fd = dup(0);
	if (fd < 0 && errno != EAGAIN)
		pause_accepting();
}

static void accept_some(void)
{
	for (int i = 0; i < ACCEPT_BURST; i++) {
		int fd = accept4(server.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			conn_accept(fd);
			continue;
		}
		switch (errno) {
		case ECONNABORTED:
		case EPROTO:
		case EINTR:
			continue;
		case EMFILE:
		case ENFILE:
			shed();
			continue;
		case ENOMEM:
		case ENOBUFS:
			pause_accepting();
			return;
		default:
			return;
		}
	}
}

static int loop_timeout(void)
{
	int ms = conn_expire();

	if (server.listener_off_until) {
		if (server.now_ms >= server.listener_off_until) {
			server.listener_off_until = 0;
			watch_listener(EPOLL_CTL_MOD, EPOLLIN);
		} else if (ms < 0 || ms > PAUSE_MS) {
			ms = PAUSE_MS;
		}
	}
	return ms;
}

static void serve(void)
{
	static struct epoll_event ev[MAX_EVENTS];

	for (;;) {
		int n = epoll_wait(server.epfd, ev, MAX_EVENTS, loop_timeout());

		update_time();
		/* Connections first: the work that is begun goes before new work. */
		for (int i = 0; i < n; i++) {
			if (ev[i].data.ptr)
				conn_event(ev[i].data.ptr, ev[i].events);
		}
		for (int i = 0; i < n; i++) {
			if (!ev[i].data.ptr)
				accept_some();
		}
	}
}

static bool start_listening(const struct sockaddr_in *addr)
{
	int one = 1;

	server.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (server.listener < 0)
		return false;
	setsockopt(server.listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	/* Accepted sockets inherit it: an answer is written whole, waiting could only harm. */
	setsockopt(server.listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (bind(server.listener, (const struct sockaddr *)addr, sizeof(*addr)) < 0 ||
	    listen(server.listener, SOMAXCONN) < 0)
		return false;
	server.reserve_fd = dup(0);
	server.epfd = epoll_create1(EPOLL_CLOEXEC);
	if (server.epfd < 0)
		return false;
	watch_listener(EPOLL_CTL_ADD, EPOLLIN);
	return true;
}

static int usage(void)
{
	fprintf(stderr, "usage: httpd [-p PORT] [-a ADDRESS] [FOLDER]\n");
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(80)};
	uint64_t port;
	int c;

	optind = 0;
	while ((c = getopt(argc, argv, "p:a:")) != -1) {
		if (c == 'p' && http_parse_length(optarg, strlen(optarg), &port) && port < 65536)
			addr.sin_port = htons((uint16_t)port);
		else if (c != 'a' || inet_pton(AF_INET, optarg, &addr.sin_addr) != 1)
			return usage();
	}
	if (optind + 1 < argc)
		return usage();
	signal(SIGPIPE, SIG_IGN);
	memset(&server, 0, sizeof(server));
	pages_init();
	if (optind < argc && !site_open(argv[optind])) {
		fprintf(stderr, "httpd: %s: %s\n", argv[optind], strerror(errno));
		return 1;
	}
	if (!start_listening(&addr)) {
		fprintf(stderr, "httpd: port %u: %s\n", ntohs(addr.sin_port), strerror(errno));
		return 1;
	}
	printf("httpd: listening on port %u\n", ntohs(addr.sin_port));
	fflush(stdout);
	update_time();
	serve();
	return 0;
}
