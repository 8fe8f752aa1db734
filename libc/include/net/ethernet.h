/* SPDX-License-Identifier: BSD-2-Clause */
/* Ethernet II framing (IEEE 802.3) and EtherTypes (IANA ieee-802-numbers). */
#ifndef _NET_ETHERNET_H
#define _NET_ETHERNET_H

#include <stdint.h>

#define ETH_ALEN	6
#define ETH_TLEN	2
#define ETH_HLEN	14
#define ETH_ZLEN	60 /* shortest frame without FCS */
#define ETH_DATA_LEN	1500
#define ETH_FRAME_LEN	1514
#define ETH_FCS_LEN	4
#define ETH_MIN_MTU	68 /* RFC 791's smallest */
#define ETH_MAX_MTU	0xFFFFU

#define ETH_P_802_3_MIN	0x0600 /* smaller: an IEEE 802.3 length */
#define ETH_P_LOOP	0x0060
#define ETH_P_IP	0x0800
#define ETH_P_ARP	0x0806
#define ETH_P_RARP	0x8035
#define ETH_P_8021Q	0x8100
#define ETH_P_IPX	0x8137
#define ETH_P_IPV6	0x86DD
#define ETH_P_PAUSE	0x8808
#define ETH_P_MPLS_UC	0x8847
#define ETH_P_MPLS_MC	0x8848
#define ETH_P_PPP_DISC	0x8863
#define ETH_P_PPP_SES	0x8864
#define ETH_P_PAE	0x888E
#define ETH_P_8021AD	0x88A8
#define ETH_P_802_EX1	0x88B5 /* local experiments, first */
#define ETH_P_LLDP	0x88CC
#define ETH_P_1588	0x88F7
#define ETH_P_LOOPBACK	0x9000
/* Not on the wire: packet types inside the machine. */
#define ETH_P_802_3	0x0001
#define ETH_P_ALL	0x0003
#define ETH_P_802_2	0x0004

struct ethhdr {
	uint8_t h_dest[ETH_ALEN];
	uint8_t h_source[ETH_ALEN];
	uint16_t h_proto;
} __attribute__((packed));

struct ether_addr {
	uint8_t ether_addr_octet[ETH_ALEN];
} __attribute__((packed));

/* The BSD name of the same header. */
struct ether_header {
	uint8_t ether_dhost[ETH_ALEN];
	uint8_t ether_shost[ETH_ALEN];
	uint16_t ether_type;
} __attribute__((packed));

_Static_assert(sizeof(struct ethhdr) == 14, "wire format");
_Static_assert(sizeof(struct ether_header) == 14, "wire format");

#define ETHERTYPE_IP	ETH_P_IP
#define ETHERTYPE_ARP	ETH_P_ARP
#define ETHERTYPE_IPV6	ETH_P_IPV6
#define ETHERTYPE_VLAN	ETH_P_8021Q

#endif
