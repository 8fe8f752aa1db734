// SPDX-License-Identifier: BSD-2-Clause
/*
 * ICMP received (RFC 792, RFC 1122 section 3.2.2, RFC 1812 section 4.3): echo and timestamp
 * requests are answered, errors about packets of ours go to the transport that sent them
 * (inet_protos[]->err_handler), to raw sockets and to ICMP datagram sockets, redirects to the
 * routes. Information and address mask requests are not answered (RFC 6918).
 *
 * icmp_rcv is inet_protos[IPPROTO_ICMP]->handler, softirq, ICMP header at skb->data; it consumes
 * skb. A reply is made of the request's own buffer. What we send on errors is icmp_send.c.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/checksum.h>
#include <net/inet_fmt.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/ipv4/icmp_send.h>
#include <net/ping.h>
#include <net/protocol.h>
#include <string.h>

/* RFC 1122 section 4.2.3.9 and Linux's choice which of them are fatal. */
const struct icmp_err icmp_err_convert[16] = {
	[ICMP_NET_UNREACH] = {ENETUNREACH, false},    [ICMP_HOST_UNREACH] = {EHOSTUNREACH, false},
	[ICMP_PROT_UNREACH] = {ENOPROTOOPT, true},    [ICMP_PORT_UNREACH] = {ECONNREFUSED, true},
	[ICMP_FRAG_NEEDED] = {EMSGSIZE, false},	      [ICMP_SR_FAILED] = {EOPNOTSUPP, false},
	[ICMP_NET_UNKNOWN] = {ENETUNREACH, true},     [ICMP_HOST_UNKNOWN] = {EHOSTDOWN, true},
	[ICMP_HOST_ISOLATED] = {ENONET, true},	      [ICMP_NET_ANO] = {ENETUNREACH, true},
	[ICMP_HOST_ANO] = {EHOSTUNREACH, true},	      [ICMP_NET_UNR_TOS] = {ENETUNREACH, false},
	[ICMP_HOST_UNR_TOS] = {EHOSTUNREACH, false},  [ICMP_PKT_FILTERED] = {EHOSTUNREACH, true},
	[ICMP_PREC_VIOLATION] = {EHOSTUNREACH, true}, [ICMP_PREC_CUTOFF] = {EHOSTUNREACH, true},
};

static struct icmphdr *icmp_hdr(const struct sk_buff *skb)
{
	return skb_transport_header(skb);
}

/* Our address as the sender of skb knows it; of groups, one of the device it came by. */
static be32 icmp_reply_source(const struct sk_buff *skb)
{
	if (skb_rtable(skb)->rt_type == RTN_LOCAL)
		return ip_hdr(skb)->daddr;
	return inet_select_addr(skb->dev, ip_hdr(skb)->saddr, RT_SCOPE_UNIVERSE);
}

/* Turn the request around: skb becomes the packet to its sender. False: it was dropped. */
static bool icmp_turn_around(struct sk_buff *skb, struct net *net)
{
	struct iphdr *in = ip_hdr(skb), *iph;
	struct ip_options_rcu opt;
	struct flowi4 fl4 = {.daddr = in->saddr,
			     .saddr = icmp_reply_source(skb),
			     .flowi4_tos = in->tos,
			     .flowi4_proto = IPPROTO_ICMP,
			     .flowi4_mark = skb->mark};
	be32 daddr = in->saddr;
	struct rtable *rt;

	ip_options_echo(net, &opt, skb);
	if (opt.srr)
		fl4.daddr = opt.faddr;
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
		return false;
	}
	skb_dst_drop(skb);
	skb_dst_set(skb, &rt->dst);
	iph = skb_push(skb, sizeof(*iph) + opt.optlen);
	skb_reset_network_header(skb);
	*iph = (struct iphdr){.version = 4,
			      .ihl = (u8)(5 + opt.optlen / 4) & 15,
			      .tos = fl4.flowi4_tos,
			      .protocol = IPPROTO_ICMP,
			      .ttl = (u8)net->ipv4.sysctl_ip_default_ttl,
			      .saddr = fl4.saddr,
			      .daddr = daddr};
	if (opt.optlen)
		ip_options_build(skb, &opt, daddr, rt);
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	skb->pkt_type = PACKET_HOST;
	skb->ip_summed = CHECKSUM_NONE;
	skb->csum_valid = 0;
	skb->tstamp = 0;
	return true;
}

/* Answer with the request's data. `checksum` of the ICMP header must be right already. */
static void icmp_reply(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	u8 type = icmp_hdr(skb)->type;

	if (!icmp_xrlim_allow(net, skb->dev, ip_hdr(skb)->saddr, type, 0)) {
		consume_skb(skb);
		return;
	}
	if (!icmp_turn_around(skb, net))
		return;
	icmp_out_count(net, type);
	ip_select_ident(net, ip_hdr(skb), NULL, 1);
	ip_local_out(net, NULL, skb);
}

/* Own, writable headers with room for IP's in front. */
static bool icmp_make_writable(struct sk_buff *skb)
{
	return !skb_cow_head(skb, MAX_HEADER + sizeof(struct iphdr) + MAX_IPOPTLEN) &&
	       (!skb_cloned(skb) || !pskb_expand_head(skb, 0, 0, GFP_ATOMIC));
}

static bool icmp_echo(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	struct icmphdr *ih;

	if (net->ipv4.sysctl_icmp_echo_ignore_all)
		return false;
	if (!icmp_make_writable(skb))
		return false;
	ih = icmp_hdr(skb);
	ih->type = ICMP_ECHOREPLY;
	/* Only the type changed: 8 became 0 (RFC 1624). */
	ih->checksum = csum_fold(csum_sub((__force wsum)(u16)~ih->checksum,
					  (__force wsum)cpu_to_be16(ICMP_ECHO << 8)));
	icmp_reply(skb);
	return true;
}

/* RFC 1122 section 3.2.2.8. */
static bool icmp_timestamp(struct sk_buff *skb)
{
	const u32 size = sizeof(struct icmphdr) + 12;
	struct icmphdr *ih;
	u8 *times;
	u32 now;

	if (!pskb_may_pull(skb, size) || !icmp_make_writable(skb))
		return false;
	ih = icmp_hdr(skb);
	times = (u8 *)(ih + 1);
	now = (u32)(ktime_get_real_ns() / NSEC_PER_MSEC % (24 * 3600 * 1000ull));
	put_be32(times + 4, now); /* received */
	put_be32(times + 8, now); /* sent */
	if (pskb_trim(skb, size))
		return false;
	ih->type = ICMP_TIMESTAMPREPLY;
	ih->code = 0;
	ih->checksum = 0;
	ih->checksum = csum_fold(csum_partial(ih, size, 0));
	icmp_reply(skb);
	return true;
}

/* ip_no_pmtu_disc: 0 believe it, 3 only for protocols that check more, else not. */
static bool icmp_pmtu_wanted(struct net *net, u8 protocol)
{
	const struct net_protocol *prot = inet_protos[protocol];

	switch (net->ipv4.sysctl_ip_no_pmtu_disc) {
	case 0:
		return true;
	case 3:
		return prot && prot->icmp_strict_tag_validation;
	}
	return false;
}

/* To whoever sent the packet that the error is about: at skb->data, header checked. */
static void icmp_socket_deliver(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct net_protocol *prot;
	u8 protocol = iph->protocol;

	/* RFC 1122 section 3.2.2: at least 8 bytes of what was sent. */
	if (!pskb_may_pull(skb, iph->ihl * 4u + 8)) {
		ICMP_INC_STATS(dev_net(skb->dev), ICMP_MIB_INERRORS);
		return;
	}
	raw_icmp_error(skb, protocol, info);
	prot = inet_protos[protocol];
	if (prot && prot->err_handler)
		prot->err_handler(skb, info);
}

/* What `info` of the error is; false: nobody shall hear of it. */
static bool icmp_error_info(struct net *net, const struct icmphdr *ih, const struct iphdr *iph,
			    u32 *info)
{
	*info = 0;
	switch (ih->type) {
	case ICMP_DEST_UNREACH:
		if (ih->code > NR_ICMP_UNREACH)
			return false;
		if (ih->code != ICMP_FRAG_NEEDED)
			return true;
		*info = be16_to_cpu(ih->un.frag.mtu);
		return icmp_pmtu_wanted(net, iph->protocol);
	case ICMP_PARAMETERPROB:
		*info = ih->un.reserved[0];
		return true;
	case ICMP_TIME_EXCEEDED:
		return ih->code != ICMP_EXC_FRAGTIME;
	}
	return true;
}

static bool icmp_unreach(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	const struct iphdr *iph;
	u32 info;

	if (!pskb_may_pull(skb, sizeof(struct icmphdr) + sizeof(*iph)))
		return false;
	skb_pull(skb, sizeof(struct icmphdr));
	iph = (const struct iphdr *)skb->data;
	if (iph->version != 4 || iph->ihl < 5)
		return false;
	if (!icmp_error_info(net, icmp_hdr(skb), iph, &info))
		goto done;
	/* RFC 1122 section 3.2.2: nobody may answer a broadcast with an error. */
	if (inet_addr_type(net, iph->daddr) == RTN_BROADCAST) {
		if (!net->ipv4.sysctl_icmp_ignore_bogus_error_responses)
			pr_warn_ratelimited(IPV4_FMT " sent an invalid ICMP type %u, code %u error "
						     "to a broadcast: " IPV4_FMT " on %s\n",
					    IPV4_ARG(ip_hdr(skb)->saddr), icmp_hdr(skb)->type,
					    icmp_hdr(skb)->code, IPV4_ARG(iph->daddr),
					    skb->dev->name);
		goto done;
	}
	icmp_socket_deliver(skb, info);
done:
	consume_skb(skb);
	return true;
}

/* RFC 1122 section 3.2.2.2; what else must hold ipv4_redirect() checks. */
static bool icmp_redirect(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	const struct icmphdr *ih = icmp_hdr(skb);
	const struct iphdr *iph;

	if (ih->code > ICMP_REDIR_HOSTTOS || !pskb_may_pull(skb, sizeof(*ih) + sizeof(*iph)))
		return false;
	ih = icmp_hdr(skb);
	iph = (const struct iphdr *)(ih + 1);
	if (iph->version != 4 || iph->ihl < 5)
		return false;
	/* It must be about a packet that we sent. */
	if (inet_addr_type(net, iph->saddr) == RTN_LOCAL)
		ipv4_redirect(net, ip_hdr(skb)->saddr, ih->un.gateway, iph->daddr, skb->dev);
	consume_skb(skb);
	return true;
}

static bool icmp_echo_reply(struct sk_buff *skb)
{
	if (ping_rcv(skb))
		consume_skb(skb);
	else
		kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
	return true;
}

/* Not for a host to answer, and no error: raw sockets have seen it. */
static bool icmp_discard(struct sk_buff *skb)
{
	consume_skb(skb);
	return true;
}

/* Each handler consumes skb or returns false for a message that is wrong. */
static const struct {
	bool (*handler)(struct sk_buff *skb);
	bool to_group; /* may come by broadcast or multicast */
} icmp_pointers[NR_ICMP_TYPES + 1] = {
	[ICMP_ECHOREPLY] = {icmp_echo_reply, true},
	[1] = {NULL, false},
	[2] = {NULL, false},
	[ICMP_DEST_UNREACH] = {icmp_unreach, false},
	[ICMP_SOURCE_QUENCH] = {icmp_unreach, false},
	[ICMP_REDIRECT] = {icmp_redirect, false},
	[ICMP_ECHO] = {icmp_echo, true},
	[9] = {icmp_discard, true},  /* router advertisement */
	[10] = {icmp_discard, true}, /* router solicitation */
	[ICMP_TIME_EXCEEDED] = {icmp_unreach, false},
	[ICMP_PARAMETERPROB] = {icmp_unreach, false},
	[ICMP_TIMESTAMP] = {icmp_timestamp, true},
	[ICMP_TIMESTAMPREPLY] = {icmp_discard, true},
	[ICMP_INFO_REQUEST] = {icmp_discard, true},
	[ICMP_INFO_REPLY] = {icmp_discard, true},
	[ICMP_ADDRESS] = {icmp_discard, true},
	[ICMP_ADDRESSREPLY] = {icmp_discard, true},
};

/* RFC 1122 section 3.2.2.6: what comes to a group may stay unanswered. */
static bool icmp_group_ok(struct net *net, const struct sk_buff *skb, u8 type)
{
	if (!(skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)))
		return true;
	if (type == ICMP_ECHO || type == ICMP_TIMESTAMP)
		return !net->ipv4.sysctl_icmp_echo_ignore_broadcasts;
	return icmp_pointers[type].to_group;
}

int icmp_rcv(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	enum skb_drop_reason reason = SKB_DROP_REASON_ICMP_INVALID;
	u8 type;

	ICMP_INC_STATS(net, ICMP_MIB_INMSGS);
	if (!skb_checksum_complete(skb, 0)) {
		ICMP_INC_STATS(net, ICMP_MIB_INCSUMERRORS);
		reason = SKB_DROP_REASON_ICMP_CSUM;
		goto error;
	}
	if (!pskb_may_pull(skb, sizeof(struct icmphdr)))
		goto error;
	type = icmp_hdr(skb)->type;
	icmp_in_count(net, type);
	/* RFC 1122 section 3.2.2: unknown types are discarded silently. */
	if (type > NR_ICMP_TYPES || !icmp_pointers[type].handler)
		goto error;
	if (!icmp_group_ok(net, skb, type))
		goto error;
	if (icmp_pointers[type].handler(skb))
		return NET_RX_SUCCESS;
error:
	ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}

int icmp_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct icmphdr *inner = (const struct icmphdr *)(skb->data + iph->ihl * 4u);
	const struct icmphdr *ih = icmp_hdr(skb);

	/* Echo replies are the kernel's; everything else a program sent. */
	if (inner->type != ICMP_ECHOREPLY) {
		ping_err(skb, (int)(iph->ihl * 4), info);
		return 0;
	}
	if (ih->type == ICMP_DEST_UNREACH && ih->code == ICMP_FRAG_NEEDED)
		ipv4_update_pmtu(dev_net(skb->dev), iph->daddr, info, 0, IPPROTO_ICMP);
	return 0;
}
