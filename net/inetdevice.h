/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_INETDEVICE_H
#define BW_NET_INETDEVICE_H

/*
 * IPv4 on a device: its addresses and settings. net/ipv4/devinet.c. Changes in thread context;
 * reads in any with softirqs off.
 */
#include <linux/if_addr.h> /* IFA_F_* */
#include <net/netdevice.h>

struct ifreq;
struct ip_mc_list;
struct rtable;

struct in_ifaddr {
	struct in_ifaddr *ifa_next; /* primary first */
	struct hlist_node hash;	    /* in net->ipv4.inet_addr_lst */
	struct in_device *ifa_dev;
	be32 ifa_local, ifa_address, ifa_mask, ifa_broadcast;
	u8 ifa_prefixlen, ifa_scope;
	u32 ifa_flags;	     /* IFA_F_* */
	u32 ifa_rt_priority; /* metric of its subnet's route */
	u32 ifa_cstamp;	     /* when it came, hundredths of a second since the start */
	unsigned long ifa_defended; /* jiffies of the last announcement against a conflict */
	char ifa_label[IFNAMSIZ];
};

/* A received packet's source and destination that were found good, and its route. */
#define IN_DEV_RX_CACHE 16
struct in_dev_rx {
	be32 saddr, daddr;
	u32 genid;
	struct rtable *rt; /* one of rt_input[], borrowed */
};
enum { RT_INPUT_LOCAL, RT_INPUT_BROADCAST, RT_INPUT_MULTICAST, NR_RT_INPUT };

struct in_device {
	struct net_device *dev;
	struct in_ifaddr *ifa_list;
	struct ipv4_devconf cnf;
	struct neigh_parms *arp_parms;
	struct rtable *rt_input[NR_RT_INPUT]; /* routes of what is delivered here, made once */
	struct in_dev_rx rx_cache[IN_DEV_RX_CACHE];
	/* igmp.c */
	struct ip_mc_list *mc_list;
	struct timer_list mr_gq_timer;	      /* pending answer to a general query (version 3) */
	struct timer_list mr_ifc_timer;	      /* pending state change report */
	unsigned long mr_v1_seen, mr_v2_seen; /* until when older routers are assumed, jiffies */
	u8 mr_qrv, mr_gq_running, mr_ifc_count;
	void *sysctl; /* devinet_sysctl.c */
};
static inline struct in_device *__in_dev_get(const struct net_device *dev)
{
	return dev->ip_ptr;
}

/* How a device's setting and `all` combine: conf/all/NAME and, or, greater. */
#define IN_DEV_CONF_ALL(in_dev, name) (dev_net((in_dev)->dev)->ipv4.devconf_all.name)
#define IN_DEV_ANDCONF(in_dev, name)  ((in_dev)->cnf.name && IN_DEV_CONF_ALL(in_dev, name))
#define IN_DEV_ORCONF(in_dev, name)   ((in_dev)->cnf.name || IN_DEV_CONF_ALL(in_dev, name))
#define IN_DEV_MAXCONF(in_dev, name)  max((in_dev)->cnf.name, IN_DEV_CONF_ALL(in_dev, name))
#define IN_DEV_FORWARD(in_dev)	      ((in_dev)->cnf.forwarding)
#define IN_DEV_RX_REDIRECTS(in_dev)                                        \
	(IN_DEV_FORWARD(in_dev) ? IN_DEV_ANDCONF(in_dev, accept_redirects) \
				: IN_DEV_ORCONF(in_dev, accept_redirects))

#define inet_make_mask(len) ((len) ? cpu_to_be32(~0u << (32 - (len))) : (be32)0)
/* Prefix length of a mask; -1 when it has a hole. */
int inet_mask_len(be32 mask);

/*
 * 0, -EEXIST, -EINVAL, -ENOMEM. Adds local, broadcast and prefix routes; announces by gratuitous
 * ARP when up.
 */
int inet_addr_add(struct net_device *dev, be32 addr, u8 prefixlen, be32 broadcast);
int inet_addr_del(struct net_device *dev, be32 addr, u8 prefixlen); /* 0 or -EADDRNOTAVAIL */
/* The same with all that can be said of an address. */
struct inet_ifa_config {
	be32 local, address, broadcast; /* address: the peer's, where there is one */
	u8 prefixlen, scope;
	u32 flags, rt_priority;
	char label[IFNAMSIZ]; /* empty: the device's name */
};
int inet_addr_insert(struct net_device *dev, const struct inet_ifa_config *cfg);
void inet_ifa_del(struct in_ifaddr *ifa);
/* RTM_NEWADDR, RTM_DELADDR to those who listen (devinet_netlink.c). Softirqs off. */
void rtmsg_ifa(u16 type, const struct in_ifaddr *ifa);
void devinet_netlink_init(void);
/* First primary address whose scope fits and whose subnet holds dst (or any); 0 when none. */
be32 inet_select_addr(const struct net_device *dev, be32 dst, int scope);
/* The address entry, the device that has addr; NULL when none. */
struct in_ifaddr *inet_lookup_ifaddr(struct net *net, be32 addr);
struct net_device *ip_dev_find(struct net *net, be32 addr);
bool inet_addr_onlink(const struct in_device *in_dev, be32 a, be32 b);
/* Is `ifa` on a subnet that holds a? */
static inline bool inet_ifa_match(be32 a, const struct in_ifaddr *ifa)
{
	return !((a ^ ifa->ifa_address) & ifa->ifa_mask);
}
/* arg is the program's memory. */
int devinet_ioctl(struct net *net, unsigned int cmd, struct ifreq *arg);
int inet_gifconf(struct net *net, void *ifconf);
/* ip_forward or conf/all/forwarding was written: every device follows. */
void inet_forward_change(struct net *net);
int devinet_sysctl_register(struct in_device *in_dev);
void devinet_sysctl_unregister(struct in_device *in_dev);
void devinet_sysctl_init(void);
void devinet_init(void);

static inline bool ipv4_is_loopback(be32 a)
{
	return (be32_to_cpu(a) >> 24) == 127;
}
static inline bool ipv4_is_multicast(be32 a)
{
	return (be32_to_cpu(a) >> 28) == 14;
}
static inline bool ipv4_is_local_multicast(be32 a)
{
	return (be32_to_cpu(a) >> 8) == 0xe00000;
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
