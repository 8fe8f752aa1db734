// SPDX-License-Identifier: BSD-2-Clause
/*
 * A call that sleeps in one thread while another closes, shuts down, writes or replaces the
 * descriptor. One thread sleeps, the other waits until it surely does and acts; what the sleeper
 * then gets is the same each time. A sleeper that stays asleep is let go by an event, and said so.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

struct sleeper {
	int fd, how;
	long result;
	volatile int started, done;
};

enum { READ, RECV, ACCEPT, POLL, EPOLL, WRITE, CONNECT, PEEK, NR_HOWS };
static const char *const hows[] = {"read",  "recv",  "accept",	"poll",
				   "epoll", "write", "connect", "peek"};

static char big[1 << 20];

static long sleep_in(struct sleeper *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	struct epoll_event ev = {.events = EPOLLIN};
	long r;
	int ep;

	switch (s->how) {
	case READ:
		return SYS(SYS_read, s->fd, big, 10);
	case RECV:
		return SYS(SYS_recvfrom, s->fd, big, 10, 0, 0, 0);
	case PEEK:
		return SYS(SYS_recvfrom, s->fd, big, 10, MSG_PEEK, 0, 0);
	case ACCEPT:
		r = SYS(SYS_accept, s->fd, 0, 0);
		if (r < 0)
			return r;
		close((int)r);
		return 1000;
	case POLL:
		r = SYS(SYS_poll, &p, 1, 500);
		return r < 0 ? r : r * 0x10000 + p.revents;
	case EPOLL:
		ep = epoll_create1(0);
		epoll_ctl(ep, EPOLL_CTL_ADD, s->fd, &ev);
		r = SYS(SYS_epoll_wait, ep, &ev, 1, 500);
		close(ep);
		return r > 0 ? r * 0x10000 + (long)ev.events : r;
	default:
		for (r = 0; (r = SYS(SYS_write, s->fd, big, sizeof(big))) > 0;)
			;
		return r;
	}
}

static void *sleeper_main(void *arg)
{
	struct sleeper *s = arg;

	s->started = 1;
	s->result = sleep_in(s);
	s->done = 1;
	return NULL;
}

enum { CLOSE, SHUT_READ, SHUT_WRITE, SHUT_BOTH, OTHER_CLOSE, OTHER_DATA, DUP_OVER, NR_ACTS };
static const char *const acts[] = {"close",	   "shut rd",	   "shut wr", "shut rdwr",
				   "other closes", "other writes", "dup over"};

static void act(int what, int fd, int other, int null)
{
	switch (what) {
	case CLOSE:
		close(fd);
		break;
	case SHUT_READ:
	case SHUT_WRITE:
	case SHUT_BOTH:
		shutdown(fd, what - SHUT_READ);
		break;
	case OTHER_CLOSE:
		close(other);
		break;
	case OTHER_DATA:
		SYS(SYS_write, other, "data", 4);
		break;
	case DUP_OVER:
		dup2(null, fd);
		break;
	}
}

static void race(const char *name, int how, int what, int sv[2])
{
	int null = open("/dev/null", O_RDWR), keep = dup(sv[0]), i;
	struct sleeper s = {.fd = sv[0], .how = how};
	pthread_t t;

	pthread_create(&t, NULL, sleeper_main, &s);
	while (!s.started)
		usleep(1000);
	usleep(30000);
	act(what, sv[0], sv[1], null);
	for (i = 0; i < 60 && !s.done; i++)
		usleep(10000);
	say("%s %s while %s:", name, acts[what], hows[how]);
	if (!s.done) {
		say(" sleeps on,");
		shutdown(keep, SHUT_RDWR);
		usleep(10000);
		if (sv[1] >= 0)
			SYS(SYS_write, sv[1], "wake", 4);
		for (i = 0; i < 20 && !s.done; i++)
			usleep(10000);
		if (!s.done)
			close(sv[1]); /* a pipe that is full */
	}
	pthread_join(t, NULL);
	say_result(s.result);
	end();
	close(sv[0]), close(keep), close(null);
	close(sv[1]);
}

static void pair(int kind, int sv[2])
{
	switch (kind) {
	case 0:
		tcp_pair(sv);
		break;
	case 1:
		socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
		break;
	case 2:
		socketpair(AF_UNIX, SOCK_DGRAM, 0, sv);
		break;
	default:
		if (pipe(sv))
			say("no pipe"), end();
		break;
	}
}

static void pairs(void)
{
	static const char *const names[] = {"tcp", "unix", "udgram", "pipe"};
	static const int how[] = {READ, RECV, PEEK, POLL, EPOLL, WRITE};
	int k, a, sv[2];
	size_t h;

	for (k = 0; k < 4; k++) {
		for (h = 0; h < ARRAY_SIZE(how); h++) {
			if (k == 3 && (how[h] == RECV || how[h] == PEEK || how[h] == WRITE))
				continue;
			if (k == 2 && how[h] == WRITE)
				continue;
			for (a = 0; a < NR_ACTS; a++) {
				if (how[h] == WRITE && (a == OTHER_DATA || a == CLOSE ||
							a == DUP_OVER || a == SHUT_READ))
					continue;
				pair(k, sv);
				race(names[k], how[h], a, sv);
			}
		}
	}
}

static void listeners(void)
{
	static const int how[] = {ACCEPT, POLL, EPOLL};
	static const int what[] = {CLOSE, SHUT_READ, SHUT_WRITE, SHUT_BOTH, DUP_OVER};
	size_t h, w;

	for (h = 0; h < ARRAY_SIZE(how); h++) {
		for (w = 0; w < ARRAY_SIZE(what); w++) {
			int sv[2] = {tcp_listener(3), -1};

			race("listener", how[h], what[w], sv);
		}
	}
}

static void udp(void)
{
	static const int what[] = {CLOSE, SHUT_READ, SHUT_WRITE, SHUT_BOTH, DUP_OVER};
	size_t w;

	for (w = 0; w < ARRAY_SIZE(what); w++) {
		struct sockaddr_in sin = loop_addr(0);
		int sv[2] = {socket(AF_INET, SOCK_DGRAM, 0), socket(AF_INET, SOCK_DGRAM, 0)};

		bind(sv[0], (struct sockaddr *)&sin, sizeof(sin));
		sin = loop_addr(port_of(sv[0]));
		connect(sv[1], (struct sockaddr *)&sin, sizeof(sin));
		race("udp", RECV, what[w], sv);
	}
}

void race_answers(void)
{
	pairs();
	listeners();
	udp();
}
