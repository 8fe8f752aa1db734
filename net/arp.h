/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_ARP_H
#define BW_NET_ARP_H

/* ARP (RFC 826, RFC 5227). net/ipv4/arp.c, arp_cache.c. */
#include <net/neighbour.h>

struct arpreq;

/* One packet's contents. */
struct arp_fields {
	int op; /* ARPOP_* */
	be32 sender_ip, target_ip;
	const u8 *sender_hw; /* NULL: the device's */
	const u8 *target_hw; /* NULL: zero */
};
/* Send one ARP packet to dest_hw (NULL: broadcast). Softirqs off. */
void arp_send(struct net_device *dev, const struct arp_fields *f, const u8 *dest_hw);
/* Gratuitous announcement of addr (RFC 5227 section 3). */
void arp_announce(struct net_device *dev, be32 addr);
/*
 * Probe for conflict (RFC 5227 section 2.1.1): sends `probes` probes, wait_ms apart, and listens;
 * true as soon as somebody else turns out to have addr. Sleeps.
 */
bool arp_probe_conflict(struct net_device *dev, be32 addr, int probes, unsigned int wait_ms);
/* r is the program's memory. */
int arp_ioctl(struct net *net, unsigned int cmd, struct arpreq *r);
/* Every answer counts as a conflict for a probe that waits for it. From arp_rcv, softirq. */
void arp_probe_heard(const struct net_device *dev, be32 sender_ip, const u8 *sender_hw);
void arp_cache_init(void);
void arp_init(void);

#endif /* BW_NET_ARP_H */
