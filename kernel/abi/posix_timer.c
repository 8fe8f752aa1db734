// SPDX-License-Identifier: BSD-2-Clause
/*
 * POSIX timers: timer_create(2), timer_settime(2), timer_gettime(2), timer_getoverrun(2),
 * timer_delete(2).
 *
 * A timer owns one entry of a signal queue. When it expires the entry is queued; a periodic timer
 * goes on when the signal is taken, and the intervals that passed meanwhile are its overrun. An
 * entry carries the timer's generation, so that a signal of the setting before last starts nothing.
 * A deleted timer's signal stays queued, as on Linux.
 *
 * Clocks: REALTIME, MONOTONIC, BOOTTIME and their ALARM kin, TAI as REALTIME, and the program's
 * processor time. Left out: the processor time of one thread (EINVAL). Thread context, but for the
 * callback.
 */
#include <errno.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/rusage.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <kernel/time/clock_timer.h>
#include <limits.h>
#include <time.h>

/* Letters: [I] fixed at creation, [b] softirqs off, [t] thread context. */
struct k_itimer {
	struct clock_timer timer;  /* [b] */
	struct list_head node;	   /* [t] signal_state.timers */
	struct process *process;   /* [I] */
	int id;			   /* [I] */
	int notify, tid;	   /* [I] SIGEV_*; of SIGEV_THREAD_ID */
	struct sigqueue *q;	   /* [b] */
	bool waits;		   /* [b] periodic, expired: goes on when its signal is taken */
	int generation;		   /* [b] */
	u64 overrun, overrun_last; /* [b] */
};

static struct k_itimer *find_timer(struct process *p, int id)
{
	struct k_itimer *t;

	list_for_each_entry(t, &p->signal->timers, node)
		if (t->id == id)
			return t;
	return NULL;
}

static int overrun_int(u64 n)
{
	return n > INT_MAX ? INT_MAX : (int)n;
}

/* The thread that gets the signal; NULL: the program. False: it is gone. */
static bool timer_target(const struct k_itimer *t, struct user_task **target)
{
	struct user_task *u;

	*target = NULL;
	if (t->notify != SIGEV_THREAD_ID)
		return true;
	list_for_each_entry(u, &t->process->tasks, node) {
		if (u->tid == t->tid) {
			*target = u;
			return true;
		}
	}
	return false;
}

/* Softirq. */
static void k_itimer_expired(struct clock_timer *ct)
{
	struct k_itimer *t = container_of(ct, struct k_itimer, timer);
	struct user_task *target;
	bool sent = true;

	if (t->notify == SIGEV_NONE)
		return;
	t->waits = ct->interval != 0;
	t->q->info.__fields.__timer.__private = t->generation;
	if (!list_empty(&t->q->node)) {
		t->overrun++; /* the signal of the last setting has not been taken yet */
	} else if (timer_target(t, &target)) {
		t->q->info.si_overrun = 0;
		sent = send_sigqueue(t->process, target, t->q);
	}
	if (!sent && t->waits) { /* ignored: nobody will take it */
		if (ct->interval < NSEC_PER_MSEC)
			hrtimer_start(&ct->hr, ktime_get_ns() + NSEC_PER_MSEC);
		else
			t->overrun += clock_timer_forward(ct) - 1;
		t->waits = false;
	}
}

void posix_timer_taken(struct process *p, siginfo_t *info)
{
	int generation = info->__fields.__timer.__private;
	struct k_itimer *t = find_timer(p, info->si_timerid);

	info->__fields.__timer.__private = 0;
	if (!t)
		return;
	local_bh_disable();
	if (t->generation == generation) {
		if (t->waits && t->timer.interval)
			t->overrun += clock_timer_forward(&t->timer) - 1;
		t->waits = false;
		t->overrun_last = t->overrun;
		t->overrun = 0;
		info->si_overrun = overrun_int(t->overrun_last);
	}
	local_bh_enable();
}

/* --- creation -------------------------------------------------------------------------------- */

/* C libraries name processor time by pid, inverted, above three bits; one says it is a thread. */
#define CPUCLOCK_THREAD 4
#define CPUCLOCK_PID(clock) (~((clock) >> 3))

static bool is_program_clock(int clock)
{
	int pid = CPUCLOCK_PID(clock);

	return clock < 0 && (clock & 3) != 3 && !(clock & CPUCLOCK_THREAD) &&
	       (pid == 0 || pid == current_user->process->pid);
}

static u64 (*clock_function(int clock))(void)
{
	if (is_program_clock(clock))
		return process_run_ns;
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		return ktime_get_real_ns;
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		return ktime_get_ns;
	case CLOCK_PROCESS_CPUTIME_ID:
		return process_run_ns;
	}
	return NULL;
}

/* These can be read, but nothing can be due by them. */
static bool clock_without_timers(int clock)
{
	return clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_REALTIME_COARSE ||
	       clock == CLOCK_MONOTONIC_COARSE;
}

static bool good_sigevent(const struct process *p, const struct sigevent *ev)
{
	const struct user_task *u;
	bool found = false;

	switch (ev->sigev_notify) {
	case SIGEV_SIGNAL | SIGEV_THREAD_ID:
		list_for_each_entry(u, &p->tasks, node)
			found |= u->tid == ev->_sigev_un._tid;
		if (!found)
			return false;
		break;
	case SIGEV_NONE:
		return true;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD:
		break;
	default:
		return false;
	}
	return ev->sigev_signo >= 1 && ev->sigev_signo <= SIGNALS_MAX;
}

/* A number that is free: they go up, as Linux's, until they come round. */
static int new_timer_id(struct signal_state *s, struct process *p)
{
	int id;

	do {
		id = s->next_timer_id;
		s->next_timer_id = (id + 1) & INT_MAX;
	} while (find_timer(p, id));
	return id;
}

static unsigned int count_timers(const struct process *p)
{
	const struct k_itimer *t;
	unsigned int n = 0;

	list_for_each_entry(t, &p->signal->timers, node)
		n++;
	return n;
}

static struct k_itimer *k_itimer_alloc(struct process *p)
{
	struct k_itimer *t;

	if (count_timers(p) >= rlimit(RLIMIT_SIGPENDING))
		return NULL;
	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return NULL;
	t->q = kzalloc(sizeof(*t->q), GFP_KERNEL);
	if (!t->q) {
		kfree(t);
		return NULL;
	}
	INIT_LIST_HEAD(&t->q->node);
	t->q->preallocated = true;
	t->process = p;
	return t;
}

static void k_itimer_free(struct k_itimer *t)
{
	clock_timer_cancel(&t->timer);
	sigqueue_release(t->process, t->q);
	kfree(t);
}

long sys_timer_create(int clock, const struct sigevent *uev, int *uid)
{
	struct process *p = current_user->process;
	u64 (*now)(void) = clock_function(clock);
	struct sigevent ev = { .sigev_signo = SIGALRM, .sigev_notify = SIGEV_SIGNAL };
	struct k_itimer *t;
	long err = -EINVAL;

	if (uev && copy_from_user(&ev, uev, sizeof(ev)))
		return -EFAULT;
	if (!now)
		return clock_without_timers(clock) ? -EOPNOTSUPP : -EINVAL;
	t = k_itimer_alloc(p);
	if (!t)
		return -EAGAIN;
	t->id = new_timer_id(p->signal, p);
	if (!good_sigevent(p, &ev))
		goto fail;
	if (!uev)
		ev.sigev_value.sival_int = t->id;
	clock_timer_setup(&t->timer, now, k_itimer_expired);
	t->notify = ev.sigev_notify;
	t->tid = ev._sigev_un._tid;
	t->q->info = (siginfo_t){ .si_signo = ev.sigev_signo, .si_code = SI_TIMER };
	t->q->info.si_timerid = t->id;
	t->q->info.__fields.__timer.value = ev.sigev_value;
	err = copy_to_user(uid, &t->id, sizeof(t->id));
	if (err)
		goto fail;
	list_add_tail(&t->node, &p->signal->timers);
	return 0;
fail:
	k_itimer_free(t);
	return err;
}

/* --- the others ------------------------------------------------------------------------------ */

/* Softirqs off. */
static void timer_value(struct k_itimer *t, struct itimerspec *its)
{
	struct clock_timer *ct = &t->timer;
	bool active = clock_timer_active(ct) || t->waits;
	u64 left = 0;

	if (ct->interval && ((t->waits && ct->now() >= ct->expires) ||
			     (t->notify == SIGEV_NONE && !active && ct->expires))) {
		/* What is left until the next one, which is not set yet. */
		left = ct->interval - (ct->now() - ct->expires) % ct->interval;
	} else if (active) {
		left = max(clock_timer_left(ct), (u64)(t->notify == SIGEV_NONE ? 0 : 1));
	}
	its->it_value = timespec_of_ns(left);
	its->it_interval = timespec_of_ns(ct->interval);
}

long sys_timer_settime(int id, int flags, const struct itimerspec *unew, struct itimerspec *uold)
{
	struct itimerspec new, old;
	struct k_itimer *t;

	if (!unew)
		return -EINVAL;
	if (copy_from_user(&new, unew, sizeof(new)))
		return -EFAULT;
	if (timespec_check(&new.it_value) || timespec_check(&new.it_interval))
		return -EINVAL;
	t = find_timer(current_user->process, id);
	if (!t)
		return -EINVAL;
	local_bh_disable();
	timer_value(t, &old);
	t->generation++;
	t->waits = false;
	t->overrun = t->overrun_last = 0;
	t->timer.expires = 0;
	clock_timer_set(&t->timer, &new, flags & TIMER_ABSTIME);
	if (!new.it_value.tv_sec && !new.it_value.tv_nsec)
		t->timer.interval = 0;
	local_bh_enable();
	return uold ? copy_to_user(uold, &old, sizeof(old)) : 0;
}

long sys_timer_gettime(int id, struct itimerspec *uvalue)
{
	struct k_itimer *t = find_timer(current_user->process, id);
	struct itimerspec value;

	if (!t)
		return -EINVAL;
	local_bh_disable();
	timer_value(t, &value);
	local_bh_enable();
	return copy_to_user(uvalue, &value, sizeof(value));
}

long sys_timer_getoverrun(int id)
{
	struct k_itimer *t = find_timer(current_user->process, id);

	return t ? overrun_int(t->overrun_last) : -EINVAL;
}

long sys_timer_delete(int id)
{
	struct k_itimer *t = find_timer(current_user->process, id);

	if (!t)
		return -EINVAL;
	list_del(&t->node);
	k_itimer_free(t);
	return 0;
}

void posix_timers_free(struct process *p)
{
	struct k_itimer *t, *next;

	list_for_each_entry_safe(t, next, &p->signal->timers, node) {
		list_del(&t->node);
		k_itimer_free(t);
	}
}
