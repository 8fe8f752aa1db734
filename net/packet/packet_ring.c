// SPDX-License-Identifier: BSD-2-Clause
/*
 * PACKET_RX_RING (packet(7); Linux's Documentation/networking/packet_mmap.rst): received packets in
 * memory that the program maps, in the layouts TPACKET_V1 and V2. libpcap captures this way only.
 *
 * A ring is frames of one size in blocks; its pages are single ones, and a frame's parts are
 * copied to where they lie. The kernel fills the frame at the head if its status says
 * TP_STATUS_KERNEL, and gives it to the program by writing the status last; the program writes
 * TP_STATUS_KERNEL when it is done. What it writes elsewhere is never read here, so it can harm
 * nobody but itself. A ring takes at most half of the memory.
 *
 * tpacket_rcv() runs in softirq, the rest in thread context. The pages live as long as they are
 * mapped, by their references. Left out: TPACKET_V3 (blocks of variable frames), sending rings.
 */
#include <errno.h>
#include <kernel/fs/mmap.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/time/clock.h>
#include <limits.h>
#include <net/packet/internal.h>
#include <net/skb_ops.h>
#include <string.h>

#define LINK_HEADER_ROOM 16 /* at least this much in front of the network header */

static u32 packet_hdrlen(const struct packet_sock *po)
{
	return po->tp_version == TPACKET_V1 ? TPACKET_HDRLEN : TPACKET2_HDRLEN;
}

/* ---- the ring's memory ---- */

static unsigned long frame_offset(const struct packet_ring *r, unsigned int frame)
{
	return (unsigned long)(frame / r->frames_per_block) * r->block_size +
	       (unsigned long)(frame % r->frames_per_block) * r->frame_size;
}

static u8 *ring_at(const struct packet_ring *r, unsigned long offset)
{
	return (u8 *)page_address(r->pages[offset / PAGE_SIZE]) + offset % PAGE_SIZE;
}

static void ring_write(const struct packet_ring *r, unsigned long offset, const void *data, u32 len)
{
	const u8 *from = data;
	u32 part;

	for (; len; len -= part, from += part, offset += part) {
		part = min_t(u32, len, PAGE_SIZE - offset % PAGE_SIZE);
		memcpy(ring_at(r, offset), from, part);
	}
}

/* Bytes of a packet from its start; all of them are there. */
static void ring_write_skb(const struct packet_ring *r, unsigned long offset, struct sk_buff *skb,
			   u32 len)
{
	u32 part;

	for (u32 done = 0; done < len; done += part) {
		part = min_t(u32, len - done, PAGE_SIZE - (offset + done) % PAGE_SIZE);
		BUG_ON(skb_copy_bits(skb, done, ring_at(r, offset + done), part));
	}
}

/* Both layouts begin with the status; V1's is a long, of which this is the low half. */
static u32 *frame_status(const struct packet_ring *r, unsigned int frame)
{
	return (u32 *)ring_at(r, frame_offset(r, frame));
}

/* ---- packets in ---- */

struct frame_info {
	u32 len, snaplen, mac, net;
};

/* Everything of a frame but its status. */
static void write_header(const struct packet_sock *po, unsigned long at, const struct sk_buff *skb,
			 const struct frame_info *fi)
{
	u64 now = ktime_get_real_ns();
	struct tpacket_hdr v1 = {.tp_len = fi->len, .tp_snaplen = fi->snaplen,
				 .tp_mac = (u16)fi->mac, .tp_net = (u16)fi->net,
				 .tp_sec = (u32)(now / NSEC_PER_SEC),
				 .tp_usec = (u32)(now % NSEC_PER_SEC / NSEC_PER_USEC)};
	struct tpacket2_hdr v2 = {.tp_len = fi->len, .tp_snaplen = fi->snaplen,
				  .tp_mac = (u16)fi->mac, .tp_net = (u16)fi->net,
				  .tp_sec = v1.tp_sec, .tp_nsec = (u32)(now % NSEC_PER_SEC)};

	if (po->tp_version == TPACKET_V1)
		ring_write(&po->rx_ring, at, &v1, sizeof(v1));
	else
		ring_write(&po->rx_ring, at, &v2, sizeof(v2));
	ring_write(&po->rx_ring, at + TPACKET_ALIGN(sizeof(v2)), &PACKET_SKB_CB(skb)->ll,
		   sizeof(struct sockaddr_ll));
}

/* Where the headers of a packet lie in its frame. */
static struct frame_info place(const struct packet_sock *po, const struct sk_buff *skb, u32 snaplen)
{
	struct frame_info fi = {.len = PACKET_SKB_CB(skb)->origlen};
	u32 maclen = (u32)skb_network_offset(skb);

	if (po->sk.sk_type == SOCK_DGRAM) {
		fi.net = TPACKET_ALIGN(packet_hdrlen(po)) + LINK_HEADER_ROOM + po->tp_reserve;
		fi.mac = fi.net;
	} else {
		fi.net = packet_hdrlen(po) + max_t(u32, maclen, LINK_HEADER_ROOM);
		fi.net = TPACKET_ALIGN(fi.net) + po->tp_reserve;
		fi.mac = fi.net - maclen;
	}
	if (fi.mac < po->rx_ring.frame_size)
		fi.snaplen = min(snaplen, po->rx_ring.frame_size - fi.mac);
	return fi;
}

bool tpacket_rcv(struct packet_sock *po, struct sk_buff *skb, u32 snaplen)
{
	struct packet_ring *r = &po->rx_ring;
	struct frame_info fi = place(po, skb, snaplen);
	unsigned long at = frame_offset(r, r->head);
	u32 *status = frame_status(r, r->head);
	u32 flags = TP_STATUS_USER | packet_csum_status(skb);

	if (READ_ONCE(*status) != TP_STATUS_KERNEL || fi.net > USHRT_MAX) {
		po->copy_losing = true;
		return false;
	}
	if (po->copy_losing)
		flags |= TP_STATUS_LOSING;
	po->copy_losing = false;
	ring_write_skb(r, at + fi.mac, skb, fi.snaplen);
	write_header(po, at, skb, &fi);
	barrier();
	WRITE_ONCE(*status, flags);
	r->head = (r->head + 1) % r->nr_frames;
	return true;
}

bool packet_ring_readable(const struct packet_sock *po)
{
	const struct packet_ring *r = &po->rx_ring;
	bool readable = false;

	local_bh_disable();
	if (r->pages)
		readable = READ_ONCE(*frame_status(r, (r->head + r->nr_frames - 1) %
							      r->nr_frames)) != TP_STATUS_KERNEL;
	local_bh_enable();
	return readable;
}

/* ---- making and mapping it ---- */

static void free_pages_of(struct packet_ring *r)
{
	for (unsigned int i = 0; i < r->nr_pages; i++)
		put_page(r->pages[i]);
	kfree(r->pages);
}

static int alloc_ring(struct packet_ring *r, unsigned int nr_pages)
{
	r->pages = kzalloc(nr_pages * sizeof(*r->pages), GFP_KERNEL);
	if (!r->pages)
		return -ENOMEM;
	for (r->nr_pages = 0; r->nr_pages < nr_pages; r->nr_pages++) {
		struct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN, 0);

		if (!page) {
			free_pages_of(r);
			return -ENOMEM;
		}
		r->pages[r->nr_pages] = page;
	}
	return 0;
}

/* In Linux's order. */
static int check_request(const struct packet_sock *po, const struct tpacket_req *req)
{
	u64 min_frame = (u64)packet_hdrlen(po) + po->tp_reserve;
	u32 per_block;

	if (po->rx_ring.pages)
		return -EBUSY;
	if ((int)req->tp_block_size <= 0 || req->tp_block_size % PAGE_SIZE)
		return -EINVAL;
	if (req->tp_frame_size < min_frame || req->tp_frame_size % TPACKET_ALIGNMENT)
		return -EINVAL;
	per_block = req->tp_block_size / req->tp_frame_size;
	if (!per_block || per_block > UINT_MAX / req->tp_block_nr)
		return -EINVAL;
	return per_block * req->tp_block_nr == req->tp_frame_nr ? 0 : -EINVAL;
}

/* Put the new ring, or none, in the old one's place; packets go to it at once. */
static void swap_ring(struct packet_sock *po, struct packet_ring *r)
{
	struct packet_ring old = po->rx_ring;

	local_bh_disable();
	po->rx_ring = *r;
	po->copy_losing = false;
	__skb_queue_purge(&po->sk.sk_receive_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	local_bh_enable();
	if (old.pages)
		free_pages_of(&old);
}

int packet_set_ring(struct packet_sock *po, const void *optval, int optlen)
{
	struct packet_ring r = {0};
	struct tpacket_req req;
	u64 pages;
	int err;

	if (optlen < (int)sizeof(req))
		return -EINVAL;
	if (copy_from_user(&req, optval, sizeof(req)))
		return -EFAULT;
	if (po->rx_ring.mapped)
		return -EBUSY;
	if (!req.tp_block_nr) {
		if (req.tp_frame_nr)
			return -EINVAL;
		swap_ring(po, &r);
		return 0;
	}
	err = check_request(po, &req);
	if (err)
		return err;
	pages = (u64)req.tp_block_size / PAGE_SIZE * req.tp_block_nr;
	if (pages > totalram_pages() / 2)
		return -ENOMEM;
	r.block_size = req.tp_block_size;
	r.frame_size = req.tp_frame_size;
	r.frames_per_block = req.tp_block_size / req.tp_frame_size;
	r.nr_frames = req.tp_frame_nr;
	err = alloc_ring(&r, (unsigned int)pages);
	if (!err)
		swap_ring(po, &r);
	return err;
}

void packet_free_ring(struct packet_sock *po)
{
	BUG_ON(po->rx_ring.mapped);
	swap_ring(po, &(struct packet_ring){0});
}

static void ring_open(struct vm_area_struct *vma)
{
	struct packet_sock *po = vma->object;

	po->rx_ring.mapped++;
	file_vma_open(vma);
}

static void ring_close(struct vm_area_struct *vma)
{
	struct packet_sock *po = vma->object;

	po->rx_ring.mapped--;
	file_vma_close(vma); /* may be the end of the sock */
}

static struct page *ring_fault(struct vm_area_struct *vma, unsigned long index, bool write)
{
	const struct packet_sock *po = vma->object;

	if (index >= po->rx_ring.nr_pages)
		return ERR_PTR(-EFAULT);
	get_page(po->rx_ring.pages[index]);
	return po->rx_ring.pages[index];
}

static const struct vm_operations_struct packet_ring_ops = {
	.open = ring_open,
	.close = ring_close,
	.fault = ring_fault,
};

int packet_mmap(struct file *file, struct socket *sock, struct vm_object *o)
{
	struct packet_sock *po = pkt_sk(sock->sk);

	if (o->pgoff || !po->rx_ring.pages ||
	    PAGE_SIZE * (u64)po->rx_ring.nr_pages != ALIGN_UP(o->len, PAGE_SIZE))
		return -EINVAL;
	o->ops = &packet_ring_ops;
	o->object = po;
	return 0;
}
