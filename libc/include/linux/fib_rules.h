/* SPDX-License-Identifier: BSD-2-Clause */
/* Routing rules in rtnetlink messages (RTM_NEWRULE). */
#ifndef _LINUX_FIB_RULES_H
#define _LINUX_FIB_RULES_H

#include <linux/netlink.h>

struct fib_rule_hdr {
	uint8_t family;
	uint8_t dst_len;
	uint8_t src_len;
	uint8_t tos;
	uint8_t table;
	uint8_t res1;
	uint8_t res2;
	uint8_t action;
	uint32_t flags;
};

enum {
	FRA_UNSPEC,
	FRA_PRIORITY = 6,
	FRA_SUPPRESS_PREFIXLEN = 14,
	FRA_TABLE = 15,
	FRA_PROTOCOL = 21,
};

enum {
	FR_ACT_UNSPEC,
	FR_ACT_TO_TBL,
};

_Static_assert(sizeof(struct fib_rule_hdr) == 12, "ABI");

#endif
