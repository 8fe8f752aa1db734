/* SPDX-License-Identifier: BSD-2-Clause */
/* ARP header (RFC 826), hardware types (IANA arp-parameters) and the SIOCxARP request. */
#ifndef _NET_IF_ARP_H
#define _NET_IF_ARP_H

#include <sys/socket.h>

#define ARPOP_REQUEST	1
#define ARPOP_REPLY	2
#define ARPOP_RREQUEST	3
#define ARPOP_RREPLY	4
#define ARPOP_InREQUEST	8
#define ARPOP_InREPLY	9
#define ARPOP_NAK	10

#define ARPHRD_NETROM	0
#define ARPHRD_ETHER	1
#define ARPHRD_IEEE802	6
#define ARPHRD_INFINIBAND 32
#define ARPHRD_PPP	512
#define ARPHRD_TUNNEL	768
#define ARPHRD_LOOPBACK	772
#define ARPHRD_SIT	776
#define ARPHRD_IPGRE	778
#define ARPHRD_VOID	0xFFFF
#define ARPHRD_NONE	0xFFFE

/* The fixed part; sender and target addresses of ar_hln and ar_pln bytes follow. */
struct arphdr {
	uint16_t ar_hrd;
	uint16_t ar_pro;
	uint8_t ar_hln;
	uint8_t ar_pln;
	uint16_t ar_op;
};
_Static_assert(sizeof(struct arphdr) == 8, "wire format");

#define ATF_COM		0x02 /* entry complete */
#define ATF_PERM	0x04 /* permanent */
#define ATF_PUBL	0x08 /* answer for it */
#define ATF_USETRAILERS	0x10
#define ATF_NETMASK	0x20
#define ATF_DONTPUB	0x40

struct arpreq {
	struct sockaddr arp_pa;
	struct sockaddr arp_ha;
	int arp_flags;
	struct sockaddr arp_netmask;
	char arp_dev[16];
};
_Static_assert(sizeof(struct arpreq) == 68, "ABI");

#endif
