/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_FAKE_VIRTIO_H
#define BW_TESTS_HOSTED_FAKE_VIRTIO_H

/*
 * The other side of a virtqueue, and a whole virtio device, in the memory of the test: what QEMU
 * does, and what a liar would do. Programs that use it define hosted_physical[].
 */
#include <drivers/virtio/virtio.h>

#define FAKE_MAX_CHAIN	40
#define FAKE_MAX_QUEUES 4

/* What the device knows of a queue: the three areas, and how far it has read and written. */
struct fake_queue {
	struct virtqueue *vq;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	u16 num, last_avail, used_idx;
	bool event_idx;
	unsigned int kicks, interrupts;
};

struct fake_chain {
	u16 head;
	unsigned int n;	       /* descriptors */
	unsigned int indirect; /* entries of its table, 0: in the ring */
	struct vring_desc d[FAKE_MAX_CHAIN];
};

void fake_queue_init(struct fake_queue *q, struct virtqueue *vq);
u16 *fake_used_event(struct fake_queue *q);
u16 *fake_avail_event(struct fake_queue *q);
/* Take the next buffer from the available ring; false when there is none. */
bool fake_pop(struct fake_queue *q, struct fake_chain *c);
/* Complete id as it stands, and interrupt if the driver asked for it. */
void fake_push(struct fake_queue *q, u32 id, u32 len);
/* Several at once: entries first, one index, one interrupt. */
void fake_push_many(struct fake_queue *q, const u32 id[], const u32 len[], unsigned int n);
/* Bytes that the device may read, write; gather and scatter. */
u32 fake_readable(const struct fake_chain *c);
u32 fake_writable(const struct fake_chain *c);
u32 fake_read(const struct fake_chain *c, void *buf, u32 size);
u32 fake_write(const struct fake_chain *c, const void *buf, u32 len);

struct fake_device {
	struct virtio_device vdev;
	struct fake_queue q[FAKE_MAX_QUEUES];
	unsigned int nqueues, resets;
	u64 offered, accepted;
	u16 ring_size;
	u8 status;
	u8 config[64];
	/* Called on a kick, wherever the driver is. */
	void (*notify)(struct fake_device *fd, unsigned int queue);
};
/* Offer it to the drivers that are registered. fd is zeroed but for offered, ring_size, config. */
void fake_device_register(struct fake_device *fd, u32 type);
void fake_device_unregister(struct fake_device *fd);

#endif /* BW_TESTS_HOSTED_FAKE_VIRTIO_H */
