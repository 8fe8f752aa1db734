/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads and the run queue. A thread runs until it sleeps, yields or ends; interrupts and
 * softirqs run in between, on top of it, and only mark threads runnable. The run queue is first
 * come first served.
 *
 * When nothing is runnable the CPU halts inside schedule(), on the stack of the thread that slept
 * last: if that is the one woken next, as in a server with one thread, sleeping and waking costs
 * no switch at all. There is no idle thread.
 *
 * The queue and thread states change with interrupts off. Everything is thread context, except
 * wake_up_thread() and thread_interrupt(), which any context calls. Stacks and the switch are in
 * stack.c and switch.S; the hosted tests replace those two and link this file.
 */
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/cycles.h>
#include <kernel/time/timer.h>
#include <stdarg.h>
#include <stdio.h>

struct sched_cpu sched_cpu;

static struct thread init_thread;
static struct kmem_cache *thread_cache;
static int last_tid;

static inline void rq_add(struct sched_cpu *cpu, struct thread *t)
{
	BUG_ON(t->on_rq);
	t->on_rq = true;
	list_add_tail(&t->rq_node, &cpu->rq);
	cpu->nr_running++;
}

static inline struct thread *rq_take(struct sched_cpu *cpu)
{
	struct thread *t = list_first_entry(&cpu->rq, struct thread, rq_node);

	list_del(&t->rq_node);
	t->on_rq = false;
	cpu->nr_running--;
	return t;
}

/* Halt until something is runnable, `prev` itself included. Interrupts off on both ends. */
static void idle_wait(struct sched_cpu *cpu, const struct thread *prev)
{
	u64 start = get_cycles(), end;

	while (!cpu->nr_running && READ_ONCE(prev->state) != TASK_RUNNING) {
		if (softirq_cpu.pending) {
			local_irq_enable();
			do_softirq();
		} else {
			safe_halt();
		}
		local_irq_disable();
	}
	end = get_cycles();
	cpu->idle_cycles += end - start;
	cpu->switched_at += end - start; /* not on prev's account */
}

/* Free the thread that ended on the stack we just left. */
static noinline void reap_dead(struct sched_cpu *cpu)
{
	struct thread *t = cpu->reap;

	cpu->reap = NULL;
	thread_stack_free(t->stack);
	kmem_cache_free(thread_cache, t);
}

static void switch_to(struct sched_cpu *cpu, struct thread *prev, struct thread *next)
{
	u64 now = get_cycles();

	prev->run_cycles += now - cpu->switched_at;
	cpu->switched_at = now;
	cpu->nr_switches++;
	cpu->curr = next;
	thread_switch(&prev->sp, next->sp);
}

void schedule(void)
{
	struct sched_cpu *cpu = &sched_cpu;
	struct thread *prev = cpu->curr;

	BUG_ON(in_atomic());
	BUG_ON(irqs_disabled());
	if (unlikely(softirq_cpu.pending)) /* raised with interrupts off */
		do_softirq();
	local_irq_disable();
	cpu->need_resched = false;
	if (prev->state == TASK_INTERRUPTIBLE && prev->signal_pending)
		prev->state = TASK_RUNNING;
	if (prev->state == TASK_RUNNING) {
		if (!cpu->nr_running)
			goto out;
		rq_add(cpu, prev);
	} else if (!cpu->nr_running) {
		idle_wait(cpu, prev);
		if (prev->state == TASK_RUNNING)
			goto out;
	}
	switch_to(cpu, prev, rq_take(cpu));
out:
	local_irq_enable();
	if (unlikely(cpu->reap))
		reap_dead(cpu);
}

bool wake_up_thread(struct thread *t)
{
	unsigned long flags = local_irq_save();
	bool sleeps = t->state == TASK_INTERRUPTIBLE || t->state == TASK_UNINTERRUPTIBLE;

	if (sleeps) {
		t->state = TASK_RUNNING;
		/* One that has set its state but is still on the CPU will see the state. */
		if (t != sched_cpu.curr)
			rq_add(&sched_cpu, t);
	}
	local_irq_restore(flags);
	return sleeps;
}

void thread_interrupt(struct thread *t)
{
	t->signal_pending = true;
	if (t->state == TASK_INTERRUPTIBLE)
		wake_up_thread(t);
}

void thread_yield(void)
{
	set_current_state(TASK_RUNNING);
	schedule();
}

void __cond_resched(void)
{
	struct sched_cpu *cpu = &sched_cpu;

	if (in_atomic() || irqs_disabled())
		return;
	if (cpu->need_resched || get_cycles() - cpu->switched_at > tsc_khz() * SCHED_SLICE_MS)
		thread_yield();
}

struct sleeper {
	struct timer_list timer;
	struct thread *thread;
};

static void sleeper_timer(struct timer_list *t)
{
	struct sleeper *s = from_timer(s, t, timer);

	wake_up_thread(s->thread);
}

/* Sleep, in the state the caller has set, until `expires` at most; true: woken before that. */
bool schedule_until(unsigned long expires)
{
	struct sleeper s = { .thread = current };

	timer_setup(&s.timer, sleeper_timer, 0);
	mod_timer(&s.timer, expires);
	schedule();
	return del_timer_sync(&s.timer);
}

long schedule_timeout(long timeout)
{
	unsigned long expires;
	long left;

	if (timeout == (long)MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (timeout <= 0) {
		set_current_state(TASK_RUNNING);
		return 0;
	}
	expires = jiffies + (unsigned long)timeout;
	schedule_until(expires);
	left = (long)(expires - jiffies);
	return left > 0 ? left : 0;
}

void msleep(unsigned int ms)
{
	u64 until_ns = ktime_get_ns() + ms * NSEC_PER_MSEC;
	unsigned long until = ns_to_jiffies(until_ns + NSEC_PER_MSEC - 1);
	long left;

	while ((left = (long)(until - jiffies)) > 0 && !signal_pending(current)) {
		set_current_state(TASK_INTERRUPTIBLE);
		schedule_timeout(left);
	}
}

int *thread_errno(void)
{
	return &current->tls_errno;
}

u64 thread_run_ns(const struct thread *t)
{
	u64 cycles = t->run_cycles;

	if (t == current)
		cycles += get_cycles() - sched_cpu.switched_at;
	return cycles / tsc_khz() * NSEC_PER_MSEC + cycles % tsc_khz() * NSEC_PER_MSEC / tsc_khz();
}

static void thread_register(struct thread *t)
{
	unsigned long flags = local_irq_save();

	t->tid = ++last_tid;
	list_add_tail(&t->all_node, &sched_cpu.threads);
	local_irq_restore(flags);
}

static void thread_unregister(struct thread *t)
{
	unsigned long flags = local_irq_save();

	list_del(&t->all_node);
	local_irq_restore(flags);
}

struct thread *thread_create(int (*fn)(void *), void *arg, const char *fmt, ...)
{
	struct thread *t = kmem_cache_zalloc(thread_cache, GFP_KERNEL);
	va_list ap;

	if (!t)
		return NULL;
	t->stack = thread_stack_alloc();
	if (!t->stack) {
		kmem_cache_free(thread_cache, t);
		return NULL;
	}
	t->fn = fn;
	t->arg = arg;
	va_start(ap, fmt);
	vsnprintf(t->name, sizeof(t->name), fmt, ap);
	va_end(ap);
	t->files = current->files;
	t->net_ns = current->net_ns;
	thread_stack_prepare(t);
	thread_register(t);
	t->state = TASK_UNINTERRUPTIBLE;
	wake_up_thread(t);
	return t;
}

void thread_start(void)
{
	struct thread *t = current;

	local_irq_enable();
	if (unlikely(sched_cpu.reap))
		reap_dead(&sched_cpu);
	thread_exit(t->fn(t->arg));
}

void thread_exit(int code)
{
	struct thread *t = current;

	BUG_ON(t == &init_thread);
	BUG_ON(in_atomic());
	page_frag_release(&t->task_frag);
	thread_unregister(t);
	t->exit_code = code;
	t->state = TASK_DEAD;
	if (t->joiner)
		wake_up_thread(t->joiner);
	if (t->detached)
		sched_cpu.reap = t;
	schedule();
	BUG();
}

/* It is off the CPU for good: free what it had. */
static void thread_free(struct thread *t)
{
	BUG_ON(t == current || t->on_rq);
	thread_stack_free(t->stack);
	kmem_cache_free(thread_cache, t);
}

int thread_join(struct thread *t)
{
	int code;

	BUG_ON(t->detached || t->joiner || t == current);
	t->joiner = current;
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (t->state == TASK_DEAD)
			break;
		schedule();
	}
	set_current_state(TASK_RUNNING);
	code = t->exit_code;
	thread_free(t);
	return code;
}

void thread_detach(struct thread *t)
{
	BUG_ON(t->detached || t->joiner);
	if (t->state == TASK_DEAD)
		thread_free(t);
	else
		t->detached = true;
}

void for_each_thread(void (*fn)(struct thread *t, void *arg), void *arg)
{
	struct thread *t, *next;

	list_for_each_entry_safe(t, next, &sched_cpu.threads, all_node)
		fn(t, arg);
}

/* After the allocators, before anything that sleeps. */
void sched_init(void)
{
	struct sched_cpu *cpu = &sched_cpu;

	INIT_LIST_HEAD(&cpu->rq);
	INIT_LIST_HEAD(&cpu->threads);
	thread_cache = kmem_cache_create("thread", sizeof(struct thread), 0, SLAB_NO_LEAK_REPORT);
	BUG_ON(!thread_cache);
	snprintf(init_thread.name, sizeof(init_thread.name), "init");
	init_thread.state = TASK_RUNNING;
	cpu->curr = &init_thread;
	cpu->switched_at = get_cycles();
	thread_register(&init_thread);
}
