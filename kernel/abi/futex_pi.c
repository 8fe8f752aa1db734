// SPDX-License-Identifier: BSD-2-Clause
/*
 * Locks that the kernel hands over: LOCK_PI, TRYLOCK_PI, UNLOCK_PI of futex(2), for mutexes with
 * PTHREAD_PRIO_INHERIT. The word holds the owner's number; who finds it taken sets FUTEX_WAITERS
 * and sleeps here; who unlocks it gives it to the one that waits longest, by writing its number.
 * There are no priorities to inherit, so the order is first come, first served.
 *
 * Called by futex.c, and by the end of a thread, whose locks go to those who wait. Thread context;
 * only waiting for a lock sleeps.
 */
#include <errno.h>
#include <kernel/abi/futex.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>
#include <kernel/lib/restart.h>
#include <linux/futex.h>

/* The first two that wait for a key. */
struct waiters {
	struct futex_q *first, *second;
};

static struct waiters find_waiters(const struct futex_key *key)
{
	struct waiters w = { 0 };
	struct futex_q *q;

	list_for_each_entry(q, futex_bucket(key), node) {
		if (!futex_same(&q->key, key))
			continue;
		if (w.first) {
			w.second = q;
			break;
		}
		w.first = q;
	}
	return w;
}

/* The lock goes to the first waiter; flags go into the word with its number. */
static int hand_over(struct futex_q *to, bool more, u32 flags)
{
	struct futex_key key = to->key;
	struct futex_q *q;
	int tid = to->pi_tid;

	if (futex_write(to->pi_uaddr, (u32)tid | flags | (more ? FUTEX_WAITERS : 0)))
		return -EFAULT;
	futex_wake_one(to);
	list_for_each_entry(q, futex_bucket(&key), node) {
		if (futex_same(&q->key, &key))
			q->pi_owner = tid;
	}
	return 0;
}

/* Take it, or say who has it: 0, 1 (*owner has it), -EDEADLK, -EFAULT, -EINVAL, -ESRCH. */
static int lock_pi_now(u32 *uaddr, const struct futex_key *key, int *owner)
{
	struct waiters w = find_waiters(key);
	int tid = current_user->tid;
	u32 value;

	if (futex_read(&value, uaddr))
		return -EFAULT;
	*owner = (int)(value & FUTEX_TID_MASK);
	if (*owner == tid)
		return -EDEADLK;
	if (w.first && !w.first->pi_tid)
		return -EINVAL;
	if (!*owner) {
		value = (value & FUTEX_OWNER_DIED) | (u32)tid | (w.first ? FUTEX_WAITERS : 0);
		return futex_write(uaddr, value);
	}
	if (!find_user_task(*owner))
		return -ESRCH;
	return futex_write(uaddr, value | FUTEX_WAITERS) ? -EFAULT : 1;
}

long futex_lock_pi(u32 *uaddr, bool shared, u64 deadline, bool try)
{
	struct futex_q q = { .bitset = FUTEX_BITSET_MATCH_ANY, .pi_uaddr = uaddr };
	int err = futex_get_key(uaddr, shared, &q.key);

	if (err)
		return err;
	err = lock_pi_now(uaddr, &q.key, &q.pi_owner);
	if (err <= 0)
		return err;
	if (try)
		return -EAGAIN;
	q.pi_tid = current_user->tid;
	futex_queue(&q);
	err = futex_sleep(&q, deadline);
	return err == -EINTR ? -ERESTARTNOINTR : err;
}

long futex_unlock_pi(u32 *uaddr, bool shared)
{
	struct futex_key key;
	struct waiters w;
	u32 value;
	int err;

	if (futex_read(&value, uaddr))
		return -EFAULT;
	if ((int)(value & FUTEX_TID_MASK) != current_user->tid)
		return -EPERM;
	err = futex_get_key(uaddr, shared, &key);
	if (err)
		return err;
	w = find_waiters(&key);
	if (!w.first)
		return futex_write(uaddr, 0);
	if (!w.first->pi_tid)
		return -EINVAL;
	return hand_over(w.first, w.second, 0);
}

void futex_pi_exit(int tid)
{
	struct futex_q *q;
	unsigned int n = 0;

	while (n < FUTEX_BUCKETS) {
		struct futex_q *dead = NULL;

		list_for_each_entry(q, futex_bucket_nr(n), node) {
			if (q->pi_tid && q->pi_owner == tid) {
				dead = q;
				break;
			}
		}
		/* Handing over changes the bucket: look again; a word that is gone wakes nobody. */
		if (!dead)
			n++;
		else if (hand_over(dead, find_waiters(&dead->key).second, FUTEX_OWNER_DIED))
			dead->pi_owner = 0;
	}
}
