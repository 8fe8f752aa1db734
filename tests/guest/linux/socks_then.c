// SPDX-License-Identifier: BSD-2-Clause
/*
 * Opens one socket of each kind, at places that a test knows, and becomes another program with
 * them open: socks_then PROGRAM ARG...  (ss lists them, ip sees their routes).
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int bound(int type, int protocol, int port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, type, protocol);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)))
		err(1, "bind %d", port);
	return fd;
}

static int to(int type, int port, int from)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = bound(type, 0, from);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)))
		err(1, "connect %d", port);
	return fd;
}

static void unix_socks(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX, .sun_path = "\0listener"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), sv[2];

	if (bind(fd, (struct sockaddr *)&sun, 2 + 9) || listen(fd, 5) ||
	    socketpair(AF_UNIX, SOCK_DGRAM, 0, sv))
		err(1, "unix");
	if (write(sv[0], "12345", 5) != 5)
		err(1, "write");
}

int main(int argc, char **argv)
{
	int listener = bound(SOCK_STREAM, 0, 7001), a, b;

	if (argc < 2 || listen(listener, 9))
		errx(1, "what?");
	a = to(SOCK_STREAM, 7001, 7002);
	b = accept(listener, NULL, NULL);
	if (b < 0 || write(a, "hello", 5) != 5)
		err(1, "accept");
	a = to(SOCK_STREAM, 7001, 7003); /* closed first: it stays in TIME-WAIT */
	b = accept(listener, NULL, NULL);
	close(a);
	close(b);
	to(SOCK_STREAM, 7001, 7004); /* waits to be accepted */
	bound(SOCK_DGRAM, 0, 7005);
	to(SOCK_DGRAM, 7005, 7006);
	socket(AF_INET, SOCK_RAW, 253);
	socket(AF_PACKET, SOCK_RAW, htons(0x88b6));
	unix_socks();
	execv(argv[1], argv + 1);
	err(1, "%s", argv[1]);
}
