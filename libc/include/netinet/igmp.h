/* SPDX-License-Identifier: BSD-2-Clause */
/* IGMP messages, versions 1 to 3 (RFC 1112 appendix I, 2236, 3376). */
#ifndef _NETINET_IGMP_H
#define _NETINET_IGMP_H

#include <stdint.h>

struct igmphdr {
	uint8_t type;
	uint8_t code; /* version 2: maximum response time, 1/10 s */
	uint16_t csum;
	uint32_t group;
};

struct igmpv3_query {
	uint8_t type;
	uint8_t code;
	uint16_t csum;
	uint32_t group;
	uint8_t qrv : 3, suppress : 1, resv : 4;
	uint8_t qqic;
	uint16_t nsrcs;
	uint32_t srcs[];
};

struct igmpv3_grec {
	uint8_t grec_type;
	uint8_t grec_auxwords;
	uint16_t grec_nsrcs;
	uint32_t grec_mca;
	uint32_t grec_src[];
};

struct igmpv3_report {
	uint8_t type;
	uint8_t resv1;
	uint16_t csum;
	uint16_t resv2;
	uint16_t ngrec;
	/* struct igmpv3_grec records follow, each of its own length */
};

_Static_assert(sizeof(struct igmphdr) == 8, "wire format");
_Static_assert(sizeof(struct igmpv3_query) == 12, "wire format");
_Static_assert(sizeof(struct igmpv3_grec) == 8, "wire format");
_Static_assert(sizeof(struct igmpv3_report) == 8, "wire format");

#define IGMP_HOST_MEMBERSHIP_QUERY	0x11
#define IGMP_HOST_MEMBERSHIP_REPORT	0x12
#define IGMP_DVMRP			0x13
#define IGMP_PIM			0x14
#define IGMPV2_HOST_MEMBERSHIP_REPORT	0x16
#define IGMP_HOST_LEAVE_MESSAGE		0x17
#define IGMPV3_HOST_MEMBERSHIP_REPORT	0x22

#define IGMPV3_MODE_IS_INCLUDE		1
#define IGMPV3_MODE_IS_EXCLUDE		2
#define IGMPV3_CHANGE_TO_INCLUDE	3
#define IGMPV3_CHANGE_TO_EXCLUDE	4
#define IGMPV3_ALLOW_NEW_SOURCES	5
#define IGMPV3_BLOCK_OLD_SOURCES	6

#endif
