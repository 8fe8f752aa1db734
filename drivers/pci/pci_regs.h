/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_PCI_PCI_REGS_H
#define BW_DRIVERS_PCI_PCI_REGS_H

/*
 * Configuration space as the PCI Local Bus Specification 3.0 chapter 6 lays it out, and the two
 * capabilities in use: MSI-X (section 6.8.2) and vendor specific (where virtio puts its own).
 */
#define PCI_VENDOR_ID		       0x00
#define PCI_DEVICE_ID		       0x02
#define PCI_COMMAND		       0x04
#define PCI_COMMAND_IO		       0x1
#define PCI_COMMAND_MEMORY	       0x2
#define PCI_COMMAND_MASTER	       0x4
#define PCI_COMMAND_INTX_DISABLE       0x400
#define PCI_STATUS		       0x06
#define PCI_STATUS_CAP_LIST	       0x10
/* revision in the low byte, then interface, subclass, class */
#define PCI_CLASS_REVISION	       0x08
#define PCI_HEADER_TYPE		       0x0e
#define PCI_HEADER_TYPE_MASK	       0x7f
#define PCI_HEADER_TYPE_MULTI	       0x80
#define PCI_HEADER_TYPE_NORMAL	       0
#define PCI_HEADER_TYPE_BRIDGE	       1
#define PCI_BASE_ADDRESS_0	       0x10
#define PCI_BASE_ADDRESS_IO	       0x1
#define PCI_BASE_ADDRESS_MEM_TYPE_MASK 0x6
#define PCI_BASE_ADDRESS_MEM_TYPE_64   0x4
#define PCI_BASE_ADDRESS_IO_MASK       (~0x3u)
#define PCI_BASE_ADDRESS_MEM_MASK      (~0xfu)
#define PCI_SECONDARY_BUS	       0x19
#define PCI_SUBSYSTEM_VENDOR_ID	       0x2c
#define PCI_SUBSYSTEM_ID	       0x2e
#define PCI_CAPABILITY_LIST	       0x34
#define PCI_INTERRUPT_LINE	       0x3c
#define PCI_INTERRUPT_PIN	       0x3d

#define PCI_CLASS_BRIDGE	       0x06

#define PCI_CAP_ID_VNDR		       0x09
#define PCI_CAP_ID_MSIX		       0x11
#define PCI_CAP_NEXT		       1

/* MSI-X capability and the table's entries. */
#define PCI_MSIX_FLAGS		    2
#define PCI_MSIX_FLAGS_QSIZE	    0x07ff
#define PCI_MSIX_FLAGS_MASKALL	    0x4000
#define PCI_MSIX_FLAGS_ENABLE	    0x8000
#define PCI_MSIX_TABLE		    4
#define PCI_MSIX_BIR		    0x7u
#define PCI_MSIX_ENTRY_SIZE	    16
#define PCI_MSIX_ENTRY_LOWER_ADDR   0
#define PCI_MSIX_ENTRY_UPPER_ADDR   4
#define PCI_MSIX_ENTRY_DATA	    8
#define PCI_MSIX_ENTRY_VECTOR_CTRL  12
#define PCI_MSIX_ENTRY_CTRL_MASKBIT 0x1u

#endif /* BW_DRIVERS_PCI_PCI_REGS_H */
