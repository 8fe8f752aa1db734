/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_ARP_H
#define BW_NET_ARP_H

/* ARP (RFC 826, RFC 5227). net/ipv4/arp.c. */
#include <net/neighbour.h>

struct arpreq;

/* One ARP packet; dest_hw NULL means broadcast, target_hw NULL zero. Consumes nothing. Softirqs off. */
void arp_send(int type, struct net_device *dev, be32 dest_ip, be32 src_ip, const u8 *dest_hw,
	      const u8 *src_hw, const u8 *target_hw);
/* Gratuitous announcement of addr (RFC 5227 section 3). */
void arp_announce(struct net_device *dev, be32 addr);
/* Probe for conflict (RFC 5227 section 2.1.1): sends probes, sleeps; true when somebody answers. */
bool arp_probe_conflict(struct net_device *dev, be32 addr);
int arp_ioctl(struct net *net, unsigned int cmd, struct arpreq *r);
void arp_init(void);

#endif /* BW_NET_ARP_H */
