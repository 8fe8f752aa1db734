/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_VIRTNET_TEST_H
#define BW_TESTS_HOSTED_VIRTNET_TEST_H

/*
 * virtio-net with a fake device behind it, for test_virtio_net_*.c: frames in, frames out, control
 * commands recorded.
 */
#include <drivers/net/virtio_net.h>
#include <net/skb_ops.h>
#include <tests/hosted/drivers/fake_virtio.h>
#include <tests/hosted/services/hosted.h>

#define NET_RX	      0
#define NET_TX	      1
#define NET_CTRL      2
#define NET_TEST_TYPE 0x88b5 /* an EtherType for experiments (IEEE 802) */
#define NET_MAX_FRAME 66000u
#define BIT64(n)      (1ULL << (n))

/* Everything that the driver knows, as QEMU offers it. */
#define NET_ALL                                                                                \
	(BIT64(VIRTIO_NET_F_CSUM) | BIT64(VIRTIO_NET_F_GUEST_CSUM) | BIT64(VIRTIO_NET_F_MAC) | \
	 BIT64(VIRTIO_NET_F_GUEST_TSO4) | BIT64(VIRTIO_NET_F_GUEST_TSO6) |                     \
	 BIT64(VIRTIO_NET_F_GUEST_ECN) | BIT64(VIRTIO_NET_F_HOST_TSO4) |                       \
	 BIT64(VIRTIO_NET_F_HOST_TSO6) | BIT64(VIRTIO_NET_F_HOST_ECN) |                        \
	 BIT64(VIRTIO_NET_F_MRG_RXBUF) | BIT64(VIRTIO_NET_F_STATUS) |                          \
	 BIT64(VIRTIO_NET_F_CTRL_VQ) | BIT64(VIRTIO_NET_F_CTRL_RX) |                           \
	 BIT64(VIRTIO_NET_F_CTRL_MAC_ADDR) | BIT64(VIRTIO_RING_F_INDIRECT_DESC) |              \
	 BIT64(VIRTIO_RING_F_EVENT_IDX) | BIT64(VIRTIO_F_VERSION_1))

/* A frame that the device got. */
struct net_frame {
	struct virtio_net_hdr hdr;
	u32 len, descs;
	bool header_apart;
	u8 data[NET_MAX_FRAME];
};

struct net_fake {
	struct fake_device fd;
	struct net_device *dev;
	struct virtnet_info *vi;
	u32 hdr_len;
	bool tx_stalled; /* the device takes packets and does not give them back */
	bool ctrl_mute;	 /* ... and does not answer commands */
	u8 ctrl_status;	 /* what it answers */
	struct hosted_event work;
	unsigned int sent;     /* frames that came out */
	struct net_frame last; /* the latest of them */
	unsigned int commands;
	u8 command[16][512]; /* class, command, data */
	u32 command_len[16];
	unsigned int received; /* frames of NET_TEST_TYPE that came up */
	struct sk_buff *up;    /* the latest of them, kept */
};

/* cmocka setup and teardown of a program that uses net_fake_*. */
int virtnet_up(void **state);
int virtnet_down(void **state);

/* A device with these features, its interface up; and away with it, nothing left. */
void net_fake_start(struct net_fake *nf, u64 features, u16 ring_size);
void net_fake_stop(struct net_fake *nf);

/* Device to driver: header and frame into as many buffers as it takes. False: no room. */
bool net_fake_deliver(struct net_fake *nf, struct virtio_net_hdr hdr, const void *frame, u32 len);
/* A frame of NET_TEST_TYPE to the interface's address whose payload counts up from `seed`. */
u32 net_fake_frame(struct net_fake *nf, u8 *frame, u32 len, u8 seed);
/* The same with an IPv4 and a TCP header of 20 bytes each in it, for segments. */
u32 net_fake_tcp(struct net_fake *nf, u8 *frame, u32 len, u8 seed);
/* Does the packet hold that frame's payload (behind the Ethernet header)? */
bool net_fake_holds(struct sk_buff *skb, const u8 *frame, u32 len);
/* Send a frame with the first `linear` bytes in the head and the rest in page fragments. */
struct sk_buff *net_fake_skb(struct net_fake *nf, const u8 *frame, u32 len, u32 linear);

#endif /* BW_TESTS_HOSTED_VIRTNET_TEST_H */
