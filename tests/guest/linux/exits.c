// SPDX-License-Identifier: BSD-2-Clause
/*
 * The end of a program with many threads, by each road: `exits ROAD`. Meanwhile its threads sleep
 * in every kind of call, or compute without one; none may hinder the end, and nothing they held may
 * stay behind (the kernel looks, where it checks for leaks).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int fds[2];
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void sleep_in_read(void)
{
	char c;

	if (read(fds[0], &c, 1) == 1)
		printf("FAILED: read something\n");
}

static void sleep_in_accept(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	listen(fd, 1);
	accept(fd, NULL, NULL);
}

static void sleep_in_recv(void)
{
	char buf[10];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in any = { .sin_family = AF_INET };

	bind(fd, (struct sockaddr *)&any, sizeof(any));
	recv(fd, buf, sizeof(buf), 0);
}

static void sleep_in_epoll(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(0);

	epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &ev);
	epoll_wait(ep, &ev, 1, -1);
}

static void sleep_in_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	select(fds[0] + 1, &set, NULL, NULL, NULL);
}

static void sleep_in_mutex(void)
{
	pthread_mutex_lock(&held);
}

static void sleep_in_cond(void)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&m);
	pthread_cond_wait(&never, &m);
}

static void sleep_long(void)
{
	sleep(100000);
}

static void wait_for_a_signal(void)
{
	pause();
}

static void compute(void)
{
	for (;;)
		;
}

static void fill_a_pipe(void)
{
	char page[4096] = { 0 };
	int p[2];

	if (pipe(p))
		return;
	for (;;) {
		if (write(p[1], page, sizeof(page)) < 0)
			return;
	}
}

static void map_and_unmap(void)
{
	for (;;) {
		char *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		p[4096] = 1;
		munmap(p, 65536);
	}
}

static void (*const roads[])(void) = {
	sleep_in_read,	sleep_in_accept, sleep_in_recv, sleep_in_epoll,
	sleep_in_select,	sleep_in_mutex,	 sleep_in_cond, sleep_long,
	wait_for_a_signal, compute,	 fill_a_pipe,	map_and_unmap,
};
#define ROADS ((int)(sizeof(roads) / sizeof(roads[0])))

static void *busy(void *arg)
{
	((void (*)(void))arg)();
	return NULL;
}

static void *exit_with_seven(void *arg)
{
	(void)arg;
	exit(7);
}

static void *exit_with_zero(void *arg)
{
	(void)arg;
	usleep(50000);
	_exit(0);
}

static void *crash(void *arg)
{
	*(volatile int *)arg = 1;
	return arg;
}

static void *do_abort(void *arg)
{
	abort();
	return arg;
}

static void *power_off(void *arg)
{
	reboot(RB_POWER_OFF);
	printf("FAILED: reboot: %s\n", strerror(errno));
	return arg;
}

static void *do_exec(void *arg)
{
	execl("/proc/self/exe", "exits", "return", (char *)NULL);
	perror("FAILED: exec");
	return arg;
}

static void start_busy(int rounds)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	for (int i = 0; i < rounds * ROADS; i++) {
		errno = pthread_create(&t, &attr, busy, (void *)roads[i % ROADS]);
		if (errno)
			perror("FAILED: pthread_create");
	}
	usleep(50000); /* most of them have got where they go */
}

static void from_thread(void *(*fn)(void *))
{
	pthread_t t;

	pthread_create(&t, NULL, fn, NULL);
	pthread_join(t, NULL);
}

/* What would need a second process. */
static void second_processes(void)
{
	char *argv[] = { (char *)"true", NULL };
	pid_t pid = fork();

	printf("fork: %d %s\n", pid, strerror(errno));
	pid = fork();
	printf("fork: %d %s\n", pid, strerror(errno));
	printf("vfork: %d", vfork());
	printf(" %s\n", strerror(errno));
	errno = posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ);
	printf("posix_spawn: %s\n", strerror(errno));
	printf("system: %d\n", system("true"));
	printf("wait: %d", (int)wait(NULL));
	printf(" %s\n", strerror(errno));
}

int main(int argc, char **argv)
{
	const char *road = argc > 1 ? argv[1] : "";

	if (pipe(fds))
		return 1;
	pthread_mutex_lock(&held);
	if (!strcmp(road, "fork"))
		second_processes();
	else
		start_busy(3);
	printf("by %s\n", road);
	fflush(stdout);
	if (!strcmp(road, "exit"))
		exit(3);
	if (!strcmp(road, "thread"))
		from_thread(exit_with_seven);
	if (!strcmp(road, "leader")) {
		pthread_t t;

		pthread_create(&t, NULL, exit_with_zero, NULL);
		pthread_exit(NULL);
	}
	if (!strcmp(road, "crash"))
		from_thread(crash);
	if (!strcmp(road, "abort"))
		from_thread(do_abort);
	if (!strcmp(road, "kill"))
		kill(getpid(), SIGKILL);
	if (!strcmp(road, "term"))
		kill(getpid(), SIGTERM);
	if (!strcmp(road, "reboot") && getpid() == 1) /* never on the machine that builds it */
		from_thread(power_off);
	if (!strcmp(road, "exec"))
		from_thread(do_exec);
	return 0;
}
