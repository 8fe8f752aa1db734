/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_VIRTIO_VIRTIO_MMIO_H
#define BW_DRIVERS_VIRTIO_VIRTIO_MMIO_H

/*
 * Virtio over memory-mapped registers (virtio 1.2, section 4.2): layout, and the split between
 * finding devices (virtio_mmio_probe.c) and driving them (virtio_mmio.c).
 */
#include <drivers/virtio/virtio.h>

#define VIRTIO_MMIO_MAGIC_VALUE		0x000
#define VIRTIO_MMIO_MAGIC		0x74726976 /* "virt" */
#define VIRTIO_MMIO_VERSION		0x004
#define VIRTIO_MMIO_DEVICE_ID		0x008 /* 0: nothing plugged in here */
#define VIRTIO_MMIO_VENDOR_ID		0x00c
#define VIRTIO_MMIO_DEVICE_FEATURES	0x010
#define VIRTIO_MMIO_DEVICE_FEATURES_SEL 0x014
#define VIRTIO_MMIO_DRIVER_FEATURES	0x020
#define VIRTIO_MMIO_DRIVER_FEATURES_SEL 0x024
#define VIRTIO_MMIO_GUEST_PAGE_SIZE	0x028 /* legacy */
#define VIRTIO_MMIO_QUEUE_SEL		0x030
#define VIRTIO_MMIO_QUEUE_NUM_MAX	0x034
#define VIRTIO_MMIO_QUEUE_NUM		0x038
#define VIRTIO_MMIO_QUEUE_ALIGN		0x03c /* legacy */
#define VIRTIO_MMIO_QUEUE_PFN		0x040 /* legacy */
#define VIRTIO_MMIO_QUEUE_READY		0x044
#define VIRTIO_MMIO_QUEUE_NOTIFY	0x050
#define VIRTIO_MMIO_INTERRUPT_STATUS	0x060
#define VIRTIO_MMIO_INTERRUPT_ACK	0x064
#define VIRTIO_MMIO_STATUS		0x070
#define VIRTIO_MMIO_QUEUE_DESC		0x080 /* 64 bits as low and high */
#define VIRTIO_MMIO_QUEUE_AVAIL		0x090
#define VIRTIO_MMIO_QUEUE_USED		0x0a0
#define VIRTIO_MMIO_CONFIG_GENERATION	0x0fc
#define VIRTIO_MMIO_CONFIG		0x100

#define VIRTIO_MMIO_INT_VRING		0x1
#define VIRTIO_MMIO_INT_CONFIG		0x2

/* Where a register window lies and which line it raises. */
struct virtio_mmio_window {
	u64 base;
	u32 size;
	u32 gsi;
	u32 irq_flags; /* IRQF_* */
};

/* A device if one is plugged in: 0; -ENODEV for an empty or foreign window; -errno. */
int virtio_mmio_add(const struct virtio_mmio_window *w);

/* "SIZE@BASE:IRQ[:ID]" of the command line, numbers with K, M, G. False when it is malformed. */
bool virtio_mmio_parse(const char *word, struct virtio_mmio_window *w);
/*
 * The next device with _HID "LNRO0005" in AML byte code from *pos on, by the fixed memory and
 * interrupt descriptors of its _CRS; false at the end. Moves *pos.
 */
bool virtio_mmio_scan_aml(const u8 *aml, size_t len, size_t *pos, struct virtio_mmio_window *w);

#endif /* BW_DRIVERS_VIRTIO_VIRTIO_MMIO_H */
