/* SPDX-License-Identifier: BSD-2-Clause */
/* Links, addresses, routes, neighbours by netlink (rtnetlink(7)): Linux's values and layouts. */
#ifndef _LINUX_RTNETLINK_H
#define _LINUX_RTNETLINK_H

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>

#define RTNL_FAMILY_MAX		129

enum {
	RTM_BASE = 16,
	RTM_NEWLINK = 16,
	RTM_DELLINK,
	RTM_GETLINK,
	RTM_SETLINK,
	RTM_NEWADDR = 20,
	RTM_DELADDR,
	RTM_GETADDR,
	RTM_NEWROUTE = 24,
	RTM_DELROUTE,
	RTM_GETROUTE,
	RTM_NEWNEIGH = 28,
	RTM_DELNEIGH,
	RTM_GETNEIGH,
	RTM_NEWRULE = 32,
	RTM_DELRULE,
	RTM_GETRULE,
	RTM_NEWQDISC = 36,
	RTM_DELQDISC,
	RTM_GETQDISC,
	RTM_NEWTCLASS = 40,
	RTM_DELTCLASS,
	RTM_GETTCLASS,
	RTM_NEWTFILTER = 44,
	RTM_DELTFILTER,
	RTM_GETTFILTER,
	RTM_NEWNSID = 88,
	RTM_DELNSID,
	RTM_GETNSID,
	RTM_NEWSTATS = 92,
	RTM_GETSTATS = 94,
	RTM_NEWNEXTHOP = 104,
	RTM_DELNEXTHOP,
	RTM_GETNEXTHOP,
	RTM_GETTUNNEL = 122,
};
#define RTM_MAX			123
#define RTM_NR_MSGTYPES		(RTM_MAX + 1 - RTM_BASE)

struct rtattr {
	unsigned short rta_len;
	unsigned short rta_type;
};
#define RTA_ALIGNTO		4U
#define RTA_ALIGN(len)		(((len) + RTA_ALIGNTO - 1) & ~(RTA_ALIGNTO - 1))
#define RTA_LENGTH(len)		(RTA_ALIGN(sizeof(struct rtattr)) + (len))
#define RTA_DATA(rta)		((void *)((char *)(rta) + RTA_LENGTH(0)))

struct rtgenmsg {
	unsigned char rtgen_family;
};

struct rtmsg {
	unsigned char rtm_family;
	unsigned char rtm_dst_len;
	unsigned char rtm_src_len;
	unsigned char rtm_tos;
	unsigned char rtm_table;
	unsigned char rtm_protocol;
	unsigned char rtm_scope;
	unsigned char rtm_type;
	unsigned rtm_flags;
};

enum {
	RTN_UNSPEC,
	RTN_UNICAST,
	RTN_LOCAL,
	RTN_BROADCAST,
	RTN_ANYCAST,
	RTN_MULTICAST,
	RTN_BLACKHOLE,
	RTN_UNREACHABLE,
	RTN_PROHIBIT,
	RTN_THROW,
	RTN_NAT,
	RTN_XRESOLVE,
};
#define RTN_MAX			RTN_XRESOLVE

/* Who made a route. */
#define RTPROT_UNSPEC		0
#define RTPROT_REDIRECT		1
#define RTPROT_KERNEL		2
#define RTPROT_BOOT		3
#define RTPROT_STATIC		4
#define RTPROT_DHCP		16

enum rt_scope_t {
	RT_SCOPE_UNIVERSE = 0,
	RT_SCOPE_SITE = 200,
	RT_SCOPE_LINK = 253,
	RT_SCOPE_HOST = 254,
	RT_SCOPE_NOWHERE = 255,
};

#define RTM_F_NOTIFY		0x100
#define RTM_F_CLONED		0x200
#define RTM_F_EQUALIZE		0x400
#define RTM_F_PREFIX		0x800
#define RTM_F_LOOKUP_TABLE	0x1000
#define RTM_F_FIB_MATCH		0x2000

enum rt_class_t {
	RT_TABLE_UNSPEC = 0,
	RT_TABLE_COMPAT = 252,
	RT_TABLE_DEFAULT = 253,
	RT_TABLE_MAIN = 254,
	RT_TABLE_LOCAL = 255,
	RT_TABLE_MAX = 0xFFFFFFFF,
};

enum rtattr_type_t {
	RTA_UNSPEC,
	RTA_DST,
	RTA_SRC,
	RTA_IIF,
	RTA_OIF,
	RTA_GATEWAY,
	RTA_PRIORITY,
	RTA_PREFSRC,
	RTA_METRICS,
	RTA_MULTIPATH,
	RTA_PROTOINFO,
	RTA_FLOW,
	RTA_CACHEINFO,
	RTA_SESSION,
	RTA_MP_ALGO,
	RTA_TABLE,
	RTA_MARK,
	RTA_MFC_STATS,
	RTA_VIA,
	RTA_NEWDST,
	RTA_PREF,
	RTA_ENCAP_TYPE,
	RTA_ENCAP,
	RTA_EXPIRES,
	RTA_PAD,
	RTA_UID,
	RTA_TTL_PROPAGATE,
	RTA_IP_PROTO,
	RTA_SPORT,
	RTA_DPORT,
	RTA_NH_ID,
};
#define RTA_MAX			RTA_NH_ID

#define RTNH_F_DEAD		1
#define RTNH_F_PERVASIVE	2
#define RTNH_F_ONLINK		4
#define RTNH_F_OFFLOAD		8
#define RTNH_F_LINKDOWN		16

struct rta_cacheinfo {
	uint32_t rta_clntref;
	uint32_t rta_lastuse;
	int32_t rta_expires;
	uint32_t rta_error;
	uint32_t rta_used;
	uint32_t rta_id;
	uint32_t rta_ts;
	uint32_t rta_tsage;
};

enum {
	RTAX_UNSPEC,
	RTAX_LOCK,
	RTAX_MTU,
	RTAX_CC_ALGO = 16,
	RTAX_FASTOPEN_NO_COOKIE = 17,
};
#define RTAX_MAX		RTAX_FASTOPEN_NO_COOKIE

/* IFLA_* are in <linux/if_link.h>. */
struct ifinfomsg {
	unsigned char ifi_family;
	unsigned char __ifi_pad;
	unsigned short ifi_type;
	int ifi_index;
	unsigned ifi_flags;
	unsigned ifi_change;
};

struct tcmsg {
	unsigned char tcm_family;
	unsigned char tcm__pad1;
	unsigned short tcm__pad2;
	int tcm_ifindex;
	uint32_t tcm_handle;
	uint32_t tcm_parent;
	uint32_t tcm_info;
};
enum {
	TCA_UNSPEC,
	TCA_KIND,
	TCA_OPTIONS,
};
#define TC_H_ROOT		(0xFFFFFFFFU)

/* The first 32 groups as bits, as programs of old bind them. */
#define RTMGRP_LINK		1
#define RTMGRP_NOTIFY		2
#define RTMGRP_NEIGH		4
#define RTMGRP_IPV4_IFADDR	0x10
#define RTMGRP_IPV4_ROUTE	0x40

enum rtnetlink_groups {
	RTNLGRP_NONE,
	RTNLGRP_LINK,
	RTNLGRP_NOTIFY,
	RTNLGRP_NEIGH,
	RTNLGRP_TC,
	RTNLGRP_IPV4_IFADDR,
	RTNLGRP_IPV4_MROUTE,
	RTNLGRP_IPV4_ROUTE,
	RTNLGRP_IPV4_RULE,
	RTNLGRP_NSID = 28,
	RTNLGRP_STATS = 36,
};
#define RTNLGRP_MAX		RTNLGRP_STATS

#define RTEXT_FILTER_VF			(1 << 0)
#define RTEXT_FILTER_BRVLAN		(1 << 1)
#define RTEXT_FILTER_SKIP_STATS		(1 << 3)

_Static_assert(sizeof(struct rtmsg) == 12, "ABI");
_Static_assert(sizeof(struct ifinfomsg) == 16, "ABI");
_Static_assert(sizeof(struct tcmsg) == 20, "ABI");

#endif
