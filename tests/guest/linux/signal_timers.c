// SPDX-License-Identifier: BSD-2-Clause
/*
 * Timers: alarm, setitimer, timer_create, timerfd: what they count, what they answer, how they
 * stop; no times. Runs on Linux and on Barewire; the outputs must be equal.
 */
#include <tests/guest/linux/signal_test.h>

#include <fcntl.h>
#include <sys/time.h>
#include <sys/timerfd.h>

static volatile int count, last_code, last_value, last_overrun, last_sig;

static void on(int sig, siginfo_t *i, void *uc)
{
	(void)uc;
	count++;
	last_sig = sig;
	last_code = i->si_code;
	last_value = i->si_code == SI_TIMER ? i->si_value.sival_int : 0;
	last_overrun = i->si_code == SI_TIMER ? i->si_overrun : 0;
}

static void install(int sig)
{
	struct sigaction sa = { .sa_sigaction = on, .sa_flags = SA_SIGINFO };

	sigaction(sig, &sa, NULL);
}

static void until(int n)
{
	sigset_t all, none;

	sigemptyset(&none);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	while (count < n)
		sigsuspend(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void ms(int n)
{
	struct timespec ts = { .tv_sec = n / 1000, .tv_nsec = n % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) < 0)
		;
}

static void alarms(void)
{
	SHOW(alarm(0));
	SHOW(alarm(1000));
	SHOW(alarm(500));
	SHOW(alarm(0));
	SHOW(alarm(0));
	count = 0;
	alarm(1);
	until(1);
	printf("alarm %d: signal %d code %d\n", count, last_sig, last_code);
}

static void itimers(void)
{
	struct itimerval v = { .it_value = { .tv_usec = 1000000 } }, old;

	SHOW(setitimer(ITIMER_REAL, &v, NULL));
	v.it_value.tv_usec = -1;
	SHOW(setitimer(ITIMER_REAL, &v, NULL));
	v.it_value.tv_usec = 3000;
	SHOW(setitimer(9, &v, NULL));
	SHOW(setitimer(ITIMER_REAL, (void *)8, NULL));
	SHOW(getitimer(9, &old));
	SHOW(getitimer(ITIMER_REAL, (void *)8));
	v.it_interval.tv_usec = 2000;
	count = 0;
	SHOW(setitimer(ITIMER_REAL, &v, NULL));
	until(20);
	SHOW(getitimer(ITIMER_REAL, &old));
	printf("interval %ld, value %s\n", (long)old.it_interval.tv_usec,
	       old.it_value.tv_usec > 0 && old.it_value.tv_usec <= 2000 ? "right" : "wrong");
	memset(&v, 0, sizeof(v));
	SHOW(setitimer(ITIMER_REAL, &v, &old));
	printf("interval %ld\n", (long)old.it_interval.tv_usec);
	count = 0;
	ms(20);
	printf("after the end: %d\n", count);
	SHOW(getitimer(ITIMER_REAL, &old));
	printf("%ld %ld\n", (long)old.it_value.tv_sec, (long)old.it_value.tv_usec);
	/* Processor time. */
	for (int which = ITIMER_VIRTUAL; which <= ITIMER_PROF; which++) {
		v.it_value.tv_usec = v.it_interval.tv_usec = 10000;
		count = 0;
		SHOW(setitimer(which, &v, NULL));
		while (count < 3)
			;
		memset(&v, 0, sizeof(v));
		setitimer(which, &v, NULL);
		printf("signal %d code %d\n", last_sig, last_code);
	}
}

static struct sigevent ev;

static void bad_events(void)
{
	timer_t t;
	int kt;

	SHOW(timer_create(77, &ev, &t));
	SHOW(timer_create(CLOCK_MONOTONIC_COARSE, &ev, &t));
	ev.sigev_signo = 99;
	SHOW(timer_create(CLOCK_MONOTONIC, &ev, &t));
	ev.sigev_signo = SIGRTMIN + 3;
	ev.sigev_notify = 55;
	SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &kt));
	SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, (void *)8, &kt));
	ev.sigev_notify = SIGEV_SIGNAL;
	SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, (int *)8));
	ev.sigev_notify = SIGEV_THREAD_ID;
	ev._sigev_un._tid = 123456;
	SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &kt));
	ev.sigev_notify = SIGEV_SIGNAL;
}

static void once_and_again(timer_t t)
{
	struct itimerspec its = { .it_value = { .tv_nsec = 1000000 } }, old;

	SHOW(timer_gettime(t, &old));
	printf("not armed: %ld %ld\n", (long)old.it_value.tv_sec, old.it_value.tv_nsec);
	count = 0;
	SHOW(timer_settime(t, 0, &its, NULL));
	until(1);
	printf("once: signal %d code %d value %d overrun %d\n", last_sig - SIGRTMIN, last_code,
	       last_value, last_overrun);
	its.it_value.tv_nsec = 1000000000;
	SHOW(timer_settime(t, 0, &its, NULL));
	its.it_value.tv_nsec = 500000;
	its.it_interval.tv_nsec = 1000000;
	count = 0;
	SHOW(timer_settime(t, 0, &its, NULL));
	until(10);
	its.it_value.tv_nsec = its.it_interval.tv_nsec = 0;
	SHOW(timer_settime(t, 0, &its, &old));
	printf("old interval %ld\n", old.it_interval.tv_nsec);
}

static void overruns(timer_t t)
{
	struct itimerspec its = { 0 };
	sigset_t block;

	/* Blocked: one signal, the rest is overrun. */
	sigemptyset(&block);
	sigaddset(&block, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &block, NULL);
	its.it_value.tv_nsec = its.it_interval.tv_nsec = 1000000;
	timer_settime(t, 0, &its, NULL);
	ms(60);
	count = 0;
	sigprocmask(SIG_UNBLOCK, &block, NULL);
	printf("overrun %s\n", last_overrun >= 40 ? "many" : "few");
	its.it_value.tv_nsec = its.it_interval.tv_nsec = 0;
	timer_settime(t, 0, &its, NULL);
	SHOW(timer_getoverrun(t));
	/* A moment that is over, and one that is not. */
	count = 0;
	clock_gettime(CLOCK_MONOTONIC, &its.it_value);
	its.it_value.tv_sec -= 1;
	SHOW(timer_settime(t, TIMER_ABSTIME, &its, NULL));
	until(1);
	printf("absolute %d\n", count);
}

static void bad_ids(void)
{
	struct itimerspec its = { 0 }, old;

	SHOW(syscall(SYS_timer_delete, 12345));
	SHOW(syscall(SYS_timer_gettime, 12345, &old));
	SHOW(syscall(SYS_timer_settime, 12345, 0, &its, NULL));
	SHOW(syscall(SYS_timer_getoverrun, 12345));
}

static void kinds(void)
{
	struct itimerspec its = { .it_value = { .tv_nsec = 1000000 } }, old;
	timer_t t, u;

	/* Without a sigevent; to a thread; silent. */
	SHOW(timer_create(CLOCK_REALTIME, NULL, &t));
	count = 0;
	timer_settime(t, 0, &its, NULL);
	until(1);
	printf("default: signal %d code %d\n", last_sig, last_code);
	ev.sigev_notify = SIGEV_THREAD_ID;
	ev._sigev_un._tid = gettid();
	SHOW(timer_create(CLOCK_BOOTTIME, &ev, &u));
	count = 0;
	timer_settime(u, 0, &its, NULL);
	until(1);
	printf("thread: signal %d value %d\n", last_sig - SIGRTMIN, last_value);
	timer_delete(u);
	ev.sigev_notify = SIGEV_NONE;
	SHOW(timer_create(CLOCK_MONOTONIC, &ev, &u));
	its.it_value.tv_sec = 100;
	timer_settime(u, 0, &its, NULL);
	SHOW(timer_gettime(u, &old));
	printf("silent: %s\n", old.it_value.tv_sec >= 90 ? "runs" : "does not");
	timer_delete(u);
	timer_delete(t);
	/* Processor time of the program. */
	ev.sigev_notify = SIGEV_SIGNAL;
	SHOW(timer_create(CLOCK_PROCESS_CPUTIME_ID, &ev, &t));
	its = (struct itimerspec){ .it_value = { .tv_nsec = 10000000 } };
	count = 0;
	timer_settime(t, 0, &its, NULL);
	while (!count)
		;
	printf("processor time: signal %d\n", last_sig - SIGRTMIN);
	timer_delete(t);
}

static void posix(void)
{
	timer_t t;

	ev = (struct sigevent){ .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3,
				.sigev_value = { .sival_int = 77 } };
	bad_events();
	SHOW(timer_create(CLOCK_MONOTONIC, &ev, &t));
	once_and_again(t);
	overruns(t);
	SHOW(timer_delete(t));
	bad_ids();
	kinds();
}

static void fd_errors(int fd)
{
	struct itimerspec its = { .it_value = { .tv_nsec = 1000000 } };
	uint64_t n = 0;
	char small[4];

	SHOW(timerfd_create(77, 0));
	SHOW(timerfd_create(CLOCK_MONOTONIC, 1));
	printf("flags %x %x\n", fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
	SHOW(read(fd, small, sizeof(small)));
	SHOW(read(fd, &n, sizeof(n)));
	SHOW(write(fd, &n, sizeof(n)));
	SHOW(timerfd_settime(fd, 8, &its, NULL));
	SHOW(timerfd_settime(0, 0, &its, NULL));
	SHOW(timerfd_settime(99, 0, &its, NULL));
	SHOW(timerfd_settime(fd, 0, (void *)8, NULL));
	SHOW(timerfd_gettime(fd, (void *)8));
}

static void fd_counts(int fd)
{
	struct itimerspec its = { .it_value = { .tv_nsec = 1000000 } }, old;
	uint64_t n = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	SHOW(poll(&p, 1, 0));
	SHOW(timerfd_settime(fd, 0, &its, &old));
	SHOW(poll(&p, 1, 5000));
	printf("revents %x\n", p.revents);
	SHOW(read(fd, &n, sizeof(n)));
	printf("expired %d\n", (int)n);
	SHOW(read(fd, &n, sizeof(n)));
	its.it_interval.tv_nsec = 1000000;
	SHOW(timerfd_settime(fd, 0, &its, &old));
	printf("old %ld %ld\n", old.it_value.tv_nsec, old.it_interval.tv_nsec);
	ms(60);
	SHOW(timerfd_gettime(fd, &old));
	printf("interval %ld\n", old.it_interval.tv_nsec);
	SHOW(read(fd, &n, sizeof(n)));
	printf("expired %s\n", n >= 40 ? "many" : "few");
}

static void fd_moments(int fd)
{
	struct itimerspec its = { 0 }, old;
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	uint64_t n = 0;
	int ep = epoll_create1(0);
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	for (int i = 0; i < 5; i++) {
		if (epoll_wait(ep, &ev, 1, 5000) != 1 || read(fd, &n, sizeof(n)) != sizeof(n))
			printf("epoll %d failed\n", i);
	}
	SHOW(timerfd_settime(fd, 0, &its, &old));
	printf("old interval %ld\n", old.it_interval.tv_nsec);
	ms(10);
	SHOW(read(fd, &n, sizeof(n)));
	clock_gettime(CLOCK_MONOTONIC, &its.it_value);
	SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL));
	SHOW(poll(&p, 1, 5000));
	SHOW(read(fd, &n, sizeof(n)));
	printf("absolute %d\n", (int)n);
	close(fd);
	fd = timerfd_create(CLOCK_REALTIME, 0);
	clock_gettime(CLOCK_REALTIME, &its.it_value);
	its.it_value.tv_sec += 1;
	SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &its, NULL));
	SHOW(read(fd, &n, sizeof(n)));
	printf("wall %d\n", (int)n);
	close(fd);
}

static void fds(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	fd_errors(fd);
	fd_counts(fd);
	fd_moments(fd);
}

int main(void)
{
	static const int sigs[] = { SIGALRM, SIGVTALRM, SIGPROF };

	setvbuf(stdout, NULL, _IONBF, 0);
	for (int i = 0; i < 3; i++)
		install(sigs[i]);
	install(SIGRTMIN + 3);
	alarms();
	itimers();
	posix();
	fds();
	printf("done\n");
	return 0;
}
