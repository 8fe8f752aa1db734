// SPDX-License-Identifier: BSD-2-Clause
/*
 * IO-APICs (Intel 82093AA data sheet): an index and a data register, one 64-bit redirection entry a
 * line. Every used line goes to this CPU by physical destination. Called by irq.c with interrupts
 * off. Left out: more than one CPU as destination.
 */
#include <kernel/cpu/apic.h>
#include <kernel/cpu/io.h>
#include <kernel/cpu/madt.h>
#include <kernel/cpu/vectors.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>

#define IOREGSEL 0x00
#define IOWIN 0x10
#define IOAPIC_VERSION 0x01
#define IOAPIC_REDIRECTION 0x10
#define REDIR_ACTIVE_LOW BIT(13)
#define REDIR_LEVEL BIT(15)
#define REDIR_MASKED BIT(16)
#define REDIR_DESTINATION_SHIFT 24 /* in the upper word */
#define DEFAULT_IOAPIC 0xfec00000UL
#define NO_DEVICE 0xffffffffu
#define MAX_IOAPICS ARRAY_SIZE(madt_info.ioapic)

static struct {
	volatile u8 *regs;
	unsigned int gsi_base, lines;
} ioapics[MAX_IOAPICS];
static unsigned int nioapics;

static u32 ioapic_read(volatile u8 *regs, u32 index)
{
	writel(index, regs + IOREGSEL);
	return readl(regs + IOWIN);
}

static void ioapic_write(volatile u8 *regs, u32 index, u32 v)
{
	writel(index, regs + IOREGSEL);
	writel(v, regs + IOWIN);
}

/* The IO-APIC of a line and the index of its redirection entry; NULL when there is none. */
static volatile u8 *find_line(unsigned int gsi, u32 *index)
{
	for (unsigned int i = 0; i < nioapics; i++) {
		unsigned int base = ioapics[i].gsi_base;

		if (gsi >= base && gsi - base < ioapics[i].lines) {
			*index = IOAPIC_REDIRECTION + 2 * (gsi - base);
			return ioapics[i].regs;
		}
	}
	return NULL;
}

bool ioapic_has_gsi(unsigned int gsi)
{
	u32 index;

	return find_line(gsi, &index) != NULL;
}

void ioapic_unmask(unsigned int gsi, int vector, bool level, bool active_low)
{
	u32 index, low = (u32)vector;
	volatile u8 *regs = find_line(gsi, &index);

	BUG_ON(!regs);
	if (level)
		low |= REDIR_LEVEL;
	if (active_low)
		low |= REDIR_ACTIVE_LOW;
	ioapic_write(regs, index, REDIR_MASKED);
	ioapic_write(regs, index + 1, lapic_id() << REDIR_DESTINATION_SHIFT);
	ioapic_write(regs, index, low);
}

void ioapic_mask(unsigned int gsi)
{
	u32 index;
	volatile u8 *regs = find_line(gsi, &index);

	BUG_ON(!regs);
	ioapic_write(regs, index, REDIR_MASKED);
}

static void add_ioapic(u64 address, u32 gsi_base)
{
	volatile u8 *regs = (volatile u8 *)ioremap(address, PAGE_SIZE);
	u32 version = regs ? ioapic_read(regs, IOAPIC_VERSION) : NO_DEVICE;
	u32 lines = (version >> 16 & 0xff) + 1;

	if (version == NO_DEVICE || version == 0) {
		iounmap(regs);
		return;
	}
	ioapics[nioapics].regs = regs;
	ioapics[nioapics].gsi_base = gsi_base;
	ioapics[nioapics].lines = lines;
	nioapics++;
	for (u32 line = 0; line < lines; line++)
		ioapic_mask(gsi_base + line);
	pr_info("irq: IO-APIC at 0x%lx, lines %u-%u\n", address, gsi_base, gsi_base + lines - 1);
}

unsigned int ioapic_init(void)
{
	for (u32 i = 0; i < madt_info.nioapics; i++)
		add_ioapic(madt_info.ioapic[i].address, madt_info.ioapic[i].gsi_base);
	/* Without ACPI: where the MultiProcessor Specification (3.6.5) puts the first one. */
	if (!madt_info.nioapics)
		add_ioapic(DEFAULT_IOAPIC, 0);
	return nioapics;
}
