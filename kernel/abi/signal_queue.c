// SPDX-License-Identifier: BSD-2-Clause
/*
 * Queues of signals: sending, choosing a thread, taking.
 *
 * As on Linux a standard signal waits once (others are forgotten), a real-time signal as often
 * as it was sent, up to RLIMIT_SIGPENDING for the program; the kernel's own and kill()'s standard
 * signals go beyond it, and where there is no memory they lose their siginfo and not themselves.
 * A signal that would be ignored is not queued, unless it is blocked: the action may change.
 *
 * Everything here runs in any context; the queues change with interrupts off.
 */
#include <errno.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/irqflags.h>
#include <string.h>

wait_queue_head_t signalfd_wait = { LIST_HEAD_INIT(signalfd_wait.head) };

/* A queue and the set of its signals, of a thread or of the program. */
struct pending_ref {
	struct list_head *queue;
	sigset_kernel_t *set;
};

static struct pending_ref pending_of(struct process *p, struct user_task *u)
{
	if (u)
		return (struct pending_ref){ &u->sig_queue, &u->sig_pending };
	return (struct pending_ref){ &p->signal->queue, &p->signal->pending };
}

sigset_kernel_t signals_waiting(const struct user_task *u)
{
	return u->sig_pending | u->process->signal->pending;
}

void recalc_sigpending(struct user_task *u)
{
	unsigned long flags = local_irq_save();

	if (signals_waiting(u) & ~u->blocked) {
		task_set_flag(u, TIF_SIGPENDING);
	} else if (u == current_user) {
		u->flags &= ~TIF_SIGPENDING;
		if (!(u->flags & TIF_EXIT))
			u->thread->signal_pending = false;
	}
	local_irq_restore(flags);
}

/* --- sending --------------------------------------------------------------------------------- */

/* Ignored signals that nobody blocks (or waits for) need not be queued. */
static bool sig_ignored(const struct process *p, const struct user_task *u, int sig)
{
	u64 handler = p->signal->action[sig - 1].handler;

	if ((u->blocked | u->real_blocked) & sigmask(sig))
		return false;
	if (handler == (u64)SIG_DFL)
		return sigmask(sig) & SIG_DEFAULT_IGNORE;
	return handler == (u64)SIG_IGN;
}

static bool wants_signal(const struct user_task *u, int sig)
{
	return !(u->blocked & sigmask(sig)) && !(u->flags & TIF_EXIT);
}

/* Wake who is to take it: the thread it is for, else the first that does not block it. */
static void complete_signal(struct process *p, struct user_task *target, int sig)
{
	struct user_task *u;

	if (waitqueue_active(&signalfd_wait))
		wake_up_all(&signalfd_wait);
	if (target) {
		if (wants_signal(target, sig))
			task_set_flag(target, TIF_SIGPENDING);
		return;
	}
	list_for_each_entry(u, &p->tasks, node) {
		if (wants_signal(u, sig)) {
			task_set_flag(u, TIF_SIGPENDING);
			return;
		}
	}
}

/* Take it out of its queue. Interrupts off. */
static void sigqueue_unlink(struct process *p, struct sigqueue *q)
{
	list_del_init(&q->node);
	if (q->preallocated)
		return;
	BUG_ON(!p->signal->nr_queued);
	p->signal->nr_queued--;
	kfree(q);
}

static void flush_set(struct process *p, struct pending_ref at, sigset_kernel_t set)
{
	struct sigqueue *q, *next;

	if (!(*at.set & set))
		return;
	*at.set &= ~set;
	list_for_each_entry_safe(q, next, at.queue, node)
		if (sigmask(q->info.si_signo) & set)
			sigqueue_unlink(p, q);
}

void flush_signals(struct process *p, sigset_kernel_t set)
{
	unsigned long flags = local_irq_save();
	struct user_task *u;

	flush_set(p, pending_of(p, NULL), set);
	list_for_each_entry(u, &p->tasks, node)
		flush_set(p, pending_of(p, u), set);
	local_irq_restore(flags);
}

/* Stop and continue undo each other. */
static void flush_opposite(struct process *p, int sig)
{
	sigset_kernel_t set = 0;

	if (sigmask(sig) & SIG_STOPS)
		set = sigmask(SIGCONT);
	else if (sig == SIGCONT)
		set = SIG_STOPS;
	if (set)
		flush_signals(p, set);
}

/* Whether a thread (of the program: its first one) would not see the signal anyhow. */
static bool not_for_us(struct process *p, struct user_task *u, int sig)
{
	if (list_empty(&p->tasks) || (u && u->flags & TIF_EXIT))
		return true; /* who ends has emptied its queue for good */
	flush_opposite(p, sig);
	if (!u)
		u = list_first_entry(&p->tasks, struct user_task, node);
	return sig_ignored(p, u, sig);
}

static struct sigqueue *sigqueue_alloc(struct process *p, bool beyond_limit)
{
	struct sigqueue *q;

	if (!beyond_limit && p->signal->nr_queued >= rlimit(RLIMIT_SIGPENDING))
		return NULL;
	q = kmalloc(sizeof(*q), GFP_ATOMIC);
	if (!q)
		return NULL;
	q->preallocated = false;
	INIT_LIST_HEAD(&q->node);
	p->signal->nr_queued++;
	return q;
}

void sigqueue_release(struct process *p, struct sigqueue *q)
{
	unsigned long flags = local_irq_save();

	if (list_empty(&q->node)) {
		kfree(q);
	} else {
		q->preallocated = false;
		p->signal->nr_queued++;
	}
	local_irq_restore(flags);
}

static int queue_signal(struct process *p, struct user_task *u, int sig, const siginfo_t *info)
{
	struct pending_ref at = pending_of(p, u);
	bool user = info && info->si_code == SI_USER;
	struct sigqueue *q;

	if (sig < SIGRT_FIRST && *at.set & sigmask(sig))
		return 0;
	q = sigqueue_alloc(p, sig < SIGRT_FIRST && (!info || info->si_code >= 0));
	if (q) {
		list_add_tail(&q->node, at.queue);
		if (info)
			q->info = *info;
		else
			q->info = (siginfo_t){ .si_code = SI_KERNEL };
		q->info.si_signo = sig;
	} else if (info && sig >= SIGRT_FIRST && !user) {
		return -EAGAIN;
	}
	*at.set |= sigmask(sig);
	return 0;
}

int send_signal(struct process *p, struct user_task *u, int sig, const siginfo_t *info)
{
	unsigned long flags = local_irq_save();
	int err = 0;

	BUG_ON(sig < 1 || sig > SIGNALS_MAX);
	if (!not_for_us(p, u, sig)) {
		err = queue_signal(p, u, sig, info);
		if (!err)
			complete_signal(p, u, sig);
	}
	local_irq_restore(flags);
	return err;
}

bool send_sigqueue(struct process *p, struct user_task *u, struct sigqueue *q)
{
	struct pending_ref at = pending_of(p, u);
	unsigned long flags = local_irq_save();
	int sig = q->info.si_signo;
	bool sent = false;

	if (!not_for_us(p, u, sig)) {
		BUG_ON(!list_empty(&q->node));
		list_add_tail(&q->node, at.queue);
		*at.set |= sigmask(sig);
		complete_signal(p, u, sig);
		sent = true;
	}
	local_irq_restore(flags);
	return sent;
}

/* --- taking ---------------------------------------------------------------------------------- */

/* Exceptions first, then by number. */
static int next_signal(sigset_kernel_t set)
{
	if (!set)
		return 0;
	if (set & SIG_SYNCHRONOUS)
		set &= SIG_SYNCHRONOUS;
	return __builtin_ctzl(set) + 1;
}

/* Take the oldest of this signal; the bit goes with the last one. */
static void collect_signal(struct process *p, struct pending_ref at, int sig, siginfo_t *info)
{
	struct sigqueue *q, *next, *first = NULL;
	bool more = false;

	list_for_each_entry_safe(q, next, at.queue, node) {
		if (q->info.si_signo != sig)
			continue;
		if (first) {
			more = true;
			break;
		}
		first = q;
	}
	if (!more)
		*at.set &= ~sigmask(sig);
	if (first) {
		*info = first->info;
		sigqueue_unlink(p, first);
	} else { /* its siginfo was lost for want of memory */
		*info = (siginfo_t){ .si_signo = sig, .si_code = SI_USER };
	}
}

int dequeue_signal(struct user_task *u, sigset_kernel_t mask, siginfo_t *info)
{
	struct process *p = u->process;
	struct pending_ref at = pending_of(p, u);
	unsigned long flags = local_irq_save();
	int sig = next_signal(*at.set & ~mask);

	if (!sig) {
		at = pending_of(p, NULL);
		sig = next_signal(*at.set & ~mask);
	}
	if (sig)
		collect_signal(p, at, sig, info);
	local_irq_restore(flags);
	recalc_sigpending(u);
	if (sig && info->si_code == SI_TIMER)
		posix_timer_taken(p, info);
	else if (sig == SIGALRM && info->si_code == SI_KERNEL)
		itimer_taken(p);
	return sig;
}

/* --- programs and threads -------------------------------------------------------------------- */

/* Signals of the program that u no longer takes need another thread. */
static void retarget_shared(struct user_task *u, sigset_kernel_t set)
{
	struct process *p = u->process;
	unsigned long flags = local_irq_save();
	struct user_task *t;

	set &= p->signal->pending;
	list_for_each_entry(t, &p->tasks, node) {
		if (!set)
			break;
		if (t == u || t->flags & TIF_EXIT || !(set & ~t->blocked))
			continue;
		set &= t->blocked;
		task_set_flag(t, TIF_SIGPENDING);
	}
	local_irq_restore(flags);
}

void set_current_blocked(sigset_kernel_t set)
{
	struct user_task *u = current_user;

	set &= ~SIG_KERNEL_ONLY;
	retarget_shared(u, set & ~u->blocked);
	u->blocked = set;
	recalc_sigpending(u);
}

void signal_task_init(struct user_task *u, const struct user_task *creator)
{
	INIT_LIST_HEAD(&u->sig_queue);
	u->sig_pending = 0;
	u->blocked = creator ? creator->blocked : 0;
	u->altstack_flags = SS_DISABLE;
}

void signal_task_exit(struct user_task *u)
{
	unsigned long flags = local_irq_save();

	u->flags |= TIF_EXIT;
	flush_set(u->process, pending_of(u->process, u), ~0UL);
	local_irq_restore(flags);
	retarget_shared(u, ~u->blocked);
}

int signal_process_init(struct process *p)
{
	p->signal = kzalloc(sizeof(*p->signal), GFP_KERNEL);
	if (!p->signal)
		return -ENOMEM;
	INIT_LIST_HEAD(&p->signal->queue);
	INIT_LIST_HEAD(&p->signal->timers);
	return 0;
}

void signal_process_free(struct process *p)
{
	itimers_free(p);
	posix_timers_free(p);
	flush_signals(p, ~0UL);
	BUG_ON(p->signal->nr_queued);
	kfree(p->signal);
	p->signal = NULL;
}
