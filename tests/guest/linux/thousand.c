// SPDX-License-Identifier: BSD-2-Clause
/*
 * A thousand threads that talk to each other, as the goroutines of a Go server do: through channels
 * (a bounded queue of a mutex and two condition variables), a ring of pipes, eventfds that one
 * thread collects by epoll, and TCP connections over loopback. All of them are there at the same
 * time, and every sum is checked. What it prints is the same on every system.
 *
 * Built static with musl by the guest tests; runs on Linux as it is.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORKERS 400
#define RING 200
#define SENDERS 100
#define PAIRS 149 /* two threads each */
#define COLLECTOR 1
#define ACCEPTOR 1
#define THREADS (WORKERS + RING + SENDERS + 2 * PAIRS + COLLECTOR + ACCEPTOR)
#define STACK_SIZE 65536

#define ITEMS 20000
#define LAPS 5
#define SENDS 20
#define MESSAGES 20
#define CHANNEL_ROOM 64

_Static_assert(THREADS == 1000, "a thousand");

static void die(const char *what)
{
	printf("FAILED: %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

static void check(int ok, const char *what)
{
	if (!ok)
		die(what);
}

/* Everybody starts together: nobody works before the thousandth is there. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t all_here;
	int here;
} gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };

static void pass_gate(void)
{
	pthread_mutex_lock(&gate.lock);
	if (++gate.here == THREADS + 1)
		pthread_cond_broadcast(&gate.all_here);
	while (gate.here <= THREADS)
		pthread_cond_wait(&gate.all_here, &gate.lock);
	pthread_mutex_unlock(&gate.lock);
}

/* Channels. */
struct channel {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	int64_t items[CHANNEL_ROOM];
	unsigned int head, tail;
};
#define CHANNEL { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, \
		  { 0 }, 0, 0 }

static void channel_send(struct channel *c, int64_t item)
{
	pthread_mutex_lock(&c->lock);
	while (c->head - c->tail == CHANNEL_ROOM)
		pthread_cond_wait(&c->not_full, &c->lock);
	c->items[c->head++ % CHANNEL_ROOM] = item;
	pthread_cond_signal(&c->not_empty);
	pthread_mutex_unlock(&c->lock);
}

static int64_t channel_receive(struct channel *c)
{
	int64_t item;

	pthread_mutex_lock(&c->lock);
	while (c->head == c->tail)
		pthread_cond_wait(&c->not_empty, &c->lock);
	item = c->items[c->tail++ % CHANNEL_ROOM];
	pthread_cond_signal(&c->not_full);
	pthread_mutex_unlock(&c->lock);
	return item;
}

static struct channel work = CHANNEL, done = CHANNEL;
static __thread int64_t worked; /* each thread's own */

static void *worker(void *arg)
{
	int64_t item;

	(void)arg;
	pass_gate();
	while ((item = channel_receive(&work)) > 0) {
		worked++;
		channel_send(&done, item * item);
	}
	return (void *)worked;
}

/* The ring: each adds one and passes it on. */
static int ring[RING][2];

static void *ring_member(void *arg)
{
	int i = (int)(intptr_t)arg;
	int64_t token;

	pass_gate();
	for (int lap = 0; lap < LAPS; lap++) {
		check(read(ring[i][0], &token, sizeof(token)) == sizeof(token), "ring read");
		token++;
		check(write(ring[(i + 1) % RING][1], &token, sizeof(token)) == sizeof(token),
		      "ring write");
	}
	return NULL;
}

/* Senders add to eventfds, the collector sums them up. */
static int events[SENDERS];

static void *sender(void *arg)
{
	int i = (int)(intptr_t)arg;

	pass_gate();
	for (uint64_t n = 1; n <= SENDS; n++)
		check(write(events[i], &n, sizeof(n)) == sizeof(n), "eventfd write");
	return NULL;
}

static void *collector(void *arg)
{
	const int64_t all = (int64_t)SENDERS * SENDS * (SENDS + 1) / 2;
	struct epoll_event ev = { .events = EPOLLIN }, got[16];
	int ep = epoll_create1(0);
	int64_t sum = 0;
	uint64_t n;

	(void)arg;
	check(ep >= 0, "epoll_create1");
	for (int i = 0; i < SENDERS; i++) {
		ev.data.fd = events[i];
		check(epoll_ctl(ep, EPOLL_CTL_ADD, events[i], &ev) == 0, "epoll_ctl");
	}
	pass_gate();
	while (sum < all) {
		int ready = epoll_wait(ep, got, 16, -1);

		check(ready > 0, "epoll_wait");
		for (int i = 0; i < ready; i++) {
			check(read(got[i].data.fd, &n, sizeof(n)) == sizeof(n), "eventfd read");
			sum += (int64_t)n;
		}
	}
	close(ep);
	return (void *)sum;
}

/* Connections: the client's numbers come back as their sums so far. */
static int listener;
static struct sockaddr_in server;
static struct channel accepted = CHANNEL;

static void read_all(int fd, void *buf, size_t n)
{
	for (size_t got = 0; got < n;) {
		ssize_t r = read(fd, (char *)buf + got, n - got);

		check(r > 0, "socket read");
		got += (size_t)r;
	}
}

static void *acceptor(void *arg)
{
	(void)arg;
	pass_gate();
	for (int i = 0; i < PAIRS; i++) {
		int fd = accept(listener, NULL, NULL);

		check(fd >= 0, "accept");
		channel_send(&accepted, fd);
	}
	return NULL;
}

static void *serve(void *arg)
{
	int64_t sum = 0, n;
	int fd;

	(void)arg;
	pass_gate();
	fd = (int)channel_receive(&accepted);
	for (int i = 0; i < MESSAGES; i++) {
		read_all(fd, &n, sizeof(n));
		sum += n;
		check(write(fd, &sum, sizeof(sum)) == sizeof(sum), "socket write");
	}
	close(fd);
	return (void *)sum;
}

static void *client(void *arg)
{
	int64_t sum = 0, answer, n;
	int fd;

	pass_gate();
	fd = socket(AF_INET, SOCK_STREAM, 0);
	check(fd >= 0, "socket");
	check(connect(fd, (struct sockaddr *)&server, sizeof(server)) == 0, "connect");
	for (int i = 0; i < MESSAGES; i++) {
		n = (intptr_t)arg * 1000 + i;
		sum += n;
		check(write(fd, &n, sizeof(n)) == sizeof(n), "socket write");
		read_all(fd, &answer, sizeof(answer));
		check(answer == sum, "the sum that came back");
	}
	close(fd);
	return (void *)sum;
}

static pthread_t threads[THREADS];
static int nr_threads;

static void start(void *(*fn)(void *), int n)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	for (int i = 0; i < n; i++) {
		errno = pthread_create(&threads[nr_threads++], &attr, fn, (void *)(intptr_t)i);
		check(errno == 0, "pthread_create");
	}
	pthread_attr_destroy(&attr);
}

/* The sum of what the next n threads return, in the order in which they were started. */
static int64_t join(int n)
{
	static int next;
	int64_t sum = 0;
	void *result;

	for (int i = 0; i < n; i++) {
		errno = pthread_join(threads[next++], &result);
		check(errno == 0, "pthread_join");
		sum += (int64_t)result;
	}
	return sum;
}

static void open_all(void)
{
	socklen_t len = sizeof(server);

	for (int i = 0; i < RING; i++)
		check(pipe(ring[i]) == 0, "pipe");
	for (int i = 0; i < SENDERS; i++) {
		events[i] = eventfd(0, 0);
		check(events[i] >= 0, "eventfd");
	}
	server.sin_family = AF_INET;
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	check(listener >= 0, "socket");
	check(bind(listener, (struct sockaddr *)&server, sizeof(server)) == 0, "bind");
	check(listen(listener, PAIRS) == 0, "listen");
	check(getsockname(listener, (struct sockaddr *)&server, &len) == 0, "getsockname");
}

/* Work goes in as results come out; then each worker is told to go home. */
static int64_t run_channels(void)
{
	int64_t sum = 0;
	int in = 0, out = 0;

	while (out < ITEMS) {
		while (in < ITEMS && in - out < CHANNEL_ROOM)
			channel_send(&work, ++in);
		sum += channel_receive(&done);
		out++;
	}
	for (int i = 0; i < WORKERS; i++)
		channel_send(&work, 0);
	return sum;
}

int main(void)
{
	int64_t token = 0, sum;

	open_all();
	start(worker, WORKERS);
	start(ring_member, RING);
	start(sender, SENDERS);
	start(collector, COLLECTOR);
	start(acceptor, ACCEPTOR);
	start(serve, PAIRS);
	start(client, PAIRS);
	printf("%d threads started\n", nr_threads);
	check(write(ring[0][1], &token, sizeof(token)) == sizeof(token), "ring write");
	pass_gate();
	sum = run_channels();
	printf("channels: %d items, sum of squares %lld\n", ITEMS, (long long)sum);
	printf("workers: %lld items taken\n", (long long)join(WORKERS));
	join(RING);
	check(read(ring[0][0], &token, sizeof(token)) == sizeof(token), "ring read");
	printf("ring: the token says %lld\n", (long long)token);
	join(SENDERS);
	printf("eventfds: sum %lld\n", (long long)join(COLLECTOR));
	join(ACCEPTOR);
	printf("servers: sum %lld\n", (long long)join(PAIRS));
	printf("clients: sum %lld\n", (long long)join(PAIRS));
	printf("all threads ended\n");
	return 0;
}
