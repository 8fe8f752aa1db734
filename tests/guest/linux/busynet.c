// SPDX-License-Identifier: BSD-2-Clause
/*
 * Threads that never make a system call beside a TCP echo server on port 7: with N of them as the
 * argument; "alone": no server either, the only thread computes for ever. Run by test_ring3.py.
 */
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile unsigned long counter;

static void *compute(void *arg)
{
	for (;;)
		counter++;
	return NULL;
}

int main(int argc, char **argv)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(7) };
	int s = socket(AF_INET, SOCK_STREAM, 0), c;
	pthread_t t;
	char buf[4096];
	ssize_t n;

	bind(s, (struct sockaddr *)&a, sizeof(a));
	listen(s, 8);
	printf("listening on port 7\n");
	fflush(stdout);
	if (argc > 1 && !strcmp(argv[1], "alone"))
		compute(NULL);
	for (int i = argc > 1 ? atoi(argv[1]) : 0; i > 0; i--)
		pthread_create(&t, NULL, compute, NULL);
	c = accept(s, NULL, NULL);
	while ((n = read(c, buf, sizeof(buf))) > 0)
		write(c, buf, (size_t)n);
	printf("echo: %s\n", counter ? "beside busy threads" : "nobody computed");
	return 0;
}
