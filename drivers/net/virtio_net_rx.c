// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-net, receiving: buffers for the device, and frames up the stack (virtio 1.2, sections
 * 5.1.6.3 and 5.1.6.4).
 *
 * A buffer is one page; the frame stays where the device wrote it and the page becomes the head of
 * the sk_buff, whose shared info fits behind the frame. A long frame fills several such buffers
 * (MRG_RXBUF) or one chain of pages (coalescing without MRG_RXBUF); what follows the first page
 * becomes fragments. Short frames are copied and their page is posted again at once.
 *
 * Everything in the header is checked here: lengths, number of buffers, checksum offsets, segment
 * size. When memory is short, frames are dropped and counted and their pages posted again, so that
 * the ring never runs dry for good.
 *
 * Called by virtnet_poll() in softirq context; refilling also in thread context.
 */
#include <drivers/net/virtio_net.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/skb_ops.h>
#include <string.h>

#define VIRTNET_REFILL_RETRY_MS 20

void virtnet_free_rx_buf(struct virtnet_info *vi, void *buf)
{
	struct virtnet_rx_chain *chain = buf;
	u32 i;

	if (!vi->rx_chain) {
		page_free(buf, 0);
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
	u8 *start = (u8 *)(chain ? chain->head : buf) + vi->rx_pad;
	unsigned int n = 0;
	u32 i;

	if (vi->any_layout || vi->mergeable) {
		sg_set_buf(&vi->rx_sg[n++], start, vi->rx_len);
	} else {
		/* The header wants a descriptor of its own (5.1.6.3.1, legacy). */
		sg_set_buf(&vi->rx_sg[n++], start, vi->hdr_len);
		sg_set_buf(&vi->rx_sg[n++], start + vi->hdr_len, vi->rx_len - vi->hdr_len);
	}
	for (i = 0; i < vi->rx_chain; i++)
		sg_set_buf(&vi->rx_sg[n++], page_address(chain->page[i]), PAGE_SIZE);
	return n;
}

/* Give a buffer to the device; on failure it is freed. */
static int post_rx_buf(struct virtnet_info *vi, void *buf)
{
	int err = virtqueue_add_inbuf(vi->rvq, vi->rx_sg, rx_buf_sg(vi, buf), buf);

	if (unlikely(err))
		virtnet_free_rx_buf(vi, buf);
	return err;
}

/* A new buffer, or NULL when there is no memory. */
static void *alloc_rx_buf(struct virtnet_info *vi, gfp_t gfp)
{
	struct virtnet_rx_chain *chain;
	u32 i;

	if (!vi->rx_chain)
		return page_alloc(gfp, 0);
	chain = kzalloc(sizeof(*chain), gfp);
	if (!chain)
		return NULL;
	chain->head = page_alloc(gfp, 0);
	for (i = 0; chain->head && i < vi->rx_chain; i++) {
		chain->page[i] = alloc_pages(gfp, 0);
		if (!chain->page[i])
			break;
	}
	if (chain->head && i == vi->rx_chain)
		return chain;
	virtnet_free_rx_buf(vi, chain);
	return NULL;
}

/* Both fields of a chain that lost pages to a packet are filled again. False: out of memory. */
static bool complete_chain(struct virtnet_info *vi, struct virtnet_rx_chain *chain)
{
	u32 i;

	if (!chain->head)
		chain->head = page_alloc(GFP_ATOMIC | __GFP_NOWARN, 0);
	for (i = 0; i < vi->rx_chain; i++) {
		if (!chain->page[i])
			chain->page[i] = alloc_pages(GFP_ATOMIC | __GFP_NOWARN, 0);
		if (!chain->page[i])
			return false;
	}
	return chain->head;
}

bool try_fill_recv(struct virtnet_info *vi, gfp_t gfp)
{
	bool oom = false;
	void *buf;

	while (virtqueue_in_flight(vi->rvq) < vi->rx_limit) {
		buf = alloc_rx_buf(vi, gfp | __GFP_NOWARN);
		oom = !buf;
		if (oom || post_rx_buf(vi, buf))
			break;
	}
	virtqueue_kick(vi->rvq);
	vi->rx_oom = oom;
	if (oom && !vi->vdev->broken)
		mod_delayed_work(&vi->refill, msecs_to_jiffies(VIRTNET_REFILL_RETRY_MS));
	return !oom;
}

void virtnet_refill_work(struct work_struct *w)
{
	struct delayed_work *dw = container_of(w, struct delayed_work, work);
	struct virtnet_info *vi = container_of(dw, struct virtnet_info, refill);

	local_bh_disable();
	try_fill_recv(vi, GFP_KERNEL);
	local_bh_enable();
}

/* Memory is short and the device has few buffers left: give it this one back. */
static inline bool must_recycle(const struct virtnet_info *vi)
{
	return unlikely(vi->rx_oom) && virtqueue_in_flight(vi->rvq) < vi->rx_limit / 2;
}

/* Frame of `len` bytes at `data` as an sk_buff of its own; NULL when out of memory. */
static struct sk_buff *copy_frame(struct virtnet_info *vi, const u8 *data, u32 len)
{
	struct sk_buff *skb = netdev_alloc_skb(vi->dev, len);

	if (likely(skb))
		memcpy(skb_put(skb, len), data, len);
	else
		vi->dev->stats.rx_dropped++;
	return skb;
}

/*
 * The page as the head of an sk_buff that begins with the frame; `len` counts header and frame.
 * NULL when memory is short: the frame counts as dropped, the page is still the caller's.
 */
static struct sk_buff *page_to_skb(struct virtnet_info *vi, void *page, u32 len)
{
	struct sk_buff *skb = NULL;

	if (!must_recycle(vi))
		skb = build_skb_page(page, PAGE_SIZE, GFP_ATOMIC);
	if (unlikely(!skb)) {
		vi->dev->stats.rx_dropped++;
		return NULL;
	}
	skb_reserve(skb, vi->rx_pad + vi->hdr_len);
	skb_put(skb, len - vi->hdr_len);
	skb->dev = vi->dev;
	return skb;
}

/* One page, one frame. Consumes the page. */
static struct sk_buff *receive_small(struct virtnet_info *vi, void *page, u32 len)
{
	struct sk_buff *skb;

	if (len - vi->hdr_len <= VIRTNET_COPYBREAK || must_recycle(vi)) {
		skb = copy_frame(vi, (u8 *)page + vi->rx_pad + vi->hdr_len, len - vi->hdr_len);
		post_rx_buf(vi, page);
		return skb;
	}
	skb = page_to_skb(vi, page, len);
	if (unlikely(!skb))
		post_rx_buf(vi, page);
	return skb;
}

static void add_rx_frag(struct sk_buff *skb, struct page *page, u32 offset, u32 len)
{
	skb_fill_page_desc(skb, skb_shinfo(skb)->nr_frags, page, offset, len);
	skb->len += len;
	skb->data_len += len;
	skb->truesize += (u32)PAGE_SIZE;
}

/* A frame that fills `left` more buffers behind the first, which is in skb (NULL: drop them). */
static struct sk_buff *receive_rest(struct virtnet_info *vi, struct sk_buff *skb, unsigned int left)
{
	bool drop = !skb || left > MAX_SKB_FRAGS;
	void *page;
	u32 len;

	if (skb && drop)
		vi->dev->stats.rx_errors++;
	for (; left; left--) {
		page = virtqueue_get_buf(vi->rvq, &len);
		if (unlikely(!page)) {
			/* All buffers of a frame come together (5.1.6.4.1); now we are out of step.
			 */
			virtio_break_device(vi->vdev, "it lacks buffers of a frame");
			vi->dev->stats.rx_errors++;
			drop = true;
			break;
		}
		if (unlikely(drop || !len))
			post_rx_buf(vi, page);
		else
			add_rx_frag(skb, virt_to_page(page), vi->rx_pad, len);
	}
	if (likely(!drop))
		return skb;
	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
	return NULL;
}

/* The first buffer of a frame that may have more. Consumes them all. */
static struct sk_buff *receive_mergeable(struct virtnet_info *vi, void *page, u32 len,
					 const struct virtio_net_hdr *hdr)
{
	struct sk_buff *skb;

	if (likely(hdr->num_buffers == 1))
		return receive_small(vi, page, len);
	if (unlikely(hdr->num_buffers == 0)) {
		vi->dev->stats.rx_errors++;
		post_rx_buf(vi, page);
		return NULL;
	}
	skb = page_to_skb(vi, page, len);
	if (unlikely(!skb))
		post_rx_buf(vi, page);
	return receive_rest(vi, skb, hdr->num_buffers - 1u);
}

/* A chain of pages. What the frame does not use goes back to the device with the rest filled up. */
static struct sk_buff *receive_big(struct virtnet_info *vi, struct virtnet_rx_chain *chain, u32 len)
{
	u32 i, part, rest = len > vi->rx_len ? len - vi->rx_len : 0;
	struct sk_buff *skb;

	if (len - vi->hdr_len <= VIRTNET_COPYBREAK) {
		skb = copy_frame(vi, (u8 *)chain->head + vi->rx_pad + vi->hdr_len,
				 len - vi->hdr_len);
		post_rx_buf(vi, chain);
		return skb;
	}
	skb = page_to_skb(vi, chain->head, min(len, vi->rx_len));
	if (unlikely(!skb)) {
		post_rx_buf(vi, chain);
		return NULL;
	}
	chain->head = NULL;
	for (i = 0; rest; i++, rest -= part) {
		part = min_t(u32, rest, PAGE_SIZE);
		add_rx_frag(skb, chain->page[i], 0, part);
		chain->page[i] = NULL;
	}
	if (complete_chain(vi, chain)) {
		post_rx_buf(vi, chain);
	} else {
		virtnet_free_rx_buf(vi, chain);
		vi->rx_oom = true;
		mod_delayed_work(&vi->refill, msecs_to_jiffies(VIRTNET_REFILL_RETRY_MS));
	}
	return skb;
}

/* A coalesced TCP packet: is what the header says about it possible? 0 or -EINVAL. */
static int rx_gso(struct virtnet_info *vi, struct sk_buff *skb, const struct virtio_net_hdr *hdr)
{
	struct skb_shared_info *shinfo;
	u32 start = hdr->csum_start, headers;
	u8 type = SKB_GSO_DODGY;

	switch (hdr->gso_type & ~VIRTIO_NET_HDR_GSO_ECN) {
	case VIRTIO_NET_HDR_GSO_TCPV4:
		type |= SKB_GSO_TCPV4;
		break;
	case VIRTIO_NET_HDR_GSO_TCPV6:
		type |= SKB_GSO_TCPV6;
		break;
	default:
		return -EINVAL;
	}
	if (hdr->gso_type & VIRTIO_NET_HDR_GSO_ECN)
		type |= SKB_GSO_TCP_ECN;
	/* The data offset of the TCP header is its 13th byte (RFC 9293, section 3.1). */
	if (!vi->guest_gso || !hdr->gso_size || skb->ip_summed != CHECKSUM_PARTIAL ||
	    !pskb_may_pull(skb, start + 20))
		return -EINVAL;
	headers = start + (skb->data[start + 12] >> 4) * 4u;
	if (headers < start + 20 || headers > skb->len)
		return -EINVAL;
	if (skb->len - headers <= hdr->gso_size)
		return 0;
	shinfo = skb_shinfo(skb);
	shinfo->gso_type = type;
	shinfo->gso_size = hdr->gso_size;
	shinfo->gso_segs = (u16)DIV_ROUND_UP(skb->len - headers, hdr->gso_size);
	return 0;
}

/* What the device says about checksum and segments, into the sk_buff. 0 or -EINVAL. */
static int rx_offloads(struct virtnet_info *vi, struct sk_buff *skb,
		       const struct virtio_net_hdr *hdr)
{
	u32 start = hdr->csum_start;

	skb->ip_summed = CHECKSUM_NONE;
	if (!vi->guest_csum)
		return hdr->gso_type == VIRTIO_NET_HDR_GSO_NONE ? 0 : -EINVAL;
	if (hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		/* Not filled in because it never left the host: as good as verified. */
		if (start < ETH_HLEN || !pskb_may_pull(skb, start + hdr->csum_offset + 2u))
			return -EINVAL;
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = (u16)(skb_headroom(skb) + start);
		skb->csum_offset = hdr->csum_offset;
	} else if (hdr->flags & VIRTIO_NET_HDR_F_DATA_VALID) {
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	}
	if (likely(hdr->gso_type == VIRTIO_NET_HDR_GSO_NONE))
		return 0;
	return rx_gso(vi, skb, hdr);
}

static void receive_buf(struct virtnet_info *vi, void *buf, u32 len)
{
	struct net_device *dev = vi->dev;
	struct virtio_net_hdr hdr = {0};
	struct sk_buff *skb;
	u8 *head = vi->rx_chain ? ((struct virtnet_rx_chain *)buf)->head : buf;

	if (unlikely(len < vi->hdr_len + (u32)ETH_HLEN)) {
		dev->stats.rx_errors++;
		post_rx_buf(vi, buf);
		return;
	}
	memcpy(&hdr, head + vi->rx_pad, VIRTIO_NET_HDR_LEN_LEGACY);
	if (vi->mergeable) {
		memcpy(&hdr.num_buffers, head + vi->rx_pad + VIRTIO_NET_HDR_LEN_LEGACY,
		       sizeof(hdr.num_buffers));
		skb = receive_mergeable(vi, buf, len, &hdr);
	} else if (vi->rx_chain) {
		skb = receive_big(vi, buf, len);
	} else {
		skb = receive_small(vi, buf, len);
	}
	if (unlikely(!skb))
		return;
	if (unlikely((hdr.flags | hdr.gso_type) && rx_offloads(vi, skb, &hdr))) {
		dev->stats.rx_errors++;
		dev->stats.rx_frame_errors++;
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
		return;
	}
	dev->stats.rx_packets++;
	dev->stats.rx_bytes += skb->len;
	skb->protocol = eth_type_trans(skb, dev);
	napi_gro_receive(&vi->napi, skb);
}

int virtnet_receive(struct virtnet_info *vi, int budget)
{
	int received = 0;
	void *buf;
	u32 len;

	while (received < budget && (buf = virtqueue_get_buf(vi->rvq, &len))) {
		receive_buf(vi, buf, len);
		received++;
		/* Long frames empty the ring faster than the budget: do not wait for its end. */
		if (virtqueue_in_flight(vi->rvq) + vi->rx_batch <= vi->rx_limit)
			try_fill_recv(vi, GFP_ATOMIC);
	}
	/* Pages that went straight back count too: a device that ran dry waits to hear of them. */
	if (received)
		virtqueue_kick(vi->rvq);
	return received;
}

void virtnet_rx_flush(struct virtnet_info *vi)
{
	void *buf;
	u32 len;

	while ((buf = virtqueue_get_buf(vi->rvq, &len)))
		post_rx_buf(vi, buf);
	virtqueue_kick(vi->rvq);
}

void virtnet_rx_setup(struct virtnet_info *vi)
{
	u32 link = ETH_HLEN + 4, need = max_t(u32, vi->dev->mtu, ETH_DATA_LEN) + link;
	u32 num = virtqueue_get_vring_size(vi->rvq), descs;
	unsigned long affordable;

	/* The IP header behind the Ethernet header lies on a multiple of four. */
	vi->rx_pad = NET_IP_ALIGN + (u32)sizeof(struct virtio_net_hdr) - vi->hdr_len;
	vi->rx_len = (u32)(PAGE_SIZE - SKB_SHINFO_SIZE) - vi->rx_pad;
	need = vi->hdr_len + (vi->guest_gso ? VIRTNET_MAX_GSO_FRAME : need);
	vi->rx_chain = 0;
	if (!vi->mergeable && need > vi->rx_len)
		vi->rx_chain = (u32)DIV_ROUND_UP(need - vi->rx_len, PAGE_SIZE);
	BUG_ON(vi->rx_chain > MAX_SKB_FRAGS);
	/* Unless the device gives the limit, it is what a buffer holds. */
	if (!virtio_has_feature(vi->vdev, VIRTIO_NET_F_MTU))
		vi->dev->max_mtu =
			vi->mergeable
				? VIRTNET_MAX_MTU
				: min_t(u32, VIRTNET_MAX_MTU,
					vi->rx_len + vi->rx_chain * PAGE_SIZE - vi->hdr_len - link);

	descs = 1 + vi->rx_chain + !(vi->any_layout || vi->mergeable);
	if (!virtio_has_feature(vi->vdev, VIRTIO_RING_F_INDIRECT_DESC))
		num = max_t(u32, num / descs, 1);
	/* A 32nd of memory for empty buffers, but room for two of the longest frames. */
	affordable = max_t(unsigned long, totalram_pages() / 32 / (1 + vi->rx_chain),
			   vi->rx_chain ? 4 : 40);
	vi->rx_limit = (u16)min_t(unsigned long, num, affordable);
	vi->rx_batch = vi->rx_limit < 8 ? 1 : vi->rx_limit < 128 ? vi->rx_limit / 4 : 32;
}
