// SPDX-License-Identifier: BSD-2-Clause
/*
 * Hardware interrupts: which handler a vector calls. A vector belongs to one caller (MSI-X, the
 * APIC timer) or to a line of the IO-APIC or the 8259, whose handlers then form a list. do_irq()
 * is called by entry.S with interrupts off on the interrupt stack: handlers, end of interrupt,
 * then softirqs (irq_exit) when it is the outermost. Requests come from thread context at probe
 * time.
 */
#include <errno.h>
#include <kernel/cpu/apic.h>
#include <kernel/cpu/desc.h>
#include <kernel/cpu/irq.h>
#include <kernel/cpu/madt.h>
#include <kernel/cpu/ptrace.h>
#include <kernel/cpu/vectors.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>

#define MAX_GSI 256
#define MSI_ADDRESS 0xfee00000UL
#define MSI_DESTINATION_SHIFT 12

/* One handler of a shared line. */
struct irq_action {
	irq_handler_t handler;
	void *arg;
	const char *name;
	struct irq_action *next;
};

struct irq_vector {
	irq_handler_t handler;
	void *arg;
	u64 count;
	const char *name, *chip;
	int gsi;
};

struct irq_line {
	struct irq_action *actions;
	int vector;
	bool level, active_low;
};

static struct irq_vector vectors[NR_VECTORS];
static struct irq_line lines[MAX_GSI];
static bool use_ioapic;
static u64 spurious;

static bool is_pic_vector(u64 v)
{
	return v >= PIC_VECTOR && v < PIC_VECTOR + PIC_LINES;
}

/* Entry from entry.S. */
void do_irq(const struct pt_regs *regs)
{
	struct irq_vector *v = &vectors[regs->vector];

	irq_enter();
	v->count++;
	if (likely(v->handler))
		v->handler(v->arg);
	else
		spurious++;
	if (unlikely(is_pic_vector(regs->vector)))
		pic_eoi((unsigned int)regs->vector - PIC_VECTOR);
	else if (likely(regs->vector != SPURIOUS_VECTOR))
		lapic_eoi();
	irq_exit();
}

static void set_vector(int vector, irq_handler_t handler, void *arg, const char *name)
{
	unsigned long flags = local_irq_save();

	vectors[vector].handler = handler;
	vectors[vector].arg = arg;
	vectors[vector].name = name;
	vectors[vector].chip = "MSI/APIC";
	vectors[vector].gsi = -1;
	local_irq_restore(flags);
}

int irq_alloc_vector(irq_handler_t handler, void *arg, const char *name)
{
	BUG_ON(!handler);
	if (!lapic_present())
		return -ENOSPC;
	for (int v = FIRST_FREE_VECTOR; v <= LAST_FREE_VECTOR; v++) {
		if (!vectors[v].handler) {
			set_vector(v, handler, arg, name);
			return v;
		}
	}
	return -ENOSPC;
}

void irq_free_vector(int vector)
{
	BUG_ON(vector < FIRST_FREE_VECTOR || vector > LAST_FREE_VECTOR);
	set_vector(vector, NULL, NULL, NULL);
}

u64 irq_msi_address(void)
{
	return MSI_ADDRESS | (u64)(lapic_id() & 0xff) << MSI_DESTINATION_SHIFT;
}

u32 irq_msi_data(int vector)
{
	return (u32)vector;
}

/* All handlers of a line: any of its devices may have raised it. */
static void handle_line(void *arg)
{
	const struct irq_line *line = arg;

	for (const struct irq_action *a = line->actions; a; a = a->next)
		a->handler(a->arg);
}

/* The MADT's word about a line, if any, wins over the driver's. */
static void set_mode(struct irq_line *line, unsigned int gsi, u32 flags)
{
	line->level = flags & IRQF_LEVEL;
	line->active_low = flags & IRQF_ACTIVE_LOW;
	for (unsigned int i = 0; i < ARRAY_SIZE(madt_info.isa); i++) {
		if (madt_info.isa[i].overridden && madt_info.isa[i].gsi == gsi) {
			line->level = madt_info.isa[i].level;
			line->active_low = madt_info.isa[i].active_low;
		}
	}
}

static int start_line(struct irq_line *line, unsigned int gsi, u32 flags, const char *name)
{
	if (!use_ioapic) {
		line->vector = PIC_VECTOR + (int)gsi;
		set_vector(line->vector, handle_line, line, name);
	} else {
		line->vector = irq_alloc_vector(handle_line, line, name);
		if (line->vector < 0)
			return line->vector;
	}
	vectors[line->vector].chip = use_ioapic ? "IO-APIC" : "8259";
	vectors[line->vector].gsi = (int)gsi;
	set_mode(line, gsi, flags);
	if (use_ioapic)
		ioapic_unmask(gsi, line->vector, line->level, line->active_low);
	else
		pic_unmask(gsi, flags & IRQF_LEVEL);
	return 0;
}

int request_gsi(unsigned int gsi, u32 flags, irq_handler_t handler, void *arg, const char *name)
{
	struct irq_line *line = &lines[gsi];
	struct irq_action *a;
	unsigned long irqs;
	int err = 0;

	if (gsi >= MAX_GSI || !(use_ioapic ? ioapic_has_gsi(gsi) : gsi < PIC_LINES))
		return -EINVAL;
	a = kmalloc(sizeof(*a), GFP_KERNEL);
	if (!a)
		return -ENOMEM;
	irqs = local_irq_save();
	*a = (struct irq_action){ handler, arg, name, line->actions };
	line->actions = a;
	if (!a->next)
		err = start_line(line, gsi, flags, name);
	if (err)
		line->actions = NULL;
	local_irq_restore(irqs);
	if (err)
		kfree(a);
	return err;
}

static unsigned int isa_gsi(unsigned int irq)
{
	return use_ioapic && irq < PIC_LINES ? madt_info.isa[irq].gsi : irq;
}

int request_isa_irq(unsigned int irq, irq_handler_t handler, void *arg, const char *name)
{
	return irq < PIC_LINES ? request_gsi(isa_gsi(irq), 0, handler, arg, name) : -EINVAL;
}

int request_isa_level_irq(unsigned int irq, irq_handler_t handler, void *arg, const char *name)
{
	return request_gsi(isa_gsi(irq), IRQF_LEVEL | IRQF_ACTIVE_LOW, handler, arg, name);
}

void free_gsi(unsigned int gsi, void *arg)
{
	struct irq_line *line = &lines[gsi];
	struct irq_action **p = &line->actions, *a;
	unsigned long flags;

	BUG_ON(gsi >= MAX_GSI);
	flags = local_irq_save();
	while (*p && (*p)->arg != arg)
		p = &(*p)->next;
	a = *p;
	BUG_ON(!a);
	*p = a->next;
	if (!line->actions) {
		if (use_ioapic)
			ioapic_mask(gsi);
		else
			pic_mask(gsi);
		set_vector(line->vector, NULL, NULL, NULL);
	}
	local_irq_restore(flags);
	kfree(a);
}

void irq_for_each(void (*fn)(const struct irq_stat *st, void *arg), void *arg)
{
	for (int i = FIRST_IRQ_VECTOR; i < NR_VECTORS; i++) {
		const struct irq_vector *v = &vectors[i];

		if (v->handler)
			fn(&(struct irq_stat){ i, v->gsi, v->chip, v->name, v->count }, arg);
	}
}

u64 irq_spurious_count(void)
{
	return spurious;
}

void irq_init(void)
{
	bool lapic;

	pic_init();
	madt_init();
	lapic = lapic_init();
	if (cmdline_get("noapic"))
		pr_info("irq: noapic: device lines come by the 8259 pair\n");
	else
		use_ioapic = lapic && ioapic_init() > 0;
	if (lapic)
		lapic_set_lint0_extint(!use_ioapic);
	if (!use_ioapic)
		pr_info("irq: no IO-APIC in use\n");
	local_irq_enable();
}
