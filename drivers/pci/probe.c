// SPDX-License-Identifier: BSD-2-Clause
/*
 * PCI enumeration: which functions are there, what they are, where their registers lie.
 *
 * Walks bus 0 and every bus that a bridge names as its secondary (PCI Local Bus Specification 3.0,
 * sections 6.1 and 6.2.5). Base address registers are sized by writing all ones while the device
 * does not decode, which costs a machine in QEMU milliseconds and is done only for devices that a
 * driver wants. Addresses and bus numbers are the firmware's: nothing is moved or assigned here,
 * and a register without an address stays unused.
 *
 * pci_init() is called once from the table of start-up steps, in thread context.
 */
#include <drivers/pci/pci.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <stdio.h>

#define PCI_SLOTS     32
#define PCI_FUNCTIONS 8

static LIST_HEAD(pci_device_list);

struct list_head *pci_devices(void)
{
	return &pci_device_list;
}

/* What register `offset` reads after all ones were written; its value is put back. */
static u32 bar_probe(const struct pci_dev *pdev, u8 offset, u32 *value)
{
	u32 sized;

	*value = pci_read_config_dword(pdev, offset);
	pci_write_config_dword(pdev, offset, ~0u);
	sized = pci_read_config_dword(pdev, offset);
	pci_write_config_dword(pdev, offset, *value);
	return sized;
}

/* Reads BAR `i`; returns how many registers it takes. */
static unsigned int pci_read_bar(struct pci_dev *pdev, unsigned int i)
{
	u8 offset = (u8)(PCI_BASE_ADDRESS_0 + 4 * i);
	struct pci_bar *bar = &pdev->bar[i];
	u32 value, sized, high_value, high_sized;
	u64 mask;

	sized = bar_probe(pdev, offset, &value);
	if (sized == 0 || sized == ~0u)
		return 1;
	bar->io = value & PCI_BASE_ADDRESS_IO;
	if (bar->io) {
		/* The upper half may be hardwired to zero: ports end at 64 KiB on x86. */
		mask = (sized & PCI_BASE_ADDRESS_IO_MASK) | 0xffff0000u;
		bar->start = value & PCI_BASE_ADDRESS_IO_MASK;
		bar->size = (u32)~mask + 1;
		return 1;
	}
	mask = (sized & PCI_BASE_ADDRESS_MEM_MASK) | 0xffffffff00000000ULL;
	bar->start = value & PCI_BASE_ADDRESS_MEM_MASK;
	if ((value & PCI_BASE_ADDRESS_MEM_TYPE_MASK) != PCI_BASE_ADDRESS_MEM_TYPE_64 ||
	    i + 1 >= PCI_NUM_BARS) {
		bar->size = ~mask + 1;
		return 1;
	}
	high_sized = bar_probe(pdev, (u8)(offset + 4), &high_value);
	mask = (u64)high_sized << 32 | (sized & PCI_BASE_ADDRESS_MEM_MASK);
	bar->start |= (u64)high_value << 32;
	bar->size = ~mask + 1;
	return 2;
}

void pci_read_bars(struct pci_dev *pdev)
{
	u16 command;
	unsigned int i;

	/* A bridge must go on decoding: our console may be behind it. It has no BARs that we use.
	 */
	if (pdev->hdr_type != PCI_HEADER_TYPE_NORMAL || pdev->class >> 16 == PCI_CLASS_BRIDGE)
		return;
	command = pci_read_config_word(pdev, PCI_COMMAND);
	pci_write_config_word(pdev, PCI_COMMAND,
			      command & (u16) ~(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
	for (i = 0; i < PCI_NUM_BARS;)
		i += pci_read_bar(pdev, i);
	pci_write_config_word(pdev, PCI_COMMAND, command);
}

/* The function at bus/devfn as a pci_dev on the list; NULL when out of memory. */
static struct pci_dev *pci_add_device(u8 bus, u8 devfn, u32 id)
{
	struct pci_dev *pdev = kzalloc(sizeof(*pdev), GFP_KERNEL);
	u32 class_revision;

	if (!pdev) {
		pr_err("pci: no memory for device %02x:%02x.%x\n", bus, devfn >> 3, devfn & 7);
		return NULL;
	}
	pdev->bus = bus;
	pdev->devfn = devfn;
	snprintf(pdev->name, sizeof(pdev->name), "%02x:%02x.%x", bus, devfn >> 3, devfn & 7);
	pdev->vendor = (u16)id;
	pdev->device = (u16)(id >> 16);
	class_revision = pci_read_config_dword(pdev, PCI_CLASS_REVISION);
	pdev->class = class_revision >> 8;
	pdev->revision = (u8)class_revision;
	pdev->hdr_type = pci_read_config_byte(pdev, PCI_HEADER_TYPE) & PCI_HEADER_TYPE_MASK;
	if (pdev->hdr_type == PCI_HEADER_TYPE_NORMAL) {
		pdev->subsystem_vendor = pci_read_config_word(pdev, PCI_SUBSYSTEM_VENDOR_ID);
		pdev->subsystem_device = pci_read_config_word(pdev, PCI_SUBSYSTEM_ID);
	}
	pdev->irq_line = pci_read_config_byte(pdev, PCI_INTERRUPT_LINE);
	pdev->irq_pin = pci_read_config_byte(pdev, PCI_INTERRUPT_PIN);
	pdev->msix_cap = pci_find_capability(pdev, PCI_CAP_ID_MSIX);
	list_add_tail(&pdev->list, &pci_device_list);
	pr_info("pci: %s [%04x:%04x] class %06x\n", pdev->name, pdev->vendor, pdev->device,
		pdev->class);
	return pdev;
}

/* Buses still to be walked; a bus is entered once, so the walk ends whatever bridges say. */
struct bus_walk {
	bool seen[256];
	u8 queue[256];
	unsigned int head, tail;
};

static void bus_walk_add(struct bus_walk *w, u8 bus)
{
	if (w->seen[bus])
		return;
	w->seen[bus] = true;
	w->queue[w->tail++] = bus;
}

static void pci_scan_slot(struct bus_walk *w, u8 bus, u8 slot)
{
	unsigned int func, nfunc = 1;
	struct pci_dev *pdev;
	u8 devfn;
	u32 id;

	for (func = 0; func < nfunc; func++) {
		devfn = PCI_DEVFN(slot, func);
		id = pci_config_read(bus, devfn, PCI_VENDOR_ID, 4);
		if ((id & 0xffff) == 0xffff || (id & 0xffff) == 0)
			continue;
		if (func == 0 &&
		    pci_config_read(bus, devfn, PCI_HEADER_TYPE, 1) & PCI_HEADER_TYPE_MULTI)
			nfunc = PCI_FUNCTIONS;
		pdev = pci_add_device(bus, devfn, id);
		if (pdev && pdev->hdr_type == PCI_HEADER_TYPE_BRIDGE)
			bus_walk_add(w, pci_read_config_byte(pdev, PCI_SECONDARY_BUS));
	}
}

void pci_init(void)
{
	struct bus_walk *w;
	unsigned int slot;
	u8 bus;

	if (!pci_access_init()) {
		pr_info("pci: none\n");
		return;
	}
	w = kzalloc(sizeof(*w), GFP_KERNEL);
	if (!w) {
		pr_err("pci: no memory to look for devices\n");
		return;
	}
	bus_walk_add(w, 0);
	while (w->head < w->tail) {
		bus = w->queue[w->head++];
		for (slot = 0; slot < PCI_SLOTS; slot++)
			pci_scan_slot(w, bus, (u8)slot);
	}
	kfree(w);
}
