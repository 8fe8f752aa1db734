// SPDX-License-Identifier: BSD-2-Clause
/*
 * Generic receive offload: TCP segments of one flow that arrive in one poll and follow each other
 * are joined to one packet of many segments before the stack sees them, so headers are walked once.
 * Rules as Linux has them: plain data only (flags ACK, PSH, FIN, and ECE on all or none), IP header
 * without options or fragments, same TOS, TTL, DF and acknowledgment number, same TCP options,
 * contiguous sequence, all segments but the last of the first one's size, 64 KiB at most. PSH, FIN,
 * a short segment or anything else of the flow sends on what is held, in order.
 *
 * Called by drivers' poll functions in softirq; what is held goes up when the poll ends
 * (napi_complete_done) or a round of it (net_rx_action). Packets that the device coalesced pass by;
 * what it could not is joined here. RFC 9293 knows nothing of it.
 */
#include <net/checksum.h>
#include <net/ethernet.h>
#include <net/netdevice.h>
#include <net/skb_ops.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>

#define MAX_GRO_SKBS 8
#define GRO_MAX_SIZE 65535u
#define TH_ACK	     0x10 /* flags, byte 13 of the TCP header */
#define TH_ECE	     0x40
#define GRO_HEADERS  (sizeof(struct iphdr) + sizeof(struct tcphdr))

/* skb->cb while a packet is held. */
struct napi_gro_cb {
	struct list_head list; /* napi->gro_list */
	struct sk_buff *last;  /* end of the frag_list */
	u32 next_seq;	       /* first byte of what may follow */
	u16 count, mss;
	bool push, fin;
};
static_assert(sizeof(struct napi_gro_cb) <= sizeof(((struct sk_buff *)0)->cb), "fits cb");
#define NAPI_GRO_CB(skb) ((struct napi_gro_cb *)(skb)->cb)

static struct sk_buff *gro_skb(struct napi_gro_cb *cb)
{
	return (struct sk_buff *)((u8 *)cb - offsetof(struct sk_buff, cb));
}

/* A segment that came, as far as joining cares. */
struct gro_segment {
	const struct iphdr *iph;
	const struct tcphdr *th;
	u32 hlen, len; /* both headers, payload */
	bool plain;    /* may be joined at all */
};

static struct tcphdr *gro_tcp_hdr(const struct sk_buff *skb)
{
	return (struct tcphdr *)(skb->data + sizeof(struct iphdr));
}

/* Headers of a packet that grew: lengths, checksums, and that it is one of many segments. */
static void gro_complete(struct sk_buff *skb)
{
	const struct napi_gro_cb *cb = NAPI_GRO_CB(skb);
	struct iphdr *iph = (struct iphdr *)skb->data;
	struct tcphdr *th = gro_tcp_hdr(skb);

	if (cb->count == 1)
		return;
	iph->tot_len = cpu_to_be16(skb->len);
	iph->check = 0;
	iph->check = ip_fast_csum(iph, 5);
	th->psh |= cb->push;
	th->fin |= cb->fin;
	th->check = (sum16)~csum_tcpudp_magic(iph->saddr, iph->daddr, skb->len - (u32)sizeof(*iph),
					      IPPROTO_TCP, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)((u8 *)th - skb->head);
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_size = cb->mss;
	skb_shinfo(skb)->gso_segs = cb->count;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
}

static void gro_send_up(struct napi_struct *n, struct sk_buff *skb)
{
	list_del(&NAPI_GRO_CB(skb)->list);
	n->gro_count--;
	gro_complete(skb);
	netif_receive_skb(skb);
}

void napi_gro_flush(struct napi_struct *n)
{
	/* The oldest first: flows keep their order among each other. */
	while (!list_empty(&n->gro_list)) {
		struct napi_gro_cb *cb = list_last_entry(&n->gro_list, struct napi_gro_cb, list);

		gro_send_up(n, gro_skb(cb));
	}
}

/* False: not a TCP segment whose headers lie in the head, whole and without IP options. */
static bool gro_parse(const struct sk_buff *skb, struct gro_segment *s)
{
	u32 hlen;

	if (skb_headlen(skb) < GRO_HEADERS || skb->pkt_type != PACKET_HOST)
		return false;
	s->iph = (const struct iphdr *)skb->data;
	if (s->iph->ihl != 5 || s->iph->version != 4 || s->iph->protocol != IPPROTO_TCP ||
	    (s->iph->frag_off & cpu_to_be16(IP_MF | IP_OFFMASK)))
		return false;
	s->th = gro_tcp_hdr(skb);
	hlen = sizeof(struct iphdr) + s->th->doff * 4u;
	if (s->th->doff < 5 || skb_headlen(skb) < hlen)
		return false;
	s->hlen = hlen;
	s->len = skb->len - hlen;
	/* Padding of the link would end up in the middle of the stream. */
	s->plain = s->len > 0 && be16_to_cpu(s->iph->tot_len) == skb->len && s->th->ack &&
		   !(s->th->syn | s->th->rst | s->th->urg | s->th->cwr | s->th->res1);
	return true;
}

static struct sk_buff *gro_find(const struct napi_struct *n, const struct gro_segment *s)
{
	struct napi_gro_cb *cb;

	list_for_each_entry(cb, &n->gro_list, list) {
		struct sk_buff *p = gro_skb(cb);
		const struct iphdr *iph = (const struct iphdr *)p->data;
		const struct tcphdr *th = gro_tcp_hdr(p);

		if (iph->saddr == s->iph->saddr && iph->daddr == s->iph->daddr &&
		    th->source == s->th->source && th->dest == s->th->dest)
			return p;
	}
	return NULL;
}

/* Does the segment continue what is held in p? */
static bool gro_fits(const struct sk_buff *p, const struct gro_segment *s)
{
	const struct napi_gro_cb *cb = NAPI_GRO_CB(p);
	const struct iphdr *iph = (const struct iphdr *)p->data;
	const struct tcphdr *th = gro_tcp_hdr(p);
	u16 next_id = (u16)(be16_to_cpu(iph->id) + cb->count);

	if (be32_to_cpu(s->th->seq) != cb->next_seq || s->len > cb->mss ||
	    p->len + s->len > GRO_MAX_SIZE)
		return false;
	if (iph->tos != s->iph->tos || iph->ttl != s->iph->ttl || iph->frag_off != s->iph->frag_off)
		return false;
	/* Packets that may be cut count their identification up; a sender that does not is odd. */
	if (!(iph->frag_off & cpu_to_be16(IP_DF)) && be16_to_cpu(s->iph->id) != next_id)
		return false;
	return th->ack_seq == s->th->ack_seq && th->doff == s->th->doff &&
	       th->ece == s->th->ece &&
	       !memcmp(th + 1, s->th + 1, (th->doff - 5) * 4u);
}

/* Both checksums right? What is joined is not checked again. */
static bool gro_checksum_ok(struct sk_buff *skb, const struct gro_segment *s)
{
	wsum pseudo;

	if (ip_fast_csum(s->iph, 5))
		return false;
	if (skb->ip_summed != CHECKSUM_NONE)
		return true;
	pseudo = csum_tcpudp_nofold(s->iph->saddr, s->iph->daddr,
				    skb->len - (u32)sizeof(struct iphdr), IPPROTO_TCP, 0);
	if (csum_fold(skb_checksum(skb, sizeof(struct iphdr), skb->len - (u32)sizeof(struct iphdr),
				   pseudo)))
		return false;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return true;
}

/* Append skb's payload to p: its pages, or as a member of the frag_list. Consumes skb. */
static void gro_append(struct sk_buff *p, struct sk_buff *skb, const struct gro_segment *s)
{
	struct napi_gro_cb *cb = NAPI_GRO_CB(p);
	bool stolen;
	int delta;

	cb->next_seq += s->len;
	cb->count++;
	cb->push |= s->th->psh;
	cb->fin |= s->th->fin;
	skb_pull(skb, s->hlen);
	if (!cb->last && skb_try_coalesce(p, skb, &stolen, &delta)) {
		kfree_skb_partial(skb, stolen);
		return;
	}
	skb->next = skb->prev = NULL;
	if (cb->last)
		cb->last->next = skb;
	else
		skb_shinfo(p)->frag_list = skb;
	cb->last = skb;
	p->len += skb->len;
	p->data_len += skb->len;
	p->truesize += skb->truesize;
}

static void gro_hold(struct napi_struct *n, struct sk_buff *skb, const struct gro_segment *s)
{
	struct napi_gro_cb *cb = NAPI_GRO_CB(skb);

	if (n->gro_count >= MAX_GRO_SKBS) {
		struct napi_gro_cb *oldest =
			list_last_entry(&n->gro_list, struct napi_gro_cb, list);

		gro_send_up(n, gro_skb(oldest));
	}
	*cb = (struct napi_gro_cb){
		.count = 1, .mss = (u16)s->len, .next_seq = be32_to_cpu(s->th->seq) + s->len};
	list_add(&cb->list, &n->gro_list);
	n->gro_count++;
}

/* A TCP segment. True: it was taken. */
static bool dev_gro_receive(struct napi_struct *n, struct sk_buff *skb)
{
	struct gro_segment s;
	struct sk_buff *p;
	bool last;

	if (!gro_parse(skb, &s))
		return false;
	p = n->gro_count ? gro_find(n, &s) : NULL;
	/* With nothing to join it to, a pushed segment only would be late. */
	if (!p && (!s.plain || s.th->psh || s.th->fin))
		return false;
	if (!s.plain || skb_cloned(skb) || skb_shinfo(skb)->frag_list ||
	    !gro_checksum_ok(skb, &s)) {
		if (p)
			gro_send_up(n, p);
		return false;
	}
	if (p && !gro_fits(p, &s)) {
		gro_send_up(n, p);
		p = NULL;
		if (s.th->psh || s.th->fin)
			return false;
	}
	if (!p) {
		gro_hold(n, skb, &s);
		return true;
	}
	last = s.th->psh || s.th->fin || s.len < NAPI_GRO_CB(p)->mss;
	gro_append(p, skb, &s);
	if (last)
		gro_send_up(n, p);
	return true;
}

/*
 * With nothing held only a segment that others may follow is worth a closer look: TCP over an IP
 * header without options, data, no PSH or other flag. Requests and their answers are pushed.
 */
static bool gro_may_begin(const struct sk_buff *skb)
{
	const u8 *iph = skb->data, *th = iph + sizeof(struct iphdr);

	return iph[0] == 0x45 && iph[9] == IPPROTO_TCP && (th[13] & ~TH_ECE) == TH_ACK &&
	       skb->len > sizeof(struct iphdr) + (th[12] >> 4) * 4u;
}

void napi_gro_receive(struct napi_struct *n, struct sk_buff *skb)
{
	if ((skb->dev->features & NETIF_F_GRO) && skb->protocol == cpu_to_be16(ETH_P_IP) &&
	    skb_headlen(skb) >= GRO_HEADERS && (n->gro_count || gro_may_begin(skb)) &&
	    !skb_is_gso(skb) && dev_gro_receive(n, skb))
		return;
	netif_receive_skb(skb);
}
