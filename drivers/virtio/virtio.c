// SPDX-License-Identifier: BSD-2-Clause
/*
 * The virtio bus: brings devices that a transport found together with the driver of their type,
 * and leads both through initialisation (virtio 1.2, section 3.1.1): reset, ACKNOWLEDGE, DRIVER,
 * features, FEATURES_OK, the driver's probe, DRIVER_OK. Legacy devices know no FEATURES_OK (3.1.2).
 *
 * A device that breaks the rules is disabled for good: its queues stop at once in whatever context
 * found it out, then a work item resets it and tells its driver (thread context).
 *
 * Devices and drivers are registered in any order. Left out: suspend, hot unplug.
 */
#include <drivers/virtio/virtio.h>
#include <errno.h>
#include <kernel/lib/printk.h>
#include <stdio.h>

static struct {
	struct list_head devices, drivers;
	unsigned int count;
} bus = {LIST_HEAD_INIT(bus.devices), LIST_HEAD_INIT(bus.drivers), 0};

static void add_status(struct virtio_device *vdev, u8 bits)
{
	vdev->config->set_status(vdev, (u8)(vdev->config->get_status(vdev) | bits));
}

/* What the transport and the rings themselves understand; the rest is the device type's. */
static u64 ring_features(void)
{
	return 1ULL << VIRTIO_RING_F_INDIRECT_DESC | 1ULL << VIRTIO_RING_F_EVENT_IDX |
	       1ULL << VIRTIO_F_VERSION_1 | 1ULL << VIRTIO_F_ACCESS_PLATFORM |
	       1ULL << VIRTIO_F_ANY_LAYOUT;
}

static int negotiate(struct virtio_device *vdev, const struct virtio_driver *drv)
{
	u64 known = ring_features();
	unsigned int i;
	int err;

	for (i = 0; i < drv->feature_count; i++)
		known |= 1ULL << drv->feature_table[i];
	vdev->features = vdev->config->get_features(vdev) & known;
	/* A modern device lays out messages freely anyway; the bit is reserved there (6.3). */
	if (virtio_has_feature(vdev, VIRTIO_F_VERSION_1))
		virtio_clear_feature(vdev, VIRTIO_F_ANY_LAYOUT);
	err = drv->validate ? drv->validate(vdev) : 0;
	if (err)
		return err;
	vdev->config->set_features(vdev, vdev->features);
	if (!virtio_has_feature(vdev, VIRTIO_F_VERSION_1))
		return 0;
	add_status(vdev, VIRTIO_CONFIG_S_FEATURES_OK);
	if (vdev->config->get_status(vdev) & VIRTIO_CONFIG_S_FEATURES_OK)
		return 0;
	pr_err("%s: the device refuses features %#llx\n", vdev->name,
	       (unsigned long long)vdev->features);
	return -ENODEV;
}

static void virtio_dev_probe(struct virtio_device *vdev, struct virtio_driver *drv)
{
	int err;

	add_status(vdev, VIRTIO_CONFIG_S_DRIVER);
	err = negotiate(vdev, drv);
	if (!err) {
		vdev->driver = drv;
		err = drv->probe(vdev);
	}
	if (!err) {
		virtio_device_ready(vdev);
		return;
	}
	pr_err("%s: %s gave up with error %d\n", vdev->name, drv->name, err);
	vdev->driver = NULL;
	add_status(vdev, VIRTIO_CONFIG_S_FAILED);
}

void virtio_device_ready(struct virtio_device *vdev)
{
	u8 status = vdev->config->get_status(vdev);

	if (!(status & VIRTIO_CONFIG_S_DRIVER_OK))
		vdev->config->set_status(vdev, status | VIRTIO_CONFIG_S_DRIVER_OK);
	vdev->config_enabled = true;
	if (vdev->config_pending)
		virtio_config_changed(vdev);
}

void virtio_config_changed(struct virtio_device *vdev)
{
	vdev->config_pending = !vdev->config_enabled;
	if (!vdev->config_enabled || vdev->broken)
		return;
	if (vdev->config->get_status(vdev) & VIRTIO_CONFIG_S_NEEDS_RESET) {
		virtio_break_device(vdev, "it asks for a reset");
		return;
	}
	if (vdev->driver && vdev->driver->config_changed)
		vdev->driver->config_changed(vdev);
}

void virtio_reset_device(struct virtio_device *vdev)
{
	vdev->config_enabled = false;
	vdev->config->reset(vdev);
	vdev->config->del_vqs(vdev);
}

static void broken_work(struct work_struct *w)
{
	struct virtio_device *vdev = container_of(w, struct virtio_device, broken_work);

	/* From here on it cannot write to memory, and the driver may take everything back. */
	vdev->config->reset(vdev);
	if (vdev->driver && vdev->driver->device_broken)
		vdev->driver->device_broken(vdev);
}

void virtio_break_device(struct virtio_device *vdev, const char *why)
{
	struct virtqueue *vq;

	if (vdev->broken)
		return;
	vdev->broken = true;
	pr_err("%s: device disabled: %s\n", vdev->name, why);
	list_for_each_entry(vq, &vdev->vqs, list)
		vring_break(vq);
	schedule_work(&vdev->broken_work);
}

int register_virtio_device(struct virtio_device *vdev)
{
	struct virtio_driver *drv;

	snprintf(vdev->name, sizeof(vdev->name), "virtio%u", bus.count++);
	INIT_LIST_HEAD(&vdev->vqs);
	INIT_WORK(&vdev->broken_work, broken_work);
	/* Whoever was here before us (firmware) may have used it. */
	vdev->config->reset(vdev);
	add_status(vdev, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	list_add_tail(&vdev->list, &bus.devices);
	list_for_each_entry(drv, &bus.drivers, list) {
		if (drv->device == vdev->device) {
			virtio_dev_probe(vdev, drv);
			break;
		}
	}
	return 0;
}

void register_virtio_driver(struct virtio_driver *drv)
{
	struct virtio_device *vdev;

	list_add_tail(&drv->list, &bus.drivers);
	list_for_each_entry(vdev, &bus.devices, list) {
		if (!vdev->driver && drv->device == vdev->device)
			virtio_dev_probe(vdev, drv);
	}
}

void virtio_for_each(void (*fn)(struct virtio_device *vdev, void *arg), void *arg)
{
	struct virtio_device *vdev;

	list_for_each_entry(vdev, &bus.devices, list)
		fn(vdev, arg);
}

void unregister_virtio_device(struct virtio_device *vdev)
{
	cancel_work_sync(&vdev->broken_work);
	if (vdev->driver)
		vdev->driver->remove(vdev);
	vdev->driver = NULL;
	vdev->config->reset(vdev);
	list_del(&vdev->list);
}

void virtio_cread_bytes(struct virtio_device *vdev, u32 offset, void *buf, u32 len)
{
	u32 generation = 0, tries, i;

	/* Bounded: a device whose generation never rests is not worth a hang. */
	for (tries = 0; tries < 1000; tries++) {
		if (vdev->config->generation)
			generation = vdev->config->generation(vdev);
		for (i = 0; i < len; i++)
			vdev->config->get(vdev, offset + i, (u8 *)buf + i, 1);
		if (!vdev->config->generation || vdev->config->generation(vdev) == generation)
			return;
	}
	pr_warn("%s: its configuration never rests\n", vdev->name);
}

u16 virtio_cread16(struct virtio_device *vdev, u32 offset)
{
	u16 value;

	vdev->config->get(vdev, offset, &value, sizeof(value));
	return value;
}

void virtio_cwrite_bytes(struct virtio_device *vdev, u32 offset, const void *buf, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		vdev->config->set(vdev, offset + i, (const u8 *)buf + i, 1);
}
