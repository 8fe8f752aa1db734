/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_THREAD_H
#define BW_KERNEL_SCHED_THREAD_H

/*
 * Kernel threads: cooperative, one run queue a CPU, guarded 16 KiB stacks. A thread keeps the CPU
 * until it sleeps, yields or exits; interrupts and softirqs run in between.
 */
#include <kernel/lib/list.h>

struct files_struct;
struct net;

enum thread_state { TASK_RUNNING, TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE, TASK_DEAD };
#define MAX_SCHEDULE_TIMEOUT (~0UL >> 1)

struct thread {
	void *sp;		   /* saved stack pointer while not running */
	enum thread_state state;
	int tid;
	int tls_errno;
	bool on_rq;
	bool detached;
	bool signal_pending;	   /* a wait must end with -EINTR (Ctrl-C, pthread_cancel) */
	char name[24];
	struct list_head rq_node;
	struct list_head all_node;
	void *stack;
	int (*fn)(void *arg);
	void *arg;
	int exit_code;
	void *join_wq;		   /* wait queue of the joiner */
	struct files_struct *files;/* shared by all threads of one program */
	struct net *net_ns;	   /* namespace of new sockets; NULL means init_net */
	u64 run_ns;
};

/* The running thread. */
struct thread *get_current(void);
#define current get_current()
static inline bool signal_pending(struct thread *t)
{
	return t->signal_pending;
}
int *thread_errno(void);

/* Make a runnable thread; NULL when out of memory. It inherits files and net_ns of the caller. */
struct thread *thread_create(int (*fn)(void *), void *arg, const char *fmt, ...) __printf(3, 4);
/* Wait for its end and free it; returns its exit code. Sleeps. */
int thread_join(struct thread *t);
/* Free it by itself when it ends. */
void thread_detach(struct thread *t);
void __noreturn thread_exit(int code);
/* Give way to other runnable threads. */
void thread_yield(void);

/* Leave the CPU; comes back when woken (state must be set before) or at once if RUNNING. */
void schedule(void);
/* Same with a limit in jiffies; returns what is left of it, 0 when it ran out. */
long schedule_timeout(long timeout);
/* Make runnable if it sleeps; any context. Returns whether it did. */
bool wake_up_thread(struct thread *t);
static inline void set_current_state(enum thread_state s)
{
	get_current()->state = s;
	barrier();
}
/* Sleep for at least this long; returns early only when signalled. */
void msleep(unsigned int ms);
/* Ask a thread to leave its waits with -EINTR. */
void thread_interrupt(struct thread *t);

#endif /* BW_KERNEL_SCHED_THREAD_H */
