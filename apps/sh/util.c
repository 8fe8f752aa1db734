// SPDX-License-Identifier: BSD-2-Clause
/*
 * Small things that several commands of the shell need: whole files, numbers, addresses, time.
 *
 * Called by the commands; messages about bad input go to stderr here, so that a command can just
 * return 1. Numbers are taken only when all of the text is one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <apps/sh/sh.h>

char *slurp(const char *path, size_t *len)
{
	size_t size = 4096, used = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	char *buf, *larger;
	ssize_t n = -1;

	if (fd < 0)
		return NULL;
	buf = malloc(size);
	while (buf && (n = read(fd, buf + used, size - used - 1)) > 0) {
		used += (size_t)n;
		if (size - used > 1)
			continue;
		larger = realloc(buf, size * 2);
		if (!larger) {
			n = -1;
			break;
		}
		buf = larger;
		size *= 2;
	}
	error = errno;
	close(fd);
	if (n < 0) {
		free(buf);
		errno = error;
		return NULL;
	}
	buf[used] = 0;
	if (len)
		*len = used;
	return buf;
}

int complain(const char *name)
{
	fprintf(stderr, "%s: %s\n", name, strerror(errno));
	return 1;
}

bool parse_number(const char *text, unsigned long max, unsigned long *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoul(text, &end, 10);
	return !*end && !errno && *value <= max;
}

bool parse_seconds(const char *text, unsigned int *ms)
{
	unsigned long whole = 0, part = 0, scale = 100;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++) {
		whole = whole * 10 + (unsigned long)(*p - '0');
		if (whole > 1000000)
			return false;
	}
	if (p == text && *p != '.')
		return false;
	if (*p == '.') {
		for (p++; *p >= '0' && *p <= '9'; p++) {
			part += (unsigned long)(*p - '0') * scale;
			scale /= 10;
		}
	}
	*ms = (unsigned int)(whole * 1000 + part);
	return !*p;
}

bool parse_port(const char *text, uint16_t *port)
{
	unsigned long v;

	if (!parse_number(text, 65535, &v)) {
		fprintf(stderr, "\"%s\" is not a port\n", text);
		return false;
	}
	*port = (uint16_t)v;
	return true;
}

bool resolve(const char *name, uint32_t *addr)
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *list;
	int error = getaddrinfo(name, NULL, &hints, &list);

	if (error) {
		fprintf(stderr, "%s: %s\n", name, gai_strerror(error));
		return false;
	}
	*addr = ((struct sockaddr_in *)list->ai_addr)->sin_addr.s_addr;
	freeaddrinfo(list);
	return true;
}

const char *addr_text(uint32_t addr)
{
	static char text[4][INET_ADDRSTRLEN];
	static unsigned int next;
	char *buf = text[next++ % 4];

	inet_ntop(AF_INET, &addr, buf, INET_ADDRSTRLEN);
	return buf;
}

uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}
