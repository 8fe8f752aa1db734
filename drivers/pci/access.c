// SPDX-License-Identifier: BSD-2-Clause
/*
 * Access to PCI configuration space.
 *
 * Two ways: configuration mechanism #1, an address and a data port (PCI Local Bus
 * Specification 3.0, section 3.2.2.3.2), which pc and q35 have; and the memory-mapped window that
 * the ACPI table MCFG names (PCI Firmware Specification 3.0, chapter 4), for machines without the
 * ports. The window is mapped a bus at a time when the bus is first looked at. Nothing in use lies
 * in the extended configuration space, so offsets are bytes.
 *
 * Called by probe.c and pci.c in thread context.
 */
#include <drivers/pci/pci.h>
#include <kernel/cpu/acpi.h>
#include <kernel/cpu/io.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>

#define PCI_CONF1_ADDRESS 0xcf8
#define PCI_CONF1_DATA	  0xcfc
#define PCI_CONF1_ENABLE  0x80000000u
#define ECAM_BUS_SIZE	  (1u << 20)

/* MCFG: the header, eight reserved bytes, then one entry per window. */
struct mcfg_entry {
	u64 address;
	u16 segment;
	u8 start_bus, end_bus;
	u32 reserved;
} __packed;
struct mcfg_table {
	struct acpi_header header;
	u64 reserved;
	struct mcfg_entry entries[];
} __packed;
static_assert(sizeof(struct mcfg_entry) == 16, "MCFG entry");

enum pci_access_mode { PCI_ACCESS_NONE, PCI_ACCESS_CONF1, PCI_ACCESS_ECAM };

/* Written once by pci_access_init(), the map as buses come up. */
static struct {
	enum pci_access_mode mode;
	struct mcfg_entry window;
	volatile u8 *bus[256];
} access;

static bool conf1_present(void)
{
	u32 old = inl(PCI_CONF1_ADDRESS);
	bool present;

	/* Whoever decodes the port keeps what is written; an empty bus reads all ones. */
	outl(PCI_CONF1_ENABLE, PCI_CONF1_ADDRESS);
	present = inl(PCI_CONF1_ADDRESS) == PCI_CONF1_ENABLE;
	outl(old, PCI_CONF1_ADDRESS);
	return present;
}

static bool ecam_present(void)
{
	const struct mcfg_table *mcfg = (const struct mcfg_table *)acpi_find_table("MCFG");

	if (!mcfg || mcfg->header.length < sizeof(*mcfg) + sizeof(mcfg->entries[0]))
		return false;
	access.window = mcfg->entries[0];
	return access.window.address && access.window.segment == 0;
}

bool pci_access_init(void)
{
	if (conf1_present()) {
		access.mode = PCI_ACCESS_CONF1;
		return true;
	}
	if (ecam_present()) {
		access.mode = PCI_ACCESS_ECAM;
		pr_info("pci: configuration space at %#llx (MCFG)\n",
			(unsigned long long)access.window.address);
		return true;
	}
	return false;
}

static u16 conf1_select(u8 bus, u8 devfn, u8 offset)
{
	outl(PCI_CONF1_ENABLE | (u32)bus << 16 | (u32)devfn << 8 | (offset & 0xfcu),
	     PCI_CONF1_ADDRESS);
	return (u16)(PCI_CONF1_DATA + (offset & 3));
}

static volatile u8 *ecam_address(u8 bus, u8 devfn, u8 offset)
{
	const struct mcfg_entry *w = &access.window;

	if (bus < w->start_bus || bus > w->end_bus)
		return NULL;
	if (!access.bus[bus])
		access.bus[bus] = ioremap(w->address + (u64)(bus - w->start_bus) * ECAM_BUS_SIZE,
					  ECAM_BUS_SIZE);
	return access.bus[bus] ? access.bus[bus] + ((u32)devfn << 12) + offset : NULL;
}

u32 pci_config_read(u8 bus, u8 devfn, u8 offset, unsigned int size)
{
	volatile u8 *p;
	u16 port;

	BUG_ON(offset & (size - 1));
	if (access.mode == PCI_ACCESS_CONF1) {
		port = conf1_select(bus, devfn, offset);
		return size == 1 ? inb(port) : size == 2 ? inw(port) : inl(port);
	}
	p = access.mode == PCI_ACCESS_ECAM ? ecam_address(bus, devfn, offset) : NULL;
	if (!p)
		return ~0u >> (32 - 8 * size);
	return size == 1 ? readb(p) : size == 2 ? readw(p) : readl(p);
}

void pci_config_write(u8 bus, u8 devfn, u8 offset, unsigned int size, u32 value)
{
	volatile u8 *p = NULL;
	u16 port = 0;

	BUG_ON(offset & (size - 1));
	if (access.mode == PCI_ACCESS_CONF1)
		port = conf1_select(bus, devfn, offset);
	else if (access.mode == PCI_ACCESS_ECAM)
		p = ecam_address(bus, devfn, offset);
	if (port && size == 1)
		outb((u8)value, port);
	else if (port && size == 2)
		outw((u16)value, port);
	else if (port)
		outl(value, port);
	else if (p && size == 1)
		writeb((u8)value, p);
	else if (p && size == 2)
		writew((u16)value, p);
	else if (p)
		writel(value, p);
}
