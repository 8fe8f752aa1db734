// SPDX-License-Identifier: BSD-2-Clause
/*
 * Ethernet II framing (IEEE 802.3 clause 3, RFC 894): the header that is pushed before a packet
 * leaves and read when one comes. IEEE 802.3 length frames are told apart (their "type" is below
 * 0x600) and given the type ETH_P_802_2, for which no protocol of ours registers.
 *
 * eth_type_trans() is called by drivers for each received frame (softirq), header_ops->create by
 * neighbours and packet sockets. VLAN tags are left out.
 */
#include <errno.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <net/netdevice.h>
#include <net/skb_ops.h>
#include <string.h>

static int eth_header(struct sk_buff *skb, struct net_device *dev, u16 type, const void *daddr,
		      const void *saddr)
{
	struct ethhdr *eth = skb_push(skb, ETH_HLEN);

	eth->h_proto = cpu_to_be16(type);
	memcpy(eth->h_source, saddr ? saddr : dev->dev_addr, ETH_ALEN);
	if (daddr) {
		memcpy(eth->h_dest, daddr, ETH_ALEN);
		return ETH_HLEN;
	}
	if (dev->flags & (IFF_LOOPBACK | IFF_NOARP)) {
		memset(eth->h_dest, 0, ETH_ALEN);
		return ETH_HLEN;
	}
	return -ETH_HLEN;
}

static const struct header_ops eth_header_ops = {.create = eth_header};

static bool ether_addr_equal(const u8 *a, const u8 *b)
{
	u32 a4, b4;
	u16 a2, b2;

	memcpy(&a4, a, 4);
	memcpy(&b4, b, 4);
	memcpy(&a2, a + 4, 2);
	memcpy(&b2, b + 4, 2);
	return !((a4 ^ b4) | (u32)(a2 ^ b2));
}

be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev)
{
	const struct ethhdr *eth;

	skb->dev = dev;
	skb_reset_mac_header(skb);
	skb->mac_len = ETH_HLEN;
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
		return cpu_to_be16(ETH_P_802_2); /* no protocol takes it: dropped and counted */
	eth = (const struct ethhdr *)skb->data;
	skb_pull(skb, ETH_HLEN);
	if (likely(ether_addr_equal(eth->h_dest, dev->dev_addr)))
		skb->pkt_type = PACKET_HOST;
	else if (eth->h_dest[0] & 1)
		skb->pkt_type = ether_addr_equal(eth->h_dest, dev->broadcast) ? PACKET_BROADCAST
									      : PACKET_MULTICAST;
	else
		skb->pkt_type = PACKET_OTHERHOST;
	if (likely(be16_to_cpu(eth->h_proto) >= ETH_P_802_3_MIN))
		return eth->h_proto;
	return cpu_to_be16(ETH_P_802_2);
}

void ether_setup(struct net_device *dev)
{
	dev->header_ops = &eth_header_ops;
	dev->type = ARPHRD_ETHER;
	dev->hard_header_len = ETH_HLEN;
	dev->mtu = ETH_DATA_LEN;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_DATA_LEN;
	dev->addr_len = ETH_ALEN;
	dev->tx_queue_len = 1000;
	dev->flags = IFF_BROADCAST | IFF_MULTICAST;
	memset(dev->broadcast, 0xff, ETH_ALEN);
}
