// SPDX-License-Identifier: BSD-2-Clause
/*
 * epoll: a set of watched files and the list of those that may be ready.
 *
 * Each watched file has an epitem whose entry sits on the file's wait queue. A wake-up there calls
 * ep_poll_callback(), which appends the item to the ready list and wakes one sleeper; epoll_wait()
 * takes the list and asks only the files on it. Cost per event does not depend on the size of the
 * set, and neither the wake-up nor the wait allocates.
 *
 * Callbacks run in any context, also in the middle of a walk over the ready list; the list and
 * epitem.queued change with interrupts off. Everything else is thread context and never sleeps
 * between taking and giving back, so cooperative threads need no mutex (the copy to the program is
 * the place to look at once that can fault). Watched files are not referenced: the last fput()
 * takes them out (eventpoll_release). Left out: EPOLLWAKEUP (accepted, there is no suspend),
 * busy polling; signal masks are epoll_pwait's (kernel/abi/signal_poll.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/eventpoll.h>
#include <kernel/fs/fdtable.h>
#include <kernel/fs/poll.h>
#include <kernel/fs/sysctl.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sys.h>
#include <kernel/time/clock.h>
#include <limits.h>
#include <sys/epoll.h>

#define EP_MAX_EVENTS (INT_MAX / (int)sizeof(struct epoll_event))
#define EP_PRIVATE_BITS (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)
#define EPOLLINOUT_BITS (EPOLLIN | EPOLLOUT)
#define EPOLLEXCLUSIVE_OK_BITS                                                                     \
	(EPOLLINOUT_BITS | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)

static struct kmem_cache *epi_cache;
static struct {
	unsigned long max_user_watches, watches;
} epoll_limits;

/* Append to the ready list unless it is there. Interrupts off. */
static inline void __ep_queue_item(struct epitem *epi)
{
	if (epi->queued)
		return;
	epi->queued = true;
	list_add_tail(&epi->rdllink, &epi->ep->rdllist);
}

static inline void ep_queue_item(struct epitem *epi)
{
	unsigned long flags = local_irq_save();

	__ep_queue_item(epi);
	local_irq_restore(flags);
}

static inline void ep_wake(struct eventpoll *ep)
{
	if (waitqueue_active(&ep->wq))
		wake_up(&ep->wq);
	if (unlikely(waitqueue_active(&ep->poll_wait)))
		wake_up_interruptible_poll(&ep->poll_wait, EPOLLIN);
}

/*
 * Whether a wake-up of an EPOLLEXCLUSIVE item counts as the one that was to be woken: only if a
 * sleeper was there and the event is one it can act on.
 */
static bool ep_exclusive_done(const struct epitem *epi, u32 events)
{
	if (!(epi->event.events & EPOLLEXCLUSIVE))
		return true;
	if (!waitqueue_active(&epi->ep->wq))
		return false;
	switch (events & EPOLLINOUT_BITS) {
	case EPOLLIN:
		return epi->event.events & EPOLLIN;
	case EPOLLOUT:
		return epi->event.events & EPOLLOUT;
	default:
		return true;
	}
}

/*
 * The wake function of every item: any context, called by __wake_up() with interrupts off. Returns
 * whether an exclusive wake-up is used up.
 */
static int ep_poll_callback(wait_queue_entry_t *e, unsigned int mode, u32 events)
{
	struct epitem *epi = container_of(e, struct eppoll_entry, wait)->base;
	bool done;

	(void)mode;
	if (!(epi->event.events & ~EP_PRIVATE_BITS)) /* EPOLLONESHOT fired, not rearmed */
		return 0;
	if (events && !(events & epi->event.events))
		return 0;
	__ep_queue_item(epi);
	done = ep_exclusive_done(epi, events);
	ep_wake(epi->ep);
	return done;
}

/* Ready events of an item, among those asked for. For an epoll file this goes one level deeper. */
static inline u32 ep_item_poll(const struct epitem *epi, struct poll_table *pt)
{
	return epi->file->f_op->poll(epi->file, pt) & epi->event.events;
}

/* --- waiting --------------------------------------------------------------------------------- */

/* Report one item if it is still ready: 1, 0, or -EFAULT. It is on no list when this is called. */
static int ep_send_item(struct epitem *epi, struct epoll_event *uevent)
{
	struct epoll_event ev = { .events = ep_item_poll(epi, NULL), .data = epi->event.data };

	if (!ev.events)
		return 0;
	if (unlikely(copy_to_user(uevent, &ev, sizeof(ev)))) {
		ep_queue_item(epi);
		return -EFAULT;
	}
	if (epi->event.events & EPOLLONESHOT)
		epi->event.events &= EP_PRIVATE_BITS;
	else if (!(epi->event.events & EPOLLET))
		ep_queue_item(epi); /* level: ask again next time */
	return 1;
}

/*
 * Walk the ready items of this moment. Each is unqueued before it is asked, so that an event that
 * arrives meanwhile queues it anew instead of being lost. Number reported, or -EFAULT.
 */
static int ep_send_events(struct eventpoll *ep, struct epoll_event *uevents, int maxevents)
{
	struct epitem *epi;
	LIST_HEAD(txlist);
	unsigned long flags;
	int n = 0, ret = 0;

	flags = local_irq_save();
	list_splice_tail_init(&ep->rdllist, &txlist);
	local_irq_restore(flags);
	while (n < maxevents && !list_empty(&txlist)) {
		epi = list_first_entry(&txlist, struct epitem, rdllink);
		BUG_ON(!epi->queued || epi->ep != ep);
		list_del(&epi->rdllink);
		barrier();
		epi->queued = false;
		ret = ep_send_item(epi, &uevents[n]);
		if (unlikely(ret < 0))
			break;
		n += ret;
	}
	if (unlikely(!list_empty(&txlist))) { /* what did not fit comes first next time */
		flags = local_irq_save();
		list_splice_tail_init(&ep->rdllist, &txlist);
		list_splice_tail_init(&txlist, &ep->rdllist);
		local_irq_restore(flags);
	}
	if (unlikely(waitqueue_active(&ep->wq)) && !list_empty(&ep->rdllist))
		wake_up(&ep->wq);
	return n ? n : ret;
}

/* Sleep until something may be ready. False when the deadline has passed or a signal is pending. */
static bool ep_sleep(struct eventpoll *ep, u64 deadline)
{
	DEFINE_WAIT(wait);
	bool more = true;

	prepare_to_wait_exclusive(&ep->wq, &wait, TASK_INTERRUPTIBLE);
	if (list_empty(&ep->rdllist)) {
		if (signal_pending(current)) {
			more = false;
		} else if (deadline == DEADLINE_NONE) {
			schedule();
		} else {
			more = schedule_until(deadline_jiffies(deadline));
		}
	}
	finish_wait(&ep->wq, &wait);
	return more;
}

static int ep_poll(struct eventpoll *ep, struct epoll_event *uevents, int maxevents, u64 deadline)
{
	bool more = deadline != DEADLINE_NOW;
	int n;

	for (;;) {
		if (!list_empty(&ep->rdllist)) {
			n = ep_send_events(ep, uevents, maxevents);
			if (n)
				return n;
		}
		if (!more)
			return deadline != DEADLINE_NOW && signal_pending(current) ? -EINTR : 0;
		more = ep_sleep(ep, deadline);
	}
}

long do_epoll_wait(int epfd, struct epoll_event *events, int maxevents, u64 deadline)
{
	struct file *f;
	int ret = -EINVAL;

	cond_resched();
	if (unlikely(maxevents <= 0 || maxevents > EP_MAX_EVENTS))
		return -EINVAL;
	if (unlikely(!access_ok(events, (size_t)maxevents * sizeof(*events))))
		return -EFAULT;
	f = fget(epfd);
	if (unlikely(!f))
		return -EBADF;
	if (likely(is_file_epoll(f)))
		ret = ep_poll(f->private_data, events, maxevents, deadline);
	fput(f);
	return ret;
}

long sys_epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout_ms)
{
	u64 deadline = DEADLINE_NONE;

	if (timeout_ms >= 0)
		deadline = poll_deadline((u64)timeout_ms * NSEC_PER_MSEC);
	return do_epoll_wait(epfd, events, maxevents, deadline);
}

/* --- the set --------------------------------------------------------------------------------- */

/* The item for (file, fd), found on the file's side: a file is watched by few instances. */
static struct epitem *ep_find(const struct eventpoll *ep, const struct file *f, int fd)
{
	struct epitem *epi;

	list_for_each_entry(epi, &f->f_ep, fllink)
		if (epi->ep == ep && epi->fd == fd)
			return epi;
	return NULL;
}

static void ep_remove(struct epitem *epi)
{
	struct eppoll_entry *pwq, *next;
	unsigned long flags;

	for (pwq = &epi->pwq; pwq; pwq = next) {
		next = pwq->next;
		if (pwq->whead)
			remove_wait_queue(pwq->whead, &pwq->wait);
		if (pwq != &epi->pwq)
			kfree(pwq);
	}
	flags = local_irq_save();
	if (epi->queued)
		list_del(&epi->rdllink);
	local_irq_restore(flags);
	list_del(&epi->fllink);
	list_del(&epi->ep_node);
	BUG_ON(!epoll_limits.watches);
	epoll_limits.watches--;
	kmem_cache_free(epi_cache, epi);
}

void eventpoll_release(struct file *f)
{
	while (!list_empty(&f->f_ep))
		ep_remove(list_first_entry(&f->f_ep, struct epitem, fllink));
}

/* What the first poll of a new item runs with. */
struct ep_pqueue {
	struct poll_table pt;
	struct epitem *epi;
	int error;
};

static void ep_ptable_queue_proc(struct file *f, wait_queue_head_t *whead, struct poll_table *pt)
{
	struct ep_pqueue *epq = container_of(pt, struct ep_pqueue, pt);
	struct eppoll_entry *pwq = &epq->epi->pwq;

	(void)f;
	if (pwq->whead) {
		pwq = kzalloc(sizeof(*pwq), GFP_KERNEL);
		if (!pwq) {
			epq->error = -ENOMEM;
			return;
		}
		pwq->next = epq->epi->pwq.next;
		epq->epi->pwq.next = pwq;
	}
	pwq->whead = whead;
	pwq->base = epq->epi;
	init_waitqueue_func_entry(&pwq->wait, ep_poll_callback);
	if (epq->epi->event.events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(whead, &pwq->wait);
	else
		add_wait_queue(whead, &pwq->wait);
}

static int ep_insert(struct eventpoll *ep, const struct epoll_event *ev, struct file *f, int fd)
{
	struct ep_pqueue epq = { .pt = { .qproc = ep_ptable_queue_proc, .key = ev->events } };
	struct epitem *epi;
	u32 ready;

	if (epoll_limits.watches >= epoll_limits.max_user_watches)
		return -ENOSPC;
	epi = kmem_cache_zalloc(epi_cache, GFP_KERNEL);
	if (!epi)
		return -ENOMEM;
	epoll_limits.watches++;
	epi->fd = fd;
	epi->event = *ev;
	epi->ep = ep;
	epi->file = f;
	list_add_tail(&epi->fllink, &f->f_ep);
	list_add_tail(&epi->ep_node, &ep->items);
	epq.epi = epi;
	ready = ep_item_poll(epi, &epq.pt);
	if (epq.error) {
		ep_remove(epi);
		return epq.error;
	}
	if (ready) {
		ep_queue_item(epi);
		ep_wake(ep);
	}
	return 0;
}

static int ep_add(struct eventpoll *ep, const struct epoll_event *ev, struct file *f, int fd)
{
	int err = ep_insert(ep, ev, f, fd);

	if (err)
		return err;
	err = ep_ways_check(ep, f);
	if (err)
		ep_remove(ep_find(ep, f, fd));
	return err;
}

static int ep_modify(struct epitem *epi, const struct epoll_event *ev)
{
	if (epi->event.events & EPOLLEXCLUSIVE)
		return -EINVAL;
	epi->event = *ev;
	barrier(); /* callbacks filter by the new events from here on */
	if (ep_item_poll(epi, NULL)) {
		ep_queue_item(epi);
		ep_wake(epi->ep);
	}
	return 0;
}

/* --- system calls ---------------------------------------------------------------------------- */

static int ep_check_exclusive(int op, const struct file *tf, u32 events)
{
	if (!(events & EPOLLEXCLUSIVE))
		return 0;
	if (op == EPOLL_CTL_MOD)
		return -EINVAL;
	if (op == EPOLL_CTL_ADD && (is_file_epoll(tf) || (events & ~EPOLLEXCLUSIVE_OK_BITS)))
		return -EINVAL;
	return 0;
}

static int do_epoll_ctl(struct file *f, int op, struct file *tf, int fd, struct epoll_event *ev)
{
	struct eventpoll *ep = f->private_data;
	struct epitem *epi;
	int err;

	if (!tf->f_op->poll)
		return -EPERM;
	if (f == tf || !is_file_epoll(f))
		return -EINVAL;
	err = ep_check_exclusive(op, tf, ev->events);
	if (err)
		return err;
	if (op == EPOLL_CTL_ADD && is_file_epoll(tf)) {
		err = ep_loop_check(ep, tf->private_data);
		if (err)
			return err;
	}
	epi = ep_find(ep, tf, fd);
	ev->events |= EPOLLERR | EPOLLHUP;
	switch (op) {
	case EPOLL_CTL_ADD:
		return epi ? -EEXIST : ep_add(ep, ev, tf, fd);
	case EPOLL_CTL_DEL:
		if (epi)
			ep_remove(epi);
		return epi ? 0 : -ENOENT;
	case EPOLL_CTL_MOD:
		return epi ? ep_modify(epi, ev) : -ENOENT;
	default:
		return -EINVAL;
	}
}

long sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	struct epoll_event ev = { 0 };
	struct file *f, *tf;
	int ret = -EBADF;

	if (op != EPOLL_CTL_DEL && copy_from_user(&ev, event, sizeof(ev)))
		return -EFAULT;
	f = fget(epfd);
	if (!f)
		return -EBADF;
	tf = fget(fd);
	if (tf) {
		ret = do_epoll_ctl(f, op, tf, fd, &ev);
		fput(tf);
	}
	fput(f);
	return ret;
}

/* Asked by poll or an outer epoll: is there an item that is ready? Drops those that are not. */
static u32 ep_eventpoll_poll(struct file *f, struct poll_table *pt)
{
	struct eventpoll *ep = f->private_data;
	struct epitem *epi;
	unsigned long flags;

	poll_wait(f, &ep->poll_wait, pt);
	while (!list_empty(&ep->rdllist)) {
		flags = local_irq_save();
		epi = list_first_entry(&ep->rdllist, struct epitem, rdllink);
		list_del(&epi->rdllink);
		epi->queued = false;
		local_irq_restore(flags);
		if (!ep_item_poll(epi, NULL))
			continue;
		flags = local_irq_save();
		if (epi->queued)
			list_del(&epi->rdllink);
		epi->queued = true;
		list_add(&epi->rdllink, &ep->rdllist);
		local_irq_restore(flags);
		return EPOLLIN | EPOLLRDNORM;
	}
	return 0;
}

static int ep_eventpoll_release(struct file *f)
{
	struct eventpoll *ep = f->private_data;

	while (!list_empty(&ep->items))
		ep_remove(list_first_entry(&ep->items, struct epitem, ep_node));
	BUG_ON(!list_empty(&ep->rdllist) || waitqueue_active(&ep->wq));
	kfree(ep);
	return 0;
}

const struct file_operations eventpoll_fops = {
	.name = "anon_inode:[eventpoll]",
	.mode = 0600,
	.poll = ep_eventpoll_poll,
	.release = ep_eventpoll_release,
};

long sys_epoll_create1(int flags)
{
	struct eventpoll *ep;
	struct file *f;
	int fd;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	ep = kzalloc(sizeof(*ep), GFP_KERNEL);
	if (!ep)
		return -ENOMEM;
	INIT_LIST_HEAD(&ep->rdllist);
	INIT_LIST_HEAD(&ep->items);
	init_waitqueue_head(&ep->wq);
	init_waitqueue_head(&ep->poll_wait);
	fd = get_unused_fd_flags((u32)flags);
	f = fd < 0 ? ERR_PTR(fd) : file_alloc(&eventpoll_fops, ep, O_RDWR);
	if (IS_ERR(f)) {
		if (fd >= 0)
			put_unused_fd(fd);
		kfree(ep);
		return PTR_ERR(f);
	}
	ep->file = f;
	fd_install(fd, f);
	return fd;
}

static const struct ctl_table epoll_table[] = {
	{ .procname = "max_user_watches", .data = &epoll_limits.max_user_watches,
	  .maxlen = sizeof(unsigned long), .mode = 0644, .handler = proc_doulongvec_minmax,
	  .extra1 = 0, .extra2 = LONG_MAX },
};

void eventpoll_init(void)
{
	/* As Linux: watches may take a twenty-fifth of memory. */
	epoll_limits.max_user_watches = totalram_pages() / 25 * PAGE_SIZE / sizeof(struct epitem);
	epi_cache = kmem_cache_create("eventpoll_epi", sizeof(struct epitem), 0, 0);
	if (!epi_cache || register_sysctl("fs/epoll", epoll_table, ARRAY_SIZE(epoll_table)))
		panic("epoll: no memory for its cache");
}
