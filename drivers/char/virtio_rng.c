// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-rng: the host's random numbers (virtio 1.2, section 5.4), mixed into the kernel's
 * generator at boot and every five minutes. One queue, one buffer of 64 bytes that the device
 * fills.
 *
 * Nobody waits for it: the buffer is posted, and when the device has filled it (hard interrupt) a
 * work item mixes it in and arranges for the next round. A host without entropy answers late or
 * never.
 */
#include <drivers/virtio/virtio.h>
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/random.h>
#include <kernel/mm/slab.h>
#include <kernel/time/clock.h>
#include <string.h>

#define RNG_BYTES     64
#define RNG_PERIOD_MS (5 * 60 * 1000)

struct virtrng_info {
	struct virtqueue *vq;
	struct work_struct filled;
	struct delayed_work again;
	u8 data[RNG_BYTES];
};

static void rng_post(struct virtrng_info *vi)
{
	struct scatterlist sg;

	sg_set_buf(&sg, vi->data, sizeof(vi->data));
	if (!virtqueue_add_inbuf(vi->vq, &sg, 1, vi))
		virtqueue_kick(vi->vq);
}

/* Hard interrupt. */
static void rng_done(struct virtqueue *vq)
{
	struct virtrng_info *vi = vq->vdev->priv;

	schedule_work(&vi->filled);
}

static void rng_filled(struct work_struct *w)
{
	struct virtrng_info *vi = container_of(w, struct virtrng_info, filled);
	u32 len;

	if (!virtqueue_get_buf(vi->vq, &len))
		return;
	add_entropy(vi->data, len);
	memset(vi->data, 0, sizeof(vi->data));
	virtqueue_enable_cb(vi->vq);
	mod_delayed_work(&vi->again, msecs_to_jiffies(RNG_PERIOD_MS));
}

static void rng_again(struct work_struct *w)
{
	struct delayed_work *dw = container_of(w, struct delayed_work, work);

	rng_post(container_of(dw, struct virtrng_info, again));
}

static int rng_probe(struct virtio_device *vdev)
{
	static const struct virtqueue_info info[] = {{"virtio-rng", rng_done}};
	struct virtrng_info *vi = kzalloc(sizeof(*vi), GFP_KERNEL);
	int err;

	if (!vi)
		return -ENOMEM;
	INIT_WORK(&vi->filled, rng_filled);
	INIT_DELAYED_WORK(&vi->again, rng_again);
	vdev->priv = vi;
	err = virtio_find_vqs(vdev, 1, &vi->vq, info);
	if (err) {
		kfree(vi);
		return err;
	}
	virtio_device_ready(vdev);
	rng_post(vi);
	return 0;
}

static void rng_remove(struct virtio_device *vdev)
{
	struct virtrng_info *vi = vdev->priv;

	vdev->config_enabled = false;
	vdev->config->reset(vdev);
	cancel_work_sync(&vi->filled);
	cancel_delayed_work_sync(&vi->again);
	virtqueue_detach_unused_buf(vi->vq);
	virtio_reset_device(vdev);
	kfree(vi);
}

void virtio_rng_init(void)
{
	static struct virtio_driver driver = {
		.name = "virtio-rng",
		.device = VIRTIO_ID_ENTROPY,
		.probe = rng_probe,
		.remove = rng_remove,
	};

	register_virtio_driver(&driver);
}
