/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads over kernel threads: they run until they sleep, nothing preempts them. */
#ifndef _PTHREAD_H
#define _PTHREAD_H

#include <bits/types.h>

/* Sizes are glibc's, so that hosted tests link against it. */
typedef union {
	struct {
		unsigned long owner; /* 0: free */
		unsigned int count;  /* depth of a recursive mutex */
		int kind;
		void *waitq;
	} m;
	char __size[40];
	long __align;
} pthread_mutex_t;

typedef union {
	struct {
		unsigned int seq;
		void *waitq;
	} c;
	char __size[48];
	long long __align;
} pthread_cond_t;

typedef union {
	char __size[56];
	struct {
		unsigned long stacksize;
		int detached;
	} a;
	long __align;
} pthread_attr_t;

typedef union {
	char __size[4];
	int kind;
} pthread_mutexattr_t;

typedef union {
	char __size[4];
	int clock;
} pthread_condattr_t;

typedef int pthread_once_t;

#define PTHREAD_MUTEX_INITIALIZER	{ { 0, 0, 0, 0 } }
#define PTHREAD_COND_INITIALIZER	{ { 0, 0 } }
#define PTHREAD_ONCE_INIT		0
#define PTHREAD_CREATE_JOINABLE		0
#define PTHREAD_CREATE_DETACHED		1
#define PTHREAD_MUTEX_NORMAL		0
#define PTHREAD_MUTEX_RECURSIVE		1
#define PTHREAD_MUTEX_ERRORCHECK	2
#define PTHREAD_MUTEX_DEFAULT		PTHREAD_MUTEX_NORMAL

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
		   void *arg);
void pthread_exit(void *ret) __attribute__((noreturn));
int pthread_join(pthread_t thread, void **ret);
int pthread_detach(pthread_t thread);
pthread_t pthread_self(void);
int pthread_equal(pthread_t a, pthread_t b);
int pthread_attr_init(pthread_attr_t *attr);
int pthread_attr_destroy(pthread_attr_t *attr);
int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size);
int pthread_attr_setdetachstate(pthread_attr_t *attr, int state);
int pthread_once(pthread_once_t *once, void (*init)(void));
int sched_yield(void);

int pthread_mutexattr_init(pthread_mutexattr_t *attr);
int pthread_mutexattr_destroy(pthread_mutexattr_t *attr);
int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int kind);
int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr);
int pthread_mutex_destroy(pthread_mutex_t *m);
int pthread_mutex_lock(pthread_mutex_t *m);
int pthread_mutex_trylock(pthread_mutex_t *m);
int pthread_mutex_unlock(pthread_mutex_t *m);

int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr);
int pthread_cond_destroy(pthread_cond_t *c);
int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m, const struct timespec *until);
int pthread_cond_signal(pthread_cond_t *c);
int pthread_cond_broadcast(pthread_cond_t *c);

#endif
