// SPDX-License-Identifier: BSD-2-Clause
/*
 * POSIX threads over kernel threads: create, join, detach, exit, self, once.
 *
 * A pthread_t points at a record that the new thread's argument also points at, so pthread_self()
 * finds it through the running kernel thread; the program's first thread has a static one. Thread
 * context. Left out: cancellation, thread-specific data, scheduling attributes; stacks have the
 * kernel's fixed size, so a larger wish fails with EINVAL instead of overflowing later.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <kernel/sched/thread.h>

#define STACK_MAX (16 * 1024UL)

struct record {
	struct thread *thread;
	void *(*start)(void *);
	void *arg;
	void *ret;
	bool detached;
	bool ended;
};

static struct record first_thread;

static int entry(void *arg)
{
	struct record *r = arg;

	pthread_exit(r->start(r->arg));
}

static struct record *self(void)
{
	struct thread *t = get_current();

	return t->fn == entry ? t->arg : &first_thread;
}

pthread_t pthread_self(void)
{
	return (pthread_t)self();
}

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
	struct record *r;

	if (attr && attr->a.stacksize > STACK_MAX)
		return EINVAL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return EAGAIN;
	r->start = start;
	r->arg = arg;
	r->detached = attr && attr->a.detached;
	r->thread = thread_create(entry, r, "pthread");
	if (!r->thread) {
		free(r);
		return EAGAIN;
	}
	*thread = (pthread_t)r;
	if (r->detached)
		thread_detach(r->thread);
	return 0;
}

void pthread_exit(void *ret)
{
	struct record *r = self();

	if (r == &first_thread)
		exit(0);
	r->ret = ret;
	r->ended = true;
	if (r->detached)
		free(r);
	thread_exit(0);
}

int pthread_join(pthread_t thread, void **ret)
{
	struct record *r = (struct record *)thread;

	if (r == self())
		return EDEADLK;
	if (r->detached)
		return EINVAL;
	thread_join(r->thread);
	if (ret)
		*ret = r->ret;
	free(r);
	return 0;
}

int pthread_detach(pthread_t thread)
{
	struct record *r = (struct record *)thread;

	if (r->detached)
		return EINVAL;
	thread_detach(r->thread);
	if (r->ended)
		free(r);
	else
		r->detached = true;
	return 0;
}

int pthread_attr_init(pthread_attr_t *attr)
{
	memset(attr, 0, sizeof(*attr));
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
	attr->a.stacksize = size;
	return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
	if (state != PTHREAD_CREATE_DETACHED && state != PTHREAD_CREATE_JOINABLE)
		return EINVAL;
	attr->a.detached = state;
	return 0;
}

/* 0: not run, 1: running in some thread, 2: done. */
int pthread_once(pthread_once_t *once, void (*init)(void))
{
	while (*once == 1)
		thread_yield();
	if (*once == 0) {
		*once = 1;
		init();
		*once = 2;
	}
	return 0;
}

int sched_yield(void)
{
	thread_yield();
	return 0;
}
