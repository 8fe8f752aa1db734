// SPDX-License-Identifier: BSD-2-Clause
/*
 * alarm(2), getitimer(2), setitimer(2): three timers of the program that send SIGALRM by the clock
 * and SIGVTALRM and SIGPROF by the processor time of the program.
 *
 * As on Linux a periodic SIGALRM goes on when the signal is taken, so one that is never taken costs
 * nothing. The kernel does not tell the time in ring 3 from that in the kernel on the program's
 * behalf, so ITIMER_VIRTUAL runs as ITIMER_PROF does. Processor time is looked at with the
 * granularity of clock_timer.c. Thread context, but for the callbacks.
 */
#include <errno.h>
#include <kernel/abi/rusage.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <kernel/time/clock_timer.h>
#include <sys/time.h>
#include <time.h>

#define NR_ITIMERS 3
#define USEC_MAX 999999
#define CPU_TIMER_LEAST_NS NSEC_PER_MSEC

struct itimer {
	struct clock_timer timer;
	struct process *process;
	int sig;
};

struct itimers {
	struct itimer t[NR_ITIMERS];
};

/* ITIMER_REAL: goes on in itimer_taken(). Softirq. */
static void itimer_real_expired(struct clock_timer *t)
{
	struct itimer *it = container_of(t, struct itimer, timer);

	send_signal(it->process, NULL, it->sig, NULL);
}

/* Of processor time: goes on by itself, but leaves the program some of it. */
static void itimer_cpu_expired(struct clock_timer *t)
{
	itimer_real_expired(t);
	if (!t->interval)
		return;
	clock_timer_forward(t);
	if (clock_timer_left(t) < CPU_TIMER_LEAST_NS)
		hrtimer_start(&t->hr, ktime_get_ns() + CPU_TIMER_LEAST_NS);
}

void itimer_taken(struct process *p)
{
	struct clock_timer *t;

	if (!p->signal->itimers)
		return;
	t = &p->signal->itimers->t[ITIMER_REAL].timer;
	local_bh_disable();
	if (t->interval && !clock_timer_active(t))
		clock_timer_forward(t);
	local_bh_enable();
}

static struct itimer *get_itimer(int which)
{
	static const int sigs[NR_ITIMERS] = { [ITIMER_REAL] = SIGALRM,
					      [ITIMER_VIRTUAL] = SIGVTALRM,
					      [ITIMER_PROF] = SIGPROF };
	struct process *p = current_user->process;
	struct itimers *its = p->signal->itimers;

	if (!its) {
		its = kzalloc(sizeof(*its), GFP_KERNEL);
		if (!its)
			return NULL;
		for (int i = 0; i < NR_ITIMERS; i++) {
			its->t[i].process = p;
			its->t[i].sig = sigs[i];
			clock_timer_setup(&its->t[i].timer,
					  i == ITIMER_REAL ? ktime_get_ns : process_run_ns,
					  i == ITIMER_REAL ? itimer_real_expired :
							     itimer_cpu_expired);
		}
		p->signal->itimers = its;
	}
	return &its->t[which];
}

void itimers_free(struct process *p)
{
	if (!p->signal->itimers)
		return;
	for (int i = 0; i < NR_ITIMERS; i++)
		clock_timer_cancel(&p->signal->itimers->t[i].timer);
	kfree(p->signal->itimers);
	p->signal->itimers = NULL;
}

static struct timeval timeval_of_ns(u64 ns)
{
	return (struct timeval){ .tv_sec = (time_t)(ns / NSEC_PER_SEC),
				 .tv_usec = (suseconds_t)(ns % NSEC_PER_SEC / NSEC_PER_USEC) };
}

/* An armed timer never shows 0, which would say that it is not. Softirqs off. */
static void itimer_value(const struct itimer *it, struct itimerval *v)
{
	u64 left = 0;

	if (clock_timer_active(&it->timer))
		left = max(clock_timer_left(&it->timer), (u64)NSEC_PER_USEC);
	v->it_value = timeval_of_ns(left);
	v->it_interval = timeval_of_ns(it->timer.interval);
}

static struct timespec timespec_of(const struct timeval *tv)
{
	return (struct timespec){ .tv_sec = tv->tv_sec,
				  .tv_nsec = tv->tv_usec * (long)NSEC_PER_USEC };
}

static void itimer_set(struct itimer *it, const struct itimerval *new, struct itimerval *old)
{
	struct itimerspec its = { .it_value = timespec_of(&new->it_value),
				  .it_interval = timespec_of(&new->it_interval) };

	local_bh_disable();
	itimer_value(it, old);
	clock_timer_set(&it->timer, &its, false);
	if (!timerisset(&new->it_value))
		it->timer.interval = 0;
	local_bh_enable();
}

static bool timeval_bad(const struct timeval *tv)
{
	return tv->tv_sec < 0 || tv->tv_usec < 0 || tv->tv_usec > USEC_MAX;
}

long sys_getitimer(int which, struct itimerval *uvalue)
{
	struct itimerval value;
	struct itimer *it;

	if ((unsigned int)which >= NR_ITIMERS)
		return -EINVAL;
	it = get_itimer(which);
	if (!it)
		return -ENOMEM;
	local_bh_disable();
	itimer_value(it, &value);
	local_bh_enable();
	return copy_to_user(uvalue, &value, sizeof(value));
}

long sys_setitimer(int which, const struct itimerval *uvalue, struct itimerval *uold)
{
	struct itimerval new = { 0 }, old;
	struct itimer *it;

	if (uvalue && copy_from_user(&new, uvalue, sizeof(new)))
		return -EFAULT;
	if (timeval_bad(&new.it_value) || timeval_bad(&new.it_interval))
		return -EINVAL;
	if ((unsigned int)which >= NR_ITIMERS)
		return -EINVAL;
	it = get_itimer(which);
	if (!it)
		return -ENOMEM;
	itimer_set(it, &new, &old);
	return uold ? copy_to_user(uold, &old, sizeof(old)) : 0;
}

/* Whole seconds that were left, to the nearest, but never 0 for a timer that runs. */
long sys_alarm(unsigned int seconds)
{
	struct itimerval new = { .it_value = { .tv_sec = seconds } }, old;
	struct itimer *it = get_itimer(ITIMER_REAL);

	if (!it)
		return -ENOMEM;
	itimer_set(it, &new, &old);
	if ((!old.it_value.tv_sec && old.it_value.tv_usec) ||
	    old.it_value.tv_usec >= (suseconds_t)USEC_PER_SEC / 2)
		old.it_value.tv_sec++;
	return old.it_value.tv_sec;
}
