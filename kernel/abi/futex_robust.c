// SPDX-License-Identifier: BSD-2-Clause
/*
 * Locks of a thread that ends: its robust list (set_robust_list(2)), a list in the program's memory
 * of the locks that it holds. Each gets FUTEX_OWNER_DIED instead of the owner's number and wakes
 * one waiter. Then clear_child_tid: the word that says that the thread is there becomes 0, which
 * wakes who joins it.
 *
 * The list is the program's, so anything may be in it: it is followed for a bounded number of
 * entries and left where it faults. Called by exit.c in thread context; nothing sleeps.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/futex.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>
#include <kernel/mm/uaccess.h>
#include <linux/futex.h>

#define ENTRY_PI 1UL /* bit 0 of an entry's address: a lock of LOCK_PI */

/* A pointer of the list: where it leads, and of which kind what is there is. */
struct entry {
	unsigned long addr;
	bool pi;
};

static int fetch_entry(struct entry *e, const void *from)
{
	unsigned long value;

	if (copy_from_user(&value, from, sizeof(value)))
		return -EFAULT;
	e->addr = value & ~ENTRY_PI;
	e->pi = value & ENTRY_PI;
	return 0;
}

/* One lock. pending: the thread was about to take or to give it back. 0, or -EFAULT. */
static int lock_owner_died(const struct entry *e, long offset, int tid, bool pending)
{
	u32 *uaddr = (u32 *)(e->addr + (unsigned long)offset), value;

	if (!IS_ALIGNED((unsigned long)uaddr, sizeof(*uaddr)) || futex_read(&value, uaddr))
		return -EFAULT;
	/* Given back, but who should have been woken was not. */
	if (pending && !e->pi && !value) {
		futex_wake(uaddr, true, 1, FUTEX_BITSET_MATCH_ANY);
		return 0;
	}
	if ((int)(value & FUTEX_TID_MASK) != tid)
		return 0;
	if (futex_write(uaddr, (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED))
		return -EFAULT;
	if (!e->pi && (value & FUTEX_WAITERS))
		futex_wake(uaddr, true, 1, FUTEX_BITSET_MATCH_ANY);
	return 0;
}

void exit_robust_list(const void *list, int tid)
{
	const struct robust_list_head *head = list;
	struct entry e, next = { 0 }, pending;
	int err;
	long offset;

	if (fetch_entry(&e, &head->list.next) || fetch_entry(&pending, &head->list_op_pending) ||
	    copy_from_user(&offset, &head->futex_offset, sizeof(offset)))
		return;
	for (int n = 0; n < ROBUST_LIST_LIMIT && e.addr != (unsigned long)&head->list; n++) {
		/* Before its memory can be given back by who gets the lock. */
		err = fetch_entry(&next, (const void *)e.addr);
		if (e.addr != pending.addr && lock_owner_died(&e, offset, tid, false))
			return;
		if (err)
			return;
		e = next;
	}
	if (pending.addr)
		lock_owner_died(&pending, offset, tid, true);
}

void futex_exit_thread(struct user_task *u)
{
	u32 *tid_word = (u32 *)u->clear_child_tid;

	if (u->robust_list)
		exit_robust_list(u->robust_list, u->tid);
	u->robust_list = NULL;
	futex_pi_exit(u->tid);
	if (tid_word && u->process->nr_tasks > 1 && !futex_write(tid_word, 0))
		futex_wake(tid_word, true, 1, FUTEX_BITSET_MATCH_ANY);
	u->clear_child_tid = NULL;
}

long sys_set_robust_list(void *head, size_t len)
{
	if (len != sizeof(struct robust_list_head))
		return -EINVAL;
	current_user->robust_list = head;
	return 0;
}

long sys_get_robust_list(int pid, void **head, size_t *len)
{
	const struct user_task *u = find_user_task(pid);
	const size_t size = sizeof(struct robust_list_head);

	if (!u)
		return -ESRCH;
	if (copy_to_user(len, &size, sizeof(size)))
		return -EFAULT;
	return copy_to_user(head, &u->robust_list, sizeof(*head));
}
