// SPDX-License-Identifier: BSD-2-Clause
/*
 * futex(2): sleep while a word of the program has a value, wake those who sleep on it. Waiters
 * stand in buckets by hash, each on its own stack, and are woken first come, first served.
 *
 * The kernel is not preempted and page faults do not sleep, so looking at the word and joining the
 * queue is one step, and no lock is needed. A signal ends a wait: without a timeout it begins again
 * (-ERESTARTSYS), with one it goes on to the same moment (restart_syscall).
 *
 * Called through the system call table and by the end of a thread; thread context. Requeue and
 * WAKE_OP are in futex_op.c, priority inheritance in futex_pi.c, robust lists in futex_robust.c.
 * Left out: WAIT_REQUEUE_PI and CMP_REQUEUE_PI (-ENOSYS; no C library uses them any more); a wait
 * on the wall clock goes by what that said when it began.
 */
#include <errno.h>
#include <kernel/abi/futex.h>
#include <kernel/lib/restart.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <kernel/time/clock.h>
#include <kernel/time/hrtimer.h>
#include <linux/futex.h>
#include <time.h>

#define HASH_MULTIPLIER 0x9e3779b97f4a7c15ULL
#define HASH_SHIFT 56 /* leaves the 8 bits of FUTEX_BUCKETS */
#define MAX_WAIT_S (1LL << 32)

static struct list_head buckets[FUTEX_BUCKETS];

struct list_head *futex_bucket_nr(unsigned int n)
{
	struct list_head *b = &buckets[n];

	if (!b->next)
		INIT_LIST_HEAD(b);
	return b;
}

struct list_head *futex_bucket(const struct futex_key *key)
{
	u64 h = ((u64)key->object + key->offset) * HASH_MULTIPLIER;

	static_assert(FUTEX_BUCKETS == 1 << (64 - HASH_SHIFT), "the hash gives a bucket");
	return futex_bucket_nr((unsigned int)(h >> HASH_SHIFT));
}

void futex_queue(struct futex_q *q)
{
	q->thread = current;
	list_add_tail(&q->node, futex_bucket(&q->key));
}

void futex_wake_one(struct futex_q *q)
{
	list_del_init(&q->node);
	if (q->set && !q->set->woken)
		q->set->woken = q;
	wake_up_thread(q->thread);
}

struct futex_timeout {
	struct hrtimer timer;
	struct thread *thread;
};

static void futex_timeout(struct hrtimer *timer)
{
	wake_up_thread(container_of(timer, struct futex_timeout, timer)->thread);
}

int futex_sleep_until(bool (*woken)(const void *arg), const void *arg, u64 deadline)
{
	struct futex_timeout t = { .thread = current };
	int ret = 0;

	hrtimer_setup(&t.timer, futex_timeout);
	if (deadline != FUTEX_FOREVER)
		hrtimer_start(&t.timer, deadline);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (woken(arg))
			break;
		if (deadline != FUTEX_FOREVER && ktime_get_ns() >= deadline)
			ret = -ETIMEDOUT;
		else if (signal_pending(current))
			ret = -EINTR;
		if (ret)
			break;
		schedule();
	}
	set_current_state(TASK_RUNNING);
	hrtimer_cancel(&t.timer);
	return ret;
}

static bool is_woken(const void *q)
{
	return list_empty(&((const struct futex_q *)q)->node);
}

int futex_sleep(struct futex_q *q, u64 deadline)
{
	int ret = futex_sleep_until(is_woken, q, deadline);

	list_del_init(&q->node);
	return ret;
}

static long futex_wait_restart(struct restart_block *r)
{
	const struct futex_wait w = {
		.uaddr = r->ptr,
		.shared = r->flags,
		.val = (u32)r->n,
		.bitset = (u32)(r->n >> 32),
		.deadline = r->deadline,
	};

	return futex_wait(&w);
}

static long wait_interrupted(const struct futex_wait *w)
{
	struct restart_block *r = &current->restart;

	if (w->deadline == FUTEX_FOREVER)
		return -ERESTARTSYS;
	r->fn = futex_wait_restart;
	r->ptr = w->uaddr;
	r->flags = w->shared;
	r->n = w->val | (unsigned long)w->bitset << 32;
	r->deadline = w->deadline;
	return -ERESTART_RESTARTBLOCK;
}

long futex_wait(const struct futex_wait *w)
{
	struct futex_q q = { .bitset = w->bitset };
	u32 value;
	int err;

	if (!w->bitset)
		return -EINVAL;
	err = futex_get_key(w->uaddr, w->shared, &q.key);
	if (err)
		return err;
	if (futex_read(&value, w->uaddr))
		return -EFAULT;
	if (value != w->val)
		return -EAGAIN;
	futex_queue(&q);
	err = futex_sleep(&q, w->deadline);
	return err == -EINTR ? wait_interrupted(w) : err;
}

/* Asked for none it wakes one: Linux counts after the fact, too. */
long futex_wake(u32 *uaddr, bool shared, int nr_wake, u32 bitset)
{
	struct futex_q *q, *next;
	struct futex_key key;
	long woken = 0;
	int err;

	if (!bitset)
		return -EINVAL;
	err = futex_get_key(uaddr, shared, &key);
	if (err)
		return err;
	list_for_each_entry_safe(q, next, futex_bucket(&key), node) {
		if (!futex_same(&q->key, &key))
			continue;
		if (q->pi_tid)
			return -EINVAL;
		if (!(q->bitset & bitset))
			continue;
		futex_wake_one(q);
		if (++woken >= nr_wake)
			break;
	}
	return woken;
}

static u64 deadline_after(u64 ns)
{
	u64 now = ktime_get_ns();

	return ns < FUTEX_FOREVER - 1 - now ? now + ns : FUTEX_FOREVER - 1;
}

static u64 timespec_ns(const struct timespec *ts)
{
	return (u64)min_t(s64, ts->tv_sec, MAX_WAIT_S) * NSEC_PER_SEC + (u64)ts->tv_nsec;
}

u64 futex_deadline(const struct timespec *ts, bool realtime)
{
	u64 ns = timespec_ns(ts), now;

	if (!realtime)
		return ns;
	now = ktime_get_real_ns();
	return deadline_after(ns > now ? ns - now : 0);
}

static bool has_timeout(int cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_LOCK_PI ||
	       cmd == FUTEX_LOCK_PI2 || cmd == FUTEX_WAIT_REQUEUE_PI;
}

/* A program's timeout: relative for WAIT alone. 0, -EFAULT, -EINVAL. */
static int get_deadline(const struct timespec *utime, int op, u64 *deadline)
{
	int cmd = op & FUTEX_CMD_MASK;
	struct timespec ts;

	*deadline = FUTEX_FOREVER;
	if (!utime || !has_timeout(cmd))
		return 0;
	if (copy_from_user(&ts, utime, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= (long)NSEC_PER_SEC)
		return -EINVAL;
	if (cmd == FUTEX_WAIT)
		*deadline = deadline_after(timespec_ns(&ts));
	else
		*deadline = futex_deadline(&ts, (op & FUTEX_CLOCK_REALTIME) ||
							cmd == FUTEX_LOCK_PI);
	return 0;
}

static bool takes_clock(int cmd)
{
	return cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_WAIT_REQUEUE_PI || cmd == FUTEX_LOCK_PI2;
}

/* Where there is no timeout, the pointer's place in the call holds a second count. */
long sys_futex(u32 *uaddr, int op, u32 val, const struct timespec *utime, u32 *uaddr2, u32 val3)
{
	struct futex_pair pair = { uaddr, uaddr2, (int)val, (int)(unsigned long)utime,
				   !(op & FUTEX_PRIVATE_FLAG) };
	struct futex_wait w = { uaddr, pair.shared, val, val3, 0 };
	int cmd = op & FUTEX_CMD_MASK, err = get_deadline(utime, op, &w.deadline);

	if (err)
		return err;
	if ((op & FUTEX_CLOCK_REALTIME) && !takes_clock(cmd))
		return -ENOSYS;
	switch (cmd) {
	case FUTEX_WAIT:
		w.bitset = FUTEX_BITSET_MATCH_ANY;
		return futex_wait(&w);
	case FUTEX_WAIT_BITSET:
		return futex_wait(&w);
	case FUTEX_WAKE:
		return futex_wake(uaddr, pair.shared, (int)val, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET:
		return futex_wake(uaddr, pair.shared, (int)val, val3);
	case FUTEX_REQUEUE:
		return futex_requeue(&pair, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(&pair, &val3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(&pair, val3);
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return futex_lock_pi(uaddr, pair.shared, w.deadline, false);
	case FUTEX_TRYLOCK_PI:
		return futex_lock_pi(uaddr, pair.shared, FUTEX_FOREVER, true);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(uaddr, pair.shared);
	}
	return -ENOSYS;
}
