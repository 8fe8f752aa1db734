/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one-shot timer interrupt: the local APIC's (Intel SDM volume 3 section 11.5.4), by TSC
 * deadline where the processor has it, otherwise by a count measured against the clock at boot;
 * the 8254's channel 0 on a machine without a local APIC. There is no periodic tick: tick.c says
 * when, and nothing is programmed while no timer is armed.
 *
 * The interrupt comes a little late rather than early (the measured rates are good to about 1 part
 * in 4096): an early one would find nothing due and cost a second. A time that is too far for the
 * hardware is reached in steps, because the timer softirq programs what is left.
 *
 * clockevent_program() is called with interrupts off; the interrupt raises TIMER_SOFTIRQ.
 */
#include <kernel/cpu/apic.h>
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/io.h>
#include <kernel/cpu/irq.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/calibrate.h>
#include <kernel/time/clock.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/cycles.h>
#include <kernel/time/tick.h>

#define CALIBRATE_NS (2 * NSEC_PER_MSEC)
#define MIN_DELTA_NS 1000ull
#define MAX_DELTA_NS (3600 * NSEC_PER_SEC)
#define SLACK_SHIFT 12
#define LAPIC_VIRTUAL_HZ 62500000u /* 1 GHz / 16 */
#define TICK_SHIFT 32
#define PIT_HZ 1193182ull
#define PIT_CH0 0x40
#define PIT_COMMAND 0x43
#define PIT_CH0_MODE0 0x30 /* channel 0, low and high byte, interrupt on terminal count */

static void (*arm)(u64 delta_ns); /* NULL before time_init() */
static u64 ticks_per_ns;	  /* << TICK_SHIFT, of the APIC timer */

static void arm_deadline(u64 delta_ns)
{
	/* cycles in NSEC_PER_MSEC; in two parts, since libgcc divides 128 bits */
	u64 khz = tsc_khz();

	lapic_timer_arm_deadline(get_cycles() + delta_ns / NSEC_PER_MSEC * khz +
				 delta_ns % NSEC_PER_MSEC * khz / NSEC_PER_MSEC);
}

static void arm_count(u64 delta_ns)
{
	u64 ticks = (u64)((__uint128_t)delta_ns * ticks_per_ns >> TICK_SHIFT) + 1;

	lapic_timer_arm((u32)min_t(u64, ticks, ~0u));
}

static void arm_pit(u64 delta_ns)
{
	u64 ticks = min_t(u64, (delta_ns * PIT_HZ) / NSEC_PER_SEC + 1, 0xffff);

	outb(PIT_CH0_MODE0, PIT_COMMAND);
	outb((u8)ticks, PIT_CH0);
	outb((u8)(ticks >> 8), PIT_CH0);
}

void clockevent_program(u64 at_ns)
{
	s64 delta_ns = (s64)(at_ns - ktime_get_ns());

	if (!arm)
		return;
	delta_ns = clamp_t(s64, delta_ns, 0, (s64)MAX_DELTA_NS);
	arm((u64)delta_ns + ((u64)delta_ns >> SLACK_SHIFT) + MIN_DELTA_NS);
}

static void timer_interrupt(void *arg)
{
	raise_softirq(TIMER_SOFTIRQ);
}

/* Let the APIC timer run down beside the clock for a moment. */
static void calibrate_lapic(void)
{
	u64 start_ns, end_ns;
	u32 ticks;

	lapic_timer_arm(~0u);
	ticks = read_pair(lapic_timer_current, ktime_get_ns, &start_ns);
	while (ktime_get_ns() - start_ns < CALIBRATE_NS)
		;
	ticks -= read_pair(lapic_timer_current, ktime_get_ns, &end_ns);
	lapic_timer_arm(0);
	BUG_ON(!ticks);
	ticks_per_ns = ((u64)ticks << TICK_SHIFT) / (end_ns - start_ns);
}

static u64 read_tsc(void)
{
	return get_cycles();
}

/*
 * A virtual machine without any other clock (microvm with pit=off): the bus that the emulated local
 * APIC's timer counts runs at 1 GHz in QEMU and in KVM, so the TSC can be measured against it.
 */
static void calibrate_tsc_by_lapic(void)
{
	u64 start, end;
	u32 from, ticks;

	lapic_timer_arm(~0u);
	from = read_pair(lapic_timer_current, read_tsc, &start);
	while (from - lapic_timer_current() < LAPIC_VIRTUAL_HZ / 100)
		;
	ticks = from - read_pair(lapic_timer_current, read_tsc, &end);
	clock_set_rate((end - start) * LAPIC_VIRTUAL_HZ / ticks);
	lapic_timer_arm(0);
	pr_info("clock: TSC at %llu kHz by the local APIC timer\n", (unsigned long long)tsc_khz());
}

static int init_lapic(void)
{
	int vector = irq_alloc_vector(timer_interrupt, NULL, "timer");

	if (vector < 0)
		return vector;
	if (cpu_has(CPU_TSC_DEADLINE)) {
		lapic_timer_setup_deadline(vector);
		arm = arm_deadline;
		pr_info("timer: local APIC, TSC deadline\n");
		return 0;
	}
	lapic_timer_setup(vector);
	if (tsc_rate_is_guess() && cpu_has(CPU_HYPERVISOR))
		calibrate_tsc_by_lapic();
	calibrate_lapic();
	arm = arm_count;
	pr_info("timer: local APIC, %llu kHz\n",
		(unsigned long long)(ticks_per_ns * 1000000 >> TICK_SHIFT));
	return 0;
}

void time_init(void)
{
	int err;

	tick_init(jiffies);
	if (lapic_present()) {
		err = init_lapic();
	} else {
		arm = arm_pit;
		err = request_isa_irq(0, timer_interrupt, NULL, "timer");
		pr_info("timer: 8254\n");
	}
	if (err)
		panic("timer: no interrupt: %d", err);
}
