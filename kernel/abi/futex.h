/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_FUTEX_H
#define BW_KERNEL_ABI_FUTEX_H

/*
 * Inside of futex(2): what its files share, and what the end of a thread calls. Thread context;
 * waiting sleeps, everything else is one step between threads, also where it reads or writes the
 * program's memory: that is what makes the checks below atomic.
 */
#include <kernel/lib/list.h>
#include <kernel/lib/types.h>

struct futex_waitv;
struct thread;
struct timespec;
struct user_task;

/*
 * Which word is meant. A word of private memory is known by its address, one in a shared mapping
 * by the object and the offset in it, so that two mappings of the same file meet.
 */
struct futex_key {
	const void *object; /* address space, or what is mapped */
	u64 offset;	    /* of the word; its low bits are FUT_OFF_* */
};
#define FUT_OFF_SHARED 0x1u /* asked for as shared: never meets a private one, as on Linux */

/* Several that one thread waits for: the first to be woken ends the wait (futex_waitv.c). */
struct futex_set {
	struct futex_q *woken;
};

/* One waiting thread, on its stack. */
struct futex_q {
	struct list_head node;	/* its bucket; empty once woken */
	struct futex_key key;
	struct thread *thread;
	u32 bitset;
	/* LOCK_PI: the waiter's number (0: a plain waiter), whose lock it is, and the word */
	int pi_tid, pi_owner;
	u32 *pi_uaddr;
	struct futex_set *set; /* futex_waitv(2): one of several; NULL: alone */
};

#define FUTEX_FOREVER (~0ULL) /* as a deadline in monotonic nanoseconds */

/* 0, -EINVAL (not aligned), -EFAULT (cannot be a program's address, or nothing is there). */
int futex_get_key(u32 *uaddr, bool shared, struct futex_key *key);
static inline bool futex_same(const struct futex_key *a, const struct futex_key *b)
{
	return a->object == b->object && a->offset == b->offset;
}
/* Where those who wait for a key stand, first come first served, between those of other keys. */
struct list_head *futex_bucket(const struct futex_key *key);
#define FUTEX_BUCKETS 256
struct list_head *futex_bucket_nr(unsigned int n);

/* The word: 0 or -EFAULT. */
int futex_read(u32 *value, const u32 *uaddr);
int futex_write(u32 *uaddr, u32 value);

void futex_queue(struct futex_q *q);
/* Take it off its queue and make its thread runnable. */
void futex_wake_one(struct futex_q *q);
/* Sleep until woken (0), the deadline (-ETIMEDOUT) or a signal (-EINTR); q is off its queue. */
int futex_sleep(struct futex_q *q, u64 deadline);
/*
 * The same for a thread on several queues: sleeps until *woken is set; takes nothing off a queue.
 */
int futex_sleep_until(bool (*woken)(const void *arg), const void *arg, u64 deadline);
/* The deadline that a program's absolute time of a clock means. */
u64 futex_deadline(const struct timespec *ts, bool realtime);

struct futex_wait {
	u32 *uaddr;
	bool shared;
	u32 val, bitset;
	u64 deadline;
};
long futex_wait(const struct futex_wait *w);
long futex_wake(u32 *uaddr, bool shared, int nr_wake, u32 bitset);

/* futex_op.c; cmp: the value that must be there, NULL: any. */
struct futex_pair {
	u32 *uaddr, *uaddr2;
	int nr_wake, nr_second;
	bool shared;
};
long futex_requeue(const struct futex_pair *pair, const u32 *cmp);
long futex_wake_op(const struct futex_pair *pair, u32 op);

/* futex_pi.c */
long futex_lock_pi(u32 *uaddr, bool shared, u64 deadline, bool try);
long futex_unlock_pi(u32 *uaddr, bool shared);
/* The locks of a thread that ends, on which others wait, go to these. */
void futex_pi_exit(int tid);

/* futex_robust.c: a thread ends; its locks go to others, and who joins it is woken. */
void futex_exit_thread(struct user_task *u);
void exit_robust_list(const void *head, int tid);

long sys_futex(u32 *uaddr, int op, u32 val, const struct timespec *utime, u32 *uaddr2, u32 val3);
long sys_futex_waitv(const struct futex_waitv *waiters, unsigned int n, unsigned int flags,
		     const struct timespec *timeout, int clock);

#endif /* BW_KERNEL_ABI_FUTEX_H */
