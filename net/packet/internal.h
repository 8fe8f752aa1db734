/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_PACKET_INTERNAL_H
#define BW_NET_PACKET_INTERNAL_H

/* What the files of AF_PACKET share; the kernel's init table uses <net/packet/packet.h>. */
#include <linux/if_packet.h>
#include <net/net.h>
#include <net/netdevice.h>
#include <net/sock_ops.h>

struct vm_object;

/* A wish about a device that lasts as long as the sock: promiscuous, a multicast address ... */
struct packet_mclist {
	struct packet_mclist *next;
	int ifindex, count;
	u16 type, alen;
	u8 addr[MAX_ADDR_LEN];
};

/*
 * The ring that a program maps: frames that follow one another in pages. Frames belong to the
 * program while their status is not TP_STATUS_KERNEL.
 */
struct packet_ring {
	struct page **pages;	      /* NULL: no ring [b] */
	unsigned int nr_pages;
	unsigned int block_size, frames_per_block, frame_size, nr_frames;
	unsigned int head;	      /* the next frame to fill [b] */
	unsigned int mapped;	      /* areas that show it [s] */
};

/* Locks: [s] sock lock, [b] changes with softirqs off. */
struct packet_sock {
	struct sock sk;		      /* first */
	struct packet_type prot_hook; /* its dev is bound and held; NULL: any [b] */
	struct packet_mclist *mclist; /* [b] */
	u32 tp_packets, tp_drops;     /* since PACKET_STATISTICS was read [b] */
	int ifindex;		      /* of the bound device; 0 any; -1: it has gone [b] */
	be16 num;		      /* ETH_P_*, 0: nothing [s] */
	bool running;		      /* the hook is in place [b] */
	bool auxdata, origdev;	      /* [s] */
	bool copy_losing;	      /* frames were lost since the last one that fitted [b] */
	int tp_version;		      /* TPACKET_V* of the ring [s] */
	u32 tp_reserve;		      /* room in front of each packet, bytes [s] */
	struct packet_ring rx_ring;
};
static inline struct packet_sock *pkt_sk(const struct sock *sk)
{
	return (struct packet_sock *)sk;
}

/* packet_send.c */
int packet_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);

/* af_packet.c: address and kind of the frame into skb->cb; flags of its checksum, TP_STATUS_*. */
struct packet_skb_cb {
	struct sockaddr_ll ll;
	u32 origlen;
};
#define PACKET_SKB_CB(skb) ((struct packet_skb_cb *)(skb)->cb)
void packet_fill_ll(struct sk_buff *skb, const struct net_device *dev);
u32 packet_csum_status(const struct sk_buff *skb);

/* packet_ring.c */
/* The packet into the ring; false: there was no free frame. Softirq; skb stays the caller's. */
bool tpacket_rcv(struct packet_sock *po, struct sk_buff *skb, u32 snaplen);
/* Whether there is a frame that the program has not taken yet. */
bool packet_ring_readable(const struct packet_sock *po);
int packet_set_ring(struct packet_sock *po, const void *optval, int optlen);
void packet_free_ring(struct packet_sock *po);
int packet_mmap(struct file *file, struct socket *sock, struct vm_object *o);

/* diag.c: sock_diag(7). */
void packet_diag_init(void);

/* packet_sockopt.c */
int packet_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen);
int packet_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen);
/* The sock goes: take its wishes back. A device goes: the same, of that device. Softirqs off. */
void packet_flush_mclist(struct packet_sock *po);
void packet_dev_mclist_delete(struct packet_sock *po, struct net_device *dev);

#endif /* BW_NET_PACKET_INTERNAL_H */
