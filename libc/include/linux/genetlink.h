/* SPDX-License-Identifier: BSD-2-Clause */
/* Generic netlink: families by name, and the controller that knows them. */
#ifndef _LINUX_GENETLINK_H
#define _LINUX_GENETLINK_H

#include <linux/netlink.h>

#define GENL_NAMSIZ	16
#define GENL_MIN_ID	NLMSG_MIN_TYPE
#define GENL_MAX_ID	1023
#define GENL_ID_CTRL	NLMSG_MIN_TYPE

struct genlmsghdr {
	uint8_t cmd;
	uint8_t version;
	uint16_t reserved;
};
#define GENL_HDRLEN	NLMSG_ALIGN(sizeof(struct genlmsghdr))

enum {
	CTRL_CMD_UNSPEC,
	CTRL_CMD_NEWFAMILY,
	CTRL_CMD_DELFAMILY,
	CTRL_CMD_GETFAMILY,
};
enum {
	CTRL_ATTR_UNSPEC,
	CTRL_ATTR_FAMILY_ID,
	CTRL_ATTR_FAMILY_NAME,
	CTRL_ATTR_VERSION,
	CTRL_ATTR_HDRSIZE,
	CTRL_ATTR_MAXATTR,
	CTRL_ATTR_OPS,
	CTRL_ATTR_MCAST_GROUPS,
	CTRL_ATTR_POLICY,
	CTRL_ATTR_OP_POLICY,
	CTRL_ATTR_OP,
};

_Static_assert(sizeof(struct genlmsghdr) == 4, "ABI");

#endif
