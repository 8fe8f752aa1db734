// SPDX-License-Identifier: BSD-2-Clause
/*
 * The local APIC (Intel SDM volume 3 chapter 11): registers in a page of memory, or as MSRs in
 * x2APIC mode, which is used where the processor has it. LINT0 takes the 8259's interrupts when
 * irq_init() says so (virtual wire mode), LINT1 is NMI. The timer stays masked until kernel/time
 * sets it up. lapic_eoi() runs in the common interrupt exit; the timer calls run in any context.
 */
#include <kernel/cpu/apic.h>
#include <kernel/cpu/cpuid.h>
#include <kernel/cpu/io.h>
#include <kernel/cpu/madt.h>
#include <kernel/cpu/msr.h>
#include <kernel/cpu/vectors.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>

enum lapic_reg {
	LAPIC_ID = 0x20,
	LAPIC_TPR = 0x80,
	LAPIC_EOI = 0xb0,
	LAPIC_SVR = 0xf0,
	LAPIC_ESR = 0x280,
	LAPIC_LVT_TIMER = 0x320,
	LAPIC_LVT_LINT0 = 0x350,
	LAPIC_LVT_LINT1 = 0x360,
	LAPIC_LVT_ERROR = 0x370,
	LAPIC_TIMER_INITIAL = 0x380,
	LAPIC_TIMER_CURRENT = 0x390,
	LAPIC_TIMER_DIVIDE = 0x3e0,
};
#define APIC_BASE_ENABLE BIT(11)
#define APIC_BASE_X2APIC BIT(10)
#define SVR_ENABLE 0x100u
#define LVT_MASKED 0x10000u
#define LVT_EXTINT 0x700u
#define LVT_NMI 0x400u
#define LVT_TIMER_DEADLINE 0x40000u
#define TIMER_DIVIDE_BY_16 0x3u

static bool present, x2apic;
static volatile u8 *regs;

static u32 lapic_read(enum lapic_reg reg)
{
	return x2apic ? (u32)rdmsr(MSR_X2APIC_BASE + (reg >> 4)) : readl(regs + reg);
}

static void lapic_write(enum lapic_reg reg, u32 v)
{
	if (x2apic)
		wrmsr(MSR_X2APIC_BASE + (reg >> 4), v);
	else
		writel(v, regs + reg);
}

bool lapic_present(void)
{
	return present;
}

u32 lapic_id(void)
{
	u32 id = lapic_read(LAPIC_ID);

	return x2apic ? id : id >> 24;
}

void lapic_eoi(void)
{
	lapic_write(LAPIC_EOI, 0);
}

void lapic_set_lint0_extint(bool on)
{
	lapic_write(LAPIC_LVT_LINT0, on ? LVT_EXTINT : LVT_EXTINT | LVT_MASKED);
}

bool lapic_init(void)
{
	u64 base;

	if (!cpu_has(CPU_APIC))
		return false;
	base = rdmsr(MSR_APIC_BASE) | APIC_BASE_ENABLE;
	x2apic = cpu_has(CPU_X2APIC);
	if (x2apic)
		base |= APIC_BASE_X2APIC;
	wrmsr(MSR_APIC_BASE, base);
	if (!x2apic) {
		regs = (volatile u8 *)ioremap(madt_info.lapic_address, PAGE_SIZE);
		if (!regs)
			panic("no memory to map the local APIC");
	}
	lapic_write(LAPIC_TPR, 0);
	lapic_write(LAPIC_LVT_TIMER, LVT_MASKED);
	lapic_write(LAPIC_LVT_LINT1, LVT_NMI);
	lapic_write(LAPIC_LVT_ERROR, LVT_MASKED);
	lapic_write(LAPIC_ESR, 0);
	lapic_write(LAPIC_SVR, SVR_ENABLE | SPURIOUS_VECTOR);
	present = true;
	pr_info("irq: local APIC %u%s\n", lapic_id(), x2apic ? ", x2APIC mode" : "");
	return true;
}

void lapic_timer_setup(int vector)
{
	lapic_write(LAPIC_TIMER_INITIAL, 0);
	lapic_write(LAPIC_TIMER_DIVIDE, TIMER_DIVIDE_BY_16);
	lapic_write(LAPIC_LVT_TIMER, (u32)vector);
}

void lapic_timer_arm(u32 count)
{
	lapic_write(LAPIC_TIMER_INITIAL, count);
}

u32 lapic_timer_current(void)
{
	return lapic_read(LAPIC_TIMER_CURRENT);
}

void lapic_timer_setup_deadline(int vector)
{
	lapic_write(LAPIC_LVT_TIMER, LVT_TIMER_DEADLINE | (u32)vector);
	/* The mode must be set before the first deadline is (SDM 11.5.4.1). */
	mb();
}

void lapic_timer_arm_deadline(u64 tsc)
{
	wrmsr(MSR_TSC_DEADLINE, tsc);
}
