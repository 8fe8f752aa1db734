// SPDX-License-Identifier: BSD-2-Clause
/*
 * Echo (RFC 862), discard (RFC 863) and character generator (RFC 864) over TCP and UDP, ports 7, 9
 * and 19, in one epoll loop. Called from main() of echo, discard, chargen and services.
 *
 * A TCP connection holds no memory but its small record while the peer keeps up: echoed bytes that
 * the socket does not take at once are kept for it alone, and nothing more is read until they are
 * gone. Datagrams that come from the port of such a service are not answered, so that two machines
 * cannot be made to answer each other for ever.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include <apps/lib/small_services.h>

#define MAX_EVENTS    64
#define ACCEPT_BURST  64
#define BLOCK	      65536
#define LINE	      74 /* 72 characters, CR, LF */
#define CYCLE	      (95 * LINE)
#define PATTERN	      (CYCLE * 10)
#define MAX_UDP_CHARS 512

static const struct {
	enum small_service service;
	unsigned short port;
	const char *name;
} table[] = {
	{SERVICE_ECHO, 7, "echo"},
	{SERVICE_DISCARD, 9, "discard"},
	{SERVICE_CHARGEN, 19, "chargen"},
};

struct endpoint {
	enum small_service service;
	enum { LISTENER, DATAGRAMS, STREAM } kind;
	int fd;
	bool ended;    /* the peer sent its FIN */
	char *kept;    /* echo: bytes not yet taken by the socket */
	size_t pos, n; /* of kept; chargen: pos in the pattern */
	uint32_t events;
};

static int epfd;
static int reserve_fd = -1; /* given up for a moment when descriptors run out */
static char block[BLOCK];
static char pattern[PATTERN];

static void make_pattern(void)
{
	for (size_t i = 0; i < PATTERN; i++) {
		size_t column = i % LINE, line = i / LINE;

		pattern[i] = column == 72   ? '\r'
			     : column == 73 ? '\n'
					    : (char)(' ' + (line + column) % 95);
	}
}

static struct endpoint *watch(int fd, enum small_service service, int kind, uint32_t events)
{
	struct endpoint *e = calloc(1, sizeof(*e));
	struct epoll_event ev = {.events = events, .data.ptr = e};

	if (!e)
		return NULL;
	e->service = service;
	e->kind = kind;
	e->fd = fd;
	e->events = events;
	if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev) < 0) {
		free(e);
		return NULL;
	}
	return e;
}

static void want(struct endpoint *e, uint32_t events)
{
	struct epoll_event ev = {.events = events, .data.ptr = e};

	if (e->events == events)
		return;
	e->events = events;
	epoll_ctl(epfd, EPOLL_CTL_MOD, e->fd, &ev);
}

static void drop(struct endpoint *e)
{
	close(e->fd);
	free(e->kept);
	free(e);
}

/* Out of descriptors: take the connection with the reserved one and close it, or it would stay. */
static void shed(int listener)
{
	close(reserve_fd);
	reserve_fd = accept(listener, NULL, NULL);
	if (reserve_fd >= 0)
		close(reserve_fd);
	reserve_fd = dup(0);
}

static void accept_some(struct endpoint *e)
{
	for (int i = 0; i < ACCEPT_BURST; i++) {
		int fd = accept4(e->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		uint32_t events = e->service == SERVICE_CHARGEN ? EPOLLIN | EPOLLOUT : EPOLLIN;

		if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
			shed(e->fd);
			continue;
		}
		if (fd < 0 && (errno == ECONNABORTED || errno == EINTR))
			continue;
		if (fd < 0)
			return;
		if (!watch(fd, e->service, STREAM, events))
			close(fd);
	}
}

/* Send what was kept; true when nothing is left. */
static bool send_kept(struct endpoint *e)
{
	while (e->pos < e->n) {
		ssize_t n = send(e->fd, e->kept + e->pos, e->n - e->pos, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		e->pos += (size_t)n;
	}
	free(e->kept);
	e->kept = NULL;
	return true;
}

/* Echo one block; false when the connection is over. */
static bool echo_block(struct endpoint *e, const char *data, size_t len)
{
	ssize_t n = send(e->fd, data, len, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN)
		return false;
	if (n < 0)
		n = 0;
	if ((size_t)n == len)
		return true;
	e->n = len - (size_t)n;
	e->pos = 0;
	e->kept = malloc(e->n);
	if (!e->kept)
		return false;
	memcpy(e->kept, data + n, e->n);
	want(e, EPOLLOUT);
	return true;
}

/* Read once and do what the service does with it; false when the connection is over. */
static bool stream_input(struct endpoint *e)
{
	ssize_t n = recv(e->fd, block, sizeof(block), 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0) {
		e->ended = true;
		/* The generator goes on until the peer is gone altogether. */
		want(e, EPOLLOUT);
		return e->service == SERVICE_CHARGEN;
	}
	return e->service != SERVICE_ECHO || echo_block(e, block, (size_t)n);
}

static bool stream_output(struct endpoint *e)
{
	if (e->service == SERVICE_CHARGEN) {
		ssize_t n = send(e->fd, pattern + e->pos, PATTERN - e->pos, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		e->pos = (e->pos + (size_t)n) % CYCLE;
		return true;
	}
	if (e->kept && !send_kept(e))
		return errno == EAGAIN || errno == EINTR;
	want(e, EPOLLIN);
	return true;
}

static void stream_event(struct endpoint *e, uint32_t events)
{
	bool alive = true;

	if (events & (EPOLLERR | EPOLLHUP) && !(events & EPOLLIN)) {
		drop(e);
		return;
	}
	if (events & EPOLLIN && e->events & EPOLLIN)
		alive = stream_input(e);
	if (alive && events & EPOLLOUT && e->events & EPOLLOUT)
		alive = stream_output(e);
	if (!alive)
		drop(e);
}

static bool is_service_port(unsigned short port)
{
	return port == 7 || port == 13 || port == 17 || port == 19 || port == 37;
}

static void datagram_event(struct endpoint *e)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(e->fd, block, sizeof(block), 0, (struct sockaddr *)&from, &len);
	uint16_t chars;

	if (n < 0 || e->service == SERVICE_DISCARD || is_service_port(ntohs(from.sin_port)))
		return;
	if (e->service == SERVICE_ECHO) {
		sendto(e->fd, block, (size_t)n, MSG_NOSIGNAL, (struct sockaddr *)&from, len);
		return;
	}
	/* A random number of characters between 0 and 512. */
	if (getrandom(&chars, sizeof(chars), GRND_NONBLOCK) != sizeof(chars))
		chars = LINE;
	sendto(e->fd, pattern, chars % (MAX_UDP_CHARS + 1), MSG_NOSIGNAL, (struct sockaddr *)&from,
	       len);
}

static bool open_one(int i, int type, unsigned int offset)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_port = htons((uint16_t)(table[i].port + offset))};
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
	bool stream = type == SOCK_STREAM;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    (stream && listen(fd, SOMAXCONN) < 0) ||
	    !watch(fd, table[i].service, stream ? LISTENER : DATAGRAMS, EPOLLIN)) {
		fprintf(stderr, "%s: %s port %u: %s\n", table[i].name, stream ? "TCP" : "UDP",
			table[i].port + offset, strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	printf("%s: listening on %s port %u\n", table[i].name, stream ? "TCP" : "UDP",
	       table[i].port + offset);
	return true;
}

static void serve(void)
{
	struct epoll_event ev[MAX_EVENTS];

	for (;;) {
		int n = epoll_wait(epfd, ev, MAX_EVENTS, -1);

		for (int i = 0; i < n; i++) {
			struct endpoint *e = ev[i].data.ptr;

			if (e->kind == LISTENER)
				accept_some(e);
			else if (e->kind == DATAGRAMS)
				datagram_event(e);
			else
				stream_event(e, ev[i].events);
		}
	}
}

static int usage(const char *name)
{
	fprintf(stderr, "usage: %s [-t|-u] [-e] [-d] [-c] [-o OFFSET]\n", name);
	return 1;
}

int small_services_main(int argc, char **argv, unsigned int chosen)
{
	bool tcp = true, udp = true, any = false;
	unsigned int offset = 0;
	int c;

	optind = 0;
	while ((c = getopt(argc, argv, "tuedco:")) != -1) {
		if (c == 't')
			udp = false;
		else if (c == 'u')
			tcp = false;
		else if (c == 'e' || c == 'd' || c == 'c')
			chosen |= c == 'e'   ? SERVICE_ECHO
				  : c == 'd' ? SERVICE_DISCARD
					     : SERVICE_CHARGEN;
		else if (c == 'o' && strspn(optarg, "0123456789") == strlen(optarg))
			offset = (unsigned int)atoi(optarg);
		else
			return usage(argv[0]);
	}
	if (optind != argc || offset > 65535 - 19)
		return usage(argv[0]);
	if (!chosen)
		chosen = SERVICE_ECHO | SERVICE_DISCARD | SERVICE_CHARGEN;
	signal(SIGPIPE, SIG_IGN);
	make_pattern();
	reserve_fd = dup(0);
	epfd = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < 3; i++) {
		if (!(chosen & table[i].service))
			continue;
		any |= tcp && open_one(i, SOCK_STREAM, offset);
		any |= udp && open_one(i, SOCK_DGRAM, offset);
	}
	fflush(stdout);
	if (!any)
		return 1;
	serve();
	return 0;
}
