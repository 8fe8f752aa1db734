/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_SOFTIRQ_H
#define BW_KERNEL_SCHED_SOFTIRQ_H

/*
 * Softirqs: work that interrupts raise and that runs with interrupts on, on the way out of the
 * last interrupt, in local_bh_enable(), or in ksoftirqd when it goes on for too long (10 rounds or
 * 2 ms).
 */
#include <kernel/lib/bug.h>

enum softirq_nr { TIMER_SOFTIRQ, NET_TX_SOFTIRQ, NET_RX_SOFTIRQ, TASKLET_SOFTIRQ, NR_SOFTIRQS };

void open_softirq(enum softirq_nr nr, void (*action)(void));
/*
 * Mark pending; any context. From thread context it runs at the next local_bh_enable() or at
 * once.
 */
void raise_softirq(enum softirq_nr nr);

/* Per-CPU state; `bh_count` counts nested disables, `in_softirq` is set while actions run. */
struct softirq_cpu {
	unsigned int bh_count;
	unsigned int hardirq_count;
	bool in_softirq;
	u32 pending;
};
extern struct softirq_cpu softirq_cpu;
/* Run what is pending, now; does nothing where softirqs cannot run. */
void do_softirq(void);

/* Around every hardware interrupt's handlers; irq_exit() runs what they raised. Interrupts off. */
static inline void irq_enter(void)
{
	softirq_cpu.hardirq_count++;
}
void irq_exit(void);
static inline bool in_hardirq(void)
{
	return softirq_cpu.hardirq_count != 0;
}

/*
 * A tasklet: a function that an interrupt leaves for softirq context, run once however often it was
 * scheduled meanwhile. Scheduling in any context.
 */
struct tasklet_struct {
	struct tasklet_struct *next; /* [i] */
	bool scheduled;		     /* [i] */
	void (*func)(struct tasklet_struct *t);
};
void tasklet_setup(struct tasklet_struct *t, void (*func)(struct tasklet_struct *));
void tasklet_schedule(struct tasklet_struct *t);

static inline void local_bh_disable(void)
{
	softirq_cpu.bh_count++;
	barrier();
}
static inline void local_bh_enable(void)
{
	barrier();
	BUG_ON(softirq_cpu.bh_count == 0);
	if (--softirq_cpu.bh_count == 0 && unlikely(softirq_cpu.pending) && !softirq_cpu.in_softirq)
		do_softirq();
}
static inline bool in_softirq(void)
{
	return softirq_cpu.in_softirq;
}
/* True where sleeping is forbidden. */
static inline bool in_atomic(void)
{
	return softirq_cpu.in_softirq || softirq_cpu.bh_count || softirq_cpu.hardirq_count;
}

#endif /* BW_KERNEL_SCHED_SOFTIRQ_H */
