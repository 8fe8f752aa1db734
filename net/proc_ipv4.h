/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_PROC_IPV4_H
#define BW_NET_PROC_IPV4_H

/* Between proc.c (counters) and proc_socks.c (the lists of socks, and killing one). */
#include <kernel/fs/procfs.h>
#include <net/udp.h>
#include <net/inet_hashtables.h>

int ip_sock_proc_init(void);
int tcp_info_show(struct seq_file *m); /* proc_tcp_info.c */
int tcp_metrics_proc_init(void);       /* proc_tcp_metrics.c */

#endif /* BW_NET_PROC_IPV4_H */
