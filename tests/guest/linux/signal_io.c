// SPDX-License-Identifier: BSD-2-Clause
/*
 * SIGIO and SIGURG: owners, O_ASYNC, F_SETSIG, what siginfo says. Runs on Linux and on Barewire;
 * the outputs must be equal.
 */
#include <tests/guest/linux/signal_test.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/ioctl.h>

static volatile int n, sig_of[64], code_of[64], fd_of[64];
static volatile long band_of[64];

static void on(int sig, siginfo_t *i, void *uc)
{
	(void)uc;
	if (n == 64)
		return;
	sig_of[n] = sig;
	code_of[n] = i->si_code;
	band_of[n] = i->si_code > 0 && i->si_code < 7 ? i->si_band : 0;
	fd_of[n] = i->si_code > 0 && i->si_code < 7 ? i->si_fd : 0;
	n++;
}

static void settle(void)
{
	struct timespec ts = { .tv_nsec = 30000000 };

	while (nanosleep(&ts, &ts) < 0)
		;
}

/* Kinds of signals that came, not how many: how events fall together is a matter of time. */
static void came(const char *what, int fd)
{
	settle();
	printf("%s:", what);
	for (int i = 0; i < n; i++) {
		int j;

		for (j = 0; j < i; j++)
			if (sig_of[i] == sig_of[j] && code_of[i] == code_of[j])
				break;
		if (j == i)
			printf(" [%d code %d band %lx fd %s]", sig_of[i], code_of[i], band_of[i],
			       !fd_of[i] ? "0" : fd_of[i] == fd ? "ours" : "other");
	}
	printf("\n");
	n = 0;
}

static void errors(int fd)
{
	struct f_owner_ex o = { .type = 9, .pid = getpid() };
	int on_int = 1, pid = 0;

	SHOW(fcntl(fd, F_GETOWN));
	SHOW(fcntl(fd, F_SETOWN, 999999));
	SHOW(fcntl(fd, F_SETOWN, -2147483647 - 1));
	SHOW(fcntl(fd, F_SETSIG, 65));
	SHOW(fcntl(fd, F_SETSIG, -1));
	SHOW(fcntl(fd, F_GETSIG));
	SHOW(fcntl(fd, F_SETOWN_EX, &o));
	SHOW(fcntl(fd, F_SETOWN_EX, (void *)8));
	o.type = F_OWNER_TID;
	SHOW(fcntl(fd, F_SETOWN_EX, &o));
	o.pid = 0;
	SHOW(fcntl(fd, F_GETOWN_EX, &o));
	printf("owner %d %d\n", o.type, o.pid == getpid());
	SHOW(ioctl(fd, SIOCGPGRP, &pid));
	printf("group %d\n", pid == getpid());
	SHOW(ioctl(fd, FIOASYNC, &on_int));
	printf("async %d\n", !!(fcntl(fd, F_GETFL) & O_ASYNC));
	on_int = 0;
	SHOW(ioctl(fd, FIOASYNC, &on_int));
	printf("async %d\n", !!(fcntl(fd, F_GETFL) & O_ASYNC));
}

int main(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sigaction sa = { .sa_sigaction = on, .sa_flags = SA_SIGINFO | SA_RESTART };
	socklen_t len = sizeof(a);
	int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), s;
	char buf[100];

	setvbuf(stdout, NULL, _IONBF, 0);
	sigaction(SIGIO, &sa, NULL);
	sigaction(SIGURG, &sa, NULL);
	sigaction(SIGRTMIN + 5, &sa, NULL);
	bind(l, (struct sockaddr *)&a, sizeof(a));
	listen(l, 4);
	getsockname(l, (struct sockaddr *)&a, &len);
	errors(l);
	SHOW(fcntl(l, F_SETOWN, getpid()));
	SHOW(fcntl(l, F_SETFL, O_ASYNC));
	connect(c, (struct sockaddr *)&a, sizeof(a));
	came("a connection", l);
	s = accept(l, NULL, NULL);
	fcntl(l, F_SETFL, 0);
	printf("accepted: async %d\n", !!(fcntl(s, F_GETFL) & O_ASYNC));
	SHOW(send(c, "x", 1, 0));
	came("data without a wish", s);
	SHOW(fcntl(s, F_SETOWN, getpid()));
	SHOW(fcntl(s, F_SETSIG, SIGRTMIN + 5));
	SHOW(fcntl(s, F_SETFL, O_ASYNC | O_NONBLOCK));
	SHOW(send(c, "x", 1, 0));
	came("data", s);
	SHOW(read(s, buf, sizeof(buf)));
	SHOW(send(c, "!", 1, MSG_OOB));
	settle();
	for (int i = 0; i < n; i++)
		if (sig_of[i] == SIGURG)
			printf("urgent: code %d\n", code_of[i]);
	n = 0;
	SHOW(recv(s, buf, 1, MSG_OOB));
	shutdown(c, SHUT_WR);
	came("end of file", s);
	SHOW(fcntl(s, F_SETSIG, 0));
	SHOW(fcntl(s, F_SETFL, 0));
	shutdown(s, SHUT_RDWR);
	came("switched off", s);
	printf("done\n");
	return 0;
}
