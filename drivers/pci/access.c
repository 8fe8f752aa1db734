// SPDX-License-Identifier: BSD-2-Clause
/*
 * Access to PCI configuration space by configuration mechanism #1: an address port that selects a
 * register of a function, and a data port (PCI Local Bus Specification 3.0, section 3.2.2.3.2).
 *
 * Every PC has it. The memory-mapped window of PCI Express (MCFG) is left out: nothing in use lies
 * in the extended configuration space, and QEMU's microvm, which has only the window, does not tell
 * of it in a table that can be read without an AML interpreter.
 *
 * Called by probe.c and pci.c in thread context.
 */
#include <drivers/pci/pci.h>
#include <kernel/cpu/io.h>
#include <kernel/lib/bug.h>

#define PCI_CONF1_ADDRESS 0xcf8
#define PCI_CONF1_DATA	  0xcfc
#define PCI_CONF1_ENABLE  0x80000000u

bool pci_access_init(void)
{
	u32 old = inl(PCI_CONF1_ADDRESS);
	bool present;

	/* Whoever decodes the port keeps what is written; an empty bus reads all ones. */
	outl(PCI_CONF1_ENABLE, PCI_CONF1_ADDRESS);
	present = inl(PCI_CONF1_ADDRESS) == PCI_CONF1_ENABLE;
	outl(old, PCI_CONF1_ADDRESS);
	return present;
}

/* The port behind which the register then lies. */
static u16 conf1_select(u8 bus, u8 devfn, u8 offset, unsigned int size)
{
	BUG_ON((size != 1 && size != 2 && size != 4) || (offset & (size - 1)));
	outl(PCI_CONF1_ENABLE | (u32)bus << 16 | (u32)devfn << 8 | (offset & 0xfcu),
	     PCI_CONF1_ADDRESS);
	return (u16)(PCI_CONF1_DATA + (offset & 3));
}

u32 pci_config_read(u8 bus, u8 devfn, u8 offset, unsigned int size)
{
	u16 port = conf1_select(bus, devfn, offset, size);

	return size == 1 ? inb(port) : size == 2 ? inw(port) : inl(port);
}

void pci_config_write(u8 bus, u8 devfn, u8 offset, unsigned int size, u32 value)
{
	u16 port = conf1_select(bus, devfn, offset, size);

	if (size == 1)
		outb((u8)value, port);
	else if (size == 2)
		outw((u16)value, port);
	else
		outl(value, port);
}
