/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_VIRTIO_VIRTIO_RING_H
#define BW_DRIVERS_VIRTIO_VIRTIO_RING_H

/*
 * Split virtqueues (virtio 1.2, section 2.7): the layout in memory and the driver's calls. All
 * integers of the layout are little-endian, as this CPU is; legacy devices use the CPU's order.
 *
 * Not locked: the owner of a queue calls from one context at a time (virtio-net: softirq). The
 * exception is virtqueue_disable_cb(), which the queue's own interrupt may call at any moment.
 */
#include <kernel/lib/list.h>

struct virtio_device;

#define VRING_DESC_F_NEXT	   1
#define VRING_DESC_F_WRITE	   2
#define VRING_DESC_F_INDIRECT	   4

#define VRING_AVAIL_F_NO_INTERRUPT 1
#define VRING_USED_F_NO_NOTIFY	   1

struct vring_desc {
	u64 addr; /* physical */
	u32 len;
	u16 flags;
	u16 next;
};
struct vring_avail {
	u16 flags;
	u16 idx;
	u16 ring[]; /* and behind it, with EVENT_IDX: used_event */
};
struct vring_used_elem {
	u32 id;
	u32 len;
};
struct vring_used {
	u16 flags;
	u16 idx;
	struct vring_used_elem ring[]; /* and behind it, with EVENT_IDX: u16 avail_event */
};
static_assert(sizeof(struct vring_desc) == 16, "vring descriptor");
static_assert(sizeof(struct vring_used_elem) == 8, "vring used element");

#define VRING_ALIGN_LEGACY 4096u
#define VRING_ALIGN_MODERN 64u
#define VRING_MAX_NUM	   32768u

/* Did the index pass `event` on its way from old to new? (section 2.7.10) */
static inline bool vring_need_event(u16 event, u16 new_idx, u16 old)
{
	return (u16)(new_idx - event - 1) < (u16)(new_idx - old);
}

/* One contiguous piece of a buffer: memory of the direct map or of the kernel image, len > 0. */
struct scatterlist {
	void *addr;
	u32 len;
};
static inline void sg_set_buf(struct scatterlist *sg, const void *addr, u32 len)
{
	sg->addr = (void *)addr;
	sg->len = len;
}

struct virtqueue {
	struct list_head list;			/* [I] of vdev->vqs */
	void (*callback)(struct virtqueue *vq); /* [I] hard interrupt; NULL: never wanted */
	const char *name;			/* [I] */
	struct virtio_device *vdev;		/* [I] */
	u16 index;				/* [I] number at the device */
	u16 num_free;				/* descriptors left */
	volatile void *priv;			/* [I] the transport's: where to notify */
	bool (*notify)(struct virtqueue *vq);	/* [I] the transport's; false: the device is gone */
	u64 interrupts, kicks;			/* for statistics */
};

/*
 * Queue a buffer of `out` pieces that the device reads, then `in` that it writes. `data` (not NULL)
 * comes back from virtqueue_get_buf(); the pieces stay the device's until then. Costs one
 * descriptor with an indirect table, out + in without. 0, -ENOSPC (ring full), -EIO (device
 * broken).
 */
int virtqueue_add_sgs(struct virtqueue *vq, const struct scatterlist *sg, unsigned int out,
		      unsigned int in, void *data);
/* The same with pieces of one direction only. */
int virtqueue_add_outbuf(struct virtqueue *vq, const struct scatterlist *sg, unsigned int num,
			 void *data);
int virtqueue_add_inbuf(struct virtqueue *vq, const struct scatterlist *sg, unsigned int num,
			void *data);

/* Does the device want to hear of what was added since the last call? */
bool virtqueue_kick_prepare(struct virtqueue *vq);
/* Tell it; costs an exit to the device model. False when it is broken. */
bool virtqueue_notify(struct virtqueue *vq);
/* Both in one. */
bool virtqueue_kick(struct virtqueue *vq);

/*
 * Next buffer that the device is done with, and how many bytes it wrote (never more than it was
 * given; 0 for buffers it only reads). NULL: none. A completion that does not fit what was handed
 * out breaks the device (virtio_break_device) and gives NULL.
 */
void *virtqueue_get_buf(struct virtqueue *vq, u32 *len);
/* Is there one? A read of one index. */
bool virtqueue_more_used(const struct virtqueue *vq);

/* Ask for no more interrupts; a hint, one may still come. */
void virtqueue_disable_cb(struct virtqueue *vq);
/*
 * Ask for an interrupt with the next completion. False: there is one already, so handle it (the
 * interrupt may come nevertheless). The _prepare half gives a mark for virtqueue_poll(), which
 * tells if anything completed since.
 */
bool virtqueue_enable_cb(struct virtqueue *vq);
u16 virtqueue_enable_cb_prepare(struct virtqueue *vq);
bool virtqueue_poll(struct virtqueue *vq, u16 mark);
/* The same, but the interrupt may wait until three quarters of what is in flight is done. */
bool virtqueue_enable_cb_delayed(struct virtqueue *vq);

/* Take back, one by one, what the device has not used; only after it was reset. */
void *virtqueue_detach_unused_buf(struct virtqueue *vq);

u16 virtqueue_get_vring_size(const struct virtqueue *vq);
/* Buffers that the device has. */
u16 virtqueue_in_flight(const struct virtqueue *vq);
bool virtqueue_is_broken(const struct virtqueue *vq);

/* For the transports. num: a power of two. NULL when out of memory. */
struct vring_config {
	u16 index, num;
	u32 align; /* of the used ring: VRING_ALIGN_* */
	bool (*notify)(struct virtqueue *vq);
	void (*callback)(struct virtqueue *vq);
	const char *name;
};
struct virtqueue *vring_create_virtqueue(struct virtio_device *vdev,
					 const struct vring_config *cfg);
/* The device must not use it any more. */
void vring_del_virtqueue(struct virtqueue *vq);
u64 virtqueue_get_desc_addr(const struct virtqueue *vq);
u64 virtqueue_get_avail_addr(const struct virtqueue *vq);
u64 virtqueue_get_used_addr(const struct virtqueue *vq);
/* Hard interrupt: call the owner back if there is something. False when there was not. */
bool vring_interrupt(struct virtqueue *vq);
/* Nothing goes in or out any more. */
void vring_break(struct virtqueue *vq);

#endif /* BW_DRIVERS_VIRTIO_VIRTIO_RING_H */
