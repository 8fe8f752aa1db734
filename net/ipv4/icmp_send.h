/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_IPV4_ICMP_SEND_H
#define BW_NET_IPV4_ICMP_SEND_H

/* Between icmp.c and icmp_send.c: what may be sent, and counting. Softirqs off. */
#include <net/icmp.h>
#include <net/netdevice.h>

/* Do the limits allow a message of this kind to daddr? Takes a token. dev: by which it goes. */
bool icmp_xrlim_allow(struct net *net, const struct net_device *dev, be32 daddr, u8 type, u8 code);
void icmp_out_count(struct net *net, u8 type);
void icmp_in_count(struct net *net, u8 type);

#endif /* BW_NET_IPV4_ICMP_SEND_H */
