// SPDX-License-Identifier: BSD-2-Clause
/*
 * A program as a user would bring it: POSIX only, no knowledge of the kernel. It tries the C
 * library on the machine itself (threads, memory, streams, descriptors, sockets, time), says "ok
 * NAME" for each part, and ends with the number of failures. The same file compiles and passes on
 * Linux.
 */
#include <posix.h>

static int failures;

#define CHECK(e)                                                                              \
	do {                                                                                  \
		if (!(e)) {                                                                   \
			printf("%s:%d: %s is false (errno %d, %s)\n", __func__, __LINE__, #e, \
			       errno, strerror(errno));                                       \
			failures++;                                                           \
			return;                                                               \
		}                                                                             \
	} while (0)

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Threads: a counter under a mutex, a bounded queue under a condition variable. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int counter, queue, once_runs;

static void run_once(void)
{
	once_runs++;
}

static void *count(void *arg)
{
	pthread_once(&once, run_once);
	for (int i = 0; i < 200; i++) {
		int was;

		pthread_mutex_lock(&lock);
		was = counter;
		if (i % 20 == 0)
			usleep(100);
		counter = was + 1;
		pthread_mutex_unlock(&lock);
	}
	errno = (int)(long)arg;
	sched_yield();
	return (void *)(long)errno;
}

static void *consume(void *arg)
{
	long got = 0;

	while (got < 500) {
		pthread_mutex_lock(&lock);
		while (!queue)
			pthread_cond_wait(&changed, &lock);
		queue--;
		got++;
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&lock);
	}
	return (void *)got;
}

static void threads(void)
{
	struct timespec until;
	pthread_t t[8], c;
	void *ret;
	long start;

	for (long i = 0; i < 8; i++)
		CHECK(pthread_create(&t[i], NULL, count, (void *)(i + 40)) == 0);
	for (long i = 0; i < 8; i++) {
		CHECK(pthread_join(t[i], &ret) == 0);
		CHECK((long)ret == i + 40);
	}
	CHECK(counter == 1600 && once_runs == 1);
	CHECK(pthread_create(&c, NULL, consume, NULL) == 0);
	for (int i = 0; i < 500; i++) {
		pthread_mutex_lock(&lock);
		while (queue > 3)
			pthread_cond_wait(&changed, &lock);
		queue++;
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&lock);
	}
	CHECK(pthread_join(c, &ret) == 0 && (long)ret == 500);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 50000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	start = now_ms();
	pthread_mutex_lock(&lock);
	CHECK(pthread_cond_timedwait(&changed, &lock, &until) == ETIMEDOUT);
	pthread_mutex_unlock(&lock);
	CHECK(now_ms() - start >= 49 && now_ms() - start < 1000);
	CHECK(pthread_equal(pthread_self(), pthread_self()));
}

static void memory(void)
{
	static unsigned char *p[200];
	size_t sizes[200];

	for (int round = 0; round < 2000; round++) {
		int i = rand() % 200;
		size_t size = (size_t)(rand() % (round % 50 ? 3000 : 300000));

		if (p[i] && rand() % 3 == 0) {
			p[i] = realloc(p[i], size);
			CHECK(p[i] || !size);
		} else {
			free(p[i]);
			p[i] = malloc(size);
			CHECK(p[i]);
		}
		sizes[i] = size;
		memset(p[i], i, size);
	}
	for (int i = 0; i < 200; i++) {
		for (size_t k = 0; p[i] && k < sizes[i]; k += 97)
			CHECK(p[i][k] == i);
		free(p[i]);
	}
	CHECK(!malloc((size_t)1 << 46) && errno == ENOMEM);
}

/* The first thread has tens of kilobytes of stack, as programs expect. */
static void stack(void)
{
	volatile char area[40000];

	for (size_t i = 0; i < sizeof(area); i += 512)
		area[i] = (char)i;
	CHECK(area[512] == 0 && area[1024] == 0);
}

static void streams(void)
{
	char line[200], text[40];
	struct stat st;
	struct dirent *e;
	bool found = false;
	FILE *f = fopen("/proc/version", "r");
	DIR *dir;

	CHECK(f && fgets(line, sizeof(line), f) && strlen(line) > 10);
	fclose(f);
	CHECK(snprintf(text, sizeof(text), "%-6s|%05d|%#x|%.2s|%zu", "ab", -42, 255, "xyz",
		       (size_t)7) == 22);
	CHECK(!strcmp(text, "ab    |-0042|0xff|xy|7"));
	CHECK(sscanf("12 0x1f word", "%d %i %39s", &(int){0}, &(int){0}, text) == 3);
	CHECK(!fopen("/nosuch", "r") && errno == ENOENT);
	CHECK(stat("/proc/net", &st) == 0 && S_ISDIR(st.st_mode));
	CHECK(stat("/proc/uptime", &st) == 0 && S_ISREG(st.st_mode));
	dir = opendir("/proc/net");
	CHECK(dir);
	while ((e = readdir(dir)))
		found |= !strcmp(e->d_name, "tcp");
	closedir(dir);
	CHECK(found);
	f = fopen("/dev/null", "w");
	CHECK(f && fprintf(f, "%1000d", 1) == 1000 && fclose(f) == 0);
}

static void descriptors(void)
{
	int p[2], q, ev = eventfd(3, EFD_NONBLOCK);
	struct iovec out[2] = {{"hello ", 6}, {"world", 5}};
	eventfd_t value;
	char buf[32] = {0};

	CHECK(pipe(p) == 0 && writev(p[1], out, 2) == 11);
	CHECK(ioctl(p[0], FIONREAD, &q) == 0 && q == 11);
	CHECK(read(p[0], buf, sizeof(buf)) == 11 && !strcmp(buf, "hello world"));
	q = dup2(p[1], 50);
	CHECK(q == 50 && write(50, "x", 1) == 1 && read(p[0], buf, 1) == 1);
	CHECK(fcntl(p[0], F_SETFL, O_NONBLOCK) == 0 && read(p[0], buf, 1) < 0 && errno == EAGAIN);
	close(50);
	close(p[1]);
	CHECK(read(p[0], buf, 1) == 0);
	close(p[0]);
	CHECK(read(p[0], buf, 1) < 0 && errno == EBADF);
	CHECK(eventfd_read(ev, &value) == 0 && value == 3);
	CHECK(eventfd_read(ev, &value) < 0 && errno == EAGAIN);
	close(ev);
	CHECK(getrandom(buf, sizeof(buf), 0) == sizeof(buf));
}

static void waiting(void)
{
	struct timeval tv = {.tv_usec = 20000};
	struct epoll_event ev = {.events = EPOLLIN}, got;
	int p[2], epfd = epoll_create1(0);
	struct pollfd pfd;
	long start = now_ms();
	fd_set set;

	CHECK(pipe(p) == 0);
	pfd = (struct pollfd){.fd = p[0], .events = POLLIN};
	CHECK(poll(&pfd, 1, 20) == 0 && now_ms() - start >= 19);
	FD_ZERO(&set);
	FD_SET(p[0], &set);
	CHECK(select(p[0] + 1, &set, NULL, NULL, &tv) == 0);
	CHECK(epoll_ctl(epfd, EPOLL_CTL_ADD, p[0], &ev) == 0);
	CHECK(epoll_ctl(epfd, EPOLL_CTL_ADD, p[0], &ev) < 0 && errno == EEXIST);
	CHECK(epoll_wait(epfd, &got, 1, 20) == 0);
	CHECK(write(p[1], "x", 1) == 1 && poll(&pfd, 1, -1) == 1 && pfd.revents == POLLIN);
	CHECK(epoll_wait(epfd, &got, 1, -1) == 1 && got.events == EPOLLIN);
	FD_SET(p[0], &set);
	CHECK(select(p[0] + 1, &set, NULL, NULL, NULL) == 1 && FD_ISSET(p[0], &set));
	close(p[1]);
	close(p[0]);
	close(epfd);
	start = now_ms();
	usleep(30000);
	CHECK(now_ms() - start >= 29 && now_ms() - start < 500);
}

static int listener;
static struct sockaddr_in server_addr;

static void *echo_server(void *arg)
{
	int fd = accept(listener, NULL, NULL);
	char buf[4096];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		if (send(fd, buf, (size_t)n, 0) != n)
			break;
	}
	close(fd);
	return arg;
}

static void stream_sockets(void)
{
	struct timeval limit = {.tv_usec = 50000};
	socklen_t len = sizeof(server_addr);
	char out[3000], in[3000];
	pthread_t t;
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	listener = socket(AF_INET, SOCK_STREAM, 0);
	server_addr.sin_family = AF_INET;
	server_addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server_addr.sin_port = 0;
	CHECK(bind(listener, (struct sockaddr *)&server_addr, len) == 0 &&
	      listen(listener, 5) == 0);
	CHECK(getsockname(listener, (struct sockaddr *)&server_addr, &len) == 0);
	CHECK(pthread_create(&t, NULL, echo_server, NULL) == 0);
	CHECK(connect(fd, (struct sockaddr *)&server_addr, len) == 0);
	CHECK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) == 0);
	CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
	CHECK(recv(fd, in, 1, 0) < 0 && errno == EAGAIN);
	for (int i = 0; i < 100; i++) {
		memset(out, 'a' + i % 26, sizeof(out));
		CHECK(send(fd, out, sizeof(out), 0) == sizeof(out));
		CHECK(recv(fd, in, sizeof(in), MSG_WAITALL) == sizeof(in));
		CHECK(!memcmp(in, out, sizeof(in)));
	}
	CHECK(shutdown(fd, SHUT_WR) == 0 && recv(fd, in, 1, 0) == 0);
	close(fd);
	pthread_join(t, NULL);
	close(listener);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(connect(fd, (struct sockaddr *)&server_addr, len) < 0 && errno == ECONNREFUSED);
	close(fd);
}

static void datagram_sockets(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET}, from;
	socklen_t len = sizeof(a);
	int x = socket(AF_INET, SOCK_DGRAM, 0), y = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	char buf[100];

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(bind(x, (struct sockaddr *)&a, len) == 0);
	CHECK(getsockname(x, (struct sockaddr *)&a, &len) == 0);
	CHECK(sendto(y, "datagram", 8, 0, (struct sockaddr *)&a, len) == 8);
	CHECK(recvfrom(x, buf, 4, MSG_TRUNC, (struct sockaddr *)&from, &len) == 8);
	CHECK(sendto(x, "back", 4, 0, (struct sockaddr *)&from, len) == 4);
	usleep(1000);
	CHECK(recv(y, buf, sizeof(buf), 0) == 4 && !memcmp(buf, "back", 4));
	CHECK(recv(y, buf, sizeof(buf), 0) < 0 && errno == EAGAIN);
	close(x);
	close(y);
}

static void names(void)
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list;
	char host[64], name[IF_NAMESIZE];
	struct utsname u;

	CHECK(getaddrinfo("localhost", "80", &hints, &list) == 0);
	CHECK(getnameinfo(list->ai_addr, list->ai_addrlen, host, sizeof(host), NULL, 0,
			  NI_NUMERICHOST) == 0);
	CHECK(!strcmp(host, "127.0.0.1"));
	freeaddrinfo(list);
	CHECK(getaddrinfo("nosuch.invalid", "80", &hints, &list) == EAI_NONAME);
	CHECK(if_nametoindex("lo") == 1 && if_indextoname(1, name) && !strcmp(name, "lo"));
	CHECK(if_nametoindex("nosuch") == 0);
	CHECK(uname(&u) == 0 && !strcmp(u.machine, "x86_64"));
}

static void dates(void)
{
	struct tm tm;
	char text[64];
	time_t t = 1700000000;

	CHECK(gmtime_r(&t, &tm) && strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm));
	CHECK(!strcmp(text, "Tue, 14 Nov 2023 22:13:20 GMT"));
	/* The real time clock was read: it is later than this file. */
	CHECK(time(NULL) > t);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {
		{"threads", threads},
		{"memory", memory},
		{"stack", stack},
		{"streams", streams},
		{"descriptors", descriptors},
		{"waiting", waiting},
		{"stream sockets", stream_sockets},
		{"datagram sockets", datagram_sockets},
		{"names", names},
		{"dates", dates},
	};

	signal(SIGPIPE, SIG_IGN);
	printf("%s: %d arguments, COLOUR is %s\n", argv[0], argc - 1, getenv("COLOUR"));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int before = failures;

		parts[i].run();
		if (failures == before)
			printf("ok %s\n", parts[i].name);
	}
	printf("%d failed\n", failures);
	return failures;
}
