// SPDX-License-Identifier: BSD-2-Clause
/*
 * The Multiple APIC Description Table (ACPI 6.4 section 5.2.12): where the local APIC and the
 * IO-APICs are and how the ISA interrupts are wired to them. Entries carry their own lengths, which
 * are checked against the table's. Called once by irq_init().
 */
#include <kernel/cpu/acpi.h>
#include <kernel/cpu/madt.h>
#include <kernel/lib/printk.h>
#include <string.h>

#define MADT_LAPIC 0
#define MADT_IOAPIC 1
#define MADT_OVERRIDE 2
#define MADT_LAPIC_ADDRESS 5
#define MADT_X2APIC 9
#define LAPIC_ENABLED 0x1u
#define MPS_POLARITY_MASK 0x3u
#define MPS_ACTIVE_LOW 0x3u
#define MPS_TRIGGER_MASK 0xcu
#define MPS_LEVEL 0xcu
#define DEFAULT_LAPIC 0xfee00000UL

struct madt {
	struct acpi_header h;
	u32 lapic_address, flags;
} __packed;
struct madt_entry {
	u8 type, length;
} __packed;
struct madt_lapic {
	struct madt_entry e;
	u8 processor, id;
	u32 flags;
} __packed;
struct madt_ioapic {
	struct madt_entry e;
	u8 id, reserved;
	u32 address, gsi_base;
} __packed;
struct madt_override {
	struct madt_entry e;
	u8 bus, source;
	u32 gsi;
	u16 flags;
} __packed;
struct madt_lapic_address {
	struct madt_entry e;
	u16 reserved;
	u64 address;
} __packed;
struct madt_x2apic {
	struct madt_entry e;
	u16 reserved;
	u32 id, flags, processor;
} __packed;

struct madt_info madt_info;

static void read_ioapic(const struct madt_ioapic *io)
{
	u32 n = madt_info.nioapics;

	if (n == ARRAY_SIZE(madt_info.ioapic)) {
		pr_warn("irq: IO-APIC %u ignored (limit %zu)\n", io->id,
			ARRAY_SIZE(madt_info.ioapic));
		return;
	}
	madt_info.ioapic[n].address = io->address;
	madt_info.ioapic[n].gsi_base = io->gsi_base;
	madt_info.nioapics++;
}

static void read_override(const struct madt_override *o)
{
	if (o->bus != 0 || o->source >= ARRAY_SIZE(madt_info.isa))
		return;
	madt_info.isa[o->source].gsi = o->gsi;
	madt_info.isa[o->source].overridden = true;
	madt_info.isa[o->source].level = (o->flags & MPS_TRIGGER_MASK) == MPS_LEVEL;
	madt_info.isa[o->source].active_low = (o->flags & MPS_POLARITY_MASK) == MPS_ACTIVE_LOW;
}

static void read_entry(const struct madt_entry *e)
{
	static const u8 min_length[] = { [MADT_LAPIC] = sizeof(struct madt_lapic),
					 [MADT_IOAPIC] = sizeof(struct madt_ioapic),
					 [MADT_OVERRIDE] = sizeof(struct madt_override),
					 [MADT_LAPIC_ADDRESS] = sizeof(struct madt_lapic_address),
					 [MADT_X2APIC] = sizeof(struct madt_x2apic) };

	if (e->type >= ARRAY_SIZE(min_length) || e->length < min_length[e->type])
		return;
	switch (e->type) {
	case MADT_LAPIC:
		madt_info.ncpus += ((const struct madt_lapic *)e)->flags & LAPIC_ENABLED;
		break;
	case MADT_X2APIC:
		madt_info.ncpus += ((const struct madt_x2apic *)e)->flags & LAPIC_ENABLED;
		break;
	case MADT_IOAPIC:
		read_ioapic((const struct madt_ioapic *)e);
		break;
	case MADT_OVERRIDE:
		read_override((const struct madt_override *)e);
		break;
	case MADT_LAPIC_ADDRESS:
		madt_info.lapic_address = ((const struct madt_lapic_address *)e)->address;
		break;
	}
}

void madt_init(void)
{
	const struct madt *madt = (const struct madt *)acpi_find_table("APIC");
	const u8 *p, *end;

	madt_info.lapic_address = DEFAULT_LAPIC;
	madt_info.ncpus = 0;
	for (u32 i = 0; i < ARRAY_SIZE(madt_info.isa); i++)
		madt_info.isa[i].gsi = i;
	if (!madt || madt->h.length < sizeof(*madt))
		return;
	madt_info.lapic_address = madt->lapic_address;
	p = (const u8 *)(madt + 1);
	end = (const u8 *)madt + madt->h.length;
	while (end - p >= (long)sizeof(struct madt_entry)) {
		const struct madt_entry *e = (const struct madt_entry *)p;

		if (e->length < sizeof(*e) || e->length > end - p)
			break;
		read_entry(e);
		p += e->length;
	}
}
