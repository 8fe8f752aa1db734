/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_SCHED_H
#define BW_KERNEL_SCHED_SCHED_H

/*
 * Inside of the scheduler: what start-up, interrupt entry and the hosted tests need besides
 * thread.h. Everything that differs between the machine and the hosted tests is named here:
 * thread stacks, the switch itself and what the idle thread does.
 */
#include <kernel/sched/thread.h>

#define THREAD_STACK_SIZE (16 * 1024UL)
#define THREAD_SLICE_MS 4 /* a thread that ran this long while others wait gets need_resched */

/*
 * Step by step at start-up: sched_init() makes the running context thread 1 ("init") and creates the
 * idle thread; softirq_init() and workqueue_init() create ksoftirqd and the worker.
 */
void sched_init(void);
void softirq_init(void);
void workqueue_init(void);

/* Save the callee-saved registers and *save_sp, continue at next_sp. switch.S. */
void thread_switch(void **save_sp, void *next_sp);
/* First code of a thread: pops into thread_start(). switch.S. */
void thread_trampoline(void);
/* C entry of a new thread, interrupts off. */
void __noreturn thread_start(void);

/* A stack of THREAD_STACK_SIZE bytes with a guard page below it (lowest usable address), or NULL. */
void *thread_stack_alloc(void);
void thread_stack_free(void *stack);
/* Around the switch; nothing on the machine, sanitizer bookkeeping in the hosted tests. */
void thread_switch_begin(struct thread *prev, struct thread *next);
void thread_switch_end(struct thread *now);

/* Called by the idle thread with interrupts off and nothing to run; returns with interrupts on. */
void arch_idle(void);

/* Slice accounting, from the timer softirq: asks a thread that ran too long to yield. */
void sched_tick(u64 now_ns);

/* Visit every thread, idle included. */
void for_each_thread(void (*fn)(struct thread *t, void *arg), void *arg);

#endif /* BW_KERNEL_SCHED_SCHED_H */
