// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cutting a packet into fragments (RFC 791 section 3.2, "An Example Fragmentation Procedure"):
 * every fragment but the last carries a multiple of 8 bytes, the first keeps all options, later
 * ones those with the copy bit. A packet that is a fragment itself (on its way through) may be cut
 * again.
 *
 * Called by ip_output.c with softirqs off for what is longer than the way's MTU and may be cut.
 * Payload in page fragments is shared, not copied; payload in the head is copied. Each fragment is
 * charged to the sender's send buffer by its own size.
 */
#include <errno.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <string.h>

struct ip_frag_state {
	u32 hlen;   /* IP header of the whole */
	u32 ptr;    /* next payload byte, from skb->data */
	u32 left;   /* payload bytes still to send */
	u32 mtu;    /* payload bytes that fit one fragment */
	u16 offset; /* of ptr in the original datagram, in 8 bytes */
	bool more;  /* the whole was not the last fragment */
	bool share; /* payload pages may be shared */
};

/* [ptr, ptr + len) is in page fragments alone: refer to them. */
static void frag_share_pages(const struct sk_buff *skb, struct sk_buff *to, u32 ptr, u32 len)
{
	const struct skb_shared_info *sh = skb_shinfo(skb);
	u32 pos = skb_headlen(skb), done = 0;
	int i, n = 0;

	BUG_ON(ptr < pos || sh->frag_list);
	for (i = 0; i < sh->nr_frags && done < len; i++) {
		const skb_frag_t *f = &sh->frags[i];
		u32 skip = ptr + done - pos;

		if (skip < f->size) {
			u32 take = min(f->size - skip, len - done);

			get_page(f->page);
			skb_fill_page_desc(to, n++, f->page, f->offset + skip, take);
			done += take;
		}
		pos += f->size;
	}
	BUG_ON(done != len);
	to->len += len;
	to->data_len += len;
	to->truesize += len;
}

static void frag_copy_metadata(struct sk_buff *to, struct sk_buff *from)
{
	to->pkt_type = from->pkt_type;
	to->priority = from->priority;
	to->protocol = from->protocol;
	to->dev = from->dev;
	to->mark = from->mark;
	skb_dst_set(to, dst_hold(skb_dst(from)));
	memcpy(to->cb, from->cb, sizeof(to->cb));
	IPCB(to)->frag_max_size = 0;
	if (from->sk)
		skb_set_owner_w(to, from->sk);
}

static struct sk_buff *ip_frag_next(struct sk_buff *skb, struct ip_frag_state *st)
{
	u32 len = min(st->left, st->mtu);
	bool share = st->share && st->ptr >= skb_headlen(skb);
	struct iphdr *iph;
	struct sk_buff *to;

	if (len < st->left)
		len &= ~7u; /* all but the last end on a multiple of eight */
	to = alloc_skb(MAX_HEADER + st->hlen + (share ? 0 : len), GFP_ATOMIC);
	if (!to)
		return NULL;
	skb_reserve(to, MAX_HEADER);
	skb_reset_network_header(to);
	skb_set_transport_header(to, (int)st->hlen);
	iph = skb_put(to, st->hlen);
	memcpy(iph, skb_network_header(skb), st->hlen);
	if (share) {
		frag_share_pages(skb, to, st->ptr, len);
	} else if (skb_copy_bits(skb, st->ptr, skb_put(to, len), len)) {
		kfree_skb(to);
		return NULL;
	}
	frag_copy_metadata(to, skb);
	iph->frag_off = cpu_to_be16(st->offset);
	if (st->left > len || st->more)
		iph->frag_off |= cpu_to_be16(IP_MF);
	if (st->offset && iph->ihl > 5)
		ip_options_fragment(to);
	iph->tot_len = cpu_to_be16(st->hlen + len);
	ip_send_check(iph);
	st->left -= len;
	st->ptr += len;
	st->offset = (u16)(st->offset + (len >> 3));
	return to;
}

static bool ip_frag_begin(struct sk_buff *skb, u32 mtu, struct ip_frag_state *st)
{
	const struct iphdr *iph = ip_hdr(skb);
	u16 frag_off = be16_to_cpu(iph->frag_off);

	st->hlen = iph->ihl * 4u;
	if (mtu < st->hlen + 8)
		return false;
	st->ptr = st->hlen;
	st->left = skb->len - st->hlen;
	st->mtu = mtu - st->hlen;
	st->offset = frag_off & IP_OFFSET;
	st->more = frag_off & IP_MF;
	st->share = (skb_dst(skb)->dev->features & NETIF_F_SG) && !skb_shinfo(skb)->frag_list;
	return true;
}

int ip_do_fragment(struct net *net, struct sock *sk, struct sk_buff *skb,
		   int (*output)(struct net *, struct sock *, struct sk_buff *))
{
	u32 mtu = dst_mtu(skb_dst(skb));
	struct ip_frag_state st;
	int err = -EMSGSIZE;

	if (IPCB(skb)->frag_max_size && IPCB(skb)->frag_max_size < mtu)
		mtu = IPCB(skb)->frag_max_size;
	/* One checksum for the whole; no device completes it over fragments. */
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		goto fail;
	if (!ip_frag_begin(skb, mtu, &st))
		goto fail;
	while (st.left > 0) {
		struct sk_buff *to = ip_frag_next(skb, &st);

		if (!to) {
			err = -ENOMEM;
			goto fail;
		}
		err = output(net, sk, to);
		if (err)
			goto fail;
		IP_INC_STATS(net, IPSTATS_MIB_FRAGCREATES);
	}
	IP_INC_STATS(net, IPSTATS_MIB_FRAGOKS);
	consume_skb(skb);
	return 0;
fail:
	IP_INC_STATS(net, IPSTATS_MIB_FRAGFAILS);
	kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
	return err;
}
