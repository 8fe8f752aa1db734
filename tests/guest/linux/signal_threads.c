// SPDX-License-Identifier: BSD-2-Clause
/*
 * Signals and threads: who takes them, signalfd, masks of the poll family, SIGPIPE, cancellation,
 * timed waits. Runs on Linux and on Barewire; the outputs must be equal.
 */
#include <tests/guest/linux/signal_test.h>

#include <fcntl.h>
#include <sys/select.h>
#include <sys/signalfd.h>

static volatile int handled;
static volatile pid_t handled_by;

static void on(int sig, siginfo_t *i, void *uc)
{
	(void)uc;
	(void)i;
	handled = sig;
	handled_by = gettid();
}

static void install(int sig, int flags)
{
	struct sigaction sa = { .sa_sigaction = on, .sa_flags = SA_SIGINFO | flags };

	sigaction(sig, &sa, NULL);
}

static void block(int how, int sig)
{
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, sig);
	pthread_sigmask(how, &s, NULL);
}

static sigset_t set_of(int a, int b)
{
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, a);
	if (b)
		sigaddset(&s, b);
	return s;
}

static void ms(int n)
{
	struct timespec ts = { .tv_nsec = n * 1000000L };

	while (nanosleep(&ts, &ts) < 0)
		;
}

/* --- who takes it ---------------------------------------------------------------------------- */

static volatile int stop;
static volatile pid_t other_tid;

static void *open_thread(void *arg)
{
	block(SIG_UNBLOCK, SIGUSR1);
	other_tid = gettid();
	while (!stop)
		ms(1);
	return arg;
}

static void *busy_thread(void *arg)
{
	block(SIG_UNBLOCK, SIGUSR1);
	other_tid = gettid();
	while (!stop)
		;
	return arg;
}

static void choose(void *(*fn)(void *), const char *what)
{
	pthread_t t;

	block(SIG_BLOCK, SIGUSR1);
	stop = handled = other_tid = 0;
	pthread_create(&t, NULL, fn, NULL);
	while (!other_tid)
		ms(1);
	kill(getpid(), SIGUSR1);
	while (!handled)
		ms(1);
	printf("%s: by the %s\n", what, handled_by == other_tid ? "other" : "first");
	handled = 0;
	pthread_kill(t, SIGUSR1);
	while (!handled)
		ms(1);
	printf("%s: by the %s\n", what, handled_by == other_tid ? "other" : "first");
	/* Blocked everywhere it waits. */
	stop = 1;
	pthread_join(t, NULL);
	handled = 0;
	kill(getpid(), SIGUSR1);
	ms(5);
	printf("waits: %d\n", handled == 0);
	block(SIG_UNBLOCK, SIGUSR1);
	printf("taken: %d by the %s\n", handled, handled_by == gettid() ? "first" : "other");
}

/* --- signalfd -------------------------------------------------------------------------------- */

static void *sender(void *arg)
{
	union sigval v = { .sival_int = 5 };

	ms(20);
	sigqueue(getpid(), SIGRTMIN + 1, v);
	return arg;
}

static void signalfds(void)
{
	sigset_t s = set_of(SIGUSR2, SIGRTMIN + 1), two = set_of(SIGUSR1, 0);
	struct signalfd_siginfo si[4];
	union sigval v = { .sival_int = 42 };
	pthread_t t;
	int fd;

	SHOW(signalfd(-1, &s, 1));
	SHOW(signalfd(0, &s, 0));
	SHOW(signalfd(99, &s, 0));
	SHOW(syscall(SYS_signalfd4, -1, &s, 4, 0));
	SHOW(syscall(SYS_signalfd4, -1, (void *)8, 8, 0));
	pthread_sigmask(SIG_BLOCK, &s, NULL);
	fd = signalfd(-1, &s, SFD_NONBLOCK | SFD_CLOEXEC);
	printf("flags %x %x\n", fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
	SHOW(read(fd, si, 100));
	SHOW(read(fd, si, sizeof(si)));
	sigqueue(getpid(), SIGRTMIN + 1, v);
	v.sival_int = 43;
	sigqueue(getpid(), SIGRTMIN + 1, v);
	kill(getpid(), SIGUSR2);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	SHOW(poll(&p, 1, 0));
	SHOW(read(fd, si, sizeof(si)));
	for (int i = 0; i < 3; i++)
		printf("  signo %s code %d pid %d uid %d int %d\n",
		       si[i].ssi_signo == SIGUSR2 ? "USR2" : "RT", si[i].ssi_code,
		       (int)si[i].ssi_pid == getpid(), si[i].ssi_uid == getuid(), si[i].ssi_int);
	SHOW(poll(&p, 1, 0));
	SHOW(signalfd(fd, &two, 0) == fd);
	kill(getpid(), SIGUSR2);
	SHOW(poll(&p, 1, 0));
	SHOW(signalfd(fd, &s, 0) == fd);
	SHOW(poll(&p, 1, 0));
	SHOW(read(fd, si, sizeof(si)));
	/* By epoll, and asleep in read. */
	int ep = epoll_create1(0);
	struct epoll_event ev = { .events = EPOLLIN };
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	pthread_create(&t, NULL, sender, NULL);
	SHOW(epoll_wait(ep, &ev, 1, 10000));
	SHOW(read(fd, si, sizeof(si)));
	pthread_join(t, NULL);
	fcntl(fd, F_SETFL, 0);
	pthread_create(&t, NULL, sender, NULL);
	SHOW(read(fd, si, sizeof(si)));
	printf("  int %d\n", si[0].ssi_int);
	pthread_join(t, NULL);
	close(ep);
	close(fd);
	pthread_sigmask(SIG_UNBLOCK, &s, NULL);
}

/* --- masks of calls -------------------------------------------------------------------------- */

static void masks(void)
{
	sigset_t none, now;
	struct pollfd p = { .fd = -1 };
	struct timespec ts = { .tv_sec = 5 }, zero = { 0 };
	struct epoll_event ev;
	int ep = epoll_create1(0);

	install(SIGUSR1, 0);
	sigemptyset(&none);
	block(SIG_BLOCK, SIGUSR1);
	handled = 0;
	kill(getpid(), SIGUSR1);
	SHOW(ppoll(&p, 1, &ts, &none));
	printf("handled %d\n", handled);
	pthread_sigmask(SIG_BLOCK, NULL, &now);
	printf("blocked again %d\n", sigismember(&now, SIGUSR1));
	handled = 0;
	kill(getpid(), SIGUSR1);
	SHOW(pselect(0, NULL, NULL, NULL, &ts, &none));
	printf("handled %d\n", handled);
	handled = 0;
	kill(getpid(), SIGUSR1);
	SHOW(epoll_pwait(ep, &ev, 1, 5000, &none));
	printf("handled %d\n", handled);
	handled = 0;
	kill(getpid(), SIGUSR1);
	SHOW(sigsuspend(&none));
	printf("handled %d\n", handled);
	pthread_sigmask(SIG_BLOCK, NULL, &now);
	printf("blocked again %d\n", sigismember(&now, SIGUSR1));
	handled = 0;
	kill(getpid(), SIGUSR1);
	SHOW(ppoll(&p, 1, &zero, &none));
	printf("handled %d\n", handled);
	block(SIG_UNBLOCK, SIGUSR1);
	printf("handled %d\n", handled);
	close(ep);
}

static void mask_errors(void)
{
	sigset_t usr1 = set_of(SIGUSR1, 0);
	struct pollfd p = { .fd = -1 };
	struct timespec ts = { .tv_nsec = 5000000 }, zero = { 0 }, bad = { .tv_nsec = -1 };
	struct epoll_event ev;
	int ep = epoll_create1(0);

	block(SIG_BLOCK, SIGUSR1);
	/* The mask keeps it out. */
	handled = 0;
	kill(getpid(), SIGUSR1);
	SHOW(ppoll(&p, 1, &ts, &usr1));
	printf("handled %d\n", handled);
	SHOW(sigtimedwait(&usr1, NULL, &zero));
	SHOW(sigtimedwait(&usr1, NULL, &zero));
	SHOW(sigtimedwait(&usr1, NULL, &bad));
	SHOW(syscall(SYS_rt_sigtimedwait, &usr1, NULL, NULL, 4));
	SHOW(syscall(SYS_rt_sigtimedwait, (void *)8, NULL, NULL, 8));
	SHOW(syscall(SYS_rt_sigsuspend, &usr1, 4));
	SHOW(syscall(SYS_ppoll, &p, 1, &zero, &usr1, 4));
	SHOW(syscall(SYS_ppoll, &p, 1, &bad, &usr1, 8));
	SHOW(syscall(SYS_ppoll, &p, 1, &zero, (void *)8, 8));
	SHOW(syscall(SYS_ppoll, &p, 1, (void *)8, &usr1, 8));
	SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, (void *)8));
	SHOW(syscall(SYS_epoll_pwait, ep, &ev, 1, 0, &usr1, 4));
	SHOW(syscall(SYS_epoll_pwait2, ep, &ev, 1, &zero, &usr1, 8));
	SHOW(syscall(SYS_epoll_pwait2, ep, &ev, 1, &bad, &usr1, 8));
	SHOW(syscall(SYS_epoll_pwait2, 99, &ev, 1, &zero, NULL, 0));
	SHOW(syscall(SYS_restart_syscall));
	block(SIG_UNBLOCK, SIGUSR1);
	close(ep);
}

/* --- SIGPIPE --------------------------------------------------------------------------------- */

static void pipes(void)
{
	int p[2], sv[2];

	install(SIGPIPE, 0);
	if (pipe(p) || socketpair(AF_UNIX, SOCK_STREAM, 0, sv))
		exit(1);
	close(p[0]);
	handled = 0;
	SHOW(write(p[1], "x", 1));
	printf("handled %d\n", handled);
	handled = 0;
	SHOW(write(p[1], "x", 0));
	printf("handled %d\n", handled);
	close(sv[0]);
	handled = 0;
	SHOW(write(sv[1], "x", 1));
	printf("handled %d\n", handled);
	handled = 0;
	SHOW(send(sv[1], "x", 1, MSG_NOSIGNAL));
	printf("handled %d\n", handled);
	int t = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(write(t, "x", 1));
	printf("handled %d\n", handled);
	handled = 0;
	signal(SIGPIPE, SIG_IGN);
	SHOW(write(p[1], "x", 1));
	close(t);
	close(sv[1]);
	close(p[1]);
}

/* --- cancellation ---------------------------------------------------------------------------- */

static void cleanup(void *arg)
{
	*(int *)arg = 1;
}

static void *cancel_me(void *arg)
{
	char c;
	int p[2];

	if (pipe(p))
		exit(1);
	pthread_cleanup_push(cleanup, arg);
	other_tid = gettid();
	if (read(p[0], &c, 1) < 0)
		perror("read");
	pthread_cleanup_pop(0);
	return NULL;
}

static void *cancel_busy(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	pthread_cleanup_push(cleanup, arg);
	other_tid = gettid();
	for (;;)
		;
	pthread_cleanup_pop(0);
	return NULL;
}

static void cancel(void *(*fn)(void *))
{
	pthread_t t;
	void *result;
	int cleaned = 0;

	other_tid = 0;
	pthread_create(&t, NULL, fn, &cleaned);
	while (!other_tid)
		ms(1);
	ms(5);
	SHOW(pthread_cancel(t));
	SHOW(pthread_join(t, &result));
	printf("cancelled %d cleaned %d\n", result == PTHREAD_CANCELED, cleaned);
}

/* --- setuid in all threads (glibc's signal 33) ----------------------------------------------- */

static void *id_thread(void *arg)
{
	while (!stop)
		ms(1);
	printf("uid %d\n", getuid() == geteuid());
	return arg;
}

int main(void)
{
	pthread_t t;

	setvbuf(stdout, NULL, _IONBF, 0);
	install(SIGUSR1, SA_RESTART);
	choose(open_thread, "asleep");
	choose(busy_thread, "busy");
	signalfds();
	masks();
	mask_errors();
	pipes();
	cancel(cancel_me);
	cancel(cancel_busy);
	stop = 0;
	pthread_create(&t, NULL, id_thread, NULL);
	SHOW(setgid(getgid()));
	SHOW(setuid(getuid()));
	stop = 1;
	pthread_join(t, NULL);
	printf("done\n");
	return 0;
}
