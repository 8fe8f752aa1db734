/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_SCHED_WAIT_H
#define BW_KERNEL_SCHED_WAIT_H

/*
 * Wait queues with Linux's shape: an entry has a function, so that a wake-up can run code (epoll)
 * instead of waking a thread. Adding and waking in any context; waiting in thread context.
 */
#include <kernel/lib/list.h>
#include <kernel/sched/thread.h>

struct wait_queue_entry;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *e, unsigned int mode, u32 poll_events);
#define WQ_FLAG_EXCLUSIVE 0x1u
#define WQ_FLAG_WOKEN 0x2u

typedef struct wait_queue_entry {
	u32 flags;
	void *private; /* the thread, for the default function */
	wait_queue_func_t func;
	struct list_head entry;
} wait_queue_entry_t;

typedef struct wait_queue_head {
	struct list_head head;
} wait_queue_head_t;

#define DEFINE_WAIT_FUNC(name, f)                                                                  \
	wait_queue_entry_t name = { .private = get_current(), .func = (f),                         \
				    .entry = LIST_HEAD_INIT((name).entry) }
/* Wakes the thread and leaves the queue (autoremove). */
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)

static inline void init_waitqueue_head(wait_queue_head_t *q)
{
	INIT_LIST_HEAD(&q->head);
}
static inline bool waitqueue_active(const wait_queue_head_t *q)
{
	return !list_empty(&q->head);
}
void init_waitqueue_func_entry(wait_queue_entry_t *e, wait_queue_func_t f);
void add_wait_queue(wait_queue_head_t *q, wait_queue_entry_t *e);
void add_wait_queue_exclusive(wait_queue_head_t *q, wait_queue_entry_t *e);
void remove_wait_queue(wait_queue_head_t *q, wait_queue_entry_t *e);
int default_wake_function(wait_queue_entry_t *e, unsigned int mode, u32 poll_events);
int autoremove_wake_function(wait_queue_entry_t *e, unsigned int mode, u32 poll_events);
/*
 * DEFINE_WAIT_FUNC(w, woken_wake_function) with wait_woken(): no lost wake-up between test and
 * sleep.
 */
int woken_wake_function(wait_queue_entry_t *e, unsigned int mode, u32 poll_events);
long wait_woken(wait_queue_entry_t *e, unsigned int mode, long timeout);

void prepare_to_wait(wait_queue_head_t *q, wait_queue_entry_t *e, enum thread_state s);
void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_entry_t *e, enum thread_state s);
void finish_wait(wait_queue_head_t *q, wait_queue_entry_t *e);

/* Call every non-exclusive entry and up to nr_exclusive exclusive ones (0 = all). */
void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, u32 poll_events);
#define wake_up(q) __wake_up(q, 0, 1, 0)
#define wake_up_all(q) __wake_up(q, 0, 0, 0)
#define wake_up_interruptible(q) __wake_up(q, TASK_INTERRUPTIBLE, 1, 0)
#define wake_up_interruptible_all(q) __wake_up(q, TASK_INTERRUPTIBLE, 0, 0)
#define wake_up_interruptible_poll(q, m) __wake_up(q, TASK_INTERRUPTIBLE, 1, m)
#define wake_up_interruptible_sync_poll(q, m) __wake_up(q, TASK_INTERRUPTIBLE, 1, m)

/* Sleep until cond, which is evaluated often; returns 0 or -ERESTARTSYS. */
#define wait_event_interruptible(q, cond)							   \
	({											   \
		int _ret = 0;									   \
		if (!(cond)) {									   \
			DEFINE_WAIT(_w);							   \
			for (;;) {								   \
				prepare_to_wait(q, &_w, TASK_INTERRUPTIBLE);			   \
				if (cond)							   \
					break;							   \
				if (signal_pending(current)) {					   \
					_ret = -ERESTARTSYS;					   \
					break;							   \
				}								   \
				schedule();							   \
			}									   \
			finish_wait(q, &_w);							   \
		}										   \
		_ret;										   \
	})
#define wait_event(q, cond)									   \
	do {											   \
		if (cond)									   \
			break;									   \
		DEFINE_WAIT(_w);								   \
		for (;;) {									   \
			prepare_to_wait(q, &_w, TASK_UNINTERRUPTIBLE);				   \
			if (cond)								   \
				break;								   \
			schedule();								   \
		}										   \
		finish_wait(q, &_w);								   \
	} while (0)

#endif /* BW_KERNEL_SCHED_WAIT_H */
