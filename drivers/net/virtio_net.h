/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_DRIVERS_NET_VIRTIO_NET_H
#define BW_DRIVERS_NET_VIRTIO_NET_H

/*
 * virtio-net (virtio 1.2, section 5.1): what the four files of the driver share. The wire
 * structures are little-endian, as this CPU is.
 *
 * One receive queue, one transmit queue, one NAPI context that serves both, and a control queue if
 * the device has one. Letters: [I] immutable after probe, [b] softirq or softirqs disabled,
 * [c] ctrl_lock.
 */
#include <drivers/virtio/virtio.h>
#include <kernel/sched/lock.h>
#include <kernel/time/clock.h>
#include <net/netdevice.h>

/* Feature bits (5.1.3). */
#define VIRTIO_NET_F_CSUM	   0
#define VIRTIO_NET_F_GUEST_CSUM	   1
#define VIRTIO_NET_F_MTU	   3
#define VIRTIO_NET_F_MAC	   5
#define VIRTIO_NET_F_GUEST_TSO4	   7
#define VIRTIO_NET_F_GUEST_TSO6	   8
#define VIRTIO_NET_F_GUEST_ECN	   9
#define VIRTIO_NET_F_HOST_TSO4	   11
#define VIRTIO_NET_F_HOST_TSO6	   12
#define VIRTIO_NET_F_HOST_ECN	   13
#define VIRTIO_NET_F_MRG_RXBUF	   15
#define VIRTIO_NET_F_STATUS	   16
#define VIRTIO_NET_F_CTRL_VQ	   17
#define VIRTIO_NET_F_CTRL_RX	   18
#define VIRTIO_NET_F_CTRL_MAC_ADDR 23

/* Device configuration (5.1.4). */
#define VIRTIO_NET_CONFIG_MAC	 0
#define VIRTIO_NET_CONFIG_STATUS 6
#define VIRTIO_NET_CONFIG_MTU	 10
#define VIRTIO_NET_S_LINK_UP	 1

/* In front of every packet (5.1.6). Without MRG_RXBUF a legacy device ends it before num_buffers.
 */
struct virtio_net_hdr {
	u8 flags;
	u8 gso_type;
	u16 hdr_len;
	u16 gso_size;
	u16 csum_start;
	u16 csum_offset;
	u16 num_buffers;
} __packed; /* lies at any address, in front of a frame */
static_assert(sizeof(struct virtio_net_hdr) == 12, "virtio-net header");
#define VIRTIO_NET_HDR_LEN_LEGACY   10u

#define VIRTIO_NET_HDR_F_NEEDS_CSUM 1
#define VIRTIO_NET_HDR_F_DATA_VALID 2
#define VIRTIO_NET_HDR_GSO_NONE	    0
#define VIRTIO_NET_HDR_GSO_TCPV4    1
#define VIRTIO_NET_HDR_GSO_TCPV6    4
#define VIRTIO_NET_HDR_GSO_ECN	    0x80

/* Control queue (5.1.6.5). */
#define VIRTIO_NET_OK		      0
#define VIRTIO_NET_CTRL_RX	      0
#define VIRTIO_NET_CTRL_RX_PROMISC    0
#define VIRTIO_NET_CTRL_RX_ALLMULTI   1
#define VIRTIO_NET_CTRL_MAC	      1
#define VIRTIO_NET_CTRL_MAC_TABLE_SET 0
#define VIRTIO_NET_CTRL_MAC_ADDR_SET  1
/* More multicast addresses than this, and we ask for all of them. */
#define VIRTNET_MAC_TABLE_MAX 64

struct virtio_net_ctrl {
	struct {
		u8 class;
		u8 cmd;
	} hdr;
	u8 status;
	u8 on;
	u8 mac[ETH_ALEN];
	u32 uc_entries; /* the table of unicast addresses, always empty */
	struct {
		u32 entries;
		u8 macs[VIRTNET_MAC_TABLE_MAX][ETH_ALEN];
	} __packed mc;
};

/* The longest frame that a device may hand over when it coalesces: 65535 of IP and its link header.
 */
#define VIRTNET_MAX_GSO_FRAME (65535u + ETH_HLEN + 4)
#define VIRTNET_MAX_MTU	      65535u
/* Descriptors of the largest packet: header, linear part, fragments. */
#define VIRTNET_TX_SG (2 + MAX_SKB_FRAGS)
#define VIRTNET_RX_SG (2 + MAX_SKB_FRAGS)
/* Received frames up to this length are copied and their page goes straight back to the device. */
#define VIRTNET_COPYBREAK 256u
/* The same where it would hold four. */
#define VIRTNET_COPYBREAK_BIG 2048u

/* A receive buffer of more than one page (coalescing without MRG_RXBUF). */
struct virtnet_rx_chain {
	void *head;
	struct page *page[MAX_SKB_FRAGS];
};

struct virtnet_info {
	struct virtio_device *vdev;	   /* [I] */
	struct net_device *dev;		   /* [I] */
	struct virtqueue *rvq, *svq, *cvq; /* [I] */
	struct napi_struct napi;

	/* [I] negotiated */
	u8 hdr_len;
	bool mergeable;	 /* a frame may fill several buffers */
	bool any_layout; /* the header may share a descriptor with the frame */
	bool guest_csum, guest_gso, has_status, has_ctrl, has_ctrl_rx, has_ctrl_mac;

	/* Receive. */
	u32 rx_pad;	   /* [I] bytes in front of the header, so that IP headers are aligned */
	u32 rx_len;	   /* [I] bytes of a page that the device may write */
	u32 rx_chain;	   /* [I] further pages of a buffer */
	u16 rx_limit;	   /* [I] buffers that the ring takes */
	u16 rx_batch;	   /* [I] missing buffers or pages that make a refill worth while */
	u32 rx_page_limit; /* [I] pages that its buffers may have */
	u32 rx_pages;	   /* [b] pages that they have */
	u32 rx_average;	   /* [b] length of the frames lately, moving over eight */
	bool rx_oom;	   /* [b] the last refill found no memory */
	struct delayed_work refill;

	/* Transmit. */
	bool in_poll;	   /* [b] kicks wait for the end of the poll */
	bool kick_pending; /* [b] */
	u16 tx_need;	   /* [I] descriptors for one packet more */
	u16 tx_period;	   /* [b] jiffies between two looks at an idle ring */
	struct timer_list tx_timer;
	struct scatterlist tx_sg[VIRTNET_TX_SG]; /* [b] scratch */
	struct scatterlist rx_sg[VIRTNET_RX_SG]; /* [b] scratch */

	bool napi_on; /* thread context: open has run */
	struct work_struct config_work, rx_mode_work;
	struct mutex ctrl_lock;
	struct virtio_net_ctrl *ctrl; /* [c] memory that the device reads and writes */
	bool ctrl_dead; /* [c] a command got no answer: its memory stays the device's */
};

/* The token of a receive buffer that is no chain: address of its pages, their order below it. */
static inline u8 *rx_buf_page(void *buf)
{
	return (u8 *)((unsigned long)buf & PAGE_MASK);
}
static inline unsigned int rx_buf_order(void *buf)
{
	return (unsigned int)((unsigned long)buf & ~PAGE_MASK);
}

/* virtio_net_rxbuf.c */
void virtnet_rx_setup(struct virtnet_info *vi);
/* Fill the ring up to its limits, one notification. False: out of memory, tried again later. */
bool try_fill_recv(struct virtnet_info *vi, gfp_t gfp);
void virtnet_refill_work(struct work_struct *w);
/* Give a buffer to the device, without a notification; on failure it is freed. */
int post_rx_buf(struct virtnet_info *vi, void *buf);
/* The next one that the device has filled, and how far; NULL: none. */
void *take_rx_buf(struct virtnet_info *vi, u32 *len);
/* Post a chain whose used pages are replaced first; without memory it is freed. */
void repost_rx_chain(struct virtnet_info *vi, struct virtnet_rx_chain *chain);
/* Forget frames that arrived while the interface was down. NAPI off. */
void virtnet_rx_flush(struct virtnet_info *vi);
void virtnet_free_rx_buf(struct virtnet_info *vi, void *buf);

/* virtio_net_rx.c: up to `budget` frames up the stack; how many it were. Softirq. */
int virtnet_receive(struct virtnet_info *vi, int budget);

/* virtio_net_tx.c */
netdev_tx_t virtnet_start_xmit(struct sk_buff *skb, struct net_device *dev, bool more);
/* Free what the device has sent; how many packets. Softirqs disabled. */
unsigned int free_old_xmit_skbs(struct virtnet_info *vi);
/* The same for NAPI and timer, which also start a stopped queue again. */
void virtnet_tx_clean(struct virtnet_info *vi);
void virtnet_tx_complete(struct net_device *dev);
void virtnet_tx_flush_kick(struct virtnet_info *vi);
void virtnet_tx_timer(struct timer_list *t);

/* virtio_net_ctrl.c; thread context. */
int virtnet_set_mac_address(struct net_device *dev, const u8 *addr);
void virtnet_set_rx_mode(struct net_device *dev); /* any context */
void virtnet_rx_mode_work(struct work_struct *w);

#endif /* BW_DRIVERS_NET_VIRTIO_NET_H */
