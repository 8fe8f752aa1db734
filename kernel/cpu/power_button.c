// SPDX-License-Identifier: BSD-2-Clause
/*
 * The machine's power button (QEMU's monitor: system_powerdown).
 *
 * On a PC it is a fixed event of ACPI (6.4 section 4.8.3.1): a bit in the PM1 status register,
 * announced by the SCI. On QEMU's microvm, which has no fixed hardware, it is an event of the
 * generic event device (QEMU docs/specs/acpi_hw_reduced_hotplug); where that is stands in AML,
 * which nobody here reads, but QEMU puts it below the sleep register of the FADT.
 *
 * A program in ring 3 gets SIGTERM. A linked-in one, which receives no signals, is ended as by
 * `poweroff` in the shell: files closed, what is queued delivered. Started once at boot; the
 * handler runs in hard interrupt context.
 */
#include <errno.h>
#include <kernel/cpu/acpi_fadt.h>
#include <kernel/cpu/io.h>
#include <kernel/cpu/irq.h>
#include <kernel/cpu/madt.h>
#include <kernel/cpu/power.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/signal_hook.h>
#include <kernel/mm/paging.h>
#include <kernel/sched/workqueue.h>
#include <kernel/sys.h>
#include <signal.h>
#include <string.h>

#define PM1_PWRBTN BIT(8) /* in the status and in the enable register */
#define GED_IRQ 9
#define GED_EVENT_POWER_DOWN 0x2u
#define GED_REGISTERS_OFFSET 0x200 /* of the sleep register, from the event register */

static struct work_struct power_off_work;
static volatile u8 *ged_event;
static u16 pm1_blocks[2]; /* ports of the event blocks; 0: not there */

static void power_off_fn(struct work_struct *w)
{
	(void)w;
	pr_notice("power button: power off\n");
	sys_exit_group(0);
}

static void power_button_pressed(void)
{
	if (!send_sig_program(SIGTERM))
		schedule_work(&power_off_work);
}

static void sci_handler(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < ARRAY_SIZE(pm1_blocks); i++) {
		if (!pm1_blocks[i] || !(inw(pm1_blocks[i]) & PM1_PWRBTN))
			continue;
		outw(PM1_PWRBTN, pm1_blocks[i]); /* written ones are cleared */
		power_button_pressed();
	}
}

/* Reading tells the events and forgets them. */
static void ged_handler(void *arg)
{
	(void)arg;
	if (readl(ged_event) & GED_EVENT_POWER_DOWN)
		power_button_pressed();
}

static int start_fixed(const struct acpi_fadt *fadt)
{
	u16 enable_offset = fadt->pm1_evt_len / 2;
	int err;

	if (!fadt->pm1a_evt || !enable_offset || fadt->flags & FADT_POWER_BUTTON_IN_AML)
		return -ENODEV;
	pm1_blocks[0] = (u16)fadt->pm1a_evt;
	pm1_blocks[1] = (u16)fadt->pm1b_evt;
	err = request_isa_level_irq(fadt->sci_int, sci_handler, pm1_blocks, "acpi");
	if (err)
		return err;
	acpi_enable();
	for (size_t i = 0; i < ARRAY_SIZE(pm1_blocks); i++) {
		if (!pm1_blocks[i])
			continue;
		outw(PM1_PWRBTN, pm1_blocks[i]);
		outw(PM1_PWRBTN, (u16)(pm1_blocks[i] + enable_offset));
	}
	return 0;
}

static int start_ged(const struct acpi_fadt *fadt)
{
	u64 sleep = fadt->sleep_control.address;

	if (memcmp(fadt->h.oem_id, "BOCHS ", 6) || sleep < GED_REGISTERS_OFFSET)
		return -ENODEV;
	ged_event = ioremap(sleep - GED_REGISTERS_OFFSET, sizeof(u32));
	if (!ged_event)
		return -ENOMEM;
	return request_isa_irq(GED_IRQ, ged_handler, &ged_event, "ged");
}

void power_button_init(void)
{
	const struct acpi_fadt *fadt = acpi_fadt();
	int err;

	if (!fadt)
		return;
	INIT_WORK(&power_off_work, power_off_fn);
	if (!(fadt->flags & FADT_HW_REDUCED))
		err = start_fixed(fadt);
	else if (fadt->h.length >= sizeof(*fadt) - sizeof(struct acpi_gas))
		err = start_ged(fadt);
	else
		err = -ENODEV;
	if (err)
		pr_info("power button: none (%d)\n", err);
}
