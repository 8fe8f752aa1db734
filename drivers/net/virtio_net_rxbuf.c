// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-net, receive buffers: memory that the device writes frames into, and keeping the ring full
 * of it (virtio 1.2, section 5.1.6.3).
 *
 * A buffer is a block of pages with room for the shared info of an sk_buff behind what the device
 * may write; the block's order lies in the low bits of the token that the ring gives back. One page
 * normally; four while long frames come in, as each buffer costs time and each frame should take
 * few. Where frames may be longer than a buffer and cannot fill several (no MRG_RXBUF), a buffer is
 * a chain: a first page like the others and further whole pages.
 *
 * What the ring holds is bounded by its size and by a share of the machine's memory. When memory is
 * short the refill is tried again later by a work item.
 *
 * Softirq context or softirqs disabled, but for virtnet_refill_work() and setup (thread).
 */
#include <drivers/net/virtio_net.h>
#include <errno.h>
#include <net/ethernet.h>
#include <string.h>

#define VIRTNET_REFILL_RETRY_MS 20

/* Frames of this many bytes in the average are worth buffers of 2^VIRTNET_RX_BIG_ORDER pages. */
#define VIRTNET_RX_BIG_FRAMES 8192
#define VIRTNET_RX_BIG_ORDER  2

/* The ring's buffers take at most this part of memory, but have room for two of the longest frames.
 */
#define VIRTNET_RX_MEMORY_SHARE 32
#define VIRTNET_RX_MIN_PAGES	40

static inline u32 rx_buf_pages(const struct virtnet_info *vi, void *buf)
{
	return vi->rx_chain ? 1 + vi->rx_chain : 1u << rx_buf_order(buf);
}

void virtnet_free_rx_buf(struct virtnet_info *vi, void *buf)
{
	struct virtnet_rx_chain *chain = buf;
	u32 i;

	if (!vi->rx_chain) {
		page_free(rx_buf_page(buf), rx_buf_order(buf));
		return;
	}
	page_free(chain->head, 0);
	for (i = 0; i < vi->rx_chain; i++) {
		if (chain->page[i])
			put_page(chain->page[i]);
	}
	kfree(chain);
}

/* A buffer's memory as the descriptors say it; the number of pieces. */
static unsigned int rx_buf_sg(struct virtnet_info *vi, void *buf)
{
	struct virtnet_rx_chain *chain = vi->rx_chain ? buf : NULL;
	u8 *start = (chain ? (u8 *)chain->head : rx_buf_page(buf)) + vi->rx_pad;
	u32 len = vi->rx_len, i;
	unsigned int n = 0;

	if (!chain)
		len += (u32)((PAGE_SIZE << rx_buf_order(buf)) - PAGE_SIZE);
	if (vi->any_layout || vi->mergeable) {
		sg_set_buf(&vi->rx_sg[n++], start, len);
	} else {
		/* The header wants a descriptor of its own (5.1.6.3.1, legacy). */
		sg_set_buf(&vi->rx_sg[n++], start, vi->hdr_len);
		sg_set_buf(&vi->rx_sg[n++], start + vi->hdr_len, len - vi->hdr_len);
	}
	for (i = 0; i < vi->rx_chain; i++)
		sg_set_buf(&vi->rx_sg[n++], page_address(chain->page[i]), PAGE_SIZE);
	return n;
}

int post_rx_buf(struct virtnet_info *vi, void *buf)
{
	int err = virtqueue_add_inbuf(vi->rvq, vi->rx_sg, rx_buf_sg(vi, buf), buf);

	if (likely(!err))
		vi->rx_pages += rx_buf_pages(vi, buf);
	else
		virtnet_free_rx_buf(vi, buf);
	return err;
}

void *take_rx_buf(struct virtnet_info *vi, u32 *len)
{
	void *buf = virtqueue_get_buf(vi->rvq, len);

	if (likely(buf))
		vi->rx_pages -= rx_buf_pages(vi, buf);
	return buf;
}

/* What is missing of a chain that lost pages to a packet. False: out of memory. */
static bool complete_chain(struct virtnet_info *vi, struct virtnet_rx_chain *chain, gfp_t gfp)
{
	u32 i;

	if (!chain->head)
		chain->head = page_alloc(gfp, 0);
	for (i = 0; chain->head && i < vi->rx_chain; i++) {
		if (!chain->page[i])
			chain->page[i] = alloc_pages(gfp, 0);
		if (!chain->page[i])
			return false;
	}
	return chain->head;
}

/* A new buffer, or NULL when there is no memory. */
static void *alloc_rx_buf(struct virtnet_info *vi, gfp_t gfp)
{
	unsigned int order = vi->rx_average > VIRTNET_RX_BIG_FRAMES ? VIRTNET_RX_BIG_ORDER : 0;
	struct virtnet_rx_chain *chain;
	u8 *page = NULL;

	if (vi->rx_chain) {
		chain = kzalloc(sizeof(*chain), gfp);
		if (!chain || complete_chain(vi, chain, gfp))
			return chain;
		virtnet_free_rx_buf(vi, chain);
		return NULL;
	}
	if (vi->mergeable && order)
		page = page_alloc(gfp, order);
	if (page)
		return page + order;
	return page_alloc(gfp, 0);
}

static void refill_later(struct virtnet_info *vi)
{
	vi->rx_oom = true;
	if (!vi->vdev->broken)
		mod_delayed_work(&vi->refill, msecs_to_jiffies(VIRTNET_REFILL_RETRY_MS));
}

bool try_fill_recv(struct virtnet_info *vi, gfp_t gfp)
{
	void *buf;

	vi->rx_oom = false;
	while (virtqueue_in_flight(vi->rvq) < vi->rx_limit && vi->rx_pages < vi->rx_page_limit) {
		buf = alloc_rx_buf(vi, gfp | __GFP_NOWARN);
		if (!buf)
			refill_later(vi);
		if (!buf || post_rx_buf(vi, buf))
			break;
	}
	virtqueue_kick(vi->rvq);
	return !vi->rx_oom;
}

void repost_rx_chain(struct virtnet_info *vi, struct virtnet_rx_chain *chain)
{
	if (likely(complete_chain(vi, chain, GFP_ATOMIC | __GFP_NOWARN))) {
		post_rx_buf(vi, chain);
		return;
	}
	virtnet_free_rx_buf(vi, chain);
	refill_later(vi);
}

void virtnet_refill_work(struct work_struct *w)
{
	struct delayed_work *dw = container_of(w, struct delayed_work, work);
	struct virtnet_info *vi = container_of(dw, struct virtnet_info, refill);

	local_bh_disable();
	try_fill_recv(vi, GFP_KERNEL);
	local_bh_enable();
}

void virtnet_rx_flush(struct virtnet_info *vi)
{
	void *buf;
	u32 len;

	while ((buf = take_rx_buf(vi, &len)))
		post_rx_buf(vi, buf);
	virtqueue_kick(vi->rvq);
}

void virtnet_rx_setup(struct virtnet_info *vi)
{
	u32 link = ETH_HLEN + 4, need = max_t(u32, vi->dev->mtu, ETH_DATA_LEN) + link;
	u32 num = virtqueue_get_vring_size(vi->rvq), descs, most;

	/* The IP header behind the Ethernet header lies on a multiple of four. */
	vi->rx_pad = NET_IP_ALIGN + (u32)sizeof(struct virtio_net_hdr) - vi->hdr_len;
	vi->rx_len = (u32)(PAGE_SIZE - SKB_SHINFO_SIZE) - vi->rx_pad;
	need = vi->hdr_len + (vi->guest_gso ? VIRTNET_MAX_GSO_FRAME : need);
	vi->rx_chain = 0;
	if (!vi->mergeable && need > vi->rx_len)
		vi->rx_chain = (u32)DIV_ROUND_UP(need - vi->rx_len, PAGE_SIZE);
	BUG_ON(vi->rx_chain > MAX_SKB_FRAGS);
	/* Unless the device gives the limit, it is what a buffer holds. */
	most = (u32)(vi->rx_len + vi->rx_chain * PAGE_SIZE) - vi->hdr_len - link;
	if (!virtio_has_feature(vi->vdev, VIRTIO_NET_F_MTU))
		vi->dev->max_mtu = vi->mergeable ? VIRTNET_MAX_MTU : min(most, VIRTNET_MAX_MTU);

	descs = 1 + vi->rx_chain + !(vi->any_layout || vi->mergeable);
	if (!virtio_has_feature(vi->vdev, VIRTIO_RING_F_INDIRECT_DESC))
		num = max_t(u32, num / descs, 1);
	vi->rx_limit = (u16)num;
	vi->rx_page_limit = (u32)max_t(unsigned long, totalram_pages() / VIRTNET_RX_MEMORY_SHARE,
				       VIRTNET_RX_MIN_PAGES);
	most = min_t(u32, vi->rx_limit, vi->rx_page_limit / (1 + vi->rx_chain));
	vi->rx_batch = most < 8 ? 1 : most < 128 ? (u16)(most / 4) : 32;
}
