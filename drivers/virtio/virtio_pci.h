/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_VIRTIO_VIRTIO_PCI_H
#define BW_DRIVERS_VIRTIO_VIRTIO_PCI_H

/*
 * Virtio over PCI (virtio 1.2, section 4.1): register layouts of the modern and of the legacy
 * interface, and what the two transports share.
 */
#include <drivers/pci/pci.h>
#include <drivers/virtio/virtio.h>

#define PCI_VENDOR_ID_REDHAT_QUMRANET	   0x1af4
#define VIRTIO_PCI_DEVICE_TRANSITIONAL_MIN 0x1000
#define VIRTIO_PCI_DEVICE_TRANSITIONAL_MAX 0x103f
#define VIRTIO_PCI_DEVICE_MODERN_MIN	   0x1040
#define VIRTIO_PCI_DEVICE_MODERN_MAX	   0x107f

/* Vendor capability (4.1.4): where one of the register blocks lies. */
#define VIRTIO_PCI_CAP_CFG_TYPE		 3
#define VIRTIO_PCI_CAP_BAR		 4
#define VIRTIO_PCI_CAP_OFFSET		 8
#define VIRTIO_PCI_CAP_LENGTH		 12
#define VIRTIO_PCI_NOTIFY_CAP_MULTIPLIER 16
#define VIRTIO_PCI_CAP_COMMON_CFG	 1
#define VIRTIO_PCI_CAP_NOTIFY_CFG	 2
#define VIRTIO_PCI_CAP_ISR_CFG		 3
#define VIRTIO_PCI_CAP_DEVICE_CFG	 4

/* Common configuration (4.1.4.3), offsets and widths. */
#define VIRTIO_PCI_COMMON_DFSELECT	0  /* 32 */
#define VIRTIO_PCI_COMMON_DF		4  /* 32 */
#define VIRTIO_PCI_COMMON_GFSELECT	8  /* 32 */
#define VIRTIO_PCI_COMMON_GF		12 /* 32 */
#define VIRTIO_PCI_COMMON_MSIX		16 /* 16 */
#define VIRTIO_PCI_COMMON_NUMQ		18 /* 16 */
#define VIRTIO_PCI_COMMON_STATUS	20 /* 8 */
#define VIRTIO_PCI_COMMON_CFGGENERATION 21 /* 8 */
#define VIRTIO_PCI_COMMON_Q_SELECT	22 /* 16 */
#define VIRTIO_PCI_COMMON_Q_SIZE	24 /* 16 */
#define VIRTIO_PCI_COMMON_Q_MSIX	26 /* 16 */
#define VIRTIO_PCI_COMMON_Q_ENABLE	28 /* 16 */
#define VIRTIO_PCI_COMMON_Q_NOFF	30 /* 16 */
#define VIRTIO_PCI_COMMON_Q_DESC	32 /* 64 as two 32 */
#define VIRTIO_PCI_COMMON_Q_AVAIL	40
#define VIRTIO_PCI_COMMON_Q_USED	48
#define VIRTIO_PCI_COMMON_SIZE		56

/* Legacy interface in I/O BAR 0 (4.1.4.10). */
#define VIRTIO_PCI_HOST_FEATURES       0  /* 32 */
#define VIRTIO_PCI_GUEST_FEATURES      4  /* 32 */
#define VIRTIO_PCI_QUEUE_PFN	       8  /* 32 */
#define VIRTIO_PCI_QUEUE_NUM	       12 /* 16 */
#define VIRTIO_PCI_QUEUE_SEL	       14 /* 16 */
#define VIRTIO_PCI_QUEUE_NOTIFY	       16 /* 16 */
#define VIRTIO_PCI_STATUS	       18 /* 8 */
#define VIRTIO_PCI_ISR		       19 /* 8 */
#define VIRTIO_MSI_CONFIG_VECTOR       20 /* 16, only while MSI-X is on */
#define VIRTIO_MSI_QUEUE_VECTOR	       22
#define VIRTIO_PCI_CONFIG_OFFSET(msix) ((msix) ? 24 : 20)

#define VIRTIO_PCI_ISR_QUEUE	       0x1
#define VIRTIO_PCI_ISR_CONFIG	       0x2
#define VIRTIO_MSI_NO_VECTOR	       0xffff

struct virtio_pci_device {
	struct virtio_device vdev;
	struct pci_dev *pdev; /* [I] */
	bool intx_requested;

	/* modern */
	volatile u8 *common, *isr, *device, *notify_base;
	u32 common_len, device_len, notify_len, notify_multiplier;
	/* legacy */
	u16 ioaddr;

	/* Set by the transport. setup_vq: one queue with its vector; del_vq: away with it. */
	struct virtqueue *(*setup_vq)(struct virtio_pci_device *vp, u16 index,
				      const struct virtqueue_info *info, u16 vector);
	void (*del_vq)(struct virtio_pci_device *vp, struct virtqueue *vq);
	/* Route configuration changes to a vector; what the device then says it uses. */
	u16 (*config_vector)(struct virtio_pci_device *vp, u16 vector);
	u8 (*read_isr)(struct virtio_pci_device *vp);
};
static inline struct virtio_pci_device *to_vp(struct virtio_device *vdev)
{
	return container_of(vdev, struct virtio_pci_device, vdev);
}

/* 0, or -ENODEV when the device has no such interface. */
int virtio_pci_modern_probe(struct virtio_pci_device *vp);
int virtio_pci_legacy_probe(struct virtio_pci_device *vp);
/* The find_vqs and del_vqs of both. */
int vp_find_vqs(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
		const struct virtqueue_info info[]);
void vp_del_vqs(struct virtio_device *vdev);

#endif /* BW_DRIVERS_VIRTIO_VIRTIO_PCI_H */
