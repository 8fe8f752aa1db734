// SPDX-License-Identifier: BSD-2-Clause
/* What sockets answer in the states of their lives: shutdowns in every order, ends, refusals. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

static void settle(void)
{
	usleep(20000); /* loopback delivers at once; closing takes a moment */
}

static void look(const char *name, int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP | POLLPRI};
	int *v = (int *)good, *len = (int *)(good + 8);

	settle();
	say(" [%s", name);
	SYS(SYS_poll, &p, 1, 0);
	say(" %#x", (unsigned int)p.revents);
	say_result(SYS(SYS_recvfrom, fd, good + 64, 64, MSG_DONTWAIT, 0, 0));
	say_result(SYS(SYS_sendto, fd, "xy", 2, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0));
	*len = 4;
	*v = 0;
	say_result(SYS(SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, v, len));
	say_result(*v);
	*len = 128;
	say_result(SYS(SYS_getpeername, fd, good + 64, len));
	*v = -7;
	say_result(SYS(SYS_ioctl, fd, FIONREAD, v));
	say_result(*v);
	say("]");
}

static void pair_of(int family, int type, int sv[2])
{
	if (family == AF_INET && type == SOCK_STREAM) {
		tcp_pair(sv);
	} else if (family == AF_INET) {
		struct sockaddr_in a = loop_addr(0);

		sv[0] = socket(AF_INET, type, 0), sv[1] = socket(AF_INET, type, 0);
		bind(sv[0], (struct sockaddr *)&a, sizeof(a));
		bind(sv[1], (struct sockaddr *)&a, sizeof(a));
		a = loop_addr(port_of(sv[1]));
		connect(sv[0], (struct sockaddr *)&a, sizeof(a));
		a = loop_addr(port_of(sv[0]));
		connect(sv[1], (struct sockaddr *)&a, sizeof(a));
	} else {
		socketpair(family, type, 0, sv);
	}
}

static const struct {
	const char *name;
	int family, type;
} pairs[] = {{"tcp", AF_INET, SOCK_STREAM},
	     {"udp", AF_INET, SOCK_DGRAM},
	     {"ustream", AF_UNIX, SOCK_STREAM},
	     {"udgram", AF_UNIX, SOCK_DGRAM},
	     {"useq", AF_UNIX, SOCK_SEQPACKET}};

static void shutdowns(void)
{
	size_t p;
	int first, second, who, sv[2];

	for (p = 0; p < ARRAY_SIZE(pairs); p++) {
		for (first = -1; first <= 3; first++) {
			for (second = 0; second <= 2; second++) {
				for (who = 0; who < 2; who++) {
					pair_of(pairs[p].family, pairs[p].type, sv);
					say("shutdown %s %d then %d of %d:", pairs[p].name, first,
					    second, who);
					say_result(SYS(SYS_shutdown, sv[0], first));
					say_result(SYS(SYS_shutdown, sv[who], second));
					say_result(SYS(SYS_shutdown, sv[0], first));
					look("0", sv[0]);
					look("1", sv[1]);
					look("0", sv[0]);
					close(sv[0]), close(sv[1]);
					end();
				}
			}
		}
	}
}

static void other_end_closed(void)
{
	size_t p;
	int unread, sv[2];

	for (p = 0; p < ARRAY_SIZE(pairs); p++) {
		for (unread = 0; unread < 4; unread++) {
			pair_of(pairs[p].family, pairs[p].type, sv);
			if (unread & 1)
				SYS(SYS_sendto, sv[0], "unread", 6, MSG_DONTWAIT, 0, 0);
			if (unread & 2)
				SYS(SYS_sendto, sv[1], "last words", 10, MSG_DONTWAIT, 0, 0);
			settle();
			close(sv[1]);
			say("closed %s %d:", pairs[p].name, unread);
			look("a", sv[0]);
			look("b", sv[0]);
			look("c", sv[0]);
			end();
			close(sv[0]);
		}
	}
}

/* connect() again and again, to where nobody listens and where somebody does. */
static void connects(void)
{
	int l = tcp_listener(5), dead = tcp_listener(5), fd;
	struct sockaddr_in sin = loop_addr(port_of(l)), gone = loop_addr(port_of(dead));
	struct sockaddr unspec = {.sa_family = AF_UNSPEC};

	close(dead);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	TELL(SYS(SYS_connect, fd, &gone, sizeof(gone)));
	TELL(SYS(SYS_connect, fd, &gone, sizeof(gone)));
	TELL(SYS(SYS_connect, fd, &sin, sizeof(sin)));
	TELL(SYS(SYS_connect, fd, &sin, sizeof(sin)));
	TELL(SYS(SYS_connect, fd, &unspec, sizeof(unspec)));
	TELL(SYS(SYS_connect, fd, &sin, sizeof(sin)));
	TELL(SYS(SYS_bind, fd, &sin, sizeof(sin)));
	TELL(SYS(SYS_listen, fd, 1));
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	TELL(SYS(SYS_connect, fd, &gone, sizeof(gone)));
	settle();
	TELL(SYS(SYS_sendto, fd, "x", 1, MSG_NOSIGNAL, 0, 0));
	TELL(SYS(SYS_recvfrom, fd, good, 1, 0, 0, 0));
	TELL(SYS(SYS_connect, fd, &sin, sizeof(sin)));
	settle();
	TELL(SYS(SYS_connect, fd, &sin, sizeof(sin)));
	TELL(SYS(SYS_connect, fd, &sin, sizeof(sin)));
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	TELL(SYS(SYS_connect, fd, &gone, sizeof(gone)));
	TELL(SYS(SYS_sendto, fd, "x", 1, 0, 0, 0));
	settle();
	TELL(SYS(SYS_sendto, fd, "x", 1, 0, 0, 0));
	TELL(SYS(SYS_recvfrom, fd, good, 1, MSG_DONTWAIT, 0, 0));
	TELL(SYS(SYS_sendto, fd, "x", 1, 0, &sin, sizeof(sin)));
	TELL(SYS(SYS_connect, fd, &unspec, sizeof(unspec)));
	TELL(SYS(SYS_sendto, fd, "x", 1, 0, 0, 0));
	TELL(SYS(SYS_sendto, fd, "x", 1, 0, &unspec, sizeof(unspec)));
	close(fd), close(l);
}

static void listeners(void)
{
	int l = tcp_listener(0), c[4], i, a;
	struct sockaddr_in sin = loop_addr(port_of(l));

	fcntl(l, F_SETFL, O_NONBLOCK);
	for (i = 0; i < 4; i++) {
		c[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		SYS(SYS_connect, c[i], &sin, sizeof(sin));
	}
	settle();
	TELL(a = (int)SYS(SYS_accept4, l, 0, 0, 0));
	TELL(fcntl(a, F_GETFL) & O_NONBLOCK);
	TELL(SYS(SYS_shutdown, l, SHUT_WR));
	TELL(SYS(SYS_shutdown, l, SHUT_RD));
	TELL(SYS(SYS_accept4, l, 0, 0, 0));
	TELL(SYS(SYS_listen, l, 3));
	TELL(SYS(SYS_accept4, l, 0, 0, SOCK_NONBLOCK));
	TELL(SYS(SYS_recvfrom, l, good, 1, 0, 0, 0));
	TELL(SYS(SYS_sendto, l, good, 1, MSG_NOSIGNAL, 0, 0));
	close(a), close(l);
	for (i = 0; i < 4; i++)
		close(c[i]);
}

/* What happens to the second of two that want the same. */
static void in_use(void)
{
	static const int types[] = {SOCK_STREAM, SOCK_DGRAM};
	int t, reuse, one = 1, a, b;

	for (t = 0; t < 2; t++) {
		for (reuse = 0; reuse < 16; reuse++) {
			struct sockaddr_in sin = loop_addr(0), any = {.sin_family = AF_INET};

			a = socket(AF_INET, types[t], 0), b = socket(AF_INET, types[t], 0);
			if (reuse & 1)
				setsockopt(a, SOL_SOCKET, SO_REUSEADDR, &one, 4);
			if (reuse & 2)
				setsockopt(b, SOL_SOCKET, SO_REUSEADDR, &one, 4);
			if (reuse & 4)
				setsockopt(a, SOL_SOCKET, SO_REUSEPORT, &one, 4);
			if (reuse & 8)
				setsockopt(b, SOL_SOCKET, SO_REUSEPORT, &one, 4);
			bind(a, (struct sockaddr *)&sin, sizeof(sin));
			sin = loop_addr(port_of(a));
			any.sin_port = sin.sin_port;
			say("in use %d %d:", types[t], reuse);
			say_result(SYS(SYS_bind, b, &sin, sizeof(sin)));
			say_result(SYS(SYS_listen, a, 1));
			say_result(SYS(SYS_listen, b, 1));
			close(b);
			b = socket(AF_INET, types[t], 0);
			say_result(SYS(SYS_bind, b, &any, sizeof(any)));
			end();
			close(a), close(b);
		}
	}
}

static void full_buffers(void)
{
	size_t p;
	int sv[2], n, size = 4096;

	for (p = 0; p < ARRAY_SIZE(pairs); p++) {
		pair_of(pairs[p].family, pairs[p].type, sv);
		setsockopt(sv[0], SOL_SOCKET, SO_SNDBUF, &size, 4);
		fcntl(sv[0], F_SETFL, O_NONBLOCK);
		if (pairs[p].family == AF_INET && pairs[p].type == SOCK_DGRAM)
			goto next; /* never full */
		for (n = 0; n < 100000; n++)
			if (SYS(SYS_sendto, sv[0], good, 1000, MSG_NOSIGNAL, 0, 0) <= 0)
				break;
		say("full %s:", pairs[p].name);
		say_result(SYS(SYS_sendto, sv[0], good, 1000, MSG_NOSIGNAL, 0, 0));
		say_result(SYS(SYS_write, sv[0], good, 1));
		look("", sv[0]);
		end();
next:
		close(sv[0]), close(sv[1]);
	}
}

static void urgent(void)
{
	int sv[2], *at = (int *)good;

	tcp_pair(sv);
	TELL(SYS(SYS_sendto, sv[0], "abcU", 4, MSG_OOB, 0, 0));
	settle();
	TELL(SYS(SYS_ioctl, sv[1], SIOCATMARK, at));
	TELL(*at);
	look("1", sv[1]);
	end();
	TELL(SYS(SYS_recvfrom, sv[1], good, 10, MSG_OOB, 0, 0));
	TELL(SYS(SYS_recvfrom, sv[1], good, 10, MSG_OOB, 0, 0));
	TELL(SYS(SYS_ioctl, sv[1], SIOCATMARK, at));
	TELL(*at);
	TELL(SYS(SYS_recvfrom, sv[0], good, 10, MSG_OOB, 0, 0));
	close(sv[0]), close(sv[1]);
}

void state_answers(void)
{
	shutdowns();
	other_end_closed();
	connects();
	listeners();
	in_use();
	full_buffers();
	urgent();
}
