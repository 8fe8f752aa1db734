/* SPDX-License-Identifier: BSD-2-Clause */
/* IFLA_INFO_DATA of a veth pair. */
#ifndef _LINUX_VETH_H
#define _LINUX_VETH_H

enum {
	VETH_INFO_UNSPEC,
	VETH_INFO_PEER, /* an ifinfomsg and attributes for the other end */
};

#endif
