// SPDX-License-Identifier: BSD-2-Clause
/*
 * Virtio over PCI, the legacy interface (virtio 1.2, section 4.1.4.10 and the "Legacy Interface"
 * parts of chapter 2): registers in I/O BAR 0, 32 feature bits, the whole ring in one block whose
 * page number the device takes, its size fixed by the device.
 *
 * Only for devices that have nothing else (disable-modern=on); transitional ones are driven as
 * modern. Called by virtio.c and virtio_pci_common.c; read_isr and notify in interrupts and
 * softirqs.
 */
#include <drivers/virtio/virtio_pci.h>
#include <errno.h>
#include <kernel/cpu/io.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/page_alloc.h>

static u16 config_port(struct virtio_device *vdev, u32 offset)
{
	struct virtio_pci_device *vp = to_vp(vdev);

	return (u16)(vp->ioaddr + VIRTIO_PCI_CONFIG_OFFSET(vp->pdev->msix_enabled) + offset);
}

static void vp_get(struct virtio_device *vdev, u32 offset, void *buf, u32 len)
{
	u16 port = config_port(vdev, offset);

	BUG_ON(len != 1 && len != 2 && len != 4);
	if (len == 1)
		*(u8 *)buf = inb(port);
	else if (len == 2)
		*(u16 *)buf = inw(port);
	else
		*(u32 *)buf = inl(port);
}

static void vp_set(struct virtio_device *vdev, u32 offset, const void *buf, u32 len)
{
	u16 port = config_port(vdev, offset);

	BUG_ON(len != 1 && len != 2 && len != 4);
	if (len == 1)
		outb(*(const u8 *)buf, port);
	else if (len == 2)
		outw(*(const u16 *)buf, port);
	else
		outl(*(const u32 *)buf, port);
}

static u8 vp_get_status(struct virtio_device *vdev)
{
	return inb(to_vp(vdev)->ioaddr + VIRTIO_PCI_STATUS);
}

static void vp_set_status(struct virtio_device *vdev, u8 status)
{
	outb(status, to_vp(vdev)->ioaddr + VIRTIO_PCI_STATUS);
}

static void vp_reset(struct virtio_device *vdev)
{
	vp_set_status(vdev, 0);
	/* Reading it back makes sure that the write has arrived. */
	vp_get_status(vdev);
}

static u64 vp_get_features(struct virtio_device *vdev)
{
	return inl(to_vp(vdev)->ioaddr + VIRTIO_PCI_HOST_FEATURES);
}

static void vp_set_features(struct virtio_device *vdev, u64 features)
{
	outl((u32)features, to_vp(vdev)->ioaddr + VIRTIO_PCI_GUEST_FEATURES);
}

static u8 vp_read_isr(struct virtio_pci_device *vp)
{
	return inb(vp->ioaddr + VIRTIO_PCI_ISR);
}

static bool vp_notify(struct virtqueue *vq)
{
	outw(vq->index, to_vp(vq->vdev)->ioaddr + VIRTIO_PCI_QUEUE_NOTIFY);
	return true;
}

static u16 vp_config_vector(struct virtio_pci_device *vp, u16 vector)
{
	outw(vector, vp->ioaddr + VIRTIO_MSI_CONFIG_VECTOR);
	return inw(vp->ioaddr + VIRTIO_MSI_CONFIG_VECTOR);
}

static struct virtqueue *vp_setup_vq(struct virtio_pci_device *vp, u16 index,
				     const struct virtqueue_info *info, u16 vector)
{
	struct vring_config cfg = {.index = index,
				   .align = VRING_ALIGN_LEGACY,
				   .notify = vp_notify,
				   .callback = info->callback,
				   .name = info->name};
	struct virtqueue *vq;
	u64 pfn;

	outw(index, vp->ioaddr + VIRTIO_PCI_QUEUE_SEL);
	cfg.num = inw(vp->ioaddr + VIRTIO_PCI_QUEUE_NUM);
	if (!cfg.num || inl(vp->ioaddr + VIRTIO_PCI_QUEUE_PFN))
		return ERR_PTR(-ENOENT);
	if (cfg.num > VRING_MAX_NUM || (cfg.num & (cfg.num - 1)))
		return ERR_PTR(-EINVAL);
	vq = vring_create_virtqueue(&vp->vdev, &cfg);
	if (!vq)
		return ERR_PTR(-ENOMEM);
	pfn = virtqueue_get_desc_addr(vq) >> PAGE_SHIFT;
	if (pfn >> 32) {
		pr_err("%s: the ring lies above what a legacy device reaches\n", vp->vdev.name);
		vring_del_virtqueue(vq);
		return ERR_PTR(-E2BIG);
	}
	outl((u32)pfn, vp->ioaddr + VIRTIO_PCI_QUEUE_PFN);
	if (vp->pdev->msix_enabled) {
		outw(vector, vp->ioaddr + VIRTIO_MSI_QUEUE_VECTOR);
		if (inw(vp->ioaddr + VIRTIO_MSI_QUEUE_VECTOR) != vector) {
			outl(0, vp->ioaddr + VIRTIO_PCI_QUEUE_PFN);
			vring_del_virtqueue(vq);
			return ERR_PTR(-EBUSY);
		}
	}
	return vq;
}

static void vp_del_vq(struct virtio_pci_device *vp, struct virtqueue *vq)
{
	outw(vq->index, vp->ioaddr + VIRTIO_PCI_QUEUE_SEL);
	if (vp->pdev->msix_enabled)
		outw(VIRTIO_MSI_NO_VECTOR, vp->ioaddr + VIRTIO_MSI_QUEUE_VECTOR);
	/* Page number 0 takes the queue away from the device. */
	outl(0, vp->ioaddr + VIRTIO_PCI_QUEUE_PFN);
	vring_del_virtqueue(vq);
}

static const struct virtio_config_ops vp_legacy_ops = {
	.name = "PCI legacy",
	.get = vp_get,
	.set = vp_set,
	.get_status = vp_get_status,
	.set_status = vp_set_status,
	.reset = vp_reset,
	.get_features = vp_get_features,
	.set_features = vp_set_features,
	.find_vqs = vp_find_vqs,
	.del_vqs = vp_del_vqs,
};

int virtio_pci_legacy_probe(struct virtio_pci_device *vp)
{
	const struct pci_bar *bar = &vp->pdev->bar[0];

	if (!bar->io || !bar->start || bar->size < VIRTIO_PCI_CONFIG_OFFSET(true)) {
		pr_err("virtio: %s has no usable I/O registers\n", vp->pdev->name);
		return -EINVAL;
	}
	vp->ioaddr = (u16)bar->start;
	vp->vdev.config = &vp_legacy_ops;
	vp->setup_vq = vp_setup_vq;
	vp->del_vq = vp_del_vq;
	vp->config_vector = vp_config_vector;
	vp->read_isr = vp_read_isr;
	return 0;
}
