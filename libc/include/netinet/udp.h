/* SPDX-License-Identifier: BSD-2-Clause */
/* The UDP header (RFC 768) and the UDP level options. */
#ifndef _NETINET_UDP_H
#define _NETINET_UDP_H

#include <stdint.h>

struct udphdr {
	uint16_t source;
	uint16_t dest;
	uint16_t len;
	uint16_t check;
};
_Static_assert(sizeof(struct udphdr) == 8, "wire format");

#define UDP_CORK		1
#define UDP_ENCAP		100
#define UDP_NO_CHECK6_TX	101
#define UDP_NO_CHECK6_RX	102
#define UDP_SEGMENT		103
#define UDP_GRO			104

#define SOL_UDP			17

#endif
