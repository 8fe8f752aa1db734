/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_THREAD_H
#define BW_KERNEL_SCHED_THREAD_H

/*
 * Kernel threads: cooperative, one run queue a CPU, guarded 16 KiB stacks. A thread keeps the CPU
 * until it sleeps, yields or exits; interrupts and softirqs run in between.
 */
#include <kernel/lib/list.h>
#include <kernel/lib/restart.h>
#include <kernel/mm/page_alloc.h>

struct files_struct;
struct mm_struct;
struct net;
struct user_task;

enum thread_state { TASK_RUNNING, TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE, TASK_DEAD };
#define MAX_SCHEDULE_TIMEOUT (~0UL >> 1)

/*
 * Letters: [i] interrupts off, [t] the thread itself, [I] fixed at creation, [p] the program's
 * owner.
 */
struct thread {
	void *sp;		   /* [i] saved stack pointer while not running */
	enum thread_state state;   /* [t] sets sleeping states, [i] wakers set RUNNING */
	int tid;		   /* [I] */
	int tls_errno;		   /* [t] */
	bool on_rq;		   /* [i] on the run queue; the running thread is not */
	bool detached;		   /* [i] */
	bool signal_pending;	   /* a wait must end: a signal, Ctrl-C */
	char name[24];
	struct list_head rq_node;  /* [i] */
	struct list_head all_node; /* [i] sched_cpu.threads */
	void *stack;		   /* [I] lowest usable address; NULL for the boot stack */
	int (*fn)(void *arg);
	void *arg;
	int exit_code;
	struct thread *joiner;	   /* [i] who sleeps in thread_join() */
	struct files_struct *files;/* [p] shared by all threads of one program */
	struct net *net_ns;	   /* [p] namespace of new sockets; NULL means init_net */
	struct list_head *scm_work;/* [t] messages whose files it lets go (net/core/scm.c) */
	struct mm_struct *mm;	   /* [p] a ring 3 program's memory; NULL: the kernel's only */
	struct user_task *user;	   /* [t] its side in ring 3 (kernel/abi/task.h), or NULL */
	struct restart_block restart; /* [t] of an interrupted wait (kernel/lib/restart.h) */
	struct page_frag task_frag;/* [t] what its sends are filling */
	u64 run_cycles;		   /* [i] time on the CPU, in TSC cycles, up to the last switch */
	void *arch;		   /* hosted tests: sanitizer state of the fiber */
};

/* Per-CPU scheduler state. All [i]. */
struct sched_cpu {
	/* the running thread; while the CPU idles, the last one to sleep */
	struct thread *curr;
	unsigned int nr_running;   /* length of the run queue */
	bool need_resched;	   /* the running thread should let others in: cond_resched() */
	/* runnable threads that are not running, first come first served */
	struct list_head rq;
	struct thread *reap;	   /* ended and detached: to be freed once its stack is left */
	struct list_head threads;  /* all of them */
	u64 switched_at;	   /* TSC at the last switch */
	u64 idle_cycles;
	u64 nr_switches;
};
extern struct sched_cpu sched_cpu;

/* The running thread. */
static inline struct thread *get_current(void)
{
	return sched_cpu.curr;
}
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
/*
 * A safe point: gives way if the scheduler asked for it (softirq work is waiting in ksoftirqd) or
 * if this thread ran for more than a slice while others wait. System calls that can return without
 * sleeping pass one, so that a program that only polls does not lock the others out.
 */
#define SCHED_SLICE_MS 4
void __cond_resched(void);
static inline void cond_resched(void)
{
	if (unlikely(sched_cpu.nr_running))
		__cond_resched();
}

/* Leave the CPU; comes back when woken (state must be set before) or at once if RUNNING. */
void schedule(void);
/* Same with a limit in jiffies; returns what is left of it, 0 when it ran out. */
bool schedule_until(unsigned long expires);
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
/* Time a thread has spent on the CPU. */
u64 thread_run_ns(const struct thread *t);
/* Ask a thread to leave its waits with -ERESTARTSYS and its kin. */
void thread_interrupt(struct thread *t);
/* Forget an interrupt that was delivered. */
static inline void clear_signal_pending(void)
{
	get_current()->signal_pending = false;
}

/* Visit every thread; fn must not sleep. */
void for_each_thread(void (*fn)(struct thread *t, void *arg), void *arg);

#endif /* BW_KERNEL_SCHED_THREAD_H */
