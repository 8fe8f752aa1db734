/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_LOCK_H
#define BW_KERNEL_SCHED_LOCK_H

/*
 * Locks. One CPU today: a spin lock disables softirqs (the _bh forms) or just records its owner,
 * and asserts what SMP would deadlock on. Mutexes sleep.
 */
#include <kernel/sched/irqflags.h>
#include <kernel/sched/softirq.h>
#include <kernel/sched/wait.h>

typedef struct {
	bool locked;
} spinlock_t;
#define SPINLOCK_INIT { false }

static inline void spin_lock_init(spinlock_t *l)
{
	l->locked = false;
}
static inline void spin_lock(spinlock_t *l)
{
	BUG_ON(l->locked);
	l->locked = true;
}
static inline void spin_unlock(spinlock_t *l)
{
	BUG_ON(!l->locked);
	l->locked = false;
}
static inline void spin_lock_bh(spinlock_t *l)
{
	local_bh_disable();
	spin_lock(l);
}
static inline void spin_unlock_bh(spinlock_t *l)
{
	spin_unlock(l);
	local_bh_enable();
}
#define lockdep_assert_held(l) BUG_ON(!(l)->locked)

/* Also against hard interrupts; flags carry the previous interrupt state. */
static inline unsigned long spin_lock_irqsave(spinlock_t *l)
{
	unsigned long flags = local_irq_save();

	spin_lock(l);
	return flags;
}
static inline void spin_unlock_irqrestore(spinlock_t *l, unsigned long flags)
{
	spin_unlock(l);
	local_irq_restore(flags);
}

struct mutex {
	struct thread *owner;
	wait_queue_head_t wait;
};
void mutex_init(struct mutex *m);
void mutex_lock(struct mutex *m); /* sleeps */
bool mutex_trylock(struct mutex *m);
void mutex_unlock(struct mutex *m);

#endif /* BW_KERNEL_SCHED_LOCK_H */
