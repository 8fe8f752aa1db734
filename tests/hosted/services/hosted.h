/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_SERVICES_HOSTED_H
#define BW_TESTS_HOSTED_SERVICES_HOSTED_H

/*
 * The machine of the hosted tests: the kernel's services in virtual time, in one host process.
 *
 * main() runs as the thread "init" of the kernel's own scheduler. Time stands still while any thread
 * runs; when all sleep it jumps to the next timer or event, so a test that waits an hour takes no
 * time and every run is the same. All of this is up before main() (a constructor starts it).
 *
 * A BUG_ON or panic aborts the program with a backtrace, so does a WARN_ON that was not announced,
 * and so does a sleep that nothing can end. Memory comes from the host's malloc: AddressSanitizer
 * sees each object and each page block by itself.
 */
#include <kernel/lib/rbtree.h>
#include <kernel/sched/thread.h>

/* For cmocka's setup and teardown: start counting, then check that nothing is left and warned. */
int hosted_setup(void **state);
int hosted_teardown(void **state);

/* Let this much virtual time pass (thread context, sleeps); everything due until then happens. */
void hosted_advance(unsigned long ms);
void hosted_advance_ns(u64 ns);
/* Run threads and softirqs until none is runnable, without time moving. */
void hosted_run_until_idle(void);
/*
 * Until no timer is armed and no event is left either, but at most this long; false if it ran
 * out.
 */
bool hosted_drain(unsigned long max_ms);
u64 hosted_now_ns(void);

/* Something that happens at a virtual time, with nanosecond precision: a link delivers a frame. */
struct hosted_event {
	struct rb_node node;
	bool queued;
	u64 at_ns;
	u64 order; /* first armed, first run at the same time */
	void (*fn)(struct hosted_event *e); /* as a hard interrupt; may queue itself again */
};
void hosted_event_init(struct hosted_event *e, void (*fn)(struct hosted_event *));
/* Arm or move. A time that is over means now. */
void hosted_event_at(struct hosted_event *e, u64 at_ns);
void hosted_event_cancel(struct hosted_event *e);

/*
 * Program memory that is not there: copies from and to it stop at its first byte. Until
 * hosted_no_faults(), which hosted_setup() calls as well.
 */
void hosted_fault_range(const void *start, size_t len);
void hosted_no_faults(void);
/* Called for each address of a program that the kernel flushes, or for all; NULL: not wanted. */
extern void (*hosted_tlb_flush)(unsigned long addr, bool all);

/*
 * fn is called whenever every thread sleeps and all work is done, before time moves on: a place to
 * check what must hold between any two events. NULL: none.
 */
void hosted_on_idle(void (*fn)(void));

/* Reproducible randomness: also resets get_random_*(). hosted_setup() uses seed 1. */
void hosted_seed(u64 seed);

/*
 * Allocation faults, for pages, slab objects and kmalloc together. fail_nth: the nth allocation
 * from now on fails (1: the next), once. fail_permille: each one fails with that probability (0:
 * stop). The count of failures that were injected since.
 */
void hosted_fail_nth(unsigned long n);
void hosted_fail_permille(unsigned int permille);
unsigned long hosted_failed(void);
/* Between hold(true) and hold(false) nothing fails: the test allocates for itself. Nests. */
void hosted_fail_hold(bool on);

/* Objects, blocks and bytes that are allocated now. */
unsigned long hosted_live_objects(void);
/* What was allocated since hosted_leak_mark() and is not freed: prints the first few with where. */
void hosted_leak_mark(void);
unsigned long hosted_leak_check(void);
/* Pages the machine claims to have (default 65536) and that alloc_pages() is limited to. */
void hosted_set_totalram(unsigned long pages);

/* The next n WARN_ONs are expected. hosted_warnings(): how many came since hosted_setup(). */
void hosted_expect_warnings(unsigned long n);
unsigned long hosted_warnings(void);
/*
 * Run fn(arg) and say whether it ended in a panic or BUG_ON. Its locks and state are then as they
 * are.
 */
bool hosted_panics(void (*fn)(void *arg), void *arg);

/*
 * The kernel log on stderr, or only in the ring (default; HOSTED_VERBOSE=1 in the environment:
 * on).
 */
void hosted_verbose(bool on);

#endif /* BW_TESTS_HOSTED_SERVICES_HOSTED_H */
