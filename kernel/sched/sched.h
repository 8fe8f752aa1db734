/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_SCHED_H
#define BW_KERNEL_SCHED_SCHED_H

/*
 * Inside of the scheduler: what start-up and the hosted tests need besides thread.h. What differs
 * between the machine and the hosted tests is named here: stacks and the switch itself (stack.c,
 * switch.S); halting is in irqflags.h.
 */
#include <kernel/sched/thread.h>

#define THREAD_STACK_SIZE (16 * 1024UL)

/*
 * Step by step at start-up, after the memory allocators: sched_init() makes the running context
 * thread 1 ("init"); softirq_init() and workqueue_init() create ksoftirqd and the worker.
 */
void sched_init(void);
void softirq_init(void);
void workqueue_init(void);

/*
 * Save the callee-saved registers and *save_sp, continue where next_sp was saved. Interrupts off.
 */
void thread_switch(void **save_sp, void *next_sp);
/*
 * A stack of THREAD_STACK_SIZE bytes with a guard page below it (lowest usable address), or NULL.
 */
void *thread_stack_alloc(void);
void thread_stack_free(void *stack);
/* Its end, where ring 3's registers (struct pt_regs) lie below. */
void *thread_stack_top(const struct thread *t);
/* Make t->sp such that the first switch to it enters thread_start(). */
void thread_stack_prepare(struct thread *t);
/* C entry of a new thread, interrupts off. */
void __noreturn thread_start(void);

/*
 * Whether the running thread must let others in before it goes on in ring 3; when its slice is not
 * over yet, a timer will say so. Interrupts off.
 */
bool sched_slice_over(void);

/* Run fn on the interrupt stack unless that is in use already; interrupts off. cpu/entry.S. */
void call_on_irq_stack(void (*fn)(void));

#endif /* BW_KERNEL_SCHED_SCHED_H */
