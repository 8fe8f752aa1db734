// SPDX-License-Identifier: BSD-2-Clause
/*
 * Forwarding (RFC 1812 section 5.2.1): the packet is not for us and ip_forward is on. The TTL goes
 * down and may run out (time exceeded), a packet that is too long and must not be cut is refused
 * with "fragmentation needed" (RFC 1191 section 4), a sender that had a shorter way is told
 * (redirect, RFC 1812 section 5.2.7.2), options get our outgoing address.
 *
 * dst_input for transit packets, from ip_rcv_finish(); softirq. Consumes skb.
 */
#include <errno.h>
#include <kernel/time/clock.h>
#include <net/icmp.h>
#include <net/inetdevice.h>
#include <net/ip.h>

/* RFC 1624: what the TTL's going down by one does to the checksum. */
static void ip_decrease_ttl(struct iphdr *iph)
{
	u32 check = (u32)be16_to_cpu(iph->check) + 0x0100;

	iph->check = cpu_to_be16((u16)(check + (check >= 0xffff)));
	iph->ttl--;
}

/* Length of the packet, of each segment if it will be cut into segments. */
static bool ip_exceeds_mtu(const struct sk_buff *skb, u32 mtu)
{
	if (skb->len <= mtu)
		return false;
	if (!(ip_hdr(skb)->frag_off & cpu_to_be16(IP_DF)))
		return false;
	if (skb_is_gso(skb)) {
		u32 hdrs = (u32)(skb->transport_header - skb->network_header) + 20;

		return skb_shinfo(skb)->gso_size + hdrs > mtu;
	}
	return true;
}

/* At most fifty a second in all; icmp.c also limits each host. */
static void ip_rt_send_redirect(struct net *net, struct sk_buff *skb, const struct rtable *rt)
{
	unsigned long now = jiffies;

	if (time_before(now, net->ipv4.last_redirect + HZ / 50) && net->ipv4.last_redirect)
		return;
	net->ipv4.last_redirect = now;
	icmp_send(skb, ICMP_REDIRECT, ICMP_REDIR_HOST,
		  be32_to_cpu(rt_nexthop(rt, ip_hdr(skb)->daddr)));
}

static int ip_forward_finish(struct net *net, struct sk_buff *skb)
{
	IP_INC_STATS(net, IPSTATS_MIB_OUTFORWDATAGRAMS);
	if (unlikely(IPCB(skb)->opt.optlen))
		ip_forward_options(skb);
	skb->tstamp = 0;
	return dst_output(net, NULL, skb);
}

int ip_forward(struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	struct net *net = dev_net(rt->dst.dev);
	enum skb_drop_reason reason = SKB_DROP_REASON_NOT_SPECIFIED;
	u32 mtu = dst_mtu(&rt->dst);

	if (skb->pkt_type != PACKET_HOST || skb->sk)
		goto drop; /* a frame to all is not for routers (RFC 1812 section 5.3.4) */
	if (ip_hdr(skb)->ttl <= 1) {
		IP_INC_STATS(net, IPSTATS_MIB_INHDRERRORS);
		icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
		reason = SKB_DROP_REASON_IP_TTL;
		goto drop;
	}
	if (unlikely(IPCB(skb)->opt.srr && rt->rt_uses_gateway)) {
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_SR_FAILED, 0);
		reason = SKB_DROP_REASON_IP_OPTIONS;
		goto drop;
	}
	IPCB(skb)->flags |= IPSKB_FORWARDED;
	if (ip_exceeds_mtu(skb, mtu)) {
		IP_INC_STATS(net, IPSTATS_MIB_FRAGFAILS);
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu);
		reason = SKB_DROP_REASON_PKT_TOO_BIG;
		goto drop;
	}
	if (skb_cow_head(skb, MAX_HEADER)) {
		IP_INC_STATS(net, IPSTATS_MIB_OUTDISCARDS);
		reason = SKB_DROP_REASON_NOMEM;
		goto drop;
	}
	if ((IPCB(skb)->flags & IPSKB_DOREDIRECT) && !IPCB(skb)->opt.srr)
		ip_rt_send_redirect(net, skb, rt);
	ip_decrease_ttl(ip_hdr(skb));
	return ip_forward_finish(net, skb);
drop:
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}
