/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_PCI_PCI_H
#define BW_DRIVERS_PCI_PCI_H

/*
 * PCI: functions found at boot, their configuration space, base address registers, interrupts.
 * Everything here is called in thread context at start-up; the lists do not change afterwards.
 */
#include <drivers/pci/pci_regs.h>
#include <kernel/cpu/irq.h>
#include <kernel/lib/list.h>

#define PCI_NUM_BARS	      6
#define PCI_ANY_ID	      0xffff
#define PCI_DEVFN(slot, func) ((u8)((slot) << 3 | (func)))

struct pci_bar {
	u64 start; /* bus address; 0 when the firmware gave it none */
	u64 size;  /* 0: there is no such register */
	bool io;
};

struct pci_dev {
	struct list_head list; /* [I] in bus order */
	char name[16];	       /* [I] "00:03.0" */
	u8 bus, devfn;
	u16 vendor, device, subsystem_vendor, subsystem_device;
	u32 class; /* class << 16 | subclass << 8 | interface */
	u8 revision, hdr_type;
	u8 irq_line, irq_pin;		  /* as the firmware set them */
	struct pci_bar bar[PCI_NUM_BARS]; /* filled before a driver's probe */
	u8 msix_cap;			  /* offset of the capability, 0: none */
	u16 msix_nvec;			  /* size of the table */
	bool msix_enabled;
	volatile void *msix_table;
	int *msix_vector; /* the CPU's vector of each entry, 0: unused */
	const struct pci_driver *driver;
	void *driver_data;
};

struct pci_device_id {
	u16 vendor, device; /* vendor 0 ends the table; device may be PCI_ANY_ID */
};

struct pci_driver {
	const char *name;
	const struct pci_device_id *id_table;
	int (*probe)(struct pci_dev *pdev); /* 0 takes the device; -ENODEV is a quiet no */
	struct list_head list;
};

/* Find every function on every bus and log it. Quiet when the machine has no PCI. */
void pci_init(void);
/* Offer the driver every device that nobody has taken. */
void pci_register_driver(struct pci_driver *drv);
void pci_for_each(void (*fn)(struct pci_dev *pdev, void *arg), void *arg);

u8 pci_read_config_byte(const struct pci_dev *pdev, u8 offset);
u16 pci_read_config_word(const struct pci_dev *pdev, u8 offset);
u32 pci_read_config_dword(const struct pci_dev *pdev, u8 offset);
void pci_write_config_byte(const struct pci_dev *pdev, u8 offset, u8 value);
void pci_write_config_word(const struct pci_dev *pdev, u8 offset, u16 value);
void pci_write_config_dword(const struct pci_dev *pdev, u8 offset, u32 value);

/* Offset of the first capability with this id, or of the next one behind `pos`; 0 for none. */
u8 pci_find_capability(const struct pci_dev *pdev, u8 id);
u8 pci_find_next_capability(const struct pci_dev *pdev, u8 pos, u8 id);

/* Let the device answer at its addresses; with pci_set_master() let it reach memory. */
void pci_enable_device(struct pci_dev *pdev);
void pci_set_master(struct pci_dev *pdev);
/*
 * Map `len` bytes of a memory BAR from `offset` on, len 0: to its end. NULL for an I/O BAR, one
 * without address, a range that does not fit, and when out of memory.
 */
volatile void *pci_map_bar(struct pci_dev *pdev, unsigned int bar, u64 offset, u64 len);

/*
 * MSI-X: switch it on with every entry masked and INTx off. The number of entries of the table, or
 * -ENODEV without the capability, -ENOMEM.
 */
int pci_enable_msix(struct pci_dev *pdev);
/* Back to INTx; gives the vectors back. */
void pci_disable_msix(struct pci_dev *pdev);
/* Attach a handler to one entry and unmask it. 0, -EINVAL, -ENOSPC. */
int pci_msix_request(struct pci_dev *pdev, unsigned int entry, irq_handler_t handler, void *arg,
		     const char *name);
/*
 * Attach a handler to the interrupt pin, by the line that the firmware routed it to. The line may
 * be shared. 0, -ENODEV when the firmware named none, or what request_gsi() says.
 */
int pci_request_intx(struct pci_dev *pdev, irq_handler_t handler, void *arg, const char *name);
void pci_free_intx(struct pci_dev *pdev, void *arg);

/* access.c, for probe.c: configuration space of any function. size is 1, 2 or 4 bytes. */
bool pci_access_init(void);
u32 pci_config_read(u8 bus, u8 devfn, u8 offset, unsigned int size);
void pci_config_write(u8 bus, u8 devfn, u8 offset, unsigned int size, u32 value);
/* probe.c, for pci.c: every function found; where its registers are. */
struct list_head *pci_devices(void);
void pci_read_bars(struct pci_dev *pdev);

#endif /* BW_DRIVERS_PCI_PCI_H */
