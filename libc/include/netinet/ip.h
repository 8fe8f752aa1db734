/* SPDX-License-Identifier: BSD-2-Clause */
/* The IPv4 header (RFC 791 section 3.1), its options and type-of-service values. */
#ifndef _NETINET_IP_H
#define _NETINET_IP_H

#include <stdint.h>
#include <netinet/in.h>

#define IPVERSION	4
#define IP_MAXPACKET	65535
#define MAXTTL		255
#define IPDEFTTL	64

/* Fragment word, host order. */
#define IP_RF		0x8000
#define IP_DF		0x4000
#define IP_MF		0x2000
#define IP_OFFMASK	0x1fff

struct iphdr {
	uint8_t ihl : 4, version : 4;
	uint8_t tos;
	uint16_t tot_len;
	uint16_t id;
	uint16_t frag_off;
	uint8_t ttl;
	uint8_t protocol;
	uint16_t check;
	uint32_t saddr;
	uint32_t daddr;
};
_Static_assert(sizeof(struct iphdr) == 20, "wire format");

#define IPTOS_TOS_MASK		0x1E
#define IPTOS_TOS(tos)		((tos) & IPTOS_TOS_MASK)
#define IPTOS_LOWDELAY		0x10
#define IPTOS_THROUGHPUT	0x08
#define IPTOS_RELIABILITY	0x04
#define IPTOS_MINCOST		0x02
#define IPTOS_PREC_MASK		0xe0
#define IPTOS_PREC(tos)		((tos) & IPTOS_PREC_MASK)
#define IPTOS_PREC_NETCONTROL	0xe0
#define IPTOS_PREC_INTERNETCONTROL 0xc0
#define IPTOS_PREC_CRITIC_ECP	0xa0
#define IPTOS_PREC_FLASHOVERRIDE 0x80
#define IPTOS_PREC_FLASH	0x60
#define IPTOS_PREC_IMMEDIATE	0x40
#define IPTOS_PREC_PRIORITY	0x20
#define IPTOS_PREC_ROUTINE	0x00
#define IPTOS_ECN_MASK		0x03
#define IPTOS_ECN_NOT_ECT	0x00
#define IPTOS_ECN_ECT1		0x01
#define IPTOS_ECN_ECT0		0x02
#define IPTOS_ECN_CE		0x03

/* Option bytes: copy flag, class, number (RFC 791 page 15, RFC 1108, RFC 2113). */
#define IPOPT_COPY		0x80
#define IPOPT_CLASS_MASK	0x60
#define IPOPT_NUMBER_MASK	0x1f
#define IPOPT_COPIED(o)		((o) & IPOPT_COPY)
#define IPOPT_CLASS(o)		((o) & IPOPT_CLASS_MASK)
#define IPOPT_NUMBER(o)		((o) & IPOPT_NUMBER_MASK)
#define IPOPT_CONTROL		0x00
#define IPOPT_MEASUREMENT	0x40
#define IPOPT_END		0
#define IPOPT_EOL		IPOPT_END
#define IPOPT_NOOP		1
#define IPOPT_NOP		IPOPT_NOOP
#define IPOPT_RR		7
#define IPOPT_TIMESTAMP		68
#define IPOPT_TS		IPOPT_TIMESTAMP
#define IPOPT_SEC		130
#define IPOPT_LSRR		131
#define IPOPT_CIPSO		134
#define IPOPT_SID		136
#define IPOPT_SSRR		137
#define IPOPT_RA		148

#define IPOPT_OPTVAL		0
#define IPOPT_OLEN		1
#define IPOPT_OFFSET		2
#define IPOPT_MINOFF		4
#define MAX_IPOPTLEN		40
#define IPOPT_TS_TSONLY		0
#define IPOPT_TS_TSANDADDR	1
#define IPOPT_TS_PRESPEC	3

#endif
