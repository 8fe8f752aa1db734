/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rate of the time stamp counter. CPUID knows it on newer processors (Intel SDM volume 3,
 * section
 * 19.7.3: leaf 15H) and under some hypervisors (leaf 40000010H, kHz in EAX). Otherwise it is
 * measured over 10 ms against a counter of known rate: the ACPI power management timer (ACPI 6.4
 * section
 * 4.8.3.3, 3.579545 MHz) or channel 2 of the 8254 (1.193182 MHz), which QEMU's microvm has too
 * under TCG. The machine without any of them gets 1 GHz and a loud word,
 * until the local APIC timer is there (clockevent.c).
 *
 * A reading of a counter is put between two of the TSC and tried again when they lie far apart (the
 * host took the processor away), so 10 ms give about 100 parts per million.
 *
 * Boot only, interrupts may be on or off.
 */
#include <kernel/cpu/acpi.h>
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/io.h>
#include <kernel/lib/printk.h>
#include <kernel/time/calibrate.h>
#include <kernel/time/cycles.h>

#define PM_TIMER_HZ 3579545u
#define PM_TIMER_MASK 0xffffffu /* the upper 8 bits need not be there */
#define FADT_PM_TMR_BLK 76	/* offset of the port's address in the FADT */
#define FADT_PM_TMR_LEN 91

#define PIT_HZ 1193182u
#define PIT_CH2 0x42
#define PIT_COMMAND 0x43
#define PIT_CH2_MODE0 0xb0 /* channel 2, low and high byte, interrupt on terminal count */
#define PIT_LATCH_CH2 0x80
#define PORT_B 0x61
#define PORT_B_GATE2 0x01
#define PORT_B_SPEAKER 0x02

#define WINDOW_DIVISOR 100 /* 1/100 s */
#define MEASURE_TRIES 20
#define AGREE_DIVISOR 500
#define POLL_LIMIT 10000000u
#define FALLBACK_HZ 1000000000u

static u16 pm_port;
static bool guessed;

static u32 pm_timer_read(void)
{
	return inl(pm_port) & PM_TIMER_MASK;
}

static u64 read_tsc(void)
{
	return get_cycles();
}

/* Counts down; turned into counting up. */
static u32 pit_read(void)
{
	u8 lo;

	outb(PIT_LATCH_CH2, PIT_COMMAND);
	lo = inb(PIT_CH2);
	return (u32)(0xffff - (inb(PIT_CH2) << 8 | lo));
}

/*
 * TSC cycles per second against a counter that counts up at `hz` under `mask`; 0 if it stands
 * still.
 */
static u64 measure(u32 (*read)(void), u32 hz, u32 mask)
{
	u64 tsc_start, tsc_end;
	u32 start = read_pair(read, read_tsc, &tsc_start), end, polls = 0;

	while (((read() - start) & mask) < hz / WINDOW_DIVISOR) {
		if (++polls == POLL_LIMIT)
			return 0;
	}
	end = read_pair(read, read_tsc, &tsc_end);
	return (tsc_end - tsc_start) * hz / ((end - start) & mask);
}

/* For a counter that wraps soon: a stall longer than its period must not go unseen. */
static u64 measure_twice(u32 (*read)(void), u32 hz, u32 mask)
{
	u64 last = measure(read, hz, mask), next = 0;

	for (int i = 0; i < MEASURE_TRIES; i++, last = next) {
		next = measure(read, hz, mask);
		if (next - last + last / AGREE_DIVISOR <= 2 * (last / AGREE_DIVISOR))
			break;
	}
	return next;
}

static u64 tsc_from_pm_timer(void)
{
	const u8 *fadt = (const u8 *)acpi_find_table("FACP");
	u32 first;

	if (!fadt || ((const struct acpi_header *)fadt)->length <= FADT_PM_TMR_LEN ||
	    fadt[FADT_PM_TMR_LEN] != 4)
		return 0;
	__builtin_memcpy(&first, fadt + FADT_PM_TMR_BLK, sizeof(first));
	pm_port = (u16)first;
	if (!pm_port)
		return 0;
	/* It must move at all: an absent port reads all ones. */
	first = pm_timer_read();
	for (int i = 0; pm_timer_read() == first; i++) {
		if (i == 1000)
			return 0;
	}
	return measure(pm_timer_read, PM_TIMER_HZ, PM_TIMER_MASK);
}

static u64 tsc_from_pit(void)
{
	u8 port_b = inb(PORT_B);
	u64 hz = 0;
	u32 first;

	outb((port_b & ~PORT_B_SPEAKER) | PORT_B_GATE2, PORT_B);
	outb(PIT_CH2_MODE0, PIT_COMMAND);
	outb(0xff, PIT_CH2);
	outb(0xff, PIT_CH2);
	first = pit_read();
	for (int i = 0; i < 1000; i++) {
		if (pit_read() != first) {
			hz = measure_twice(pit_read, PIT_HZ, 0xffff);
			break;
		}
	}
	outb(port_b, PORT_B);
	return hz;
}

static u64 tsc_from_cpuid(void)
{
	struct cpuid_regs r;

	if (cpu_info.max_leaf >= 0x15) {
		r = cpuid(0x15, 0);
		if (r.eax && r.ebx && r.ecx)
			return (u64)r.ecx * r.ebx / r.eax;
	}
	if (cpu_has(CPU_HYPERVISOR) && cpuid(0x40000000, 0).eax >= 0x40000010)
		return cpuid(0x40000010, 0).eax * 1000ull;
	return 0;
}

bool tsc_rate_is_guess(void)
{
	return guessed;
}

u64 calibrate_tsc(const char **source)
{
	static const struct {
		const char *name;
		u64 (*hz)(void);
	} sources[] = {
		{ "CPUID", tsc_from_cpuid },
		{ "ACPI PM timer", tsc_from_pm_timer },
		{ "8254", tsc_from_pit },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		u64 hz = sources[i].hz();

		if (hz) {
			*source = sources[i].name;
			return hz;
		}
	}
	pr_warn("clock: nothing to measure the TSC against, taking 1 GHz\n");
	guessed = true;
	*source = "a guess";
	return FALLBACK_HZ;
}
