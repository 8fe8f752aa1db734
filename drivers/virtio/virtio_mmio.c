// SPDX-License-Identifier: BSD-2-Clause
/*
 * Virtio over memory-mapped registers: version 2 as in virtio 1.2, section 4.2.2, and version 1,
 * the legacy layout of section 4.2.4, which QEMU's microvm uses unless told otherwise. They differ
 * in how a queue's memory is named (three addresses, or one page number) and in the feature bits.
 *
 * One interrupt line a device; its status register says what happened and must be acknowledged.
 *
 * virtio_mmio_add() runs in thread context at start-up, the interrupt in hard interrupt context,
 * notify wherever a queue is kicked.
 */
#include <drivers/virtio/virtio_mmio.h>
#include <errno.h>
#include <kernel/cpu/io.h>
#include <kernel/cpu/irq.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/slab.h>
#include <string.h>

/* Devices name the largest that they can do, not what is sensible. */
#define VIRTIO_MMIO_MAX_QUEUE_SIZE 256

struct virtio_mmio_device {
	struct virtio_device vdev;
	struct virtio_mmio_window window; /* [I] */
	volatile u8 *regs;		  /* [I] */
	u32 version;			  /* [I] */
	bool irq_requested;
};

static struct virtio_mmio_device *to_vm(struct virtio_device *vdev)
{
	return container_of(vdev, struct virtio_mmio_device, vdev);
}

static u32 vm_read(struct virtio_mmio_device *vm, u32 offset)
{
	return readl(vm->regs + offset);
}

static void vm_write(struct virtio_mmio_device *vm, u32 offset, u32 value)
{
	writel(value, vm->regs + offset);
}

static bool config_fits(struct virtio_device *vdev, u32 offset, u32 len)
{
	u32 room = to_vm(vdev)->window.size - VIRTIO_MMIO_CONFIG;

	BUG_ON(len != 1 && len != 2 && len != 4);
	return len <= room && offset <= room - len;
}

static void vm_get(struct virtio_device *vdev, u32 offset, void *buf, u32 len)
{
	volatile u8 *p = to_vm(vdev)->regs + VIRTIO_MMIO_CONFIG + offset;

	memset(buf, 0, len);
	if (!config_fits(vdev, offset, len))
		return;
	if (len == 1)
		*(u8 *)buf = readb(p);
	else if (len == 2)
		*(u16 *)buf = readw(p);
	else
		*(u32 *)buf = readl(p);
}

static void vm_set(struct virtio_device *vdev, u32 offset, const void *buf, u32 len)
{
	volatile u8 *p = to_vm(vdev)->regs + VIRTIO_MMIO_CONFIG + offset;

	if (!config_fits(vdev, offset, len))
		return;
	if (len == 1)
		writeb(*(const u8 *)buf, p);
	else if (len == 2)
		writew(*(const u16 *)buf, p);
	else
		writel(*(const u32 *)buf, p);
}

static u32 vm_generation(struct virtio_device *vdev)
{
	struct virtio_mmio_device *vm = to_vm(vdev);

	return vm->version == 1 ? 0 : vm_read(vm, VIRTIO_MMIO_CONFIG_GENERATION);
}

static u8 vm_get_status(struct virtio_device *vdev)
{
	return (u8)vm_read(to_vm(vdev), VIRTIO_MMIO_STATUS);
}

static void vm_set_status(struct virtio_device *vdev, u8 status)
{
	vm_write(to_vm(vdev), VIRTIO_MMIO_STATUS, status);
}

static void vm_reset(struct virtio_device *vdev)
{
	vm_set_status(vdev, 0);
	/* Reading it back makes sure that the write has arrived. */
	vm_get_status(vdev);
}

static u64 vm_get_features(struct virtio_device *vdev)
{
	struct virtio_mmio_device *vm = to_vm(vdev);
	u64 features;

	vm_write(vm, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	features = vm_read(vm, VIRTIO_MMIO_DEVICE_FEATURES);
	if (vm->version == 1)
		return features;
	vm_write(vm, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
	return features | (u64)vm_read(vm, VIRTIO_MMIO_DEVICE_FEATURES) << 32;
}

static void vm_set_features(struct virtio_device *vdev, u64 features)
{
	struct virtio_mmio_device *vm = to_vm(vdev);

	vm_write(vm, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
	vm_write(vm, VIRTIO_MMIO_DRIVER_FEATURES, (u32)features);
	if (vm->version == 1)
		return;
	vm_write(vm, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	vm_write(vm, VIRTIO_MMIO_DRIVER_FEATURES, (u32)(features >> 32));
}

static void vm_interrupt(void *arg)
{
	struct virtio_mmio_device *vm = arg;
	u32 status = vm_read(vm, VIRTIO_MMIO_INTERRUPT_STATUS);
	struct virtqueue *vq;

	if (!status)
		return;
	/* Acknowledged before the queues are looked at, so that nothing new goes unnoticed. */
	vm_write(vm, VIRTIO_MMIO_INTERRUPT_ACK, status);
	if (status & VIRTIO_MMIO_INT_CONFIG)
		virtio_config_changed(&vm->vdev);
	if (!(status & VIRTIO_MMIO_INT_VRING))
		return;
	list_for_each_entry(vq, &vm->vdev.vqs, list)
		vring_interrupt(vq);
}

static bool vm_notify(struct virtqueue *vq)
{
	writel(vq->index, vq->priv);
	return true;
}

static void write64(struct virtio_mmio_device *vm, u32 offset, u64 value)
{
	vm_write(vm, offset, (u32)value);
	vm_write(vm, offset + 4, (u32)(value >> 32));
}

/* Tell the device where the selected queue is. */
static int vm_start_queue(struct virtio_mmio_device *vm, struct virtqueue *vq)
{
	u64 pfn = virtqueue_get_desc_addr(vq) >> PAGE_SHIFT;

	vm_write(vm, VIRTIO_MMIO_QUEUE_NUM, virtqueue_get_vring_size(vq));
	if (vm->version == 1) {
		if (pfn >> 32)
			return -E2BIG;
		vm_write(vm, VIRTIO_MMIO_QUEUE_ALIGN, VRING_ALIGN_LEGACY);
		vm_write(vm, VIRTIO_MMIO_QUEUE_PFN, (u32)pfn);
		return 0;
	}
	write64(vm, VIRTIO_MMIO_QUEUE_DESC, virtqueue_get_desc_addr(vq));
	write64(vm, VIRTIO_MMIO_QUEUE_AVAIL, virtqueue_get_avail_addr(vq));
	write64(vm, VIRTIO_MMIO_QUEUE_USED, virtqueue_get_used_addr(vq));
	vm_write(vm, VIRTIO_MMIO_QUEUE_READY, 1);
	return 0;
}

static void vm_del_vq(struct virtio_mmio_device *vm, struct virtqueue *vq)
{
	vm_write(vm, VIRTIO_MMIO_QUEUE_SEL, vq->index);
	if (vm->version == 1)
		vm_write(vm, VIRTIO_MMIO_QUEUE_PFN, 0);
	else
		vm_write(vm, VIRTIO_MMIO_QUEUE_READY, 0);
	vring_del_virtqueue(vq);
}

static struct virtqueue *vm_setup_vq(struct virtio_mmio_device *vm, u16 index,
				     const struct virtqueue_info *info)
{
	struct vring_config cfg = {.index = index,
				   .notify = vm_notify,
				   .callback = info->callback,
				   .name = info->name,
				   .align = vm->version == 1 ? VRING_ALIGN_LEGACY
							     : VRING_ALIGN_MODERN};
	struct virtqueue *vq;
	u32 busy, max;
	int err;

	vm_write(vm, VIRTIO_MMIO_QUEUE_SEL, index);
	busy = vm_read(vm, vm->version == 1 ? VIRTIO_MMIO_QUEUE_PFN : VIRTIO_MMIO_QUEUE_READY);
	max = vm_read(vm, VIRTIO_MMIO_QUEUE_NUM_MAX);
	if (busy || !max)
		return ERR_PTR(-ENOENT);
	cfg.num = (u16)(1u << ilog2(min_t(u32, max, VIRTIO_MMIO_MAX_QUEUE_SIZE)));
	vq = vring_create_virtqueue(&vm->vdev, &cfg);
	if (!vq)
		return ERR_PTR(-ENOMEM);
	vq->priv = vm->regs + VIRTIO_MMIO_QUEUE_NOTIFY;
	err = vm_start_queue(vm, vq);
	if (err) {
		vring_del_virtqueue(vq);
		return ERR_PTR(err);
	}
	return vq;
}

static void vm_del_vqs(struct virtio_device *vdev)
{
	struct virtio_mmio_device *vm = to_vm(vdev);
	struct virtqueue *vq, *next;

	list_for_each_entry_safe(vq, next, &vdev->vqs, list)
		vm_del_vq(vm, vq);
	if (vm->irq_requested)
		free_gsi(vm->window.gsi, vm);
	vm->irq_requested = false;
}

static int vm_find_vqs(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
		       const struct virtqueue_info info[])
{
	struct virtio_mmio_device *vm = to_vm(vdev);
	unsigned int i;
	int err;

	err = request_gsi(vm->window.gsi, vm->window.irq_flags, vm_interrupt, vm, vdev->name);
	vm->irq_requested = !err;
	for (i = 0; !err && i < nvqs; i++) {
		vqs[i] = vm_setup_vq(vm, (u16)i, &info[i]);
		if (IS_ERR(vqs[i]))
			err = (int)PTR_ERR(vqs[i]);
	}
	if (err) {
		pr_err("%s: no queues or no interrupt line %u, error %d\n", vdev->name,
		       vm->window.gsi, err);
		vm_del_vqs(vdev);
		return err;
	}
	pr_info("%s: %u queues of %u, interrupt line %u\n", vdev->name, nvqs,
		virtqueue_get_vring_size(vqs[0]), vm->window.gsi);
	return 0;
}

static const struct virtio_config_ops vm_modern_ops = {
	.name = "MMIO modern",
	.get = vm_get,
	.set = vm_set,
	.generation = vm_generation,
	.get_status = vm_get_status,
	.set_status = vm_set_status,
	.reset = vm_reset,
	.get_features = vm_get_features,
	.set_features = vm_set_features,
	.find_vqs = vm_find_vqs,
	.del_vqs = vm_del_vqs,
};

static const struct virtio_config_ops vm_legacy_ops = {
	.name = "MMIO legacy",
	.get = vm_get,
	.set = vm_set,
	.get_status = vm_get_status,
	.set_status = vm_set_status,
	.reset = vm_reset,
	.get_features = vm_get_features,
	.set_features = vm_set_features,
	.find_vqs = vm_find_vqs,
	.del_vqs = vm_del_vqs,
};

/* Is a device behind these registers, and one that we can drive? */
static int vm_identify(struct virtio_mmio_device *vm)
{
	if (vm_read(vm, VIRTIO_MMIO_MAGIC_VALUE) != VIRTIO_MMIO_MAGIC)
		return -ENODEV;
	vm->version = vm_read(vm, VIRTIO_MMIO_VERSION);
	vm->vdev.device = vm_read(vm, VIRTIO_MMIO_DEVICE_ID);
	if (!vm->vdev.device)
		return -ENODEV;
	if (vm->version != 1 && vm->version != 2) {
		pr_err("virtio: unknown version %u of the MMIO device at %#llx\n", vm->version,
		       (unsigned long long)vm->window.base);
		return -ENODEV;
	}
	vm->vdev.vendor = vm_read(vm, VIRTIO_MMIO_VENDOR_ID);
	vm->vdev.config = vm->version == 1 ? &vm_legacy_ops : &vm_modern_ops;
	return 0;
}

int virtio_mmio_add(const struct virtio_mmio_window *w)
{
	struct virtio_mmio_device *vm;
	int err = -ENOMEM;

	if (w->size <= VIRTIO_MMIO_CONFIG)
		return -EINVAL;
	vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	if (!vm)
		return -ENOMEM;
	vm->window = *w;
	vm->regs = ioremap(w->base, w->size);
	if (vm->regs)
		err = vm_identify(vm);
	if (err) {
		if (vm->regs)
			iounmap(vm->regs);
		kfree(vm);
		return err;
	}
	if (vm->version == 1)
		vm_write(vm, VIRTIO_MMIO_GUEST_PAGE_SIZE, PAGE_SIZE);
	pr_info("virtio: %#llx is type %u, %s\n", (unsigned long long)w->base, vm->vdev.device,
		vm->vdev.config->name);
	return register_virtio_device(&vm->vdev);
}
