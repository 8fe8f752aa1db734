/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_SYSCTL_IPV4_H
#define BW_NET_SYSCTL_IPV4_H

/* Rows of the net.ipv4 tables, and what sysctl_net_ipv4.c and sysctl_tcp.c need of each other. */
#include <kernel/fs/sysctl.h>
#include <net/net_namespace.h>

#define IPV4_OFFSET(member) ((void *)offsetof(struct net, ipv4.member))
#define IPV4_ROW(name, member, fn, lo, hi)                                                       \
	{                                                                                        \
		.procname = (name), .data = IPV4_OFFSET(member),                                 \
		.maxlen = sizeof(((struct net *)0)->ipv4.member), .mode = 0644, .handler = (fn), \
		.extra1 = (lo), .extra2 = (hi)                                                   \
	}
#define IPV4_INT(name, member, lo, hi)	IPV4_ROW(name, member, proc_dointvec_minmax, lo, hi)
#define IPV4_UINT(name, member, lo, hi) IPV4_ROW(name, member, proc_douintvec_minmax, lo, hi)
#define IPV4_LONG(name, member, lo, hi) IPV4_ROW(name, member, proc_doulongvec_minmax, lo, hi)
/* Milliseconds inside, seconds outside. */
#define IPV4_SECONDS(name, member) IPV4_ROW(name, member, proc_dointvec_jiffies, 0, 0)

void ipv4_mem_defaults(long mem[3], unsigned long divisor);
void ipv4_tcp_sysctl_defaults(struct net *net);
int ipv4_tcp_sysctl_register(void);
void ipv4_sysctl_register(void);

#endif /* BW_NET_SYSCTL_IPV4_H */
