// SPDX-License-Identifier: BSD-2-Clause
/*
 * Usage: dial ADDRESS PORT COUNT    opens and closes COUNT TCP connections, one after the other
 *
 * The active side of the benchmarks' connection rate: each connection is opened, closed at once
 * from this end, and the next one begins. A refused or unreachable peer is tried again for ten
 * seconds. Ends with 0 when all were opened, and says how long it took.
 * Left out: names (an address is wanted, so that no resolver is measured), IPv6.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TRIES 100 /* of 100 ms */

static int dial_once(const struct sockaddr_in *peer)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int err = 0;

	if (fd < 0)
		return errno;
	if (connect(fd, (const struct sockaddr *)peer, sizeof(*peer)) < 0)
		err = errno;
	close(fd);
	return err;
}

static int dial(const struct sockaddr_in *peer)
{
	const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
	int err = 0;

	for (int i = 0; i < TRIES; i++) {
		err = dial_once(peer);
		if (!err)
			return 0;
		nanosleep(&pause, NULL);
	}
	return err;
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	struct sockaddr_in peer = {.sin_family = AF_INET};
	long count, start;

	if (argc != 4 || inet_pton(AF_INET, argv[1], &peer.sin_addr) != 1) {
		fprintf(stderr, "usage: dial ADDRESS PORT COUNT\n");
		return 2;
	}
	peer.sin_port = htons((unsigned short)atoi(argv[2]));
	count = atol(argv[3]);
	start = now_ms();
	for (long i = 0; i < count; i++) {
		int err = dial(&peer);

		if (err) {
			fprintf(stderr, "dial: connection %ld: %s\n", i, strerror(err));
			return 1;
		}
	}
	printf("dial: %ld connections in %ld ms\n", count, now_ms() - start);
	return 0;
}
