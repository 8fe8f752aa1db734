// SPDX-License-Identifier: BSD-2-Clause
/*
 * The operations of futex(2) on two words: REQUEUE and CMP_REQUEUE move waiters from one to the
 * other, WAKE_OP changes the second and wakes those of the first, and of the second if its old
 * value compares. What C libraries build condition variables from.
 *
 * Called by futex.c in thread context; nothing sleeps, so each is one step.
 */
#include <errno.h>
#include <kernel/abi/futex.h>
#include <kernel/mm/uaccess.h>
#include <linux/futex.h>

/* WAKE_OP's argument: op, comparison, and two signed numbers of 12 bits. */
#define OP_OF(e) ((e) >> 28 & 7)
#define OP_SHIFTED(e) ((e) >> 28 & FUTEX_OP_OPARG_SHIFT)
#define CMP_OF(e) ((e) >> 24 & 0xf)
#define OPARG_OF(e) ((int)((e) << 8) >> 20)
#define CMPARG_OF(e) ((int)((e) << 20) >> 20)

static int get_keys(const struct futex_pair *p, struct futex_key *one, struct futex_key *two)
{
	int err = futex_get_key(p->uaddr, p->shared, one);

	return err ? err : futex_get_key(p->uaddr2, p->shared, two);
}

static void move_waiter(struct futex_q *q, const struct futex_key *to)
{
	struct list_head *from = futex_bucket(&q->key), *bucket = futex_bucket(to);

	q->key = *to;
	if (bucket != from) {
		list_del(&q->node);
		list_add_tail(&q->node, bucket);
	}
}

long futex_requeue(const struct futex_pair *pair, const u32 *cmp)
{
	struct futex_key one, two;
	struct futex_q *q, *next;
	int done = 0, err;
	u32 value;

	if (pair->nr_wake < 0 || pair->nr_second < 0)
		return -EINVAL;
	err = get_keys(pair, &one, &two);
	if (err)
		return err;
	if (cmp && futex_read(&value, pair->uaddr))
		return -EFAULT;
	if (cmp && value != *cmp)
		return -EAGAIN;
	list_for_each_entry_safe(q, next, futex_bucket(&one), node) {
		if (done - pair->nr_wake >= pair->nr_second)
			break;
		if (!futex_same(&q->key, &one))
			continue;
		if (q->pi_tid)
			return -EINVAL;
		if (++done <= pair->nr_wake)
			futex_wake_one(q);
		else
			move_waiter(q, &two);
	}
	return done;
}

static bool compare(u32 op, int old, int with, int *err)
{
	switch (CMP_OF(op)) {
	case FUTEX_OP_CMP_EQ:
		return old == with;
	case FUTEX_OP_CMP_NE:
		return old != with;
	case FUTEX_OP_CMP_LT:
		return old < with;
	case FUTEX_OP_CMP_GE:
		return old >= with;
	case FUTEX_OP_CMP_LE:
		return old <= with;
	case FUTEX_OP_CMP_GT:
		return old > with;
	}
	*err = -ENOSYS;
	return false;
}

/* Do to the word what op says; whether its old value compares. 0, 1, -EFAULT, -ENOSYS. */
static int change_word(u32 *uaddr, u32 op)
{
	u32 arg = (u32)OPARG_OF(op), old, new;
	int err = 0, match;

	if (OP_SHIFTED(op))
		arg = 1u << (arg & 31);
	if (futex_read(&old, uaddr))
		return -EFAULT;
	switch (OP_OF(op)) {
	case FUTEX_OP_SET:
		new = arg;
		break;
	case FUTEX_OP_ADD:
		new = old + arg;
		break;
	case FUTEX_OP_OR:
		new = old | arg;
		break;
	case FUTEX_OP_ANDN:
		new = old & ~arg;
		break;
	case FUTEX_OP_XOR:
		new = old ^ arg;
		break;
	default:
		return -ENOSYS;
	}
	if (futex_write(uaddr, new))
		return -EFAULT;
	match = compare(op, (int)old, CMPARG_OF(op), &err);
	return err ? err : match;
}

long futex_wake_op(const struct futex_pair *pair, u32 op)
{
	struct futex_key one, two;
	long first, second;
	int err = get_keys(pair, &one, &two), match;

	if (err)
		return err;
	match = change_word(pair->uaddr2, op);
	if (match < 0)
		return match;
	first = futex_wake(pair->uaddr, pair->shared, pair->nr_wake, FUTEX_BITSET_MATCH_ANY);
	if (first < 0 || !match)
		return first;
	second = futex_wake(pair->uaddr2, pair->shared, pair->nr_second, FUTEX_BITSET_MATCH_ANY);
	return second < 0 ? second : first + second;
}
