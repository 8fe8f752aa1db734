/* SPDX-License-Identifier: BSD-2-Clause */
/* Internet addresses, protocol numbers and IP level options (RFC 791, 3493, 3542; Linux values). */
#ifndef _NETINET_IN_H
#define _NETINET_IN_H

#include <sys/socket.h>
#include <bits/inet_types.h>

#define IPPROTO_IP		0
#define IPPROTO_HOPOPTS		0
#define IPPROTO_ICMP		1
#define IPPROTO_IGMP		2
#define IPPROTO_IPIP		4
#define IPPROTO_TCP		6
#define IPPROTO_EGP		8
#define IPPROTO_PUP		12
#define IPPROTO_UDP		17
#define IPPROTO_IDP		22
#define IPPROTO_DCCP		33
#define IPPROTO_IPV6		41
#define IPPROTO_ROUTING		43
#define IPPROTO_FRAGMENT	44
#define IPPROTO_RSVP		46
#define IPPROTO_GRE		47
#define IPPROTO_ESP		50
#define IPPROTO_AH		51
#define IPPROTO_ICMPV6		58
#define IPPROTO_NONE		59
#define IPPROTO_DSTOPTS		60
#define IPPROTO_BEETPH		94
#define IPPROTO_PIM		103
#define IPPROTO_COMP		108
#define IPPROTO_SCTP		132
#define IPPROTO_MH		135
#define IPPROTO_UDPLITE		136
#define IPPROTO_MPLS		137
#define IPPROTO_ETHERNET	143
#define IPPROTO_RAW		255
#define IPPROTO_MAX		263
#define IPPROTO_MPTCP		262

#define INADDR_ANY		((in_addr_t)0x00000000)
#define INADDR_BROADCAST	((in_addr_t)0xffffffff)
#define INADDR_NONE		((in_addr_t)0xffffffff)
#define INADDR_LOOPBACK		((in_addr_t)0x7f000001)
#define INADDR_UNSPEC_GROUP	((in_addr_t)0xe0000000)
#define INADDR_ALLHOSTS_GROUP	((in_addr_t)0xe0000001)
#define INADDR_ALLRTRS_GROUP	((in_addr_t)0xe0000002)
#define INADDR_ALLSNOOPERS_GROUP ((in_addr_t)0xe000006a)
#define INADDR_MAX_LOCAL_GROUP	((in_addr_t)0xe00000ff)

/* Classes of a host-order address (RFC 791 section 3.2, RFC 1112 section 4). */
#define IN_CLASSA(a)	(((in_addr_t)(a) & 0x80000000) == 0)
#define IN_CLASSA_NET	0xff000000
#define IN_CLASSB(a)	(((in_addr_t)(a) & 0xc0000000) == 0x80000000)
#define IN_CLASSB_NET	0xffff0000
#define IN_CLASSC(a)	(((in_addr_t)(a) & 0xe0000000) == 0xc0000000)
#define IN_CLASSC_NET	0xffffff00
#define IN_CLASSD(a)	(((in_addr_t)(a) & 0xf0000000) == 0xe0000000)
#define IN_MULTICAST(a)	IN_CLASSD(a)
#define IN_EXPERIMENTAL(a) (((in_addr_t)(a) & 0xe0000000) == 0xe0000000)
#define IN_BADCLASS(a)	(((in_addr_t)(a) & 0xf0000000) == 0xf0000000)
#define IN_LOOPBACKNET	127

#define INET_ADDRSTRLEN		16
#define INET6_ADDRSTRLEN	46

#define IPPORT_RESERVED		1024

struct sockaddr_in {
	sa_family_t sin_family;
	in_port_t sin_port;
	struct in_addr sin_addr;
	unsigned char sin_zero[8];
};

struct in6_addr {
	union {
		uint8_t __u6_addr8[16];
		uint16_t __u6_addr16[8];
		uint32_t __u6_addr32[4];
	} __in6_u;
#define s6_addr		__in6_u.__u6_addr8
#define s6_addr16	__in6_u.__u6_addr16
#define s6_addr32	__in6_u.__u6_addr32
};

struct sockaddr_in6 {
	sa_family_t sin6_family;
	in_port_t sin6_port;
	uint32_t sin6_flowinfo;
	struct in6_addr sin6_addr;
	uint32_t sin6_scope_id;
};

#define IN6ADDR_ANY_INIT	{ { { 0 } } }
#define IN6ADDR_LOOPBACK_INIT	{ { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } } }

_Static_assert(sizeof(struct sockaddr_in) == 16, "ABI");
_Static_assert(sizeof(struct in6_addr) == 16, "ABI");
_Static_assert(sizeof(struct sockaddr_in6) == 28, "ABI");

#include <bits/in_opts.h>

#endif
