/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of interfaces in rtnetlink messages (RTM_NEWADDR and its kind). */
#ifndef _LINUX_IF_ADDR_H
#define _LINUX_IF_ADDR_H

#include <linux/netlink.h>

struct ifaddrmsg {
	uint8_t ifa_family;
	uint8_t ifa_prefixlen;
	uint8_t ifa_flags;
	uint8_t ifa_scope;
	uint32_t ifa_index;
};

enum {
	IFA_UNSPEC,
	IFA_ADDRESS,
	IFA_LOCAL,
	IFA_LABEL,
	IFA_BROADCAST,
	IFA_ANYCAST,
	IFA_CACHEINFO,
	IFA_MULTICAST,
	IFA_FLAGS,
	IFA_RT_PRIORITY,
	IFA_TARGET_NETNSID,
	IFA_PROTO,
};
#define IFA_MAX			IFA_PROTO

#define IFA_F_SECONDARY		0x01 /* another address of the same subnet came first */
#define IFA_F_TEMPORARY		IFA_F_SECONDARY
#define IFA_F_NODAD		0x02
#define IFA_F_DEPRECATED	0x20
#define IFA_F_TENTATIVE		0x40
#define IFA_F_PERMANENT		0x80
#define IFA_F_MANAGETEMPADDR	0x100
#define IFA_F_NOPREFIXROUTE	0x200 /* the address brings no route to its subnet */
#define IFA_F_MCAUTOJOIN	0x400

struct ifa_cacheinfo {
	uint32_t ifa_prefered;
	uint32_t ifa_valid;
	uint32_t cstamp; /* hundredths of a second */
	uint32_t tstamp;
};

_Static_assert(sizeof(struct ifaddrmsg) == 8, "ABI");
_Static_assert(sizeof(struct ifa_cacheinfo) == 16, "ABI");

#endif
