// SPDX-License-Identifier: BSD-2-Clause
/*
 * What an interrupted call does: every call that waits, with and without SA_RESTART, with and
 * without a timeout of the socket. A second thread interrupts the first one while it sleeps, and a
 * moment later makes what it waits for come true, if the call may have begun again. Runs on Linux
 * and on Barewire; the outputs must be equal.
 */
#include <tests/guest/linux/signal_test.h>

#include <arpa/inet.h>
#include <semaphore.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>

#define SIZE (1 << 22)

static int fd, peer;		/* of the case */
static char big[SIZE];
static volatile int handled;
static pthread_t waiter;
static volatile pid_t waiter_tid;
static volatile int finished;
static char result[128];
static const char *time_left = "";

static void handler(int sig)
{
	(void)sig;
	handled++;
}

static void ms(int n)
{
	struct timespec ts = { .tv_nsec = n * 1000000L };

	while (syscall(SYS_nanosleep, &ts, &ts) < 0)
		;
}

/* --- the calls ------------------------------------------------------------------------------- */

static long do_read(void)
{
	char c[8];

	return read(fd, c, sizeof(c));
}

static long do_readv(void)
{
	char c[8];
	struct iovec v = { c, sizeof(c) };

	return readv(fd, &v, 1);
}

static long do_recv(void)
{
	char c[8];

	return recv(fd, c, sizeof(c), 0);
}

static long do_recvfrom(void)
{
	char c[8];
	struct sockaddr_storage a;
	socklen_t n = sizeof(a);

	return recvfrom(fd, c, sizeof(c), 0, (struct sockaddr *)&a, &n);
}

static long do_recvmsg(void)
{
	char c[8];
	struct iovec v = { c, sizeof(c) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };

	return recvmsg(fd, &m, 0);
}

static long do_recvmmsg(void)
{
	char c[8];
	struct iovec v = { c, sizeof(c) };
	struct mmsghdr m = { .msg_hdr = { .msg_iov = &v, .msg_iovlen = 1 } };

	return recvmmsg(fd, &m, 1, 0, NULL);
}

static long do_accept(void)
{
	long r = accept(fd, NULL, NULL);

	if (r < 0)
		return r;
	close((int)r);
	return 0;
}

static long do_write(void)
{
	return write(fd, big, 1) == 1 ? 1 : -1;
}

static long do_send_big(void)
{
	return send(fd, big, SIZE, MSG_NOSIGNAL) > 0 ? 1 : -1;
}

static long do_poll(void)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, -1);
}

static long do_poll_time(void)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 60000);
}

static long do_ppoll(void)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return ppoll(&p, 1, NULL, NULL);
}

static long do_select(void)
{
	fd_set s;

	FD_ZERO(&s);
	FD_SET(fd, &s);
	return select(fd + 1, &s, NULL, NULL, NULL);
}

static long do_pselect(void)
{
	fd_set s;
	struct timespec ts = { .tv_sec = 60 };

	FD_ZERO(&s);
	FD_SET(fd, &s);
	return pselect(fd + 1, &s, NULL, NULL, &ts, NULL);
}

static long do_epoll(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(0);
	long r;

	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	r = epoll_wait(ep, &ev, 1, -1);
	int e = errno;
	close(ep);
	errno = e;
	return r;
}

static long do_nanosleep(void)
{
	struct timespec ts = { .tv_sec = 2 }, rem = { .tv_sec = -1 };
	long r = syscall(SYS_nanosleep, &ts, &rem);
	int e = errno;

	if (r < 0)
		time_left = rem.tv_sec == 0 || rem.tv_sec == 1 ? "[time left] " : "[wrong time left] ";
	errno = e;
	return r;
}

static long do_clock_nanosleep(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += 2;
	return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static long do_pause(void)
{
	return pause();
}

static long do_sigsuspend(void)
{
	sigset_t s;

	sigemptyset(&s);
	return sigsuspend(&s);
}

static long do_sigtimedwait(void)
{
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, SIGUSR2);
	return sigtimedwait(&s, NULL, NULL);
}

static long do_sem(void)
{
	static sem_t s;

	sem_init(&s, 0, 0);
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += 2;
	return sem_timedwait(&s, &ts);
}

static long do_unix_connect(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0restart-test" };

	return connect(fd, (struct sockaddr *)&a, sizeof(a.sun_family) + 13);
}

static struct sockaddr_in full_address;

static long do_tcp_connect(void)
{
	long r = connect(fd, (struct sockaddr *)&full_address, sizeof(full_address));
	int e = errno, on = 1;

	if (r < 0) { /* interrupted: it goes on by itself */
		ioctl(fd, FIONBIO, &on);
		if (connect(fd, (struct sockaddr *)&full_address, sizeof(full_address)) < 0)
			time_left = errno == EALREADY ? "[already] " : "[wrong] ";
	}
	errno = e;
	return r;
}

/* --- where they wait ------------------------------------------------------------------------- */

static void make_pair(int family_type)
{
	int sv[2];

	socketpair(AF_UNIX, family_type, 0, sv);
	fd = sv[0];
	peer = sv[1];
}

static void at_unix(void)
{
	make_pair(SOCK_STREAM);
}

static void at_dgram(void)
{
	make_pair(SOCK_DGRAM);
}

static void at_pipe(void)
{
	int p[2];

	if (pipe(p))
		exit(1);
	fd = p[0];
	peer = p[1];
}

static void fill(int f)
{
	int on = 1, off = 0;

	ioctl(f, FIONBIO, &on);
	while (write(f, big, 4096) > 0)
		;
	while (write(f, big, 1) > 0)
		;
	ioctl(f, FIONBIO, &off);
}

static void at_full_pipe(void)
{
	int p[2];

	if (pipe(p))
		exit(1);
	fd = p[1];
	peer = p[0];
	fill(fd);
}

static void at_full_unix(void)
{
	at_unix();
	fill(fd);
}

static void at_eventfd(void)
{
	fd = eventfd(0, 0);
	peer = dup(fd);
}

static void at_timerfd(void)
{
	fd = timerfd_create(CLOCK_MONOTONIC, 0);
	peer = -1;
}

static int tcp_listener(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int l = socket(AF_INET, SOCK_STREAM, 0);

	bind(l, (struct sockaddr *)&a, sizeof(a));
	listen(l, 8);
	return l;
}

static void connect_to(int c, int l)
{
	struct sockaddr_in a;
	socklen_t n = sizeof(a);

	getsockname(l, (struct sockaddr *)&a, &n);
	if (connect(c, (struct sockaddr *)&a, n))
		perror("connect");
}

static void at_tcp(void)
{
	int l = tcp_listener();

	fd = socket(AF_INET, SOCK_STREAM, 0);
	connect_to(fd, l);
	peer = accept(l, NULL, NULL);
	close(l);
}

static void at_udp(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	bind(fd, (struct sockaddr *)&a, sizeof(a));
	getsockname(fd, (struct sockaddr *)&a, &n);
	peer = socket(AF_INET, SOCK_DGRAM, 0);
	connect(peer, (struct sockaddr *)&a, n);
}

static void at_listener(void)
{
	fd = tcp_listener();
	peer = socket(AF_INET, SOCK_STREAM, 0);
}

static void at_unix_listener(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0restart-test" };

	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(fd, (struct sockaddr *)&a, sizeof(a.sun_family) + 13);
	listen(fd, 0);
	peer = socket(AF_UNIX, SOCK_STREAM, 0);
}

/* A listener whose queue is full, so that connect() waits. */
static void at_full_unix_listener(void)
{
	at_unix_listener();
	int first = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0restart-test" };

	connect(first, (struct sockaddr *)&a, sizeof(a.sun_family) + 13);
	int l = fd;
	fd = peer;
	peer = l;
}

/* A listener whose queue is full drops what asks for a connection. */
static void at_full_listener(void)
{
	socklen_t n = sizeof(full_address);
	int first = socket(AF_INET, SOCK_STREAM, 0);

	peer = tcp_listener();
	listen(peer, 0);
	getsockname(peer, (struct sockaddr *)&full_address, &n);
	connect_to(first, peer);
	fd = socket(AF_INET, SOCK_STREAM, 0);
}

/* --- making it come true --------------------------------------------------------------------- */

static void feed(void)
{
	unsigned long one = 1;

	if (write(peer, &one, sizeof(one)) < 0)
		perror("feed");
}

static void drain(void)
{
	int on = 1;

	ioctl(peer, FIONBIO, &on);
	for (int i = 0; i < 20 && !finished; i++) {
		while (read(peer, big + SIZE / 2, SIZE / 2) > 0)
			;
		ms(5);
	}
}

static void dial(void)
{
	connect_to(peer, fd);
}

static void dial_unix(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0restart-test" };

	connect(peer, (struct sockaddr *)&a, sizeof(a.sun_family) + 13);
}

static void take_unix(void)
{
	for (int i = 0; i < 2; i++)
		close(accept(peer, NULL, NULL));
}

static void take_tcp(void)
{
	close(accept(peer, NULL, NULL));
}

static void tick(void)
{
	struct itimerspec its = { .it_value = { .tv_nsec = 1000000 } };

	timerfd_settime(fd, 0, &its, NULL);
}

static void usr2(void)
{
	syscall(SYS_tgkill, getpid(), waiter_tid, SIGUSR2);
}

static void nothing(void)
{
}

static const struct test {
	const char *name;
	void (*where)(void);
	long (*call)(void);
	void (*fulfil)(void);
} tests[] = {
	{ "read pipe", at_pipe, do_read, feed },
	{ "readv pipe", at_pipe, do_readv, feed },
	{ "write pipe", at_full_pipe, do_write, drain },
	{ "read eventfd", at_eventfd, do_read, feed },
	{ "read timerfd", at_timerfd, do_read, tick },
	{ "read unix", at_unix, do_read, feed },
	{ "recv unix", at_unix, do_recv, feed },
	{ "recvmsg unix dgram", at_dgram, do_recvmsg, feed },
	{ "write unix", at_full_unix, do_write, drain },
	{ "accept unix", at_unix_listener, do_accept, dial_unix },
	{ "connect unix", at_full_unix_listener, do_unix_connect, take_unix },
	{ "read tcp", at_tcp, do_read, feed },
	{ "recv tcp", at_tcp, do_recv, feed },
	{ "recvfrom tcp", at_tcp, do_recvfrom, feed },
	{ "recvmsg tcp", at_tcp, do_recvmsg, feed },
	{ "recvmmsg tcp", at_tcp, do_recvmmsg, feed },
	{ "send tcp", at_tcp, do_send_big, drain },
	{ "accept tcp", at_listener, do_accept, dial },
	{ "connect tcp", at_full_listener, do_tcp_connect, take_tcp },
	{ "recv udp", at_udp, do_recv, feed },
	{ "recvfrom udp", at_udp, do_recvfrom, feed },
	{ "recvmsg udp", at_udp, do_recvmsg, feed },
	{ "recvmmsg udp", at_udp, do_recvmmsg, feed },
	{ "poll", at_unix, do_poll, feed },
	{ "poll with a time", at_unix, do_poll_time, feed },
	{ "ppoll", at_unix, do_ppoll, feed },
	{ "select", at_unix, do_select, feed },
	{ "pselect", at_unix, do_pselect, feed },
	{ "epoll_wait", at_unix, do_epoll, feed },
	{ "nanosleep", at_unix, do_nanosleep, nothing },
	{ "clock_nanosleep absolute", at_unix, do_clock_nanosleep, nothing },
	{ "pause", at_unix, do_pause, usr2 },
	{ "sigsuspend", at_unix, do_sigsuspend, usr2 },
	{ "sigtimedwait", at_unix, do_sigtimedwait, usr2 },
	{ "sem_timedwait", at_unix, do_sem, nothing },
};
#define NR_TESTS ((int)(sizeof(tests) / sizeof(tests[0])))

/* --- running them ---------------------------------------------------------------------------- */

static const struct test *volatile job;

static char thread_state(void)
{
	char path[64], line[256], *p;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", waiter_tid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	p = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	fclose(f);
	return p ? p[2] : 0;
}

/* Until it sleeps; where nobody tells, for a while. */
static void wait_asleep(void)
{
	for (int i = 0; i < 200; i++) {
		char c = thread_state();

		ms(c ? 2 : 30);
		if (finished || !c || (c == 'S' && i > 3))
			return;
	}
}

static void *wait_main(void *arg)
{
	sigset_t s;
	long r;

	(void)arg;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	pthread_sigmask(SIG_UNBLOCK, &s, NULL);
	waiter_tid = gettid();
	time_left = "";
	errno = 0;
	r = job->call();
	snprintf(result, sizeof(result), "%s%ld %s", time_left, r,
		 r < 0 ? strerrorname_np(errno) : "");
	finished = 1;
	return NULL;
}

static void run(const struct test *t, int flags, int timeo)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = flags };
	struct timeval tv = { .tv_sec = 60 };

	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	fd = peer = -1;
	t->where();
	if (timeo) {
		if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) ||
		    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)))
			goto out;
	}
	printf("%s%s%s: ", t->name, flags & SA_RESTART ? ", restart" : "", timeo ? ", time" : "");
	handled = finished = 0;
	waiter_tid = 0;
	job = t;
	pthread_create(&waiter, NULL, wait_main, NULL);
	while (!waiter_tid)
		ms(1);
	wait_asleep();
	syscall(SYS_tgkill, getpid(), waiter_tid, SIGUSR1);
	for (int i = 0; i < 500 && !handled; i++)
		ms(2);
	wait_asleep();
	printf("handled %d, ended %d: ", handled, finished);
	if (!finished)
		t->fulfil();
	pthread_join(waiter, NULL);
	printf("%s\n", result);
out:
	close(fd);
	close(peer);
}

/* A signal with no handler to run: the call goes on as if nothing had been. */
static void run_ignored(const struct test *t)
{
	fd = peer = -1;
	t->where();
	printf("%s, ignored: ", t->name);
	signal(SIGUSR1, SIG_IGN);
	handled = finished = 0;
	waiter_tid = 0;
	job = t;
	pthread_create(&waiter, NULL, wait_main, NULL);
	while (!waiter_tid)
		ms(1);
	wait_asleep();
	syscall(SYS_tgkill, getpid(), waiter_tid, SIGUSR1);
	syscall(SYS_tgkill, getpid(), waiter_tid, SIGWINCH);
	wait_asleep();
	printf("ended %d: ", finished);
	if (!finished)
		t->fulfil();
	pthread_join(waiter, NULL);
	printf("%s\n", result);
	close(fd);
	close(peer);
}

int main(void)
{
	sigset_t s;

	setvbuf(stdout, NULL, _IONBF, 0);
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &s, NULL);
	for (int i = 0; i < NR_TESTS; i++) {
		run(&tests[i], 0, 0);
		run(&tests[i], SA_RESTART, 0);
		if (tests[i].where == at_tcp || tests[i].where == at_udp ||
		    tests[i].where == at_listener || tests[i].where == at_dgram ||
		    tests[i].where == at_full_listener) {
			run(&tests[i], 0, 1);
			run(&tests[i], SA_RESTART, 1);
		}
		if (tests[i].call != do_pause && tests[i].call != do_sigsuspend)
			run_ignored(&tests[i]);
	}
	printf("done\n");
	return 0;
}
