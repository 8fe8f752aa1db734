// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-net, receiving: frames from the device up the stack (virtio 1.2, section 5.1.6.4). The
 * buffers that they come in are virtio_net_rxbuf.c's.
 *
 * The frame stays where the device wrote it: the first buffer becomes the head of the sk_buff,
 * whose shared info fits behind the frame, and what follows (further buffers with MRG_RXBUF,
 * further pages of a chain without it) becomes fragments. Short frames are copied and their buffer
 * is posted again at once.
 *
 * Everything in the header is checked here: lengths, number of buffers, checksum offsets, segment
 * size. When memory is short, frames are dropped and counted and their buffers posted again, so
 * that the ring never runs dry for good.
 *
 * Called by virtnet_poll() in softirq context.
 */
#include <drivers/net/virtio_net.h>
#include <errno.h>
#include <net/skb_ops.h>
#include <string.h>

/* Memory is short and the device has few buffers left: give it this one back. */
static inline bool must_recycle(const struct virtnet_info *vi)
{
	return unlikely(vi->rx_oom) && vi->rx_pages < vi->rx_page_limit / 2 &&
	       virtqueue_in_flight(vi->rvq) < vi->rx_limit / 2;
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
 * A block of pages as the head of an sk_buff that begins with the frame; `len` counts header and
 * frame. NULL when memory is short: the frame counts as dropped, the block is still the caller's.
 */
static struct sk_buff *page_to_skb(struct virtnet_info *vi, void *page, unsigned int order, u32 len)
{
	struct sk_buff *skb = NULL;

	if (!must_recycle(vi))
		skb = build_skb_page(page, (u32)PAGE_SIZE << order, GFP_ATOMIC);
	if (unlikely(!skb)) {
		vi->dev->stats.rx_dropped++;
		return NULL;
	}
	skb_reserve(skb, vi->rx_pad + vi->hdr_len);
	skb_put(skb, len - vi->hdr_len);
	skb->dev = vi->dev;
	return skb;
}

/* One buffer, one frame. Consumes the buffer. */
static struct sk_buff *receive_small(struct virtnet_info *vi, void *buf, u32 len)
{
	unsigned int order = rx_buf_order(buf);
	struct sk_buff *skb;

	if (len - vi->hdr_len <= (order ? VIRTNET_COPYBREAK_BIG : VIRTNET_COPYBREAK) ||
	    must_recycle(vi)) {
		skb = copy_frame(vi, rx_buf_page(buf) + vi->rx_pad + vi->hdr_len,
				 len - vi->hdr_len);
		post_rx_buf(vi, buf);
		return skb;
	}
	skb = page_to_skb(vi, rx_buf_page(buf), order, len);
	if (unlikely(!skb))
		post_rx_buf(vi, buf);
	return skb;
}

static void add_rx_frag(struct sk_buff *skb, struct page *page, u32 offset, u32 len, u32 truesize)
{
	skb_fill_page_desc(skb, skb_shinfo(skb)->nr_frags, page, offset, len);
	skb->len += len;
	skb->data_len += len;
	skb->truesize += truesize;
}

/* A frame that fills `left` more buffers behind the first, which is in skb (NULL: drop them). */
static struct sk_buff *receive_rest(struct virtnet_info *vi, struct sk_buff *skb, unsigned int left)
{
	bool drop = !skb || left > MAX_SKB_FRAGS;
	void *buf;
	u32 len;

	if (skb && drop)
		vi->dev->stats.rx_errors++;
	for (; left; left--) {
		buf = take_rx_buf(vi, &len);
		if (unlikely(!buf)) {
			/* All buffers of a frame come together (5.1.6.4.1); now we are out of step.
			 */
			virtio_break_device(vi->vdev, "it lacks buffers of a frame");
			vi->dev->stats.rx_errors++;
			drop = true;
			break;
		}
		if (unlikely(drop || !len))
			post_rx_buf(vi, buf);
		else
			add_rx_frag(skb, virt_to_page(rx_buf_page(buf)), vi->rx_pad, len,
				    (u32)PAGE_SIZE << rx_buf_order(buf));
	}
	if (likely(!drop))
		return skb;
	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
	return NULL;
}

/* The first buffer of a frame that may have more. Consumes them all. */
static struct sk_buff *receive_mergeable(struct virtnet_info *vi, void *buf, u32 len,
					 const struct virtio_net_hdr *hdr)
{
	struct sk_buff *skb;

	if (likely(hdr->num_buffers == 1))
		return receive_small(vi, buf, len);
	if (unlikely(hdr->num_buffers == 0)) {
		vi->dev->stats.rx_errors++;
		post_rx_buf(vi, buf);
		return NULL;
	}
	skb = page_to_skb(vi, rx_buf_page(buf), rx_buf_order(buf), len);
	if (unlikely(!skb))
		post_rx_buf(vi, buf);
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
	skb = page_to_skb(vi, chain->head, 0, min(len, vi->rx_len));
	if (unlikely(!skb)) {
		post_rx_buf(vi, chain);
		return NULL;
	}
	chain->head = NULL;
	for (i = 0; rest; i++, rest -= part) {
		part = min_t(u32, rest, PAGE_SIZE);
		add_rx_frag(skb, chain->page[i], 0, part, PAGE_SIZE);
		chain->page[i] = NULL;
	}
	repost_rx_chain(vi, chain);
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
	u8 *head = vi->rx_chain ? ((struct virtnet_rx_chain *)buf)->head : rx_buf_page(buf);

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
	vi->rx_average += skb->len / 8 - vi->rx_average / 8;
	skb->protocol = eth_type_trans(skb, dev);
	napi_gro_receive(&vi->napi, skb);
}

int virtnet_receive(struct virtnet_info *vi, int budget)
{
	int received = 0;
	void *buf;
	u32 len;

	while (received < budget && (buf = take_rx_buf(vi, &len))) {
		receive_buf(vi, buf, len);
		received++;
		/* Long frames empty the ring faster than the budget: do not wait for its end. */
		if (vi->rx_pages + vi->rx_batch <= vi->rx_page_limit &&
		    virtqueue_in_flight(vi->rvq) + vi->rx_batch <= vi->rx_limit)
			try_fill_recv(vi, GFP_ATOMIC);
	}
	/* Pages that went straight back count too: a device that ran dry waits to hear of them. */
	if (received)
		virtqueue_kick(vi->rvq);
	return received;
}
