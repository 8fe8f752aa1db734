// SPDX-License-Identifier: BSD-2-Clause
/*
 * Virtio over PCI, the modern interface (virtio 1.2, sections 4.1.3 and 4.1.4).
 *
 * Vendor capabilities in configuration space say in which BAR the common configuration, the
 * notification area, the ISR byte and the device configuration lie. Every offset and length comes
 * from the device and is checked by pci_map_bar() and here before something is mapped or written.
 * Blocks in I/O space are passed over for a later capability of the same type in memory (4.1.4.1
 * leaves the choice to the driver).
 *
 * Called by virtio.c and virtio_pci_common.c; read_isr and notify in interrupts and softirqs too.
 */
#include <drivers/virtio/virtio_pci.h>
#include <errno.h>
#include <kernel/cpu/io.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>
#include <kernel/sched/thread.h>
#include <string.h>

/* More than this is memory without use. */
#define VIRTIO_PCI_MAX_QUEUE_SIZE 1024

static u32 common32(struct virtio_pci_device *vp, u32 offset)
{
	return readl(vp->common + offset);
}

static void vp_get(struct virtio_device *vdev, u32 offset, void *buf, u32 len)
{
	struct virtio_pci_device *vp = to_vp(vdev);
	volatile u8 *p = vp->device + offset;

	memset(buf, 0, len);
	if (!vp->device || len > vp->device_len || offset > vp->device_len - len)
		return;
	if (len == 1)
		*(u8 *)buf = readb(p);
	else if (len == 2)
		*(u16 *)buf = readw(p);
	else if (len == 4)
		*(u32 *)buf = readl(p);
}

static void vp_set(struct virtio_device *vdev, u32 offset, const void *buf, u32 len)
{
	struct virtio_pci_device *vp = to_vp(vdev);
	volatile u8 *p = vp->device + offset;

	if (!vp->device || len > vp->device_len || offset > vp->device_len - len)
		return;
	if (len == 1)
		writeb(*(const u8 *)buf, p);
	else if (len == 2)
		writew(*(const u16 *)buf, p);
	else if (len == 4)
		writel(*(const u32 *)buf, p);
}

static u32 vp_generation(struct virtio_device *vdev)
{
	return readb(to_vp(vdev)->common + VIRTIO_PCI_COMMON_CFGGENERATION);
}

static u8 vp_get_status(struct virtio_device *vdev)
{
	return readb(to_vp(vdev)->common + VIRTIO_PCI_COMMON_STATUS);
}

static void vp_set_status(struct virtio_device *vdev, u8 status)
{
	writeb(status, to_vp(vdev)->common + VIRTIO_PCI_COMMON_STATUS);
}

/* The device has stopped when its status reads 0 (4.1.4.3.2). */
static void vp_reset(struct virtio_device *vdev)
{
	unsigned int tries;

	vp_set_status(vdev, 0);
	for (tries = 0; vp_get_status(vdev); tries++) {
		if (tries == 1000) {
			pr_err("%s: the device does not reset\n", vdev->name);
			return;
		}
		msleep(1);
	}
}

static u64 vp_get_features(struct virtio_device *vdev)
{
	struct virtio_pci_device *vp = to_vp(vdev);
	u64 features;

	writel(0, vp->common + VIRTIO_PCI_COMMON_DFSELECT);
	features = common32(vp, VIRTIO_PCI_COMMON_DF);
	writel(1, vp->common + VIRTIO_PCI_COMMON_DFSELECT);
	return features | (u64)common32(vp, VIRTIO_PCI_COMMON_DF) << 32;
}

static void vp_set_features(struct virtio_device *vdev, u64 features)
{
	struct virtio_pci_device *vp = to_vp(vdev);

	writel(0, vp->common + VIRTIO_PCI_COMMON_GFSELECT);
	writel((u32)features, vp->common + VIRTIO_PCI_COMMON_GF);
	writel(1, vp->common + VIRTIO_PCI_COMMON_GFSELECT);
	writel((u32)(features >> 32), vp->common + VIRTIO_PCI_COMMON_GF);
}

static u8 vp_read_isr(struct virtio_pci_device *vp)
{
	return readb(vp->isr);
}

static bool vp_notify(struct virtqueue *vq)
{
	writew(vq->index, vq->priv);
	return true;
}

static u16 vp_config_vector(struct virtio_pci_device *vp, u16 vector)
{
	writew(vector, vp->common + VIRTIO_PCI_COMMON_MSIX);
	return readw(vp->common + VIRTIO_PCI_COMMON_MSIX);
}

static void write64(struct virtio_pci_device *vp, u32 offset, u64 value)
{
	writel((u32)value, vp->common + offset);
	writel((u32)(value >> 32), vp->common + offset + 4);
}

/* Where the selected queue is notified; NULL when that lies outside of the area. */
static volatile void *vp_notify_address(struct virtio_pci_device *vp)
{
	u64 offset = (u64)readw(vp->common + VIRTIO_PCI_COMMON_Q_NOFF) * vp->notify_multiplier;

	if (offset + sizeof(u16) > vp->notify_len)
		return NULL;
	return vp->notify_base + offset;
}

static struct virtqueue *vp_setup_vq(struct virtio_pci_device *vp, u16 index,
				     const struct virtqueue_info *info, u16 vector)
{
	struct vring_config cfg = {.index = index,
				   .align = VRING_ALIGN_MODERN,
				   .notify = vp_notify,
				   .callback = info->callback,
				   .name = info->name};
	struct virtqueue *vq;
	volatile void *address;
	u16 num;

	if (index >= readw(vp->common + VIRTIO_PCI_COMMON_NUMQ))
		return ERR_PTR(-ENOENT);
	writew(index, vp->common + VIRTIO_PCI_COMMON_Q_SELECT);
	num = readw(vp->common + VIRTIO_PCI_COMMON_Q_SIZE);
	if (!num || readw(vp->common + VIRTIO_PCI_COMMON_Q_ENABLE))
		return ERR_PTR(-ENOENT);
	/* A power of two that the device allows (section 2.7). */
	cfg.num = (u16)(1u << ilog2(min_t(u16, num, VIRTIO_PCI_MAX_QUEUE_SIZE)));
	address = vp_notify_address(vp);
	if (!address)
		return ERR_PTR(-EINVAL);
	vq = vring_create_virtqueue(&vp->vdev, &cfg);
	if (!vq)
		return ERR_PTR(-ENOMEM);
	vq->priv = address;
	writew(cfg.num, vp->common + VIRTIO_PCI_COMMON_Q_SIZE);
	write64(vp, VIRTIO_PCI_COMMON_Q_DESC, virtqueue_get_desc_addr(vq));
	write64(vp, VIRTIO_PCI_COMMON_Q_AVAIL, virtqueue_get_avail_addr(vq));
	write64(vp, VIRTIO_PCI_COMMON_Q_USED, virtqueue_get_used_addr(vq));
	if (vp->pdev->msix_enabled) {
		writew(vector, vp->common + VIRTIO_PCI_COMMON_Q_MSIX);
		/* The device answers NO_VECTOR when it has no room for another (4.1.5.1.2). */
		if (readw(vp->common + VIRTIO_PCI_COMMON_Q_MSIX) != vector) {
			vring_del_virtqueue(vq);
			return ERR_PTR(-EBUSY);
		}
	}
	return vq;
}

static void vp_del_vq(struct virtio_pci_device *vp, struct virtqueue *vq)
{
	if (vp->pdev->msix_enabled) {
		writew(vq->index, vp->common + VIRTIO_PCI_COMMON_Q_SELECT);
		writew(VIRTIO_MSI_NO_VECTOR, vp->common + VIRTIO_PCI_COMMON_Q_MSIX);
	}
	vring_del_virtqueue(vq);
}

/* Queues are enabled last: an enabled one cannot be changed any more but by a reset (4.1.4.3.2). */
static int vp_modern_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
			      struct virtqueue *vqs[], const struct virtqueue_info info[])
{
	struct virtio_pci_device *vp = to_vp(vdev);
	int err = vp_find_vqs(vdev, nvqs, vqs, info);
	unsigned int i;

	for (i = 0; !err && i < nvqs; i++) {
		writew(vqs[i]->index, vp->common + VIRTIO_PCI_COMMON_Q_SELECT);
		writew(1, vp->common + VIRTIO_PCI_COMMON_Q_ENABLE);
	}
	return err;
}

static const struct virtio_config_ops vp_modern_ops = {
	.name = "PCI modern",
	.get = vp_get,
	.set = vp_set,
	.generation = vp_generation,
	.get_status = vp_get_status,
	.set_status = vp_set_status,
	.reset = vp_reset,
	.get_features = vp_get_features,
	.set_features = vp_set_features,
	.find_vqs = vp_modern_find_vqs,
	.del_vqs = vp_del_vqs,
};

/* One register block: the first capability of this type that can be mapped; 0 when there is none.
 */
static u8 vp_map_capability(struct virtio_pci_device *vp, u8 type, u32 min_len, volatile u8 **map,
			    u32 *map_len)
{
	struct pci_dev *pdev = vp->pdev;
	u32 offset, len;
	u8 pos, bar;

	for (pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR); pos;
	     pos = pci_find_next_capability(pdev, pos, PCI_CAP_ID_VNDR)) {
		if (pci_read_config_byte(pdev, pos + VIRTIO_PCI_CAP_CFG_TYPE) != type)
			continue;
		bar = pci_read_config_byte(pdev, pos + VIRTIO_PCI_CAP_BAR);
		offset = pci_read_config_dword(pdev, pos + VIRTIO_PCI_CAP_OFFSET);
		len = pci_read_config_dword(pdev, pos + VIRTIO_PCI_CAP_LENGTH);
		if (len < min_len)
			continue;
		/* No more than is there to use, whatever the length says. */
		len = min_t(u32, len, 1u << 20);
		*map = pci_map_bar(pdev, bar, offset, len);
		*map_len = len;
		if (*map)
			return pos;
	}
	return 0;
}

int virtio_pci_modern_probe(struct virtio_pci_device *vp)
{
	u32 isr_len;
	u8 pos;

	if (!vp_map_capability(vp, VIRTIO_PCI_CAP_COMMON_CFG, VIRTIO_PCI_COMMON_SIZE, &vp->common,
			       &vp->common_len))
		return -ENODEV;
	pos = vp_map_capability(vp, VIRTIO_PCI_CAP_NOTIFY_CFG, sizeof(u16), &vp->notify_base,
				&vp->notify_len);
	if (!pos || !vp_map_capability(vp, VIRTIO_PCI_CAP_ISR_CFG, 1, &vp->isr, &isr_len)) {
		pr_err("virtio: %s lacks modern registers\n", vp->pdev->name);
		return -EINVAL;
	}
	vp->notify_multiplier =
		pci_read_config_dword(vp->pdev, pos + VIRTIO_PCI_NOTIFY_CAP_MULTIPLIER);
	/* Optional: the entropy device has no configuration. */
	vp_map_capability(vp, VIRTIO_PCI_CAP_DEVICE_CFG, 1, &vp->device, &vp->device_len);
	vp->vdev.config = &vp_modern_ops;
	vp->setup_vq = vp_setup_vq;
	vp->del_vq = vp_del_vq;
	vp->config_vector = vp_config_vector;
	vp->read_isr = vp_read_isr;
	return 0;
}
