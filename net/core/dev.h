/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_CORE_DEV_H
#define BW_NET_CORE_DEV_H

/* What the files of the device layer share among themselves; others use <net/netdevice.h>. */
#include <net/netdevice.h>

/* Is any packet type of ETH_P_ALL there? Then each sent frame is shown to them. Keeps skb. */
bool dev_nit_active(void);
void dev_queue_xmit_nit(struct sk_buff *skb, struct net_device *dev);
/* A device goes: what its packets wait in lets go of it. Softirqs off. */
void dev_flush_backlog(const struct net_device *dev);
void dev_flush_tx(struct net_device *dev);
/* SIOCETHTOOL; data is the program's memory. */
int dev_ethtool(const struct net_device *dev, void *data);
void dev_xmit_init(void);
void dev_register_init(void);
void net_core_sysctl_init(void);
void net_proc_init(void);
void net_sysfs_init(void); /* net_sysfs.c */

#endif /* BW_NET_CORE_DEV_H */
