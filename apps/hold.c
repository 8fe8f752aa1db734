// SPDX-License-Identifier: BSD-2-Clause
/*
 * Usage: hold [PORT]    accepts connections, sends each a page of 2,000 bytes and keeps it open
 *
 * For measuring what an idle connection costs. A datagram to the same port (default 5003) is
 * answered with "CONNECTIONS FREE_KIB", the second from MemFree in /proc/meminfo. Connections are
 * never read nor closed; the next one waits if descriptors run out. Runs on Linux too.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAGE_BYTES 2000

static int opened(int type, unsigned short port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, type, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		perror("hold");
		exit(1);
	}
	return fd;
}

static long free_kib(void)
{
	char line[128];
	long kib = -1;
	FILE *f = fopen("/proc/meminfo", "r");

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "MemFree: %ld", &kib) == 1)
			break;
	}
	if (f)
		fclose(f);
	return kib;
}

static void answer(int fd, long connections)
{
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	char text[64];

	if (recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&peer, &len) < 0)
		return;
	snprintf(text, sizeof(text), "%ld %ld", connections, free_kib());
	sendto(fd, text, strlen(text), 0, (struct sockaddr *)&peer, len);
}

int main(int argc, char **argv)
{
	static char page[PAGE_BYTES];
	unsigned short port = argc > 1 ? (unsigned short)atoi(argv[1]) : 5003;
	int listener = opened(SOCK_STREAM, port), questions = opened(SOCK_DGRAM, port);
	struct pollfd fds[] = {{.fd = listener, .events = POLLIN},
			       {.fd = questions, .events = POLLIN}};
	long connections = 0;

	if (listen(listener, 1024) < 0) {
		perror("hold: listen");
		return 1;
	}
	printf("listening on port %u\n", port);
	fflush(stdout);
	while (poll(fds, 2, -1) > 0) {
		int fd = fds[0].revents ? accept(listener, NULL, NULL) : -1;

		if (fd >= 0 && send(fd, page, sizeof(page), MSG_NOSIGNAL) >= 0)
			connections++;
		if (fds[1].revents)
			answer(questions, connections);
	}
	perror("hold: poll");
	return 1;
}
