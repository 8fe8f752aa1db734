/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_FLOW_H
#define BW_NET_FLOW_H

/* flowi4: what a route is asked for. */
#include <kernel/lib/byteorder.h>

#define FLOWI_FLAG_ANYSRC \
	0x1 /* the source need not be one of ours (ip_nonlocal_bind, IP_TRANSPARENT) */

struct flowi4 {
	int flowi4_oif, flowi4_iif;
	u32 flowi4_mark;
	u8 flowi4_tos, flowi4_scope, flowi4_proto, flowi4_flags;
	be32 saddr, daddr;
	be16 fl4_sport, fl4_dport;
};

#endif /* BW_NET_FLOW_H */
