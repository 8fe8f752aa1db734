/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_NETNS_UNIX_H
#define BW_NET_NETNS_UNIX_H

/*
 * The AF_UNIX part of a namespace: its names and its sysctl. Made and freed by net/unix/af_unix.c.
 */
struct unix_table;

struct netns_unix {
	struct unix_table *table;   /* every sock (net/unix/unix_name.c) */
	int sysctl_max_dgram_qlen; /* net.unix.max_dgram_qlen */
};

#endif /* BW_NET_NETNS_UNIX_H */
