// SPDX-License-Identifier: BSD-2-Clause
/*
 * IPv4 receive (RFC 791, RFC 1122 section 3.2.1, RFC 1812 section 5.2). ip_rcv() checks the header
 * once, nobody below it does again; ip_rcv_finish() asks for the route and looks at options;
 * ip_local_deliver() reassembles and hands over to the transport registered in inet_protos[].
 *
 *   ip_rcv -> ip_rcv_core -> ip_rcv_finish -> dst_input -> ip_local_deliver
 *          -> ip_local_deliver_finish -> inet_protos[]->handler            (or ip_forward)
 *
 * Called through ip_packet_type for every IPv4 frame, in softirq. Everything here consumes skb.
 * Netfilter hooks are left out.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/inet_fmt.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <string.h>

static int ip_rcv_drop(struct sk_buff *skb, enum skb_drop_reason reason)
{
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}

/* The receive counters that every packet moves; by its ECN bits too (RFC 3168). */
static void ip_rcv_count(struct net *net, const struct sk_buff *skb, u8 tos)
{
	static_assert(IPSTATS_MIB_INCEPKTS == IPSTATS_MIB_INNOECTPKTS + 3, "indexed by ECN bits");
	IP_INC_STATS(net, IPSTATS_MIB_INNOECTPKTS + (tos & 3));
	if (skb_is_gso(skb) && skb_shinfo(skb)->gso_segs > 1)
		IP_ADD_STATS(net, IPSTATS_MIB_INNOECTPKTS + (tos & 3),
			     skb_shinfo(skb)->gso_segs - 1);
}

/* Check the header (RFC 1812 section 5.2.2). NULL: dropped. */
static struct sk_buff *ip_rcv_core(struct sk_buff *skb, struct net *net)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_IP_INHDR;
	const struct iphdr *iph;
	u32 len, hlen;

	if (unlikely(skb->pkt_type == PACKET_OTHERHOST)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
		return NULL;
	}
	IP_INC_STATS(net, IPSTATS_MIB_INRECEIVES);
	IP_ADD_STATS(net, IPSTATS_MIB_INOCTETS, skb->len);
	if (unlikely(skb_shared(skb))) {
		skb = skb_share_check(skb, GFP_ATOMIC);
		if (!skb) {
			IP_INC_STATS(net, IPSTATS_MIB_INDISCARDS);
			return NULL;
		}
	}
	if (!pskb_may_pull(skb, sizeof(*iph)))
		goto header_error;
	iph = ip_hdr(skb);
	hlen = iph->ihl * 4u;
	if (iph->version != 4 || hlen < sizeof(*iph) || !pskb_may_pull(skb, hlen))
		goto header_error;
	iph = ip_hdr(skb);
	ip_rcv_count(net, skb, iph->tos);
	if (unlikely(ip_fast_csum(iph, iph->ihl))) {
		IP_INC_STATS(net, IPSTATS_MIB_INCSUMERRORS);
		reason = SKB_DROP_REASON_IP_CSUM;
		goto header_error;
	}
	len = be16_to_cpu(iph->tot_len);
	if (unlikely(skb->len < len)) {
		IP_INC_STATS(net, IPSTATS_MIB_INTRUNCATEDPKTS);
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
		return NULL;
	}
	if (unlikely(len < hlen))
		goto header_error;
	/* Ethernet pads short frames; the packet ends where its length says. */
	if (unlikely(skb->len > len) && pskb_trim_rcsum(skb, len)) {
		IP_INC_STATS(net, IPSTATS_MIB_INDISCARDS);
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NULL;
	}
	skb->transport_header = (u16)(skb->network_header + hlen);
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	IPCB(skb)->iif = skb->dev->ifindex;
	return skb;
header_error:
	IP_INC_STATS(net, IPSTATS_MIB_INHDRERRORS);
	kfree_skb_reason(skb, reason);
	return NULL;
}

/* There is no way for it: tell the sender if we are a router, count it if not. */
static int ip_error(struct sk_buff *skb, struct net *net, int err)
{
	struct in_device *in_dev = __in_dev_get(skb->dev);
	bool router = in_dev && IN_DEV_FORWARD(in_dev);

	switch (err) {
	case -EXDEV:
		NET_INC_STATS(net, LINUX_MIB_IPREVERSEPATHFILTER);
		return ip_rcv_drop(skb, SKB_DROP_REASON_IP_RPFILTER);
	case -EHOSTUNREACH:
		if (router)
			icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
		else
			IP_INC_STATS(net, IPSTATS_MIB_INADDRERRORS);
		return ip_rcv_drop(skb, router ? SKB_DROP_REASON_IP_INNOROUTES
					       : SKB_DROP_REASON_IP_INADDRERRORS);
	case -ENETUNREACH:
		IP_INC_STATS(net, IPSTATS_MIB_INNOROUTES);
		if (router)
			icmp_send(skb, ICMP_DEST_UNREACH, ICMP_NET_UNREACH, 0);
		return ip_rcv_drop(skb, SKB_DROP_REASON_IP_INNOROUTES);
	case -EACCES:
		if (router)
			icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, 0);
		return ip_rcv_drop(skb, SKB_DROP_REASON_IP_INNOROUTES);
	}
	IP_INC_STATS(net, IPSTATS_MIB_INADDRERRORS);
	return ip_rcv_drop(skb, ipv4_is_multicast(ip_hdr(skb)->daddr)
					? SKB_DROP_REASON_MULTICAST_NOT_MEMBER
					: SKB_DROP_REASON_IP_INADDRERRORS);
}

/* False: dropped. */
static bool ip_rcv_options(struct sk_buff *skb, struct net_device *dev)
{
	struct ip_options_cb *opt = &IPCB(skb)->opt;
	struct in_device *in_dev = __in_dev_get(dev);
	struct net *net = dev_net(dev);
	u8 *bad;

	/* Options are written to (addresses, times): not into somebody else's copy. */
	if (skb_cloned(skb) && pskb_expand_head(skb, 0, 0, GFP_ATOMIC)) {
		IP_INC_STATS(net, IPSTATS_MIB_INDISCARDS);
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return false;
	}
	if (ip_options_compile(net, opt, skb, &bad)) {
		IP_INC_STATS(net, IPSTATS_MIB_INHDRERRORS);
		icmp_send(skb, ICMP_PARAMETERPROB, 0, (u32)(bad - (u8 *)ip_hdr(skb)));
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_OPTIONS);
		return false;
	}
	if (unlikely(opt->srr)) {
		if (in_dev && !IN_DEV_ANDCONF(in_dev, accept_source_route)) {
			if (IN_DEV_ORCONF(in_dev, log_martians))
				pr_warn_ratelimited(
					"source route option " IPV4_FMT " -> " IPV4_FMT "\n",
					IPV4_ARG(ip_hdr(skb)->saddr), IPV4_ARG(ip_hdr(skb)->daddr));
			kfree_skb_reason(skb, SKB_DROP_REASON_IP_OPTIONS);
			return false;
		}
		if (ip_options_rcv_srr(skb, dev)) {
			kfree_skb_reason(skb, SKB_DROP_REASON_IP_OPTIONS);
			return false;
		}
	}
	return true;
}

static void ip_count_group(struct net *net, const struct sk_buff *skb, const struct rtable *rt)
{
	if (rt->rt_type == RTN_MULTICAST) {
		IP_INC_STATS(net, IPSTATS_MIB_INMCASTPKTS);
		IP_ADD_STATS(net, IPSTATS_MIB_INMCASTOCTETS, skb->len);
	} else {
		IP_INC_STATS(net, IPSTATS_MIB_INBCASTPKTS);
		IP_ADD_STATS(net, IPSTATS_MIB_INBCASTOCTETS, skb->len);
	}
}

static int ip_rcv_finish(struct sk_buff *skb, struct net_device *dev)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct rtable *rt;

	if (likely(!skb_dst(skb))) {
		int err = ip_route_input_noref(skb, iph->daddr, iph->saddr, iph->tos, dev);

		if (unlikely(err))
			return ip_error(skb, dev_net(dev), err);
	}
	if (unlikely(iph->ihl > 5) && !ip_rcv_options(skb, dev))
		return NET_RX_DROP;
	rt = skb_rtable(skb);
	if (unlikely(rt->rt_type == RTN_MULTICAST || rt->rt_type == RTN_BROADCAST))
		ip_count_group(dev_net(dev), skb, rt);
	if (likely(rt->dst.input == ip_local_deliver))
		return ip_local_deliver(skb);
	return dst_input(skb);
}

int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	(void)pt;
	skb = ip_rcv_core(skb, dev_net(dev));
	return skb ? ip_rcv_finish(skb, dev) : NET_RX_DROP;
}

static int ip_local_deliver_finish(struct net *net, struct sk_buff *skb)
{
	const struct net_protocol *prot;
	u8 protocol = ip_hdr(skb)->protocol;
	bool raw = false;

	skb_pull(skb, (u32)(skb->transport_header - skb->network_header));
	if (unlikely(net->ipv4.raw_socks))
		raw = raw_local_deliver(skb, protocol);
	prot = inet_protos[protocol];
	if (likely(prot)) {
		IP_INC_STATS(net, IPSTATS_MIB_INDELIVERS);
		return prot->handler(skb);
	}
	if (raw) {
		IP_INC_STATS(net, IPSTATS_MIB_INDELIVERS);
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}
	IP_INC_STATS(net, IPSTATS_MIB_INUNKNOWNPROTOS);
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
	return ip_rcv_drop(skb, SKB_DROP_REASON_IP_NOPROTO);
}

int ip_local_deliver(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);

	if (unlikely(ip_is_fragment(ip_hdr(skb)))) {
		skb = ip_defrag(net, skb);
		if (!skb)
			return NET_RX_SUCCESS;
	}
	return ip_local_deliver_finish(net, skb);
}
