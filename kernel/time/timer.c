/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The timer wheel: seven levels of 64 slots (Varghese and Lauck 1987, scheme 7). Level 0 has a
 * slot for each of the next 64 jiffies, level n one for each 64^n jiffies, together 2^42 ms = 139
 * years. A timer goes into the finest level that reaches it; when the wheel's clock comes to the
 * start of a slot of a coarser level, that slot's timers are spread over the finer ones, so a
 * timer moves at most six times in its life, mostly never (TCP stops nearly every timer it
 * starts). Times stay exact to the jiffy.
 *
 * A bitmap a level tells which slots hold timers: the next time anything can be due is a rotate
 * and a bit scan a level, however many timers there are, and the clock jumps from one such time to
 * the next.
 *
 * timers_run() is TIMER_SOFTIRQ's work; arming and stopping in any context (interrupts off inside).
 * The hardware is the tick's (tick.c), so the hosted tests share this file.
 */
#include <kernel/lib/bug.h>
#include <kernel/sched/irqflags.h>
#include <kernel/time/clock.h>
#include <kernel/time/tick.h>
#include <kernel/time/timer.h>

#define WHEEL_BITS 6
#define WHEEL_SLOTS 64
#define WHEEL_LEVELS 7
#define WHEEL_REACH (1UL << (WHEEL_BITS * WHEEL_LEVELS))
#define CASCADE_BATCH 64 /* timers moved between two chances for interrupts */

/* All [i]: interrupts off. Per CPU when there are more. */
struct timer_base {
	unsigned long clk;	    /* first jiffy that has not been run */
	unsigned long next;	    /* what the tick knows to be the earliest, if next_set */
	bool next_set;
	unsigned long armed;	    /* timers in the wheel */
	struct timer_list *running; /* whose callback runs now */
	u64 occupied[WHEEL_LEVELS]; /* bit per slot that has timers */
	struct hlist_head slots[WHEEL_LEVELS * WHEEL_SLOTS];
};

static struct timer_base timer_base;

static inline u64 ror64(u64 x, unsigned int n)
{
	return x >> (n & 63) | x << (-n & 63);
}

/*
 * Slot for a timer due at `expires`, seen from base->clk. What is overdue goes to the next jiffy
 * run.
 */
static inline unsigned int wheel_slot(const struct timer_base *base, unsigned long expires)
{
	unsigned long delta = expires - base->clk;
	unsigned int level;

	if (likely(delta < WHEEL_SLOTS))
		return expires % WHEEL_SLOTS;
	if ((long)delta < 0)
		return base->clk % WHEEL_SLOTS;
	if (delta >= WHEEL_REACH) {
		delta = WHEEL_REACH - 1;
		expires = base->clk + delta;
	}
	level = (unsigned int)ilog2(delta) / WHEEL_BITS;
	return level * WHEEL_SLOTS + (expires >> (level * WHEEL_BITS)) % WHEEL_SLOTS;
}

static inline void wheel_add(struct timer_base *base, struct timer_list *t)
{
	unsigned int slot = wheel_slot(base, t->expires);

	hlist_add_head(&t->entry, &base->slots[slot]);
	base->occupied[slot / WHEEL_SLOTS] |= 1ULL << slot % WHEEL_SLOTS;
}

/* Take a pending timer out; the slot's bit goes with its last timer. */
static inline void wheel_del(struct timer_base *base, struct timer_list *t)
{
	struct hlist_node **pprev = t->entry.pprev;

	if (!t->entry.next) {
		/*
		 * Alone if a slot's head points to it (an expiring timer hangs from a local
		 * list).
		 */
		unsigned long slot = (unsigned long)((char *)pprev - (char *)base->slots) /
				     sizeof(struct hlist_head);

		if (slot < ARRAY_SIZE(base->slots) && pprev == &base->slots[slot].first)
			base->occupied[slot / WHEEL_SLOTS] &= ~(1ULL << slot % WHEEL_SLOTS);
	}
	hlist_del_init(&t->entry);
	base->armed--;
}

/* Move a slot's timers to `list`. */
static void wheel_take_slot(struct timer_base *base, unsigned int slot, struct hlist_head *list)
{
	struct hlist_head *head = &base->slots[slot];

	list->first = head->first;
	if (list->first)
		list->first->pprev = &list->first;
	head->first = NULL;
	base->occupied[slot / WHEEL_SLOTS] &= ~(1ULL << slot % WHEEL_SLOTS);
}

/*
 * Earliest time at or after base->clk at which a slot must be looked at: exact for level 0, the
 * start of the slot for coarser levels. The slot that clk lies in counts only while clk is at its
 * start; later it has been spread already, and what is in it belongs to the next turn of that
 * level.
 */
static bool wheel_next(const struct timer_base *base, unsigned long *when)
{
	bool found = false;

	for (unsigned int level = 0; level < WHEEL_LEVELS; level++) {
		unsigned int shift = level * WHEEL_BITS;
		unsigned long pos, t;

		if (!base->occupied[level])
			continue;
		pos = (base->clk + (1UL << shift) - 1) >> shift;
		pos += (unsigned long)__builtin_ctzll(
			ror64(base->occupied[level], pos % WHEEL_SLOTS));
		t = pos << shift;
		if (!found || time_before(t, *when))
			*when = t;
		found = true;
	}
	return found;
}

/* base->clk is at the start of slots of coarser levels: spread what is in them. */
static void wheel_cascade(struct timer_base *base)
{
	struct hlist_head list;
	unsigned int moved = 0;

	for (unsigned int level = 1; level < WHEEL_LEVELS; level++) {
		unsigned int shift = level * WHEEL_BITS;
		unsigned int slot = (base->clk >> shift) % WHEEL_SLOTS;

		if (base->clk & ((1UL << shift) - 1))
			break;
		if (!(base->occupied[level] >> slot & 1))
			continue;
		wheel_take_slot(base, level * WHEEL_SLOTS + slot, &list);
		while (!hlist_empty(&list)) {
			struct timer_list *t = hlist_entry(list.first, struct timer_list, entry);

			hlist_del_init(&t->entry);
			wheel_add(base, t);
			if (++moved % CASCADE_BATCH == 0) {
				local_irq_enable();
				local_irq_disable();
			}
		}
	}
}

/* Run the callbacks of one slot's timers, interrupts on around each. */
static void expire_list(struct timer_base *base, struct hlist_head *list)
{
	while (!hlist_empty(list)) {
		struct timer_list *t = hlist_entry(list->first, struct timer_list, entry);
		void (*fn)(struct timer_list *) = t->function;

		hlist_del_init(&t->entry);
		if (time_before_eq(base->clk, t->expires)) {
			wheel_add(base, t); /* moved to later meanwhile */
			continue;
		}
		base->armed--;
		base->running = t;
		local_irq_enable();
		fn(t); /* may free t */
		BUG_ON(irqs_disabled());
		local_irq_disable();
		base->running = NULL;
	}
}

/* Softirq context. The tick asks for the next time afterwards. */
void timers_run(unsigned long now)
{
	struct timer_base *base = &timer_base;
	unsigned long flags = local_irq_save(), when;
	struct hlist_head list;

	while (wheel_next(base, &when) && time_before_eq(when, now)) {
		base->clk = when;
		wheel_cascade(base);
		wheel_take_slot(base, when % WHEEL_SLOTS, &list);
		base->clk = when + 1;
		expire_list(base, &list);
	}
	if (time_before_eq(base->clk, now))
		base->clk = now + 1;

	base->next_set = wheel_next(base, &base->next);
	local_irq_restore(flags);
}

/* Earliest time anything could be due; false when no timer is armed. Any context. */
bool timers_next(unsigned long *expires)
{
	unsigned long flags = local_irq_save();
	bool found = wheel_next(&timer_base, expires);

	local_irq_restore(flags);
	return found;
}

/* Start with an empty wheel at `now`. Once at start-up; again by tests that set the clock. */
void timers_init(unsigned long now)
{
	BUG_ON(timer_base.armed);
	timer_base.clk = now;
	timer_base.next_set = false;
}

unsigned long timers_armed(void)
{
	return timer_base.armed;
}

/* Before anything else is done with t. `flags` has no meaning yet and must be 0. */
void timer_setup(struct timer_list *t, void (*fn)(struct timer_list *), unsigned int flags)
{
	BUG_ON(flags);
	INIT_HLIST_NODE(&t->entry);
	t->expires = 0;
	t->function = fn;
}

bool mod_timer(struct timer_list *t, unsigned long expires)
{
	struct timer_base *base = &timer_base;
	bool pending;
	unsigned long flags;

	BUG_ON(!t->function);
	flags = local_irq_save();
	pending = timer_pending(t);
	if (pending) {
		/*
		 * Later than before: the timer stays where it is, and when that time comes it is
		 * put off (expire_list). TCP moves its timers away with every ACK, so this is the
		 * way most calls take.
		 */
		if (time_after_eq(expires, t->expires)) {
			t->expires = expires;
			goto out;
		}
		wheel_del(base, t);
	}
	t->expires = expires;
	wheel_add(base, t);
	base->armed++;
	if (!base->next_set || time_before(expires, base->next)) {
		base->next = expires;
		base->next_set = true;
		tick_nearer((expires - INITIAL_JIFFIES) * NSEC_PER_MSEC);
	}
out:
	local_irq_restore(flags);
	return pending;
}

bool del_timer(struct timer_list *t)
{
	unsigned long flags;
	bool pending;

	if (!timer_pending(t))
		return false;
	flags = local_irq_save();
	pending = timer_pending(t); /* it may have fired just now */
	if (pending)
		wheel_del(&timer_base, t);
	local_irq_restore(flags);
	return pending;
}

/*
 * Callbacks run in softirqs, which end before any thread goes on: on one CPU nothing is left to
 * wait for. More CPUs will wait here for base->running.
 */
bool del_timer_sync(struct timer_list *t)
{
	BUG_ON(timer_base.running == t);
	return del_timer(t);
}
