/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_INETDEVICE_H
#define BW_NET_INETDEVICE_H

/*
 * IPv4 addresses of a device. net/ipv4/devinet.c. Changes in thread context; reads in any.
 */
#include <net/netdevice.h>

struct ifreq;

struct in_ifaddr {
	struct in_ifaddr *ifa_next; /* primary first */
	be32 ifa_local, ifa_address, ifa_mask, ifa_broadcast;
	u8 ifa_prefixlen, ifa_scope, ifa_flags;
	char ifa_label[IFNAMSIZ];
};
struct in_device {
	struct net_device *dev;
	struct in_ifaddr *ifa_list;
	void *mc_list; /* igmp.c */
};
#define inet_make_mask(len) ((len) ? cpu_to_be32(~0u << (32 - (len))) : (be32)0)

/* 0, -EEXIST, -EINVAL, -ENOMEM. Adds local, broadcast and prefix routes; announces by gratuitous ARP when up. */
int inet_addr_add(struct net_device *dev, be32 addr, u8 prefixlen, be32 broadcast);
int inet_addr_del(struct net_device *dev, be32 addr, u8 prefixlen);
/* First primary address of dev whose scope fits and whose subnet holds dst (or any); 0 when none. */
be32 inet_select_addr(const struct net_device *dev, be32 dst, int scope);
/* The device that has addr, NULL when none. */
struct net_device *ip_dev_find(struct net *net, be32 addr);
bool inet_addr_onlink(const struct in_device *in_dev, be32 a, be32 b);
int devinet_ioctl(struct net *net, unsigned int cmd, struct ifreq *ifr);
int inet_gifconf(struct net *net, void *ifconf);
void devinet_init(void);

static inline bool ipv4_is_loopback(be32 a)
{
	return (be32_to_cpu(a) >> 24) == 127;
}
static inline bool ipv4_is_multicast(be32 a)
{
	return (be32_to_cpu(a) >> 28) == 14;
}
static inline bool ipv4_is_lbcast(be32 a)
{
	return be32_to_cpu(a) == 0xffffffff;
}
static inline bool ipv4_is_zeronet(be32 a)
{
	return (be32_to_cpu(a) >> 24) == 0;
}

#endif /* BW_NET_INETDEVICE_H */
