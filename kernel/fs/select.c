// SPDX-License-Identifier: BSD-2-Clause
/*
 * poll and select: ask every file, sleep on the wait queues of all of them, ask again.
 *
 * The first round asks with a poll_table whose qproc puts an entry on each wait queue the file
 * names; later rounds, and any round once something is ready, only ask. An entry's wake function
 * looks at the events of the wake-up, so that a write-space event does not wake a reader. Entries
 * hold a reference on their file: another thread may close the descriptor meanwhile.
 *
 * Called by libc and the system call table, thread context; sleeps. Timeouts never end early: the
 * sleep is in whole jiffies, the deadline in nanoseconds, rounded up.
 *
 * A signal ends the wait with -ERESTARTNOHAND; poll then goes on with the time that is left where
 * no handler ran. ppoll and pselect6 are in kernel/abi/signal_poll.c.
 */
#include <errno.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/poll.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>

#define N_INLINE_POLL_ENTRIES 8
#define DEFAULT_POLLMASK (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)

struct poll_wqueues;

struct poll_entry {
	wait_queue_entry_t wait;
	wait_queue_head_t *queue;
	struct file *file; /* reference held */
	u32 key;
	struct poll_wqueues *pwq;
};

struct poll_page {
	struct poll_page *next;
	unsigned int used;
	struct poll_entry entries[];
};
#define ENTRIES_PER_PAGE ((PAGE_SIZE - sizeof(struct poll_page)) / sizeof(struct poll_entry))

/* One call's registrations. */
struct poll_wqueues {
	struct poll_table pt;
	struct thread *task;
	bool triggered; /* [a] a wake-up came since the last round began */
	int error;	/* no memory for an entry */
	unsigned int inline_used;
	struct poll_page *pages;
	struct poll_entry inline_entries[N_INLINE_POLL_ENTRIES];
};

/* Any context. */
static int pollwake(wait_queue_entry_t *e, unsigned int mode, u32 events)
{
	struct poll_entry *entry = container_of(e, struct poll_entry, wait);

	(void)mode;
	if (events && !(events & entry->key))
		return 0;
	entry->pwq->triggered = true;
	return wake_up_thread(entry->pwq->task);
}

static struct poll_entry *poll_get_entry(struct poll_wqueues *pwq)
{
	struct poll_page *page = pwq->pages;

	if (pwq->inline_used < N_INLINE_POLL_ENTRIES)
		return &pwq->inline_entries[pwq->inline_used++];
	if (!page || page->used == ENTRIES_PER_PAGE) {
		page = page_alloc(GFP_KERNEL, 0);
		if (!page) {
			pwq->error = -ENOMEM;
			return NULL;
		}
		page->next = pwq->pages;
		page->used = 0;
		pwq->pages = page;
	}
	return &page->entries[page->used++];
}

static void pollwait(struct file *f, wait_queue_head_t *q, struct poll_table *pt)
{
	struct poll_wqueues *pwq = container_of(pt, struct poll_wqueues, pt);
	struct poll_entry *entry = poll_get_entry(pwq);

	if (!entry)
		return;
	entry->queue = q;
	entry->file = get_file(f);
	entry->key = pt->key;
	entry->pwq = pwq;
	init_waitqueue_func_entry(&entry->wait, pollwake);
	add_wait_queue(q, &entry->wait);
}

static void poll_initwait(struct poll_wqueues *pwq)
{
	pwq->pt.qproc = pollwait;
	pwq->pt.key = ~0u;
	pwq->task = current;
	pwq->triggered = false;
	pwq->error = 0;
	pwq->inline_used = 0;
	pwq->pages = NULL;
}

static void poll_free_entry(struct poll_entry *entry)
{
	remove_wait_queue(entry->queue, &entry->wait);
	fput(entry->file);
}

static void poll_freewait(struct poll_wqueues *pwq)
{
	struct poll_page *page;
	unsigned int n;

	for (n = 0; n < pwq->inline_used; n++)
		poll_free_entry(&pwq->inline_entries[n]);
	while ((page = pwq->pages)) {
		for (n = 0; n < page->used; n++)
			poll_free_entry(&page->entries[n]);
		pwq->pages = page->next;
		page_free(page, 0);
	}
}

u64 poll_deadline(u64 ns)
{
	u64 deadline;

	if (!ns)
		return DEADLINE_NOW;
	if (__builtin_add_overflow(ktime_get_ns(), ns, &deadline))
		return DEADLINE_NONE;
	return deadline;
}

/* Sleep until a wake-up or the deadline. False when the deadline has passed. */
static bool poll_schedule_timeout(struct poll_wqueues *pwq, u64 deadline)
{
	bool more = true;

	set_current_state(TASK_INTERRUPTIBLE);
	if (pwq->triggered || signal_pending(current)) {
		set_current_state(TASK_RUNNING);
	} else if (deadline == DEADLINE_NONE) {
		schedule();
	} else {
		more = ktime_get_ns() < deadline && schedule_until(deadline_jiffies(deadline));
		set_current_state(TASK_RUNNING);
	}
	pwq->triggered = false;
	return more;
}

/* Ready events of an open file among those in filter; registers while pt->qproc is set. */
static u32 poll_file(struct file *f, u32 filter, struct poll_table *pt)
{
	pt->key = filter;
	return (f->f_op->poll ? f->f_op->poll(f, pt) : DEFAULT_POLLMASK) & filter;
}

/* One descriptor of poll(). */
static u32 do_pollfd(struct pollfd *p, struct poll_table *pt)
{
	struct file *f;
	u32 mask;

	if (p->fd < 0)
		return 0;
	f = fget(p->fd);
	if (!f)
		return POLLNVAL;
	mask = poll_file(f, (u16)p->events | POLLERR | POLLHUP, pt);
	fput(f);
	return mask;
}

/* Rounds until something is ready. Number of ready descriptors, or -ERESTARTNOHAND/-ENOMEM. */
static long do_poll(struct pollfd *fds, unsigned long nfds, struct poll_wqueues *pwq, u64 deadline)
{
	bool waiting = deadline > 0;
	long ready = 0;
	unsigned long n;

	if (!waiting)
		pwq->pt.qproc = NULL;
	for (;;) {
		for (n = 0; n < nfds; n++) {
			fds[n].revents = (short)do_pollfd(&fds[n], &pwq->pt);
			if (fds[n].revents) {
				ready++;
				pwq->pt.qproc = NULL;
			}
		}
		pwq->pt.qproc = NULL; /* everything is registered by now */
		if (ready)
			return ready;
		if (pwq->error)
			return pwq->error;
		if (signal_pending(current)) /* as Linux, also where the time is over */
			return -ERESTARTNOHAND;
		if (!waiting)
			return 0;
		waiting = poll_schedule_timeout(pwq, deadline);
	}
}

long do_sys_poll(struct pollfd *ufds, unsigned long nfds, u64 deadline)
{
	struct pollfd few[16], *fds = few;
	struct poll_wqueues pwq;
	unsigned long n;
	long ret;

	cond_resched();
	if (nfds > files_max(current->files))
		return -EINVAL;
	if (nfds > ARRAY_SIZE(few))
		fds = kmalloc(nfds * sizeof(*fds), GFP_KERNEL);
	if (!fds)
		return -ENOMEM;
	ret = copy_from_user(fds, ufds, nfds * sizeof(*fds));
	if (!ret) {
		poll_initwait(&pwq);
		ret = do_poll(fds, nfds, &pwq, deadline);
		poll_freewait(&pwq);
	}
	for (n = 0; (ret >= 0 || ret == -ERESTARTNOHAND) && n < nfds; n++)
		if (copy_to_user(&ufds[n].revents, &fds[n].revents, sizeof(fds[n].revents)))
			ret = -EFAULT;
	if (fds != few)
		kfree(fds);
	return ret;
}

static long poll_restart(struct restart_block *r)
{
	long ret = do_sys_poll(r->ptr, r->n, r->deadline);

	return ret == -ERESTARTNOHAND ? -ERESTART_RESTARTBLOCK : ret;
}

long sys_poll(struct pollfd *ufds, unsigned long nfds, int timeout_ms)
{
	u64 deadline = DEADLINE_NONE;
	long ret;

	if (timeout_ms >= 0)
		deadline = poll_deadline((u64)timeout_ms * NSEC_PER_MSEC);
	ret = do_sys_poll(ufds, nfds, deadline);
	if (ret != -ERESTARTNOHAND)
		return ret;
	current->restart.fn = poll_restart;
	current->restart.deadline = deadline;
	current->restart.ptr = ufds;
	current->restart.n = nfds;
	return -ERESTART_RESTARTBLOCK;
}

/* select(): three sets asked for, three sets of answers, all of `words` words. */
enum { SET_IN, SET_OUT, SET_EX };
#define SELECT_STACK_WORDS 6

struct select_sets {
	unsigned long *in[NR_SELECT_SETS];
	unsigned long *res[NR_SELECT_SETS];
	unsigned int words;
};
static const u32 select_events[NR_SELECT_SETS] = {
	[SET_IN] = POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR,
	[SET_OUT] = POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR,
	[SET_EX] = POLLPRI,
};

/* Ask one descriptor; number of sets it is ready in, or -EBADF. */
static long select_fd(struct select_sets *s, unsigned int fd, struct poll_table *pt)
{
	unsigned long bit = 1UL << (fd % 64);
	struct file *f = fget((int)fd);
	u32 mask, filter = 0;
	long ready = 0;
	int k;

	if (!f)
		return -EBADF;
	for (k = 0; k < NR_SELECT_SETS; k++)
		if (s->in[k][fd / 64] & bit)
			filter |= select_events[k];
	mask = poll_file(f, filter | POLLERR | POLLHUP, pt);
	fput(f);
	for (k = 0; k < NR_SELECT_SETS; k++) {
		if (!(s->in[k][fd / 64] & bit) || !(mask & select_events[k]))
			continue;
		s->res[k][fd / 64] |= bit;
		ready++;
	}
	return ready;
}

/* One round over all descriptors of the sets. */
static long select_round(struct select_sets *s, struct poll_table *pt)
{
	unsigned long wanted;
	long ready = 0, ret;
	unsigned int word;

	for (word = 0; word < s->words; word++) {
		wanted = s->in[SET_IN][word] | s->in[SET_OUT][word] | s->in[SET_EX][word];
		for (; wanted; wanted &= wanted - 1) {
			ret = select_fd(s, word * 64 + (unsigned int)__builtin_ctzl(wanted), pt);
			if (ret < 0)
				return ret;
			ready += ret;
			if (ready)
				pt->qproc = NULL;
		}
	}
	pt->qproc = NULL;
	return ready;
}

static long do_select(struct select_sets *s, u64 deadline)
{
	bool waiting = deadline > 0;
	struct poll_wqueues pwq;
	long ret;

	poll_initwait(&pwq);
	if (!waiting)
		pwq.pt.qproc = NULL;
	for (;;) {
		ret = select_round(s, &pwq.pt);
		if (ret)
			break;
		ret = pwq.error;
		if (!ret && signal_pending(current))
			ret = -ERESTARTNOHAND;
		if (ret || !waiting)
			break;
		waiting = poll_schedule_timeout(&pwq, deadline);
	}
	poll_freewait(&pwq);
	return ret;
}

/* Copy the program's sets in, select, copy the answers out. */
static long core_select(unsigned int n, void *usets[NR_SELECT_SETS], u64 deadline)
{
	unsigned long few[NR_SELECT_SETS * 2 * SELECT_STACK_WORDS] = { 0 }, *bits = few;
	struct select_sets s = { .words = DIV_ROUND_UP(n, 64u) };
	size_t bytes = s.words * sizeof(long);
	long ret = 0;
	int k;

	if (s.words > SELECT_STACK_WORDS)
		bits = kcalloc(NR_SELECT_SETS * 2, bytes, GFP_KERNEL);
	if (!bits)
		return -ENOMEM;
	for (k = 0; k < NR_SELECT_SETS && !ret; k++) {
		s.in[k] = bits + (unsigned int)k * s.words;
		s.res[k] = bits + (unsigned int)(k + NR_SELECT_SETS) * s.words;
		if (usets[k])
			ret = copy_from_user(s.in[k], usets[k], bytes);
		if (n % 64)
			s.in[k][s.words - 1] &= (1UL << (n % 64)) - 1;
	}
	if (!ret)
		ret = do_select(&s, deadline);
	for (k = 0; k < NR_SELECT_SETS && ret >= 0; k++)
		if (usets[k] && copy_to_user(usets[k], s.res[k], bytes))
			ret = -EFAULT;
	if (bits != few)
		kfree(bits);
	return ret;
}

/* As Linux, tell the program how much of its timeout is left. */
static int select_time_left(struct timeval *utv, u64 deadline)
{
	u64 now = ktime_get_ns(), left = deadline > now ? deadline - now : 0;
	struct timeval tv = { .tv_sec = (time_t)(left / NSEC_PER_SEC),
			      .tv_usec = (suseconds_t)(left % NSEC_PER_SEC / NSEC_PER_USEC) };

	return copy_to_user(utv, &tv, sizeof(tv));
}

long do_sys_select(int n, void *usets[NR_SELECT_SETS], u64 deadline)
{
	cond_resched();
	if (n < 0)
		return -EINVAL;
	n = min_t(int, n, current->files ? (int)current->files->max_fds : 0);
	return core_select((unsigned int)n, usets, deadline);
}

long sys_select(int n, void *rfds, void *wfds, void *efds, struct timeval *utv)
{
	void *usets[NR_SELECT_SETS] = { rfds, wfds, efds };
	u64 deadline = DEADLINE_NONE, ns;
	struct timeval tv;
	long ret;

	if (utv && copy_from_user(&tv, utv, sizeof(tv)))
		return -EFAULT;
	if (utv && (tv.tv_sec < 0 || tv.tv_usec < 0))
		return -EINVAL;
	if (utv) {
		if (__builtin_mul_overflow((u64)tv.tv_sec, NSEC_PER_SEC, &ns) ||
		    __builtin_add_overflow(ns, (u64)tv.tv_usec * NSEC_PER_USEC, &ns))
			ns = ~0ull;
		deadline = poll_deadline(ns);
	}
	ret = do_sys_select(n, usets, deadline);
	if (!utv || deadline == DEADLINE_NOW)
		return ret;
	/* A call whose time cannot be written back cannot begin again with what is left. */
	if (select_time_left(utv, deadline) && ret == -ERESTARTNOHAND)
		return -EINTR;
	return ret;
}
