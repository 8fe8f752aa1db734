// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a device does not do, done in software: completing a transport checksum and cutting a TCP
 * packet of many segments into wire segments (RFC 9293 header fields adjusted per segment: sequence
 * number, PSH and FIN only on the last, CWR only on the first; IP identification counts up).
 * UDP datagrams are never cut here: IP fragments them.
 *
 * Called by net/core/dev.c before the driver and by skb_checksum_complete users on receive, in any
 * context. Also the page that small sends share (skb_page_frag_refill).
 */
#include <errno.h>
#include <net/checksum.h>
#include <net/skb_ops.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>

bool skb_checksum_complete(struct sk_buff *skb, wsum pseudo)
{
	if (skb->ip_summed == CHECKSUM_UNNECESSARY || skb->csum_valid)
		return true;
	if (skb->ip_summed == CHECKSUM_PARTIAL) /* came from this machine, or the device vouches */
		return true;
	if (csum_fold(skb_checksum(skb, 0, skb->len, pseudo)))
		return false;
	skb->csum_valid = 1;
	return true;
}

int skb_checksum_help(struct sk_buff *skb)
{
	u32 start = (u32)(skb->head + skb->csum_start - skb->data);
	sum16 sum, *where;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;
	if (start > skb->len || start + skb->csum_offset + 2 > skb->len)
		return -EINVAL;
	if (!pskb_may_pull(skb, start + skb->csum_offset + 2u))
		return -ENOMEM;
	if (skb_cloned(skb) && pskb_expand_head(skb, 0, 0, GFP_ATOMIC))
		return -ENOMEM;
	sum = csum_fold(skb_checksum(skb, start, skb->len - start, 0));
	where = (sum16 *)(skb->data + start + skb->csum_offset);
	*where = sum ? sum : (__force sum16)0xffff;
	skb->ip_summed = CHECKSUM_NONE;
	return 0;
}

/* Headers (link to TCP) of one segment in a new skb, payload [pos, pos+len) behind it. */
static struct sk_buff *gso_one_segment(struct sk_buff *skb, u32 hdrs, u32 pos, u32 len)
{
	struct sk_buff *seg = alloc_skb(MAX_HEADER + hdrs + len, GFP_ATOMIC);

	if (!seg)
		return NULL;
	skb_reserve(seg, MAX_HEADER);
	memcpy(skb_put(seg, hdrs), skb->data, hdrs);
	if (skb_copy_bits(skb, pos, skb_put(seg, len), len)) {
		kfree_skb(seg);
		return NULL;
	}
	seg->dev = skb->dev;
	seg->protocol = skb->protocol;
	seg->mac_len = skb->mac_len;
	seg->priority = skb->priority;
	seg->mark = skb->mark;
	seg->pkt_type = skb->pkt_type;
	memcpy(seg->cb, skb->cb, sizeof(seg->cb));
	skb_reset_mac_header(seg);
	seg->network_header = (u16)(seg->data - seg->head + skb_network_offset(skb));
	seg->transport_header = (u16)(seg->data - seg->head + skb_transport_offset(skb));
	return seg;
}

/* The n-th segment's IP and TCP headers; its checksum left as CHECKSUM_PARTIAL. */
static void gso_fix_headers(struct sk_buff *seg, u32 n, u32 mss, bool last)
{
	struct iphdr *iph = skb_network_header(seg);
	struct tcphdr *th = skb_transport_header(seg);
	u32 tcp_len = seg->len - (u32)skb_transport_offset(seg);

	iph->tot_len = cpu_to_be16(seg->len - (u32)skb_network_offset(seg));
	iph->id = cpu_to_be16(be16_to_cpu(iph->id) + n);
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
	th->seq = cpu_to_be32(be32_to_cpu(th->seq) + n * mss);
	if (!last)
		th->fin = th->psh = 0;
	if (n)
		th->cwr = 0;
	th->check = (sum16)~csum_tcpudp_magic(iph->saddr, iph->daddr, tcp_len, IPPROTO_TCP, 0);
	seg->ip_summed = CHECKSUM_PARTIAL;
	seg->csum_start = seg->transport_header;
	seg->csum_offset = offsetof(struct tcphdr, check);
}

struct sk_buff *skb_gso_segment(struct sk_buff *skb)
{
	u32 mss = skb_shinfo(skb)->gso_size, hdrs, pos, n = 0;
	struct sk_buff *head = NULL, **tail = &head;
	int th_off = skb_transport_offset(skb);

	if (!mss)
		return NULL;
	if (!(skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4) || th_off < 0 ||
	    !pskb_may_pull(skb, (u32)th_off + sizeof(struct tcphdr)))
		return ERR_PTR(-EPROTONOSUPPORT);
	hdrs = (u32)th_off + ((struct tcphdr *)skb_transport_header(skb))->doff * 4u;
	if (!pskb_may_pull(skb, hdrs))
		return ERR_PTR(-EINVAL);
	for (pos = hdrs; pos < skb->len || n == 0; n++) {
		u32 len = min(mss, skb->len - pos);
		struct sk_buff *seg = gso_one_segment(skb, hdrs, pos, len);

		if (!seg) {
			for (; head; head = seg) {
				seg = head->next;
				head->next = NULL;
				kfree_skb_reason(head, SKB_DROP_REASON_NOMEM);
			}
			return ERR_PTR(-ENOMEM);
		}
		pos += len;
		gso_fix_headers(seg, n, mss, pos >= skb->len);
		*tail = seg;
		tail = &seg->next;
	}
	return head;
}

/* A fresh block when what is left of the current one is too small; 32 KiB, or a page when memory is
 * short. */
bool skb_page_frag_refill(u32 need, struct page_frag *pf, gfp_t gfp)
{
	static const unsigned int orders[] = {3, 0};
	size_t i;

	if (pf->page) {
		if (pf->offset + need <= pf->size)
			return true;
		if (page_count(pf->page) == 1 && need <= pf->size) {
			pf->offset = 0;
			return true;
		}
		put_page(pf->page);
		pf->page = NULL;
	}
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		pf->page = alloc_pages(gfp | __GFP_NOWARN, orders[i]);
		if (pf->page) {
			pf->offset = 0;
			pf->size = (u32)(PAGE_SIZE << orders[i]);
			return need <= pf->size;
		}
	}
	return false;
}
