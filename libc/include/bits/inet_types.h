/* SPDX-License-Identifier: BSD-2-Clause */
/* in_addr_t, in_port_t and the host/network order conversions. */
#ifndef _BITS_INET_TYPES_H
#define _BITS_INET_TYPES_H

#include <stdint.h>

typedef uint32_t in_addr_t;
typedef uint16_t in_port_t;

struct in_addr {
	in_addr_t s_addr; /* network order */
};

_Static_assert(sizeof(struct in_addr) == 4, "ABI");

/*
 * Macros besides, so that they can initialise constants and switch labels; the functions exist
 * too.
 */
uint16_t htons(uint16_t host);
uint16_t ntohs(uint16_t net);
uint32_t htonl(uint32_t host);
uint32_t ntohl(uint32_t net);
#define htons(x)	((uint16_t)__builtin_bswap16(x))
#define ntohs(x)	((uint16_t)__builtin_bswap16(x))
#define htonl(x)	((uint32_t)__builtin_bswap32(x))
#define ntohl(x)	((uint32_t)__builtin_bswap32(x))

#endif
