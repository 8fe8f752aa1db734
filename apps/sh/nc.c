// SPDX-License-Identifier: BSD-2-Clause
/*
 * nc: standard input to a TCP connection or UDP peer and back, as client or server.
 *
 * On a terminal the shell's raw mode stays on, so the lines typed are edited and echoed here and
 * sent when they end; Ctrl-D on an empty line ends the sending direction (a FIN), Ctrl-C all of it.
 * Otherwise standard input is read as it comes. It ends when the peer has ended its direction. A
 * UDP server talks to whoever wrote last. Left out: port scanning, timeouts, source addresses,
 * IPv6.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <apps/sh/sh.h>

#define CTRL(c) ((c)&0x1f)
#define DEL	127

struct nc {
	bool udp, listen, keep;
	uint16_t port;
	int fd;
	bool has_peer; /* UDP server: somebody wrote */
	bool input_ended;
	char line[SH_LINE_MAX]; /* typed, not sent yet */
	size_t len;
};

static char buf[16384];

static int say(const char *what)
{
	fprintf(stderr, "nc: %s: %s\n", what, strerror(errno));
	return 1;
}

/* All of it; the socket may be non-blocking and the peer slow. False: broken or Ctrl-C. */
static bool send_all(struct nc *n, const char *data, size_t len)
{
	struct pollfd fds[2] = {{.fd = n->fd, .events = POLLOUT}};

	if (n->udp && n->listen && !n->has_peer)
		return true;
	while (len) {
		ssize_t done = send(n->fd, data, len, MSG_NOSIGNAL);

		if (done >= 0) {
			data += done;
			len -= (size_t)done;
		} else if (errno == EAGAIN) {
			if (term_poll(fds, 1, -1))
				return false;
		} else if (!(n->udp && errno == ECONNREFUSED)) {
			say("send");
			return false;
		}
	}
	return true;
}

static void end_input(struct nc *n)
{
	n->input_ended = true;
	if (!n->udp)
		shutdown(n->fd, SHUT_WR);
}

static void echo(const char *s, size_t len)
{
	fwrite(s, 1, len, stdout);
	fflush(stdout);
}

/* One typed byte of a terminal; false: the connection broke. */
static bool typed(struct nc *n, char c)
{
	if (c == '\r' || c == '\n') {
		n->line[n->len++] = '\n';
		echo("\n", 1);
		c = send_all(n, n->line, n->len);
		n->len = 0;
		return c;
	}
	if (c == CTRL('D') && !n->len) {
		end_input(n);
	} else if (c == DEL || c == CTRL('H')) {
		if (n->len) {
			n->len--;
			echo("\b \b", 3);
		}
	} else if (n->len < sizeof(n->line) - 1 && (unsigned char)c >= ' ') {
		n->line[n->len++] = c;
		echo(&c, 1);
	}
	return true;
}

static bool input_from_terminal(struct nc *n)
{
	int c = term_key();

	if (c < 0)
		end_input(n);
	return c < 0 || typed(n, (char)c);
}

static bool input_from_pipe(struct nc *n)
{
	ssize_t got = read(0, buf, sizeof(buf));

	if (got <= 0) {
		end_input(n);
		return true;
	}
	return send_all(n, buf, (size_t)got);
}

/* From the network to standard output; false at its end. */
static bool from_network(struct nc *n)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	ssize_t got = recvfrom(n->fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len);

	if (got < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return true;
		say("receive");
		return n->udp && errno == ECONNREFUSED;
	}
	if (n->udp && n->listen && !n->has_peer)
		n->has_peer = connect(n->fd, (struct sockaddr *)&from, sizeof(from)) == 0;
	if (got == 0)
		return n->udp;
	fwrite(buf, 1, (size_t)got, stdout);
	fflush(stdout);
	return true;
}

/*
 * Both directions until the peer ends or Ctrl-C (true). A typed byte reaches us through the
 * terminal's own descriptor, so that Ctrl-C is seen between the others.
 */
static bool talk(struct nc *n)
{
	for (;;) {
		struct pollfd fds[3] = {{.fd = n->fd, .events = POLLIN},
					{.fd = n->input_ended ? -1 : 0, .events = POLLIN}};

		if (term_is_tty()) {
			fds[1].fd = -1;
			if (term_poll(fds, 2, -1))
				return true;
			while (!n->input_ended && term_has_key()) {
				if (!input_from_terminal(n))
					return false;
			}
		} else {
			if (term_poll(fds, 2, n->udp && n->input_ended ? 1000 : -1))
				return true;
			/* A datagram peer has no end: give the answers a second. */
			if (n->udp && n->input_ended && !fds[0].revents)
				return false;
			if (fds[1].revents && !input_from_pipe(n))
				return false;
		}
		if (fds[0].revents && !from_network(n))
			return false;
	}
}

static bool wait_connected(struct nc *n)
{
	struct pollfd fds[2] = {{.fd = n->fd, .events = POLLOUT}};
	socklen_t len = sizeof(errno);
	int error = EINTR;

	if (!term_poll(fds, 1, -1))
		getsockopt(n->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	errno = error;
	return !error;
}

static int client(struct nc *n, const char *host)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(n->port)};
	int status = 0;

	if (!resolve(host, &to.sin_addr.s_addr))
		return 1;
	n->fd = socket(AF_INET, (n->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       0);
	if (n->fd < 0)
		return say("socket");
	if (connect(n->fd, (struct sockaddr *)&to, sizeof(to)) < 0 &&
	    (errno != EINPROGRESS || !wait_connected(n)))
		status = say(host);
	else
		talk(n);
	close(n->fd);
	return status;
}

/* Wait for a connection; -1 on Ctrl-C or an error. */
static int wait_accept(int listener)
{
	struct pollfd fds[2] = {{.fd = listener, .events = POLLIN}};

	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0 || (errno != EAGAIN && errno != ECONNABORTED))
			return fd;
		if (term_poll(fds, 1, -1))
			return -1;
	}
}

static int server(struct nc *n)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(n->port)};
	int one = 1, status = 0;
	int fd = socket(AF_INET, (n->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);

	if (fd < 0)
		return say("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    (!n->udp && listen(fd, 5) < 0)) {
		status = say("listen");
	} else if (n->udp) {
		n->fd = fd;
		talk(n);
	} else {
		bool stop;

		do {
			n->fd = wait_accept(fd);
			n->input_ended = false;
			stop = n->fd < 0 || talk(n) || !n->keep;
			if (n->fd >= 0)
				close(n->fd);
		} while (!stop);
	}
	close(fd);
	return status;
}

int cmd_nc(int argc, char **argv)
{
	static struct nc n;
	int c, operands;

	memset(&n, 0, sizeof(n));
	optind = 0;
	while ((c = getopt(argc, argv, "ulkpnNv")) != -1) {
		n.udp |= c == 'u';
		n.listen |= c == 'l';
		n.keep |= c == 'k';
		if (c == '?')
			return command_usage("nc");
	}
	operands = argc - optind;
	if (operands != (n.listen ? 1 : 2))
		return command_usage("nc");
	if (!parse_port(argv[argc - 1], &n.port))
		return 1;
	return n.listen ? server(&n) : client(&n, argv[optind]);
}
