/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that end while a timer of theirs (SIGEV_THREAD_ID) goes on sending them a signal: the
 * signal that comes at the last moment must not be left in the queue of a thread that is gone.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define THREADS 1500

/* Musl and glibc name the field differently; the kernel's layout is one. */
struct kernel_sigevent {
	union sigval value;
	int signo, notify, tid;
	char rest[44];
};

static void *with_timer(void *arg)
{
	struct kernel_sigevent ev = { .signo = SIGRTMIN + 3, .notify = 4 };
	struct itimerspec its = { { 0, 3000 }, { 0, 1 + (long)arg % 50 * 1000 } };
	sigset_t all;
	int id;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	ev.tid = (int)syscall(SYS_gettid);
	if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &id) ||
	    syscall(SYS_timer_settime, id, 0, &its, NULL))
		exit(1);
	return (void *)(long)id;
}

int main(void)
{
	for (long i = 0; i < THREADS; i++) {
		pthread_t t;
		void *id;

		if (pthread_create(&t, NULL, with_timer, (void *)i) || pthread_join(t, &id))
			return 1;
		if (i % 2 && syscall(SYS_timer_delete, (int)(long)id))
			return 1;
	}
	puts("all threads ended");
	return 0;
}
