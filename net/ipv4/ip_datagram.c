// SPDX-License-Identifier: BSD-2-Clause
/*
 * Sending datagrams (UDP, ICMP, raw): ip_make_skb() takes the program's bytes by one copy, small
 * messages into the packet's own head, long ones into page fragments that ip_do_fragment() later
 * shares among the fragments without copying; ip_send_skb() puts the IP header in front and sends.
 * Between the two the transport writes its header and checksum.
 *
 * Called by udp.c, raw.c and ping.c in thread context; ip_make_skb() sleeps while the send buffer
 * is full. RFC 1122 section 3.3.2 (fragmentation), RFC 1191 (DF by IP_MTU_DISCOVER).
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/inetdevice.h>
#include <net/ip.h>
#include <string.h>

#define IP_LONG_MESSAGE 1800u /* bytes; what is longer is put into pages */

/* What a datagram may be: all that IPv4 can carry, or the path MTU when it must not be cut. */
static u32 ip_max_datagram(const struct sock *sk, const struct rtable *rt)
{
	u8 pmtudisc = inet_sk(sk)->pmtudisc;

	if (inet_sk(sk)->hdrincl)
		return 0xffff; /* raw.c compares with the device's MTU */
	if (pmtudisc == IP_PMTUDISC_DO || pmtudisc == IP_PMTUDISC_PROBE)
		return pmtudisc == IP_PMTUDISC_PROBE ? rt->dst.dev->mtu : dst_mtu(&rt->dst);
	return 0xffff;
}

/* Append len bytes of the message in pages that sends of this sock fill one after another. */
static int ip_append_pages(struct sock *sk, struct sk_buff *skb, struct iov_iter *from, u32 len)
{
	struct skb_shared_info *sh = skb_shinfo(skb);

	while (len > 0) {
		struct page_frag *pf = sk_page_frag(sk);
		u32 take;

		if (sh->nr_frags == MAX_SKB_FRAGS || !sk_page_frag_refill(sk, pf))
			return -ENOBUFS;
		take = min(len, pf->size - pf->offset);
		if (copy_from_iter((u8 *)page_address(pf->page) + pf->offset, take, from) != take)
			return -EFAULT;
		get_page(pf->page);
		skb_fill_page_desc(skb, sh->nr_frags, pf->page, pf->offset, take);
		pf->offset += take;
		skb->len += take;
		skb->data_len += take;
		skb->truesize += take;
		atomic_add((int)take, &sk->sk_wmem_alloc);
		len -= take;
	}
	return 0;
}

struct sk_buff *ip_make_skb(struct sock *sk, struct flowi4 *fl4, struct msghdr *msg, u32 hlen,
			    const struct rtable *rt)
{
	u32 head_room = MAX_HEADER + sizeof(struct iphdr) + MAX_IPOPTLEN;
	size_t len = iov_iter_count(&msg->msg_iter);
	u32 linear = len <= IP_LONG_MESSAGE ? (u32)len : 0, max = ip_max_datagram(sk, rt);
	struct sk_buff *skb;
	int err;

	if (len + hlen + (inet_sk(sk)->hdrincl ? 0 : sizeof(struct iphdr)) > max) {
		ip_local_error(sk, EMSGSIZE, fl4->daddr, fl4->fl4_dport, max);
		return ERR_PTR(-EMSGSIZE);
	}
	/* A program that writes the IP header itself has it in the head, to be looked at. */
	if (!linear && inet_sk(sk)->hdrincl)
		linear = min_t(u32, (u32)len, sizeof(struct iphdr) + MAX_IPOPTLEN);
	skb = sock_alloc_send_skb(sk, head_room + hlen + linear, msg->msg_flags & MSG_DONTWAIT,
				  &err);
	if (!skb)
		return ERR_PTR(err);
	skb_reserve(skb, head_room);
	skb_reset_transport_header(skb);
	skb_put(skb, hlen);
	err = 0;
	if (linear && copy_from_iter(skb_put(skb, linear), linear, &msg->msg_iter) != linear)
		err = -EFAULT;
	if (!err && len > linear)
		err = ip_append_pages(sk, skb, &msg->msg_iter, (u32)len - linear);
	if (err) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return ERR_PTR(err);
	}
	return skb;
}

static u8 ip_datagram_ttl(const struct inet_sock *inet, const struct ipcm_cookie *ipc,
			  const struct rtable *rt)
{
	if (ipc->ttl >= 0)
		return (u8)ipc->ttl;
	return rt->rt_type == RTN_MULTICAST ? inet->mc_ttl : ip_sock_ttl(inet);
}

int ip_send_skb(struct sock *sk, struct flowi4 *fl4, struct sk_buff *skb,
		const struct ipcm_cookie *ipc, struct rtable *rt)
{
	struct inet_sock *inet = inet_sk(sk);
	const struct ip_options_rcu *opt = ipc->opt.optlen ? &ipc->opt : inet->inet_opt;
	struct net *net = sock_net(sk);
	u32 optlen = opt ? opt->optlen : 0;
	struct iphdr *iph = skb_push(skb, sizeof(*iph) + optlen);
	int err;

	local_bh_disable();
	skb_reset_network_header(skb);
	skb_dst_set_noref(skb, &rt->dst); /* the caller keeps its reference */
	*iph = (struct iphdr){.version = 4,
			      .ihl = (u8)(5 + optlen / 4) & 15,
			      .tos = fl4->flowi4_tos,
			      .ttl = ip_datagram_ttl(inet, ipc, rt),
			      .protocol = (u8)sk->sk_protocol,
			      .saddr = fl4->saddr,
			      .daddr = opt && opt->srr ? 0 : fl4->daddr};
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	if (optlen)
		ip_options_build(skb, opt, ipc->final_dst, rt);
	/* What must be cut in any case may be cut further on as well. */
	if (ip_dont_fragment(sk, &rt->dst) &&
	    (skb->len <= dst_mtu(&rt->dst) || inet->pmtudisc != IP_PMTUDISC_WANT))
		iph->frag_off = cpu_to_be16(IP_DF);
	ip_select_ident(net, iph, sk, 1);
	skb->priority = sk->sk_priority;
	skb->mark = ipc->mark;
	err = ip_local_out(net, sk, skb);
	local_bh_enable();
	return err;
}
