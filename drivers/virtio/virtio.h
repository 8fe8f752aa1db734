/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_VIRTIO_VIRTIO_H
#define BW_DRIVERS_VIRTIO_VIRTIO_H

/*
 * The virtio bus: devices that transports (PCI, MMIO) found, drivers for their types, and the
 * handshake between them (virtio 1.2, chapters 2 and 3). Thread context unless said otherwise.
 */
#include <drivers/virtio/virtio_ring.h>
#include <kernel/sched/workqueue.h>

/* Device types (chapter 5). */
#define VIRTIO_ID_NET	  1
#define VIRTIO_ID_ENTROPY 4

/* Device status (section 2.1). */
#define VIRTIO_CONFIG_S_ACKNOWLEDGE 0x01
#define VIRTIO_CONFIG_S_DRIVER	    0x02
#define VIRTIO_CONFIG_S_DRIVER_OK   0x04
#define VIRTIO_CONFIG_S_FEATURES_OK 0x08
#define VIRTIO_CONFIG_S_NEEDS_RESET 0x40
#define VIRTIO_CONFIG_S_FAILED	    0x80

/* Feature bits of every device type (chapter 6; the first is legacy only). */
#define VIRTIO_F_ANY_LAYOUT	    27
#define VIRTIO_RING_F_INDIRECT_DESC 28
#define VIRTIO_RING_F_EVENT_IDX	    29
#define VIRTIO_F_VERSION_1	    32
#define VIRTIO_F_ACCESS_PLATFORM    33

struct virtqueue_info {
	const char *name;
	void (*callback)(struct virtqueue *vq); /* hard interrupt */
};

/* What a transport does. */
struct virtio_config_ops {
	const char *name;
	/* Device configuration space, in pieces of 1, 2, 4 or 8 bytes at their natural offsets. */
	void (*get)(struct virtio_device *vdev, u32 offset, void *buf, u32 len);
	void (*set)(struct virtio_device *vdev, u32 offset, const void *buf, u32 len);
	u32 (*generation)(struct virtio_device *vdev); /* NULL: reads are atomic enough */
	u8 (*get_status)(struct virtio_device *vdev);
	void (*set_status)(struct virtio_device *vdev, u8 status);
	/* Stops the device; waits until it says so. */
	void (*reset)(struct virtio_device *vdev);
	u64 (*get_features)(struct virtio_device *vdev);
	void (*set_features)(struct virtio_device *vdev, u64 features);
	/* Queues 0..nvqs-1 with their interrupts. 0 or -errno, and then none exists. */
	int (*find_vqs)(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
			const struct virtqueue_info info[]);
	void (*del_vqs)(struct virtio_device *vdev);
};

struct virtio_device {
	struct list_head list;
	char name[16];				/* "virtio0" */
	u32 device, vendor;			/* [I] type by VIRTIO_ID_*, subsystem vendor */
	u64 features;				/* offered at first, negotiated from probe on */
	bool broken;				/* it lied; nothing is sent to it any more */
	bool config_enabled;			/* configuration changes go to the driver */
	bool config_pending;			/* one came before */
	const struct virtio_config_ops *config; /* [I] */
	struct virtio_driver *driver;
	struct list_head vqs;
	struct work_struct broken_work;
	void *priv; /* the driver's */
};

struct virtio_driver {
	const char *name;
	u32 device;		 /* type */
	const u8 *feature_table; /* bits the driver understands */
	unsigned int feature_count;
	/* May clear bits of vdev->features that make no sense together; runs before negotiation. */
	int (*validate)(struct virtio_device *vdev);
	/* Queues are found here; the device runs when it returns (or after virtio_device_ready). */
	int (*probe)(struct virtio_device *vdev);
	void (*remove)(struct virtio_device *vdev);
	void (*config_changed)(struct virtio_device *vdev); /* hard interrupt */
	/* The device broke and was reset: take the buffers back, tell whoever waits. */
	void (*device_broken)(struct virtio_device *vdev);
	struct list_head list;
};

void register_virtio_driver(struct virtio_driver *drv);
/* From a transport: config, device and vendor set, memory zeroed. 0 or -errno. */
int register_virtio_device(struct virtio_device *vdev);
void virtio_for_each(void (*fn)(struct virtio_device *vdev, void *arg), void *arg);
/* Take it from its driver, reset and forget it; the transport's memory stays the transport's. */
void unregister_virtio_device(struct virtio_device *vdev);

static inline bool virtio_has_feature(const struct virtio_device *vdev, unsigned int bit)
{
	return vdev->features >> bit & 1;
}
static inline void virtio_clear_feature(struct virtio_device *vdev, unsigned int bit)
{
	vdev->features &= ~(1ULL << bit);
}
static inline int virtio_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
				  struct virtqueue *vqs[], const struct virtqueue_info info[])
{
	return vdev->config->find_vqs(vdev, nvqs, vqs, info);
}
/* DRIVER_OK: from here on the device works. Probe may call it early. */
void virtio_device_ready(struct virtio_device *vdev);
/* Stop it and take away its queues; buffers must have been detached. For a driver's remove. */
void virtio_reset_device(struct virtio_device *vdev);
/* Any context: the device did what it must not do; log, and disable it. */
void virtio_break_device(struct virtio_device *vdev, const char *why);
/* Hard interrupt: the transport saw a configuration change. */
void virtio_config_changed(struct virtio_device *vdev);

/* Read configuration fields; a multi-part read is repeated until its generation stays the same. */
void virtio_cread_bytes(struct virtio_device *vdev, u32 offset, void *buf, u32 len);
u16 virtio_cread16(struct virtio_device *vdev, u32 offset);
void virtio_cwrite_bytes(struct virtio_device *vdev, u32 offset, const void *buf, u32 len);

/* Transports, for the table of start-up steps; PCI must have been enumerated. */
void virtio_pci_init(void);
void virtio_mmio_init(void);
/* Drivers. */
void virtio_net_init(void);
void virtio_rng_init(void);

#endif /* BW_DRIVERS_VIRTIO_VIRTIO_H */
