// SPDX-License-Identifier: BSD-2-Clause
/*
 * Virtio over PCI, what modern and legacy devices share: finding them, and their interrupts.
 *
 * A transitional device is driven by its modern interface (virtio 1.2, section 4.1.2.1).
 * Interrupts, in this order: MSI-X with a vector for configuration changes and one for each queue;
 * MSI-X with one vector for all queues; the interrupt pin, where the ISR register tells what
 * happened (4.1.4.5) and reading it lowers the line.
 *
 * Probing runs in thread context at start-up, the vp_*_interrupt functions in hard interrupts.
 */
#include <drivers/virtio/virtio_pci.h>
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>

static void vp_config_interrupt(void *arg)
{
	struct virtio_pci_device *vp = arg;

	virtio_config_changed(&vp->vdev);
}

static void vp_vq_interrupt(void *arg)
{
	vring_interrupt(arg);
}

/* One vector or the pin for all queues. */
static void vp_vring_interrupt(void *arg)
{
	struct virtio_pci_device *vp = arg;
	struct virtqueue *vq;

	list_for_each_entry(vq, &vp->vdev.vqs, list)
		vring_interrupt(vq);
}

static void vp_intx_interrupt(void *arg)
{
	struct virtio_pci_device *vp = arg;
	u8 isr = vp->read_isr(vp);

	if (isr & VIRTIO_PCI_ISR_CONFIG)
		virtio_config_changed(&vp->vdev);
	if (isr & VIRTIO_PCI_ISR_QUEUE)
		vp_vring_interrupt(vp);
}

void vp_del_vqs(struct virtio_device *vdev)
{
	struct virtio_pci_device *vp = to_vp(vdev);
	struct virtqueue *vq, *next;

	list_for_each_entry_safe(vq, next, &vdev->vqs, list)
		vp->del_vq(vp, vq);
	if (vp->pdev->msix_enabled) {
		vp->config_vector(vp, VIRTIO_MSI_NO_VECTOR);
		pci_disable_msix(vp->pdev);
	}
	if (vp->intx_requested)
		pci_free_intx(vp->pdev, vp);
	vp->intx_requested = false;
}

/* MSI-X: entry 0 for configuration; entry 1 for all queues, or 1 + n for queue n. */
static int vp_find_vqs_msix(struct virtio_pci_device *vp, unsigned int nvqs,
			    struct virtqueue *vqs[], const struct virtqueue_info info[],
			    bool per_vq)
{
	unsigned int needed = per_vq ? nvqs + 1 : 2, i;
	struct pci_dev *pdev = vp->pdev;
	int err;

	err = pci_enable_msix(pdev);
	if (err < 0)
		return err;
	if ((unsigned int)err < needed) {
		vp_del_vqs(&vp->vdev);
		return -ENOSPC;
	}
	err = pci_msix_request(pdev, 0, vp_config_interrupt, vp, vp->vdev.name);
	if (!err && vp->config_vector(vp, 0) != 0)
		err = -EBUSY;
	if (!err && !per_vq)
		err = pci_msix_request(pdev, 1, vp_vring_interrupt, vp, vp->vdev.name);
	for (i = 0; !err && i < nvqs; i++) {
		vqs[i] = vp->setup_vq(vp, (u16)i, &info[i], per_vq ? (u16)(1 + i) : 1);
		if (IS_ERR(vqs[i]))
			err = (int)PTR_ERR(vqs[i]);
		else if (per_vq)
			err = pci_msix_request(pdev, 1 + i, vp_vq_interrupt, vqs[i], info[i].name);
	}
	if (err)
		vp_del_vqs(&vp->vdev);
	return err;
}

static int vp_find_vqs_intx(struct virtio_pci_device *vp, unsigned int nvqs,
			    struct virtqueue *vqs[], const struct virtqueue_info info[])
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < nvqs; i++) {
		vqs[i] = vp->setup_vq(vp, (u16)i, &info[i], VIRTIO_MSI_NO_VECTOR);
		if (IS_ERR(vqs[i]))
			err = (int)PTR_ERR(vqs[i]);
	}
	if (!err)
		err = pci_request_intx(vp->pdev, vp_intx_interrupt, vp, vp->vdev.name);
	vp->intx_requested = !err;
	if (err)
		vp_del_vqs(&vp->vdev);
	return err;
}

int vp_find_vqs(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
		const struct virtqueue_info info[])
{
	struct virtio_pci_device *vp = to_vp(vdev);
	const char *mode = "MSI-X";
	int err;

	err = vp_find_vqs_msix(vp, nvqs, vqs, info, true);
	if (err) {
		mode = "MSI-X, one vector for all queues";
		err = vp_find_vqs_msix(vp, nvqs, vqs, info, false);
	}
	if (err) {
		mode = "INTx";
		err = vp_find_vqs_intx(vp, nvqs, vqs, info);
	}
	if (err)
		pr_err("%s: no queues or no interrupts, error %d\n", vdev->name, err);
	else
		pr_info("%s: %u queues of %u, %s\n", vdev->name, nvqs,
			virtqueue_get_vring_size(vqs[0]), mode);
	return err;
}

static int virtio_pci_probe(struct pci_dev *pdev)
{
	bool transitional = pdev->device <= VIRTIO_PCI_DEVICE_TRANSITIONAL_MAX;
	struct virtio_pci_device *vp;
	int err;

	if (pdev->device < VIRTIO_PCI_DEVICE_TRANSITIONAL_MIN ||
	    pdev->device > VIRTIO_PCI_DEVICE_MODERN_MAX)
		return -ENODEV;
	vp = kzalloc(sizeof(*vp), GFP_KERNEL);
	if (!vp)
		return -ENOMEM;
	vp->pdev = pdev;
	vp->vdev.vendor = pdev->subsystem_vendor;
	/* A transitional device says its type in the subsystem id (4.1.2.1). */
	vp->vdev.device =
		transitional ? pdev->subsystem_device : pdev->device - VIRTIO_PCI_DEVICE_MODERN_MIN;
	pci_enable_device(pdev);
	err = virtio_pci_modern_probe(vp);
	if (err == -ENODEV && transitional)
		err = virtio_pci_legacy_probe(vp);
	if (err) {
		kfree(vp);
		return err;
	}
	pci_set_master(pdev);
	pdev->driver_data = vp;
	pr_info("virtio: %s is type %u, %s\n", pdev->name, vp->vdev.device, vp->vdev.config->name);
	return register_virtio_device(&vp->vdev);
}

void virtio_pci_init(void)
{
	static const struct pci_device_id ids[] = {
		{PCI_VENDOR_ID_REDHAT_QUMRANET, PCI_ANY_ID},
		{0, 0},
	};
	static struct pci_driver driver = {
		.name = "virtio-pci",
		.id_table = ids,
		.probe = virtio_pci_probe,
	};

	pci_register_driver(&driver);
}
