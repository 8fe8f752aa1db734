// SPDX-License-Identifier: BSD-2-Clause
/*
 * The 8259A pair (Intel 8259A data sheet): programmed in any case so that stray interrupts do not
 * look like exceptions, and used for device interrupts with `noapic` or where there is no IO-APIC.
 * Called by irq.c with interrupts off.
 */
#include <kernel/cpu/io.h>
#include <kernel/cpu/vectors.h>

#define PIC1_COMMAND 0x20
#define PIC1_DATA 0x21
#define PIC2_COMMAND 0xa0
#define PIC2_DATA 0xa1
#define ELCR_PORT 0x4d0 /* edge/level control, two ports (PIIX data sheet) */
#define ICW1_INIT_ICW4 0x11
#define ICW4_8086 0x01
#define OCW2_EOI 0x20
#define OCW3_READ_ISR 0x0b
#define CASCADE_LINE 2

static u16 masked = 0xffff & ~(1u << CASCADE_LINE);

static void write_masks(void)
{
	outb((u8)masked, PIC1_DATA);
	outb((u8)(masked >> 8), PIC2_DATA);
}

void pic_init(void)
{
	outb(ICW1_INIT_ICW4, PIC1_COMMAND);
	outb(PIC_VECTOR, PIC1_DATA);
	outb(1 << CASCADE_LINE, PIC1_DATA);
	outb(ICW4_8086, PIC1_DATA);
	outb(ICW1_INIT_ICW4, PIC2_COMMAND);
	outb(PIC_VECTOR + 8, PIC2_DATA);
	outb(CASCADE_LINE, PIC2_DATA);
	outb(ICW4_8086, PIC2_DATA);
	write_masks();
}

/* Lines 0, 1, 2, 8 and 13 are edge triggered for ever. */
static void set_trigger(unsigned int line, bool level)
{
	u16 port = (u16)(ELCR_PORT + line / 8);
	u8 bit = (u8)(1u << (line % 8));
	u8 v = inb(port);

	if (line < 3 || line == 8 || line == 13)
		return;
	outb(level ? v | bit : v & (u8)~bit, port);
}

void pic_unmask(unsigned int line, bool level)
{
	set_trigger(line, level);
	masked &= (u16)~(1u << line);
	write_masks();
}

void pic_mask(unsigned int line)
{
	masked |= (u16)(1u << line);
	write_masks();
}

static bool in_service(unsigned int line)
{
	u16 port = line < 8 ? PIC1_COMMAND : PIC2_COMMAND;

	outb(OCW3_READ_ISR, port);
	return inb(port) >> (line % 8) & 1;
}

void pic_eoi(unsigned int line)
{
	/* Lines 7 and 15 also stand for an interrupt that went away before it was taken. */
	if ((line == 7 || line == 15) && !in_service(line)) {
		if (line == 15)
			outb(OCW2_EOI, PIC1_COMMAND);
		return;
	}
	if (line >= 8)
		outb(OCW2_EOI, PIC2_COMMAND);
	outb(OCW2_EOI, PIC1_COMMAND);
}
