/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deferred work: softirqs and interrupts queue an item here when what it does may sleep (take a
 * mutex, wait for a device). One worker thread runs the items in order. A delayed item is a timer
 * that queues it. An item may queue itself again or free itself from its own function.
 *
 * Queueing in any context; cancelling sleeps.
 */
#include <kernel/lib/bug.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sched/lock.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/workqueue.h>
#include <kernel/time/clock.h>

static struct {
	struct list_head items;	     /* [i] interrupts off */
	struct work_struct *running; /* [i] */
	struct work_struct *cancelled; /* [i] may not be queued now */
	struct mutex cancel_lock;
	struct thread *worker;
	wait_queue_head_t more; /* the worker sleeps here */
	wait_queue_head_t done; /* cancel_work_sync() sleeps here */
} wq = {
	.items = LIST_HEAD_INIT(wq.items),
	.more = { LIST_HEAD_INIT(wq.more.head) },
	.done = { LIST_HEAD_INIT(wq.done.head) },
	.cancel_lock = { .wait = { LIST_HEAD_INIT(wq.cancel_lock.wait.head) } },
};

static struct work_struct *take_item(void)
{
	unsigned long flags = local_irq_save();
	struct work_struct *w = list_first_entry_or_null(&wq.items, struct work_struct, entry);

	if (w)
		list_del_init(&w->entry);
	wq.running = w;
	local_irq_restore(flags);
	return w;
}

static int worker_main(void *arg)
{
	(void)arg;
	for (;;) {
		struct work_struct *w;

		wait_event(&wq.more, !list_empty(&wq.items));
		while ((w = take_item())) {
			w->func(w);
			wq.running = NULL;
			wake_up_all(&wq.done);
			cond_resched();
		}
	}
	return 0;
}

/* Create the worker; work queued before waits for it. */
void workqueue_init(void)
{
	wq.worker = thread_create(worker_main, NULL, "kworker");
	BUG_ON(!wq.worker);
}

void INIT_WORK(struct work_struct *w, void (*fn)(struct work_struct *))
{
	INIT_LIST_HEAD(&w->entry);
	w->func = fn;
}

static void delayed_work_timer(struct timer_list *t)
{
	struct delayed_work *dw = from_timer(dw, t, timer);

	schedule_work(&dw->work);
}

void INIT_DELAYED_WORK(struct delayed_work *w, void (*fn)(struct work_struct *))
{
	INIT_WORK(&w->work, fn);
	timer_setup(&w->timer, delayed_work_timer, 0);
}

bool schedule_work(struct work_struct *w)
{
	unsigned long flags = local_irq_save();
	bool queued = list_empty(&w->entry) && w != wq.cancelled;

	if (queued) {
		list_add_tail(&w->entry, &wq.items);
		wake_up(&wq.more);
	}
	local_irq_restore(flags);
	return queued;
}

bool mod_delayed_work(struct delayed_work *w, unsigned long delay)
{
	if (!delay) {
		del_timer(&w->timer);
		return schedule_work(&w->work);
	}
	return mod_timer(&w->timer, jiffies + delay);
}

static void unqueue(struct work_struct *w)
{
	unsigned long flags = local_irq_save();

	list_del_init(&w->entry);
	local_irq_restore(flags);
}

void cancel_work_sync(struct work_struct *w)
{
	/* From its own function there is nothing to wait for. */
	if (current == wq.worker) {
		unqueue(w);
		return;
	}
	mutex_lock(&wq.cancel_lock);
	wq.cancelled = w; /* it may try to queue itself again */
	unqueue(w);
	wait_event(&wq.done, wq.running != w);
	wq.cancelled = NULL;
	mutex_unlock(&wq.cancel_lock);
}

void cancel_delayed_work_sync(struct delayed_work *w)
{
	do {
		del_timer_sync(&w->timer);
		cancel_work_sync(&w->work);
	} while (timer_pending(&w->timer));
}
