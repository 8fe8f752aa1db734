// SPDX-License-Identifier: BSD-2-Clause
/* The device's side of virtio; see fake_virtio.h. */
#include <tests/hosted/test.h>

#include <errno.h>
#include <kernel/mm/paging.h>
#include <kernel/sched/irqflags.h>
#include <kernel/sched/softirq.h>
#include <string.h>
#include <tests/hosted/drivers/fake_virtio.h>

void fake_queue_init(struct fake_queue *q, struct virtqueue *vq)
{
	memset(q, 0, sizeof(*q));
	q->vq = vq;
	q->num = virtqueue_get_vring_size(vq);
	q->desc = phys_to_virt(virtqueue_get_desc_addr(vq));
	q->avail = phys_to_virt(virtqueue_get_avail_addr(vq));
	q->used = phys_to_virt(virtqueue_get_used_addr(vq));
	q->event_idx = virtio_has_feature(vq->vdev, VIRTIO_RING_F_EVENT_IDX);
}

u16 *fake_used_event(struct fake_queue *q)
{
	return &q->avail->ring[q->num];
}

u16 *fake_avail_event(struct fake_queue *q)
{
	return (u16 *)&q->used->ring[q->num];
}

bool fake_pop(struct fake_queue *q, struct fake_chain *c)
{
	struct vring_desc *table = q->desc;
	u16 i;

	if (q->last_avail == q->avail->idx)
		return false;
	c->head = q->avail->ring[q->last_avail++ % q->num];
	assert_true(c->head < q->num);
	c->n = c->indirect = 0;
	i = c->head;
	if (table[i].flags & VRING_DESC_F_INDIRECT) {
		c->indirect = table[i].len / (u32)sizeof(struct vring_desc);
		table = phys_to_virt(table[i].addr);
		i = 0;
	}
	for (;; i = table[i].next) {
		assert_true(c->n < FAKE_MAX_CHAIN);
		assert_true(table[i].len > 0);
		c->d[c->n++] = table[i];
		if (!(table[i].flags & VRING_DESC_F_NEXT))
			break;
	}
	if (c->indirect)
		assert_int_equal(c->indirect, c->n);
	return true;
}

/* As the machine does it: softirqs that the handler raised run on the way out. */
static void interrupt(struct virtqueue *vq)
{
	unsigned long flags = local_irq_save();

	irq_enter();
	vring_interrupt(vq);
	irq_exit();
	local_irq_restore(flags);
}

void fake_push_many(struct fake_queue *q, const u32 id[], const u32 len[], unsigned int n)
{
	u16 old = q->used_idx;
	unsigned int i;

	for (i = 0; i < n; i++)
		q->used->ring[q->used_idx++ % q->num] = (struct vring_used_elem){id[i], len[i]};
	q->used->idx = q->used_idx;
	if (q->event_idx ? vring_need_event(*fake_used_event(q), q->used_idx, old)
			 : !(q->avail->flags & VRING_AVAIL_F_NO_INTERRUPT)) {
		q->interrupts++;
		interrupt(q->vq);
	}
}

void fake_push(struct fake_queue *q, u32 id, u32 len)
{
	fake_push_many(q, &id, &len, 1);
}

static u32 chain_bytes(const struct fake_chain *c, u16 flag)
{
	unsigned int i;
	u32 sum = 0;

	for (i = 0; i < c->n; i++) {
		if ((c->d[i].flags & VRING_DESC_F_WRITE) == flag)
			sum += c->d[i].len;
	}
	return sum;
}

u32 fake_readable(const struct fake_chain *c)
{
	return chain_bytes(c, 0);
}

u32 fake_writable(const struct fake_chain *c)
{
	return chain_bytes(c, VRING_DESC_F_WRITE);
}

u32 fake_read(const struct fake_chain *c, void *buf, u32 size)
{
	u32 done = 0, part;
	unsigned int i;

	for (i = 0; i < c->n && done < size; i++) {
		if (c->d[i].flags & VRING_DESC_F_WRITE)
			continue;
		part = min(c->d[i].len, size - done);
		memcpy((u8 *)buf + done, phys_to_virt(c->d[i].addr), part);
		done += part;
	}
	return done;
}

u32 fake_write(const struct fake_chain *c, const void *buf, u32 len)
{
	u32 done = 0, part;
	unsigned int i;

	for (i = 0; i < c->n && done < len; i++) {
		if (!(c->d[i].flags & VRING_DESC_F_WRITE))
			continue;
		part = min(c->d[i].len, len - done);
		memcpy(phys_to_virt(c->d[i].addr), (const u8 *)buf + done, part);
		done += part;
	}
	return done;
}

static struct fake_device *to_fake(struct virtio_device *vdev)
{
	return container_of(vdev, struct fake_device, vdev);
}

static void fake_get(struct virtio_device *vdev, u32 offset, void *buf, u32 len)
{
	memcpy(buf, to_fake(vdev)->config + offset, len);
}

static void fake_set(struct virtio_device *vdev, u32 offset, const void *buf, u32 len)
{
	memcpy(to_fake(vdev)->config + offset, buf, len);
}

static u8 fake_get_status(struct virtio_device *vdev)
{
	return to_fake(vdev)->status;
}

static void fake_set_status(struct virtio_device *vdev, u8 status)
{
	struct fake_device *fd = to_fake(vdev);

	/* Features are the device's to refuse: those that were not offered. */
	if (fd->accepted & ~fd->offered)
		status &= (u8)~VIRTIO_CONFIG_S_FEATURES_OK;
	fd->status = status;
}

static void fake_reset(struct virtio_device *vdev)
{
	struct fake_device *fd = to_fake(vdev);

	fd->status = 0;
	fd->resets++;
}

static u64 fake_get_features(struct virtio_device *vdev)
{
	return to_fake(vdev)->offered;
}

static void fake_set_features(struct virtio_device *vdev, u64 features)
{
	to_fake(vdev)->accepted = features;
}

static bool fake_notify(struct virtqueue *vq)
{
	struct fake_device *fd = to_fake(vq->vdev);

	fd->q[vq->index].kicks++;
	if (fd->notify)
		fd->notify(fd, vq->index);
	return true;
}

static void fake_del_vqs(struct virtio_device *vdev)
{
	struct virtqueue *vq, *next;

	list_for_each_entry_safe(vq, next, &vdev->vqs, list)
		vring_del_virtqueue(vq);
	to_fake(vdev)->nqueues = 0;
}

static int fake_find_vqs(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
			 const struct virtqueue_info info[])
{
	struct fake_device *fd = to_fake(vdev);
	struct vring_config cfg = {
		.num = fd->ring_size, .align = VRING_ALIGN_MODERN, .notify = fake_notify};

	for (; cfg.index < nvqs; cfg.index++) {
		cfg.callback = info[cfg.index].callback;
		cfg.name = info[cfg.index].name;
		vqs[cfg.index] = vring_create_virtqueue(vdev, &cfg);
		if (!vqs[cfg.index]) {
			fake_del_vqs(vdev);
			return -ENOMEM;
		}
		fake_queue_init(&fd->q[cfg.index], vqs[cfg.index]);
	}
	fd->nqueues = nvqs;
	return 0;
}

static const struct virtio_config_ops fake_ops = {
	.name = "fake",
	.get = fake_get,
	.set = fake_set,
	.get_status = fake_get_status,
	.set_status = fake_set_status,
	.reset = fake_reset,
	.get_features = fake_get_features,
	.set_features = fake_set_features,
	.find_vqs = fake_find_vqs,
	.del_vqs = fake_del_vqs,
};

void fake_device_register(struct fake_device *fd, u32 type)
{
	fd->vdev.config = &fake_ops;
	fd->vdev.device = type;
	if (!fd->ring_size)
		fd->ring_size = 256;
	assert_int_equal(register_virtio_device(&fd->vdev), 0);
}

void fake_device_unregister(struct fake_device *fd)
{
	unregister_virtio_device(&fd->vdev);
}
