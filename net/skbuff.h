/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_SKBUFF_H
#define BW_NET_SKBUFF_H

/*
 * sk_buff: the one packet container from virtqueue to recvmsg. A linear head (headers, and for
 * received frames also payload: the head then is the page the device wrote) and page fragments.
 * Head and fragments are shared by clones through skb_shared_info.dataref.
 *
 * Ownership: a function that takes an skb says whether it consumes it. Freed by kfree_skb_reason()
 * when dropped, by consume_skb() when used up. Any context. More operations: <net/skb_ops.h>.
 */
#include <kernel/lib/atomic.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/list.h>
#include <kernel/lib/rbtree.h>
#include <kernel/mm/slab.h>
#include <net/drop_reason.h>

struct dst_entry;
struct net_device;
struct sock;

#define MAX_SKB_FRAGS  17
#define NET_IP_ALIGN   2
#define MAX_HEADER     128		  /* room that a sender keeps for link headers */
#define MAX_TCP_HEADER (MAX_HEADER + 128) /* ... and for IP and TCP with options */

typedef struct skb_frag {
	struct page *page;
	u32 offset;
	u32 size;
} skb_frag_t;

enum {
	SKB_GSO_TCPV4 = 1,
	SKB_GSO_UDP = 2,
	SKB_GSO_DODGY = 4,
	SKB_GSO_TCP_ECN = 8,
	SKB_GSO_TCPV6 = 16
};

/* At `end` of the head; shared by clones. */
struct skb_shared_info {
	atomic_t dataref;
	u8 nr_frags;
	u8 gso_type;
	u16 gso_size; /* payload bytes per segment; 0 = not GSO */
	u16 gso_segs;
	u8 head_is_page : 1; /* head lies in a page block that put_page frees, not in a slab */
	u8 head_pooled : 1;  /* head comes from the small-head slab cache */
	u8 tx_flags;	     /* SKBTX_*: events to report (tstamp.h) */
	u32 tskey;	     /* which byte they are about */
	struct sk_buff *frag_list; /* reassembled fragments, GRO'ed packets */
	void *destructor_arg;	   /* ubuf_info: fragments are a program's pages (zerocopy.h) */
	skb_frag_t frags[MAX_SKB_FRAGS];
};
#define SKB_DATA_ALIGN(x) ALIGN_UP((size_t)(x), 64)
#define SKB_SHINFO_SIZE	  SKB_DATA_ALIGN(sizeof(struct skb_shared_info))

enum { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE, CHECKSUM_PARTIAL };
enum {
	PACKET_HOST,
	PACKET_BROADCAST,
	PACKET_MULTICAST,
	PACKET_OTHERHOST,
	PACKET_OUTGOING,
	PACKET_LOOPBACK
};
enum { SKB_FCLONE_UNAVAILABLE, SKB_FCLONE_ORIG, SKB_FCLONE_CLONE };

struct sk_buff {
	union {
		struct {
			struct sk_buff *next, *prev; /* [q] */
		};
		struct rb_node rbnode; /* TCP retransmit and out-of-order trees */
	};
	struct sock *sk;
	u64 tstamp; /* ns: arrival (wall) or departure time; TCP: skb_mstamp_ns (monotonic) */
	struct net_device *dev;
	char cb[48] __aligned(8);  /* the owning layer's: tcp_skb_cb, inet_skb_parm, napi_gro_cb */
	unsigned long _skb_refdst; /* dst_entry pointer | SKB_DST_NOREF */
	void (*destructor)(struct sk_buff *skb); /* gives memory back to sk */
	struct list_head tcp_tsorted_anchor;	 /* TCP: sent order (RACK) */
	u32 len;				 /* all bytes */
	u32 data_len;				 /* of which in fragments */
	u32 truesize;				 /* memory charged to sk */
	refcount_t users;
	u8 cloned : 1, fclone : 2, pkt_type : 3, nohdr : 1, unreadable : 1;
	u8 ip_summed : 2, csum_valid : 1, encapsulation : 1, l4_hash : 1, dst_pending_confirm : 1,
		gro_done : 1;
	u8 csum_level;
	u8 mac_len;
	be16 protocol; /* ETH_P_* */
	u16 queue_mapping;
	union {
		wsum csum; /* CHECKSUM_COMPLETE: sum from network header on */
		struct {
			u16 csum_start;	 /* CHECKSUM_PARTIAL: offset from head ... */
			u16 csum_offset; /* ... and where in there to store */
		};
	};
	u32 priority, mark, hash;
	u16 transport_header, network_header, mac_header; /* offsets from head */
	u8 *head, *data, *tail, *end;
};

struct sk_buff_head {
	struct sk_buff *next, *prev; /* same place as in sk_buff */
	u32 qlen;
};

static inline struct skb_shared_info *skb_shinfo(const struct sk_buff *skb)
{
	return (struct skb_shared_info *)skb->end;
}
static inline u32 skb_headlen(const struct sk_buff *skb)
{
	return skb->len - skb->data_len;
}
static inline bool skb_is_nonlinear(const struct sk_buff *skb)
{
	return skb->data_len;
}
static inline u32 skb_headroom(const struct sk_buff *skb)
{
	return (u32)(skb->data - skb->head);
}
static inline u32 skb_tailroom(const struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) ? 0 : (u32)(skb->end - skb->tail);
}
static inline bool skb_is_gso(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->gso_size;
}
/* Head data shared with another sk_buff: do not write to it. */
static inline bool skb_cloned(const struct sk_buff *skb)
{
	return skb->cloned && atomic_read(&skb_shinfo(skb)->dataref) != 1;
}
static inline bool skb_shared(const struct sk_buff *skb)
{
	return refcount_read(&skb->users) != 1;
}

static inline void skb_reserve(struct sk_buff *skb, u32 len)
{
	skb->data += len;
	skb->tail += len;
}
static inline void *skb_put(struct sk_buff *skb, u32 len)
{
	u8 *t = skb->tail;

	BUG_ON(skb_is_nonlinear(skb) || len > (size_t)(skb->end - skb->tail));
	skb->tail += len;
	skb->len += len;
	return t;
}
static inline void *skb_push(struct sk_buff *skb, u32 len)
{
	BUG_ON(len > skb_headroom(skb));
	skb->data -= len;
	skb->len += len;
	return skb->data;
}
/* The caller has checked that len bytes are linear (pskb_may_pull). */
static inline void *skb_pull(struct sk_buff *skb, u32 len)
{
	BUG_ON(len > skb_headlen(skb));
	skb->len -= len;
	return skb->data += len;
}
static inline void skb_reset_mac_header(struct sk_buff *skb)
{
	skb->mac_header = (u16)(skb->data - skb->head);
}
static inline void skb_reset_network_header(struct sk_buff *skb)
{
	skb->network_header = (u16)(skb->data - skb->head);
}
static inline void skb_reset_transport_header(struct sk_buff *skb)
{
	skb->transport_header = (u16)(skb->data - skb->head);
}
static inline void skb_set_transport_header(struct sk_buff *skb, int offset)
{
	skb->transport_header = (u16)(skb->data - skb->head + offset);
}
static inline void *skb_mac_header(const struct sk_buff *skb)
{
	return skb->head + skb->mac_header;
}
static inline void *skb_network_header(const struct sk_buff *skb)
{
	return skb->head + skb->network_header;
}
static inline void *skb_transport_header(const struct sk_buff *skb)
{
	return skb->head + skb->transport_header;
}
static inline int skb_network_offset(const struct sk_buff *skb)
{
	return (int)((u8 *)skb_network_header(skb) - skb->data);
}
static inline int skb_transport_offset(const struct sk_buff *skb)
{
	return (int)((u8 *)skb_transport_header(skb) - skb->data);
}

#endif /* BW_NET_SKBUFF_H */
