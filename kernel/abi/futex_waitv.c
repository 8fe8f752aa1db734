// SPDX-License-Identifier: BSD-2-Clause
/*
 * futex_waitv(2): sleep on up to 128 words at once, until one of them is woken; the answer is its
 * index. What Windows' emulators and some game engines ask for, and a select() for futexes.
 *
 * All words are looked at, and all queues joined, in one step before the thread sleeps. Called
 * through the system call table; thread context. Interrupted, the wait begins again
 * (-ERESTARTSYS; its timeout is absolute).
 */
#include <errno.h>
#include <kernel/abi/futex.h>
#include <kernel/lib/restart.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <linux/futex.h>
#include <time.h>

/* What the call works on; too large for the stack. */
struct waitv {
	struct futex_set set;
	unsigned int n;
	struct futex_waitv words[FUTEX_WAITV_MAX];
	struct futex_q queues[FUTEX_WAITV_MAX];
};

static bool any_woken(const void *set)
{
	return ((const struct futex_set *)set)->woken;
}

/* The words as the program gives them. 0, -EFAULT, -EINVAL. */
static int get_words(struct waitv *v, const struct futex_waitv *from)
{
	for (unsigned int i = 0; i < v->n; i++) {
		struct futex_waitv *w = &v->words[i];

		if (copy_from_user(w, &from[i], sizeof(*w)))
			return -EFAULT;
		if ((w->flags & ~(u32)(FUTEX_32 | FUTEX_PRIVATE_FLAG)) || w->__reserved)
			return -EINVAL;
		if (!(w->flags & FUTEX_32) || w->val > UINT32_MAX)
			return -EINVAL;
	}
	return 0;
}

static int get_keys(struct waitv *v)
{
	for (unsigned int i = 0; i < v->n; i++) {
		struct futex_q *q = &v->queues[i];
		int err;

		INIT_LIST_HEAD(&q->node);
		q->bitset = FUTEX_BITSET_MATCH_ANY;
		q->set = &v->set;
		err = futex_get_key((u32 *)v->words[i].uaddr,
				    !(v->words[i].flags & FUTEX_PRIVATE_FLAG), &q->key);
		if (err)
			return err;
	}
	return 0;
}

static int join_queues(struct waitv *v)
{
	u32 value;

	for (unsigned int i = 0; i < v->n; i++) {
		if (futex_read(&value, (u32 *)v->words[i].uaddr))
			return -EFAULT;
		if (value != (u32)v->words[i].val)
			return -EAGAIN;
		futex_queue(&v->queues[i]);
	}
	return 0;
}

static void leave_queues(struct waitv *v)
{
	for (unsigned int i = 0; i < v->n; i++)
		list_del_init(&v->queues[i].node);
}

static long wait_for_any(struct waitv *v, u64 deadline)
{
	int err = get_keys(v);

	if (err)
		return err;
	err = join_queues(v);
	if (!err)
		err = futex_sleep_until(any_woken, &v->set, deadline);
	leave_queues(v);
	if (v->set.woken)
		return v->set.woken - v->queues;
	return err == -EINTR ? -ERESTARTSYS : err;
}

static int get_timeout(const struct timespec *timeout, int clock, u64 *deadline)
{
	struct timespec ts;

	*deadline = FUTEX_FOREVER;
	if (!timeout)
		return 0;
	if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)
		return -EINVAL;
	if (copy_from_user(&ts, timeout, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= (long)NSEC_PER_SEC)
		return -EINVAL;
	*deadline = futex_deadline(&ts, clock == CLOCK_REALTIME);
	return 0;
}

long sys_futex_waitv(const struct futex_waitv *waiters, unsigned int n, unsigned int flags,
		     const struct timespec *timeout, int clock)
{
	struct waitv *v;
	u64 deadline;
	long ret;

	if (flags || !n || n > FUTEX_WAITV_MAX || !waiters)
		return -EINVAL;
	ret = get_timeout(timeout, clock, &deadline);
	if (ret)
		return ret;
	v = kzalloc(sizeof(*v), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	v->n = n;
	ret = get_words(v, waiters);
	if (!ret)
		ret = wait_for_any(v, deadline);
	kfree(v);
	return ret;
}
