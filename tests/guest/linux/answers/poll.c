// SPDX-License-Identifier: BSD-2-Clause
/* poll, select, epoll: what each kind of file says, sets that are wrong, edges and one shots. */
#define _GNU_SOURCE
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

static void everything(void)
{
	struct pollfd p;
	struct epoll_event ev = {.events = EPOLLIN};
	int k, ep = epoll_create1(0);
	fd_set r, w, x;
	struct timeval now = {0, 0};

	open_kinds();
	for (k = 0; k < NR_KINDS; k++) {
		int fd = kinds[k].fd;

		p = (struct pollfd){.fd = fd, .events = -1};
		say("ready %s:", kinds[k].name);
		say_result(SYS(SYS_poll, &p, 1, 0));
		say(" %#x", (unsigned short)p.revents);
		p = (struct pollfd){.fd = fd};
		say_result(SYS(SYS_poll, &p, 1, 0));
		say(" %#x", (unsigned short)p.revents);
		say_result(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, fd, &ev));
		say_result(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, fd, &ev));
		say_result(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_MOD, fd, &ev));
		say_result(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_DEL, fd, 0));
		say_result(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_DEL, fd, 0));
		say_result(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_MOD, fd, &ev));
		say_result(SYS(SYS_epoll_ctl, ep, 99, fd, &ev));
		say_result(SYS(SYS_epoll_ctl, fd, EPOLL_CTL_ADD, ep, &ev));
		say_result(SYS(SYS_epoll_ctl, fd, EPOLL_CTL_DEL, ep, &ev));
		say_result(SYS(SYS_epoll_wait, fd, good, 1, 0));
		if (fd >= 0 && fd < 1000) {
			FD_ZERO(&r);
			FD_SET(fd, &r);
			w = x = r;
			say_result(SYS(SYS_select, fd + 1, &r, &w, &x, &now));
			say(" %d%d%d", !!FD_ISSET(fd, &r), !!FD_ISSET(fd, &w), !!FD_ISSET(fd, &x));
		}
		end();
	}
	close_kinds();
	close(ep);
}

static void bad_sets(void)
{
	struct pollfd *fds = (struct pollfd *)EDGE(sizeof(*fds));
	struct timespec *ts = (struct timespec *)(good + 64);
	struct timeval *tv = (struct timeval *)(good + 64);
	int ep = epoll_create1(0), p;

	fds->fd = -1;
	TELL(SYS(SYS_poll, fds, 1, 0));
	TELL(SYS(SYS_poll, fds, 2, 0));
	TELL(SYS(SYS_poll, fds, 0, 0));
	TELL(SYS(SYS_poll, fds, 1ul << 32, 0));
	TELL(SYS(SYS_poll, fds, 10000000, 0));
	TELL(SYS(SYS_select, -1, 0, 0, 0, tv));
	TELL(SYS(SYS_epoll_create, 0));
	TELL(SYS(SYS_epoll_create, -1));
	TELL(SYS(SYS_epoll_create1, 1));
	TELL(SYS(SYS_epoll_wait, ep, good, 0, 0));
	TELL(SYS(SYS_epoll_wait, ep, good, -1, 0));
	TELL(SYS(SYS_epoll_wait, ep, good, 1 << 30, 0));
	TELL(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, ep, good));
	for (p = 0; p < NR_POINTERS; p++) {
		void *q = pointers[p].p;

		memset(good, 0, 256);
		tv->tv_sec = 0;
		say("sets %s:", pointers[p].name);
		if (p != P_GOOD && p != P_NULL && p != P_READONLY) {
			say_result(SYS(SYS_select, 5, 0, 0, 0, q));
			say_result(SYS(SYS_ppoll, fds, 1, q, 0, 8));
		}
		say_result(SYS(SYS_poll, q, 1, 0));
		say_result(SYS(SYS_poll, q, 0, 0));
		say_result(SYS(SYS_select, 5, q, 0, 0, tv));
		tv->tv_sec = 0;
		say_result(SYS(SYS_select, 0, q, 0, 0, tv));
		say_result(SYS(SYS_ppoll, q, 1, ts, 0, 8));
		say_result(SYS(SYS_ppoll, fds, 1, ts, q, 8));
		say_result(SYS(SYS_ppoll, fds, 1, ts, q, 7));
		say_result(SYS(SYS_epoll_wait, ep, q, 1, 0));
		say_result(SYS(SYS_epoll_pwait, ep, good, 1, 0, q, 8));
		say_result(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, 0, p == P_GOOD ? (void *)0 : q));
		SYS(SYS_epoll_ctl, ep, EPOLL_CTL_DEL, 0, 0);
		end();
	}
	*ts = (struct timespec){0, 1000000000};
	TELL(SYS(SYS_ppoll, fds, 1, ts, 0, 8));
	*ts = (struct timespec){-1, 0};
	TELL(SYS(SYS_ppoll, fds, 1, ts, 0, 8));
	*tv = (struct timeval){0, -1};
	TELL(SYS(SYS_select, 0, 0, 0, 0, tv));
	*tv = (struct timeval){0, 1000001};
	TELL(SYS(SYS_pselect6, 0, 0, 0, 0, pointers[P_KERNEL].p, 0));
	close(ep);
}

static void wait_once(int ep)
{
	struct epoll_event ev[4];
	long n = SYS(SYS_epoll_wait, ep, ev, 4, 0), i;

	say_result(n);
	for (i = 0; i < n; i++)
		say("/%#x:%d", ev[i].events, ev[i].data.fd);
}

static void ways(void)
{
	static const uint32_t modes[] = {
		0,	    EPOLLET,	EPOLLONESHOT, EPOLLET | EPOLLONESHOT, EPOLLEXCLUSIVE,
		EPOLLRDHUP, EPOLLWAKEUP};
	size_t m;
	int sv[2], ep;

	for (m = 0; m < ARRAY_SIZE(modes); m++) {
		struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | modes[m], .data.fd = 42};

		ep = epoll_create1(0);
		tcp_pair(sv);
		say("epoll %#x:", modes[m]);
		say_result(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, sv[0], &ev));
		wait_once(ep);
		wait_once(ep);
		SYS(SYS_write, sv[1], "x", 1);
		usleep(10000);
		wait_once(ep);
		wait_once(ep);
		say_result(SYS(SYS_epoll_ctl, ep, EPOLL_CTL_MOD, sv[0], &ev));
		wait_once(ep);
		close(sv[1]);
		usleep(10000);
		wait_once(ep);
		SYS(SYS_read, sv[0], good, 10);
		wait_once(ep);
		close(sv[0]);
		wait_once(ep);
		end();
		close(ep);
	}
}

/* Sets in sets: how deep, and in a ring. */
static void nested(void)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int ep[8], i;

	for (i = 0; i < 8; i++)
		ep[i] = epoll_create1(0);
	for (i = 0; i < 7; i++)
		tell("nested", SYS(SYS_epoll_ctl, ep[i], EPOLL_CTL_ADD, ep[i + 1], &ev));
	TELL(SYS(SYS_epoll_ctl, ep[4], EPOLL_CTL_ADD, ep[0], &ev));
	ev.events |= EPOLLEXCLUSIVE;
	TELL(SYS(SYS_epoll_ctl, ep[7], EPOLL_CTL_ADD, ep[6], &ev));
	for (i = 0; i < 8; i++)
		close(ep[i]);
}

void poll_answers(void)
{
	everything();
	bad_sets();
	ways();
	nested();
}
