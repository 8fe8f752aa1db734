// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-net, sending (virtio 1.2, sections 5.1.6.1 and 5.1.6.2). A packet is one descriptor chain:
 * the header, normally in the sk_buff's headroom in front of the frame, the linear part, the page
 * fragments. Checksum and segmentation are left to the device where it offers them.
 *
 * Sent packets are taken back by the next transmit and by each poll, which costs nothing; there is
 * no interrupt per packet. Senders wait for their memory, so it must come back in bounded time even
 * when nothing else happens: a timer looks at a ring that is not empty every few milliseconds, and
 * with many packets out (or a full ring) the device is asked for an interrupt when three quarters
 * of them are done. Notifying the device is expensive, so packets sent while polling share one kick
 * at the end of the poll.
 *
 * virtnet_start_xmit() is called by dev_hard_start_xmit() with softirqs disabled; the rest in
 * softirqs.
 */
#include <drivers/net/virtio_net.h>
#include <errno.h>
#include <net/skb_ops.h>
#include <string.h>

/* Look at an idle ring after this many jiffies at first, at most. */
#define VIRTNET_TX_PERIOD_MIN 4
#define VIRTNET_TX_PERIOD_MAX 256
/* Ask for an interrupt each time that so many packets are out. A power of two. */
#define VIRTNET_TX_IRQ_BATCH 32

/* Segmentation of a TCP packet, as the device wants to hear of it. */
static void virtnet_hdr_gso(const struct sk_buff *skb, struct virtio_net_hdr *hdr)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);

	hdr->gso_size = shinfo->gso_size;
	hdr->gso_type = shinfo->gso_type & SKB_GSO_TCPV6 ? VIRTIO_NET_HDR_GSO_TCPV6
							 : VIRTIO_NET_HDR_GSO_TCPV4;
	if (shinfo->gso_type & SKB_GSO_TCP_ECN)
		hdr->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	/* All headers; the TCP header's length is in its 13th byte. */
	hdr->hdr_len = (u16)(hdr->csum_start + (skb->head[skb->csum_start + 12] >> 4) * 4);
}

/* What the device shall do with the packet. hdr has hdr_len bytes, which may lack num_buffers. */
static inline void virtnet_hdr_from_skb(const struct sk_buff *skb, struct virtio_net_hdr *hdr,
					u32 hdr_len)
{
	memset(hdr, 0, VIRTIO_NET_HDR_LEN_LEGACY);
	if (likely(hdr_len == sizeof(*hdr)))
		hdr->num_buffers = 0;
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return;
	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr->csum_start = (u16)(skb->csum_start - skb_headroom(skb));
	hdr->csum_offset = skb->csum_offset;
	if (skb_is_gso(skb))
		virtnet_hdr_gso(skb, hdr);
}

/*
 * May the header be written in front of the frame? Not where somebody else sees that memory. TCP's
 * own second sk_buff on its data does not count: it writes its headers there itself.
 */
static inline bool can_push_header(const struct virtnet_info *vi, const struct sk_buff *skb)
{
	return vi->any_layout && skb_headroom(skb) >= vi->hdr_len &&
	       (!skb_cloned(skb) || skb->fclone == SKB_FCLONE_CLONE);
}

/* 0 and the device has it, or -ENOSPC, -EIO and it is still the caller's. */
static int xmit_skb(struct virtnet_info *vi, struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	struct scatterlist *sg = vi->tx_sg;
	unsigned int n = 0, i;
	struct virtio_net_hdr *hdr;

	if (likely(can_push_header(vi, skb))) {
		hdr = (struct virtio_net_hdr *)(skb->data - vi->hdr_len);
		sg_set_buf(&sg[n++], hdr, vi->hdr_len + skb_headlen(skb));
	} else {
		/* The control block is ours while the packet is. */
		static_assert(sizeof(*hdr) <= sizeof(skb->cb), "header fits the control block");
		hdr = (struct virtio_net_hdr *)skb->cb;
		sg_set_buf(&sg[n++], hdr, vi->hdr_len);
		sg_set_buf(&sg[n++], skb->data, skb_headlen(skb));
	}
	virtnet_hdr_from_skb(skb, hdr, vi->hdr_len);
	for (i = 0; i < shinfo->nr_frags; i++)
		sg_set_buf(&sg[n++], skb_frag_address(&shinfo->frags[i]), shinfo->frags[i].size);
	return virtqueue_add_outbuf(vi->svq, sg, n, skb);
}

unsigned int free_old_xmit_skbs(struct virtnet_info *vi)
{
	struct sk_buff *skb;
	unsigned int done = 0;
	u32 len;

	/* Freeing may let a sender send: then this runs nested, which is fine at this point. */
	while ((skb = virtqueue_get_buf(vi->svq, &len))) {
		done++;
		consume_skb(skb);
	}
	if (done)
		vi->tx_period = VIRTNET_TX_PERIOD_MIN;
	return done;
}

void virtnet_tx_clean(struct virtnet_info *vi)
{
	if (virtqueue_more_used(vi->svq))
		free_old_xmit_skbs(vi);
	if (unlikely(netif_queue_stopped(vi->dev)) && vi->svq->num_free >= vi->tx_need)
		netif_wake_queue(vi->dev);
}

/* Somebody waits: take back what is sent, and an interrupt for the next that will be. */
void virtnet_tx_complete(struct net_device *dev)
{
	struct virtnet_info *vi = netdev_priv(dev);

	virtnet_tx_clean(vi);
	if (virtqueue_in_flight(vi->svq) && !virtqueue_enable_cb(vi->svq))
		napi_schedule(&vi->napi);
}

void virtnet_tx_flush_kick(struct virtnet_info *vi)
{
	vi->kick_pending = false;
	if (virtqueue_kick_prepare(vi->svq) && virtqueue_notify(vi->svq))
		vi->dev->stats.tx_kicks++;
}

void virtnet_tx_timer(struct timer_list *t)
{
	struct virtnet_info *vi = from_timer(vi, t, tx_timer);

	virtnet_tx_clean(vi);
	if (!virtqueue_in_flight(vi->svq) || vi->vdev->broken)
		return;
	/* A device that takes its time is looked at less and less often. */
	vi->tx_period = min_t(u16, vi->tx_period * 2, VIRTNET_TX_PERIOD_MAX);
	mod_timer(&vi->tx_timer, jiffies + vi->tx_period);
}

/* No room for another packet: the device says when there is. */
static void virtnet_stop_tx(struct virtnet_info *vi)
{
	netif_stop_queue(vi->dev);
	if (!virtqueue_enable_cb_delayed(vi->svq))
		napi_schedule(&vi->napi);
}

static netdev_tx_t drop_skb(struct virtnet_info *vi, struct sk_buff *skb,
			    enum skb_drop_reason reason)
{
	vi->dev->stats.tx_dropped++;
	kfree_skb_reason(skb, reason);
	return NETDEV_TX_OK;
}

netdev_tx_t virtnet_start_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	struct virtnet_info *vi = netdev_priv(dev);
	u32 bytes = skb->len;
	u16 in_flight;
	int err;

	if (virtqueue_more_used(vi->svq))
		free_old_xmit_skbs(vi);
	if (unlikely(skb_shinfo(skb)->frag_list && skb_linearize(skb)))
		return drop_skb(vi, skb, SKB_DROP_REASON_NOMEM);
	err = xmit_skb(vi, skb);
	if (unlikely(err == -ENOSPC)) {
		virtnet_stop_tx(vi);
		virtnet_tx_flush_kick(vi);
		return NETDEV_TX_BUSY;
	}
	if (unlikely(err)) {
		dev->stats.tx_errors++;
		return drop_skb(vi, skb, SKB_DROP_REASON_DEV_READY);
	}
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += bytes;
	in_flight = virtqueue_in_flight(vi->svq);
	if (unlikely(vi->svq->num_free < vi->tx_need))
		virtnet_stop_tx(vi);
	else if (!(in_flight & (VIRTNET_TX_IRQ_BATCH - 1)) && !virtqueue_enable_cb_delayed(vi->svq))
		napi_schedule(&vi->napi);
	if (!timer_pending(&vi->tx_timer))
		mod_timer(&vi->tx_timer, jiffies + vi->tx_period);
	vi->kick_pending = true;
	if (!vi->in_poll && (!more || netif_queue_stopped(dev)))
		virtnet_tx_flush_kick(vi);
	return NETDEV_TX_OK;
}
