// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a PCI driver calls: configuration registers, capabilities, mapping of base address
 * registers, the interrupt pin, and the meeting of drivers and devices.
 *
 * PCI Local Bus Specification 3.0, chapter 6. Interrupt pins are taken as the firmware routed them
 * (interrupt line register, section 6.2.4): SeaBIOS names the ISA line, which reaches both the 8259
 * pair and the IO-APIC pin of the same number. ACPI's _PRT routing is left out, since it needs an
 * AML interpreter and MSI-X is the normal way.
 *
 * Called by drivers at start-up, thread context.
 */
#include <drivers/pci/pci.h>
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>

u8 pci_read_config_byte(const struct pci_dev *pdev, u8 offset)
{
	return (u8)pci_config_read(pdev->bus, pdev->devfn, offset, 1);
}

u16 pci_read_config_word(const struct pci_dev *pdev, u8 offset)
{
	return (u16)pci_config_read(pdev->bus, pdev->devfn, offset, 2);
}

u32 pci_read_config_dword(const struct pci_dev *pdev, u8 offset)
{
	return pci_config_read(pdev->bus, pdev->devfn, offset, 4);
}

void pci_write_config_byte(const struct pci_dev *pdev, u8 offset, u8 value)
{
	pci_config_write(pdev->bus, pdev->devfn, offset, 1, value);
}

void pci_write_config_word(const struct pci_dev *pdev, u8 offset, u16 value)
{
	pci_config_write(pdev->bus, pdev->devfn, offset, 2, value);
}

void pci_write_config_dword(const struct pci_dev *pdev, u8 offset, u32 value)
{
	pci_config_write(pdev->bus, pdev->devfn, offset, 4, value);
}

/* Follow the list from the pointer at `where`. 48 capabilities fill the space: more is a loop. */
static u8 pci_walk_capabilities(const struct pci_dev *pdev, u8 where, u8 id)
{
	unsigned int left = 48;
	u8 pos;

	while (left--) {
		pos = pci_read_config_byte(pdev, where) & 0xfc;
		if (pos < 0x40)
			return 0;
		if (pci_read_config_byte(pdev, pos) == id)
			return pos;
		where = (u8)(pos + PCI_CAP_NEXT);
	}
	return 0;
}

u8 pci_find_capability(const struct pci_dev *pdev, u8 id)
{
	if (!(pci_read_config_word(pdev, PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return 0;
	return pci_walk_capabilities(pdev, PCI_CAPABILITY_LIST, id);
}

u8 pci_find_next_capability(const struct pci_dev *pdev, u8 pos, u8 id)
{
	return pci_walk_capabilities(pdev, (u8)(pos + PCI_CAP_NEXT), id);
}

void pci_enable_device(struct pci_dev *pdev)
{
	u16 command = pci_read_config_word(pdev, PCI_COMMAND);

	pci_write_config_word(pdev, PCI_COMMAND, command | PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
}

void pci_set_master(struct pci_dev *pdev)
{
	u16 command = pci_read_config_word(pdev, PCI_COMMAND);

	pci_write_config_word(pdev, PCI_COMMAND, command | PCI_COMMAND_MASTER);
}

volatile void *pci_map_bar(struct pci_dev *pdev, unsigned int bar, u64 offset, u64 len)
{
	const struct pci_bar *b;

	if (bar >= PCI_NUM_BARS)
		return NULL;
	b = &pdev->bar[bar];
	if (b->io || !b->start || offset >= b->size)
		return NULL;
	if (!len)
		len = b->size - offset;
	if (len > b->size - offset)
		return NULL;
	return ioremap(b->start + offset, len);
}

int pci_request_intx(struct pci_dev *pdev, irq_handler_t handler, void *arg, const char *name)
{
	/* Pin 0: no interrupt. Line 255: not connected. Line 0 is the timer's, never a device's. */
	if (!pdev->irq_pin || pdev->irq_line == 0 || pdev->irq_line == 0xff) {
		pr_err("pci: %s: the firmware routed no interrupt line\n", pdev->name);
		return -ENODEV;
	}
	return request_gsi(pdev->irq_line, IRQF_LEVEL | IRQF_ACTIVE_LOW, handler, arg, name);
}

void pci_free_intx(struct pci_dev *pdev, void *arg)
{
	free_gsi(pdev->irq_line, arg);
}

void pci_for_each(void (*fn)(struct pci_dev *pdev, void *arg), void *arg)
{
	struct pci_dev *pdev;

	list_for_each_entry(pdev, pci_devices(), list)
		fn(pdev, arg);
}

static bool pci_match(const struct pci_driver *drv, const struct pci_dev *pdev)
{
	const struct pci_device_id *id;

	for (id = drv->id_table; id->vendor; id++) {
		if (id->vendor == pdev->vendor &&
		    (id->device == PCI_ANY_ID || id->device == pdev->device))
			return true;
	}
	return false;
}

void pci_register_driver(struct pci_driver *drv)
{
	struct pci_dev *pdev;
	int err;

	list_for_each_entry(pdev, pci_devices(), list) {
		if (pdev->driver || !pci_match(drv, pdev))
			continue;
		pci_read_bars(pdev);
		err = drv->probe(pdev);
		if (!err)
			pdev->driver = drv;
		else if (err != -ENODEV)
			pr_err("pci: %s: %s gave up with error %d\n", pdev->name, drv->name, err);
	}
}
