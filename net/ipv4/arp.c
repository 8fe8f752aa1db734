// SPDX-License-Identifier: BSD-2-Clause
/*
 * ARP on Ethernet (RFC 826): the questions that the neighbour cache asks (arp_solicit), the answers
 * it gives and learns from (arp_rcv), announcements and the defence of our addresses (RFC 5227
 * sections 2.4 b and 3). What may be asked and answered is tuned by arp_announce, arp_ignore,
 * arp_filter, arp_accept and drop_gratuitous_arp as in Linux (ip-sysctl.rst).
 *
 * arp_rcv is the packet_type handler of ETH_P_ARP, in softirq; it believes nothing before the
 * lengths, types and addresses are checked. arp_solicit is called by neighbour.c, softirqs off.
 * Proxy ARP and RARP are left out. The cache's face to programs is arp_cache.c.
 */
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/softirq.h>
#include <kernel/time/clock.h>
#include <net/arp.h>
#include <net/ethernet.h>
#include <net/icmp.h>
#include <net/inet_fmt.h>
#include <net/inetdevice.h>
#include <net/route.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <string.h>

#define DEFEND_INTERVAL (10 * HZ) /* RFC 5227 section 1.1 */

static bool arp_hw_valid(const u8 *hw)
{
	return !(hw[0] & 1) && (hw[0] | hw[1] | hw[2] | hw[3] | hw[4] | hw[5]);
}

void arp_send(struct net_device *dev, const struct arp_fields *f, const u8 *dest_hw)
{
	struct ether_arp *ea;
	struct sk_buff *skb;

	if (dev->flags & (IFF_NOARP | IFF_LOOPBACK) || dev->addr_len != ETH_ALEN ||
	    !dev->header_ops)
		return;
	skb = alloc_skb(MAX_HEADER + sizeof(*ea), GFP_ATOMIC);
	if (!skb)
		return;
	skb_reserve(skb, MAX_HEADER);
	skb_reset_network_header(skb);
	ea = skb_put(skb, sizeof(*ea));
	skb->dev = dev;
	skb->protocol = cpu_to_be16(ETH_P_ARP);
	ea->arp_hrd = cpu_to_be16(ARPHRD_ETHER);
	ea->arp_pro = cpu_to_be16(ETH_P_IP);
	ea->arp_hln = ETH_ALEN;
	ea->arp_pln = 4;
	ea->arp_op = cpu_to_be16(f->op);
	memcpy(ea->arp_sha, f->sender_hw ? f->sender_hw : dev->dev_addr, ETH_ALEN);
	memcpy(ea->arp_spa, &f->sender_ip, 4);
	if (f->target_hw)
		memcpy(ea->arp_tha, f->target_hw, ETH_ALEN);
	else
		memset(ea->arp_tha, 0, ETH_ALEN);
	memcpy(ea->arp_tpa, &f->target_ip, 4);
	if (dev->header_ops->create(skb, dev, ETH_P_ARP, dest_hw ? dest_hw : dev->broadcast, NULL) <
	    0)
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
	else
		dev_queue_xmit(skb);
}

void arp_announce(struct net_device *dev, be32 addr)
{
	/* RFC 5227 section 3: a request whose sender and target address are the same. */
	arp_send(dev,
		 &(struct arp_fields){.op = ARPOP_REQUEST, .sender_ip = addr, .target_ip = addr},
		 NULL);
}

/* Which of our addresses asks for target, as arp_announce wants it; 0: any will do. */
static be32 arp_solicit_source(struct in_device *in_dev, const struct sk_buff *skb, be32 target)
{
	struct net *net = dev_net(in_dev->dev);
	be32 saddr;

	/* Only a packet with an IP header can say from whom it comes. */
	if (!skb || skb->protocol != cpu_to_be16(ETH_P_IP))
		return 0;
	saddr = ((const struct iphdr *)skb_network_header(skb))->saddr;
	switch (IN_DEV_MAXCONF(in_dev, arp_announce)) {
	default:
	case 0: /* the source of the packet, whatever device has it */
		return inet_addr_type(net, saddr) == RTN_LOCAL ? saddr : 0;
	case 1: /* ... if the target would find it on its subnet */
		if (inet_addr_type(net, saddr) == RTN_LOCAL &&
		    inet_addr_onlink(in_dev, target, saddr))
			return saddr;
		return 0;
	case 2:
		return 0;
	}
}

static void arp_solicit(struct neighbour *n, struct sk_buff *skb)
{
	struct in_device *in_dev = __in_dev_get(n->dev);
	struct arp_fields f = {.op = ARPOP_REQUEST, .target_ip = n->primary_key};
	const u8 *dest_hw = NULL;

	if (!in_dev)
		return;
	f.sender_ip = arp_solicit_source(in_dev, skb, f.target_ip);
	if (!f.sender_ip)
		f.sender_ip = inet_select_addr(n->dev, f.target_ip, RT_SCOPE_LINK);
	/* First those that it answers without troubling everybody (RFC 1122 section 2.3.2.1). */
	if (n->probes < n->parms->s.ucast_solicit && (n->nud_state & NUD_VALID))
		dest_hw = n->ha;
	arp_send(n->dev, &f, dest_hw);
}

/* Nobody answered: the sender of a waiting packet hears "host unreachable". */
static void arp_error_report(struct neighbour *n, struct sk_buff *skb)
{
	(void)n;
	skb->dev = skb_dst(skb) ? skb_dst(skb)->dev : skb->dev;
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
}

/* RFC 1112 section 6.4: the low 23 bits of the group behind 01-00-5e. */
static void arp_mc_map(be32 addr, u8 *ha)
{
	u32 a = be32_to_cpu(addr);

	ha[0] = 0x01;
	ha[1] = 0x00;
	ha[2] = 0x5e;
	ha[3] = (u8)(a >> 16 & 0x7f);
	ha[4] = (u8)(a >> 8);
	ha[5] = (u8)a;
}

static int arp_constructor(struct neighbour *n)
{
	struct net_device *dev = n->dev;

	if (!__in_dev_get(dev))
		return -EINVAL;
	n->type = (u8)inet_dev_addr_type(dev_net(dev), dev, n->primary_key);
	n->nud_state = NUD_NOARP;
	if (!dev->header_ops || (dev->flags & (IFF_NOARP | IFF_LOOPBACK)))
		memcpy(n->ha, dev->dev_addr, dev->addr_len);
	else if (n->type == RTN_MULTICAST)
		arp_mc_map(n->primary_key, n->ha);
	else if (n->type == RTN_BROADCAST || (dev->flags & IFF_POINTOPOINT))
		memcpy(n->ha, dev->broadcast, dev->addr_len);
	else
		n->nud_state = NUD_NONE;
	return 0;
}

/* Must a request from sip for our address tip stay unanswered (arp_ignore)? */
static bool arp_ignored(struct in_device *in_dev, be32 sip, be32 tip)
{
	struct in_ifaddr *ifa = inet_lookup_ifaddr(dev_net(in_dev->dev), tip);
	bool here = ifa && ifa->ifa_dev == in_dev;

	switch (IN_DEV_MAXCONF(in_dev, arp_ignore)) {
	case 0:
		return false;
	case 1: /* only addresses of this device */
		return !here;
	case 2: /* ... asked from their subnet */
		return !here || !inet_ifa_match(sip, ifa);
	case 3: /* not those of this host alone */
		return !ifa || ifa->ifa_scope >= RT_SCOPE_HOST;
	case 8:
		return true;
	}
	return false;
}

/* arp_filter: answer only on the device that we would use to reach the asker. */
static bool arp_filtered(struct net_device *dev, be32 sip, be32 tip)
{
	struct flowi4 fl4 = {.daddr = sip, .saddr = tip};
	struct rtable *rt = ip_route_output_key(dev_net(dev), &fl4);
	bool other;

	if (IS_ERR(rt))
		return true;
	other = rt->dst.dev != dev;
	dst_release(&rt->dst);
	if (other)
		NET_INC_STATS(dev_net(dev), LINUX_MIB_ARPFILTER);
	return other;
}

/* Somebody else claims an address of ours: say so, and defend it now and then. */
static void arp_conflict(struct net_device *dev, struct in_ifaddr *ifa, const u8 *sha)
{
	unsigned long now = jiffies;

	if (ifa->ifa_defended && time_before(now, ifa->ifa_defended + DEFEND_INTERVAL))
		return;
	ifa->ifa_defended = now ? now : 1;
	pr_warn("%s: address " IPV4_FMT " is also used by " MAC_FMT "\n", dev->name,
		IPV4_ARG(ifa->ifa_local), MAC_ARG(sha));
	arp_announce(dev, ifa->ifa_local);
}

/* A checked packet, in host terms. */
struct arp_msg {
	u16 op;
	be32 sip, tip;
	const u8 *sha;
	u8 pkt_type;
};

/* A request for one of our addresses. True when it was one, answered or not. */
static bool arp_answer(struct net_device *dev, struct in_device *in_dev, const struct arp_msg *m)
{
	struct arp_fields f = {
		.op = ARPOP_REPLY, .sender_ip = m->tip, .target_ip = m->sip, .target_hw = m->sha};
	struct neighbour *n;

	if (m->op != ARPOP_REQUEST || inet_addr_type(dev_net(dev), m->tip) != RTN_LOCAL)
		return false;
	if (arp_ignored(in_dev, m->sip, m->tip))
		return true;
	if (!m->sip) { /* a probe (RFC 5227 section 2.1): nothing to learn from it */
		arp_send(dev, &f, m->sha);
		return true;
	}
	if (IN_DEV_ORCONF(in_dev, arp_filter) && arp_filtered(dev, m->sip, m->tip))
		return true;
	/* Who asks will talk to us soon: remember it. Only a neighbour can be one. */
	n = neigh_lookup_create(dev_net(dev), m->sip, dev);
	if (!IS_ERR(n)) {
		neigh_update(n, m->sha, NUD_STALE, NEIGH_UPDATE_F_OVERRIDE);
		neigh_release(n);
	}
	arp_send(dev, &f, m->sha);
	return true;
}

/* What a packet says about its sender. Entries are made only if arp_accept allows. */
static void arp_learn(struct net_device *dev, struct in_device *in_dev, const struct arp_msg *m)
{
	bool garp = m->sip == m->tip;
	struct neighbour *n = neigh_lookup(dev_net(dev), m->sip, dev);
	bool override;
	u8 state;

	if (garp && IN_DEV_ORCONF(in_dev, drop_gratuitous_arp))
		goto out;
	if (!n && IN_DEV_MAXCONF(in_dev, arp_accept) &&
	    inet_addr_type(dev_net(dev), m->sip) == RTN_UNICAST)
		n = neigh_lookup_create(dev_net(dev), m->sip, dev);
	if (IS_ERR(n) || !n)
		return;
	/* The first of several answers is believed for a while (locktime). */
	override =
		garp || time_after(jiffies, n->updated + msecs_to_jiffies(n->parms->s.locktime_ms));
	/* Only an answer that was meant for us proves that it hears us. */
	state = m->op == ARPOP_REPLY && m->pkt_type == PACKET_HOST ? NUD_REACHABLE : NUD_STALE;
	neigh_update(n, m->sha, state, override ? NEIGH_UPDATE_F_OVERRIDE : 0);
out:
	if (n)
		neigh_release(n);
}

static void arp_process(struct net_device *dev, struct in_device *in_dev, const struct arp_msg *m)
{
	struct in_ifaddr *ours = m->sip ? inet_lookup_ifaddr(dev_net(dev), m->sip) : NULL;

	arp_probe_heard(dev, m->sip ? m->sip : m->tip, m->sha);
	if (ours) {
		if (ours->ifa_dev == in_dev && memcmp(m->sha, dev->dev_addr, ETH_ALEN))
			arp_conflict(dev, ours, m->sha);
		return; /* our own, come back, or a liar: nothing to learn */
	}
	if (!arp_answer(dev, in_dev, m) && m->sip)
		arp_learn(dev, in_dev, m);
}

/* Fields of ea that RFC 826 wants checked, and addresses that cannot be right. */
static bool arp_check(const struct ether_arp *ea, struct in_device *in_dev, struct arp_msg *m)
{
	if (ea->arp_hrd != cpu_to_be16(ARPHRD_ETHER) && ea->arp_hrd != cpu_to_be16(ARPHRD_IEEE802))
		return false;
	if (ea->arp_pro != cpu_to_be16(ETH_P_IP) || ea->arp_hln != ETH_ALEN || ea->arp_pln != 4)
		return false;
	m->op = be16_to_cpu(ea->arp_op);
	if (m->op != ARPOP_REQUEST && m->op != ARPOP_REPLY)
		return false;
	memcpy(&m->sip, ea->arp_spa, 4);
	memcpy(&m->tip, ea->arp_tpa, 4);
	m->sha = ea->arp_sha;
	if (!arp_hw_valid(m->sha) || ipv4_is_multicast(m->sip) || ipv4_is_lbcast(m->sip))
		return false;
	if (ipv4_is_multicast(m->tip))
		return false;
	return IN_DEV_ORCONF(in_dev, route_localnet) ||
	       (!ipv4_is_loopback(m->tip) && !ipv4_is_loopback(m->sip));
}

static int arp_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	struct in_device *in_dev = __in_dev_get(dev);
	struct arp_msg m = {.pkt_type = skb->pkt_type};

	(void)pt;
	if (!in_dev || (dev->flags & IFF_NOARP) || skb->pkt_type == PACKET_OTHERHOST ||
	    skb->pkt_type == PACKET_LOOPBACK) {
		consume_skb(skb);
		return 0;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return 0;
	if (!pskb_may_pull(skb, sizeof(struct ether_arp)) ||
	    !arp_check((const struct ether_arp *)skb->data, in_dev, &m)) {
		dev->stats.rx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_ARP_INVALID);
		return 0;
	}
	arp_process(dev, in_dev, &m);
	consume_skb(skb);
	return 0;
}

static struct packet_type arp_packet_type = {.type = cpu_to_be16(ETH_P_ARP), .func = arp_rcv};

/* IN_DEV_MAXCONF(arp_notify): tell the neighbours who is there. */
static void arp_notify_peers(struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get(dev);
	struct in_ifaddr *ifa;

	if (!in_dev || !netif_running(dev) || !IN_DEV_MAXCONF(in_dev, arp_notify))
		return;
	for (ifa = in_dev->ifa_list; ifa; ifa = ifa->ifa_next)
		arp_announce(dev, ifa->ifa_local);
}

static void arp_netdev_event(struct notifier_block *nb, enum netdev_event ev,
			     struct net_device *dev)
{
	struct neigh_table *tbl = dev_net(dev)->ipv4.arp_tbl;

	(void)nb;
	if (!tbl)
		return;
	switch (ev) {
	case NETDEV_CHANGEADDR:
		neigh_table_changeaddr(tbl, dev);
		rt_genid_bump(dev_net(dev));
		arp_notify_peers(dev);
		break;
	case NETDEV_DOWN:
		neigh_table_ifdown(tbl, dev);
		break;
	case NETDEV_CHANGE:
		/* Behind a link that came back may be another network. */
		if (!netif_carrier_ok(dev))
			neigh_table_changeaddr(tbl, dev);
		break;
	case NETDEV_UP:
	case NETDEV_NOTIFY_PEERS:
		arp_notify_peers(dev);
		break;
	default:
		break;
	}
}

static struct notifier_block arp_netdev_notifier = {.call = arp_netdev_event};

struct neighbour *neigh_lookup_create(struct net *net, be32 key, struct net_device *dev)
{
	return neigh_create(net->ipv4.arp_tbl, key, dev);
}

struct neighbour *neigh_lookup(struct net *net, be32 key, struct net_device *dev)
{
	return neigh_find(net->ipv4.arp_tbl, key, dev);
}

static int arp_net_init(struct net *net)
{
	struct neigh_table *tbl = kzalloc(sizeof(*tbl), GFP_KERNEL);
	int err;

	if (!tbl)
		return -ENOMEM;
	net->ipv4.neigh = (struct neigh_sysctl){
		.base_reachable_time_ms = 30000,
		.retrans_time_ms = 1000,
		.delay_first_probe_time_ms = 5000,
		.gc_stale_time_ms = 60000,
		.mcast_solicit = 3,
		.ucast_solicit = 3,
		.unres_qlen_bytes = 212992,
		.locktime_ms = 1000,
		.gc_thresh1 = 128,
		.gc_thresh2 = 512,
		.gc_thresh3 = 1024,
	};
	tbl->id = "arp_cache";
	tbl->net = net;
	tbl->protocol = ETH_P_IP;
	tbl->limits = &net->ipv4.neigh;
	tbl->constructor = arp_constructor;
	tbl->solicit = arp_solicit;
	tbl->error_report = arp_error_report;
	err = neigh_table_init(tbl);
	if (err)
		kfree(tbl);
	else
		net->ipv4.arp_tbl = tbl;
	return err;
}

static void arp_net_exit(struct net *net)
{
	struct neigh_table *tbl = net->ipv4.arp_tbl;

	net->ipv4.arp_tbl = NULL;
	neigh_table_clear(tbl);
	kfree(tbl);
}

static struct pernet_operations arp_net_ops = {
	.name = "arp",
	.init = arp_net_init,
	.exit = arp_net_exit,
};

void arp_init(void)
{
	int err;

	neigh_init();
	err = register_pernet_subsys(&arp_net_ops);
	BUG_ON(err);
	register_netdevice_notifier(&arp_netdev_notifier);
	dev_add_pack(&arp_packet_type);
	arp_cache_init();
}
