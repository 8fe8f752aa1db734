// SPDX-License-Identifier: BSD-2-Clause
/*
 * ICMP errors that we send (RFC 1122 section 3.2.2, RFC 1812 section 4.3.2): when one may be sent
 * at all (never about errors, groups, later fragments or senders that are no single host), what it
 * quotes (as much as 576 bytes hold) and how often: a token bucket for all (icmp_msgs_per_sec,
 * icmp_msgs_burst, taken by a random amount so that its level tells nothing) and one per
 * destination (icmp_ratelimit), both only for the types of icmp_ratemask. Needed for path MTU
 * discovery, "fragmentation needed" is never held back.
 *
 * icmp_send() is called by any floor of the stack about a packet it must refuse, softirqs off or
 * softirq; it keeps that packet.
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/random.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/checksum.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/ipv4/icmp_send.h>
#include <string.h>

#define XRLIM_HOSTS	   256
#define XRLIM_BURST_FACTOR 6
#define ICMP_MAX_ERROR	   576u /* RFC 1812 section 4.3.2.3 */

/* A host's tokens; a host that falls on a used place takes it over. */
struct xrlim_host {
	be32 addr;
	u32 tokens;
	unsigned long last;
};

struct icmp_state {
	u32 credit; /* messages that may be sent at once */
	unsigned long stamp;
	struct xrlim_host hosts[XRLIM_HOSTS];
};

static const u16 icmp_out_mib[NR_ICMP_TYPES + 1] = {
	[ICMP_ECHOREPLY] = ICMP_MIB_OUTECHOREPS,
	[ICMP_DEST_UNREACH] = ICMP_MIB_OUTDESTUNREACHS,
	[ICMP_SOURCE_QUENCH] = ICMP_MIB_OUTSRCQUENCHS,
	[ICMP_REDIRECT] = ICMP_MIB_OUTREDIRECTS,
	[ICMP_ECHO] = ICMP_MIB_OUTECHOS,
	[ICMP_TIME_EXCEEDED] = ICMP_MIB_OUTTIMEEXCDS,
	[ICMP_PARAMETERPROB] = ICMP_MIB_OUTPARMPROBS,
	[ICMP_TIMESTAMP] = ICMP_MIB_OUTTIMESTAMPS,
	[ICMP_TIMESTAMPREPLY] = ICMP_MIB_OUTTIMESTAMPREPS,
	[ICMP_ADDRESS] = ICMP_MIB_OUTADDRMASKS,
	[ICMP_ADDRESSREPLY] = ICMP_MIB_OUTADDRMASKREPS,
};
static const u16 icmp_in_mib[NR_ICMP_TYPES + 1] = {
	[ICMP_ECHOREPLY] = ICMP_MIB_INECHOREPS,
	[ICMP_DEST_UNREACH] = ICMP_MIB_INDESTUNREACHS,
	[ICMP_SOURCE_QUENCH] = ICMP_MIB_INSRCQUENCHS,
	[ICMP_REDIRECT] = ICMP_MIB_INREDIRECTS,
	[ICMP_ECHO] = ICMP_MIB_INECHOS,
	[ICMP_TIME_EXCEEDED] = ICMP_MIB_INTIMEEXCDS,
	[ICMP_PARAMETERPROB] = ICMP_MIB_INPARMPROBS,
	[ICMP_TIMESTAMP] = ICMP_MIB_INTIMESTAMPS,
	[ICMP_TIMESTAMPREPLY] = ICMP_MIB_INTIMESTAMPREPS,
	[ICMP_ADDRESS] = ICMP_MIB_INADDRMASKS,
	[ICMP_ADDRESSREPLY] = ICMP_MIB_INADDRMASKREPS,
};

void icmp_out_count(struct net *net, u8 type)
{
	ICMP_INC_STATS(net, ICMP_MIB_OUTMSGS);
	net->mib.icmpmsg_statistics[256 + type]++;
	if (type <= NR_ICMP_TYPES && icmp_out_mib[type])
		ICMP_INC_STATS(net, icmp_out_mib[type]);
}

void icmp_in_count(struct net *net, u8 type)
{
	net->mib.icmpmsg_statistics[type]++;
	if (type <= NR_ICMP_TYPES && icmp_in_mib[type])
		ICMP_INC_STATS(net, icmp_in_mib[type]);
}

static bool icmp_global_allow(struct net *net)
{
	struct icmp_state *st = net->ipv4.icmp_state;
	unsigned long now = jiffies, delta = min(now - st->stamp, HZ);
	u32 burst = (u32)max(net->ipv4.sysctl_icmp_msgs_burst, 0);

	if (delta >= HZ / 50) {
		u64 more = (u64)(u32)net->ipv4.sysctl_icmp_msgs_per_sec * delta / HZ;

		st->credit = (u32)min_t(u64, st->credit + more, burst);
		if (more)
			st->stamp = now;
	}
	if (!st->credit)
		return false;
	st->credit -= min(st->credit, get_random_u32_below(3));
	return true;
}

static bool icmp_host_allow(struct net *net, be32 daddr)
{
	struct icmp_state *st = net->ipv4.icmp_state;
	u32 period = (u32)max(net->ipv4.sysctl_icmp_ratelimit, 0);
	u32 burst = period * XRLIM_BURST_FACTOR;
	struct xrlim_host *h =
		&st->hosts[hash_keyed((__force u32)daddr, 0, net->hash_key.key) % XRLIM_HOSTS];
	unsigned long now = jiffies;

	if (!period)
		return true;
	if (h->addr != daddr)
		*h = (struct xrlim_host){.addr = daddr, .tokens = burst, .last = now};
	h->tokens = (u32)min_t(unsigned long, h->tokens + (now - h->last), burst);
	h->last = now;
	if (h->tokens < period)
		return false;
	h->tokens -= period;
	return true;
}

bool icmp_xrlim_allow(struct net *net, const struct net_device *dev, be32 daddr, u8 type, u8 code)
{
	if (type > NR_ICMP_TYPES)
		return true;
	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
		return true;
	if (!(net->ipv4.sysctl_icmp_ratemask >> type & 1))
		return true;
	if (dev->flags & IFF_LOOPBACK)
		return true;
	if (!icmp_global_allow(net)) {
		ICMP_INC_STATS(net, ICMP_MIB_OUTRATELIMITGLOBAL);
		return false;
	}
	if (icmp_host_allow(net, daddr))
		return true;
	ICMP_INC_STATS(net, ICMP_MIB_OUTRATELIMITHOST);
	return false;
}

static bool icmp_is_error(u8 type)
{
	switch (type) {
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return true;
	}
	return false;
}

/* Bytes of skb from its network header on, wherever skb->data is now. */
static u32 icmp_orig_len(const struct sk_buff *skb)
{
	return (u32)((int)skb->len - skb_network_offset(skb));
}

static bool icmp_copy_orig(struct sk_buff *skb, u8 *to, u32 len)
{
	int before = -skb_network_offset(skb); /* header bytes that were pulled already */
	u32 head = before > 0 ? min_t(u32, (u32)before, len) : 0;

	memcpy(to, skb_network_header(skb), head);
	if (len == head)
		return true;
	return !skb_copy_bits(skb, before > 0 ? 0 : (u32)-before, to + head, len - head);
}

/* Is skb an ICMP error itself, or too short to tell? RFC 1122: no errors about errors. */
static bool icmp_is_about_error(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	u8 buf[sizeof(struct iphdr) + MAX_IPOPTLEN + 1];
	u32 hlen = iph->ihl * 4u;

	if (iph->protocol != IPPROTO_ICMP)
		return false;
	if (icmp_orig_len(skb) < hlen + 1 || !icmp_copy_orig(skb, buf, hlen + 1))
		return true;
	/* Unknown types may be errors too. */
	return icmp_is_error(buf[hlen]) || buf[hlen] > NR_ICMP_TYPES;
}

static bool icmp_may_send(struct net *net, struct sk_buff *skb, int type)
{
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int dst_type = inet_addr_type(net, iph->daddr);
	unsigned int src_type = inet_addr_type(net, iph->saddr);

	if (icmp_orig_len(skb) < sizeof(*iph) || skb->pkt_type != PACKET_HOST)
		return false;
	if (dst_type == RTN_BROADCAST || dst_type == RTN_MULTICAST)
		return false;
	if (src_type == RTN_BROADCAST || src_type == RTN_MULTICAST ||
	    IN_EXPERIMENTAL(be32_to_cpu(iph->saddr)))
		return false;
	if (iph->frag_off & cpu_to_be16(IP_OFFSET))
		return false;
	return !icmp_is_error((u8)type) || !icmp_is_about_error(skb);
}

/* From whom: the address that was asked, or one of the interface (RFC 1812 section 4.3.2.4). */
static be32 icmp_error_source(struct net *net, const struct sk_buff *skb)
{
	be32 daddr = ip_hdr(skb)->daddr;

	if (inet_addr_type(net, daddr) == RTN_LOCAL)
		return daddr;
	if (net->ipv4.sysctl_icmp_errors_use_inbound_ifaddr && skb->dev)
		return inet_select_addr(skb->dev, ip_hdr(skb)->saddr, RT_SCOPE_LINK);
	return 0;
}

static void icmp_fill_header(struct icmphdr *ih, int type, int code, u32 info)
{
	*ih = (struct icmphdr){.type = (u8)type, .code = (u8)code};
	switch (type) {
	case ICMP_DEST_UNREACH:
		if (code == ICMP_FRAG_NEEDED)
			ih->un.frag.mtu = cpu_to_be16(min(info, 0xffffu));
		break;
	case ICMP_PARAMETERPROB:
		ih->un.reserved[0] = (u8)info;
		break;
	case ICMP_REDIRECT:
		ih->un.gateway = cpu_to_be32(info);
		break;
	}
}

/* ICMP header and quotation behind room for all that comes in front. */
static struct sk_buff *icmp_build(struct sk_buff *skb_in, u32 room, const struct icmphdr *ih)
{
	u32 quote = min(icmp_orig_len(skb_in), room);
	struct sk_buff *skb = alloc_skb(
		MAX_HEADER + sizeof(struct iphdr) + MAX_IPOPTLEN + sizeof(*ih) + quote, GFP_ATOMIC);
	struct icmphdr *out;

	if (!skb)
		return NULL;
	skb_reserve(skb, MAX_HEADER + sizeof(struct iphdr) + MAX_IPOPTLEN);
	skb_reset_transport_header(skb);
	out = skb_put(skb, sizeof(*ih) + quote);
	*out = *ih;
	if (!icmp_copy_orig(skb_in, (u8 *)(out + 1), quote)) {
		kfree_skb(skb);
		return NULL;
	}
	out->checksum = csum_fold(csum_partial(out, sizeof(*ih) + quote, 0));
	return skb;
}

static void icmp_push(struct net *net, struct sk_buff *skb, const struct flowi4 *fl4,
		      const struct ip_options_rcu *opt, be32 daddr)
{
	struct iphdr *iph = skb_push(skb, sizeof(*iph) + opt->optlen);

	skb_reset_network_header(skb);
	*iph = (struct iphdr){.version = 4,
			      .ihl = (u8)(5 + opt->optlen / 4) & 15,
			      .tos = fl4->flowi4_tos,
			      .protocol = IPPROTO_ICMP,
			      .ttl = (u8)net->ipv4.sysctl_ip_default_ttl,
			      .saddr = fl4->saddr,
			      .daddr = daddr};
	if (opt->optlen)
		ip_options_build(skb, opt, daddr, skb_rtable(skb));
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	ip_select_ident(net, iph, NULL, 1);
	ip_local_out(net, NULL, skb);
}

void icmp_send(struct sk_buff *skb_in, int type, int code, u32 info)
{
	const struct iphdr *iph = ip_hdr(skb_in);
	struct net *net = dev_net(skb_in->dev);
	struct ip_options_rcu opt = {0};
	struct flowi4 fl4 = {
		.daddr = iph->saddr, .flowi4_proto = IPPROTO_ICMP, .flowi4_mark = skb_in->mark};
	struct sk_buff *skb;
	struct icmphdr ih;
	struct rtable *rt;

	if (!icmp_may_send(net, skb_in, type))
		return;
	if (iph->ihl > 5 && IPCB(skb_in)->opt.optlen && type != ICMP_PARAMETERPROB)
		ip_options_echo(net, &opt, skb_in);
	if (opt.srr)
		fl4.daddr = opt.faddr;
	fl4.saddr = icmp_error_source(net, skb_in);
	/* RFC 1812 section 4.3.2.5: precedence of internetwork control. */
	fl4.flowi4_tos = icmp_is_error((u8)type)
				 ? (iph->tos & IPTOS_TOS_MASK) | IPTOS_PREC_INTERNETCONTROL
				 : iph->tos;
	local_bh_disable();
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		goto out;
	if (!icmp_xrlim_allow(net, rt->dst.dev, iph->saddr, (u8)type, (u8)code)) {
		dst_release(&rt->dst);
		goto out;
	}
	icmp_fill_header(&ih, type, code, info);
	skb = icmp_build(skb_in,
			 min(dst_mtu(&rt->dst), ICMP_MAX_ERROR) - (u32)(sizeof(*iph) + sizeof(ih)) -
				 opt.optlen,
			 &ih);
	if (!skb) {
		ICMP_INC_STATS(net, ICMP_MIB_OUTERRORS);
		dst_release(&rt->dst);
		goto out;
	}
	skb_dst_set(skb, &rt->dst);
	skb->mark = skb_in->mark;
	icmp_out_count(net, (u8)type);
	icmp_push(net, skb, &fl4, &opt, iph->saddr);
out:
	local_bh_enable();
}

static int icmp_net_init(struct net *net)
{
	struct icmp_state *st = kzalloc(sizeof(*st), GFP_KERNEL);

	if (!st)
		return -ENOMEM;
	st->stamp = jiffies - HZ;
	net->ipv4.icmp_state = st;
	return 0;
}

static void icmp_net_exit(struct net *net)
{
	kfree(net->ipv4.icmp_state);
	net->ipv4.icmp_state = NULL;
}

static struct pernet_operations icmp_net_ops = {
	.name = "icmp",
	.init = icmp_net_init,
	.exit = icmp_net_exit,
};

void icmp_init(void)
{
	int err = register_pernet_subsys(&icmp_net_ops);

	BUG_ON(err);
}
