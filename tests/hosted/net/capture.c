// SPDX-License-Identifier: BSD-2-Clause
/* The other end of the wire for tests of net/; see capture.h. */
#include <kernel/sched/softirq.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/if_arp.h>
#include <net/skb_ops.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

const u8 peer_mac[6] = {2, 0, 0, 0, 0, 2};
const u8 other_mac[6] = {2, 0, 0, 0, 0, 9};
const u8 bcast_mac[6] = {255, 255, 255, 255, 255, 255};

static struct cap_frame frames[CAP_FRAMES];

static netdev_tx_t cap_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	struct cap *c = *(struct cap **)netdev_priv(dev);

	if (c->busy) {
		netif_stop_queue(dev);
		return NETDEV_TX_BUSY;
	}
	assert_true(skb->len <= sizeof(c->frame[0].data));
	assert_int_not_equal(c->n, CAP_FRAMES);
	assert_int_equal(skb_copy_bits(skb, 0, c->frame[c->n].data, skb->len), 0);
	c->frame[c->n++].len = skb->len;
	c->sent++;
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static void cap_rx_mode(struct net_device *dev)
{
	(void)dev;
}

static const struct net_device_ops cap_ops = {.ndo_start_xmit = cap_xmit,
					      .ndo_set_rx_mode = cap_rx_mode};

void cap_make(struct cap *c, u32 features, u32 how)
{
	static const u8 mac[6] = {2, 0, 0, 0, 0, 1};
	struct neighbour *n;

	memset(c, 0, sizeof(*c));
	c->frame = frames;
	c->net = net_create("h");
	assert_false(IS_ERR(c->net));
	c->dev = alloc_etherdev(sizeof(struct cap *));
	assert_non_null(c->dev);
	*(struct cap **)netdev_priv(c->dev) = c;
	c->dev->nd_net = c->net;
	c->dev->netdev_ops = &cap_ops;
	c->dev->features = features;
	c->dev->max_mtu = 65535;
	memcpy(c->dev->dev_addr, mac, 6);
	assert_int_equal(register_netdev(c->dev), 0);
	assert_int_equal(dev_open(c->dev), 0);
	if (how & CAP_NO_ADDR)
		return;
	assert_int_equal(inet_addr_add(c->dev, HOST_IP, 24, ip4(10, 0, 0, 255)), 0);
	hosted_advance(10 * 1000);
	cap_forget(c);
	if (how & CAP_NO_PEER)
		return;
	local_bh_disable();
	n = neigh_lookup_create(c->net, PEER_IP, c->dev);
	assert_false(IS_ERR(n));
	neigh_update(n, peer_mac, NUD_PERMANENT, NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN);
	neigh_release(n);
	local_bh_enable();
}

void cap_destroy(struct cap *c)
{
	hosted_drain(100 * 1000);
	put_net(c->net);
	hosted_drain(100 * 1000);
}

const u8 *cap_next(struct cap *c, u32 *len)
{
	if (c->read == c->n)
		return NULL;
	*len = c->frame[c->read].len;
	return c->frame[c->read++].data;
}

void cap_forget(struct cap *c)
{
	c->n = c->read = 0;
}

void cap_inject(struct cap *c, const u8 *dst, const u8 *src, u16 type, struct bytes data)
{
	struct sk_buff *skb = netdev_alloc_skb(c->dev, ETH_HLEN + data.len);
	struct ethhdr *eth;

	if (!skb)
		return; /* no memory, by a test's will: the frame is lost */
	eth = skb_put(skb, ETH_HLEN);
	memcpy(eth->h_dest, dst, 6);
	memcpy(eth->h_source, src, 6);
	eth->h_proto = cpu_to_be16(type);
	if (data.len)
		memcpy(skb_put(skb, data.len), data.p, data.len);
	local_bh_disable();
	skb->protocol = eth_type_trans(skb, c->dev);
	netif_receive_skb(skb);
	local_bh_enable();
}

void cap_inject_ip_opt(struct cap *c, struct iphdr ih, struct bytes opt, struct bytes payload)
{
	static u8 buf[66000];
	struct iphdr *iph = (struct iphdr *)buf;
	u32 hlen = sizeof(ih) + opt.len;

	ih.version = ih.version ? ih.version : 4;
	ih.ihl = ih.ihl ? ih.ihl : (hlen / 4) & 15;
	ih.ttl = ih.ttl ? ih.ttl : 64;
	ih.saddr = ih.saddr ? ih.saddr : PEER_IP;
	ih.daddr = ih.daddr ? ih.daddr : HOST_IP;
	ih.tot_len = ih.tot_len ? ih.tot_len : cpu_to_be16(hlen + payload.len);
	*iph = ih;
	if (opt.len)
		memcpy(iph + 1, opt.p, opt.len);
	if (!ih.check)
		iph->check = csum_fold(csum_partial(iph, hlen, 0));
	if (payload.len)
		memcpy(buf + hlen, payload.p, payload.len);
	cap_inject(c,
		   ipv4_is_lbcast(ih.daddr) || ih.daddr == ip4(10, 0, 0, 255) ? bcast_mac
									      : c->dev->dev_addr,
		   peer_mac, ETH_P_IP, BYTES(buf, hlen + payload.len));
}

void cap_inject_ip(struct cap *c, struct iphdr ih, const void *payload, u32 len)
{
	cap_inject_ip_opt(c, ih, BYTES(NULL, 0), BYTES(payload, len));
}

bool csum_ok(const void *p, u32 len, wsum pseudo)
{
	return csum_fold(csum_partial(p, len, pseudo)) == 0;
}

const struct iphdr *cap_next_ip(struct cap *c, u8 protocol, const u8 **payload, u32 *len)
{
	u32 flen;
	const u8 *f = cap_next(c, &flen);
	const struct iphdr *ih;

	if (!f)
		return NULL;
	assert_true(flen >= ETH_HLEN + sizeof(*ih));
	assert_int_equal(f[12] << 8 | f[13], ETH_P_IP);
	ih = (const struct iphdr *)(f + ETH_HLEN);
	assert_int_equal(ih->version, 4);
	assert_int_equal(be16_to_cpu(ih->tot_len), flen - ETH_HLEN);
	assert_true(csum_ok(ih, ih->ihl * 4u, 0));
	assert_int_equal(ih->protocol, protocol);
	*payload = (const u8 *)ih + ih->ihl * 4;
	*len = be16_to_cpu(ih->tot_len) - ih->ihl * 4u;
	return ih;
}

u32 udp_build(u8 *buf, const struct iphdr *ih, u16 sport, u16 dport, const char *text)
{
	struct udphdr *uh = (struct udphdr *)buf;
	u32 len = (u32)strlen(text), total = sizeof(*uh) + len;

	*uh = (struct udphdr){.source = cpu_to_be16(sport),
			      .dest = cpu_to_be16(dport),
			      .len = cpu_to_be16(total)};
	memcpy(uh + 1, text, len);
	uh->check =
		csum_tcpudp_magic(ih->saddr ? ih->saddr : PEER_IP, ih->daddr ? ih->daddr : HOST_IP,
				  total, IPPROTO_UDP, csum_partial(uh, total, 0));
	return total;
}

u32 echo_build(u8 *buf, u8 type, u16 id, u16 seq, u32 datalen)
{
	struct icmphdr *ih = (struct icmphdr *)buf;
	u32 i;

	*ih = (struct icmphdr){.type = type};
	ih->un.echo.id = cpu_to_be16(id);
	ih->un.echo.sequence = cpu_to_be16(seq);
	for (i = 0; i < datalen; i++)
		buf[sizeof(*ih) + i] = (u8)(i * 7);
	ih->checksum = csum_fold(csum_partial(buf, sizeof(*ih) + datalen, 0));
	return sizeof(*ih) + datalen;
}
