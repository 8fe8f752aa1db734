/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_NETDEVICE_H
#define BW_NET_NETDEVICE_H

/*
 * Network devices, NAPI, packet types. Registration in thread context with softirqs disabled
 * inside; transmit in softirq-disabled context; poll in softirq context.
 */
#include <net/if.h>
#include <net/net_namespace.h>
#include <net/skbuff.h>
#include <kernel/time/timer.h>

#define MAX_ADDR_LEN	 8
#define ETH_ALEN	 6
#define ETH_HLEN	 14
#define NAPI_POLL_WEIGHT 64

struct in_device;
struct napi_struct;
struct net_device;
struct proc_ops;

typedef enum { NETDEV_TX_OK = 0, NETDEV_TX_BUSY = 0x10 } netdev_tx_t;

/* Device features (dev->features). */
enum {
	NETIF_F_SG = 1 << 0,
	NETIF_F_HW_CSUM = 1 << 1, /* completes CHECKSUM_PARTIAL of any protocol */
	NETIF_F_TSO = 1 << 2,
	NETIF_F_TSO_ECN = 1 << 3,
	NETIF_F_RXCSUM = 1 << 4,
	NETIF_F_GRO = 1 << 5,
	NETIF_F_GRO_HW = 1 << 6, /* the device coalesces (GUEST_TSO4) */
	NETIF_F_LOOPBACK = 1 << 7,
	NETIF_F_TSO6 = 1 << 8,
};

struct net_device_stats {
	u64 rx_packets, tx_packets, rx_bytes, tx_bytes;
	u64 rx_errors, tx_errors, rx_dropped, tx_dropped;
	u64 multicast, collisions, rx_fifo_errors, tx_fifo_errors, rx_frame_errors,
		tx_carrier_errors;
	u64 rx_interrupts, tx_kicks; /* shown by ip link, not in /proc/net/dev */
};

struct net_device_ops {
	int (*ndo_open)(struct net_device *dev);
	int (*ndo_stop)(struct net_device *dev);
	/* Consumes skb unless it returns NETDEV_TX_BUSY. `more`: another packet follows, do not
	 * kick yet. */
	netdev_tx_t (*ndo_start_xmit)(struct sk_buff *skb, struct net_device *dev, bool more);
	int (*ndo_set_mac_address)(struct net_device *dev, const u8 *addr);
	int (*ndo_change_mtu)(struct net_device *dev, int mtu);
	void (*ndo_set_rx_mode)(struct net_device *dev); /* flags or mc list changed */
	/* Somebody waits for his sent packets: take back those that are done, and the others soon
	 * after they are. Softirqs off. NULL: the device keeps none. */
	void (*ndo_tx_complete)(struct net_device *dev);
	void (*ndo_features)(struct net_device *dev, char *text, size_t size); /* for ip link */
	const char *driver;						       /* for ethtool */
};

struct header_ops {
	/* Push the link header. daddr NULL: own address. Negative: address not complete. */
	int (*create)(struct sk_buff *skb, struct net_device *dev, u16 type, const void *daddr,
		      const void *saddr);
};

struct netdev_hw_addr {
	struct list_head list;
	u8 addr[MAX_ADDR_LEN];
	int refs;
};

struct net_device {
	char name[IFNAMSIZ]; /* [I] */
	int ifindex;	     /* [I] */
	u32 features, flags; /* NETIF_F_*; IFF_* */
	u32 mtu, min_mtu, max_mtu;
	u16 type;	     /* [I] ARPHRD_* */
	u16 hard_header_len; /* [I] */
	u8 addr_len;	     /* [I] */
	u8 dev_addr[MAX_ADDR_LEN], broadcast[MAX_ADDR_LEN];
	bool carrier, registered, tx_stopped, renaming; /* renaming: it only seems to go */
	u32 gso_max_size;
	u16 gso_max_segs;
	refcount_t refs;
	struct net *nd_net;	  /* [I] */
	struct in_device *ip_ptr; /* IPv4 addresses (devinet.c) */
	const struct net_device_ops *netdev_ops;
	const struct header_ops *header_ops;
	const struct rtnl_link_ops *rtnl_link_ops; /* made by command; NULL: it is hardware's */
	struct net_device_stats stats;
	struct list_head dev_list; /* in net->dev_base_head */
	struct list_head napi_list;
	struct list_head mc;	      /* netdev_hw_addr */
	struct sk_buff_head tx_queue; /* waits for the ring; bounded by tx_queue_len */
	u32 tx_queue_len;
	struct list_head tx_link; /* in the CPU's list of devices that NET_TX_SOFTIRQ drains */
	bool tx_scheduled;
	u32 group, carrier_up, carrier_down; /* a program's number; how often */
	int promiscuity, allmulti; /* users of IFF_PROMISC and IFF_ALLMULTI besides the flags */
	void (*destructor)(struct net_device *dev); /* before the memory goes */
	void *priv;				    /* driver's, behind the struct */
};
static inline void *netdev_priv(const struct net_device *dev)
{
	return dev->priv;
}
static inline struct net *dev_net(const struct net_device *dev)
{
	return dev->nd_net;
}

/* New unregistered device with one reference and priv_size zeroed bytes; name may hold "%d". */
struct net_device *alloc_netdev(size_t priv_size, const char *name,
				void (*setup)(struct net_device *));
void ether_setup(struct net_device *dev);
#define alloc_etherdev(priv_size) alloc_netdev(priv_size, "eth%d", ether_setup)
/* Into nd_net (init_net by default): name and ifindex given, notifiers called. 0 or -errno. */
int register_netdev(struct net_device *dev);
/* Down, addresses and routes and neighbours gone, notifiers called, waits for no one; drops its
 * reference. */
void unregister_netdev(struct net_device *dev);
void dev_put(struct net_device *dev);
static inline struct net_device *dev_hold(struct net_device *dev)
{
	refcount_inc(&dev->refs);
	return dev;
}
/* No reference taken; valid in softirq-disabled or until the caller sleeps. NULL when absent. */
struct net_device *__dev_get_by_name(struct net *net, const char *name);
struct net_device *__dev_get_by_index(struct net *net, int ifindex);
#define for_each_netdev(net, d) list_for_each_entry(d, &(net)->dev_base_head, dev_list)

int dev_open(struct net_device *dev);
int dev_close(struct net_device *dev);
int dev_change_flags(struct net_device *dev, u32 flags);
int dev_set_mtu(struct net_device *dev, int mtu);
int dev_set_mac_address(struct net_device *dev, const u8 *addr);
/* The flags a program sees: with IFF_RUNNING and IFF_LOWER_UP by carrier. */
u32 dev_get_flags(const struct net_device *dev);
/* A device that is down gets another name: 0, -EBUSY (up), -EEXIST, -EINVAL. */
int dev_change_name(struct net_device *dev, const char *name);
/* One more (inc 1) or one less (-1) user who wants every frame, every multicast frame. */
void dev_set_promiscuity(struct net_device *dev, int inc);
void dev_set_allmulti(struct net_device *dev, int inc);
int dev_mc_add(struct net_device *dev, const u8 *addr);
int dev_mc_del(struct net_device *dev, const u8 *addr);
void netif_carrier_on(struct net_device *dev);
void netif_carrier_off(struct net_device *dev);
static inline bool netif_carrier_ok(const struct net_device *dev)
{
	return dev->carrier;
}
static inline bool netif_running(const struct net_device *dev)
{
	return dev->flags & IFF_UP;
}
/* Ring full / room again: between the two dev_queue_xmit holds packets in tx_queue. */
void netif_stop_queue(struct net_device *dev);
void netif_wake_queue(struct net_device *dev);
static inline bool netif_queue_stopped(const struct net_device *dev)
{
	return dev->tx_stopped;
}

struct napi_struct {
	struct list_head poll_list;
	struct net_device *dev;
	int (*poll)(struct napi_struct *n, int budget);
	int weight;
	bool scheduled, disabled;
	bool missed;		   /* napi_schedule() while it was being polled: poll once more */
	struct list_head gro_list; /* of napi_gro_cb->list: held packets, newest first */
	int gro_count;
	struct list_head dev_list;
};
void netif_napi_add(struct net_device *dev, struct napi_struct *n,
		    int (*poll)(struct napi_struct *, int));
void netif_napi_del(struct napi_struct *n);
void napi_enable(struct napi_struct *n);
void napi_disable(struct napi_struct *n); /* sleeps until a running poll ends */
/* From the device's interrupt: queue for NET_RX_SOFTIRQ. True when the caller must mask the device.
 */
bool napi_schedule(struct napi_struct *n);
/* Poll is done with less than its budget; flushes GRO. False if it was scheduled again. */
bool napi_complete_done(struct napi_struct *n, int work);
/* Received frame, eth_type_trans already called. Consumes skb. Softirq. */
void napi_gro_receive(struct napi_struct *n, struct sk_buff *skb);
void napi_gro_flush(struct napi_struct *n);
void netif_receive_skb(struct sk_buff *skb);
/* From any context: through the per-CPU backlog and NET_RX_SOFTIRQ (loopback). Consumes skb. */
int netif_rx(struct sk_buff *skb);
/* Send a packet whose link header is complete; software checksum, segmentation as the device needs.
 * Consumes skb. 0 or -ENETDOWN, -ENOBUFS. */
int dev_queue_xmit(struct sk_buff *skb);
netdev_tx_t dev_hard_start_xmit(struct sk_buff *skb, struct net_device *dev, bool more);
/* Sets skb->dev, mac header, pkt_type; pulls the Ethernet header; returns the EtherType. */
be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev);

struct packet_type {
	be16 type;		/* ETH_P_ALL: every frame */
	struct net_device *dev; /* NULL: any */
	/* Consumes skb. Softirq. */
	int (*func)(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt);
	struct list_head list;
	void *af_packet_priv;	/* a packet socket's sock: does not see what it sent itself */
	bool ignore_outgoing;
};
void dev_add_pack(struct packet_type *pt);
void dev_remove_pack(struct packet_type *pt);

enum netdev_event {
	NETDEV_REGISTER,
	NETDEV_UNREGISTER,
	NETDEV_UP,
	NETDEV_DOWN,
	NETDEV_CHANGE,
	NETDEV_CHANGEMTU,
	NETDEV_CHANGEADDR,
	NETDEV_NOTIFY_PEERS,
	NETDEV_CHANGENAME
};
struct notifier_block {
	void (*call)(struct notifier_block *nb, enum netdev_event ev, struct net_device *dev);
	struct list_head list;
};
void register_netdevice_notifier(struct notifier_block *nb);
void unregister_netdevice_notifier(struct notifier_block *nb);
void call_netdevice_notifiers(enum netdev_event ev, struct net_device *dev);
/* SIOCGIFCONF, SIOCGIFFLAGS and friends (net/core/dev_ioctl.c). */
int dev_ioctl(struct net *net, unsigned int cmd, void *arg);
void register_gifconf(int (*gifconf)(struct net *net, void *ifconf));
/* While any user wants it, received packets carry their arrival time (SO_TIMESTAMP). */
void net_enable_timestamp(void);
void net_disable_timestamp(void);
/* Counters of this CPU's receive work, for /proc/net/softnet_stat. */
struct softnet_stats {
	u32 processed, dropped, time_squeeze, backlog_len;
};
void dev_softnet_stats(struct softnet_stats *st);
/* What dev can send of any packet (checksum, GSO, fragments): a list by ->next; NULL: dropped. */
struct sk_buff *validate_xmit_skb(struct sk_buff *skb, struct net_device *dev);
/* Somebody waits for packets to be sent: see ndo_tx_complete. */
void netdev_tx_complete(struct net_device *dev);
void net_dev_init(void);

#endif /* BW_NET_NETDEVICE_H */
