// SPDX-License-Identifier: BSD-2-Clause
/*
 * POSIX mutexes and condition variables.
 *
 * Threads change only where they sleep, so the state is plain memory; waiters sleep on one of a few
 * wait queues chosen by the object's address, and test their own condition when woken. A condition
 * variable counts its signals: a waiter sleeps until the count it saw has changed, which makes
 * signal and broadcast the same and spurious wake-ups possible, as POSIX allows. Thread context.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <kernel/sched/thread.h>
#include <kernel/sched/wait.h>

#define NR_PARKS 16

static wait_queue_head_t *park_of(const void *object)
{
	static wait_queue_head_t parks[NR_PARKS];
	wait_queue_head_t *q = &parks[((uintptr_t)object >> 6) % NR_PARKS];

	if (!q->head.next)
		init_waitqueue_head(q);
	return q;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
	attr->kind = PTHREAD_MUTEX_DEFAULT;
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int kind)
{
	if (kind < PTHREAD_MUTEX_NORMAL || kind > PTHREAD_MUTEX_ERRORCHECK)
		return EINVAL;
	attr->kind = kind;
	return 0;
}

int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
	memset(m, 0, sizeof(*m));
	m->m.kind = attr ? attr->kind : PTHREAD_MUTEX_DEFAULT;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *m)
{
	return m->m.owner ? EBUSY : 0;
}

int pthread_mutex_trylock(pthread_mutex_t *m)
{
	unsigned long me = (unsigned long)get_current();

	if (!m->m.owner) {
		m->m.owner = me;
		m->m.count = 1;
		return 0;
	}
	if (m->m.owner != me || m->m.kind != PTHREAD_MUTEX_RECURSIVE)
		return EBUSY;
	m->m.count++;
	return 0;
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
	while (pthread_mutex_trylock(m)) {
		if (m->m.owner == (unsigned long)get_current())
			return EDEADLK;
		wait_event(park_of(m), !m->m.owner);
	}
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
	if (m->m.owner != (unsigned long)get_current())
		return EPERM;
	if (--m->m.count)
		return 0;
	m->m.owner = 0;
	if (waitqueue_active(park_of(m)))
		wake_up_all(park_of(m));
	return 0;
}

int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	(void)attr;
	memset(c, 0, sizeof(*c));
	return 0;
}

int pthread_cond_destroy(pthread_cond_t *c)
{
	(void)c;
	return 0;
}

/* Jiffies (milliseconds) until a moment of the wall clock, rounded up; 0 when it has passed. */
static long jiffies_until(const struct timespec *until)
{
	struct timespec now;
	long ms;

	clock_gettime(CLOCK_REALTIME, &now);
	if (until->tv_sec - now.tv_sec > LONG_MAX / 2000)
		return MAX_SCHEDULE_TIMEOUT;
	ms = (until->tv_sec - now.tv_sec) * 1000 +
	     (until->tv_nsec - now.tv_nsec + 999999) / 1000000;
	return ms > 0 ? ms : 0;
}

int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m, const struct timespec *until)
{
	wait_queue_head_t *q = park_of(c);
	unsigned int seen = c->c.seq;
	long left = MAX_SCHEDULE_TIMEOUT;

	if (until && (until->tv_nsec < 0 || until->tv_nsec >= 1000000000))
		return EINVAL;
	pthread_mutex_unlock(m);
	while (c->c.seq == seen) {
		DEFINE_WAIT(w);

		if (until)
			left = jiffies_until(until);
		if (!left)
			break;
		prepare_to_wait(q, &w, TASK_UNINTERRUPTIBLE);
		schedule_timeout(left);
		finish_wait(q, &w);
	}
	pthread_mutex_lock(m);
	return left ? 0 : ETIMEDOUT;
}

int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	return pthread_cond_timedwait(c, m, NULL);
}

int pthread_cond_broadcast(pthread_cond_t *c)
{
	c->c.seq++;
	wake_up_all(park_of(c));
	return 0;
}

int pthread_cond_signal(pthread_cond_t *c)
{
	return pthread_cond_broadcast(c);
}
