// SPDX-License-Identifier: BSD-2-Clause
/*
 * IPv4 transmit (RFC 791, RFC 1122 section 3.3, RFC 6864 for the identification).
 *
 *   ip_queue_xmit (TCP) | ip_build_and_send_pkt (SYN-ACK) | ip_send_skb (datagrams)
 *     -> ip_local_out -> dst_output = ip_output (ip_mc_output for groups) -> ip_finish_output
 *     -> ip_finish_output2 -> neigh_output
 *
 * Callers are transports in thread context with their sock locked, or in softirq. Everything here
 * consumes skb; from ip_local_out on softirqs are off. The fast path of ip_queue_xmit costs one
 * compare to trust the sock's route. Netfilter hooks and tunnels are left out.
 */
#include <errno.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/random.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <net/neighbour.h>
#include <net/ethernet.h>
#include <string.h>

void ip_send_check(struct iphdr *iph)
{
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

bool ip_dont_fragment(const struct sock *sk, const struct dst_entry *dst)
{
	u8 pmtudisc = inet_sk(sk)->pmtudisc;

	if (pmtudisc == IP_PMTUDISC_WANT)
		return !((const struct rtable *)dst)->rt_mtu_locked;
	return pmtudisc == IP_PMTUDISC_DO || pmtudisc == IP_PMTUDISC_PROBE;
}

/*
 * RFC 6864: what can be fragmented is unique for (source, destination, protocol) as long as
 * possible. A secret start per flow and a counter shared by few keeps others from counting our
 * packets. Atomic packets (DF) may carry anything; a connected sock counts for the sake of old
 * header compressors, others send 0, as Linux does.
 */
void ip_select_ident(struct net *net, struct iphdr *iph, const struct sock *sk, int segs)
{
	if (iph->frag_off & cpu_to_be16(IP_DF)) {
		if (sk && sk->sk_daddr) {
			struct inet_sock *inet = inet_sk(sk);

			iph->id = cpu_to_be16(inet->inet_id);
			inet->inet_id = (u16)(inet->inet_id + segs);
		} else {
			iph->id = 0;
		}
		return;
	}
	u64 h = siphash_2u64((u64)(__force u32)iph->daddr << 32 | (__force u32)iph->saddr,
			     iph->protocol, &net->hash_key);
	u32 *counter = &net->ipv4.ip_idents[h % IP_IDENTS];

	iph->id = cpu_to_be16((u16)(h >> 32) + *counter);
	*counter += (u32)segs;
}

/* The next hop's neighbour, looked up for this route's first packet or after it was collected. */
static struct neighbour *ip_neigh_for_gw(struct rtable *rt, const struct sk_buff *skb)
{
	struct neighbour *old = rt->dst.neighbour, *n;

	n = neigh_lookup_create(dev_net(rt->dst.dev), rt_nexthop(rt, ip_hdr(skb)->daddr),
				rt->dst.dev);
	if (IS_ERR(n))
		return n;
	rt->dst.neighbour = n;
	if (old)
		neigh_release(old);
	return n;
}

static void ip_count_group_out(struct net *net, const struct sk_buff *skb, const struct rtable *rt)
{
	if (rt->rt_type == RTN_MULTICAST) {
		IP_INC_STATS(net, IPSTATS_MIB_OUTMCASTPKTS);
		IP_ADD_STATS(net, IPSTATS_MIB_OUTMCASTOCTETS, skb->len);
	} else if (rt->rt_type == RTN_BROADCAST) {
		IP_INC_STATS(net, IPSTATS_MIB_OUTBCASTPKTS);
		IP_ADD_STATS(net, IPSTATS_MIB_OUTBCASTOCTETS, skb->len);
	}
}

noinline int ip_finish_output2(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	struct neighbour *n = rt->dst.neighbour;

	(void)sk;
	if (unlikely(rt->rt_type >= RTN_BROADCAST))
		ip_count_group_out(net, skb, rt);
	if (unlikely(!n || n->dead)) {
		n = ip_neigh_for_gw(rt, skb);
		if (IS_ERR(n)) {
			IP_INC_STATS(net, IPSTATS_MIB_OUTDISCARDS);
			kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_CREATEFAIL);
			return (int)PTR_ERR(n);
		}
	}
	if (unlikely(skb->dst_pending_confirm)) {
		neigh_confirm(n, jiffies);
		skb->dst_pending_confirm = 0;
	}
	/* The way is known: nothing below asks for the route. A live neighbour is its table's. */
	skb_dst_drop(skb);
	return neigh_output(n, skb);
}

/* A packet of segments that a router (or GRO) made too long for this link: cut, then fragment. */
static int ip_finish_output_gso(struct net *net, struct sock *sk, struct sk_buff *skb, u32 mtu)
{
	u32 hdrs = (u32)(skb->transport_header - skb->network_header) + 20;
	struct sk_buff *segs, *next;
	int err = 0;

	/* The usual case by a wide margin: TCP cut to what the path takes. */
	if (likely(skb_shinfo(skb)->gso_size + hdrs <= mtu))
		return ip_finish_output2(net, sk, skb);
	segs = skb_gso_segment(skb);
	if (IS_ERR(segs) || !segs) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return -ENOMEM;
	}
	for (; segs; segs = next) {
		int one;

		next = segs->next;
		segs->next = NULL;
		skb_dst_set(segs, dst_hold(skb_dst(skb)));
		one = segs->len > mtu ? ip_do_fragment(net, sk, segs, ip_finish_output2)
				      : ip_finish_output2(net, sk, segs);
		if (one && !err)
			err = one;
	}
	consume_skb(skb);
	return err;
}

static int ip_fragment(struct net *net, struct sock *sk, struct sk_buff *skb, u32 mtu)
{
	if (!(ip_hdr(skb)->frag_off & cpu_to_be16(IP_DF)))
		return ip_do_fragment(net, sk, skb, ip_finish_output2);
	IP_INC_STATS(net, IPSTATS_MIB_FRAGFAILS);
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu);
	kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
	return -EMSGSIZE;
}

/* dst_mtu() without the call where nothing special is known of the path. */
static u32 rt_mtu(const struct rtable *rt)
{
	if (unlikely(rt->rt_pmtu || rt->rt_route_mtu))
		return dst_mtu(&rt->dst);
	return min(rt->dst.dev->mtu, 0xffffu);
}

noinline int ip_finish_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	u32 mtu = rt_mtu(skb_rtable(skb));

	if (skb_is_gso(skb))
		return ip_finish_output_gso(net, sk, skb, mtu);
	if (unlikely(skb->len > mtu || IPCB(skb)->frag_max_size))
		return ip_fragment(
			net, sk, skb,
			IPCB(skb)->frag_max_size ? min_t(u32, mtu, IPCB(skb)->frag_max_size) : mtu);
	return ip_finish_output2(net, sk, skb);
}

noinline int ip_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	IP_INC_STATS(net, IPSTATS_MIB_OUTREQUESTS);
	IP_ADD_STATS(net, IPSTATS_MIB_OUTOCTETS, skb->len);
	skb->dev = skb_dst(skb)->dev;
	skb->protocol = cpu_to_be16(ETH_P_IP);
	return ip_finish_output(net, sk, skb);
}

/* A copy of what we send to a group comes in as if the network had brought it. */
static void ip_mc_loopback(struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (!copy)
		return;
	skb_dst_force(copy);
	skb_reset_mac_header(copy);
	copy->pkt_type = PACKET_LOOPBACK;
	copy->ip_summed = CHECKSUM_UNNECESSARY;
	netif_rx(copy);
}

int ip_mc_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	bool member = rt->rt_flags & RTCF_LOCAL;

	skb->dev = rt->dst.dev;
	skb->protocol = cpu_to_be16(ETH_P_IP);
	if (rt->rt_flags & RTCF_MULTICAST) {
		if (member && (!sk || inet_sk(sk)->mc_loop))
			ip_mc_loopback(skb);
		/* TTL 0 stays on this host (RFC 1112 section 6.1). */
		if (ip_hdr(skb)->ttl == 0) {
			consume_skb(skb);
			return 0;
		}
	} else if (rt->rt_flags & RTCF_BROADCAST) {
		ip_mc_loopback(skb);
	}
	return ip_output(net, sk, skb);
}

noinline int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);
	struct dst_entry *dst = skb_dst(skb);

	iph->tot_len = cpu_to_be16(skb->len);
	ip_send_check(iph);
	skb->protocol = cpu_to_be16(ETH_P_IP);
	if (likely(dst->output == ip_output))
		return ip_output(net, sk, skb);
	return dst_output(net, sk, skb);
}

/* The sock's route went stale (or is its first): find one for its addresses. No reference. */
static struct rtable *ip_queue_route(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct flowi4 fl4 = {
		.flowi4_oif = sk->sk_bound_dev_if,
		.flowi4_mark = sk->sk_mark,
		.flowi4_tos = inet->tos,
		.flowi4_proto = (u8)sk->sk_protocol,
		.saddr = inet->inet_saddr,
		.daddr = inet->inet_opt && inet->inet_opt->srr ? inet->inet_opt->faddr
							       : inet->inet_daddr,
		.fl4_sport = inet->inet_sport,
		.fl4_dport = inet->inet_dport,
	};
	struct dst_entry *dst = __sk_dst_check(sk, 0);
	struct rtable *rt;

	if (dst)
		return (struct rtable *)dst;
	if (inet->freebind || sock_net(sk)->ipv4.sysctl_ip_nonlocal_bind)
		fl4.flowi4_flags = FLOWI_FLAG_ANYSRC;
	rt = ip_route_output_flow(sock_net(sk), &fl4, sk);
	if (!IS_ERR(rt))
		sk_setup_caps(sk, &rt->dst);
	return rt;
}

static int ip_queue_no_route(struct net *net, struct sk_buff *skb)
{
	IP_INC_STATS(net, IPSTATS_MIB_OUTNOROUTES);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
	local_bh_enable();
	return -EHOSTUNREACH;
}

int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi4 *fl4)
{
	struct inet_sock *inet = inet_sk(sk);
	const struct ip_options_rcu *opt = inet->inet_opt;
	struct net *net = sock_net(sk);
	struct rtable *rt = (struct rtable *)sk->sk_dst_cache;
	u32 segs = skb_shinfo(skb)->gso_segs;
	struct iphdr *iph;
	int err;

	(void)fl4;
	local_bh_disable();
	if (unlikely(!rt || rt->dst.genid != net->ipv4.rt_genid || rt->dst.obsolete)) {
		rt = ip_queue_route(sk);
		if (IS_ERR(rt))
			return ip_queue_no_route(net, skb);
	}
	if (unlikely(opt && opt->srr && rt->rt_uses_gateway))
		return ip_queue_no_route(net, skb); /* a strict route leads over neighbours */
	skb_dst_set_noref(skb, &rt->dst);
	iph = skb_push(skb, sizeof(*iph));
	if (unlikely(opt)) {
		iph = skb_push(skb, opt->optlen);
		skb_reset_network_header(skb);
		iph->ihl = (u8)(5 + opt->optlen / 4) & 15;
		ip_options_build(skb, opt, inet->inet_daddr, rt);
	} else {
		skb_reset_network_header(skb);
		iph->ihl = 5;
	}
	iph->version = 4;
	iph->tos = inet->tos;
	iph->frag_off = ip_dont_fragment(sk, &rt->dst) ? cpu_to_be16(IP_DF) : 0;
	iph->ttl = ip_sock_ttl(inet);
	iph->protocol = (u8)sk->sk_protocol;
	iph->saddr = inet->inet_saddr;
	if (likely(!opt || !opt->srr))
		iph->daddr = inet->inet_daddr;
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	ip_select_ident(net, iph, sk, segs ? (int)segs : 1);
	skb->priority = sk->sk_priority;
	skb->mark = sk->sk_mark;
	err = ip_local_out(net, sk, skb);
	local_bh_enable();
	return err;
}

int ip_build_and_send_pkt(struct sk_buff *skb, const struct sock *sk, be32 saddr, be32 daddr,
			  u8 tos)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct rtable *rt = skb_rtable(skb);
	struct net *net = sock_net(sk);
	struct iphdr *iph = skb_push(skb, sizeof(*iph));
	int err;

	skb_reset_network_header(skb);
	*iph = (struct iphdr){.version = 4,
			      .ihl = 5,
			      .tos = tos,
			      .ttl = ip_sock_ttl(inet),
			      .protocol = (u8)sk->sk_protocol,
			      .saddr = saddr,
			      .daddr = daddr};
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	local_bh_disable();
	if (ip_dont_fragment(sk, &rt->dst))
		iph->frag_off = cpu_to_be16(IP_DF);
	else
		ip_select_ident(net, iph, NULL, 1);
	skb->priority = sk->sk_priority;
	if (!skb->mark)
		skb->mark = sk->sk_mark;
	err = ip_local_out(net, (struct sock *)sk, skb);
	local_bh_enable();
	return err;
}

/* IP header of a reply to `to`, with its options answered. NULL when out of memory. */
static struct sk_buff *ip_reply_alloc(struct net *net, struct sk_buff *to, u32 len,
				      struct ip_options_rcu *opt)
{
	struct sk_buff *skb;

	opt->optlen = 0;
	if (unlikely(ip_hdrlen(to) > sizeof(struct iphdr))) {
		ip_options_echo(net, opt, to);
		/* TCP's own cb has replaced what input noted of them: echo them unchanged. */
		opt->rr_needaddr = opt->ts_needtime = false;
	}
	skb = alloc_skb(MAX_HEADER + sizeof(struct iphdr) + MAX_IPOPTLEN + len, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, MAX_HEADER + sizeof(struct iphdr) + opt->optlen);
	skb_reset_transport_header(skb);
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	return skb;
}

void ip_send_unicast_reply(struct net *net, struct sk_buff *to, const struct ip_reply_arg *arg,
			   be32 saddr, be32 daddr)
{
	struct ip_options_rcu opt;
	struct sk_buff *skb = ip_reply_alloc(net, to, arg->len, &opt);
	struct flowi4 fl4 = {
		.flowi4_oif = arg->bound_dev_if,
		.flowi4_mark = arg->mark,
		.flowi4_tos = arg->tos,
		.flowi4_proto = ip_hdr(to)->protocol,
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
		.saddr = saddr,
		.daddr = opt.optlen && opt.srr ? opt.faddr : daddr,
	};
	struct rtable *rt;
	struct iphdr *iph;
	sum16 sum;

	if (!skb)
		return;
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
		return;
	}
	memcpy(skb_put(skb, arg->len), arg->hdr, arg->len);
	sum = csum_fold(csum_partial(skb->data, arg->len, arg->csum));
	memcpy(skb->data + arg->csum_offset, &sum, sizeof(sum));
	skb_dst_set(skb, &rt->dst);
	iph = skb_push(skb, sizeof(*iph) + opt.optlen);
	skb_reset_network_header(skb);
	*iph = (struct iphdr){.version = 4,
			      .ihl = (u8)(5 + opt.optlen / 4) & 15,
			      .tos = arg->tos & (u8)~IPTOS_ECN_MASK,
			      .ttl = arg->ttl ? arg->ttl : (u8)net->ipv4.sysctl_ip_default_ttl,
			      .protocol = fl4.flowi4_proto,
			      .saddr = saddr,
			      .daddr = daddr};
	if (opt.optlen)
		ip_options_build(skb, &opt, daddr, rt);
	skb->mark = arg->mark;
	local_bh_disable();
	ip_select_ident(net, iph, NULL, 1);
	ip_local_out(net, NULL, skb);
	local_bh_enable();
}

static int ip_net_init(struct net *net)
{
	get_random_bytes(net->ipv4.ip_idents, sizeof(net->ipv4.ip_idents));
	return 0;
}

static struct pernet_operations ip_net_ops = {.name = "ip", .init = ip_net_init};

void ip_init(void)
{
	int err = register_pernet_subsys(&ip_net_ops);

	BUG_ON(err);
	ip_rt_init();
	devinet_init();
}
