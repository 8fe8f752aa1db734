/* SPDX-License-Identifier: BSD-2-Clause */
/* NETLINK_SOCK_DIAG (sock_diag(7)): what every family's part shares. */
#ifndef _LINUX_SOCK_DIAG_H
#define _LINUX_SOCK_DIAG_H

#include <linux/netlink.h>

#define SOCK_DIAG_BY_FAMILY	20
#define SOCK_DESTROY		21

struct sock_diag_req {
	uint8_t sdiag_family;
	uint8_t sdiag_protocol;
};

/* SK_MEMINFO_* are in <bits/sockopt.h>, by <sys/socket.h>. */

#endif
