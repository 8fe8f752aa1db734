/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wait queues and the mutex. A queue is a list of entries, each with a function that a wake-up
 * calls: the default makes a thread runnable, epoll hangs its own there. Non-exclusive entries
 * stand at the front and are all called; exclusive ones at the back, first come first served, and
 * a wake-up stops after as many of them as it asked for (accept() wakes one thread, not all).
 *
 * No wake-up is lost: the sleeper joins the queue and sets its state before it tests its condition,
 * and a wake-up after that sets the state back to running, so schedule() returns.
 *
 * Lists change with interrupts off, because interrupts wake threads. Wake functions run so, too.
 * Waiting is for thread context, everything else for any.
 */
#include <kernel/sched/lock.h>

void init_waitqueue_func_entry(wait_queue_entry_t *e, wait_queue_func_t f)
{
	e->flags = 0;
	e->private = NULL;
	e->func = f;
	INIT_LIST_HEAD(&e->entry);
}

void add_wait_queue(wait_queue_head_t *q, wait_queue_entry_t *e)
{
	unsigned long flags = local_irq_save();

	e->flags &= ~WQ_FLAG_EXCLUSIVE;
	list_add(&e->entry, &q->head);
	local_irq_restore(flags);
}

void add_wait_queue_exclusive(wait_queue_head_t *q, wait_queue_entry_t *e)
{
	unsigned long flags = local_irq_save();

	e->flags |= WQ_FLAG_EXCLUSIVE;
	list_add_tail(&e->entry, &q->head);
	local_irq_restore(flags);
}

/* Leave the queue; an entry that a wake-up already took off is fine. */
void remove_wait_queue(wait_queue_head_t *q, wait_queue_entry_t *e)
{
	unsigned long flags = local_irq_save();

	BUG_ON(!q->head.next);
	list_del_init(&e->entry);
	local_irq_restore(flags);
}

/* `mode` TASK_INTERRUPTIBLE leaves uninterruptible sleepers alone, 0 wakes both. */
int default_wake_function(wait_queue_entry_t *e, unsigned int mode, u32 poll_events)
{
	struct thread *t = e->private;

	(void)poll_events;
	if (mode == TASK_INTERRUPTIBLE && t->state == TASK_UNINTERRUPTIBLE)
		return 0;
	return wake_up_thread(t);
}

int autoremove_wake_function(wait_queue_entry_t *e, unsigned int mode, u32 poll_events)
{
	int woken = default_wake_function(e, mode, poll_events);

	if (woken)
		list_del_init(&e->entry);
	return woken;
}

int woken_wake_function(wait_queue_entry_t *e, unsigned int mode, u32 poll_events)
{
	e->flags |= WQ_FLAG_WOKEN;
	return default_wake_function(e, mode, poll_events);
}

/*
 * Sleep unless woken since the last call; for an entry with woken_wake_function that stays on its
 * queue over several sleeps. Returns what is left of `timeout` (jiffies).
 */
long wait_woken(wait_queue_entry_t *e, unsigned int mode, long timeout)
{
	set_current_state(mode);
	if (!(e->flags & WQ_FLAG_WOKEN))
		timeout = schedule_timeout(timeout);
	set_current_state(TASK_RUNNING);
	e->flags &= ~WQ_FLAG_WOKEN;
	barrier(); /* the caller tests its condition after this */
	return timeout;
}

void prepare_to_wait(wait_queue_head_t *q, wait_queue_entry_t *e, enum thread_state s)
{
	unsigned long flags = local_irq_save();

	e->flags &= ~WQ_FLAG_EXCLUSIVE;
	if (list_empty(&e->entry))
		list_add(&e->entry, &q->head);
	set_current_state(s);
	local_irq_restore(flags);
}

void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_entry_t *e, enum thread_state s)
{
	unsigned long flags = local_irq_save();

	e->flags |= WQ_FLAG_EXCLUSIVE;
	if (list_empty(&e->entry))
		list_add_tail(&e->entry, &q->head);
	set_current_state(s);
	local_irq_restore(flags);
}

void finish_wait(wait_queue_head_t *q, wait_queue_entry_t *e)
{
	set_current_state(TASK_RUNNING);
	if (!list_empty(&e->entry))
		remove_wait_queue(q, e);
}

void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, u32 poll_events)
{
	wait_queue_entry_t *e, *next;
	unsigned long irqflags;

	if (!waitqueue_active(q))
		return;
	irqflags = local_irq_save();
	list_for_each_entry_safe(e, next, &q->head, entry) {
		bool exclusive = e->flags & WQ_FLAG_EXCLUSIVE;
		int woken = e->func(e, mode, poll_events);

		if (woken < 0)
			break;
		if (woken && exclusive && --nr_exclusive == 0)
			break;
	}
	local_irq_restore(irqflags);
}

void mutex_init(struct mutex *m)
{
	m->owner = NULL;
	init_waitqueue_head(&m->wait);
}

bool mutex_trylock(struct mutex *m)
{
	if (m->owner)
		return false;
	m->owner = current;
	return true;
}

/* First come first served among sleepers; a running thread may still be faster. Sleeps. */
void mutex_lock(struct mutex *m)
{
	BUG_ON(in_atomic());
	BUG_ON(m->owner == current);
	if (!mutex_trylock(m)) {
		DEFINE_WAIT(wait);

		for (;;) {
			prepare_to_wait_exclusive(&m->wait, &wait, TASK_UNINTERRUPTIBLE);
			if (mutex_trylock(m))
				break;
			schedule();
		}
		finish_wait(&m->wait, &wait);
	}
}

void mutex_unlock(struct mutex *m)
{
	BUG_ON(m->owner != current);
	m->owner = NULL;
	wake_up(&m->wait);
}
