// SPDX-License-Identifier: BSD-2-Clause
/*
 * MSI-X: interrupts that a device raises by a memory write (PCI Local Bus Specification 3.0,
 * section 6.8.2). Each entry of a table in one of the device's BARs holds the address and the value
 * to write, which for the local APIC name a CPU and a vector.
 *
 * Plain MSI is left out: every virtio device that has interrupts by message has MSI-X.
 * Called by drivers at start-up, thread context; nothing here runs per interrupt.
 */
#include <drivers/pci/pci.h>
#include <errno.h>
#include <kernel/cpu/io.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/slab.h>

static volatile u8 *msix_entry(const struct pci_dev *pdev, unsigned int entry)
{
	return (volatile u8 *)pdev->msix_table + (size_t)entry * PCI_MSIX_ENTRY_SIZE;
}

static void msix_mask(const struct pci_dev *pdev, unsigned int entry)
{
	writel(PCI_MSIX_ENTRY_CTRL_MASKBIT, msix_entry(pdev, entry) + PCI_MSIX_ENTRY_VECTOR_CTRL);
}

static void pci_intx_disable(struct pci_dev *pdev, bool disable)
{
	u16 command = pci_read_config_word(pdev, PCI_COMMAND);

	if (disable)
		command |= PCI_COMMAND_INTX_DISABLE;
	else
		command &= (u16)~PCI_COMMAND_INTX_DISABLE;
	pci_write_config_word(pdev, PCI_COMMAND, command);
}

int pci_enable_msix(struct pci_dev *pdev)
{
	u16 flags;
	u32 table;
	unsigned int i;

	if (!pdev->msix_cap)
		return -ENODEV;
	BUG_ON(pdev->msix_enabled);
	flags = pci_read_config_word(pdev, (u8)(pdev->msix_cap + PCI_MSIX_FLAGS));
	table = pci_read_config_dword(pdev, (u8)(pdev->msix_cap + PCI_MSIX_TABLE));
	pdev->msix_nvec = (u16)((flags & PCI_MSIX_FLAGS_QSIZE) + 1);
	pdev->msix_table = pci_map_bar(pdev, table & PCI_MSIX_BIR, table & ~PCI_MSIX_BIR,
				       (u64)pdev->msix_nvec * PCI_MSIX_ENTRY_SIZE);
	if (!pdev->msix_table) {
		pr_err("pci: %s: cannot map the MSI-X table\n", pdev->name);
		return -ENODEV;
	}
	pdev->msix_vector = kcalloc(pdev->msix_nvec, sizeof(*pdev->msix_vector), GFP_KERNEL);
	if (!pdev->msix_vector) {
		iounmap(pdev->msix_table);
		return -ENOMEM;
	}
	/* All masked by the function's mask bit while the table is written. */
	pci_write_config_word(pdev, (u8)(pdev->msix_cap + PCI_MSIX_FLAGS),
			      flags | PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	for (i = 0; i < pdev->msix_nvec; i++)
		msix_mask(pdev, i);
	pci_intx_disable(pdev, true);
	pci_write_config_word(pdev, (u8)(pdev->msix_cap + PCI_MSIX_FLAGS),
			      (u16)((flags | PCI_MSIX_FLAGS_ENABLE) & ~PCI_MSIX_FLAGS_MASKALL));
	pdev->msix_enabled = true;
	return pdev->msix_nvec;
}

void pci_disable_msix(struct pci_dev *pdev)
{
	u16 flags;
	unsigned int i;

	if (!pdev->msix_enabled)
		return;
	flags = pci_read_config_word(pdev, (u8)(pdev->msix_cap + PCI_MSIX_FLAGS));
	pci_write_config_word(pdev, (u8)(pdev->msix_cap + PCI_MSIX_FLAGS),
			      flags & (u16)~PCI_MSIX_FLAGS_ENABLE);
	pci_intx_disable(pdev, false);
	for (i = 0; i < pdev->msix_nvec; i++) {
		if (pdev->msix_vector[i])
			irq_free_vector(pdev->msix_vector[i]);
	}
	kfree(pdev->msix_vector);
	pdev->msix_vector = NULL;
	iounmap(pdev->msix_table);
	pdev->msix_table = NULL;
	pdev->msix_enabled = false;
}

int pci_msix_request(struct pci_dev *pdev, unsigned int entry, irq_handler_t handler, void *arg,
		     const char *name)
{
	volatile u8 *e;
	u64 address;
	int vector;

	BUG_ON(!pdev->msix_enabled);
	if (entry >= pdev->msix_nvec || pdev->msix_vector[entry])
		return -EINVAL;
	vector = irq_alloc_vector(handler, arg, name);
	if (vector < 0)
		return vector;
	pdev->msix_vector[entry] = vector;
	e = msix_entry(pdev, entry);
	address = irq_msi_address();
	writel((u32)address, e + PCI_MSIX_ENTRY_LOWER_ADDR);
	writel((u32)(address >> 32), e + PCI_MSIX_ENTRY_UPPER_ADDR);
	writel(irq_msi_data(vector), e + PCI_MSIX_ENTRY_DATA);
	writel(0, e + PCI_MSIX_ENTRY_VECTOR_CTRL);
	return 0;
}
