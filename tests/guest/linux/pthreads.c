// SPDX-License-Identifier: BSD-2-Clause
/*
 * What POSIX threads ask of the kernel, by the C library's own functions: mutexes of every kind,
 * condition variables with timeouts on both clocks, read-write locks, barriers, semaphores,
 * thread-local storage, robust and priority-inheriting mutexes, cancellation, threads that end
 * before and after the first one, and threads that compute without ever making a call.
 *
 * What it prints is the same on every system; the guest tests compare it with this one's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MANY 16
#define ROUNDS 2000

static void say(const char *what, long value)
{
	printf("%s: %ld\n", what, value);
}

static void run(int n, void *(*fn)(void *))
{
	pthread_t t[MANY];

	for (int i = 0; i < n; i++)
		pthread_create(&t[i], NULL, fn, (void *)(intptr_t)i);
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
}

/* --- mutexes --- */

static pthread_mutex_t lock;
static long counter;

static void *count_up(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		long was = counter;

		if (i % 64 == 0)
			sched_yield();
		counter = was + 1;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void test_mutex(const char *name, int type, int protocol, int shared)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, type);
	pthread_mutexattr_setprotocol(&a, protocol);
	pthread_mutexattr_setpshared(&a, shared);
	say(name, pthread_mutex_init(&lock, &a));
	counter = 0;
	run(MANY, count_up);
	say("  counted", counter);
	say("  lock", pthread_mutex_lock(&lock));
	if (type != PTHREAD_MUTEX_NORMAL)
		say("  again", pthread_mutex_lock(&lock));
	say("  try", pthread_mutex_trylock(&lock));
	say("  unlock", pthread_mutex_unlock(&lock));
}

static void *try_timed(void *arg)
{
	struct timespec ts;

	(void)arg;
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += 20000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	say("  timed lock of a held mutex", pthread_mutex_timedlock(&lock, &ts));
	return NULL;
}

static void *die_with_lock(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	return NULL;
}

static void test_robust(const char *name, int protocol)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setprotocol(&a, protocol);
	say(name, pthread_mutex_init(&lock, &a));
	run(1, die_with_lock);
	say("  lock of the dead", pthread_mutex_lock(&lock) == EOWNERDEAD);
	say("  consistent", pthread_mutex_consistent(&lock));
	say("  unlock", pthread_mutex_unlock(&lock));
	run(1, die_with_lock);
	say("  lock of the dead", pthread_mutex_lock(&lock) == EOWNERDEAD);
	say("  unlock", pthread_mutex_unlock(&lock));
	say("  not recoverable", pthread_mutex_lock(&lock) == ENOTRECOVERABLE);
}

/* --- condition variables --- */

static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t cond_lock = PTHREAD_MUTEX_INITIALIZER;
static int ball;

static void *play(void *arg)
{
	int me = (int)(intptr_t)arg;

	pthread_mutex_lock(&cond_lock);
	for (int i = 0; i < 200; i++) {
		while (ball % 2 != me)
			pthread_cond_wait(&cond, &cond_lock);
		ball++;
		pthread_cond_broadcast(&cond);
	}
	pthread_mutex_unlock(&cond_lock);
	return NULL;
}

static void test_cond_timeout(clockid_t clock)
{
	struct timespec start, end;
	pthread_condattr_t a;
	pthread_cond_t c;
	long ns;

	pthread_condattr_init(&a);
	pthread_condattr_setclock(&a, clock);
	pthread_cond_init(&c, &a);
	clock_gettime(clock, &start);
	end = start;
	end.tv_nsec += 30000000;
	if (end.tv_nsec >= 1000000000) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&cond_lock);
	say("cond: timed out", pthread_cond_timedwait(&c, &cond_lock, &end) == ETIMEDOUT);
	pthread_mutex_unlock(&cond_lock);
	clock_gettime(clock, &end);
	ns = (end.tv_sec - start.tv_sec) * 1000000000L + end.tv_nsec - start.tv_nsec;
	say("cond: not too early", ns >= 30000000);
}

/* --- the others --- */

static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static long pair[2];
static int torn;

static void *read_or_write(void *arg)
{
	int me = (int)(intptr_t)arg;

	for (int i = 0; i < 300; i++) {
		if (me % 4 == 0) {
			pthread_rwlock_wrlock(&rw);
			pair[0]++;
			sched_yield();
			pair[1]++;
		} else {
			pthread_rwlock_rdlock(&rw);
			if (pair[0] != pair[1])
				torn++;
		}
		pthread_rwlock_unlock(&rw);
	}
	return NULL;
}

static pthread_barrier_t barrier;
static int serial, phase_sum[4];

static void *march(void *arg)
{
	(void)arg;
	for (int phase = 0; phase < 4; phase++) {
		__atomic_fetch_add(&phase_sum[phase], 1, __ATOMIC_RELAXED);
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_fetch_add(&serial, 1, __ATOMIC_RELAXED);
		if (phase_sum[phase] != MANY)
			torn++;
	}
	return NULL;
}

static sem_t full, room;
static long slots[4], taken;

static void *consume(void *arg)
{
	(void)arg;
	for (int i = 0; i < 500; i++) {
		sem_wait(&full);
		taken += slots[i % 4];
		sem_post(&room);
	}
	return NULL;
}

static __thread long own = 7;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int destroyed, made;

static void destroy(void *value)
{
	__atomic_fetch_add(&destroyed, (int)(intptr_t)value, __ATOMIC_RELAXED);
}

static void make(void)
{
	made++;
	pthread_key_create(&key, destroy);
}

static void *keep_own(void *arg)
{
	pthread_once(&once, make);
	pthread_setspecific(key, (void *)((intptr_t)arg + 1));
	own += (intptr_t)arg;
	for (int i = 0; i < 10; i++)
		sched_yield();
	if (own != 7 + (intptr_t)arg)
		torn++;
	return NULL;
}

/* --- computing without calls: each must see the others move --- */

static volatile long spun[4];
static volatile int stop;

static void *spin(void *arg)
{
	int me = (int)(intptr_t)arg;

	while (!stop)
		spun[me]++;
	return NULL;
}

static void test_fair(void)
{
	pthread_t t[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, spin, (void *)(intptr_t)i);
	for (int i = 0; i < 4; i++) {
		while (spun[i] < 1000)
			;
	}
	/* And all of them go on. */
	for (int i = 0; i < 4; i++) {
		for (long was = spun[i]; spun[i] == was;)
			;
	}
	stop = 1;
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	say("four threads that only compute: all move", 1);
}

/* The x87 and SSE state is each thread's own while they take turns. */
static void *compute(void *arg)
{
	volatile double x = 1.0 + (double)(intptr_t)arg, sum = 0;
	volatile long double y = 0;

	for (int i = 1; i < 200000; i++) {
		sum += x / i;
		y += x;
	}
	if ((long)(y / x + 0.5L) != 199999 || (long)(sum / x * 1000) != 12783)
		torn++;
	return NULL;
}

/* --- cancellation --- */

static int cleaned;

static void clean(void *arg)
{
	(void)arg;
	cleaned++;
}

static void *sleep_long(void *arg)
{
	pthread_cleanup_push(clean, NULL);
	if (arg)
		pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	while (arg)
		;
	sleep(1000);
	pthread_cleanup_pop(0);
	return NULL;
}

static void test_cancel(int asynchronous)
{
	struct timespec ts = { 0, 20000000 };
	void *result;
	pthread_t t;

	pthread_create(&t, NULL, sleep_long, (void *)(intptr_t)asynchronous);
	nanosleep(&ts, NULL);
	say("cancel", pthread_cancel(t));
	say("  join", pthread_join(t, &result));
	say("  canceled", result == PTHREAD_CANCELED);
	say("  cleaned", cleaned);
}

/* A semaphore in a file that is mapped at two addresses: who waits at one is woken at the other. */
static void *post(void *arg)
{
	struct timespec ts = { 0, 20000000 };

	nanosleep(&ts, NULL);
	sem_post(arg);
	return NULL;
}

static void test_two_mappings(void)
{
	int fd = memfd_create("shared", 0), prot = PROT_READ | PROT_WRITE;
	sem_t *here, *there;
	pthread_t t;

	if (fd < 0 || ftruncate(fd, 8192)) {
		say("memfd", -1);
		return;
	}
	here = mmap(NULL, 8192, prot, MAP_SHARED, fd, 0);
	there = mmap(NULL, 4096, prot, MAP_SHARED, fd, 4096);
	here = (sem_t *)((char *)here + 4096);
	say("two addresses", here != there);
	sem_init(here, 1, 0);
	pthread_create(&t, NULL, post, there);
	say("woken through the other", sem_wait(here));
	pthread_join(t, NULL);
	close(fd);
}

static void test_names(void)
{
	char name[16];

	say("name", pthread_setname_np(pthread_self(), "fifteen-letters"));
	say("too long", pthread_setname_np(pthread_self(), "sixteen-letters!"));
	pthread_getname_np(pthread_self(), name, sizeof(name));
	printf("name: %s\n", name);
	say("pid is tid", getpid() == (pid_t)syscall(SYS_gettid));
}

static void *last_one(void *arg)
{
	struct timespec ts = { 0, 50000000 };

	(void)arg;
	nanosleep(&ts, NULL); /* the first thread is gone by now */
	printf("the last thread speaks\n");
	fflush(stdout);
	exit(0);
}

static void test_locks(void)
{
	pthread_t t;

	test_mutex("normal mutex", PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, 0);
	test_mutex("shared mutex", PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, 1);
	test_mutex("recursive mutex", PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE, 0);
	test_mutex("checking mutex", PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, 0);
	test_mutex("inheriting mutex", PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_INHERIT, 0);
	pthread_mutex_lock(&lock);
	pthread_create(&t, NULL, try_timed, NULL);
	pthread_join(t, NULL);
	pthread_mutex_unlock(&lock);
	test_robust("robust mutex", PTHREAD_PRIO_NONE);
	test_robust("robust inheriting mutex", PTHREAD_PRIO_INHERIT);
}

int main(void)
{
	pthread_t t;

	test_locks();
	run(2, play);
	say("ball", ball);
	test_cond_timeout(CLOCK_REALTIME);
	test_cond_timeout(CLOCK_MONOTONIC);
	run(MANY, read_or_write);
	say("rwlock: written", pair[0]);
	pthread_barrier_init(&barrier, NULL, MANY);
	run(MANY, march);
	say("barrier: serial threads", serial);
	sem_init(&full, 0, 0);
	sem_init(&room, 0, 4);
	pthread_create(&t, NULL, consume, NULL);
	for (int i = 0; i < 500; i++) {
		sem_wait(&room);
		slots[i % 4] = i;
		sem_post(&full);
	}
	pthread_join(t, NULL);
	say("semaphore: sum", taken);
	run(MANY, keep_own);
	say("once", made);
	say("own values destroyed", destroyed);
	test_fair();
	run(MANY, compute);
	say("torn", torn);
	test_cancel(0);
	test_cancel(1);
	test_two_mappings();
	test_names();
	pthread_create(&t, NULL, last_one, NULL);
	fflush(stdout);
	pthread_exit(NULL);
}
